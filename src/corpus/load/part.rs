//! Reads one part: records to rows, and what is wrong with them to problems.

use std::io;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::plan::Part;
use crate::corpus::columns::SEGMENT_ROWS;
use crate::corpus::format::{Context, Fault, Piece, RowReader, parse, refusal};
use crate::corpus::problem::Problem;
use crate::corpus::source::{Source, Sources, left_out, unreadable};
use crate::corpus::window::Window;
use crate::corpus::{Place, RowFields, SegmentBuilder};

/// The rows of the first segment: a screenful, to be shown while the rest loads.
const FIRST_ROWS: usize = 64;

/// How far apart reports of progress are. Unit: bytes.
const REPORT_BYTES: u64 = 1 << 20;

/// What is found in a part. Lines are counted from the start of the part.
pub(super) enum Found {
    /// Another source begins: lines are counted anew.
    Begins,
    /// More rows.
    Rows(Box<SegmentBuilder>),
    /// A record that was lost, or is doubtful.
    Problem(Problem),
    /// So many lines were passed, to be counted by what comes behind.
    Lines(u32),
}

type Emit<'e> = &'e mut dyn FnMut(Found) -> ControlFlow<()>;

/// Reads parts, one after the other.
pub(super) struct PartReader<'s> {
    sources: &'s Sources,
    /// What all readers have read. Unit: bytes.
    done: &'s AtomicU64,
    stop: &'s AtomicBool,
    rows: RowReader,
    segment: SegmentBuilder,
    /// How many rows the segment gets.
    segment_rows: usize,
    /// How far in the source was last reported.
    reported: u64,
}

impl<'s> PartReader<'s> {
    pub(super) fn new(sources: &'s Sources, done: &'s AtomicU64, stop: &'s AtomicBool) -> Self {
        Self {
            sources,
            done,
            stop,
            rows: RowReader::default(),
            segment: SegmentBuilder::default(),
            segment_rows: FIRST_ROWS,
            reported: 0,
        }
    }

    /// Reads a part and gives what it finds to `emit`.
    pub(super) fn read(&mut self, part: &Part<'_>, emit: Emit<'_>) -> ControlFlow<()> {
        match part {
            Part::Lines { source: (number, source), range } => {
                self.source(*number, source, Some(range.clone()), emit)?;
            }
            Part::Whole(numbers) => {
                for number in numbers.clone() {
                    let Some(source) = self.sources.get(number) else { break };
                    self.source(number, source, None, emit)?;
                }
            }
        }
        self.flush(0, emit)
    }

    fn source(
        &mut self,
        number: usize,
        source: &Source,
        range: Option<Range<u64>>,
        emit: Emit<'_>,
    ) -> ControlFlow<()> {
        self.segment.continue_with(number);
        let range = range.unwrap_or(0..source.len());
        self.reported = range.start;
        if range.start == 0 {
            emit(Found::Begins)?;
        }
        if let Err(error) = self.records(number, source, &range, emit)? {
            emit(Found::Problem(left_out(source.path(), unreadable(&error))))?;
        }
        self.report(range.end);
        ControlFlow::Continue(())
    }

    fn records(
        &mut self,
        number: usize,
        source: &Source,
        range: &Range<u64>,
        emit: Emit<'_>,
    ) -> ControlFlow<(), io::Result<()>> {
        let bytes = match source.open() {
            Ok(bytes) => bytes,
            Err(error) => return ControlFlow::Continue(Err(error)),
        };
        let mut window = Window::new(&bytes, source.len());
        if range.start == 0 {
            if let Err(error) = window.fill() {
                return ControlFlow::Continue(Err(error));
            }
            if let Some(fault) = refusal(window.bytes()) {
                let problem = problem_of(source, 0, 1, fault, window.bytes());
                emit(Found::Problem(problem))?;
                return ControlFlow::Continue(Ok(()));
            }
        }
        let format = source.format();
        let mut piece = |piece: Piece<'_>| self.piece(number, source, piece, emit);
        let split = match format.split_lines {
            Some(split) => split(&mut window, range, &mut piece),
            None => (format.split)(&mut window, &mut piece).map(|flow| flow.map_continue(|()| 0)),
        };
        match split {
            Ok(flow) => {
                let lines = flow?;
                if format.split_lines.is_some() {
                    // The rows up to here are counted from before these lines.
                    self.flush(number, emit)?;
                    emit(Found::Lines(lines))?;
                }
                ControlFlow::Continue(Ok(()))
            }
            Err(error) => ControlFlow::Continue(Err(error)),
        }
    }

    fn piece(&mut self, number: usize, source: &Source, piece: Piece<'_>, emit: Emit<'_>) -> ControlFlow<()> {
        match piece {
            Piece::Passed { offset } => self.progress(offset),
            Piece::Fault { offset, line, fault, bytes } => {
                emit(Found::Problem(problem_of(source, offset, line, fault, bytes)))?;
                self.progress(offset)
            }
            Piece::Record { place, bytes, finished } => {
                if !finished {
                    // The file may go on here: this row is alone in its segment, to be taken back.
                    self.flush(number, emit)?;
                }
                let is_quick =
                    source.format().rows_of_json && self.rows.read(bytes, place, &mut self.segment);
                if !is_quick {
                    self.whole_post(source, place, bytes, finished, emit)?;
                }
                if self.segment.len() >= self.segment_rows || self.segment.is_full() {
                    self.flush(number, emit)?;
                }
                self.progress(place.offset + u64::from(place.length))
            }
        }
    }

    /// Reads a record as a whole post: slower, and with everything there is to say about it.
    fn whole_post(
        &mut self,
        source: &Source,
        place: Place,
        bytes: &[u8],
        finished: bool,
        emit: Emit<'_>,
    ) -> ControlFlow<()> {
        let context = Context::new(source.format(), place.offset, source.stem());
        let faults = match parse(bytes, &Context { finished, ..context }) {
            Ok((post, faults)) => {
                let row = RowFields { doubtful: !faults.is_empty(), ..RowFields::of_post(&post) };
                self.segment.push(place, &row);
                faults
            }
            Err(fault) => vec![fault],
        };
        for fault in faults {
            emit(Found::Problem(problem_of(source, place.offset, place.line, fault, bytes)))?;
        }
        ControlFlow::Continue(())
    }

    /// Hands over the rows so far; the next ones begin in `source`.
    fn flush(&mut self, source: usize, emit: Emit<'_>) -> ControlFlow<()> {
        if self.segment.is_empty() {
            return ControlFlow::Continue(());
        }
        self.segment_rows = (self.segment_rows * 2).min(SEGMENT_ROWS);
        let full = std::mem::replace(&mut self.segment, SegmentBuilder::new(source));
        emit(Found::Rows(Box::new(full)))
    }

    fn progress(&mut self, offset: u64) -> ControlFlow<()> {
        if offset < self.reported + REPORT_BYTES {
            return ControlFlow::Continue(());
        }
        self.report(offset);
        if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn report(&mut self, offset: u64) {
        self.done.fetch_add(offset.saturating_sub(self.reported), Ordering::Relaxed);
        self.reported = offset.max(self.reported);
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
