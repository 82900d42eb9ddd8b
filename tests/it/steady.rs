//! Nothing is decided by a key that was meant for another screen, and nothing is lost: what is refused
//! is told, everything else is taken.

use std::fmt::Write;

use crate::support::{Desk, posts};
use copydesk::app::{App, Doubt, Effect, Event, KeyPress, Prompt};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// A desk whose clock is set by the test.
struct Clocked {
    desk: Desk,
    now: Timestamp,
}

impl Clocked {
    fn open(jsonl: &str) -> Self {
        let desk = Desk::open(jsonl);
        Self { desk, now: Timestamp::from_second(1_790_000_000).unwrap() }
    }

    /// Lets something happen so many milliseconds later.
    fn after(&mut self, ms: i64, event: Event) {
        self.now += SignedDuration::from_millis(ms);
        self.desk.happen_at(event, self.now);
    }

    fn key(&mut self, ms: i64, key: &str) {
        self.after(ms, Event::Key(key.parse::<KeyPress>().unwrap()));
    }

    fn resize(&mut self, width: u16, height: u16) {
        self.after(0, Event::Resize { width, height });
    }

    fn is_refused(&self) -> bool {
        self.desk.app.notice.as_ref().is_some_and(|notice| notice.text.starts_with("Not decided: the screen"))
    }

    /// Nothing of the post is shown.
    fn is_unseen(&self) -> bool {
        self.desk
            .app
            .notice
            .as_ref()
            .is_some_and(|notice| notice.text.starts_with("Not decided: nothing of the post"))
    }
}

#[test]
fn a_key_that_decides_waits_for_the_eye() {
    for key in ["r", "s", "x", "u", "ctrl-r", "t", "1"] {
        let mut desk = Clocked::open(&posts());
        desk.key(0, "r");
        desk.resize(80, 24);
        desk.key(149, key);
        assert!(desk.is_refused() && desk.desk.said().len() == 1, "{key}");
        // What is pressed in one go with it is refused as well.
        desk.key(140, "s");
        assert!(desk.is_refused(), "{key}");
        desk.key(150, "s");
        assert!(!desk.is_refused(), "{key}");
        assert_eq!(desk.desk.said().len(), 2);
    }
}

#[test]
fn other_keys_are_taken_at_once() {
    let mut desk = Clocked::open(&posts());
    desk.resize(80, 24);
    desk.key(0, "j");
    desk.key(0, "j");
    assert_eq!((desk.desk.app.list.cursor, desk.is_refused()), (2, false));
    desk.key(0, "z");
    assert!(desk.desk.app.zoomed);
    desk.key(0, "/");
    for letter in ["r", "f", "1"] {
        desk.key(0, letter);
    }
    assert_eq!(desk.desk.app.list.text, "rf1");
    desk.key(0, "enter");
    assert!(desk.desk.app.prompt.is_none() && !desk.is_refused());
}

#[test]
fn a_prompt_opens_and_its_last_key_waits() {
    let mut desk = Clocked::open(&posts());
    desk.after(0, Event::Resumed);
    desk.key(10, "f");
    desk.key(10, "2");
    assert!(desk.is_refused() && matches!(desk.desk.app.prompt, Some(Prompt::Flag(_))));
    desk.key(160, "2");
    assert_eq!(desk.desk.said(), ["desk-001 status=flagged image"]);
    desk.key(0, "e");
    desk.key(0, "x");
    desk.resize(100, 30);
    desk.key(0, "y");
    desk.key(0, "enter");
    assert!(desk.is_refused() && matches!(desk.desk.app.prompt, Some(Prompt::Note { .. })));
    desk.key(200, "enter");
    assert_eq!(desk.desk.said()[1], "desk-002 note=xy");
}

#[test]
fn nothing_decides_where_nothing_of_the_post_is_shown() {
    for (width, height) in [(1, 1), (12, 40), (200, 4)] {
        let mut desk = Clocked::open(&posts());
        desk.key(0, "f");
        desk.key(0, "2");
        desk.resize(width, height);
        for key in ["r", "s", "x", "u", "1", ".", "f", "e"] {
            desk.key(1_000, key);
            assert!(desk.is_unseen() && desk.desk.app.prompt.is_none(), "{key} at {width}x{height}");
        }
        desk.key(0, "j");
        assert_eq!(desk.desk.app.list.cursor, 2, "moves");
        desk.resize(80, 24);
        // Nor by a prompt that was opened before.
        for keys in [["f", "2"], ["e", "enter"]] {
            desk.key(1_000, keys[0]);
            desk.resize(width, height);
            desk.key(1_000, keys[1]);
            assert!(desk.is_unseen() && desk.desk.app.prompt.is_some(), "{keys:?} at {width}x{height}");
            desk.key(0, "esc");
            desk.resize(80, 24);
        }
        assert_eq!(desk.desk.said().len(), 1);
        desk.key(1_000, "r");
        assert_eq!(desk.desk.said().len(), 2);
    }
}

#[test]
fn the_first_size_and_the_same_size_change_nothing() {
    let mut desk = Clocked::open(&posts());
    desk.resize(120, 40);
    desk.key(0, "r");
    assert_eq!(desk.desk.said().len(), 1);
}

#[test]
fn a_clock_that_is_set_back_locks_nothing() {
    let mut desk = Clocked::open(&posts());
    desk.resize(80, 24);
    desk.key(-3_600_000, "r");
    assert_eq!(desk.desk.said().len(), 1);
}

#[test]
fn a_key_in_doubt_decides_nothing_and_moves() {
    let doubtful = |key: &str| Event::UnsureKey(key.parse().unwrap(), Doubt::Sent);
    for key in ["r", "s", "x", "u", "1", "9", "."] {
        let mut desk = Clocked::open(&posts());
        desk.key(0, "r");
        desk.key(1_000, "j");
        desk.after(1_000, doubtful(key));
        let told = format!("Not obeyed: {key} may be a part of what the terminal has sent");
        assert!(desk.desk.screen().contains(&told), "{key}");
        assert_eq!(desk.desk.said().len(), 1, "{key}");
        // What is pressed in one go with it is refused as well.
        desk.key(100, "r");
        assert!(desk.is_refused() && desk.desk.said().len() == 1, "{key}");
    }
    let mut desk = Clocked::open(&posts());
    desk.after(0, doubtful("]"));
    desk.after(0, doubtful("j"));
    assert_eq!(desk.desk.app.list.cursor, 2);
    // In a prompt a digit is a reason, and in a text it is a digit.
    desk.key(0, "f");
    desk.after(0, doubtful("2"));
    assert!(desk.desk.said().is_empty());
    desk.key(0, "esc");
    desk.key(0, "/");
    desk.after(0, doubtful("2"));
    assert_eq!(desk.desk.app.list.text, "2");
}

#[test]
fn a_key_that_is_held_moves_and_types_and_decides_once() {
    let held = |key: &str| Event::UnsureKey(key.parse().unwrap(), Doubt::Held);
    for key in ["r", "s", "u", "1"] {
        let mut desk = Clocked::open(&posts());
        desk.key(0, "s");
        desk.key(1_000, key);
        let before = desk.desk.said().len();
        (0..30).for_each(|_| desk.after(33, held(key)));
        assert_eq!(desk.desk.said().len(), before, "{key}");
        assert!(desk.desk.screen().contains(&format!("Not obeyed: {key} is held down")), "{key}");
        // Another key counts at once.
        desk.key(10, "x");
        assert!(!desk.is_refused(), "{key}");
    }
    let mut desk = Clocked::open(&posts());
    (0..3).for_each(|_| desk.after(33, held("j")));
    assert_eq!(desk.desk.app.list.cursor, 3);
    desk.key(0, "/");
    (0..3).for_each(|_| desk.after(33, held("1")));
    assert_eq!(desk.desk.app.list.text, "111");
}

#[test]
fn a_key_in_doubt_does_not_wait_to_decide() {
    let mut desk = Desk::open(&posts());
    let now = Timestamp::from_second(1_790_000_100).unwrap();
    // The text of the next post is asked for, and not there yet.
    desk.app.update(Event::Key("j".parse().unwrap()), now);
    desk.app.update(Event::UnsureKey("r".parse().unwrap(), Doubt::Sent), now);
    desk.happen(Event::Woken);
    desk.press("k");
    assert!(desk.said().is_empty(), "{:?}", desk.said());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// A thousand sizes with keys in between: every movement is taken, and every key that would decide
    /// has either decided on the post that was under the cursor, or was refused with a word.
    #[test]
    fn no_key_is_lost_and_none_hits_another_post(
        events in prop::collection::vec((0..240_u16, 0..70_u16, 0..200_i64, 0..6_usize), 1_000),
    ) {
        let mut jsonl = String::new();
        for number in 0..50 {
            writeln!(jsonl, "{{\"id\":\"p-{number}\",\"title\":\"post {number}\",\"body\":\"words\"}}").unwrap();
        }
        let mut desk = Clocked::open(&jsonl);
        let (mut made, mut refused, mut sent) = (0, 0, 0);
        for (width, height, ms, what) in events {
            let cursor = desk.desk.app.list.cursor;
            match what {
                0 | 1 => desk.resize(width, height),
                2 | 3 => {
                    desk.key(ms, if what == 2 { "j" } else { "k" });
                    let expected = if what == 2 { (cursor + 1).min(49) } else { cursor.saturating_sub(1) };
                    prop_assert_eq!(desk.desk.app.list.cursor, expected);
                }
                _ => {
                    let (key, word) = if what == 4 { ("s", "skipped") } else { ("r", "reviewed") };
                    let held = desk.desk.app.detail.standing.decided.name() == word;
                    sent += 1;
                    desk.key(ms, key);
                    let records = desk.desk.records.len();
                    if records > made {
                        prop_assert_eq!(&desk.desk.said()[made], &format!("p-{cursor} status={word}"));
                        made = records;
                    } else if desk.is_refused() || desk.is_unseen() {
                        refused += 1;
                        prop_assert_eq!(desk.desk.app.list.cursor, cursor);
                    } else {
                        prop_assert!(held, "a key did nothing and nothing was said");
                        sent -= 1;
                    }
                }
            }
        }
        prop_assert_eq!(made + refused, sent);
        prop_assert!(made > 0 && refused > 0);
    }
}

fn broke_off(worker: &'static str) -> Event {
    Event::WorkerFailed { worker, text: format!("The {worker} broke off") }
}

/// A worker that has broken off gives no answer: keys are not held for it, and nothing is decided on a
/// text that is not there.
#[test]
fn a_worker_that_broke_off_holds_up_no_key() {
    let mut desk = Desk::open(&posts());
    let now = Timestamp::from_second(1_790_000_100).unwrap();
    let press = |app: &mut App, key: &str| app.update(Event::Key(key.parse().unwrap()), now);
    // Asked for, and never read.
    assert!(press(&mut desk.app, "j").iter().any(|effect| matches!(effect, Effect::Read(..))));
    assert!(press(&mut desk.app, "r").is_empty() && press(&mut desk.app, "q").is_empty(), "both wait");
    // Another one is none of its business.
    assert!(desk.app.update(broke_off("browser"), now).is_empty());
    assert!(desk.app.update(broke_off("filter"), now).is_empty());
    let effects = desk.app.update(broke_off("reader"), now);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Save { .. })));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Quit)));
}

/// Takes the effect of a key that opens the editor.
fn edited_text(app: &mut App, key: &str) -> Option<String> {
    let now = Timestamp::from_second(1_790_000_100).unwrap();
    let effects = app.update(Event::Key(key.parse().unwrap()), now);
    effects.into_iter().find_map(|effect| match effect {
        Effect::Edit(text) => Some(text),
        _ => None,
    })
}

#[test]
fn a_note_comes_back_from_the_editor_to_the_post_it_was_for() {
    let mut desk = Desk::open(&posts());
    assert_eq!(edited_text(&mut desk.app, "E").as_deref(), Some(""));
    // The list goes on meanwhile.
    desk.press("j");
    desk.happen(Event::Edited(Ok("two\r\nlines\n".to_owned())));
    assert_eq!(desk.said(), ["desk-001 note=two\nlines"]);
    desk.press("k");
    assert!(desk.screen().contains("note  two") && desk.screen().contains("note  lines"));
    assert_eq!(edited_text(&mut desk.app, "E").as_deref(), Some("two\nlines"));
    desk.happen(Event::Edited(Err("vi ended with exit status: 1".to_owned())));
    assert!(desk.screen().contains("The note is as it was: vi ended"));
    assert_eq!(desk.said().len(), 1);
    // On one line, a sign stands for the line break.
    desk.press("e");
    assert!(desk.screen().contains("two␊lines"));
    desk.press("!<enter>");
    assert_eq!(desk.said()[1], "desk-001 note=two\nlines!");
    desk.press("H");
    assert!(desk.screen().contains("two␊lines!"));
}

#[test]
fn prompts_hand_their_note_to_the_editor_and_get_it_back() {
    let mut desk = Desk::open(&posts()).keys("edraft");
    assert_eq!(edited_text(&mut desk.app, "ctrl-o").as_deref(), Some("draft"));
    desk.happen(Event::Edited(Err("no such program".to_owned())));
    assert!(matches!(&desk.app.prompt, Some(Prompt::Note { line, .. }) if line.text() == "draft"));
    edited_text(&mut desk.app, "ctrl-o");
    desk.happen(Event::Edited(Ok("whole".to_owned())));
    assert_eq!(desk.said(), ["desk-001 note=whole"]);
    desk.press("f<tab>why");
    assert_eq!(edited_text(&mut desk.app, "ctrl-o").as_deref(), Some("why"));
    desk.happen(Event::Edited(Ok("because\nof this".to_owned())));
    // The reason is still to be given.
    desk.press("2");
    assert_eq!(desk.said()[1], "desk-001 status=flagged image \"because\\nof this\"");
    // A note has its length.
    edited_text(&mut desk.app, "E");
    desk.happen(Event::Edited(Ok("é".repeat(5_000))));
    assert!(desk.screen().contains("4096 characters"));
    assert_eq!(desk.records[2].val.chars().count(), 4_096);
}
