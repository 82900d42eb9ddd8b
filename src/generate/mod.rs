//! Posts made up by rule: the same ones for the same seed, on every machine, alone or among a
//! million. Some of them are defective, and it is known which.
//!
//! ```text
//! seed, index ─▶ plan (defects) ─▶ theme ─▶ words, numbers ─▶ one JSON object ─▶ line | list | page
//! ```

mod batch;
mod body;
mod defect;
mod fields;
mod pages;
mod place;
mod post;
mod random;
mod theme;
mod truth;
mod words;

use std::io::{self, Write};
use std::path::Path;

pub use defect::{Defect, KINDS, Kind, Plan};
pub use place::{NewFile, NewFolder, PlaceError};

use crate::model::safe;

/// The highest index. More posts than any desk holds, and a number that every program can count to.
pub const MAX_INDEX: u64 = 1_000_000_000;

/// Which posts to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// What everything follows from.
    pub seed: u64,
    /// The index of the first post, from 1.
    pub first: u64,
    /// How many.
    pub count: u64,
}

impl Request {
    /// The index behind the last post.
    fn end(&self) -> u64 {
        self.first.saturating_add(self.count)
    }
}

/// How posts are laid out in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One object a line.
    Jsonl,
    /// One list.
    Json,
}

/// Where bytes go, and what it is called.
pub struct Output<'a> {
    /// For an error.
    pub name: String,
    /// Takes them in large pieces; needs no buffer.
    pub to: &'a mut (dyn Write + Send),
}

impl Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), GenerateError> {
        let written = self.to.write_all(bytes);
        written.map_err(|error| GenerateError::Unwritten { name: self.name.clone(), error })
    }
}

/// Why posts were not written.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The system refuses what is written.
    #[error("cannot write {}; is there room, and may you write there", safe(name))]
    Unwritten {
        /// Where to.
        name: String,
        /// What the system says.
        #[source]
        error: io::Error,
    },
    /// A post that the project's own reader refuses.
    #[error("post {id} was made so that it cannot be read ({found}); this is a mistake in copydesk")]
    Unreadable {
        /// The post.
        id: String,
        /// What the reader found.
        found: String,
    },
}

/// Writes the posts in order into one text, and a line for each defective one to `truth`. Memory is
/// bounded, whatever the count. `progress` gets how many posts are written.
pub fn write_posts(
    request: &Request,
    form: Form,
    out: &mut Output<'_>,
    truth: Option<&mut Output<'_>>,
    progress: &mut dyn FnMut(u64),
) -> Result<(), GenerateError> {
    batch::write(request, form, out, truth, progress)
}

/// Writes the posts as pages into a folder, in sub-folders of a thousand; otherwise as
/// [`write_posts`].
pub fn write_pages(
    request: &Request,
    folder: &Path,
    truth: Option<&mut Output<'_>>,
    progress: &mut dyn FnMut(u64),
) -> Result<(), GenerateError> {
    pages::write(request, folder, truth, progress)
}
