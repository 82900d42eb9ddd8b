//! Which rows a decision belongs to: the posts that were decided on, found by their ids.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::corpus::{Corpus, Row};
use crate::model::{Digest, PostId};

/// Digests that are asked for at once: more would only keep the reader from what is asked next.
const ASKED_AT_ONCE: usize = 512;

/// The rows of the posts that somebody has decided on, and the digests of those that were met.
#[derive(Debug, Default)]
pub(super) struct Places {
    rows: HashMap<PostId, Vec<Row>>,
    digests: HashMap<Row, Digest>,
    /// Rows whose digest was asked for and is still to come.
    asked: HashSet<Row>,
    /// Decided rows whose digest was not asked for yet, in the order in which they were found.
    unmet: VecDeque<Row>,
    /// Rows whose text could not be read.
    unreadable: HashSet<Row>,
}

impl Places {
    /// Makes room for so many more decided posts.
    pub(super) fn reserve(&mut self, more: usize) {
        self.rows.reserve(more);
    }

    /// A row that was decided on has this id.
    pub(super) fn add(&mut self, id: &PostId, row: Row) {
        let rows = self.rows.entry(id.clone()).or_default();
        if !rows.contains(&row) {
            rows.push(row);
            self.unmet.push_back(row);
        }
    }

    /// Every row with this id that is known.
    pub(super) fn rows(&self, id: &PostId) -> &[Row] {
        self.rows.get(id).map_or(&[], Vec::as_slice)
    }

    /// Looks through the whole corpus for ids that are not known yet: one pass for all of them.
    pub(super) fn find(&mut self, ids: &[PostId], corpus: &Corpus) {
        let unknown: Vec<&PostId> = ids.iter().filter(|id| !self.rows.contains_key(*id)).collect();
        let mut found = corpus.rows_with_ids(unknown.iter().map(|id| id.as_str()));
        for id in unknown {
            for row in found.remove(id.as_str()).unwrap_or_default() {
                self.add(id, row);
            }
        }
    }

    /// The digest of another text than this under an id, if there is one and it is known.
    pub(super) fn siblings(&self, id: &PostId, own: Option<Digest>) -> Vec<Digest> {
        let digests = self.rows(id).iter().filter_map(|row| self.digest(*row));
        digests.filter(|digest| Some(*digest) != own).take(1).collect()
    }

    /// Some of the decided rows whose digest is neither known nor asked for yet; none while others are
    /// asked for. Whoever takes them asks.
    pub(super) fn take_unmet(&mut self) -> Vec<Row> {
        let mut rows = Vec::new();
        while self.asked.is_empty() && rows.len() < ASKED_AT_ONCE {
            let Some(row) = self.unmet.pop_front() else { break };
            if !self.digests.contains_key(&row) && !self.unreadable.contains(&row) {
                rows.push(row);
            }
        }
        rows.sort_unstable();
        self.asked.extend(&rows);
        rows
    }

    /// The posts from this row on are taken back; what was asked and not answered is asked again.
    pub(super) fn take_back(&mut self, len: usize) {
        let stays = |row: &Row| row.index() < len;
        self.rows.retain(|_, rows| {
            rows.retain(stays);
            !rows.is_empty()
        });
        self.digests.retain(|row, _| stays(row));
        self.unreadable.retain(stays);
        self.unmet.extend(self.asked.drain());
        self.unmet.retain(stays);
    }

    /// Which of several posts with this id a decision was made on is not known yet.
    pub(super) fn are_twins_unmet(&self, id: &PostId) -> bool {
        let rows = self.rows(id);
        let is_met = |row: &Row| self.digests.contains_key(row) || self.unreadable.contains(row);
        rows.len() > 1 && !rows.iter().all(is_met)
    }

    /// The text of a row could not be read, so its digest will not be known.
    pub(super) fn set_unreadable(&mut self, row: Row) {
        self.asked.remove(&row);
        self.unreadable.insert(row);
    }

    /// The digest of a row is known now.
    pub(super) fn set_digest(&mut self, row: Row, digest: Digest) {
        self.asked.remove(&row);
        self.digests.insert(row, digest);
    }

    /// The digest of a row, if it was met.
    pub(super) fn digest(&self, row: Row) -> Option<Digest> {
        self.digests.get(&row).copied()
    }
}
