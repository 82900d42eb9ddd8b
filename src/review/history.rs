//! What one reviewer has done and undone, in the order in which they did it, from the records alone.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::record::{RecordId, number_of};
use super::state::State;
use super::store::{Entry, Id};
use super::undo;

/// What became of a record of this reviewer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Fate {
    /// All of it was taken back, or what it took back cannot be brought back any more.
    #[default]
    Gone,
    /// It is done, and can be taken back.
    Done,
    /// It took something back, and can be taken back itself.
    Undone,
}

/// What this reviewer has done and undone: numbers of records.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    steps: Vec<u32>,
    /// What is done, in its order, with some that is gone.
    done: Vec<u32>,
    /// The same of what takes something back.
    undone: Vec<u32>,
    /// By the number of a record: to look through a million for one of them would take a million looks.
    fates: Vec<Fate>,
    /// By the number of a record that was taken back in part, how many of its posts are left: a line has its limits,
    /// and others may have decided on some.
    left: HashMap<u32, usize>,
    /// By the number of a record: it is passed over, since others have decided on all that is left of it.
    passed: Vec<bool>,
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
        self.last(Fate::Done, state)
    }

    /// Those of the newest step that was taken back, unless something new was done since.
    pub(super) fn last_undone(&mut self, state: &State) -> Vec<u32> {
        self.last(Fate::Undone, state)
    }

    fn last(&mut self, fate: Fate, state: &State) -> Vec<u32> {
        self.settle(state);
        let Self { done, undone, fates, passed, left, .. } = self;
        let records = if fate == Fate::Done { done } else { undone };
        let is_any_left = |record: &u32| !left.contains_key(record) || undo::is_any_left(state, *record);
        let stands = |record: &u32| {
            fate_in(fates, *record) == fate && !is_passed(passed, *record) && is_any_left(record)
        };
        while records.pop_if(|last| !stands(last)).is_some() {}
        whole_step(records.iter().rev().copied().filter(stands), state)
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
        let takes_back = |other: &u32| store.entry(*other).is_some_and(|entry| store.undone(entry).is_some());
        let holds = |other: &u32| self.fate(*other) == Fate::Done && !self.is_partly_left(*other);
        let is_left = |other: &u32| belongs(other) && (holds(other) || takes_back(other));
        let whole: Vec<u32> = self.steps.iter().rev().copied().filter(is_left).collect();
        if whole.contains(&record) { whole } else { vec![record] }
    }

    /// From here on undo and redo pass these records over, as far as they still hold.
    pub(super) fn pass_over(&mut self, records: &[u32]) {
        let Self { fates, passed, .. } = self;
        for record in records.iter().filter(|record| fate_in(fates, **record) != Fate::Gone) {
            let at = *record as usize;
            passed.resize(passed.len().max(at + 1), false);
            if let Some(passed) = passed.get_mut(at) {
                *passed = true;
            }
        }
    }

    /// Passes nothing over any more: somebody has taken something back.
    pub(super) fn pass_nothing_over(&mut self) {
        if !self.passed.is_empty() {
            self.passed.clear();
            self.is_settled = false;
        }
    }

    fn settle(&mut self, state: &State) {
        if self.is_settled {
            return;
        }
        self.steps.sort_by(|a, b| order(*a, *b, state));
        self.is_settled = true;
        (self.done, self.undone, self.fates) = (Vec::new(), Vec::new(), Vec::new());
        self.left.clear();
        for record in std::mem::take(&mut self.steps) {
            self.take(record, state);
            self.steps.push(record);
        }
    }

    fn take(&mut self, record: u32, state: &State) {
        let taken = state.store().entry(record).and_then(|entry| state.store().undone(entry));
        let Some(other) = taken.and_then(|id| self.taken_back(record, id, state)) else {
            self.begin(record);
            return;
        };
        let fate = if self.fate(other) == Fate::Done { Fate::Undone } else { Fate::Done };
        let posts = state.posts_of(record);
        match self.posts_left(other, state).checked_sub(posts).filter(|left| posts > 0 && *left > 0) {
            Some(left) => drop(self.left.insert(other, left)),
            None => self.put(other, Fate::Gone),
        }
        self.put(record, fate);
    }

    /// How many posts of a record are not taken back yet.
    pub(super) fn posts_left(&self, record: u32, state: &State) -> usize {
        self.left.get(&record).copied().unwrap_or_else(|| state.posts_of(record))
    }

    /// Some posts of a record are taken back already, and others are not.
    pub(super) fn is_partly_left(&self, record: u32) -> bool {
        self.left.contains_key(&record)
    }

    /// Something new is done: what was undone before stays so.
    fn begin(&mut self, record: u32) {
        self.put(record, Fate::Done);
        for undone in std::mem::take(&mut self.undone) {
            self.put(undone, Fate::Gone);
        }
    }

    /// The record with this id that a record takes back, if any of them holds: the newest, and of those that
    /// share the id the one about the same post.
    fn taken_back(&self, record: u32, id: Id, state: &State) -> Option<u32> {
        let store = state.store();
        let mut records: Vec<u32> = store.find_all(id).collect();
        if records.len() > 1 {
            let post = store.entry(record).and_then(|entry| store.place(entry.first)).map(|it| it.post);
            let is_about_it =
                |other: &u32| post.is_some_and(|post| undo::is_about_number(state, *other, post));
            if records.iter().any(is_about_it) {
                records.retain(is_about_it);
            }
        }
        let newest = |fate| {
            let those = records.iter().copied().filter(|other| self.fate(*other) == fate);
            those.max_by(|a, b| order(*a, *b, state))
        };
        newest(Fate::Done).or_else(|| newest(Fate::Undone))
    }

    fn fate(&self, record: u32) -> Fate {
        fate_in(&self.fates, record)
    }

    fn put(&mut self, record: u32, fate: Fate) {
        let at = record as usize;
        self.fates.resize(self.fates.len().max(at + 1), Fate::Gone);
        if let Some(known) = self.fates.get_mut(at) {
            *known = fate;
        }
        match fate {
            Fate::Gone => drop(self.left.remove(&record)),
            Fate::Done => self.done.push(record),
            Fate::Undone => self.undone.push(record),
        }
    }
}

fn fate_in(fates: &[Fate], record: u32) -> Fate {
    fates.get(record as usize).copied().unwrap_or_default()
}

fn is_passed(passed: &[bool], record: u32) -> bool {
    passed.get(record as usize).copied().unwrap_or_default()
}

/// The first of these records, and those behind it that belong to the same step. The newest come first.
fn whole_step(records: impl Iterator<Item = u32>, state: &State) -> Vec<u32> {
    let store = state.store();
    let mut records = records.peekable();
    let Some(last) = records.peek().and_then(|last| store.entry(*last)) else { return Vec::new() };
    let name = store.step(last).map(|name| RecordId::new(name.to_owned()));
    let name = name.unwrap_or_else(|| store.id_text(last.id));
    // The first of them gave the step its name.
    let (first, lowest) = (store.known_id(name.as_str()), number_of(name.as_str()));
    let mut whole = Vec::new();
    for record in records {
        let Some(entry) = store.entry(record) else { continue };
        if Some(entry.id) == first {
            whole.push(record);
            break;
        }
        if store.step(entry) == Some(name.as_str()) {
            whole.push(record);
        } else if store.id_number(entry.id) < lowest {
            break;
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
