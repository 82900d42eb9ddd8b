//! Undo and redo, from the records alone, so that they work after a restart.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::record::{BulkTarget, Former, Key, RecordId, Target};
use super::state::{Current, State};
use super::store::{Entry, Place};
use crate::model::{Digest, PostId, Safe, Status, safe};

/// Why nothing was taken back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UndoRefused {
    /// This reviewer has decided nothing that still holds.
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
    /// Several decisions have this id, and it is not known which of them is meant.
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
    /// The same reviewer has decided since.
    #[error(
        "Not undone: you have since decided {val} on {post}. Undo that first, or decide on it again",
        val = decided(val), post = safe(post.as_str())
    )]
    Overtaken {
        /// On which post.
        post: PostId,
        /// What.
        val: String,
    },
    /// Somebody else has decided since.
    #[error(
        "Not undone: {by} has since decided {val} on {post}. Decide on it again to overrule them",
        by = safe(by), val = decided(val), post = safe(post.as_str())
    )]
    Overruled {
        /// On which post.
        post: PostId,
        /// Who.
        by: String,
        /// What.
        val: String,
    },
}

/// A value as it is told; only a note may be blank.
fn decided(val: &str) -> Safe<'_> {
    safe(if val.is_empty() { "no note" } else { val })
}

/// What this reviewer has done and undone: numbers of records.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    steps: Vec<u32>,
    done: Vec<u32>,
    undone: Vec<u32>,
    /// The steps are in order, and all of them are in `done` and `undone`.
    is_settled: bool,
}

impl History {
    /// Takes in a record of this reviewer. One that comes in its order costs the same however many
    /// there were before.
    pub(super) fn add(&mut self, record: u32, state: &State) {
        let is_next = self.steps.last().is_none_or(|last| order(*last, record, state).is_le());
        self.is_settled = is_next && (self.is_settled || self.steps.is_empty());
        self.steps.push(record);
        if self.is_settled {
            self.take(record, state);
        }
    }

    /// The records of the newest step that holds, the newest first.
    pub(super) fn last_done(&mut self, state: &State) -> Vec<u32> {
        self.settle(state);
        whole_step(&self.done, state)
    }

    /// Those of the newest step that was taken back, unless something new was done since.
    pub(super) fn last_undone(&mut self, state: &State) -> Vec<u32> {
        self.settle(state);
        whole_step(&self.undone, state)
    }

    /// The records of the step that a record belongs to, the newest first, without those that were taken
    /// back; that record alone where it was.
    pub(super) fn step_of(&mut self, record: u32, state: &State) -> Vec<u32> {
        self.settle(state);
        let store = state.store();
        let named = |record: u32| store.entry(record).and_then(|entry| store.step(entry));
        let name = named(record).map(|name| RecordId::new(name.to_owned()));
        let Some(name) = name.or_else(|| store.entry(record).map(|entry| store.id_text(entry.id))) else {
            return vec![record];
        };
        let first = state.number(&name);
        let belongs = |other: &u32| first == Some(*other) || named(*other) == Some(name.as_str());
        let holds: HashSet<u32> = self.done.iter().copied().filter(belongs).collect();
        let takes_back = |other: &u32| store.entry(*other).is_some_and(|entry| store.undone(entry).is_some());
        let is_left = |other: &u32| belongs(other) && (holds.contains(other) || takes_back(other));
        let whole: Vec<u32> = self.steps.iter().rev().copied().filter(is_left).collect();
        if whole.contains(&record) { whole } else { vec![record] }
    }

    fn settle(&mut self, state: &State) {
        if self.is_settled {
            return;
        }
        self.steps.sort_by(|a, b| order(*a, *b, state));
        self.is_settled = true;
        (self.done, self.undone) = (Vec::new(), Vec::new());
        for record in std::mem::take(&mut self.steps) {
            self.take(record, state);
            self.steps.push(record);
        }
    }

    fn take(&mut self, record: u32, state: &State) {
        let store = state.store();
        let undone = store.entry(record).and_then(|entry| store.undone(entry));
        let mut undone: Vec<u32> = undone.into_iter().flat_map(|undone| store.find_all(undone)).collect();
        if undone.len() > 1 {
            // Of those that share the id, the one about the same post.
            let post = |record: u32| {
                store.entry(record).and_then(|entry| store.place(entry.first)).map(|it| it.post)
            };
            let is_about_it = |other: &u32| post(*other) == post(record);
            if undone.iter().any(is_about_it) {
                undone.retain(is_about_it);
            }
        }
        let position = |steps: &[u32]| {
            if undone.is_empty() { None } else { steps.iter().rposition(|step| undone.contains(step)) }
        };
        if let Some(at) = position(&self.done) {
            self.done.remove(at);
            self.undone.push(record);
        } else if let Some(at) = position(&self.undone) {
            self.undone.remove(at);
            self.done.push(record);
        } else {
            self.done.push(record);
            self.undone.clear();
        }
    }
}

/// The last record, and those before it that belong to the same step.
fn whole_step(records: &[u32], state: &State) -> Vec<u32> {
    let store = state.store();
    let id = |record: u32| store.entry(record).map(|entry| store.id_text(entry.id));
    let step = |record: u32| {
        let named = store.entry(record).and_then(|entry| store.step(entry));
        named.map(|name| RecordId::new(name.to_owned())).or_else(|| id(record))
    };
    let Some(wanted) = records.last().and_then(|last| step(*last)) else { return Vec::new() };
    let mut whole = Vec::new();
    for record in records.iter().rev() {
        if step(*record).as_ref() == Some(&wanted) {
            whole.push(*record);
            // The first of them gave the step its name.
            if id(*record).as_ref() == Some(&wanted) {
                break;
            }
        }
    }
    whole
}

/// The number of a record is higher than that of every record its writer had seen; the clock only
/// decides between steps that were made side by side.
fn order(a: u32, b: u32, state: &State) -> Ordering {
    let store = state.store();
    let (Some(a), Some(b)) = (store.entry(a), store.entry(b)) else { return a.cmp(&b) };
    let place = |entry: &Entry| (store.id_number(entry.id), entry.at_ms);
    place(a).cmp(&place(b)).then_with(|| store.id_text(a.id).cmp(&store.id_text(b.id)))
}

/// What a record that takes another back consists of.
pub(super) struct Draft {
    pub(super) target: Target,
    pub(super) key: Key,
    pub(super) value: Former,
}

/// Refuses to take a record back where somebody else has decided since; out of order also where oneself has,
/// because what came later would be undone with it and without a word.
pub(super) fn refusal(
    state: &State,
    record: u32,
    by: &str,
    is_out_of_order: bool,
) -> Result<(), UndoRefused> {
    let entry = state.store().entry(record).ok_or(UndoRefused::NothingToUndo)?;
    places_of(state, entry).try_for_each(|place| seen(state, place, by, is_out_of_order).map(drop))
}

/// Whether a record is about a post.
pub(super) fn is_about(state: &State, record: u32, post: &PostId) -> bool {
    let store = state.store();
    let number = store.posts.find(post.as_str());
    let entry = store.entry(record);
    number.is_some() && entry.is_some_and(|entry| places_of(state, entry).any(|it| Some(it.post) == number))
}

fn places_of<'a>(state: &'a State, entry: &Entry) -> impl Iterator<Item = &'a Place> {
    (entry.first..entry.first.saturating_add(entry.count)).filter_map(|at| state.store().place(at))
}

/// The records that are current where a record has set something, or why that is not taken back.
fn seen<'a>(
    state: &'a State,
    place: &'a Place,
    by: &str,
    is_out_of_order: bool,
) -> Result<Vec<Current<'a>>, UndoRefused> {
    let store = state.store();
    let post = || PostId::new(store.posts.get(place.post));
    let current: Vec<_> =
        state.current_in(place.slot, place.hash, &[]).filter(|head| head.is_fresh).collect();
    // What was decided and taken back since does not count: what held before it does.
    let itself = current.iter().filter(|head| head.place.record == place.record).copied();
    let others = state.holding_in(place.slot, place.hash, &[], place.record).filter(|head| head.is_fresh);
    if let Some(other) = itself.chain(others).find(|head| head.by() != by) {
        let (by, val) = (other.by().to_owned(), other.val().to_owned());
        return Err(UndoRefused::Overruled { post: post(), by, val });
    }
    if let Some(later) = current.iter().find(|head| is_out_of_order && head.place.record != place.record) {
        return Err(UndoRefused::Overtaken { post: post(), val: later.val().to_owned() });
    }
    let past = store.prev(place);
    if !past.is_empty() && past.iter().all(|id| store.find(*id).is_none()) {
        return Err(UndoRefused::Forgotten { post: post() });
    }
    Ok(current)
}

/// What takes a record back: each of its posts gets its own former value. Refused as [`refusal`] says.
pub(super) fn taking_back(
    state: &State,
    record: u32,
    by: &str,
    is_out_of_order: bool,
) -> Result<Draft, UndoRefused> {
    let store = state.store();
    let entry = store.entry(record).ok_or(UndoRefused::NothingToUndo)?;
    let key = store.key(store.key_word(record));
    let mut targets = Vec::with_capacity(entry.count as usize);
    for place in places_of(state, entry) {
        let post = PostId::new(store.posts.get(place.post));
        let current = seen(state, place, by, is_out_of_order)?;
        let prev = current.iter().map(Current::id).collect();
        let (former, hash) = former(state, &key, place);
        targets.push((post, hash, prev, former));
    }
    if !entry.is_bulk() {
        let (post, hash, prev, value) = targets.pop().ok_or(UndoRefused::NothingToUndo)?;
        return Ok(Draft { target: Target::One { post, hash, prev }, key, value });
    }
    let blank = Former { val: key.blank_val().to_owned(), why: Vec::new(), note: None };
    let targets = targets.into_iter().filter_map(|(post, hash, prev, former)| {
        let own = Some(former).filter(|former| *former != blank);
        Some(BulkTarget { post, hash: hash?, prev, own })
    });
    Ok(Draft { target: Target::Many(targets.collect()), key, value: blank })
}

/// What held for a post before a record, and the digest of the text it held for.
fn former(state: &State, key: &Key, place: &Place) -> (Former, Option<Digest>) {
    let store = state.store();
    let past = state.held_before(place);
    let past = past.into_iter().filter_map(|past| Some((past, store.entry(past.record)?)));
    let cautious = past.max_by_key(|(past, entry)| {
        let status = Status::from_name(store.val(past)).unwrap_or_default();
        (status.caution(), entry.at_ms, store.id_text(entry.id))
    });
    match cautious {
        Some((past, _)) => (store.former(past), past.hash.or(place.hash)),
        None => (Former { val: key.blank_val().to_owned(), why: Vec::new(), note: None }, place.hash),
    }
}
