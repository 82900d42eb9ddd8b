//! How long a long log takes to be replayed, beside what reading its JSON alone takes.
//!
//! `cargo bench --bench replay -- [RECORDS [RUNS]] [SHAPE]`; a million records and five runs if
//! nothing is said. Prints the median of each, what a decision costs with an empty log and with this
//! one, beside a bare append and fdatasync in turns, and how long it takes from a key to the next post.
//! Shapes are those that people leave (`usual`; `plain` without outlines) and those that a stranger
//! could make: `one-post`, `reversed`, `side-by-side`, `many-keys`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    missing_docs
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use copydesk::app::Event;
use copydesk::corpus::Sources;
use copydesk::model::{Digest, Outline, PostId};
use copydesk::review::{Author, Beside, Change, Journal, Key, ReviewLog, Reviews, Target, Via};
use jiff::Timestamp;
use rayon::prelude::*;
use support::Desk;

/// The least that anybody can read of a line: which post has which value.
#[derive(serde::Deserialize)]
struct Least<'a> {
    id: &'a str,
    post: Option<&'a str>,
    val: &'a str,
}

fn main() {
    // Cargo itself says `--bench`.
    let mut numbers = std::env::args().filter_map(|word| word.parse::<usize>().ok());
    let records = numbers.next().unwrap_or(1_000_000);
    let runs = numbers.next().unwrap_or(5).max(1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("posts.jsonl.reviews.jsonl");
    let shapes = ["usual", "plain", "one-post", "reversed", "side-by-side", "many-keys"];
    let shape =
        std::env::args().find(|word| shapes.contains(&word.as_str())).unwrap_or_else(|| "usual".to_owned());
    write_log(&path, records, &shape);
    let bytes = fs::metadata(&path).unwrap().len();
    println!("{records} records ({shape}), {} MiB, {} threads", bytes >> 20, rayon::current_num_threads());

    let floor = |parallel: bool| {
        both_medians(runs, || {
            let text = fs::read_to_string(&path).unwrap();
            let size = |line: &str| {
                let least: Least<'_> = serde_json::from_str(line).unwrap();
                least.id.len() + least.post.map_or(0, str::len) + least.val.len()
            };
            let sum: usize =
                if parallel { text.par_lines().map(size).sum() } else { text.lines().map(size).sum() };
            assert!(sum > 0);
        })
    };
    println!("{}  floor: serde_json, three fields, one thread", floor(false));
    println!("{}  floor: the same on all threads", floor(true));
    let before = resident_bytes();
    let mut kept = None;
    let replay = both_medians(runs, || {
        kept = None;
        let mut reviews = reviews();
        let replayed =
            ReviewLog::open(&path).replay_into(&mut reviews, &mut |problem| panic!("{problem}")).unwrap();
        assert_eq!(replayed.records, records as u64);
        assert_eq!(reviews.state().len(), records);
        kept = Some(reviews);
    });
    println!("{replay}  replay: read, checked, folded");
    let held = resident_bytes().saturating_sub(before);
    println!("{:>9} bytes a record held, the buffers of reading included", held / records.max(1) as u64);

    let mut full = kept.unwrap();
    let mut empty = reviews();
    println!("{:>9.1} µs  a decision with an empty log", decide(&mut empty).as_secs_f64() * 1e6);
    println!("{:>9.1} µs  a decision with this one", decide(&mut full).as_secs_f64() * 1e6);
    let costs = save((&mut empty, &folder.path().join("empty.reviews.jsonl")), (&mut full, &path));
    let [bare, with_none, with_all] = costs;
    println!("{bare:>9.1} µs  a bare append of such a record and its fdatasync");
    let told = |cost: f64, what: &str| {
        println!(
            "{cost:>9.1} µs  a decision, its append and its sync {what}: {:.2} of the bare one",
            cost / bare
        );
    };
    told(with_none, "with an empty log");
    told(with_all, "with this one");
    drop(full);
    let [none, all] = [None, Some(path.as_path())].map(|log| next_post(records, log));
    println!("{none}  key to next post with an empty log");
    println!("{all}  key to next post with this one, {records} posts in both");
}

fn reviews() -> Reviews {
    Reviews::with_writer(Author { by: "mara".to_owned(), via: Via::Browse }, "k7q2m9x4wd3tz".to_owned())
}

fn change(post: usize, val: &str) -> Change {
    let post = format!("alphanode-{post:06}");
    Change {
        hash: Digest::of_bytes(post.as_bytes()),
        post: PostId::new(post),
        siblings: Vec::new(),
        key: Key::Status,
        val: val.to_owned(),
        why: if val == "flagged" { vec!["image".to_owned()] } else { Vec::new() },
        note: None,
    }
}

/// The outline of an article of twenty blocks.
fn outline(number: usize) -> Outline {
    let part = |at: usize| format!("{:08x}", (number * 22 + at).wrapping_mul(2_654_435_761) & 0xffff_ffff);
    (0..22).map(part).collect::<Vec<_>>().concat().parse().unwrap()
}

/// Two people, three decisions in five on a new post, the rest on one that was decided on.
fn write_log(path: &Path, records: usize, shape: &str) {
    let mut people = [("mara", "k7q2m9x4wd3tz"), ("tom", "p3v8c5n6jy2ha")].map(|(by, writer)| {
        Reviews::with_writer(Author { by: by.to_owned(), via: Via::Browse }, writer.to_owned())
    });
    let mut file = BufWriter::new(fs::File::create(path).unwrap());
    let mut line = String::new();
    let (mut lines, mut ids) = (Vec::new(), Vec::new());
    for number in 0..records {
        let person = &mut people[number / 1_000 % 2];
        let (post, val) = match number % 5 {
            _ if !matches!(shape, "usual" | "plain") => (0, ["reviewed", "flagged", "skipped"][number % 3]),
            0 => (number, "reviewed"),
            1 => (number, "flagged"),
            2 => (number, "skipped"),
            3 => (number.saturating_sub(2), "reviewed"),
            _ => (number.saturating_sub(2), "flagged"),
        };
        let at = Timestamp::from_second(1_790_000_000 + i64::try_from(number).unwrap()).unwrap();
        let mut change = change(post, val);
        if shape == "many-keys" {
            change.key = Key::Check(format!("item {number}#1"));
        }
        let beside =
            Beside { ms: Some(8_400), outline: (shape == "usual").then(|| outline(number)), from: None };
        let mut record = person.decide_beside(change, beside, at).unwrap();
        // Half stand side by side, and the others each name one of these.
        if let ("side-by-side", Target::One { prev, .. }) = (shape, &mut record.target) {
            prev.clear();
            prev.extend(number.checked_sub(records / 2).and_then(|named| ids.get(named).cloned()));
        }
        if shape == "side-by-side" {
            ids.push(record.id.clone());
        }
        line.clear();
        write!(line, "{}", record.to_line()).unwrap();
        lines.push(line.clone());
    }
    if shape == "reversed" {
        lines.reverse();
    }
    lines.iter().for_each(|line| file.write_all(line.as_bytes()).unwrap());
    file.flush().unwrap();
}

/// The median of the time that passes, and of the time that processors work on it: on a machine
/// with other work the second tells more.
fn both_medians(runs: usize, mut work: impl FnMut()) -> String {
    let (mut passed, mut worked) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let (start, busy) = (Instant::now(), processor_time());
        work();
        passed.push(start.elapsed().as_secs_f64());
        worked.push(processor_time() - busy);
    }
    passed.sort_by(f64::total_cmp);
    worked.sort_by(f64::total_cmp);
    format!("{:>7.3} s passed, {:>6.2} s of processors", passed[runs / 2], worked[runs / 2])
}

/// What this process has used of all processors. Unit: seconds, in steps of a hundredth.
fn processor_time() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: f64 =
        fields.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// What one decision costs, over many.
fn decide(reviews: &mut Reviews) -> Duration {
    const DECISIONS: u32 = 2_000;
    let start = Instant::now();
    for number in 0..DECISIONS as usize {
        let post = number * 331 % 600_000;
        let val = if number % 2 == 0 { "skipped" } else { "unreviewed" };
        let mut change = change(post, val);
        change.note = Some(number.to_string());
        assert!(reviews.decide(change, None, Timestamp::UNIX_EPOCH).is_some());
    }
    start.elapsed() / DECISIONS
}

/// The medians of a bare append, of a decision that is brought to the disk with one log and with
/// another, in turns so that the disk treats all the same. Unit: microseconds.
fn save(one: (&mut Reviews, &Path), other: (&mut Reviews, &Path)) -> [f64; 3] {
    const ROUNDS: usize = 400;
    const FIRST: usize = 500_000;
    let bare = one.1.with_extension("bare");
    let mut bare = fs::OpenOptions::new().create(true).append(true).open(bare).unwrap();
    let mut logs = [one, other].map(|(reviews, path)| {
        let mut log = ReviewLog::open(path);
        log.replay(&mut |_| {}).unwrap();
        (reviews, log)
    });
    let mut times = [const { Vec::new() }; 3];
    for number in 0..ROUNDS {
        let mut line = String::new();
        for ((reviews, log), times) in logs.iter_mut().zip(&mut times[1..]) {
            // Not the posts that the keys are tried on afterwards.
            let mut change = change(FIRST + number, "reviewed");
            change.note = Some(format!("again {number}"));
            let start = Instant::now();
            let record = reviews.decide(change, None, Timestamp::UNIX_EPOCH).unwrap();
            log.append(&record).unwrap();
            log.sync().unwrap();
            times.push(start.elapsed().as_secs_f64() * 1e6);
            line = record.to_line();
        }
        let start = Instant::now();
        bare.write_all(line.as_bytes()).unwrap();
        bare.sync_data().unwrap();
        times[0].push(start.elapsed().as_secs_f64() * 1e6);
    }
    times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[ROUNDS / 2]
    })
}

/// How long it takes from a key that decides until the next post is in the frame, all of it but the
/// terminal: the decision, the text of the next post, the frame.
fn next_post(posts: usize, log: Option<&Path>) -> String {
    const KEYS: usize = 400;
    let mut text = String::new();
    for number in 0..posts {
        writeln!(text, r#"{{"id":"alphanode-{number:06}","title":"post {number}","body":"words"}}"#).unwrap();
    }
    let sources = Sources::in_memory(vec![("posts.jsonl".to_owned(), text.into_bytes())]);
    let mut past = reviews();
    if let Some(log) = log {
        ReviewLog::open(log).replay_into(&mut past, &mut |problem| panic!("{problem}")).unwrap();
    }
    let mut desk = Desk::unreplayed(sources);
    desk.happen(Event::Past(Box::new(past)));
    desk.happen(Event::Replayed { read_only: None });
    let mut times: Vec<f64> = (0..KEYS)
        .map(|at| {
            let before = desk.app.list.cursor;
            let start = Instant::now();
            desk.press(if at % 2 == 0 { "r" } else { "s" });
            desk.draw();
            let took = start.elapsed().as_secs_f64() * 1e3;
            assert!(desk.app.list.cursor > before && desk.app.detail.post.is_some());
            took
        })
        .collect();
    assert_eq!(desk.records.len(), KEYS);
    times.sort_by(f64::total_cmp);
    format!("{:>9.3} ms (median; 99 of 100 within {:.3})", times[KEYS / 2], times[KEYS * 99 / 100])
}

/// Anonymous memory. Unit: bytes.
fn resident_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1_024
}
