//! The words of a column over the whole corpus, each once: segments number their words for themselves.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::corpus::{Corpus, Segment, WordColumn};
use crate::query::fuzzy::fold;

/// The words of a column, whatever their case, each with a number.
#[derive(Debug)]
pub(super) struct Lexicon {
    column: WordColumn,
    /// Of each segment: the numbers of its words, by its own numbers.
    segments: Vec<OfSegment>,
    numbers: HashMap<String, u32>,
    /// The numbers of topics, by their numbers in the corpus.
    topics: Vec<Option<u32>>,
    /// Where each word stands first: the segment, and its number there.
    firsts: Vec<(u32, u32)>,
}

/// The words of one segment.
#[derive(Debug)]
pub(super) struct OfSegment {
    /// The number of each word.
    pub(super) numbers: Vec<u32>,
    /// The lists that have one word twice, in one writing or in two.
    pub(super) repeating: Vec<u16>,
}

impl Lexicon {
    pub(super) fn new(column: WordColumn) -> Self {
        Self { column, segments: Vec::new(), numbers: HashMap::new(), topics: Vec::new(), firsts: Vec::new() }
    }

    /// Takes in the segments that are new.
    pub(super) fn look_at(&mut self, corpus: &Corpus) {
        for (_, segment) in corpus.segments().skip(self.segments.len()) {
            let of_segment = self.take(segment, corpus);
            self.segments.push(of_segment);
        }
    }

    fn take(&mut self, segment: &Segment, corpus: &Corpus) -> OfSegment {
        let words = segment.words(self.column);
        let at = u32::try_from(self.segments.len()).unwrap_or(u32::MAX);
        let numbers: Vec<u32> = match words.numbers() {
            [] => (0..).zip(words.words().iter()).map(|(word, text)| self.number(text, (at, word))).collect(),
            topics => (0..).zip(topics).map(|(word, topic)| self.topic(*topic, (at, word), corpus)).collect(),
        };
        let of = |item: usize| numbers.get(item).copied();
        let has_twice = |list: &u16| {
            let items = || words.items(*list).filter(|(_, is_set)| *is_set);
            items()
                .enumerate()
                .any(|(at, (item, _))| items().take(at).any(|(other, _)| of(other) == of(item)))
        };
        let repeating = (0..).take(words.len()).filter(has_twice).collect();
        OfSegment { numbers, repeating }
    }

    /// The number of a topic, whose text is looked at once for the corpus.
    fn topic(&mut self, topic: u32, first: (u32, u32), corpus: &Corpus) -> u32 {
        let at = topic as usize;
        if let Some(number) = self.topics.get(at).copied().flatten() {
            return number;
        }
        let number = self.number(corpus.topic(topic), first);
        if at >= self.topics.len() {
            self.topics.resize((corpus.known().topics as usize).max(at + 1), None);
        }
        if let Some(slot) = self.topics.get_mut(at) {
            *slot = Some(number);
        }
        number
    }

    fn number(&mut self, text: &str, first: (u32, u32)) -> u32 {
        let is_folded = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
        let folded: Cow<'_, str> = if is_folded { text.into() } else { fold(text).into() };
        if let Some(number) = self.numbers.get(&*folded) {
            return *number;
        }
        let number = u32::try_from(self.firsts.len()).unwrap_or(u32::MAX);
        self.firsts.push(first);
        self.numbers.insert(folded.into_owned(), number);
        number
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.firsts.len()
    }

    /// The words of a segment.
    pub(super) fn of_segment(&self, at: usize) -> Option<&OfSegment> {
        self.segments.get(at)
    }

    /// A word as it was written where it stands first.
    pub(super) fn text<'c>(&self, number: usize, corpus: &'c Corpus) -> &'c str {
        let Some((segment, word)) = self.firsts.get(number) else { return "" };
        let segment = corpus.segments().nth(*segment as usize);
        segment.map_or("", |(_, segment)| corpus.word(segment.words(self.column), *word as usize))
    }
}
