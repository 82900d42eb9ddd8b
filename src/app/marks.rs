//! Marks: posts that are chosen for a decision on all of them. A bit a post, so that a million of them
//! cost nothing.

use std::ops::Range;

use super::App;
use crate::corpus::Row;
use crate::model::figures::grouped;
use crate::query::View;

/// So many posts of a range are looked at for a frame.
const LOOKED_AT: usize = 10_000;

/// The posts that are marked.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    bits: Vec<u64>,
    count: usize,
    /// Where a range begins that is not ended yet: a position of the view, and the post there.
    from: Option<(usize, Row)>,
}

impl Marks {
    /// How many posts are marked. A range counts when it is ended.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether no post is.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether a post is.
    pub fn has(&self, row: Row) -> bool {
        self.bits.get(row.index() / 64).is_some_and(|word| word & bit(row) != 0)
    }

    /// The positions of the view that the range takes up while the cursor stands at one.
    pub fn range(&self, cursor: usize) -> Option<Range<usize>> {
        let (from, _) = self.from?;
        Some(from.min(cursor)..from.max(cursor).saturating_add(1))
    }

    /// Marks a post, or takes its mark away.
    pub(super) fn set(&mut self, row: Row, is_marked: bool) {
        let at = row.index() / 64;
        if is_marked && at >= self.bits.len() {
            self.bits.resize(at + 1, 0);
        }
        let Some(word) = self.bits.get_mut(at) else { return };
        let was_marked = *word & bit(row) != 0;
        if was_marked != is_marked {
            *word ^= bit(row);
            self.count = if is_marked { self.count + 1 } else { self.count - 1 };
        }
    }

    /// Takes the marks behind so many posts away.
    pub(super) fn truncate(&mut self, len: usize) {
        let len_of_bits = self.bits.len() * 64;
        for row in len..len_of_bits.max(len) {
            self.set(Row(u32::try_from(row).unwrap_or(u32::MAX)), false);
        }
        self.bits.truncate(len.div_ceil(64));
        self.from = self.from.filter(|(_, row)| row.index() < len);
    }
}

fn bit(row: Row) -> u64 {
    1 << (row.index() % 64)
}

impl App {
    /// Whether a decision would be one on many posts.
    pub(super) fn has_marks(&self) -> bool {
        !self.marks.is_empty() || self.marks.from.is_some()
    }

    /// How many posts bear the sign of a mark, those of a range that is open among them; whether that is exact.
    /// Every frame asks, so of a long range nobody looks which of its posts are marked already.
    pub fn marked(&self) -> (usize, bool) {
        let range = self.marks.range(self.list.cursor).unwrap_or_default();
        if self.marks.is_empty() || range.is_empty() {
            return (self.marks.len() + range.len(), true);
        }
        if range.len() > LOOKED_AT {
            return (self.marks.len() + range.len(), false);
        }
        let rows = range.filter_map(|at| self.list.view.get(at));
        (self.marks.len() + rows.filter(|row| !self.marks.has(*row)).count(), true)
    }

    /// Whether a range was begun and is not ended.
    pub fn has_open_range(&self) -> bool {
        self.marks.from.is_some()
    }

    /// Marks the post under the cursor or takes its mark away, and goes down. Ends a range that is open.
    pub(super) fn mark(&mut self) {
        if self.marks.from.is_some() {
            self.end_range();
            return;
        }
        let Some(row) = self.list.row() else {
            self.say("There is no post under the cursor");
            return;
        };
        let is_marked = self.marks.has(row);
        self.marks.set(row, !is_marked);
        self.move_cursor_by(1);
    }

    /// Begins a range at the cursor, or marks the one that ends there.
    pub(super) fn mark_range(&mut self) {
        if self.marks.from.is_some() {
            self.end_range();
            return;
        }
        self.marks.from = self.list.row().map(|row| (self.list.cursor, row));
        if self.marks.from.is_some() {
            let key = self.keymap.names(super::Action::MarkRange);
            self.say(format!("A range begins here; move, and {key} again marks it"));
        }
    }

    pub(super) fn end_range(&mut self) {
        let Some(range) = self.marks.range(self.list.cursor) else { return };
        for position in range {
            if let Some(row) = self.list.view.get(position) {
                self.marks.set(row, true);
            }
        }
        self.marks.from = None;
    }

    /// Marks every post of the view; where all are marked, takes these marks away.
    pub(super) fn mark_all(&mut self) {
        let is_marked = self.list.view.iter().all(|row| self.marks.has(row));
        for row in self.list.view.iter() {
            self.marks.set(row, !is_marked);
        }
        self.marks.from = None;
    }

    /// Takes the range away that was begun, or else every mark.
    pub(super) fn clear_marks(&mut self) {
        if self.marks.from.take().is_none() {
            self.marks = Marks::default();
        }
    }

    /// All posts come again, so nothing is known of those that were marked.
    pub(super) fn drop_marks(&mut self) {
        self.drop_bulk();
        let marks = std::mem::take(&mut self.marks);
        if !marks.is_empty() {
            self.warn(format!(
                "The posts are read again: the marks on {} posts were taken away",
                grouped(marks.len())
            ));
        }
    }

    /// The view is another one: the range begins where its post stands now, if it is there.
    pub(super) fn follow_range(&mut self) {
        if let Some((_, row)) = self.marks.from {
            self.marks.from = self.list.view.position_of(row).map(|position| (position, row));
        }
    }

    /// The marked posts that the view shows, in its order.
    pub(super) fn marked_in_view(&self) -> Vec<Row> {
        match &self.list.view {
            View::All(len) => {
                let words = (0_u32..).zip(&self.marks.bits).filter(|(_, word)| **word != 0);
                let rows = words.flat_map(|(at, word)| {
                    (0..64).filter(move |bit| word >> bit & 1 != 0).map(move |bit| Row(at * 64 + bit))
                });
                rows.take_while(|row| row.index() < *len).collect()
            }
            View::Rows(rows) => rows.iter().copied().filter(|row| self.marks.has(*row)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_counted_and_taken_back() {
        let mut marks = Marks::default();
        for row in [0, 63, 64, 1_000_000, 64] {
            marks.set(Row(row), true);
        }
        marks.set(Row(5), false);
        assert_eq!(marks.len(), 4);
        assert!(marks.has(Row(1_000_000)) && !marks.has(Row(1)) && !marks.has(Row(2_000_000)));
        marks.truncate(64);
        assert_eq!(marks.len(), 2);
        assert!(marks.has(Row(63)) && !marks.has(Row(64)));
        marks.truncate(0);
        assert!(marks.is_empty());
    }
}
