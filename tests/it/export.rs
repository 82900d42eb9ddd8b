//! `copydesk export`: what goes out, and what is never written to.

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::posts;
use crate::support::program::{copydesk, deaf};
use crate::support::shell::{Said, Shell};
use copydesk::corpus::{Corpus, Loaded, Sources, body, load};
use copydesk::model::Post;

/// The posts with decisions of all kinds.
fn decided() -> Shell {
    let shell = Shell::new();
    shell.fine("mark posts.jsonl --id desk-001 --status reviewed");
    shell.fine("mark posts.jsonl --id desk-002 --status flagged --why image --note =1+1");
    shell.fine("mark posts.jsonl --id desk-003 --status skipped");
    shell.fine("mark posts.jsonl --id desk-004 --status reviewed");
    let changed = posts().replace("feature flags that never came down", "feature flags that came down");
    shell.write("posts.jsonl", changed);
    shell
}

/// The posts of a text, as the program reads them.
fn read(name: &str, text: &str) -> Vec<Post> {
    let sources = Sources::in_memory(vec![(name.to_owned(), text.as_bytes().to_vec())]);
    let mut corpus = Corpus::default();
    load(&sources, &mut |loaded| {
        match loaded {
            Loaded::Segment(segment) => corpus.push(segment).for_each(drop),
            Loaded::Problem(problem) => panic!("{problem}"),
            _ => {}
        }
        std::ops::ControlFlow::Continue(())
    });
    corpus.rows().map(|row| body::read(&sources, corpus.get(row).unwrap()).unwrap()).collect()
}

/// A post without what an export writes.
fn without_claims(mut post: Post) -> Post {
    post.fields.retain(|(name, _)| name != "revision" && name != "flags");
    post
}

#[test]
fn jsonl_read_again_is_the_same_posts_with_the_decisions_as_their_claims() {
    let shell = decided();
    let said = shell.fine("export posts.jsonl --out out.jsonl");
    assert_eq!(
        said.err,
        "5 posts in out.jsonl: 1 reviewed, 1 flagged, 1 skipped, 2 unreviewed\n\
         1 of them because the text has changed since the decision\n"
    );
    assert_eq!(said.out, "");
    let before = read("posts.jsonl", &shell.read("posts.jsonl"));
    let after = read("out.jsonl", &shell.read("out.jsonl"));
    let claims: Vec<_> = after
        .iter()
        .map(|post| (post.claimed_status().unwrap(), post.flag("needs_human_review").unwrap()))
        .collect();
    assert_eq!(
        claims,
        [
            ("reviewed", false),
            ("flagged", true),
            ("skipped", true),
            ("unreviewed", true),
            ("unreviewed", true)
        ]
    );
    let revision = |post: &Post, key: &str| {
        post.get("revision").unwrap().get(key).map(|value| value.as_text().unwrap().to_owned())
    };
    assert_eq!(revision(&after[0], "reviewed_by").as_deref(), Some("mara"));
    assert_eq!(revision(&after[0], "version").as_deref(), Some("1.0.1"), "the rest of the field stays");
    assert_eq!(revision(&after[1], "note").as_deref(), Some("=1+1"));
    assert_eq!(after[1].flag("flagged_image"), Some(true));
    assert_eq!(revision(&after[3], "reviewed_by"), None, "a stale decision is none");
    let strip = |posts: Vec<Post>| posts.into_iter().map(without_claims).collect::<Vec<_>>();
    assert_eq!(strip(after), strip(before));
    // The list is the same posts in another form.
    shell.fine("export posts.jsonl --out out.json");
    assert_eq!(read("a.jsonl", &shell.read("out.jsonl")), read("a.json", &shell.read("out.json")));
}

#[test]
fn a_filter_and_an_order_hold_as_in_list() {
    let shell = decided();
    let said = shell.fine("export posts.jsonl --filter score>=60 --sort -score --out -");
    let ids: Vec<String> = read("a.jsonl", &said.out).iter().map(|post| post.id.to_string()).collect();
    assert_eq!(ids, ["desk-005", "desk-002", "desk-001", "desk-004"]);
    assert!(said.err.starts_with("4 posts in standard output: "), "{}", said.err);
    let said = shell.run("export posts.jsonl --filter score>100 --out none.jsonl");
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(!shell.path("none.jsonl").exists());
    shell.refused("export posts.jsonl --filter stakc:x --out none.jsonl", "there is no field \"stakc\"");
    assert_eq!(shell.run("export posts.jsonl").code, 2, "--out is asked for");
}

#[test]
fn people_who_disagree_leave_a_post_unreviewed() {
    let shell = Shell::new();
    shell.fine("mark posts.jsonl --id desk-001 --status reviewed");
    let log = shell.read("posts.jsonl.reviews.jsonl");
    fs::remove_file(shell.path("posts.jsonl.reviews.jsonl")).unwrap();
    shell.fine("mark posts.jsonl --id desk-001 --status flagged --reviewer tom");
    shell.write("posts.jsonl.reviews.other.jsonl", &log);
    let said = shell.fine("export posts.jsonl --filter id:desk-001 --out -");
    assert_eq!(read("a.jsonl", &said.out)[0].claimed_status(), Some("unreviewed"));
    assert!(said.err.contains("1 of them because people have decided differently"), "{}", said.err);
}

#[test]
fn csv_is_for_spreadsheets_and_runs_nothing_there() {
    let shell = Shell::new();
    shell.write(
        "odd.jsonl",
        concat!(
            r#"{"id":"=cmd|' /C calc'!A0","title":"@SUM(1)","body":"a, \"b\"\n\n+1\u001b[2J","stack":["-x","y"],"view_count":12,"score":{"quality":-5,"depth":"=2"},"reading_time":"+9"}"#,
            "\n"
        ),
    );
    shell.fine("mark odd.jsonl --filter views=12 --status flagged --why=-2 --note ＝1");
    let said = shell.fine("export odd.jsonl --out out.csv");
    assert!(said.err.starts_with("1 post in out.csv"));
    let text = shell.read("out.csv");
    let (header, line) = text.split_once("\r\n").unwrap();
    assert!(header.starts_with("id,title,status,claimed,why,note,reviewed_by,last_reviewed,"), "{header}");
    let day = jiff_day(&line.replace("\"\"", ""));
    let expected = format!(
        "\"'=cmd|' /C calc'!A0\",\"'@SUM(1)\",flagged,,\"'-2\",\"'＝1\",mara,{day},,\"'-x; y\",,,,\"'+9\",12,,-5,,\"'=2\",,0,\"a, \"\"b\"\"\n\n+1␛[2J\"\r\n"
    );
    assert_eq!(line, expected);
}

/// The one cell of a line that is a day.
fn jiff_day(line: &str) -> String {
    let is_day = |cell: &&str| cell.parse::<jiff::civil::Date>().is_ok();
    line.split(',').find(is_day).unwrap().to_owned()
}

#[test]
fn nothing_is_overwritten_without_force() {
    let shell = decided();
    shell.write("there.jsonl", "precious");
    shell.refused("export posts.jsonl --out there.jsonl", "--force");
    assert_eq!(shell.read("there.jsonl"), "precious");
    shell.fine("export posts.jsonl --out there.jsonl --force");
    assert_eq!(read("a.jsonl", &shell.read("there.jsonl")).len(), 5);
}

#[test]
fn posts_and_decisions_are_never_written_to() {
    let shell = decided();
    let log = "posts.jsonl.reviews.jsonl";
    fs::create_dir(shell.path("sub")).unwrap();
    fs::create_dir(shell.path("pages")).unwrap();
    shell.write("pages/a.txt", "a title\n\na block.\n");
    symlink(shell.path("posts.jsonl"), shell.path("link.jsonl")).unwrap();
    symlink(shell.folder.path(), shell.path("door")).unwrap();
    symlink("nowhere", shell.path("dangling.jsonl")).unwrap();
    fs::hard_link(shell.path("posts.jsonl"), shell.path("hard.jsonl")).unwrap();
    let before = (shell.read("posts.jsonl"), shell.read(log), shell.names());
    let inode = fs::metadata(shell.path("posts.jsonl")).unwrap().ino();
    for out in [
        "posts.jsonl",
        "./posts.jsonl",
        "sub/../posts.jsonl",
        "door/posts.jsonl",
        "link.jsonl",
        "hard.jsonl",
        "posts.jsonl.reviews.jsonl",
        "door/posts.jsonl.reviews.jsonl",
        "posts.jsonl.reviews.tom.jsonl",
        "reviews.jsonl",
    ] {
        shell.refused(&format!("export posts.jsonl --force --out {out}"), "--out");
    }
    for out in ["dangling.jsonl", "sub", "/dev/null"] {
        shell.refused(&format!("export posts.jsonl --force --out {out}"), "regular file");
    }
    shell.refused("export posts.jsonl --out missing/out.jsonl", "must be there");
    shell.refused("export posts.jsonl --out ..", "names no file");
    shell.refused("export pages --out pages/new.jsonl", "among the posts");
    shell.refused("export pages --out door/pages/new.jsonl", "among the posts");
    shell.refused("export posts.jsonl pages --force --out pages/a.txt", "among the posts");
    shell.refused("export posts.jsonl --sidecar my.log --out my.log", "review log");
    assert_eq!((shell.read("posts.jsonl"), shell.read(log), shell.names()), before);
    assert_eq!(fs::metadata(shell.path("posts.jsonl")).unwrap().ino(), inode);
    assert_eq!(shell.read("pages/a.txt"), "a title\n\na block.\n");
}

/// By whatever name, in this run or of another one, and whoever writes.
#[test]
fn no_log_no_archive_and_no_backup_is_ever_written_over() {
    let shell = decided();
    shell.fine("mark posts.jsonl --sidecar team.jsonl --id desk-001 --status reviewed");
    shell.fine("mark posts.jsonl --sidecar team.jsonl --id desk-001 --status flagged");
    shell.fine("log compact posts.jsonl --sidecar team.jsonl");
    shell.fine("mark posts.jsonl --id desk-002 --status reviewed");
    shell.fine("log compact posts.jsonl");
    // What is moved away may be no record, and an archive may be named before there is one.
    shell.write("own.jsonl", shell.read("team.jsonl"));
    shell.write("own.jsonl.archive", "torn");
    shell.write("newer", "{\"v\":7,\"id\":\"a-1\"}\n");
    fs::create_dir(shell.path("config")).unwrap();
    let is_kept = |name: &&String| name.contains("reviews") || name.contains("team") || name.contains("own");
    let mut kept: Vec<String> = shell.names().iter().filter(is_kept).cloned().collect();
    assert_eq!(kept.iter().filter(|name| name.contains(".archive")).count(), 3, "{kept:?}");
    assert_eq!(kept.iter().filter(|name| name.contains(".backup-")).count(), 2, "{kept:?}");
    kept.push("newer".to_owned());
    let before: Vec<String> = kept.iter().map(|name| shell.read(name)).collect();
    let names = shell.names();
    kept.push("other.jsonl.reviews.jsonl.archive".to_owned());
    for name in &kept {
        for line in [
            format!("export posts.jsonl --force --format jsonl --out {name}"),
            format!("export posts.jsonl --force --format csv --out ./{name}"),
            format!("generate --count 1 --force --out {name}"),
            format!("generate --count 1 --force --out new.jsonl --truth {name}"),
        ] {
            shell.refused(&line, "review log");
        }
        shell.refused(&format!("config init --force --config {name}"), "review log");
    }
    kept.pop();
    assert_eq!(kept.iter().map(|name| shell.read(name)).collect::<Vec<_>>(), before);
    assert_eq!(shell.names(), names);
    // An export of before is none of it, whatever its posts quote.
    shell.write("quotes.jsonl", r#"{"id":"a","title":"{\"v\":1,\"id\":\"x-1\"}","body":"\n=======\n"}"#);
    for out in ["out.jsonl", "out.csv", "out.json"] {
        shell.fine(&format!("export quotes.jsonl --out {out}"));
        shell.fine(&format!("export quotes.jsonl --force --out {out}"));
    }
}

#[test]
fn where_there_is_no_room_the_old_file_stays() {
    let shell = decided();
    shell.write("there.jsonl", "precious");
    let before = shell.names();
    // A limit of one block on what is written stands for a disk that is full.
    let program = env!("CARGO_BIN_EXE_copydesk");
    let script =
        format!("trap '' XFSZ; ulimit -f 1; exec '{program}' export posts.jsonl --out there.jsonl --force");
    let said = {
        let mut shell_words = deaf(Command::new("sh"), shell.folder.path());
        Said::of(shell_words.args(["-c", &script]).output().unwrap())
    };
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("is there room?"), "{}", said.err);
    assert_eq!(shell.read("there.jsonl"), "precious");
    assert_eq!(shell.names(), before, "nothing is left behind");
    if Path::new("/dev/full").exists() {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let said = Said::of(
            shell
                .command("export posts.jsonl --out -")
                .stdout(full)
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
                .wait_with_output()
                .unwrap(),
        );
        assert_eq!(said.code, 2);
        assert!(said.err.contains("is there room?"), "{}", said.err);
    }
}

#[test]
fn what_posts_say_acts_on_no_terminal_in_any_format() {
    let shell = Shell::new();
    let hostile =
        r#"{"id":"a\u001b]52;c;eA==\u0007","title":"t\u202e\u009b31m","body":"b\u001b[2J\r\n\u200b"}"#;
    shell.write("posts.jsonl", format!("{hostile}\n"));
    for format in ["jsonl", "json", "csv"] {
        let said = shell.fine(&format!("export posts.jsonl --out - --format {format}"));
        let acts =
            |c: char| (c.is_control() && c != '\n' && c != '\r') || matches!(c, '\u{202e}' | '\u{200b}');
        assert!(!said.out.contains(acts), "{format}: {:?}", said.out);
        if format == "jsonl" {
            assert_eq!(
                without_claims(read("a.jsonl", &said.out).remove(0)),
                read("b.jsonl", hostile).remove(0),
                "and JSON says the same"
            );
        }
    }
}

/// Interrupted in the midst of it, nothing of it stays, not even under a hidden name.
#[test]
fn what_is_in_the_making_goes_with_a_signal() {
    use rustix::process::{Pid, Signal, kill_process};
    let shell = Shell::new();
    // More than any machine makes in the time that a signal takes. TERM, since whoever runs the tests may
    // have the others ignored.
    let made = shell.path("many.jsonl");
    for (words, signal) in [
        (
            &["generate", "--count", "3000000", "--out", "made.jsonl", "--truth", "truth.jsonl"][..],
            Signal::TERM,
        ),
        (&["generate", "--count", "3000000", "--as", "pages", "--out", "made.d"], Signal::TERM),
        (&["export", "many.jsonl", "--out", "made.jsonl", "--no-cache"], Signal::TERM),
    ] {
        if words[0] == "export" {
            let twenty = ["generate", "--count", "20000", "--out", "many.jsonl"];
            let status = copydesk(shell.folder.path()).args(twenty).stdout(Stdio::null()).status();
            assert!(status.unwrap().success() && made.exists());
        }
        let names = || -> Vec<String> {
            let files = fs::read_dir(shell.folder.path()).unwrap();
            files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned()).collect()
        };
        let before = names();
        let mut child = copydesk(shell.folder.path()).args(words).stderr(Stdio::null()).spawn().unwrap();
        while !names().iter().any(|name| name.starts_with(".made.")) {
            assert_eq!(child.try_wait().unwrap(), None, "{words:?}: it was never seen in the making");
            std::thread::yield_now();
        }
        kill_process(Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap(), signal).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(128 + signal.as_raw()), "{words:?}");
        assert_eq!(names(), before, "{words:?}");
    }
}

#[test]
fn an_ending_that_says_no_format_is_refused_before_anything_is_written() {
    let shell = Shell::new();
    shell.refused(
        "export posts.jsonl --out ex.xyz",
        "the ending .xyz says no format; name one with --format: jsonl, json or csv",
    );
    assert!(!shell.names().contains(&"ex.xyz".to_owned()));
    shell.fine("export posts.jsonl --out ex.xyz --format csv");
    shell.fine("export posts.jsonl --out plain");
    assert!(shell.read("plain").starts_with('{'));
}
