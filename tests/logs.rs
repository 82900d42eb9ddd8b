//! Several logs, and posts that share an id: what one record names, and the log that it belongs to.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

use std::collections::HashSet;

use copydesk::review::{LineItem, Record, read_line};
use support::shell::Shell;

fn post(id: &str, body: &str) -> String {
    format!("{{\"id\":\"{id}\",\"title\":\"t\",\"body\":\"{body}\",\"stack\":[\"go\"]}}\n")
}

/// The records of a log.
fn records(shell: &Shell, log: &str) -> Vec<Record> {
    let record = |line: &str| match read_line(line.as_bytes()).remove(0) {
        LineItem::Record(checked) => checked.record,
        other => panic!("{other:?}"),
    };
    shell.read(log).lines().map(record).collect()
}

fn reviewed(shell: &Shell, paths: &str) -> usize {
    shell.run(&format!("list {paths} --filter status:reviewed --format ids")).out.lines().count()
}

#[test]
fn a_filter_over_posts_that_share_an_id_names_each_once_a_record() {
    let shell = Shell::empty();
    shell.write("a.jsonl", post("same", "one") + &post("other", "x") + &post("same", "two"));
    shell.write("b.jsonl", post("same", "three") + &post("same", "four"));
    shell.fine("mark a.jsonl b.jsonl --filter stack:go --status reviewed");
    assert_eq!(reviewed(&shell, "a.jsonl b.jsonl"), 5);
    for log in ["a.jsonl.reviews.jsonl", "b.jsonl.reviews.jsonl"] {
        for record in records(&shell, log) {
            let posts: HashSet<_> = record.posts().collect();
            assert_eq!(posts.len(), record.posts().count(), "{log}: {record:?}");
        }
    }
    // Alone as well, and all of it is one step.
    assert_eq!((reviewed(&shell, "a.jsonl"), reviewed(&shell, "b.jsonl")), (3, 2));
    assert_eq!(shell.fine("undo a.jsonl b.jsonl").out, "undone: 5 posts\n");
    assert_eq!(reviewed(&shell, "a.jsonl b.jsonl"), 0);
}

#[test]
fn the_logs_that_were_written_are_named_with_what_each_got() {
    let shell = Shell::empty();
    shell.write("a.jsonl", post("a-1", "one") + &post("a-2", "two"));
    shell.write("b.jsonl", post("b-1", "three"));
    shell.write("c.jsonl", post("c-1", "four"));
    let mark = |filter: &str| {
        shell.fine(&format!("mark a.jsonl b.jsonl c.jsonl --filter {filter} --status reviewed")).out
    };
    assert_eq!(mark("id:b-1"), "1 marked reviewed; in b.jsonl.reviews.jsonl\n");
    assert_eq!(
        mark("stack:go"),
        "3 marked reviewed, 1 were so already; 2 in a.jsonl.reviews.jsonl, 1 in c.jsonl.reviews.jsonl\n"
    );
    assert_eq!(mark("stack:go"), "0 marked reviewed, 4 were so already; nothing was written\n");
    // The same file for all of them is one log.
    let one = shell.fine("mark a.jsonl b.jsonl --filter stack:go --status skipped --sidecar all.jsonl").out;
    assert_eq!(one, "3 marked skipped; in all.jsonl\n");
}
