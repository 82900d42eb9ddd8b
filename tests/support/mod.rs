//! A desk without a terminal: keys go in, screens come out, everything that the desk asks for is
//! done at once and in order.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

pub mod program;
pub mod shell;
pub mod svg;
pub mod terminal;

use std::collections::VecDeque;
use std::fmt::Write;
use std::ops::ControlFlow;

use copydesk::app::{App, CountRequest, Effect, Event, KeyPress, Keymap, Settings};
use copydesk::corpus::{Loaded, Row, Sources, body, load};
use copydesk::model::Day;
use copydesk::query::{self, Counter};
use copydesk::review::{Author, Journal, MemoryLog, Record, Reviews, Via};
use copydesk::ui::{self, Theme};
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

/// A desk, its terminal and its log.
#[allow(clippy::struct_excessive_bools, reason = "each holds something else back")]
pub struct Desk {
    pub app: App,
    pub log: MemoryLog,
    pub records: Vec<Record>,
    /// How many bodies were read.
    pub reads: usize,
    /// The root that each record was meant for.
    pub roots: Vec<usize>,
    pub ended: bool,
    /// Posts that are to be decided on together are not read yet.
    pub holds_many: bool,
    pub many: Option<(u64, std::sync::Arc<[Row]>)>,
    /// Counts are asked for and not answered yet.
    pub holds_counts: bool,
    pub counts: Vec<CountRequest>,
    counter: Counter,
    /// What the keeper was given.
    pub named: Vec<(String, Option<String>)>,
    pub typed: Vec<String>,
    /// The filter does not answer yet.
    pub holds_filter: bool,
    pub asked_filter: Option<Box<copydesk::app::FilterRequest>>,
    /// What the browser was given.
    pub opened: Vec<String>,
    /// What was known before the logs were read anew.
    pub before: Vec<Reviews>,
    pub reads_logs: usize,
    pub writes_lost: usize,
    /// What was sent to the clipboard.
    pub copied: Vec<String>,
    terminal: Terminal<TestBackend>,
    now: Timestamp,
}

/// Posts in the tests' own words, as JSONL.
pub fn posts() -> String {
    let titles = [
        ("field notes on caching for python services", "python services", 73, "reviewed", 1),
        ("a calm guide to paging with cursors", "go services", 88, "draft", 1),
        ("what we learned from a full disk", "rust services", 41, "needs work", 0),
        ("feature flags that never came down", "python services", 64, "draft", 1),
        ("reading a slow query log before coffee", "postgresql", 91, "approved", 0),
    ];
    let mut text = String::new();
    for (number, (title, stack, score, claimed, review)) in (1..).zip(titles) {
        let post = format!(
            r#"{{"id":"desk-{number:03}","title":"{title}","body":"An opening paragraph that says what {title} is about, and why anybody should read on.\n\nthe short version\n\nMeasure first. Change one thing. Write down what happened, also when nothing did.\n\n  • look at the graph\n  • look at the clock\n\nThe end comes sooner than you think.","topic":"{title}","stack":["{stack}","backend"],"tools":["git","make"],"code_language":"text","difficulty":"beginner","reading_time":{number},"view_count":1{number}00,"score":{{"quality":{score},"freshness":{score},"depth":{score},"clarity":{score}}},"revision":{{"status":"{claimed}","version":"1.0.{number}"}},"flags":{{"needs_human_review":{review},"has_images":0}},"checklist":["read it aloud","check the links","check the numbers"],"entities":[{{"name":"{stack}","type":"stack"}}],"notes":["a note of its own"]}}"#
        );
        writeln!(text, "{post}").unwrap();
    }
    text
}

/// A count as the screen writes it.
pub fn grouped(count: usize) -> String {
    copydesk::model::figures::grouped(count)
}

impl Desk {
    /// A desk over one JSONL file.
    pub fn open(jsonl: &str) -> Self {
        Self::of(Sources::in_memory(vec![("posts.jsonl".to_owned(), jsonl.as_bytes().to_vec())]), &[])
    }

    /// The same with keys and settings of a person.
    pub fn with(keymap: Keymap, settings: Settings, jsonl: &str) -> Self {
        let sources = Sources::in_memory(vec![("posts.jsonl".to_owned(), jsonl.as_bytes().to_vec())]);
        let mut desk = Self::empty(sources, "writer");
        (desk.app.keymap, desk.app.settings) = (keymap, settings);
        desk.happen(Event::Replayed { read_only: None });
        desk.load();
        desk
    }

    /// A desk over some sources, with what was decided before.
    pub fn of(sources: Sources, before: &[Record]) -> Self {
        let mut desk = Self::empty(sources, &format!("writer{}", before.len()));
        desk.happen(Event::Records(0, before.to_vec()));
        desk.happen(Event::Replayed { read_only: None });
        desk.load();
        desk
    }

    /// A desk whose review log was not read yet.
    pub fn unreplayed(sources: Sources) -> Self {
        let mut desk = Self::empty(sources, "writer");
        desk.load();
        desk
    }

    fn empty(sources: Sources, writer: &str) -> Self {
        let author = Author { by: "mara".to_owned(), via: Via::Browse };
        let reviews = Reviews::with_writer(author, writer.to_owned());
        let app = App::new(sources, reviews, Keymap::built_in(), Settings::default());
        let terminal = Terminal::new(TestBackend::new(120, 40)).unwrap();
        let now = Timestamp::from_second(1_790_000_000).unwrap();
        let mut desk = Self {
            app,
            log: MemoryLog::default(),
            records: Vec::new(),
            roots: Vec::new(),
            reads: 0,
            ended: false,
            holds_many: false,
            many: None,
            holds_counts: false,
            counts: Vec::new(),
            counter: Counter::default(),
            named: Vec::new(),
            typed: Vec::new(),
            holds_filter: false,
            asked_filter: None,
            opened: Vec::new(),
            before: Vec::new(),
            reads_logs: 0,
            writes_lost: 0,
            copied: Vec::new(),
            terminal,
            now,
        };
        desk.happen(Event::Resize { width: 120, height: 40 });
        desk
    }

    fn load(&mut self) {
        let sources = self.app.sources.clone();
        let mut events = Vec::new();
        load(&sources, &mut |loaded| {
            events.push(match loaded {
                Loaded::Segment(segment) => Event::Segment(segment),
                Loaded::Problem(problem) => Event::Problem(problem),
                Loaded::Progress { bytes, total } => Event::Progress { bytes, total },
                Loaded::Restart => panic!("nothing is read twice"),
            });
            ControlFlow::Continue(())
        });
        events.push(Event::Loaded);
        events.into_iter().for_each(|event| self.happen(event));
    }

    /// The same desk on a screen of another size.
    pub fn size(mut self, width: u16, height: u16) -> Self {
        self.resize(width, height);
        self
    }

    pub fn resize(&mut self, width: u16, height: u16) {
        self.terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        self.happen(Event::Resize { width, height });
    }

    /// Presses keys: signs as they are, others by their names in `<>`.
    pub fn keys(mut self, script: &str) -> Self {
        self.press(script);
        self
    }

    pub fn press(&mut self, script: &str) {
        let mut rest = script;
        while let Some(first) = rest.chars().next() {
            let (key, after) = match rest.strip_prefix('<').and_then(|named| named.split_once('>')) {
                Some((name, after)) => (name.parse::<KeyPress>().unwrap(), after),
                None => (KeyPress::char(first), &rest[first.len_utf8()..]),
            };
            rest = after;
            self.now += jiff::SignedDuration::from_secs(1);
            self.happen(Event::Key(key));
        }
    }

    /// The same, at a time of the test's own.
    pub fn happen_at(&mut self, event: Event, now: Timestamp) {
        self.now = now;
        self.happen(event);
    }

    /// The same, to go on with.
    pub fn press_and(&mut self, script: &str) -> &mut Self {
        self.press(script);
        self
    }

    /// Gives it a screen of another size, to go on with.
    pub fn resized(&mut self, width: u16, height: u16) -> &mut Self {
        self.resize(width, height);
        self
    }

    /// Lets something happen, and does what the desk asks for.
    pub fn happen(&mut self, event: Event) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for effect in self.app.update(event, self.now) {
                self.perform(effect, &mut events);
            }
        }
    }

    fn perform(&mut self, effect: Effect, events: &mut VecDeque<Event>) {
        match effect {
            Effect::Filter(request) if self.holds_filter => self.asked_filter = Some(request),
            Effect::Filter(request) => {
                let view = run_query(&request);
                events.push_back(Event::Filtered { generation: request.generation, view });
            }
            Effect::Count(request) if self.holds_counts => self.counts.push(*request),
            Effect::Count(request) => events.extend(self.count(&request)),
            Effect::Read(row, reading) => {
                self.reads += 1;
                let place = self.app.corpus.get(row).unwrap();
                let post = body::read(&self.app.sources, place).map(|post| Box::new(post.into()));
                events.push_back(Event::Body { row, reading, post });
            }
            Effect::Verify(rows, reading) => {
                let digest =
                    |row| body::read(&self.app.sources, self.app.corpus.get(row).unwrap()).unwrap().digest();
                let digests = rows.into_iter().map(|row| (row, Some(digest(row)))).collect();
                events.push_back(Event::Digests { reading, digests, has_changed: false });
            }
            Effect::ReadMany { job, rows } if self.holds_many => self.many = Some((job, rows)),
            Effect::ReadMany { job, rows } => events.extend(self.read_many(job, &rows)),
            Effect::StopReading(job) => self.many = self.many.take().filter(|(many, _)| *many != job),
            Effect::Save { record, root } => {
                self.roots.push(root);
                self.log.append(&record).unwrap();
                events.push_back(Event::Written(record.id.clone()));
                self.log.sync().unwrap();
                events.push_back(Event::Synced);
                self.records.push(*record);
            }
            Effect::GoOn => events.push_back(Event::GoOn),
            Effect::OpenLink(link) => self.opened.push(link.as_str().to_owned()),
            Effect::Copy(text) => self.copied.push(text),
            Effect::SaveName { name, query } => self.named.push((name, query)),
            Effect::KeepTyped(query) => self.typed.push(query),
            Effect::FindLost(before) => self.before.push(*before),
            Effect::ReadLogs => self.reads_logs += 1,
            Effect::WriteLost => self.writes_lost += 1,
            Effect::Mouse(_)
            | Effect::Edit(_)
            | Effect::Suspend
            | Effect::Prepare
            | Effect::FindOtherLogs(_)
            | Effect::Reread => {}
            Effect::Quit => self.ended = true,
        }
    }

    /// What a count answers.
    pub fn count(&mut self, request: &CountRequest) -> Vec<Event> {
        let CountRequest { question, sources, corpus, standings, .. } = request;
        let posts = query::Posts { sources, corpus, standings, today: Day(20_000) };
        let mut events = Vec::new();
        let is_whole = self.counter.answer(question, posts, &|| false, &mut |answer, is_last| {
            events.push(request.answered(answer, is_last));
        });
        assert!(is_whole);
        events
    }

    /// The posts of a decision on many of them, two at a time, as the reader hands them on.
    pub fn read_many(&self, job: u64, rows: &[Row]) -> Vec<Event> {
        let corpus = &self.app.corpus;
        let id = |row: Row| corpus.get(row).unwrap().id();
        let twins = corpus
            .rows()
            .filter(|row| !rows.contains(row) && rows.iter().any(|other| id(*other) == id(*row)));
        let all: Vec<Row> = rows.iter().copied().chain(twins).collect();
        let digest = |row: &Row| {
            let post = body::read(&self.app.sources, corpus.get(*row).unwrap()).ok();
            (*row, post.map(|post| post.digest()))
        };
        let event = |pair: &[Row]| Event::ReadMany {
            job,
            digests: pair.iter().map(digest).collect(),
            is_last: pair.last() == all.last(),
        };
        all.chunks(2).map(event).collect()
    }

    /// Draws a frame.
    pub fn draw(&mut self) -> &Buffer {
        self.draw_in(&Theme::default())
    }

    /// The same in another theme.
    pub fn draw_in(&mut self, theme: &Theme) -> &Buffer {
        let Self { terminal, app, .. } = self;
        terminal.draw(|frame| ui::draw(frame, app, theme)).unwrap();
        terminal.backend().buffer()
    }

    /// The screen as text.
    pub fn screen(&mut self) -> String {
        let buffer = self.draw();
        let mut text = String::new();
        for y in 0..buffer.area.height {
            let mut line = String::new();
            let mut covered = 0_usize;
            for x in 0..buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                // The second cell of a wide letter is only covered by it.
                if covered == 0 {
                    line.push_str(symbol);
                }
                covered = unicode_width::UnicodeWidthStr::width(symbol)
                    .saturating_sub(1)
                    .max(covered.saturating_sub(1));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// What the records say, one line each.
    pub fn said(&self) -> Vec<String> {
        let line = |record: &Record| {
            let posts: Vec<&str> = record.posts().map(copydesk::model::PostId::as_str).collect();
            let undo = if record.undo.is_some() { " (undo)" } else { "" };
            let why =
                if record.why.is_empty() { String::new() } else { format!(" {}", record.why.join(",")) };
            let note = record.note.as_ref().map_or_else(String::new, |note| format!(" {note:?}"));
            format!("{} {}={}{why}{note}{undo}", posts.join(","), record.key, record.val)
        };
        self.records.iter().map(line).collect()
    }
}

/// What the filter answers.
pub fn run_query(request: &copydesk::app::FilterRequest) -> query::View {
    let copydesk::app::FilterRequest { query, sources, corpus, standings, .. } = request;
    query::run(query, query::Posts { sources, corpus, standings, today: Day(20_000) }, &|| false).unwrap()
}
