//! What queries ask of titles, answered once for each different title.

use std::sync::Arc;

use rayon::prelude::*;

use super::Stop;
use crate::corpus::{Corpus, Row, Segment};
use crate::query::fuzzy::{Scorer, Word, hits};
use crate::query::matching::contains;

/// For each title, whether it was found.
pub(super) type Hits = Arc<Vec<bool>>;

/// What is asked of a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TitleTest {
    /// It holds the letters of a folded word in their order.
    Fuzzy(Word),
    /// It holds folded words as they are.
    Holds(String),
}

impl TitleTest {
    fn passes(&self, title: &str) -> bool {
        match self {
            Self::Fuzzy(word) => hits(title, word),
            Self::Holds(words) => contains(title, words),
        }
    }

    /// Whatever passes this also passes `other`.
    fn narrows(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Holds(words), Self::Holds(other)) => words.contains(other.as_str()),
            (Self::Fuzzy(word), Self::Fuzzy(other)) => hits(word.text(), other),
            (Self::Holds(words), Self::Fuzzy(other)) => hits(words, other),
            (Self::Fuzzy(_), Self::Holds(_)) => false,
        }
    }
}

/// The titles of a corpus that grows, and what was asked of them last.
#[derive(Debug, Default)]
pub(super) struct Titles {
    /// The first segment: another one is another corpus.
    first: Option<Arc<Segment>>,
    /// The tests of the query before this one.
    before: Vec<(TitleTest, Hits)>,
    /// Those of this one.
    now: Vec<(TitleTest, Hits)>,
}

impl Titles {
    /// Turns to a query over a corpus. What was found in another corpus is forgotten.
    pub(super) fn look_at(&mut self, corpus: &Corpus) {
        let first = corpus.segments().next().map(|(_, segment)| Arc::clone(segment));
        let is_same = match (&self.first, &first) {
            (Some(known), Some(first)) => Arc::ptr_eq(known, first),
            _ => false,
        };
        if !is_same {
            *self = Self { first, ..Self::default() };
        }
        if !self.now.is_empty() {
            self.before = std::mem::take(&mut self.now);
        }
    }

    /// The titles that pass a test. What the query before has found is looked at alone, where it can
    /// be, and titles that it has answered for already are not asked again.
    pub(super) fn hits(&mut self, test: TitleTest, corpus: &Corpus, stop: Stop<'_>) -> Option<Hits> {
        let known = self.now.iter().chain(&self.before);
        let same = known.clone().find(|(other, _)| *other == test);
        let narrowed = || {
            let wider = known.clone().filter(|(other, _)| test.narrows(other));
            wider.max_by_key(|(other, _)| match other {
                TitleTest::Fuzzy(word) => word.text().len(),
                TitleTest::Holds(words) => words.len(),
            })
        };
        let hits = match same {
            Some((_, hits)) if hits.len() == corpus.titles_len() => Arc::clone(hits),
            Some((_, hits)) => {
                let known = |number: usize| hits.get(number).copied();
                let passes = |number, title: &str| known(number).unwrap_or_else(|| test.passes(title));
                ask(corpus, stop, passes)?
            }
            None => {
                let wider = narrowed().map(|(_, hits)| hits);
                let may = |number: usize| wider.is_none_or(|wider| wider.get(number) != Some(&false));
                let passes = |number, title: &str| may(number) && test.passes(title);
                ask(corpus, stop, passes)?
            }
        };
        self.now.push((test, Arc::clone(&hits)));
        Some(hits)
    }
}

/// Orders rows by the score of their titles, the best first, equal ones as they were.
pub(super) fn best_first(rows: &[Row], words: &[&str], corpus: &Corpus, stop: Stop<'_>) -> Option<Vec<Row>> {
    let numbers = title_numbers(rows, corpus);
    let mut needed = vec![false; corpus.titles_len()];
    for number in &numbers {
        if let Some(needed) = needed.get_mut(*number as usize) {
            *needed = true;
        }
    }
    let words: Vec<Word> = words.iter().map(|word| Word::new(word)).collect();
    let scores: Vec<i32> = each_title_with(corpus, stop, Scorer::default, |scorer, number, title| {
        let is_needed = needed.get(number).is_some_and(|needed| *needed);
        if is_needed { i32::try_from(scorer.score(title, &words)).unwrap_or(i32::MAX) } else { 0 }
    })?;
    let score = |number: &u32| scores.get(*number as usize).copied().unwrap_or_default();
    let best = numbers.iter().map(score).max().unwrap_or_default();
    let ranks = numbers.iter().map(|number| best.abs_diff(score(number)));
    Some(super::order::by_rank(rows, &ranks.collect::<Vec<_>>()))
}

/// The number of each row's title; rows in the order of the corpus.
pub(super) fn title_numbers(rows: &[Row], corpus: &Corpus) -> Vec<u32> {
    let mut numbers = Vec::with_capacity(rows.len());
    let mut rest = rows;
    for (start, segment) in corpus.segments() {
        let end = start.index() + segment.len();
        let (here, behind) =
            rest.split_at_checked(rest.partition_point(|row| row.index() < end)).unwrap_or_default();
        let title = |row: &Row| segment.titles().get(row.index() - start.index()).copied();
        numbers.extend(here.iter().map(|row| title(row).unwrap_or_default()));
        rest = behind;
    }
    numbers
}

fn ask(corpus: &Corpus, stop: Stop<'_>, passes: impl Fn(usize, &str) -> bool + Sync) -> Option<Hits> {
    each_title(corpus, stop, passes).map(Arc::new)
}

/// Something of each title, by its number.
pub(super) fn each_title<T: Clone + Send>(
    corpus: &Corpus,
    stop: Stop<'_>,
    of: impl Fn(usize, &str) -> T + Sync,
) -> Option<Vec<T>> {
    each_title_with(corpus, stop, || (), |(), number, title| of(number, title))
}

/// Something of each title, by its number, with memory that titles of one segment share.
fn each_title_with<M, T: Clone + Send>(
    corpus: &Corpus,
    stop: Stop<'_>,
    memory: impl Fn() -> M + Sync,
    of: impl Fn(&mut M, usize, &str) -> T + Sync,
) -> Option<Vec<T>> {
    let segments: Vec<_> = corpus.segments().map(|(_, segment)| segment).collect();
    let parts = segments.par_iter().map(|segment| {
        if stop() {
            return None;
        }
        let mut memory = memory();
        let (first, titles) = segment.new_titles();
        let numbers = first as usize..;
        Some(
            titles
                .iter()
                .zip(numbers)
                .map(|(title, number)| of(&mut memory, number, title))
                .collect::<Vec<T>>(),
        )
    });
    Some(parts.collect::<Option<Vec<Vec<T>>>>()?.concat())
}
