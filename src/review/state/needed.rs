//! Which records must stay in the log for what holds; the others may leave it.

use super::{NONE, State};
use crate::review::store::Id;

/// Records that must stay.
pub(in crate::review) struct Needed<'a> {
    state: &'a State,
    /// By the number of a record.
    records: Vec<bool>,
}

impl Needed<'_> {
    /// Whether a record with this id must stay, or none is known.
    pub(in crate::review) fn has(&self, id: &str) -> bool {
        let Some(id) = self.state.store.known_id(id) else { return true };
        let mut records = self.state.store.find_all(id).peekable();
        records.peek().is_none() || records.any(|record| self.has_number(record))
    }

    fn has_number(&self, record: u32) -> bool {
        self.records.get(record as usize).copied().unwrap_or(true)
    }
}

impl State {
    /// The records that must stay where there is no other log.
    #[cfg(test)]
    pub(in crate::review) fn needed(&self) -> Needed<'_> {
        self.needed_beside(0)
    }

    /// The records that must stay: those that hold for one of their posts, also if only the text were the one that they
    /// were made on; those that this version does not apply; and the first `elsewhere` that were taken in, which
    /// stand in other logs and stay there. With each of them stays whatever undoes it or names it as past, or it would
    /// hold again.
    pub(in crate::review) fn needed_beside(&self, elsewhere: usize) -> Needed<'_> {
        let store = &self.store;
        let records = 0..u32::try_from(self.len()).unwrap_or(NONE);
        let mut needed = Needed { state: self, records: vec![false; self.len()] };
        let holding = self.slots.iter().filter(|slot| slot.key != NONE);
        let holding = holding.flat_map(|slot| slot.holding_on_each_text(store));
        let mut left: Vec<u32> = holding.filter_map(|at| store.place(at)).map(|place| place.record).collect();
        let stays = |record: &u32| {
            (*record as usize) < elsewhere || store.entry(*record).is_some_and(|entry| !entry.applies)
        };
        left.extend(records.clone().filter(stays));
        // Who names or undoes whom, by the record that is named.
        let mut names: Vec<(u32, u32)> = Vec::new();
        for record in records {
            let Some(entry) = store.entry(record) else { continue };
            let ids = store.places_of(entry).flat_map(|at| store.past_of(at)).chain(store.undone(entry));
            names.extend(ids.flat_map(|id: Id| store.find_all(id)).map(|named| (named, record)));
        }
        names.sort_unstable();
        while let Some(record) = left.pop() {
            let Some(is_needed) = needed.records.get_mut(record as usize) else { continue };
            if !std::mem::replace(is_needed, true) {
                let first = names.partition_point(|(named, _)| *named < record);
                let after = names.iter().skip(first).take_while(|(named, _)| *named == record);
                left.extend(after.map(|(_, by)| *by));
            }
        }
        needed
    }
}
