//! A post that only changed its id is offered its former decision, and no other post is.

use crate::support::{Desk, posts};
use copydesk::app::{Effect, Event};
use copydesk::corpus::Sources;
use copydesk::model::{Digest, PostId};
use copydesk::review::{Author, Change, Key, Record, Reviews, Via};
use jiff::Timestamp;

/// What the article offers, if anything.
fn offered(desk: &mut Desk) -> Option<String> {
    let inheritance = desk.app.detail.inheritance.clone();
    let screen = desk.screen();
    assert_eq!(screen.contains("takes over what was decided"), inheritance.is_some(), "{screen}");
    inheritance.map(|inheritance| format!("{} {}", inheritance.id, inheritance.standing.decided))
}

fn open(jsonl: &str, records: &[Record]) -> Desk {
    let mut desk =
        Desk::of(Sources::in_memory(vec![("posts.jsonl".to_owned(), jsonl.as_bytes().to_vec())]), records);
    desk.press("g");
    desk
}

#[test]
fn a_new_id_takes_its_former_decision_over_with_one_key() {
    let before = Desk::open(&posts()).keys("f<tab>look here<enter><enter>gf2");
    assert_eq!(
        before.said(),
        ["desk-001 status=flagged \"look here\"", "desk-001 status=flagged image \"look here\""]
    );
    let renamed = posts().replace("desk-001", "desk-101");
    let mut desk = open(&renamed, &before.records);
    assert_eq!(offered(&mut desk).as_deref(), Some("desk-001 flagged"));
    desk.press("t");
    assert_eq!(desk.said(), ["desk-101 status=flagged image \"look here\""]);
    assert!(desk.log.lines()[0].contains("\"from\":\"desk-001\""), "{}", desk.log.lines()[0]);
    assert!(desk.screen().contains("Taken over from desk-001: flagged"), "{}", desk.screen());
    assert_eq!(desk.app.list.cursor, 1, "on to the next");
    desk.press("g");
    assert_eq!(offered(&mut desk), None, "it has a decision now");
    // An ordinary step: undone like any other, and offered again then.
    desk.press("u");
    assert_eq!(offered(&mut desk).as_deref(), Some("desk-001 flagged"));
    // The next run knows all that from the log.
    let records: Vec<Record> = before.records.iter().chain(&desk.records[..1]).cloned().collect();
    let mut again = open(&renamed, &records);
    assert!(again.screen().contains("⚑ field notes"), "{}", again.screen());
    assert_eq!(offered(&mut again), None);
}

#[test]
fn nothing_is_offered_that_is_not_certain() {
    let before = Desk::open(&posts()).keys("r").records;
    let renamed = posts().replace("desk-001", "desk-101");
    let offers = |jsonl: &str, records: &[Record]| offered(&mut open(jsonl, records));
    assert_eq!(offers(&renamed, &before).as_deref(), Some("desk-001 reviewed"));
    // Another text.
    assert_eq!(offers(&renamed.replacen("caching", "cashing", 1), &before), None);
    // The old id is still there, whatever its text is.
    let first = renamed.lines().next().unwrap();
    let both = format!("{renamed}{}\n", first.replace("desk-101", "desk-001"));
    assert_eq!(offers(&both, &before), None);
    assert_eq!(offers(&both.replace("field notes on caching", "x"), &before), None);
    // The decision was taken back.
    let undone = Desk::open(&posts()).keys("ru").records;
    assert_eq!(undone.len(), 2);
    assert_eq!(offers(&renamed, &undone), None);
    // Only a note, and no decision.
    assert_eq!(offers(&renamed, &Desk::open(&posts()).keys("ea note<enter>").records), None);
    // The post has a decision of its own.
    let mut decided = open(&renamed, &before).keys("s");
    decided.press("g");
    assert_eq!(offered(&mut decided), None);
    decided.press("t");
    assert_eq!(decided.records.len(), 1);
    assert!(decided.screen().contains("no decision to take over"), "{}", decided.screen());
}

#[test]
fn nothing_is_offered_before_all_posts_are_there() {
    let before = Desk::open(&posts()).keys("r").records;
    let mut desk = open(&posts().replace("desk-001", "desk-101"), &before);
    desk.happen(Event::Progress { bytes: 1, total: 2 });
    desk.press("jk");
    assert_eq!(offered(&mut desk), None, "the old id may still come");
    desk.happen(Event::Loaded);
    assert!(offered(&mut desk).is_some());
}

#[test]
fn a_page_that_was_renamed_is_known_by_its_text() {
    let page = "a title\n\nsome words.\n\npost meta\n\ntopic: words\n";
    let sources = |name: &str| Sources::in_memory(vec![(name.to_owned(), page.as_bytes().to_vec())]);
    let before = Desk::of(sources("one.txt"), &[]).keys("r");
    assert_eq!(before.said(), ["one status=reviewed"]);
    let mut desk = Desk::of(sources("two.txt"), &before.records);
    assert_eq!(offered(&mut desk).as_deref(), Some("one reviewed"));
    desk.press("t");
    assert_eq!(desk.said(), ["two status=reviewed"]);
}

#[test]
fn what_others_decide_on_a_post_that_is_gone_is_offered_as_well() {
    let before = Desk::open(&posts()).keys("r").records;
    let mut desk = open(&posts().replace("desk-001", "desk-101"), &[]);
    assert_eq!(offered(&mut desk), None);
    desk.happen(Event::Records(0, before));
    assert_eq!(offered(&mut desk).as_deref(), Some("desk-001 reviewed"));
}

/// A log about many posts that are gone is gone through a stretch at a time.
#[test]
fn many_orphans_hold_no_key_up() {
    const ORPHANS: usize = 40_000;
    let post = "{\"id\":\"new\",\"title\":\"t\",\"body\":\"words\"}\n";
    let mut desk = Desk::open(post);
    let digest = desk.app.detail.digest.unwrap();
    let author = Author { by: "mara".to_owned(), via: Via::Browse };
    let mut past = Reviews::with_writer(author, "earlier".to_owned());
    for number in 0..ORPHANS {
        let is_last = number + 1 == ORPHANS;
        let change = Change {
            post: PostId::new(format!("old-{number}")),
            hash: if is_last { digest } else { Digest::of_bytes(&number.to_le_bytes()) },
            siblings: Vec::new(),
            key: Key::Status,
            val: "skipped".to_owned(),
            why: Vec::new(),
            note: None,
        };
        past.decide(change, None, Timestamp::UNIX_EPOCH).unwrap();
    }
    let mut effects = desk.app.update(Event::Past(Box::new(past)), Timestamp::UNIX_EPOCH);
    let mut stretches = 0;
    effects.extend(desk.app.update(Event::Replayed { read_only: None }, Timestamp::UNIX_EPOCH));
    while effects.iter().any(|effect| matches!(effect, Effect::GoOn)) {
        assert_eq!(desk.app.detail.inheritance, None);
        effects = desk.app.update(Event::GoOn, Timestamp::UNIX_EPOCH);
        stretches += 1;
    }
    assert!(stretches >= 2, "{stretches}");
    assert_eq!(offered(&mut desk).as_deref(), Some(format!("old-{} skipped", ORPHANS - 1).as_str()));
}
