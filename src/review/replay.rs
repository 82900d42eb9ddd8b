//! Reads the lines of a log from some offset on: pieces of it side by side, what they hold in order.

use std::io;
use std::path::Path;

use rayon::prelude::*;

use super::damage::{self, Named};
use super::draft::Draft;
use super::error::LogProblem;
use super::line::{Item, scan};
use super::log_file::LogFile;

/// Bytes that one thread reads and takes apart at once. Unit: bytes.
const PIECE_BYTES: u64 = 512 * 1024;

/// Pieces that are parsed side by side while those before them are taken in.
const GROUP: u64 = 8;

/// Groups whose bytes are held at once.
const GROUPS_AT_ONCE: u64 = 6;

/// Bytes by which a line that goes on beyond its piece is followed. Unit: bytes.
const STEP_BYTES: usize = 64 * 1024;

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
    /// Records, duplicates counted.
    pub(super) records: u64,
    /// Records that carried no checksum.
    pub(super) unchecked: u64,
}

/// Where what a log holds goes, in its order.
pub(super) trait Sink: Send {
    /// A file of so many bytes is about to be read.
    fn begin(&mut self, _bytes: u64) {}
    /// A record, and whether its checksum vouches for it.
    fn record(&mut self, draft: &Draft<'_>, is_checked: bool);
    /// Bytes that make no record.
    fn problem(&mut self, problem: LogProblem);
}

/// Reads every line from a position on. A last line without a line end is read as well, but the
/// position stays before it: it may be unfinished.
///
/// What one group of pieces holds is taken in while the next one is parsed: taking in has an order,
/// and is about as much work as the rest.
pub(super) fn replay(
    file: &(impl LogFile + Sync),
    path: &Path,
    position: &mut Position,
    sink: &mut impl Sink,
) -> io::Result<()> {
    replay_in_pieces(file, path, position, PIECE_BYTES, sink)
}

/// The same in pieces of another size.
pub(super) fn replay_in_pieces(
    file: &(impl LogFile + Sync),
    path: &Path,
    position: &mut Position,
    piece_bytes: u64,
    sink: &mut impl Sink,
) -> io::Result<()> {
    let size = file.size()?;
    let mut buffers: Vec<Vec<u8>> = Vec::new();
    // Lines begin at the position; what stands before it was read.
    let (first, mut start) = (position.offset, position.offset);
    while start < size {
        let end = size.min(start + piece_bytes * GROUP * GROUPS_AT_ONCE);
        let starts = (0..GROUP * GROUPS_AT_ONCE).map(|piece| start + piece * piece_bytes);
        let pieces: Vec<Piece> = starts
            .take_while(|start| *start < end)
            .map(|start| Piece { start, end: end.min(start + piece_bytes), is_first: start == first })
            .collect();
        buffers.resize_with(pieces.len(), Vec::new);
        let filled: Vec<Filled> = match (pieces.as_slice(), buffers.as_mut_slice()) {
            // What another writer has added is short, and not worth a second thread.
            ([piece], [buffer]) => vec![piece.fill(file, buffer)?],
            (pieces, buffers) => {
                let pieces = pieces.par_iter().zip(buffers.par_iter_mut());
                pieces.map(|(piece, buffer)| piece.fill(file, buffer)).collect::<io::Result<_>>()?
            }
        };
        if let ([filled], [buffer]) = (filled.as_slice(), buffers.as_slice()) {
            filled.parse(buffer).take_in(path, position, sink);
        } else {
            let pieces: Vec<(Filled, &[u8])> =
                filled.into_iter().zip(buffers.iter().map(Vec::as_slice)).collect();
            take_in_groups(&pieces, path, position, sink);
        }
        start = end;
    }
    Ok(())
}

/// What to say of damaged bytes, from somewhere on a line.
fn damaged(line: &[u8], at: usize, why: String) -> (usize, String, &'static str) {
    if memchr::memchr(0, line).is_some() {
        let advice = "it is left out and kept; iconv makes UTF-8 of it";
        return (at, "bytes of no text, as UTF-16 has them".to_owned(), advice);
    }
    if line.trim_ascii() == b"{" {
        let advice = "they are left out and kept; jq -c . makes one line of each again";
        return (at, "the start of a record that is spread over several lines".to_owned(), advice);
    }
    (at, why, "it is left out and kept; every other record holds")
}

fn take_in_groups(pieces: &[(Filled, &[u8])], path: &Path, position: &mut Position, sink: &mut impl Sink) {
    let mut ready: Vec<Parsed<'_>> = Vec::new();
    let group = usize::try_from(GROUP).unwrap_or(1);
    for group in pieces.chunks(group).map(Some).chain([None]) {
        let parse = || {
            let pieces = group.unwrap_or_default().par_iter();
            pieces.map(|(filled, buffer)| filled.parse(buffer)).collect::<Vec<Parsed<'_>>>()
        };
        let before = std::mem::take(&mut ready);
        let take_in = || before.into_iter().for_each(|parsed| parsed.take_in(path, position, sink));
        ((), ready) = rayon::join(take_in, parse);
    }
}

/// A stretch of the file: the lines that begin in it are its own, wherever they end.
#[derive(Clone, Copy, Debug)]
struct Piece {
    start: u64,
    end: u64,
    /// A line begins at its very start.
    is_first: bool,
}

/// Where the lines of a piece stand in its buffer.
#[derive(Clone, Copy, Debug, Default)]
struct Filled {
    /// The first of them in the buffer. Unit: bytes.
    from: usize,
    /// The same in the file. Unit: bytes.
    offset: u64,
    /// The last of them is longer than any that is read, and was left out.
    is_cut: bool,
}

impl Piece {
    /// Reads the lines of the piece, whole.
    fn fill(self, file: &impl LogFile, buffer: &mut Vec<u8>) -> io::Result<Filled> {
        // The byte before it tells whether a line begins at its start.
        let read_from = if self.is_first { self.start } else { self.start - 1 };
        let length = usize::try_from(self.end - read_from).unwrap_or(usize::MAX);
        buffer.clear();
        read_more(file, buffer, read_from, length)?;
        let from = if self.is_first { Some(0) } else { memchr::memchr(b'\n', buffer).map(|end| end + 1) };
        let Some(from) = from.filter(|from| *from < buffer.len()) else {
            buffer.clear();
            return Ok(Filled::default());
        };
        let offset = read_from + from as u64;
        let mut is_cut = false;
        let mut last = memchr::memrchr(b'\n', buffer).map_or(from, |end| end + 1).max(from);
        while last < buffer.len() {
            let before = buffer.len();
            if read_more(file, buffer, read_from + before as u64, STEP_BYTES)? == 0 {
                break;
            }
            if let Some(end) = buffer.get(before..).and_then(|more| memchr::memchr(b'\n', more)) {
                buffer.truncate(before + end + 1);
                last = buffer.len();
            } else if buffer.len() - last > MAX_LINE_BYTES {
                // Its end is found by whoever owns the next line.
                buffer.truncate(last);
                is_cut = true;
            }
        }
        Ok(Filled { from, offset, is_cut })
    }
}

/// Reads up to so many bytes behind what a buffer holds; how many there were.
pub(super) fn read_more(
    file: &impl LogFile,
    buffer: &mut Vec<u8>,
    offset: u64,
    length: usize,
) -> io::Result<usize> {
    let before = buffer.len();
    buffer.resize(before + length, 0);
    let mut filled = before;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, offset + (filled - before) as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                buffer.truncate(before);
                return Err(error);
            }
        }
    }
    buffer.truncate(filled);
    Ok(filled - before)
}

/// What the lines of a piece hold. Lines are counted from its first one.
#[derive(Default)]
struct Parsed<'a> {
    drafts: Vec<(Draft<'a>, bool)>,
    problems: Vec<Found>,
    lines: u64,
    /// Where its last whole line ends in the file; `None` when it has none. Unit: bytes.
    end: Option<u64>,
    newer: Option<u64>,
}

/// Bytes of a piece that make no record.
struct Found {
    /// So many records of the piece stand before it.
    drafts: usize,
    line: u64,
    offset: u64,
    found: String,
    advice: &'static str,
    named: Named,
}

impl Filled {
    fn parse<'a>(&self, buffer: &'a [u8]) -> Parsed<'a> {
        let mut parsed = Parsed::default();
        let mut rest = buffer.get(self.from..).unwrap_or_default();
        let whole = rest.len();
        let offset = |rest: &[u8]| self.offset + (whole - rest.len()) as u64;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest);
            let (line, behind) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or((rest, &[]));
            if line.len() >= MAX_LINE_BYTES {
                parsed.too_long(offset(rest));
            } else {
                parsed.line(line, offset(rest));
            }
            rest = behind.get(1..).unwrap_or_default();
            if end.is_some() {
                parsed.lines += 1;
                parsed.end = Some(offset(rest));
            }
        }
        if self.is_cut {
            parsed.too_long(offset(rest));
            parsed.lines += 1;
        }
        parsed
    }
}

impl<'a> Parsed<'a> {
    fn too_long(&mut self, offset: u64) {
        self.problems.push(Found {
            drafts: self.drafts.len(),
            line: self.lines,
            offset,
            found: format!("a line of more than {MAX_LINE_BYTES} bytes"),
            advice: "it is left out and kept; no copydesk wrote it",
            named: Named::default(),
        });
    }

    fn line(&mut self, line: &'a [u8], offset: u64) {
        let Self { drafts, problems, lines, newer, .. } = self;
        scan(line, &mut |item| {
            let (at, found, advice) = match item {
                Item::Record { draft, is_checked } => {
                    drafts.push((draft, is_checked));
                    return;
                }
                Item::Damaged { at, why } => damaged(line, at, why),
                Item::Newer { version } => {
                    *newer = (*newer).max(Some(version));
                    let found = format!("a record of version {version}");
                    (0, found, "this copydesk only reads version 1; use a newer one")
                }
                Item::ConflictMarker => {
                    let found = "the mark of an unfinished git merge".to_owned();
                    (0, found, "the records of both sides hold; remove the marks")
                }
            };
            let named = damage::named(line.get(at..).unwrap_or_default());
            let offset = offset + at as u64;
            problems.push(Found { drafts: drafts.len(), line: *lines, offset, found, advice, named });
        });
    }

    fn take_in(self, path: &Path, position: &mut Position, sink: &mut impl Sink) {
        // In the order of the file: a record settles what a damaged one before it was about.
        let mut problems = self.problems.into_iter().peekable();
        let mut tell = |drafts: usize, sink: &mut dyn Sink| {
            while let Some(Found { line, offset, found, advice, named, .. }) =
                problems.next_if(|problem| problem.drafts <= drafts)
            {
                let line = position.lines + line + 1;
                sink.problem(LogProblem { path: path.to_owned(), line, offset, found, advice, named });
            }
        };
        for (at, (draft, is_checked)) in self.drafts.iter().enumerate() {
            tell(at, sink);
            sink.record(draft, *is_checked);
        }
        tell(usize::MAX, sink);
        position.records += self.drafts.len() as u64;
        position.unchecked += self.drafts.iter().filter(|(_, is_checked)| !is_checked).count() as u64;
        position.lines += self.lines;
        position.offset = self.end.unwrap_or(position.offset);
        position.newer = position.newer.max(self.newer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::bytes_log::BytesLog;
    use crate::review::suite::{at, change, writer};

    #[derive(Default, PartialEq, Debug)]
    struct Found {
        ids: Vec<String>,
        problems: Vec<(u64, u64)>,
    }

    impl Sink for Found {
        fn record(&mut self, draft: &Draft<'_>, _is_checked: bool) {
            self.ids.push(draft.id.to_string());
        }
        fn problem(&mut self, problem: LogProblem) {
            self.problems.push((problem.line, problem.offset));
        }
    }

    fn read(bytes: &[u8], from: u64, piece_bytes: u64) -> (Found, Position) {
        let mut found = Found::default();
        let mut position = Position { offset: from, ..Position::default() };
        let file = BytesLog(bytes.to_vec());
        replay_in_pieces(&file, Path::new("log"), &mut position, piece_bytes, &mut found).unwrap();
        (found, position)
    }

    /// Wherever the pieces are cut, each line is read once, and told with its own place.
    #[test]
    fn cuts_between_pieces_fall_anywhere() {
        let mut reviews = writer("mara", "a");
        let mut bytes = b"\n\nno record\n".to_vec();
        for number in 0..12 {
            let mut change = change(&format!("p{number}"), "text", "flagged");
            change.note = Some("x".repeat(number * number * 5));
            bytes.extend_from_slice(reviews.decide(change, None, at(0)).unwrap().to_line().as_bytes());
            bytes.extend_from_slice(if number % 3 == 0 { b"\n{}\n" } else { b"" });
        }
        for torn in [0, 1, 9] {
            let bytes = &bytes[..bytes.len() - torn];
            let whole = read(bytes, 0, 1 << 20);
            assert_eq!(whole.0.ids.len(), if torn > 1 { 11 } else { 12 });
            assert_eq!(whole.0.problems.first(), Some(&(3, 2)));
            for piece_bytes in (1..300).chain([500, 1_000, 4_000]) {
                assert_eq!(read(bytes, 0, piece_bytes), whole, "pieces of {piece_bytes}, {torn} torn off");
            }
            let from = whole.1.offset;
            assert_eq!(bytes.get(usize::try_from(from).unwrap() - 1), Some(&b'\n'));
            assert_eq!(read(bytes, from, 7).1.offset, from);
        }
    }

    #[test]
    fn a_line_beyond_all_measure_is_passed_over_whatever_the_pieces() {
        let mut reviews = writer("mara", "a");
        let mut line =
            |post: &str| reviews.decide(change(post, "t", "reviewed"), None, at(0)).unwrap().to_line();
        let (first, last) = (line("p"), line("q"));
        let long = "y".repeat(MAX_LINE_BYTES + 5);
        let bytes = format!("{first}{long}\n{last}").into_bytes();
        for piece_bytes in [100_000, 1 << 20, 1 << 24] {
            let (found, position) = read(&bytes, 0, piece_bytes);
            assert_eq!(found.ids.len(), 2, "{piece_bytes}");
            assert_eq!(found.problems, [(2, first.len() as u64)]);
            assert_eq!((position.lines, position.offset), (3, bytes.len() as u64));
        }
    }
}
