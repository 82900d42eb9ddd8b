//! The order of a view.
//!
//! Every key of an order gives each row a rank, a small number, and rows are brought into the order of
//! their ranks by counting: some milliseconds for a million rows, whatever the key. The ranks of texts
//! take longer, depend on the posts alone, and are kept.

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;

use super::text_ranks::{start_of, text_ranks};
use super::titles::{each_title, title_numbers};
use super::{Seen, Stop};
use crate::corpus::{Corpus, NumberColumn, Row, RowRef, Segment, Texts, WordColumn};
use crate::query::decisions::{Detail, Lists};
use crate::query::field::{ChoiceTest, Kind};
use crate::query::fuzzy::fold;
use crate::query::standings::Standings;
use crate::query::syntax::SortKey;

/// The rank of what has nothing to be ordered by: it comes last, whichever way a key is turned.
pub(super) const MISSING: u32 = u32::MAX;

/// Ranks below this are counted in one pass.
const COUNTED: usize = 1 << 17;

/// Ranks of texts that were made for a corpus.
#[derive(Debug, Default)]
pub(super) struct Orders {
    seen: Seen,
    /// By the number of a title.
    titles: Option<Arc<Vec<u32>>>,
    /// By row.
    ids: Option<Arc<Vec<u32>>>,
    /// By row.
    references: Option<Arc<Vec<u32>>>,
}

impl Orders {
    /// Turns to a corpus. What was made for another one is forgotten.
    pub(super) fn look_at(&mut self, corpus: &Corpus) {
        if !self.seen.continues(corpus) {
            (self.titles, self.ids, self.references) = (None, None, None);
        }
    }

    /// Makes the ranks of titles, which take longest.
    pub(super) fn prepare(&mut self, corpus: &Corpus, stop: Stop<'_>) {
        let _ = self.titles(corpus, stop);
    }

    /// Orders rows, which come in the order of the corpus, by some keys; equal ones stay as they are.
    pub(super) fn sort(
        &mut self,
        rows: Vec<Row>,
        keys: &[SortKey],
        corpus: &Corpus,
        standings: &Standings,
        stop: Stop<'_>,
    ) -> Option<Vec<Row>> {
        if let [key] = keys {
            let mut ranks = self.ranks(key, &rows, corpus, standings, stop)?;
            turn(&mut ranks, key.descending);
            return Some(by_rank(&rows, &ranks));
        }
        // From the last key to the first: an order that keeps equal ones as they are adds up.
        let mut places: Vec<Row> = (0..rows.len()).filter_map(|at| u32::try_from(at).ok()).map(Row).collect();
        for key in keys.iter().rev() {
            let mut ranks = self.ranks(key, &rows, corpus, standings, stop)?;
            turn(&mut ranks, key.descending);
            let now = places.iter().map(|at| ranks.get(at.index()).copied().unwrap_or(MISSING));
            places = by_rank(&places, &now.collect::<Vec<_>>());
        }
        Some(places.iter().filter_map(|at| rows.get(at.index()).copied()).collect())
    }

    /// The rank of each row by a key, smallest first.
    fn ranks(
        &mut self,
        key: &SortKey,
        rows: &[Row],
        corpus: &Corpus,
        standings: &Standings,
        stop: Stop<'_>,
    ) -> Option<Vec<u32>> {
        Some(match key.field.kind {
            Kind::Number(NumberColumn::Views) => {
                let views = |segment: &Segment, at: usize| segment.views(at);
                dense(&of_rows(rows, corpus, |segment| move |at| views(segment, at)), stop)?
            }
            Kind::Number(column) | Kind::Date(column) => of_rows(rows, corpus, |segment| {
                let numbers = segment.numbers(column);
                move |at| {
                    numbers.get(at).filter(|kept| **kept != u16::MAX).map_or(MISSING, |kept| (*kept).into())
                }
            }),
            Kind::Words(column) | Kind::Hosts(column) => words(column, rows, corpus),
            Kind::Title => {
                let titles = self.titles(corpus, stop)?;
                let rank = |number: u32| titles.get(number as usize).copied().unwrap_or(MISSING);
                title_numbers(rows, corpus).into_iter().map(rank).collect()
            }
            Kind::Id => {
                let ids = by_row(&mut self.ids, |segment| Cow::Borrowed(segment.ids()), corpus, stop)?;
                rows.iter().map(|row| ids.get(row.index()).copied().unwrap_or(MISSING)).collect()
            }
            Kind::Reference => {
                let references = by_row(&mut self.references, references, corpus, stop)?;
                rows.iter().map(|row| references.get(row.index()).copied().unwrap_or(MISSING)).collect()
            }
            Kind::By => {
                let ranks = list_ranks(standings.decisions().people());
                of_decisions(rows, standings, |detail| ranks.get(detail.by as usize).copied())
            }
            Kind::Why => {
                let ranks = list_ranks(standings.decisions().reasons());
                of_decisions(rows, standings, |detail| ranks.get(detail.why as usize).copied())
            }
            Kind::Decided => of_decisions(rows, standings, |detail| Some(detail.at).filter(|at| *at > 0)),
            // No order: the parser knows none by it.
            Kind::Text | Kind::Note => vec![MISSING; rows.len()],
            Kind::Choice(choices) => {
                let place = |row: &Row| {
                    let post = corpus.get(*row);
                    choices.iter().position(|choice| match choice.test {
                        ChoiceTest::Decided(test) => test(standings.get(*row)),
                        ChoiceTest::Contradiction => post.is_some_and(RowRef::contradiction),
                        ChoiceTest::Noted => standings.decisions().notes(*row).is_some(),
                        ChoiceTest::Doubtful => post.is_some_and(RowRef::is_doubtful),
                        ChoiceTest::Suspicious => post.is_some_and(RowRef::suspicious),
                    })
                };
                rows.iter()
                    .map(|row| place(row).and_then(|at| u32::try_from(at).ok()).unwrap_or(MISSING))
                    .collect()
            }
        })
    }

    /// The rank of each title, by its number.
    fn titles(&mut self, corpus: &Corpus, stop: Stop<'_>) -> Option<Arc<Vec<u32>>> {
        if let Some(ranks) = self.titles.as_ref().filter(|ranks| ranks.len() == corpus.titles_len()) {
            return Some(Arc::clone(ranks));
        }
        let starts = each_title(corpus, stop, |_, title| start_of(title))?;
        let ranks = Arc::new(text_ranks(&starts, |number| corpus.title(number), stop)?);
        self.titles = Some(Arc::clone(&ranks));
        Some(ranks)
    }
}

/// The ranks of texts of which each row has its own, by row; they are made where they are not kept.
fn by_row(
    kept: &mut Option<Arc<Vec<u32>>>,
    texts: impl Fn(&Segment) -> Cow<'_, Texts>,
    corpus: &Corpus,
    stop: Stop<'_>,
) -> Option<Arc<Vec<u32>>> {
    if let Some(ranks) = kept.as_ref().filter(|ranks| ranks.len() == corpus.len()) {
        return Some(Arc::clone(ranks));
    }
    let parts: Vec<Cow<'_, Texts>> = corpus.segments().map(|(_, segment)| texts(segment)).collect();
    let all: Vec<&str> = parts.iter().flat_map(|texts| texts.iter()).collect();
    let starts: Vec<u64> = all.par_iter().map(|text| start_of(text)).collect();
    let text = |row: u32| all.get(row as usize).copied().unwrap_or_default();
    let ranks = Arc::new(text_ranks(&starts, text, stop)?);
    *kept = Some(Arc::clone(&ranks));
    Some(ranks)
}

/// The references of a segment, unpacked.
fn references(segment: &Segment) -> Cow<'_, Texts> {
    let mut texts = Texts::default();
    segment.references().for_each(|text| texts.push(text));
    Cow::Owned(texts)
}

/// The greatest first; what is missing stays last.
fn turn(ranks: &mut [u32], descending: bool) {
    if !descending {
        return;
    }
    let greatest = ranks.iter().copied().filter(|rank| *rank != MISSING).max().unwrap_or_default();
    ranks.iter_mut().filter(|rank| **rank != MISSING).for_each(|rank| *rank = greatest - *rank);
}

/// Something of each row; rows in the order of the corpus.
fn of_rows<'c, T, F: Fn(usize) -> T>(
    rows: &[Row],
    corpus: &'c Corpus,
    reader: impl Fn(&'c Segment) -> F,
) -> Vec<T> {
    let mut found = Vec::with_capacity(rows.len());
    let mut rest = rows;
    for (start, segment) in corpus.segments() {
        let end = start.index() + segment.len();
        let (here, behind) =
            rest.split_at_checked(rest.partition_point(|row| row.index() < end)).unwrap_or_default();
        let read = reader(segment);
        found.extend(here.iter().map(|row| read(row.index() - start.index())));
        rest = behind;
    }
    found
}

/// Ranks of decisions.
fn of_decisions(rows: &[Row], standings: &Standings, rank: impl Fn(Detail) -> Option<u32>) -> Vec<u32> {
    rows.iter().map(|row| rank(standings.decisions().detail(*row)).unwrap_or(MISSING)).collect()
}

/// The ranks of lists by their first text that is not blank, by their numbers.
fn list_ranks(lists: &Lists) -> Vec<u32> {
    let first = |list: &[String]| {
        list.iter().find(|text| !text.is_empty()).map(|text| fold(text)).unwrap_or_default()
    };
    let firsts = lists.each(String::new(), first);
    let mut all: Vec<&String> = firsts.iter().filter(|text| !text.is_empty()).collect();
    all.sort_unstable();
    all.dedup();
    let rank = |text: &String| all.binary_search(&text).ok().and_then(|at| u32::try_from(at).ok());
    firsts.iter().map(|text| rank(text).unwrap_or(MISSING)).collect()
}

/// Ranks by the first word of a column: words are few, so they are ordered for themselves.
fn words(column: WordColumn, rows: &[Row], corpus: &Corpus) -> Vec<u32> {
    let words = corpus.segments().flat_map(|(_, segment)| new_words(segment, column).iter().map(fold));
    let mut all: Vec<String> = words.collect();
    all.sort_unstable();
    all.dedup();
    let rank = |word: String| all.binary_search(&word).ok().and_then(|at| u32::try_from(at).ok());
    // Topics are the same in all segments.
    let topics = match column {
        WordColumn::Topic => corpus.each_topic(|topic| rank(fold(topic)).unwrap_or(MISSING)),
        _ => Vec::new(),
    };
    of_rows(rows, corpus, |segment| {
        let lists = segment.lists(column);
        let words = segment.words(column);
        let ranks: Vec<u32> = match words.numbers() {
            [] => words.words().iter().map(|word| rank(fold(word)).unwrap_or(MISSING)).collect(),
            numbers => {
                numbers.iter().map(|at| topics.get(*at as usize).copied().unwrap_or(MISSING)).collect()
            }
        };
        let known: Vec<Option<u32>> = words
            .each()
            .map(|mut items| items.find(|(_, is_set)| *is_set).and_then(|(word, _)| ranks.get(word).copied()))
            .collect();
        move |at| {
            let list = lists.get(at).copied().unwrap_or_default();
            known.get(usize::from(list)).copied().flatten().unwrap_or(MISSING)
        }
    })
}

/// The words of a column that this segment keeps.
fn new_words(segment: &Segment, column: WordColumn) -> &Texts {
    match column {
        WordColumn::Topic => segment.new_topics().1,
        _ => segment.words(column).words(),
    }
}

/// Ranks of numbers that are too wide to be ranks themselves.
fn dense(numbers: &[Option<u64>], stop: Stop<'_>) -> Option<Vec<u32>> {
    if let Some(ranks) = numbers
        .iter()
        .map(|number| {
            number.map_or(Some(MISSING), |number| u32::try_from(number).ok().filter(|n| *n != MISSING))
        })
        .collect::<Option<Vec<u32>>>()
    {
        return Some(ranks);
    }
    let mut all: Vec<u64> = numbers.iter().copied().flatten().collect();
    all.par_sort_unstable();
    all.dedup();
    if stop() {
        return None;
    }
    let rank = |number: &u64| all.binary_search(number).ok().and_then(|at| u32::try_from(at).ok());
    Some(numbers.iter().map(|number| number.as_ref().and_then(rank).unwrap_or(MISSING)).collect())
}

/// Brings rows into the order of their ranks; equal ones stay as they are.
pub(super) fn by_rank(rows: &[Row], ranks: &[u32]) -> Vec<Row> {
    let greatest = ranks.iter().copied().filter(|rank| *rank != MISSING).max().unwrap_or_default() as usize;
    if greatest < COUNTED {
        return counted(rows, ranks, greatest + 2, |rank| (rank as usize).min(greatest + 1)).0;
    }
    // Wide ranks half by half, the lower half first.
    let low = |rank: u32| (rank & 0xffff) as usize;
    let high = |rank: u32| (rank >> 16) as usize;
    let places: Vec<Row> = (0..rows.len()).filter_map(|at| u32::try_from(at).ok()).map(Row).collect();
    let (places, _) = counted(&places, ranks, 1 << 16, low);
    let ranks: Vec<u32> = places.iter().filter_map(|at| ranks.get(at.index()).copied()).collect();
    let (places, _) = counted(&places, &ranks, 1 << 16, high);
    places.iter().filter_map(|at| rows.get(at.index()).copied()).collect()
}

/// Rows by the buckets of their ranks, and where each bucket ends.
pub(super) fn counted(
    rows: &[Row],
    ranks: &[u32],
    buckets: usize,
    bucket: impl Fn(u32) -> usize,
) -> (Vec<Row>, Vec<usize>) {
    let mut starts = vec![0_usize; buckets + 1];
    for rank in ranks {
        if let Some(count) = starts.get_mut(bucket(*rank) + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut sorted = vec![Row(0); rows.len()];
    for (row, rank) in rows.iter().zip(ranks) {
        if let Some(at) = starts.get_mut(bucket(*rank)) {
            if let Some(slot) = sorted.get_mut(*at) {
                *slot = *row;
            }
            *at += 1;
        }
    }
    // Each start has moved to where its bucket ends.
    (sorted, starts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counting_is_a_stable_sort(ranks in prop::collection::vec(prop_oneof![0..5_u32, 0..300_000_u32, Just(MISSING)], 0..60), descending: bool) {
            let rows: Vec<Row> = (0..).take(ranks.len()).map(Row).collect();
            let mut turned = ranks.clone();
            turn(&mut turned, descending);
            let mut expected = rows.clone();
            expected.sort_by_key(|row| {
                let rank = ranks[row.index()];
                (rank == MISSING, if descending { u32::MAX - rank } else { rank })
            });
            prop_assert_eq!(by_rank(&rows, &turned), expected);
        }

        #[test]
        fn numbers_of_any_width_have_ranks(numbers in prop::collection::vec(prop::option::of(prop_oneof![0..9_u64, any::<u64>()]), 0..20)) {
            let ranks = dense(&numbers, &|| false).unwrap();
            for (a, rank_a) in numbers.iter().zip(&ranks) {
                for (b, rank_b) in numbers.iter().zip(&ranks) {
                    if let (Some(a), Some(b)) = (a, b) {
                        prop_assert_eq!(a.cmp(b), rank_a.cmp(rank_b));
                    }
                }
                prop_assert_eq!(a.is_none(), *rank_a == MISSING);
            }
        }
    }
}
