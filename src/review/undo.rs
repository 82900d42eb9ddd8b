//! Undo and redo, from the records alone, so that they work after a restart.

use std::collections::HashMap;

use super::record::{BulkTarget, Former, Key, Record, RecordId, Said, Target};
use super::state::State;
use crate::model::{Digest, PostId, Status, safe};

/// Why nothing was taken back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UndoRefused {
    /// This reviewer has decided nothing that still holds.
    #[error("There is nothing of yours to undo")]
    NothingToUndo,
    /// Nothing was undone since the last decision.
    #[error("There is nothing of yours to redo")]
    NothingToRedo,
    /// Somebody else has decided since.
    #[error(
        "Not undone: {by} has since decided {val} on {post}. Decide on it again to overrule them",
        by = safe(by), val = safe(val), post = safe(post.as_str())
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

/// What this reviewer has done and undone.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    steps: Vec<Step>,
    done: Vec<RecordId>,
    undone: Vec<RecordId>,
    sorted: bool,
}

#[derive(Clone, Debug)]
struct Step {
    id: RecordId,
    at_ms: i64,
    undo: Option<RecordId>,
}

impl History {
    /// Takes in a record of this reviewer.
    pub(super) fn add(&mut self, record: &Record) {
        let step =
            Step { id: record.id.clone(), at_ms: record.at.as_millisecond(), undo: record.undo.clone() };
        self.steps.push(step);
        self.sorted = false;
    }

    /// The newest step that holds.
    pub(super) fn last_done(&mut self) -> Option<&RecordId> {
        self.replay();
        self.done.last()
    }

    /// The newest step that was taken back, unless something new was done since.
    pub(super) fn last_undone(&mut self) -> Option<&RecordId> {
        self.replay();
        self.undone.last()
    }

    fn replay(&mut self) {
        if self.sorted {
            return;
        }
        self.sort();
        self.sorted = true;
        (self.done, self.undone) = (Vec::new(), Vec::new());
        for step in &self.steps {
            let taken_back = step.undo.as_ref();
            let position = |ids: &[RecordId]| ids.iter().rposition(|id| Some(id) == taken_back);
            if let Some(at) = position(&self.done) {
                self.done.remove(at);
                self.undone.push(step.id.clone());
            } else if let Some(at) = position(&self.undone) {
                self.undone.remove(at);
                self.done.push(step.id.clone());
            } else {
                self.done.push(step.id.clone());
                self.undone.clear();
            }
        }
    }

    /// The number of a record is higher than that of every record its writer had seen; the clock
    /// only decides between steps that were made side by side.
    fn sort(&mut self) {
        let number = |step: &Step| step.id.parts().map_or(0, |(_, number)| number);
        self.steps
            .sort_by(|a, b| (number(a), a.at_ms).cmp(&(number(b), b.at_ms)).then_with(|| a.id.cmp(&b.id)));
    }
}

/// What a record that takes another back consists of.
pub(super) struct Draft {
    pub(super) target: Target,
    pub(super) key: Key,
    pub(super) value: Former,
}

/// What takes a record back: each of its posts gets its own former value.
pub(super) fn taking_back(state: &State, id: &RecordId, by: &str) -> Result<Draft, UndoRefused> {
    let record = state.record(id).ok_or(UndoRefused::NothingToUndo)?;
    let mut past = Past::new(state);
    let mut targets = Vec::with_capacity(record.len());
    for said in (0..record.len()).filter_map(|at| record.said(at)) {
        let current = state.current(said.post, &record.key, said.hash, &[]);
        if let Some(other) = current.iter().find(|head| head.record.by != by && head.is_fresh) {
            return Err(UndoRefused::Overruled {
                post: said.post.clone(),
                by: other.record.by.clone(),
                val: other.said.val.to_owned(),
            });
        }
        let prev: Vec<RecordId> =
            current.into_iter().filter(|head| head.is_fresh).map(|head| head.record.id.clone()).collect();
        let (former, hash) = past.former(&record.key, said);
        targets.push((said.post.clone(), hash, prev, former));
    }
    let key = record.key.clone();
    if let Target::One { .. } = record.target {
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

/// Finds what records said about posts, also in a bulk action over very many.
struct Past<'a> {
    state: &'a State,
    /// Of each bulk action that was asked about: the number of each post within it.
    places: HashMap<RecordId, HashMap<&'a PostId, usize>>,
}

impl<'a> Past<'a> {
    fn new(state: &'a State) -> Self {
        Self { state, places: HashMap::new() }
    }

    fn said(&mut self, id: &RecordId, post: &PostId) -> Option<(&'a Record, Said<'a>)> {
        let record = self.state.record(id)?;
        let places = self.places.entry(id.clone()).or_insert_with(|| record.posts().zip(0..).collect());
        Some((record, record.said(*places.get(post)?)?))
    }

    /// What held for a post before a record, and the digest of the text it held for.
    fn former(&mut self, key: &Key, said: Said<'_>) -> (Former, Option<Digest>) {
        let past: Vec<_> = said.prev.iter().filter_map(|id| self.said(id, said.post)).collect();
        let cautious = past.into_iter().max_by_key(|(record, past)| {
            let status = Status::from_name(past.val).unwrap_or_default();
            (status.caution(), record.at, record.id.clone())
        });
        match cautious {
            Some((_, past)) => {
                let note = past.note.map(str::to_owned);
                (Former { val: past.val.to_owned(), why: past.why.to_vec(), note }, past.hash.or(said.hash))
            }
            None => (Former { val: key.blank_val().to_owned(), why: Vec::new(), note: None }, said.hash),
        }
    }
}
