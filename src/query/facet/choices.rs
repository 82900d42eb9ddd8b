//! What was decided about posts, and what is true of them: counted in every view anew.

use std::collections::HashMap;

use super::rows::{Places, Rows};
use super::{Facet, by_segment, facet_of};
use crate::corpus::{Row, Segment};
use crate::query::decisions::{Detail, Lists};
use crate::query::field::{Choice, ChoiceTest, Field};
use crate::query::fuzzy::fold;
use crate::query::standings::Badge;
use crate::query::{Posts, Stop};

pub(super) fn count_choices(
    field: &'static Field,
    choices: &[Choice],
    posts: Posts<'_>,
    rows: &Rows,
    stop: Stop<'_>,
) -> Option<Facet> {
    let decisions = posts.standings.decisions();
    let badges = posts.standings.bytes();
    let asks_notes = choices.iter().any(|choice| matches!(choice.test, ChoiceTest::Noted));
    let asks_marks = choices.iter().any(|choice| matches!(choice.test, ChoiceTest::Contradiction));
    let of_segment = |start: Row, segment: &Segment, places: Places<'_>| {
        let badges = badges.get(start.index()..).unwrap_or_default();
        let mut bytes = [0_usize; 256];
        places.each(|at| {
            let badge = badges.get(at).copied().unwrap_or_default();
            if let Some(count) = bytes.get_mut(usize::from(badge)) {
                *count += 1;
            }
        });
        let (mut contradictions, mut doubts, mut notes, mut suspicions) = (0, 0, 0, 0);
        if asks_marks {
            let marks = segment.contradictions().zip(segment.doubts()).zip(segment.suspicions());
            let marks: Vec<_> = marks.collect();
            places.each(|at| {
                let ((contradicts, doubtful), suspicious) = marks.get(at).copied().unwrap_or_default();
                contradictions += usize::from(contradicts);
                doubts += usize::from(doubtful);
                suspicions += usize::from(suspicious);
            });
        }
        if asks_notes {
            let row = |at: usize| Row(start.0.saturating_add(u32::try_from(at).unwrap_or(u32::MAX)));
            places.each(|at| notes += usize::from(decisions.notes(row(at)).is_some()));
        }
        (bytes, [contradictions, doubts, notes, suspicions])
    };
    let (mut bytes, mut others) = ([0_usize; 256], [0_usize; 4]);
    for (more, more_others) in by_segment(posts.corpus, rows, stop, of_segment)? {
        bytes.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        others.iter_mut().zip(more_others).for_each(|(sum, more)| *sum += more);
    }
    let [contradictions, doubts, notes, suspicions] = others;
    let count = |choice: &Choice| match choice.test {
        ChoiceTest::Decided(test) => {
            let passing = (0..=u8::MAX).zip(bytes).filter(|(byte, _)| test(Badge::unpack(*byte)));
            passing.map(|(_, posts)| posts).sum()
        }
        ChoiceTest::Contradiction => contradictions,
        ChoiceTest::Doubtful => doubts,
        ChoiceTest::Noted => notes,
        ChoiceTest::Suspicious => suspicions,
    };
    let found = choices.iter().map(|choice| (choice.name, count(choice))).filter(|(_, posts)| *posts > 0);
    Some(facet_of(field, found.collect(), 0, usize::MAX))
}

/// How many posts have each text of the lists of their decisions.
pub(super) fn count_lists(
    field: &'static Field,
    lists: &Lists,
    number: impl Fn(Detail) -> u32 + Sync,
    posts: Posts<'_>,
    rows: &Rows,
    most: usize,
    stop: Stop<'_>,
) -> Option<Facet> {
    let decisions = posts.standings.decisions();
    let all: Vec<Vec<String>> = lists.each(Vec::new(), <[String]>::to_vec);
    let of_segment = |start: Row, _: &Segment, places: Places<'_>| {
        let mut counts = vec![0_u32; all.len()];
        places.each(|at| {
            let row = Row(start.0.saturating_add(u32::try_from(at).unwrap_or(u32::MAX)));
            if let Some(count) = counts.get_mut(number(decisions.detail(row)) as usize) {
                *count += 1;
            }
        });
        counts
    };
    let mut counts = vec![0_usize; all.len()];
    for more in by_segment(posts.corpus, rows, stop, of_segment)? {
        counts.iter_mut().zip(more).for_each(|(sum, more)| *sum += more as usize);
    }
    let mut found: HashMap<String, (&str, usize)> = HashMap::new();
    let mut missing = 0;
    for (list, posts) in all.iter().zip(counts).filter(|(_, posts)| *posts > 0) {
        let mut seen: Vec<String> = Vec::new();
        for text in list.iter().filter(|text| !text.is_empty()) {
            let folded = fold(text);
            if !seen.contains(&folded) {
                found.entry(folded.clone()).or_insert((text, 0)).1 += posts;
                seen.push(folded);
            }
        }
        if seen.is_empty() {
            missing += posts;
        }
    }
    Some(facet_of(field, found.into_values().collect(), missing, most))
}
