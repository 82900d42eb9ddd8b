//! What all records add up to: a pure fold, whatever their order and however often they come.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;
use jiff::Timestamp;

use super::draft::Draft;
use super::heads::Slot;
use super::record::{Former, Key, Record, RecordId};
use super::standing::{Note, Standing};
use super::store::{Id, NONE, Place, Store};
use crate::model::{Digest, Outline, PostId, Status};

/// Every record that was taken in, and what is current.
#[derive(Clone, Debug, Default)]
pub struct State {
    store: Store,
    /// The keys of posts that somebody has set.
    slots: Vec<Slot>,
    /// The first slot of each post.
    first_slots: Vec<u32>,
    /// The further slots of posts, by post and key.
    more_slots: HashTable<u32>,
    hasher: RandomState,
    /// Ids that were named as past in a slot before they came.
    awaited: HashSet<(Id, u32)>,
    /// The places that the record at hand names as past; kept to spare an allocation a record.
    named: Vec<u32>,
}

impl State {
    /// Takes a record in; `false` when it was there already. Fractions of a millisecond of its time
    /// are not kept, as they are not in the log.
    pub fn absorb(&mut self, record: Record) -> bool {
        self.absorb_draft(&Draft::of(&record)).is_some()
    }

    /// Makes room for so many more records.
    pub(super) fn reserve(&mut self, more: usize) {
        self.store.reserve(more);
        self.slots.reserve(more);
        self.first_slots.reserve(more);
    }

    /// The same for a record that still stands on its line; its number, if it is new.
    pub(super) fn absorb_draft(&mut self, draft: &Draft<'_>) -> Option<u32> {
        let record = self.store.push(draft)?;
        let entry = self.store.entry(record)?;
        let (id, first, count, applies) = (entry.id, entry.first, entry.count, entry.applies);
        let key = if applies { self.store.key_word(record) } else { NONE };
        for place in first..first.saturating_add(count) {
            let Some(post) = self.store.place(place).map(|place| place.post) else { continue };
            let number = self.slot_of(post, key);
            if let Some(place) = self.store.place_mut(place) {
                place.slot = number;
            }
            self.link(place, id, number, applies);
        }
        Some(record)
    }

    /// Makes a place the newest of its slot. A post that a record names twice counts once.
    fn link(&mut self, at: u32, id: Id, number: u32, applies: bool) {
        let Self { store, slots, awaited, named, .. } = self;
        let (Some(slot), Some(place)) = (slots.get_mut(number as usize), store.place(at)) else { return };
        if store.place(slot.newest).is_some_and(|newest| newest.record == place.record) {
            return;
        }
        if !applies {
            if let Some(place) = store.place_mut(at) {
                place.older = std::mem::replace(&mut slot.newest, at);
            }
            return;
        }
        named.clear();
        for past in store.prev(place).iter().filter(|past| **past != id) {
            match store.find(*past) {
                Some(record) => named.extend(slot.place_of(number, record, store)),
                None => drop(awaited.insert((*past, number))),
            }
        }
        // Of records that share an id, only a look at all of them tells what is current.
        let is_shared = store.is_shared(id) || store.prev(place).iter().any(|past| store.is_shared(*past));
        let was_named = (!awaited.is_empty() && awaited.remove(&(id, number))) || is_shared;
        slot.add(at, named, was_named, store);
    }

    /// The slot of a key of a post, which is made where there is none.
    fn slot_of(&mut self, post: u32, key: u32) -> u32 {
        if let Some(slot) = self.find_slot(post, key) {
            return slot;
        }
        let number = u32::try_from(self.slots.len()).unwrap_or(NONE);
        let next = self.first_slots.get(post as usize).copied().filter(|first| *first != NONE);
        let Self { slots, first_slots, more_slots, hasher, .. } = self;
        let hash =
            |slot: u32| slots.get(slot as usize).map_or(0, |slot| hasher.hash_one((slot.post, slot.key)));
        match next {
            None => {
                let len = first_slots.len().max(post as usize + 1);
                first_slots.resize(len, NONE);
                if let Some(first) = first_slots.get_mut(post as usize) {
                    *first = number;
                }
            }
            Some(_) => {
                more_slots.insert_unique(hasher.hash_one((post, key)), number, |slot| hash(*slot));
            }
        }
        let next = next.and_then(|first| slots.get_mut(first as usize)).map(|first| &mut first.next);
        let next = next.map_or(NONE, |next| std::mem::replace(next, number));
        slots.push(Slot { post, key, next, newest: NONE, heads: super::heads::Heads::None });
        number
    }

    fn find_slot(&self, post: u32, key: u32) -> Option<u32> {
        let first = *self.first_slots.get(post as usize)?;
        let is_it = |slot: u32| {
            self.slots.get(slot as usize).is_some_and(|slot| slot.post == post && slot.key == key)
        };
        if is_it(first) {
            return Some(first);
        }
        // Most posts have one slot only.
        let first = self.slots.get(first as usize).filter(|first| first.next != NONE)?;
        self.more_slots.find(self.hasher.hash_one((first.post, key)), |slot| is_it(*slot)).copied()
    }

    /// The place of a record in a slot, by their numbers.
    pub(super) fn place_of(&self, number: u32, record: u32) -> Option<u32> {
        self.slots.get(number as usize)?.place_of(number, record, &self.store)
    }

    /// Every place of a slot, the one that came last first.
    pub(super) fn places_in(&self, number: u32) -> impl Iterator<Item = &Place> {
        let mut at = self.slots.get(number as usize).map_or(NONE, |slot| slot.newest);
        std::iter::from_fn(move || {
            let place = self.store.place(at)?;
            at = place.older;
            Some(place)
        })
    }

    /// The slots of a post.
    fn slots_of(&self, post: u32) -> impl Iterator<Item = (u32, &Slot)> {
        let mut at = self.first_slots.get(post as usize).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let slot = self.slots.get(at as usize)?;
            Some((std::mem::replace(&mut at, slot.next), slot))
        })
    }

    /// How many records were taken in.
    pub fn len(&self) -> usize {
        self.store.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether anybody has decided anything about a post.
    pub fn has(&self, post: &str) -> bool {
        self.store.posts.find(post).is_some_and(|post| self.is_decided(post))
    }

    fn is_decided(&self, post: u32) -> bool {
        self.slots_of(post).any(|(_, slot)| slot.key != NONE)
    }

    /// The ids of the posts that somebody has decided something about, in the order in which they
    /// were first met.
    pub fn posts(&self) -> impl Iterator<Item = &str> {
        let posts = 0..u32::try_from(self.store.posts.len()).unwrap_or(NONE);
        posts.filter(|post| self.is_decided(*post)).map(|post| self.store.posts.get(post))
    }

    /// The id of a post that somebody has decided something about, by its number in the order in which
    /// posts were first met: from 0 to [`State::posts_met`].
    pub fn decided_post(&self, number: usize) -> Option<&str> {
        let post = u32::try_from(number).ok().filter(|_| number < self.posts_met())?;
        self.is_decided(post).then(|| self.store.posts.get(post))
    }

    /// The digests of the texts that the current decisions on the status of a post were made on.
    pub fn status_texts(&self, post: &PostId) -> Vec<Digest> {
        let holding = self.holding(post, &Key::Status, None, &[]);
        holding.iter().filter_map(|head| head.place.hash).collect()
    }

    /// How many posts any record is about.
    pub fn posts_met(&self) -> usize {
        self.store.posts.len()
    }

    /// Every record, in the order in which they came.
    pub fn records(&self) -> impl Iterator<Item = Record> {
        (0..u32::try_from(self.len()).unwrap_or(NONE)).filter_map(|record| self.store.record(record))
    }

    /// The record with this id.
    pub fn record(&self, id: &RecordId) -> Option<Record> {
        self.store.record(self.number(id)?)
    }

    /// The ids that several records have which say different things, each with how many. All of them are
    /// kept: one for another post stands for itself, two on the same are a conflict.
    pub fn shared_ids(&self) -> Vec<(RecordId, usize)> {
        let mut shared: Vec<_> = self.store.shared().collect();
        shared.sort();
        shared
    }

    /// How many posts a record is about, by its number.
    pub(super) fn posts_of(&self, record: u32) -> usize {
        self.store.entry(record).map_or(0, |entry| entry.count as usize)
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// The numbers of the records with this id: most often there is one.
    pub(super) fn numbers(&self, id: &RecordId) -> impl Iterator<Item = u32> {
        self.store.known_id(id.as_str()).into_iter().flat_map(|id| self.store.find_all(id))
    }

    /// The number of the first record with this id.
    pub(super) fn number(&self, id: &RecordId) -> Option<u32> {
        self.store.find(self.store.known_id(id.as_str())?)
    }

    /// The records about a post, in the order in which they came.
    pub fn history(&self, post: &PostId) -> Vec<Record> {
        let Some(post) = self.store.posts.find(post.as_str()) else { return Vec::new() };
        let mut records = Vec::new();
        for (_, slot) in self.slots_of(post) {
            let mut at = slot.newest;
            while let Some(place) = self.store.place(at) {
                records.push(place.record);
                at = place.older;
            }
        }
        records.sort_unstable();
        records.into_iter().filter_map(|record| self.store.record(record)).collect()
    }

    /// The ids of the records that are current for any key of a post.
    pub(super) fn current_ids(&self, post: &PostId) -> HashSet<RecordId> {
        let Some(post) = self.store.posts.find(post.as_str()) else { return HashSet::new() };
        let slots = self.slots_of(post).filter(|(_, slot)| slot.key != NONE);
        slots
            .flat_map(|(number, slot)| self.current_of(number, slot, None, &[]))
            .map(|head| head.id())
            .collect()
    }

    /// What was decided about a post whose text has this digest (`None`: not known; it is taken to
    /// be unchanged). `siblings` are the digests of other posts with the same id: what was decided
    /// on their text is theirs.
    pub fn standing(&self, post: &PostId, digest: Option<Digest>, siblings: &[Digest]) -> Standing {
        let mut standing = Standing::default();
        let (mut beside, mut on_post) = (None, None);
        let Some(post) = self.store.posts.find(post.as_str()) else { return standing };
        for (number, slot) in self.slots_of(post).filter(|(_, slot)| slot.key != NONE) {
            let holding: Vec<Current<'_>> = self.holding_of(number, slot, digest, siblings, NONE).collect();
            match self.store.key(slot.key) {
                Key::Status => beside = judge_status(&holding, &mut standing),
                Key::Note => on_post = latest(holding.iter()).copied(),
                Key::Check(item) => {
                    let fresh = || holding.iter().filter(|head| head.is_fresh);
                    if fresh().next().is_some() && fresh().all(|head| head.val() == "done") {
                        standing.done.insert(item);
                    }
                }
                Key::Other(_) => {}
            }
        }
        take_notes(beside, on_post, &mut standing);
        standing
    }

    /// What a post consisted of when its status was decided that [`State::standing`] tells of, where
    /// that was kept. A step that brings a decision back is about the same text as that decision.
    pub fn outline(&self, post: &PostId, digest: Option<Digest>, siblings: &[Digest]) -> Option<&Outline> {
        let holding = self.holding(post, &Key::Status, digest, siblings);
        let place = most_cautious(holding.iter())?.place;
        let mut older = self.slots.get(place.slot as usize)?.newest;
        let same_text = std::iter::from_fn(|| {
            let place = self.store.place(older)?;
            older = place.older;
            Some(place)
        });
        let mut same_text = same_text.filter(|other| other.hash == place.hash && place.hash.is_some());
        same_text.find_map(|other| self.store.outline(other.record))
    }

    /// The current records of a key of a post that concern a text or none, not those of a sibling.
    pub(super) fn current<'a>(
        &'a self,
        post: &PostId,
        key: &Key,
        digest: Option<Digest>,
        siblings: &'a [Digest],
    ) -> Vec<Current<'a>> {
        let number = self.slot_for(post, key);
        number.map(|number| self.current_in(number, digest, siblings).collect()).unwrap_or_default()
    }

    /// The slot of a key of a post, where anybody has set it.
    fn slot_for(&self, post: &PostId, key: &Key) -> Option<u32> {
        let post = self.store.posts.find(post.as_str())?;
        self.find_slot(post, self.store.find_word(&key.as_text())?)
    }

    /// The current records of a slot.
    pub(super) fn current_in<'a>(
        &'a self,
        number: u32,
        digest: Option<Digest>,
        siblings: &'a [Digest],
    ) -> impl Iterator<Item = Current<'a>> {
        let slot = self.slots.get(number as usize);
        slot.into_iter().flat_map(move |slot| self.current_of(number, slot, digest, siblings))
    }

    fn current_of<'a>(
        &'a self,
        number: u32,
        slot: &'a Slot,
        digest: Option<Digest>,
        siblings: &'a [Digest],
    ) -> impl Iterator<Item = Current<'a>> {
        self.concerning(slot.current(number, &self.store), digest, siblings)
    }

    /// Of some places, those that concern a text or none, not those of a sibling.
    fn concerning<'a>(
        &'a self,
        places: impl Iterator<Item = u32>,
        digest: Option<Digest>,
        siblings: &'a [Digest],
    ) -> impl Iterator<Item = Current<'a>> {
        places.filter_map(move |at| {
            let place = self.store.place(at)?;
            let is_fresh = match (place.hash, digest) {
                (Some(hash), Some(digest)) => hash == digest,
                // A line written by hand names no text; a text that is not known is taken on trust.
                _ => true,
            };
            let is_theirs = !is_fresh && place.hash.is_some_and(|hash| siblings.contains(&hash));
            (!is_theirs).then_some(Current { store: &self.store, place, is_fresh })
        })
    }
}

/// A current record, and what it says about the post in question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Current<'a> {
    store: &'a Store,
    pub(super) place: &'a Place,
    /// It was made on the text that the post has now.
    pub(super) is_fresh: bool,
}

impl<'a> Current<'a> {
    pub(super) fn val(&self) -> &'a str {
        self.store.val(self.place)
    }

    pub(super) fn former(&self) -> Former {
        self.store.former(self.place)
    }

    /// A place among the records about a post: higher than that of every record its writer had seen.
    fn made(&self) -> (u64, Timestamp, RecordId) {
        let entry = self.store.entry(self.place.record);
        (entry.map_or(0, |entry| self.store.id_number(entry.id)), self.at(), self.id())
    }

    pub(super) fn status(&self) -> Status {
        Status::from_name(self.val()).unwrap_or(Status::Unknown)
    }

    pub(super) fn by(&self) -> &'a str {
        self.store.entry(self.place.record).map_or("", |entry| self.store.by(entry))
    }

    pub(super) fn id(&self) -> RecordId {
        let entry = self.store.entry(self.place.record);
        entry.map_or_else(|| RecordId::new(""), |entry| self.store.id_text(entry.id))
    }

    /// An order among records that were made at the same time: by their ids and, where those are the same, by
    /// what they say.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        let said = |head: &Self| {
            let Former { val, why, note } = head.former();
            (val, why, note, head.by().to_owned(), head.place.hash)
        };
        self.id().cmp(&other.id()).then_with(|| said(self).cmp(&said(other)))
    }

    pub(super) fn at(&self) -> Timestamp {
        self.store.entry(self.place.record).map(Store::at).unwrap_or_default()
    }
}

/// Judges a status by the records that hold; gives the one that counts and the note beside it, if it has one.
fn judge_status<'a>(current: &[Current<'a>], standing: &mut Standing) -> Option<(Current<'a>, String)> {
    let fresh: Vec<&Current<'_>> = current.iter().filter(|head| head.is_fresh).collect();
    let considered = if fresh.is_empty() { current.iter().collect() } else { fresh };
    let head = most_cautious(considered.iter().copied())?;
    let Former { val, why, note } = head.former();
    standing.decided = head.status();
    standing.stale = !head.is_fresh && standing.decided != Status::Unreviewed;
    standing.conflict = considered.iter().any(|other| other.val() != val);
    standing.status = match (standing.stale, standing.decided) {
        (true, _) | (_, Status::Unknown) => Status::Unreviewed,
        (false, decided) => decided,
    };
    (standing.word, standing.why) = (val, why);
    standing.by = head.by().to_owned();
    standing.at = Some(head.at());
    Some((*head, note.filter(|note| !note.is_empty())?))
}

/// The note that was written last is the note, be it beside the decision or on the post, where a blank one
/// says that there is none. Who writes one on the post has the other before them, so that only the reverse
/// leaves two.
fn take_notes(beside: Option<(Current<'_>, String)>, on_post: Option<Current<'_>>, standing: &mut Standing) {
    let text = |head: Current<'_>| Some(head.val().to_owned()).filter(|text| !text.is_empty());
    let Some((beside, note)) = beside else {
        standing.note = on_post.and_then(text);
        return;
    };
    match on_post {
        Some(on_post) if on_post.made() > beside.made() => standing.note = text(on_post),
        _ => {
            let written = |head| Some(Note { text: text(head)?, by: head.by().to_owned(), at: head.at() });
            standing.earlier = on_post.and_then(written).filter(|earlier| earlier.text != note);
            standing.note = Some(note);
        }
    }
}

/// The record that counts of several: the most cautious, then the later, then the greater id.
fn most_cautious<'a, 'b: 'a>(heads: impl Iterator<Item = &'a Current<'b>>) -> Option<&'a Current<'b>> {
    heads.max_by(|a, b| {
        let key = |head: &Current<'_>| (head.status().caution(), head.at());
        key(a).cmp(&key(b)).then_with(|| a.order(b))
    })
}

fn latest<'a, 'b: 'a>(heads: impl Iterator<Item = &'a Current<'b>>) -> Option<&'a Current<'b>> {
    heads.max_by(|a, b| a.at().cmp(&b.at()).then_with(|| a.order(b)))
}

mod holding;
#[cfg(test)]
mod holding_tests;
mod needed;

pub(super) use needed::Needed;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
