//! The formats that posts come in, one file each.
//!
//! A format does two things, kept apart: it **splits** a file into records, and it **parses** one
//! record into a post. To add a format, write its file and its row in [`FORMATS`].

mod diagnose;
mod draft;
mod fault;
mod identity;
mod json;
mod json_row;
mod jsonl;
mod kinds;
mod labels;
mod nest;
mod object;
mod page;
mod page_box;
#[cfg(test)]
mod page_tests;
mod page_write;
mod scan;
mod sniff;
mod stream;
mod text;

use std::io;
use std::ops::{ControlFlow, Range};

pub use fault::Fault;
pub(crate) use json_row::RowReader;
#[cfg(any(test, fuzzing))]
pub(crate) use json_row::agrees;
pub(crate) use kinds::unread;
pub use page_write::{page_for_people, write_page};
pub(crate) use sniff::{HEAD_BYTES, choose, is_binary, refusal};

use super::Place;
use super::window::Window;
use crate::model::Post;

/// A longer record is refused; it is skipped by scanning and never held. Unit: bytes.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// Every format, in the order in which the first bytes of a file are tried on them.
pub const FORMATS: &[Format] = &[jsonl::FORMAT, json::FORMAT, PAGE];

/// The format that any text can be read as, if asked.
pub(crate) const PAGE: Format = page::FORMAT;

/// The format with this name.
pub fn format_named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// What files can hold, for a sentence: `JSONL, JSON or post pages`.
pub(crate) fn formats_read() -> String {
    let mut titles: Vec<&str> = FORMATS.iter().map(|format| format.title).collect();
    let last = titles.pop().unwrap_or_default();
    format!("{} or {last}", titles.join(", "))
}

/// One format.
#[derive(Debug)]
pub struct Format {
    /// Its name, in one word, as `--as` takes it.
    pub name: &'static str,
    /// Its files, as a sentence names them.
    pub title: &'static str,
    /// The extensions of its files, lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// Whether a file that begins like this may be of this format.
    pub sniff: fn(&[u8]) -> bool,
    /// Whether its extension is enough, whatever the first bytes are.
    pub(crate) extension_decides: bool,
    /// Finds the records of a file, in order and in bounded memory.
    pub(crate) split: Split,
    /// Finds the records that begin in a range of a file, where a line is a record.
    pub(crate) split_lines: Option<SplitLines>,
    /// Its records are JSON objects, so their rows can be read without building posts.
    pub(crate) rows_of_json: bool,
    /// Reads one record.
    parse: Parse,
    stem: Stem,
}

type Split = fn(&mut Window<'_>, Emit<'_>) -> io::Result<ControlFlow<()>>;
type SplitLines = fn(&mut Window<'_>, &Range<u64>, Emit<'_>) -> io::Result<ControlFlow<(), u32>>;
type Parse = fn(&[u8], &Context<'_>) -> Result<(Post, Vec<Fault>), Fault>;

/// When the name of a file can be the id of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stem {
    /// A file holds many posts.
    Never,
    /// A file is one post.
    Always,
    /// The record at the very start of a file is alone in it; those of a list are not.
    AtStart,
}

/// What a splitter finds.
pub(crate) enum Piece<'a> {
    /// One record; `finished` as in [`Context`].
    Record { place: Place, bytes: &'a [u8], finished: bool },
    /// Something that is no record. `bytes` are at least its first ones.
    Fault { offset: u64, line: u32, fault: Fault, bytes: &'a [u8] },
    /// Nothing so far, but bytes were passed over: a chance to stop.
    Passed { offset: u64 },
}

/// Takes what a splitter finds; answers whether to go on.
pub(crate) type Emit<'e> = &'e mut dyn FnMut(Piece<'_>) -> ControlFlow<()>;

/// What is known of a record beside its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The format of its file.
    pub format: &'static Format,
    /// The name of its file without the extension, where the post may be known by it.
    pub stem: Option<&'a str>,
    /// Its end is known to be its end; `false` for a last line without its line end.
    pub finished: bool,
}

impl<'a> Context<'a> {
    /// The context of the record at `offset` of a file called `stem`.
    pub(crate) fn new(format: &'static Format, offset: u64, stem: Option<&'a str>) -> Self {
        let named = match format.stem {
            Stem::Never => false,
            Stem::Always => true,
            // Behind a byte order mark it is still the start.
            Stem::AtStart => offset == 0 || offset == BYTE_ORDER_MARK.len() as u64,
        };
        Self { format, stem: stem.filter(|_| named), finished: true }
    }
}

/// Reads one record: the post and what is doubtful about it, or why it is none.
pub fn parse(record: &[u8], context: &Context<'_>) -> Result<(Post, Vec<Fault>), Fault> {
    (context.format.parse)(record, context)
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How many bytes of a byte order mark a file begins with.
fn byte_order_mark_len(head: &[u8]) -> usize {
    if head.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 }
}

/// Takes the first bytes in, and lets a byte order mark go.
fn skip_byte_order_mark(window: &mut Window<'_>) -> io::Result<()> {
    while window.bytes().len() < BYTE_ORDER_MARK.len() && window.fill()? {}
    let length = byte_order_mark_len(window.bytes());
    window.consume(length);
    Ok(())
}
