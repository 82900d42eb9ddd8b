//! Titles and topics are kept once for the whole corpus: generated posts share many of them, and what
//! is done with one (searching it, scoring it, ordering it) then is done once too.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::texts::Texts;

/// How many different titles and topics there are so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KnownTexts {
    /// The titles.
    pub titles: u32,
    /// The topics.
    pub topics: u32,
}

/// The titles and topics so far, while segments are being added.
#[derive(Debug, Default)]
pub struct TitleIndex {
    pub(super) titles: TextIndex,
    pub(super) topics: TextIndex,
}

impl TitleIndex {
    /// An index that continues behind so many titles and topics without knowing them.
    pub fn behind(known: KnownTexts) -> Self {
        let behind = |len| TextIndex { len, ..TextIndex::default() };
        Self { titles: behind(known.titles), topics: behind(known.topics) }
    }
}

/// The texts that no segment before has, and the number of the first of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct NewTexts {
    pub(super) first: u32,
    pub(super) texts: Arc<Texts>,
}

impl NewTexts {
    /// How many there are with these and those before them.
    pub(super) fn end(&self) -> u32 {
        self.first.saturating_add(u32::try_from(self.texts.len()).unwrap_or(u32::MAX))
    }
}

/// Texts so far: knows which of them are there already.
#[derive(Debug, Default)]
pub(super) struct TextIndex {
    /// Part of a text's hash, and its number.
    known: HashTable<(u32, u32)>,
    state: RandomState,
    /// The texts of each segment, and the number of the first of them.
    parts: Vec<(u32, Arc<Texts>)>,
    len: u32,
}

impl TextIndex {
    fn hash(&self, text: &str) -> u32 {
        let hash = self.state.hash_one(text);
        u32::try_from(hash >> 32).unwrap_or_default()
    }

    /// The number of each of these texts, and those that are new.
    pub(super) fn settle(&mut self, texts: &Texts) -> (Vec<u32>, NewTexts) {
        let first = self.len;
        let mut new = Texts::default();
        let numbers = texts.iter().map(|title| {
            let hash = self.hash(title);
            let same =
                |(other, number): &(u32, u32)| *other == hash && self.text(*number, first, &new) == title;
            if let Some((_, number)) = self.known.find(spread(hash), same) {
                return *number;
            }
            let number = first.saturating_add(u32::try_from(new.len()).unwrap_or(u32::MAX));
            new.push(title);
            self.known.insert_unique(spread(hash), (hash, number), |(hash, _)| spread(*hash));
            number
        });
        let numbers: Vec<u32> = numbers.collect();
        new.shrink();
        let new = Arc::new(new);
        self.len = first.saturating_add(u32::try_from(new.len()).unwrap_or(u32::MAX));
        self.parts.push((first, Arc::clone(&new)));
        (numbers, NewTexts { first, texts: new })
    }

    fn text<'a>(&'a self, number: u32, first: u32, new: &'a Texts) -> &'a str {
        if let Some(within) = number.checked_sub(first) {
            return new.get(within as usize);
        }
        let at = self.parts.partition_point(|(first, _)| *first <= number);
        let part = at.checked_sub(1).and_then(|at| self.parts.get(at));
        part.map_or("", |(first, texts)| texts.get((number - first) as usize))
    }
}

/// The table looks at both ends of a hash.
pub(super) fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(titles: &[&str]) -> Texts {
        let mut texts = Texts::default();
        titles.iter().for_each(|title| texts.push(title));
        texts
    }

    #[test]
    fn a_title_that_comes_again_keeps_its_number() {
        let mut index = TextIndex::default();
        let (numbers, new) = index.settle(&texts(&["a", "b", "a", ""]));
        assert_eq!((numbers, new.first, new.texts.len()), (vec![0, 1, 0, 2], 0, 3));
        let (numbers, new) = index.settle(&texts(&["c", "b", "", "c"]));
        assert_eq!((numbers, new.first), (vec![3, 1, 2, 3], 3));
        assert_eq!(new.texts.iter().collect::<Vec<_>>(), ["c"]);
        let mut behind = TitleIndex::behind(KnownTexts { titles: 4, topics: 7 });
        let (numbers, new) = behind.titles.settle(&texts(&["a"]));
        assert_eq!((numbers, new.first), (vec![4], 4));
        assert_eq!(behind.topics.settle(&texts(&["a"])).1.end(), 8);
    }
}
