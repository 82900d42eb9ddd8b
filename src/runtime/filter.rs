//! Runs the filter, in the background. A newer request stops the pass that is under way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use jiff::Timestamp;

use super::worker::Inbox;
use crate::app::{Event, FilterRequest};
use crate::corpus::Corpus;
use crate::model::Day;
use crate::query::{Engine, Posts};

/// What is asked of the worker.
enum Asked {
    /// A pass.
    Filter(Box<FilterRequest>),
    /// To make ready what a first query over these posts would wait for.
    Prepare(Corpus),
}

/// Where requests are put.
#[derive(Debug)]
pub(super) struct Filter {
    requests: Sender<Asked>,
    newest: Arc<AtomicU64>,
}

/// The other end of a [`Filter`].
pub(super) struct FilterWork {
    requests: Receiver<Asked>,
    newest: Arc<AtomicU64>,
}

/// Both ends.
pub(super) fn pair() -> (Filter, FilterWork) {
    let (sender, receiver) = channel();
    let newest = Arc::new(AtomicU64::new(0));
    (Filter { requests: sender, newest: Arc::clone(&newest) }, FilterWork { requests: receiver, newest })
}

impl Filter {
    /// Asks for a pass; the one that is under way is for nothing now.
    pub(super) fn ask(&self, request: Box<FilterRequest>) {
        self.newest.store(request.generation, Ordering::Release);
        // The worker ends with the program only.
        let _ = self.requests.send(Asked::Filter(request));
    }

    /// All posts are there: what takes long can be done before somebody waits for it.
    pub(super) fn prepare(&self, corpus: Corpus) {
        let _ = self.requests.send(Asked::Prepare(corpus));
    }
}

impl FilterWork {
    /// Answers requests until nobody asks any more.
    pub(super) fn run(self, inbox: &Inbox) {
        let mut engine = Engine::default();
        let mut served = 0;
        // What was prepared in part only is prepared again when there is time.
        let mut unready: Option<Corpus> = None;
        loop {
            let mut newest: Option<Box<FilterRequest>> = None;
            let mut next =
                if unready.is_some() { self.requests.try_recv().ok() } else { self.requests.recv().ok() };
            if next.is_none() && unready.is_none() {
                return;
            }
            while let Some(asked) = next {
                match asked {
                    Asked::Filter(request) => newest = Some(request),
                    Asked::Prepare(corpus) => unready = Some(corpus),
                }
                next = self.requests.try_recv().ok();
            }
            if let Some(request) = newest {
                let generation = request.generation;
                served = generation;
                let outdated = || self.newest.load(Ordering::Acquire) != generation;
                let FilterRequest { query, sources, corpus, standings, .. } = &*request;
                let today = Day::of_timestamp(Timestamp::now());
                let posts = Posts { sources, corpus, standings, today };
                let view = engine.run(query, posts, &outdated, &mut |found| {
                    let _ = inbox.send(Event::Searching { generation, found });
                });
                if let Some(view) = view {
                    let _ = inbox.send(Event::Filtered { generation, view });
                }
            } else if let Some(corpus) = unready.take() {
                let disturbed = || self.newest.load(Ordering::Acquire) != served;
                engine.prepare(&corpus, &disturbed);
                if disturbed() {
                    unready = Some(corpus);
                }
            }
        }
    }
}
