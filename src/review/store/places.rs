//! What is asked of a place by its number.

use std::ops::Range;

use super::{Entry, Id, Store};

impl Store {
    /// The numbers of the places of a record.
    #[expect(clippy::unused_self, reason = "they are places of this store")]
    pub(in crate::review) fn places_of(&self, entry: &Entry) -> Range<u32> {
        entry.first..entry.first.saturating_add(entry.count)
    }

    /// The id of the record of a place.
    pub(in crate::review) fn id_at(&self, at: u32) -> Id {
        self.place(at).and_then(|place| self.entry(place.record)).map_or(Id::NOBODY, |entry| entry.id)
    }

    /// The id that the record of a place undoes.
    pub(in crate::review) fn undone_at(&self, at: u32) -> Option<Id> {
        self.undone(self.entry(self.place(at)?.record)?)
    }

    /// The ids that a place names as past. A record that names itself says nothing by it.
    pub(in crate::review) fn past_of(&self, at: u32) -> impl Iterator<Item = Id> {
        let own = self.id_at(at);
        self.place(at).into_iter().flat_map(|place| self.prev(place)).copied().filter(move |id| *id != own)
    }

    /// Whether a place names the record of another one as past.
    pub(in crate::review) fn names(&self, at: u32, other: u32) -> bool {
        let other = self.id_at(other);
        self.past_of(at).any(|id| id == other)
    }

    /// Whether any record undoes this id, be it in force or not.
    pub(in crate::review) fn is_ever_undone(&self, id: Id) -> bool {
        !self.ever_undone.is_empty() && self.ever_undone.contains(&id)
    }
}
