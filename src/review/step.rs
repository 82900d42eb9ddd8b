//! What was done about a post, step by step, and what became of each step.

use std::collections::HashSet;

use super::record::{Former, Record, RecordId, number_of};
use super::state::State;
use crate::model::PostId;

/// A record about a post, among the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The record.
    pub record: Record,
    /// What it has made of the post.
    pub value: Former,
    /// It brings back what was undone.
    pub is_redo: bool,
    /// A later record takes it back, and was not taken back itself.
    pub is_undone: bool,
    /// It is current: nothing that was decided since names it as past.
    pub is_current: bool,
}

impl State {
    /// The records about a post, newest first: each stands before all that its writer had seen.
    pub fn steps(&self, post: &PostId) -> Vec<Step> {
        let mut records = self.history(post);
        // The number of a record is higher than that of every record its writer had seen.
        let place = |record: &Record| (number_of(record.id.as_str()), record.at);
        records.sort_by(|a, b| place(b).cmp(&place(a)).then_with(|| b.id.cmp(&a.id)));
        let mut undone: HashSet<RecordId> = HashSet::new();
        let current = self.current_ids(post);
        let step = |record: Record| {
            let is_undone = undone.contains(&record.id);
            // Whatever takes this one back was met before it.
            if let Some(taken_back) = record.undo.clone().filter(|_| !is_undone) {
                undone.insert(taken_back);
            }
            Step {
                value: record.value_for(post),
                is_redo: self.is_redo(&record),
                is_undone,
                is_current: current.contains(&record.id),
                record,
            }
        };
        records.into_iter().map(step).collect()
    }

    /// Whether a record takes back one that took another back, and so on: an undo of a redo is an undo.
    pub fn is_redo(&self, record: &Record) -> bool {
        let store = self.store();
        let (mut is_redo, mut undone) =
            (false, record.undo.clone().and_then(|id| store.known_id(id.as_str())));
        let mut below = number_of(record.id.as_str());
        // A record comes behind what it takes back, or it is none that copydesk has written.
        while let Some(id) = undone.filter(|id| store.id_number(*id) < below) {
            below = store.id_number(id);
            undone = store.find(id).and_then(|record| store.undone(store.entry(record)?));
            is_redo ^= undone.is_some();
        }
        is_redo
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Status::{Reviewed, Unreviewed};
    use crate::review::Reviews;
    use crate::review::suite::{at, change, writer};

    /// The newest record about a post.
    fn newest(reviews: &Reviews, post: &str) -> RecordId {
        reviews.state().steps(&PostId::new(post))[0].record.id.clone()
    }

    #[test]
    fn a_step_of_several_records_is_taken_back_as_a_whole_by_any_of_them() {
        let mut mara = writer("mara", "one");
        mara.decide(change("other", "text", "skipped"), None, at(0)).unwrap();
        let first = mara.decide_more(vec![change("p", "text", "reviewed")], None, None, at(1)).unwrap();
        let rest =
            mara.decide_more(vec![change("q", "text", "reviewed")], None, Some(&first.id), at(2)).unwrap();
        mara.decide(change("other", "text", "reviewed"), None, at(3)).unwrap();
        let current = |mara: &Reviews, post: &str| {
            let digest = Some(change(post, "text", "reviewed").hash);
            mara.state().standing(&PostId::new(post), digest, &[]).status
        };
        let undone = mara.undo_record(&rest.id, None, at(4)).unwrap();
        assert_eq!(undone.len(), 2);
        assert_eq!([current(&mara, "p"), current(&mara, "q")], [Unreviewed, Unreviewed]);
        // What holds no more is not taken back once more.
        assert!(mara.undo_record(&first.id, None, at(5)).is_err());
        for turn in 0..2 {
            let again = mara.undo_record(&newest(&mara, "p"), None, at(6 + turn)).unwrap();
            assert_eq!(again.len(), 2);
            let expected = if turn == 0 { Reviewed } else { Unreviewed };
            assert_eq!([current(&mara, "p"), current(&mara, "q")], [expected, expected]);
        }
        assert_eq!(current(&mara, "other"), Reviewed);
        let records = mara.state().len();
        mara.decide(change("q", "text", "skipped"), None, at(9)).unwrap();
        let refused = mara.undo_record(&newest(&mara, "p"), None, at(10));
        assert!(refused.is_err() && mara.state().len() == records + 1, "all of it or nothing");
    }

    #[test]
    fn every_step_is_told_with_what_became_of_it() {
        let mut mara = writer("mara", "one");
        let first = mara.decide(change("p", "text", "reviewed"), None, at(5)).unwrap();
        // Made later by somebody whose clock is behind.
        let second = mara.decide(change("p", "text", "skipped"), None, at(1)).unwrap();
        mara.decide(change("q", "text", "skipped"), None, at(2)).unwrap();
        let undo = mara.undo_record(&second.id, None, at(3)).unwrap().remove(0);
        let told = |state: &State| -> Vec<(RecordId, bool, bool)> {
            let steps = state.steps(&PostId::new("p"));
            steps.into_iter().map(|step| (step.record.id, step.is_undone, step.is_current)).collect()
        };
        assert_eq!(
            told(mara.state()),
            [
                (undo.id.clone(), false, true),
                (second.id.clone(), true, false),
                (first.id.clone(), false, false)
            ]
        );
        let redo = mara.undo_record(&undo.id, None, at(4)).unwrap().remove(0);
        assert_eq!(
            told(mara.state()),
            [
                (redo.id, false, true),
                (undo.id, true, false),
                (second.id, false, false),
                (first.id, false, false)
            ]
        );
        assert_eq!(told(&State::default()), []);
    }
}
