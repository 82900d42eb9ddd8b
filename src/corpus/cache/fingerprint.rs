//! By what a corpus is known to be the one that was read before.

use std::io;

use serde::{Deserialize, Serialize};

use crate::corpus::source::{Source, Sources};
use crate::corpus::window::Bytes;
use crate::model::Digest;

/// How many places of a file are looked at, and how much at each. Unit: bytes.
const SAMPLES: u64 = 16;
const SAMPLE_BYTES: u64 = 4 << 10;

/// A line that is longer than this is not searched for its beginning. Unit: bytes.
const MAX_TAIL_BYTES: u64 = 16 << 20;

/// The names, lengths, times and numbers of all files of a corpus, as one digest.
pub(super) fn of_all(sources: &Sources) -> Option<String> {
    let mut bytes = Vec::new();
    for source in sources.iter() {
        let stamp = source.stamp()?;
        bytes.extend_from_slice(source.path().as_os_str().as_encoded_bytes());
        bytes.push(0);
        for number in [stamp.len, stamp.inode.0, stamp.inode.1] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        for number in [stamp.modified.0, stamp.modified.1] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
    }
    // A lone file is also known by what stands in it here and there: time and length can be set.
    if let Some(source) = lone(sources) {
        bytes.extend_from_slice(sample(source, source.len()).ok()?.to_string().as_bytes());
    }
    Some(Digest::of_bytes(&bytes).to_string())
}

/// The only source, if there is one only.
fn lone(sources: &Sources) -> Option<&Source> {
    let mut all = sources.iter();
    all.next().filter(|_| all.next().is_none())
}

/// The lines of a file as far as they were read: what a file that has only grown begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prefix {
    /// The device of the file and its number there.
    inode: (u64, u64),
    /// Where the last line that was read to its end, ends. Unit: bytes.
    pub covered: u64,
    /// How many lines end before that.
    pub lines: u32,
    sample: String,
}

impl Prefix {
    /// The prefix that a corpus is, if it is one file of lines; how many lines has still to be counted.
    pub fn of(sources: &Sources) -> Option<Self> {
        let source = lone(sources).filter(|source| source.format().split_lines.is_some())?;
        let covered = end_of_lines(source).ok()??;
        let sample = sample(source, covered).ok()?.to_string();
        Some(Self { inode: source.stamp()?.inode, covered, lines: 0, sample })
    }

    /// The same with so many lines.
    pub fn with_lines(self, lines: u32) -> Self {
        Self { lines, ..self }
    }

    /// Whether a corpus still begins with it.
    pub fn is_in(&self, sources: &Sources) -> bool {
        let Some(source) = lone(sources) else { return false };
        source.stamp().is_some_and(|stamp| stamp.inode == self.inode)
            && source.len() >= self.covered
            && sample(source, self.covered).is_ok_and(|sample| sample.to_string() == self.sample)
    }
}

/// What stands here and there in the first `len` bytes of a file, at its start and its end among
/// others.
fn sample(source: &Source, len: u64) -> io::Result<Digest> {
    let bytes = source.open()?;
    let mut all = len.to_le_bytes().to_vec();
    let last = len.saturating_sub(SAMPLE_BYTES);
    for at in 0..SAMPLES {
        let offset = last / (SAMPLES - 1) * at;
        let offset = if at == SAMPLES - 1 { last } else { offset };
        let wanted = SAMPLE_BYTES.min(len - offset.min(len));
        all.extend(bytes.read(offset, usize::try_from(wanted).unwrap_or_default())?);
    }
    Ok(Digest::of_bytes(&all))
}

/// Where the last finished line of a file ends; `None` where the last line is very long.
fn end_of_lines(source: &Source) -> io::Result<Option<u64>> {
    let bytes = source.open()?;
    let mut end = source.len();
    while end > source.len().saturating_sub(MAX_TAIL_BYTES) {
        let start = end.saturating_sub(SAMPLE_BYTES);
        let piece = read(&bytes, start, end)?;
        if let Some(newline) = memchr::memrchr(b'\n', &piece) {
            return Ok(Some(start + newline as u64 + 1));
        }
        end = start;
    }
    Ok(if end == 0 { Some(0) } else { None })
}

fn read(bytes: &Bytes<'_>, start: u64, end: u64) -> io::Result<Vec<u8>> {
    bytes.read(start, usize::try_from(end - start).unwrap_or_default())
}
