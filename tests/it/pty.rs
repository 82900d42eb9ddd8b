//! The real program in a real pseudo-terminal, over a corpus of real size.

use std::fmt::Write;
use std::fs;
use std::process::Command;

use crate::support::posts;
use crate::support::program::{CONTAINED, copydesk, has_containers};
use crate::support::terminal::Terminal;
use copydesk::review::{LineItem, Record, read_line};

const POSTS: usize = 13_834;

/// A corpus in which every third post is about python and scores differ.
fn corpus() -> String {
    let filler = "A paragraph that is long enough to look like one. ".repeat(20);
    let mut text = String::new();
    for number in 1..=POSTS {
        let stack = ["python services", "go services", "laravel"][number % 3];
        let score = (number * 37) % 101;
        writeln!(
            text,
            "{{\"id\":\"alphanode-{number:06}\",\"title\":\"post number {number} about {stack}\",\"body\":\"{filler}\\n\\na heading\\n\\n{filler}\",\"stack\":[\"{stack}\"],\"score\":{{\"quality\":{score},\"depth\":{score}}},\"checklist\":[\"run linting\",\"run unit tests\",\"tag the release\"]}}"
        )
        .unwrap();
    }
    text
}

#[test]
fn a_session_leaves_exactly_its_records() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("posts.jsonl");
    let text = corpus();
    fs::write(&path, &text).unwrap();

    let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
    terminal.until(&["Posts 13,834", "saved ✓", "run linting"]);
    terminal.keys("/stack:python score>=70");
    terminal.until(&["> stack:python score>=70", "of 13,834"]);
    // The first posts that pass: every third one with (37 n) mod 101 of 70 or more.
    let passing: Vec<usize> = (1..=POSTS).filter(|n| n % 3 == 0 && n * 37 % 101 >= 70).collect();
    let ids: Vec<String> = passing.iter().map(|n| format!("alphanode-{n:06}")).collect();
    terminal.until(&[&format!("Posts {} of", crate::support::grouped(passing.len()))]);
    terminal.keys("\r");
    terminal.keys("j");
    terminal.until(&[&format!("2 / {}", crate::support::grouped(passing.len()))]);
    terminal.keys("r");
    terminal.until(&["reviewed 1 ", &format!("3 / {}", crate::support::grouped(passing.len()))]);
    terminal.keys("f");
    terminal.until(&["why?", "2 image"]);
    terminal.keys("2");
    terminal.until(&["flagged 1 ", &format!("4 / {}", crate::support::grouped(passing.len()))]);
    terminal.keys("12");
    terminal.until(&["Checklist 2/3"]);
    terminal.keys("u");
    terminal.until(&["Checklist 1/3", "saved ✓"]);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);

    let log = fs::read(folder.path().join("posts.jsonl.reviews.jsonl")).unwrap();
    let records: Vec<Record> = log
        .split(|byte| *byte == b'\n')
        .flat_map(read_line)
        .map(|item| match item {
            LineItem::Record(checked) if checked.is_checked => checked.record,
            other => panic!("{other:?}"),
        })
        .collect();
    let said: Vec<String> = records
        .iter()
        .map(|record| {
            let post = record.posts().next().unwrap();
            format!("{post} {}={} {:?} {}", record.key, record.val, record.why, record.undo.is_some())
        })
        .collect();
    assert_eq!(
        said,
        [
            format!("{} status=reviewed [] false", ids[1]),
            format!("{} status=flagged [\"image\"] false", ids[2]),
            format!("{} check:run linting#1=done [] false", ids[3]),
            format!("{} check:run unit tests#1=done [] false", ids[3]),
            format!("{} check:run unit tests#1=open [] true", ids[3]),
        ]
    );
    assert!(records.iter().all(|record| record.by == "mara"));
    assert_eq!(fs::read_to_string(&path).unwrap(), text, "the posts are never written");

    let mut again = Terminal::start(folder.path(), &["posts.jsonl"]);
    again.until(&["Posts 13,834", "reviewed 1 (<0.1 %)", "flagged 1 "]);
    again.keys("/is:decided\r");
    again.until(&["Posts 2 of 13,834", "⚑ post number", "● post number"]);
    again.keys("j");
    again.until(&["⚑ flagged  image  by mara"]);
    again.keys("q");
    assert_eq!(again.end(), 0);

    let flagged = ["list", "posts.jsonl", "--filter", "status:flagged", "--format", "ids"];
    let listed = copydesk(folder.path()).args(flagged).output().unwrap();
    assert_eq!(String::from_utf8(listed.stdout).unwrap(), format!("{}\n", ids[2]));
}

#[test]
fn the_sample_opens_without_a_path_and_its_decisions_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(folder.path(), &[]);
    terminal.until(&["Posts 27", "1 problem", "unreviewed", "saved ✓"]);
    terminal.keys("r");
    terminal.until(&["reviewed 1 ", "saved ✓"]);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    let log = fs::read_to_string(folder.path().join("data/sample.reviews.jsonl")).unwrap();
    assert_eq!(log.lines().count(), 1, "{log}");
}

#[test]
fn the_terminal_is_given_back() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    for how in ["q", "\u{3}", "TERM", "HUP"] {
        let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
        terminal.until(&["Posts 5", "saved ✓"]);
        assert!(terminal.screen.screen().alternate_screen() && terminal.screen.screen().bracketed_paste());
        let code = if how.len() == 1 {
            terminal.keys(how);
            0
        } else {
            let id = terminal.process_id().to_string();
            assert!(Command::new("kill").args([&format!("-{how}"), &id]).status().unwrap().success());
            if how == "TERM" { 143 } else { 129 }
        };
        assert_eq!(terminal.end(), code, "{how}");
        let screen = terminal.screen.screen();
        assert!(!screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor(), "{how}");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "{how}");
    }
}

#[test]
fn a_terminal_whose_job_is_led_from_outside_is_given_back() {
    if !has_containers() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let words = [&CONTAINED[..], &[env!("CARGO_BIN_EXE_copydesk"), "posts.jsonl"]].concat();
    let mut terminal = Terminal::run(folder.path(), &words, &[]);
    terminal.until(&["Posts 5", "saved ✓"]);
    // Nobody here could have it go on.
    terminal.keys("\u{1a}r");
    terminal.until(&["reviewed 1 ", "saved ✓"]);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.modes_are_as_before().unwrap();
}

#[test]
fn a_terminal_that_goes_away_ends_the_program_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
    terminal.until(&["Posts 5", "saved ✓"]);
    terminal.keys("r");
    terminal.until(&["reviewed 1 ", "saved ✓"]);
    let code = terminal.vanish();
    assert_eq!(code, 129, "ended by the hang-up, not by a panic");
    let log = fs::read_to_string(folder.path().join("posts.jsonl.reviews.jsonl")).unwrap();
    assert_eq!(log.lines().count(), 1);
}

#[test]
fn every_size_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
    terminal.until(&["Checklist 0/3"]);
    for (columns, lines) in [(80, 24), (20, 5), (1, 1), (200, 50)] {
        terminal.resize(columns, lines);
        terminal.keys("jk");
    }
    terminal.until(&["field notes on caching", "Meta", "Checklist 0/3"]);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn keys_that_come_at_once_are_all_taken() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
    // Typed before the first frame, by somebody who knows the keys.
    terminal.keys("rf2srjq");
    assert_eq!(terminal.end(), 0);
    let log = fs::read_to_string(folder.path().join("posts.jsonl.reviews.jsonl")).unwrap();
    let statuses: Vec<&str> =
        log.lines().map(|line| line.split("\"val\":\"").nth(1).unwrap().split('"').next().unwrap()).collect();
    assert_eq!(statuses, ["reviewed", "flagged", "skipped", "reviewed"]);
}
