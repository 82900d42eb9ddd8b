//! Files of hostile sizes under an open desk: memory stays bounded, keys are answered, what is wrong is
//! named with its line, and the desk can be left.
//!
//! The short form uses sizes of some MiB. `COPYDESK_SIZES=full cargo test --release --test it sizes:: --
//! --nocapture` uses a line of 1 GB, 100 million blank lines and a file of 10 GB with nothing in it, and
//! prints memory and times.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::support::terminal::Terminal;

/// What no file may make the program use. Unit: KiB.
const MAX_MEMORY_KIB: u64 = 512 << 10;

/// A post before and one behind everything that is hostile.
const FIRST: &str = "{\"id\":\"first\",\"title\":\"the first post\",\"body\":\"b\"}\n";
const LAST: &str = "{\"id\":\"last\",\"title\":\"the last post\",\"body\":\"b\"}\n";

fn is_full() -> bool {
    std::env::var("COPYDESK_SIZES").is_ok_and(|sizes| sizes == "full")
}

/// `full` where all sizes are asked for.
fn size(short: u64, full: u64) -> u64 {
    if is_full() { full } else { short }
}

/// Writes a piece so often that it fills so many bytes.
fn fill(out: &mut impl Write, piece: &[u8], bytes: u64) {
    let block = piece.repeat((1 << 20) / piece.len() + 1);
    let mut left = bytes;
    while left > 0 {
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(block.len());
        out.write_all(&block[..count]).unwrap();
        left -= count as u64;
    }
}

/// The most memory that a process has used. Unit: KiB.
fn peak_kib(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

struct Seen {
    name: &'static str,
    peak_mib: u64,
    slowest_key: Duration,
    leaving: Duration,
}

/// Opens a file, presses keys while it is read and after, looks for some words on the list of problems,
/// and leaves.
fn open(name: &'static str, folder: &Path, posts: &str, problem: &[&str]) -> Seen {
    let mut terminal = Terminal::start(folder, &["--no-cache", "posts.jsonl"]);
    terminal.until(&["the first post"]);
    let mut slowest = Duration::ZERO;
    let mut press = |terminal: &mut Terminal, keys: &str, shown: &str| {
        let start = Instant::now();
        terminal.keys(keys);
        terminal.until(&[shown]);
        slowest = slowest.max(start.elapsed());
    };
    // While it is being read, or just after.
    for _ in 0..5 {
        press(&mut terminal, "?", "half a page up");
        press(&mut terminal, "?", "s skip");
    }
    terminal.until(&[posts]);
    press(&mut terminal, "?", "half a page up");
    press(&mut terminal, "?", "s skip");
    press(&mut terminal, "G", "the last post");
    press(&mut terminal, "g", "the first post");
    if posts.contains('3') {
        // The post that is hostile itself is looked at; its text may come later than its place.
        press(&mut terminal, "j", "2 / 3");
        terminal.until(&["○ unreviewed"]);
        press(&mut terminal, "?", "half a page up");
        press(&mut terminal, "?", "s skip");
        press(&mut terminal, "k", "1 / 3");
    }
    if !problem.is_empty() {
        press(&mut terminal, "p", problem[0]);
        terminal.until(problem);
        press(&mut terminal, "q", "s skip");
    }
    let peak = peak_kib(terminal.process_id());
    assert!(peak <= MAX_MEMORY_KIB, "{name}: {peak} KiB");
    let start = Instant::now();
    terminal.keys("q");
    assert_eq!(terminal.end_at_once(), 0);
    Seen { name, peak_mib: peak >> 10, slowest_key: slowest, leaving: start.elapsed() }
}

fn write(folder: &Path, middle: impl FnOnce(&mut BufWriter<File>)) {
    let mut out = BufWriter::new(File::create(folder.join("posts.jsonl")).unwrap());
    out.write_all(FIRST.as_bytes()).unwrap();
    middle(&mut out);
    out.write_all(LAST.as_bytes()).unwrap();
    out.flush().unwrap();
}

#[test]
fn no_size_is_too_much() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut seen = Vec::new();

    write(folder, |out| {
        out.write_all(b"{\"id\":\"long\",\"body\":\"").unwrap();
        fill(out, b"x", size(40 << 20, 1 << 30));
        out.write_all(b"\"}\n").unwrap();
    });
    seen.push(open("a line of 1 GB", folder, "Posts 2 ", &["a record of more than 16 MiB", "posts.jsonl:2"]));

    write(folder, |out| fill(out, b"\n", size(2_000_000, 100_000_000)));
    seen.push(open("100 million blank lines", folder, "Posts 2 ", &[]));

    write(folder, |out| fill(out, b"[", 5_000_000));
    let nested = fs::read_to_string(folder.join("posts.jsonl")).unwrap().replacen(
        "[[",
        "{\"id\":\"deep\",\"x\":[[",
        1,
    );
    fs::write(folder.join("posts.jsonl"), nested.replace(LAST, &format!("\n{LAST}"))).unwrap();
    seen.push(open("5 million levels", folder, "Posts 2 ", &["nested more than 128 deep", "posts.jsonl:2"]));

    write(folder, |out| {
        out.write_all(b"{\"id\":\"keys\",\"title\":\"many keys\"").unwrap();
        for key in 0..1_000_000 {
            write!(out, ",\"k{key}\":1").unwrap();
        }
        out.write_all(b"}\n").unwrap();
    });
    seen.push(open("a million keys", folder, "Posts 3 ", &[]));

    // Sparse: nothing is there but its length.
    let path = folder.join("posts.jsonl");
    fs::write(&path, FIRST).unwrap();
    let file = File::options().append(true).open(&path).unwrap();
    file.set_len(size(1 << 30, 10 << 30)).unwrap();
    drop(file);
    File::options().append(true).open(&path).unwrap().write_all(format!("\n{LAST}").as_bytes()).unwrap();
    seen.push(open("10 GB of nothing", folder, "Posts 2 ", &["NUL bytes", "posts.jsonl:2"]));

    println!("{} sizes:", if is_full() { "full" } else { "short" });
    for Seen { name, peak_mib, slowest_key, leaving } in seen {
        println!(
            "{name:<26} peak {peak_mib:>4} MiB, slowest key {slowest_key:>8.1?}, left in {leaving:>8.1?}"
        );
    }
}
