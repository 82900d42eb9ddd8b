//! What list, filter and sort need of every post, a column a field. Bodies stay on disk.
//!
//! A [`Segment`] holds some thousands of posts and never changes once it is built, so any thread
//! may read it. Words that repeat (stacks, tools, statuses) are kept once a segment, titles once for
//! the whole corpus. Posts of one file each share a segment too: it keeps from which row on which
//! source is meant.

mod builder;
mod fields;
mod narrow;
mod packed;
mod row;
mod texts;
mod titles;
mod wire;
mod words;

use std::borrow::Cow;

pub use builder::SegmentBuilder;
pub(super) use builder::{CodedRow, hundredths};
pub use fields::{AXES, RowFields};
pub(super) use fields::{axis, count, images};
use narrow::{Narrow, Offsets};
pub use packed::AlikeTexts;
pub use row::RowRef;
pub use texts::Texts;
use titles::NewTexts;
pub use titles::{KnownTexts, TitleIndex};
pub(super) use wire::{Read, Writer};
pub use words::{WordColumn, Words};

/// The most posts of one segment: list numbers then fit 16 bits.
pub const SEGMENT_ROWS: usize = 16_384;

/// Titles and ids of a segment are found by 32 bit ends; it is closed long before. Unit: bytes.
const MAX_TEXT_BYTES: usize = 1 << 30;

/// No number: the post has none, or it is not one.
pub(crate) const NONE: u16 = u16::MAX;

/// The same for the view count.
pub(crate) const NO_VIEWS: u32 = u32::MAX;

/// A view count that is too large for its column stands in a list of its own.
const MANY_VIEWS: u32 = u32::MAX - 1;

/// The post contradicts itself.
const CONTRADICTION: u8 = 1;

/// The post hides something.
const SUSPICIOUS: u8 = 4;

/// See [`RowRef::is_escaped`].
const ESCAPED: u8 = 2;

/// Something about it was doubtful when it was read.
const DOUBTFUL: u8 = 8;

/// Scores are kept in hundredths.
pub const HUNDREDTHS: f32 = 100.0;

/// The columns that hold a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberColumn {
    /// The mean of all axes, in hundredths.
    Score,
    /// An axis of the score, in hundredths.
    Quality,
    /// An axis of the score, in hundredths.
    Freshness,
    /// An axis of the score, in hundredths.
    Depth,
    /// An axis of the score, in hundredths.
    Clarity,
    /// The reading time in minutes.
    Minutes,
    /// How many image sources there are.
    Images,
    /// How many paragraphs the payload claims.
    Paragraphs,
    /// The lowest axis of the score, in hundredths.
    Lowest,
    /// When it says it was last looked at, by its [`crate::model::Day`].
    Revised,
    /// The view count.
    Views,
}

/// The number columns that are 16 bits wide.
const SMALL_NUMBERS: usize = NumberColumn::Views as usize;

impl NumberColumn {
    /// Whether its numbers are kept in hundredths.
    pub fn is_score(self) -> bool {
        matches!(
            self,
            Self::Score | Self::Quality | Self::Freshness | Self::Depth | Self::Clarity | Self::Lowest
        )
    }

    /// What a kept number stands for: as an `f64`, so that 70.1 is the 70.1 that somebody types.
    pub fn number(self, kept: u16) -> Option<f64> {
        let factor = if self.is_score() { f64::from(HUNDREDTHS) } else { 1.0 };
        (kept != NONE).then(|| f64::from(kept) / factor)
    }
}

/// Numbers that go on in steps of one from row to row, or stay: kept where they do not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Runs(pub(super) Vec<(u32, u32)>);

impl Runs {
    /// The first row of the run that a row is in, and its number.
    fn run(&self, row: usize) -> Option<(usize, u32)> {
        let at = self.0.partition_point(|(first, _)| *first as usize <= row).checked_sub(1)?;
        self.0.get(at).map(|(first, number)| (*first as usize, *number))
    }
}

/// Some thousands of rows, in the order of their sources.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// The first row of each source, and the source.
    sources: Runs,
    /// The first row of each run of lines that follow each other, and its line.
    lines: Runs,
    offsets: Offsets,
    lengths: Vec<u32>,
    ids: Texts,
    references: AlikeTexts,
    /// The number of each row's title in the corpus.
    titles: Vec<u32>,
    new_titles: NewTexts,
    new_topics: NewTexts,
    words: [Words; WordColumn::ALL.len()],
    lists: [Narrow; WordColumn::ALL.len()],
    numbers: [Narrow; SMALL_NUMBERS],
    views: Vec<u32>,
    /// The rows whose view count is too large for its column.
    more_views: Vec<(u32, u64)>,
    /// The sum of [`CONTRADICTION`], [`ESCAPED`], [`SUSPICIOUS`] and [`DOUBTFUL`], where they hold.
    marks: Vec<u8>,
}

/// Where a record stands in its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where it begins. Unit: bytes.
    pub offset: u64,
    /// How long it is. Unit: bytes.
    pub length: u32,
    /// Its line, from 1.
    pub line: u32,
}

impl Segment {
    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// Where the record of its first row begins in its source. Unit: bytes.
    pub fn first_offset(&self) -> Option<u64> {
        self.offsets.get(0)
    }

    /// The titles that no segment before it had, and the number of the first of them.
    pub fn new_titles(&self) -> (u32, &Texts) {
        (self.new_titles.first, &self.new_titles.texts)
    }

    /// The topics that no segment before it had, and the number of the first of them.
    pub fn new_topics(&self) -> (u32, &Texts) {
        (self.new_topics.first, &self.new_topics.texts)
    }

    /// How many different titles and topics the corpus has with this segment and those before it.
    pub fn known(&self) -> KnownTexts {
        KnownTexts { titles: self.new_titles.end(), topics: self.new_topics.end() }
    }

    /// The number of each row's title in the corpus.
    pub fn titles(&self) -> &[u32] {
        &self.titles
    }

    /// The ids of the rows.
    pub fn ids(&self) -> &Texts {
        &self.ids
    }

    /// What the rows are called elsewhere; blank for nothing.
    pub fn references(&self) -> &AlikeTexts {
        &self.references
    }

    /// The lists of words that the rows have in a column.
    pub fn words(&self, column: WordColumn) -> &Words {
        static NONE: Words = Words::none();
        self.words.get(column as usize).unwrap_or(&NONE)
    }

    /// The number of each row's list in [`Segment::words`].
    pub fn lists(&self, column: WordColumn) -> Cow<'_, [u16]> {
        self.lists.get(column as usize).map(Narrow::all).unwrap_or_default()
    }

    /// The number of the list of one row.
    pub fn list(&self, column: WordColumn, at: usize) -> Option<u16> {
        self.lists.get(column as usize)?.get(at)
    }

    /// A number of each row as it is kept (see [`NumberColumn::number`]); nothing for the views.
    pub fn numbers(&self, column: NumberColumn) -> Cow<'_, [u16]> {
        self.numbers.get(column as usize).map(Narrow::all).unwrap_or_default()
    }

    /// The same of one row.
    pub fn number(&self, column: NumberColumn, at: usize) -> Option<u16> {
        self.numbers.get(column as usize)?.get(at)
    }

    /// The view count of a row.
    pub fn views(&self, at: usize) -> Option<u64> {
        match self.views.get(at).copied()? {
            NO_VIEWS => None,
            MANY_VIEWS => {
                let more = &self.more_views;
                let found = more.binary_search_by_key(&at, |(row, _)| *row as usize).ok();
                found.and_then(|found| more.get(found)).map(|(_, views)| *views)
            }
            views => Some(u64::from(views)),
        }
    }

    /// Whether each row contradicts itself.
    pub fn contradictions(&self) -> impl ExactSizeIterator<Item = bool> {
        self.marks.iter().map(|marks| marks & CONTRADICTION != 0)
    }

    /// Whether each row hides something, see [`crate::model::Post::is_suspicious`].
    pub fn suspicions(&self) -> impl ExactSizeIterator<Item = bool> {
        self.marks.iter().map(|marks| marks & SUSPICIOUS != 0)
    }

    /// Whether something about each row was doubtful when it was read.
    pub fn doubts(&self) -> impl ExactSizeIterator<Item = bool> {
        self.marks.iter().map(|marks| marks & DOUBTFUL != 0)
    }
}
