//! Runs the filter, in the background. A newer request stops the pass that is under way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use super::worker::Inbox;
use crate::app::{Event, FilterRequest};
use crate::query;

/// Where requests are put.
#[derive(Debug)]
pub(super) struct Filter {
    requests: Sender<FilterRequest>,
    newest: Arc<AtomicU64>,
}

/// The other end of a [`Filter`].
pub(super) struct FilterWork {
    requests: Receiver<FilterRequest>,
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
    pub(super) fn ask(&self, request: FilterRequest) {
        self.newest.store(request.generation, Ordering::Release);
        // The worker ends with the program only.
        let _ = self.requests.send(request);
    }
}

impl FilterWork {
    /// Answers requests until nobody asks any more.
    pub(super) fn run(self, inbox: &Inbox) {
        while let Ok(mut request) = self.requests.recv() {
            while let Ok(newer) = self.requests.try_recv() {
                request = newer;
            }
            let generation = request.generation;
            let outdated = || self.newest.load(Ordering::Acquire) != generation;
            if let Some(view) = query::run(&request.query, &request.corpus, &request.standings, &outdated) {
                let _ = inbox.send(Event::Filtered { generation, view });
            }
        }
    }
}
