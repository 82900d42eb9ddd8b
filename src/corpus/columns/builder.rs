//! A segment while it is being filled.

use super::narrow::{Narrow, Offsets};
use super::words::WordIndex;
use super::{
    CONTRADICTION, DOUBTFUL, ESCAPED, HUNDREDTHS, MANY_VIEWS, MAX_TEXT_BYTES, NO_VIEWS, NONE, Place,
    RowFields, SEGMENT_ROWS, SMALL_NUMBERS, SUSPICIOUS, Segment, Texts, TitleIndex, WordColumn, Words,
};

/// A segment that rows are added to.
#[derive(Debug, Default)]
pub struct SegmentBuilder {
    /// Everything else.
    segment: Segment,
    titles: Texts,
    words: [WordIndex; WordColumn::ALL.len()],
    /// As in [`Segment`], at their full width.
    offsets: Vec<u64>,
    lists: [Vec<u16>; WordColumn::ALL.len()],
    numbers: [Vec<u16>; SMALL_NUMBERS],
    /// The source of the next row.
    source: u32,
}

/// A row whose fields are in the form of the columns already.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "marks of a row, each told by another look at it")]
pub(in crate::corpus) struct CodedRow<'a> {
    pub(in crate::corpus) id: &'a str,
    pub(in crate::corpus) reference: &'a str,
    pub(in crate::corpus) title: &'a str,
    /// The numbers of its lists, in the order of [`WordColumn::ALL`].
    pub(in crate::corpus) lists: [u16; WordColumn::ALL.len()],
    /// In the order of [`NumberColumn`].
    pub(in crate::corpus) numbers: [u16; SMALL_NUMBERS],
    pub(in crate::corpus) views: Option<u64>,
    pub(in crate::corpus) contradiction: bool,
    pub(in crate::corpus) suspicious: bool,
    pub(in crate::corpus) doubtful: bool,
    /// See [`super::RowRef::is_escaped`].
    pub(in crate::corpus) escaped: bool,
}

impl SegmentBuilder {
    /// A segment without rows; those that come are of the source with this number.
    pub fn new(source: usize) -> Self {
        let mut builder = Self::default();
        builder.continue_with(source);
        builder
    }

    /// From here on, rows are of the source with this number.
    pub fn continue_with(&mut self, source: usize) {
        self.source = u32::try_from(source).unwrap_or(u32::MAX);
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.segment.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.segment.is_empty()
    }

    /// Whether another row would be one too many.
    pub fn is_full(&self) -> bool {
        self.len() >= SEGMENT_ROWS
            || self.words.iter().any(WordIndex::is_full)
            || self.titles.bytes()
                + self.segment.ids.bytes()
                + self.segment.references.bytes()
                + self.words.iter().map(WordIndex::bytes).sum::<usize>()
                > MAX_TEXT_BYTES
    }

    /// Adds a row at the end.
    pub fn push(&mut self, place: Place, row: &RowFields) {
        let all = |words: &[String]| words.iter().map(|word| (word.clone(), true)).collect::<Vec<_>>();
        let one = |word: &String| vec![(word.clone(), true)];
        let lists = [
            all(&row.stack),
            all(&row.tools),
            one(&row.language),
            one(&row.difficulty),
            one(&row.claimed),
            row.flags.clone(),
            one(&row.topic),
            all(&row.entities),
            all(&row.hosts),
            one(&row.version),
        ];
        let mut columns = WordColumn::ALL.into_iter();
        let lists = lists.map(|list| {
            let column = columns.next().unwrap_or(WordColumn::Stack);
            self.list(column, list.iter().map(|(word, value)| (word.as_str(), *value)))
        });
        let [quality, freshness, depth, clarity] = row.axes.map(hundredths);
        let numbers = [
            hundredths(row.score),
            quality,
            freshness,
            depth,
            clarity,
            row.minutes.unwrap_or(NONE),
            row.images,
            row.paragraphs.unwrap_or(NONE),
            hundredths(row.lowest),
            row.revised.map_or(NONE, |day| day.0),
        ];
        let RowFields { id, title, reference, views, .. } = row;
        let row = CodedRow {
            id,
            reference,
            title,
            lists,
            numbers,
            views: *views,
            contradiction: row.contradiction,
            suspicious: row.suspicious,
            doubtful: row.doubtful,
            // Nobody has looked at how it is written.
            escaped: true,
        };
        self.push_coded(place, &row);
    }

    /// Adds a row at the end whose lists are of this segment.
    pub(in crate::corpus) fn push_coded(&mut self, place: Place, row: &CodedRow<'_>) {
        let segment = &mut self.segment;
        let at = u32::try_from(segment.len()).unwrap_or(u32::MAX);
        if segment.sources.0.last().is_none_or(|(_, source)| *source != self.source) {
            segment.sources.0.push((at, self.source));
        }
        let follows = |(first, line): &(u32, u32)| line.saturating_add(at - first) == place.line;
        if !segment.lines.0.last().is_some_and(follows) {
            segment.lines.0.push((at, place.line));
        }
        self.offsets.push(place.offset);
        segment.lengths.push(place.length);
        segment.ids.push(row.id);
        segment.references.push(row.reference);
        self.titles.push(row.title);
        for (column, list) in self.lists.iter_mut().zip(row.lists) {
            column.push(list);
        }
        for (column, number) in self.numbers.iter_mut().zip(row.numbers) {
            column.push(number);
        }
        segment.views.push(match row.views {
            None => NO_VIEWS,
            Some(views) => match u32::try_from(views) {
                Ok(views) if views < MANY_VIEWS => views,
                _ => {
                    segment.more_views.push((at, views));
                    MANY_VIEWS
                }
            },
        });
        let marks = [
            (row.contradiction, CONTRADICTION),
            (row.escaped, ESCAPED),
            (row.suspicious, SUSPICIOUS),
            (row.doubtful, DOUBTFUL),
        ];
        segment.marks.push(marks.iter().filter(|(set, _)| *set).map(|(_, mark)| mark).sum());
    }

    /// The number of a list of words in a column; blank words are left out.
    pub(in crate::corpus) fn list<'a>(
        &mut self,
        column: WordColumn,
        words: impl IntoIterator<Item = (&'a str, bool)>,
    ) -> u16 {
        self.words.get_mut(column as usize).map_or(u16::MAX, |index| index.list(words))
    }

    /// The list that the same bytes stood for before.
    pub(in crate::corpus) fn known(&mut self, column: WordColumn, raw: &[u8]) -> Option<u16> {
        self.words.get_mut(column as usize)?.known(raw)
    }

    /// From now on these bytes stand for this list.
    pub(in crate::corpus) fn learn(&mut self, column: WordColumn, raw: &[u8], list: u16) {
        if let Some(index) = self.words.get_mut(column as usize) {
            index.learn(raw, list);
        }
    }

    /// The words of a list.
    pub(in crate::corpus) fn words(
        &self,
        column: WordColumn,
        list: u16,
    ) -> impl Iterator<Item = (&str, bool)> {
        self.words.get(column as usize).into_iter().flat_map(move |index| index.words().list(list))
    }

    /// Moves every line by so many: the lines before this part of the file are known now.
    pub(in crate::corpus) fn move_lines(&mut self, by: u32) {
        self.segment.lines.0.iter_mut().for_each(|(_, line)| *line = line.saturating_add(by));
    }

    /// The segment, its titles among those of the corpus so far.
    pub fn finish(self, titles: &mut TitleIndex) -> Segment {
        let mut segment = self.segment;
        (segment.titles, segment.new_titles) = titles.titles.settle(&self.titles);
        segment.offsets = Offsets::of(self.offsets);
        segment.lists = self.lists.map(Narrow::of);
        segment.numbers = self.numbers.map(Narrow::of);
        segment.words = self.words.map(WordIndex::into_words);
        if let Some(topics) = segment.words.get_mut(WordColumn::Topic as usize) {
            let texts = std::mem::take(&mut topics.texts);
            (topics.numbers, segment.new_topics) = titles.topics.settle(&texts);
        }
        segment.shrink();
        segment
    }
}

impl Segment {
    /// As if all were written as it is meant, which only the row reader can tell.
    #[cfg(any(test, fuzzing))]
    pub(in crate::corpus) fn without_escapes(mut self) -> Self {
        self.marks.iter_mut().for_each(|marks| *marks &= !ESCAPED);
        self
    }

    /// Gives back the memory that no row needs.
    fn shrink(&mut self) {
        self.sources.0.shrink_to_fit();
        self.lines.0.shrink_to_fit();
        self.lengths.shrink_to_fit();
        self.ids.shrink();
        self.references.shrink();
        self.words.iter_mut().for_each(Words::shrink);
        self.views.shrink_to_fit();
        self.more_views.shrink_to_fit();
        self.marks.shrink_to_fit();
    }
}

/// A score as the columns keep it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10,000 by construction")]
pub(in crate::corpus) fn hundredths(score: Option<f32>) -> u16 {
    score.map_or(NONE, |score| (score.clamp(0.0, 100.0) * HUNDREDTHS).round() as u16)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::corpus::{Corpus, Row};

    fn row(id: &str) -> RowFields {
        RowFields { id: id.to_owned(), title: format!("about {id}"), ..RowFields::default() }
    }

    #[test]
    fn a_segment_knows_source_and_line_of_every_row() {
        let mut segment = SegmentBuilder::new(4);
        for (source, line, id) in [(4, 1, "a"), (4, 2, "b"), (5, 3, "c"), (9, 9, "d"), (9, 9, "e")] {
            segment.continue_with(source);
            segment.push(Place { offset: 0, length: 1, line }, &row(id));
        }
        segment.move_lines(10);
        let mut corpus = Corpus::default();
        drop(corpus.push(Arc::new(segment.finish(&mut TitleIndex::default()))));
        let rows = (0..5).filter_map(|at| corpus.get(Row(at)));
        let rows: Vec<_> = rows.map(|row| (row.source(), row.place().line, row.id())).collect();
        assert_eq!(rows, [(4, 11, "a"), (4, 12, "b"), (5, 13, "c"), (9, 19, "d"), (9, 19, "e")]);
        assert_eq!(corpus.get(Row(2)).unwrap().title(), "about c");
        assert!(corpus.get(Row(7)).is_none());
    }

    #[test]
    fn no_view_count_is_too_large() {
        let counts = [
            None,
            Some(0),
            Some(u64::from(u32::MAX) - 1),
            Some(u64::from(u32::MAX)),
            Some(u64::MAX),
            Some(7),
        ];
        let mut segment = SegmentBuilder::new(0);
        for views in counts {
            segment.push(Place { offset: 0, length: 1, line: 1 }, &RowFields { views, ..row("a") });
        }
        let segment = segment.finish(&mut TitleIndex::default());
        assert_eq!([0, 1, 2, 3, 4, 5].map(|at| segment.views(at)), counts);
        assert_eq!(segment.new_titles().1.len(), 1);
    }
}
