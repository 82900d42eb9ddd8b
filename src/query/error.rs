//! What is wrong with a query, and where.

use std::fmt;
use std::ops::Range;

use crate::model::safe;

/// Why a text is not a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The place of the mistake. Unit: bytes of the text; always within it, at letters' edges.
    pub span: Range<usize>,
    /// What is wrong and what was expected; raw.
    pub message: String,
    /// The nearest name that would have been understood.
    pub suggestion: Option<String>,
    /// What else could have been meant, told where no name is near.
    pub otherwise: &'static str,
    /// Whoever types it is not finished: more letters can mend it.
    pub incomplete: bool,
}

impl QueryError {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), suggestion: None, otherwise: "", incomplete: false }
    }

    pub(super) fn incomplete(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { incomplete: true, ..Self::new(span, message) }
    }

    /// Adds the nearest of some names, if one is near.
    pub(super) fn suggest<'a>(mut self, given: &str, names: impl Iterator<Item = &'a str>) -> Self {
        self.suggestion = nearest(given, names).map(str::to_owned);
        self
    }

    /// The message with the nearest name; raw.
    pub(super) fn full_message(&self) -> String {
        let near = match (&self.suggestion, self.otherwise) {
            (Some(name), _) => format!("; did you mean {name}?"),
            (None, "") => String::new(),
            (None, otherwise) => format!("; {otherwise}"),
        };
        format!("{}{near}", self.message)
    }

    /// The message, then the query with the place underlined.
    pub fn explain(&self, text: &str) -> String {
        let before = text.get(..self.span.start).unwrap_or_default();
        let there = text.get(self.span.clone()).unwrap_or_default();
        let (blanks, carets) = (safe(before).width(), safe(there).width().max(1));
        format!("{self}\n  {}\n  {}{}", safe(text), " ".repeat(blanks), "^".repeat(carets))
    }
}

/// One safe line.
impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", safe(&self.full_message()))
    }
}

/// Said of a word that looks like a field or the name of a query.
pub(super) const IN_QUOTES: &str = "in quotes it would be searched for as words";

/// The name with the fewest letters changed, if at most a third of them are.
pub fn nearest<'a>(given: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // A name that long is none of ours, and the distance is quadratic.
    if given.chars().count() > 32 {
        return None;
    }
    let given = given.to_lowercase();
    let key = |name: &'a str| (!name.starts_with(&given), distance(&given, name), name);
    let (misses, distance, name) = names.map(key).min().filter(|_| !given.is_empty())?;
    (!misses || distance * 3 <= given.chars().count().max(name.chars().count())).then_some(name)
}

/// How many letters have to be changed, added, left out or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: [Vec<usize>; 3] = [Vec::new(), Vec::new(), (0..=b.len()).collect()];
    for (i, ca) in a.iter().enumerate() {
        rows.rotate_left(1);
        let [before, above, row] = &mut rows;
        row.clear();
        row.push(i + 1);
        for (j, cb) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let changed = at(above, j) + usize::from(ca != cb);
            let mut best = changed.min(at(above, j + 1) + 1).min(at(row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(cb) && b.get(j - 1) == Some(ca);
            if swapped {
                best = best.min(at(before, j - 1) + 1);
            }
            row.push(best);
        }
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_not() {
        let names = ["stack", "status", "score", "difficulty"];
        for (given, expected) in [
            ("stakc", Some("stack")),
            ("Scor", Some("score")),
            ("dif", Some("difficulty")),
            ("xyz", None),
            ("", None),
        ] {
            assert_eq!(nearest(given, names.into_iter()), expected, "{given}");
        }
    }

    #[test]
    fn the_place_is_underlined_by_its_width() {
        let error = QueryError::new(4..10, "nothing is called that");
        assert_eq!(error.explain("日 日本 x"), "nothing is called that\n  日 日本 x\n     ^^^^");
    }
}
