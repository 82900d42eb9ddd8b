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
    /// What is said of a value that is taken.
    pub taken: Taken,
}

/// What a value says that is taken from those that are suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// What it says where it stands.
    AsItStands,
    /// The whole value is meant, once the colon at this place of the text has become an equals sign.
    Whole(usize),
    /// A word within values is meant, as of those that stand beside it: how many posts have that, nobody has
    /// counted.
    Word,
}

impl Place {
    /// The text with a candidate at its place.
    pub fn with(&self, text: &str, candidate: &str) -> String {
        let mut text = text.to_owned();
        if text.get(self.range.clone()).is_some() {
            text.replace_range(self.range.clone(), candidate);
        }
        if let Taken::Whole(at) = self.taken
            && text.get(at..=at) == Some(":")
        {
            text.replace_range(at..=at, "=");
        }
        text
    }
}

/// What stands before the quotes of a value.
const BEFORE_QUOTES: [char; 5] = [':', '=', '<', '>', ','];

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

/// Where what is typed ends behind the cursor. Unit: bytes.
struct End {
    /// The value.
    value: usize,
    /// The term, other values of it included.
    term: usize,
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
        let rest = text.get(cursor..)?;
        // Nothing is typed yet before the quotes of a value.
        let test = split_test(typed);
        let is_before = test.is_some() && word.quote.is_none() && typed.ends_with(BEFORE_QUOTES);
        let quotes = rest.strip_prefix('"').filter(|_| is_before);
        let skipped = cursor + usize::from(quotes.is_some());
        let is_quoted = word.quote.is_some() || quotes.is_some();
        let End { value, term: end } = end_of(quotes.unwrap_or(rest), is_quoted, test.is_some());
        let (value_end, end) = (skipped + value, skipped + end);
        let is_sign = before.get(..word.start)?.ends_with('-');
        let term = word.start - usize::from(is_sign)..end;
        let taken = Taken::AsItStands;
        let place = |wanted, typed: &str, start: usize| {
            Some(Self { wanted, typed: typed.to_owned(), range: start..end, term: term.clone(), taken })
        };
        if let Some(name) = typed.strip_prefix('@') {
            return place(Wanted::Name, name, word.start);
        }
        let Some((name, sign, value)) = test else {
            return place(Wanted::Field, typed, word.start);
        };
        let start = word.start + name.len() + sign.len();
        if name.eq_ignore_ascii_case("sort") {
            let key = value.rsplit(',').next().unwrap_or_default();
            let name = key.strip_prefix('-').unwrap_or(key);
            let start = cursor - name.len();
            let (wanted, range) = (Wanted::SortKey, start..value_end);
            return Some(Self { wanted, typed: name.to_owned(), range, term, taken });
        }
        let field = Field::find(name)?;
        let is_compared = matches!(field.kind, Kind::Number(_) | Kind::Date(_) | Kind::Decided);
        if is_compared || !matches!(sign, ":" | "=") {
            return None;
        }
        if !field.takes_lists() {
            let (typed, start) = match word.quote {
                Some(quote) => (before.get(quote + 1..)?, quote),
                None => (value, start),
            };
            return place(Wanted::Value(field), typed, start);
        }
        // Of values with commas between them it is the one at the cursor.
        let is_alone = word.item.is_none() && value_end == end;
        let taken = match sign {
            ":" if field.has_wholes() && is_alone => Taken::Whole(start - 1),
            ":" if field.has_wholes() => Taken::Word,
            _ => Taken::AsItStands,
        };
        let (start, typed) = match word.quote {
            Some(quote) => (quote, before.get(quote + 1..)?),
            None => {
                let start = word.item.unwrap_or(start);
                (start, before.get(start..)?)
            }
        };
        let (wanted, range) = (Wanted::Value(field), start..value_end);
        Some(Self { wanted, typed: typed.to_owned(), range, term, taken })
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
                } else if c == '"' && so_far.ends_with(BEFORE_QUOTES) && (has_sign || !so_far.ends_with(','))
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

/// How far the piece at the cursor goes on behind it. `has_sign`: it is a test of a field, so that quotes
/// are quotes.
fn end_of(rest: &str, in_quotes: bool, has_sign: bool) -> End {
    let mut chars = rest.char_indices();
    let (mut value, mut is_quoted) = (None, in_quotes);
    loop {
        let at = rest.len() - chars.as_str().len();
        if std::mem::take(&mut is_quoted) {
            if pass_quotes(&mut chars).is_none() {
                // Nobody has closed them: what follows are other terms.
                let end = value.map_or(0, |_| rest.len());
                return End { value: value.unwrap_or(end), term: end };
            }
            if !chars.as_str().starts_with(',') {
                let end = rest.len() - chars.as_str().len();
                return End { value: value.unwrap_or(end), term: end };
            }
            continue;
        }
        let next = chars.next().map(|(_, c)| c);
        let Some(c) = next.filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')')) else {
            return End { value: value.unwrap_or(at), term: at };
        };
        if c == ',' {
            value.get_or_insert(at);
            is_quoted = has_sign && chars.as_str().starts_with('"') && chars.next().is_some();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::lex::{Token, lex};
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
            ("a (-sta|ck) b", Some(("field", "sta", "stack", "a b"))),
            ("stack:|", Some(("stack", "", "", ""))),
            ("a STACK:py|thon b", Some(("stack", "py", "python", "a b"))),
            ("a or -lang=p|", Some(("lang", "p", "p", ""))),
            ("a or b -lang=p| c or d", Some(("lang", "p", "p", "b c"))),
            ("a (b or -(c stack:p| (d or e)) or f) g", Some(("stack", "p", "p", "a c ( d or e ) g"))),
            ("-(a or b) not (c (stack:p|", Some(("stack", "p", "p", "- (a or b) c"))),
            ("a and not stack:p| b", Some(("stack", "p", "p", "a b"))),
            ("band stack:p|", Some(("stack", "p", "p", "band"))),
            ("stack:go,py|,rust x", Some(("stack", "py", "py", "x"))),
            ("stack:\"python se|", Some(("stack", "python se", "\"python se", ""))),
            ("stack:\"python se|rv\" a", Some(("stack", "python se", "\"python serv\"", "a"))),
            ("stack:\"python\"|", None),
            ("stack:\"a b\",py|,c d", Some(("stack", "py", "py", "d"))),
            ("stack:go,\"a, b|\" d", Some(("stack", "a, b", "\"a, b\"", "d"))),
            ("stack:\"a, b|\",c d", Some(("stack", "a, b", "\"a, b\"", "d"))),
            ("stack:a|,\"b, c\",d e", Some(("stack", "a", "a", "e"))),
            ("stack:|\"a, b\",c d", Some(("stack", "", "\"a, b\"", "d"))),
            ("stack:a|, b", Some(("stack", "a", "a", "b"))),
            ("stack:a|,\"b, c d", Some(("stack", "a", "a", ""))),
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
                if let (Wanted::Value(_), Ok(tokens)) = (place.wanted, lex(&text)) {
                    let start = place.term.start + usize::from(text.get(place.term.start..).unwrap().starts_with('-'));
                    let is_it = |token: &Token| token.span == (start..place.term.end);
                    prop_assert!(tokens.iter().any(is_it), "{} {:?} {:?}", text, place, tokens);
                }
            }
        }
    }
}
