//! A step is taken back without what others have decided on since, and in as many records as their lines need.

use proptest::prelude::*;

use super::*;
use crate::model::{Digest, Status};
use crate::review::suite::{at, change, writer};
use crate::review::{Change, Journal, MAX_LINE_BYTES, ReviewLog, Standing, State, merge};

const POSTS: [&str; 6] = ["p0", "p1", "p2", "p3", "p4", "p5"];

fn standings(state: &State) -> Vec<Standing> {
    let digest = Some(Digest::of_bytes(b"text"));
    POSTS.iter().map(|post| state.standing(&PostId::new(*post), digest, &[])).collect()
}

fn status(reviews: &Reviews, post: &str) -> Status {
    reviews.state().standing(&PostId::new(post), Some(Digest::of_bytes(b"text")), &[]).status
}

/// Another run of the same reviewer, with all of these records.
fn again(records: &[Record], name: &str) -> Reviews {
    let mut reviews = writer("mara", name);
    records.iter().for_each(|record| assert!(reviews.absorb(record.clone())));
    reviews
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

/// Takes a step back or brings it back to its end, with records of so many bytes.
fn end(
    reviews: &mut Reviews,
    begun: Result<TakingBack, UndoRefused>,
    most_bytes: usize,
) -> Result<Vec<Record>, UndoRefused> {
    let mut step = begun?;
    step.most_bytes = most_bytes;
    reviews.all_of(&mut step, at(90))
}

fn undo(reviews: &mut Reviews, most_bytes: usize) -> Result<Vec<Record>, UndoRefused> {
    let begun = reviews.begin_undo();
    end(reviews, begun, most_bytes)
}

fn redo(reviews: &mut Reviews, most_bytes: usize) -> Result<Vec<Record>, UndoRefused> {
    let begun = reviews.begin_redo();
    end(reviews, begun, most_bytes)
}

/// What was asked about the last step, which is refused.
fn refused(reviews: &mut Reviews) -> TakingBack {
    let mut step = reviews.begin_undo().unwrap();
    assert!(matches!(reviews.all_of(&mut step, at(80)), Err(UndoRefused::Overruled { .. })));
    step
}

#[test]
fn the_rest_of_a_step_is_taken_back_and_what_is_left_of_nothing_is_passed_over() {
    let mut mara = writer("mara", "a");
    mara.decide(change("p5", "text", "reviewed"), None, at(0)).unwrap();
    step_on(&mut mara, &POSTS[..5], "flagged", 2);
    let mut tom = writer("tom", "b");
    mara.state().records().for_each(|record| assert!(tom.absorb(record)));
    for post in ["p1", "p4"] {
        mara.absorb(tom.decide(change(post, "text", "reviewed"), None, at(60)).unwrap());
    }
    let step = refused(&mut mara);
    assert_eq!(step.rest_told().unwrap(), "leaves those 2 posts and takes back the other 3");
    let way = step.left_out().in_the_way();
    assert_eq!(way, "tom has since decided reviewed on p4, and 1 more post is in the way (p1)");
    let (records, rest) = mara.take_rest(&step, at(70)).unwrap();
    let posts: Vec<_> = records.iter().flat_map(Record::posts).map(PostId::as_str).collect();
    assert_eq!(posts, ["p2", "p3", "p0"]);
    let told = rest.left_out().told();
    assert_eq!(told, "2 posts are left as they are (p4, p1): tom has since decided reviewed on p4");
    assert_eq!([status(&mara, "p1"), status(&mara, "p2")], [Status::Reviewed, Status::Unreviewed]);
    let so_far: Vec<Record> = mara.state().records().collect();
    // What is left of it is in the way no more, neither of the step before nor of bringing it back.
    mara.undo(at(71)).unwrap();
    assert_eq!(status(&mara, "p5"), Status::Unreviewed);
    assert_eq!(mara.undo(at(72)), Err(UndoRefused::NothingToUndo));
    for _ in 0..2 {
        mara.redo(at(73)).unwrap();
    }
    assert_eq!([status(&mara, "p0"), status(&mara, "p1")], [Status::Flagged, Status::Reviewed]);
    // In another run the same is asked once more, until it is passed over there.
    let mut later = again(&so_far, "c");
    let step = refused(&mut later);
    assert_eq!(step.rest_told().unwrap(), "passes over it, to the step before");
    assert!(later.take_rest(&step, at(75)).unwrap().0.is_empty());
    later.undo(at(76)).unwrap();
    assert_eq!(status(&later, "p5"), Status::Unreviewed);
}

#[test]
fn what_was_passed_over_counts_again_once_the_others_have_taken_theirs_back() {
    let mut mara = writer("mara", "a");
    mara.decide(change("p5", "text", "reviewed"), None, at(0)).unwrap();
    let last = mara.decide(change("p1", "text", "flagged"), None, at(1)).unwrap();
    let mut tom = writer("tom", "b");
    tom.absorb(last);
    mara.absorb(tom.decide(change("p1", "text", "reviewed"), None, at(2)).unwrap());
    let step = refused(&mut mara);
    mara.take_rest(&step, at(3)).unwrap();
    tom.undo(at(4)).unwrap().into_iter().for_each(|record| assert!(mara.absorb(record)));
    mara.undo(at(5)).unwrap();
    assert_eq!([status(&mara, "p1"), status(&mara, "p5")], [Status::Unreviewed, Status::Reviewed]);
}

#[test]
fn what_is_left_of_a_record_can_be_taken_back_once_nobody_is_in_the_way() {
    let mut mara = writer("mara", "a");
    mara.decide(change("p5", "text", "reviewed"), None, at(0)).unwrap();
    step_on(&mut mara, &POSTS[..4], "flagged", 4);
    let mut tom = writer("tom", "b");
    mara.state().records().for_each(|record| assert!(tom.absorb(record)));
    mara.absorb(tom.decide(change("p1", "text", "reviewed"), None, at(60)).unwrap());
    let step = refused(&mut mara);
    mara.take_rest(&step, at(61)).unwrap();
    tom.undo(at(62)).unwrap().into_iter().for_each(|record| assert!(mara.absorb(record)));
    let found = |reviews: &Reviews| POSTS.map(|post| status(reviews, post));
    let (none, flagged, reviewed) = (Status::Unreviewed, Status::Flagged, Status::Reviewed);
    assert_eq!(found(&mara), [none, flagged, none, none, none, reviewed]);
    let records: Vec<Record> = mara.state().records().collect();
    let shuffled: Vec<Record> = records.iter().rev().cloned().collect();
    for mut person in [mara, again(&records, "c"), again(&shuffled, "d")] {
        person.undo(at(63)).unwrap();
        assert_eq!(found(&person), [none, none, none, none, none, reviewed]);
        person.undo(at(64)).unwrap();
        assert_eq!(found(&person), [none; 6]);
        for _ in 0..3 {
            person.redo(at(65)).unwrap();
        }
        assert_eq!(found(&person), [flagged, flagged, flagged, flagged, none, reviewed]);
        assert_eq!(person.redo(at(66)), Err(UndoRefused::NothingToRedo));
    }
}

#[test]
fn what_a_kill_has_left_of_a_record_is_taken_back_by_the_next_undo() {
    for turns in 1..6 {
        let mut mara = writer("mara", "a");
        mara.decide(change("p5", "text", "reviewed"), None, at(0)).unwrap();
        step_on(&mut mara, &POSTS[..5], "flagged", 5);
        let mut step = mara.begin_undo().unwrap();
        step.most_bytes = 1;
        // One turn looks at the record, and each of the others is about a post.
        for _ in 0..turns {
            mara.take_back(&mut step, at(60)).unwrap();
        }
        let mut later = again(&mara.state().records().collect::<Vec<_>>(), "b");
        assert_eq!(later.undo(at(61)).unwrap().iter().flat_map(Record::posts).count(), 6 - turns);
        assert!(POSTS[..5].iter().all(|post| status(&later, post) == Status::Unreviewed));
        later.undo(at(62)).unwrap();
        assert_eq!(status(&later, "p5"), Status::Unreviewed);
        assert_eq!(later.undo(at(63)), Err(UndoRefused::NothingToUndo));
    }
}

#[test]
fn an_answer_is_about_the_step_that_was_asked_about() {
    let mut mara = writer("mara", "a");
    let mut records = step_on(&mut mara, &POSTS[..3], "flagged", 3);
    let mut tom = writer("tom", "b");
    records.iter().for_each(|record| assert!(tom.absorb(record.clone())));
    records.push(tom.decide(change("p1", "text", "reviewed"), None, at(60)).unwrap());
    mara.absorb(records[1].clone());
    let step = refused(&mut mara);
    // In another run meanwhile.
    let mut elsewhere = again(&records, "c");
    for record in step_on(&mut elsewhere, &POSTS[2..5], "skipped", 3) {
        tom.absorb(record.clone());
        mara.absorb(record);
    }
    mara.absorb(tom.decide(change("p4", "text", "reviewed"), None, at(60)).unwrap());
    assert!(matches!(mara.take_rest(&step, at(61)), Err(UndoRefused::Overruled { .. })));
    assert_eq!(status(&mara, "p3"), Status::Skipped);
}

#[test]
fn what_others_decide_on_after_an_undo_does_not_end_redo() {
    let mut mara = writer("mara", "a");
    mara.decide(change("p5", "text", "reviewed"), None, at(0)).unwrap();
    step_on(&mut mara, &POSTS[..3], "flagged", 3);
    mara.undo(at(60)).unwrap();
    mara.undo(at(61)).unwrap();
    mara.redo(at(62)).unwrap();
    let mut tom = writer("tom", "b");
    mara.state().records().for_each(|record| assert!(tom.absorb(record)));
    mara.absorb(tom.decide(change("p1", "text", "reviewed"), None, at(63)).unwrap());
    let mut step = mara.begin_redo().unwrap();
    assert!(mara.all_of(&mut step, at(64)).is_err());
    assert_eq!(step.rest_told().unwrap(), "leaves that post and brings back the other 2");
    mara.take_rest(&step, at(65)).unwrap();
    let found = POSTS.map(|post| status(&mara, post));
    let (flagged, reviewed) = (Status::Flagged, Status::Reviewed);
    assert_eq!((found[..3].to_vec(), found[5]), (vec![flagged, reviewed, flagged], reviewed));
    assert_eq!(mara.redo(at(66)), Err(UndoRefused::NothingToRedo));
}

/// Each post has a note of its own that is as long as one may be. Of 5,000, which one record may be about, with
/// `COPYDESK_NOTES=5000`; a line does not hold those of a tenth of them.
#[test]
fn a_step_whose_notes_fill_no_line_is_taken_back_in_several_records() {
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
        for record in records {
            assert!(record.to_line().len() < MAX_LINE_BYTES);
            log.append(record).unwrap();
        }
        records.len()
    };
    let read = || {
        let mut reviews = writer("mara", "later");
        ReviewLog::open(&path).replay_into(&mut reviews, &mut |problem| panic!("{problem}")).unwrap();
        reviews
    };
    let is_noted = |reviews: &Reviews| {
        (0..posts).all(|post| {
            let digest = Some(Digest::of_bytes(b"text"));
            let standing = reviews.state().standing(&PostId::new(format!("p{post}")), digest, &[]);
            standing.status == Status::Flagged
                && standing.note.is_some_and(|it| it.ends_with(&post.to_string()))
        })
    };
    assert!(save(&mara.undo(at(2)).unwrap()) > 1);
    assert!(is_noted(&mara) && is_noted(&read()));
    assert!(save(&mara.redo(at(3)).unwrap()) >= 1);
    assert_eq!([status(&mara, "p0"), status(&read(), last)], [Status::Reviewed; 2]);
    // Another run takes all of it back once more, and then what came before it.
    let mut later = read();
    assert!(save(&later.undo(at(4)).unwrap()) > 1);
    assert!(is_noted(&later) && is_noted(&read()));
    assert_eq!(later.undo(at(5)).unwrap().len(), 1);
    assert_eq!(status(&later, last), Status::Unreviewed);
}

#[test]
fn a_note_that_all_posts_get_back_stands_once_on_the_line() {
    let mut mara = writer("mara", "a");
    let note = Some("x".repeat(4_096));
    let flag = |post: &str| Change { note: note.clone(), ..change(post, "text", "flagged") };
    mara.decide_many(POSTS.iter().map(|post| flag(post)).collect(), None, at(0)).unwrap();
    mara.undo(at(1)).unwrap();
    let made = mara.redo(at(2)).unwrap();
    assert!(made.len() == 1 && made[0].to_line().len() < 6_000, "{} bytes", made[0].to_line().len());
    assert!(standings(mara.state()).iter().all(|standing| standing.note == note));
}

/// What a history is made of: who, on which post, what.
type Past = Vec<(bool, usize, usize)>;

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Every post of a step that nobody else has decided on is exactly as it was before, all others are as they
    /// are, and redo restores it: in this run, in any order of the records, in another run and in merged logs.
    #[test]
    fn the_rest_is_as_it_was_and_all_else_is_untouched(
        past in prop::collection::vec((any::<bool>(), 0..6usize, 0..4usize), 0..12),
        (on, a_record) in (prop::sample::subsequence(POSTS.to_vec(), 1..=6), 1..4usize),
        theirs in prop::collection::vec((0..6usize, 0..4usize, any::<bool>()), 0..5),
        most_bytes in prop::sample::select(vec![1, 400, 700, MOST_BYTES]),
        shuffle in prop::collection::vec(any::<u32>(), 80),
    ) {
        check(&past, &on, a_record, &theirs, most_bytes, &shuffle)?;
    }
}

fn check(
    past: &Past,
    on: &[&str],
    a_record: usize,
    theirs: &[(usize, usize, bool)],
    most_bytes: usize,
    shuffle: &[u32],
) -> Result<(), TestCaseError> {
    let (mut mara, mut tom) = (writer("mara", "a"), writer("tom", "b"));
    for ((is_tom, post, what), seconds) in past.iter().zip(0..) {
        let flag = change(POSTS[*post], "text", Status::ALL[*what].name());
        let flag = Change { note: (*what == 1).then(|| format!("note {seconds}")), ..flag };
        let (one, other) = if *is_tom { (&mut tom, &mut mara) } else { (&mut mara, &mut tom) };
        one.decide(flag, None, at(seconds)).into_iter().for_each(|record| assert!(other.absorb(record)));
    }
    let before = standings(mara.state());
    let made = step_on(&mut mara, on, "skipped", a_record);
    let on: Vec<&str> = made.iter().flat_map(Record::posts).map(PostId::as_str).collect();
    prop_assume!(!on.is_empty());
    for (post, what, sees) in theirs {
        if *sees {
            made.iter().for_each(|record| {
                let _ = tom.absorb(record.clone());
            });
        }
        let decided = tom.decide(change(POSTS[*post], "text", Status::ALL[*what].name()), None, at(60));
        decided.into_iter().for_each(|record| assert!(mara.absorb(record)));
    }
    let after = standings(mara.state());
    let records = mara.state().len();
    let mut step = mara.begin_undo().unwrap();
    step.most_bytes = most_bytes;
    let is_free = |post: &str| {
        let standing = &after[POSTS.iter().position(|other| *other == post).unwrap()];
        standing.by == "mara" && !standing.conflict && standing.word == "skipped"
    };
    let is_refused = mara.all_of(&mut step, at(70)).is_err();
    let free: Vec<&str> = if is_refused {
        prop_assert_eq!(mara.state().len(), records, "nothing was taken back");
        let mut rest = mara.begin_rest(&step).unwrap();
        rest.most_bytes = most_bytes;
        let undone = mara.all_of(&mut rest, at(70)).unwrap();
        mara.pass_over(&rest);
        prop_assert_eq!(rest.left_out().count, step.left_out().count);
        let taken: Vec<PostId> = undone.iter().flat_map(Record::posts).cloned().collect();
        prop_assert_eq!(taken.len() + rest.left_out().count, on.len());
        on.iter().copied().filter(|post| taken.contains(&PostId::new(*post))).collect()
    } else {
        on.clone()
    };
    for record in mara.state().records().filter(|record| record.undo.is_some()) {
        let length = record.to_line().len();
        prop_assert!(record.posts().count() == 1 || length < most_bytes + 300, "{length} bytes");
    }
    // Whose decision holds is asked of what holds, and not of who was refused.
    prop_assert_eq!(&free, &on.iter().copied().filter(|post| is_free(post)).collect::<Vec<_>>());
    let expected: Vec<Standing> = (0..)
        .zip(POSTS)
        .map(
            |(at, post): (usize, _)| {
                if free.contains(&post) { before[at].clone() } else { after[at].clone() }
            },
        )
        .collect();
    prop_assert_eq!(&standings(mara.state()), &expected);
    let mut records: Vec<Record> = mara.state().records().collect();
    // In any order, short, and from the logs of each.
    let needed = mara.state().needed();
    let kept: Vec<Record> = records.iter().filter(|record| needed.has(record.id.as_str())).cloned().collect();
    prop_assert_eq!(&standings(again(&kept, "short").state()), &expected);
    let mut places = shuffle.iter().cycle();
    records.sort_by_cached_key(|_| places.next().copied());
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(format!("{name}.jsonl"));
    for name in ["mara", "tom"] {
        let lines: String = records.iter().filter(|it| it.by == name).map(Record::to_line).collect();
        std::fs::write(path(name), lines).unwrap();
    }
    merge(&path("mara"), &[path("tom")]).unwrap();
    let mut merged = writer("mara", "merged");
    ReviewLog::open(&path("mara")).replay_into(&mut merged, &mut |_| {}).unwrap();
    for mut person in [mara, again(&records, "later"), merged] {
        prop_assert_eq!(&standings(person.state()), &expected);
        if free.is_empty() {
            continue;
        }
        for _ in 0..2 {
            redo(&mut person, most_bytes).unwrap();
            prop_assert_eq!(&standings(person.state()), &after);
            let back = undo(&mut person, most_bytes);
            prop_assert!(back.is_ok(), "{:?}", back);
            prop_assert_eq!(&standings(person.state()), &expected);
        }
    }
    Ok(())
}
