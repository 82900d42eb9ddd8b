//! How far the decisions of this run are on their way to the disk.

use std::collections::VecDeque;

use crate::review::RecordId;

/// Where the newest decision stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveMark {
    /// Everything is on the disk.
    Saved,
    /// Everything is in the file, and not all of it on the disk yet.
    Written,
    /// So many are not in the file yet.
    Pending(usize),
    /// So many could not be written, and why.
    NotSaved(usize, String),
    /// Decisions cannot be saved here, and why.
    ReadOnly(String),
}

/// The decisions that were made and are not known to be safe yet.
#[derive(Debug, Default)]
pub struct Saving {
    unwritten: VecDeque<RecordId>,
    unsynced: usize,
    failure: Option<String>,
    read_only: Option<String>,
    /// So many can never be saved, and why.
    aside: Option<(usize, String)>,
    /// So many that were saved are in no log any more, and why.
    lost: Option<(usize, String)>,
}

impl Saving {
    /// A decision was made.
    pub(super) fn made(&mut self, id: RecordId) {
        self.unwritten.push_back(id);
    }

    /// A record stands in the file.
    pub(super) fn written(&mut self, id: &RecordId) {
        // They are written in their order, unless one of several logs refuses.
        if self.unwritten.front() == Some(id) {
            self.unwritten.pop_front();
        } else {
            self.unwritten.retain(|waiting| waiting != id);
        }
        self.unsynced += 1;
    }

    /// Everything that stands in the file is on the disk.
    pub(super) fn synced(&mut self) {
        self.unsynced = 0;
        self.failure = None;
    }

    /// A record could not be written.
    pub(super) fn failed(&mut self, why: String) {
        self.failure = Some(why);
    }

    /// A record can never be saved.
    pub(super) fn set_aside(&mut self, id: &RecordId, why: String) {
        self.unwritten.retain(|waiting| waiting != id);
        self.aside = Some((self.aside.as_ref().map_or(1, |(count, _)| count + 1), why));
    }

    /// Decisions that were saved are in no log any more; they are written again with the next one.
    pub(super) fn set_lost(&mut self, count: usize, why: String) {
        self.lost = (count > 0).then_some((count, why));
    }

    /// Whether some are in no log any more.
    pub(super) fn has_lost(&self) -> bool {
        self.lost.is_some()
    }

    /// Whether some would not be saved even if the reviewer left now: what was lost is written again then.
    pub(super) fn is_refused(&self) -> bool {
        self.failure.is_some() || self.aside.is_some()
    }

    /// The records that are not in the file.
    pub(super) fn unwritten_ids(&self) -> impl Iterator<Item = &RecordId> {
        self.unwritten.iter()
    }

    /// Decisions cannot be saved.
    pub(super) fn set_read_only(&mut self, why: Option<String>) {
        self.read_only = why;
    }

    /// Why decisions cannot be saved, if they cannot.
    pub fn read_only(&self) -> Option<&str> {
        self.read_only.as_deref()
    }

    /// How many decisions are not in the file.
    pub fn unwritten(&self) -> usize {
        self.unwritten.len()
    }

    /// The mark in the status bar.
    pub fn mark(&self) -> SaveMark {
        let known = [&self.aside, &self.lost].into_iter().flatten();
        let gone: usize = known.clone().map(|(count, _)| count).sum();
        match (&self.read_only, &self.failure, known.map(|(_, why)| why).next()) {
            (Some(why), ..) => SaveMark::ReadOnly(why.clone()),
            (None, Some(why), _) => SaveMark::NotSaved(self.unwritten() + self.unsynced + gone, why.clone()),
            (None, None, Some(why)) => SaveMark::NotSaved(gone, why.clone()),
            _ if self.unwritten() > 0 => SaveMark::Pending(self.unwritten()),
            _ if self.unsynced > 0 => SaveMark::Written,
            _ => SaveMark::Saved,
        }
    }
}
