//! Why a path cannot be opened as posts.

use std::io;
use std::path::{Path, PathBuf};

use crate::corpus::format::{FORMATS, Fault};
use crate::model::safe;

/// Why a path cannot be opened as posts. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// There is nothing of this name.
    #[error("cannot open {}: there is no such file or folder; look at the name again", shown(path))]
    Missing {
        /// As it was named.
        path: PathBuf,
    },
    /// The system refuses it.
    #[error("cannot read {}: {error}; a file of posts must be readable for you", shown(path))]
    Unreadable {
        /// As it was named.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It is neither a file nor a folder.
    #[error(
        "cannot open {}: it is {kind}, and posts are read from files and folders; to read from a pipe, name `-`",
        shown(path)
    )]
    NotRegular {
        /// As it was named.
        path: PathBuf,
        /// What it is, with its article.
        kind: &'static str,
    },
    /// It holds no text that could be posts.
    #[error("cannot read {}: found {}, expected {}; {}", shown(path), safe(&fault.found), fault.expected, fault.advice)]
    Refused {
        /// As it was named.
        path: PathBuf,
        /// What was found.
        fault: Fault,
    },
    /// A folder without a single file of posts.
    #[error(
        "found no posts in {}: expected files that end in {}; name another folder or the files themselves",
        shown(path),
        extensions()
    )]
    NoPosts {
        /// As it was named.
        path: PathBuf,
    },
    /// Standard input cannot be kept.
    #[error("cannot keep what comes from standard input: {error}; is there room for temporary files?")]
    Stdin {
        /// What the system says.
        error: io::Error,
    },
    /// Standard input was named twice.
    #[error("standard input (`-`) was named twice, but it can be read only once; name it once")]
    StdinTwice,
}

fn shown(path: &Path) -> String {
    safe(&path.to_string_lossy()).to_string()
}

/// The extensions of all formats, for a sentence.
fn extensions() -> String {
    let all = FORMATS.iter().flat_map(|format| format.extensions);
    all.map(|extension| format!(".{extension}")).collect::<Vec<_>>().join(", ")
}
