//! Hostile posts, names, logs and settings: nothing of them acts on the terminal, hides, runs anything or
//! takes the program down.
//!
//! The table of what was tried is kept in docs/HOSTILE.md; `COPYDESK_UPDATE=1 cargo test --test it hostile::`
//! makes it anew. `COPYDESK_HOSTILE=full cargo test --release --test it hostile:: -- --nocapture` is the long form.

mod bytes;
mod desk;
mod inputs;
mod long;
mod oracle;
mod run;
mod sanitiser;

use std::fmt::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support;
use inputs::{PROVED_ELSEWHERE, inputs};

const HEAD: &str = "# Hostile inputs, and what became of them

Made by `COPYDESK_UPDATE=1 cargo test --test it hostile::`. Each input goes through `check`, `list` in every format, `show`, `stats`
and `log`, and through the screen: every post, pane, popup and prompt, in six sizes. Of each output every byte is looked at:
nothing that acts on a terminal or hides text may be in it. \"Seen\" is what `check` says.

| | input | expected | seen |
|---|---|---|---|
";

fn is_full() -> bool {
    std::env::var("COPYDESK_HOSTILE").is_ok_and(|form| form == "full")
}

#[test]
fn every_input_behaves() {
    let inputs = inputs();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let seen = std::sync::Mutex::new(Vec::new());
    let work = || {
        while let Some(input) = inputs.get(next.fetch_add(1, std::sync::atomic::Ordering::SeqCst)) {
            let start = std::time::Instant::now();
            let outcome = std::panic::catch_unwind(|| run::see(input));
            println!("{:>8.1?} {} {}", start.elapsed(), input.group, input.name);
            let mut seen = seen.lock().unwrap();
            seen.push((input.group, input.name, outcome.map_err(|why| said(&*why))));
        }
    };
    std::thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(work))));
    let seen = seen.into_inner().unwrap();
    let mut rows: Vec<(u8, String)> = Vec::new();
    let failures: Vec<String> = seen.iter().filter_map(|(.., seen)| seen.clone().err()).collect();
    assert!(failures.is_empty(), "{} inputs:\n{}", failures.len(), failures.join("\n---\n"));
    for input in &inputs {
        let seen = seen.iter().find(|(group, name, _)| (*group, *name) == (input.group, input.name));
        let seen = seen.and_then(|(.., seen)| seen.clone().ok()).unwrap();
        let cell = |text: &str| text.replace('|', "\\|");
        let seen: String = seen.chars().take(150).collect();
        rows.push((
            input.group,
            format!(
                "| {} | {} | {} | {} |",
                input.group,
                cell(input.name),
                cell(input.expected),
                cell(&seen)
            ),
        ));
    }
    for (group, name, expected, proof) in PROVED_ELSEWHERE {
        rows.push((*group, format!("| {group} | {name} | {expected} | {proof} |")));
    }
    rows.sort_by_key(|(group, _)| *group);
    let groups: std::collections::BTreeSet<u8> = rows.iter().map(|(group, _)| *group).collect();
    assert_eq!(groups.into_iter().collect::<Vec<_>>(), (1..=75).collect::<Vec<_>>(), "every group has a row");
    let mut made = HEAD.to_owned();
    rows.iter().for_each(|(_, row)| writeln!(made, "{row}").unwrap());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/HOSTILE.md");
    if std::env::var_os("COPYDESK_UPDATE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "docs/HOSTILE.md is stale: COPYDESK_UPDATE=1 cargo test --test it hostile::");
}

fn said(why: &(dyn std::any::Any + Send)) -> String {
    let text = why.downcast_ref::<String>().cloned();
    text.or_else(|| why.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

/// `--follow-links` follows a link to a log, and to nothing else.
#[test]
fn a_link_is_followed_only_to_a_log() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("posts.jsonl"), support::posts()).unwrap();
    std::fs::write(folder.join("precious"), "alias ls=rm\n").unwrap();
    std::fs::write(folder.join("log.jsonl"), "").unwrap();
    let link = folder.join("posts.jsonl.reviews.jsonl");
    let words = ["mark", "posts.jsonl", "--id", "desk-001", "--status", "reviewed"].map(std::ffi::OsStr::new);
    let follow = [&words[..], &[std::ffi::OsStr::new("--follow-links")]].concat();
    for (target, plain, followed) in [
        ("log.jsonl", 2, 0),
        ("precious", 2, 2),
        ("posts.jsonl", 2, 2),
        ("nothing", 2, 2),
        ("/dev/null", 2, 2),
    ] {
        std::os::unix::fs::symlink(target, &link).unwrap();
        assert_eq!(run::run(folder, &words).code, plain, "{target}");
        let said = run::run(folder, &follow);
        assert_eq!(said.code, followed, "{target}: {}", said.text);
        std::fs::remove_file(&link).unwrap();
    }
    assert_eq!(std::fs::read_to_string(folder.join("precious")).unwrap(), "alias ls=rm\n");
    assert_eq!(std::fs::read_to_string(folder.join("posts.jsonl")).unwrap(), support::posts());
    assert_eq!(std::fs::read_to_string(folder.join("log.jsonl")).unwrap().lines().count(), 1);
    // A second name is a file of somebody else.
    std::fs::hard_link(folder.join("precious"), &link).unwrap();
    assert_eq!(run::run(folder, &words).code, 2);
    assert_eq!(std::fs::read_to_string(folder.join("precious")).unwrap(), "alias ls=rm\n");
}

/// Names that copydesk might use are taken by links to something precious; none is followed.
#[test]
fn nothing_planted_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("posts.jsonl"), support::posts()).unwrap();
    std::fs::write(folder.join("precious"), "precious").unwrap();
    for name in [
        "posts.jsonl.reviews.jsonl.tmp",
        "posts.jsonl.reviews.jsonl.lock",
        "posts.jsonl.reviews.jsonl.archive",
        ".posts.jsonl.reviews.jsonl.swp",
        "posts.jsonl.tmp",
    ] {
        std::os::unix::fs::symlink("precious", folder.join(name)).unwrap();
    }
    let words = |line: &'static str| line.split(' ').map(std::ffi::OsStr::new).collect::<Vec<_>>();
    for status in ["reviewed", "flagged"] {
        let mut line = words("mark posts.jsonl --id desk-001 --status");
        line.push(std::ffi::OsStr::new(status));
        assert_eq!(run::run(folder, &line).code, 0);
    }
    run::run(folder, &words("log compact posts.jsonl"));
    run::run(folder, &words("generate --count 2 --out made.jsonl"));
    assert_eq!(std::fs::read_to_string(folder.join("precious")).unwrap(), "precious");
    // Whoever may replace the log is told of.
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o777)).unwrap();
    let said = run::run(folder, &words("check posts.jsonl"));
    assert!(said.text.contains("writable for all"), "{}", said.text);
}

/// No home, folders that are files, relative, hostile or not to be written to: defaults, and the posts are shown.
#[test]
fn no_home_is_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("posts.jsonl"), support::posts().repeat(3_000)).unwrap();
    std::fs::write(folder.join("a-file"), "").unwrap();
    support::shell::fifo(&folder.join("a-fifo"));
    let home = "no\u{1b}[31m/such";
    for dir in ["relative", "/proc/nowhere", "a-file", "a-fifo", "", home] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_copydesk"))
            .args(["list", "posts.jsonl", "--limit", "2", "--format", "ids"])
            .current_dir(folder)
            .env_remove("HOME")
            .env("XDG_CACHE_HOME", dir)
            .env("XDG_DATA_HOME", dir)
            .env("XDG_CONFIG_HOME", dir)
            .env("COPYDESK_CACHE_DIR", dir)
            .env("COPYDESK_DATA_DIR", dir)
            .env("USER", "m\u{1b}[31mara\u{202e}")
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        assert_eq!(bytes::offence_in_output(&[output.stdout.clone(), output.stderr.clone()].concat()), None);
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "desk-001\ndesk-002\n", "{dir:?}");
    }
}

/// What was typed comes back in a mistake's explanation, and acts no more there than in a post; neither does
/// the name that the program itself was given.
#[test]
fn what_was_typed_is_hostile_too() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("posts.jsonl"), support::posts()).unwrap();
    let evil = "\u{1b}]0;x\u{7}\u{202e}\u{9b}2J";
    let lines: &[&[&str]] = &[
        &["list", "posts.jsonl", "--filter", "\u{1b}[31m:x"],
        &["list", "posts.jsonl", "--filter", "stack:\"\u{202e}"],
        &["list", "posts.jsonl", "--sort", "\u{1b}[31m"],
        &["list", "posts.jsonl", "--format", "\u{1b}[31m"],
        &["list", "posts.jsonl", "--limit", "\u{1b}[31m"],
        &["list", "posts.jsonl", "--\u{1b}[31m"],
        &["show", "posts.jsonl", "--id", "\u{1b}[31m\u{202e}"],
        &["mark", "posts.jsonl", "--id", "\u{1b}[31m", "--status", "reviewed"],
        &["mark", "posts.jsonl", "--id", "desk-001", "--status", "\u{1b}[31m"],
        &["log", "posts.jsonl", "--since", "\u{1b}[31m"],
        &["undo", "posts.jsonl", "--record", "\u{1b}[31m\u{202e}"],
        &[
            "mark",
            "posts.jsonl",
            "--id",
            "desk-001",
            "--status",
            "flagged",
            "--why",
            "\u{1b}[31m",
            "--note",
            "\u{202e}x\u{7}",
            "--reviewer",
            "\u{1b}[2J",
        ],
        &["undo", "posts.jsonl", "--reviewer", "\u{1b}[2J"],
        &["stats", "posts.jsonl"],
        &["log", "posts.jsonl", "--format", "json"],
        &["list", "posts.jsonl", "--sidecar", "\u{1b}[31m/no"],
        &["mark", "posts.jsonl", "--id", "desk-001", "--status", "reviewed", "--sidecar", "\u{1b}[31m/no"],
        &[
            "mark",
            "posts.jsonl",
            "--id",
            "desk-001",
            "--status",
            "reviewed",
            "--own-log",
            "--reviewer",
            "\u{1b}/../x",
        ],
        &["merge", "\u{1b}[31m", "\u{202e}"],
        &["generate", "--count", "1", "--out", "\u{1b}[31m/no/such"],
        &["init", "\u{1b}[31m"],
        &["\u{1b}[31m"],
    ];
    for line in lines {
        let words: Vec<&std::ffi::OsStr> = line.iter().map(std::ffi::OsStr::new).collect();
        run::run(folder, &words);
    }
    let link = folder.join(evil);
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_copydesk"), &link).unwrap();
    for words in [vec!["--help"], vec!["list"], vec!["--nonsense"], vec!["--version"]] {
        let output = std::process::Command::new(&link).args(words).output().unwrap();
        assert_eq!(bytes::offence_in_output(&[output.stdout, output.stderr].concat()), None);
    }
}
