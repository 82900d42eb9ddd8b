//! Plain mode: lines in, lines out, the same log.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use support::posts;

/// Runs plain mode over the posts of a folder with these lines.
fn plain(folder: &Path, lines: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .args(["review", "--plain", "posts.jsonl", "--reviewer", "mara"])
        .current_dir(folder)
        .env("TERM", "dumb")
        .env("COPYDESK_DATA_DIR", folder.join("data"))
        .env("COPYDESK_CONFIG_DIR", folder.join("config"))
        .env("COPYDESK_CACHE_DIR", folder.join("cache"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The statuses and the rest of what stands in the log.
fn log(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("posts.jsonl.reviews.jsonl")).unwrap_or_default();
    let field = |record: &serde_json::Value, name: &str| record[name].as_str().unwrap_or_default().to_owned();
    let line = |line: &str| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let why = record["why"]
            .as_array()
            .map(|why| why.iter().map(std::string::ToString::to_string).collect::<String>());
        let why = why.unwrap_or_default();
        format!(
            "{} {}={} {why} {}",
            field(&record, "post"),
            field(&record, "key"),
            field(&record, "val"),
            field(&record, "note")
        )
        .trim_end()
        .to_owned()
    };
    text.lines().map(line).collect()
}

#[test]
fn a_session_of_lines_is_a_session() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let output = plain(
        folder.path(),
        "r\nf image, links -- the second one\n2\nf\n4\nu\n/stack:python\ne look again\nwhere\nq\n",
    );
    assert!(output.status.success(), "{output:?}");
    let said = said(&output);
    for words in [
        "field notes on caching for python services",
        "desk-001 is reviewed now. Saved.",
        "Flagged desk-002: image, links",
        "[x] 2 check the links",
        "4 language",
        "Why? A number",
        "desk-003 is flagged now. Saved.",
        "Undone: desk-003",
        "Post 1 of 2;",
        "The note is: look again",
    ] {
        assert!(said.contains(words), "{words}:\n{said}");
    }
    assert_eq!(
        log(folder.path()),
        [
            "desk-001 status=reviewed",
            "desk-002 status=flagged \"image\"\"links\" the second one",
            "desk-003 check:check the links#1=done",
            "desk-003 status=flagged \"language\"",
            "desk-003 status=unreviewed",
            "desk-001 note=look again",
        ]
    );
}

#[test]
fn what_means_nothing_does_nothing_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let output = plain(folder.path(), "rf\nreviewed now\n/stakc:go\nf\n");
    assert!(output.status.success(), "{output:?}");
    let said = said(&output);
    assert!(said.contains("there is no command \"rf\""), "{said}");
    assert!(said.contains("takes no words behind it"), "{said}");
    assert!(said.contains("The filter is as it was") && said.contains("stack"), "{said}");
    // The end of the lines answers nothing.
    assert!(said.ends_with("Enter for no reason: "), "{said}");
    assert!(log(folder.path()).is_empty());
}

#[test]
fn nothing_of_a_post_acts_and_nothing_is_decided_where_nothing_can_be_saved() {
    let folder = tempfile::tempdir().unwrap();
    let post =
        r#"{"id":"a\u001b[2Jb","title":"t\u001b]0;x\u0007","body":"\u202eb\u009b31m","stack":["\u0008"]}"#;
    fs::write(folder.path().join("posts.jsonl"), post).unwrap();
    fs::create_dir(folder.path().join("posts.jsonl.reviews.jsonl")).unwrap();
    let output = plain(folder.path(), "meta\nr\nf \u{1b}[31m\n?\nH\nd\np\n");
    let said = said(&output);
    assert!(!said.contains(|c: char| c.is_control() && c != '\n'), "{said:?}");
    assert!(!said.contains('\u{202e}') && said.contains("<U+202E>"), "{said}");
    assert!(said.contains("Nothing can be decided") && !said.contains("is reviewed now"), "{said}");
}

#[test]
fn posts_are_not_read_from_where_commands_come() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_copydesk")).args(["review", "--plain", "-"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("name a file"), "{output:?}");
}
