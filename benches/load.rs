//! How long posts take to be loaded: a file never seen before, one from the cache, one that has grown,
//! a folder of pages, and columns alone. `cargo bench --bench load -- [POSTS…] [pages] [columns]`.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss, missing_docs)]

mod measure;

use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::ops::ControlFlow;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use copydesk::corpus::cache::DEFAULT_LIMIT_BYTES;
use copydesk::corpus::{Cache, Loaded, Place, RowFields, SegmentBuilder, Sources, TitleIndex};
use copydesk::corpus::{Corpus as Posts, load_cached};
use copydesk::model::Day;
use copydesk::query::{self, Query, Standings};
use measure::{Corpus, Figure, Goal, Line, anonymous_bytes, count_of, runs, side_by_side, skip, time};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// What the floor reads at once. Unit: bytes.
const CHUNK_BYTES: u64 = 4 << 20;

/// Says that this process is to measure columns.
const COLUMNS: &str = "--columns";

fn main() {
    let mut said = std::env::args().skip(1);
    if said.next().as_deref() == Some(COLUMNS) {
        return measure_columns(said.next().unwrap().parse().unwrap());
    }
    measure::head();
    for corpus in measure::corpora() {
        corpus.warm_up();
        cold(&corpus);
        warm(&corpus);
        if corpus.posts < 50_000 {
            grown(&corpus);
        }
    }
    if measure::is_wanted("pages") {
        pages();
    }
    if measure::is_wanted("columns") {
        columns();
    }
}

/// Opens and loads, as the program does.
fn load_all(path: &Path, cache: Option<&Cache>) -> Posts {
    let sources = Sources::open(&[path.to_owned()]).unwrap().0;
    let mut posts = Posts::default();
    load_cached(&sources, cache, &mut |loaded| {
        match loaded {
            Loaded::Segment(segment) => drop(posts.push(segment)),
            Loaded::Restart => posts = Posts::default(),
            Loaded::Problem(_) | Loaded::Progress { .. } => {}
        }
        ControlFlow::Continue(())
    });
    posts
}

fn cold(corpus: &Corpus) {
    assert_eq!(load_all(&corpus.path, None).len(), corpus.posts);
    assert_eq!(floor::read(&corpus.path), corpus.posts);
    let (ours, floor) =
        side_by_side(corpus.runs(), || load_all(&corpus.path, None), || floor::read(&corpus.path));
    Line {
        goal: 3,
        what: format!("{} posts loaded, never seen before", corpus.name()),
        ours: ours.into(),
        beside: Some(("serde_json, borrowed rows, two threads", floor.into())),
        reach: Goal::Times(1.15),
    }
    .say();
}

fn warm(corpus: &Corpus) {
    let folder = tempfile::tempdir_in(measure::folder()).unwrap();
    let cache = Cache::new(folder.path().to_owned(), DEFAULT_LIMIT_BYTES);
    load_all(&corpus.path, Some(&cache));
    let Some(entry) = cache.entries().into_iter().next() else {
        return skip(4, &format!("{} posts from the cache", corpus.name()), "too few to be kept");
    };
    let sources = Sources::open(std::slice::from_ref(&corpus.path)).unwrap().0;
    assert!(cache.find(&sources).is_some_and(|stored| stored.grown().is_none()));
    // Into memory that is there already, as it is for what is loaded from the second time on.
    let mut buffer = vec![0; usize::try_from(entry.bytes).unwrap()];
    let read = || File::open(&entry.path).unwrap().read_exact_at(&mut buffer, 0).unwrap();
    let (ours, floor) = side_by_side(corpus.runs(), || load_all(&corpus.path, Some(&cache)), read);
    Line {
        goal: 4,
        what: format!("{} posts from the cache, {}", corpus.name(), Figure::Memory(entry.bytes as f64)),
        ours: ours.into(),
        beside: Some(("read() of the cache, whole, one thread", floor.into())),
        reach: if corpus.posts == 1_000_000 { Goal::AtMost(100.0) } else { Goal::Known },
    }
    .say();
}

/// A file that has grown by some posts since it was kept.
fn grown(corpus: &Corpus) {
    const MORE: usize = 100;
    let folder = tempfile::tempdir_in(measure::folder()).unwrap();
    let path = folder.path().join("grows.jsonl");
    let text = fs::read(&corpus.path).unwrap();
    let more: Vec<u8> = text.split_inclusive(|byte| *byte == b'\n').take(MORE).flatten().copied().collect();
    let cache = Cache::new(folder.path().join("cache"), DEFAULT_LIMIT_BYTES);
    let (mut appended, mut alone, mut read) = (Vec::new(), Vec::new(), 0);
    for _ in 0..runs(7) {
        fs::write(&path, &text).unwrap();
        let before = load_all(&path, Some(&cache)).len();
        OpenOptions::new().append(true).open(&path).unwrap().write_all(&more).unwrap();
        let sources = Sources::open(std::slice::from_ref(&path)).unwrap().0;
        let Some(stored) = cache.find(&sources).filter(|stored| stored.grown().is_some()) else {
            return skip(4, "appended posts", "too few posts to be kept");
        };
        let mut kept = 0;
        let _ = stored.segments(&mut |segment| {
            kept += segment.len();
            ControlFlow::Continue(())
        });
        let mut after = 0;
        appended.push(time(|| after = load_all(&path, Some(&cache)).len()));
        assert_eq!(after, before + MORE);
        read = after - kept;
        // The same once more, now that nothing has to be read: the cost of the rest.
        alone.push(time(|| load_all(&path, Some(&cache))));
    }
    let what = format!("{MORE} posts appended to {}: loaded, and kept anew", corpus.name());
    let beside = Some(("the same file, kept already", measure::median(alone).into()));
    Line { goal: 4, what, ours: measure::median(appended).into(), beside, reach: Goal::Known }.say();
    Line {
        goal: 4,
        what: format!("records read for {MORE} appended posts"),
        ours: Figure::Count(read as f64),
        beside: None,
        reach: Goal::AtMost(MORE as f64),
    }
    .say();
}

/// A folder with a page for each post, beside a program that only copies the same files.
fn pages() {
    let folder = measure::folder().join("pages");
    let mut files = Vec::new();
    walk(&folder, &mut files);
    let what = format!("a folder of {} pages loaded", files.len());
    if files.is_empty() {
        return skip(14, "a folder of pages loaded", "no `pages` in the folder of corpora");
    }
    let Some(cat) = measure::tool("cat") else { return skip(14, &what, "no `cat`") };
    let copy = || {
        let mut command = Command::new(&cat);
        command.args(&files).stdout(Stdio::null());
        assert!(command.status().unwrap().success());
    };
    copy();
    assert_eq!(load_all(&folder, None).len(), files.len());
    let (ours, floor) = side_by_side(runs(9), || load_all(&folder, None), copy);
    let beside = Some(("`cat` of the same files", floor.into()));
    Line { goal: 14, what, ours: ours.into(), beside, reach: Goal::Times(2.0) }.say();
    let (read, _) = side_by_side(
        runs(5),
        || files.iter().map(|file| fs::read(file).unwrap().len()).sum::<usize>(),
        || (),
    );
    Line {
        goal: 14,
        what: "the same files opened and read, one thread".to_owned(),
        ours: read.into(),
        beside,
        reach: Goal::Known,
    }
    .say();
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => walk(&path, files),
            path => files.push(path),
        }
    }
    files.sort();
}

/// Columns without any file: what a post costs as the corpus grows.
fn columns() {
    let is_tiny = std::env::var_os("COPYDESK_BENCH_TINY").is_some();
    let counts: &[usize] = if is_tiny { &[20_000, 60_000] } else { &[100_000, 1_000_000, 10_000_000] };
    let mut first: Option<[f64; 4]> = None;
    for count in counts {
        // In a process of its own: what others gave back would hide what this one takes.
        let mut command = Command::new(std::env::current_exe().unwrap());
        let said = command.args([COLUMNS, &count.to_string()]).output().unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        let said = String::from_utf8(said.stdout).unwrap();
        let figures: Vec<f64> = said.split_whitespace().map(|word| word.parse().unwrap()).collect();
        let figures: [f64; 4] = figures.try_into().unwrap();
        for (at, what) in ["time to build", "memory", "`score>=70`", "`redis`, fuzzy"].into_iter().enumerate()
        {
            let figure = |of: &[f64; 4]| match (at, of.get(at).copied().unwrap_or_default()) {
                (1, bytes) => Figure::Memory(bytes),
                (_, nanos) => Figure::Time(Duration::from_secs_f64(nanos / 1e9)),
            };
            // Linear, with room for corpora that have outgrown the caches of the processor.
            let reach = Goal::Times(if at == 1 { 1.1 } else { 1.5 });
            let beside = first.map(|fewest| ("the same with the fewest posts", figure(&fewest)));
            let what = format!("{} posts, columns alone: {what}, a post", count_of(*count));
            Line { goal: 13, what, ours: figure(&figures), beside, reach }.say();
        }
        first.get_or_insert(figures);
    }
}

/// Builds columns and says what a post costs: nanoseconds, bytes, nanoseconds of two queries.
fn measure_columns(count: usize) {
    let before = anonymous_bytes("self");
    let mut posts = Posts::default();
    let build = time(|| fill(&mut posts, count));
    assert_eq!(posts.len(), count);
    let memory = anonymous_bytes("self") - before;
    let mut standings = Standings::default();
    standings.resize(count);
    let sources = Sources::default();
    let query = |text: &str| {
        let query = Query::parse(text).unwrap();
        let all =
            query::Posts { sources: &sources, corpus: &posts, standings: &standings, today: Day(20_000) };
        let times = (0..runs(5)).map(|_| time(|| query::run(&query, all, &|| false)));
        measure::median(times.collect()).as_nanos() as f64
    };
    let figures = [build.as_nanos() as f64, memory, query("score>=70"), query("redis")];
    println!("{}", figures.map(|figure| (figure / count as f64).to_string()).join(" "));
}

fn fill(posts: &mut Posts, count: usize) {
    const STACKS: [&str; 8] = [
        "python services",
        "go services",
        "redis",
        "postgresql",
        "kubernetes",
        "rust services",
        "vue",
        "laravel",
    ];
    let mut titles = TitleIndex::default();
    let mut segment = SegmentBuilder::new(0);
    let mut row = RowFields {
        tools: vec!["git".to_owned(), "make".to_owned()],
        language: "text".to_owned(),
        flags: vec![("has_images".to_owned(), true), ("needs_human_review".to_owned(), false)],
        images: 1,
        ..RowFields::default()
    };
    let stack = |number: usize| STACKS.iter().cycle().nth(number % STACKS.len()).unwrap();
    for number in 0..count {
        // Each title stands twice, far apart.
        let title = number % count.div_ceil(2);
        row.id = format!("columns-{number:08}");
        row.title = format!("what {} taught us about {} in week {title}", stack(title), stack(title / 7));
        row.stack = vec![(*stack(number)).to_owned(), "backend".to_owned()];
        let score = number * 37 % 10_001;
        row.score = Some(score as f32 / 100.0);
        row.axes = [row.score; 4];
        row.views = Some(number as u64 * 31 % 1_000_000);
        row.minutes = Some(u16::try_from(number % 20).unwrap());
        let offset = number as u64 * 4_600;
        segment.push(Place { offset, length: 4_600, line: u32::try_from(number + 1).unwrap() }, &row);
        if segment.is_full() {
            let full = std::mem::replace(&mut segment, SegmentBuilder::new(0));
            drop(posts.push(Arc::new(full.finish(&mut titles))));
        }
    }
    drop(posts.push(Arc::new(segment.finish(&mut titles))));
}

/// The least that a reader of rows can do with this parser: borrowed fields, bodies passed over.
mod floor {
    use super::{
        AtomicUsize, CHUNK_BYTES, Cow, Deserialize, File, FileExt, IgnoredAny, Ordering, Path, RawValue, io,
    };

    #[derive(Deserialize)]
    struct Row<'a> {
        #[serde(borrow)]
        id: Cow<'a, str>,
        #[serde(borrow)]
        title: Cow<'a, str>,
        #[serde(borrow)]
        stack: Vec<Word<'a>>,
        #[serde(borrow)]
        tools: Vec<Word<'a>>,
        #[serde(borrow)]
        code_language: Cow<'a, str>,
        #[serde(borrow)]
        difficulty: Cow<'a, str>,
        reading_time: u32,
        view_count: u64,
        score: Score,
        #[serde(borrow)]
        revision: Revision<'a>,
        #[serde(borrow)]
        flags: &'a RawValue,
        image_sources: Vec<IgnoredAny>,
        payload: Payload,
    }

    #[derive(Deserialize)]
    struct Word<'a>(#[serde(borrow)] Cow<'a, str>);

    #[derive(Deserialize)]
    struct Score {
        quality: f32,
        freshness: f32,
        depth: f32,
        clarity: f32,
    }

    #[derive(Deserialize)]
    struct Revision<'a> {
        #[serde(borrow)]
        status: Cow<'a, str>,
    }

    #[derive(Deserialize)]
    struct Payload {
        paragraphs: u32,
    }

    impl Row<'_> {
        /// Something of every field, so that none can be left out.
        fn sum(&self) -> usize {
            let words = |words: &[Word<'_>]| words.iter().map(|word| word.0.len()).sum::<usize>();
            let texts = self.id.len() + self.title.len() + self.code_language.len() + self.difficulty.len();
            let Score { quality, freshness, depth, clarity } = self.score;
            let score = usize::from(quality + freshness + depth + clarity > 0.0);
            let numbers = self.reading_time as usize + usize::from(self.view_count > 0) + score;
            let lists = words(&self.stack) + words(&self.tools) + self.image_sources.len();
            texts
                + numbers
                + lists
                + self.revision.status.len()
                + self.flags.get().len()
                + self.payload.paragraphs as usize
        }
    }

    /// How many rows a file of lines has, each read into a [`Row`] on one of two threads.
    pub(super) fn read(path: &Path) -> usize {
        let file = File::open(path).unwrap();
        let bounds = bounds(&file).unwrap();
        let next = AtomicUsize::new(0);
        let work = || {
            let (mut rows, mut sum, mut buffer) = (0, 0, Vec::new());
            while let Some([start, end]) = bounds.windows(2).nth(next.fetch_add(1, Ordering::Relaxed)) {
                buffer.resize(usize::try_from(end - start).unwrap(), 0);
                file.read_exact_at(&mut buffer, *start).unwrap();
                for line in lines(&buffer) {
                    let row: Row<'_> = serde_json::from_slice(line).unwrap();
                    sum += row.sum();
                    rows += 1;
                }
            }
            assert!(rows == 0 || sum > rows);
            rows
        };
        std::thread::scope(|scope| {
            let other = scope.spawn(work);
            work() + other.join().unwrap()
        })
    }

    fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        let ends = memchr::memchr_iter(b'\n', bytes).chain(std::iter::once(bytes.len()));
        ends.map(move |end| bytes.get(std::mem::replace(&mut start, end + 1)..end).unwrap_or_default())
            .filter(|line| !line.is_empty())
    }

    /// Where chunks begin, each with a line.
    fn bounds(file: &File) -> io::Result<Vec<u64>> {
        let len = file.metadata()?.len();
        let mut bounds = vec![0];
        let mut buffer = vec![0; 64 << 10];
        let mut at = CHUNK_BYTES;
        while at < len {
            let count = file.read_at(&mut buffer, at)?;
            match memchr::memchr(b'\n', buffer.get(..count).unwrap_or_default()) {
                Some(end) if at + (end as u64) + 1 < len => {
                    bounds.push(at + end as u64 + 1);
                    at += CHUNK_BYTES;
                }
                Some(_) => break,
                None => at += count as u64,
            }
        }
        bounds.push(len);
        Ok(bounds)
    }
}
