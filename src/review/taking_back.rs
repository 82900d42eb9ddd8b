//! Taking a step back that may be many records: record by record, so that whoever asks for it can do something
//! else in between.

use jiff::Timestamp;

use super::record::{Record, RecordId};
use super::reviews::{Reviews, going_on};
use super::undo::{self, UndoRefused};
use crate::model::PostId;

/// A step that is being taken back. All of its records are looked at first: it is taken back as a whole or,
/// where one of them is refused, not at all.
#[derive(Debug)]
pub struct TakingBack {
    /// The newest first.
    records: Vec<u32>,
    looked_at: usize,
    /// How many records take one of them back already.
    made: usize,
    /// The first of those, which the others go on with.
    first: Option<RecordId>,
    /// It is not the last step.
    is_out_of_order: bool,
    posts: usize,
}

/// What was done about one record of a step.
#[derive(Debug)]
pub enum Turn {
    /// Nothing is in the way of taking it back. It is about so many posts.
    LookedAt(usize),
    /// This record takes it back.
    Made(Box<Record>),
}

impl TakingBack {
    /// How many posts it is about.
    pub fn posts(&self) -> usize {
        self.posts
    }

    /// Whether all of it is taken back.
    pub fn is_done(&self) -> bool {
        self.made == self.records.len()
    }
}

impl Reviews {
    /// Begins to take the last step of this reviewer back, also one of an earlier run.
    pub fn begin_undo(&mut self) -> Result<TakingBack, UndoRefused> {
        let records = self.mine.last_done(&self.state);
        self.begin(records, false).ok_or(UndoRefused::NothingToUndo)
    }

    /// Begins to take the last undo back.
    pub fn begin_redo(&mut self) -> Result<TakingBack, UndoRefused> {
        let records = self.mine.last_undone(&self.state);
        self.begin(records, false).ok_or(UndoRefused::NothingToRedo)
    }

    /// Begins to take a decision back that is not the last one, by its id: the whole step, where it is one of
    /// several records. `post` is one that it is about, where that is known: records may share an id. Refused
    /// later where anybody has decided on one of its posts since.
    pub fn begin_undo_record(
        &mut self,
        id: &RecordId,
        post: Option<&PostId>,
    ) -> Result<TakingBack, UndoRefused> {
        let unknown = || UndoRefused::Unknown { id: id.clone() };
        // What this version does not apply, it cannot take back.
        let applies = |record: &u32| self.state.store().entry(*record).is_some_and(|entry| entry.applies);
        let is_it = |record: &u32| post.is_none_or(|post| undo::is_about(&self.state, *record, post));
        let records = self.state.numbers(id).filter(applies).filter(is_it).collect::<Vec<_>>();
        let record = match records.as_slice() {
            [] => return Err(unknown()),
            [record] => *record,
            several => return Err(UndoRefused::Shared { id: id.clone(), count: several.len() }),
        };
        let records = self.mine.step_of(record, &self.state);
        self.begin(records, true).ok_or_else(unknown)
    }

    fn begin(&self, records: Vec<u32>, is_out_of_order: bool) -> Option<TakingBack> {
        let posts = records.iter().map(|record| self.state.posts_of(*record)).sum();
        let step = TakingBack { records, looked_at: 0, made: 0, first: None, is_out_of_order, posts };
        (!step.is_done()).then_some(step)
    }

    /// Goes on with the next record of the step: looks at it, or takes it back once all were looked at. `None`
    /// when the step is done. Nobody else's records may be taken in between, or they are overruled unseen.
    pub fn take_back(&mut self, step: &mut TakingBack, now: Timestamp) -> Result<Option<Turn>, UndoRefused> {
        if let Some(record) = step.records.get(step.looked_at) {
            undo::refusal(&self.state, *record, self.by(), step.is_out_of_order)?;
            step.looked_at += 1;
            return Ok(Some(Turn::LookedAt(self.state.posts_of(*record))));
        }
        let Some(record) = step.records.get(step.made).copied() else { return Ok(None) };
        let draft = undo::taking_back(&self.state, record, self.by(), step.is_out_of_order)?;
        step.made += 1;
        let store = self.state.store();
        let undone = store.entry(record).map(|entry| store.id_text(entry.id));
        self.turn_to(self.origins.of(record));
        let blank = self.blank(draft.target, now);
        let made = self.make(Record {
            key: draft.key,
            val: draft.value.val,
            why: draft.value.why,
            note: draft.value.note,
            undo: undone,
            extra: going_on(step.first.as_ref()),
            ..blank
        });
        step.first.get_or_insert_with(|| made.id.clone());
        Ok(Some(Turn::Made(Box::new(made))))
    }

    /// Takes the last step of this reviewer back: all of its records, or none where one of them is refused. At
    /// least one record.
    pub fn undo(&mut self, now: Timestamp) -> Result<Vec<Record>, UndoRefused> {
        let step = self.begin_undo()?;
        self.take_all_back(step, now)
    }

    /// The same with a decision that is not the last one, and about this post, where that is known.
    pub fn undo_record(
        &mut self,
        id: &RecordId,
        post: Option<&PostId>,
        now: Timestamp,
    ) -> Result<Vec<Record>, UndoRefused> {
        let step = self.begin_undo_record(id, post)?;
        self.take_all_back(step, now)
    }

    /// The same with the last undo.
    pub fn redo(&mut self, now: Timestamp) -> Result<Vec<Record>, UndoRefused> {
        let step = self.begin_redo()?;
        self.take_all_back(step, now)
    }

    fn take_all_back(&mut self, mut step: TakingBack, now: Timestamp) -> Result<Vec<Record>, UndoRefused> {
        let mut records = Vec::with_capacity(step.records.len());
        while let Some(turn) = self.take_back(&mut step, now)? {
            if let Turn::Made(record) = turn {
                records.push(*record);
            }
        }
        Ok(records)
    }
}
