//! What all records add up to: a pure fold, whatever their order and however often they come.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;
use jiff::Timestamp;

use super::draft::Draft;
use super::record::{Former, Key, Record, RecordId};
use super::slot::{Holds, Slot};
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
        let Self { store, slots, awaited, .. } = self;
        let (Some(slot), Some(place)) = (slots.get_mut(number as usize), store.place(at)) else { return };
        if store.place(slot.newest).is_some_and(|newest| newest.record == place.record) {
            return;
        }
        let held = if let Holds::One(held) = slot.holds { store.id_at(held) } else { Id::NOBODY };
        let mut is_plain = applies && !store.is_shared(id) && !store.is_ever_undone(id);
        for past in store.past_of(at).filter(|past| *past != held && applies) {
            is_plain &= !store.is_shared(past);
            if store.find(past).is_none() {
                awaited.insert((past, number));
            }
        }
        is_plain &= store.undone_at(at).is_none() && !store.is_shared(held);
        is_plain &= awaited.is_empty() || !awaited.remove(&(id, number));
        slot.add(at, is_plain, store);
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
        slots.push(Slot { post, key, next, newest: NONE, holds: Holds::Nothing });
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

    fn slot(&self, number: u32) -> Option<&Slot> {
        self.slots.get(number as usize)
    }

    /// The place of a record in a slot, by their numbers.
    pub(super) fn place_of(&self, number: u32, record: u32) -> Option<u32> {
        self.slot(number)?.place_of(number, record, &self.store)
    }

    /// The slot of a place.
    pub(super) fn slot_at(&self, at: u32) -> Option<&Slot> {
        self.slot(self.store.place(at)?.slot)
    }

    /// The post of a place.
    pub(super) fn post_at(&self, at: u32) -> PostId {
        PostId::new(self.store.place(at).map_or("", |place| self.store.posts.get(place.post)))
    }

    /// What of its post a place is about.
    pub(super) fn key_at(&self, at: u32) -> Key {
        self.slot_at(at).map_or(Key::Status, |slot| self.store.key(slot.key))
    }

    /// Whether any record that another one names is not in the log.
    pub(super) fn has_gaps(&self) -> bool {
        !self.awaited.is_empty()
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
        self.holding(post, &Key::Status, None, &[]).iter().filter_map(|head| head.place.hash).collect()
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
        let places = self.slots_about(post).flat_map(|slot| slot.places(&self.store));
        let mut records: Vec<u32> =
            places.filter_map(|at| self.store.place(at)).map(|place| place.record).collect();
        records.sort_unstable();
        records.into_iter().filter_map(|record| self.store.record(record)).collect()
    }

    /// The keys of a post that somebody has set.
    pub(super) fn slots_about(&self, post: &PostId) -> impl Iterator<Item = &Slot> {
        let post = self.store.posts.find(post.as_str());
        post.into_iter().flat_map(|post| self.slots_of(post)).map(|(_, slot)| slot)
    }

    /// What was decided about a post whose text has this digest (`None`: not known; it is taken to
    /// be unchanged). `siblings` are the digests of other posts with the same id, one of which is enough: then only
    /// what was decided on this very text counts, since any other text may be that of a sibling.
    pub fn standing(&self, post: &PostId, digest: Option<Digest>, siblings: &[Digest]) -> Standing {
        let mut standing = Standing::default();
        let (mut beside, mut on_post) = (None, None);
        for slot in self.slots_about(post).filter(|slot| slot.key != NONE) {
            let holding = self.holding_in(slot, digest, siblings);
            match self.store.key(slot.key) {
                Key::Status => beside = judge_status(&holding, &mut standing),
                Key::Note => on_post = latest(holding.iter()).copied(),
                Key::Check(item) => {
                    let fresh = || holding.iter().filter(|head| head.is_fresh);
                    let is_done = |head: &Current<'_>| head.val() == "done";
                    if fresh().next().is_none() {
                        if !holding.is_empty() && holding.iter().all(is_done) {
                            standing.stale_done.insert(item);
                        }
                    } else if fresh().all(is_done) {
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
    /// that was kept beside any decision on the same text.
    pub fn outline(&self, post: &PostId, digest: Option<Digest>, siblings: &[Digest]) -> Option<&Outline> {
        let holding = self.holding(post, &Key::Status, digest, siblings);
        let Place { slot, hash, .. } = most_cautious(holding.iter())?.place;
        let places = self.slot(*slot)?.places(&self.store).filter_map(|at| self.store.place(at));
        let mut same_text = places.filter(|place| place.hash == *hash && hash.is_some());
        same_text.find_map(|place| self.store.outline(place.record))
    }

    /// The decisions that hold for a key of a post.
    pub(super) fn holding(
        &self,
        post: &PostId,
        key: &Key,
        digest: Option<Digest>,
        siblings: &[Digest],
    ) -> Vec<Current<'_>> {
        let slot = self.slot_for(post, key).and_then(|number| self.slot(number));
        slot.map(|slot| self.holding_in(slot, digest, siblings)).unwrap_or_default()
    }

    /// What somebody who decides on a key of a post has seen: the decisions that hold, and the last undo records.
    pub(super) fn seen(
        &self,
        post: &PostId,
        key: &Key,
        digest: Option<Digest>,
        siblings: &[Digest],
    ) -> Vec<Current<'_>> {
        let Some(slot) = self.slot_for(post, key).and_then(|number| self.slot(number)) else {
            return Vec::new();
        };
        let mut seen = self.holding_in(slot, digest, siblings);
        let undos = slot.last_undos(&self.store).into_iter().filter_map(|at| self.current(at, digest));
        seen.extend(undos.filter(|undo| siblings.is_empty() || undo.is_fresh));
        seen
    }

    fn current(&self, at: u32, digest: Option<Digest>) -> Option<Current<'_>> {
        let place = self.store.place(at)?;
        Some(Current { store: &self.store, place, is_fresh: is_fresh(place, digest) })
    }

    /// The slot of a key of a post, where anybody has set it.
    fn slot_for(&self, post: &PostId, key: &Key) -> Option<u32> {
        let post = self.store.posts.find(post.as_str())?;
        self.find_slot(post, self.store.find_word(&key.as_text())?)
    }

    /// The decisions that hold in a slot.
    pub(super) fn holding_in(
        &self,
        slot: &Slot,
        digest: Option<Digest>,
        siblings: &[Digest],
    ) -> Vec<Current<'_>> {
        let is_alone = siblings.is_empty() || digest.is_none();
        let holding = if is_alone { slot.holding(&self.store) } else { slot.holding_on(&self.store, digest) };
        holding.into_iter().filter_map(|at| self.current(at, digest)).collect()
    }
}

/// Whether a place is about this text. A line written by hand names no text, and a text that is not known is taken
/// on trust.
fn is_fresh(place: &Place, digest: Option<Digest>) -> bool {
    place.hash.zip(digest).is_none_or(|(hash, digest)| hash == digest)
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
    let others = considered.iter().filter(|other| other.val() == val && other.by() != head.by());
    standing.also = others.map(|other| other.by().to_owned()).collect();
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
        standing.is_note_stale = standing.note.is_some() && on_post.is_some_and(|head| !head.is_fresh);
        return;
    };
    match on_post {
        Some(on_post) if on_post.made() > beside.made() => {
            standing.note = text(on_post);
            standing.is_note_stale = standing.note.is_some() && !on_post.is_fresh;
        }
        _ => {
            let written = |head: Current<'_>| {
                let (by, at, is_stale) = (head.by().to_owned(), head.at(), !head.is_fresh);
                Some(Note { text: text(head)?, by, at, is_stale })
            };
            standing.is_note_stale = !beside.is_fresh;
            standing.earlier = on_post.and_then(written).filter(|earlier| earlier.text != note);
            standing.note = Some(note);
        }
    }
}

/// The record that counts of several: the most cautious, then the later, then the greater id.
pub(super) fn most_cautious<'a, 'b: 'a>(
    heads: impl Iterator<Item = &'a Current<'b>>,
) -> Option<&'a Current<'b>> {
    heads.max_by(|a, b| {
        let key = |head: &Current<'_>| (head.status().caution(), head.at());
        key(a).cmp(&key(b)).then_with(|| a.order(b))
    })
}

fn latest<'a, 'b: 'a>(heads: impl Iterator<Item = &'a Current<'b>>) -> Option<&'a Current<'b>> {
    heads.max_by(|a, b| a.at().cmp(&b.at()).then_with(|| a.order(b)))
}

#[cfg(test)]
mod holding_tests;
#[cfg(test)]
mod naive;
mod needed;

pub(super) use needed::Needed;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
