//! How far the reviewing has got, on the screen and on the command line.

use crate::support::program::copydesk;
use crate::support::{Desk, posts};

#[test]
fn numbers_tell_what_was_decided_at_which_pace_and_what_is_left() {
    let mut desk = Desk::open(&posts()).keys("rf2jju");
    assert!(desk.screen().contains("s/post"), "the pace stands at the top");
    desk.press("d");
    insta::assert_snapshot!("numbers_120x40", desk.screen());
    desk.resize(80, 24);
    insta::assert_snapshot!("numbers_80x24", desk.screen());
    desk.press("G");
    assert!(desk.screen().contains("Decided of each stack") || desk.screen().contains("backend"));
    desk.press("d");
    assert!(!desk.screen().contains("Pace of"));
}

#[test]
fn reasons_are_counted_while_they_hold() {
    let mut desk = Desk::open(&posts()).keys("f1f2fimage, Facts<enter>");
    let screen = desk.press_and("d").screen();
    let said = |screen: &str, reason: &str| {
        let line = screen.lines().find(|line| line.contains(&format!("  {reason} ")));
        let line = line.map(|line| line.split('│').find(|part| part.contains(reason)).unwrap());
        line.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    assert!(screen.contains("Flagged because"), "{screen}");
    assert!(said(&screen, "facts").is_some_and(|line| line.contains("2 66.7 %")), "{screen}");
    assert!(said(&screen, "image").is_some_and(|line| line.contains("2 66.7 %")), "{screen}");
    let screen = desk.press_and("<esc>uud").screen();
    assert!(said(&screen, "facts").is_some_and(|line| line.contains("1 100.0 %")), "{screen}");
    assert!(said(&screen, "image").is_none(), "{screen}");
}

#[test]
fn before_the_first_decision_nothing_is_made_up() {
    let screen = Desk::open(&posts()).keys("d").screen();
    assert!(screen.contains("not known yet"), "{screen}");
    assert!(!screen.contains("Posts a day") && !screen.contains("Score of"), "{screen}");
}

/// Many short posts, every second about python.
fn many() -> String {
    let post = |number: usize| {
        let stack = ["go", "python"][number % 2];
        format!(
            "{{\"id\":\"p-{number}\",\"title\":\"post {number}\",\"body\":\"words\",\"stack\":[\"{stack}\"]}}\n"
        )
    };
    (0..30).map(post).collect()
}

#[test]
fn what_is_left_is_told_after_ten_posts_and_in_the_view_apart() {
    let few = Desk::open(&many()).keys("rrrrrrrrrd").screen();
    assert!(few.contains("so far there are 9") && !few.contains("left"), "{few}");
    let screen = Desk::open(&many()).keys("rrrrrrrrrr/stack:python<enter>d").screen();
    assert!(screen.contains("the median of the last 10"), "{screen}");
    assert!(screen.contains("20 unreviewed posts:"), "{screen}");
    assert!(screen.contains("left in this view") && screen.contains("10 unreviewed posts:"), "{screen}");
}

#[test]
fn a_post_that_is_decided_on_twice_is_one_post_of_the_day() {
    let screen = Desk::open(&many()).keys("rkf2ksjrd").screen();
    let day = screen.lines().find(|line| line.contains("2026-09-21  ")).unwrap_or_else(|| panic!("{screen}"));
    // The first post three times, the second once.
    let count = day.rsplit('█').next().unwrap().split_whitespace().next();
    assert_eq!(count, Some("2"), "{screen}");
}

#[test]
fn the_command_line_tells_the_same() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let run = |arguments: &[&str]| {
        let output = copydesk(folder.path()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["mark", "posts.jsonl", "--id", "desk-003", "--status", "flagged", "--reviewer", "mara"]);
    let stats = run(&["stats", "posts.jsonl", "--format", "json", "--reviewer", "mara"]);
    let stats: serde_json::Value = serde_json::from_str(&stats).unwrap();
    assert_eq!(stats["stack"]["backend"]["flagged"], 1, "{stats}");
    assert_eq!(stats["stack"]["backend"]["unreviewed"], 4, "{stats}");
    // 41 is the score of that post.
    assert_eq!(stats["scores"]["flagged"][4], 1, "{stats}");
    assert_eq!(stats["pace"]["by"], "mara", "{stats}");
    let days = stats["pace"]["days"].as_array().unwrap();
    let decided = |day: &serde_json::Value| day["single"].as_u64().unwrap() + day["bulk"].as_u64().unwrap();
    assert_eq!(days.iter().map(decided).sum::<u64>(), 1, "{stats}");
    assert!(stats["pace"]["post"].is_null(), "nobody looked at it: {stats}");
    let table = run(&["stats", "posts.jsonl", "--reviewer", "mara"]);
    assert!(table.contains("decisions"), "{table}");
}
