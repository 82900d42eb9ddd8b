//! What queries ask of titles, answered once for each different title.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::{Seen, Stop};
use crate::corpus::{Corpus, Row, Segment};
use crate::query::fuzzy::{Scorer, Word, hits};
use crate::query::matching::{Same, Words};

/// Of a title that nobody asks for.
const NO_SCORE: i32 = i32::MIN;

/// Scores that differ by less are counted a segment at a time.
const FEW_SCORES: u32 = 4_096;

/// For each title, whether it was found.
pub(super) type Hits = Arc<Vec<bool>>;

/// What is asked of a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TitleTest {
    /// It holds the letters of a folded word in their order.
    Fuzzy(Word),
    /// It holds folded words as they are.
    Holds(Words),
    /// It is a folded text.
    Is(Same),
}

impl TitleTest {
    fn passes(&self, title: &str) -> bool {
        match self {
            Self::Fuzzy(word) => hits(title, word),
            Self::Holds(words) => words.is_in(title),
            Self::Is(same) => same.is(title),
        }
    }

    /// Whatever passes this also passes `other`.
    fn narrows(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Holds(words), Self::Holds(other)) => words.folded().contains(other.folded()),
            (Self::Fuzzy(word), Self::Fuzzy(other)) => hits(word.text(), other),
            (Self::Holds(words), Self::Fuzzy(other)) => hits(words.folded(), other),
            (Self::Is(same), Self::Holds(other)) => same.folded().contains(other.folded()),
            (Self::Is(same), Self::Fuzzy(other)) => hits(same.folded(), other),
            (Self::Is(same), Self::Is(other)) => same == other,
            (Self::Fuzzy(_), Self::Holds(_)) | (Self::Fuzzy(_) | Self::Holds(_), Self::Is(_)) => false,
        }
    }
}

/// The titles of a corpus that grows, and what was asked of them last.
#[derive(Debug, Default)]
pub(super) struct Titles {
    seen: Seen,
    /// The tests of the query before this one.
    before: Vec<(TitleTest, Hits)>,
    /// Those of this one.
    now: Vec<(TitleTest, Hits)>,
}

impl Titles {
    /// Turns to a query over a corpus. What was found in another corpus is forgotten.
    pub(super) fn look_at(&mut self, corpus: &Corpus) {
        if !self.seen.continues(corpus) {
            (self.before, self.now) = (Vec::new(), Vec::new());
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
                TitleTest::Holds(words) => words.folded().len(),
                TitleTest::Is(same) => same.folded().len(),
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

/// Orders rows, which come in the order of the corpus, by the score of their titles, the best first;
/// equal ones stay as they are.
pub(super) fn best_first(rows: &[Row], words: &[&str], corpus: &Corpus, stop: Stop<'_>) -> Option<Vec<Row>> {
    let parts = parts_of(rows, corpus);
    let needed: Vec<AtomicBool> = (0..corpus.titles_len()).map(|_| AtomicBool::new(false)).collect();
    parts.par_iter().for_each(|part| {
        let titles = part.titles().filter_map(|number| needed.get(number as usize));
        titles.for_each(|needed| needed.store(true, Ordering::Relaxed));
    });
    let is_needed = |number: usize| needed.get(number).is_some_and(|needed| needed.load(Ordering::Relaxed));
    let words: Vec<Word> = words.iter().map(|word| Word::new(word)).collect();
    let scores: Vec<i32> = each_title_with(corpus, stop, Scorer::default, |scorer, number, title| {
        if is_needed(number) {
            i32::try_from(scorer.score(title, &words)).unwrap_or(i32::MAX)
        } else {
            NO_SCORE
        }
    })?;
    let scored = || scores.iter().copied().filter(|score| *score != NO_SCORE);
    let best = scored().max().unwrap_or_default();
    let worst = scored().min().unwrap_or_default();
    let rank = |number: u32| best.abs_diff(scores.get(number as usize).copied().unwrap_or(worst));
    if best.abs_diff(worst) >= FEW_SCORES {
        let ranks: Vec<u32> = parts.par_iter().flat_map_iter(|part| part.titles().map(rank)).collect();
        return Some(super::order::by_rank(rows, &ranks));
    }
    // Each segment's rows are put in order where they are near each other, then brought together.
    let few = best.abs_diff(worst) as usize + 1;
    let sorted = parts.par_iter().map(|part| {
        let ranks: Vec<u32> = part.titles().map(rank).collect();
        super::order::counted(part.rows, &ranks, few, |rank| rank as usize)
    });
    let sorted: Vec<(Vec<Row>, Vec<usize>)> = sorted.collect();
    let mut all = Vec::with_capacity(rows.len());
    for rank in 0..few {
        for (rows, ends) in &sorted {
            let end = ends.get(rank).copied().unwrap_or_default();
            let start = rank.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or_default();
            all.extend_from_slice(rows.get(start..end).unwrap_or_default());
        }
    }
    Some(all)
}

/// Rows of one segment.
struct Part<'a> {
    start: Row,
    segment: &'a Segment,
    rows: &'a [Row],
}

impl Part<'_> {
    /// The number of each row's title.
    fn titles(&self) -> impl Iterator<Item = u32> {
        let titles = self.segment.titles();
        self.rows.iter().map(|row| titles.get(row.index() - self.start.index()).copied().unwrap_or_default())
    }
}

/// Rows in the order of the corpus, by their segments.
fn parts_of<'a>(rows: &'a [Row], corpus: &'a Corpus) -> Vec<Part<'a>> {
    let mut rest = rows;
    let part = |(start, segment): (Row, &'a Arc<Segment>)| {
        let end = start.index() + segment.len();
        let (here, behind) =
            rest.split_at_checked(rest.partition_point(|row| row.index() < end)).unwrap_or_default();
        rest = behind;
        Part { start, segment: segment.as_ref(), rows: here }
    };
    corpus.segments().map(part).collect()
}

/// The number of each row's title; rows in the order of the corpus.
pub(super) fn title_numbers(rows: &[Row], corpus: &Corpus) -> Vec<u32> {
    parts_of(rows, corpus).iter().flat_map(Part::titles).collect()
}

fn ask(corpus: &Corpus, stop: Stop<'_>, passes: impl Fn(usize, &str) -> bool + Sync) -> Option<Hits> {
    each_title(corpus, stop, passes).map(Arc::new)
}

/// Something of each title, by its number.
pub(super) fn each_title<T: Clone + Default + Send>(
    corpus: &Corpus,
    stop: Stop<'_>,
    of: impl Fn(usize, &str) -> T + Sync,
) -> Option<Vec<T>> {
    each_title_with(corpus, stop, || (), |(), number, title| of(number, title))
}

/// Something of each title, by its number, with memory that titles of one segment share.
fn each_title_with<M, T: Clone + Default + Send>(
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
    let parts = parts.collect::<Option<Vec<Vec<T>>>>()?;
    let mut all = Vec::with_capacity(corpus.titles_len());
    for (segment, mut part) in segments.iter().zip(parts) {
        // The titles of a segment that was taken back have left their numbers unused.
        all.resize(segment.new_titles().0 as usize, T::default());
        all.append(&mut part);
    }
    Some(all)
}
