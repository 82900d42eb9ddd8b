//! Posts that were changed in place since their columns were kept: nothing is decided by what they were.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::FileExt;

use crate::support::program::copydesk;
use crate::support::shell::{Said, Shell, fine};
use crate::support::terminal::Terminal;

const POSTS: usize = 6_000;

/// Posts whose score is 20, in a file that is large enough to be kept; a command has kept it.
fn kept() -> Shell {
    let shell = Shell::empty();
    let body = "w".repeat(700);
    let line =
        |n| format!("{{\"id\":\"p{n:04}\",\"title\":\"t {n:04}\",\"score\":20,\"body\":\"{body}\"}}\n");
    shell.write("posts.jsonl", (0..POSTS).map(line).collect::<Vec<_>>().concat());
    assert_eq!(run(&shell, "list posts.jsonl --filter score>=20 --format ids").out.lines().count(), POSTS);
    shell
}

/// Runs a command with a cache.
fn run(shell: &Shell, line: &str) -> Said {
    Said::of(shell.command(line).env("COPYDESK_CACHE_DIR", shell.path("cache")).output().unwrap())
}

/// Some posts get another score in place, and one is added, which makes the file one that has grown. Those among the
/// first 360 but for the first eight lie between the places by which a file is known.
fn change(shell: &Shell, changed: &[usize]) {
    let file = OpenOptions::new().write(true).open(shell.path("posts.jsonl")).unwrap();
    let line = shell.read("posts.jsonl").lines().next().unwrap().len() + 1;
    for n in changed {
        let at = n * line + "{\"id\":\"p0000\",\"title\":\"t 0000\",\"score\":".len();
        file.write_all_at(b"11", at as u64).unwrap();
    }
    let mut file = OpenOptions::new().append(true).open(shell.path("posts.jsonl")).unwrap();
    file.write_all(b"{\"id\":\"new\",\"title\":\"new\",\"score\":20,\"body\":\"b\"}\n").unwrap();
}

#[test]
fn a_filter_marks_no_post_by_what_it_was() {
    let shell = kept();
    let changed: Vec<usize> = (20..320).collect();
    change(&shell, &changed);
    let said = run(&shell, "mark posts.jsonl --filter score>=20 --status flagged");
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("posts were changed in place"), "{}", said.err);
    assert!(said.out.starts_with(&format!("{} marked flagged", POSTS + 1 - changed.len())), "{}", said.out);
    assert_eq!(run(&shell, "list posts.jsonl --filter score<20_status:flagged").code, 1);
    // What was read then is kept, and the next command says nothing.
    assert_eq!(
        fine(run(&shell, "list posts.jsonl --filter score<20 --format ids")).lines().count(),
        changed.len()
    );
}

#[test]
fn a_decided_post_that_was_changed_is_judged_as_it_is() {
    let shell = kept();
    fine(run(&shell, "mark posts.jsonl --id p0100 --status reviewed"));
    change(&shell, &[100, 200]);
    let said = run(&shell, "list posts.jsonl --filter is:stale --format ids");
    assert_eq!((said.code, said.out.as_str()), (0, "p0100\n"), "{}", said.err);
    let shown = fine(run(&shell, "show posts.jsonl --id p0200 --format json"));
    assert!(shown.contains("\"score\":11"), "{shown}");
}

#[test]
fn a_post_that_is_opened_and_has_changed_is_read_again() {
    let shell = kept();
    change(&shell, &[9]);
    let folder = shell.folder.path();
    let mut terminal = Terminal::start_with(
        folder,
        &["posts.jsonl"],
        &[("COPYDESK_CACHE_DIR", &shell.path("cache").to_string_lossy())],
    );
    terminal.until(&["Posts 6,001", "t 0009                                    20 "]);
    terminal.keys("jjjjjjjjj");
    terminal.until(&["10 / 6,001", "t 0009                                    11 ", "score         11"]);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    // And it is kept so.
    assert_eq!(fine(run(&shell, "list posts.jsonl --filter score<20 --format ids")), "p0009\n");
}

#[test]
fn a_cache_that_others_may_write_to_is_told_and_made_anew() {
    use std::os::unix::fs::PermissionsExt;
    let shell = kept();
    let entry = fs::read_dir(shell.path("cache")).unwrap().next().unwrap().unwrap().path();
    fs::set_permissions(&entry, fs::Permissions::from_mode(0o666)).unwrap();
    let listed = fine(Said::of(
        copydesk(shell.folder.path())
            .arg("cache")
            .env("COPYDESK_CACHE_DIR", shell.path("cache"))
            .output()
            .unwrap(),
    ));
    assert!(listed.contains("(not used: others may write to it)"), "{listed}");
    let said = run(&shell, "list posts.jsonl --limit 1");
    assert!(said.code == 0 && said.err.contains("is not used: others may write to it"), "{}", said.err);
    fine(run(&shell, "list posts.jsonl --limit 1"));
}
