//! Undo and redo, from the records alone, so that they work after a restart.
//!
//! An undo is a record that names another one, about the same posts: as long as it is in force, the other one is undone. A
//! redo is an undo of all undo records in force of a decision.

use std::collections::HashMap;

use jiff::Timestamp;

use super::filled::{self, MOST_BYTES};
use super::history::group;
use super::record::{BulkTarget, Former, Key, Record, RecordId, Target};
use super::reviews::{POSTS_PER_RECORD, Reviews, going_on};
use super::state::State;
use super::store::Id;
use crate::model::figures::grouped;
use crate::model::text::cut;
use crate::model::{PostId, Status, safe};

/// Why nothing was undone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UndoRefused {
    /// This reviewer has decided nothing that is not undone.
    #[error("There is nothing of yours to undo")]
    NothingToUndo,
    /// Nothing was undone since the last decision.
    #[error("There is nothing of yours to redo")]
    NothingToRedo,
    /// What held before is not in the log any more.
    #[error(
        "Not undone: what held for {post} before was moved out of the log when it was compacted. Decide on it again",
        post = safe(post.as_str())
    )]
    Forgotten {
        /// On which post.
        post: PostId,
    },
    /// There is no such decision.
    #[error("Not undone: there is no decision {id} in the log", id = safe(id.as_str()))]
    Unknown {
        /// Its id.
        id: RecordId,
    },
    /// Nothing of it is left to undo.
    #[error("Not undone: this is undone already")]
    Already,
    /// Somebody else made it.
    #[error("Not undone: this is a decision of {by}. Decide on the post again to overrule it", by = safe(by))]
    NotYours {
        /// Who.
        by: String,
    },
    /// Several records have this id, and it is not known which of them is meant.
    #[error(
        "Not undone: {count} decisions have the id {id}. Decide on their posts again, or undo one in the history of its post",
        id = safe(id.as_str())
    )]
    Shared {
        /// The id.
        id: RecordId,
        /// How many there are.
        count: usize,
    },
}

/// The posts of a step for which nothing changes: somebody has decided since, or what held before is not in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unchanged {
    /// How many there are.
    pub count: usize,
    /// The first of them, and why.
    first: Option<(PostId, String)>,
}

impl Unchanged {
    fn add(&mut self, post: PostId, why: impl FnOnce() -> String) {
        self.count += 1;
        self.first.get_or_insert_with(|| (post, why()));
    }
}

/// Tells that nothing changes there, and why.
impl std::fmt::Display for Unchanged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some((post, why)) = &self.first else { return Ok(()) };
        let post = short(post.as_str());
        match self.count {
            1 => write!(f, "Nothing changes on {post}: {why}"),
            count => write!(f, "Nothing changes on {} posts, {post} among them: {why}", grouped(count)),
        }
    }
}

/// A name or a value in a sentence, cut to what fits.
fn short(text: &str) -> String {
    /// Unit: columns.
    const WIDTH: usize = 24;
    cut(safe(text).as_str(), WIDTH).into_owned()
}

/// A step that is being undone or redone, a stretch at a time.
#[derive(Debug)]
pub struct Undo {
    /// The records of the step that are still to come, the next one last.
    records: Vec<u32>,
    is_redo: bool,
    /// How many posts it is about.
    posts: usize,
    /// The first record that was made, which the others go on with.
    first: Option<RecordId>,
    unchanged: Unchanged,
}

impl Undo {
    /// How many posts it is about.
    pub fn posts(&self) -> usize {
        self.posts
    }

    /// Whether it is a redo.
    pub fn is_redo(&self) -> bool {
        self.is_redo
    }

    /// Whether all of it is undone.
    pub fn is_done(&self) -> bool {
        self.records.is_empty()
    }

    /// The posts for which nothing changes.
    pub fn unchanged(&self) -> &Unchanged {
        &self.unchanged
    }
}

/// What undoes one id: on which of its posts, each with the record that is about it and what that was.
type Parts = Vec<(Id, Vec<u32>)>;

impl Reviews {
    /// Begins to undo the last step of this reviewer, also one of an earlier run.
    pub fn begin_undo(&mut self) -> Result<Undo, UndoRefused> {
        let records = self.mine.last_done(&self.state);
        self.begin(records, false).ok_or(UndoRefused::NothingToUndo)?
    }

    /// Begins to undo the last undo.
    pub fn begin_redo(&mut self) -> Result<Undo, UndoRefused> {
        let records = self.mine.last_undone(&self.state);
        self.begin(records, true).ok_or(UndoRefused::NothingToRedo)?
    }

    /// Begins to undo a step that is not the last one, by the id of one of its records. `post` is one that it is about,
    /// where that is known: records may share an id.
    pub fn begin_undo_record(&mut self, id: &RecordId, post: Option<&PostId>) -> Result<Undo, UndoRefused> {
        let state = &self.state;
        let store = state.store();
        let post = post.map(|post| store.posts.find(post.as_str()));
        let is_it = |record: &u32| {
            let is_about = |at| post.is_none_or(|post| store.place(at).map(|place| place.post) == post);
            // What this version does not apply, it cannot undo.
            store.entry(*record).is_some_and(|entry| entry.applies && store.places_of(entry).any(is_about))
        };
        let records: Vec<u32> = state.numbers(id).filter(is_it).collect();
        let record = match records.as_slice() {
            [] => return Err(UndoRefused::Unknown { id: id.clone() }),
            [record] => *record,
            several => return Err(UndoRefused::Shared { id: id.clone(), count: several.len() }),
        };
        let by = store.entry(record).map_or("", |entry| store.by(entry));
        if by != self.by() {
            return Err(UndoRefused::NotYours { by: by.to_owned() });
        }
        let is_redo = state.is_undo(record);
        let records = group(record, is_redo, self.mine.step_of(record, state), state);
        self.begin(records, is_redo).ok_or(UndoRefused::Already)?
    }

    /// `None` where there is nothing to undo.
    fn begin(&self, mut records: Vec<u32>, is_redo: bool) -> Option<Result<Undo, UndoRefused>> {
        let state = &self.state;
        let mut places = records.iter().flat_map(|record| state.places_to_undo(*record, is_redo)).peekable();
        let (first, _) = *places.peek()?;
        if !is_redo && places.all(|(_, decision)| state.is_forgotten(decision)) {
            return Some(Err(UndoRefused::Forgotten { post: state.post_at(first) }));
        }
        records.reverse();
        let posts = records.iter().map(|record| state.posts_of(*record)).sum();
        Some(Ok(Undo { records, is_redo, posts, first: None, unchanged: Unchanged::default() }))
    }

    /// Goes on with the next records of a step, as far as one record may name posts. The records that undo them.
    pub fn go_on_undoing(&mut self, undo: &mut Undo, now: Timestamp) -> Vec<Record> {
        let (mut parts, mut posts) = (Parts::new(), 0);
        // All is looked at before a record is made, which would have the same looked at once more.
        while posts < POSTS_PER_RECORD
            && let Some(record) = undo.records.pop()
        {
            posts += self.state.posts_of(record);
            parts.extend(self.parts(record, undo));
        }
        let mut made = Vec::new();
        for (undone, places) in parts {
            let mut places = places.as_slice();
            while !places.is_empty() {
                let (record, fitting) = self.undoing(undone, places, undo, now);
                made.push(record);
                places = places.get(fitting..).unwrap_or_default();
            }
        }
        made
    }

    /// What is to be undone for a record of a step, by id. Takes down for which posts nothing changes.
    fn parts(&self, record: u32, undo: &mut Undo) -> Parts {
        let state = &self.state;
        let (mut parts, mut numbers) = (Parts::new(), HashMap::new());
        for (slot, decision) in state.places_to_undo(record, undo.is_redo) {
            let slot = state.slot_at(slot);
            let post = || state.post_at(decision);
            let undone = if undo.is_redo {
                slot.map(|slot| slot.undone_by(decision, state.store())).unwrap_or_default()
            } else if state.is_forgotten(decision) {
                let why = || "what held before was moved out of the log when it was compacted".to_owned();
                undo.unchanged.add(post(), why);
                continue;
            } else {
                vec![state.store().id_at(decision)]
            };
            if slot.is_some_and(|slot| slot.is_overruled(decision, state.store())) {
                undo.unchanged.add(post(), || self.who_decided_since(decision));
            }
            for id in undone {
                let number = *numbers.entry(id).or_insert_with(|| {
                    parts.push((id, Vec::new()));
                    parts.len() - 1
                });
                parts.get_mut(number).into_iter().for_each(|(_, places)| places.push(decision));
            }
        }
        parts
    }

    fn who_decided_since(&self, decision: u32) -> String {
        let holding = self.state.slot_at(decision).map(|slot| self.state.holding_in(slot, None, &[]));
        let holding = holding.unwrap_or_default();
        let Some(holds) = super::state::most_cautious(holding.iter()) else { return String::new() };
        let who = if holds.by() == self.by() {
            "you have".to_owned()
        } else {
            format!("{} has", short(holds.by()))
        };
        let val = if holds.val().is_empty() { "no note".to_owned() } else { short(holds.val()) };
        format!("{who} since decided {val}")
    }

    /// A record that undoes an id on some of these posts, and how many of them fit on its line.
    fn undoing(&mut self, undone: Id, places: &[u32], undo: &mut Undo, now: Timestamp) -> (Record, usize) {
        let store = self.state.store();
        let id = store.id_text(undone);
        // What is said to hold now is only for people, and for older versions of this program.
        let said = |at: u32| if undo.is_redo { self.state.said_at(at) } else { self.state.said_before(at) };
        let mut value = places.first().map_or_else(|| Key::Status.blank(), |at| said(*at));
        let key = places.first().map_or(Key::Status, |at| self.state.key_at(*at));
        let (mut targets, mut filled) = (Vec::with_capacity(places.len()), filled::by_value(&value));
        let mut fitting = 0;
        let target = match places {
            [at] => {
                fitting = 1;
                let hash = store.place(*at).and_then(|place| place.hash);
                Target::One { post: self.state.post_at(*at), hash, prev: vec![id.clone()] }
            }
            places => {
                value.note = None;
                for at in places {
                    let own = Former { note: None, ..said(*at) };
                    let own = Some(own).filter(|own| *own != value);
                    let (post, prev) = (self.state.post_at(*at), vec![id.clone()]);
                    filled += filled::by_post(&post, &prev, own.as_ref());
                    if filled > MOST_BYTES && fitting > 0 {
                        break;
                    }
                    fitting += 1;
                    let hash = store.place(*at).and_then(|place| place.hash);
                    targets.extend(hash.map(|hash| BulkTarget { post, hash, prev, own }));
                }
                Target::Many(targets)
            }
        };
        let log = store.find(undone).map_or(0, |record| self.origins.of(record));
        self.turn_to(log);
        let Former { val, why, note } = value;
        let extra = going_on(undo.first.as_ref());
        let blank = self.blank(target, now);
        let made = self.make(Record { key, val, why, note, undo: Some(id), extra, ..blank });
        undo.first.get_or_insert_with(|| made.id.clone());
        (made, fitting)
    }

    /// Undoes the last step of this reviewer. At least one record.
    pub fn undo(&mut self, now: Timestamp) -> Result<Vec<Record>, UndoRefused> {
        let undo = self.begin_undo()?;
        Ok(self.undo_all(undo, now).0)
    }

    /// The same with a step that is not the last one, by the id of one of its records.
    pub fn undo_record(
        &mut self,
        id: &RecordId,
        post: Option<&PostId>,
        now: Timestamp,
    ) -> Result<Vec<Record>, UndoRefused> {
        let undo = self.begin_undo_record(id, post)?;
        Ok(self.undo_all(undo, now).0)
    }

    /// The same with the last undo.
    pub fn redo(&mut self, now: Timestamp) -> Result<Vec<Record>, UndoRefused> {
        let undo = self.begin_redo()?;
        Ok(self.undo_all(undo, now).0)
    }

    /// Undoes a step to its end.
    pub fn undo_all(&mut self, mut undo: Undo, now: Timestamp) -> (Vec<Record>, Unchanged) {
        let mut records = Vec::new();
        while !undo.is_done() {
            records.extend(self.go_on_undoing(&mut undo, now));
        }
        (records, undo.unchanged)
    }
}

impl State {
    /// The decision that a record has made, undone or redone for a post, and whether it has undone it. `None` where that is
    /// not in the log, or where records undo one another in a circle.
    pub(super) fn decision_of(&self, at: u32) -> Option<(u32, bool)> {
        let (store, slot) = (self.store(), self.slot_at(at)?);
        let number = store.place(at)?.slot;
        let (mut at, mut is_undo) = (at, false);
        // In a circle the place that is kept for longer and longer is met again (Brent).
        let (mut met, mut steps, mut most) = (at, 0_u64, 1_u64);
        while let Some(undone) = store.undone_at(at) {
            at = store.find_all(undone).find_map(|record| slot.place_of(number, record, store))?;
            is_undo = !is_undo;
            if at == met {
                return None;
            }
            steps += 1;
            if steps == most {
                (met, steps, most) = (at, 0, most.saturating_mul(2));
            }
        }
        Some((at, is_undo))
    }

    /// Whether a record undoes a decision; a redo does not.
    pub(super) fn is_undo(&self, record: u32) -> bool {
        let place = self.store().entry(record).and_then(|entry| self.store().places_of(entry).next());
        place.and_then(|at| self.decision_of(at)).is_some_and(|(_, is_undo)| is_undo)
    }

    /// The places of a record where its decision can be undone, or redone, each with that of the decision.
    pub(super) fn places_to_undo(&self, record: u32, is_redo: bool) -> impl Iterator<Item = (u32, u32)> {
        let store = self.store();
        let places = store.entry(record).into_iter().flat_map(|entry| store.places_of(entry));
        places.filter_map(move |at| {
            let (slot, (decision, _)) = (self.slot_at(at)?, self.decision_of(at)?);
            let is_undone = slot.is_undone(decision, store);
            let is_left = if is_redo { is_undone && !slot.is_undone(at, store) } else { !is_undone };
            is_left.then_some((at, decision))
        })
    }

    /// Whether what held before a decision is not in the log any more.
    fn is_forgotten(&self, decision: u32) -> bool {
        let mut past = self.store().past_of(decision).peekable();
        self.has_gaps() && past.peek().is_some() && past.all(|id| self.store().find(id).is_none())
    }

    /// What a decision says.
    fn said_at(&self, at: u32) -> Former {
        self.store().place(at).map_or_else(|| Key::Status.blank(), |place| self.store().former(place))
    }

    /// What the most cautious of the records says that a decision names as past.
    fn said_before(&self, at: u32) -> Former {
        let store = self.store();
        let (Some(slot), Some(place)) = (self.slot_at(at), store.place(at)) else {
            return Key::Status.blank();
        };
        let past = store.past_of(at).flat_map(|id| store.find_all(id));
        let past =
            past.filter_map(|record| slot.place_of(place.slot, record, store)).map(|at| self.said_at(at));
        let caution = |said: &Former| Status::from_name(&said.val).unwrap_or_default().caution();
        past.max_by_key(caution).unwrap_or_else(|| self.key_at(at).blank())
    }
}

#[cfg(test)]
mod tests;
