//! The real program in a real pseudo-terminal, timed from outside, beside a program that draws one
//! frame and beside `fzf` over the same titles. `cargo bench --bench terminal -- [POSTS…]`.
//!
//! `fzf` is looked for on the PATH and at `COPYDESK_BENCH_FZF`. It is given the titles alone, taken out
//! beforehand.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod measure;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use copydesk::corpus::{Corpus as Loaded, Sources, load};
use copydesk::model::Day;
use copydesk::model::figures::grouped;
use copydesk::query::{self, Query, Standings};
use measure::screen::{Screen, Settled};
use measure::{Corpus, Figure, Goal, Line, median, runs, skip, tool};

/// What is typed, letter by letter.
const WORD: &str = "redis";

/// What is asked by a last key.
const QUERIES: [&str; 5] =
    ["stack:python", "score>=70", "stack:python score>=70", "sort:-score", "sort:title"];

/// Keys in one write, as when a key is held down on a slow line.
const BURST: usize = 200;

/// So many posts are decided on.
const DECISIONS: usize = 21;

/// Longer than anything that goes on without being seen.
const PREPARED: Duration = Duration::from_millis(1_500);

/// Longer than a frame or a write to the disk.
const PAUSE: Duration = Duration::from_millis(60);

/// An idle program is watched for so long.
const IDLE: Duration = Duration::from_secs(3);

fn main() {
    measure::head();
    let frame = Path::new(env!("CARGO_BIN_EXE_copydesk")).with_file_name("examples").join("one_frame");
    let said = std::env::var_os("COPYDESK_BENCH_FZF").map(PathBuf::from).filter(|path| path.is_file());
    let fzf = said.or_else(|| tool("fzf"));
    for corpus in measure::corpora() {
        corpus.warm_up();
        let stage = Stage::new(&corpus);
        let (mut ours, mut of_fzf) = (Figures::default(), Figures::default());
        for _ in 0..runs(if corpus.posts > 200_000 { 3 } else { 5 }) {
            stage.desk(&mut ours);
            if let Some(fzf) = &fzf {
                stage.fzf(fzf, &mut of_fzf);
            }
            if frame.is_file() {
                let mut screen = Screen::start(&frame.to_string_lossy(), &[], &[]);
                screen.until("the frame", |text| text.contains("one frame"));
                of_fzf.time("one frame", screen.first_sign.unwrap());
            }
        }
        stage.say(&ours, &of_fzf);
    }
}

/// Decisions, each until the screen says that it is on the disk; beside what the disk alone takes.
fn decide(screen: &mut Screen, log: &str, figures: &mut Figures) {
    // The prompt goes, and with it the filter.
    screen.press("\r", PAUSE);
    screen.press("\x1b", PAUSE);
    let decisions: Vec<Settled> = (0..DECISIONS).map(|_| screen.press("r", PAUSE)).collect();
    assert!(screen.text().contains("saved ✓"), "{}", screen.text());
    figures.time("decided", median(decisions.iter().map(|settled| settled.first).collect()));
    figures.time("durable", median(decisions.iter().map(|settled| settled.after).collect()));
    let lines = fs::read_to_string(log).unwrap();
    let line = lines.lines().last().unwrap();
    assert!(lines.lines().count() >= DECISIONS, "every decision is a line");
    let mut file = fs::File::create(format!("{log}.floor")).unwrap();
    let mut append = || {
        writeln!(file, "{line}").unwrap();
        file.sync_data().unwrap();
    };
    let appends = (0..DECISIONS).map(|_| measure::time(&mut append)).collect();
    figures.time("append", median(appends));
}

/// What was measured, by name, once a run.
#[derive(Default)]
struct Figures(BTreeMap<String, Vec<f64>>);

impl Figures {
    fn add(&mut self, name: &str, figure: f64) {
        self.0.entry(name.to_owned()).or_default().push(figure);
    }

    fn time(&mut self, name: &str, time: Duration) {
        self.add(name, time.as_secs_f64());
    }

    fn keys(&mut self, name: &str, settled: Settled) {
        self.time(name, settled.after);
        self.time(&format!("{name}, worked"), settled.worked);
    }

    fn median(&self, name: &str) -> Option<f64> {
        self.0.get(name).map(|figures| median(figures.clone()))
    }
}

/// A corpus, and what is known of it.
struct Stage<'a> {
    corpus: &'a Corpus,
    /// The titles, a line each.
    titles: PathBuf,
    /// The first of them, as far as every list shows it.
    first: String,
    /// How many titles hold the letters of each beginning of [`WORD`].
    hits: Vec<usize>,
    /// How many posts each of [`QUERIES`] finds.
    found: Vec<usize>,
    folder: tempfile::TempDir,
    /// The screen is still when nothing has been written for so long. What it shows then is checked, so
    /// that no answer is missed.
    still: Duration,
    still_of_fzf: Duration,
}

impl<'a> Stage<'a> {
    fn new(corpus: &'a Corpus) -> Self {
        let folder = tempfile::tempdir_in(measure::folder()).unwrap();
        let sources = Sources::open(std::slice::from_ref(&corpus.path)).unwrap().0;
        let mut posts = Loaded::default();
        load(&sources, &mut |loaded| {
            if let copydesk::corpus::Loaded::Segment(segment) = loaded {
                drop(posts.push(segment));
            }
            ControlFlow::Continue(())
        });
        let mut text = String::new();
        let mut hits = vec![0; WORD.len()];
        for row in posts.rows().filter_map(|row| posts.get(row)) {
            let title = row.title().replace(['\n', '\r', '\0'], " ");
            writeln!(text, "{title}").unwrap();
            let folded = title.to_lowercase();
            let mut rest = folded.chars();
            for (hits, letter) in hits.iter_mut().zip(WORD.chars()) {
                if !rest.any(|c| c == letter) {
                    break;
                }
                *hits += 1;
            }
        }
        let mut standings = Standings::default();
        standings.resize(posts.len());
        let found = |query: &str| {
            let all =
                query::Posts { sources: &sources, corpus: &posts, standings: &standings, today: Day(20_000) };
            query::run(&Query::parse(query).unwrap(), all, &|| false).unwrap().len()
        };
        let found = QUERIES.iter().map(|query| found(query)).collect();
        let titles = folder.path().join("titles");
        fs::write(&titles, &text).unwrap();
        let first = text.lines().next().unwrap().chars().take(16).collect();
        // Longer than either needs for a letter.
        let (still, still_of_fzf) = match corpus.posts {
            posts if posts > 200_000 => (300, 1_000),
            posts if posts > 50_000 => (150, 300),
            _ => (100, 100),
        };
        let [still, still_of_fzf] = [still, still_of_fzf].map(Duration::from_millis);
        Self { corpus, titles, first, hits, found, folder, still, still_of_fzf }
    }

    /// One run of the desk: a corpus never seen before, what a person does, and once more from the
    /// cache.
    fn desk(&self, figures: &mut Figures) {
        let folder = tempfile::tempdir_in(self.folder.path()).unwrap();
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let (cache, data, log) = (path("cache"), path("data"), path("log.jsonl"));
        let posts = self.corpus.path.to_string_lossy();
        let start = || {
            let environment = [("COPYDESK_CACHE_DIR", cache.as_str()), ("COPYDESK_DATA_DIR", data.as_str())];
            Screen::start(env!("CARGO_BIN_EXE_copydesk"), &[&posts, "--sidecar", &log], &environment)
        };
        let all = format!("{} posts", grouped(self.corpus.posts));
        let is_loaded = |text: &str| text.contains(&all) && !text.contains("reading ");
        let mut screen = start();
        figures.time("first rows", screen.until("a title", |text| text.contains(&self.first)));
        figures.time("loaded", screen.until(&all, is_loaded));
        figures.time("first frame", screen.first_sign.unwrap());
        // What is made ready while nobody waits is ready by then.
        screen.still(PREPARED);
        figures.add("peak", screen.peak());
        figures.add("settled", screen.memory());
        self.keys(&mut screen, figures);
        figures.add("peak, keys", screen.peak());
        decide(&mut screen, &log, figures);
        drop(screen);
        let mut screen = start();
        screen.until("a title", |text| text.contains(&self.first));
        figures.time("loaded, kept", screen.until(&all, is_loaded));
    }

    fn keys(&self, screen: &mut Screen, figures: &mut Figures) {
        screen.press("jk", self.still);
        let (wakes, worked) = (screen.wakes(), screen.worked());
        screen.still(IDLE);
        figures.add("idle wakes", screen.wakes() - wakes);
        figures.time("idle, worked", screen.worked().saturating_sub(worked));
        let moves: Vec<Settled> = (0..20).map(|_| screen.press("j", Duration::from_millis(30))).collect();
        figures.time("j", median(moves.iter().map(|settled| settled.after).collect()));
        figures.time("j, worked", median(moves.iter().map(|settled| settled.worked).collect()));
        figures.keys("burst", screen.press(&"j".repeat(BURST), self.still));
        figures.keys("end", screen.press("G", self.still));
        screen.press("g", self.still);
        screen.press("/", self.still);
        for (letter, hits) in WORD.chars().zip(&self.hits) {
            let settled = screen.press(&letter.to_string(), self.still);
            figures.keys(&format!("`{letter}`"), settled);
            let count = format!("Posts {} of", grouped(*hits));
            assert!(screen.text().contains(&count), "expected {count}:\n{}", screen.text());
        }
        for (query, hits) in QUERIES.iter().zip(&self.found) {
            let (before, key) = query.split_at(query.len() - 1);
            // Ctrl-u: a new line in the prompt.
            screen.press(&format!("\x15{before}"), self.still);
            figures.keys(query, screen.press(key, self.still));
            let count = match *hits {
                hits if hits == self.corpus.posts => format!("Posts {}", grouped(hits)),
                hits => format!("Posts {} of", grouped(hits)),
            };
            assert!(screen.text().contains(&count), "expected {count}:\n{}", screen.text());
        }
    }

    /// Other lists of titles, by `fzf`.
    fn fzf(&self, fzf: &Path, figures: &mut Figures) {
        let (fzf, titles) = (fzf.to_string_lossy(), self.titles.to_string_lossy());
        let environment = [("FZF_DEFAULT_OPTS", ""), ("FZF_DEFAULT_OPTS_FILE", "")];
        let mut screen =
            Screen::start("/bin/sh", &["-c", "exec \"$0\" < \"$1\"", &fzf, &titles], &environment);
        figures.time("first rows", screen.until("a title", |text| text.contains(&self.first)));
        let all = format!("{0}/{0}", self.corpus.posts);
        figures.time("loaded", screen.until(&all, |text| text.contains(&all)));
        screen.still(self.still_of_fzf);
        figures.add("peak", screen.peak());
        figures.add("settled", screen.memory());
        let wakes = screen.wakes();
        screen.still(IDLE);
        figures.add("idle wakes", screen.wakes() - wakes);
        // The best stands at the bottom, so down the list is up the screen.
        figures.keys("burst", screen.press(&"\x1b[A".repeat(BURST), self.still_of_fzf));
        for letter in WORD.chars() {
            figures.keys(&format!("`{letter}`"), screen.press(&letter.to_string(), self.still_of_fzf));
        }
        figures.add("peak, keys", screen.peak());
    }

    fn say(&self, ours: &Figures, others: &Figures) {
        let name = self.corpus.name();
        let is_million = self.corpus.posts >= 1_000_000;
        let time = |seconds: f64| Figure::Time(Duration::from_secs_f64(seconds));
        let line = |goal, what: &str, figure: Figure, beside, reach| {
            Line { goal, what: format!("{name} posts: {what}"), ours: figure, beside, reach }.say();
        };
        let beside_fzf = |goal, what: &str, of: &str, figure: fn(f64) -> Figure, reach| {
            let ours = figure(ours.median(of).unwrap());
            match others.median(of) {
                Some(of_fzf) => line(goal, what, ours, Some(("fzf, titles alone", figure(of_fzf))), reach),
                None if matches!(reach, Goal::AtMost(_)) => line(goal, what, ours, None, reach),
                None => skip(goal, &format!("{name} posts: {what}, {ours}, beside fzf"), "no `fzf`"),
            }
        };
        match others.median("one frame") {
            Some(frame) => {
                let first = time(ours.median("first frame").unwrap());
                let beside = Some(("a program that draws one frame", time(frame)));
                line(1, "start to the first frame", first, beside, Goal::Times(2.0));
            }
            None => skip(
                1,
                "start to the first frame",
                "no example `one_frame`; `cargo build --release --examples`",
            ),
        }
        beside_fzf(2, "start to the first rows", "first rows", time, Goal::Times(1.0));
        beside_fzf(3, "start to everything loaded, never seen before", "loaded", time, Goal::Known);
        let kept = time(ours.median("loaded, kept").unwrap());
        let most = if is_million { Goal::AtMost(100.0) } else { Goal::Known };
        line(4, "start to everything loaded, from the cache", kept, None, most);
        for letter in WORD.chars() {
            let key = format!("`{letter}`");
            let what = format!("{key} of `{WORD}`, to the settled list");
            let ahead = if is_million { Goal::Ahead(7.0) } else { Goal::Times(1.0) };
            beside_fzf(5, &what, &key, time, ahead);
        }
        let most = |milliseconds| {
            if self.corpus.posts >= 100_000 { Goal::AtMost(milliseconds) } else { Goal::Known }
        };
        for query in QUERIES {
            let figure = time(ours.median(query).unwrap());
            line(6, &format!("last key of `{query}`, to the settled list"), figure, None, most(16.0));
        }
        line(8, "`j`, to the settled frame", time(ours.median("j").unwrap()), None, Goal::AtMost(0.6));
        line(
            8,
            "`j`, work of the processors",
            time(ours.median("j, worked").unwrap()),
            None,
            Goal::AtMost(0.5),
        );
        beside_fzf(8, &format!("{BURST} × `j` in one write"), "burst", time, Goal::Times(1.0));
        line(8, "a jump to the end", time(ours.median("end").unwrap()), None, Goal::AtMost(5.0));
        let decided = time(ours.median("decided").unwrap());
        line(9, "`r`, to the first byte of the frame with the next post", decided, None, Goal::AtMost(3.0));
        let append = Some(("one append and fdatasync", time(ours.median("append").unwrap())));
        let durable = time(ours.median("durable").unwrap());
        line(9, "`r`, to `saved ✓` on the screen", durable, append, Goal::Times(1.5));
        let memory =
            |mebibytes: f64| if is_million { Goal::AtMost(mebibytes * 1_048_576.0) } else { Goal::Known };
        beside_fzf(10, "memory of its own, all loaded", "settled", Figure::Memory, memory(130.0));
        beside_fzf(10, "the most while it loads", "peak", Figure::Memory, memory(160.0));
        beside_fzf(10, "the most after all these keys", "peak, keys", Figure::Memory, Goal::Known);
        beside_fzf(11, "wake-ups in 3 s of nothing", "idle wakes", Figure::Count, Goal::AtMost(0.0));
        let idle = time(ours.median("idle, worked").unwrap());
        line(11, "work of the processors in 3 s of nothing", idle, None, Goal::AtMost(0.0));
    }
}
