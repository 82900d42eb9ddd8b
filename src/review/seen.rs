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
    /// When the file was changed last. Unit: nanoseconds, all of them.
    changed: i128,
    pub(super) position: Position,
    ending: Vec<u8>,
}

impl Seen {
    /// A file that is about to be read. What is added while that is done is still to be read afterwards.
    pub(super) fn begin(file: &DiskFile) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self {
            identity: (metadata.dev(), metadata.ino()),
            size: metadata.len(),
            changed: changed(&metadata),
            position: Position::default(),
            ending: Vec::new(),
        })
    }

    /// It was read up to a position.
    pub(super) fn up_to(self, file: &DiskFile, position: Position) -> io::Result<Self> {
        Ok(Self { position, ending: ending(file, position.offset)?, ..self })
    }

    /// Nothing has happened to the file since. The number of a file that was removed is soon given to another one,
    /// so its time counts too.
    pub(super) fn is_unchanged(&self, metadata: &Metadata) -> bool {
        (metadata.dev(), metadata.ino()) == self.identity
            && metadata.len() == self.size
            && changed(metadata) == self.changed
    }

    /// Whether a file still begins with what was read.
    pub(super) fn goes_on_in(&self, file: &DiskFile) -> io::Result<bool> {
        Ok(file.identity()? == self.identity
            && file.size()? >= self.position.offset
            && ending(file, self.position.offset)? == self.ending)
    }
}

fn changed(metadata: &Metadata) -> i128 {
    i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec())
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
