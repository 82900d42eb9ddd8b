//! What was read from logs that were replaced since and is in them no more: lost, moved away by a compaction, or
//! overruled by what is still there.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

use super::draft::Draft;
use super::error::{LogError, LogProblem};
use super::record::{Record, RecordId};
use super::replay::Sink;
use super::review_log::ReviewLog;
use super::reviews::Reviews;
use super::state::State;
use super::store::Id;

/// Decisions that held and are in no log any more.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// How many there are of each reviewer.
    pub by: BTreeMap<String, usize>,
    /// How many of them this run has made.
    pub made: usize,
    /// What is to be written again, each with the number of its log: the decisions that this run has made, and what
    /// they had seen, without which something older would hold beside them.
    pub again: Vec<(usize, Record)>,
}

/// Compares what was read `before` with what the logs hold now. A decision that held before and is in none of them is
/// lost unless
/// - it is in an archive, where a compaction has moved it;
/// - a record that is still there has seen it, directly or through others: it was overruled and must not come back;
/// - it is `waiting` to be written.
pub fn find_lost(logs: &[&ReviewLog], before: &Reviews, waiting: &[RecordId]) -> Result<Lost, LogError> {
    let (state, store) = (before.state(), before.state().store());
    let all = || 0..u32::try_from(state.len()).unwrap_or(u32::MAX);
    let (mut there, mut moved) = (Ids::default(), Ids::default());
    for log in logs {
        // Another reader of the same files: how far the log itself was read stays as it is.
        ReviewLog::open(log.path()).replay_in(&mut there)?;
        for archive in log.family().archives()? {
            ReviewLog::open(&archive).replay_alone_in(&mut moved)?;
        }
    }
    let (there, moved) = (there.marks(state), moved.marks(state));
    let is_there = |record: &u32| there.get(*record as usize).copied().unwrap_or_default();
    let is_moved = |record: &u32| moved.get(*record as usize).copied().unwrap_or_default();
    // An undo that is there is in force unless another one that is there undoes it.
    let undone = |record: u32| store.entry(record).and_then(|entry| store.undone(entry));
    let undo: HashSet<Id> = all().filter(is_there).filter_map(undone).collect();
    let is_undone = |record: u32| store.entry(record).is_some_and(|entry| undo.contains(&entry.id));
    let undo = all().filter(|record| is_there(record) && !is_undone(*record)).filter_map(undone);
    let undo: HashSet<Id> = undo.collect();
    let is_dead = |record: u32| store.entry(record).is_some_and(|entry| undo.contains(&entry.id));
    let mut overruled = Places::none(state);
    let decisions = |record: &u32| is_there(record) && undone(*record).is_none() && !is_dead(*record);
    overruled.reach(state, all().filter(decisions), past_at);
    let held_at = |place| state.slot_at(place).is_some_and(|slot| slot.holding(store).contains(&place));
    let made: HashSet<&RecordId> = logs.iter().flat_map(|log| log.made()).collect();
    let (mut lost, mut own) = (Lost::default(), Vec::new());
    for record in all().filter(|record| !is_there(record) && !is_moved(record) && !is_dead(*record)) {
        let held = |place| !overruled.has(place) && (held_at(place) || undone(record).is_some());
        let Some(record_held) = store.record(record).filter(|_| places(state, record).any(held)) else {
            continue;
        };
        if !waiting.contains(&record_held.id) {
            if made.contains(&record_held.id) {
                own.push(record);
            }
            *lost.by.entry(record_held.by).or_default() += 1;
        }
    }
    lost.made = own.len();
    let mut seen = Places::none(state);
    seen.reach(state, own.iter().copied(), seen_at);
    let is_seen = |record: &u32| places(state, *record).any(|place| seen.has(place));
    let mut again: HashSet<u32> =
        own.into_iter().chain(all().filter(is_seen)).filter(|record| !is_there(record)).collect();
    // A record on several posts that comes back for one of them must stay overruled for the others.
    loop {
        let is_between = |record: &u32| {
            let mut seen = places(state, *record).flat_map(|place| seen_at(state, place));
            !is_there(record)
                && !again.contains(record)
                && places(state, *record).all(|place| overruled.has(place))
                && seen.any(|place| store.place(place).is_some_and(|it| again.contains(&it.record)))
        };
        let between: Vec<u32> = all().filter(is_between).collect();
        if again.is_empty() || between.is_empty() {
            break;
        }
        again.extend(between);
    }
    let mut again: Vec<u32> = again.into_iter().collect();
    again.sort_unstable();
    let with_log = |record: Record| (before.log_of(&record.id), record);
    lost.again = again.into_iter().filter_map(|record| store.record(record)).map(with_log).collect();
    Ok(lost)
}

/// What a record says of each of its posts, by number.
fn places(state: &State, record: u32) -> Range<u32> {
    let entry = state.store().entry(record);
    entry.map_or(0..0, |entry| entry.first..entry.first.saturating_add(entry.count))
}

/// What the author of a record had seen of the same key of the same post.
fn past_at(state: &State, place: u32) -> Vec<u32> {
    in_slot_of(state, place, state.store().past_of(place))
}

/// The same, and what the record undoes there.
fn seen_at(state: &State, place: u32) -> Vec<u32> {
    in_slot_of(state, place, state.store().past_of(place).chain(state.store().undone_at(place)))
}

fn in_slot_of(state: &State, place: u32, ids: impl Iterator<Item = Id>) -> Vec<u32> {
    let store = state.store();
    let Some(slot) = store.place(place).map(|place| place.slot) else { return Vec::new() };
    ids.flat_map(|id| store.find_all(id)).filter_map(|record| state.place_of(slot, record)).collect()
}

/// Some of the places of a state.
struct Places(Vec<bool>);

impl Places {
    fn none(state: &State) -> Self {
        let last = u32::try_from(state.len()).unwrap_or(u32::MAX).checked_sub(1);
        let end = last.map_or(0, |last| places(state, last).end);
        Self(vec![false; end as usize])
    }

    fn has(&self, place: u32) -> bool {
        self.0.get(place as usize).copied().unwrap_or_default()
    }

    fn add(&mut self, places: Vec<u32>) -> Vec<u32> {
        let is_new = |place: &u32| {
            self.0.get_mut(*place as usize).is_some_and(|marked| !std::mem::replace(marked, true))
        };
        places.into_iter().filter(is_new).collect()
    }

    /// Adds everything that these records have seen, directly or through others.
    fn reach(
        &mut self,
        state: &State,
        records: impl Iterator<Item = u32>,
        seen: fn(&State, u32) -> Vec<u32>,
    ) {
        for record in records {
            let mut from: Vec<u32> = places(state, record).collect();
            while let Some(place) = from.pop() {
                from.extend(self.add(seen(state, place)));
            }
        }
    }
}

/// The ids of records that were met in files, as numbers that no two of them share.
#[derive(Default)]
struct Ids {
    hasher: RandomState,
    met: HashSet<u64>,
}

impl Ids {
    /// Which records of a state are among them.
    fn marks(&self, state: &State) -> Vec<bool> {
        let store = state.store();
        let is_met = |record| {
            let id = store.entry(record).map(|entry| store.id_text(entry.id));
            id.is_some_and(|id| self.met.contains(&self.hasher.hash_one(id.as_str())))
        };
        (0..u32::try_from(state.len()).unwrap_or(u32::MAX)).map(is_met).collect()
    }
}

impl Sink for Ids {
    fn record(&mut self, draft: &Draft<'_>, _is_checked: bool) {
        self.met.insert(self.hasher.hash_one(&*draft.id));
    }

    fn problem(&mut self, _problem: LogProblem) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::suite::{at, change, writer};
    use crate::review::{Journal, compact};
    use std::path::{Path, PathBuf};

    struct Desk {
        folder: tempfile::TempDir,
        reviews: Reviews,
        log: ReviewLog,
    }

    impl Desk {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let log = ReviewLog::open(&folder.path().join("p.jsonl.reviews.jsonl")).keeping_its_own();
            Self { folder, reviews: writer("mara", "a"), log }
        }

        fn path(&self) -> PathBuf {
            self.log.path().to_owned()
        }

        fn decide(&mut self, post: &str, val: &str) -> Record {
            let record = self.reviews.decide(change(post, "text", val), None, at(0)).unwrap();
            let met = self.log.append(&record).unwrap();
            self.absorb(met.others);
            record
        }

        fn absorb(&mut self, others: Vec<Record>) {
            for record in others {
                self.reviews.absorb(record);
            }
        }

        fn lost(&self) -> Lost {
            find_lost(&[&self.log], &self.reviews, &[]).unwrap()
        }
    }

    fn decide_as(by: &str, path: &Path, posts: &[&str], val: &str) {
        let mut reviews = writer(by, by);
        ReviewLog::open(path).replay_into(&mut reviews, &mut |_| {}).unwrap();
        let changes = posts.iter().map(|post| change(post, "text", val)).collect();
        let record = reviews.decide_many(changes, None, at(1)).unwrap();
        ReviewLog::open(path).append(&record).unwrap();
    }

    fn ids(lost: &Lost) -> Vec<&str> {
        lost.again.iter().map(|(_, record)| record.id.as_str()).collect()
    }

    #[test]
    fn what_a_compaction_has_moved_is_not_lost_with_its_archive_or_without() {
        let mut desk = Desk::new();
        desk.decide("p", "flagged");
        for (by, val) in [("tom", "skipped"), ("li", "reviewed")] {
            decide_as(by, &desk.path(), &["p"], val);
        }
        let met = desk.log.look().unwrap();
        assert!(!met.is_replaced);
        desk.absorb(met.others);
        let archive = compact(&desk.path()).unwrap().archive.unwrap();
        assert!(desk.log.look().unwrap().is_replaced);
        assert_eq!(desk.lost(), Lost::default());
        // As git brings a log that was compacted elsewhere.
        std::fs::remove_file(archive).unwrap();
        assert_eq!(desk.lost(), Lost::default());
    }

    #[test]
    fn what_is_gone_is_counted_by_who_made_it_and_what_this_run_has_made_comes_again() {
        let mut desk = Desk::new();
        let first = desk.decide("p", "skipped");
        let held = desk.decide("p", "reviewed");
        decide_as("tom", &desk.path(), &["q", "r"], "flagged");
        let met = desk.log.look().unwrap();
        desk.absorb(met.others);
        std::fs::remove_file(desk.path()).unwrap();
        assert!(desk.log.look().unwrap().is_replaced);
        let lost = desk.lost();
        assert_eq!((lost.made, ids(&lost)), (1, vec![first.id.as_str(), held.id.as_str()]));
        assert_eq!(lost.by, BTreeMap::from([("mara".to_owned(), 1), ("tom".to_owned(), 1)]));
        assert_eq!(
            find_lost(&[&desk.log], &desk.reviews, &[first.id.clone(), held.id.clone()]).unwrap().made,
            0
        );
        desk.log.miss(lost.again.into_iter().map(|(_, record)| record).collect());
        desk.log.append_missing().unwrap();
        assert!(desk.log.missing().is_empty());
        assert_eq!(std::fs::read_to_string(desk.path()).unwrap(), first.to_line() + &held.to_line());
    }

    /// A decision holds that somebody overruled and then gave way again, and is lost with all of that.
    #[test]
    fn what_holds_since_another_decision_was_undone_comes_again() {
        let mut desk = Desk::new();
        let mine = desk.decide("p", "reviewed");
        let mut tom = writer("tom", "b");
        tom.absorb(mine.clone());
        let flag = tom.decide(change("p", "text", "flagged"), None, at(1)).unwrap();
        let undo = tom.undo(at(2)).unwrap();
        desk.absorb([vec![flag], undo].concat());
        std::fs::remove_file(desk.path()).unwrap();
        let lost = desk.lost();
        assert_eq!((lost.made, ids(&lost)), (1, vec![mine.id.as_str()]));
    }

    /// What was compacted away comes back with the decision that stands on it, or an older one would hold beside it.
    #[test]
    fn a_decision_comes_again_with_what_it_has_seen_in_the_archive() {
        let mut desk = Desk::new();
        let old = desk.decide("p", "flagged").to_line();
        let moved = desk.decide("p", "skipped");
        let held = desk.decide("p", "reviewed");
        compact(&desk.path()).unwrap();
        // `git checkout` of the first day.
        std::fs::write(desk.path(), &old).unwrap();
        assert_eq!(ids(&desk.lost()), [moved.id.as_str(), held.id.as_str()]);
    }

    /// A record on two posts was overruled for both, once by what is still there.
    #[test]
    fn what_comes_again_for_one_post_stays_overruled_for_the_other() {
        let mut desk = Desk::new();
        decide_as("li", &desk.path(), &["p", "q"], "flagged");
        let met = desk.log.look().unwrap();
        desk.absorb(met.others);
        for val in ["skipped", "reviewed"] {
            desk.decide("q", val);
        }
        let held = std::fs::read_to_string(desk.path()).unwrap().lines().last().unwrap().to_owned() + "\n";
        let mine = desk.decide("p", "reviewed");
        // Only the decision on q is left.
        std::fs::write(desk.path(), &held).unwrap();
        let lost = desk.lost();
        assert_eq!((lost.made, lost.again.len()), (1, 3), "{lost:?}");
        let mut reviews = writer("anybody", "x");
        let lines: String = lost.again.iter().map(|(_, record)| record.to_line()).collect();
        std::fs::write(desk.path(), held + &lines).unwrap();
        ReviewLog::open(&desk.path()).replay_into(&mut reviews, &mut |_| {}).unwrap();
        let standing = |post: &str| {
            let text = crate::model::Digest::of_bytes(b"text");
            let standing = reviews.state().standing(&crate::model::PostId::new(post), Some(text), &[]);
            (standing.status.name(), standing.conflict, standing.by)
        };
        assert_eq!(standing("p"), ("reviewed", false, "mara".to_owned()), "{mine:?}");
        assert_eq!(standing("q"), ("reviewed", false, "mara".to_owned()));
        drop(desk.folder);
    }
}
