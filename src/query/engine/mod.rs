//! Runs queries over a corpus, a column at a time and on all cores.
//!
//! What a query asks of titles is answered once for each different title; what it asks of words once
//! for each different list of a segment; the rest is a pass over numbers. A million posts are passed
//! in some milliseconds, so a view is always whole when it is shown.

mod condition;
mod order;
mod text_ranks;
mod texts;
mod titles;

use std::sync::Arc;

use rayon::prelude::*;

use self::condition::Condition;
use self::order::Orders;
use self::texts::Texts;
use self::titles::Titles;
use super::standings::Standings;
use super::syntax::{Expr, Query, Term, Text};
use super::view::View;
use crate::corpus::{Corpus, Row, Segment, Sources};
use crate::model::Day;

/// Says that a pass is for nothing now; asked often, from any thread.
pub type Stop<'a> = &'a (dyn Fn() -> bool + Sync);

/// Runs queries, and remembers what the next one can use: the titles that words have found, the posts
/// that a search has found, and how titles are ordered.
#[derive(Debug, Default)]
pub struct Engine {
    titles: Titles,
    orders: Orders,
    texts: Texts,
}

/// By what a corpus is known to be the one of before, perhaps with more posts: its first segment, and
/// the last one that was seen, which may have been taken back.
#[derive(Debug, Default)]
pub(super) struct Seen {
    first: Option<Arc<Segment>>,
    last: Option<(usize, Arc<Segment>)>,
}

impl Seen {
    /// Whether everything that was known of a corpus is still true of this one; from now on it is this
    /// one that is known.
    pub(super) fn continues(&mut self, corpus: &Corpus) -> bool {
        let is_there = |at: usize, known: &Arc<Segment>| {
            corpus.segments().nth(at).is_some_and(|(_, segment)| Arc::ptr_eq(segment, known))
        };
        let continues = self.first.as_ref().is_some_and(|first| is_there(0, first))
            && self.last.as_ref().is_some_and(|(at, last)| is_there(*at, last));
        let segment = |at: usize| corpus.segments().nth(at).map(|(_, segment)| Arc::clone(segment));
        self.first = segment(0);
        self.last = corpus.segments().len().checked_sub(1).and_then(|at| Some((at, segment(at)?)));
        continues
    }
}

/// What a query is run over.
#[derive(Clone, Copy, Debug)]
pub struct Posts<'a> {
    /// Where texts are read.
    pub sources: &'a Sources,
    /// The posts.
    pub corpus: &'a Corpus,
    /// What was decided about them.
    pub standings: &'a Standings,
    /// The day that ages are counted back from.
    pub today: Day,
}

/// How far a search of texts is.
#[derive(Clone, Debug)]
pub struct Found {
    /// The posts that were found so far, where their order is that of the corpus.
    pub view: Option<View>,
    /// So many posts were searched,
    pub searched: usize,
    /// of so many.
    pub of: usize,
}

/// Runs one query, with nothing to remember and nothing to tell before the end.
pub fn run(query: &Query, posts: Posts<'_>, stop: Stop<'_>) -> Option<View> {
    Engine::default().run(query, posts, stop, &mut |_| ())
}

impl Engine {
    /// The posts that pass, in order; `None` when `stop` said so before the end. Where texts are
    /// searched, `tell` hears of each step.
    ///
    /// The order: by the keys of `sort:` where the query has some; else, where it has fuzzy words, by
    /// fuzzy-matcher's score of the title, the best first; else that of the corpus. Posts that are
    /// equal by that stay in the order of the corpus, so the same query on the same posts always gives
    /// the same view.
    pub fn run(
        &mut self,
        query: &Query,
        posts: Posts<'_>,
        stop: Stop<'_>,
        tell: &mut dyn FnMut(Found),
    ) -> Option<View> {
        let Posts { corpus, standings, .. } = posts;
        if query.is_empty() {
            return Some(View::All(corpus.len()));
        }
        self.titles.look_at(corpus);
        self.orders.look_at(corpus);
        self.texts.look_at(corpus);
        let (texts, others) = split(query.expression.as_ref());
        let mut rows = match &others {
            None => corpus.rows().collect(),
            Some(expression) => {
                let condition = Condition::of(expression, &mut self.titles, posts, stop)?;
                passing(&condition, corpus, standings, stop)?
            }
        };
        let words = query.fuzzy_words();
        if !texts.is_empty() {
            let is_final = query.sort.is_empty() && words.is_empty();
            let mut tell = |hits: &[Row], searched, of| {
                let view = is_final.then(|| View::Rows(hits.into()));
                tell(Found { view, searched, of });
            };
            let sought: Vec<_> = texts.iter().map(|text| text.sought.clone()).collect();
            rows = self.texts.search(rows, others.is_none(), sought, posts, stop, &mut tell)?;
        }
        let rows = if !query.sort.is_empty() {
            self.orders.sort(rows, &query.sort, corpus, standings, stop)?
        } else if words.is_empty() {
            rows
        } else {
            titles::best_first(&rows, &words, corpus, stop)?
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

/// The texts that every post must hold, and what else it must be: texts are searched last, among the
/// posts that are left.
fn split(expression: Option<&Expr>) -> (Vec<&Text>, Option<Expr>) {
    match expression {
        Some(Expr::Term(Term::Text(text))) => (vec![text], None),
        Some(Expr::And(parts)) => {
            let mut texts = Vec::new();
            let mut others = Vec::new();
            for part in parts {
                match part {
                    Expr::Term(Term::Text(text)) => texts.push(text),
                    other => others.push(other.clone()),
                }
            }
            (texts, (!others.is_empty()).then_some(Expr::And(others)))
        }
        other => (Vec::new(), other.cloned()),
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
        let mask = condition.mask((*start, segment), standings);
        let mut rows = Vec::with_capacity(mask.count());
        mask.for_each(|at| rows.push(Row(start.0 + at)));
        Some(rows)
    });
    let found: Vec<Vec<Row>> = found.collect::<Option<_>>()?;
    Some(found.concat())
}

#[cfg(test)]
mod tests;
