//! Posts and decisions as tables, JSON and CSV. Text of strangers is made safe in what people
//! read; JSON escapes it itself.

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::export::{self, Cell};
use crate::model::checklist::tick_names;
use crate::model::text::{json_safe, width};
use crate::model::{Post, safe};
use crate::review::Standing;

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
        let done = |name| standing.done.contains(name);
        let ticked: Vec<&str> =
            self.post.checklist().zip(&names).filter(|(_, name)| done(*name)).map(|(item, _)| item).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("status", standing.status.name())?;
        map.serialize_entry("claimed", &self.post.claimed_status())?;
        map.serialize_entry("stale", &standing.stale)?;
        map.serialize_entry("conflict", &standing.conflict)?;
        map.serialize_entry("why", &standing.why)?;
        map.serialize_entry("note", &standing.note)?;
        map.serialize_entry("by", &Some(&standing.by).filter(|by| !by.is_empty()))?;
        map.serialize_entry("at", &standing.at.map(|at| at.to_string()))?;
        map.serialize_entry("checklist", &ticked)?;
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

/// Prints text of strangers line by line, each made safe where people read it, and untouched where
/// a program does.
pub(super) fn write_lines(out: &mut impl Write, text: &str) -> io::Result<()> {
    if !io::stdout().is_terminal() {
        return out.write_all(text.as_bytes());
    }
    text.lines().try_for_each(|line| writeln!(out, "{}", safe(line)))
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
