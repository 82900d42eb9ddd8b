//! What was done about a post, step by step, and what became of each step.

use super::record::{Former, Record, number_of};
use super::state::State;
use super::store::SET;
use crate::model::PostId;

/// A record about a post, among the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The record.
    pub record: Record,
    /// What it has made of the post.
    pub value: Former,
    /// It is a redo.
    pub is_redo: bool,
    /// It is undone.
    pub is_undone: bool,
    /// It holds.
    pub is_current: bool,
}

impl State {
    /// The records about a post, newest first: each stands before all that its writer had seen.
    pub fn steps(&self, post: &PostId) -> Vec<Step> {
        let store = self.store();
        let mut steps = Vec::new();
        for slot in self.slots_about(post) {
            let holding = slot.holding(store);
            steps.extend(slot.places(store).filter_map(|at| {
                let record = store.record(store.place(at)?.record)?;
                Some(Step {
                    value: record.value_for(post),
                    is_redo: store.undone_at(at).is_some() && self.is_redo_at(at),
                    is_undone: slot.is_undone(at, store),
                    is_current: record.op == SET && holding.contains(&at),
                    record,
                })
            }));
        }
        // The number of a record is higher than that of every record its writer had seen.
        let order = |step: &Step| (number_of(step.record.id.as_str()), step.record.at);
        steps.sort_by(|a, b| order(b).cmp(&order(a)).then_with(|| b.record.id.cmp(&a.record.id)));
        steps
    }

    /// Whether a record undoes one that has undone another, and so on: an undo of a redo is an undo.
    pub fn is_redo(&self, record: &Record) -> bool {
        let first = self.number(&record.id).and_then(|record| self.store().entry(record)).map(|it| it.first);
        record.undo.is_some() && first.is_some_and(|at| self.is_redo_at(at))
    }

    fn is_redo_at(&self, at: u32) -> bool {
        self.decision_of(at).is_some_and(|(_, is_undo)| !is_undo)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Status::{Reviewed, Unreviewed};
    use crate::review::suite::{at, change, writer};
    use crate::review::{RecordId, Reviews};

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
        // What is undone is not undone once more.
        assert!(mara.undo_record(&first.id, None, at(5)).is_err());
        for turn in 0..2 {
            let again = mara.undo_record(&newest(&mara, "p"), None, at(6 + turn)).unwrap();
            assert_eq!(again.len(), 2);
            let expected = if turn == 0 { Reviewed } else { Unreviewed };
            assert_eq!([current(&mara, "p"), current(&mara, "q")], [expected, expected]);
        }
        assert_eq!(current(&mara, "other"), Reviewed);
        // What was decided on one of them since stays.
        mara.decide(change("q", "text", "skipped"), None, at(9)).unwrap();
        mara.undo_record(&newest(&mara, "p"), None, at(10)).unwrap();
        assert_eq!([current(&mara, "p"), current(&mara, "q")], [Reviewed, crate::model::Status::Skipped]);
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
                (undo.id.clone(), false, false),
                (second.id.clone(), true, false),
                (first.id.clone(), false, true)
            ]
        );
        let redo = mara.undo_record(&undo.id, None, at(4)).unwrap().remove(0);
        assert_eq!(
            told(mara.state()),
            [
                (redo.id, false, false),
                (undo.id, true, false),
                (second.id, false, true),
                (first.id, false, false)
            ]
        );
        assert_eq!(told(&State::default()), []);
    }
}
