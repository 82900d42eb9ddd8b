//! Undo where somebody else has decided since: what is in the way is said and asked about, and the same key once
//! more takes the rest back, or passes over it.

use std::io::Write;
use std::process::Stdio;

use crate::support::program::copydesk;
use crate::support::shell::Shell;
use crate::support::{Desk, posts};
use copydesk::app::{Effect, Event, KeyPress};
use copydesk::corpus::{Row, Sources, body};
use copydesk::model::{Digest, PostId, Status};
use copydesk::review::{Author, Change, Key, Record, Reviews, Via};
use jiff::Timestamp;

use Status::{Flagged as F, Reviewed as R, Skipped as S, Unreviewed as U};

const NOW: Timestamp = Timestamp::constant(1_790_000_100, 0);

fn statuses(desk: &Desk) -> Vec<Status> {
    desk.app.corpus.rows().map(|row| desk.app.standings.get(row).status).collect()
}

fn writer(by: &str, name: &str) -> Reviews {
    Reviews::with_writer(Author { by: by.to_owned(), via: Via::Browse }, name.to_owned())
}

/// Tom has seen all that was decided, and decides on the post in this row.
fn tom(desk: &mut Desk, row: u32, val: &str) {
    let post = desk.app.corpus.get(Row(row)).unwrap();
    let hash = body::read(&desk.app.sources, post).unwrap().digest();
    let record = decision(&desk.app.reviews, PostId::new(post.id()), hash, val);
    desk.happen(Event::Records(0, vec![record]));
}

fn decision(seen: &Reviews, post: PostId, hash: Digest, val: &str) -> Record {
    let mut tom = writer("tom", &format!("tom-of-{}", seen.state().len()));
    seen.state().records().for_each(|record| assert!(tom.absorb(record)));
    let (siblings, val) = (Vec::new(), val.to_owned());
    let change = Change { post, hash, siblings, key: Key::Status, val, why: Vec::new(), note: None };
    tom.decide(change, None, NOW).unwrap()
}

/// The last line of the screen, however many lines it takes.
fn said(desk: &Desk) -> String {
    desk.app.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default()
}

#[test]
fn a_single_decision_is_passed_over_to_the_step_before() {
    let mut desk = Desk::open(&posts()).keys("Grgs");
    tom(&mut desk, 0, "reviewed");
    assert_eq!(statuses(&desk), [R, U, U, U, R]);
    desk.press("u");
    let screen = desk.screen();
    let asked =
        "Not undone: tom has since decided reviewed on desk-001. u once more passes over it, to the step";
    assert!(screen.contains(asked), "{screen}");
    // Any other key forgets it, and so does the mouse.
    desk.press("ju");
    assert!(said(&desk).starts_with("Not undone: tom"), "{}", said(&desk));
    assert_eq!(desk.records.len(), 2);
    desk.press("u");
    assert_eq!(
        said(&desk),
        "Undone: desk-005 is unreviewed again. Passed over: tom has since decided reviewed on desk-001"
    );
    assert_eq!(statuses(&desk), [R, U, U, U, U]);
    // It is passed over from here on, also by what is brought back.
    desk.press("u");
    assert_eq!(said(&desk), "There is nothing of yours to undo");
    desk.press("<ctrl-r>");
    assert_eq!(statuses(&desk), [R, U, U, U, R]);
    desk.press("u");
    assert_eq!(statuses(&desk), [R, U, U, U, U]);
}

#[test]
fn the_rest_of_a_decision_on_many_is_one_step_that_is_brought_back() {
    let mut desk = Desk::open(&posts()).keys("s*f2<enter>");
    assert_eq!(statuses(&desk), [F; 5]);
    tom(&mut desk, 1, "reviewed");
    desk.press("u");
    let asked =
        "tom has since decided reviewed on desk-002. u once more leaves that post and takes back the other 4";
    assert!(said(&desk).ends_with(asked), "{}", said(&desk));
    desk.press("u");
    assert_eq!(said(&desk), "Undone: 4 posts. Left as it is: tom has since decided reviewed on desk-002");
    assert_eq!(statuses(&desk), [S, R, U, U, U]);
    desk.press("<ctrl-r>");
    assert_eq!((said(&desk).as_str(), statuses(&desk)), ("Redone: 4 posts", vec![F, R, F, F, F]));
    desk.press("u");
    assert_eq!((said(&desk).as_str(), statuses(&desk)), ("Undone: 4 posts", vec![S, R, U, U, U]));
    // Bringing it back meets others as well.
    tom(&mut desk, 2, "skipped");
    tom(&mut desk, 4, "skipped");
    desk.press("<ctrl-r>");
    let asked = "and 1 more post is in the way (desk-005). ctrl-r once more leaves those 2 posts and brings back the other 2";
    assert!(said(&desk).starts_with("Not redone: tom") && said(&desk).ends_with(asked), "{}", said(&desk));
    desk.press("<ctrl-r>");
    assert_eq!(statuses(&desk), [F, R, S, F, S]);
    desk.press("uu");
    assert_eq!(statuses(&desk), [U, R, S, U, S], "and then the step before");
    // So it is in another run.
    let sources = Sources::in_memory(vec![("posts.jsonl".to_owned(), posts().into_bytes())]);
    let records: Vec<Record> = desk.app.reviews.state().records().collect();
    let mut again = Desk::of(sources, &records);
    again.press("<ctrl-r><ctrl-r>");
    assert_eq!(statuses(&again), [F, R, S, F, S]);
}

/// Whatever strangers have called themselves and their notes, what can be done about it stands on the screen.
#[test]
fn what_the_key_would_do_is_read_on_a_small_screen() {
    let long = "日本\u{202e}語".repeat(60);
    let posts =
        (0..3).map(|number| format!("{{\"id\":\"{number}{long}\",\"title\":\"t\",\"body\":\"b\"}}\n"));
    let mut desk = Desk::open(&posts.collect::<String>()).size(80, 24).keys("s*f2<enter>");
    for (row, note) in [(0, &long), (1, &long)] {
        let post = desk.app.corpus.get(Row(row)).unwrap();
        let hash = body::read(&desk.app.sources, post).unwrap().digest();
        let mut tom = writer(&long, &format!("tom{row}"));
        desk.app.reviews.state().records().for_each(|record| assert!(tom.absorb(record)));
        let (post, val) = (PostId::new(post.id()), note.clone());
        let (siblings, why) = (Vec::new(), Vec::new());
        let change = Change { post, hash, siblings, key: Key::Status, val, why, note: None };
        let record = tom.decide(change, None, NOW).unwrap();
        desk.happen(Event::Records(0, vec![record]));
    }
    desk.press("u");
    let screen = desk.screen().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(screen.contains("u once more leaves those 2 posts and takes back the other one"), "{screen}");
    desk.press("u");
    assert!(said(&desk).contains("2 posts are left as they are"), "{}", said(&desk));
}

#[test]
fn what_is_not_read_is_not_answered() {
    let mut desk = Desk::open(&posts()).keys("*s");
    desk.press("y");
    tom(&mut desk, 0, "reviewed");
    // Something else is said meanwhile, or another question would be answered than the one that was asked.
    desk.press("u");
    desk.happen(Event::LogNotice("the log is gone".to_owned()));
    desk.press("u");
    assert!(said(&desk).contains("leaves that post and takes back the other 4"), "{}", said(&desk));
    desk.press("<ctrl-r>u");
    assert_eq!(desk.records.len(), 1);
    // Others have decided on all of it by then.
    (1..5).for_each(|row| tom(&mut desk, row, "flagged"));
    desk.press("u");
    assert!(said(&desk).contains("u once more passes over it"), "{}", said(&desk));
    desk.press("u");
    let (nothing, passed) = (
        "There is nothing of yours to undo. Passed over: tom",
        "4 more posts are in the way (desk-002, desk-003, …)",
    );
    assert!(said(&desk).starts_with(nothing) && said(&desk).ends_with(passed), "{}", said(&desk));
    assert_eq!((desk.records.len(), statuses(&desk)), (1, vec![R, F, F, F, F]));
}

/// A step of many small records, half of which somebody has overruled: it is looked at and taken back a stretch at
/// a time, and a key that was pressed before the question could be read does not answer it.
#[test]
fn a_long_step_is_asked_about_and_taken_back_without_holding_up_a_key() {
    const POSTS: u32 = 12_000;
    let post = |number| format!("{{\"id\":\"p-{number}\",\"title\":\"t\",\"body\":\"words\"}}\n");
    let sources = vec![("posts.jsonl".to_owned(), (0..POSTS).map(post).collect::<String>().into_bytes())];
    let mut desk = Desk::unreplayed(Sources::in_memory(sources));
    let hash = body::read(&desk.app.sources, desk.app.corpus.get(Row(0)).unwrap()).unwrap().digest();
    let change = |number: u32, val: &str| {
        let (post, val) = (PostId::new(format!("p-{number}")), val.to_owned());
        Change { post, hash, siblings: Vec::new(), key: Key::Status, val, why: Vec::new(), note: None }
    };
    let (mut past, mut tom, mut first) = (writer("mara", "mara"), writer("tom", "tom"), None);
    for number in 0..POSTS {
        let record = past.decide_more(vec![change(number, "skipped")], None, first.as_ref(), NOW).unwrap();
        tom.absorb(record.clone());
        first.get_or_insert(record.id);
    }
    for number in (0..POSTS).step_by(2) {
        past.absorb(tom.decide(change(number, "reviewed"), None, NOW).unwrap());
    }
    desk.happen(Event::Past(Box::new(past)));
    desk.happen(Event::Replayed { read_only: None });
    let turn = |desk: &mut Desk, event: Event| {
        let effects = desk.app.update(event, NOW);
        let made = effects.iter().filter(|effect| matches!(effect, Effect::Save { .. })).count();
        assert!(made <= 5_000, "{made} records in one stretch");
        (made, effects.iter().any(|effect| matches!(effect, Effect::GoOn)))
    };
    let u = || Event::Key(KeyPress::char('u'));
    assert_eq!(turn(&mut desk, u()), (0, true));
    turn(&mut desk, u());
    while turn(&mut desk, Event::GoOn).1 {}
    let asked = said(&desk);
    assert!(asked.contains("u once more leaves those 6,000 posts and takes back the other 6,000"), "{asked}");
    assert!(asked.ends_with("1 key pressed before that was not taken"), "{asked}");
    assert!(desk.app.undoing.is_none());
    let later = |seconds| NOW + jiff::SignedDuration::from_secs(seconds);
    assert!(desk.app.update(u(), later(1)).iter().any(|effect| matches!(effect, Effect::GoOn)));
    let (mut made, mut stretches) = (0, 0);
    loop {
        let (more, goes_on) = turn(&mut desk, Event::GoOn);
        (made, stretches) = (made + more, stretches + 1);
        if !goes_on {
            break;
        }
    }
    assert!(made > 0 && stretches > 0);
    let undone = desk.app.corpus.rows().filter(|row| desk.app.standings.get(*row).status == U).count();
    assert_eq!(undone, 6_000);
    let told =
        "Undone: 6,000 posts. 6,000 posts are left as they are (p-11998, p-11996, p-11994, …): tom has";
    assert!(said(&desk).starts_with(told), "{}", said(&desk));
    // What is left of it is in the way no more.
    desk.app.update(u(), later(3));
    assert_eq!(said(&desk), "There is nothing of yours to undo");
}

#[test]
fn the_command_line_names_the_flag_that_answers() {
    let shell = Shell::new();
    shell.fine("mark posts.jsonl --id desk-005 --status reviewed");
    shell.fine("mark posts.jsonl --filter score>0 --status flagged");
    shell.fine("mark posts.jsonl --id desk-001 --status reviewed --reviewer tom");
    let ids = |query: &str| {
        let listed = shell.run(&format!("list posts.jsonl --filter {query} --format ids"));
        listed.out.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let log = || shell.read("posts.jsonl.reviews.jsonl").lines().count();
    for _ in 0..2 {
        let refused = shell.run("undo posts.jsonl");
        let expected = "Not undone: tom has since decided reviewed on desk-001. Decide on it again to overrule them. --rest leaves that post and takes back the other 4\n";
        assert_eq!((refused.code, refused.out.as_str(), log()), (1, expected, 3));
    }
    let said = shell.fine("undo posts.jsonl --rest").out;
    let expected = "undone: 4 posts\nLeft as it is: tom has since decided reviewed on desk-001\n";
    assert_eq!((said.as_str(), log()), (expected, 4));
    assert_eq!(ids("status:reviewed"), ["desk-001", "desk-005"]);
    assert_eq!(shell.fine("undo posts.jsonl --redo").out, "redone: 4 posts\n");
    assert_eq!(ids("status:flagged").len(), 4);
    // Then there is nothing left of the last step.
    shell.fine("mark posts.jsonl --filter status:flagged --status skipped --reviewer tom");
    let refused = shell.run("undo posts.jsonl").out;
    assert!(refused.ends_with("--rest passes over it, to the step before\n"), "{refused}");
    let passed = shell.run("undo posts.jsonl --rest");
    assert_eq!((passed.code, passed.out.lines().count()), (1, 2), "{}", passed.out);
    assert!(passed.out.starts_with("passed over: 3 steps; of the last one, tom has"), "{}", passed.out);
    assert!(passed.out.ends_with("\nThere is nothing of yours to undo\n"), "{}", passed.out);
    shell.fine("mark posts.jsonl --id desk-002 --status reviewed");
    shell.fine("mark posts.jsonl --id desk-003 --status reviewed");
    shell.fine("mark posts.jsonl --id desk-003 --status flagged --reviewer tom");
    assert_eq!(
        shell.fine("undo posts.jsonl --rest").out,
        "passed over: tom has since decided flagged on desk-003\nundone: status of desk-002 is skipped again\n"
    );
    assert_eq!(shell.run("undo posts.jsonl --rest --record x").code, 2);
}

#[test]
fn without_a_screen_it_is_asked_as_well() {
    let shell = Shell::new();
    shell.fine("mark posts.jsonl --id desk-005 --status reviewed");
    shell.fine("mark posts.jsonl --id desk-001 --status reviewed");
    shell.fine("mark posts.jsonl --id desk-001 --status flagged --reviewer tom");
    let mut desk = copydesk(shell.folder.path())
        .args(["review", "--plain", "posts.jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    desk.stdin.take().unwrap().write_all(b"u\nu\nq\n").unwrap();
    let output = desk.wait_with_output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    let asked = "tom has since decided flagged on desk-001. u once more passes over it, to the step before";
    assert!(out.contains(asked) && out.contains("Undone: desk-005 is unreviewed again"), "{out}");
}
