//! Lists in plain text: bullets, numbers and letters, nested by their indentation.

use super::{Block, CODE_INDENT, Content, Reader, Text, indent, is_blank};
use crate::model::article::BULLETS;
use crate::model::document::{Item, MAX_DEPTH};

/// A letter and a dot open an item only if the one before or after it is this near. Unit: lines.
const NEAR: usize = 20;

/// The opening of an item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opening<'a> {
    /// How far it is indented. Unit: columns.
    indent: usize,
    marker: &'a str,
    /// What follows the marker.
    text: &'a str,
}

/// A list that more items may follow in.
#[derive(Debug)]
struct OpenList {
    indent: usize,
    start: usize,
    items: Vec<Item>,
    is_loose: bool,
}

impl<'a> Reader<'a> {
    /// The item that begins at a line.
    pub(super) fn item(&self, at: usize) -> Option<Opening<'a>> {
        let opening = opening(self.line(at))?;
        let is_sure = !is_initial(opening.marker) || self.has_sibling(at, &opening);
        is_sure.then_some(opening)
    }

    /// Whether the letter before or after this one opens a line nearby: `A. Smith` opens no list.
    fn has_sibling(&self, at: usize, letter: &Opening<'a>) -> bool {
        let value = |opening: &Opening<'_>| opening.marker.bytes().next().map(i16::from);
        let around = at.saturating_sub(NEAR)..(at + NEAR).min(self.lines.len());
        let mut openings = around.filter_map(|line| opening(self.line(line)));
        openings.any(|other| {
            is_initial(other.marker)
                && other.indent == letter.indent
                && value(&other).zip(value(letter)).is_some_and(|(one, two)| (one - two).abs() == 1)
        })
    }

    /// Reads the list that begins at the next line.
    pub(super) fn list(&mut self) {
        let first = self.at;
        let mut open: Vec<OpenList> = Vec::new();
        let mut next = first;
        // The last line that belongs to the list, and whether a blank one was passed since.
        let (mut end, mut is_apart) = (first, false);
        while next < self.lines.len() {
            let line = self.line(next);
            let outermost = open.first().map_or(0, |list| list.indent);
            if is_blank(line) {
                is_apart = true;
                next += 1;
            } else if let Some(opening) = self.item(next) {
                let kind = |marker: &str| marker.bytes().any(|byte| byte.is_ascii_alphanumeric());
                let is_same = |list: &OpenList| {
                    list.items.iter().all(|item| kind(&item.marker) == kind(opening.marker))
                };
                let begins_another =
                    is_apart && opening.indent <= outermost + 1 && !open.first().is_none_or(is_same);
                if opening.indent < outermost || begins_another {
                    break;
                }
                add_item(&mut open, &opening, next, is_apart);
                (next, end, is_apart) = (next + 1, next + 1, false);
            } else if indent(line) > outermost && !open.is_empty() {
                let block = self.fenced(next);
                let is_code = is_apart && indent(line) >= item_text(&open) + CODE_INDENT;
                let lines = block.as_ref().map_or(next..next + 1, |block| block.lines.clone());
                match block {
                    Some(block) => add_block(&mut open, block),
                    None if is_code => {
                        let text = line.to_owned();
                        add_block(
                            &mut open,
                            Block::new(lines.clone(), Content::Code { language: String::new(), text }),
                        );
                    }
                    None => add_line(&mut open, line, next, is_apart),
                }
                (next, end, is_apart) = (lines.end, lines.end, false);
            } else {
                break;
            }
        }
        while open.len() > 1 {
            close(&mut open, end);
        }
        if let Some(list) = open.pop() {
            self.push(first..end, Content::List { items: list.items, is_loose: list.is_loose });
        }
        self.at = end;
    }
}

fn add_item(open: &mut Vec<OpenList>, opening: &Opening<'_>, at: usize, is_apart: bool) {
    while open.len() > 1 && open.last().is_some_and(|list| opening.indent < list.indent) {
        close(open, at);
    }
    let is_deeper = open.last().is_none_or(|list| opening.indent > list.indent + 1);
    if is_deeper && open.len() < MAX_DEPTH {
        open.push(OpenList { indent: opening.indent, start: at, items: Vec::new(), is_loose: false });
    }
    let text = Content::Paragraph(Text::plain(opening.text));
    let item = Item { marker: opening.marker.to_owned(), blocks: vec![Block::new(at..at + 1, text)] };
    if let Some(list) = open.last_mut() {
        list.is_loose |= is_apart && !list.items.is_empty();
        list.items.push(item);
    }
}

/// Ends the innermost list; it is a block of the item that it stands under.
fn close(open: &mut Vec<OpenList>, end: usize) {
    if let Some(list) = open.pop() {
        let content = Content::List { items: list.items, is_loose: list.is_loose };
        add_block(open, Block::new(list.start..end, content));
    }
}

fn add_block(open: &mut [OpenList], block: Block) {
    if let Some(item) = open.last_mut().and_then(|list| list.items.last_mut()) {
        item.blocks.push(block);
    }
}

/// Adds a line to the last item: to its paragraph, or as a paragraph of its own.
fn add_line(open: &mut [OpenList], line: &str, at: usize, is_apart: bool) {
    let text = line.trim_start();
    let item = open.last_mut().and_then(|list| list.items.last_mut());
    match item.and_then(|item| item.blocks.last_mut()) {
        Some(Block { lines, content: Content::Paragraph(paragraph) }) if !is_apart => {
            paragraph.push("\n", super::Style::default(), None);
            paragraph.push(text, super::Style::default(), None);
            lines.end = at + 1;
        }
        Some(Block { lines, content: Content::Code { text: code, .. } }) if !is_apart => {
            code.push('\n');
            code.push_str(line);
            lines.end = at + 1;
        }
        _ => add_block(open, Block::new(at..at + 1, Content::Paragraph(Text::plain(text)))),
    }
}

/// Where the text of the last item begins. Unit: columns.
fn item_text(open: &[OpenList]) -> usize {
    open.last().map_or(0, |list| list.indent + 2)
}

/// What opens an item in a line: blanks, a marker, a blank, text.
fn opening(line: &str) -> Option<Opening<'_>> {
    let rest = line.trim_start();
    let length = bullet(rest).or_else(|| number(rest))?;
    let (marker, text) = rest.split_at_checked(length)?;
    let is_parted = text.starts_with([' ', '\t', '\u{a0}']) && !is_blank(text);
    is_parted.then(|| Opening { indent: indent(line), marker, text: text.trim() })
}

/// How long the bullet is that a text begins with. Unit: bytes.
fn bullet(text: &str) -> Option<usize> {
    text.chars().next().filter(|c| BULLETS.contains(c)).map(char::len_utf8)
}

/// How long the number or letter is that a text begins with, with its dot or parentheses. Unit: bytes.
fn number(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('(').unwrap_or(text);
    let opened = text.len() - inside.len();
    let end = inside.bytes().take(5).position(|byte| !byte.is_ascii_alphanumeric())?;
    let (number, behind) = inside.split_at_checked(end)?;
    let is_roman = number.len() > 1 && number.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x'));
    let is_number =
        !number.is_empty() && number.len() <= 4 && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter = number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_alphabetic());
    let closed = behind.starts_with(')') || (opened == 0 && behind.starts_with('.'));
    ((is_number || is_letter || is_roman) && closed).then_some(opened + end + 1)
}

/// A letter with a dot, which may be the initial of a name.
fn is_initial(marker: &str) -> bool {
    matches!(marker.as_bytes(), [letter, b'.'] if letter.is_ascii_alphabetic())
}
