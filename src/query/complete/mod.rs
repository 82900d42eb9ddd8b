//! What could be typed next: names of fields, values with their numbers of posts, keys of an order,
//! named queries.

mod place;
mod rest;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

pub use self::place::{Place, Taken, Wanted};
use super::error::nearest;
use super::facet::Facets;
use super::field::{FIELDS, Field, Kind};
use super::fuzzy::fold;
use super::names::Names;
use super::syntax::written;
use super::{Posts, Stop, View};

/// Among more words than this the nearest one is not looked for.
const MAX_NEAR: usize = 20_000;

/// Something that could stand where something is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What takes the place of [`Place::range`]; a field's name with its colon, a value in quotes where
    /// it needs them. Raw.
    pub text: String,
    /// A line about it: the help of a field, the text of a named query; blank for a value. Raw.
    pub help: String,
    /// For a value: how many posts of the view pass its term, once it is taken; `None` where nobody knows.
    pub posts: Option<usize>,
}

/// What could be typed at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The place.
    pub place: Place,
    /// What could stand there: what begins with the letters that are typed before what holds them, and
    /// of values those with most posts first.
    pub candidates: Vec<Candidate>,
    /// Where no value has these letters: the nearest one.
    pub nearest: Option<String>,
}

impl Facets {
    /// What could be typed at the cursor, at most so many candidates. Values are counted in `view`,
    /// which is best the view of [`Place::rest`]. `None` where nothing can be suggested, or when `stop`
    /// said so.
    ///
    /// ```
    /// use copydesk::corpus::{Corpus, Sources};
    /// use copydesk::model::Day;
    /// use copydesk::query::{Facets, Names, Posts, Standings, View};
    ///
    /// let (sources, corpus, standings) = (Sources::default(), Corpus::default(), Standings::default());
    /// let posts = Posts { sources: &sources, corpus: &corpus, standings: &standings, today: Day(20_000) };
    /// let (view, names) = (View::All(0), Names::default());
    /// let found = Facets::default().complete("score>70 sta", 12, posts, (&view, &names), 9, &|| false).unwrap();
    /// let texts: Vec<&str> = found.candidates.iter().map(|candidate| candidate.text.as_str()).collect();
    /// assert_eq!((texts, found.place.range), (vec!["stack:", "status:"], 9..12));
    /// ```
    pub fn complete(
        &mut self,
        text: &str,
        cursor: usize,
        posts: Posts<'_>,
        (view, names): (&View, &Names),
        most: usize,
        stop: Stop<'_>,
    ) -> Option<Completion> {
        let place = Place::of(text, cursor)?;
        let typed = fold(&place.typed);
        let mut near = None;
        let found = match place.wanted {
            Wanted::Field => {
                let sort = ("sort", "sort:".to_owned(), "the order: sort:-score,title".to_owned());
                let fields = FIELDS.iter().map(|field| (field.name, named(field), field.help.to_owned()));
                let aliases = |(name, ..): &(&str, String, String)| {
                    Field::find(name).map_or(&[][..], |field| field.aliases)
                };
                let begins = |entry: &(&str, String, String)| {
                    rank(entry.0, &typed)
                        .or_else(|| aliases(entry).iter().any(|alias| alias.starts_with(&typed)).then_some(1))
                };
                best(fields.chain([sort]), begins)
            }
            Wanted::SortKey => {
                let keys = FIELDS.iter().filter(|field| field.is_sort_key());
                let keys = keys.map(|field| (field.name, field.name.to_owned(), field.help.to_owned()));
                best(keys, |(name, ..)| rank(name, &typed))
            }
            Wanted::Name => {
                let names = names.iter().map(|(name, text)| (name, format!("@{name}"), text.to_owned()));
                best(names, |(name, ..)| rank(&fold(name), &typed))
            }
            Wanted::Value(field) => {
                let values = self.values(field, &typed, posts, view, stop)?;
                if values.is_empty() {
                    near = self.nearest(field, &typed, posts, view, stop);
                }
                let is_counted = place.taken != Taken::Word;
                let candidate =
                    |(value, posts): (String, usize)| candidate(field, &value, is_counted.then_some(posts));
                values.into_iter().take(most).map(candidate).collect()
            }
        };
        let candidates = found.into_iter().take(most).collect();
        Some(Completion { place, candidates, nearest: near })
    }

    /// The values of a field with these letters, each with the number of posts that have it.
    fn values(
        &mut self,
        field: &'static Field,
        typed: &str,
        posts: Posts<'_>,
        view: &View,
        stop: Stop<'_>,
    ) -> Option<Vec<(String, usize)>> {
        let mut values = match field.kind {
            Kind::Words(column) | Kind::Hosts(column) => {
                self.matching(column, posts.corpus, view, |text| holds(text, typed), stop)?
            }
            Kind::Choice(choices) => {
                let facet = self.facet(field, posts, view, usize::MAX, stop)?;
                let count = |name: &str| {
                    facet.values.iter().find(|value| value.label == name).map_or(0, |value| value.posts)
                };
                let all = choices.iter().map(|choice| (choice.name.to_owned(), count(choice.name)));
                all.filter(|(name, _)| holds(name, typed)).collect()
            }
            Kind::By | Kind::Why => {
                let facet = self.facet(field, posts, view, usize::MAX, stop)?;
                let all = facet.values.into_iter().map(|value| (value.label, value.posts));
                all.filter(|(label, _)| holds(label, typed)).collect()
            }
            _ => Vec::new(),
        };
        values.sort_by_cached_key(|(text, posts)| (!begins_with(text, typed), Reverse(*posts)));
        Some(values)
    }

    fn nearest(
        &mut self,
        field: &'static Field,
        typed: &str,
        posts: Posts<'_>,
        view: &View,
        stop: Stop<'_>,
    ) -> Option<String> {
        let all = self.values(field, "", posts, view, stop)?;
        let names = all.iter().map(|(text, _)| text.as_str());
        if all.len() > MAX_NEAR { None } else { nearest(typed, names).map(str::to_owned) }
    }
}

/// A field's name as it is typed.
fn named(field: &Field) -> String {
    let sign = if matches!(field.kind, Kind::Number(_)) { "" } else { ":" };
    format!("{}{sign}", field.name)
}

fn candidate(field: &'static Field, value: &str, posts: Option<usize>) -> Candidate {
    let term = written(field, value);
    let text = term.get(field.name.len() + 1..).unwrap_or_default().to_owned();
    Candidate { text, help: String::new(), posts }
}

/// What has a rank, in its order; what has the same stays as it is.
fn best<'n>(
    all: impl Iterator<Item = (&'n str, String, String)>,
    rank: impl Fn(&(&'n str, String, String)) -> Option<u8>,
) -> Vec<Candidate> {
    let mut found: Vec<(u8, Candidate)> = all
        .filter_map(|entry| {
            let rank = rank(&entry)?;
            let (_, text, help) = entry;
            Some((rank, Candidate { text, help, posts: None }))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// What begins with the letters comes before what holds them.
fn rank(name: &str, typed: &str) -> Option<u8> {
    if name.starts_with(typed) { Some(0) } else { name.contains(typed).then_some(2) }
}

fn begins_with(text: &str, typed: &str) -> bool {
    match text.get(..typed.len()) {
        Some(start) if text.is_ascii() => start.eq_ignore_ascii_case(typed),
        _ if text.is_ascii() => false,
        _ => fold(text).starts_with(typed),
    }
}

fn holds(text: &str, typed: &str) -> bool {
    if typed.is_empty() || begins_with(text, typed) {
        return true;
    }
    if !text.is_ascii() {
        return fold(text).contains(typed);
    }
    text.as_bytes().windows(typed.len()).any(|part| part.eq_ignore_ascii_case(typed.as_bytes()))
}
