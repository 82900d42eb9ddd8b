//! What list, filter and sort need of every post, a column a field. Bodies stay on disk.
//!
//! A [`Segment`] holds some thousands of posts and never changes once it is built, so any thread
//! may read it. Words that repeat (stacks, tools, statuses) are kept once a segment. Posts of one
//! file each share a segment too: it keeps from which row on which source is meant.

use std::collections::HashMap;

use crate::model::meta::normal_name;
use crate::model::{Post, Value};

/// The most posts of one segment: list numbers then fit 16 bits.
pub const SEGMENT_ROWS: usize = 16_384;

/// A list number is 16 bits wide, and its last value stays free.
const MAX_LISTS: usize = u16::MAX as usize;

/// Titles and ids of a segment are found by 32 bit ends; it is closed long before. Unit: bytes.
const MAX_TEXT_BYTES: usize = 1 << 30;

/// How many lists one row can add.
const LISTS_PER_ROW: usize = 6;

/// The four axes that every score is expected to have, in the order of the `axes` column.
pub const AXES: [&str; 4] = ["quality", "freshness", "depth", "clarity"];

/// No number: the post has none, or it is not one.
const NONE: u16 = u16::MAX;

/// Scores are kept in hundredths.
const HUNDREDTHS: f32 = 100.0;

/// The fields of one post that become a row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowFields {
    /// See [`crate::model::PostId`].
    pub id: String,
    /// The title, raw.
    pub title: String,
    /// The stacks.
    pub stack: Vec<String>,
    /// The tools.
    pub tools: Vec<String>,
    /// The language of the code; blank for none.
    pub language: String,
    /// The difficulty; blank for none.
    pub difficulty: String,
    /// The status that the post claims; blank for none.
    pub claimed: String,
    /// The flags that are a plain yes or no.
    pub flags: Vec<(String, bool)>,
    /// The mean of all axes, 0 to 100.
    pub score: Option<f32>,
    /// The axes in the order of [`AXES`], 0 to 100.
    pub axes: [Option<f32>; 4],
    /// The view count.
    pub views: Option<u64>,
    /// The reading time. Unit: minutes.
    pub minutes: Option<u16>,
    /// How many image sources there are.
    pub images: u16,
    /// How many paragraphs the payload claims.
    pub paragraphs: Option<u16>,
    /// Something of the post contradicts itself.
    pub contradiction: bool,
}

impl RowFields {
    /// The row of a post that was read whole.
    pub fn of_post(post: &Post) -> Self {
        let word = |name| post.text(name).unwrap_or_default().to_owned();
        let list = |name| post.list(name).map(str::to_owned).collect();
        let count = |value: Option<&Value>| value.and_then(|value| value.to_string().parse().ok());
        let mut axes = [None; 4];
        for (name, score) in post.score_axes() {
            let name = normal_name(name);
            if let Some(slot) = AXES.iter().position(|axis| *axis == name).and_then(|at| axes.get_mut(at)) {
                *slot = Some(score);
            }
        }
        Self {
            id: post.id.as_str().to_owned(),
            title: post.title.clone(),
            stack: list("stack"),
            tools: list("tools"),
            language: word("code_language"),
            difficulty: word("difficulty"),
            claimed: post.claimed_status().unwrap_or_default().to_owned(),
            flags: post.flags().map(|(name, value)| (name.to_owned(), value)).collect(),
            score: post.score(),
            axes,
            views: post.get("view_count").and_then(|value| value.to_string().parse().ok()),
            minutes: count(post.get("reading_time")),
            images: u16::try_from(post.images().count()).unwrap_or(u16::MAX),
            paragraphs: count(post.get("payload").and_then(|payload| payload.get("paragraphs"))),
            contradiction: !post.contradictions().is_empty(),
        }
    }
}

/// Some thousands of rows, in the order of their sources.
#[derive(Debug, Default)]
pub struct Segment {
    /// The source of the next row.
    source: u32,
    /// The first row of each source, and the source.
    sources: Vec<(u32, u32)>,
    offsets: Vec<u64>,
    lengths: Vec<u32>,
    lines: Vec<u32>,
    ids: Texts,
    titles: Texts,
    stacks: Vec<u16>,
    tools: Vec<u16>,
    languages: Vec<u16>,
    difficulties: Vec<u16>,
    claims: Vec<u16>,
    flags: Vec<u16>,
    scores: Vec<u16>,
    axes: [Vec<u16>; 4],
    views: Vec<u64>,
    minutes: Vec<u16>,
    images: Vec<u16>,
    paragraphs: Vec<u16>,
    contradictions: Vec<bool>,
    words: Words,
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
    /// A segment without rows; those that come are of the source with this number.
    pub fn new(source: usize) -> Self {
        let mut segment = Self::default();
        segment.continue_with(source);
        segment
    }

    /// From here on, rows are of the source with this number.
    pub fn continue_with(&mut self, source: usize) {
        self.source = u32::try_from(source).unwrap_or(u32::MAX);
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.offsets.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.offsets.is_empty()
    }

    /// Whether another row would be one too many.
    pub fn is_full(&self) -> bool {
        self.len() >= SEGMENT_ROWS
            || self.words.lists.len() > MAX_LISTS - LISTS_PER_ROW
            || self.titles.text.len() + self.ids.text.len() > MAX_TEXT_BYTES
    }

    /// Adds a row at the end.
    pub fn push(&mut self, place: Place, row: &RowFields) {
        if self.sources.last().is_none_or(|(_, source)| *source != self.source) {
            self.sources.push((u32::try_from(self.len()).unwrap_or(u32::MAX), self.source));
        }
        self.offsets.push(place.offset);
        self.lengths.push(place.length);
        self.lines.push(place.line);
        self.ids.push(&row.id);
        self.titles.push(&row.title);
        self.stacks.push(self.words.list(row.stack.iter().map(|word| (word.as_str(), true))));
        self.tools.push(self.words.list(row.tools.iter().map(|word| (word.as_str(), true))));
        self.languages.push(self.words.list([(row.language.as_str(), true)]));
        self.difficulties.push(self.words.list([(row.difficulty.as_str(), true)]));
        self.claims.push(self.words.list([(row.claimed.as_str(), true)]));
        self.flags.push(self.words.list(row.flags.iter().map(|(name, value)| (name.as_str(), *value))));
        self.scores.push(hundredths(row.score));
        for (column, axis) in self.axes.iter_mut().zip(row.axes) {
            column.push(hundredths(axis));
        }
        self.views.push(row.views.unwrap_or(u64::MAX));
        self.minutes.push(row.minutes.unwrap_or(NONE));
        self.images.push(row.images);
        self.paragraphs.push(row.paragraphs.unwrap_or(NONE));
        self.contradictions.push(row.contradiction);
    }

    /// Row `at` of this segment; blank when there is no such row.
    pub fn row(&self, at: usize) -> RowRef<'_> {
        RowRef { segment: self, at }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10,000 by construction")]
fn hundredths(score: Option<f32>) -> u16 {
    score.map_or(NONE, |score| (score.clamp(0.0, 100.0) * HUNDREDTHS).round() as u16)
}

/// As an `f64`, so that 70.1 is the 70.1 that somebody types.
fn from_hundredths(score: Option<&u16>) -> Option<f64> {
    score.filter(|score| **score != NONE).map(|score| f64::from(*score) / f64::from(HUNDREDTHS))
}

/// One row of a segment. Every field of a row that is not there is blank.
#[derive(Clone, Copy, Debug)]
pub struct RowRef<'a> {
    segment: &'a Segment,
    at: usize,
}

impl<'a> RowRef<'a> {
    /// The number of its source.
    pub fn source(self) -> usize {
        let runs = &self.segment.sources;
        let run = runs.partition_point(|(first, _)| *first as usize <= self.at).checked_sub(1);
        run.and_then(|run| runs.get(run)).map_or(0, |(_, source)| *source as usize)
    }

    /// Where its record stands.
    pub fn place(self) -> Place {
        let segment = self.segment;
        Place {
            offset: segment.offsets.get(self.at).copied().unwrap_or_default(),
            length: segment.lengths.get(self.at).copied().unwrap_or_default(),
            line: segment.lines.get(self.at).copied().unwrap_or_default(),
        }
    }

    /// The id that decisions are kept under.
    pub fn id(self) -> &'a str {
        self.segment.ids.get(self.at)
    }

    /// The title, raw.
    pub fn title(self) -> &'a str {
        self.segment.titles.get(self.at)
    }

    /// The stacks.
    pub fn stack(self) -> impl Iterator<Item = &'a str> {
        self.segment.words.of(self.segment.stacks.get(self.at)).map(|(word, _)| word)
    }

    /// The tools.
    pub fn tools(self) -> impl Iterator<Item = &'a str> {
        self.segment.words.of(self.segment.tools.get(self.at)).map(|(word, _)| word)
    }

    /// The flags that are a plain yes or no.
    pub fn flags(self) -> impl Iterator<Item = (&'a str, bool)> {
        self.segment.words.of(self.segment.flags.get(self.at))
    }

    /// The language of the code; blank for none.
    pub fn language(self) -> &'a str {
        self.word(&self.segment.languages)
    }

    /// The difficulty; blank for none.
    pub fn difficulty(self) -> &'a str {
        self.word(&self.segment.difficulties)
    }

    /// The status that the post claims; blank for none.
    pub fn claimed(self) -> &'a str {
        self.word(&self.segment.claims)
    }

    fn word(self, column: &'a [u16]) -> &'a str {
        self.segment.words.of(column.get(self.at)).next().map_or("", |(word, _)| word)
    }

    /// The mean of all axes, 0 to 100.
    pub fn score(self) -> Option<f64> {
        from_hundredths(self.segment.scores.get(self.at))
    }

    /// The axis with this number in [`AXES`], 0 to 100.
    pub fn axis(self, axis: usize) -> Option<f64> {
        from_hundredths(self.segment.axes.get(axis)?.get(self.at))
    }

    /// The view count.
    pub fn views(self) -> Option<u64> {
        self.segment.views.get(self.at).copied().filter(|views| *views != u64::MAX)
    }

    /// The reading time. Unit: minutes.
    pub fn minutes(self) -> Option<u16> {
        self.segment.minutes.get(self.at).copied().filter(|minutes| *minutes != NONE)
    }

    /// How many image sources there are.
    pub fn images(self) -> u16 {
        self.segment.images.get(self.at).copied().unwrap_or_default()
    }

    /// How many paragraphs the payload claims.
    pub fn paragraphs(self) -> Option<u16> {
        self.segment.paragraphs.get(self.at).copied().filter(|count| *count != NONE)
    }

    /// Something of the post contradicts itself.
    pub fn contradiction(self) -> bool {
        self.segment.contradictions.get(self.at).copied().unwrap_or_default()
    }
}

/// Texts one behind the other, found again by their ends.
#[derive(Debug, Default)]
struct Texts {
    text: String,
    ends: Vec<u32>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    fn get(&self, at: usize) -> &str {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let end = self.ends.get(at).copied().unwrap_or(start);
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// The lists of words of a segment, each list and each word once. A word carries a yes or no, which
/// only the flags use.
#[derive(Debug, Default)]
struct Words {
    texts: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
    lists: Vec<Box<[(u32, bool)]>>,
    list_numbers: HashMap<Box<[(u32, bool)]>, u16>,
}

impl Words {
    fn word(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(word.into());
        self.numbers.insert(word.into(), number);
        number
    }

    fn list<'a>(&mut self, words: impl IntoIterator<Item = (&'a str, bool)>) -> u16 {
        let list: Box<[(u32, bool)]> = words
            .into_iter()
            .filter(|(word, _)| !word.is_empty())
            .map(|(word, value)| (self.word(word), value))
            .collect();
        if let Some(number) = self.list_numbers.get(&list) {
            return *number;
        }
        // `is_full` has closed the segment before this can happen.
        let Ok(number) = u16::try_from(self.lists.len()) else { return u16::MAX };
        self.lists.push(list.clone());
        self.list_numbers.insert(list, number);
        number
    }

    fn of(&self, list: Option<&u16>) -> impl Iterator<Item = (&str, bool)> {
        let words = list.and_then(|list| self.lists.get(usize::from(*list)));
        words
            .into_iter()
            .flatten()
            .filter_map(|(word, value)| Some((self.texts.get(*word as usize)?.as_ref(), *value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PostId;

    fn row(id: &str) -> RowFields {
        let post =
            Post { id: PostId::new(id), title: format!("about {id}"), body: String::new(), fields: vec![] };
        RowFields::of_post(&post)
    }

    #[test]
    fn a_segment_knows_the_source_of_every_row() {
        let mut segment = Segment::new(4);
        for (source, id) in [(4, "a"), (4, "b"), (5, "c"), (9, "d"), (9, "e")] {
            segment.continue_with(source);
            segment.push(Place { offset: 0, length: 1, line: 1 }, &row(id));
        }
        let rows: Vec<_> = (0..5).map(|at| (segment.row(at).source(), segment.row(at).id())).collect();
        assert_eq!(rows, [(4, "a"), (4, "b"), (5, "c"), (9, "d"), (9, "e")]);
        assert_eq!(segment.row(2).title(), "about c");
        assert_eq!((segment.row(7).id(), segment.row(7).title()), ("", ""));
    }
}
