//! Post pages: one post a file, as text. A title, the article, then the meta box: a line that ends
//! in "post meta" and behind it the fields, each under its label; then similar posts.

use std::io;
use std::ops::ControlFlow;

use super::draft::{Draft, Role, Target};
use super::fault::{Fault, not_utf8};
use super::object::too_long;
use super::page_box::{self, Line, lines};
use super::{Context, Emit, Format, MAX_RECORD_BYTES, Piece, Stem, byte_order_mark_len};
use crate::corpus::Place;
use crate::corpus::window::Window;
use crate::model::Post;
use crate::model::article::bullet_item;

/// Its row in the table.
pub(super) const FORMAT: Format = Format {
    name: "page",
    title: "post pages (.txt, or with a `post meta` line)",
    extensions: &["txt"],
    sniff: |head| head.split(|byte| *byte == b'\n').any(is_meta_header_bytes),
    extension_decides: true,
    rows_of_json: false,
    split,
    split_lines: None,
    parse,
    stem: Stem::Always,
};

/// The whole file is the record.
fn split(window: &mut Window<'_>, emit: Emit<'_>) -> io::Result<ControlFlow<()>> {
    while window.bytes().len() <= MAX_RECORD_BYTES && window.fill()? {}
    let bytes = window.bytes();
    if bytes.len() > MAX_RECORD_BYTES {
        return Ok(emit(Piece::Fault { offset: 0, line: 1, fault: too_long(), bytes }));
    }
    if bytes.get(byte_order_mark_len(bytes)..).unwrap_or_default().trim_ascii().is_empty() {
        return Ok(ControlFlow::Continue(()));
    }
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    Ok(emit(Piece::Record { place: Place { offset: 0, length, line: 1 }, bytes, finished: true }))
}

fn parse(record: &[u8], context: &Context<'_>) -> Result<(Post, Vec<Fault>), Fault> {
    const CRASH: &str = "possible crash damage: compare the file with a backup";
    if record.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace()) {
        return Err(Fault::rejected("NUL bytes", "the text of a post").advise(CRASH));
    }
    let page = std::str::from_utf8(record).map_err(|error| not_utf8(record, error))?;
    let (post, mut faults) = read(page).finish(context.stem);
    if let Some(at) = memchr::memchr(0, record) {
        faults.push(Fault::doubt("NUL bytes in the text", "text without them").at(at).advise(CRASH));
    }
    Ok((post, faults))
}

/// Takes a page apart.
fn read(page: &str) -> Draft {
    let start = byte_order_mark_len(page.as_bytes());
    let parts = parts(page, start);
    let mut entries = page_box::read(parts.meta, parts.meta_at);
    if let Some(similar) = parts.similar {
        entries.extend(page_box::read(similar.text, similar.at));
    }
    let named = |target| entries.iter().any(|entry| entry.role == Role::Named(target));
    // A title that is a field leaves the whole text above the box to the body.
    let (title, body) =
        if named(Target::Title) { (None, parts.article) } else { title_and_body(parts.article) };
    let only_field = body.trim().is_empty() && named(Target::Body);
    Draft { title, body: (!only_field).then(|| body.to_owned()), entries }
}

/// The first line that is not blank, and what follows it.
fn title_and_body(article: &str) -> (Option<String>, &str) {
    let first = lines(article, 0).find(|line| !line.is_blank());
    let title = first.map_or("", |line| line.text);
    let body = first.and_then(|line| article.get(line.end..)).unwrap_or_default();
    (Some(title.to_owned()), body)
}

struct Parts<'a> {
    article: &'a str,
    /// Behind the header of the meta box.
    meta: &'a str,
    meta_at: usize,
    /// The similar posts of a page without a meta box.
    similar: Option<Line<'a>>,
}

fn parts(page: &str, start: usize) -> Parts<'_> {
    let between = |from, to| page.get(from..to).unwrap_or_default();
    if let Some(header) = find_meta_header(page, start) {
        let (article, meta) = (between(start, header.at), between(header.end, page.len()));
        return Parts { article, meta, meta_at: header.end, similar: None };
    }
    let similar = find_similar(page, start);
    let end = similar.map_or(page.len(), |line| line.at);
    let similar = similar.map(|line| Line { text: between(line.at, page.len()), ..line });
    Parts { article: between(start, end), meta: "", meta_at: page.len(), similar }
}

/// A line that could be the header of the meta box.
struct Candidate<'a> {
    line: Line<'a>,
    /// It is the first line with text, where a title stands.
    first: bool,
    /// It stands between blank lines, or at an end of the file.
    alone: bool,
    /// An entry follows it before the next candidate.
    entries: bool,
}

/// The last line that is the header of a meta box. A header stands alone and has entries under it.
/// The words "post meta" at the end of a title, a wrapped sentence, an entry or a similar post have
/// not both; such a line counts only where there is no better one.
fn find_meta_header(page: &str, start: usize) -> Option<Line<'_>> {
    let mut candidates: Vec<Candidate<'_>> = Vec::new();
    let (mut text_before, mut blank_before, mut just_found) = (false, true, false);
    for line in lines(page, start) {
        let blank = line.is_blank();
        if let Some(last) = candidates.last_mut() {
            last.alone &= !just_found || blank;
            last.entries = last.entries || (!blank && page_box::is_entry(line.text));
        }
        just_found = is_meta_header(line.text) && (candidates.is_empty() || !page_box::is_entry(line.text));
        if just_found {
            candidates.push(Candidate { line, first: !text_before, alone: blank_before, entries: false });
        }
        text_before |= !blank;
        blank_before = blank;
    }
    let best = |candidate: &&Candidate<'_>| candidate.alone && candidate.entries;
    let good = |candidate: &&Candidate<'_>| candidate.entries || (candidate.alone && !candidate.first);
    let found = candidates.iter().rfind(best).or_else(|| candidates.iter().rfind(good));
    found.map(|candidate| candidate.line)
}

/// A whole line that ends in "post meta", any case, a brand before it or not.
fn is_meta_header(line: &str) -> bool {
    let brand = strip_word(line, "meta")
        .filter(|rest| rest.ends_with(char::is_whitespace))
        .and_then(|rest| strip_word(rest, "post"));
    brand.is_some_and(|brand| brand.is_empty() || brand.ends_with(char::is_whitespace))
        && bullet_item(line).is_none()
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let text = text.trim_end();
    let (rest, end) = text.split_at_checked(text.len().checked_sub(word.len())?)?;
    end.eq_ignore_ascii_case(word).then_some(rest)
}

fn is_meta_header_bytes(line: &[u8]) -> bool {
    std::str::from_utf8(line).is_ok_and(is_meta_header)
}

/// The last line "similar posts" with a blank line above it.
fn find_similar(page: &str, start: usize) -> Option<Line<'_>> {
    let mut found = None;
    let (mut text_before, mut blank_before) = (false, true);
    for line in lines(page, start) {
        if text_before && blank_before && page_box::is_similar(line.text) {
            found = Some(line);
        }
        blank_before = line.is_blank();
        text_before |= !blank_before;
    }
    found
}
