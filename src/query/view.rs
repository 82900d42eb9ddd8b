//! The posts that pass, in order.

use std::sync::Arc;

use crate::corpus::Row;

/// The posts that pass, in order. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum View {
    /// So many posts, all there are, in the order of the corpus.
    All(usize),
    /// These posts.
    Rows(Arc<[Row]>),
}

impl View {
    /// Whether the other one is this one, or a copy of it.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All(len), Self::All(others)) => len == others,
            (Self::Rows(rows), Self::Rows(others)) => Arc::ptr_eq(rows, others),
            _ => false,
        }
    }

    /// How many posts pass.
    pub fn len(&self) -> usize {
        match self {
            Self::All(len) => *len,
            Self::Rows(rows) => rows.len(),
        }
    }

    /// Whether none passes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The post at a position.
    pub fn get(&self, position: usize) -> Option<Row> {
        match self {
            Self::All(len) => u32::try_from(position).ok().filter(|_| position < *len).map(Row),
            Self::Rows(rows) => rows.get(position).copied(),
        }
    }

    /// Where a post stands.
    pub fn position_of(&self, row: Row) -> Option<usize> {
        match self {
            Self::All(len) => Some(row.index()).filter(|position| position < len),
            Self::Rows(rows) => rows.iter().position(|other| *other == row),
        }
    }

    /// The posts from first to last.
    pub fn iter(&self) -> impl Iterator<Item = Row> {
        (0..self.len()).filter_map(|position| self.get(position))
    }
}
