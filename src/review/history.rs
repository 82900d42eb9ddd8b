//! What one reviewer has done and undone, in the order in which they did it, from the records alone.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::record::RecordId;
use super::state::State;
use super::store::Entry;

/// What this reviewer has done and undone: numbers of records.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    records: Vec<u32>,
    /// Decisions and redos in their order. What cannot be undone any more is dropped when it is met.
    done: Vec<u32>,
    /// Undo records since the last decision, likewise.
    undone: Vec<u32>,
    /// By the id of the first record of a step, those that go on with it.
    steps: HashMap<RecordId, Vec<u32>>,
    /// The records are in order, and all of them are in `done` and `undone`.
    is_settled: bool,
}

impl History {
    /// Takes in a record of this reviewer. One that comes in its order costs the same however many
    /// there were before.
    pub(super) fn add(&mut self, record: u32, state: &State) {
        let store = state.store();
        if let Some(step) = store.entry(record).and_then(|entry| store.step(entry)) {
            self.steps.entry(RecordId::new(step)).or_default().push(record);
        }
        let is_next = self.records.last().is_none_or(|last| order(*last, record, state).is_le());
        self.is_settled = is_next && (self.is_settled || self.records.is_empty());
        self.records.push(record);
        if self.is_settled {
            self.take(record, state);
        }
    }

    /// Somebody else has undone something, which may be something of this reviewer.
    pub(super) fn unsettle(&mut self) {
        self.is_settled = false;
    }

    /// The records of the newest step that is not undone, the newest first.
    pub(super) fn last_done(&mut self, state: &State) -> Vec<u32> {
        self.settle(state);
        last(&mut self.done, &self.steps, false, state)
    }

    /// Those of the newest undo, unless something new was decided since.
    pub(super) fn last_undone(&mut self, state: &State) -> Vec<u32> {
        self.settle(state);
        last(&mut self.undone, &self.steps, true, state)
    }

    /// All records of the step that a record belongs to.
    pub(super) fn step_of(&self, record: u32, state: &State) -> Vec<u32> {
        step_of(record, &self.steps, state)
    }

    fn settle(&mut self, state: &State) {
        if self.is_settled {
            return;
        }
        self.records.sort_by(|a, b| order(*a, *b, state));
        self.is_settled = true;
        (self.done, self.undone) = (Vec::new(), Vec::new());
        for record in std::mem::take(&mut self.records) {
            self.take(record, state);
            self.records.push(record);
        }
    }

    fn take(&mut self, record: u32, state: &State) {
        if state.is_undo(record) {
            self.undone.push(record);
            return;
        }
        self.done.push(record);
        let store = state.store();
        if store.entry(record).is_some_and(|entry| store.undone(entry).is_none()) {
            self.undone.clear();
        }
    }
}

/// The newest step of some records of which anything is left.
fn last(
    records: &mut Vec<u32>,
    steps: &HashMap<RecordId, Vec<u32>>,
    is_redo: bool,
    state: &State,
) -> Vec<u32> {
    while let Some(record) = records.last() {
        let step = group(*record, is_redo, step_of(*record, steps, state), state);
        if !step.is_empty() {
            return step;
        }
        records.pop();
    }
    Vec::new()
}

/// What is left of a step, the newest record first.
pub(super) fn group(record: u32, is_redo: bool, step: Vec<u32>, state: &State) -> Vec<u32> {
    let is_left = |record: &u32| state.places_to_undo(*record, is_redo).next().is_some();
    if !is_left(&record) {
        return Vec::new();
    }
    let mut left: Vec<u32> = step.into_iter().filter(is_left).collect();
    left.sort_by(|a, b| order(*b, *a, state));
    left
}

fn step_of(record: u32, steps: &HashMap<RecordId, Vec<u32>>, state: &State) -> Vec<u32> {
    let store = state.store();
    let Some(entry) = store.entry(record) else { return Vec::new() };
    let name = store.step(entry).map_or_else(|| store.id_text(entry.id), RecordId::new);
    let Some(more) = steps.get(&name) else { return vec![record] };
    let is_mine = |first: &u32| store.entry(*first).is_some_and(|first| first.by == entry.by);
    state.numbers(&name).filter(is_mine).chain(more.iter().copied()).collect()
}

/// The number of a record is higher than that of every record its writer had seen; the clock only
/// decides between steps that were made side by side.
fn order(a: u32, b: u32, state: &State) -> Ordering {
    let store = state.store();
    let (Some(a), Some(b)) = (store.entry(a), store.entry(b)) else { return a.cmp(&b) };
    let place = |entry: &Entry| (store.id_number(entry.id), entry.at_ms);
    place(a).cmp(&place(b)).then_with(|| store.id_text(a.id).cmp(&store.id_text(b.id)))
}
