//! How far a log was read, and by what it is known again.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;

use super::log_file::{DiskFile, Identity, LogFile};
use super::replay::Position;

/// Bytes before the position that are remembered. Every record ends in its checksum, so these tell
/// a log that was rewritten in place from one that has grown.
const ENDING_BYTES: u64 = 48;

/// How far a log was read.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    identity: Identity,
    /// Unit: bytes.
    size: u64,
    pub(super) position: Position,
    ending: Vec<u8>,
}

impl Seen {
    /// A file that was read up to a position.
    pub(super) fn new(file: &DiskFile, position: Position) -> io::Result<Self> {
        let (identity, size) = (file.identity()?, file.size()?);
        Ok(Self { identity, size, position, ending: ending(file, position.offset)? })
    }

    /// Nothing has happened to the file since.
    pub(super) fn is_unchanged(&self, metadata: &Metadata) -> bool {
        (metadata.dev(), metadata.ino()) == self.identity
            && metadata.len() == self.size
            && self.position.offset <= self.size
    }

    /// Whether a file still begins with what was read.
    pub(super) fn goes_on_in(&self, file: &DiskFile) -> io::Result<bool> {
        Ok(file.identity()? == self.identity
            && file.size()? >= self.position.offset
            && ending(file, self.position.offset)? == self.ending)
    }
}

fn ending(file: &DiskFile, offset: u64) -> io::Result<Vec<u8>> {
    let start = offset.saturating_sub(ENDING_BYTES);
    let mut ending = vec![0; usize::try_from(offset - start).unwrap_or(0)];
    let mut filled = 0;
    while let Some(rest) = ending.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, start + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    ending.truncate(filled);
    Ok(ending)
}
