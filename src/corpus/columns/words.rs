//! The lists of words of a column: stacks, tools, statuses, flags. Each list and each word is kept once
//! a segment, and a row holds the number of its list.

use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::packed::{Pieces, put, take};
use super::texts::Texts;
use super::titles::spread;

/// A list number is 16 bits wide, and its last value stays free.
const MAX_LISTS: usize = u16::MAX as usize;

/// Lists that were written in more than this are not known again by how they were written. Unit:
/// bytes.
const MAX_RAW_BYTES: usize = 512;

/// After so many lists it is known whether they are written alike.
const TRIES: u32 = 256;

/// The columns that hold lists of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WordColumn {
    /// The stacks.
    Stack,
    /// The tools.
    Tools,
    /// The language of the code: one word or none.
    Language,
    /// The difficulty: one word or none.
    Difficulty,
    /// The status that the post claims: one word or none.
    Claimed,
    /// The flags that are a plain yes or no.
    Flags,
    /// What it is about: one text or none.
    Topic,
    /// The names of what it speaks of.
    Entities,
    /// Where its pictures come from, in lower case.
    Hosts,
    /// Its version: one word or none.
    Version,
}

impl WordColumn {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 10] = [
        Self::Stack,
        Self::Tools,
        Self::Language,
        Self::Difficulty,
        Self::Claimed,
        Self::Flags,
        Self::Topic,
        Self::Entities,
        Self::Hosts,
        Self::Version,
    ];

    /// Whether a post has one word here or none, and never more.
    pub fn is_single(self) -> bool {
        matches!(self, Self::Language | Self::Difficulty | Self::Claimed | Self::Topic | Self::Version)
    }
}

/// The lists of words of a column. A word carries a yes or no, which only the flags use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub(super) texts: Texts,
    /// Of topics, which are kept once for the corpus: the number of each word there.
    pub(super) numbers: Vec<u32>,
    /// The lists: of each word twice its number, and one more for a yes.
    pub(super) lists: Pieces,
}

impl Words {
    pub(super) const fn none() -> Self {
        Self { texts: Texts::none(), numbers: Vec::new(), lists: Pieces::none() }
    }

    /// How many lists there are.
    pub fn len(&self) -> usize {
        self.lists.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lists.len() == 0
    }

    /// The words, each once; none of topics, which [`crate::corpus::Corpus::words_of`] gives.
    pub fn words(&self) -> &Texts {
        &self.texts
    }

    /// Of topics the number in the corpus of each word; of other columns none.
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// How many different words there are.
    pub fn different(&self) -> usize {
        self.texts.len() + self.numbers.len()
    }

    /// The numbers of the words of a list in [`Words::words`], each with its yes or no.
    pub fn items(&self, number: u16) -> impl Iterator<Item = (usize, bool)> {
        items(self.lists.get(number.into()))
    }

    /// The same of every list, by their numbers: faster than one by one.
    pub fn each(&self) -> impl Iterator<Item = impl Iterator<Item = (usize, bool)>> {
        self.lists.iter().map(items)
    }

    /// The words of the list with this number, while a segment is being built.
    pub(super) fn list(&self, number: u16) -> impl Iterator<Item = (&str, bool)> {
        self.items(number).map(|(word, value)| (self.texts.get(word), value))
    }

    pub(super) fn shrink(&mut self) {
        self.texts.shrink();
        self.numbers.shrink_to_fit();
        self.lists.shrink();
    }
}

fn items(mut list: &[u8]) -> impl Iterator<Item = (usize, bool)> {
    std::iter::from_fn(move || take(&mut list)).map(|item| ((item >> 1) as usize, item & 1 == 1))
}

impl Words {
    /// How many rows have each word with a yes, and how many have none, where `rows` says how many have
    /// each list. A word counts as often as a list has it.
    pub fn count(&self, rows: &[u32]) -> (Vec<u32>, usize) {
        let mut by_item = vec![0_u32; 2 * self.different()];
        let lists = self.lists.iter().zip(rows.iter().copied()).filter(|(_, rows)| *rows > 0);
        // An item is hardly ever longer than two bytes.
        let missing = if by_item.len() <= 1 << 14 {
            lists.map(|(list, rows)| count_short(list, rows, &mut by_item)).sum()
        } else {
            lists.map(|(list, rows)| count_any(list, rows, &mut by_item)).sum()
        };
        (by_item.into_iter().skip(1).step_by(2).collect(), missing)
    }
}

/// Adds the rows of a list to each of its items, none of which is longer than two bytes. Gives the rows back if no
/// item is a yes. Which byte ends an item cannot be foreseen, so that nothing is decided by it, and what a byte
/// stands for is told by it and the one before it alone: what is added before the end is nothing.
fn count_short(list: &[u8], rows: u32, by_item: &mut [u32]) -> usize {
    let (mut before, mut yes) = (0_u32, 0);
    for byte in list {
        let byte = u32::from(*byte);
        let is_end = (byte >> 7 ^ 1).wrapping_neg();
        let is_second = (before >> 7).wrapping_neg();
        let item = (before & 0x7f & is_second) | (byte & 0x7f) << (7 & is_second);
        if let Some(count) = by_item.get_mut(item as usize) {
            *count += rows & is_end;
        }
        yes |= item & is_end;
        before = byte;
    }
    if yes & 1 == 0 { rows as usize } else { 0 }
}

/// The same of items of any length.
fn count_any(list: &[u8], rows: u32, by_item: &mut [u32]) -> usize {
    let (mut item, mut shift, mut yes) = (0_u32, 0, 0);
    for byte in list {
        item |= u32::from(byte & 0x7f).wrapping_shl(shift);
        let is_end = (u32::from(byte >> 7) ^ 1).wrapping_neg();
        if let Some(count) = by_item.get_mut(item as usize) {
            *count += rows & is_end;
        }
        yes |= item & is_end;
        item &= !is_end;
        shift = (shift + 7) & !is_end;
    }
    if yes & 1 == 0 { rows as usize } else { 0 }
}

/// Words while a segment is being built: knows which lists are there already.
#[derive(Debug, Default)]
pub(super) struct WordIndex {
    words: Words,
    /// Part of the hash of each word, and its number.
    numbers: HashTable<(u32, u32)>,
    /// The same of each list.
    lists: HashTable<(u32, u16)>,
    /// The lists of one item, by the item.
    ones: Vec<Option<u16>>,
    /// Lists by the bytes that they were written in.
    raw: HashMap<Box<[u8]>, u16, RandomState>,
    state: RandomState,
    /// The list at hand; kept to spare an allocation a row.
    list: Vec<u8>,
    /// How often it was asked for a list by its bytes, and how often in vain.
    asked: u32,
    missed: u32,
}

impl WordIndex {
    /// Whether there are no numbers left for another list.
    pub(super) fn is_full(&self) -> bool {
        self.words.len() >= MAX_LISTS
    }

    /// All words together. Unit: bytes.
    pub(super) fn bytes(&self) -> usize {
        self.words.texts.bytes()
    }

    pub(super) fn words(&self) -> &Words {
        &self.words
    }

    pub(super) fn into_words(self) -> Words {
        self.words
    }

    /// Whether lists are written alike often enough for their bytes to be kept.
    fn is_worth_it(&self) -> bool {
        self.asked < TRIES || self.missed <= self.asked / 2
    }

    /// The list that the same bytes stood for before.
    pub(super) fn known(&mut self, raw: &[u8]) -> Option<u16> {
        if !self.is_worth_it() {
            return None;
        }
        let known = self.raw.get(raw).copied();
        self.asked += 1;
        self.missed += u32::from(known.is_none());
        known
    }

    /// From now on these bytes stand for this list.
    pub(super) fn learn(&mut self, raw: &[u8], list: u16) {
        if raw.len() <= MAX_RAW_BYTES && self.is_worth_it() {
            self.raw.insert(raw.into(), list);
        }
    }

    fn word(&mut self, word: &str) -> u32 {
        let hash = half(self.state.hash_one(word));
        let texts = &mut self.words.texts;
        let is_it = |(other, number): &(u32, u32)| *other == hash && texts.get(*number as usize) == word;
        if let Some((_, number)) = self.numbers.find(spread(hash), is_it) {
            return *number;
        }
        let number = u32::try_from(texts.len()).unwrap_or(u32::MAX);
        texts.push(word);
        self.numbers.insert_unique(spread(hash), (hash, number), |(hash, _)| spread(*hash));
        number
    }

    /// The number of a list; blank words are left out.
    pub(super) fn list<'a>(&mut self, words: impl IntoIterator<Item = (&'a str, bool)>) -> u16 {
        let mut list = std::mem::take(&mut self.list);
        list.clear();
        let (mut count, mut last) = (0, 0);
        for (word, value) in words.into_iter().filter(|(word, _)| !word.is_empty()) {
            last = self.word(word) << 1 | u32::from(value);
            count += 1;
            put(&mut list, last);
        }
        let number = if count == 1 { self.number_of_one(last, &list) } else { self.number_of(&list) };
        self.list = list;
        number
    }

    /// The number of a list of one item, which is known by the item alone.
    fn number_of_one(&mut self, item: u32, list: &[u8]) -> u16 {
        let at = item as usize;
        if let Some(number) = self.ones.get(at).copied().flatten() {
            return number;
        }
        let number = self.number_of(list);
        if at >= self.ones.len() {
            self.ones.resize(at + 1, None);
        }
        if let Some(slot) = self.ones.get_mut(at) {
            *slot = Some(number);
        }
        number
    }

    fn number_of(&mut self, list: &[u8]) -> u16 {
        let hash = half(self.state.hash_one(list));
        let Self { words, lists, .. } = self;
        let is_it =
            |(other, number): &(u32, u16)| *other == hash && words.lists.get((*number).into()) == list;
        if let Some((_, number)) = lists.find(spread(hash), is_it) {
            return *number;
        }
        // `is_full` has closed the segment before this can happen.
        let Ok(number) = u16::try_from(words.len()) else { return u16::MAX };
        words.lists.push(list);
        lists.insert_unique(spread(hash), (hash, number), |(hash, _)| spread(*hash));
        number
    }
}

fn half(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        // Few words have items of one byte, more have two, and more than 8,192 may have three.
        #[test]
        fn words_are_counted_as_their_lists_are_read(
            different in prop::sample::select(vec![5_usize, 64, 90, 8_192, 8_193, 9_000]),
            lists in prop::collection::vec(prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..6), 1..20),
            rows in prop::collection::vec(0_u32..9, 40),
        ) {
            let mut index = WordIndex::default();
            let names: Vec<String> = (0..different).map(|number| format!("w{number}")).collect();
            index.list(names.iter().map(|name| (name.as_str(), false)));
            for list in &lists {
                index.list(list.iter().map(|(at, value)| (names[at.index(different)].as_str(), *value)));
            }
            let words = index.into_words();
            let (counts, missing) = words.count(&rows);
            let (mut wanted, mut wanted_missing) = (vec![0_u32; different], 0);
            for (list, rows) in (0..words.len()).zip(&rows) {
                let items: Vec<_> = words.items(u16::try_from(list).unwrap()).filter(|(_, yes)| *yes).collect();
                items.iter().for_each(|(word, _)| wanted[*word] += rows);
                wanted_missing += if items.is_empty() { *rows as usize } else { 0 };
            }
            prop_assert_eq!((counts, missing), (wanted, wanted_missing));
        }
    }
}
