#![expect(clippy::string_slice, reason = "lines of the log are ASCII")]

use proptest::prelude::*;

use super::*;
use crate::review::suite::{at, change, writer};
use crate::review::{Checked, LineItem, Reviews, UndoRefused, read_line};

fn fold(records: &[Record]) -> State {
    let mut state = State::default();
    records.iter().for_each(|record| {
        let _ = state.absorb(record.clone());
    });
    state
}

#[expect(clippy::unnecessary_wraps, reason = "it stands where a digest may be unknown")]
fn digest(text: &str) -> Option<Digest> {
    Some(Digest::of_bytes(text.as_bytes()))
}

fn status(state: &State, post: &str) -> (Status, bool) {
    let standing = state.standing(&PostId::new(post), digest("text"), &[]);
    (standing.status, standing.conflict)
}

/// Decisions of three people, some of whom see the others' only now and then.
fn history(steps: &[(u8, u8, u8, bool)]) -> Vec<Record> {
    let mut people = [writer("mara", "a"), writer("tom", "b"), writer("li", "c")];
    let mut records: Vec<Record> = Vec::new();
    for ((who, post, what, sees), seconds) in steps.iter().zip(0..) {
        let person = &mut people[usize::from(*who) % 3];
        if *sees {
            records.iter().for_each(|record| {
                let _ = person.absorb(record.clone());
            });
        }
        let post = format!("p{}", post % 3);
        // Clocks are off by up to ten years, each in its own way.
        let skewed = at(seconds + (i64::from(*who % 3) - 1) * 315_000_000);
        let made = match what % 6 {
            0..4 => {
                person.decide(change(&post, "text", Status::ALL[usize::from(what % 4)].name()), None, skewed)
            }
            4 => person.undo(skewed).ok().map(|mut records| records.remove(0)),
            _ => person.redo(skewed).ok().map(|mut records| records.remove(0)),
        };
        records.extend(made);
    }
    records
}

proptest! {
    #[test]
    fn order_and_repetition_mean_nothing(
        steps in prop::collection::vec((0..3u8, 0..3u8, 0..6u8, any::<bool>()), 0..24),
        seed in any::<u64>(),
    ) {
        let records = history(&steps);
        let expected = fold(&records);
        let mut shuffled: Vec<Record> = records.iter().chain(&records).cloned().collect();
        let mut state = seed | 1;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
        }
        let found = fold(&shuffled);
        prop_assert_eq!(found.len(), expected.len());
        for post in ["p0", "p1", "p2"] {
            let post = PostId::new(post);
            prop_assert_eq!(found.standing(&post, digest("text"), &[]), expected.standing(&post, digest("text"), &[]));
        }
    }

    #[test]
    fn undo_and_redo_walk_a_plain_list_of_states(steps in prop::collection::vec((0..2u8, 0..8u8), 0..40)) {
        let mut reviews = writer("mara", "a");
        let mut states = vec![[Status::Unreviewed; 2]];
        let mut now = 0;
        for (seconds, (post, what)) in (0..).zip(steps) {
            // After every step the run ends, and another one begins from the records alone.
            let mut next = writer("mara", &format!("w{seconds}"));
            reviews.state().records().for_each(|record| {
        let _ = next.absorb(record.clone());
    });
            reviews = next;
            let name = ["p0", "p1"][usize::from(post)];
            match what {
                0..4 => {
                    let wanted = Status::ALL[usize::from(what)];
                    let made = reviews.decide(change(name, "text", wanted.name()), None, at(seconds));
                    let mut state = states[now];
                    prop_assert_eq!(made.is_some(), state[usize::from(post)] != wanted);
                    if made.is_some() {
                        state[usize::from(post)] = wanted;
                        states.truncate(now + 1);
                        states.push(state);
                        now += 1;
                    }
                }
                4 | 5 => {
                    prop_assert_eq!(reviews.undo(at(seconds)).is_ok(), now > 0);
                    now = now.saturating_sub(1);
                }
                _ => {
                    prop_assert_eq!(reviews.redo(at(seconds)).is_ok(), now + 1 < states.len());
                    now = (now + 1).min(states.len() - 1);
                }
            }
            for (post, expected) in ["p0", "p1"].into_iter().zip(states[now]) {
                prop_assert_eq!(status(reviews.state(), post), (expected, false));
            }
        }
    }
}

#[test]
fn two_people_side_by_side_are_a_conflict_and_the_cautious_one_counts_in_both_clones() {
    for first in Status::ALL {
        for second in Status::ALL {
            let (mut mara, mut tom) = (writer("mara", "a"), writer("tom", "b"));
            let a = mara.decide(change("p", "text", first.name()), None, at(10));
            let b = tom.decide(change("p", "text", second.name()), None, at(-900));
            let there: Vec<Record> = a.iter().chain(&b).cloned().collect();
            let back: Vec<Record> = b.iter().chain(&a).cloned().collect();
            let both = a.is_some() && b.is_some();
            let cautious = if first.caution() >= second.caution() { first } else { second };
            // A person who leaves a post unreviewed has said nothing.
            let cautious = match (a.is_some(), b.is_some()) {
                (true, false) => first,
                (false, true) => second,
                _ => cautious,
            };
            assert_eq!(status(&fold(&there), "p"), (cautious, both && first != second), "{first} {second}");
            assert_eq!(
                fold(&there).standing(&PostId::new("p"), None, &[]),
                fold(&back).standing(&PostId::new("p"), None, &[])
            );
            // Deciding again ends it.
            there.iter().for_each(|record| {
                let _ = mara.absorb(record.clone());
            });
            mara.decide(change("p", "text", "skipped"), None, at(-5_000));
            assert_eq!(status(mara.state(), "p"), (Status::Skipped, false));
        }
    }
}

#[test]
fn a_decision_holds_for_its_text_and_comes_back_with_it() {
    let mut mara = writer("mara", "a");
    mara.decide(change("p", "text", "reviewed"), None, at(0));
    let post = PostId::new("p");
    let changed = mara.state().standing(&post, digest("other text"), &[]);
    assert_eq!(
        (changed.status, changed.decided, changed.stale),
        (Status::Unreviewed, Status::Reviewed, true)
    );
    let back = mara.state().standing(&post, digest("text"), &[]);
    assert_eq!((back.status, back.stale), (Status::Reviewed, false));
}

#[test]
fn equal_ids_keep_their_decisions_apart() {
    let mut mara = writer("mara", "a");
    let (one, two) = (Digest::of_bytes(b"one"), Digest::of_bytes(b"two"));
    let mut on_one = change("p", "one", "reviewed");
    on_one.siblings = vec![two];
    let mut on_two = change("p", "two", "flagged");
    on_two.siblings = vec![one];
    mara.decide(on_one, None, at(0)).unwrap();
    mara.decide(on_two, None, at(1)).unwrap();
    let post = PostId::new("p");
    let first = mara.state().standing(&post, Some(one), &[two]);
    assert_eq!((first.status, first.stale, first.conflict), (Status::Reviewed, false, false));
    let second = mara.state().standing(&post, Some(two), &[one]);
    assert_eq!((second.status, second.stale, second.conflict), (Status::Flagged, false, false));
    let third = mara.state().standing(&post, digest("three"), &[one, two]);
    assert_eq!((third.status, third.stale), (Status::Unreviewed, false));
}

#[test]
fn a_bulk_action_is_one_step_and_each_post_gets_its_own_back() {
    let mut mara = writer("mara", "a");
    let mut flagged = change("p1", "text", "flagged");
    (flagged.why, flagged.note) = (vec!["image".to_owned()], Some("broken".to_owned()));
    mara.decide(flagged, None, at(0)).unwrap();
    let all = ["p0", "p1", "p2"].map(|post| change(post, "text", "reviewed"));
    let bulk = mara.decide_many(all.to_vec(), Some("stack:go".to_owned()), at(1)).unwrap();
    assert_eq!(bulk.posts().count(), 3);
    let undo = mara.undo(at(2)).unwrap().remove(0);
    assert_eq!(status(mara.state(), "p0"), (Status::Unreviewed, false));
    let back = mara.state().standing(&PostId::new("p1"), digest("text"), &[]);
    assert_eq!(
        (back.status, back.why, back.note),
        (Status::Flagged, vec!["image".to_owned()], Some("broken".to_owned()))
    );
    let redo = mara.redo(at(3)).unwrap().remove(0);
    assert_eq!(status(mara.state(), "p1"), (Status::Reviewed, false));
    // What was read back from the lines is the same.
    for record in [bulk, undo, redo] {
        let items = read_line(record.to_line().trim_end().as_bytes());
        assert_eq!(items, [LineItem::Record(Box::new(Checked { record, is_checked: true }))]);
    }
}

#[test]
fn nobody_undoes_what_somebody_else_has_decided_since() {
    let (mut mara, mut tom) = (writer("mara", "a"), writer("tom", "b"));
    let first = mara.decide(change("p", "text", "reviewed"), None, at(0)).unwrap();
    tom.absorb(first);
    let second = tom.decide(change("p", "text", "flagged"), None, at(-100)).unwrap();
    mara.absorb(second);
    let step = mara.begin_undo().unwrap();
    let (_, unchanged) = mara.undo_all(step, at(1));
    assert_eq!(unchanged.to_string(), "Nothing changes on p: tom has since decided flagged");
    assert_eq!(status(mara.state(), "p"), (Status::Flagged, false));
    // Nothing is left below it.
    mara.state().records().for_each(|record| {
        let _ = tom.absorb(record);
    });
    tom.undo(at(2)).unwrap();
    assert_eq!(status(tom.state(), "p"), (Status::Unreviewed, false));
    assert!(matches!(writer("li", "c").undo(at(0)), Err(UndoRefused::NothingToUndo)));
}

#[test]
fn circles_are_conflicts_and_end() {
    let mut reviews: Reviews = writer("mara", "a");
    let mut one = reviews.decide(change("p", "text", "reviewed"), None, at(0)).unwrap();
    let mut two = reviews.decide(change("p", "text", "flagged"), None, at(1)).unwrap();
    let set_prev = |record: &mut Record, prev: &[&RecordId]| {
        if let crate::review::Target::One { prev: past, .. } = &mut record.target {
            *past = prev.iter().map(|id| (*id).clone()).collect();
        }
    };
    let (id_one, id_two) = (one.id.clone(), two.id.clone());
    set_prev(&mut one, &[&id_two, &id_one]);
    set_prev(&mut two, &[&id_one]);
    for records in [[one.clone(), two.clone()], [two.clone(), one.clone()]] {
        assert_eq!(status(&fold(&records), "p"), (Status::Flagged, true));
    }
    set_prev(&mut two, &[&id_two]);
    assert_eq!(status(&fold(&[two]), "p"), (Status::Flagged, false));
}

#[test]
fn every_flip_of_a_bit_is_noticed() {
    let mut mara = writer("mara", "k7q2m9x4wd3tz");
    let mut flagged = change("alphanode-013834", "text", "flagged");
    (flagged.why, flagged.note) = (vec!["image".to_owned()], Some("placeholder — image".to_owned()));
    let one = mara.decide(flagged, Some(8400), at(0)).unwrap();
    let bulk = ["p0", "alphanode-013834"].map(|post| change(post, "text", "reviewed"));
    let many = mara.decide_many(bulk.to_vec(), Some("stack:go".to_owned()), at(1)).unwrap();
    let undo = mara.undo(at(2)).unwrap().remove(0);
    for record in [one, many, undo] {
        let line = record.to_line().trim_end().to_owned().into_bytes();
        for at in 0..line.len() {
            for bit in 0..8 {
                let mut flipped = line.clone();
                flipped[at] ^= 1 << bit;
                for item in read_line(&flipped) {
                    // A flip may turn `T` into `t` in a time: another spelling of the same record.
                    let harmless = match item {
                        LineItem::Record(checked) => checked.record == record,
                        _ => true,
                    };
                    assert!(harmless, "bit {bit} of byte {at}: {}", String::from_utf8_lossy(&flipped));
                }
            }
        }
    }
}

#[test]
fn lines_survive_what_happens_to_them() {
    let mut mara = writer("mara", "a");
    let mut noted = change("p", "text", "flagged");
    noted.note = Some("tab\t, \u{1b}[31m and \u{202e}".to_owned());
    let one = mara.decide(noted, None, at(0)).unwrap();
    let two = mara.decide(change("q", "text", "reviewed"), None, at(1)).unwrap();
    let (a, b) = (one.to_line().trim_end().to_owned(), two.to_line().trim_end().to_owned());
    assert!(a.contains("\\u202e") && a.contains("\\u001b"), "{a}");
    let records = |line: &str| -> Vec<Record> {
        let kept = read_line(line.as_bytes()).into_iter().filter_map(|item| match item {
            LineItem::Record(checked) => Some(checked.record),
            _ => None,
        });
        kept.collect()
    };
    let both = vec![one.clone(), two.clone()];
    // Two branches without a final line end; a torn record before a whole one; respelled by a tool.
    assert_eq!(records(&format!("{a}{b}")), both);
    assert_eq!(records(&format!("{}{b}", &a[..a.len() / 2])), vec![two.clone()]);
    assert_eq!(records(&format!("  {a}  {b} ")), both);
    let spaced = a.replace("\\u202e", "\u{202e}").replace(":[", ": [").replace("\",\"", "\" , \"");
    assert_eq!(records(&spaced), vec![one.clone()]);
    assert_eq!(records(&a.replace("flagged", "skipped")), vec![]);
    assert_eq!(read_line(b"<<<<<<< HEAD"), [LineItem::ConflictMarker]);
    assert_eq!(read_line(br#"{"v":2,"id":"x","op":"set"}"#), [LineItem::Newer { version: 2 }]);
    assert_eq!(read_line(b"  "), []);
    for damaged in ["[]", "null", "{\"v\":1}", "\0\0\0\0", "{\"v\":1,\"id\":\"x\"", "plain words"] {
        assert!(matches!(read_line(damaged.as_bytes())[..], [LineItem::Damaged { .. }]), "{damaged}");
    }
}

#[test]
fn lines_written_by_hand_and_by_newer_versions_are_kept() {
    let by_hand =
        br#"{"v":1,"id":"mine-1","by":"mara","op":"set","post":"p","key":"status","val":"flagged"}"#;
    let [LineItem::Record(checked)] = &read_line(by_hand)[..] else { panic!("a record") };
    assert!(!checked.is_checked);
    assert_eq!(status(&fold(std::slice::from_ref(&checked.record)), "p"), (Status::Flagged, false));

    let newer = br#"{"v":1,"id":"n-1","by":"mara","op":"set","post":"p","key":"status","val":"embargoed","via":"phone","mood":{"x":[1]}}"#;
    let [LineItem::Record(checked)] = &read_line(newer)[..] else { panic!("a record") };
    let standing = fold(std::slice::from_ref(&checked.record)).standing(&PostId::new("p"), None, &[]);
    assert_eq!(
        (standing.status, standing.decided, standing.word.as_str()),
        (Status::Unreviewed, Status::Unknown, "embargoed")
    );
    let again = read_line(checked.record.to_line().trim_end().as_bytes());
    assert!(matches!(&again[..], [LineItem::Record(again)] if again.record == checked.record), "{again:?}");

    let unknown_op =
        br#"{"v":1,"id":"n-2","by":"mara","op":"praise","post":"p","key":"status","val":"flagged"}"#;
    let [LineItem::Record(checked)] = &read_line(unknown_op)[..] else { panic!("a record") };
    let state = fold(std::slice::from_ref(&checked.record));
    assert_eq!((state.len(), status(&state, "p")), (1, (Status::Unreviewed, false)));
}

#[test]
fn a_step_of_the_history_is_undone_by_itself_or_not_at_all() {
    let (mut mara, mut tom) = (writer("mara", "a"), writer("tom", "b"));
    let first = mara.decide(change("p", "text", "reviewed"), None, at(0)).unwrap();
    let second = mara.decide(change("q", "text", "flagged"), None, at(1)).unwrap();
    let third = mara.decide(change("q", "text", "skipped"), None, at(2)).unwrap();
    // What came later stays.
    let undone = mara.undo_record(&first.id, None, at(3)).unwrap().remove(0);
    assert_eq!(undone.undo, Some(first.id.clone()));
    assert_eq!(status(mara.state(), "p"), (Status::Unreviewed, false));
    assert_eq!(status(mara.state(), "q"), (Status::Skipped, false));
    // One's own later decision on the same post is not swept away with it.
    let step = mara.begin_undo_record(&second.id, None).unwrap();
    let (_, unchanged) = mara.undo_all(step, at(4));
    assert_eq!(unchanged.to_string(), "Nothing changes on q: you have since decided skipped");
    assert_eq!(status(mara.state(), "q"), (Status::Skipped, false));
    mara.redo(at(5)).unwrap();
    // Redo gives back what was undone out of order; nobody undoes another's.
    mara.redo(at(5)).unwrap();
    assert_eq!(status(mara.state(), "p"), (Status::Reviewed, false));
    tom.absorb(third.clone());
    assert!(matches!(tom.undo_record(&third.id, None, at(6)), Err(UndoRefused::NotYours { .. })));
    assert!(matches!(tom.undo_record(&first.id, None, at(6)), Err(UndoRefused::Unknown { .. })));
}

#[test]
fn a_step_of_several_records_is_taken_back_whole_or_not_at_all() {
    let mut mara = writer("mara", "a");
    mara.decide(change("q", "t", "skipped"), None, at(0)).unwrap();
    let first = mara.decide_many(vec![change("p1", "t", "reviewed")], None, at(1)).unwrap();
    let more = |reviews: &mut Reviews, post| {
        reviews.decide_more(vec![change(post, "t", "reviewed")], None, Some(&first.id), at(1)).unwrap()
    };
    let records = [more(&mut mara, "p2"), more(&mut mara, "p3")];
    let undone = mara.undo(at(2)).unwrap();
    let posts = |records: &[Record]| -> Vec<String> {
        records.iter().flat_map(Record::posts).map(|post| post.as_str().to_owned()).collect()
    };
    assert_eq!(posts(&undone), ["p3", "p2", "p1"]);
    assert_eq!(posts(&mara.redo(at(3)).unwrap()), ["p1", "p2", "p3"]);
    // In another run as well, and the step before is another one.
    let mut again = writer("mara", "b");
    for record in mara.state().records() {
        again.absorb(record);
    }
    assert_eq!(again.undo(at(4)).unwrap().len(), 3);
    assert_eq!(posts(&again.undo(at(5)).unwrap()), ["q"]);
    // Where somebody else has decided since on one of them, that one stays.
    let mut tom = writer("tom", "c");
    for record in [vec![first.clone()], records.to_vec()].concat() {
        assert!(tom.absorb(record));
    }
    let theirs = tom.decide(change("p2", "t", "skipped"), None, at(6)).unwrap();
    mara.absorb(theirs);
    mara.undo(at(7)).unwrap();
    let digest = Some(Digest::of_bytes(b"t"));
    let statuses =
        ["p1", "p2", "p3"].map(|post| mara.state().standing(&PostId::new(post), digest, &[]).status);
    assert_eq!(statuses, [Status::Unreviewed, Status::Skipped, Status::Unreviewed]);
}

#[test]
fn records_of_a_copied_writer_all_count() {
    // Two copies of one writer, each with decisions of its own under the same ids.
    let (mut here, mut there) = (writer("mara", "a"), writer("mara", "a"));
    let one = here.decide(change("p", "text", "reviewed"), None, at(1)).unwrap();
    let other = there.decide(change("q", "text", "skipped"), None, at(1)).unwrap();
    let same = |status| change("r", "text", status);
    let (good, bad) = (
        here.decide(same("reviewed"), None, at(2)).unwrap(),
        there.decide(same("flagged"), None, at(2)).unwrap(),
    );
    assert_eq!((&one.id, &good.id), (&other.id, &bad.id));
    let records = [one, good, other, bad];
    let mut tom = writer("tom", "b");
    assert!(records.iter().all(|record| tom.absorb(record.clone())));
    assert!(!records.iter().any(|record| tom.absorb(record.clone())), "none is there twice");
    assert_eq!(status(tom.state(), "p"), (Status::Reviewed, false));
    assert_eq!(status(tom.state(), "q"), (Status::Skipped, false));
    assert_eq!(status(tom.state(), "r"), (Status::Flagged, true), "a conflict, and the cautious one counts");
    let shared: Vec<usize> = tom.state().shared_ids().into_iter().map(|(_, count)| count).collect();
    assert_eq!(shared, [2, 2]);
    // Whoever decides has seen both.
    let last = tom.decide(same("reviewed"), None, at(3)).unwrap();
    assert_eq!(status(tom.state(), "r"), (Status::Reviewed, false));
    let state = fold(&[&[last], &records[..]].concat());
    assert_eq!(status(&state, "r"), (Status::Reviewed, false));
}

#[test]
fn a_number_that_nobody_reaches_leaves_every_decision_an_id_of_its_own() {
    for number in ["ffffffff", "ffffffffffffffff"] {
        let strange = writer("tom", "b").decide(change("p0", "text", "flagged"), None, at(0)).unwrap();
        let mut mara = writer("mara", "a");
        assert!(mara.absorb(Record { id: RecordId::new(format!("b-{number}")), ..strange }));
        for (post, seconds) in ["p1", "p2", "p3"].into_iter().zip(1..) {
            mara.decide(change(post, "text", "reviewed"), None, at(seconds)).unwrap();
        }
        mara.undo(at(4)).unwrap();
        assert_eq!(mara.state().shared_ids(), []);
        assert_eq!(status(mara.state(), "p3"), (Status::Unreviewed, false));
        assert_eq!(status(mara.state(), "p2"), (Status::Reviewed, false));
    }
}

#[test]
fn of_records_that_share_an_id_the_one_of_the_post_is_taken_back() {
    // Two copies of one writer, each with decisions of its own under the same ids.
    let (mut here, mut there) = (writer("mara", "a"), writer("mara", "a"));
    let good = here.decide(change("p", "text", "reviewed"), None, at(1)).unwrap();
    let other = there.decide(change("q", "text", "skipped"), None, at(1)).unwrap();
    let last = there.decide(change("r", "text", "reviewed"), None, at(2)).unwrap();
    for records in [[&good, &other, &last], [&last, &other, &good]] {
        let mut mara = writer("mara", "b");
        assert!(records.into_iter().all(|record| mara.absorb(record.clone())));
        let refused = mara.undo_record(&good.id, None, at(3)).unwrap_err();
        assert_eq!(refused, UndoRefused::Shared { id: good.id.clone(), count: 2 });
        mara.undo_record(&good.id, Some(&PostId::new("p")), at(4)).unwrap();
        assert_eq!(status(mara.state(), "p"), (Status::Unreviewed, false));
        assert_eq!(status(mara.state(), "q"), (Status::Skipped, false));
        // What is still there is taken back in its order.
        for post in ["r", "q"] {
            let undone = mara.undo(at(5)).unwrap().remove(0);
            assert_eq!(undone.posts().collect::<Vec<_>>(), [&PostId::new(post)]);
            assert_eq!(status(mara.state(), post), (Status::Unreviewed, false));
        }
        assert_eq!(mara.undo(at(6)), Err(UndoRefused::NothingToUndo));
    }
}
