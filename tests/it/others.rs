//! The desk among others who decide: the real program in a real pseudo-terminal, and somebody else
//! at the same review log.

use std::fs;
use std::path::Path;

use crate::support::posts;
use crate::support::program::copydesk;
use crate::support::terminal::Terminal;

fn desk() -> (tempfile::TempDir, Terminal) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
    terminal.until(&["Posts 5", "saved ✓"]);
    (folder, terminal)
}

/// Somebody else decides.
fn tom(folder: &Path, words: &[&str]) {
    let said = copydesk(folder).args(words).env("COPYDESK_REVIEWER", "tom").output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
}

fn processor_ticks(process: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[test]
fn what_others_decide_appears_without_a_key() {
    let (folder, mut terminal) = desk();
    tom(folder.path(), &["mark", "posts.jsonl", "--id", "desk-003", "--status", "flagged"]);
    terminal.until(&["flagged 1"]);
    tom(folder.path(), &["mark", "posts.jsonl", "--id", "desk-004", "--status", "flagged", "--own-log"]);
    terminal.until(&["flagged 2"]);
    assert!(folder.path().join("posts.jsonl.reviews.tom.jsonl").exists());
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_log_that_somebody_keeps_locked_freezes_nothing_and_loses_nothing() {
    let (folder, mut terminal) = desk();
    let log = folder.path().join("posts.jsonl.reviews.jsonl");
    tom(folder.path(), &["mark", "posts.jsonl", "--id", "desk-005", "--status", "skipped"]);
    terminal.until(&["skipped 1"]);
    let holder = fs::File::open(&log).unwrap();
    holder.lock().unwrap();
    terminal.keys("r");
    terminal.until(&["NOT SAVED 1", &format!("(process {})", std::process::id())]);
    // The desk goes on.
    terminal.keys("r");
    terminal.until(&["NOT SAVED 2", "reviewed 2"]);
    holder.unlock().unwrap();
    terminal.until(&["saved ✓"]);
    terminal.keys("q");
    assert_eq!(terminal.end(), 3, "the trouble is told at the end");
    assert_eq!(fs::read_to_string(&log).unwrap().lines().count(), 3);
}

#[test]
fn a_log_that_is_replaced_is_told_and_gets_back_what_it_lost() {
    let (folder, mut terminal) = desk();
    let log = folder.path().join("posts.jsonl.reviews.jsonl");
    terminal.keys("r");
    terminal.until(&["reviewed 1", "saved ✓"]);
    let other = folder.path().join("other");
    fs::write(&other, "").unwrap();
    fs::rename(&other, &log).unwrap();
    terminal.until(&["NOT SAVED 1", "in no review log any more", "1 by mara"]);
    terminal.keys("s");
    terminal.until(&["skipped 1", "saved ✓"]);
    assert_eq!(fs::read_to_string(&log).unwrap().lines().count(), 2);
    fs::remove_file(&log).unwrap();
    terminal.until(&["NOT SAVED 2", "in no review log any more", "2 by mara"]);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(fs::read_to_string(&log).unwrap().lines().count(), 2);
}

/// Nothing wakes the saver while nobody does anything: no thread of the program runs at all.
#[test]
fn an_idle_desk_sleeps() {
    let (_folder, mut terminal) = desk();
    let process = terminal.process_id();
    let switches = || -> u64 {
        let threads = fs::read_dir(format!("/proc/{process}/task")).unwrap();
        let count = |thread: fs::DirEntry| -> u64 {
            let status = fs::read_to_string(thread.path().join("status")).unwrap();
            let numbers = status.lines().filter_map(|line| line.split_once("ctxt_switches:"));
            numbers.map(|(_, number)| number.trim().parse::<u64>().unwrap()).sum()
        };
        threads.map(|thread| count(thread.unwrap())).sum()
    };
    // The system may still be at work on what came before: it must come to rest, and stay there.
    let rests = (0..50).any(|_| {
        let (before, ticks) = (switches(), processor_ticks(process));
        std::thread::sleep(std::time::Duration::from_secs(1));
        (switches(), processor_ticks(process)) == (before, ticks)
    });
    assert!(rests);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
}
