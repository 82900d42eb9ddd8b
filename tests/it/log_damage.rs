//! Damage to a review log: every command says so, and what a damaged line may have been about is not let through.

use std::fs;
use std::process::Command;

use crate::support::shell::Shell;

const LOG: &str = "posts.jsonl.reviews.jsonl";

/// Five posts; the first was reviewed, and flagged by somebody else since.
fn flagged() -> Shell {
    let shell = Shell::new();
    shell.fine("mark posts.jsonl --id desk-001 --status reviewed --reviewer tom");
    shell.fine("mark posts.jsonl --id desk-001 --status flagged --why facts");
    shell
}

fn exported(shell: &Shell) -> (i32, String, String) {
    let said = shell.run("export posts.jsonl --filter status:reviewed --out out.jsonl --force");
    let out = fs::read_to_string(shell.path("out.jsonl")).unwrap_or_default();
    let _ = fs::remove_file(shell.path("out.jsonl"));
    (said.code, said.err, out)
}

#[test]
fn a_flipped_bit_in_a_flag_lets_no_earlier_review_through() {
    let shell = flagged();
    let log = shell.read(LOG).replacen("\"flagged\"", "\"flagggd\"", 1);
    shell.write(LOG, &log);
    let words = "posts.jsonl.reviews.jsonl:2 (byte";
    for line in [
        "list posts.jsonl",
        "show posts.jsonl --id desk-001",
        "stats posts.jsonl",
        "log posts.jsonl",
        "facets posts.jsonl --field stack",
    ] {
        let said = shell.run(line);
        assert!(said.err.contains(words) && said.err.contains("about desk-001"), "{line}: {}", said.err);
    }
    let (code, err, out) = exported(&shell);
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    assert!(err.contains(words) && err.contains("1 post is held back"), "{err}");
    // A compaction keeps the line, and says that it is there.
    shell.fine("mark posts.jsonl --id desk-002 --status skipped");
    shell.fine("mark posts.jsonl --id desk-002 --status reviewed");
    let compacted = shell.fine("log compact posts.jsonl");
    assert!(
        compacted.err.contains(words) && compacted.out.contains("1 moved"),
        "{}{}",
        compacted.err,
        compacted.out
    );
    assert!(shell.read(LOG).contains("flagggd"));
    let (code, err, out) = exported(&shell);
    assert!(code == 1 && out.contains("desk-002") && !out.contains("desk-001"), "{err}{out}");
    // Who decides on it again settles it; the damage is told as long as it is there.
    shell.fine("mark posts.jsonl --id desk-001 --status skipped");
    shell.fine("mark posts.jsonl --id desk-001 --status reviewed");
    let (code, err, out) = exported(&shell);
    assert!(code == 0 && out.contains("desk-001") && err.contains(words), "{err}{out}");
}

#[test]
fn a_log_in_utf_16_or_spread_over_lines_is_never_silently_empty() {
    let pretty = |log: &str| {
        let lines =
            log.lines().map(|line| line.replace(",\"", ",\n  \"").replace('{', "{\n  ").replace('}', "\n}"));
        lines.collect::<Vec<_>>().join("\n") + "\n"
    };
    let wide = |log: &str| {
        let units: Vec<u16> = "\u{feff}".encode_utf16().chain(log.encode_utf16()).collect();
        units.into_iter().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    for (bytes, words) in [
        (wide(&flagged().read(LOG)), "as UTF-16 has them, about desk-001"),
        (pretty(&flagged().read(LOG)).into_bytes(), "a record that is spread over several lines"),
    ] {
        let shell = Shell::new();
        shell.write(LOG, &bytes);
        let said = shell.run("list posts.jsonl");
        assert!(said.err.contains(words) && said.err.contains(":1 (byte"), "{}", said.err);
        shell.run("export posts.jsonl --out out.jsonl");
        assert!(!shell.read("out.jsonl").contains("desk-001"));
        assert_eq!(fs::read(shell.path(LOG)).unwrap(), bytes);
    }
}

#[test]
fn what_has_the_name_of_a_log_and_is_none_is_told() {
    let shell = flagged();
    let own = shell.path("posts.jsonl.reviews.ann.jsonl");
    let told = |kind: &str| {
        let said = shell.run("list posts.jsonl");
        let words = format!("posts.jsonl.reviews.ann.jsonl: found {kind}; decisions in it do not count");
        assert!(said.code == 0 && said.err.contains(&words), "{}", said.err);
        let check = shell.run("check posts.jsonl");
        assert!(check.code == 1 && check.out.contains(&words), "{}", check.out);
    };
    std::os::unix::fs::symlink(shell.path(LOG), &own).unwrap();
    told("a symbolic link");
    fs::remove_file(&own).unwrap();
    fs::create_dir(&own).unwrap();
    told("a folder");
    fs::remove_dir(&own).unwrap();
    assert!(Command::new("mkfifo").arg(&own).status().unwrap().success());
    told("a pipe, a socket or a device");
}
