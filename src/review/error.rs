//! What can go wrong with a review log, in sentences that say what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::damage::Named;
use crate::model::{PostId, safe};

/// A path as people may read it.
pub(super) fn shown(path: &Path) -> String {
    safe(&path.to_string_lossy()).to_string()
}

/// Why a record was not appended. It is not in the log, and trying again does no harm.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The system refused.
    #[error("{what} {}: {cause}. {advice}", shown(.path))]
    Io {
        /// What was tried.
        what: &'static str,
        /// On which file.
        path: PathBuf,
        /// What to do.
        advice: &'static str,
        /// The system's answer.
        cause: io::Error,
    },
    /// The path is no plain file.
    #[error("the review log {} is {found}, expected a regular file of its own. Move it away or choose another with --sidecar", shown(.path))]
    NotAFile {
        /// The path.
        path: PathBuf,
        /// What it is.
        found: &'static str,
    },
    /// Somebody else holds the lock.
    #[error("another program has locked {} for more than {seconds} s{}. {advice}", shown(.path), .holder.map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    Locked {
        /// The log.
        path: PathBuf,
        /// How long it was waited for.
        seconds: u64,
        /// The process that holds it, if it is known.
        holder: Option<u32>,
        /// What becomes of the decision, or what to do.
        advice: &'static str,
    },
    /// Only a part of the record was taken; the part was removed again.
    #[error("{} took only {written} of {length} bytes, so they were removed again. Is the disk full?", shown(.path))]
    Short {
        /// The log.
        path: PathBuf,
        /// Bytes that were taken.
        written: usize,
        /// Bytes of the record.
        length: usize,
    },
    /// The record is longer than any reader takes.
    #[error("a record of {length} bytes is too long for {}, expected at most {limit}. Decide on fewer posts at once", shown(.path))]
    TooLong {
        /// The log.
        path: PathBuf,
        /// Bytes of the record.
        length: usize,
        /// Bytes that a reader takes.
        limit: usize,
    },
    /// A newer version has written in it.
    #[error("{} holds records of version {version}; this copydesk knows version 1 and only reads it. Use a newer copydesk", shown(.path))]
    Newer {
        /// The log.
        path: PathBuf,
        /// The highest version in it.
        version: u64,
    },
}

/// Why records may not be on the disk although they were written.
#[derive(Debug, thiserror::Error)]
#[error("{} could not be brought to the disk ({cause}), and neither could a rescue file ({rescue}). Copy the decisions printed at the end", shown(.path))]
pub struct SyncError {
    /// The log.
    pub path: PathBuf,
    /// Why it was not synced.
    pub cause: io::Error,
    /// Why the rescue failed.
    pub rescue: io::Error,
}

/// Why a log could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The system refused.
    #[error("the review log {} could not be read: {cause}. Make it readable or choose another with --sidecar", shown(.path))]
    Io {
        /// The log.
        path: PathBuf,
        /// The system's answer.
        cause: io::Error,
    },
    /// The path is no plain file.
    #[error("the review log {} is {found}, expected a regular file. Move it away or choose another with --sidecar", shown(.path))]
    NotAFile {
        /// The path.
        path: PathBuf,
        /// What it is.
        found: &'static str,
    },
}

/// A line of a log that makes no record, or not without a word about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogProblem {
    /// The log.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: u64,
    /// Where the damage begins. Unit: bytes from the start of the file.
    pub offset: u64,
    /// What was found.
    pub found: String,
    /// What happens with it, and what to do.
    pub advice: &'static str,
    /// What it seems to be about.
    pub named: Named,
}

/// So many posts of a damaged line are named.
const MAX_NAMED: usize = 5;

impl LogProblem {
    /// What was found, and which posts it seems to be about.
    pub fn found_about(&self) -> String {
        let posts = &self.named.posts;
        if posts.is_empty() {
            return self.found.clone();
        }
        let some: Vec<&str> = posts.iter().take(MAX_NAMED).map(PostId::as_str).collect();
        let more = match posts.len().saturating_sub(MAX_NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("{}, about {}{more}", self.found, some.join(", "))
    }
}

/// One safe line. A problem with a file as a whole has line 0.
impl fmt::Display for LogProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, found) = (shown(&self.path), self.found_about());
        if self.line == 0 {
            return write!(f, "{path}: found {}; {}", safe(&found), self.advice);
        }
        write!(f, "{path}:{} (byte {}): found {}; {}", self.line, self.offset, safe(&found), self.advice)
    }
}
