//! Numbers and days in ranges.

use std::sync::LazyLock;

use super::rows::Places;
use super::{Facet, FacetValue};
use crate::corpus::{NumberColumn, Row, Segment};
use crate::model::Day;
use crate::query::decisions::Decisions;
use crate::query::field::{Field, Kind};

/// How many ranges there are from 0 to 100.
const SCORE_BINS: usize = 20;

/// A range of scores, as the columns keep them.
const SCORE_WIDTH: u16 = 500;

/// At most so many ranges of counts.
const COUNT_BINS: usize = 10;

/// The year that a day is in, counted from 1970.
static YEARS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut years = Vec::with_capacity(usize::from(u16::MAX));
    for year in 0..=u8::MAX {
        let end =
            Day::of(1971 + u16::from(year), 1, 1).map_or(usize::from(u16::MAX), |day| usize::from(day.0));
        years.resize(end.max(years.len()), year);
    }
    years
});

/// How many rows there are in each range, and how many without a number. What a range is, its place
/// tells: a part of a score, a count itself, the digits of a view count, a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bins {
    posts: Vec<u32>,
    missing: u32,
}

impl Bins {
    /// The numbers of some rows of a segment.
    pub(super) fn of(field: &Field, segment: &Segment, places: Places<'_>) -> Self {
        let mut bins = Self::default();
        match field.kind {
            Kind::Number(NumberColumn::Views) => {
                let digits = |views: u64| views.checked_ilog10().map_or(0, |digits| digits as usize + 1);
                places.each(|at| bins.add(segment.views(at).map(digits)));
            }
            Kind::Number(column) | Kind::Date(column) => {
                let numbers = segment.numbers(column);
                let kept = |at: usize| numbers.get(at).copied().filter(|kept| *kept != u16::MAX);
                match field.kind {
                    Kind::Date(_) => {
                        let years = &*YEARS;
                        let year = |day: u16| years.get(usize::from(day)).map(|year| usize::from(*year));
                        places.each(|at| bins.add(kept(at).and_then(year)));
                    }
                    _ if column.is_score() => {
                        let bin = |kept: u16| usize::from(kept / SCORE_WIDTH).min(SCORE_BINS - 1);
                        places.each(|at| bins.add(kept(at).map(bin)));
                    }
                    _ => places.each(|at| bins.add(kept(at).map(usize::from))),
                }
            }
            _ => {}
        }
        bins
    }

    /// The years in which some rows were decided on.
    pub(super) fn of_decisions(start: Row, places: Places<'_>, decisions: &Decisions) -> Self {
        let mut bins = Self::default();
        let year = |day: Day| YEARS.get(usize::from(day.0)).map(|year| usize::from(*year));
        places.each(|at| {
            let row = Row(start.0.saturating_add(u32::try_from(at).unwrap_or(u32::MAX)));
            bins.add(decisions.detail(row).day().and_then(year));
        });
        bins
    }

    fn add(&mut self, place: Option<usize>) {
        let Some(place) = place else {
            self.missing += 1;
            return;
        };
        if let Some(count) = self.posts.get_mut(place) {
            *count += 1;
        } else {
            self.posts.resize(place + 1, 0);
            self.posts.last_mut().into_iter().for_each(|count| *count += 1);
        }
    }

    /// What the other ones leave of these.
    pub(super) fn without(mut self, others: &Self) -> Self {
        self.missing -= others.missing;
        self.posts.iter_mut().zip(&others.posts).for_each(|(sum, less)| *sum -= less);
        let last = self.posts.iter().rposition(|posts| *posts > 0);
        self.posts.truncate(last.map_or(0, |last| last + 1));
        self
    }

    /// Both together.
    pub(super) fn with(mut self, other: Self) -> Self {
        self.missing += other.missing;
        self.posts.resize(self.posts.len().max(other.posts.len()), 0);
        self.posts.iter_mut().zip(other.posts).for_each(|(sum, more)| *sum += more);
        self
    }

    pub(super) fn into_facet(self, field: &'static Field) -> Facet {
        let Self { mut posts, missing } = self;
        let name = field.name;
        let value =
            |label: String, term: String, posts: u32| FacetValue { label, term, posts: posts as usize };
        let values: Vec<FacetValue> = match field.kind {
            _ if posts.is_empty() => Vec::new(),
            Kind::Number(NumberColumn::Views) => {
                let one = |(digits, posts): (u32, u32)| match digits
                    .checked_sub(1)
                    .map(|before| 10_u128.pow(before))
                {
                    None => value("0".to_owned(), format!("{name}=0"), posts),
                    Some(low) => {
                        let high = low * 10;
                        let label = format!("{low}..{}", high - 1);
                        value(label, format!("{name}>={low} {name}<{high}"), posts)
                    }
                };
                (0..).zip(posts).map(one).collect()
            }
            Kind::Number(column) if column.is_score() => {
                posts.resize(SCORE_BINS, 0);
                let width = usize::from(SCORE_WIDTH) / 100;
                let one = |(at, posts): (usize, u32)| {
                    let (low, high) = (at * width, (at + 1) * width);
                    let label = format!("{low}..{high}");
                    let is_last = at + 1 == SCORE_BINS;
                    let below = if is_last { String::new() } else { format!(" {name}<{high}") };
                    value(label, format!("{name}>={low}{below}"), posts)
                };
                (0..).zip(posts).map(one).collect()
            }
            Kind::Number(_) => {
                let width = posts.len().div_ceil(COUNT_BINS);
                let one = |(at, posts): (usize, &[u32])| {
                    let (low, high) = (at * width, (at + 1) * width - 1);
                    let sum = posts.iter().sum();
                    match width {
                        1 => value(low.to_string(), format!("{name}={low}"), sum),
                        _ => value(format!("{low}..{high}"), format!("{name}:{low}..{high}"), sum),
                    }
                };
                posts.chunks(width).enumerate().map(one).collect()
            }
            _ => {
                let one =
                    |(year, posts): (u32, u32)| value(year.to_string(), format!("{name}:{year}"), posts);
                (1970..).zip(posts).skip_while(|(_, posts)| *posts == 0).map(one).collect()
            }
        };
        let different = values.iter().filter(|value| value.posts > 0).count();
        Facet { field, values, missing: missing as usize, different }
    }
}
