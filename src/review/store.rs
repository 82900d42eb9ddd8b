//! The records themselves, packed: what they repeat is kept once, so that a million of them take up
//! some 150 bytes each and none is a heap of its own.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;
use jiff::Timestamp;

use super::draft::{Draft, DraftPost, DraftPosts, DraftRest, Names, Text};
use super::record::{BulkTarget, Former, Key, Record, RecordId, Target, Via, number_of};
use super::reviews::STEP;
use super::texts::Texts;
use crate::model::{Digest, Outline, PostId, Value, clock};

mod places;
mod twins;

/// The op that sets a value; the only one that this version applies.
pub(super) const SET: &str = "set";

/// Stands where there is no number.
pub(super) const NONE: u32 = u32::MAX;

/// The id of a record as two numbers: its writer's, and the one within it. An id of another form is
/// a name of its own with the number [`NONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Id {
    name: u32,
    number: u32,
}

impl Id {
    pub(super) const NOBODY: Self = Self { name: NONE, number: NONE };
}

/// The writer and the number of an id that is spelled as [`RecordId::of`] spells it.
fn parts(id: &str) -> Option<(&str, u32)> {
    let (writer, digits) = id.split_once('-')?;
    let is_ours = matches!(digits.len(), 4..=8)
        && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && (digits.len() == 4 || !digits.starts_with('0'));
    let number = u32::from_str_radix(digits, 16).ok().filter(|number| is_ours && *number != NONE)?;
    Some((writer, number))
}

/// What a record says of all its posts.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) id: Id,
    pub(super) at_ms: i64,
    pub(super) by: u32,
    key: u32,
    pub(super) val: u32,
    /// Unit: milliseconds; [`NONE`] for none.
    pub(super) ms: u32,
    /// Its posts are the places from here on.
    pub(super) first: u32,
    pub(super) count: u32,
    /// What few records have, or [`NONE`].
    rest: u32,
    via: Option<Via>,
    /// The list form was used, which a single post may have too.
    is_bulk: bool,
    pub(super) applies: bool,
}

/// What few records have.
#[derive(Clone, Debug)]
struct Rest {
    op: u32,
    /// A number of [`Store::whys`].
    why: u32,
    note: u32,
    filter: u32,
    undo: Id,
    /// A number of [`Store::outlines`].
    outline: u32,
    odd: Option<Box<Odd>>,
}

/// What hardly any record has.
#[derive(Clone, Debug)]
struct Odd {
    /// A time that does not fit its place.
    ms: Option<u64>,
    extra: Vec<(String, Value)>,
}

/// What a record says of one of its posts.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) record: u32,
    /// The key of the post that it sets.
    pub(super) slot: u32,
    /// The place before it that sets the same.
    pub(super) older: u32,
    pub(super) post: u32,
    pub(super) hash: Option<Digest>,
    prev: Past,
    /// A value of its own, or [`NONE`].
    own: u32,
}

#[derive(Clone, Copy, Debug)]
enum Past {
    One(Id),
    /// A number of [`Store::pasts`], and of none for nothing.
    Many(u32),
}

/// Every record.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    /// Writers, and ids of another form.
    names: Texts,
    words: Texts,
    pub(super) posts: Texts,
    entries: Vec<Entry>,
    places: Vec<Place>,
    pasts: Vec<Box<[Id]>>,
    rests: Vec<Rest>,
    /// Lists of reasons, each kept once.
    whys: Vec<Box<[u32]>>,
    why_numbers: HashMap<Box<[u32]>, u32>,
    owns: Vec<Former>,
    outlines: Vec<Outline>,
    by_id: HashTable<u32>,
    twins: twins::Twins,
    /// The ids that some record undoes.
    ever_undone: HashSet<Id>,
    hasher: RandomState,
    likely: Likely,
}

/// What the last record had, and the next one probably has too.
#[derive(Clone, Debug, Default)]
struct Likely {
    name: u32,
    past_name: u32,
    by: u32,
    key: u32,
    val: u32,
}

impl Entry {
    pub(super) fn is_bulk(&self) -> bool {
        self.is_bulk
    }
}

impl Store {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn entry(&self, record: u32) -> Option<&Entry> {
        self.entries.get(record as usize)
    }

    pub(super) fn place(&self, place: u32) -> Option<&Place> {
        self.places.get(place as usize)
    }

    pub(super) fn place_mut(&mut self, place: u32) -> Option<&mut Place> {
        self.places.get_mut(place as usize)
    }

    /// Makes room for so many more records, each about a post of its own.
    pub(super) fn reserve(&mut self, more: usize) {
        self.posts.reserve(more);
        self.entries.reserve(more);
        self.places.reserve(more);
        let Self { by_id, entries, hasher, .. } = self;
        by_id.reserve(more, |record| hash_of(hasher, entries, *record));
    }

    /// The number of the record with this id.
    pub(super) fn find(&self, id: Id) -> Option<u32> {
        let hash = self.hasher.hash_one(id);
        self.by_id.find(hash, |record| self.entry(*record).is_some_and(|entry| entry.id == id)).copied()
    }

    /// An id as it is kept here, if anything with it was ever met.
    pub(super) fn known_id(&self, text: &str) -> Option<Id> {
        match parts(text) {
            Some((writer, number)) => Some(Id { name: self.names.find(writer)?, number }),
            None => Some(Id { name: self.names.find(text)?, number: NONE }),
        }
    }

    /// The text of an id.
    pub(super) fn id_text(&self, id: Id) -> RecordId {
        let name = self.names.get(id.name);
        if id.number == NONE { RecordId::new(name) } else { RecordId::of(name, u64::from(id.number)) }
    }

    /// The number within an id.
    pub(super) fn id_number(&self, id: Id) -> u64 {
        if id.number == NONE { number_of(self.names.get(id.name)) } else { u64::from(id.number) }
    }

    fn id(&mut self, text: &str, is_past: bool) -> Id {
        let Self { names, likely, .. } = self;
        let likely = if is_past { &mut likely.past_name } else { &mut likely.name };
        match parts(text) {
            Some((writer, number)) => Id { name: names.intern_near(likely, writer), number },
            None => Id { name: names.intern(text), number: NONE },
        }
    }

    /// Takes a record in; `None` when it was there already, and not only its id. Its places stand in no slot yet.
    pub(super) fn push(&mut self, draft: &Draft<'_>) -> Option<u32> {
        let id = self.id(&draft.id, false);
        let record = u32::try_from(self.entries.len()).ok().filter(|record| *record != NONE)?;
        let hash = self.hasher.hash_one(id);
        let is_it = |known: &u32| self.entry(*known).is_some_and(|entry| entry.id == id);
        match self.by_id.find(hash, is_it).copied() {
            Some(first) if self.is_known(first, draft) => return None,
            Some(first) => self.add_twin(first, record),
            None => {
                let Self { by_id, entries, hasher, .. } = self;
                by_id.insert_unique(hash, record, |record| hash_of(hasher, entries, *record));
            }
        }
        let first = u32::try_from(self.places.len()).ok()?;
        let is_bulk = match &draft.posts {
            DraftPosts::One(post) => {
                self.push_place(record, post);
                false
            }
            DraftPosts::Many(posts) => {
                posts.iter().for_each(|post| self.push_place(record, post));
                true
            }
        };
        let rest = self.rest(draft);
        let count = u32::try_from(self.places.len()).unwrap_or(NONE) - first;
        let Self { words, likely, .. } = self;
        self.entries.push(Entry {
            id,
            at_ms: draft.at.as_millisecond(),
            by: words.intern_near(&mut likely.by, &draft.by),
            key: words.intern_near(&mut likely.key, &draft.key),
            val: words.intern_near(&mut likely.val, &draft.val),
            ms: draft.ms.and_then(|ms| u32::try_from(ms).ok()).unwrap_or(NONE),
            first,
            count,
            rest,
            via: draft.via,
            is_bulk,
            applies: &*draft.op == SET,
        });
        Some(record)
    }

    fn push_place(&mut self, record: u32, draft: &DraftPost<'_>) {
        let post = self.posts.intern(&draft.post);
        let prev = self.past(&draft.prev);
        let own = match &draft.own {
            Some(own) => {
                self.owns.push(Former::clone(own));
                u32::try_from(self.owns.len() - 1).unwrap_or(NONE)
            }
            None => NONE,
        };
        let hash = draft.hash;
        self.places.push(Place { record, slot: NONE, older: NONE, post, hash, prev, own });
    }

    fn past(&mut self, names: &Names<'_>) -> Past {
        let mut ids = names.iter();
        match (ids.next(), ids.next()) {
            (None, _) => Past::Many(NONE),
            (Some(one), None) => Past::One(self.id(one, true)),
            (Some(_), Some(_)) => {
                let ids = names.iter().map(|name| self.id(name, true)).collect();
                self.pasts.push(ids);
                Past::Many(u32::try_from(self.pasts.len() - 1).unwrap_or(NONE))
            }
        }
    }

    fn rest(&mut self, draft: &Draft<'_>) -> u32 {
        let long_ms = draft.ms.filter(|ms| u32::try_from(*ms).map_or(true, |ms| ms == NONE));
        if draft.rest.is_none() && long_ms.is_none() && &*draft.op == SET {
            return NONE;
        }
        let none = DraftRest::default();
        let more = draft.rest.as_deref().unwrap_or(&none);
        let undo = more.undo.as_ref().map_or(Id::NOBODY, |undo| self.id(undo, true));
        if undo != Id::NOBODY {
            self.ever_undone.insert(undo);
        }
        let why = self.why(&more.why);
        let odd = (long_ms.is_some() || !more.extra.is_empty())
            .then(|| Box::new(Odd { ms: long_ms, extra: more.extra.clone() }));
        let outline = more.outline.as_ref().map_or(NONE, |outline| {
            self.outlines.push(outline.clone());
            u32::try_from(self.outlines.len() - 1).unwrap_or(NONE)
        });
        let words = &mut self.words;
        let mut word = |text: Option<&str>| text.map_or(NONE, |text| words.intern(text));
        let rest = Rest {
            op: word(Some(&draft.op)),
            note: word(more.note.as_deref()),
            filter: word(more.filter.as_deref()),
            why,
            undo,
            outline,
            odd,
        };
        self.rests.push(rest);
        u32::try_from(self.rests.len() - 1).unwrap_or(NONE)
    }

    fn why(&mut self, reasons: &[Text<'_>]) -> u32 {
        if reasons.is_empty() {
            return NONE;
        }
        let why: Box<[u32]> = reasons.iter().map(|reason| self.words.intern(reason)).collect();
        let Self { whys, why_numbers, .. } = self;
        *why_numbers.entry(why).or_insert_with_key(|why| {
            whys.push(why.clone());
            u32::try_from(whys.len() - 1).unwrap_or(NONE)
        })
    }

    fn reasons(&self, rest: Option<&Rest>) -> Vec<String> {
        let why = rest.and_then(|rest| self.whys.get(rest.why as usize));
        why.map_or(&[][..], |why| why).iter().map(|why| self.words.get(*why).to_owned()).collect()
    }

    fn rest_of(&self, entry: &Entry) -> Option<&Rest> {
        self.rests.get(entry.rest as usize)
    }

    fn word(&self, word: u32) -> Option<&str> {
        (word != NONE).then(|| self.words.get(word))
    }

    /// The number of a word, if it was ever met.
    pub(super) fn find_word(&self, text: &str) -> Option<u32> {
        self.words.find(text)
    }

    /// The number of the key of a record.
    pub(super) fn key_word(&self, record: u32) -> u32 {
        self.entry(record).map_or(NONE, |entry| entry.key)
    }

    /// The key with this number.
    pub(super) fn key(&self, word: u32) -> Key {
        Key::from_text(self.words.get(word))
    }

    /// Who made a record.
    pub(super) fn by(&self, entry: &Entry) -> &str {
        self.words.get(entry.by)
    }

    /// The id that a record undoes.
    pub(super) fn undone(&self, entry: &Entry) -> Option<Id> {
        self.rest_of(entry).map(|rest| rest.undo).filter(|undo| *undo != Id::NOBODY)
    }

    /// The first record of the step that a record goes on with.
    pub(super) fn step(&self, entry: &Entry) -> Option<&str> {
        let odd = self.rest_of(entry)?.odd.as_ref()?;
        odd.extra.iter().find(|(name, _)| name == STEP).and_then(|(_, value)| value.as_text())
    }

    /// What the post of a record consisted of, where that was kept.
    pub(super) fn outline(&self, record: u32) -> Option<&Outline> {
        let rest = self.rest_of(self.entry(record)?)?;
        self.outlines.get(rest.outline as usize)
    }

    /// The records that a place names as past.
    pub(super) fn prev<'a>(&'a self, place: &'a Place) -> &'a [Id] {
        match &place.prev {
            Past::One(id) => std::slice::from_ref(id),
            Past::Many(past) => self.pasts.get(*past as usize).map_or(&[], |ids| ids),
        }
    }

    fn own(&self, place: &Place) -> Option<&Former> {
        self.owns.get(place.own as usize)
    }

    /// The value that a place sets.
    pub(super) fn val(&self, place: &Place) -> &str {
        match (self.own(place), self.entry(place.record)) {
            (Some(own), _) => &own.val,
            (None, Some(entry)) => self.words.get(entry.val),
            (None, None) => "",
        }
    }

    /// The value, the reasons and the note that a place sets.
    pub(super) fn former(&self, place: &Place) -> Former {
        if let Some(own) = self.own(place) {
            return own.clone();
        }
        let rest = self.entry(place.record).and_then(|entry| self.rest_of(entry));
        Former {
            val: self.val(place).to_owned(),
            why: self.reasons(rest),
            note: rest.and_then(|rest| self.word(rest.note)).map(str::to_owned),
        }
    }

    /// When a record was made.
    pub(super) fn at(entry: &Entry) -> Timestamp {
        clock::of_millisecond(entry.at_ms)
    }

    /// A record as it was taken in, but for fractions of a millisecond.
    pub(super) fn record(&self, record: u32) -> Option<Record> {
        let entry = self.entry(record)?;
        let places = entry.first as usize..(entry.first + entry.count) as usize;
        let places = self.places.get(places)?;
        let ids = |place: &Place| self.prev(place).iter().map(|id| self.id_text(*id)).collect();
        let post = |place: &Place| PostId::new(self.posts.get(place.post));
        let target = match places {
            [place] if !entry.is_bulk => {
                Target::One { post: post(place), hash: place.hash, prev: ids(place) }
            }
            places => Target::Many(
                places
                    .iter()
                    .filter_map(|place| {
                        let own = self.own(place).cloned();
                        Some(BulkTarget { post: post(place), hash: place.hash?, prev: ids(place), own })
                    })
                    .collect(),
            ),
        };
        let rest = self.rest_of(entry);
        let word = |word: fn(&Rest) -> u32| rest.and_then(|rest| self.word(word(rest))).map(str::to_owned);
        let odd = rest.and_then(|rest| rest.odd.as_ref());
        let short_ms = Some(entry.ms).filter(|ms| *ms != NONE).map(u64::from);
        Some(Record {
            id: self.id_text(entry.id),
            at: Self::at(entry),
            by: self.by(entry).to_owned(),
            op: word(|rest| rest.op).unwrap_or_else(|| SET.to_owned()),
            target,
            key: self.key(entry.key),
            val: self.words.get(entry.val).to_owned(),
            why: self.reasons(rest),
            note: word(|rest| rest.note),
            via: entry.via,
            ms: odd.and_then(|odd| odd.ms).or(short_ms),
            filter: word(|rest| rest.filter),
            undo: self.undone(entry).map(|undo| self.id_text(undo)),
            outline: self.outline(record).cloned(),
            extra: odd.map(|odd| odd.extra.clone()).unwrap_or_default(),
        })
    }
}

fn hash_of(hasher: &RandomState, entries: &[Entry], record: u32) -> u64 {
    entries.get(record as usize).map_or(0, |entry| hasher.hash_one(entry.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::{LineItem, read_line};

    /// Records of every shape come out as they went in.
    #[test]
    fn nothing_is_lost_in_packing() {
        let lines = [
            r#"{"v":1,"id":"w-0001","by":"","op":"set","post":"","key":"","val":""}"#,
            r#"{"v":1,"id":"w-00001","prev":["w-0001"],"at":"2026-09-21T12:34:56.789Z","by":"m","op":"set","post":"p","hash":"423924cc4a32c272193c888c00112233","key":"status","val":"flagged","why":["a","b"],"note":"n","via":"browse","ms":8400}"#,
            r#"{"v":1,"id":"w-ffffffff","prev":["w-1","w-00001","w-0001"],"by":"m","op":"praise","post":"p","key":"check:x#1","val":"done","ms":4294967295}"#,
            r#"{"v":1,"id":"w-12345678","by":"m","op":"set","post":"p","key":"note","val":"x","blocks":"0011223344556677","ms":99999999999,"via":"phone","mood":{"x":[1]}}"#,
            r#"{"v":1,"id":"w","by":"m","op":"set","posts":[["p","423924cc4a32c272193c888c00112233",["w-0001"]],["q","423924cc4a32c272193c888c00112234",[],{"val":"flagged","why":["w"],"note":null}]],"key":"status","val":"unreviewed","via":"bulk","filter":"f","undo":"w-0001"}"#,
            r#"{"v":1,"id":"","by":"m","op":"set","posts":[["p","423924cc4a32c272193c888c00112233",[]]],"key":"status","val":"skipped"}"#,
            r#"{"v":1,"id":"none","by":"m","op":"set","posts":[],"key":"status","val":"skipped"}"#,
        ];
        let mut store = Store::default();
        for (line, number) in lines.iter().zip(0..) {
            let [LineItem::Record(checked)] = &read_line(line.as_bytes())[..] else { panic!("{line}") };
            assert_eq!(store.push(&Draft::of(&checked.record)), Some(number), "{line}");
            assert_eq!(store.push(&Draft::of(&checked.record)), None, "{line}");
            assert!(!store.is_shared(store.known_id(checked.record.id.as_str()).unwrap()), "{line}");
            assert_eq!(store.record(number).as_ref(), Some(&checked.record), "{line}");
            let id = store.known_id(checked.record.id.as_str()).unwrap();
            assert_eq!(store.find(id), Some(number), "{line}");
        }
        assert_eq!(store.known_id("stranger-0001"), None);
        assert_eq!(store.record(7), None);
    }
}
