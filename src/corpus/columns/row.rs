//! One row of a corpus.

use super::{CONTRADICTION, DOUBTFUL, ESCAPED, NumberColumn, Place, SUSPICIOUS, Segment, WordColumn};
use crate::corpus::Corpus;

/// One row of a corpus. Every field of a row that is not there is blank.
#[derive(Clone, Copy, Debug)]
pub struct RowRef<'a> {
    corpus: &'a Corpus,
    segment: &'a Segment,
    at: usize,
}

impl<'a> RowRef<'a> {
    pub(in crate::corpus) fn new(corpus: &'a Corpus, segment: &'a Segment, at: usize) -> Self {
        Self { corpus, segment, at }
    }

    /// The number of its source.
    pub fn source(self) -> usize {
        self.segment.sources.run(self.at).map_or(0, |(_, source)| source as usize)
    }

    /// Where its record stands.
    pub fn place(self) -> Place {
        let segment = self.segment;
        let line = segment.lines.run(self.at).map_or(1, |(first, line)| {
            line.saturating_add(u32::try_from(self.at - first).unwrap_or(u32::MAX))
        });
        Place {
            offset: segment.offsets.get(self.at).unwrap_or_default(),
            length: segment.lengths.get(self.at).copied().unwrap_or_default(),
            line,
        }
    }

    /// The id that decisions are kept under.
    pub fn id(self) -> &'a str {
        self.segment.ids.get(self.at)
    }

    /// What the post is called elsewhere; blank for nothing.
    pub fn reference(self) -> String {
        self.segment.references.get(self.at)
    }

    /// The title, raw.
    pub fn title(self) -> &'a str {
        self.segment.titles.get(self.at).map_or("", |number| self.corpus.title(*number))
    }

    /// The words of a column, each with its yes or no, which only the flags use.
    pub fn words(self, column: WordColumn) -> impl Iterator<Item = (&'a str, bool)> {
        let list = self.segment.list(column, self.at);
        let words = self.segment.words(column);
        let items = list.into_iter().flat_map(move |list| words.items(list));
        items.map(move |(word, is_set)| (self.corpus.word(words, word), is_set))
    }

    /// The stacks.
    pub fn stack(self) -> impl Iterator<Item = &'a str> {
        self.words(WordColumn::Stack).map(|(word, _)| word)
    }

    /// The status that the post claims; blank for none.
    pub fn claimed(self) -> &'a str {
        self.words(WordColumn::Claimed).next().map_or("", |(word, _)| word)
    }

    /// The number of a column.
    #[expect(clippy::cast_precision_loss, reason = "views beyond 2^53 compare near enough")]
    pub fn number(self, column: NumberColumn) -> Option<f64> {
        match column {
            NumberColumn::Views => self.segment.views(self.at).map(|views| views as f64),
            small => small.number(self.segment.number(small, self.at)?),
        }
    }

    /// The mean of all axes, 0 to 100.
    pub fn score(self) -> Option<f64> {
        self.number(NumberColumn::Score)
    }

    /// Something of the post contradicts itself.
    pub fn contradiction(self) -> bool {
        self.segment.marks.get(self.at).is_some_and(|marks| marks & CONTRADICTION != 0)
    }

    /// A text of the post hides something, or its id mixes scripts.
    pub fn suspicious(self) -> bool {
        self.segment.marks.get(self.at).is_some_and(|marks| marks & SUSPICIOUS != 0)
    }

    /// Something about it was doubtful when it was read.
    pub fn is_doubtful(self) -> bool {
        self.segment.marks.get(self.at).is_some_and(|marks| marks & DOUBTFUL != 0)
    }

    /// Whether another row says the same in every column, wherever either of them stands.
    pub(in crate::corpus) fn says_the_same(self, other: RowRef<'_>) -> bool {
        const SHOWN: u8 = CONTRADICTION | SUSPICIOUS;
        let numbers = |row: RowRef<'a>| row.segment.numbers.iter().map(move |numbers| numbers.get(row.at));
        let others = other.segment.numbers.iter().map(|numbers| numbers.get(other.at));
        let marks = |row: RowRef<'_>| row.segment.marks.get(row.at).map(|marks| marks & SHOWN);
        (self.id(), self.title(), self.reference()) == (other.id(), other.title(), other.reference())
            && WordColumn::ALL.iter().all(|column| self.words(*column).eq(other.words(*column)))
            && numbers(self).eq(others)
            && self.segment.views(self.at) == other.segment.views(other.at)
            && marks(self) == marks(other)
    }

    /// Letters of the text may be written otherwise than they are meant: a search of the record as it
    /// stands could miss them.
    pub(in crate::corpus) fn is_escaped(self) -> bool {
        self.segment.marks.get(self.at).is_none_or(|marks| marks & ESCAPED != 0)
    }
}
