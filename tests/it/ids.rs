//! Ids of every kind: what `list` and `log` print is what `--id` takes.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::support::shell::{Said, Shell, fine};

/// Ids that act on a terminal, cannot be seen, look like an option, or look like an escaped id.
const ODD: [&str; 18] = [
    "plain",
    "a\u{1b}[2Jb",
    "a␛[2Jb",
    "a\\u{1b}[2Jb",
    "a\\u{5c}u{1b}",
    "two\nlines",
    "tab\tbed",
    "gnp\u{202e}.exe",
    "gnp<U+202E>.exe",
    "zero\u{200b}width",
    "\u{200b}",
    "-x",
    "--status",
    "--status=reviewed",
    " blanks ",
    "C:\\users\\new",
    "e\u{301}\u{302}",
    "\u{301}",
];

/// A corpus of these ids, a post each.
fn corpus_of(ids: &[String]) -> Shell {
    let shell = Shell::empty();
    let lines: Vec<String> = ids.iter().map(|id| format!("{}\n", json!({"id": id, "body": "b"}))).collect();
    shell.write("posts.jsonl", lines.concat());
    shell
}

/// Runs `copydesk COMMAND posts.jsonl --id ID`, with more behind it.
fn with_id(shell: &Shell, command: &str, printed: &str, more: &str) -> String {
    let mut command = shell.command(&format!("{command} posts.jsonl {more}"));
    fine(Said::of(command.args(["--id", printed]).output().unwrap()))
}

fn id_of(json: &str) -> String {
    let post: Value = serde_json::from_str(json).unwrap();
    post["id"].as_str().unwrap().to_owned()
}

#[test]
fn every_id_that_is_printed_is_taken_as_that_id() {
    let mut ids: Vec<String> = ODD.map(str::to_owned).to_vec();
    let mut random = TestRunner::deterministic();
    for _ in 0..24 {
        let id = "(?s:.){1,12}".new_tree(&mut random).unwrap().current();
        ids.extend(Some(id).filter(|id| !id.trim().is_empty() && !ids.contains(id)));
    }
    let shell = corpus_of(&ids);
    let printed = fine(shell.run("list posts.jsonl --format ids"));
    let printed: Vec<&str> = printed.lines().collect();
    assert_eq!(printed.len(), ids.len());
    for (printed, id) in printed.iter().zip(&ids) {
        assert_eq!(&id_of(&with_id(&shell, "show", printed, "--format json")), id, "{printed}");
        assert!(!printed.contains(|c: char| c.is_control()), "{printed}");
    }
    let mut mark = shell.command("mark posts.jsonl --status flagged");
    for id in &printed {
        mark.args(["--id", id]);
    }
    assert!(fine(Said::of(mark.output().unwrap())).starts_with(&format!("{} marked flagged", ids.len())));
}

#[test]
fn tables_logs_and_undo_print_ids_in_the_same_form() {
    let shell = corpus_of(&ODD.map(str::to_owned));
    for (printed, id) in
        [("a\\u{1b}[2Jb", ODD[1]), ("a\\u{5c}u{1b}[2Jb", ODD[3]), ("\\u{2d}-status", ODD[12])]
    {
        with_id(&shell, "mark", printed, "--status reviewed");
        let line: Value = serde_json::from_str(&with_id(&shell, "log", printed, "--format jsonl")).unwrap();
        assert_eq!(line["post"], id);
        assert!(with_id(&shell, "log", printed, "").contains(printed));
        assert!(fine(shell.run("undo posts.jsonl")).contains(&format!("status of {printed} is")));
    }
    let table = fine(shell.run("list posts.jsonl"));
    let csv = fine(shell.run("list posts.jsonl --format csv"));
    for listed in [table, csv] {
        assert!(listed.contains("a\\u{1b}[2Jb") && listed.contains("two\\u{a}lines"), "{listed}");
    }
    let mut unknown = shell.command("show posts.jsonl");
    let unknown = Said::of(unknown.args(["--id", "x\u{1b}y"]).output().unwrap());
    assert!(unknown.err.contains("no post has the id \"x\\u{1b}y\""), "{}", unknown.err);
    let mut option = shell.command("show posts.jsonl");
    let option = Said::of(option.args(["--id", "--status"]).output().unwrap());
    assert!(option.err.contains("\\u{2d}-status"), "{}", option.err);
}

#[test]
fn records_of_others_are_undone_by_the_id_that_log_prints() {
    let shell = corpus_of(&["a".to_owned()]);
    let record = json!({
        "v": 1, "id": "r\u{1b}\u{202e}1", "at": "2026-09-21T12:34:56Z", "by": "mara", "op": "set", "post": "a",
        "key": "status", "val": "flagged",
    });
    shell.write("posts.jsonl.reviews.jsonl", format!("{record}\n"));
    let printed = fine(shell.run("log posts.jsonl --format ids"));
    assert_eq!(printed, "r\\u{1b}\\u{202e}1\n");
    let mut undo = shell.command("undo posts.jsonl");
    let undone = fine(Said::of(undo.args(["--record", printed.trim()]).output().unwrap()));
    assert!(undone.contains("is unreviewed again"), "{undone}");
}

#[test]
fn ids_that_show_the_same_signs_are_told_apart() {
    let shell = corpus_of(&["a\u{1b}b".to_owned(), "a␛b".to_owned(), "ab".to_owned()]);
    let said = shell.run("check posts.jsonl");
    let told = "2 ids look alike and are not the same: a␛b (posts.jsonl:1), a<U+241B PICTURE OF A CONTROL CHARACTER>b";
    assert!(said.code == 1 && said.out.contains(told), "{}", said.out);
}
