//! Runs queries over a corpus, a column at a time and on all cores.
//!
//! What a query asks of titles is answered once for each different title; what it asks of words once
//! for each different list of a segment; the rest is a pass over numbers. A million posts are passed
//! in some milliseconds, so a view is always whole when it is shown.

mod condition;
mod order;
mod titles;

use rayon::prelude::*;

use self::condition::Condition;
use self::order::Orders;
use self::titles::Titles;
use super::standings::Standings;
use super::syntax::Query;
use super::view::View;
use crate::corpus::{Corpus, Row};

/// Says that a pass is for nothing now; asked often, from any thread.
pub type Stop<'a> = &'a (dyn Fn() -> bool + Sync);

/// Runs queries, and remembers what the next one can use: the titles that words have found, and how
/// titles are ordered.
#[derive(Debug, Default)]
pub struct Engine {
    titles: Titles,
    orders: Orders,
}

/// Runs one query, with nothing to remember.
pub fn run(query: &Query, corpus: &Corpus, standings: &Standings, stop: Stop<'_>) -> Option<View> {
    Engine::default().run(query, corpus, standings, stop)
}

impl Engine {
    /// The posts that pass, in order; `None` when `stop` said so before the end.
    ///
    /// The order: by the keys of `sort:` where the query has some; else, where it has fuzzy words, by
    /// fuzzy-matcher's score of the title, the best first; else that of the corpus. Posts that are
    /// equal by that stay in the order of the corpus, so the same query on the same posts always gives
    /// the same view.
    pub fn run(
        &mut self,
        query: &Query,
        corpus: &Corpus,
        standings: &Standings,
        stop: Stop<'_>,
    ) -> Option<View> {
        if query.is_empty() {
            return Some(View::All(corpus.len()));
        }
        self.titles.look_at(corpus);
        self.orders.look_at(corpus);
        let rows = match &query.expression {
            None => corpus.rows().collect(),
            Some(expression) => {
                let condition = Condition::of(expression, &mut self.titles, corpus, stop)?;
                passing(&condition, corpus, standings, stop)?
            }
        };
        let words = query.fuzzy_words();
        let rows = if !query.sort.is_empty() {
            self.orders.sort(rows, &query.sort, corpus, standings, stop)?
        } else if words.is_empty() {
            rows
        } else {
            self.titles.best_first(rows, &words, corpus, stop)?
        };
        Some(View::Rows(rows.into()))
    }

    /// Makes ready what a first query over these posts would have to wait for, when there is time.
    pub fn prepare(&mut self, corpus: &Corpus, stop: Stop<'_>) {
        self.titles.look_at(corpus);
        self.orders.look_at(corpus);
        self.orders.prepare(corpus, stop);
    }
}

/// The rows that meet a condition, in the order of the corpus.
fn passing(
    condition: &Condition,
    corpus: &Corpus,
    standings: &Standings,
    stop: Stop<'_>,
) -> Option<Vec<Row>> {
    let segments: Vec<_> = corpus.segments().collect();
    let found = segments.par_iter().map(|(start, segment)| {
        if stop() {
            return None;
        }
        let badges = standings.bytes().get(start.index()..).unwrap_or_default();
        let mask = condition.mask(segment, badges);
        let mut rows = Vec::with_capacity(mask.count());
        mask.for_each(|at| rows.push(Row(start.0 + at)));
        Some(rows)
    });
    let found: Vec<Vec<Row>> = found.collect::<Option<_>>()?;
    Some(found.concat())
}

#[cfg(test)]
mod tests;
