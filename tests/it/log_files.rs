//! The review log as a file: compacted, replaced and removed beside those who use it.

use std::fs::{self, File};
use std::process::Stdio;
use std::time::Duration;

use crate::support::shell::{Said, Shell};

const LOG: &str = "posts.jsonl.reviews.jsonl";

fn ids(shell: &Shell, filter: &str) -> String {
    shell.run(&format!("list posts.jsonl --filter {filter} --format ids")).out
}

fn mark(shell: &Shell, id: &str, status: &str, by: &str) {
    shell.fine(&format!("mark posts.jsonl --id {id} --status {status} --reviewer {by}"));
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
