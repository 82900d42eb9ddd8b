//! Each text once: what a million records repeat is a number of four bytes in each of them.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

/// Texts that are each kept once, named by a number.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    bytes: String,
    /// Where each text ends; it begins where the one before it ends.
    ends: Vec<usize>,
    numbers: HashTable<u32>,
    /// Seeded at random, so that nobody can write a log of texts that all fall together.
    hasher: RandomState,
}

impl Texts {
    /// The text with this number; empty for a number that was never given.
    pub(super) fn get(&self, number: u32) -> &str {
        text_of(&self.bytes, &self.ends, number)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, more: usize) {
        let Self { bytes, ends, numbers, hasher } = self;
        ends.reserve(more);
        numbers.reserve(more, |number| hasher.hash_one(text_of(bytes, ends, *number)));
    }

    /// The number of a text, if it has one.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        let Self { bytes, ends, numbers, hasher } = self;
        numbers.find(hasher.hash_one(text), |number| text_of(bytes, ends, *number) == text).copied()
    }

    /// The number of a text, which it gets if it has none.
    pub(super) fn intern(&mut self, text: &str) -> u32 {
        let Self { bytes, ends, numbers, hasher } = self;
        let hash = hasher.hash_one(text);
        if let Some(number) = numbers.find(hash, |number| text_of(bytes, ends, *number) == text) {
            return *number;
        }
        let number = u32::try_from(ends.len()).unwrap_or(u32::MAX);
        bytes.push_str(text);
        ends.push(bytes.len());
        numbers.insert_unique(hash, number, |number| hasher.hash_one(text_of(bytes, ends, *number)));
        number
    }

    /// The same for a text that often is the one with the number `likely`.
    pub(super) fn intern_near(&mut self, likely: &mut u32, text: &str) -> u32 {
        if self.get(*likely) != text {
            *likely = self.intern(text);
        }
        // The first text of all may be empty, and every number reads as empty before it is given.
        if *likely as usize >= self.ends.len() {
            *likely = self.intern(text);
        }
        *likely
    }
}

fn text_of<'a>(bytes: &'a str, ends: &[usize], number: u32) -> &'a str {
    let number = number as usize;
    let start = number.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    ends.get(number).and_then(|end| bytes.get(start..*end)).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number() {
        let mut texts = Texts::default();
        let words = ["", "mara", "réviewed", "mara", "", "tom"];
        let numbers: Vec<u32> = words.iter().map(|word| texts.intern(word)).collect();
        assert_eq!(numbers, [0, 1, 2, 1, 0, 3]);
        assert_eq!(texts.len(), 4);
        for (word, number) in words.iter().zip(numbers) {
            assert_eq!((texts.get(number), texts.find(word)), (*word, Some(number)));
        }
        assert_eq!(texts.find("li"), None);
        assert_eq!(texts.get(9), "");
        let mut likely = 0;
        let mut empty = Texts::default();
        assert_eq!((empty.intern_near(&mut likely, ""), empty.len()), (0, 1));
        assert_eq!((empty.intern_near(&mut likely, "x"), empty.intern_near(&mut likely, "x")), (1, 1));
        assert_eq!(empty.intern_near(&mut likely, ""), 0);
    }
}
