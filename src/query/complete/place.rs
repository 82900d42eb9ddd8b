//! What is being typed at a place in a query.

use std::ops::Range;

use crate::query::field::{Field, Kind};
use crate::query::parse::split_test;

/// What is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The name of a field, or a word for titles: nobody can tell yet.
    Field,
    /// A value of a field.
    Value(&'static Field),
    /// A key of the order.
    SortKey,
    /// The name of a query, behind its `@`.
    Name,
}

/// A place in a query where something is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What it is.
    pub wanted: Wanted,
    /// What of it is there, up to the cursor; without quotes.
    pub typed: String,
    /// What a candidate takes the place of. Unit: bytes of the text, at letters' edges.
    pub range: Range<usize>,
    /// The term that it belongs to, with the sign before it.
    pub term: Range<usize>,
}

/// A piece of a query that the cursor is in.
#[derive(Debug, Default)]
struct Word {
    start: usize,
    /// Where the quotes of its value begin.
    quote: Option<usize>,
    /// The quotes are closed, so nothing is being typed.
    closed: bool,
    /// Where the last of several values begins.
    item: Option<usize>,
}

impl Place {
    /// What is being typed at the cursor, a byte of the text at a letter's edge; `None` within words
    /// in quotes, patterns, and where nothing could be suggested.
    ///
    /// ```
    /// use copydesk::query::{Place, Wanted};
    ///
    /// let place = Place::of("score>=70 -stack:py sort:score", 19).unwrap();
    /// assert!(matches!(place.wanted, Wanted::Value(field) if field.name == "stack"));
    /// assert_eq!((place.typed.as_str(), place.range), ("py", 17..19));
    /// ```
    pub fn of(text: &str, cursor: usize) -> Option<Self> {
        let before = text.get(..cursor)?;
        let word = word_at(before)?;
        if word.closed {
            return None;
        }
        let typed = before.get(word.start..)?;
        let end = cursor + end_of(text.get(cursor..)?, word.quote.is_some());
        let is_sign = before.get(..word.start)?.ends_with('-');
        let term = word.start - usize::from(is_sign)..end;
        let place = |wanted, typed: &str, start: usize| {
            Some(Self { wanted, typed: typed.to_owned(), range: start..end, term: term.clone() })
        };
        if let Some(name) = typed.strip_prefix('@') {
            return place(Wanted::Name, name, word.start);
        }
        let Some((name, sign, value)) = split_test(typed) else {
            return place(Wanted::Field, typed, word.start);
        };
        let start = word.start + name.len() + sign.len();
        if name.eq_ignore_ascii_case("sort") {
            let key = value.rsplit(',').next().unwrap_or_default();
            let name = key.strip_prefix('-').unwrap_or(key);
            let start = cursor - name.len();
            let rest = text.get(cursor..end)?;
            let end = cursor + rest.find(',').unwrap_or(rest.len());
            let wanted = Wanted::SortKey;
            return Some(Self { wanted, typed: name.to_owned(), range: start..end, term });
        }
        let field = Field::find(name)?;
        let is_compared = matches!(field.kind, Kind::Number(_) | Kind::Date(_) | Kind::Decided);
        if is_compared || !matches!(sign, ":" | "=") {
            return None;
        }
        if let Some(quote) = word.quote {
            return place(Wanted::Value(field), before.get(quote + 1..)?, quote);
        }
        if !field.takes_lists() {
            return place(Wanted::Value(field), value, start);
        }
        // Of values with commas between them it is the one at the cursor.
        let rest = text.get(cursor..end)?;
        let end = cursor + rest.find(',').unwrap_or(rest.len());
        let start = word.item.unwrap_or(start);
        let typed = before.get(start..)?.to_owned();
        Some(Self { wanted: Wanted::Value(field), typed, range: start..end, term })
    }

    /// The query without the term that is being typed: the posts to count candidates in are those that
    /// pass this one.
    pub fn rest(&self, text: &str) -> String {
        let before = text.get(..self.term.start).unwrap_or_default().trim_end();
        let after = text.get(self.term.end..).unwrap_or_default().trim_start();
        // What joined the term to the one before it would be left alone.
        let joined = |word: &str| {
            let rest = before.strip_suffix(word)?;
            (rest.is_empty() || rest.ends_with([' ', '('])).then_some(rest.trim_end())
        };
        let before = ["and", "or", "not"].into_iter().find_map(joined).unwrap_or(before);
        let is_inside =
            before.is_empty() || after.is_empty() || before.ends_with('(') || after.starts_with(')');
        let gap = if is_inside { "" } else { " " };
        format!("{before}{gap}{after}")
    }
}

/// The piece that a text ends in; `None` within words in quotes or a pattern.
fn word_at(before: &str) -> Option<Word> {
    let mut word: Option<Word> = None;
    let mut chars = before.char_indices();
    while let Some((at, c)) = chars.next() {
        match &mut word {
            None if c == '"' => {
                pass_quotes(&mut chars)?;
            }
            None if c.is_whitespace() || matches!(c, '(' | ')' | '-') => {}
            None => word = Some(Word { start: at, ..Word::default() }),
            Some(_) if c.is_whitespace() || matches!(c, '(' | ')') => word = None,
            Some(word) => {
                let so_far = before.get(word.start..at).unwrap_or_default();
                let has_sign = so_far.contains([':', '=']);
                if c == ',' && has_sign {
                    word.item = Some(at + 1);
                } else if c == '"'
                    && (so_far.ends_with([':', '=', '<', '>']) || (so_far.ends_with(',') && has_sign))
                {
                    word.quote = Some(at);
                    word.closed = pass_quotes(&mut chars).is_some();
                    if word.closed && chars.as_str().is_empty() {
                        return Some(Word { start: word.start, closed: true, ..Word::default() });
                    }
                    if word.closed && chars.as_str().starts_with(',') {
                        (word.quote, word.closed) = (None, false);
                    } else if word.closed {
                        // The quotes end the piece; another one begins behind them.
                        *word = Word { start: before.len() - chars.as_str().len(), ..Word::default() };
                    }
                } else if c == '/' && so_far.eq_ignore_ascii_case("text:") {
                    pass_pattern(&mut chars)?;
                }
            }
        }
    }
    Some(word.unwrap_or(Word { start: before.len(), ..Word::default() }))
}

/// Passes over what is in quotes; `None` if they are not closed.
fn pass_quotes(chars: &mut std::str::CharIndices<'_>) -> Option<()> {
    while let Some((_, c)) = chars.next() {
        match c {
            '"' => return Some(()),
            '\\' if chars.as_str().starts_with(['"', '\\']) => drop(chars.next()),
            _ => {}
        }
    }
    None
}

/// Passes over a pattern; `None` if it is not closed.
fn pass_pattern(chars: &mut std::str::CharIndices<'_>) -> Option<()> {
    while let Some((_, c)) = chars.next() {
        match c {
            '/' => return Some(()),
            '\\' => drop(chars.next()),
            _ => {}
        }
    }
    None
}

/// How far the piece at the cursor goes on behind it. Unit: bytes.
fn end_of(rest: &str, in_quotes: bool) -> usize {
    if in_quotes {
        let mut chars = rest.char_indices();
        return match pass_quotes(&mut chars) {
            Some(()) => rest.len() - chars.as_str().len(),
            // Nobody has closed them: what follows are other terms.
            None => 0,
        };
    }
    rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')')).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The cursor is at the bar.
    fn at(text: &str) -> Option<(String, String, String, String)> {
        let (before, after) = text.split_once('|').unwrap();
        let text = format!("{before}{after}");
        let place = Place::of(&text, before.len())?;
        let wanted = match place.wanted {
            Wanted::Field => "field".to_owned(),
            Wanted::Value(field) => field.name.to_owned(),
            Wanted::SortKey => "sort".to_owned(),
            Wanted::Name => "@".to_owned(),
        };
        Some((
            wanted,
            place.typed.clone(),
            text.get(place.range.clone()).unwrap().to_owned(),
            place.rest(&text),
        ))
    }

    #[test]
    fn what_is_typed_is_told() {
        for (text, expected) in [
            ("|", Some(("field", "", "", ""))),
            ("sta|", Some(("field", "sta", "sta", ""))),
            ("a (-sta|ck) b", Some(("field", "sta", "stack", "a () b"))),
            ("stack:|", Some(("stack", "", "", ""))),
            ("a STACK:py|thon b", Some(("stack", "py", "python", "a b"))),
            ("a or -lang=p|", Some(("lang", "p", "p", "a"))),
            ("a and not stack:p| b", Some(("stack", "p", "p", "a and b"))),
            ("band stack:p|", Some(("stack", "p", "p", "band"))),
            ("stack:go,py|,rust x", Some(("stack", "py", "py", "x"))),
            ("stack:\"python se|", Some(("stack", "python se", "\"python se", ""))),
            ("stack:\"python se|rv\" a", Some(("stack", "python se", "\"python serv\"", "a"))),
            ("stack:\"python\"|", None),
            ("stack:\"a b\",py|,c d", Some(("stack", "py", "py", "d"))),
            ("stack:go,\"a, b|\" d", Some(("stack", "a, b", "\"a, b\"", "d"))),
            ("topic:\"a\" sta|", Some(("field", "sta", "sta", "topic:\"a\""))),
            ("title:a,b|", Some(("title", "a,b", "a,b", ""))),
            ("a sort:-score,-ti|tle", Some(("sort", "ti", "title", "a"))),
            ("sort:sc|,title", Some(("sort", "sc", "sc", ""))),
            ("@mi|", Some(("@", "mi", "@mi", ""))),
            ("\"some wo|rds\"", None),
            ("\"some words\" sta|", Some(("field", "sta", "sta", "\"some words\""))),
            ("text:/a b|/", None),
            ("text:/a b/ sta|", Some(("field", "sta", "sta", "text:/a b/"))),
            ("score>=7|", None),
            ("revised:20|", None),
            ("nothing:a|", None),
        ] {
            let found = at(text);
            let found = found.as_ref().map(|(a, b, c, d)| (a.as_str(), b.as_str(), c.as_str(), d.as_str()));
            assert_eq!(found, expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_place_lies_within_its_text(text in "[a-c:,\"/\\\\ ()@é-]{0,16}|(stack|sort|text|@a)[:=]?[a-c:,\"/\\\\ ()é-]{0,9}", cursor in 0..30_usize) {
            if let Some(place) = Place::of(&text, cursor) {
                prop_assert!(text.get(place.range.clone()).is_some() && place.range.start <= cursor && cursor <= place.range.end);
                prop_assert!(text.get(place.term.clone()).is_some());
                prop_assert!(place.term.start <= place.range.start && place.range.end <= place.term.end);
                place.rest(&text);
            }
        }
    }
}
