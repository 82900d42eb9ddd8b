//! A log in memory, for tests of everything that keeps decisions.

use super::error::{AppendError, SyncError};
use super::record::Record;
use super::review_log::{Appended, Journal, Synced};

/// A log that ends with the program.
#[derive(Debug, Default)]
pub struct MemoryLog {
    lines: Vec<String>,
    synced: usize,
}

impl MemoryLog {
    /// Every line, in order.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// How many lines are safe.
    pub fn synced(&self) -> usize {
        self.synced
    }
}

impl Journal for MemoryLog {
    fn append(&mut self, record: &Record) -> Result<Appended, AppendError> {
        self.lines.push(record.to_line());
        Ok(Appended::default())
    }

    fn sync(&mut self) -> Result<Synced, SyncError> {
        self.synced = self.lines.len();
        Ok(Synced::InLog)
    }
}
