//! Undo where somebody else has decided since: their decision holds, the program says so, and nobody is asked.

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
    let record = decision("tom", &desk.app.reviews, PostId::new(post.id()), hash, val);
    desk.happen(Event::Records(0, vec![record]));
}

fn decision(by: &str, seen: &Reviews, post: PostId, hash: Digest, val: &str) -> Record {
    let mut tom = writer(by, &format!("tom-of-{}", seen.state().len()));
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
fn a_single_decision_is_undone_below_that_of_somebody_else() {
    let mut desk = Desk::open(&posts()).keys("Grgs");
    tom(&mut desk, 0, "reviewed");
    assert_eq!(statuses(&desk), [R, U, U, U, R]);
    desk.press("u");
    let screen = desk.screen();
    let told = "Undone. Nothing changes on desk-001: tom has since decided reviewed";
    assert!(screen.contains(told), "{screen}");
    assert_eq!((desk.records.len(), statuses(&desk)), (3, vec![R, U, U, U, R]));
    // It is a step like any other.
    desk.press("u");
    assert_eq!(said(&desk), "Undone: desk-005 is unreviewed again");
    assert_eq!(statuses(&desk), [R, U, U, U, U]);
    desk.press("u");
    assert_eq!(said(&desk), "There is nothing of yours to undo");
    desk.press("<ctrl-r>");
    assert_eq!(statuses(&desk), [R, U, U, U, R]);
    desk.press("<ctrl-r>");
    assert_eq!(said(&desk), "Redone. Nothing changes on desk-001: tom has since decided reviewed");
    assert_eq!(statuses(&desk), [R, U, U, U, R]);
}

#[test]
fn a_decision_on_many_is_undone_on_the_others() {
    let mut desk = Desk::open(&posts()).keys("s*f2<enter>");
    assert_eq!(statuses(&desk), [F; 5]);
    tom(&mut desk, 1, "reviewed");
    desk.press("u");
    let told = "Undone: 5 posts. Nothing changes on desk-002: tom has since decided reviewed";
    assert_eq!((said(&desk).as_str(), statuses(&desk)), (told, vec![S, R, U, U, U]));
    desk.press("<ctrl-r>");
    assert_eq!(statuses(&desk), [F, R, F, F, F]);
    desk.press("u");
    assert_eq!(statuses(&desk), [S, R, U, U, U]);
    tom(&mut desk, 2, "skipped");
    tom(&mut desk, 4, "skipped");
    desk.press("<ctrl-r>");
    let told =
        "Redone: 5 posts. Nothing changes on 3 posts, desk-002 among them: tom has since decided reviewed";
    assert_eq!((said(&desk).as_str(), statuses(&desk)), (told, vec![F, R, S, F, S]));
    desk.press("uu");
    assert_eq!(statuses(&desk), [U, R, S, U, S], "and then the step before");
    // So it is in another run.
    let sources = Sources::in_memory(vec![("posts.jsonl".to_owned(), posts().into_bytes())]);
    let records: Vec<Record> = desk.app.reviews.state().records().collect();
    let mut again = Desk::of(sources, &records);
    again.press("<ctrl-r><ctrl-r>");
    assert_eq!(statuses(&again), [F, R, S, F, S]);
}

/// Whatever strangers have called themselves and their notes, what has become of it stands on the screen.
#[test]
fn what_was_undone_is_read_on_a_small_screen() {
    let long = "日本\u{202e}語".repeat(60);
    let posts =
        (0..3).map(|number| format!("{{\"id\":\"{number}{long}\",\"title\":\"t\",\"body\":\"b\"}}\n"));
    let mut desk = Desk::open(&posts.collect::<String>()).size(80, 24).keys("s*f2<enter>");
    for row in [0, 1] {
        let post = desk.app.corpus.get(Row(row)).unwrap();
        let hash = body::read(&desk.app.sources, post).unwrap().digest();
        let record = decision(&long, &desk.app.reviews, PostId::new(post.id()), hash, &long);
        desk.happen(Event::Records(0, vec![record]));
    }
    desk.press("u");
    let screen = desk.screen().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(screen.contains("Undone: 3 posts. Nothing changes on 2 posts"), "{screen}");
    assert!(screen.contains("has since decided"), "{screen}");
}

/// A step of many small records, half of which somebody has overruled, is undone a stretch at a time.
#[test]
fn a_long_step_is_undone_without_holding_up_a_key() {
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
    let (mut made, mut goes_on) = turn(&mut desk, Event::Key(KeyPress::char('u')));
    assert_eq!((made, goes_on), (5_000, true));
    while goes_on {
        let more;
        (more, goes_on) = turn(&mut desk, Event::GoOn);
        made += more;
    }
    assert_eq!(made, 12_000);
    let undone = desk.app.corpus.rows().filter(|row| desk.app.standings.get(*row).status == U).count();
    assert_eq!(undone, 6_000);
    let told =
        "Undone: 12,000 posts. Nothing changes on 6,000 posts, p-11998 among them: tom has since decided";
    assert!(said(&desk).starts_with(told), "{}", said(&desk));
    desk.app.update(Event::Key(KeyPress::char('u')), NOW);
    assert_eq!(said(&desk), "There is nothing of yours to undo");
}

#[test]
fn the_command_line_says_what_has_not_changed() {
    let shell = Shell::new();
    shell.fine("mark posts.jsonl --id desk-005 --status reviewed");
    shell.fine("mark posts.jsonl --filter score>0 --status flagged");
    shell.fine("mark posts.jsonl --id desk-001 --status reviewed --reviewer tom");
    let ids = |query: &str| {
        let listed = shell.run(&format!("list posts.jsonl --filter {query} --format ids"));
        listed.out.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let said = shell.fine("undo posts.jsonl").out;
    assert_eq!(said, "undone: 5 posts\nNothing changes on desk-001: tom has since decided reviewed\n");
    assert_eq!(ids("status:reviewed"), ["desk-001", "desk-005"]);
    assert!(shell.fine("undo posts.jsonl --redo").out.starts_with("redone: 5 posts\n"));
    assert_eq!(ids("status:flagged").len(), 4);
    shell.fine("mark posts.jsonl --filter status:flagged --status skipped --reviewer tom");
    let said = shell.fine("undo posts.jsonl").out;
    assert!(said.contains("\nNothing changes on 5 posts, desk-001 among them: tom has since"), "{said}");
    let said = shell.fine("undo posts.jsonl").out;
    assert_eq!(said, "undone: 1 posts\nNothing changes on desk-005: tom has since decided skipped\n");
    assert_eq!(shell.run("undo posts.jsonl").out, "There is nothing of yours to undo\n");
    assert_eq!(ids("status:skipped").len(), 4);
}

#[test]
fn without_a_screen_it_is_said_as_well() {
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
    let told = "Nothing changes on desk-001: tom has since decided flagged";
    assert!(out.contains(told) && out.contains("Undone: desk-005 is unreviewed again"), "{out}");
}

/// Anna reviews; Bert, with a copy of her log, flags and undoes that; Anna undoes as well. Merged, nobody has decided.
#[test]
fn what_its_author_has_undone_does_not_come_back_with_a_merge() {
    let shell = Shell::new();
    shell.fine("mark posts.jsonl --id desk-001 --status reviewed --reviewer anna");
    let log = "posts.jsonl.reviews.jsonl";
    shell.write("anna.jsonl", shell.read(log));
    shell.fine("mark posts.jsonl --id desk-001 --status flagged --reviewer bert");
    shell.fine("undo posts.jsonl --reviewer bert");
    shell.fine("undo posts.jsonl --reviewer anna --sidecar anna.jsonl");
    shell.fine("merge posts.jsonl.reviews.jsonl anna.jsonl");
    assert_eq!(shell.run("list posts.jsonl --filter status:reviewed --format ids").out, "");
    assert_eq!(shell.run("list posts.jsonl --filter by:anna --format ids").out, "");
}
