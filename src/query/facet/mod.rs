//! How many posts of a view have each value of a field.
//!
//! Lists of words are counted first, as numbers, a segment at a time and on all cores; only then are
//! the words looked at, of which there are few. What all posts have is remembered, and where a view
//! holds most of them, the others are counted and taken off. A million posts take some milliseconds.

mod bins;
mod choices;
mod lexicon;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use self::bins::Bins;
use self::choices::{count_choices, count_lists};
use self::lexicon::{Lexicon, OfSegment};
use self::rows::{Chosen, Places, Rows};
use super::engine::Seen;
use super::field::{FIELDS, Field, Kind};
use super::syntax::written;
use super::{Posts, Stop, View};
use crate::corpus::{Corpus, Row, Segment, WordColumn};

/// One value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetValue {
    /// The value itself, as it was written first; raw.
    pub label: String,
    /// The term of a query that these posts pass, and no others: of whole values, `stack=go`.
    pub term: String,
    /// How many posts of the view have it.
    pub posts: usize,
}

/// The values of a field in a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// The field.
    pub field: &'static Field,
    /// The values: ranges of numbers and years in their order, all else with most posts first, equal
    /// ones by their names.
    pub values: Vec<FacetValue>,
    /// How many posts of the view have no value.
    pub missing: usize,
    /// How many different values there are, those that were left out among them.
    pub different: usize,
}

impl Facet {
    /// The term of a query that the posts without a value pass; `None` of numbers, days and conditions.
    pub fn missing_term(&self) -> Option<String> {
        self.field.has_wholes().then(|| written(self.field, ""))
    }
}

impl Field {
    /// Whether its values can be counted: where every post has its own, there is nothing to count.
    pub fn has_facet(&self) -> bool {
        !matches!(self.kind, Kind::Id | Kind::Reference | Kind::Title | Kind::Text | Kind::Note)
    }
}

/// Counts values, and remembers the words of a corpus.
///
/// ```
/// use copydesk::corpus::{Corpus, Sources};
/// use copydesk::model::Day;
/// use copydesk::query::{Facets, Field, Posts, Standings, View};
///
/// let (sources, corpus, standings) = (Sources::default(), Corpus::default(), Standings::default());
/// let posts = Posts { sources: &sources, corpus: &corpus, standings: &standings, today: Day(20_000) };
/// let field = Field::find("stack").unwrap();
/// let view = View::All(corpus.len());
/// let facet = Facets::default().facet(field, posts, &view, 20, &|| false).unwrap();
/// assert!(facet.values.is_empty());
/// ```
#[derive(Debug, Default)]
pub struct Facets {
    seen: Seen,
    lexicons: HashMap<WordColumn, Lexicon>,
    totals: Totals,
    /// What was counted last, while a value is being typed.
    last: Option<(WordColumn, View, usize, Arc<WordCounts>)>,
}

/// What was counted of all posts.
#[derive(Debug, Default)]
struct Totals {
    /// How many those were.
    posts: usize,
    words: HashMap<WordColumn, Arc<WordCounts>>,
    /// By the name of the field.
    bins: HashMap<&'static str, Bins>,
}

/// How many posts have each word of a column.
#[derive(Debug, Default)]
struct WordCounts {
    /// By the number of the word.
    posts: Vec<u32>,
    missing: usize,
}

impl Facets {
    /// Turns to a corpus. What was known of another one is forgotten.
    fn look_at(&mut self, corpus: &Corpus) {
        if !self.seen.continues(corpus) {
            (self.lexicons, self.last) = (HashMap::new(), None);
            self.totals = Totals::default();
        }
        if self.totals.posts != corpus.len() {
            self.totals = Totals { posts: corpus.len(), ..Totals::default() };
        }
    }

    /// Makes ready what a first count over these posts would have to wait for: the words of each column,
    /// and what all posts have.
    pub(super) fn prepare(&mut self, corpus: &Corpus, stop: Stop<'_>) {
        self.look_at(corpus);
        let all = Chosen::of(&View::All(corpus.len()), corpus);
        // Each field by itself, so that it can be stopped soon.
        for field in FIELDS {
            if self.make_ready(field, corpus, &all, stop).is_none() {
                return;
            }
        }
    }

    /// The values of a field in a view, at most so many of them; `None` when `stop` said so. A field
    /// whose values cannot be counted has none (see [`Field::has_facet`]).
    pub fn facet(
        &mut self,
        field: &'static Field,
        posts: Posts<'_>,
        view: &View,
        most: usize,
        stop: Stop<'_>,
    ) -> Option<Facet> {
        self.all(&[field], posts, view, most, stop)?.pop()
    }

    /// The values of several fields.
    pub fn all(
        &mut self,
        fields: &[&'static Field],
        posts: Posts<'_>,
        view: &View,
        most: usize,
        stop: Stop<'_>,
    ) -> Option<Vec<Facet>> {
        let mut all = None;
        self.in_parts(&[fields], posts, view, most, stop, &mut |found, _| all = Some(found))?;
        all
    }

    /// The values of some fields after those of others, in as many parts; the last one is told as such.
    pub(super) fn in_parts(
        &mut self,
        parts: &[&[&'static Field]],
        posts: Posts<'_>,
        view: &View,
        most: usize,
        stop: Stop<'_>,
        tell: &mut dyn FnMut(Vec<Facet>, bool),
    ) -> Option<()> {
        self.look_at(posts.corpus);
        let chosen = Chosen::of(view, posts.corpus);
        for (at, fields) in (1..).zip(parts) {
            tell(self.in_chosen(fields, posts, &chosen, most, stop)?, at == parts.len());
        }
        Some(())
    }

    fn in_chosen(
        &mut self,
        fields: &[&'static Field],
        posts: Posts<'_>,
        chosen: &Chosen,
        most: usize,
        stop: Stop<'_>,
    ) -> Option<Vec<Facet>> {
        for field in fields {
            self.make_ready(field, posts.corpus, chosen, stop)?;
        }
        // What of a field is not done on all cores is done beside the others.
        let facets = &*self;
        fields.par_iter().map(|field| facets.facet_of_ready(field, posts, chosen, most, stop)).collect()
    }

    /// Reads the words of a field, and counts what all posts have if that is asked for.
    fn make_ready(
        &mut self,
        field: &'static Field,
        corpus: &Corpus,
        chosen: &Chosen,
        stop: Stop<'_>,
    ) -> Option<()> {
        match field.kind {
            Kind::Words(column) | Kind::Hosts(column) => {
                self.make_words_ready(column, corpus, chosen, stop)?;
            }
            Kind::Number(_) | Kind::Date(_)
                if !chosen.is_counted_itself() && !self.totals.bins.contains_key(field.name) =>
            {
                self.totals.bins.insert(field.name, count_bins(field, corpus, &Rows::All, stop)?);
            }
            _ => {}
        }
        Some(())
    }

    fn make_words_ready(
        &mut self,
        column: WordColumn,
        corpus: &Corpus,
        chosen: &Chosen,
        stop: Stop<'_>,
    ) -> Option<()> {
        let lexicon = self.lexicons.entry(column).or_insert_with(|| Lexicon::new(column));
        lexicon.look_at(corpus);
        if !chosen.is_counted_itself() && !self.totals.words.contains_key(&column) {
            let total = count_words(column, lexicon, corpus, &Rows::All, stop)?;
            self.totals.words.insert(column, Arc::new(total));
        }
        Some(())
    }

    fn facet_of_ready(
        &self,
        field: &'static Field,
        posts: Posts<'_>,
        chosen: &Chosen,
        most: usize,
        stop: Stop<'_>,
    ) -> Option<Facet> {
        let rows = &chosen.rows;
        let facet = match field.kind {
            Kind::Words(column) | Kind::Hosts(column) => {
                let lexicon = self.lexicons.get(&column)?;
                let counts = self.words_in(column, lexicon, posts.corpus, chosen, stop)?;
                facet_of_words(field, lexicon, posts.corpus, &counts, most)
            }
            Kind::Choice(choices) => count_choices(field, choices, posts, rows, stop)?,
            Kind::By => {
                let lists = posts.standings.decisions().people();
                count_lists(field, lists, |detail| detail.by, posts, rows, most, stop)?
            }
            Kind::Why => {
                let lists = posts.standings.decisions().reasons();
                count_lists(field, lists, |detail| detail.why, posts, rows, most, stop)?
            }
            Kind::Number(_) | Kind::Date(_) => {
                self.bins_in(field, posts.corpus, chosen, stop)?.into_facet(field)
            }
            Kind::Decided => {
                let bins = by_segment(posts.corpus, rows, stop, |start, _, places| {
                    Bins::of_decisions(start, places, posts.standings.decisions())
                })?;
                bins.into_iter().fold(Bins::default(), Bins::with).into_facet(field)
            }
            Kind::Id | Kind::Reference | Kind::Title | Kind::Text | Kind::Note => {
                Facet { field, values: Vec::new(), missing: 0, different: 0 }
            }
        };
        (!stop()).then_some(facet)
    }

    /// The words of a column that pass, each with the number of posts of the view that have it, those
    /// with most posts first.
    pub(super) fn matching(
        &mut self,
        column: WordColumn,
        corpus: &Corpus,
        view: &View,
        passes: impl Fn(&str) -> bool + Sync,
        stop: Stop<'_>,
    ) -> Option<Vec<(String, usize)>> {
        self.look_at(corpus);
        let is_it = |(of, other, len, _): &&(WordColumn, View, usize, Arc<WordCounts>)| {
            *of == column && *len == corpus.len() && other.is_same(view)
        };
        let known = self.last.as_ref().filter(is_it).map(|(.., counts)| Arc::clone(counts));
        let counts = match known {
            Some(counts) => counts,
            None => {
                let chosen = Chosen::of(view, corpus);
                self.make_words_ready(column, corpus, &chosen, stop)?;
                let counts = self.words_in(column, self.lexicons.get(&column)?, corpus, &chosen, stop)?;
                self.last = Some((column, view.clone(), corpus.len(), Arc::clone(&counts)));
                counts
            }
        };
        let Some(lexicon) = self.lexicons.get(&column) else { return Some(Vec::new()) };
        let found = counts.posts.par_iter().enumerate().filter_map(|(number, posts)| {
            let text = lexicon.text(number, corpus);
            passes(text).then_some((text, *posts as usize))
        });
        let mut found: Vec<(&str, usize)> = found.collect();
        found.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        (!stop()).then(|| found.into_iter().map(|(text, posts)| (text.to_owned(), posts)).collect())
    }

    /// How many of the chosen posts have each word of a column that was made ready.
    fn words_in(
        &self,
        column: WordColumn,
        lexicon: &Lexicon,
        corpus: &Corpus,
        chosen: &Chosen,
        stop: Stop<'_>,
    ) -> Option<Arc<WordCounts>> {
        if chosen.is_counted_itself() {
            return count_words(column, lexicon, corpus, &chosen.rows, stop).map(Arc::new);
        }
        let total = self.totals.words.get(&column)?;
        let Some(others) = &chosen.others else { return Some(Arc::clone(total)) };
        let others = count_words(column, lexicon, corpus, others, stop)?;
        let left = total.posts.iter().zip(others.posts).map(|(all, others)| all - others).collect();
        Some(Arc::new(WordCounts { posts: left, missing: total.missing - others.missing }))
    }

    /// How many of the chosen posts are in each range of a number or a date that was made ready.
    fn bins_in(
        &self,
        field: &'static Field,
        corpus: &Corpus,
        chosen: &Chosen,
        stop: Stop<'_>,
    ) -> Option<Bins> {
        if chosen.is_counted_itself() {
            return count_bins(field, corpus, &chosen.rows, stop);
        }
        let total = self.totals.bins.get(field.name)?.clone();
        let Some(others) = &chosen.others else { return Some(total) };
        Some(total.without(&count_bins(field, corpus, others, stop)?))
    }
}

/// The words that most posts have.
fn facet_of_words(
    field: &'static Field,
    lexicon: &Lexicon,
    corpus: &Corpus,
    counts: &WordCounts,
    most: usize,
) -> Facet {
    // Only what may be told is looked at as a text: topics are many.
    let mut all: Vec<u32> = counts.posts.iter().copied().filter(|posts| *posts > 0).collect();
    let different = all.len();
    let least = match most.checked_sub(1) {
        Some(last) if most < different => *all.select_nth_unstable_by(last, |a, b| b.cmp(a)).1,
        _ => 1,
    };
    let found = counts.posts.iter().enumerate().filter(|(_, posts)| **posts >= least);
    let found = found.map(|(number, posts)| (lexicon.text(number, corpus), *posts as usize));
    Facet { different, ..facet_of(field, found.collect(), counts.missing, most) }
}

/// Something of each segment, on all cores: of where it begins, itself, and what is counted of it.
fn by_segment<T: Send>(
    corpus: &Corpus,
    rows: &Rows,
    stop: Stop<'_>,
    of: impl Fn(Row, &Segment, Places<'_>) -> T + Sync,
) -> Option<Vec<T>> {
    let segments: Vec<_> = corpus.segments().enumerate().collect();
    let each = segments
        .par_iter()
        .map(|(at, (start, segment))| (!stop()).then(|| of(*start, segment, rows.of_segment(*at, segment))));
    each.collect()
}

/// How many posts are in each range of a number or a date.
fn count_bins(field: &'static Field, corpus: &Corpus, rows: &Rows, stop: Stop<'_>) -> Option<Bins> {
    let bins = by_segment(corpus, rows, stop, |_, segment, places| Bins::of(field, segment, places))?;
    Some(bins.into_iter().fold(Bins::default(), Bins::with))
}

/// How many posts have each word of a column.
fn count_words(
    column: WordColumn,
    lexicon: &Lexicon,
    corpus: &Corpus,
    rows: &Rows,
    stop: Stop<'_>,
) -> Option<WordCounts> {
    let segments: Vec<_> = corpus.segments().enumerate().collect();
    let found = segments.par_iter().map(|(at, (_, segment))| {
        let of_segment = lexicon.of_segment(*at)?;
        (!stop()).then(|| count_words_of(column, segment, of_segment, rows.of_segment(*at, segment)))
    });
    let found: Vec<_> = found.collect::<Option<_>>()?;
    let mut counts = WordCounts { posts: vec![0; lexicon.len()], missing: 0 };
    for (at, (of_words, missing)) in found.into_iter().enumerate() {
        counts.missing += missing;
        let Some(of_segment) = lexicon.of_segment(at) else { continue };
        for (number, posts) in of_segment.numbers.iter().zip(of_words) {
            if let Some(slot) = counts.posts.get_mut(*number as usize) {
                *slot += posts;
            }
        }
    }
    Some(counts)
}

/// How many rows of a segment have each of its words, and how many have none.
fn count_words_of(
    column: WordColumn,
    segment: &Segment,
    of_segment: &OfSegment,
    places: Places<'_>,
) -> (Vec<u32>, usize) {
    let words = segment.words(column);
    let mut rows = vec![0_u32; words.len()];
    let lists = segment.lists(column);
    places.each(|at| {
        let list = lists.get(at).map_or(usize::MAX, |list| usize::from(*list));
        if let Some(count) = rows.get_mut(list) {
            *count += 1;
        }
    });
    let (mut counts, missing) = words.count(&rows);
    // A word that a list has twice counts once.
    for list in &of_segment.repeating {
        let rows = rows.get(usize::from(*list)).copied().unwrap_or_default();
        let items = || words.items(*list).filter(|(_, is_set)| *is_set).map(|(word, _)| word);
        let number = |word: usize| of_segment.numbers.get(word);
        for (at, word) in items().enumerate() {
            if let Some(count) = counts.get_mut(word)
                && items().take(at).any(|before| number(before) == number(word))
            {
                *count -= rows;
            }
        }
    }
    (counts, missing)
}

/// The values with most posts.
fn facet_of(field: &'static Field, mut found: Vec<(&str, usize)>, missing: usize, most: usize) -> Facet {
    let different = found.len();
    let order = |a: &(&str, usize), b: &(&str, usize)| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0));
    if most < found.len() && most > 0 {
        found.select_nth_unstable_by(most - 1, order);
    }
    found.truncate(most);
    found.sort_unstable_by(order);
    let value = |(label, posts): (&str, usize)| FacetValue {
        label: label.to_owned(),
        term: written(field, label),
        posts,
    };
    Facet { field, values: found.into_iter().map(value).collect(), missing, different }
}
