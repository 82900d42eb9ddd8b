//! A log that is some bytes, for tests and for whoever makes logs up.

use std::io;
use std::path::Path;

use super::draft::Draft;
use super::error::LogProblem;
use super::log_file::{Identity, LogFile};
use super::record::Record;
use super::replay::{Position, Sink, replay_in_pieces};

/// The bytes of a log.
pub(super) struct BytesLog(pub(super) Vec<u8>);

impl LogFile for BytesLog {
    fn try_lock(&self) -> io::Result<bool> {
        Ok(true)
    }

    fn unlock(&self) -> io::Result<()> {
        Ok(())
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.0.len() as u64)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        // A few bytes at a time, as a signal may leave it.
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let rest = self.0.get(offset..).unwrap_or_default();
        let length = rest.len().min(buffer.len()).min(37);
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), rest.get(..length)) {
            to.copy_from_slice(from);
        }
        Ok(length)
    }

    fn append(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn truncate(&self, _size: u64) -> io::Result<()> {
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    fn identity(&self) -> io::Result<Identity> {
        Ok((0, 0))
    }
}

/// What a log holds.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Held {
    /// Its records, and whether a checksum vouches for each.
    pub(crate) records: Vec<(Record, bool)>,
    /// What is wrong: line, offset and words.
    pub(crate) problems: Vec<(u64, u64, String)>,
    position: Position,
}

impl Sink for Held {
    fn record(&mut self, draft: &Draft<'_>, is_checked: bool) {
        self.records.push((draft.clone().into_record(), is_checked));
    }

    fn problem(&mut self, problem: LogProblem) {
        self.problems.push((problem.line, problem.offset, problem.found));
    }
}

/// Reads a log in pieces of so many bytes.
pub(crate) fn read_in_pieces(bytes: &[u8], piece_bytes: u64) -> io::Result<Held> {
    let (mut held, mut position) = (Held::default(), Position::default());
    let log = BytesLog(bytes.to_vec());
    replay_in_pieces(&log, Path::new("log"), &mut position, piece_bytes, &mut held)?;
    Ok(Held { position, ..held })
}
