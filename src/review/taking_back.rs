//! Taking a step back that may be many records: record by record, so that whoever asks for it can do something
//! else in between.

use jiff::Timestamp;

use super::filled::MOST_BYTES;
use super::left_out::LeftOut;
use super::record::{Record, RecordId};
use super::reviews::{Reviews, going_on};
use super::undo::{self, Part, UndoRefused};
use crate::model::PostId;
use crate::model::figures::grouped;

/// A step that is being taken back. All of its records are looked at first: it is taken back as a whole or,
/// where one of them is refused, not at all, unless [`Reviews::begin_rest`] was asked for.
#[derive(Debug)]
pub struct TakingBack {
    /// The newest first.
    records: Vec<u32>,
    looked_at: usize,
    /// How many of them are taken back already, or left as they are.
    made: usize,
    /// How many posts of the next one are.
    made_of_next: usize,
    /// The first record that takes one of them back, which the others go on with.
    first: Option<RecordId>,
    kind: Kind,
    posts: usize,
    /// The posts that are in the way.
    left_out: LeftOut,
    /// They are left as they are.
    leaves_out: bool,
    most_bytes: usize,
}

/// Which step it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The last one that is done.
    Undo,
    /// The last one that was taken back.
    Redo,
    /// Another one.
    OutOfOrder,
}

/// What was done about one record of a step.
#[derive(Debug)]
pub enum Turn {
    /// It was looked at, and is still as it was. It is about so many posts.
    LookedAt(usize),
    /// This record takes it back, or a part of it.
    Made(Box<Record>),
}

impl TakingBack {
    /// How many posts it is about.
    pub fn posts(&self) -> usize {
        self.posts
    }

    /// Whether all of it is taken back, but for what is left out.
    pub fn is_done(&self) -> bool {
        self.made == self.records.len()
    }

    /// Whether the last record that was made fills its line, and the same record is gone on with.
    pub fn is_within_record(&self) -> bool {
        self.made_of_next > 0
    }

    /// The posts that are in the way, or were left as they are.
    pub fn left_out(&self) -> &LeftOut {
        &self.left_out
    }

    /// Whether nothing of it can be taken back.
    pub fn is_all_left_out(&self) -> bool {
        self.left_out.count >= self.posts
    }

    /// What [`Reviews::begin_rest`] would do about a step that was refused; `None` where it can do nothing.
    pub fn rest_told(&self) -> Option<String> {
        let LeftOut { count, why, .. } = &self.left_out;
        why.as_ref().filter(|_| self.kind != Kind::OutOfOrder)?;
        if self.is_all_left_out() {
            return Some("passes over it, to the step before".to_owned());
        }
        let verb = if self.kind == Kind::Redo { "brings back" } else { "takes back" };
        let those =
            if *count == 1 { "that post".to_owned() } else { format!("those {} posts", grouped(*count)) };
        let rest = match self.posts.saturating_sub(*count) {
            1 => "one".to_owned(),
            rest => grouped(rest),
        };
        Some(format!("leaves {those} and {verb} the other {rest}"))
    }
}

impl Reviews {
    /// Begins to take the last step of this reviewer back, also one of an earlier run.
    pub fn begin_undo(&mut self) -> Result<TakingBack, UndoRefused> {
        let records = self.mine.last_done(&self.state);
        self.begin(records, Kind::Undo).ok_or(UndoRefused::NothingToUndo)
    }

    /// Begins to take the last undo back.
    pub fn begin_redo(&mut self) -> Result<TakingBack, UndoRefused> {
        let records = self.mine.last_undone(&self.state);
        self.begin(records, Kind::Redo).ok_or(UndoRefused::NothingToRedo)
    }

    /// Begins once more with a step that was refused, and leaves the posts as they are that are in the way. Where
    /// another step is the last one meanwhile, that one is begun with, as a whole.
    pub fn begin_rest(&mut self, refused: &TakingBack) -> Result<TakingBack, UndoRefused> {
        let step = if refused.kind == Kind::Redo { self.begin_redo() } else { self.begin_undo() };
        let leaves_out = |step: &TakingBack| step.records.first() == refused.records.first();
        step.map(|step| TakingBack { leaves_out: leaves_out(&step), ..step })
    }

    /// Undo and redo pass over what is left of a step, to the one before it: until somebody takes something
    /// back, and not in another run.
    pub fn pass_over(&mut self, step: &TakingBack) {
        self.mine.pass_over(&step.records);
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
        self.begin(records, Kind::OutOfOrder).ok_or_else(unknown)
    }

    fn begin(&self, records: Vec<u32>, kind: Kind) -> Option<TakingBack> {
        let posts = records.iter().map(|record| self.mine.posts_left(*record, &self.state)).sum();
        let step = TakingBack {
            records,
            looked_at: 0,
            made: 0,
            made_of_next: 0,
            first: None,
            kind,
            posts,
            left_out: LeftOut::default(),
            leaves_out: false,
            most_bytes: MOST_BYTES,
        };
        (!step.is_done()).then_some(step)
    }

    /// Goes on with the next record of the step: looks at it, or takes it back once all were looked at. `None`
    /// when the step is done. Nobody else's records may be taken in between, or they are overruled unseen.
    pub fn take_back(&mut self, step: &mut TakingBack, now: Timestamp) -> Result<Option<Turn>, UndoRefused> {
        if let Some(record) = step.records.get(step.looked_at).filter(|_| !step.leaves_out) {
            self.look_at(*record, step)
        } else if let Some(record) = step.records.get(step.made) {
            self.take_record_back(*record, step, now)
        } else {
            Ok(None)
        }
    }

    /// What is left of a record.
    fn part(&self, record: u32, step: &TakingBack) -> Part {
        Part {
            record,
            is_partly_left: step.kind != Kind::OutOfOrder && self.mine.is_partly_left(record),
            from: step.made_of_next,
            is_out_of_order: step.kind == Kind::OutOfOrder,
            most_bytes: step.most_bytes,
        }
    }

    /// Looks at one record; once all of them were looked at, tells what is in the way.
    fn look_at(&self, record: u32, step: &mut TakingBack) -> Result<Option<Turn>, UndoRefused> {
        let part = self.part(record, step);
        let left_out = &mut step.left_out;
        undo::refusals(&self.state, part, self.by(), |post, why| {
            if part.is_out_of_order {
                return Err(why);
            }
            left_out.add(post, why);
            Ok(())
        })?;
        step.looked_at += 1;
        match step.left_out.why.clone().filter(|_| step.looked_at == step.records.len()) {
            Some(why) => Err(why),
            None => Ok(Some(Turn::LookedAt(self.state.posts_of(record)))),
        }
    }

    /// Takes as much of one record back as a line holds.
    fn take_record_back(
        &mut self,
        record: u32,
        step: &mut TakingBack,
        now: Timestamp,
    ) -> Result<Option<Turn>, UndoRefused> {
        let part = self.part(record, step);
        let TakingBack { left_out, leaves_out, .. } = step;
        let taken = undo::taking_back(&self.state, part, self.by(), |post, why| {
            if !*leaves_out {
                return Err(why);
            }
            left_out.add(post, why);
            Ok(())
        })?;
        step.made_of_next = taken.next.unwrap_or_default();
        step.made += usize::from(taken.next.is_none());
        let Some(draft) = taken.draft else {
            return Ok(Some(Turn::LookedAt(self.state.posts_of(record))));
        };
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

    /// Takes the rest of a step back that was refused. What is left of it is passed over from here on.
    pub fn take_rest(
        &mut self,
        refused: &TakingBack,
        now: Timestamp,
    ) -> Result<(Vec<Record>, TakingBack), UndoRefused> {
        let mut step = self.begin_rest(refused)?;
        let records = self.all_of(&mut step, now)?;
        self.pass_over(&step);
        Ok((records, step))
    }

    fn take_all_back(&mut self, mut step: TakingBack, now: Timestamp) -> Result<Vec<Record>, UndoRefused> {
        self.all_of(&mut step, now)
    }

    /// Goes on with a step to its end.
    pub fn all_of(&mut self, step: &mut TakingBack, now: Timestamp) -> Result<Vec<Record>, UndoRefused> {
        let mut records = Vec::with_capacity(step.records.len());
        while let Some(turn) = self.take_back(step, now)? {
            if let Turn::Made(record) = turn {
                records.push(*record);
            }
        }
        Ok(records)
    }
}

#[cfg(test)]
mod tests;
