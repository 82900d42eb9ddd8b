//! The review log as a file: compacted, replaced and removed beside those who use it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;
use std::time::Duration;

use copydesk::app::Event;
use copydesk::review::{Author, Reviews, Via};

use crate::support::shell::{Said, Shell};
use crate::support::terminal::Terminal;
use crate::support::{Desk, posts};

const LOG: &str = "posts.jsonl.reviews.jsonl";

fn ids(shell: &Shell, filter: &str) -> String {
    shell.run(&format!("list posts.jsonl --filter {filter} --format ids")).out
}

fn mark(shell: &Shell, id: &str, status: &str, by: &str) {
    shell.fine(&format!("mark posts.jsonl --id {id} --status {status} --reviewer {by}"));
}

/// A screen of mara's over the five posts, with what was decided before.
fn screen(shell: &Shell) -> Terminal {
    let mut terminal = Terminal::start(shell.folder.path(), &["posts.jsonl"]);
    terminal.until(&["Posts 5", "saved ✓"]);
    terminal
}

/// Two compactions at once: the second waits for the lock of a file that the first one replaces.
#[test]
fn a_compaction_locks_the_file_that_is_the_log_by_then() {
    let shell = Shell::new();
    mark(&shell, "desk-001", "skipped", "tom");
    mark(&shell, "desk-001", "reviewed", "tom");
    let before = shell.read(LOG);
    let old = File::open(shell.path(LOG)).unwrap();
    old.lock().unwrap();
    let compaction =
        shell.command("log compact posts.jsonl").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    // It opens the old file in this time; if it comes later, it only meets the new one.
    std::thread::sleep(Duration::from_millis(500));
    shell.write("new", &before);
    // Somebody is about to write in the new one.
    let writer = File::options().append(true).open(shell.path("new")).unwrap();
    writer.lock().unwrap();
    fs::rename(shell.path("new"), shell.path(LOG)).unwrap();
    drop(old);
    let said = Said::of(compaction.unwrap().wait_with_output().unwrap());
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert_eq!(shell.read(LOG), before);
    drop(writer);
    assert!(shell.fine("log compact posts.jsonl").out.contains("1 lines kept as they were, 1 moved"));
}

#[test]
fn what_was_overruled_in_another_log_of_the_family_stays_so_whoever_compacts() {
    let shell = Shell::new();
    shell.fine("mark posts.jsonl --id desk-001 --status flagged --own-log --reviewer ann");
    for status in ["skipped", "reviewed"] {
        shell.fine(&format!("mark posts.jsonl --id desk-001 --status {status} --own-log --reviewer ben"));
    }
    shell.fine("log compact posts.jsonl --own-log --reviewer ben");
    assert_eq!(
        (ids(&shell, "status:reviewed").as_str(), ids(&shell, "is:conflict").as_str()),
        ("desk-001\n", "")
    );
    shell.fine("log compact posts.jsonl --own-log --reviewer ann");
    shell.fine("log compact posts.jsonl --own-log --reviewer ben");
    assert_eq!(
        (ids(&shell, "status:reviewed").as_str(), ids(&shell, "is:conflict").as_str()),
        ("desk-001\n", "")
    );
}

#[test]
fn a_screen_does_not_write_back_what_a_compaction_has_moved() {
    let shell = Shell::new();
    let mut terminal = screen(&shell);
    terminal.keys("f1\r");
    terminal.until(&["flagged 1", "saved ✓"]);
    mark(&shell, "desk-001", "skipped", "tom");
    mark(&shell, "desk-001", "reviewed", "tom");
    terminal.until(&["reviewed 1", "saved ✓"]);
    shell.fine("log compact posts.jsonl");
    let compacted = shell.read(LOG);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(shell.read(LOG), compacted);
    assert_eq!(compacted.lines().count(), 1);
    assert_eq!(
        (ids(&shell, "status:reviewed").as_str(), ids(&shell, "is:conflict").as_str()),
        ("desk-001\n", "")
    );
}

#[test]
fn a_log_that_is_moved_away_is_a_new_state_and_a_decision_that_holds_is_written_again() {
    let shell = Shell::new();
    let mut terminal = screen(&shell);
    terminal.keys("r");
    terminal.until(&["reviewed 1", "saved ✓"]);
    mark(&shell, "desk-003", "flagged", "tom");
    terminal.until(&["flagged 1"]);
    fs::rename(shell.path(LOG), shell.path("away")).unwrap();
    let text =
        terminal.until(&["NOT SAVED 1", "2 decisions are in no review log any more: 1 by mara, 1 by tom"]);
    assert!(text.contains("reviewed 1") && text.contains("flagged 0"), "{text}");
    // The same decision on the same post: it holds here, and is in no file.
    terminal.keys("kr");
    terminal.until(&["Reviewed desk-001", "saved ✓"]);
    assert_eq!(ids(&shell, "status:reviewed"), "desk-001\n");
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(shell.read(LOG).lines().count(), 1);
    // Back where it was: nothing is said of what is there.
    let mut terminal = screen(&shell);
    terminal.until(&["desk-002"]);
    // The cursor has just gone there, and keys that come too soon are not taken.
    terminal.listen(Duration::from_secs(2));
    terminal.keys("r");
    terminal.until(&["reviewed 2", "saved ✓"]);
    let log = shell.read(LOG);
    fs::remove_file(shell.path(LOG)).unwrap();
    terminal.until(&["NOT SAVED 1"]);
    shell.write(LOG, &log);
    terminal.until(&["reviewed 2", "saved ✓"]);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(shell.read(LOG), log);
}

#[test]
fn who_leaves_looks_at_the_log_whatever_was_told_of_it() {
    for rewinds in [true, false] {
        let shell = Shell::new();
        mark(&shell, "desk-005", "skipped", "tom");
        let first = shell.read(LOG);
        let mut terminal = screen(&shell);
        terminal.keys("r");
        terminal.until(&["reviewed 1", "saved ✓"]);
        // The same key again that soon would be a key that is held.
        terminal.listen(Duration::from_millis(500));
        terminal.keys("r");
        terminal.until(&["reviewed 2", "saved ✓"]);
        if rewinds {
            shell.write("old", &first);
            fs::rename(shell.path("old"), shell.path(LOG)).unwrap();
        } else {
            fs::remove_file(shell.path(LOG)).unwrap();
        }
        terminal.keys("q");
        assert_eq!(terminal.end(), 0);
        assert_eq!(ids(&shell, "status:reviewed"), "desk-001\ndesk-002\n", "{rewinds}");
    }
}

#[test]
fn what_cannot_be_written_again_is_printed() {
    let shell = Shell::empty();
    fs::create_dir(shell.path("logs")).unwrap();
    shell.write("posts.jsonl", posts());
    let mut terminal = Terminal::start(shell.folder.path(), &["posts.jsonl", "--sidecar", "logs/log.jsonl"]);
    terminal.until(&["Posts 5", "saved ✓"]);
    terminal.keys("r");
    terminal.until(&["reviewed 1", "saved ✓"]);
    fs::rename(shell.path("logs"), shell.path("gone")).unwrap();
    terminal.keys("q");
    assert_eq!(terminal.end(), 3);
    let printed = String::from_utf8_lossy(&terminal.written).into_owned();
    let line = fs::read_to_string(shell.path("gone/log.jsonl")).unwrap();
    assert!(printed.contains(line.trim_end()), "{printed}");
}

/// What the logs hold when nothing is in them.
fn nothing() -> Event {
    let author = Author { by: "mara".to_owned(), via: Via::Browse };
    Event::ReadAnew(Box::new(Reviews::with_writer(author, "writer0".to_owned())), None)
}

#[test]
fn what_was_read_anew_takes_the_place_of_what_was_known() {
    let mut desk = Desk::open(&posts()).keys("rs");
    assert!(desk.screen().contains("reviewed 1"));
    desk.happen(nothing());
    let screen = desk.screen();
    assert!(screen.contains("reviewed 0"), "{screen}");
    assert_eq!(desk.before.iter().map(|before| before.state().len()).sum::<usize>(), 2);
    // No number is given twice.
    desk.press("r");
    assert_eq!(desk.records[2].id.as_str(), "writer0-0003");
    // What holds and is in no log is written again.
    desk.happen(Event::Lost(1, "gone".to_owned()));
    assert!(desk.screen().contains("NOT SAVED 1"));
    desk.press("kr");
    assert_eq!((desk.records.len(), desk.writes_lost), (3, 1));
    // Leaving writes them, so nobody is asked.
    desk.press("q");
    assert!(desk.ended);
}

#[test]
fn a_step_that_is_under_way_is_ended_before_the_logs_are_read_anew() {
    let mut desk = Desk::open(&posts());
    desk.holds_many = true;
    desk.press("*r<enter>");
    let (job, rows) = desk.many.clone().expect("the posts are being read");
    desk.happen(nothing());
    assert_eq!((desk.before.len(), desk.reads_logs), (0, 0));
    for event in desk.read_many(job, &rows) {
        desk.happen(event);
    }
    assert_eq!((desk.records.len(), desk.before.len(), desk.reads_logs), (1, 0, 1));
    desk.happen(nothing());
    assert_eq!(desk.before.len(), 1);
}

#[test]
fn files_of_posts_whose_names_are_no_text_share_no_log_and_neither_do_logs_with_like_names() {
    let shell = Shell::empty();
    let [acute, grave] = [b"caf\xe9.jsonl", b"caf\xe8.jsonl"].map(|name| OsStr::from_bytes(name));
    for name in [acute, grave] {
        if fs::write(shell.folder.path().join(name), posts()).is_err() {
            println!("SKIP: this file system takes no names that are no text");
            return;
        }
    }
    let run = |words: &[&OsStr]| Said::of(shell.command("").args(words).output().unwrap());
    let words = |line: &'static str| line.split(' ').map(OsStr::new);
    let mark: Vec<&OsStr> =
        words("mark").chain([acute]).chain(words("--id desk-001 --status reviewed")).collect();
    assert_eq!(run(&mark).code, 0);
    let listed = |name: &'static OsStr| {
        let list: Vec<&OsStr> =
            words("list").chain([name]).chain(words("--filter status:reviewed --format ids")).collect();
        run(&list).out
    };
    assert_eq!((listed(acute).as_str(), listed(grave).as_str()), ("desk-001\n", ""));
    shell.write("posts.jsonl", posts());
    let reviewed = |log: &str| {
        shell.run(&format!("list posts.jsonl --sidecar {log} --filter status:reviewed --format ids")).out
    };
    shell.fine("mark posts.jsonl --sidecar work-b.jsonl --id desk-001 --status reviewed");
    shell.fine("mark posts.jsonl --sidecar work.jsonl --id desk-002 --status reviewed");
    shell.fine("mark posts.jsonl --sidecar work.jsonl --id desk-003 --status reviewed --own-log");
    assert_eq!(reviewed("work.jsonl"), "desk-002\ndesk-003\n");
    assert_eq!(reviewed("work-b.jsonl"), "desk-001\n");
}

#[test]
fn what_is_done_has_not_failed_where_nobody_can_be_told() {
    let shell = Shell::new();
    shell.fine("mark posts.jsonl --id desk-002 --status skipped --sidecar other.jsonl");
    for (line, words) in [
        ("mark posts.jsonl --id desk-001 --status skipped", "1 marked skipped"),
        ("mark posts.jsonl --id desk-001 --status reviewed", "1 marked reviewed"),
        ("log compact posts.jsonl", "1 moved to"),
        ("merge posts.jsonl.reviews.jsonl other.jsonl", "1 records added"),
    ] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let said = Said::of(shell.command(line).stdout(full).output().unwrap());
        assert!(said.code == 0 && said.err.contains(words), "{line}: {} {}", said.code, said.err);
    }
}

/// A record that no log takes keeps none that comes behind it from being saved, and is no reason to stay.
#[test]
fn a_record_that_is_too_long_is_set_aside() {
    let mut desk = Desk::open(&posts()).keys("r");
    let id = desk.records[0].id.clone();
    desk.happen(Event::SetAside(id, "too long".to_owned()));
    desk.press("s");
    assert!(desk.screen().contains("NOT SAVED 1"), "{}", desk.screen());
    desk.press("q");
    assert!(!desk.ended, "it would be lost");
    desk.press("q");
    assert!(desk.ended);
}
