//! Several logs, and posts that share an id: what one record names, and the log that it belongs to.

use std::collections::HashSet;
use std::fs;
use std::process::Command;

use crate::support::Desk;
use crate::support::program::deaf;
use crate::support::shell::{Said, Shell};
use crate::support::terminal::Terminal;
use copydesk::app::Event;
use copydesk::corpus::Sources;
use copydesk::review::{LineItem, Record, read_line};
use jiff::Timestamp;

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

/// Three logs; the only post of the second was decided on, and is gone.
fn with_a_post_that_is_gone() -> Shell {
    let shell = Shell::empty();
    for name in ["a", "b", "c"] {
        shell.write(&format!("{name}.jsonl"), post(&format!("{name}-1"), name));
    }
    shell.fine("mark a.jsonl b.jsonl c.jsonl --id b-1 --status reviewed");
    shell.write("b.jsonl", post("b-2", "another"));
    shell
}

/// The records of the second log, and no other log is there.
fn only_in_the_second(shell: &Shell) -> Vec<Record> {
    let logs: Vec<String> = shell.names().into_iter().filter(|name| name.contains("reviews")).collect();
    assert_eq!(logs, ["b.jsonl.reviews.jsonl"]);
    records(shell, "b.jsonl.reviews.jsonl")
}

#[test]
fn an_undo_stands_in_the_log_of_what_it_takes_back_though_the_post_is_gone() {
    let shell = with_a_post_that_is_gone();
    let id = only_in_the_second(&shell).remove(0).id;
    shell.fine("undo a.jsonl b.jsonl c.jsonl");
    assert_eq!(only_in_the_second(&shell)[1].undo.as_ref(), Some(&id));
    shell.fine("undo a.jsonl b.jsonl c.jsonl --redo");
    shell.fine(&format!("undo a.jsonl b.jsonl c.jsonl --record {}", only_in_the_second(&shell)[2].id));
    let vals: Vec<String> = only_in_the_second(&shell).into_iter().map(|record| record.val).collect();
    assert_eq!(vals, ["reviewed", "unreviewed", "reviewed", "unreviewed"]);
}

#[test]
fn the_screen_undoes_in_the_log_of_what_it_takes_back_as_well() {
    let shell = with_a_post_that_is_gone();
    let mut terminal = Terminal::start(shell.folder.path(), &["a.jsonl", "b.jsonl", "c.jsonl"]);
    terminal.until(&["Posts 3", "saved ✓"]);
    terminal.keys("u");
    terminal.until(&["Undone: b-1 is unreviewed again", "saved ✓"]);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(only_in_the_second(&shell).len(), 2);
}

#[test]
fn what_came_while_the_desk_was_open_is_undone_in_its_own_log() {
    let shell = with_a_post_that_is_gone();
    let mut theirs = only_in_the_second(&shell);
    theirs[0].by = "mara".to_owned();
    // Later than anything at the desk.
    theirs[0].at = Timestamp::constant(4_000_000_000, 0);
    let paths = ["a.jsonl", "b.jsonl", "c.jsonl"].map(|name| shell.path(name));
    let mut desk = Desk::of(Sources::open(&paths).unwrap().0, &[]).keys("r");
    desk.happen(Event::Records(1, theirs));
    // Also while posts are being read: what is undone is known without them.
    desk.happen(Event::Progress { bytes: 1, total: 2 });
    desk.press("uu<ctrl-r><ctrl-r>Gr");
    let said = desk.said();
    assert_eq!(
        (said[1].as_str(), said[2].as_str()),
        ("b-1 status=unreviewed (undo)", "a-1 status=unreviewed (undo)")
    );
    assert_eq!(
        said[3..],
        ["a-1 status=reviewed (undo)", "b-1 status=reviewed (undo)", "c-1 status=reviewed"]
    );
    assert_eq!(desk.roots, [0, 1, 0, 0, 1, 2]);
}

#[test]
fn records_that_share_an_id_all_count_in_any_order_and_are_told() {
    let shell = Shell::empty();
    shell.write("a.jsonl", post("p", "one") + &post("q", "two"));
    let line = |post: &str, val: &str| {
        format!(
            "{{\"v\":1,\"id\":\"w-0001\",\"by\":\"mara\",\"op\":\"set\",\"post\":\"{post}\",\"key\":\"status\",\"val\":\"{val}\"}}\n"
        )
    };
    let lines = [line("p", "reviewed"), line("p", "flagged"), line("q", "skipped")];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        shell.write("a.jsonl.reviews.jsonl", order.map(|at| lines[at].as_str()).concat());
        assert_eq!(shell.run("list a.jsonl --filter status:flagged --format ids").out, "p\n", "{order:?}");
        assert_eq!(shell.run("list a.jsonl --filter status:skipped --format ids").out, "q\n", "{order:?}");
        let said = shell.run("check a.jsonl");
        assert_eq!(said.code, 1);
        assert!(said.out.contains("3 records have the id w-0001 and say different things"), "{}", said.out);
    }
    shell.fine("mark a.jsonl --id p --status reviewed");
    assert_eq!(shell.run("list a.jsonl --filter is:conflict").code, 1, "whoever decides ends the conflict");
}

#[test]
fn after_an_undo_the_flag_is_of_the_one_who_made_it_also_in_an_export_and_a_short_log() {
    let shell = Shell::new();
    shell.fine("mark posts.jsonl --id desk-001 --status flagged --why meta --reviewer bert");
    let as_before = |when: &str| {
        let by = |name: &str| shell.run(&format!("list posts.jsonl --filter by:{name} --format ids")).out;
        assert_eq!((by("bert").as_str(), by("anna").as_str()), ("desk-001\n", ""), "{when}");
        shell.fine("export posts.jsonl --out out.jsonl --force");
        let exported = shell.read("out.jsonl");
        assert!(
            exported.contains(r#""reviewed_by":"bert""#) && !exported.contains("anna"),
            "{when}: {exported}"
        );
    };
    as_before("flagged");
    shell.fine("mark posts.jsonl --id desk-001 --status reviewed --reviewer anna");
    shell.fine("undo posts.jsonl --reviewer anna");
    as_before("undone");
    shell.fine("mark posts.jsonl --filter stack:python --status skipped --reviewer anna");
    shell.fine("undo posts.jsonl --reviewer anna");
    as_before("undone in bulk");
    shell.fine("log compact posts.jsonl");
    as_before("compacted");
}

/// A log that begins with a decision on many posts begins with a line of megabytes.
#[test]
fn a_log_may_begin_with_a_decision_on_many_posts() {
    let shell = Shell::empty();
    let posts: String = (0..5_000).map(|number| post(&format!("{number:0>600}"), "x")).collect();
    shell.write("posts.jsonl", posts);
    let named = "posts.jsonl --sidecar log.jsonl";
    shell.fine(&format!("mark {named} --filter stack:go --status reviewed"));
    let log = shell.read("log.jsonl");
    assert!(log.lines().count() == 1 && log.len() > 3_000_000);
    assert_eq!(reviewed(&shell, named), 5_000);
    assert_eq!(shell.fine(&format!("undo {named}")).out, "undone: 5000 posts\n");
    assert_eq!(reviewed(&shell, named), 0);
    // What is none is refused, however much there is of it.
    shell.write("log.jsonl", "x".repeat(20_000_000));
    shell.refused(&format!("mark {named} --filter stack:go --status reviewed"), "holds no record");
}

#[test]
fn decisions_that_are_not_read_with_the_posts_are_told() {
    let shell = Shell::empty();
    std::fs::create_dir_all(shell.path("posts/more")).unwrap();
    shell.write("posts/a.jsonl", post("one", "x"));
    shell.write("posts/more/b.jsonl", post("two", "y"));
    // What is read says nothing.
    let quiet = shell.fine("mark posts --id two --status reviewed --own-log --reviewer tom");
    assert_eq!(quiet.err, "");
    assert_eq!(shell.run("list posts --filter status:flagged").err, "");
    shell.fine("mark posts/a.jsonl --id one --status flagged --why unsafe");
    let words = "the decisions in posts/a.jsonl.reviews.jsonl do not count here; copydesk merge posts/reviews.jsonl posts/a.jsonl.reviews.jsonl brings them in";
    let gate = shell.run("list posts --filter status:unreviewed --format ids");
    assert!(gate.err.contains(words), "{}", gate.err);
    let check = shell.run("check posts");
    assert!(check.code == 1 && check.out.contains(words) && check.out.contains("1 problem"), "{}", check.out);
    // Both at once read both, and a log that is named is the one that is meant.
    assert_eq!(shell.run("list posts posts/a.jsonl").err, "");
    assert_eq!(shell.run("list posts --sidecar posts/a.jsonl.reviews.jsonl").err, "");
    // The other way round.
    let file = shell.run("list posts/a.jsonl");
    assert!(file.err.is_empty(), "there is only tom's own log: {}", file.err);
    shell.fine("mark posts --id one --status skipped");
    let file = shell.run("list posts/a.jsonl");
    assert!(file.err.contains("the decisions in posts/reviews.jsonl do not count here"), "{}", file.err);
    // The screen says so, and what it advises helps.
    let mut terminal = Terminal::start(&shell.path(""), &["posts"]);
    terminal.until(&["the decisions in posts/a.jsonl.reviews.jsonl do not count here"]);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    shell.fine("merge posts/reviews.jsonl posts/a.jsonl.reviews.jsonl");
    std::fs::remove_file(shell.path("posts/a.jsonl.reviews.jsonl")).unwrap();
    let conflict = shell.run("list posts --filter is:conflict --format ids");
    assert_eq!((conflict.out.as_str(), conflict.err.as_str()), ("one\n", ""));
    // Posts in a file that is named like a log are not passed over in silence.
    shell.write("posts/more/reviews.jsonl", post("three", "z"));
    let named = shell.run("list posts");
    assert!(named.err.contains("posts/more/reviews.jsonl is named like a review log"), "{}", named.err);
}

/// A command whose files may not grow beyond 8 KiB, which stands for a disk that is full.
fn run_in_little_room(shell: &Shell, line: &str) -> Said {
    let program = env!("CARGO_BIN_EXE_copydesk");
    let script = format!("trap '' XFSZ; ulimit -f 16; exec '{program}' {line}");
    Said::of(deaf(Command::new("sh"), shell.folder.path()).args(["-c", &script]).output().unwrap())
}

#[test]
fn what_a_command_could_not_save_is_printed_with_what_it_has_saved() {
    let shell = Shell::empty();
    for folder in ["a", "t"] {
        fs::create_dir(shell.path(folder)).unwrap();
    }
    shell.write("a/x.jsonl", [post("a-1", "one"), post("a-2", "two")].concat());
    shell.write("t/q.jsonl", [post("q-1", "one"), post("q-2", "two"), post("q-3", "three")].concat());
    let (roomy, full) = ("a/x.jsonl.reviews.jsonl", "t/q.jsonl.reviews.jsonl");
    shell.fine("mark t/q.jsonl --id q-1 --status skipped");
    let log = shell.read(full);
    shell.write(full, format!("{log}{}\n", " ".repeat(8 * 1024 - 1 - log.len())));
    let before = shell.read(full);
    let said =
        run_in_little_room(&shell, "mark a/x.jsonl t/q.jsonl --filter stack:go --status flagged --why image");
    assert_eq!((said.code, said.out.as_str()), (3, ""), "{}", said.err);
    for words in [
        "Make room, and try again",
        "2 posts were marked flagged before that, in a/x.jsonl.reviews.jsonl\n",
        "3 posts are not marked flagged; as lines of the review log:\nFor t/q.jsonl.reviews.jsonl:\n{\"v\":1,",
    ] {
        assert!(said.err.contains(words), "{words}: {}", said.err);
    }
    assert!(!said.err.contains("kept"), "{}", said.err);
    assert_eq!(shell.read(full), before);
    assert_eq!(reviewed_as(&shell, "a/x.jsonl", "flagged"), 2);
    // What was printed is what was not saved: put into the log, it is the decision.
    let lines: Vec<&str> = said.err.lines().filter(|line| line.starts_with('{')).collect();
    shell.write(full, format!("{before}{}\n", lines.join("\n")));
    assert_eq!(reviewed_as(&shell, "t/q.jsonl", "flagged"), 3);
    assert_eq!(shell.run("check a/x.jsonl t/q.jsonl").code, 0);
    // The same of an undo, which begins with the last one: none of it is taken back.
    let said = run_in_little_room(&shell, "undo a/x.jsonl t/q.jsonl");
    assert_eq!((said.code, said.out.as_str()), (3, ""), "{}", said.err);
    assert!(said.err.contains("Nothing was written before that\n5 posts are not undone; as"), "{}", said.err);
    assert!(said.err.contains("\nFor a/x.jsonl.reviews.jsonl:\n{\"v\":1,"), "{}", said.err);
    // One decision alone.
    let said = run_in_little_room(&shell, "mark t/q.jsonl --id q-2 --status reviewed");
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(
        said.err.contains("Nothing was written before that\n1 post is not marked reviewed;"),
        "{}",
        said.err
    );
    assert_eq!(said.err.matches("\n{").count(), 1);
    assert_eq!(shell.read(roomy).lines().count(), 1);
}

/// How many posts have a status.
fn reviewed_as(shell: &Shell, paths: &str, status: &str) -> usize {
    shell.fine(&format!("list {paths} --filter status:{status} --format ids")).out.lines().count()
}
