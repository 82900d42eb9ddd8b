//! Scores of titles in which a word can only stand within 64 columns: letter by letter, a bit for
//! each column.
//!
//! A word that stands together somewhere has a score that few other ways to find it can beat, so
//! columns that cannot lead to a better one are left out. This never changes the result: a letter adds
//! no more than [`Letters::most`], whichever way it is found, and nothing where it is leapt over.

use super::score::{AFTER_HARD, CONSECUTIVE, GAP, LEADING, MATCHED, NEVER, worth};
use super::word::{Letters, MOST_LETTERS, ones};

/// How many columns there are.
pub(super) const COLUMNS: usize = 64;

/// The memory for it.
#[derive(Clone, Debug)]
pub(super) struct Window {
    /// The part, with the byte before it.
    text: [u8; COLUMNS + 1],
    /// Where each distinct letter stands.
    columns: [u64; MOST_LETTERS],
    /// Where each letter of the word can stand, with those before it standing before.
    places: [u64; MOST_LETTERS],
    rows: [Row; 2],
}

/// The matches of one letter. A score stands here with its column added to it: what a gap costs for
/// each column needs no keeping then. That of a column is one place further on.
#[derive(Clone, Debug)]
struct Row {
    /// The columns that can lead to a better result.
    found: u64,
    scores: [i32; COLUMNS + 1],
    /// The best up to a column; the first is what the row starts with.
    best: [i32; COLUMNS + 1],
}

impl Default for Row {
    fn default() -> Self {
        Self { found: 0, scores: [NEVER; COLUMNS + 1], best: [NEVER; COLUMNS + 1] }
    }
}

impl Default for Window {
    fn default() -> Self {
        Self {
            text: [0; COLUMNS + 1],
            columns: [0; MOST_LETTERS],
            places: [0; MOST_LETTERS],
            rows: [Row::default(), Row::default()],
        }
    }
}

impl Row {
    fn clear(&mut self, start: i32) {
        self.found = 0;
        if let Some(first) = self.best.first_mut() {
            *first = start;
        }
    }

    #[inline]
    fn put(&mut self, column: u32, score: i32, best: i32, keep: bool) {
        let place = column as usize + 1;
        if let (Some(to), Some(to_best)) = (self.scores.get_mut(place), self.best.get_mut(place)) {
            *to = score;
            *to_best = best;
        }
        self.found |= u64::from(keep) << column;
    }

    /// The best of some columns, or what the row starts with.
    #[inline]
    fn best_of(&self, columns: u64) -> i32 {
        let place = u64::BITS - (self.found & columns).leading_zeros();
        self.best.get(place as usize).copied().unwrap_or(NEVER)
    }

    /// The score of the column before one.
    #[inline]
    fn before(&self, column: u32) -> i32 {
        self.scores.get(column as usize).copied().unwrap_or(NEVER)
    }

    fn start(&self) -> i32 {
        self.best.first().copied().unwrap_or(NEVER)
    }
}

impl Window {
    /// Notes where the letters of a word can stand in a part of a title; gives the columns in which the
    /// word starts and stands together. `None` where it is not in that part.
    #[inline]
    fn lay_out(&mut self, before: u8, part: &[u8], word: &Letters) -> Option<u64> {
        let (first, rest) = self.text.split_first_mut()?;
        *first = before;
        rest.get_mut(..part.len())?.copy_from_slice(part);
        let is_there = u64::MAX.checked_shr(u64::BITS.checked_sub(u32::try_from(part.len()).ok()?)?)?;
        let columns = word.columns(self.text.last_chunk()?);
        self.columns.iter_mut().zip(columns).for_each(|(to, columns)| *to = columns & is_there);
        let mut after = u64::MAX;
        let mut together = u64::MAX;
        for (place, (to, letter)) in self.places.iter_mut().zip(word.spelling()).enumerate() {
            let found = self.columns.get(*letter)? & after;
            if found == 0 {
                return None;
            }
            *to = found;
            together &= found >> place;
            after = !(found ^ (found - 1));
        }
        Some(together)
    }

    /// The score of a word in a part of a title that starts with its first letter and ends with its
    /// last one, with the byte before that part; `None` where the word is not in it.
    pub(super) fn fit(&mut self, before: u8, part: &[u8], word: &Letters) -> Option<i32> {
        let together = self.lay_out(before, part, word)?;
        let Self { text, places, rows: [above, row], .. } = self;
        let worth_at = |column: u32| {
            let column = column as usize;
            let before = text.get(column).copied().unwrap_or_default();
            worth(before, text.get(column + 1).copied().unwrap_or_default())
        };
        let places = places.get(..word.count())?;
        let first_of = |letter: usize| places.get(letter).map(|places| places.trailing_zeros());
        // The most that all letters after one can add.
        let all_others = i32::try_from(word.count() - 1).unwrap_or_default() * word.most();
        let most_after = |letter: usize| all_others - i32::try_from(letter).unwrap_or_default() * word.most();
        let alone = |column: u32| {
            let (matched, place) = worth_at(column);
            matched + place - LEADING
        };

        let mut result = NEVER;
        if together != 0 {
            let most = alone(0).max(MATCHED + i32::from(AFTER_HARD) - LEADING) + most_after(0);
            for start in ones(together) {
                let others = (start + 1..).take(word.count() - 1).map(|column| {
                    let (matched, place) = worth_at(column);
                    matched + place.max(CONSECUTIVE)
                });
                result = result.max(alone(start) + others.sum::<i32>());
            }
            if result >= most {
                return Some(result);
            }
        }

        // What a row starts with where two letters are leapt over, if that can lead to a better result.
        let leap = |from: i32, letter: usize, result: i32| {
            let Some(column) = first_of(letter) else { return NEVER };
            let next = from - (GAP - 1) - (column.cast_signed() + 1) + MATCHED + i32::from(AFTER_HARD);
            if letter + 1 < word.count() && next + most_after(letter + 1) > result { from } else { NEVER }
        };
        let leading = first_of(1).map_or(NEVER, |column| column.cast_signed() + GAP - 1 - LEADING);
        let mut start = leap(leading, 1, result);

        above.clear(NEVER);
        let mut best = NEVER;
        let enough = result - most_after(0);
        for column in ones(*places.first()?) {
            let score = alone(column);
            let with_column = score + column.cast_signed();
            best = best.max(with_column);
            above.put(column, with_column, best, score > enough);
        }
        let (mut above, mut row) = (above, row);
        for (letter, places) in places.iter().enumerate().skip(1) {
            let mut next_start = NEVER;
            if letter + 1 < word.count() {
                let first = first_of(letter + 1)?;
                next_start = leap(above.best_of((1 << first) - 1), letter + 1, result);
                let adjacent = (1 << first) >> 1;
                if letter + 2 == word.count() && above.found & adjacent != 0 {
                    result = result.max(above.before(first) - first.cast_signed() + 1);
                }
            }
            if above.found == 0 && above.start() == NEVER && start == NEVER && next_start == NEVER {
                break;
            }
            let mut places = *places;
            if above.start() == NEVER {
                // None before the first match above.
                places &= (above.found << 1) | (above.found << 1).wrapping_neg();
            }
            row.clear(start);
            let mut best = start;
            let enough = result - most_after(letter);
            let is_last = letter + 1 == word.count();
            for column in ones(places) {
                let adjacent = (1 << column) >> 1;
                // That of the column before is among the best, and always better as a near one.
                let far = above.best_of((1 << column) - 1);
                let near = if above.found & adjacent == 0 { NEVER } else { above.before(column) };
                let (matched, place) = worth_at(column);
                let at = column.cast_signed();
                let far = far.wrapping_sub(at).wrapping_sub(GAP - 1).wrapping_add(place);
                let near = near.wrapping_sub(at).wrapping_add(1).wrapping_add(place.max(CONSECUTIVE));
                let score = far.max(near).wrapping_add(matched);
                let with_column = score.wrapping_add(at);
                best = best.max(with_column);
                row.put(column, with_column, best, score > enough);
                if is_last {
                    result = result.max(score);
                }
            }
            std::mem::swap(&mut above, &mut row);
            start = next_start;
        }
        Some(result)
    }
}
