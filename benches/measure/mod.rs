//! What the benches share: where their corpora are, how two things are timed in turns, and the lines
//! of the table that `benches/run` puts together.
//!
//! `COPYDESK_BENCH_DIR` is the folder of the corpora (default `target/bench`), `COPYDESK_BENCH_ROWS`
//! a file that the lines are added to as well, `COPYDESK_BENCH_RUNS` how often everything is timed.

#![allow(dead_code, unreachable_pub, missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss
)]

pub mod screen;

use std::fmt;
use std::fs::{self, OpenOptions};
use std::hint::black_box;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The numbers of posts that there are corpora of, unless the command line says others.
pub const SIZES: [usize; 3] = [13_834, 100_000, 1_000_000];

/// The corpora that are to be measured: those of the command line, or all that are there.
pub fn corpora() -> Vec<Corpus> {
    let words = words();
    let said: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let sizes = if words.is_empty() { SIZES.to_vec() } else { said };
    let mut found = Vec::new();
    for posts in sizes {
        let path = folder().join(format!("{posts}.jsonl"));
        if path.is_file() {
            found.push(Corpus { posts, path });
        } else {
            println!("SKIP {posts} posts: no {}; `benches/run` makes it", path.display());
        }
    }
    found
}

/// Whether a part of a bench that has a name is to be measured: it was named, or nothing was.
pub fn is_wanted(name: &str) -> bool {
    let words = words();
    words.is_empty() || words.iter().any(|word| word == name)
}

/// What the command line says; Cargo itself says `--bench`.
fn words() -> Vec<String> {
    std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect()
}

/// Where corpora are, and what is written on the way.
pub fn folder() -> PathBuf {
    match std::env::var_os("COPYDESK_BENCH_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench"),
    }
}

/// A file of posts.
pub struct Corpus {
    pub posts: usize,
    pub path: PathBuf,
}

impl Corpus {
    /// What the table calls it.
    pub fn name(&self) -> String {
        count_of(self.posts)
    }

    pub fn bytes(&self) -> u64 {
        fs::metadata(&self.path).unwrap().len()
    }

    /// So often everything is timed: an odd number, so that there is one in the middle.
    pub fn runs(&self) -> usize {
        runs(if self.posts > 200_000 { 5 } else { 9 })
    }

    /// Reads it once, so that it is in the page cache.
    pub fn warm_up(&self) {
        let mut file = fs::File::open(&self.path).unwrap();
        std::io::copy(&mut file, &mut std::io::sink()).unwrap();
    }
}

/// So many posts as the table names them.
pub fn count_of(posts: usize) -> String {
    match posts {
        posts if posts >= 1_000_000 && posts.is_multiple_of(1_000_000) => format!("{} M", posts / 1_000_000),
        posts if posts >= 10_000 && posts.is_multiple_of(1_000) => format!("{} k", posts / 1_000),
        posts => posts.to_string(),
    }
}

/// How often something is timed, if nobody says otherwise.
pub fn runs(unless_said: usize) -> usize {
    let said = std::env::var("COPYDESK_BENCH_RUNS").ok().and_then(|runs| runs.parse().ok());
    said.unwrap_or(unless_said).max(1)
}

/// How long something takes.
pub fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let made = black_box(work());
    let passed = start.elapsed();
    drop(made);
    passed
}

/// Two things in turns, so that what else the machine does hits both; the median of each.
pub fn side_by_side<T, U>(
    runs: usize,
    mut ours: impl FnMut() -> T,
    mut floor: impl FnMut() -> U,
) -> (Duration, Duration) {
    let (mut of_ours, mut of_floor) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        of_ours.push(time(&mut ours));
        of_floor.push(time(&mut floor));
    }
    (median(of_ours), median(of_floor))
}

/// The one in the middle.
pub fn median<T: PartialOrd + Copy>(mut of: Vec<T>) -> T {
    of.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    *of.get(of.len() / 2).expect("something was measured")
}

/// A figure with its unit.
#[derive(Clone, Copy, Debug)]
pub enum Figure {
    Time(Duration),
    /// Unit: bytes.
    Memory(f64),
    Count(f64),
}

impl Figure {
    fn number(self) -> f64 {
        match self {
            Self::Time(time) => time.as_secs_f64() * 1e3,
            Self::Memory(number) | Self::Count(number) => number,
        }
    }
}

impl From<Duration> for Figure {
    fn from(time: Duration) -> Self {
        Self::Time(time)
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Time(Duration::ZERO) => write!(f, "0"),
            Self::Time(time) => match time.as_secs_f64() {
                seconds if seconds >= 1.0 => write!(f, "{seconds:.2} s"),
                seconds if seconds >= 0.1 => write!(f, "{:.0} ms", seconds * 1e3),
                seconds if seconds >= 1e-3 => write!(f, "{:.1} ms", seconds * 1e3),
                seconds if seconds >= 1e-5 => write!(f, "{:.0} µs", seconds * 1e6),
                seconds if seconds >= 1e-6 => write!(f, "{:.1} µs", seconds * 1e6),
                // The nanosecond is the least that a duration holds.
                seconds => write!(f, "{:.1} ns", seconds * 1e9),
            },
            Self::Memory(bytes) if bytes >= 1_048_576.0 => write!(f, "{:.0} MiB", bytes / 1_048_576.0),
            Self::Memory(bytes) => write!(f, "{bytes:.0} B"),
            Self::Count(count) if count < 10.0 && count.fract() > 0.0 => write!(f, "{count:.1}"),
            Self::Count(count) => write!(f, "{count:.0}"),
        }
    }
}

/// What has to be reached.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// At most so many times the figure beside it.
    Times(f64),
    /// So many times less than the figure beside it, at least.
    Ahead(f64),
    /// At most this, in milliseconds, bytes or pieces.
    AtMost(f64),
    /// Nothing; it is good to know.
    Known,
}

/// A line of the table.
pub struct Line<'a> {
    /// The number of the goal.
    pub goal: u8,
    pub what: String,
    pub ours: Figure,
    /// What it stands beside, and its figure.
    pub beside: Option<(&'a str, Figure)>,
    pub reach: Goal,
}

impl Line<'_> {
    fn verdict(&self) -> String {
        let ours = self.ours.number();
        let ratio = self.beside.map(|(_, beside)| ours / beside.number());
        let of_ratio =
            |reached: bool, words: String| format!("{}: {words}", if reached { "yes" } else { "**no**" });
        match (self.reach, ratio) {
            (Goal::Times(most), Some(ratio)) => of_ratio(ratio <= most, format!("at most {most} ×")),
            (Goal::Ahead(least), Some(ratio)) => {
                of_ratio(ratio * least <= 1.0, format!("{:.1} × ahead, at least {least}", 1.0 / ratio))
            }
            (Goal::AtMost(most), _) => {
                let most_of = match self.ours {
                    Figure::Time(_) => Figure::Time(Duration::from_secs_f64(most / 1e3)),
                    Figure::Memory(_) => Figure::Memory(most),
                    Figure::Count(_) => Figure::Count(most),
                };
                of_ratio(ours <= most, format!("at most {most_of}"))
            }
            _ => String::new(),
        }
    }

    /// Says the line, and adds it to the file for the table.
    pub fn say(&self) {
        let Self { goal, what, ours, beside, .. } = self;
        let (name, figure, ratio) = match beside {
            Some((name, beside)) => {
                let ratio = ours.number() / beside.number();
                let ratio = match ratio {
                    ratio if !ratio.is_finite() => String::new(),
                    ratio if ratio < 0.1 => format!("{ratio:.3}"),
                    ratio => format!("{ratio:.2}"),
                };
                ((*name).to_owned(), beside.to_string(), ratio)
            }
            None => Default::default(),
        };
        add(&format!("| {goal} | {what} | {ours} | {name} | {figure} | {ratio} | {} |", self.verdict()));
    }
}

/// Says that something was not measured, and why.
pub fn skip(goal: u8, what: &str, why: &str) {
    add(&format!("| {goal} | {what} | | | | | SKIP: {why} |"));
}

fn add(line: &str) {
    println!("{line}");
    if let Some(path) = std::env::var_os("COPYDESK_BENCH_ROWS") {
        let mut rows = OpenOptions::new().create(true).append(true).open(path).unwrap();
        writeln!(rows, "{line}").unwrap();
    }
}

/// A program of this name, where the shell would find it.
pub fn tool(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// What a process holds of its own, files not counted, and the most it may have missed since it was
/// asked last. Unit: bytes.
pub fn anonymous_bytes(process: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    kib(&status, "RssAnon:") * 1_024.0
}

/// The number behind a name in one of the tables of `/proc`.
pub fn kib(table: &str, name: &str) -> f64 {
    let line = table.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0.0)
}

/// The head of the table.
pub fn head() {
    println!("| goal | what | here | beside it | its figure | ratio | reached |");
    println!("|---|---|---|---|---|---|---|");
}
