//! Posts and decisions as tables, JSON and CSV. Text of strangers is made safe in what people
//! read; JSON escapes it itself.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::corpus::format;
use crate::export::{self, Cell};
use crate::model::checklist::tick_names;
use crate::model::text::{json_safe, width};
use crate::model::{Post, safe};
use crate::review::Standing;

/// Prints a line of words for people. Whatever stands in it is made safe, and this is the only way that
/// a command has to say something.
macro_rules! say {
    ($out:expr, $($words:tt)*) => {
        $crate::cli::output::line(&mut $out, format_args!($($words)*))
    };
}

/// See `say!`.
pub(super) fn line(out: &mut impl Write, words: fmt::Arguments<'_>) -> io::Result<()> {
    let words = words.to_string();
    // As `lines` does, but a blank line is one.
    words.split('\n').try_for_each(|line| writeln!(out, "{}", safe(line)))
}

/// Says what was done. Where standard output does not take that, as on a full disk, it is done all the same: the words
/// go to standard error, and the command has not failed.
pub(super) fn say_done(words: &str) {
    let mut out = io::stdout().lock();
    let said = line(&mut out, format_args!("{words}")).and_then(|()| out.flush());
    match said {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("copydesk: standard output takes nothing ({error}). What was done:\n{words}"));
        }
        _ => {}
    }
}

/// Says on standard error what went wrong. Records of the log among it are kept to the letter.
pub(super) fn complain(words: &str) {
    let mut stderr = anstream::stderr().lock();
    for line in words.lines() {
        let shown = if line.starts_with('{') { json_safe(line) } else { safe(line).into_text() };
        // Nobody may be there to read it any more.
        let _ = writeln!(stderr, "{shown}");
    }
}

/// Prints lines that are JSON already, with the same letters escaped as in what is printed as JSON.
pub(super) fn write_json_lines(out: &mut impl Write, lines: &str) -> io::Result<()> {
    out.write_all(json_safe(lines).as_bytes())
}

/// Prints what is made of our own words alone.
pub(super) fn write_own(out: &mut impl Write, words: &[u8]) -> io::Result<()> {
    out.write_all(words)
}

/// How a command prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Columns for people
    Table,
    /// One JSON value
    Json,
    /// One JSON value a line
    Jsonl,
    /// Comma-separated values with a header
    Csv,
    /// The ids alone, one a line
    Ids,
}

/// A post as JSON, what was decided about it beside it.
pub(super) struct Reviewed<'a> {
    pub(super) post: &'a Post,
    pub(super) standing: &'a Standing,
}

impl Serialize for Reviewed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.post.serialize_entries(&mut map)?;
        map.serialize_entry("review", &Review { post: self.post, standing: self.standing })?;
        map.end()
    }
}

struct Review<'a> {
    post: &'a Post,
    standing: &'a Standing,
}

impl Serialize for Review<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let standing = self.standing;
        let names = tick_names(self.post.checklist());
        let items = |ticks: &BTreeSet<String>| -> Vec<&str> {
            let items = self.post.checklist().zip(&names);
            items.filter(|(_, name)| ticks.contains(*name)).map(|(item, _)| item).collect()
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("status", standing.status.name())?;
        map.serialize_entry("claimed", &self.post.claimed_status())?;
        map.serialize_entry("stale", &standing.stale)?;
        map.serialize_entry("conflict", &standing.conflict)?;
        map.serialize_entry("why", &standing.why)?;
        map.serialize_entry("note", &standing.note)?;
        map.serialize_entry("note_stale", &standing.is_note_stale)?;
        map.serialize_entry("by", &Some(&standing.by).filter(|by| !by.is_empty()))?;
        map.serialize_entry("at", &standing.at.map(|at| at.to_string()))?;
        map.serialize_entry("checklist", &items(&standing.done))?;
        map.serialize_entry("checklist_stale", &items(&standing.stale_done))?;
        map.end()
    }
}

/// Prints rows of text in columns as wide as their widest cell; the last column is not padded.
pub(super) fn table(out: &mut impl Write, header: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
    let mut widths: Vec<usize> = header.iter().map(|name| width(name)).collect();
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| safe(cell).to_string()).collect()).collect();
    for row in &rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
    for row in std::iter::once(&header).chain(&rows) {
        let mut line = String::new();
        for (widest, cell) in widths.iter().zip(row) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', widest.saturating_sub(width(cell)) + 2));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Prints one JSON value without a line end, safe on a terminal and the same to every reader.
pub(super) fn write_json(out: &mut impl Write, value: &impl Serialize) -> anyhow::Result<()> {
    let json = serde_json::to_string(value)?;
    out.write_all(json_safe(&json).as_bytes())?;
    Ok(())
}

/// Prints a post as a page: each line made safe where people read it. For a program it is the page that
/// reads as the post again, in which nothing acts on a terminal either.
pub(super) fn write_page(out: &mut impl Write, post: &Post) -> io::Result<()> {
    if !io::stdout().is_terminal() {
        return out.write_all(format::write_page(post).as_bytes());
    }
    format::page_for_people(post).lines().try_for_each(|line| writeln!(out, "{}", safe(line)))
}

/// Prints one line of CSV, each cell on one line.
pub(super) fn csv_line(out: &mut impl Write, cells: &[String]) -> io::Result<()> {
    out.write_all(export::csv_line(cells.iter().map(|cell| Cell::Text(cell))).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_line_up_by_columns_of_the_terminal() {
        let mut out = Vec::new();
        let rows = [vec!["日本".to_owned(), "x".to_owned()], vec!["a\u{1b}".to_owned(), "y".to_owned()]];
        table(&mut out, &["id", "title"], &rows).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "id    title\n日本  x\na␛    y\n");
    }
}
