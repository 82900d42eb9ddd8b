//! A decision on many posts is undone a stretch at a time, and keys are answered meanwhile.

use crate::support::Desk;
use copydesk::app::{Effect, Event, KeyCode, KeyPress};
use copydesk::corpus::{Row, Sources, body};
use copydesk::model::{Digest, PostId, Status};
use copydesk::review::{Author, Change, Key, POSTS_PER_RECORD, Record, Reviews, Via};
use jiff::Timestamp;

const RECORDS: usize = 3;
const POSTS: usize = RECORDS * POSTS_PER_RECORD;
const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

fn change(number: usize, val: &str) -> Change {
    Change {
        post: PostId::new(format!("p-{number}")),
        hash: Digest::of_bytes(b"a text"),
        siblings: Vec::new(),
        key: Key::Status,
        val: val.to_owned(),
        why: Vec::new(),
        note: None,
    }
}

fn writer(by: &str) -> Reviews {
    Reviews::with_writer(Author { by: by.to_owned(), via: Via::Browse }, by.to_owned())
}

/// A desk whose reviewer has decided on every post in one step, and all records about them.
fn desk() -> (Desk, Reviews) {
    desk_of(POSTS_PER_RECORD)
}

/// The same with so many posts in a record.
fn desk_of(posts_per_record: usize) -> (Desk, Reviews) {
    let post = |number: usize| format!("{{\"id\":\"p-{number}\",\"title\":\"t\",\"body\":\"words\"}}\n");
    let posts: String = (0..POSTS).map(post).collect();
    let mut past = writer("mara");
    let mut first = None;
    for start in (0..POSTS).step_by(posts_per_record) {
        let changes = (start..start + posts_per_record).map(|number| change(number, "skipped")).collect();
        let record = past.decide_more(changes, None, first.as_ref(), NOW).unwrap();
        first.get_or_insert(record.id);
    }
    let mut desk = Desk::unreplayed(Sources::in_memory(vec![("posts.jsonl".to_owned(), posts.into_bytes())]));
    desk.happen(Event::Past(Box::new(past.clone())));
    desk.happen(Event::Replayed { read_only: None });
    assert_eq!(decided(&desk, Status::Skipped), POSTS);
    (desk, past)
}

fn decided(desk: &Desk, status: Status) -> usize {
    let rows = (0..POSTS).map(|row| Row(u32::try_from(row).unwrap()));
    rows.filter(|row| desk.app.standings.get(*row).decided == status).count()
}

/// The records among what the desk asks for, and whether it asks to go on.
fn asked(effects: Vec<Effect>) -> (Vec<Record>, bool) {
    let goes_on = effects.iter().any(|effect| matches!(effect, Effect::GoOn));
    let record = |effect| match effect {
        Effect::Save { record, .. } => Some(*record),
        _ => None,
    };
    (effects.into_iter().filter_map(record).collect(), goes_on)
}

fn key(desk: &mut Desk, key: char) -> (Vec<Record>, bool) {
    asked(desk.app.update(Event::Key(KeyPress::char(key)), NOW))
}

/// What a colleague decides on a post who has seen all that was decided before.
fn colleague(past: &Reviews, number: usize) -> Record {
    let mut ben = writer("ben");
    past.state().records().for_each(|record| assert!(ben.absorb(record)));
    ben.decide(change(number, "flagged"), None, NOW).unwrap()
}

#[test]
fn keys_are_answered_while_a_long_step_is_taken_back() {
    let (mut desk, past) = desk();
    let (mut made, goes_on) = key(&mut desk, 'u');
    assert!(made.len() == 1 && goes_on);
    let screen = desk.screen();
    assert!(screen.contains("taking back what was decided on 15,000 posts, 10,000 left"), "{screen}");
    for effect in desk.app.update(Event::Key(KeyPress::char('j')), NOW) {
        if let Effect::Read(row, reading) = effect {
            let place = desk.app.corpus.get(row).unwrap();
            let post = body::read(&desk.app.sources, place).map(|post| Box::new(post.into()));
            desk.app.update(Event::Body { row, reading, post }, NOW);
        }
    }
    assert!(!desk.app.is_reading());
    assert_eq!(desk.app.list.cursor, 1);
    // What decides waits. What others have decided meanwhile comes in at once.
    key(&mut desk, 's');
    desk.app.update(Event::Records(0, vec![colleague(&past, 0)]), NOW);
    let mut stretches = 0;
    loop {
        let (records, goes_on) = asked(desk.app.update(Event::GoOn, NOW));
        let undone = records.iter().filter(|record| record.undo.is_some()).count();
        assert!(undone <= 1, "a stretch is one record at most");
        made.extend(records);
        stretches += 1;
        if !goes_on {
            break;
        }
    }
    assert_eq!(stretches, RECORDS - 1);
    let (undone, after): (Vec<_>, Vec<_>) = made.iter().partition(|record| record.undo.is_some());
    let posts: usize = undone.iter().map(|record| record.posts().count()).sum();
    assert_eq!((undone.len(), posts), (RECORDS, POSTS));
    // The key that waited came behind, and the colleague's decision holds.
    let places: Vec<_> = after.iter().map(|record| record.posts().collect::<Vec<_>>()).collect();
    assert_eq!(places, [[&PostId::new("p-1")]]);
    assert_eq!(decided(&desk, Status::Unreviewed), POSTS - 2);
    assert_eq!(desk.app.standings.get(Row(0)).decided, Status::Flagged);
    assert_eq!(desk.app.standings.get(Row(1)).decided, Status::Skipped);
}

/// Goes on until all of it is taken back; the records that it took.
fn go_on(desk: &mut Desk) -> Vec<Record> {
    let mut made = Vec::new();
    loop {
        let (records, goes_on) = asked(desk.app.update(Event::GoOn, NOW));
        made.extend(records);
        if !goes_on {
            return made;
        }
    }
}

#[test]
fn a_step_of_small_records_is_undone_a_stretch_at_a_time_as_well() {
    let (mut desk, _) = desk_of(1);
    let (made, goes_on) = key(&mut desk, 'u');
    assert!(made.len() == POSTS_PER_RECORD && goes_on, "{} were undone in one stretch", made.len());
    assert_eq!(made.len() + go_on(&mut desk).len(), POSTS);
    assert_eq!(decided(&desk, Status::Unreviewed), POSTS);
}

#[test]
fn no_other_decision_on_many_is_made_while_a_long_step_is_taken_back() {
    let (mut desk, _) = desk();
    for pressed in "*u:mark reviewed".chars() {
        key(&mut desk, pressed);
    }
    desk.app.update(Event::Key(KeyPress::plain(KeyCode::Enter)), NOW);
    let screen = desk.screen();
    assert!(screen.contains("Not decided: 10,000 posts are still being taken back"), "{screen}");
    desk.app.update(Event::Key(KeyPress::plain(KeyCode::Enter)), NOW);
    assert!(desk.app.bulk.is_none());
    assert!(go_on(&mut desk).iter().all(|record| record.undo.is_some()));
    assert_eq!(decided(&desk, Status::Unreviewed), POSTS);
}

#[test]
fn a_note_waits_behind_a_long_step_whichever_key_opens_it() {
    for opens in ['n', 'e'] {
        let (mut desk, _) = desk();
        for pressed in ['u', opens, 'a'] {
            key(&mut desk, pressed);
        }
        desk.app.update(Event::Key(KeyPress::plain(KeyCode::Enter)), NOW);
        let made = go_on(&mut desk);
        let places: Vec<_> = made.iter().map(|record| (record.key.clone(), record.undo.is_some())).collect();
        assert_eq!(places, [(Key::Status, true), (Key::Status, true), (Key::Note, false)], "{opens}");
    }
}

#[test]
fn who_leaves_meanwhile_takes_all_of_it_back() {
    for event in [Event::Terminate, Event::Key(KeyPress::char('q'))] {
        let (mut desk, _) = desk();
        let (begun, _) = key(&mut desk, 'u');
        let effects = desk.app.update(event, NOW);
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Quit)));
        let (records, _) = asked(effects);
        assert_eq!(begun.iter().chain(&records).map(|record| record.posts().count()).sum::<usize>(), POSTS);
    }
}

#[test]
fn a_long_step_that_somebody_has_overruled_is_undone_around_it() {
    let (mut desk, past) = desk();
    // The last that is looked at.
    desk.happen(Event::Records(0, vec![colleague(&past, 0)]));
    desk.press("u");
    assert_eq!(desk.records.len(), RECORDS);
    let told = "Undone: 15,000 posts. Nothing changes on p-0: ben has since decided flagged";
    assert!(desk.screen().contains(told), "{}", desk.screen());
    assert_eq!(decided(&desk, Status::Unreviewed), POSTS - 1);
    // It holds nothing up any more.
    desk.press("jjs");
    assert_eq!(desk.records.len(), RECORDS + 1);
}
