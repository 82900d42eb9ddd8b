//! Runs a query over a corpus.

use super::field::{Field, Kind, Subject};
use super::fuzzy::{self, fold};
use super::sort::{compare, values};
use super::standings::Standings;
use super::syntax::{Expr, Query, Term};
use super::view::View;
use crate::corpus::{Corpus, Row};

/// Posts that are looked at between two looks at `stop`.
const POSTS_PER_LOOK: u32 = 4_096;

/// The posts that pass, in order; `None` when `stop` said so before the end.
///
/// The order: by the keys of `sort:` where the query has some; else, where it has fuzzy words, by
/// fuzzy-matcher's score of the title, the best first; else that of the corpus. Posts that are equal
/// by that stay in the order of the corpus, so the same query on the same posts always gives the
/// same view.
pub fn run(query: &Query, corpus: &Corpus, standings: &Standings, stop: &dyn Fn() -> bool) -> Option<View> {
    if query.is_empty() {
        return Some(View::All(corpus.len()));
    }
    let rows = passing(query, corpus, standings, stop)?;
    let words = query.fuzzy_words();
    if !query.sort.is_empty() {
        let subjects = rows.into_iter().filter_map(|row| subject(corpus, standings, row));
        let mut keyed: Vec<_> = subjects.map(|post| (values(&query.sort, post), post.row)).collect();
        if stop() {
            return None;
        }
        keyed.sort_by(|a, b| compare(&query.sort, &a.0, &b.0));
        return Some(View::Rows(keyed.into_iter().map(|(_, row)| row).collect()));
    }
    if words.is_empty() {
        return Some(View::Rows(rows.into()));
    }
    let mut scored = Vec::with_capacity(rows.len());
    for row in rows {
        if row.0.is_multiple_of(POSTS_PER_LOOK) && stop() {
            return None;
        }
        let title = corpus.get(row).map_or("", |post| post.title());
        scored.push((fuzzy::score(title, &words), row));
    }
    scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    Some(View::Rows(scored.into_iter().map(|(_, row)| row).collect()))
}

fn passing(
    query: &Query,
    corpus: &Corpus,
    standings: &Standings,
    stop: &dyn Fn() -> bool,
) -> Option<Vec<Row>> {
    let test = query.expression.as_ref().map(Test::of);
    let mut rows = Vec::new();
    let mut number = 0_u32;
    for (_, segment) in corpus.segments() {
        for at in 0..segment.len() {
            let row = Row(number);
            if number.is_multiple_of(POSTS_PER_LOOK) && stop() {
                return None;
            }
            number += 1;
            let post = Subject { row, post: segment.row(at), badge: standings.get(row) };
            if test.as_ref().is_none_or(|test| test.passes(post)) {
                rows.push(row);
            }
        }
    }
    Some(rows)
}

fn subject<'a>(corpus: &'a Corpus, standings: &Standings, row: Row) -> Option<Subject<'a>> {
    Some(Subject { row, post: corpus.get(row)?, badge: standings.get(row) })
}

/// An expression made ready: everything that does not depend on the post is done once.
enum Test<'a> {
    And(Vec<Test<'a>>),
    Or(Vec<Test<'a>>),
    Not(Box<Test<'a>>),
    Fuzzy(&'a str),
    Exact(&'a str),
    Word(&'a Field, String),
    Number(&'a Field, super::syntax::NumberRange),
}

impl<'a> Test<'a> {
    fn of(expression: &'a Expr) -> Self {
        match expression {
            Expr::And(parts) => Self::And(cheapest_first(parts)),
            Expr::Or(parts) => Self::Or(parts.iter().map(Self::of).collect()),
            Expr::Not(part) => Self::Not(Box::new(Self::of(part))),
            Expr::Term(Term::Fuzzy(word)) => Self::Fuzzy(word),
            Expr::Term(Term::Exact(words)) => Self::Exact(words),
            Expr::Term(Term::Word { field, value }) => Self::Word(field, fold(value)),
            Expr::Term(Term::Number { field, range }) => Self::Number(field, *range),
        }
    }

    fn passes(&self, post: Subject<'_>) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.passes(post)),
            Self::Or(parts) => parts.iter().any(|part| part.passes(post)),
            Self::Not(part) => !part.passes(post),
            Self::Fuzzy(word) => fuzzy::hits(post.post.title(), word),
            Self::Exact(words) => contains(post.post.title(), words),
            Self::Word(field, value) => match field.kind {
                Kind::Words(visit) => visit(post, &mut |word| holds_word(word, value)),
                Kind::Text(read) => contains(read(post), value),
                Kind::Choice(_) => field.choice(value).is_some_and(|choice| (choice.test)(post)),
                Kind::Number(_) => false,
            },
            Self::Number(field, range) => match field.kind {
                Kind::Number(read) => read(post).is_some_and(|number| range.contains(number)),
                _ => false,
            },
        }
    }

    /// Numbers before words before titles.
    fn cost(&self) -> u8 {
        match self {
            Self::Number(..) => 0,
            Self::Word(..) => 1,
            Self::Exact(_) | Self::Fuzzy(_) => 2,
            Self::And(_) | Self::Or(_) | Self::Not(_) => 3,
        }
    }
}

fn cheapest_first(parts: &[Expr]) -> Vec<Test<'_>> {
    let mut tests: Vec<_> = parts.iter().map(Test::of).collect();
    tests.sort_by_key(Test::cost);
    tests
}

/// Whether `text` holds folded `words` anywhere, in any case.
fn contains(text: &str, words: &str) -> bool {
    if text.is_ascii() && words.is_ascii() {
        let words = words.as_bytes();
        return words.is_empty()
            || text.as_bytes().windows(words.len()).any(|window| window.eq_ignore_ascii_case(words));
    }
    fold(text).contains(words)
}

/// Whether a word of a post is the folded value, or holds it as a whole word: `stack:python` finds
/// `python services`, and `flag:image_heavy` and `flag:"image heavy"` are the same.
fn holds_word(word: &str, value: &str) -> bool {
    let plain = |c: char| if matches!(c, '_' | '-') { ' ' } else { c };
    let (word, value): (String, String) =
        (fold(word).chars().map(plain).collect(), value.chars().map(plain).collect());
    if value.is_empty() {
        return word.is_empty();
    }
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    word.match_indices(value.as_str()).any(|(at, _)| {
        let before = word.get(..at).and_then(|before| before.chars().next_back());
        let after = word.get(at + value.len()..).and_then(|after| after.chars().next());
        edge(before) && edge(after)
    })
}

#[cfg(test)]
mod tests;
