//! A desk over real files: what the program does with threads around it, done at once and in order.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::rc::Rc;

use copydesk::app::{App, Effect, Event, FilterRequest, KeyPress, Keymap, Settings};
use copydesk::corpus::body;
use copydesk::model::Day;
use copydesk::query;
use copydesk::review::{Appended, Author, Journal, Record, ReviewLog, Reviews, Standing, Via};
use jiff::Timestamp;

use crate::posts::{Post, Posts};

pub(crate) struct Screen {
    pub(crate) app: App,
    /// What its posts are named by: `a`, `b` or `ab`.
    pub(crate) opened: &'static str,
    /// The name that its records begin with.
    pub(crate) writer: String,
    /// The posts that it shows.
    posts: Rc<Posts>,
    logs: Vec<Log>,
    /// What was acknowledged since it was last asked, and where it stands.
    acknowledged: Vec<(PathBuf, Record)>,
    /// What it has said.
    pub(crate) said: Vec<String>,
    /// The posts were not where they should be.
    pub(crate) asks_to_reread: bool,
    has_ended: bool,
    now: Timestamp,
}

struct Log {
    file: ReviewLog,
    waiting: VecDeque<Record>,
}

impl Screen {
    pub(crate) fn open(
        posts: &Rc<Posts>,
        opened: &'static str,
        sidecars: &[PathBuf],
        (by, writer): (&str, String),
        now: Timestamp,
    ) -> Self {
        let author = Author { by: by.to_owned(), via: Via::Browse };
        let reviews = Reviews::with_writer(author, writer.clone());
        let app = App::new(posts.sources.clone(), reviews, Keymap::built_in(), Settings::default());
        let log =
            |path: &PathBuf| Log { file: ReviewLog::open(path).keeping_its_own(), waiting: VecDeque::new() };
        let mut screen = Self {
            app,
            opened,
            writer,
            posts: Rc::clone(posts),
            logs: sidecars.iter().map(log).collect(),
            acknowledged: Vec::new(),
            said: Vec::new(),
            asks_to_reread: false,
            has_ended: false,
            now,
        };
        screen.happen(Event::Resize { width: 120, height: 40 });
        let mut past = screen.app.reviews.clone();
        let mut read_only: Option<String> = None;
        for (root, log) in screen.logs.iter_mut().enumerate() {
            past.turn_to(root);
            if let Err(error) = log.file.replay_into(&mut past, &mut |_| {}) {
                read_only.get_or_insert(error.to_string());
            }
            if let Err(error) = log.file.check_writable() {
                read_only.get_or_insert(error.to_string());
            }
        }
        screen.happen(Event::Past(Box::new(past)));
        screen.happen(Event::Replayed { read_only });
        screen.show_posts();
        screen
    }

    fn show_posts(&mut self) {
        for segment in self.posts.segments.clone() {
            self.happen(Event::Segment(segment));
        }
        self.happen(Event::Loaded);
    }

    /// The files have changed, and are read again.
    pub(crate) fn follow(&mut self, posts: &Rc<Posts>) {
        self.asks_to_reread = false;
        if !Rc::ptr_eq(posts, &self.posts) {
            self.posts = Rc::clone(posts);
            self.happen(Event::Restarted(posts.sources.clone(), None));
            self.show_posts();
        }
    }

    /// Looks for what others have decided.
    pub(crate) fn look(&mut self) {
        for root in 0..self.logs.len() {
            match self.logs[root].file.look() {
                Ok(met) => self.meet(root, met),
                Err(error) => self.happen(Event::LogNotice(error.to_string())),
            }
        }
    }

    fn meet(&mut self, root: usize, met: Appended) {
        let mut events = VecDeque::new();
        tell(root, met, &mut events);
        self.happen_all(events);
    }

    /// Presses keys: signs as they are, others by their names in `<>`.
    pub(crate) fn press(&mut self, script: &str, now: Timestamp) {
        self.now = self.now.max(now);
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

    /// Leaves; what could not be saved, as lines.
    pub(crate) fn quit(&mut self) -> Vec<String> {
        self.press("<esc><esc><esc>q", self.now);
        if !self.has_ended {
            self.press("q", self.now);
        }
        assert!(self.has_ended, "it does not leave: {:?}", self.said);
        for root in 0..self.logs.len() {
            self.write(root, &mut VecDeque::new());
            let file = &mut self.logs[root].file;
            if file.misses_some() {
                let met = file.append_missing();
                self.said.extend(met.err().map(|error| error.to_string()));
            }
            let _ = self.logs[root].file.sync();
        }
        self.logs.iter().flat_map(|log| &log.waiting).map(Record::to_line).collect()
    }

    pub(crate) fn take_acknowledged(&mut self) -> Vec<(PathBuf, Record)> {
        std::mem::take(&mut self.acknowledged)
    }

    /// What it shows of each post: it is gone to, and looked at.
    pub(crate) fn standings(&mut self) -> Vec<(Post, Standing)> {
        let posts = Rc::clone(&self.posts);
        self.press("<esc><esc><esc>g", self.now);
        let mut standings = Vec::new();
        for post in &posts.rows {
            assert_eq!(self.app.detail.row, Some(post.row), "the cursor: {:?}", self.said);
            standings.push((post.clone(), self.app.detail.standing.clone()));
            self.press("j", self.now);
        }
        standings
    }

    fn happen(&mut self, event: Event) {
        self.happen_all(VecDeque::from([event]));
    }

    fn happen_all(&mut self, mut events: VecDeque<Event>) {
        while let Some(event) = events.pop_front() {
            for effect in self.app.update(event, self.now) {
                self.perform(effect, &mut events);
            }
            self.said.extend(self.app.notice.as_ref().map(|notice| notice.text.clone()));
            self.said.dedup();
        }
    }

    fn perform(&mut self, effect: Effect, events: &mut VecDeque<Event>) {
        match effect {
            Effect::Filter(request) => {
                let view = run_query(&request);
                events.push_back(Event::Filtered { generation: request.generation, view });
            }
            Effect::Read(row, reading) => {
                let place = self.app.corpus.get(row).unwrap();
                let post = body::read(&self.app.sources, place).map(|post| Box::new(post.into()));
                events.push_back(Event::Body { row, reading, post });
            }
            Effect::Verify(rows, reading) => {
                let digests = body::digests(&self.app.sources, &self.app.corpus, &rows);
                events.push_back(Event::Digests { reading, digests });
            }
            Effect::ReadMany { job, rows } => {
                let corpus = &self.app.corpus;
                let id = |row: &copydesk::corpus::Row| corpus.get(*row).unwrap().id();
                let twins = corpus
                    .rows()
                    .filter(|row| !rows.contains(row) && rows.iter().any(|other| id(other) == id(row)));
                let all: Vec<_> = rows.iter().copied().chain(twins).collect();
                let digests = body::digests(&self.app.sources, corpus, &all);
                events.push_back(Event::ReadMany { job, digests, is_last: true });
            }
            Effect::Save { record, root } => {
                self.logs[root].waiting.push_back(*record);
                self.write(root, events);
            }
            Effect::GoOn => events.push_back(Event::GoOn),
            Effect::Reread => self.asks_to_reread = true,
            Effect::Quit => self.has_ended = true,
            _ => {}
        }
    }

    /// What the saver does: in order, and what is refused is tried again with the next one.
    fn write(&mut self, root: usize, events: &mut VecDeque<Event>) {
        let Self { logs, acknowledged, .. } = self;
        let Log { file, waiting } = &mut logs[root];
        while let Some(record) = waiting.pop_front() {
            match file.append(&record) {
                Ok(met) => {
                    tell(root, met, events);
                    events.push_back(Event::Written(record.id.clone()));
                    acknowledged.push((file.path().to_owned(), record));
                }
                Err(error) => {
                    waiting.push_front(record);
                    events.push_back(Event::NotSaved { why: error.to_string() });
                    break;
                }
            }
        }
        match file.sync() {
            Ok(_) => events.push_back(Event::Synced),
            Err(error) => events.push_back(Event::NotSaved { why: error.to_string() }),
        }
    }
}

fn tell(root: usize, met: Appended, events: &mut VecDeque<Event>) {
    if !met.others.is_empty() {
        events.push_back(Event::Records(root, met.others));
    }
    events.extend(met.notice.map(Event::LogNotice));
}

fn run_query(request: &FilterRequest) -> query::View {
    let FilterRequest { query, sources, corpus, standings, .. } = request;
    query::run(query, query::Posts { sources, corpus, standings, today: Day(20_000) }, &|| false).unwrap()
}
