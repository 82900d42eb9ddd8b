//! Plain text: a line is a line, and nothing of it is left out. What is recognised (code, tables, quotes,
//! lists, headings, pictures, chats) keeps its own signs.

mod list;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::prose::is_wrapped;
use super::{Block, Content, Document, Markup, Style, Table, Text};
use crate::model::article::{heading, image};

/// Text indented so far is code. Unit: columns.
const CODE_INDENT: usize = 4;
/// A tab goes to the next multiple of this. Unit: columns.
const TAB: usize = 4;
/// The name of a speaker is at most this long. Unit: characters.
const MAX_SPEAKER_CHARS: usize = 32;

/// Who speaks in transcripts; such a name opens a line of a chat that stands alone as well.
const SPEAKERS: [&str; 12] = [
    "user",
    "assistant",
    "system",
    "human",
    "bot",
    "ai",
    "q",
    "a",
    "question",
    "answer",
    "instruction",
    "response",
];

/// Reads plain text. A first block that repeats `title` is no heading.
pub fn read(body: &str, title: &str) -> Document {
    let lines = body.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
    let mut reader = Reader { lines, at: 0, title, blocks: Vec::new() };
    while reader.at < reader.lines.len() {
        reader.block();
    }
    Document { markup: Markup::Plain, blocks: reader.blocks }
}

struct Reader<'a> {
    lines: Vec<&'a str>,
    /// The next line.
    at: usize,
    title: &'a str,
    blocks: Vec<Block>,
}

impl<'a> Reader<'a> {
    fn line(&self, at: usize) -> &'a str {
        self.lines.get(at).copied().unwrap_or_default()
    }

    fn lines_of(&self, range: &Range<usize>) -> &[&'a str] {
        self.lines.get(range.clone()).unwrap_or_default()
    }

    fn push(&mut self, lines: Range<usize>, content: Content) {
        self.at = lines.end;
        self.blocks.push(Block::new(lines, content));
    }

    /// Reads what begins at the next line.
    fn block(&mut self) {
        let at = self.at;
        if is_blank(self.line(at)) {
            self.at += 1;
        } else if let Some(block) = self.fenced(at).or_else(|| self.indented(at)) {
            self.push(block.lines, block.content);
        } else if let Some(end) = self.end_of_table(at) {
            let table = self.table(&(at..end));
            self.push(at..end, Content::Table(table));
        } else if let Some(end) = self.end_of_quote(at) {
            let quote = self.quote(&(at..end));
            self.push(at..end, quote);
        } else if self.item(at).is_some() {
            self.list();
        } else {
            self.prose();
        }
    }

    /// Something else than prose begins at a line.
    fn is_special(&self, at: usize) -> bool {
        fence(self.line(at)).is_some()
            || self.end_of_table(at).is_some()
            || self.end_of_quote(at).is_some()
            || self.item(at).is_some()
    }

    /// Code between fences, or to the end of the text where the closing fence is missing.
    fn fenced(&self, at: usize) -> Option<Block> {
        let (sign, length) = fence(self.line(at))?;
        let closes = |line: &&str| {
            let line = line.trim();
            line.len() >= length && line.chars().all(|c| c == sign)
        };
        let behind = self.lines.get(at + 1..).unwrap_or_default();
        let end = behind.iter().position(closes).map_or(self.lines.len(), |inside| at + inside + 2);
        // The fences are words of the text as well.
        Some(self.code(at..end))
    }

    /// Blocks of which every line is indented as code is.
    fn indented(&self, at: usize) -> Option<Block> {
        let is_code = |at: usize| indent(self.line(at)) >= CODE_INDENT && !is_blank(self.line(at));
        if at > 0 && !is_blank(self.line(at - 1)) || self.item(at).is_some() {
            return None;
        }
        let (mut next, mut end) = (at, None);
        while is_code(next) {
            while is_code(next) {
                next += 1;
            }
            // A line that is indented alone begins a paragraph.
            if !is_blank(self.line(next)) {
                break;
            }
            end = Some(next);
            while next < self.lines.len() && is_blank(self.line(next)) {
                next += 1;
            }
        }
        end.map(|end| self.code(at..end))
    }

    fn code(&self, lines: Range<usize>) -> Block {
        let text = self.lines_of(&lines).join("\n");
        Block::new(lines, Content::Code { language: String::new(), text })
    }

    /// The end of a table that begins at a line: rows between pipes, or rows under a line of dashes.
    fn end_of_table(&self, at: usize) -> Option<usize> {
        let is_row = |line: &str| {
            let line = line.trim();
            line.len() > 2 && line.starts_with('|') && line.ends_with('|')
        };
        let has_dashes = self.line(at).contains('|') && is_delimiter(self.line(at + 1));
        let is_part = |line: &&&str| if has_dashes { line.contains('|') } else { is_row(line) };
        let rows = self.lines.get(at..).unwrap_or_default().iter().take_while(is_part).count();
        (rows > 1).then_some(at + rows)
    }

    fn table(&self, lines: &Range<usize>) -> Table {
        let mut table =
            Table { head_rows: usize::from(is_delimiter(self.line(lines.start + 1))), ..Table::default() };
        for at in lines.clone() {
            let line = self.line(at);
            let style = if is_delimiter(line) { Style::SIGN } else { Style::default() };
            let cell = |cell: &str| {
                let mut text = Text::default();
                text.push(cell.trim(), style, None);
                vec![Block::new(at..at + 1, Content::Paragraph(text))]
            };
            table.rows.push(cells(line).map(cell).collect());
        }
        table
    }

    fn end_of_quote(&self, at: usize) -> Option<usize> {
        let quoted = |line: &&&str| line.trim_start().starts_with('>');
        let lines = self.lines.get(at..).unwrap_or_default().iter().take_while(quoted).count();
        (lines > 0).then_some(at + lines)
    }

    /// The lines of a quote. A deeper quote within it keeps its signs.
    fn quote(&self, lines: &Range<usize>) -> Content {
        let is_prompt = self.line(lines.start).trim_start().starts_with(">>> ");
        if is_prompt {
            return self.code(lines.clone()).content;
        }
        let inside = |line: &&str| {
            let line = line.trim_start();
            let line = line.strip_prefix('>').unwrap_or(line);
            line.strip_prefix(' ').unwrap_or(line).to_owned()
        };
        let text: Vec<String> = self.lines_of(lines).iter().map(inside).collect();
        let text = Content::Paragraph(Text::plain(text.join("\n")));
        Content::Quote(vec![Block::new(lines.clone(), text)])
    }

    /// Lines up to a blank one or something else than prose.
    fn prose(&mut self) {
        let start = self.at;
        let mut end = start + 1;
        while end < self.lines.len() && !is_blank(self.line(end)) && !self.is_special(end) {
            end += 1;
        }
        let lines = start..end;
        let is_chunk = (start == 0 || is_blank(self.line(start - 1))) && is_blank(self.line(end));
        if is_chunk {
            let chunk = self.lines_of(&lines).join("\n");
            let has_next = self.lines.iter().skip(end).any(|line| !is_blank(line));
            if let Some((level, _)) = heading(&chunk, has_next, self.title) {
                let text = Text::plain(chunk.trim());
                return self.push(lines, Content::Heading { level, text });
            }
            if let Some((alt, caption, host)) = image(&chunk) {
                let [alt, caption, source] = [alt, caption, host].map(str::to_owned);
                return self.push(lines, Content::Image { alt, caption, source, url: String::new() });
            }
        }
        let text = paragraph(self.lines_of(&lines));
        self.push(lines, Content::Paragraph(text));
    }
}

/// The lines of a paragraph: as they are, as a chat, or, if they were wrapped by hand, as one.
fn paragraph(lines: &[&str]) -> Text {
    if is_wrapped(lines) {
        return Text::plain(lines.join(" "));
    }
    let is_known = |label: &str| SPEAKERS.iter().any(|known| known.eq_ignore_ascii_case(label));
    let is_chat = match lines {
        [line] => speaker(line).is_some_and(|end| line.get(..end).is_some_and(is_known)),
        lines => lines.iter().all(|line| speaker(line).is_some()),
    };
    let mut text = Text::default();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            text.push("\n", Style::default(), None);
        }
        let end = if is_chat { speaker(line).map_or(0, |end| end + 1) } else { 0 };
        let (label, rest) = line.split_at_checked(end).unwrap_or(("", line));
        text.push(label, Style::LABEL, None);
        text.push(rest, Style::default(), None);
    }
    text
}

/// Where the name of a speaker ends in a line of a chat: at the colon before what is said.
fn speaker(line: &str) -> Option<usize> {
    let end = line.find(": ")?;
    let label = line.get(..end)?;
    let fits = label.chars().count() <= MAX_SPEAKER_CHARS && label.chars().any(char::is_alphabetic);
    // A sentence is no name.
    (fits && !label.contains(['.', ',', ';', '?', '!', '"', '|', '{', '='])).then_some(end)
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// How far a line is indented. Unit: columns.
fn indent(line: &str) -> usize {
    let mut column = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => column += 1,
            b'\t' => column += TAB - column % TAB,
            _ => break,
        }
    }
    column
}

/// The sign of a fence that opens code, and how often it stands there.
fn fence(line: &str) -> Option<(char, usize)> {
    let line = line.trim_start();
    let sign = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.bytes().take_while(|byte| char::from(*byte) == sign).count();
    // Code in a line may begin with as many backticks.
    let is_open = length >= 3 && !(sign == '`' && line.get(length..)?.contains('`'));
    is_open.then_some((sign, length))
}

/// A line of dashes between pipes, which parts the head of a table from its rows.
fn is_delimiter(line: &str) -> bool {
    line.contains('-')
        && line.contains('|')
        && line.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t'))
}

/// The cells of a row, without the pipes around them. A pipe behind a backslash is none.
fn cells(line: &str) -> impl Iterator<Item = &str> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').filter(|line| !line.ends_with('\\')).unwrap_or(line);
    let mut before = ' ';
    line.split(move |c| {
        let parts = c == '|' && before != '\\';
        before = c;
        parts
    })
}
