//! How long queries take over loaded posts, each beside the least that could be done; how long texts
//! take to be searched, beside `rg`; and how long a frame takes. `cargo bench --bench query -- [POSTS…]`.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod measure;

use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use copydesk::app::{App, Effect, Event, FilterRequest, Keymap, Settings};
use copydesk::corpus::{Corpus as Loaded, NumberColumn, Sources, body, load};
use copydesk::model::Day;
use copydesk::query::{Engine, FIELDS, Facets, Field, Names, Place, Posts, Query, Standings, View, run};
use copydesk::review::{Author, Reviews, Via};
use copydesk::ui::{self, Theme};
use jiff::Timestamp;
use measure::{Corpus, Goal, Line, median, runs, side_by_side, skip, time, tool};
use ratatui::backend::TestBackend;
use ratatui::buffer::Cell;
use ratatui::{Frame, Terminal};
use rayon::prelude::*;

/// Frames that are timed together.
const FRAMES: u32 = 100;

fn main() {
    measure::head();
    for corpus in measure::corpora() {
        corpus.warm_up();
        let desk = Desk::open(&corpus);
        desk.fuzzy();
        desk.fields();
        desk.orders();
        desk.facets();
        desk.texts();
        frame(&corpus);
    }
}

/// Loaded posts, and what a floor needs of them.
struct Desk<'a> {
    corpus: &'a Corpus,
    name: String,
    sources: Sources,
    posts: Loaded,
    standings: Standings,
    /// The scores of all posts, in one piece.
    scores: Vec<u16>,
}

impl<'a> Desk<'a> {
    fn open(corpus: &'a Corpus) -> Self {
        let sources = Sources::open(std::slice::from_ref(&corpus.path)).unwrap().0;
        let mut posts = Loaded::default();
        load(&sources, &mut |loaded| {
            if let copydesk::corpus::Loaded::Segment(segment) = loaded {
                drop(posts.push(segment));
            }
            ControlFlow::Continue(())
        });
        assert_eq!(posts.len(), corpus.posts);
        let mut standings = Standings::default();
        standings.resize(posts.len());
        let of_segment = |segment: &copydesk::corpus::Segment| segment.numbers(NumberColumn::Score).to_vec();
        let scores = posts.segments().flat_map(|(_, segment)| of_segment(segment)).collect();
        Self { corpus, name: corpus.name(), sources, posts, standings, scores }
    }

    fn all(&self) -> Posts<'_> {
        Posts { sources: &self.sources, corpus: &self.posts, standings: &self.standings, today: Day(20_000) }
    }

    /// The same query many times; the engine begins anew each time, or comes from `before`.
    fn query(&self, text: &str, before: &[&str], mut floor: impl FnMut() -> usize) -> (Duration, Duration) {
        let query = Query::parse(text).unwrap();
        let before: Vec<Query> = before.iter().map(|text| Query::parse(text).unwrap()).collect();
        let (mut ours, mut floors) = (Vec::new(), Vec::new());
        for _ in 0..self.corpus.runs() {
            let mut engine = Engine::default();
            for query in &before {
                engine.run(query, self.all(), &|| false, &mut |_| ());
            }
            ours.push(time(|| engine.run(&query, self.all(), &|| false, &mut |_| ()).unwrap()));
            floors.push(time(&mut floor));
        }
        (median(ours), median(floors))
    }

    /// At most this many milliseconds a key; small corpora are shown without a goal.
    fn most(&self, at_million: f64, at_100k: f64) -> Goal {
        match self.corpus.posts {
            1_000_000 => Goal::AtMost(at_million),
            100_000 => Goal::AtMost(at_100k),
            _ => Goal::Known,
        }
    }

    fn fuzzy(&self) {
        // Each different title once, as the floor would keep them.
        let titles: Vec<String> = (0..self.posts.titles_len())
            .map(|number| self.posts.title(u32::try_from(number).unwrap()).to_lowercase())
            .collect();
        let masks: Vec<u64> = titles.par_iter().map(|title| mask_of(title)).collect();
        let floor = |word: &str| {
            let mask = mask_of(word);
            let both = titles.par_iter().zip(&masks);
            both.filter(|(title, of)| mask & !**of == 0 && is_in(word.as_bytes(), title.as_bytes())).count()
        };
        for word in ["a", "re", "cac", "slow", "redis"] {
            let line = |text: &str, before: &[&str], how: &str| {
                let (ours, floor) = self.query(text, before, || floor(text));
                Line {
                    goal: 5,
                    what: format!("{} posts: `{text}` {how}", self.name),
                    ours: ours.into(),
                    beside: Some(("letters tested, no score, all threads", floor.into())),
                    reach: self.most(50.0, 16.0),
                }
                .say();
            };
            line(word, &[], "at once");
            if word == "redis" {
                // As it is typed: each letter after the ones before it.
                for end in 1..=word.len() {
                    let begins = |end: usize| word.get(..end).unwrap();
                    let before: Vec<&str> = (1..end).map(begins).collect();
                    line(begins(end), &before, "typed");
                }
            }
        }
    }

    fn fields(&self) {
        let scores = &self.scores;
        let pass = || {
            let rows = (0_u32..).zip(scores).filter(|(_, score)| (7_000..=10_000).contains(*score));
            rows.map(|(row, _)| row).collect::<Vec<u32>>().len()
        };
        for (text, before) in [
            ("score>=70", &[][..]),
            ("stack:python", &[]),
            ("status:unreviewed", &[]),
            ("stack:python score>=70", &["stack:python"]),
            ("title:cache", &[]),
            ("id:0001", &[]),
        ] {
            let (ours, floor) = self.query(text, before, pass);
            Line {
                goal: 6,
                what: format!("{} posts: `{text}`", self.name),
                ours: ours.into(),
                beside: Some(("one pass over a column of u16, hits kept, one thread", floor.into())),
                reach: self.most(16.0, 16.0),
            }
            .say();
        }
    }

    fn orders(&self) {
        let sort = || counting_sort(&self.scores).len();
        // Titles are put in order while nobody waits, as the desk does when all posts are there.
        for text in ["sort:-score", "sort:views", "sort:stack,-score", "sort:title"] {
            let query = Query::parse(text).unwrap();
            let (mut ours, mut floors, mut first) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..self.corpus.runs() {
                let mut engine = Engine::default();
                first.push(time(|| engine.prepare(&self.posts, &|| false)));
                ours.push(time(|| engine.run(&query, self.all(), &|| false, &mut |_| ()).unwrap()));
                floors.push(time(sort));
            }
            let beside = Some(("counting sort by a column of u16, one thread", median(floors).into()));
            let what = format!("{} posts: `{text}`", self.name);
            Line { goal: 6, what, ours: median(ours).into(), beside, reach: self.most(16.0, 16.0) }.say();
            if text == "sort:title" {
                let what = format!("{} posts: titles put in order, while nobody waits", self.name);
                Line { goal: 6, what, ours: median(first).into(), beside, reach: Goal::Known }.say();
            }
        }
    }

    /// Values counted for whoever looks at them, and while one is typed.
    fn facets(&self) {
        let copy = || self.scores.clone();
        let every = View::All(self.posts.len());
        let some = Query::parse("score>=50 sort:-score").unwrap();
        let some = run(&some, self.all(), &|| false).unwrap();
        let fields: Vec<&'static Field> = FIELDS.iter().filter(|field| field.has_facet()).collect();
        let mut facets = Facets::default();
        let first = time(|| facets.all(&fields, self.all(), &every, 200, &|| false));
        for (view, what) in [(&every, "all posts"), (&some, "`score>=50 sort:-score`")] {
            let count = || facets.all(&fields, self.all(), view, 200, &|| false).unwrap().len();
            let (ours, floor) = side_by_side(self.corpus.runs(), count, copy);
            self.counted(format!("{} facets over {what}", fields.len()), ours, floor, self.most(16.0, 16.0));
            let stack = Field::find("stack").unwrap();
            let count = || facets.facet(stack, self.all(), view, 200, &|| false).unwrap().different;
            let (ours, floor) = side_by_side(self.corpus.runs(), count, copy);
            self.counted(format!("the facet `stack` over {what}"), ours, floor, self.most(16.0, 16.0));
        }
        self.counted("the first facets of these posts".to_owned(), first, time(copy), Goal::Known);
        let names = Names::default();
        for text in
            ["sta", "stack:", "stack:py", "host:ex", "entity:re", "topic:alert", "status:f", "sort:-re"]
        {
            // The view is another one at each key, so that nothing is known of it.
            let mut ask = |view: &View| {
                let found = facets.complete(text, text.len(), self.all(), (view, &names), 50, &|| false);
                found.unwrap().candidates.len()
            };
            let rest = Place::of(text, text.len()).unwrap().rest(text);
            assert_eq!(rest, "");
            let first = time(|| ask(&every));
            let (mut ours, mut floors) = (Vec::new(), Vec::new());
            for _ in 0..self.corpus.runs() {
                let View::Rows(rows) = &some else { panic!("a view of its own") };
                let view = View::Rows(rows.to_vec().into());
                ours.push(time(|| ask(&view)));
                floors.push(time(copy));
            }
            let goal = self.most(50.0, 50.0);
            self.counted(
                format!("`{text}` completed over `score>=50 sort:-score`"),
                median(ours),
                median(floors),
                goal,
            );
            self.counted(format!("`{text}` completed for the first time"), first, time(copy), Goal::Known);
        }
    }

    fn counted(&self, what: String, ours: Duration, floor: Duration, reach: Goal) {
        let what = format!("{} posts: {what}", self.name);
        let beside = Some(("a copy of one column of u16", floor.into()));
        Line { goal: 6, what, ours: ours.into(), beside, reach }.say();
    }

    fn texts(&self) {
        let path = &self.corpus.path;
        for (text, pattern, flags, most) in
            [("text:PostgreSQL", "PostgreSQL", "-c", 1.2), ("text:postgresql", "postgresql", "-ic", 0.6)]
        {
            let query = Query::parse(text).unwrap();
            let mut first = Vec::new();
            let mut ours = Vec::new();
            let mut of_rg = Vec::new();
            let rg = tool("rg");
            let cat = tool("cat");
            let mut of_cat = Vec::new();
            for _ in 0..self.corpus.runs() {
                let start = Instant::now();
                let mut hit = None;
                let mut engine = Engine::default();
                ours.push(time(|| {
                    engine.run(&query, self.all(), &|| false, &mut |found| {
                        if found.view.is_some_and(|view| !view.is_empty()) {
                            hit.get_or_insert_with(|| start.elapsed());
                        }
                    })
                }));
                first.extend(hit);
                if let Some(rg) = &rg {
                    of_rg.push(time(|| output_of(rg, &[flags, pattern], path)));
                }
                if let Some(cat) = &cat {
                    of_cat.push(time(|| output_of(cat, &[], path)));
                }
            }
            let ours = median(ours);
            let what = format!("{} posts: `{text}` over all titles and bodies", self.name);
            if of_rg.is_empty() {
                skip(7, &what, "no `rg` on the PATH");
            } else {
                let name = format!("`rg {flags}` on the same file");
                let beside = Some((name.as_str(), median(of_rg).into()));
                Line { goal: 7, what: what.clone(), ours: ours.into(), beside, reach: Goal::Times(most) }
                    .say();
            }
            if !of_cat.is_empty() {
                let beside = Some(("`cat` of the same file", median(of_cat).into()));
                Line { goal: 7, what, ours: ours.into(), beside, reach: Goal::Known }.say();
            }
            if !first.is_empty() {
                let what = format!("{} posts: `{text}`, its first hits", self.name);
                Line { goal: 7, what, ours: median(first).into(), beside: None, reach: Goal::AtMost(20.0) }
                    .say();
            }
        }
    }
}

/// Runs a program over a file and takes what it says.
fn output_of(program: &Path, arguments: &[&str], path: &Path) {
    let mut command = Command::new(program);
    command.args(arguments).arg(path).stdin(Stdio::null()).stdout(Stdio::null());
    assert!(command.status().unwrap().code().is_some());
}

/// Which letters a text has, a bit each; some letters share one.
fn mask_of(text: &str) -> u64 {
    text.bytes().fold(0, |mask, byte| mask | 1 << (byte % 64))
}

/// Whether a text holds the letters of a word in their order.
fn is_in(word: &[u8], text: &[u8]) -> bool {
    let mut rest = text;
    word.iter().all(|letter| match memchr::memchr(*letter, rest) {
        Some(at) => {
            rest = rest.get(at + 1..).unwrap_or_default();
            true
        }
        None => false,
    })
}

/// The rows in the order of their keys.
fn counting_sort(keys: &[u16]) -> Vec<u32> {
    let mut starts = vec![0_u32; usize::from(u16::MAX) + 2];
    for key in keys {
        if let Some(count) = starts.get_mut(usize::from(*key) + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut rows = vec![0; keys.len()];
    for (row, key) in (0..).zip(keys) {
        let Some(at) = starts.get_mut(usize::from(*key)) else { continue };
        if let Some(place) = rows.get_mut(*at as usize) {
            *place = row;
        }
        *at += 1;
    }
    rows
}

/// A whole desk on a screen of 120 × 40, beside a frame with nothing on it.
fn frame(corpus: &Corpus) {
    let sources = Sources::open(std::slice::from_ref(&corpus.path)).unwrap().0;
    let reviews =
        Reviews::with_writer(Author { by: "mara".to_owned(), via: Via::Browse }, "bench".to_owned());
    let mut app = App::new(sources.clone(), reviews, Keymap::built_in(), Settings::default());
    let mut events = vec![
        Event::Resize { width: 120, height: 40 },
        Event::Records(0, Vec::new()),
        Event::Replayed { read_only: None },
    ];
    load(&sources, &mut |loaded| {
        if let copydesk::corpus::Loaded::Segment(segment) = loaded {
            events.push(Event::Segment(segment));
        }
        ControlFlow::Continue(())
    });
    events.push(Event::Loaded);
    while !events.is_empty() {
        for event in std::mem::take(&mut events) {
            for effect in app.update(event, Timestamp::UNIX_EPOCH) {
                events.extend(answer(effect, &app));
            }
        }
    }
    let screen = || Terminal::new(TestBackend::new(120, 40)).unwrap();
    let (mut ours, mut blank) = (screen(), screen());
    let theme = Theme::default();
    let mut seen = screen();
    draw(&mut seen, |frame| ui::draw(frame, &app, &theme));
    // Many frames at a time: one is over before the clock has moved much.
    let (ours, floor) = side_by_side(
        runs(15),
        || (0..FRAMES).for_each(|_| draw(&mut ours, |frame| ui::draw(frame, &app, &theme))),
        || (0..FRAMES).for_each(|_| draw(&mut blank, |_| ())),
    );
    let text = text_of(&seen);
    assert!(text.contains("Posts"), "{text}");
    Line {
        goal: 8,
        what: format!("{} posts: a frame of 120 × 40", corpus.name()),
        ours: (ours / FRAMES).into(),
        beside: Some(("an empty frame", (floor / FRAMES).into())),
        reach: Goal::Known,
    }
    .say();
}

fn draw(terminal: &mut Terminal<TestBackend>, render: impl FnOnce(&mut Frame<'_>)) {
    terminal.draw(render).unwrap();
}

fn text_of(terminal: &Terminal<TestBackend>) -> String {
    terminal.backend().buffer().content().iter().map(Cell::symbol).collect()
}

/// What the world around the desk would answer.
fn answer(effect: Effect, app: &App) -> Option<Event> {
    match effect {
        Effect::Filter(request) => {
            let FilterRequest { generation, query, sources, corpus, standings } = &*request;
            let view = run(query, Posts { sources, corpus, standings, today: Day(20_000) }, &|| false)?;
            Some(Event::Filtered { generation: *generation, view })
        }
        Effect::Read(row, reading) => {
            let post = body::read(&app.sources, app.corpus.get(row)?).map(|post| Box::new(post.into()));
            Some(Event::Body { row, reading, post })
        }
        _ => None,
    }
}
