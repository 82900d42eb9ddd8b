//! How well words fit a title.
//!
//! fuzzy-matcher puts the letters of a word on the columns of a title. A letter is worth
//! [`MATCHED`], less in upper case (a word is lower case), and what its place is worth: at the start of
//! a title or a word, or in camel case. A letter that follows the one before at once gets at least
//! [`CONSECUTIVE`] for its place, any other pays for the gap. The score is the best there is.
//!
//! Two things are not as they should be, and make a difference where gaps are long, because only two
//! rows of its matrix are kept and the column before a row's first match is not cleared: a gap after a
//! letter may also go on from where it was two letters before, as far as it stood at that column; and
//! what a word without its last two letters has there counts as a score. Both are kept here: the
//! scores are the same.

use super::walk::Walk;
use super::window::{COLUMNS, Window};
use super::word::{Letters, START, Word};
use super::{SCORED_CHARS, fold::fold_char, reference};

/// What fuzzy-matcher 0.3.7 gives and takes (`SkimScoreConfig::default`).
pub(super) const MATCHED: i32 = 16;
const UPPER: i32 = -2;
const AFTER_START: i8 = 16;
pub(super) const AFTER_HARD: i8 = 8;
const AFTER_SOFT: i8 = 7;
const CAMEL: i8 = 6;
pub(super) const CONSECUTIVE: i32 = 4;
/// A gap starts with this and goes on with 1 for each column.
pub(super) const GAP: i32 = 3;
/// What stands before the first letter counts as a gap of one column.
pub(super) const LEADING: i32 = 1;

/// The most a letter after the first can add, because a gap costs what a start of a word is worth
/// beyond [`CONSECUTIVE`], and upper case what camel case is.
pub(super) const MOST: i32 = MATCHED + CONSECUTIVE;
/// The same where a separator can be the letter before.
pub(super) const MOST_AFTER_SEPARATOR: i32 = MATCHED + AFTER_HARD as i32;

/// Far below every score, and far from the end of numbers.
pub(super) const NEVER: i32 = -1_000_000;

/// By the byte before: what a place is worth, and what it is worth to an upper case letter.
static AFTER: [[i8; 2]; 256] = after();

/// Scores titles, and keeps the memory for it. One for each thread.
#[derive(Clone, Debug, Default)]
pub struct Scorer {
    window: Window,
    walk: Walk,
    /// A title that is not ASCII, as bytes.
    bytes: Vec<u8>,
}

impl Scorer {
    /// How well words fit a title: the sum of what fuzzy-matcher gives each; a word that is not in it
    /// adds nothing. Higher is better.
    pub fn score(&mut self, title: &str, words: &[Word]) -> i64 {
        let is_ascii = is_ascii(title.as_bytes());
        let scores = words.iter().map(|word| match word.letters() {
            None => reference::score(title, word.text()),
            Some(letters) if is_ascii => {
                if letters.are_foreign() {
                    return 0;
                }
                let title = title.as_bytes();
                self.fit(title.get(..SCORED_CHARS).unwrap_or(title), letters).into()
            }
            Some(letters) => {
                let mut bytes = std::mem::take(&mut self.bytes);
                bytes.clear();
                bytes.extend(title.chars().take(SCORED_CHARS).map(|letter| letters.byte(fold_char(letter))));
                let score = self.fit(&bytes, letters);
                self.bytes = bytes;
                score.into()
            }
        });
        scores.sum()
    }

    fn fit(&mut self, title: &[u8], word: &Letters) -> i32 {
        if word.count() == 1 {
            return one(title, word).unwrap_or_default();
        }
        let Some((first, last)) = word.ends(title) else { return 0 };
        let Some(part) = title.get(first..=last) else { return 0 };
        let score = if part.len() > COLUMNS {
            self.walk.fit(title, word)
        } else {
            let before = first.checked_sub(1).and_then(|before| title.get(before));
            self.window.fit(before.copied().unwrap_or(START), part, word)
        };
        score.unwrap_or_default()
    }
}

/// The score of a word of one letter.
fn one(title: &[u8], word: &Letters) -> Option<i32> {
    let mut best = NEVER;
    word.each(title, |_, before, letter| {
        let (matched, place) = worth(before, letter);
        best = best.max(matched + place - LEADING);
    });
    (best > NEVER).then_some(best)
}

/// What a letter is worth for itself, and for its place.
#[inline]
pub(super) fn worth(before: u8, letter: u8) -> (i32, i32) {
    let upper = letter.is_ascii_uppercase();
    (MATCHED + if upper { UPPER } else { 0 }, worth_after(before, upper))
}

/// What a place is worth.
#[inline]
pub(super) fn worth_after(before: u8, upper: bool) -> i32 {
    let [other, of_upper] = AFTER.get(usize::from(before)).copied().unwrap_or_default();
    i32::from(if upper { of_upper } else { other })
}

#[allow(clippy::indexing_slicing)] // There is no other way while compiling, and a wrong place is an error then.
const fn after() -> [[i8; 2]; 256] {
    let mut after = [[AFTER_START; 2]; 256];
    let mut byte = 0;
    while byte < START {
        after[byte as usize] = match byte {
            b'\0' | b' ' | b'/' | b'\\' | b'|' | b'(' | b')' | b'[' | b']' | b'{' | b'}' => [AFTER_HARD; 2],
            b'!'..=b'\'' | b'*'..=b'.' | b':'..=b'@' | b'^'..=b'`' | b'~' => [AFTER_SOFT; 2],
            b'A'..=b'Z' => [0, 0],
            _ => [0, CAMEL],
        };
        byte += 1;
    }
    after
}

/// Faster than that of `str` for texts as short as titles, which counts here.
#[inline]
fn is_ascii(text: &[u8]) -> bool {
    let (chunks, _) = text.as_chunks::<16>();
    let Some(last) = text.last_chunk::<16>() else { return text.is_ascii() };
    let all = chunks.iter().fold(u128::from_le_bytes(*last), |all, chunk| all | u128::from_le_bytes(*chunk));
    all & u128::from_le_bytes([0x80; 16]) == 0
}
