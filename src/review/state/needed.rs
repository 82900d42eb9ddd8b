//! Which records are needed for what holds: the others may leave the log.

use std::collections::HashSet;

use super::State;

/// Records that are needed.
pub(in crate::review) struct Needed<'a> {
    state: &'a State,
    records: HashSet<u32>,
}

impl Needed<'_> {
    /// Whether a record with this id is needed, or none is known.
    pub(in crate::review) fn has(&self, id: &str) -> bool {
        let Some(id) = self.state.store.known_id(id) else { return true };
        let mut records = self.state.store.find_all(id).peekable();
        records.peek().is_none() || records.any(|record| self.records.contains(&record))
    }
}

impl State {
    /// The records that are current for one of their posts, those that this version does not apply, what an undo
    /// rests on, and whatever makes one of them past for another post: without it that one would hold there again.
    /// The first `elsewhere` records that were taken in stay in other logs, so that what makes them past is needed too.
    pub(in crate::review) fn needed_beside(&self, elsewhere: usize) -> Needed<'_> {
        let stays = |record: &u32| (*record as usize) < elsewhere || self.holds_something(*record);
        let mut records: HashSet<u32> = self.every_number().filter(stays).collect();
        loop {
            let before = records.len();
            // What makes a record past came behind it, most often: one look at all of them finds a whole row.
            for record in self.every_number() {
                if !records.contains(&record) && self.names_one_of(record, &records) {
                    records.insert(record);
                }
            }
            if records.len() == before {
                return Needed { state: self, records };
            }
        }
    }

    /// The same where there is no other log.
    #[cfg(test)]
    pub(in crate::review) fn needed(&self) -> Needed<'_> {
        self.needed_beside(0)
    }

    fn every_number(&self) -> impl Iterator<Item = u32> {
        0..u32::try_from(self.len()).unwrap_or(super::NONE)
    }

    fn holds_something(&self, record: u32) -> bool {
        let Some(entry) = self.store.entry(record) else { return true };
        let mut places = entry.first..entry.first.saturating_add(entry.count);
        !entry.applies
            || places.any(|at| {
                let number = self.store.place(at).map_or(super::NONE, |place| place.slot);
                self.slots.get(number as usize).is_some_and(|slot| {
                    let mut heads = slot.current(number, &self.store);
                    heads.any(|head| head == at || self.rests_on(number, slot, head, at))
                })
            })
    }

    /// Whether a record names one of these as past.
    fn names_one_of(&self, record: u32, records: &HashSet<u32>) -> bool {
        let Some(entry) = self.store.entry(record) else { return false };
        let places = entry.first..entry.first.saturating_add(entry.count);
        let past = places.filter_map(|at| self.store.place(at)).flat_map(|place| self.store.prev(place));
        past.flat_map(|id| self.store.find_all(*id)).any(|past| records.contains(&past))
    }
}
