//! From bytes to posts: sources, formats, the columns that stay in memory, bodies read on demand.

pub mod body;
pub mod columns;
pub mod format;
pub mod load;
#[cfg(test)]
mod load_tests;
pub mod problem;
pub mod source;
#[cfg(test)]
mod source_tests;
mod walk;
mod window;

use std::sync::Arc;

pub use columns::{AXES, Place, RowFields, RowRef, Segment};
pub use load::{Loaded, load};
pub use problem::{Problem, Severity};
pub use source::{Root, RootKind, Source, SourceError, Sources};

/// The number of a post in its corpus, from 0, in the order of the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Row(pub u32);

impl Row {
    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The posts that were loaded. Cheap to clone: what it holds is shared.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    segments: Vec<Arc<Segment>>,
    /// The first row of each segment.
    starts: Vec<u32>,
    len: u32,
}

impl Corpus {
    /// How many posts there are.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds the posts of a segment behind those that are there; gives their rows.
    pub fn push(&mut self, segment: Arc<Segment>) -> impl Iterator<Item = Row> + use<> {
        let start = self.len;
        self.starts.push(start);
        self.len = start.saturating_add(u32::try_from(segment.len()).unwrap_or(u32::MAX));
        self.segments.push(segment);
        (start..self.len).map(Row)
    }

    /// The segments in order, each with its first row.
    pub fn segments(&self) -> impl Iterator<Item = (Row, &Segment)> {
        self.starts.iter().map(|start| Row(*start)).zip(self.segments.iter().map(AsRef::as_ref))
    }

    /// The row with this number, if there is one.
    pub fn get(&self, row: Row) -> Option<RowRef<'_>> {
        let at = self.starts.partition_point(|start| *start <= row.0).checked_sub(1)?;
        let within = row.0.checked_sub(*self.starts.get(at)?)? as usize;
        let segment = self.segments.get(at)?;
        (within < segment.len()).then(|| segment.row(within))
    }

    /// All rows.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = Row> + use<> {
        (0..self.len).map(Row)
    }
}
