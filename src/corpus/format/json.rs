//! JSON files: a list of posts, an object around such a list, one post, or several one after the
//! other. Elements are found by their brackets as the file streams by and read one by one, so a
//! file of any size needs the memory of its longest post.

use std::io;
use std::ops::ControlFlow;

use super::nest::{Fed, Nest};
use super::object::too_long;
use super::sniff::{Layout, layout};
use super::{Emit, Fault, Format, MAX_RECORD_BYTES, Piece, Stem, object, skip_byte_order_mark};
use crate::corpus::Place;
use crate::corpus::problem::EXCERPT_BYTES;
use crate::corpus::window::Window;

/// Its row in the table.
pub(super) const FORMAT: Format = Format {
    name: "json",
    extensions: &["json"],
    sniff: |head| matches!(layout(head), Layout::Document | Layout::Either),
    extension_decides: false,
    split,
    parse: object::parse,
    stem: Stem::AtStart,
};

/// The key of an object that holds a list of posts.
const POSTS: &str = "posts";

/// How many keys a sentence names.
const NAMED_KEYS: usize = 5;

fn split(window: &mut Window<'_>, emit: Emit<'_>) -> io::Result<ControlFlow<()>> {
    skip_byte_order_mark(window)?;
    let start = Start { offset: window.offset(), line: 1 };
    let mut scanner =
        Scanner { window, emit, at: 0, line: 1, column: Some(0), held: false, start, dropped: None };
    match scanner.document() {
        Ok(()) => Ok(ControlFlow::Continue(())),
        Err(Stop::Asked) => Ok(ControlFlow::Break(())),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Why a splitter ends early.
enum Stop {
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
enum End {
    Whole,
    /// With the file.
    Cut,
    Broken,
    /// The rest of the file has been dealt with.
    AllRead,
}

/// Where a record begins.
#[derive(Clone, Copy)]
struct Start {
    offset: u64,
    line: u32,
}

/// The keys of an object beside the list of posts.
#[derive(Default)]
struct Others {
    named: Vec<String>,
    more: usize,
    /// One of them is a key of a post.
    of_a_post: bool,
}

impl Others {
    fn push(&mut self, key: String) {
        self.of_a_post |= matches!(key.as_str(), "title" | "body");
        if self.named.len() < NAMED_KEYS {
            self.named.push(key);
        } else {
            self.more += 1;
        }
    }
}

struct Scanner<'w, 'a, 'e> {
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

impl Scanner<'_, '_, '_> {
    /// Everything at the top of the file.
    fn document(&mut self) -> Result<(), Stop> {
        while let Some(first) = self.next()? {
            match first {
                b'[' => {
                    self.bump();
                    self.list()?;
                }
                b'{' => self.object()?,
                _ => {
                    self.hold();
                    self.pass_line()?;
                    self.emit_record(true)?;
                }
            }
        }
        Ok(())
    }

    /// One object at the top: a post, or what stands around a list of posts.
    fn object(&mut self) -> Result<(), Stop> {
        let column = self.column;
        self.hold();
        self.bump();
        let (mut found_posts, mut others) = (false, Others::default());
        let end = loop {
            let first = match self.next()? {
                Some(b'}') => break End::Whole,
                Some(b',') => {
                    self.bump();
                    continue;
                }
                Some(first) => first,
                None => break End::Cut,
            };
            let Some(key) = self.key(first, !found_posts)? else { break End::Broken };
            let end = match self.next()? {
                Some(b'[') if key == POSTS => {
                    self.bump();
                    let next = self.next()?;
                    if next == Some(b'{') || (next == Some(b']') && !others.of_a_post) {
                        found_posts = true;
                        (self.held, self.dropped) = (false, None);
                        self.list()?
                    } else {
                        others.push(key);
                        self.pass(Nest::in_list())?
                    }
                }
                Some(b'{' | b'[' | b'"') => {
                    others.push(key);
                    self.pass(Nest::default())?
                }
                Some(b'}' | b',') => End::Whole,
                Some(b']') => End::Broken,
                Some(_) => {
                    others.push(key);
                    self.pass_word()?
                }
                None => End::Cut,
            };
            if end != End::Whole {
                break end;
            }
        };
        match end {
            End::Whole => {
                self.bump();
                if found_posts { self.name_others(&others) } else { self.emit_record(true) }
            }
            End::AllRead => Ok(()),
            End::Cut | End::Broken if found_posts => self.give_up(),
            End::Cut | End::Broken => self.resync(end, column).map(|_| ()),
        }
    }

    /// The key that begins with `first`, its colon passed; `None` if there is none. While a record
    /// is held, it stays held.
    fn key(&mut self, first: u8, in_record: bool) -> Result<Option<String>, Stop> {
        if first != b'"' {
            return Ok(None);
        }
        if !in_record {
            self.hold();
        }
        let from = self.at;
        let end = self.pass(Nest::default())?;
        let key = self.window.bytes().get(from..self.at).unwrap_or_default();
        // A record that became too long within a key leaves the rest of the key here.
        let key = serde_json::from_slice(key).unwrap_or_else(|_| String::from_utf8_lossy(key).into_owned());
        if !in_record {
            (self.held, self.dropped) = (false, None);
        }
        if end != End::Whole || self.next()? != Some(b':') {
            return Ok(None);
        }
        self.bump();
        Ok(Some(key))
    }

    /// The elements of a list whose `[` has been passed.
    fn list(&mut self) -> Result<End, Stop> {
        let mut after_element = false;
        let mut after_comma = false;
        let mut complained = false;
        let mut column = None;
        loop {
            let Some(first) = self.next()? else {
                self.doubt("a list of posts that breaks off", "a closing `]`")?;
                return Ok(End::AllRead);
            };
            let fault = match first {
                b']' if after_comma => Some("a trailing comma at the end of the list"),
                b',' if !after_element => Some("a comma that follows no post"),
                b']' | b',' => None,
                _ if after_element => Some("two posts without a comma between them"),
                _ => None,
            };
            if let Some(found) = fault.filter(|_| !complained) {
                complained = true;
                self.doubt(found, "posts with one comma between each two")?;
            }
            match first {
                b']' => {
                    self.bump();
                    return Ok(End::Whole);
                }
                b',' => {
                    self.bump();
                    (after_element, after_comma) = (false, true);
                    continue;
                }
                b'}' => {
                    self.give_up()?;
                    return Ok(End::AllRead);
                }
                _ => {}
            }
            // Lists are indented evenly, so the first post tells where the others begin.
            column = column.or(self.column);
            self.hold();
            let end = match first {
                b'{' | b'[' | b'"' => self.pass(Nest::default())?,
                _ => self.pass_word()?,
            };
            if end != End::Whole {
                return self.resync(end, column);
            }
            self.emit_record(true)?;
            (after_element, after_comma) = (true, false);
        }
    }

    /// After a record without an end: goes back to its start and takes, from there to the end of
    /// the file, each line with a `{` in `column` for the start of a record.
    fn resync(&mut self, end: End, column: Option<usize>) -> Result<End, Stop> {
        let Some(column) = column else {
            self.emit_record(end != End::Cut)?;
            if end == End::Broken {
                self.give_up()?;
            }
            return Ok(End::AllRead);
        };
        self.window.seek(self.start.offset);
        (self.at, self.line, self.held, self.dropped) = (0, self.start.line, true, None);
        while self.pass_line()? {
            let mut blanks = 0;
            while blanks < column && matches!(self.peek()?, Some(b' ' | b'\t')) {
                blanks += 1;
                self.at += 1;
            }
            if blanks == column && self.peek()? == Some(b'{') {
                self.emit_piece(true)?;
                self.hold();
            }
        }
        self.emit_piece(false)?;
        Ok(End::AllRead)
    }

    /// Emits the lines that were held, which should be one record and a comma or closing brackets.
    fn emit_piece(&mut self, finished: bool) -> Result<(), Stop> {
        let bytes = self.window.bytes().get(..self.at).unwrap_or_default();
        let whole = self.at;
        let Fed::End(end) = Nest::default().feed(bytes) else { return self.emit_record(finished) };
        let rest = bytes.get(end..).unwrap_or_default();
        let closes = rest.iter().all(|byte| matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace());
        self.at = end;
        self.emit_record(true)?;
        if !closes {
            self.doubt("text behind the post that belongs to none", "a comma and the next post")?;
        }
        self.at = whole;
        Ok(())
    }

    fn name_others(&mut self, others: &Others) -> Result<(), Stop> {
        if others.named.is_empty() {
            return Ok(());
        }
        let mut names: Vec<String> = others.named.iter().map(|key| format!("`{key}`")).collect();
        if others.more > 0 {
            names.push(format!("{} more", others.more));
        }
        let found = format!("other keys beside the posts ({})", names.join(", "));
        let fault = Fault::doubt(found, format!("`{POSTS}` alone"))
            .advise("they belong to no post and are not shown");
        self.send(fault)
    }

    /// Text that can no longer be followed, up to the end of the file.
    fn give_up(&mut self) -> Result<(), Stop> {
        let fault = if self.peek()?.is_some() {
            Fault::rejected("brackets that do not match", "a post or the end of the list")
                .advise("what follows in this file was not read; one post a line (JSONL) would have saved it")
        } else {
            Fault::doubt("an object that is not closed", "a closing `}`")
                .advise("is the file still being written?")
        };
        self.send(fault)?;
        self.held = false;
        while self.peek()?.is_some() {
            self.at = self.window.bytes().len();
        }
        Ok(())
    }

    fn doubt(&mut self, found: &str, expected: &str) -> Result<(), Stop> {
        let advice = "is the file still being written, or was it put together by hand?";
        self.send(Fault::doubt(found, expected).advise(advice))
    }

    /// Emits a fault at the next byte.
    fn send(&mut self, fault: Fault) -> Result<(), Stop> {
        let (before, bytes) = self.window.bytes().split_at_checked(self.at).unwrap_or_default();
        let offset = self.window.offset() + before.len() as u64;
        let line = self.line.saturating_add(newlines(before));
        go_on((self.emit)(Piece::Fault { offset, line, fault, bytes }))
    }

    /// Emits the bytes from the start of the held record to here.
    fn emit_record(&mut self, finished: bool) -> Result<(), Stop> {
        let Start { offset, line } = self.start;
        self.held = false;
        if let Some(head) = self.dropped.take() {
            return go_on((self.emit)(Piece::Fault { offset, line, fault: too_long(), bytes: &head }));
        }
        let bytes = self.window.bytes().get(..self.at).unwrap_or_default().trim_ascii_end();
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        go_on((self.emit)(Piece::Record { place: Place { offset, length, line }, bytes, finished }))
    }

    /// From here on, bytes are kept until the record is emitted.
    fn hold(&mut self) {
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

    fn peek(&mut self) -> Result<Option<u8>, Stop> {
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
    fn next(&mut self) -> Result<Option<u8>, Stop> {
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

    fn bump(&mut self) {
        self.at += 1;
        self.column = None;
    }

    /// Passes over a value, or the rest of one.
    fn pass(&mut self, mut nest: Nest) -> Result<End, Stop> {
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
    fn pass_word(&mut self) -> Result<End, Stop> {
        self.bump();
        while let Some(byte) = self.peek()? {
            if byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}') {
                break;
            }
            self.at += 1;
        }
        Ok(End::Whole)
    }

    /// Passes over the rest of a line; `false` if the file ends with it.
    fn pass_line(&mut self) -> Result<bool, Stop> {
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
