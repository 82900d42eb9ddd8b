//! After an undo, who, when, why and the disagreement are those of before.

use super::*;
use crate::review::suite::{at, change, writer};
use crate::review::{Change, Reviews, UndoRefused};

fn post() -> PostId {
    PostId::new("p")
}

fn standing(state: &State) -> Standing {
    state.standing(&post(), Some(Digest::of_bytes(b"text")), &[])
}

fn meet(reader: &mut Reviews, others: &Reviews) {
    for record in others.state().records() {
        reader.absorb(record);
    }
}

fn flagged(note: &str) -> Change {
    let note = Some(note.to_owned()).filter(|note| !note.is_empty());
    Change { why: vec!["meta".to_owned()], note, ..change("p", "text", "flagged") }
}

/// A writer who has seen a flag of somebody else's.
fn after_a_flag() -> (Reviews, Reviews) {
    let (mut bert, mut anna) = (writer("bert", "b"), writer("anna", "a"));
    bert.decide(flagged("look"), None, at(10)).unwrap();
    meet(&mut anna, &bert);
    (bert, anna)
}

/// Two who have decided side by side, and both of them seen by the first.
fn after_a_conflict() -> (Reviews, Reviews) {
    let (mut bert, mut anna) = (writer("bert", "b"), writer("anna", "a"));
    anna.decide(change("p", "text", "reviewed"), None, at(5)).unwrap();
    bert.decide(flagged(""), None, at(10)).unwrap();
    meet(&mut anna, &bert);
    (bert, anna)
}

#[test]
fn a_flag_that_was_overruled_and_is_back_is_still_of_the_one_who_made_it() {
    let (_, mut anna) = after_a_flag();
    let before = standing(anna.state());
    for turn in 0..3 {
        anna.decide(change("p", "text", "reviewed"), None, at(20 + turn)).unwrap();
        assert_eq!(standing(anna.state()).by, "anna");
        anna.undo(at(30 + turn)).unwrap();
        assert_eq!(standing(anna.state()), before);
        anna.redo(at(40 + turn)).unwrap();
        assert_eq!(
            (standing(anna.state()).by.as_str(), standing(anna.state()).status),
            ("anna", Status::Reviewed)
        );
        anna.undo(at(50 + turn)).unwrap();
        assert_eq!(standing(anna.state()), before);
    }
    assert_eq!((before.by.as_str(), before.at), ("bert", Some(at(10))));
    // What is left to undo of hers is nothing, and what holds is nothing that she could take back.
    assert_eq!(anna.undo(at(60)), Err(UndoRefused::NothingToUndo));
}

#[test]
fn a_redo_has_the_time_of_what_it_does_again() {
    let (_, mut anna) = after_a_flag();
    anna.decide(change("p", "text", "reviewed"), None, at(20)).unwrap();
    let before = standing(anna.state());
    anna.undo(at(21)).unwrap();
    anna.redo(at(22)).unwrap();
    assert_eq!(standing(anna.state()), before);
}

#[test]
fn a_disagreement_that_was_settled_and_is_not_any_more_is_one_again() {
    let (_, mut anna) = after_a_conflict();
    let before = standing(anna.state());
    assert!(before.conflict && before.by == "bert");
    anna.decide(change("p", "text", "reviewed"), None, at(20)).unwrap();
    assert!(!standing(anna.state()).conflict);
    anna.undo(at(21)).unwrap();
    assert_eq!(standing(anna.state()), before);
    // Agreeing with the one that counts ends it.
    anna.decide(flagged(""), None, at(22)).unwrap();
    let settled = standing(anna.state());
    assert_eq!((settled.conflict, settled.by.as_str()), (false, "anna"));
}

#[test]
fn nobody_has_decided_on_a_post_whose_only_decision_is_taken_back() {
    let mut anna = writer("anna", "a");
    anna.decide(flagged("x"), None, at(1)).unwrap();
    anna.undo(at(2)).unwrap();
    assert_eq!(standing(anna.state()), Standing::default());
}

#[test]
fn a_bulk_step_and_its_undo_move_no_date() {
    let (_, mut anna) = after_a_flag();
    let before = standing(anna.state());
    anna.decide_many(vec![change("p", "text", "reviewed"), change("q", "text", "reviewed")], None, at(20))
        .unwrap();
    anna.undo(at(30)).unwrap();
    assert_eq!(standing(anna.state()), before);
}

#[test]
fn an_undo_beside_the_decision_of_somebody_who_had_seen_what_it_takes_back_decides_nothing() {
    let (mut bert, mut anna) = after_a_flag();
    anna.decide(change("p", "text", "skipped"), None, at(20)).unwrap();
    meet(&mut bert, &anna);
    bert.decide(change("p", "text", "reviewed"), None, at(30)).unwrap();
    anna.undo(at(31)).unwrap();
    meet(&mut anna, &bert);
    let both = standing(anna.state());
    assert_eq!((both.status, both.by.as_str(), both.conflict), (Status::Reviewed, "bert", false));
}

#[test]
fn what_was_undone_is_not_undone_once_more() {
    let (mut anna, mut bert) = (writer("anna", "a"), writer("bert", "b"));
    anna.decide(change("p", "text", "skipped"), None, at(1)).unwrap();
    meet(&mut bert, &anna);
    bert.decide(flagged(""), None, at(2)).unwrap();
    meet(&mut anna, &bert);
    anna.decide(change("p", "text", "reviewed"), None, at(3)).unwrap();
    anna.undo(at(4)).unwrap();
    // The one before is her first, which Bert has overruled: he is told of, and his flag holds.
    let step = anna.begin_undo().unwrap();
    let (_, unchanged) = anna.undo_all(step, at(5));
    assert_eq!(unchanged.to_string(), "Nothing changes on p: bert has since decided flagged");
    assert_eq!(standing(anna.state()).by, "bert");
    // Once he takes it back, nothing is left.
    meet(&mut bert, &anna);
    bert.undo(at(6)).unwrap();
    assert_eq!(standing(bert.state()), Standing::default());
}

#[test]
fn what_an_undo_says_is_a_comment() {
    let (_, mut anna) = after_a_flag();
    let reviewed = anna.decide(change("p", "text", "reviewed"), None, at(20)).unwrap();
    let undo = anna.undo(at(21)).unwrap().remove(0);
    assert_eq!(undo.val, "flagged", "older versions read it");
    let flag = anna.state().records().next().unwrap();
    let of = |records: &[&Record]| {
        let mut state = State::default();
        for record in records {
            state.absorb(Record::clone(record));
        }
        standing(&state)
    };
    // Without what it undoes it says nothing.
    assert_eq!(of(&[&undo]), Standing::default());
    assert_eq!(of(&[&undo, &flag]).by, "bert");
    assert_eq!(of(&[&reviewed, &undo]), Standing::default());
    for val in ["skipped", "unreviewed", ""] {
        let odd = Record { val: val.to_owned(), ..undo.clone() };
        assert_eq!(of(&[&odd, &reviewed, &flag]), of(&[&flag]));
    }
}

#[test]
fn what_an_undo_rests_on_is_kept_in_the_log() {
    let (_, mut anna) = after_a_conflict();
    anna.decide(change("p", "text", "skipped"), None, at(20)).unwrap();
    anna.undo(at(21)).unwrap();
    let before = standing(anna.state());
    let mut kept = State::default();
    let needed = anna.state().records().filter(|record| anna.state().needed().has(record.id.as_str()));
    for record in needed {
        kept.absorb(record);
    }
    assert_eq!((kept.len(), standing(&kept)), (4, before));
    anna.decide(change("p", "text", "reviewed"), None, at(22)).unwrap();
    assert_eq!(
        anna.state().records().filter(|record| anna.state().needed().has(record.id.as_str())).count(),
        1
    );
}

#[test]
fn a_bulk_step_that_stays_for_one_post_does_not_hold_for_another_again() {
    let mut anna = writer("anna", "a");
    let both = vec![change("p", "text", "reviewed"), change("q", "text", "reviewed")];
    anna.decide_many(both, None, at(0)).unwrap();
    anna.decide(change("p", "text", "skipped"), None, at(1)).unwrap();
    anna.decide(flagged(""), None, at(2)).unwrap();
    let mut kept = State::default();
    for record in anna.state().records().filter(|record| anna.state().needed().has(record.id.as_str())) {
        kept.absorb(record);
    }
    assert_eq!(standing(&kept), standing(anna.state()));
}

#[test]
fn who_agrees_is_recorded_once_and_found() {
    let (mut anna, mut bert) = (writer("anna", "a"), writer("bert", "b"));
    anna.decide(change("p", "text", "reviewed"), None, at(0)).unwrap();
    assert_eq!(anna.decide(change("p", "text", "reviewed"), None, at(1)), None, "her own again");
    meet(&mut bert, &anna);
    let agreed = bert.decide(change("p", "text", "reviewed"), None, at(2)).unwrap();
    assert_eq!(bert.decide(change("p", "text", "reviewed"), None, at(3)), None);
    let both = standing(bert.state());
    assert_eq!((both.status, both.conflict, both.by.as_str()), (Status::Reviewed, false, "bert"));
    assert_eq!(both.also.iter().collect::<Vec<_>>(), ["anna"]);
    // Each takes back what is their own, and whoever decides otherwise has seen both.
    bert.undo(at(4)).unwrap();
    assert_eq!((standing(bert.state()).by.as_str(), standing(bert.state()).also.len()), ("anna", 0));
    bert.redo(at(5)).unwrap();
    anna.absorb(agreed);
    anna.decide(flagged("no"), None, at(6)).unwrap();
    let last = standing(anna.state());
    assert_eq!((last.status, last.conflict, last.also.len()), (Status::Flagged, false, 0));
}

#[test]
fn a_decision_stands_on_its_text_where_posts_share_an_id() {
    let [old, new, other] = ["old", "new", "other"].map(|text| Digest::of_bytes(text.as_bytes()));
    let mut anna = writer("anna", "a");
    let on =
        |text: &str, val: &str, sibling: Digest| Change { siblings: vec![sibling], ..change("p", text, val) };
    anna.decide(on("old", "flagged", other), None, at(0)).unwrap();
    // The first post has another text now, and somebody decides on the second.
    let second = anna.decide(on("other", "reviewed", new), None, at(1)).unwrap();
    let found = |text, sibling: Digest| {
        let standing = anna.state().standing(&post(), Some(text), &[sibling]);
        (standing.status, standing.stale, standing.by)
    };
    assert_eq!(found(new, other), (Status::Unreviewed, false, String::new()), "nobody has decided on it");
    assert_eq!(found(other, new), (Status::Reviewed, false, "anna".to_owned()));
    assert_eq!(found(old, other), (Status::Flagged, false, "anna".to_owned()), "its text is back");
    // So it is where an earlier version has named the flag as seen.
    let flag = anna.state().records().next().unwrap();
    let prev = vec![flag.id.clone()];
    let target = crate::review::Target::One { post: post(), hash: Some(other), prev };
    let mut state = State::default();
    state.absorb(flag);
    state.absorb(Record { target, ..second });
    assert_eq!(state.standing(&post(), Some(old), &[other]).status, Status::Flagged);
    assert_eq!(state.standing(&post(), Some(other), &[old]).status, Status::Reviewed);
    // The only post of an id is stale.
    assert!(state.standing(&post(), Some(new), &[]).stale);
}

/// Ids that other tools have given say nothing about an order, and take none away from ours.
#[test]
fn ids_of_another_form_leave_the_order_of_undo_alone() {
    let mut anna = writer("anna", "a");
    let first = anna.decide(change("q", "text", "reviewed"), None, at(0)).unwrap();
    for id in ["550e8400-e29b-41d4-a716-446655440000", "x", "", "-", "2026-12-01-0007"] {
        assert!(anna.absorb(Record { id: RecordId::new(id), by: "tom".to_owned(), ..first.clone() }));
    }
    for (name, seconds) in ["r", "s", "t"].into_iter().zip(1..) {
        let made = anna.decide(change(name, "text", "reviewed"), None, at(-seconds)).unwrap();
        assert!(made.id.as_str().len() <= "a-0010".len(), "{}", made.id);
    }
    for name in ["t", "s", "r"] {
        assert_eq!(anna.undo(at(9)).unwrap()[0].posts().next(), Some(&PostId::new(name)));
    }
    assert_eq!(anna.state().steps(&PostId::new("q")).len(), 6);
}
