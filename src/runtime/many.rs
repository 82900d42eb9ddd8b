//! Reads many posts for one decision on them, a stretch at a time, so that the post under the cursor
//! never waits behind them.

use std::collections::HashSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::reader::Posts;
use super::worker::Inbox;
use crate::app::Event;
use crate::corpus::{Row, RowRef, body};

/// Posts that are read before the reader looks up again.
const BATCH: usize = 256;

/// Posts that are read for one decision.
#[derive(Debug)]
pub(super) struct Many {
    rows: Arc<[Row]>,
    posts: Posts,
    next: usize,
    /// Other posts with the same ids; known when the first stretch is read.
    twins: Option<Vec<Row>>,
}

impl Many {
    pub(super) fn new(rows: Arc<[Row]>, posts: Posts) -> Self {
        Self { rows, posts, next: 0, twins: None }
    }

    /// The number that it is answered with.
    pub(super) fn job(&self) -> u64 {
        self.posts.reading
    }

    /// Reads the next stretch; whether there are more.
    pub(super) fn go_on(&mut self, inbox: &Inbox) -> bool {
        if self.twins.is_none() {
            self.twins = Some(self.find_twins());
        }
        let twins = self.twins.as_deref().unwrap_or_default();
        let all = self.rows.len() + twins.len();
        let end = self.next.saturating_add(BATCH).min(all);
        let row = |at: usize| self.rows.get(at).or_else(|| twins.get(at - self.rows.len())).copied();
        let batch: Vec<Row> = (self.next..end).filter_map(row).collect();
        let Posts { sources, corpus, reading } = &self.posts;
        let digests = body::digests(sources, corpus, &batch);
        self.next = end;
        let is_last = end == all;
        // The program may be ending.
        let is_heard = inbox.send(Event::ReadMany { job: *reading, digests, is_last }).is_ok();
        is_heard && !is_last
    }

    /// The posts that share an id with one of the rows and are none of them: which of them a decision
    /// belongs to is only known by their texts.
    fn find_twins(&self) -> Vec<Row> {
        let corpus = &self.posts.corpus;
        let wanted: HashSet<Row> = self.rows.iter().copied().collect();
        let ids: HashSet<&str> =
            self.rows.iter().filter_map(|row| corpus.get(*row)).map(RowRef::id).collect();
        let segments: Vec<_> = corpus.segments().collect();
        let mut twins: Vec<Row> = segments
            .par_iter()
            .flat_map_iter(|(start, segment)| {
                let rows = segment.ids().iter().zip(start.0..).filter(|(id, _)| ids.contains(id));
                rows.map(|(_, row)| Row(row)).filter(|row| !wanted.contains(row)).collect::<Vec<_>>()
            })
            .collect();
        twins.sort_unstable();
        twins
    }
}
