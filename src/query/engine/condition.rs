//! An expression made ready: everything that does not depend on the post is done once, and a segment
//! is looked at a column at a time.

use std::ops::{ControlFlow, RangeInclusive};

use super::titles::{Hits, TitleTest, Titles};
use super::{Posts, Stop};
use crate::corpus::search::search;
use crate::corpus::{NumberColumn, Row, Segment, WordColumn};
use crate::query::decisions::{Decisions, Detail, Lists};
use crate::query::field::{ChoiceTest, Kind};
use crate::query::fuzzy::{Word, fold};
use crate::query::matching::{HostName, Same, TextTest, WholeWord, WordTest, Words};
use crate::query::standings::{Badge, Standings};
use crate::query::syntax::{Expr, NumberRange, Term, Text};

/// What a post must be to pass.
pub(super) enum Condition {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Never,
    /// The title is one of these.
    Title(Hits),
    /// A list has such a word; of topics which of them are meant, by their numbers.
    Word(WordColumn, WordTest, Vec<bool>),
    /// The id holds this, or is it.
    Id(TextTest),
    /// The reference holds this, or is it.
    Reference(TextTest),
    Number(NumberColumn, NumberRange),
    /// It is one of these days.
    Days(NumberColumn, RangeInclusive<u16>),
    /// By the byte of its badge.
    Badge(Box<[bool; 256]>),
    Contradiction,
    Suspicious,
    Doubtful,
    /// By the number of who decided.
    By(Vec<bool>),
    /// By the number of the reasons.
    Why(Vec<bool>),
    /// It was decided on one of these days.
    Decided(RangeInclusive<u16>),
    /// It is one of these, in order.
    Rows(Vec<Row>),
}

impl Condition {
    /// Makes an expression ready; `None` when `stop` said so.
    pub(super) fn of(
        expression: &Expr,
        titles: &mut Titles,
        posts: Posts<'_>,
        stop: Stop<'_>,
    ) -> Option<Self> {
        let corpus = posts.corpus;
        let mut all = |parts: &[Expr]| -> Option<Vec<Self>> {
            parts.iter().map(|part| Self::of(part, titles, posts, stop)).collect()
        };
        Some(match expression {
            Expr::And(parts) => {
                let mut parts = all(parts)?;
                parts.sort_by_key(Self::cost);
                Self::And(parts)
            }
            Expr::Or(parts) => Self::Or(all(parts)?),
            Expr::Not(part) => Self::Not(Box::new(Self::of(part, titles, posts, stop)?)),
            Expr::Term(Term::Fuzzy(word)) => {
                Self::Title(titles.hits(TitleTest::Fuzzy(Word::new(word)), corpus, stop)?)
            }
            Expr::Term(Term::Exact(words)) => {
                Self::Title(titles.hits(TitleTest::Holds(Words::new(words)), corpus, stop)?)
            }
            Expr::Term(Term::Text(text)) => Self::Rows(everywhere(text, posts, stop)?),
            Expr::Term(Term::Number { field, range }) => match field.kind {
                Kind::Number(column) => Self::Number(column, *range),
                _ => Self::Never,
            },
            Expr::Term(Term::Date { field, range }) => match field.kind {
                Kind::Date(column) => Self::Days(column, range.days(posts.today)),
                Kind::Decided => Self::Decided(range.days(posts.today)),
                _ => Self::Never,
            },
            Expr::Term(Term::Word { field, value, is_whole }) => match field.kind {
                Kind::Words(column) => {
                    let word = word_test(value, *is_whole);
                    let topics = match column {
                        WordColumn::Topic if !word.is_blank() => corpus.each_topic(|topic| word.is_in(topic)),
                        _ => Vec::new(),
                    };
                    Self::Word(column, word, topics)
                }
                Kind::Hosts(column) => {
                    let host = if *is_whole {
                        WordTest::Is(Same::host(&fold(value)))
                    } else {
                        WordTest::Host(HostName::new(value))
                    };
                    Self::Word(column, host, Vec::new())
                }
                Kind::By => {
                    let people = posts.standings.decisions().people();
                    Self::By(lists_of(people, &word_test(value, *is_whole), true))
                }
                Kind::Why => {
                    let reasons = posts.standings.decisions().reasons();
                    Self::Why(lists_of(reasons, &word_test(value, *is_whole), false))
                }
                Kind::Note => noted(posts.standings.decisions(), value, *is_whole),
                Kind::Reference => Self::Reference(TextTest::new(&fold(value), *is_whole)),
                Kind::Title => {
                    let test = match TextTest::new(&fold(value), *is_whole) {
                        TextTest::Holds(words) => TitleTest::Holds(words),
                        TextTest::Is(same) => TitleTest::Is(same),
                    };
                    Self::Title(titles.hits(test, corpus, stop)?)
                }
                Kind::Id => Self::Id(TextTest::new(&fold(value), *is_whole)),
                Kind::Choice(_) => match field.choice(value).map(|choice| choice.test) {
                    Some(ChoiceTest::Decided(test)) => {
                        let of_byte =
                            |byte: usize| test(Badge::unpack(u8::try_from(byte).unwrap_or_default()));
                        Self::Badge(Box::new(std::array::from_fn(of_byte)))
                    }
                    Some(ChoiceTest::Contradiction) => Self::Contradiction,
                    Some(ChoiceTest::Suspicious) => Self::Suspicious,
                    Some(ChoiceTest::Doubtful) => Self::Doubtful,
                    Some(ChoiceTest::Noted) => Self::Rows(posts.standings.decisions().noted(|_| true)),
                    None => Self::Never,
                },
                Kind::Number(_) | Kind::Date(_) | Kind::Decided | Kind::Text => Self::Never,
            },
        })
    }

    /// The rows of a segment that meet it; the first of them is `start`.
    pub(super) fn mask(&self, (start, segment): (Row, &Segment), standings: &Standings) -> Mask {
        let rows = segment.len();
        let here = (start, segment);
        match self {
            Self::And(parts) => {
                let mut mask: Option<Mask> = None;
                for part in parts {
                    match &mut mask {
                        Some(mask) if mask.is_empty() => break,
                        Some(mask) => mask.keep(&part.mask(here, standings)),
                        None => mask = Some(part.mask(here, standings)),
                    }
                }
                mask.unwrap_or_else(|| Mask::of((0..rows).map(|_| true)))
            }
            Self::Or(parts) => {
                let mut mask = Mask::of((0..rows).map(|_| false));
                parts.iter().for_each(|part| mask.join(&part.mask(here, standings)));
                mask
            }
            Self::Not(part) => part.mask(here, standings).turned(),
            Self::Never => Mask::of((0..rows).map(|_| false)),
            Self::Title(hits) => Mask::of(
                segment.titles().iter().map(|title| hits.get(*title as usize).is_some_and(|hit| *hit)),
            ),
            Self::Word(column, word, topics) => {
                let lists = lists_with(segment, *column, word, topics);
                let has = |list: &u16| lists.get(usize::from(*list)).is_some_and(|has| *has);
                Mask::of(segment.lists(*column).iter().map(has))
            }
            Self::Id(part) => Mask::of(segment.ids().iter().map(|id| part.is_in(id))),
            Self::Reference(part) => {
                let mut found = Vec::with_capacity(rows);
                segment.references().for_each(|other| found.push(part.is_in(other)));
                Mask::of(found.into_iter())
            }
            Self::Days(column, days) => {
                Mask::of(segment.numbers(*column).iter().map(|number| days.contains(number)))
            }
            Self::Doubtful => Mask::of(segment.doubts()),
            Self::Number(NumberColumn::Views, range) => {
                #[expect(clippy::cast_precision_loss, reason = "views beyond 2^53 compare near enough")]
                let passes = |at| segment.views(at).is_some_and(|views| range.contains(views as f64));
                Mask::of((0..rows).map(passes))
            }
            Self::Number(column, range) => {
                let kept = kept_range(*column, *range);
                Mask::of(segment.numbers(*column).iter().map(|number| kept.contains(number)))
            }
            Self::By(passes) => of_decisions(here, standings, |detail| holds(passes, detail.by)),
            Self::Why(passes) => of_decisions(here, standings, |detail| holds(passes, detail.why)),
            Self::Decided(days) => {
                of_decisions(here, standings, |detail| detail.day().is_some_and(|day| days.contains(&day.0)))
            }
            Self::Badge(passes) => {
                let badges = standings.bytes().get(start.index()..).unwrap_or_default();
                let badge = |at| badges.get(at).copied().unwrap_or_default();
                let passes = |at| passes.get(usize::from(badge(at))).is_some_and(|passes| *passes);
                Mask::of((0..rows).map(passes))
            }
            Self::Contradiction => Mask::of(segment.contradictions()),
            Self::Suspicious => Mask::of(segment.suspicions()),
            Self::Rows(all) => {
                let mut rest =
                    all.get(all.partition_point(|row| *row < start)..).unwrap_or_default().iter().peekable();
                let is_next = |at: usize| rest.next_if(|next| next.index() == start.index() + at).is_some();
                Mask::of((0..rows).map(is_next))
            }
        }
    }

    /// What is done quickly, or rules out much, comes first.
    fn cost(&self) -> u8 {
        match self {
            Self::Never
            | Self::Number(..)
            | Self::Days(..)
            | Self::Badge(_)
            | Self::Contradiction
            | Self::Suspicious
            | Self::Doubtful => 0,
            Self::By(_) | Self::Why(_) | Self::Decided(_) | Self::Word(..) | Self::Rows(_) => 1,
            Self::Title(_) => 2,
            Self::And(_) | Self::Or(_) | Self::Not(_) => 3,
            Self::Id(_) | Self::Reference(_) => 4,
        }
    }
}

/// The rows of all posts whose text holds something.
fn everywhere(text: &Text, posts: Posts<'_>, stop: Stop<'_>) -> Option<Vec<Row>> {
    let rows: Vec<Row> = posts.corpus.rows().collect();
    let sought = std::slice::from_ref(&text.sought);
    search(&rows, sought, (posts.sources, posts.corpus), stop, &mut |_| ControlFlow::Continue(()))
}

/// What a word of a list must be: the value, or one that holds it as a whole word.
fn word_test(value: &str, is_whole: bool) -> WordTest {
    let folded = fold(value);
    if is_whole { WordTest::Is(Same::new(&folded)) } else { WordTest::Whole(WholeWord::new(&folded)) }
}

/// The rows with a note that holds something, or is it.
fn noted(decisions: &Decisions, value: &str, is_whole: bool) -> Condition {
    if is_whole && value.is_empty() {
        return Condition::Not(Box::new(Condition::Rows(decisions.noted(|_| true))));
    }
    let test = TextTest::new(&fold(value), is_whole);
    Condition::Rows(decisions.noted(|notes| match &test {
        TextTest::Holds(part) => part.is_in(notes.text()),
        TextTest::Is(whole) => notes.each().any(|note| whole.is(note)),
    }))
}

/// Which lists hold a word, by their numbers. `is_single`: they are of one word at most.
fn lists_of(lists: &Lists, word: &WordTest, is_single: bool) -> Vec<bool> {
    let has = |text: &String| !word.is_blank() && word.is_in(text);
    lists.each(word.means_none(is_single), |list| list.iter().any(has))
}

fn holds(passes: &[bool], number: u32) -> bool {
    passes.get(number as usize).is_some_and(|passes| *passes)
}

/// The rows of a segment whose decision passes.
fn of_decisions(
    (start, segment): (Row, &Segment),
    standings: &Standings,
    passes: impl Fn(Detail) -> bool,
) -> Mask {
    let decisions = standings.decisions();
    let last = u32::try_from(segment.len()).unwrap_or(u32::MAX);
    let rows: Vec<bool> = (0..last).map(|at| passes(decisions.detail(Row(start.0 + at)))).collect();
    Mask::of(rows.into_iter())
}

/// Which lists of a segment hold a word; where nothing is meant, which hold none.
fn lists_with(segment: &Segment, column: WordColumn, word: &WordTest, topics: &[bool]) -> Vec<bool> {
    let words = segment.words(column);
    // Words are fewer than lists, so each is looked at once.
    let found: Vec<bool> = match words.numbers() {
        [] => words.words().iter().map(|other| !word.is_blank() && word.is_in(other)).collect(),
        numbers => numbers.iter().map(|at| topics.get(*at as usize).is_some_and(|found| *found)).collect(),
    };
    if word.is_blank() {
        let means_none = word.means_none(column.is_single());
        return words.each().map(|mut items| means_none && !items.any(|(_, is_set)| is_set)).collect();
    }
    let is_found = |(other, is_set): (usize, bool)| is_set && found.get(other).is_some_and(|found| *found);
    words.each().map(|mut items| items.any(is_found)).collect()
}

/// The kept numbers that stand for numbers in a range; those between run on without a gap.
fn kept_range(column: NumberColumn, range: NumberRange) -> std::ops::Range<u16> {
    let number = |kept: u16| column.number(kept).unwrap_or(f64::INFINITY);
    let is_below = |kept: u16| match range.low {
        Some(low) if range.above_low => number(kept) <= low,
        Some(low) => number(kept) < low,
        None => false,
    };
    let is_above = |kept: u16| match range.high {
        Some(high) if range.below_high => number(kept) >= high,
        Some(high) => number(kept) > high,
        None => kept == u16::MAX,
    };
    first(is_below)..first(|kept| kept != u16::MAX && !is_above(kept))
}

/// The first number of which `before` does not hold, as it does of all below.
fn first(before: impl Fn(u16) -> bool) -> u16 {
    let (mut low, mut high) = (0, u16::MAX);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// A bit for each row of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mask {
    bits: Vec<u64>,
    len: usize,
}

impl Mask {
    fn of(rows: impl ExactSizeIterator<Item = bool>) -> Self {
        let len = rows.len();
        let mut bits = Vec::with_capacity(len.div_ceil(64));
        let (mut word, mut at) = (0_u64, 0_u32);
        for row in rows {
            word |= u64::from(row) << at;
            at += 1;
            if at == 64 {
                bits.push(word);
                (word, at) = (0, 0);
            }
        }
        if at > 0 {
            bits.push(word);
        }
        Self { bits, len }
    }

    fn is_empty(&self) -> bool {
        self.bits.iter().all(|word| *word == 0)
    }

    pub(super) fn count(&self) -> usize {
        self.bits.iter().map(|word| word.count_ones() as usize).sum()
    }

    fn keep(&mut self, other: &Self) {
        self.bits.iter_mut().zip(&other.bits).for_each(|(word, other)| *word &= other);
    }

    fn join(&mut self, other: &Self) {
        self.bits.iter_mut().zip(&other.bits).for_each(|(word, other)| *word |= other);
    }

    fn turned(mut self) -> Self {
        self.bits.iter_mut().for_each(|word| *word = !*word);
        if let (Some(last), used @ 1..) = (self.bits.last_mut(), self.len % 64) {
            *last &= (1 << used) - 1;
        }
        self
    }

    /// Visits the rows, in order.
    pub(super) fn for_each(&self, mut visit: impl FnMut(u32)) {
        let mut start = 0;
        for word in &self.bits {
            let mut word = *word;
            while word != 0 {
                visit(start + word.trailing_zeros());
                word &= word - 1;
            }
            start += 64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn kept_numbers_are_chosen_as_the_numbers_themselves(
            low in prop::option::of(-1_i32..102), high in prop::option::of(-1_i32..102),
            above_low: bool, below_high: bool, eighth in 0_u8..8,
        ) {
            let number = |whole: i32| f64::from(whole) + f64::from(eighth) / 8.0;
            let range = NumberRange { low: low.map(number), above_low, high: high.map(number), below_high };
            for column in [NumberColumn::Score, NumberColumn::Minutes] {
                let kept = kept_range(column, range);
                for at in (0..11_000).chain([u16::MAX - 1, u16::MAX]) {
                    let passes = column.number(at).is_some_and(|number| range.contains(number));
                    prop_assert_eq!(kept.contains(&at), passes, "{} of {:?}", at, column);
                }
            }
        }

        #[test]
        fn masks_are_sets_of_rows(a in prop::collection::vec(any::<bool>(), 0..200), b in prop::collection::vec(any::<bool>(), 200)) {
            let b = &b[..a.len()];
            let of = |rows: &[bool]| Mask::of(rows.iter().copied());
            let zipped = |join: fn(bool, bool) -> bool| of(&a.iter().zip(b).map(|(a, b)| join(*a, *b)).collect::<Vec<_>>());
            let (mut both, mut either) = (of(&a), of(&a));
            both.keep(&of(b));
            either.join(&of(b));
            prop_assert_eq!(both, zipped(|a, b| a && b));
            prop_assert_eq!(either, zipped(|a, b| a || b));
            prop_assert_eq!(of(&a).turned(), of(&a.iter().map(|a| !a).collect::<Vec<_>>()));
            let mut rows = Vec::new();
            of(&a).for_each(|at| rows.push(at as usize));
            prop_assert_eq!(rows.len(), of(&a).count());
            prop_assert_eq!(rows, (0..a.len()).filter(|at| a[*at]).collect::<Vec<_>>());
        }
    }
}
