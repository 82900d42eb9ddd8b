//! Words made ready, and which titles they hit.

use memchr::{memchr, memchr2, memrchr, memrchr2};

use super::fold::{fold, fold_char};
use super::score::worth_after;

/// Longer words are left to fuzzy-matcher itself. Unit: letters, a bit of a number each.
pub(super) const MOST_LETTERS: usize = 32;

/// Stands before the first letter of a title.
pub(super) const START: u8 = 0xFF;

/// Stands for each letter of a title that is neither ASCII nor in the word.
const STRANGE: u8 = 0xFE;

/// A word's own letters beyond ASCII are numbered from here on.
const FOREIGN: u8 = 0x80;

/// A fuzzy word, folded and made ready once for all titles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    text: String,
    /// `None` where there are too many.
    letters: Option<Letters>,
}

/// What is scored of a word. A letter is a byte: ASCII is itself, each other letter of the word has a
/// number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letters {
    foreign: Vec<char>,
    /// Each letter once.
    distinct: Vec<Letter>,
    /// The letters in their order: places in `distinct`.
    spelling: Vec<usize>,
    /// By byte of a title, in any case: the places in the word that want it, a bit each.
    places: Box<[u32; 256]>,
    /// The most that a letter after the first can add to a score.
    most: i32,
}

/// One letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Letter {
    byte: u8,
    /// What makes an upper case letter a lower case one.
    lower: u8,
}

impl Word {
    /// Makes a word ready, in any case.
    pub fn new(text: &str) -> Self {
        let text = fold(text);
        Self { letters: Letters::of(&text), text }
    }

    /// The word without its case.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn letters(&self) -> Option<&Letters> {
        self.letters.as_ref()
    }
}

impl Letters {
    fn of(word: &str) -> Option<Self> {
        let mut letters = Self {
            foreign: Vec::new(),
            distinct: Vec::new(),
            spelling: Vec::new(),
            places: Box::new([0; 256]),
            most: super::score::MOST,
        };
        for (place, char) in word.chars().enumerate() {
            if place == MOST_LETTERS {
                return None;
            }
            if !char.is_ascii() && !letters.foreign.contains(&char) {
                letters.foreign.push(char);
            }
            let byte = letters.byte(char);
            let known = letters.distinct.iter().position(|letter| letter.byte == byte);
            letters.spelling.push(known.unwrap_or(letters.distinct.len()));
            if known.is_none() {
                letters
                    .distinct
                    .push(Letter { byte, lower: if byte.is_ascii_lowercase() { 0x20 } else { 0 } });
            }
            for (wanted, places) in (0..=u8::MAX).zip(letters.places.iter_mut()) {
                *places |= u32::from(wanted.eq_ignore_ascii_case(&byte)) << place;
            }
            if worth_after(byte, false) > 0 {
                letters.most = super::score::MOST_AFTER_SEPARATOR;
            }
        }
        Some(letters)
    }

    /// How many letters there are.
    #[inline]
    pub(super) fn count(&self) -> usize {
        self.spelling.len()
    }

    /// The most that a letter after the first can add to a score.
    pub(super) fn most(&self) -> i32 {
        self.most
    }

    /// Whether there are letters that ASCII cannot hold.
    pub(super) fn are_foreign(&self) -> bool {
        !self.foreign.is_empty()
    }

    /// The byte that stands for a folded letter of a title.
    pub(super) fn byte(&self, letter: char) -> u8 {
        if let Ok(byte) = u8::try_from(letter)
            && byte.is_ascii()
        {
            return byte;
        }
        let number = self.foreign.iter().position(|foreign| *foreign == letter);
        number.and_then(|number| u8::try_from(number).ok()).map_or(STRANGE, |number| FOREIGN + number)
    }

    /// The places in the word that want a byte of a title, a bit each.
    #[inline]
    pub(super) fn places(&self, byte: u8) -> u32 {
        self.places.get(usize::from(byte)).copied().unwrap_or_default()
    }

    /// For each letter in its order: which of the distinct ones it is.
    #[inline]
    pub(super) fn spelling(&self) -> &[usize] {
        &self.spelling
    }

    /// Where the first letter stands for the first time, and the last one for the last.
    #[inline]
    pub(super) fn ends(&self, title: &[u8]) -> Option<(usize, usize)> {
        let letter = |place: &usize| self.distinct.get(*place);
        let first = letter(self.spelling.first()?)?.first_in(title)?;
        let last = letter(self.spelling.last()?)?.last_in(title)?;
        Some((first, last))
    }

    /// Shows each column of a title that holds a letter of the word, from left to right: its number,
    /// the byte before it and its own.
    #[inline]
    pub(super) fn each(&self, title: &[u8], see: impl FnMut(i32, u8, u8)) {
        // The same for each number of letters, so that none is counted for each few bytes of a title.
        match *self.distinct.as_slice() {
            [a] => each(title, &[a], see),
            [a, b] => each(title, &[a, b], see),
            [a, b, c] => each(title, &[a, b, c], see),
            [a, b, c, d] => each(title, &[a, b, c, d], see),
            ref all => each(title, all, see),
        }
    }

    /// Where each distinct letter stands in a text, a bit for each column.
    #[inline]
    pub(super) fn columns<'a>(&'a self, text: &'a [u8; 64]) -> impl Iterator<Item = u64> + 'a {
        self.distinct.iter().map(|letter| letter.columns(text))
    }
}

impl Letter {
    #[inline]
    fn first_in(self, title: &[u8]) -> Option<usize> {
        if self.lower == 0 {
            return memchr(self.byte, title);
        }
        memchr2(self.byte, self.byte.to_ascii_uppercase(), title)
    }

    #[inline]
    fn last_in(self, title: &[u8]) -> Option<usize> {
        if self.lower == 0 {
            return memrchr(self.byte, title);
        }
        memrchr2(self.byte, self.byte.to_ascii_uppercase(), title)
    }

    #[inline]
    fn columns(self, text: &[u8; 64]) -> u64 {
        let (eights, _) = text.as_chunks::<8>();
        eights.iter().fold(0, |found, eight| (found >> 8) | (any_of(&[self], *eight) << 56))
    }
}

#[inline]
fn each(title: &[u8], letters: &(impl AsRef<[Letter]> + ?Sized), mut see: impl FnMut(i32, u8, u8)) {
    let letters = letters.as_ref();
    let mut start = 0;
    for part in title.chunks(64) {
        let (eights, rest) = part.as_chunks::<8>();
        let mut found = 0;
        let mut at = 0_u32;
        for eight in eights {
            found |= any_of(letters, *eight) << at;
            at += 8;
        }
        if rest.is_empty() {
            // No byte is left.
        } else if let Some(last) = title.last_chunk() {
            found |= (any_of(letters, *last) >> (8 - rest.len())) << at;
        } else {
            let eight = rest.iter().rev().fold(0, |eight, byte| (eight << 8) | u64::from(*byte));
            found |= (any_of(letters, eight.to_le_bytes()) & ((1 << rest.len()) - 1)) << at;
        }
        for column in ones(found) {
            let column = start + column as usize;
            let before = title.get(column.wrapping_sub(1)).copied().unwrap_or(START);
            let own = title.get(column).copied().unwrap_or_default();
            see(i32::try_from(column).unwrap_or_default(), before, own);
        }
        start += part.len();
    }
}

/// Which of eight bytes of a title are one of some letters, a bit each: where nothing differs, no bit
/// gets to the highest one of a byte.
#[inline]
fn any_of(letters: &[Letter], eight: [u8; 8]) -> u64 {
    const LOW: u64 = in_each_byte(0x7F);
    /// Takes the highest bits of all bytes to the highest byte, in their order.
    const GATHER: u64 = 0x0002_0408_1020_4081;
    let eight = u64::from_le_bytes(eight);
    let differs = letters.iter().fold(!LOW, |all, letter| {
        let differs = (eight | in_each_byte(letter.lower)) ^ in_each_byte(letter.byte);
        all & ((differs & LOW).wrapping_add(LOW) | differs)
    });
    (!differs & !LOW).wrapping_mul(GATHER) >> 56
}

/// The places of the bits of a number, the lowest first.
#[inline]
pub(super) fn ones(mut bits: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let place = bits.trailing_zeros() & 63;
        (bits != 0).then(|| {
            bits &= bits - 1;
            place
        })
    })
}

const fn in_each_byte(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// Whether a title holds the letters of a word in their order, in any case.
pub fn hits(title: &str, word: &Word) -> bool {
    if !word.text.is_ascii() {
        return holds(title, &word.text);
    }
    let mut rest = title.as_bytes();
    let found = word.text.bytes().all(|letter| {
        let at = if letter.is_ascii_lowercase() {
            memchr2(letter, letter.to_ascii_uppercase(), rest)
        } else {
            memchr(letter, rest)
        };
        rest = at.and_then(|at| rest.get(at + 1..)).unwrap_or_default();
        at.is_some()
    });
    // A few letters beyond ASCII are ASCII without their case.
    found || (!title.is_ascii() && holds(title, &word.text))
}

fn holds(title: &str, word: &str) -> bool {
    let mut letters = title.chars().map(fold_char);
    word.chars().all(|wanted| letters.any(|letter| letter == wanted))
}
