//! Queries that have a name, and those that were typed before.

use crate::support::program::copydesk;
use crate::support::shell::{Said, Shell, fine, refused};
use crate::support::{Desk, posts};

#[test]
fn a_query_gets_a_name_is_listed_with_its_posts_and_forgotten() {
    let mut desk = Desk::open(&posts()).keys("/score>70<enter>:save good<enter>");
    assert!(desk.screen().contains("@good is score>70"), "{}", desk.screen());
    desk.press("/<ctrl-u>@good stack:go<enter>");
    assert_eq!(desk.app.list.view.len(), 1);
    desk.press(":save go-good<enter>");
    let saved: Vec<_> = desk.named.iter().map(|(name, query)| (name.as_str(), query.as_deref())).collect();
    assert_eq!(saved, [("good", Some("score>70")), ("go-good", Some("@good stack:go"))]);
    insta::assert_snapshot!("named_120x40", desk.press_and("Q").screen());
    insta::assert_snapshot!("named_80x24", desk.resized(80, 24).screen());
    desk.press("j<enter>");
    assert_eq!((desk.app.list.text.as_str(), desk.app.list.view.len()), ("@good", 3));
    desk.press("Qj<del>");
    assert_eq!(desk.named.last(), Some(&("good".to_owned(), None)));
    assert!(
        desk.screen().contains("no query with the name"),
        "what is made of it says so: {}",
        desk.screen()
    );
    desk.press("<del><esc>");
    assert!(desk.app.popup.is_none(), "none is left");
}

#[test]
fn a_query_is_never_made_of_itself() {
    let mut desk =
        Desk::open(&posts()).keys("/score>70<enter>:save a<enter>/<ctrl-u>@a stack:go<enter>:save a<enter>");
    assert_eq!(desk.app.names.get("a"), Some("score>70 stack:go"));
    desk.press("/<ctrl-u>@a<enter>:save b<enter>/<ctrl-u>@b<enter>:save a<enter>");
    assert_eq!(desk.app.names.get("a"), Some("score>70 stack:go"));
    for (script, words) in [
        (":save no/name<enter>", "letters, digits"),
        ("<esc>:forget c<enter>", "no query has the name"),
        ("<esc><esc>:save x<enter>", "there is no filter"),
    ] {
        desk.press(script);
        assert!(desk.screen().contains(words), "{words}: {}", desk.screen());
    }
}

#[test]
fn names_are_completed_where_they_are_saved_and_forgotten() {
    let mut desk = Desk::open(&posts())
        .keys("/score>70<enter>:save good<enter>/<ctrl-u>disk<enter>:save full<enter>:forget ");
    let screen = desk.screen();
    assert!(screen.contains("forget full") && screen.contains("forget good    score>70"), "{screen}");
    // Enter takes the first only once it stands on the line.
    desk.press("<enter>");
    assert_eq!(desk.app.names.iter().count(), 2);
    desk.press("<enter>");
    assert_eq!((desk.app.names.get("full"), desk.app.names.iter().count()), (None, 1));
    desk.press(":save g<tab>");
    assert!(desk.screen().contains("now: score>70"), "{}", desk.screen());
    desk.press("<enter>");
    assert_eq!(desk.app.names.get("good"), Some("disk"));
    // A name that nothing has is a new one, though others fit its letters.
    desk.press(":save go<enter>");
    assert_eq!((desk.app.names.get("go"), desk.app.names.get("good")), (Some("disk"), Some("disk")));
}

#[test]
fn queries_that_were_typed_come_back() {
    let mut desk = Desk::open(&posts()).keys("/stack:go<enter>/<ctrl-u>disk<enter>/<ctrl-u>dra");
    assert_eq!(desk.typed, ["stack:go", "disk"]);
    desk.press("<ctrl-p>");
    assert_eq!(desk.app.list.text, "disk");
    desk.press("<ctrl-p>");
    assert_eq!((desk.app.list.text.as_str(), desk.app.list.view.len()), ("stack:go", 1));
    desk.press("<alt-down><ctrl-n>");
    assert_eq!(desk.app.list.text, "dra");
    desk.press("<esc>");
    assert_eq!(desk.app.list.text, "disk");
}

#[test]
fn names_are_known_to_every_command() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    std::fs::write(folder.path().join("queries.toml"), "good = \"score>70\" # mine\nbad = 3\n").unwrap();
    let list = |filter: &str| {
        let output = copydesk(folder.path())
            .args(["list", "posts.jsonl", "--format", "ids", "--filter", filter])
            .env("COPYDESK_CONFIG_DIR", folder.path())
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, ids, _) = list("@good -stack:go");
    assert_eq!((code, ids.lines().count()), (Some(0), 2), "{ids}");
    let (code, _, why) = list("@goood");
    assert_eq!(code, Some(2));
    assert!(why.contains("did you mean @good?"), "{why}");
}

#[test]
fn the_log_says_what_a_name_stood_for() {
    let shell = Shell::new();
    shell.write("queries.toml", "weak = \"score<80 or stack=X\"\nall = \"\"\n");
    let mark = |filter: &str| {
        let command = ["mark", "posts.jsonl", "--status", "skipped", "--filter", filter];
        let folder = shell.path("");
        Said::of(shell.command("").args(command).env("COPYDESK_CONFIG_DIR", folder).output().unwrap())
    };
    fine(mark("  @weak   Stack:backend sort:title"));
    let log = shell.read("posts.jsonl.reviews.jsonl");
    assert!(log.contains("\"filter\":\"(score<80 or stack=X) stack:backend\""), "{log}");
    for filter in ["@all", "sort:title"] {
        refused(mark(filter), "would mark every post");
    }
    let before = "/score=41 or  stack=X<enter>:save weak<enter>";
    let mut desk = Desk::open(&posts()).keys(&format!("{before}/<ctrl-u>@weak sort:title<enter>*s<enter>"));
    assert_eq!(desk.records[0].filter.as_deref(), Some("score=41 or stack=X"));
    desk.press("/<ctrl-u><enter>:mark flagged why=image where @weak Stack:backend<enter><enter>");
    assert_eq!(desk.records[1].filter.as_deref(), Some("(score=41 or stack=X) stack:backend"));
}
