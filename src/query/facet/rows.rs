//! The posts of a view as a set, to be counted a segment at a time.

use std::sync::Arc;

use rayon::prelude::*;

use crate::corpus::{Corpus, Row, Segment};
use crate::query::View;

/// The posts that are counted, whatever their order.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) rows: Rows,
    /// All the others, where those are fewer.
    pub(super) others: Option<Rows>,
}

/// Some posts of a corpus.
#[derive(Debug)]
pub(super) enum Rows {
    All,
    /// By segment, the places of its rows in it.
    Some(Vec<Vec<u16>>),
}

/// Some rows of a segment.
#[derive(Clone, Copy, Debug)]
pub(super) enum Places<'r> {
    /// All of so many.
    All(usize),
    Some(&'r [u16]),
}

impl Chosen {
    pub(super) fn of(view: &View, corpus: &Corpus) -> Self {
        let View::Rows(rows) = view else { return Self { rows: Rows::All, others: None } };
        let mut bits = vec![0_u64; corpus.len().div_ceil(64)];
        for row in rows.iter() {
            if let Some(word) = bits.get_mut(row.index() / 64) {
                *word |= 1 << (row.index() % 64);
            }
        }
        let rows = Rows::of(&bits, corpus);
        let count: usize = bits.iter().map(|word| word.count_ones() as usize).sum();
        let others = (count > corpus.len() / 2).then(|| {
            bits.iter_mut().for_each(|word| *word = !*word);
            Rows::of(&bits, corpus)
        });
        Self { rows, others }
    }

    /// What all posts have does not help.
    pub(super) fn is_counted_itself(&self) -> bool {
        self.others.is_none() && matches!(self.rows, Rows::Some(_))
    }
}

impl Rows {
    /// The rows whose bits are set.
    fn of(bits: &[u64], corpus: &Corpus) -> Self {
        let of_segment = |(start, segment): &(Row, &Arc<Segment>)| {
            let (first, end) = (start.index(), start.index() + segment.len());
            let mut places = Vec::new();
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
                    let place = base + word.trailing_zeros() as usize - first;
                    places.extend(u16::try_from(place));
                    word &= word - 1;
                }
                base += 64;
            }
            places
        };
        let segments: Vec<_> = corpus.segments().collect();
        Self::Some(segments.par_iter().map(of_segment).collect())
    }

    /// Those of the segment with this number.
    pub(super) fn of_segment(&self, at: usize, segment: &Segment) -> Places<'_> {
        match self {
            Self::All => Places::All(segment.len()),
            Self::Some(segments) => Places::Some(segments.get(at).map_or(&[], Vec::as_slice)),
        }
    }
}

impl Places<'_> {
    /// Visits them in order.
    pub(super) fn each(self, mut visit: impl FnMut(usize)) {
        match self {
            Self::All(len) => (0..len).for_each(visit),
            Self::Some(places) => places.iter().for_each(|place| visit(usize::from(*place))),
        }
    }
}
