//! What is asked about the posts beside the list itself, one question at a time: the newest counts.

use super::{App, Effect, Event, PopupKind};
use crate::corpus::{Corpus, Sources};
use crate::query::{Answer, Question, Standings};

/// What a count needs; cheap to make, since everything in it is shared.
#[derive(Debug)]
pub struct CountRequest {
    /// Counts up with every request.
    pub generation: u64,
    /// What is asked.
    pub question: Question,
    /// Where texts are read.
    pub sources: Sources,
    /// The posts so far.
    pub corpus: Corpus,
    /// What was decided so far.
    pub standings: Standings,
}

/// How far the newest question is.
#[derive(Debug, Default)]
pub(super) struct Counting {
    generation: u64,
    /// It was not answered to its end.
    waiting: bool,
    /// The posts have changed since it was asked.
    outdated: bool,
}

impl App {
    /// Asks; what was asked before is answered for nothing.
    pub(super) fn ask_count(&mut self, question: Question) {
        self.nearest = None;
        self.counting.generation += 1;
        (self.counting.waiting, self.counting.outdated) = (true, false);
        self.ask(Effect::Count(Box::new(CountRequest {
            generation: self.counting.generation,
            question,
            sources: self.sources.clone(),
            corpus: self.corpus.clone(),
            standings: self.standings.clone(),
        })));
    }

    /// The number of the newest question.
    pub(super) fn counting_generation(&self) -> u64 {
        self.counting.generation
    }

    /// Nobody looks at the answers any more.
    pub(super) fn drop_count(&mut self) {
        self.nearest = None;
        self.counting.generation += 1;
        (self.counting.waiting, self.counting.outdated) = (false, false);
    }

    /// The answer to the newest question is still to come, as far as it is known.
    pub fn is_counting(&self) -> bool {
        self.counting.waiting
    }

    /// The list holds other posts, or something was decided. Posts that arrive while a count runs let it
    /// end first, or a fast loader would keep every count from ending.
    pub(super) fn count_again(&mut self) {
        if self.popup.is_none_or(|popup| popup.kind != PopupKind::Facets) {
            return;
        }
        if self.counting.waiting && self.loading.is_some() {
            self.counting.outdated = true;
        } else {
            self.ask_facets();
        }
    }

    /// An answer. One to an older question means nothing any more.
    pub(super) fn counted(&mut self, generation: u64, answer: Answer, is_last: bool) {
        if generation != self.counting.generation {
            return;
        }
        self.counting.waiting = !is_last;
        match answer {
            Answer::Facets(found) => self.take_facets(found),
            Answer::Values(found) => {
                if !self.take_nearest(found.as_ref()) {
                    self.take_values(found);
                }
            }
            Answer::Count { at, posts } => self.take_named_count(at, posts),
        }
        if is_last && self.counting.outdated {
            self.count_again();
        }
    }
}

impl CountRequest {
    /// The event that tells a part of the answer.
    pub fn answered(&self, answer: Answer, is_last: bool) -> Event {
        Event::Counted { generation: self.generation, answer, is_last }
    }
}
