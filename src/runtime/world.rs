//! The workers, and what the desk asks of them.

use std::cell::RefCell;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::browser;
use super::filter::{self, Filter};
use super::keeper::{self, Keep, QueryFiles};
use super::loader::{self, Ping};
use super::many::Many;
use super::pending::Pending;
use super::reader::{self, Posts, ReadRequest};
use super::saver::{self, Leftover, Logs, SaveRequest};
use super::watch;
use super::worker::{self, Inbox};
use crate::app::{App, Effect, Event};
use crate::corpus::Cache;
use crate::query::other_logs;
use crate::review::{Record, Reviews};

/// A disk that takes longer than this is told of. It is longer than a lock is waited for.
const SAVING: Duration = Duration::from_secs(3);

/// The pause between two looks whether everything is saved.
const PAUSE: Duration = Duration::from_millis(2);

/// Queries are waited for so long: they are no decisions.
const KEEPING: Duration = Duration::from_secs(1);

/// The workers.
pub(super) struct World {
    filter: Filter,
    loader: Sender<Ping>,
    reader: Sender<ReadRequest>,
    saver: Sender<SaveRequest>,
    keeper: Sender<Keep>,
    /// Ends when the keeper has ended.
    kept_all: Receiver<()>,
    pub(super) inbox: Inbox,
    pending: Pending,
    /// Logs that were not looked at yet, see [`Effect::FindOtherLogs`].
    other_logs: RefCell<Vec<PathBuf>>,
    saving: JoinHandle<Option<Leftover>>,
}

impl World {
    /// Starts those that neither need nor know a terminal.
    pub(super) fn start(
        app: &App,
        (logs, other_logs): (Logs, Vec<PathBuf>),
        cache: Option<Cache>,
        queries: QueryFiles,
        pending: Pending,
        inbox: &Inbox,
    ) -> io::Result<Self> {
        let unsafe_yet = pending.clone();
        let (saver, saves) = channel();
        let (to_self, reviews) = (saver.clone(), app.reviews.clone());
        let saving = worker::start("saver", inbox.clone(), move |inbox| {
            saver::run(&logs, reviews, (&saves, to_self), &unsafe_yet, inbox)
        })?;
        let sources = app.sources.clone();
        let (loader, pings) = channel();
        let watcher = loader.clone();
        worker::start("loader", inbox.clone(), move |inbox| {
            // Watched before they are read: nothing that happens meanwhile is missed.
            let watcher = watch::watch(&sources, watcher);
            loader::run(sources, cache, watcher.is_some(), &pings, inbox);
        })?;
        let (reader, reads) = channel();
        worker::start("reader", inbox.clone(), move |inbox| reader::run(&reads, inbox))?;
        let (keeper, kept) = channel();
        let (at_work, kept_all) = channel();
        worker::start("keeper", inbox.clone(), move |inbox| {
            keeper::run(&queries, &kept, inbox);
            // Lives as long as there is something to keep.
            drop(at_work);
        })?;
        let (filter, work) = filter::pair();
        worker::start("filter", inbox.clone(), move |inbox| work.run(inbox))?;
        let (inbox, other_logs) = (inbox.clone(), RefCell::new(other_logs));
        Ok(Self { filter, loader, reader, saver, keeper, kept_all, inbox, pending, other_logs, saving })
    }

    /// Does what the desk asks for; gives it back where that takes a terminal or is about the loop.
    pub(super) fn perform(&self, effect: Effect, app: &App) -> Option<Effect> {
        let posts = |reading| Posts { sources: app.sources.clone(), corpus: app.corpus.clone(), reading };
        // A worker that has broken off was reported; the others go on.
        match effect {
            Effect::Filter(request) => self.filter.ask(request),
            Effect::Count(request) => self.filter.count(request),
            Effect::Prepare => self.filter.prepare(app.corpus.clone()),
            Effect::Read(row, reading) => {
                let _ = self.reader.send(ReadRequest::Show(row, posts(reading)));
            }
            Effect::Verify(rows, reading) => {
                let _ = self.reader.send(ReadRequest::Verify(rows, posts(reading)));
            }
            Effect::ReadMany { job, rows } => {
                let _ = self.reader.send(ReadRequest::Many(Many::new(rows, posts(job))));
            }
            Effect::StopReading(job) => {
                let _ = self.reader.send(ReadRequest::Stop(job));
            }
            Effect::FindOtherLogs(reading) => self.find_other_logs(posts(reading)),
            Effect::Reread => drop(self.loader.send(Ping::Reread)),
            Effect::FindLost(before) => drop(self.saver.send(SaveRequest::FindLost(before))),
            Effect::ReadLogs => drop(self.saver.send(SaveRequest::ReadAnew)),
            Effect::WriteLost => drop(self.saver.send(SaveRequest::WriteLost)),
            Effect::SaveName { name, query } => drop(self.keeper.send(Keep::Named(name, query))),
            Effect::KeepTyped(query) => drop(self.keeper.send(Keep::Typed(query))),
            Effect::Save { root, record } => self.save(root, record),
            Effect::OpenLink(link) => browser::open(*link, &self.inbox),
            other => return Some(other),
        }
        None
    }

    /// Looks, once, which logs near the posts decide on some of them.
    fn find_other_logs(&self, posts: Posts) {
        let logs = self.other_logs.take();
        if logs.is_empty() {
            return;
        }
        let look = move |inbox: &Inbox| {
            let found = other_logs((&posts.sources, &posts.corpus), &logs);
            let _ = inbox.send(Event::OtherLogs { reading: posts.reading, logs: found });
        };
        // Where no thread can be started, they are told of by the commands.
        let _ = worker::start("finder of logs", self.inbox.clone(), look);
    }

    /// Sees a record on its way to the log of a root.
    pub(super) fn save(&self, root: usize, record: Box<Record>) {
        let record = Arc::new(*record);
        self.pending.add(Arc::clone(&record));
        if self.saver.send(SaveRequest::Save(root, record)).is_err() {
            let why = "what saves them has broken off; leave, and they are printed".to_owned();
            let _ = self.inbox.send(Event::NotSaved { why });
        }
    }

    /// Sees to the decisions among what a loop that broke off was about to do.
    pub(super) fn save_left(&self, left: impl IntoIterator<Item = Effect>) {
        for effect in left {
            if let Effect::Save { root, record } = effect {
                self.save(root, record);
            }
        }
    }

    /// Waits until everything is on the disk, or is known not to be. `reviews` is what the desk knows of the logs. Where
    /// that takes long `tell` is given a sentence about it.
    pub(super) fn close(self, reviews: Reviews, tell: impl FnOnce(&str)) -> Leftover {
        let _ = self.saver.send(SaveRequest::End(Some(Box::new(reviews))));
        let until = Instant::now() + SAVING;
        while !self.saving.is_finished() && Instant::now() < until {
            std::thread::sleep(PAUSE);
        }
        if !self.saving.is_finished() {
            let count = self.pending.ids().len();
            tell(&format!(
                "copydesk: the disk has not answered yet, and {count} decisions are on their way to it. Ctrl-C ends without waiting, and prints them\n"
            ));
        }
        let ended = self.saving.join().ok().flatten();
        drop(self.keeper);
        // It has nothing to say any more.
        let _ = self.kept_all.recv_timeout(KEEPING);
        // A saver that broke off says nothing; what it had not finished is known all the same.
        ended.unwrap_or_else(|| Leftover { unsaved: self.pending.lines(), ..Leftover::default() })
    }
}
