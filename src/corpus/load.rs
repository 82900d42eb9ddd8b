//! Reads every record of every source once, into columns.

use std::io;
use std::ops::ControlFlow;

use super::columns::SEGMENT_ROWS;
use super::format::{Context, Fault, Piece, parse, refusal};
use super::problem::Problem;
use super::source::{Source, Sources, left_out, unreadable};
use super::window::Window;
use super::{RowFields, Segment};

/// The rows of the first segment: a screenful, to be shown while the rest loads.
const FIRST_ROWS: usize = 64;

/// How far apart reports of progress are. Unit: bytes.
const REPORT_BYTES: u64 = 1 << 20;

/// What loading gives, piece by piece.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "handed over once for some thousands of posts")]
pub enum Loaded {
    /// More posts.
    Segment(Segment),
    /// A record that was lost, or is doubtful.
    Problem(Problem),
    /// How far it is.
    Progress {
        /// The bytes that were read.
        bytes: u64,
        /// The bytes that there are.
        total: u64,
        /// The posts that were found.
        posts: u64,
    },
}

/// Reads every record of every source in order and gives what it finds to `emit`, which answers
/// whether to go on. Memory is bounded by the longest record and one segment. The first segment is
/// small, then they double.
pub fn load(sources: &Sources, emit: &mut dyn FnMut(Loaded) -> ControlFlow<()>) {
    let total = sources.total_bytes();
    let segment = Segment::new(0);
    let mut loader = Loader { emit, segment, rows: FIRST_ROWS, total, before: 0, reported: 0, posts: 0 };
    // Whoever asks to stop knows it, so there is nothing to say.
    let _ = loader.run(sources);
}

struct Loader<'e> {
    emit: &'e mut dyn FnMut(Loaded) -> ControlFlow<()>,
    segment: Segment,
    /// How many rows the segment gets.
    rows: usize,
    total: u64,
    /// The bytes of the sources that are done.
    before: u64,
    reported: u64,
    posts: u64,
}

impl Loader<'_> {
    fn run(&mut self, sources: &Sources) -> ControlFlow<()> {
        for (number, source) in sources.iter().enumerate() {
            self.segment.continue_with(number);
            if let Err(error) = self.source(number, source)? {
                self.emit_problem(left_out(source.path(), unreadable(&error)))?;
            }
            self.before += source.len();
        }
        self.flush(0)?;
        self.report(self.before)
    }

    fn source(&mut self, number: usize, source: &Source) -> ControlFlow<(), io::Result<()>> {
        let bytes = match source.open() {
            Ok(bytes) => bytes,
            Err(error) => return ControlFlow::Continue(Err(error)),
        };
        let mut window = Window::new(&bytes, source.len());
        if let Err(error) = window.fill() {
            return ControlFlow::Continue(Err(error));
        }
        if let Some(fault) = refusal(window.bytes()) {
            let problem = problem_of(source, 0, 1, fault, window.bytes());
            self.emit_problem(problem)?;
            return ControlFlow::Continue(Ok(()));
        }
        let split = source.format().split;
        match split(&mut window, &mut |piece| self.piece(number, source, piece)) {
            Ok(flow) => flow.map_continue(Ok),
            Err(error) => ControlFlow::Continue(Err(error)),
        }
    }

    fn piece(&mut self, number: usize, source: &Source, piece: Piece<'_>) -> ControlFlow<()> {
        match piece {
            Piece::Passed { offset } => self.progress(offset),
            Piece::Fault { offset, line, fault, bytes } => {
                self.emit_problem(problem_of(source, offset, line, fault, bytes))?;
                self.progress(offset)
            }
            Piece::Record { place, bytes, finished } => {
                let context = Context::new(source.format(), place.offset, source.stem());
                let faults = match parse(bytes, &Context { finished, ..context }) {
                    Ok((post, faults)) => {
                        self.segment.push(place, &RowFields::of_post(&post));
                        self.posts += 1;
                        faults
                    }
                    Err(fault) => vec![fault],
                };
                for fault in faults {
                    self.emit_problem(problem_of(source, place.offset, place.line, fault, bytes))?;
                }
                if self.segment.len() >= self.rows || self.segment.is_full() {
                    self.flush(number)?;
                }
                self.progress(place.offset + u64::from(place.length))
            }
        }
    }

    /// Hands over the rows so far; the next ones begin in `source`.
    fn flush(&mut self, source: usize) -> ControlFlow<()> {
        if self.segment.is_empty() {
            return ControlFlow::Continue(());
        }
        self.rows = (self.rows * 2).min(SEGMENT_ROWS);
        let full = std::mem::replace(&mut self.segment, Segment::new(source));
        (self.emit)(Loaded::Segment(full))
    }

    fn progress(&mut self, offset: u64) -> ControlFlow<()> {
        let bytes = self.before + offset;
        if bytes < self.reported + REPORT_BYTES {
            return ControlFlow::Continue(());
        }
        self.report(bytes)
    }

    fn report(&mut self, bytes: u64) -> ControlFlow<()> {
        self.reported = bytes;
        (self.emit)(Loaded::Progress { bytes, total: self.total, posts: self.posts })
    }

    fn emit_problem(&mut self, problem: Problem) -> ControlFlow<()> {
        (self.emit)(Loaded::Problem(problem))
    }
}

/// The problem that a fault is, in the record at this place; `bytes` are its first ones at least.
fn problem_of(source: &Source, offset: u64, line: u32, fault: Fault, bytes: &[u8]) -> Problem {
    let before = bytes.get(..fault.at).unwrap_or_default();
    let lines = memchr::memchr_iter(b'\n', before).count();
    Problem {
        file: source.name().to_owned(),
        line: Some(u64::from(line) + lines as u64),
        offset: offset + fault.at as u64,
        severity: fault.severity,
        found: fault.found,
        expected: fault.expected,
        advice: fault.advice,
        excerpt: Problem::excerpt_of(bytes),
    }
}
