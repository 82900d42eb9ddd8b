//! Logs near the posts that are not read with them and decide on some of them: said, with the command that uses them.

use std::fs;

use crate::support::shell::{Said, Shell, fine};
use crate::support::terminal::Terminal;

const NOVEMBER: &str = "site.2026-11-01.jsonl";
const DECEMBER: &str = "site.2026-12-01.jsonl";
/// The command that brings the decisions of one into the other.
const MERGE: &str = "merge site.2026-12-01.jsonl.reviews.jsonl site.2026-11-01.jsonl.reviews.jsonl";

/// Posts with these ids, each with a text of its own.
fn posts(ids: &[&str]) -> String {
    let line = |id: &&str| format!("{{\"id\":\"{id}\",\"title\":\"t {id}\",\"body\":\"text of {id}\"}}\n");
    ids.iter().map(line).collect::<Vec<_>>().concat()
}

/// Two exports; posts of the first are decided on.
fn exports() -> Shell {
    let shell = Shell::empty();
    shell.write(NOVEMBER, posts(&["1", "2", "3"]));
    shell.write(DECEMBER, posts(&["1", "2", "3", "4"]));
    fine(shell.run(&format!("mark {NOVEMBER} --id 1 --id 2 --status reviewed")));
    fine(shell.run(&format!("mark {NOVEMBER} --id 3 --status flagged")));
    fine(shell.run(&format!("undo {NOVEMBER}")));
    shell
}

#[track_caller]
fn says(said: &Said, words: &str) {
    assert!(said.err.contains(words) || said.out.contains(words), "{}{}", said.out, said.err);
}

#[test]
fn the_decisions_on_an_earlier_export_are_told_with_the_command_that_uses_them() {
    let shell = exports();
    let told = format!(
        "the decisions in {NOVEMBER}.reviews.jsonl do not count here; copydesk {MERGE} brings them in, on 2 of these posts"
    );
    for (command, rest) in
        [("list", ""), ("stats", ""), ("check", ""), ("show", "--id 1"), ("mark", "--id 4 --status skipped")]
    {
        says(&shell.run(&format!("{command} {DECEMBER} {rest}")), &told);
    }
    // Who names a log has chosen.
    assert_eq!(shell.run(&format!("list {DECEMBER} --sidecar other.jsonl")).err, "");
    assert_eq!(shell.run(&format!("list {NOVEMBER}")).err.matches("the decisions in").count(), 0);
    fine(shell.run(MERGE));
    assert_eq!(fine(shell.run(&format!("list {DECEMBER} --filter status:reviewed --format ids"))), "1\n2\n");
}

#[test]
fn the_screen_says_so_when_the_posts_are_read() {
    let shell = exports();
    let mut terminal = Terminal::start(shell.folder.path(), &[DECEMBER]);
    terminal.until(&["the decisions in site.2026-11-01.jsonl.reviews.jsonl do not count here"]);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn ids_that_are_the_same_by_chance_say_nothing() {
    let shell = exports();
    shell.write("other.jsonl", posts(&["1", "2"]).replace("text", "words"));
    assert_eq!(shell.run("list other.jsonl").err, "");
}

#[test]
fn a_log_that_knows_the_posts_by_other_ids_is_told_as_well() {
    let shell = exports();
    shell.write("renamed.jsonl", posts(&["1", "2"]).replace("\"id\":\"", "\"id\":\"post-"));
    says(&shell.run("list renamed.jsonl"), "brings them in, on 2 of these posts, which have other ids there");
}

#[test]
fn a_file_and_a_folder_of_another_name_are_found_by_their_logs() {
    let shell = exports();
    fs::remove_file(shell.path(DECEMBER)).unwrap();
    fs::rename(shell.path(NOVEMBER), shell.path("blog.jsonl")).unwrap();
    says(
        &shell.run("list blog.jsonl"),
        "merge blog.jsonl.reviews.jsonl site.2026-11-01.jsonl.reviews.jsonl brings them in, on 2 of these posts",
    );
    for folder in ["old", "new"] {
        fs::create_dir(shell.path(folder)).unwrap();
        shell.write(&format!("{folder}/a.jsonl"), posts(&["p", "q"]));
    }
    fine(shell.run("mark old --id p --status reviewed"));
    says(&shell.run("list new"), "old/reviews.jsonl brings them in, on 1 of these posts");
    fs::create_dir(shell.path("old/part")).unwrap();
    fs::rename(shell.path("old/a.jsonl"), shell.path("old/part/a.jsonl")).unwrap();
    says(&shell.run("list old/part"), "old/reviews.jsonl brings them in, on 1 of these posts");
}
