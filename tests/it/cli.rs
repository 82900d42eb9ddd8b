//! The commands as a shell runs them: what they print, what they leave behind, how they end.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::posts;
use crate::support::shell::{Said, Shell, fifo, fine, refused};

#[test]
fn list_filters_sorts_and_limits() {
    let shell = Shell::new();
    let ids = fine(shell.run("list posts.jsonl --filter score>=70 --sort -score --limit 2 --format ids"));
    assert_eq!(ids, "desk-005\ndesk-002\n");
    let table = fine(shell.run("list posts.jsonl --filter stack:python"));
    assert!(table.starts_with("status      score  stack"), "{table}");
    assert_eq!(table.lines().count(), 3, "{table}");
    let csv = fine(shell.run("list posts.jsonl --filter stack:python --limit 1 --format csv"));
    assert!(csv.contains("unreviewed,73,\"python services, backend\",reviewed,,desk-001,"), "{csv}");
    let none = shell.run("list posts.jsonl --filter stack:cobol");
    assert_eq!(none.code, 1);
    refused(shell.run("list posts.jsonl --filter stakc:go"), "did you mean stack?");
}

#[test]
fn json_is_the_canonical_post_and_what_was_decided() {
    let shell = Shell::new();
    fine(shell.run("mark posts.jsonl --id desk-001 --status flagged --why image --note look_again"));
    let line = fine(shell.run("list posts.jsonl --filter status:flagged --format jsonl"));
    let post: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(post["review"]["status"], "flagged");
    assert_eq!(post["review"]["why"][0], "image");
    assert_eq!(post["review"]["note"], "look again");
    assert_eq!(post["review"]["by"], "mara");
    assert_eq!(post["review"]["claimed"], "reviewed");
    assert_eq!(post["score"]["quality"], 73);
    let one = fine(shell.run("show posts.jsonl --id desk-001 --format json"));
    assert_eq!(serde_json::from_str::<serde_json::Value>(&one).unwrap(), post);
    let all = fine(shell.run("list posts.jsonl --format json"));
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&all).unwrap().len(), 5);
}

#[test]
fn text_is_read_again_as_the_same_post() {
    let shell = Shell::new();
    let text = fine(shell.run("show posts.jsonl --id desk-002"));
    shell.write("page.txt", &text);
    assert_eq!(fine(shell.run("show page.txt --id desk-002 --format text")), text);
    let of = |file: &str| fine(shell.run(&format!("show {file} --id desk-002 --format json")));
    assert_eq!(of("page.txt"), of("posts.jsonl"));
    refused(shell.run("show posts.jsonl --id desk-999"), "no post has the id \"desk-999\"");
}

#[test]
fn marks_are_records_and_undo_is_one_step() {
    let shell = Shell::new();
    let dry = fine(shell.run("mark posts.jsonl --filter stack:python --status skipped --dry-run"));
    assert!(dry.contains("would mark 2 posts skipped (now: 2 unreviewed)"), "{dry}");
    assert!(!shell.path("posts.jsonl.reviews.jsonl").exists());
    assert_eq!(
        fine(shell.run("mark posts.jsonl --filter stack:python --status skipped")),
        "2 marked skipped; in posts.jsonl.reviews.jsonl\n"
    );
    let again = fine(shell.run("mark posts.jsonl --filter stack:python --status skipped"));
    assert_eq!(again, "0 marked skipped, 2 were so already; nothing was written\n");
    assert_eq!(shell.read("posts.jsonl.reviews.jsonl").lines().count(), 1);
    assert_eq!(fine(shell.run("undo posts.jsonl")), "undone: 2 posts\n");
    assert_eq!(shell.run("list posts.jsonl --filter status:skipped").code, 1);
    fine(shell.run("undo posts.jsonl --redo"));
    assert_eq!(fine(shell.run("list posts.jsonl --filter status:skipped --format ids")).lines().count(), 2);
    let log = fine(shell.run("log posts.jsonl"));
    assert_eq!(log.lines().count(), 4, "{log}");
    assert!(log.contains("desk-001 and 1 more") && log.contains("(undo)") && log.contains("(redo)"), "{log}");
    let asked = fine(shell.run("log posts.jsonl --id desk-004"));
    assert!(asked.contains("desk-004 and 1 more"), "{asked}");
    // What an undo has made of the post is said, and an undo of a redo is an undo.
    assert!(asked.contains("unreviewed (undo)") && asked.contains("skipped (redo)"), "{asked}");
    assert_eq!(fine(shell.run("undo posts.jsonl")), "undone: 2 posts\n");
    let asked = fine(shell.run("log posts.jsonl --id desk-004"));
    assert_eq!((asked.matches("(undo)").count(), asked.matches("(redo)").count()), (2, 1), "{asked}");
    assert_eq!(fine(shell.run("undo posts.jsonl --redo")), "redone: 2 posts\n");
    refused(shell.run("mark posts.jsonl --filter= --status skipped"), "would mark every post");
    assert_eq!(fine(shell.run("log posts.jsonl --id desk-004 --format ids")).lines().count(), 5);
    let nothing = shell.run("undo posts.jsonl --reviewer tom");
    assert_eq!((nothing.code, nothing.out.as_str()), (1, "There is nothing of yours to undo\n"));
    assert_eq!(shell.read("posts.jsonl"), posts(), "the posts are never written");
}

#[test]
fn stats_count_and_check_finds() {
    let shell = Shell::new();
    fine(shell.run("mark posts.jsonl --id desk-003 --status flagged --why image"));
    let json: serde_json::Value =
        serde_json::from_str(&fine(shell.run("stats posts.jsonl --format json"))).unwrap();
    assert_eq!(json["posts"], 5);
    assert_eq!(json["status"]["flagged"], 1);
    assert_eq!(json["why"]["image"], 1);
    assert_eq!(json["by"]["mara"], 1);
    assert_eq!(fine(shell.run("check posts.jsonl")), "5 posts, no problem\n");

    let broken: String = posts()
        .lines()
        .enumerate()
        .map(|(at, line)| if at % 2 == 1 { format!("{}\n", &line[..60]) } else { format!("{line}\n") })
        .collect();
    shell.write("broken.jsonl", broken.trim_end());
    let checked = shell.run("check broken.jsonl");
    assert_eq!(checked.code, 1);
    assert!(checked.out.contains("✗ broken.jsonl:2 (byte "), "{}", checked.out);
    assert!(checked.out.ends_with("3 posts, 2 problems\n"), "{}", checked.out);
    let listed = shell.fine("list broken.jsonl --format ids");
    assert_eq!(listed.out, "desk-001\ndesk-003\ndesk-005\n");
    assert!(
        listed.err.contains("posts.jsonl.reviews.jsonl brings them in, on 1 of these posts"),
        "{}",
        listed.err
    );

    shell.write(
        "posts.jsonl.reviews.jsonl",
        format!("{}{{\"v\":1,\"torn", shell.read("posts.jsonl.reviews.jsonl")),
    );
    let checked = shell.run("check posts.jsonl");
    assert_eq!(checked.code, 1);
    assert!(checked.out.contains("posts.jsonl.reviews.jsonl:2 (byte "), "{}", checked.out);
}

#[test]
fn a_decision_is_stale_while_the_text_is_another() {
    let shell = Shell::new();
    fine(shell.run("mark posts.jsonl --id desk-001 --status reviewed"));
    shell.write("posts.jsonl", posts().replace("Measure first", "Measure twice"));
    assert_eq!(shell.run("list posts.jsonl --filter status:reviewed").code, 1);
    assert_eq!(fine(shell.run("list posts.jsonl --filter is:stale --format ids")), "desk-001\n");
    shell.write(
        "posts.jsonl",
        posts().replace("\"view_count\":1", "\"view_count\":9").replace(",\"title\"", " ,  \"title\""),
    );
    assert_eq!(fine(shell.run("list posts.jsonl --filter status:reviewed --format ids")), "desk-001\n");
}

#[test]
fn what_cannot_be_opened_is_refused_in_a_sentence() {
    let shell = Shell::new();
    refused(shell.run("list nowhere.jsonl"), "nowhere.jsonl");
    fs::create_dir(shell.path("empty")).unwrap();
    refused(shell.run("list empty"), "empty");
    shell.write("binary.jsonl", [0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0xff, 0xfe, 0x00]);
    refused(shell.run("list binary.jsonl"), "binary.jsonl");
    fifo(&shell.path("pipe.jsonl"));
    refused(shell.run("list pipe.jsonl"), "pipe.jsonl");
    shell.write("secret.jsonl", posts());
    fs::set_permissions(shell.path("secret.jsonl"), fs::Permissions::from_mode(0o0)).unwrap();
    // Root reads everything; for anybody else it is an error.
    if fs::File::open(shell.path("secret.jsonl")).is_err() {
        refused(shell.run("list secret.jsonl"), "secret.jsonl");
    }
    symlink("nowhere", shell.path("dangling.jsonl")).unwrap();
    refused(shell.run("list dangling.jsonl"), "dangling.jsonl");
    shell.write("nothing.jsonl", "");
    assert_eq!(shell.run("list nothing.jsonl").code, 1);
    assert_eq!(fine(shell.run("check nothing.jsonl")), "0 posts, no problem\n");
}

#[test]
fn a_log_that_cannot_be_written_refuses_the_decision_and_not_the_reading() {
    let shell = Shell::new();
    shell.write("precious", "precious");
    symlink("precious", shell.path("posts.jsonl.reviews.jsonl")).unwrap();
    refused(shell.run("mark posts.jsonl --id desk-001 --status reviewed"), "symbolic link");
    assert_eq!(shell.read("precious"), "precious");
    let elsewhere = fine(shell.run("mark posts.jsonl --id desk-001 --status reviewed --sidecar mine.jsonl"));
    assert_eq!(elsewhere, "1 marked reviewed; in mine.jsonl\n");
    assert_eq!(shell.read("mine.jsonl").lines().count(), 1);
}

#[test]
fn a_log_is_never_a_file_of_posts() {
    let shell = Shell::new();
    refused(
        shell.run("mark posts.jsonl --id desk-001 --status reviewed --sidecar posts.jsonl"),
        "never written to",
    );
    shell.write("other.jsonl", "{\"id\":\"y\",\"title\":\"posts of somebody else\"}\n");
    refused(
        shell.run("mark posts.jsonl --id desk-001 --status reviewed --sidecar other.jsonl"),
        "holds no record",
    );
    assert_eq!(shell.read("posts.jsonl"), posts());
    fine(shell.run("mark posts.jsonl --id desk-001 --status reviewed --sidecar log.jsonl"));
    fine(shell.run("mark posts.jsonl --id desk-002 --status reviewed --sidecar log.jsonl"));
    assert_eq!(shell.read("log.jsonl").lines().count(), 2);
}

#[test]
fn without_a_terminal_the_screen_is_refused_without_an_escape() {
    let shell = Shell::new();
    refused(shell.run("posts.jsonl"), "there is no terminal");
    refused(shell.run(""), "there is no terminal");
    assert!(!Path::new(&shell.path("data")).exists());
}

#[test]
fn the_command_line_explains_itself() {
    let shell = Shell::new();
    let help = fine(shell.run("--help"));
    assert!(help.contains("Examples:") && help.contains("copydesk list posts.jsonl"), "{help}");
    assert!(fine(shell.run("--version")).starts_with("copydesk "));
    assert_eq!(shell.run("mark posts.jsonl --status reviewed").code, 2);
    assert_eq!(shell.run("list").code, 2);
    refused(
        shell.run("mark posts.jsonl --id desk-001 --status reviewed --why image"),
        "--why is the reason of a flag",
    );
}

#[test]
fn text_that_acts_is_safe_in_every_output() {
    let shell = Shell::new();
    let hostile = "{\"id\":\"x\\u001b[2J\",\"title\":\"a\\u202eb\\u001b]0;t\\u0007\",\"body\":\"c\\u009bd\"}\n{\"id\":\"\\u001b[31m";
    shell.write("hostile\u{1b}[31m.jsonl", hostile);
    for command in [
        "list",
        "check",
        "stats",
        "log",
        "list --format csv",
        "list --format jsonl",
        "list --format ids",
        "list --format json",
    ] {
        let said = shell.run(&format!("{command} hostile\u{1b}[31m.jsonl"));
        for text in [said.out, said.err] {
            let acts = |c: char| (c.is_control() && !matches!(c, '\n' | '\r')) || c == '\u{202e}';
            assert!(!text.contains(acts), "{command}: {text:?}");
        }
    }
}

#[test]
fn posts_come_from_standard_input_folders_and_several_paths() {
    let shell = Shell::new();
    fs::create_dir(shell.path("folder")).unwrap();
    for (number, line) in (1..).zip(posts().lines()) {
        shell.write(&format!("folder/{number}.json"), line);
    }
    assert_eq!(fine(shell.run("list folder --format ids")).lines().count(), 5);
    fine(shell.run("mark folder --id desk-002 --status reviewed"));
    assert!(shell.path("folder/reviews.jsonl").exists());
    assert_eq!(fine(shell.run("list folder --filter status:reviewed --format ids")), "desk-002\n");
    assert_eq!(
        fine(shell.run("list folder posts.jsonl --filter status:reviewed --format ids")),
        "desk-002\ndesk-002\n"
    );
    let checked = shell.run("check folder posts.jsonl");
    assert!(checked.out.contains("2 posts have the id desk-001"), "{}", checked.out);
    let mut child =
        shell.command("list - --format ids").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), posts().as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    // Decisions on what comes from a pipe have a folder that nobody has made yet.
    let marked = Command::new("sh")
        .args([
            "-c",
            &format!(
                "{} mark - --id desk-001 --status reviewed < posts.jsonl",
                env!("CARGO_BIN_EXE_copydesk")
            ),
        ])
        .current_dir(shell.folder.path())
        .env("COPYDESK_DATA_DIR", shell.path("not/yet/there"))
        .output()
        .unwrap();
    assert!(marked.status.success(), "{marked:?}");
    assert!(shell.path("not/yet/there/stdin.reviews.jsonl").exists());
    assert_eq!(String::from_utf8(out.stdout).unwrap().lines().count(), 5);
}

#[test]
fn the_history_is_filtered_by_who_and_when() {
    let shell = Shell::new();
    fine(shell.run("mark posts.jsonl --id desk-001 --status reviewed --reviewer mara"));
    fine(shell.run("mark posts.jsonl --id desk-001 --status flagged --reviewer tom"));
    let ids = |line: &str| fine(shell.run(line)).lines().count();
    assert_eq!(ids("log posts.jsonl --format ids"), 2);
    let toms = fine(shell.run("log posts.jsonl --by tom"));
    assert!(toms.contains("flagged") && !toms.contains("mara"), "{toms}");
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    // The day may end while the test runs.
    assert_eq!(ids(&format!("log posts.jsonl --format ids --since {today} --until 9999-12-31")), 2);
    assert_eq!(shell.run("log posts.jsonl --until 2001-01-01").code, 1);
    assert_eq!(ids("log posts.jsonl --id desk-001 --by mara --since 2001-01-01T12:00:00Z --format ids"), 1);
    refused(shell.run("log posts.jsonl --since yesterday"), "expected a day as 2026-09-21");
}

#[test]
fn a_log_is_compacted_by_hand_and_says_where_everything_is() {
    let shell = Shell::new();
    for status in ["reviewed", "flagged", "skipped"] {
        fine(shell.run(&format!("mark posts.jsonl --id desk-001 --status {status}")));
    }
    let before = shell.read("posts.jsonl.reviews.jsonl");
    let said = fine(shell.run("log compact posts.jsonl"));
    assert!(said.contains("1 lines kept as they were, 2 moved to"), "{said}");
    assert_eq!(shell.read("posts.jsonl.reviews.jsonl"), before.lines().last().unwrap().to_owned() + "\n");
    assert_eq!(shell.read("posts.jsonl.reviews.jsonl.archive").lines().count(), 2);
    let backup = fs::read_dir(shell.folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let backup = backup.into_iter().find(|path| path.to_string_lossy().contains(".backup-")).unwrap();
    assert_eq!(fs::read_to_string(backup).unwrap(), before);
    let list = fine(shell.run("list posts.jsonl --filter status:skipped --format ids"));
    assert_eq!(list, "desk-001\n");
    assert!(fine(shell.run("log compact posts.jsonl")).contains("nothing was changed"));
    let undone = shell.run("undo posts.jsonl");
    assert!(undone.code == 1 && undone.out.contains("when it was compacted"), "{}", undone.out);
    refused(shell.run("log"), "<PATHS>");
}

#[test]
fn logs_are_merged_and_checked() {
    let shell = Shell::new();
    fine(shell.run("mark posts.jsonl --id desk-001 --status reviewed --reviewer mara --sidecar a.jsonl"));
    fine(shell.run("mark posts.jsonl --id desk-001 --status flagged --reviewer tom --sidecar b.jsonl"));
    let said = fine(shell.run("merge posts.jsonl.reviews.jsonl a.jsonl b.jsonl"));
    assert_eq!(said, "2 records added to posts.jsonl.reviews.jsonl, 0 were there already\n");
    assert_eq!(shell.read("posts.jsonl.reviews.jsonl"), shell.read("a.jsonl") + &shell.read("b.jsonl"));
    let said = fine(shell.run("merge posts.jsonl.reviews.jsonl a.jsonl"));
    assert!(said.starts_with("0 records added"), "{said}");
    let checked = shell.run("check posts.jsonl");
    assert_eq!(checked.code, 1);
    assert!(checked.out.contains("decided differently on desk-001; flagged counts"), "{}", checked.out);
    refused(shell.run("merge posts.jsonl.reviews.jsonl posts.jsonl"), "holds no record of a review log");
    shell.write(
        "posts.jsonl.reviews.jsonl",
        "{\"v\":1,\"id\":\"h-1\",\"by\":\"li\",\"op\":\"set\",\"post\":\"desk-002\",\"key\":\"status\",\"val\":\"flagged\"}\n",
    );
    let checked = fine(shell.run("check posts.jsonl"));
    assert!(checked.contains("1 records of the log carry no checksum"), "{checked}");
}

#[test]
fn git_is_told_to_merge_logs_line_by_line_once() {
    let shell = Shell::new();
    refused(shell.run("init"), "is in no git repository");
    fs::create_dir_all(shell.path(".git")).unwrap();
    fs::create_dir(shell.path("posts")).unwrap();
    shell.write(".gitattributes", "*.png binary");
    fine(shell.run("init posts"));
    let expected = "*.png binary\n*.reviews*.jsonl -text merge=union\nreviews*.jsonl -text merge=union\n";
    assert_eq!(shell.read(".gitattributes"), expected);
    assert!(fine(shell.run("init")).contains("says so already"));
    assert_eq!(shell.read(".gitattributes"), expected);
    refused(shell.run("init nowhere"), "is no folder");
}

#[test]
fn a_record_of_the_history_is_undone_out_of_order() {
    let shell = Shell::new();
    fine(shell.run("mark posts.jsonl --id desk-001 --status reviewed"));
    fine(shell.run("mark posts.jsonl --id desk-002 --status flagged"));
    let first = fine(shell.run("log posts.jsonl --id desk-001 --format ids"));
    let said = fine(shell.run(&format!("undo posts.jsonl --record {}", first.trim())));
    assert_eq!(said, "undone: status of desk-001 is unreviewed again\n");
    assert_eq!(fine(shell.run("list posts.jsonl --filter status:flagged --format ids")), "desk-002\n");
    let unknown = shell.run("undo posts.jsonl --record nobody-0001");
    assert!(unknown.code == 1 && unknown.out.contains("no decision nobody-0001"), "{}", unknown.out);
}

#[test]
fn values_are_counted_and_each_has_its_filter() {
    let shell = Shell::new();
    let said = fine(shell.run("facets posts.jsonl --field stack --filter score<80 --format csv"));
    assert_eq!(
        said,
        "value,posts,share,filter\r\nbackend,3,100.0 %,stack=backend\r\npython services,2,66.7 %,\
         \"stack=\"\"python services\"\"\"\r\nrust services,1,33.3 %,\"stack=\"\"rust services\"\"\"\r\n"
    );
    fine(shell.run("generate --count 400 --seed 3 --out made.jsonl"));
    for field in ["stack", "host", "claimed", "flag"] {
        let said = fine(shell.run(&format!("facets made.jsonl --field {field} --limit 6 --format json")));
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        for value in said["values"].as_array().unwrap() {
            let filter = value["filter"].as_str().unwrap();
            let arguments = ["list", "made.jsonl", "--filter", filter, "--format", "ids"];
            let found = fine(Said::of(shell.command("").args(arguments).output().unwrap())).lines().count();
            assert_eq!(value["posts"].as_u64(), u64::try_from(found).ok(), "{filter}");
        }
    }
    let wider = fine(shell.run("list made.jsonl --filter stack:go --format ids")).lines().count();
    let whole = fine(shell.run("list made.jsonl --filter stack=go --format ids")).lines().count();
    assert!(whole > 0 && wider > whole, "{whole} {wider}");
    let said = fine(shell.run("facets posts.jsonl --field by --format csv"));
    assert_eq!(said, "value,posts,share,filter\r\n,5,100.0 %,\"by=\"\"\"\"\"\r\n");
    assert_eq!(fine(shell.run("list posts.jsonl --filter by=\"\" --format ids")).lines().count(), 5);
    refused(shell.run("list posts.jsonl --filter text=disk"), "write text: instead of text=");
    let said = fine(shell.run("facets posts.jsonl --field by --format json"));
    assert_eq!(said, "{\"field\":\"by\",\"posts\":5,\"missing\":5,\"different\":0,\"values\":[]}\n");
    let said = shell.run("facets posts.jsonl --field title");
    assert!(said.code == 2 && said.err.contains("expected one of: stack tool"), "{}", said.err);
}

#[test]
fn a_flag_again_leaves_the_note_and_tells_what_it_replaces() {
    let shell = Shell::new();
    let note = |id: &str| {
        let post: serde_json::Value =
            serde_json::from_str(&fine(shell.run(&format!("show posts.jsonl --id {id} --format json"))))
                .unwrap();
        post["review"]["note"].clone()
    };
    fine(shell.run("mark posts.jsonl --id desk-001 --status flagged --why image --note caption"));
    fine(shell.run("mark posts.jsonl --id desk-002 --status reviewed --reviewer tom"));
    let many = "mark posts.jsonl --id desk-001 --id desk-002 --id desk-003 --status flagged --why links";
    let dry = fine(shell.run(&format!("{many} --dry-run")));
    let words = "(now: 1 unreviewed, 1 reviewed, 1 flagged; it would replace 1 decision of others, 1 flag with its reasons)";
    assert!(dry.contains(words), "{dry}");
    fine(shell.run(many));
    assert_eq!((note("desk-001"), note("desk-003")), ("caption".into(), serde_json::Value::Null));
    fine(shell.run("mark posts.jsonl --id desk-001 --status flagged --why meta"));
    assert_eq!(note("desk-001"), "caption");
    fine(shell.run("mark posts.jsonl --id desk-001 --id desk-003 --status flagged --why meta --note="));
    assert_eq!(note("desk-001"), serde_json::Value::Null);
}

#[test]
fn who_decided_why_when_and_with_which_note_can_be_asked_for() {
    let shell = Shell::new();
    fine(shell.run("mark posts.jsonl --id desk-002 --status flagged --why image,tone --note look_again"));
    fine(shell.run("mark posts.jsonl --id desk-004 --status reviewed --reviewer Ola_K."));
    for (filter, ids) in [
        ("by:mara", "desk-002\n"),
        ("by:ola", "desk-004\n"),
        ("why:tone,text", "desk-002\n"),
        ("note:AGAIN", "desk-002\n"),
        ("is:noted", "desk-002\n"),
        ("decided:..1d_sort:-by", "desk-004\ndesk-002\n"),
        ("status:reviewed,flagged", "desk-002\ndesk-004\n"),
    ] {
        let said = fine(shell.run(&format!("list posts.jsonl --format ids --filter {filter}")));
        assert_eq!(said, ids, "{filter}");
    }
    assert_eq!(shell.run("list posts.jsonl --format ids --filter decided:1d..").code, 1);
    let said = shell.run("list posts.jsonl --filter by>3");
    assert!(said.err.contains("by is no number"), "{}", said.err);
}

#[test]
fn the_help_says_nothing_of_what_the_environment_holds() {
    let shell = Shell::new();
    for words in ["--help", "-h", "review --help", "mark --help", "list --help"] {
        let output = shell
            .command(words)
            .env("COPYDESK_REVIEWER", "mara\u{1b}]0;title\u{7}sofia")
            .env("COPYDESK_THEME", "a theme of mine")
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && said.contains("COPYDESK_REVIEWER"), "{words}: {said}");
        assert!(
            !["mara", "sofia", "of mine", "\u{1b}"].iter().any(|part| said.contains(part)),
            "{words}: {said}"
        );
    }
}

#[test]
fn decisions_are_signed_by_the_account_where_nothing_else_says_who() {
    let shell = Shell::new();
    let mut command = shell.command("mark posts.jsonl --id desk-001 --status reviewed");
    for name in ["COPYDESK_REVIEWER", "USER", "LOGNAME"] {
        command.env_remove(name);
    }
    assert!(command.status().unwrap().success());
    let log = shell.read("posts.jsonl.reviews.jsonl");
    let id = Command::new("id").arg("-un").output().unwrap();
    let name = String::from_utf8(id.stdout).unwrap();
    // An account that no file lists has no name here either.
    let listed = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let is_listed = listed.lines().any(|line| line.split(':').next() == Some(name.trim()));
    let by = if is_listed { name.trim() } else { "unknown" };
    assert!(log.contains(&format!("\"by\":\"{by}\"")), "{log}");
}
