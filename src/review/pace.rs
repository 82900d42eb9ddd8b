//! How one person decides: how many posts a day, and how long each takes.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::record::Key;
use super::state::State;
use super::store::NONE;
use crate::model::clock;

/// The pace is that of so many decisions on single posts: enough to be steady, few enough to follow
/// somebody who gets tired.
pub const RECENT: usize = 50;

const DAY_MS: i64 = 24 * HOUR_MS;
const HOUR_MS: i64 = 3_600_000;

/// What was decided on one day: a post once, however often it was decided on. Days and hours are those of
/// UTC, as everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Day {
    /// The day.
    pub day: Date,
    /// Posts that were decided on one by one.
    pub single: usize,
    /// Posts that were decided on in bulk.
    pub bulk: usize,
}

/// The decisions of one person on the status of posts. What was taken back is left out, with undo or by
/// setting it back to unreviewed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// The days with decisions, the oldest first.
    pub days: Vec<Day>,
    /// The posts that were decided on one by one in each hour of the last of these days.
    pub hours: [usize; 24],
    /// The time spent on each of the last posts, at most [`RECENT`], the oldest first. Unit: milliseconds.
    pub recent_ms: Vec<u32>,
}

/// How times are spread.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// As many took less as took more. Unit: milliseconds.
    pub median_ms: u32,
    /// One of ten took no longer. Unit: milliseconds.
    pub p10_ms: u32,
    /// One of ten took longer. Unit: milliseconds.
    pub p90_ms: u32,
    /// Unit: milliseconds.
    pub mean_ms: f64,
    /// The standard error of the mean; 0 for a single time. Unit: milliseconds.
    pub error_ms: f64,
    /// How many times there are.
    pub of: usize,
}

impl Spread {
    /// The spread of some times; `None` of none. Quantiles by the nearest rank.
    #[expect(clippy::cast_precision_loss, reason = "a handful of times")]
    pub fn of(times_ms: &[u32]) -> Option<Self> {
        let mut sorted = times_ms.to_vec();
        sorted.sort_unstable();
        let of = sorted.len();
        let rank = |tenths: usize| sorted.get((of * tenths).div_ceil(10).saturating_sub(1)).copied();
        let mean_ms = sorted.iter().map(|ms| f64::from(*ms)).sum::<f64>() / of as f64;
        let squares: f64 = sorted.iter().map(|ms| (f64::from(*ms) - mean_ms).powi(2)).sum();
        let error_ms = if of < 2 { 0.0 } else { (squares / (of - 1) as f64 / of as f64).sqrt() };
        Some(Self { median_ms: rank(5)?, p10_ms: rank(1)?, p90_ms: rank(9)?, mean_ms, error_ms, of })
    }

    /// How long so many posts take if it goes on like this: a band of two standard errors around the
    /// mean, which holds 95 of 100 times. Unit: milliseconds.
    #[expect(clippy::cast_precision_loss, reason = "hours are told, not milliseconds")]
    pub fn left_ms(&self, posts: usize) -> (f64, f64) {
        let of = |ms: f64| ms.max(0.0) * posts as f64;
        (of(self.mean_ms - 2.0 * self.error_ms), of(self.mean_ms + 2.0 * self.error_ms))
    }
}

impl State {
    /// How somebody decides.
    pub fn pace(&self, by: &str) -> Pace {
        let store = self.store();
        let (Some(by), Some(status)) = (store.find_word(by), store.find_word(&Key::Status.as_text())) else {
            return Pace::default();
        };
        let is_undone = |at| self.slot_at(at).is_some_and(|slot| slot.is_undone(at, store));
        let unreviewed = store.find_word(Key::Status.blank_val());
        // The day on which each post was counted last.
        let mut counted: Vec<i64> = vec![i64::MIN; self.posts_met()];
        let records = 0..u32::try_from(store.len()).unwrap_or(NONE);
        let decisions = records.filter_map(|record| store.entry(record).map(|entry| (record, entry)));
        let decisions = decisions.filter(|(record, entry)| {
            entry.by == by
                && entry.applies
                && store.key_word(*record) == status
                && Some(entry.val) != unreviewed
                && store.undone(entry).is_none()
        });
        let mut days: BTreeMap<i64, (usize, usize)> = BTreeMap::new();
        let mut hours: BTreeMap<i64, usize> = BTreeMap::new();
        let mut timed = Vec::new();
        for (_, entry) in decisions {
            let day = entry.at_ms.div_euclid(DAY_MS);
            let mut new = 0;
            for place in store.places_of(entry).filter(|at| !is_undone(*at)) {
                let post = store.place(place).map_or(0, |place| place.post as usize);
                if let Some(last) = counted.get_mut(post).filter(|last| **last != day) {
                    *last = day;
                    new += 1;
                }
            }
            let (single, bulk) = days.entry(day).or_default();
            if entry.is_bulk() {
                *bulk += new;
                continue;
            }
            if new == 0 {
                continue;
            }
            *single += 1;
            *hours.entry(entry.at_ms.div_euclid(HOUR_MS)).or_default() += 1;
            if entry.ms != NONE {
                // The number of a record is higher than that of every record its writer had seen.
                timed.push((store.id_number(entry.id), entry.at_ms, entry.ms));
            }
        }
        timed.sort_unstable();
        let recent = timed.get(timed.len().saturating_sub(RECENT)..).unwrap_or_default();
        let mut last_hours = [0; 24];
        if let Some((last, _)) = days.last_key_value() {
            for (hour, count) in hours.range(last * 24..) {
                if let Some(slot) =
                    usize::try_from(hour - last * 24).ok().and_then(|at| last_hours.get_mut(at))
                {
                    *slot = *count;
                }
            }
        }
        Pace {
            days: days
                .into_iter()
                .map(|(day, (single, bulk))| Day { day: date(day), single, bulk })
                .collect(),
            hours: last_hours,
            recent_ms: recent.iter().map(|(.., ms)| *ms).collect(),
        }
    }
}

fn date(day: i64) -> Date {
    let start = clock::of_millisecond(day.saturating_mul(DAY_MS));
    TimeZone::UTC.to_datetime(start).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::suite::{at, change, writer};
    use proptest::prelude::*;

    const HOUR: i64 = 3600;

    #[test]
    fn days_hours_and_times_are_those_of_one_person_and_of_what_stands() {
        let mut mara = writer("mara", "one");
        assert_eq!(mara.state().pace("mara"), Pace::default());
        // at(0) is 14:13:20 on 2026-09-21.
        for (post, seconds, ms) in
            [("a", 0, Some(9_000)), ("b", 10, Some(1_000)), ("c", 24 * HOUR, None), ("d", 25 * HOUR, Some(5))]
        {
            mara.decide(change(post, "text", "reviewed"), ms, at(seconds)).unwrap();
        }
        mara.decide_many(vec![change("x", "t", "skipped"), change("y", "t", "skipped")], None, at(25 * HOUR))
            .unwrap();
        let note = crate::review::Change { key: Key::Note, ..change("a", "text", "a note") };
        mara.decide(note, Some(77), at(26 * HOUR)).unwrap();
        let slip = mara.decide(change("e", "text", "flagged"), Some(4), at(26 * HOUR)).unwrap();
        let undo = mara.undo_record(&slip.id, None, at(27 * HOUR)).unwrap().remove(0);

        let pace = mara.state().pace("mara");
        let day = |day: i8, single, bulk| Day { day: jiff::civil::date(2026, 9, day), single, bulk };
        assert_eq!(pace.days, [day(21, 2, 0), day(22, 2, 2)]);
        assert_eq!((pace.hours[14], pace.hours[15], pace.hours.iter().sum::<usize>()), (1, 1, 2));
        assert_eq!(pace.recent_ms, [9_000, 1_000, 5]);
        assert_eq!(mara.state().pace("tom"), Pace::default());

        mara.undo_record(&undo.id, None, at(28 * HOUR)).unwrap().remove(0);
        assert_eq!(mara.state().pace("mara").recent_ms, [9_000, 1_000, 5, 4], "done again");

        // Of a decision on many, what was left as it is still counts.
        let many = ["f", "g", "h"].map(|post| change(post, "text", "flagged")).to_vec();
        let mut tom = writer("tom", "two");
        tom.absorb(mara.decide_many(many, None, at(28 * HOUR)).unwrap());
        mara.absorb(tom.decide(change("g", "text", "reviewed"), None, at(29 * HOUR)).unwrap());
        let counts = |mara: &crate::review::Reviews| {
            let days = mara.state().pace("mara").days;
            days.iter().map(|day| (day.single, day.bulk)).collect::<Vec<_>>()
        };
        assert_eq!(counts(&mara), [(2, 0), (3, 5)]);
        let mut partly = mara.clone().undo(at(30 * HOUR)).unwrap().remove(0);
        if let crate::review::Target::Many(targets) = &mut partly.target {
            targets.retain(|target| target.post.as_str() != "g");
        }
        mara.absorb(partly);
        assert_eq!(counts(&mara), [(2, 0), (3, 3)]);
        mara.redo(at(31 * HOUR)).unwrap();
        assert_eq!(counts(&mara), [(2, 0), (3, 5)]);
    }

    #[test]
    fn the_last_fifty_count() {
        let mut mara = writer("mara", "one");
        for post in 0..70_u32 {
            mara.decide(change(&post.to_string(), "t", "reviewed"), Some(u64::from(post)), at(0)).unwrap();
        }
        assert_eq!(mara.state().pace("mara").recent_ms, (20..70).collect::<Vec<u32>>());
    }

    #[test]
    fn a_spread_is_told_by_ranks_and_a_band() {
        assert_eq!(Spread::of(&[]), None);
        let one = Spread::of(&[7]).unwrap();
        assert_eq!((one.median_ms, one.p10_ms, one.p90_ms, one.left_ms(3)), (7, 7, 7, (21.0, 21.0)));
        let times: Vec<u32> = (1..=10).rev().map(|second| second * 1000).collect();
        let spread = Spread::of(&times).unwrap();
        assert_eq!((spread.median_ms, spread.p10_ms, spread.p90_ms), (5_000, 1_000, 9_000));
        // The variance of 1 to 10 is 55 / 6.
        assert!((spread.error_ms - 1000.0 * (55.0_f64 / 6.0 / 10.0).sqrt()).abs() < 1e-6);
        let (low, high) = spread.left_ms(100);
        assert!((low + high - 2.0 * 550_000.0).abs() < 1e-6 && low < high);
    }

    proptest! {
        #[test]
        fn quantiles_lie_among_the_times(times in prop::collection::vec(any::<u32>(), 1..60)) {
            let spread = Spread::of(&times).unwrap();
            prop_assert!(spread.p10_ms <= spread.median_ms && spread.median_ms <= spread.p90_ms);
            let below = times.iter().filter(|ms| **ms <= spread.median_ms).count();
            let above = times.iter().filter(|ms| **ms >= spread.median_ms).count();
            prop_assert!(below * 2 >= times.len() && above * 2 >= times.len());
        }
    }
}
