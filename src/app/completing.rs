//! What could be typed next, in a small menu under the line of the filter. `Tab` opens it and chooses,
//! typing goes on and narrows it.

use std::sync::Arc;

use super::areas::Area;
use super::{App, KeyCode, KeyPress, Line, List, Prompt};
use crate::corpus::{Corpus, Sources};
use crate::model::Day;
use crate::query::{Completion, Facets, Place, Posts, Query, Question, Standings, View, Wanted};

/// Names of fields and queries are few, and all of them are listed.
const MOST_NAMES: usize = 999;

/// So many candidates are listed at once.
pub const LISTED: usize = 9;

/// How wide the menu is at most. Unit: columns.
const WIDTH: u16 = 64;

/// So many searches of texts are kept.
const MOST_FOUND: usize = 4;

/// What a search of texts has found.
#[derive(Debug)]
pub(super) struct FoundByTexts {
    /// The reading, and how many posts there were.
    of: (u64, usize),
    query: Arc<Query>,
    view: View,
}

/// The menu.
#[derive(Debug, Default)]
pub struct Completing {
    is_open: bool,
    /// It has opened by itself, with the filter.
    is_unasked: bool,
    /// It was asked for by a key, so that a single candidate is taken.
    at_once: bool,
    /// What could be typed, once that is known.
    pub found: Option<Completion>,
    /// The candidate that stands on the line.
    pub chosen: Option<usize>,
    /// The line that was completed, as it was typed, and the place of the cursor. Unit: characters.
    typed: (String, usize),
}

impl Completing {
    /// Whether there is something to show.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// The first candidate that is listed.
    pub fn first_listed(&self) -> usize {
        (self.chosen.unwrap_or_default() + 1).saturating_sub(LISTED)
    }

    /// Where the menu stands in the list of posts, with its frame.
    pub fn area(&self, list: Area) -> Area {
        let count = self.found.as_ref().map_or(0, |found| found.candidates.len());
        let lines = u16::try_from(count.clamp(1, LISTED)).unwrap_or(u16::MAX);
        Area {
            x: list.x.saturating_add(1),
            y: list.y.saturating_add(2),
            width: WIDTH.min(list.width).saturating_sub(2),
            height: lines.saturating_add(2).min(list.height.saturating_sub(3)),
        }
    }

    /// Whether it is given up by itself, before the filter is.
    pub(super) fn closes_first(&self) -> bool {
        self.is_open && (!self.is_unasked || self.chosen.is_some())
    }

    /// Whether there is something to choose.
    pub fn is_listed(&self) -> bool {
        self.is_open && self.found.as_ref().is_some_and(|found| !found.candidates.is_empty())
    }
}

impl App {
    /// A key in the filter while the menu may be open; whether that was all it meant.
    pub(super) fn press_in_menu(&mut self, line: &mut Line, key: KeyPress) -> bool {
        let is_known = self.completing.is_listed() && !self.is_counting();
        match key.code {
            KeyCode::Tab | KeyCode::BackTab if is_known => {
                self.choose(line, key.code == KeyCode::Tab);
                if self.completing.found.as_ref().is_some_and(|found| found.candidates.len() == 1) {
                    self.keep_candidate(line);
                }
            }
            KeyCode::Tab | KeyCode::BackTab => self.complete(line, true),
            KeyCode::Down | KeyCode::Up if is_known => self.choose(line, key.code == KeyCode::Down),
            KeyCode::Enter if self.completing.chosen.is_some() => self.keep_candidate(line),
            _ => return false,
        }
        true
    }

    /// Opens the filter for an order, with the orders there are.
    pub(super) fn open_sort(&mut self) {
        self.open_filter("sort:");
        if let Some(Prompt::Filter { mut line, before }) = self.prompt.take() {
            self.complete(&mut line, false);
            self.completing.is_unasked = true;
            self.prompt = Some(Prompt::Filter { line, before });
        }
    }

    /// Closes the menu. What was typed comes back on the line.
    pub(super) fn close_menu(&mut self, line: &mut Line) {
        if self.completing.chosen.is_some() {
            let (text, cursor) = &self.completing.typed;
            *line = Line::with_cursor(text, *cursor);
            self.set_query(line.text().to_owned());
        }
        self.forget_menu();
    }

    pub(super) fn forget_menu(&mut self) {
        self.completing = Completing::default();
        self.drop_count();
    }

    /// The line or its cursor is another one: the menu, if it is open, follows.
    pub(super) fn narrow_menu(&mut self, line: &mut Line) {
        let is_same = self.completing.typed.0 == line.text() && self.completing.typed.1 == line.cursor();
        if self.completing.is_open && !is_same {
            self.complete(line, false);
        }
    }

    /// Asks what could be typed at the cursor.
    fn complete(&mut self, line: &mut Line, at_once: bool) {
        let (text, cursor) = (line.text().to_owned(), byte_of(line));
        let Some(place) = Place::of(&text, cursor) else {
            self.forget_menu();
            if at_once {
                self.say("Nothing can be completed here");
            }
            return;
        };
        self.completing.is_open = true;
        (self.completing.at_once, self.completing.chosen) = (at_once, None);
        self.completing.typed = (text.clone(), line.cursor());
        if let Wanted::Value(_) = place.wanted {
            let rest = Query::parse_with(&place.rest(&text), &self.names).unwrap_or_default();
            let among = self.found_by_texts(&rest);
            self.ask_count(Question::Values { text, cursor, rest: Arc::new(rest), among });
            return;
        }
        self.drop_count();
        let found = self.complete_names(&text, cursor);
        self.take_found(line, found);
    }

    /// Keeps what a search of texts has found: it takes too long to be made again for a menu. With a bare word
    /// in it a query is most often one whose next field is being typed.
    pub(super) fn keep_found_by_texts(&mut self) {
        let List { query, passing, .. } = &self.list;
        if query.searches_texts() && query.fuzzy_words().is_empty() && !query.reads_decisions() {
            let of = (self.reading, self.corpus.len());
            self.found_by_texts.retain(|found| found.of == of && found.query != *query);
            self.found_by_texts.truncate(MOST_FOUND - 1);
            self.found_by_texts
                .insert(0, FoundByTexts { of, query: Arc::clone(query), view: passing.clone() });
        }
    }

    /// The posts that pass a query, if a search of texts has found them.
    fn found_by_texts(&self, query: &Query) -> Option<View> {
        let of = (self.reading, self.corpus.len());
        let is_it = |found: &&FoundByTexts| found.of == of && found.query.expression == query.expression;
        self.found_by_texts.iter().find(is_it).map(|found| found.view.clone())
    }

    /// Names need no posts, and so no wait.
    fn complete_names(&self, text: &str, cursor: usize) -> Option<Completion> {
        let (sources, corpus, standings) = <(Sources, Corpus, Standings)>::default();
        let posts =
            Posts { sources: &sources, corpus: &corpus, standings: &standings, today: Day::default() };
        Facets::default().complete(text, cursor, posts, (&View::All(0), &self.names), MOST_NAMES, &|| false)
    }

    /// The values that were asked for have come.
    pub(super) fn take_values(&mut self, found: Option<Completion>) {
        match self.prompt.take() {
            Some(Prompt::Filter { mut line, before }) if self.completing.is_open => {
                self.take_found(&mut line, found);
                self.prompt = Some(Prompt::Filter { line, before });
            }
            other => self.prompt = other,
        }
    }

    fn take_found(&mut self, line: &mut Line, found: Option<Completion>) {
        self.completing.found = found;
        let count = self.completing.found.as_ref().map_or(0, |found| found.candidates.len());
        if count == 1 && std::mem::take(&mut self.completing.at_once) {
            self.choose(line, true);
            self.keep_candidate(line);
        }
    }

    /// Puts the next candidate on the line; behind the last what was typed.
    fn choose(&mut self, line: &mut Line, forward: bool) {
        let Some(found) = &self.completing.found else { return };
        let count = found.candidates.len();
        let next = match (self.completing.chosen, forward) {
            (None, true) => Some(0),
            (None, false) => count.checked_sub(1),
            (Some(at), true) => Some(at + 1).filter(|at| *at < count),
            (Some(at), false) => at.checked_sub(1),
        };
        self.completing.chosen = next;
        let (typed, cursor) = &self.completing.typed;
        let candidate = next.and_then(|next| found.candidates.get(next));
        *line = match candidate {
            Some(candidate) => {
                let text = found.place.with(typed, &candidate.text);
                let end = found.place.range.start + candidate.text.len();
                let before = text.get(..end).map_or(0, |before| before.chars().count());
                Line::with_cursor(&text, before)
            }
            None => Line::with_cursor(typed, *cursor),
        };
        self.set_query(line.text().to_owned());
    }

    /// Takes the candidate on a line of the menu.
    pub(super) fn take_candidate(&mut self, line: &mut Line, at: usize) {
        let count = self.completing.found.as_ref().map_or(0, |found| found.candidates.len());
        let at = self.completing.first_listed() + at;
        if self.completing.is_listed() && !self.is_counting() && at < count {
            self.completing.chosen = at.checked_sub(1);
            self.choose(line, true);
            self.keep_candidate(line);
        }
    }

    /// What stands on the line stays there. Behind the name of a field its values are next.
    fn keep_candidate(&mut self, line: &mut Line) {
        let is_field = line.text().get(..byte_of(line)).is_some_and(|before| before.ends_with(':'));
        self.forget_menu();
        if is_field {
            self.complete(line, false);
        }
    }
}

/// The place of the cursor. Unit: bytes.
fn byte_of(line: &Line) -> usize {
    let text = line.text();
    text.char_indices().nth(line.cursor()).map_or(text.len(), |(at, _)| at)
}
