//! Comma-separated values (RFC 4180) that no spreadsheet takes for formulas.

use std::borrow::Cow;

use crate::model::meta::is_number;
use crate::model::safe;

/// What a spreadsheet may take for the start of a formula: the list of OWASP, and the same signs in
/// full width.
const FORMULA: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];

/// One cell of a line.
#[derive(Clone, Debug)]
pub enum Cell<'a> {
    /// Text on one line.
    Text(&'a str),
    /// Text that was put together, on one line.
    Made(String),
    /// Text whose lines stay lines.
    Lines(&'a str),
    /// A number, as it was written; negative ones too. What is none is text.
    Number(Cow<'a, str>),
}

/// A line of cells, its line end included.
pub fn csv_line<'a>(cells: impl IntoIterator<Item = Cell<'a>>) -> String {
    let mut line = String::new();
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        cell.push_to(&mut line);
    }
    line.push_str("\r\n");
    line
}

impl Cell<'_> {
    fn push_to(&self, line: &mut String) {
        match self {
            Self::Number(text) if is_number(text) => line.push_str(text),
            Self::Number(text) => push(line, text, &safe(text).into_text()),
            Self::Text(text) => push(line, text, &safe(text).into_text()),
            Self::Made(text) => push(line, text, &safe(text).into_text()),
            Self::Lines(text) => {
                let lines: Vec<Cow<'_, str>> = text.split('\n').map(|line| safe(line).into_text()).collect();
                push(line, text, &lines.join("\n"));
            }
        }
    }
}

/// Adds a cell: in quotes where it needs them, with an apostrophe before what might be a formula, also
/// behind blanks, which some programs take off.
fn push(line: &mut String, raw: &str, shown: &str) {
    let is_formula = raw.starts_with(FORMULA) || raw.trim_start().starts_with(FORMULA);
    if !is_formula && !shown.contains([',', '"', '\n', '\r']) {
        line.push_str(shown);
        return;
    }
    line.push('"');
    if is_formula {
        line.push('\'');
    }
    line.push_str(&shown.replace('"', "\"\""));
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_disarmed() {
        for (cell, line) in [
            (Cell::Text("plain"), "plain"),
            (Cell::Text(""), ""),
            (Cell::Text("a,b \"c\""), "\"a,b \"\"c\"\"\""),
            (Cell::Text("=cmd|' /C calc'!A0"), "\"'=cmd|' /C calc'!A0\""),
            (Cell::Text("-2"), "\"'-2\""),
            (Cell::Text("+1"), "\"'+1\""),
            (Cell::Text("@SUM(A1)"), "\"'@SUM(A1)\""),
            (Cell::Text("＝1"), "\"'＝1\""),
            (Cell::Text("  =1"), "\"'  =1\""),
            (Cell::Text("\t=1"), "\"'    =1\""),
            (Cell::Text("\0"), "\"'␀\""),
            (Cell::Text("\rx"), "\"'␍x\""),
            (Cell::Text("a\nb"), "a␊b"),
            (Cell::Lines("a\n=b\u{1b}"), "\"a\n=b␛\""),
            (Cell::Lines("\n=b"), "\"'\n=b\""),
            (Cell::Made("=a".to_owned()), "\"'=a\""),
            (Cell::Number("-2.5e3".into()), "-2.5e3"),
            (Cell::Number("-2+3".into()), "\"'-2+3\""),
            (Cell::Number("007".into()), "007"),
        ] {
            assert_eq!(csv_line([cell.clone()]), format!("{line}\r\n"), "{cell:?}");
        }
        assert_eq!(csv_line([Cell::Text("a"), Cell::Text("")]), "a,\r\n");
    }
}
