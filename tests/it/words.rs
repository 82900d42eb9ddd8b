//! Words of the command line that could be something else: a value or an option, a command or a file.

use crate::support::posts;
use crate::support::shell::{Shell, fine, refused};

#[test]
fn a_command_that_is_mistyped_is_told_from_a_file_that_is_missing() {
    let shell = Shell::new();
    shell.refused("stat posts.jsonl", "there is no file stat; did you mean the command stats?");
    shell.refused("exprot posts.jsonl", "there is no file exprot; did you mean the command export?");
    // A file of that name is one, and what is near no command is a file that is missing.
    shell.write("stat", posts());
    shell.refused("stat", "no terminal");
    shell.refused("stat posts.jsonl", "no terminal");
    shell.refused("qqqqqq posts.jsonl", "no terminal");
}

#[test]
fn a_value_may_begin_with_a_sign_and_an_option_is_none() {
    let shell = Shell::new();
    shell.write("odd.jsonl", "{\"id\":\"-1\",\"title\":\"t\"}\n{\"id\":\"--x\",\"title\":\"u\"}\n");
    let without = fine(shell.run("list posts.jsonl --filter -stack:python --format ids"));
    assert_eq!(without, fine(shell.run("list posts.jsonl --filter=-stack:python --format ids")));
    assert_eq!(without.lines().count(), 3);
    assert!(fine(shell.run("facets posts.jsonl --field stack --filter -stack:python")).contains("go"));
    let exported = shell.fine("export posts.jsonl --filter -stack:python --out -");
    assert_eq!(exported.out.lines().count(), 3);
    let mark = "mark odd.jsonl --id -1 --status flagged --why -image --note -_see_caption --reviewer -m";
    assert!(fine(shell.run(mark)).starts_with("1 marked flagged"));
    assert!(shell.run("show odd.jsonl --id -1").err.contains(", note: - see caption"));
    assert_eq!(fine(shell.run("log odd.jsonl --id -1 --by -m --format ids")).lines().count(), 1);
    assert!(fine(shell.run("mark odd.jsonl --filter -id:1 --status reviewed")).starts_with("1 marked"));
    assert_eq!(shell.run("show odd.jsonl --id --x").code, 0);
    // What is left out is not made up for by the next option.
    for line in [
        "list posts.jsonl --filter --format ids",
        "list posts.jsonl --filter --format=ids",
        "list posts.jsonl --sort --limit 3",
        "mark posts.jsonl --id --status reviewed",
        "mark posts.jsonl --id desk-001 --status flagged --note --dry-run",
        "show posts.jsonl --reviewer --id desk-001",
    ] {
        refused(shell.run(line), "is an option, and the value before it is missing");
    }
    refused(shell.run("list posts.jsonl --filter"), "a value is required");
    refused(shell.run("list posts.jsonl --filter -- x"), "");
    assert!(!shell.path("posts.jsonl.reviews.jsonl").exists());
}
