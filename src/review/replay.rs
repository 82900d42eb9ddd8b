//! Reads the lines of a log, in pieces, from some offset on.

use std::io;
use std::path::Path;

use super::error::LogProblem;
use super::line::{Checked, LineItem, read_line};
use super::log_file::LogFile;

/// Bytes that are read at once.
const CHUNK_BYTES: usize = 256 * 1024;

/// A longer line is skipped. Unit: bytes. A bulk action over 10^5 posts stays below it.
pub const MAX_LINE_BYTES: usize = 8 * 1024 * 1024;

/// How far a log was read, and what was met on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Position {
    /// Where the next line begins. Unit: bytes.
    pub(super) offset: u64,
    /// How many lines were read.
    pub(super) lines: u64,
    /// The highest version of a record, where it is above ours.
    pub(super) newer: Option<u64>,
    /// Records that carried no checksum.
    pub(super) unchecked: u64,
}

/// Reads every line from a position on. A last line without a line end is read as well, but the
/// position stays before it: it may be unfinished.
pub(super) fn replay(
    file: &impl LogFile,
    path: &Path,
    position: &mut Position,
    on: &mut dyn FnMut(Result<Checked, LogProblem>),
) -> io::Result<()> {
    let mut buffer: Vec<u8> = Vec::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut offset = position.offset;
    let mut skipping = false;
    loop {
        let read = match file.read_at(&mut chunk, offset) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if read == 0 {
            break;
        }
        offset += read as u64;
        let mut rest = chunk.get(..read).unwrap_or_default();
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (head, tail) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            rest = tail.get(1..).unwrap_or_default();
            let length = buffer.len() + head.len() + 1;
            if skipping || length > MAX_LINE_BYTES {
                tell_too_long(path, position, on);
            } else if buffer.is_empty() {
                take_line(head, path, position, on);
            } else {
                buffer.extend_from_slice(head);
                take_line(&buffer, path, position, on);
            }
            position.offset = offset - rest.len() as u64;
            position.lines += 1;
            skipping = false;
            buffer.clear();
        }
        if buffer.len() + rest.len() > MAX_LINE_BYTES {
            skipping = true;
            buffer.clear();
        } else if !skipping {
            buffer.extend_from_slice(rest);
        }
    }
    if skipping {
        tell_too_long(path, position, on);
    } else if !buffer.is_empty() {
        take_line(&buffer, path, position, on);
    }
    Ok(())
}

fn tell_too_long(path: &Path, position: &Position, on: &mut dyn FnMut(Result<Checked, LogProblem>)) {
    let found = format!("a line of more than {MAX_LINE_BYTES} bytes");
    on(Err(problem(path, position, 0, found, "it is left out and kept; no copydesk wrote it")));
}

fn take_line(
    line: &[u8],
    path: &Path,
    position: &mut Position,
    on: &mut dyn FnMut(Result<Checked, LogProblem>),
) {
    for item in read_line(line) {
        match item {
            LineItem::Record(checked) => {
                position.unchecked += u64::from(!checked.is_checked);
                on(Ok(*checked));
            }
            LineItem::Damaged { at, why } => {
                on(Err(problem(
                    path,
                    position,
                    at,
                    why,
                    "it is left out and kept; every other record holds",
                )));
            }
            LineItem::Newer { version } => {
                position.newer = position.newer.max(Some(version));
                let found = format!("a record of version {version}");
                on(Err(problem(
                    path,
                    position,
                    0,
                    found,
                    "this copydesk only reads version 1; use a newer one",
                )));
            }
            LineItem::ConflictMarker => {
                let found = "the mark of an unfinished git merge".to_owned();
                on(Err(problem(
                    path,
                    position,
                    0,
                    found,
                    "the records of both sides hold; remove the marks",
                )));
            }
        }
    }
}

fn problem(path: &Path, position: &Position, at: usize, found: String, advice: &'static str) -> LogProblem {
    let (line, offset) = (position.lines + 1, position.offset + at as u64);
    LogProblem { path: path.to_owned(), line, offset, found, advice }
}
