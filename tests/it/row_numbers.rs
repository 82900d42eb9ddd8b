//! Row numbers as ids: a row is put in front, and every id is that of another post.

use crate::support::Desk;
use crate::support::shell::{Shell, fine};
use copydesk::corpus::Sources;
use copydesk::review::Record;
use serde_json::Value;

/// Posts whose ids are the numbers of their rows.
fn numbered(texts: &[&str]) -> String {
    let line = |(at, text): (usize, &&str)| {
        format!(
            "{{\"id\":\"{}\",\"title\":\"{text}\",\"body\":\"about {text}\",\"checklist\":[\"look\",\"read\"]}}\n",
            at + 1
        )
    };
    texts.iter().enumerate().map(line).collect::<Vec<_>>().concat()
}

fn desk(jsonl: &str, records: &[Record]) -> Desk {
    let mut desk =
        Desk::of(Sources::in_memory(vec![("posts.jsonl".to_owned(), jsonl.as_bytes().to_vec())]), records);
    desk.press("g");
    desk
}

#[test]
fn notes_and_ticks_on_another_text_say_so_on_the_screen() {
    let mut before = desk(&numbered(&["tea", "ice"]), &[]).keys("1ea note<enter>");
    assert!(before.screen().contains("[x] 1 look") && !before.screen().contains("on another text"));
    let mut after = desk(&numbered(&["new", "tea", "ice"]), &before.records);
    let screen = after.screen();
    assert!(screen.contains("a note") && screen.contains("written on another text"), "{screen}");
    assert!(screen.contains("[ ] 1 look") && screen.contains("ticked on another"), "{screen}");
    // Whoever writes or ticks anew does so on this text.
    let mut again = after.keys("1e, still true<enter>");
    let screen = again.screen();
    assert!(screen.contains("still true") && screen.contains("[x] 1 look"), "{screen}");
    assert!(!screen.contains("on another text"), "{screen}");
}

#[test]
fn commands_and_exports_say_so_as_well() {
    let shell = Shell::empty();
    shell.write("posts.jsonl", numbered(&["tea", "ice"]));
    let before = desk(&numbered(&["tea", "ice"]), &[]).keys("1ea note<enter>");
    shell.write("posts.jsonl.reviews.jsonl", before.log.lines().concat());
    let review = || -> Value {
        let line = fine(shell.run("list posts.jsonl --filter id:1 --format jsonl"));
        serde_json::from_str::<Value>(&line).unwrap()["review"].clone()
    };
    assert_eq!(
        (&review()["note_stale"], &review()["checklist"][0]),
        (&Value::Bool(false), &Value::from("look"))
    );
    shell.write("posts.jsonl", numbered(&["new", "tea", "ice"]));
    let stale = review();
    assert_eq!((&stale["note"], &stale["note_stale"]), (&Value::from("a note"), &Value::Bool(true)));
    assert_eq!(
        (&stale["checklist"], &stale["checklist_stale"][0]),
        (&Value::Array(Vec::new()), &Value::from("look"))
    );
    let shown = shell.fine("show posts.jsonl --id 1").err;
    assert!(shown.contains("note: a note (on another text), 1 item was ticked on another text"), "{shown}");
    // Beside a decision on this text, the note of another one is not passed off as one on it.
    shell.fine("mark posts.jsonl --id 1 --status flagged");
    let exported = shell.fine("export posts.jsonl --filter status:flagged --out -").out;
    assert!(exported.contains("\"note\":\"(on another text) a note\""), "{exported}");
}
