//! A desk over real files: what the program does with threads around it, done at once and in order.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use copydesk::app::{App, Effect, Event, FilterRequest, KeyPress, Keymap, Settings};
use copydesk::corpus::body;
use copydesk::model::Day;
use copydesk::query;
use copydesk::review::{Author, Record, Reviews, Standing, Via};
use copydesk::runtime::{Leftover, Logs, Pending, SaveRequest, Saver};
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
    /// Its review log of each file.
    sidecars: Vec<PathBuf>,
    saver: Saver,
    pending: Pending,
    told: Receiver<Event>,
    /// The records that it has made, each with its log.
    made: Vec<(PathBuf, Record)>,
    /// What was acknowledged since it was last asked, and where it stands.
    acknowledged: Vec<(PathBuf, Record)>,
    /// What it has said.
    pub(crate) said: Vec<String>,
    /// The posts were not where they should be.
    pub(crate) asks_to_reread: bool,
    has_ended: bool,
    now: Timestamp,
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
        let (pending, (inbox, told)) = (Pending::default(), channel());
        let logs = Logs { sidecars: sidecars.to_vec(), nowhere: None };
        let saver = Saver::new(&logs, &app.reviews, pending.clone(), inbox);
        let mut screen = Self {
            app,
            opened,
            writer,
            posts: Rc::clone(posts),
            sidecars: logs.sidecars,
            saver,
            pending,
            told,
            made: Vec::new(),
            acknowledged: Vec::new(),
            said: Vec::new(),
            asks_to_reread: false,
            has_ended: false,
            now,
        };
        screen.happen(Event::Resize { width: 120, height: 40 });
        screen.saver.begin(screen.app.reviews.clone());
        screen.happen_all(VecDeque::new());
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
        self.ask(SaveRequest::Look);
        self.happen_all(VecDeque::new());
    }

    /// What is asked of the saver is done at once.
    fn ask(&mut self, request: SaveRequest) -> Option<Leftover> {
        self.saver.round(vec![request])
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
        let reviews = self.app.take_reviews();
        let left = self.ask(SaveRequest::End(Some(Box::new(reviews)))).unwrap();
        self.said.extend(left.troubles);
        let told = self.told.try_iter().collect();
        self.hear(&told);
        left.unsaved
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
        loop {
            let told: VecDeque<Event> = self.told.try_iter().collect();
            self.hear(&told);
            events.extend(told);
            let Some(event) = events.pop_front() else { break };
            for effect in self.app.update(event, self.now) {
                self.perform(effect, &mut events);
            }
            self.said.extend(self.app.notice.as_ref().map(|notice| notice.text.clone()));
            self.said.dedup();
        }
    }

    /// Notes what the saver says that it has written.
    fn hear(&mut self, told: &VecDeque<Event>) {
        for event in told {
            if let Event::Written(id) = event {
                let made = self.made.iter().find(|(_, record)| record.id == *id);
                self.acknowledged.extend(made.cloned());
            }
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
                events.push_back(Event::Digests { reading, digests, has_changed: false });
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
                self.made.push((self.sidecars[root].clone(), (*record).clone()));
                let record = Arc::new(*record);
                self.pending.add(Arc::clone(&record));
                self.ask(SaveRequest::Save(root, record));
            }
            Effect::FindLost(before) => drop(self.ask(SaveRequest::FindLost(before))),
            Effect::ReadLogs => drop(self.ask(SaveRequest::ReadAnew)),
            Effect::WriteLost => drop(self.ask(SaveRequest::WriteLost)),
            Effect::GoOn => events.push_back(Event::GoOn),
            Effect::Reread => self.asks_to_reread = true,
            Effect::Quit => self.has_ended = true,
            _ => {}
        }
    }
}

fn run_query(request: &FilterRequest) -> query::View {
    let FilterRequest { query, sources, corpus, standings, .. } = request;
    query::run(query, query::Posts { sources, corpus, standings, today: Day(20_000) }, &|| false).unwrap()
}
