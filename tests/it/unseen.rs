//! Nothing is decided on what nobody has seen: a post that has come under the cursor without a key, or a
//! question that has opened or changed by itself. What is refused or left out is told.

use std::fmt::Write;

use crate::support::{Desk, posts, run_query};
use copydesk::app::{Effect, Event, KeyPress, Keymap, Settings};
use copydesk::corpus::{Loaded, Row, Sources, body, load};
use copydesk::model::{Digest, PostId, Status};
use copydesk::review::{Author, Change, Key, Record, Reviews, Via};
use jiff::{SignedDuration, Timestamp};

const THEN: Timestamp = Timestamp::constant(1_790_000_100, 0);

fn after(ms: i64) -> Timestamp {
    THEN + SignedDuration::from_millis(ms)
}

fn key(desk: &mut Desk, key: &str, ms: i64) {
    desk.happen_at(Event::Key(key.parse::<KeyPress>().unwrap()), after(ms));
}

fn notice(desk: &Desk) -> &str {
    desk.app.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

/// What ben decides on a post.
fn colleague(desk: &Desk, row: u32, val: &str) -> Record {
    decided(desk, row, Key::Status, val)
}

fn decided(desk: &Desk, row: u32, key: Key, val: &str) -> Record {
    let author = Author { by: "ben".to_owned(), via: Via::Browse };
    let mut other = Reviews::with_writer(author, format!("other{row}{val}"));
    let place = desk.app.corpus.get(Row(row)).unwrap();
    let post = PostId::new(place.id());
    let hash = body::read(&desk.app.sources, place).unwrap().digest();
    let val = val.to_owned();
    let change = Change { post, hash, siblings: Vec::new(), key, val, why: Vec::new(), note: None };
    other.decide(change, None, THEN).unwrap()
}

fn hiding() -> Desk {
    Desk::with(Keymap::built_in(), Settings { hide_decided: true, ..Settings::default() }, &posts())
}

/// The files are read again, with this in them.
fn read_again(desk: &mut Desk, jsonl: &str) {
    let sources = Sources::in_memory(vec![("posts.jsonl".to_owned(), jsonl.as_bytes().to_vec())]);
    desk.happen_at(Event::Restarted(sources.clone(), None), THEN);
    let mut events = Vec::new();
    load(&sources, &mut |loaded| {
        if let Loaded::Segment(segment) = loaded {
            events.push(Event::Segment(segment));
        }
        std::ops::ControlFlow::Continue(())
    });
    events.push(Event::Loaded);
    events.into_iter().for_each(|event| desk.happen_at(event, THEN));
}

/// The next key that decides is refused, and the one after a look is taken.
fn is_refused_once(desk: &mut Desk, expected: &str) {
    key(desk, "r", 10);
    assert_eq!(desk.said(), Vec::<String>::new());
    assert!(notice(desk).starts_with("Not decided: the screen has just changed"), "{}", notice(desk));
    key(desk, "r", 200);
    assert_eq!(desk.said(), [expected]);
}

#[test]
fn a_post_that_a_colleague_has_decided_on_makes_room_for_no_key() {
    let mut desk = hiding().keys("jj");
    let theirs = colleague(&desk, 2, "skipped");
    desk.happen_at(Event::Records(0, vec![theirs]), THEN);
    assert_eq!(desk.app.list.row(), Some(Row(3)));
    is_refused_once(&mut desk, "desk-004 status=reviewed");
}

#[test]
fn a_filter_that_runs_again_makes_room_for_no_key() {
    let mut desk = Desk::open(&posts()).keys("/status:unreviewed<enter>jj");
    let theirs = colleague(&desk, 2, "skipped");
    desk.happen_at(Event::Records(0, vec![theirs]), THEN);
    assert_eq!(desk.app.list.row(), Some(Row(3)));
    is_refused_once(&mut desk, "desk-004 status=reviewed");
    // Keys that go on by themselves are taken, as quickly as they come.
    key(&mut desk, "s", 200);
    key(&mut desk, "s", 200);
    assert_eq!(desk.said()[1..], ["desk-005 status=skipped", "desk-001 status=skipped"]);
}

#[test]
fn a_post_that_is_gone_or_another_makes_room_for_no_key() {
    let mut desk = Desk::open(&posts()).keys("jj");
    let without: String = posts().split_inclusive('\n').filter(|line| !line.contains("desk-003")).collect();
    read_again(&mut desk, &without);
    is_refused_once(&mut desk, "desk-004 status=reviewed");
    let mut desk = Desk::open(&posts()).keys("jj");
    read_again(&mut desk, &posts().replace("a full disk", "an empty disk"));
    is_refused_once(&mut desk, "desk-003 status=reviewed");
    // The same post with the same text is no other one.
    let mut desk = Desk::open(&posts()).keys("jj");
    read_again(&mut desk, &posts());
    key(&mut desk, "r", 0);
    assert_eq!(desk.said(), ["desk-003 status=reviewed"]);
}

#[test]
fn keys_of_ones_own_are_taken_as_quickly_as_they_come() {
    let mut desk = hiding();
    for at in 0..4 {
        key(&mut desk, "r", at);
    }
    assert_eq!(desk.said().len(), 4);
    let mut desk = Desk::open(&posts());
    desk.holds_filter = true;
    for at in ["/", "g", "o", " ", "enter", "r"] {
        key(&mut desk, at, 0);
    }
    let request = desk.asked_filter.take().unwrap();
    let (generation, view) = (request.generation, run_query(&request));
    desk.happen_at(Event::Filtered { generation, view }, THEN);
    assert_eq!(desk.said(), ["desk-002 status=reviewed"], "typed behind the query that chose it");
}

#[test]
fn a_question_that_opens_by_itself_is_answered_by_no_key_of_before() {
    let mut desk = Desk::open(&posts());
    let asks = |desk: &mut Desk, held: &str| {
        desk.holds_filter = true;
        desk.press(":mark reviewed where text:measure<enter>");
        desk.press(held);
        let request = desk.asked_filter.take().unwrap();
        let (generation, view) = (request.generation, run_query(&request));
        desk.happen_at(Event::Filtered { generation, view }, THEN);
    };
    asks(&mut desk, "yy");
    assert!(
        desk.app.prompt.is_some() && notice(&desk).contains("2 keys pressed before"),
        "{}",
        notice(&desk)
    );
    key(&mut desk, "y", 100);
    assert!(desk.app.bulk.is_none() && notice(&desk).starts_with("Not decided"), "{}", notice(&desk));
    key(&mut desk, "esc", 300);
    // It opens over nothing else.
    for keys in ["?", ":he", "/"] {
        let mut desk = Desk::open(&posts());
        asks(&mut desk, keys);
        assert!(notice(&desk).contains("mark: 5 posts"), "{keys}: {}", notice(&desk));
        desk.press("<esc>y");
        assert!(desk.records.is_empty() && desk.app.bulk.is_none(), "{keys}");
    }
}

#[test]
fn a_key_behind_a_decision_on_many_is_not_taken_for_the_post_that_comes_next() {
    let mut desk = Desk::open(&posts());
    desk.holds_many = true;
    desk.press("  r<enter>ggs");
    assert!(notice(&desk).contains("Not decided: a decision on 2 posts is under way"), "{}", notice(&desk));
    let (job, rows) = desk.many.take().unwrap();
    let events = desk.read_many(job, &rows);
    events.into_iter().for_each(|event| desk.happen_at(event, THEN));
    assert_eq!(desk.said(), ["desk-001,desk-002 status=reviewed"]);
    assert!(notice(&desk).starts_with("2 posts are reviewed now"), "{}", notice(&desk));
    key(&mut desk, "s", 10);
    assert_eq!(desk.said().len(), 1);
}

#[test]
fn what_leaving_costs_is_read_while_many_posts_are_decided_on() {
    let mut desk = Desk::open(&posts());
    desk.holds_many = true;
    desk.press("*r<enter>q");
    let screen = desk.screen();
    assert!(
        screen.contains("reading 0 of 5 posts to decide on; q again leaves and decides nothing"),
        "{screen}"
    );
}

#[test]
fn a_second_decision_on_many_waits_for_the_first() {
    let mut desk = Desk::open(&posts());
    desk.holds_many = true;
    desk.press("*r<enter>:mark flagged why=image<enter>");
    assert!(
        notice(&desk).starts_with("Not decided: 5 posts are still being decided on"),
        "{}",
        notice(&desk)
    );
    assert!(desk.app.prompt.is_none());
    let (job, rows) = desk.many.take().unwrap();
    desk.read_many(job, &rows).into_iter().for_each(|event| desk.happen(event));
    assert_eq!(desk.said(), ["desk-001,desk-002,desk-003,desk-004,desk-005 status=reviewed"]);
}

#[test]
fn a_decision_on_many_leaves_out_what_a_colleague_has_decided_since_it_was_asked() {
    let mut desk = Desk::open(&posts());
    desk.holds_many = true;
    desk.press("*r");
    let theirs = [colleague(&desk, 1, "skipped"), colleague(&desk, 3, "flagged")];
    let [before, meanwhile] = theirs;
    desk.happen_at(Event::Records(0, vec![before]), THEN);
    assert!(notice(&desk).contains("1 of these posts, which are left as they are: desk-002"));
    assert!(desk.screen().contains("4 posts reviewed?"), "{}", desk.screen());
    key(&mut desk, "enter", 10);
    assert!(desk.app.bulk.is_none(), "the question has just changed");
    key(&mut desk, "enter", 300);
    let (job, rows) = desk.many.take().unwrap();
    desk.happen(Event::Records(0, vec![meanwhile]));
    desk.read_many(job, &rows).into_iter().for_each(|event| desk.happen(event));
    assert_eq!(desk.said(), ["desk-001,desk-003,desk-005 status=reviewed"]);
    assert!(notice(&desk).contains("NOT decided: 1, on which somebody else"), "{}", notice(&desk));
    assert!(notice(&desk).contains("(desk-004)"), "{}", notice(&desk));
    let marked: Vec<u32> = (0..5).filter(|row| desk.app.marks.has(Row(*row))).collect();
    assert_eq!(marked, [1, 3], "they stay marked");
}

#[test]
fn the_list_burns_down_once_a_frame_and_only_where_something_leaves_it() {
    let mut desk = hiding();
    let goes_on = |effects: &[Effect]| effects.iter().filter(|effect| matches!(effect, Effect::GoOn)).count();
    let theirs: Vec<Record> = (1..4).map(|row| colleague(&desk, row, "skipped")).collect();
    for record in theirs {
        assert_eq!(goes_on(&desk.app.update(Event::Records(0, vec![record]), THEN)), 1);
        assert_eq!(desk.app.list.view.len(), 5, "not yet");
    }
    assert_eq!(goes_on(&desk.app.update(Event::GoOn, THEN)), 0);
    assert_eq!(desk.app.list.view.len(), 2);
    // What was hidden already stays hidden: there is nothing to do.
    let more = decided(&desk, 1, Key::Note, "a word");
    assert_eq!(goes_on(&desk.app.update(Event::Records(0, vec![more]), THEN)), 0);
}

#[test]
fn a_question_that_cannot_be_read_is_not_answered() {
    let mut desk = Desk::open(&posts()).size(10, 3).keys("*r<enter>y");
    assert!(desk.app.bulk.is_none() && desk.app.prompt.is_some() && desk.records.is_empty());
    assert!(notice(&desk).starts_with("Not decided: too small a screen"), "{}", notice(&desk));
    desk.resize(40, 12);
    desk.press("y");
    assert_eq!(desk.said().len(), 1);
    let mut desk = Desk::open(&posts()).size(80, 8).keys("*f1<enter>");
    assert!(desk.app.prompt.is_some() && desk.records.is_empty());
    desk.resize(80, 24);
    desk.press("<enter>");
    assert_eq!(desk.said().len(), 1);
}

#[test]
fn a_large_step_is_taken_back_a_stretch_at_a_time_and_as_a_whole() {
    const POSTS: usize = 12_000;
    let mut text = String::new();
    for number in 0..POSTS {
        writeln!(text, "{{\"id\":\"p-{number}\",\"title\":\"t\",\"body\":\"words\"}}").unwrap();
    }
    let mut desk = Desk::open(&text);
    desk.holds_many = true;
    desk.press("*r<enter>");
    let (job, rows) = desk.many.take().unwrap();
    let digest = |row: &Row| (*row, Some(Digest::of_bytes(&row.0.to_le_bytes())));
    let digests = rows.iter().map(digest).collect();
    desk.happen(Event::ReadMany { job, digests, is_last: true });
    let reviewed = |desk: &Desk| desk.app.standings.count(Status::Reviewed);
    // That of the post that is shown is another one.
    assert_eq!((reviewed(&desk), desk.records.len()), (POSTS - 1, 3));
    let is_going_on = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::GoOn));
    let saves =
        |effects: &[Effect]| effects.iter().filter(|effect| matches!(effect, Effect::Save { .. })).count();
    let mut effects = desk.app.update(Event::Key(KeyPress::char('u')), after(300));
    let (mut saved, mut stretches) = (saves(&effects), 0);
    while is_going_on(&effects) {
        assert!(reviewed(&desk) > 0);
        effects = desk.app.update(Event::GoOn, after(300));
        saved += saves(&effects);
        stretches += 1;
    }
    assert_eq!((reviewed(&desk), saved, stretches), (0, 3, 1));
    // From the history of one post as well.
    desk.press("<ctrl-r>");
    assert_eq!(reviewed(&desk), POSTS - 1);
    desk.press("gjHu");
    assert_eq!(reviewed(&desk), 0);
    assert!(notice(&desk).contains("11,999 posts"), "{}", notice(&desk));
}

#[test]
fn the_time_of_a_decision_that_is_taken_back_counts_no_more() {
    let mut desk = Desk::open(&posts()).keys("jkr");
    assert_eq!(desk.app.pace().unwrap().of, 1);
    desk.press("jjr");
    let two = desk.app.pace();
    desk.press("u");
    assert_eq!(desk.app.pace().unwrap().of, 1);
    desk.press("<ctrl-r>");
    assert_eq!(desk.app.pace(), two);
    desk.press("uu");
    assert_eq!(desk.app.pace(), None);
}
