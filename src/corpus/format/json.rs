//! JSON files: a list of posts, an object around such a list, one post, or several one after the
//! other. Elements are found by their brackets as the file streams by and read one by one, so a
//! file of any size needs the memory of its longest post.

use std::io;
use std::ops::ControlFlow;

use super::nest::{Fed, Nest};
use super::sniff::{Layout, layout};
use super::stream::{End, Stop, Stream};
use super::{Emit, Fault, Format, Stem, object, skip_byte_order_mark};
use crate::corpus::window::Window;

/// Its row in the table.
pub(super) const FORMAT: Format = Format {
    name: "json",
    title: "JSON",
    extensions: &["json"],
    sniff: |head| matches!(layout(head), Layout::Document | Layout::Either),
    extension_decides: false,
    rows_of_json: true,
    split,
    split_lines: None,
    parse: object::parse,
    stem: Stem::AtStart,
};

/// The key of an object that holds a list of posts.
const POSTS: &str = "posts";

/// How many keys a sentence names.
const NAMED_KEYS: usize = 5;

fn split(window: &mut Window<'_>, emit: Emit<'_>) -> io::Result<ControlFlow<()>> {
    skip_byte_order_mark(window)?;
    match Stream::new(window, emit).document() {
        Ok(()) => Ok(ControlFlow::Continue(())),
        Err(Stop::Asked) => Ok(ControlFlow::Break(())),
        Err(Stop::Failed(error)) => Err(error),
    }
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

impl Stream<'_, '_, '_> {
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
        let column = self.column();
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
                        self.let_go();
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
                if found_posts {
                    self.name_others(&others)
                } else if self.hides_another(column) {
                    self.resync(end, column).map(|_| ())
                } else {
                    self.emit_record(true)
                }
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
        let from = self.held(0).len();
        let end = self.pass(Nest::default())?;
        let key = self.held(from);
        // A record that became too long within a key leaves the rest of the key here.
        let key = serde_json::from_slice(key).unwrap_or_else(|_| String::from_utf8_lossy(key).into_owned());
        if !in_record {
            self.let_go();
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
            // Lists are indented evenly, so the first post tells where the others begin.
            column = column.or(self.column());
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
                    self.hold();
                    self.bump();
                    return self.resync(End::Broken, column);
                }
                _ => {}
            }
            self.hold();
            let end = match first {
                b'{' | b'[' | b'"' => self.pass(Nest::default())?,
                _ => self.pass_word()?,
            };
            if end != End::Whole || self.hides_another(column) {
                return self.resync(end, column);
            }
            self.emit_record(true)?;
            (after_element, after_comma) = (true, false);
        }
    }

    /// Whether the held record has swallowed the next: it is no JSON though its brackets match, and
    /// another `{` begins a line in its column.
    fn hides_another(&self, column: Option<usize>) -> bool {
        let Some(column) = column else { return false };
        let bytes = self.held(0);
        let begins = |newline: usize| {
            let line = bytes.get(newline + 1..).unwrap_or_default();
            let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            blanks == column && line.get(blanks) == Some(&b'{')
        };
        memchr::memchr_iter(b'\n', bytes).any(begins)
            && serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_err()
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
        self.rewind();
        while self.pass_line()? {
            let mut blanks = 0;
            while blanks < column && matches!(self.peek()?, Some(b' ' | b'\t')) {
                blanks += 1;
                self.bump();
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
        let bytes = self.held(0);
        let Fed::End(end) = Nest::default().feed(bytes) else { return self.emit_record(finished) };
        let rest = bytes.get(end..).unwrap_or_default();
        let closes = rest.iter().all(|byte| matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace());
        self.emit_held(end, true)?;
        if !closes {
            self.doubt("text behind the post that belongs to none", "a comma and the next post")?;
        }
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
        self.pass_all()
    }

    fn doubt(&mut self, found: &str, expected: &str) -> Result<(), Stop> {
        let advice = "is the file still being written, or was it put together by hand?";
        self.send(Fault::doubt(found, expected).advise(advice))
    }
}
