//! Titles are kept once for the whole corpus: generated posts share many of them, and what is done
//! with a title (searching it, scoring it, ordering it) then is done once too.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::texts::Texts;

/// The titles so far, while segments are being added: knows which titles are there already.
#[derive(Debug, Default)]
pub struct TitleIndex {
    /// Part of a title's hash, and its number.
    known: HashTable<(u32, u32)>,
    state: RandomState,
    /// The titles of each segment, and the number of the first of them.
    parts: Vec<(u32, Arc<Texts>)>,
    len: u32,
}

impl TitleIndex {
    /// An index that continues behind so many titles without knowing them.
    pub fn behind(len: u32) -> Self {
        Self { len, ..Self::default() }
    }

    fn hash(&self, title: &str) -> u32 {
        let hash = self.state.hash_one(title);
        u32::try_from(hash >> 32).unwrap_or_default()
    }

    /// The number of each of these titles. Those that are new are a part of their own, with the
    /// number of the first of them.
    pub(super) fn settle(&mut self, titles: &Texts) -> (Vec<u32>, u32, Arc<Texts>) {
        let first = self.len;
        let mut new = Texts::default();
        let numbers = titles.iter().map(|title| {
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
        (numbers, first, new)
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
        let mut index = TitleIndex::default();
        let (numbers, first, new) = index.settle(&texts(&["a", "b", "a", ""]));
        assert_eq!((numbers, first, new.len()), (vec![0, 1, 0, 2], 0, 3));
        let (numbers, first, new) = index.settle(&texts(&["c", "b", "", "c"]));
        assert_eq!((numbers, first), (vec![3, 1, 2, 3], 3));
        assert_eq!(new.iter().collect::<Vec<_>>(), ["c"]);
        let (numbers, first, _) = TitleIndex::behind(4).settle(&texts(&["a"]));
        assert_eq!((numbers, first), (vec![4], 4));
    }
}
