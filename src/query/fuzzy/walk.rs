//! Scores of any title: from left to right, for each column all letters of the word that match it.

use std::num::Wrapping;

use super::score::{CONSECUTIVE, GAP, LEADING, NEVER, worth};
use super::word::{Letters, MOST_LETTERS};

/// Wraps, because nothing here gets near the end of numbers and the checks cost a third of the time.
type Score = Wrapping<i32>;

const NONE: Score = Wrapping(NEVER);

/// Two more stand before those of the letters, so that every letter has two before it.
const ROWS: usize = MOST_LETTERS + 2;

/// What is known of each letter of a word.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    rows: [Row; ROWS],
}

/// What is known of a letter of a word so far. A score stands here with the column of its match added
/// to it: what a gap costs for each column needs no keeping then.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// The best match.
    best: Score,
    /// The last match.
    last: Score,
    column: Score,
}

const EMPTY: Row = Row { best: NONE, last: NONE, column: NONE };

impl Default for Walk {
    fn default() -> Self {
        Self { rows: [EMPTY; ROWS] }
    }
}

impl Walk {
    /// The score of a word in a title; `None` where it is not in it.
    pub(super) fn fit(&mut self, title: &[u8], word: &Letters) -> Option<i32> {
        self.rows.iter_mut().take(word.count() + 2).for_each(|row| *row = EMPTY);
        let one = Wrapping(1);
        let mut started = 0;
        let mut result = NONE;
        word.each(title, |column, before, letter| {
            let column = Wrapping(column);
            let (matched, place) = worth(before, letter);
            // What stands before the first letter is the same at each column.
            if let Some(row) = self.rows.get_mut(1) {
                row.best = column + Wrapping(GAP - 1 - LEADING);
            }
            // The last letter first: all of them read what the columns before have left.
            let mut places = word.places(letter);
            while let Some(row) = places.checked_ilog2() {
                places ^= 1 << row;
                let row = row as usize;
                let rows = self.rows.get_mut(row..).and_then(<[Row]>::first_chunk_mut);
                let Some([two_above, above, own]) = rows else { break };
                let adjacent = above.column + one == column;
                let near = if adjacent { above.last } else { NONE };
                // That of the column before is among the best, and always better as a near one.
                let far = above.best - Wrapping(GAP - 1) - column + Wrapping(place);
                let near = near + one - column + Wrapping(place.max(CONSECUTIVE));
                let score = near.max(far) + Wrapping(matched);
                let is_last = row + 1 == word.count();
                if row == started {
                    started += 1;
                    own.best = two_above.best;
                    if is_last && two_above.column + one == column {
                        result = two_above.last + one - column;
                    }
                }
                if is_last {
                    result = result.max(score);
                }
                own.last = score + column;
                own.best = own.best.max(own.last);
                own.column = column;
            }
        });
        (started == word.count()).then_some(result.0)
    }
}
