//! What holds where a step was taken back: what held before it, by those who had decided it and when, and not
//! a decision of whoever took it back.

use std::collections::HashSet;

use super::{Current, Digest, Key, NONE, Place, PostId, Slot, State};

/// What a place comes to when all that takes something back is followed.
struct Followed {
    /// Places that take nothing back.
    ends: Vec<u32>,
    /// Places that were followed.
    met: HashSet<u32>,
    /// Places that were taken back.
    taken: Vec<u32>,
}

impl State {
    /// The records that hold for a key of a post and concern a text or none, not those of a sibling: what is
    /// current, or what that has brought back.
    pub(in crate::review) fn holding<'a>(
        &'a self,
        post: &PostId,
        key: &Key,
        digest: Option<Digest>,
        siblings: &'a [Digest],
    ) -> Vec<Current<'a>> {
        let number = self.slot_for(post, key);
        number.map(|number| self.holding_in(number, digest, siblings, NONE).collect()).unwrap_or_default()
    }

    /// The records that hold in a slot, without what this record brings in.
    pub(in crate::review) fn holding_in<'a>(
        &'a self,
        number: u32,
        digest: Option<Digest>,
        siblings: &'a [Digest],
        without: u32,
    ) -> impl Iterator<Item = Current<'a>> {
        let slot = self.slots.get(number as usize);
        slot.into_iter().flat_map(move |slot| self.holding_of(number, slot, digest, siblings, without))
    }

    pub(super) fn holding_of<'a>(
        &'a self,
        number: u32,
        slot: &'a Slot,
        digest: Option<Digest>,
        siblings: &'a [Digest],
        without: u32,
    ) -> impl Iterator<Item = Current<'a>> {
        let is_in =
            move |at: &u32| without == NONE || self.store.place(*at).is_some_and(|at| at.record != without);
        let current = move || slot.current(number, &self.store).filter(is_in);
        // Most often nothing is taken back, and what is current holds.
        let restored =
            current().any(|at| self.takes_back(at)).then(|| self.restored(number, slot, current()));
        let plain = restored.is_none().then(current);
        self.concerning(plain.into_iter().flatten().chain(restored.into_iter().flatten()), digest, siblings)
    }

    /// What held before a place was set, as its writer saw it.
    pub(in crate::review) fn held_before(&self, place: &Place) -> Vec<&Place> {
        let number = place.slot;
        let Some(slot) = self.slots.get(number as usize) else { return Vec::new() };
        let held = self.restored(number, slot, self.past_of(number, slot, place));
        held.into_iter().filter_map(|at| self.store.place(at)).collect()
    }

    fn takes_back(&self, at: u32) -> bool {
        let entry = self.store.place(at).and_then(|place| self.store.entry(place.record));
        entry.is_some_and(|entry| self.store.undone(entry).is_some())
    }

    /// What these heads of a slot come to. What one of them brings back is past where another one has seen it.
    fn restored(&self, number: u32, slot: &Slot, heads: impl Iterator<Item = u32>) -> Vec<u32> {
        let heads: Vec<u32> = heads.collect();
        let mut holding: Vec<u32> = Vec::new();
        for head in &heads {
            let brought = self.brought_back(number, slot, *head).unwrap_or_else(|| vec![*head]);
            holding.extend(brought.iter().filter(|at| !holding.contains(at)).copied().collect::<Vec<_>>());
        }
        if holding.len() > 1 {
            let seen = self.seen_by(number, slot, &holding);
            let is_left = |at: &u32| !seen.contains(at) || heads.contains(at);
            let left: Vec<u32> = holding.iter().copied().filter(is_left).collect();
            // Records that name one another in a circle have not seen one another.
            if !left.is_empty() {
                holding = left;
            }
        }
        holding
    }

    /// What held before a head took something back. `None` where it takes nothing back or says something else
    /// than what it would bring back: then it counts as what it says, as it does where the log does not tell.
    fn brought_back(&self, number: u32, slot: &Slot, head: u32) -> Option<Vec<u32>> {
        let val = self.store.val(self.store.place(head).filter(|_| self.takes_back(head))?);
        let Followed { ends, .. } = self.follow(number, slot, head);
        let says_so = match ends.as_slice() {
            [] => val == self.store.key(slot.key).blank_val(),
            ends => {
                ends.iter().filter_map(|end| self.store.place(*end)).any(|end| self.store.val(end) == val)
            }
        };
        says_so.then_some(ends)
    }

    fn follow(&self, number: u32, slot: &Slot, head: u32) -> Followed {
        let mut followed = Followed { ends: Vec::new(), met: HashSet::new(), taken: Vec::new() };
        let mut left = vec![head];
        while let Some(at) = left.pop() {
            if followed.met.insert(at) {
                match self.before(number, slot, at, &mut followed.taken) {
                    Some(before) => left.extend(before),
                    None => followed.ends.push(at),
                }
            }
        }
        followed
    }

    /// Where a place takes another one back: what that one named as past, if all of it is there.
    fn before(&self, number: u32, slot: &Slot, at: u32, all_taken: &mut Vec<u32>) -> Option<Vec<u32>> {
        let entry = self.store.entry(self.store.place(at)?.record)?;
        let undone = self.store.undone(entry)?;
        let places =
            |id| self.store.find_all(id).filter_map(|record| slot.place_of(number, record, &self.store));
        let mut taken = places(undone);
        let (only, None) = (taken.next()?, taken.next()) else { return None };
        let mut before = Vec::new();
        for id in self.store.prev(self.store.place(only)?) {
            let known = before.len();
            before.extend(places(*id));
            if before.len() == known {
                return None;
            }
        }
        all_taken.push(only);
        Some(before)
    }

    /// The places of a slot that one of them names as past.
    fn past_of<'a>(&'a self, number: u32, slot: &'a Slot, place: &'a Place) -> impl Iterator<Item = u32> {
        let records = self.store.prev(place).iter().flat_map(|id| self.store.find_all(*id));
        records.filter_map(move |record| slot.place_of(number, record, &self.store))
    }

    /// Everything that some places of a slot name as past, however far back.
    fn seen_by(&self, number: u32, slot: &Slot, places: &[u32]) -> HashSet<u32> {
        let past = |at: u32| self.store.place(at).into_iter().flat_map(|it| self.past_of(number, slot, it));
        let mut left: Vec<u32> = places.iter().flat_map(|at| past(*at)).collect();
        let mut seen = HashSet::new();
        while let Some(at) = left.pop() {
            if seen.insert(at) {
                left.extend(past(at));
            }
        }
        seen
    }

    /// Whether what a head brings back could not be told without this place.
    pub(super) fn rests_on(&self, number: u32, slot: &Slot, head: u32, at: u32) -> bool {
        if !self.takes_back(head) {
            return false;
        }
        let Followed { met, taken, .. } = self.follow(number, slot, head);
        met.contains(&at) || taken.contains(&at)
    }
}
