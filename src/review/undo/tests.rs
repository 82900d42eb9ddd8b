//! A step is undone whatever others have decided since, and in as many records as its lines need.

use super::*;
use crate::model::{Digest, Status};
use crate::review::suite::{at, change, writer};
use crate::review::{Change, Journal, MAX_LINE_BYTES, ReviewLog, Standing, State};

const POSTS: [&str; 6] = ["p0", "p1", "p2", "p3", "p4", "p5"];

fn standing(reviews: &Reviews, post: &str) -> Standing {
    reviews.state().standing(&PostId::new(post), Some(Digest::of_bytes(b"text")), &[])
}

fn status(reviews: &Reviews, post: &str) -> Status {
    standing(reviews, post).status
}

/// Another run of the same reviewer, with all of these records.
fn again(records: &[Record], name: &str) -> Reviews {
    let mut reviews = writer("mara", name);
    meet(&mut reviews, records);
    reviews
}

fn meet(reviews: &mut Reviews, records: &[Record]) {
    for record in records {
        reviews.absorb(record.clone());
    }
}

fn records(reviews: &Reviews) -> Vec<Record> {
    reviews.state().records().collect()
}

/// A decision on these posts as one step, in records of so many posts.
fn step_on(reviews: &mut Reviews, posts: &[&str], val: &str, a_record: usize) -> Vec<Record> {
    let mut made: Vec<Record> = Vec::new();
    for posts in posts.chunks(a_record) {
        let changes = posts.iter().map(|post| change(post, "text", val)).collect();
        let first = made.first().map(|record| record.id.clone());
        made.extend(reviews.decide_more(changes, None, first.as_ref(), at(50)));
    }
    made
}

/// Undoes the last step; what is told of posts for which nothing changes.
fn undo(reviews: &mut Reviews) -> String {
    let step = reviews.begin_undo().unwrap();
    reviews.undo_all(step, at(80)).1.to_string()
}

#[test]
fn what_others_have_decided_since_stays_and_nobody_is_asked() {
    let mut mara = writer("mara", "a");
    mara.decide(change("p5", "text", "reviewed"), None, at(0)).unwrap();
    step_on(&mut mara, &POSTS[..5], "flagged", 2);
    let mut tom = writer("tom", "b");
    meet(&mut tom, &records(&mara));
    for post in ["p1", "p4"] {
        mara.absorb(tom.decide(change(post, "text", "reviewed"), None, at(60)).unwrap());
    }
    let told = "Nothing changes on 2 posts, p4 among them: tom has since decided reviewed";
    assert_eq!(undo(&mut mara), told);
    let (none, flagged, reviewed) = (Status::Unreviewed, Status::Flagged, Status::Reviewed);
    let found = |reviews: &Reviews| POSTS.map(|post| status(reviews, post));
    assert_eq!(found(&mara), [none, reviewed, none, none, reviewed, reviewed]);
    // Undo and redo go on with the other steps, in this run and in another one, and in any order of the records.
    let mut shuffled = records(&mara);
    shuffled.reverse();
    for mut person in [again(&records(&mara), "c"), again(&shuffled, "d"), mara] {
        assert_eq!(undo(&mut person), "");
        assert_eq!(found(&person), [none, reviewed, none, none, reviewed, none]);
        assert_eq!(person.undo(at(81)), Err(UndoRefused::NothingToUndo));
        person.redo(at(82)).unwrap();
        person.redo(at(83)).unwrap();
        assert_eq!(found(&person), [flagged, reviewed, flagged, flagged, reviewed, reviewed]);
        assert_eq!(person.redo(at(84)), Err(UndoRefused::NothingToRedo));
    }
}

#[test]
fn what_two_have_undone_does_not_come_back() {
    // Anna reviews, Bert flags in his copy of the log and undoes that; Anna undoes as well.
    let mut anna = writer("anna", "a");
    let reviewed = anna.decide(change("p0", "text", "reviewed"), None, at(0)).unwrap();
    let mut bert = writer("bert", "b");
    bert.absorb(reviewed);
    bert.decide(change("p0", "text", "flagged"), None, at(1)).unwrap();
    bert.undo(at(2)).unwrap();
    anna.undo(at(3)).unwrap();
    meet(&mut anna, &records(&bert));
    meet(&mut bert, &records(&anna));
    for person in [&anna, &bert] {
        assert_eq!(standing(person, "p0"), Standing::default());
    }
}

#[test]
fn a_step_that_two_clones_have_undone_is_undone_once_and_redone_once() {
    let mut here = writer("mara", "a");
    here.decide(change("p0", "text", "skipped"), None, at(0)).unwrap();
    step_on(&mut here, &POSTS[..3], "reviewed", 2);
    let mut there = again(&records(&here), "b");
    here.undo(at(60)).unwrap();
    there.undo(at(61)).unwrap();
    meet(&mut here, &records(&there));
    assert_eq!(POSTS.map(|post| status(&here, post))[..2], [Status::Skipped, Status::Unreviewed]);
    // The step before is the next one.
    here.undo(at(62)).unwrap();
    assert_eq!(status(&here, "p0"), Status::Unreviewed);
    here.redo(at(63)).unwrap();
    here.redo(at(64)).unwrap();
    assert!(POSTS[..3].iter().all(|post| status(&here, post) == Status::Reviewed));
    assert_eq!(here.redo(at(65)), Err(UndoRefused::NothingToRedo));
    here.undo(at(66)).unwrap();
    assert_eq!(status(&here, "p0"), Status::Skipped);
}

#[test]
fn what_others_undo_is_undone() {
    let mut mara = writer("mara", "a");
    let first = mara.decide(change("p0", "text", "flagged"), None, at(0)).unwrap();
    let second = mara.decide(change("p1", "text", "flagged"), None, at(1)).unwrap();
    let mut tom = writer("tom", "b");
    meet(&mut tom, &records(&mara));
    // The program does not offer it, but a record counts whoever has written it.
    assert_eq!(tom.undo(at(2)), Err(UndoRefused::NothingToUndo));
    assert_eq!(
        tom.undo_record(&second.id, None, at(2)),
        Err(UndoRefused::NotYours { by: "mara".to_owned() })
    );
    let undo = again(&records(&mara), "c").undo(at(3)).unwrap().remove(0);
    assert!(mara.absorb(Record { by: "tom".to_owned(), ..undo }));
    assert_eq!(status(&mara, "p1"), Status::Unreviewed);
    assert_eq!(mara.undo(at(4)).unwrap()[0].undo, Some(first.id));
}

#[test]
fn what_a_kill_has_left_of_a_step_is_undone_by_the_next_undo() {
    for count in 1..5 {
        let mut mara = writer("mara", "a");
        mara.decide(change("p5", "text", "reviewed"), None, at(0)).unwrap();
        step_on(&mut mara, &POSTS[..5], "flagged", 1);
        let before = records(&mara);
        let mut undone = mara.undo(at(60)).unwrap();
        undone.truncate(count);
        let mut later = again(&[before, undone].concat(), "b");
        assert_eq!(later.undo(at(61)).unwrap().iter().flat_map(Record::posts).count(), 5 - count);
        assert!(POSTS[..5].iter().all(|post| status(&later, post) == Status::Unreviewed));
        later.undo(at(62)).unwrap();
        assert_eq!(status(&later, "p5"), Status::Unreviewed);
        assert_eq!(later.undo(at(63)), Err(UndoRefused::NothingToUndo));
    }
}

#[test]
fn an_undo_of_some_posts_of_a_record_leaves_the_others() {
    let mut mara = writer("mara", "a");
    let all = step_on(&mut mara, &POSTS, "flagged", 6).remove(0);
    // As earlier versions have written it where somebody else had decided on the others.
    let mut partly = again(&records(&mara), "b").undo(at(60)).unwrap().remove(0);
    let Target::Many(targets) = &mut partly.target else { panic!("{partly:?}") };
    targets.truncate(2);
    assert!(mara.absorb(partly));
    let flagged = |reviews: &Reviews| POSTS.map(|post| status(reviews, post) == Status::Flagged);
    assert_eq!(flagged(&mara), [false, false, true, true, true, true]);
    assert_eq!(mara.undo(at(61)).unwrap()[0].posts().count(), 4);
    assert_eq!(flagged(&mara), [false; 6]);
    assert_eq!(mara.undo_record(&all.id, None, at(62)), Err(UndoRefused::Already));
    mara.redo(at(63)).unwrap();
    assert_eq!(flagged(&mara), [false, false, true, true, true, true]);
    mara.redo(at(64)).unwrap();
    assert_eq!(flagged(&mara), [true; 6]);
}

/// Each post has a note of its own that is as long as one may be. Of 5,000, which one record may be about, with
/// `COPYDESK_NOTES=5000`; a line does not hold those of a tenth of them.
#[test]
fn a_step_on_posts_with_long_notes_is_undone_in_one_short_record() {
    let posts = std::env::var("COPYDESK_NOTES").ok().and_then(|count| count.parse().ok()).unwrap_or(560);
    let last = &format!("p{}", posts - 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("posts.jsonl.reviews.jsonl");
    let mut log = ReviewLog::open(&path);
    let mut mara = writer("mara", "a");
    let note = "\u{1f4dd}".repeat(4_096);
    let on = |post: usize, val: &str| change(&format!("p{post}"), "text", val);
    for post in 0..posts {
        let flag = Change { note: Some(format!("{note}{post}")), ..on(post, "flagged") };
        log.append(&mara.decide(flag, None, at(0)).unwrap()).unwrap();
    }
    let step = mara.decide_many((0..posts).map(|post| on(post, "reviewed")).collect(), None, at(1)).unwrap();
    log.append(&step).unwrap();
    let mut save = |records: &[Record]| {
        assert_eq!(records.len(), 1);
        assert!(records[0].to_line().len() < MAX_LINE_BYTES / 10);
        log.append(&records[0]).unwrap();
    };
    let read = || {
        let mut reviews = writer("mara", "later");
        ReviewLog::open(&path).replay_into(&mut reviews, &mut |problem| panic!("{problem}")).unwrap();
        reviews
    };
    let is_noted = |reviews: &Reviews| {
        (0..posts).all(|post| {
            let standing = standing(reviews, &format!("p{post}"));
            standing.status == Status::Flagged
                && standing.note.is_some_and(|it| it.ends_with(&post.to_string()))
        })
    };
    save(&mara.undo(at(2)).unwrap());
    assert!(is_noted(&mara) && is_noted(&read()));
    save(&mara.redo(at(3)).unwrap());
    assert_eq!([status(&mara, "p0"), status(&read(), last)], [Status::Reviewed; 2]);
    // Another run undoes it once more, and then what came before it.
    let mut later = read();
    save(&later.undo(at(4)).unwrap());
    assert!(is_noted(&later) && is_noted(&read()));
    assert_eq!(later.undo(at(5)).unwrap().len(), 1);
    assert_eq!(status(&later, last), Status::Unreviewed);
}

#[test]
fn a_step_on_posts_with_long_ids_is_undone_in_as_many_records_as_it_takes() {
    let mut mara = writer("mara", "a");
    let id = |number: usize| format!("{number}{}", "x".repeat(1 << 10));
    let posts: Vec<String> = (0..5_000).map(id).collect();
    let changes = posts.iter().map(|post| change(post, "text", "reviewed")).collect();
    mara.decide_many(changes, None, at(0)).unwrap();
    let undone = mara.undo(at(1)).unwrap();
    assert!(undone.len() > 1 && undone.iter().all(|record| record.to_line().len() < MAX_LINE_BYTES));
    assert!(posts.iter().all(|post| status(&mara, post) == Status::Unreviewed));
    assert_eq!(mara.redo(at(2)).unwrap().len(), undone.len());
    assert_eq!(status(&mara, &posts[4_999]), Status::Reviewed);
}

/// Records that undo one another in a circle undo nothing, whatever their order.
#[test]
fn undo_records_in_a_circle_have_no_effect() {
    let mut mara = writer("mara", "a");
    let flag = mara.decide(change("p0", "text", "flagged"), None, at(0)).unwrap();
    let undo = |name: &str, undone: &RecordId| {
        let undo = Some(undone.clone());
        Record { id: RecordId::new(name), undo, val: "unreviewed".to_owned(), ..flag.clone() }
    };
    let (a, b, c, own) =
        (RecordId::new("a-0007"), RecordId::new("b-0008"), RecordId::new("c-0009"), RecordId::new("own"));
    let circle = [undo("a-0007", &c), undo("b-0008", &a), undo("c-0009", &b), undo("own", &own)];
    // One of them also undoes the flag, under the same id.
    let twin = undo("a-0007", &flag.id);
    for turned in 0..circle.len() {
        let mut all = [&circle[..], &[flag.clone(), twin.clone()]].concat();
        all.rotate_left(turned);
        let mut state = State::default();
        all.iter().for_each(|record| assert!(state.absorb(record.clone())));
        let standing = state.standing(&PostId::new("p0"), None, &[]);
        assert_eq!((standing.status, standing.conflict), (Status::Flagged, false), "{turned}");
        let mut reader = again(&all, "later");
        reader.undo(at(9)).unwrap();
        assert_eq!(status(&reader, "p0"), Status::Unreviewed);
        assert_eq!(reader.state().steps(&PostId::new("p0")).len(), 7);
    }
}
