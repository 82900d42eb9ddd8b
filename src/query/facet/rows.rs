//! The posts of a view as a set, to be counted a segment at a time.

use crate::corpus::Row;
use crate::query::View;

/// The posts of a view, whatever their order.
#[derive(Debug)]
pub(super) enum Rows {
    All,
    /// A bit for each.
    Some(Vec<u64>),
}

impl Rows {
    pub(super) fn of(view: &View, len: usize) -> Self {
        match view {
            View::All(_) => Self::All,
            View::Rows(rows) => {
                let mut bits = vec![0_u64; len.div_ceil(64)];
                for row in rows.iter() {
                    if let Some(word) = bits.get_mut(row.index() / 64) {
                        *word |= 1 << (row.index() % 64);
                    }
                }
                Self::Some(bits)
            }
        }
    }

    /// Visits those of a segment that begins with `start`, in order: their places in it.
    pub(super) fn each(&self, start: Row, len: usize, mut visit: impl FnMut(usize)) {
        let Self::Some(bits) = self else { return (0..len).for_each(visit) };
        let (first, end) = (start.index(), start.index() + len);
        let mut base = first / 64 * 64;
        for word in bits.get(first / 64..end.div_ceil(64)).unwrap_or_default() {
            let mut word = *word;
            if base < first {
                word &= u64::MAX << (first - base);
            }
            if base + 64 > end {
                word &= u64::MAX >> (base + 64 - end);
            }
            while word != 0 {
                visit(base + word.trailing_zeros() as usize - first);
                word &= word - 1;
            }
            base += 64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_rows_of_a_segment_are_visited(
            rows in prop::collection::vec(0..300_u32, 0..40), start in 0..200_u32, len in 0..100_usize,
        ) {
            let view = View::Rows(rows.iter().copied().map(Row).collect());
            let mut found = Vec::new();
            Rows::of(&view, 300).each(Row(start), len, |at| found.push(at));
            let expected: Vec<usize> =
                (0..len).filter(|at| rows.contains(&(start + u32::try_from(*at).unwrap()))).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
