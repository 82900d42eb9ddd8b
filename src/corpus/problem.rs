//! One record that could not be read, or not without a doubt: what was found, where, and what now.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::safe;

/// How much of a bad record a problem keeps. Unit: bytes of the record.
pub const EXCERPT_BYTES: usize = 80;

/// So many problems are kept unless more are asked for, the others are counted: a file of a million bad
/// lines must not fill the memory.
pub const MAX_KEPT: usize = 100_000;

/// Whether the record was lost to the reader or only raised a doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// The record is not among the posts.
    Rejected,
    /// The record is a post; something in it deserves a look.
    Doubt,
}

/// One problem of a corpus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The file, as it was named.
    pub file: String,
    /// Line of the file, from 1; `None` where lines mean nothing (a file that cannot be opened).
    pub line: Option<u64>,
    /// Where in the file the record or the mistake begins. Unit: bytes.
    pub offset: u64,
    /// Lost, or only doubtful.
    pub severity: Severity,
    /// What was found, as half a sentence: "a record that is not finished".
    pub found: String,
    /// What was expected: "a JSON object on one line".
    pub expected: String,
    /// What to do, and whether trying again can help; blank when there is nothing to say.
    pub advice: String,
    /// The first bytes of the record, as text; raw, so to be made safe before it is shown.
    pub excerpt: String,
}

impl Problem {
    /// The place as `file:line`, raw.
    pub fn place(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}", self.file),
            None => self.file.clone(),
        }
    }

    /// The first bytes of a record, for [`Problem::excerpt`].
    pub fn excerpt_of(record: &[u8]) -> String {
        let head = record.get(..EXCERPT_BYTES).unwrap_or(record);
        String::from_utf8_lossy(head).into_owned()
    }
}

/// One safe line: place, what was found, what was expected, what to do.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (byte {}): found {}", safe(&self.place()), self.offset, safe(&self.found))?;
        if !self.expected.is_empty() {
            write!(f, ", expected {}", safe(&self.expected))?;
        }
        if !self.advice.is_empty() {
            write!(f, "; {}", safe(&self.advice))?;
        }
        Ok(())
    }
}
