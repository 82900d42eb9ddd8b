//! A JSON file as it streams by: the next byte, whole values passed over, and the bytes of one
//! record held until it is handed over.

use std::io;
use std::ops::ControlFlow;

use super::nest::{Fed, Nest};
use super::object::too_long;
use super::{Emit, Fault, MAX_RECORD_BYTES, Piece};
use crate::corpus::Place;
use crate::corpus::problem::EXCERPT_BYTES;
use crate::corpus::window::Window;

/// Why a splitter ends early.
pub(super) enum Stop {
    Asked,
    Failed(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// How a value, or the list of posts, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Whole,
    /// With the file.
    Cut,
    Broken,
    /// The rest of the file has been dealt with.
    AllRead,
}

/// Where a record begins.
#[derive(Clone, Copy)]
pub(super) struct Start {
    offset: u64,
    line: u32,
}

/// See the module.
pub(super) struct Stream<'w, 'a, 'e> {
    window: &'w mut Window<'a>,
    emit: Emit<'e>,
    /// Where in the window the next byte stands.
    at: usize,
    /// The line of the window's first byte.
    line: u32,
    /// How many blanks stand before the next byte on its line; `None` if it is not the first.
    column: Option<usize>,
    /// The window's first byte is the first of a record that is to be emitted whole.
    held: bool,
    start: Start,
    /// The first bytes of a record that has become too long to be held.
    dropped: Option<Vec<u8>>,
}

impl<'w, 'a, 'e> Stream<'w, 'a, 'e> {
    /// At the start of a window.
    pub(super) fn new(window: &'w mut Window<'a>, emit: Emit<'e>) -> Self {
        let start = Start { offset: window.offset(), line: 1 };
        Self { window, emit, at: 0, line: 1, column: Some(0), held: false, start, dropped: None }
    }

    /// How many blanks stand before the next byte on its line; `None` if it is not the first.
    pub(super) fn column(&self) -> Option<usize> {
        self.column
    }

    /// What is held of the record so far; from `from` on.
    pub(super) fn held(&self, from: usize) -> &[u8] {
        self.window.bytes().get(from..self.at).unwrap_or_default()
    }

    /// What was held is no record.
    pub(super) fn let_go(&mut self) {
        (self.held, self.dropped) = (false, None);
    }

    /// Goes back to the start of the record, and holds it again.
    pub(super) fn rewind(&mut self) {
        self.window.seek(self.start.offset);
        (self.at, self.line, self.held, self.dropped) = (0, self.start.line, true, None);
    }

    /// Emits a fault at the next byte.
    pub(super) fn send(&mut self, fault: Fault) -> Result<(), Stop> {
        let (before, bytes) = self.window.bytes().split_at_checked(self.at).unwrap_or_default();
        let offset = self.window.offset() + before.len() as u64;
        let line = self.line.saturating_add(newlines(before));
        go_on((self.emit)(Piece::Fault { offset, line, fault, bytes }))
    }

    /// Emits the record that is held, up to the next byte.
    pub(super) fn emit_record(&mut self, finished: bool) -> Result<(), Stop> {
        self.emit_held(self.at, finished)
    }

    /// Emits the first `length` bytes of what is held as a record.
    pub(super) fn emit_held(&mut self, length: usize, finished: bool) -> Result<(), Stop> {
        let Start { offset, line } = self.start;
        self.held = false;
        if let Some(head) = self.dropped.take() {
            return go_on((self.emit)(Piece::Fault { offset, line, fault: too_long(), bytes: &head }));
        }
        let bytes = self.window.bytes().get(..length).unwrap_or_default().trim_ascii_end();
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        go_on((self.emit)(Piece::Record { place: Place { offset, length, line }, bytes, finished }))
    }

    /// From here on, bytes are kept until the record is emitted.
    pub(super) fn hold(&mut self) {
        self.release();
        self.held = true;
        self.dropped = None;
        self.start = Start { offset: self.window.offset(), line: self.line };
    }

    /// Lets go of everything before the next byte.
    fn release(&mut self) {
        let passed = self.window.bytes().get(..self.at).unwrap_or_default();
        self.line = self.line.saturating_add(newlines(passed));
        self.window.consume(self.at);
        self.at = 0;
    }

    fn refill(&mut self) -> Result<bool, Stop> {
        if self.held && self.at > MAX_RECORD_BYTES {
            self.dropped = Some(self.window.bytes().get(..EXCERPT_BYTES).unwrap_or_default().to_vec());
            self.held = false;
        }
        if !self.held {
            self.release();
        }
        go_on((self.emit)(Piece::Passed { offset: self.window.offset() }))?;
        Ok(self.window.fill()?)
    }

    pub(super) fn peek(&mut self) -> Result<Option<u8>, Stop> {
        loop {
            if let Some(byte) = self.window.bytes().get(self.at) {
                return Ok(Some(*byte));
            }
            if !self.refill()? {
                return Ok(None);
            }
        }
    }

    /// The next byte that is not blank, not yet passed.
    pub(super) fn next(&mut self) -> Result<Option<u8>, Stop> {
        while let Some(byte) = self.peek()? {
            match byte {
                b'\n' => self.column = Some(0),
                b' ' | b'\t' | b'\r' => self.column = self.column.map(|column| column + 1),
                byte => return Ok(Some(byte)),
            }
            self.at += 1;
        }
        Ok(None)
    }

    pub(super) fn bump(&mut self) {
        self.at += 1;
        self.column = None;
    }

    /// Passes over a value, or the rest of one.
    pub(super) fn pass(&mut self, mut nest: Nest) -> Result<End, Stop> {
        self.column = None;
        loop {
            let rest = self.window.bytes().get(self.at..).unwrap_or_default();
            match nest.feed(rest) {
                Fed::End(end) => {
                    self.at += end;
                    return Ok(End::Whole);
                }
                Fed::Broken(at) => {
                    self.at += at;
                    return Ok(End::Broken);
                }
                Fed::More => self.at += rest.len(),
            }
            if !self.refill()? {
                return Ok(End::Cut);
            }
        }
    }

    /// Passes over a number or a word; over one byte at least.
    pub(super) fn pass_word(&mut self) -> Result<End, Stop> {
        self.bump();
        while let Some(byte) = self.peek()? {
            if byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}') {
                break;
            }
            self.at += 1;
        }
        Ok(End::Whole)
    }

    /// Passes over everything.
    pub(super) fn pass_all(&mut self) -> Result<(), Stop> {
        self.let_go();
        while self.peek()?.is_some() {
            self.at = self.window.bytes().len();
        }
        Ok(())
    }

    /// Passes over the rest of a line; `false` if the file ends with it.
    pub(super) fn pass_line(&mut self) -> Result<bool, Stop> {
        loop {
            let rest = self.window.bytes().get(self.at..).unwrap_or_default();
            if let Some(newline) = memchr::memchr(b'\n', rest) {
                self.at += newline + 1;
                self.column = Some(0);
                return Ok(true);
            }
            self.at += rest.len();
            if !self.refill()? {
                return Ok(false);
            }
        }
    }
}

fn newlines(bytes: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX)
}

fn go_on(flow: ControlFlow<()>) -> Result<(), Stop> {
    if flow.is_break() { Err(Stop::Asked) } else { Ok(()) }
}
