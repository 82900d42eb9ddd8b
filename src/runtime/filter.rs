//! Runs the filter, and counts, in the background and on one thread: both use all cores. A newer filter
//! stops the pass that is under way, and a newer question the count; neither makes the other one lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use super::worker::Inbox;
use crate::app::{CountRequest, Event, FilterRequest};
use crate::corpus::Corpus;
use crate::model::{Day, clock};
use crate::query::{Counter, Engine, Posts};

/// What is asked of the worker.
enum Asked {
    /// A pass.
    Filter(Box<FilterRequest>),
    /// A count.
    Count(Box<CountRequest>),
    /// To make ready what a first query over these posts would wait for.
    Prepare(Corpus),
}

/// The numbers of the newest requests.
#[derive(Debug, Default)]
struct Newest {
    filter: AtomicU64,
    count: AtomicU64,
}

/// Where requests are put.
#[derive(Debug)]
pub(super) struct Filter {
    requests: Sender<Asked>,
    newest: Arc<Newest>,
}

/// The other end of a [`Filter`].
pub(super) struct FilterWork {
    requests: Receiver<Asked>,
    newest: Arc<Newest>,
    counter: Counter,
    /// The newest request of each kind that was not served yet.
    filter: Option<Box<FilterRequest>>,
    count: Option<Box<CountRequest>>,
    /// What was prepared in part only is prepared again when there is time.
    unready: Option<Corpus>,
    /// The numbers of those that were served last.
    served: (u64, u64),
}

/// Both ends.
pub(super) fn pair() -> (Filter, FilterWork) {
    let (sender, requests) = channel();
    let newest = Arc::new(Newest::default());
    let filter = Filter { requests: sender, newest: Arc::clone(&newest) };
    let work = FilterWork {
        requests,
        newest,
        counter: Counter::default(),
        filter: None,
        count: None,
        unready: None,
        served: (0, 0),
    };
    (filter, work)
}

impl Filter {
    /// Asks for a pass; the one that is under way is for nothing now.
    pub(super) fn ask(&self, request: Box<FilterRequest>) {
        self.newest.filter.store(request.generation, Ordering::Release);
        // The worker ends with the program only.
        let _ = self.requests.send(Asked::Filter(request));
    }

    /// Asks for a count; the one that is under way is for nothing now.
    pub(super) fn count(&self, request: Box<CountRequest>) {
        self.newest.count.store(request.generation, Ordering::Release);
        let _ = self.requests.send(Asked::Count(request));
    }

    /// All posts are there: what takes long can be done before somebody waits for it.
    pub(super) fn prepare(&self, corpus: Corpus) {
        let _ = self.requests.send(Asked::Prepare(corpus));
    }
}

impl FilterWork {
    /// Answers requests until nobody asks any more.
    pub(super) fn run(mut self, inbox: &Inbox) {
        let mut engine = Engine::default();
        loop {
            let is_idle = self.filter.is_none() && self.count.is_none() && self.unready.is_none();
            if is_idle {
                let Ok(asked) = self.requests.recv() else { return };
                self.keep(asked);
            }
            self.look_up();
            if let Some(request) = self.filter.take() {
                self.pass(&mut engine, &request, inbox);
            } else if self.count.is_some() {
                self.answer(true, inbox);
            } else if let Some(corpus) = self.unready.take() {
                let (newest, (filter, count)) = (Arc::clone(&self.newest), self.served);
                let disturbed = || {
                    newest.filter.load(Ordering::Acquire) != filter
                        || newest.count.load(Ordering::Acquire) != count
                };
                // What facets need is ready in a moment; the orders take seconds.
                self.counter.prepare(&corpus, &disturbed);
                engine.prepare(&corpus, &disturbed);
                if disturbed() {
                    self.unready = Some(corpus);
                    // It was seen before it was sent.
                    let Ok(asked) = self.requests.recv() else { return };
                    self.keep(asked);
                }
            }
        }
    }

    /// Takes in what was asked meanwhile.
    fn look_up(&mut self) {
        while let Ok(asked) = self.requests.try_recv() {
            self.keep(asked);
        }
    }

    fn keep(&mut self, asked: Asked) {
        match asked {
            Asked::Filter(request) => self.filter = Some(request),
            Asked::Count(request) => self.count = Some(request),
            Asked::Prepare(corpus) => self.unready = Some(corpus),
        }
    }

    fn pass(&mut self, engine: &mut Engine, request: &FilterRequest, inbox: &Inbox) {
        let FilterRequest { generation, query, sources, corpus, standings } = request;
        let generation = *generation;
        self.served.0 = generation;
        let newest = Arc::clone(&self.newest);
        let outdated = || newest.filter.load(Ordering::Acquire) != generation;
        let posts = Posts { sources, corpus, standings, today: today() };
        let view = engine.run(query, posts, &outdated, &mut |found| {
            let _ = inbox.send(Event::Searching { generation, found });
            // A search of texts takes seconds; who counts meanwhile does not wait for its end.
            self.look_up();
            if self.filter.is_none() && self.count.is_some() {
                self.answer(false, inbox);
            }
        });
        if let Some(view) = view {
            let _ = inbox.send(Event::Filtered { generation, view });
        }
    }

    /// Answers the question that waits. One that a filter has stopped waits again.
    fn answer(&mut self, counts_queries: bool, inbox: &Inbox) {
        let is_long = |request: &CountRequest| matches!(request.question, crate::query::Question::Counts(_));
        let Some(request) = self.count.take_if(|request| counts_queries || !is_long(request)) else { return };
        let CountRequest { generation, question, sources, corpus, standings } = &*request;
        let (filter, newest) = (self.newest.filter.load(Ordering::Acquire), Arc::clone(&self.newest));
        let replaced = || newest.count.load(Ordering::Acquire) != *generation;
        let stop = || replaced() || newest.filter.load(Ordering::Acquire) != filter;
        let posts = Posts { sources, corpus, standings, today: today() };
        let is_whole = self.counter.answer(question, posts, &stop, &mut |answer, is_last| {
            let _ = inbox.send(request.answered(answer, is_last));
        });
        if is_whole || replaced() {
            self.served.1 = *generation;
        } else {
            self.count = Some(request);
        }
    }
}

fn today() -> Day {
    Day::of_timestamp(clock::now())
}
