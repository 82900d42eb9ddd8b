//! From bytes to posts: sources, formats, the columns that stay in memory, bodies read on demand.

pub mod body;
pub mod cache;
pub mod columns;
pub mod format;
pub mod load;
#[cfg(test)]
mod load_tests;
mod look_alikes;
pub mod problem;
mod reading;
pub mod search;
pub mod source;
#[cfg(test)]
mod source_tests;
mod walk;
mod window;

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::Arc;

use rayon::slice::ParallelSliceMut;

pub use cache::{Cache, Prefix};
pub use columns::{
    AlikeTexts, KnownTexts, NumberColumn, Place, RowFields, RowRef, Segment, SegmentBuilder, Texts,
    TitleIndex, WordColumn, Words,
};
pub use load::{Loaded, load, load_behind, load_cached};
pub use problem::{Problem, Severity};
pub use reading::Reading;
pub use source::{Root, RootKind, Source, SourceError, Sources};
pub use walk::is_review_log;

/// The number of a post in its corpus, from 0, in the order of the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Row(pub u32);

impl Row {
    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Ids, each with the rows of the posts that have it.
pub type RowsById<'a> = HashMap<&'a str, Vec<Row>, foldhash::fast::RandomState>;

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

    /// Takes back the last segment, if its rows begin behind this byte of their source: a line that
    /// was not finished is read again with what came behind it.
    pub fn take_back(&mut self, covered: u64) {
        let is_behind = |segment: &Arc<Segment>| segment.first_offset().is_some_and(|first| first >= covered);
        if self.segments.last().is_some_and(is_behind) {
            self.segments.pop();
            self.len = self.starts.pop().unwrap_or_default();
        }
    }

    /// The segments in order, each with its first row.
    pub fn segments(&self) -> impl ExactSizeIterator<Item = (Row, &Arc<Segment>)> {
        self.starts.iter().map(|start| Row(*start)).zip(&self.segments)
    }

    /// The row with this number, if there is one.
    pub fn get(&self, row: Row) -> Option<RowRef<'_>> {
        let at = self.starts.partition_point(|start| *start <= row.0).checked_sub(1)?;
        let within = row.0.checked_sub(*self.starts.get(at)?)? as usize;
        let segment = self.segments.get(at)?;
        (within < segment.len()).then(|| RowRef::new(self, segment, within))
    }

    /// All rows.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = Row> + use<> {
        (0..self.len).map(Row)
    }

    /// The rows whose id is exactly this one, in order.
    pub fn rows_with_id(&self, id: &str) -> Vec<Row> {
        let of_segment = |(start, segment): (Row, &Arc<Segment>)| -> Vec<Row> {
            let found = segment.ids().find(id).filter_map(|at| u32::try_from(at).ok());
            found.map(|at| Row(start.0 + at)).collect()
        };
        self.segments().flat_map(of_segment).collect()
    }

    /// The rows of each of these ids, in order; an id that no post has is left out. One pass over all posts,
    /// however many ids there are.
    pub fn rows_with_ids<'a>(&self, ids: impl IntoIterator<Item = &'a str>) -> RowsById<'a> {
        let mut wanted: RowsById<'a> = ids.into_iter().map(|id| (id, Vec::new())).collect();
        match wanted.len() {
            0 => {}
            // A search for one text is far quicker than a look at each.
            1 => wanted.iter_mut().for_each(|(id, rows)| *rows = self.rows_with_id(id)),
            _ => {
                for (start, segment) in self.segments() {
                    for (id, row) in segment.ids().iter().zip(start.0..) {
                        if let Some(rows) = wanted.get_mut(id) {
                            rows.push(Row(row));
                        }
                    }
                }
            }
        }
        wanted.retain(|_, rows| !rows.is_empty());
        wanted
    }

    /// The ids that more than one post has, each with its rows, in the order of their first posts.
    pub fn equal_ids(&self) -> Vec<(String, Vec<Row>)> {
        let state = foldhash::fast::RandomState::default();
        let hashes = self.segments().flat_map(|(start, segment)| segment.ids().iter().zip(start.0..));
        // Eight bytes a post: half a hash, and the row.
        let mut hashes: Vec<(u32, Row)> = hashes
            .map(|(id, row)| (u32::try_from(state.hash_one(id) >> 32).unwrap_or_default(), Row(row)))
            .collect();
        hashes.par_sort_unstable();
        let mut equal: Vec<(String, Vec<Row>)> = Vec::new();
        for group in hashes.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
            let mut ids: Vec<(&str, Row)> =
                group.iter().filter_map(|(_, row)| Some((self.get(*row)?.id(), *row))).collect();
            ids.sort_unstable();
            for same in ids.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
                let id = same.first().map_or("", |(id, _)| id);
                equal.push((id.to_owned(), same.iter().map(|(_, row)| *row).collect()));
            }
        }
        equal.sort_unstable_by(|a, b| a.1.cmp(&b.1));
        equal
    }

    /// How many different titles and topics there are.
    pub fn known(&self) -> KnownTexts {
        self.segments.last().map(|segment| segment.known()).unwrap_or_default()
    }

    /// How many different titles there are.
    pub fn titles_len(&self) -> usize {
        self.known().titles as usize
    }

    /// The title with this number; blank when there is none.
    pub fn title(&self, number: u32) -> &str {
        self.text(number, Segment::new_titles)
    }

    /// The topic with this number; blank when there is none.
    pub fn topic(&self, number: u32) -> &str {
        self.text(number, Segment::new_topics)
    }

    fn text(&self, number: u32, new: impl Fn(&Segment) -> (u32, &Texts)) -> &str {
        // Of segments that begin with the same number, the last has it: the others have nothing new.
        let at = self.segments.partition_point(|segment| new(segment).0 <= number);
        let segment = at.checked_sub(1).and_then(|at| self.segments.get(at));
        segment.map_or("", |segment| {
            let (first, texts) = new(segment);
            texts.get(number.saturating_sub(first) as usize)
        })
    }

    /// Something of each topic, by its number.
    pub fn each_topic<T: Clone + Default>(&self, of: impl Fn(&str) -> T) -> Vec<T> {
        let mut all = Vec::with_capacity(self.known().topics as usize);
        for segment in &self.segments {
            let (first, topics) = segment.new_topics();
            // Those of a segment that was taken back have left their numbers unused.
            all.resize(first as usize, T::default());
            all.extend(topics.iter().map(&of));
        }
        all
    }

    /// A word of a column of one of its segments.
    pub fn word<'a>(&'a self, words: &'a Words, word: usize) -> &'a str {
        match words.numbers().get(word) {
            Some(number) => self.topic(*number),
            None => words.words().get(word),
        }
    }

    /// All words of a column of one of its segments.
    pub fn words_of<'a>(&'a self, words: &'a Words) -> impl ExactSizeIterator<Item = &'a str> {
        (0..words.different()).map(|word| self.word(words, word))
    }
}
