//! The filter: from what is typed to the posts that pass.

use std::sync::Arc;

use super::{App, Effect, FilterRequest, KeyCode, KeyPress, Line, Prompt};
use crate::corpus::{Row, Segment};
use crate::model::PostId;
use crate::query::{Found, Query, View};

impl App {
    /// Opens the filter prompt with the query that holds and `more` behind it.
    pub(super) fn open_filter(&mut self, more: &str) {
        let before = self.list.text.clone();
        let mut text = before.clone();
        if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
        text.push_str(more);
        self.forget_menu();
        self.typed.begin();
        self.prompt = Some(Prompt::Filter { line: Line::new(&text), before });
        self.list.opened_at = self.list.row().map(|row| (row, self.reading));
    }

    /// The query of before again, and the cursor where it stood then.
    fn give_up_filter(&mut self, before: String) {
        let at = self.list.opened_at.take().filter(|(_, reading)| *reading == self.reading);
        self.list.back_to = at.map(|(row, _)| row);
        self.set_query(before);
        if self.list.waiting {
            return;
        }
        self.list.back_to = None;
        let position = at.and_then(|(row, _)| self.list.view.position_of(row));
        if let Some(position) = position.filter(|position| *position != self.list.cursor) {
            self.go_to(position);
        }
    }

    pub(super) fn press_in_filter(&mut self, mut line: Line, before: String, key: KeyPress) {
        if self.press_in_menu(&mut line, key) {
            self.prompt = Some(Prompt::Filter { line, before });
            return;
        }
        match key.code {
            KeyCode::Enter => {
                if let Some(error) = self.list.error.as_ref().map(ToString::to_string) {
                    self.warn(error);
                } else {
                    self.list.text = line.text().trim().to_owned();
                    self.forget_menu();
                    self.keep_typed(line.text());
                    return;
                }
            }
            KeyCode::Char(c @ ('p' | 'n')) if key.ctrl => self.turn_typed(&mut line, c == 'p'),
            KeyCode::Up | KeyCode::Down if key.alt => self.turn_typed(&mut line, key.code == KeyCode::Up),
            KeyCode::Down => self.move_cursor_by(1),
            KeyCode::Up => self.move_cursor_by(-1),
            KeyCode::PageDown => self.move_cursor_by(self.page_lines()),
            KeyCode::PageUp => self.move_cursor_by(-self.page_lines()),
            _ => {
                if line.press(key) {
                    self.set_query(line.text().to_owned());
                }
                self.narrow_menu(&mut line);
            }
        }
        self.prompt = Some(Prompt::Filter { line, before });
    }

    /// Text was pasted into the filter.
    pub(super) fn paste_in_filter(&mut self, text: &str) {
        if let Some(Prompt::Filter { mut line, before }) = self.prompt.take() {
            if line.paste(text) {
                self.set_query(line.text().to_owned());
                self.narrow_menu(&mut line);
            }
            self.prompt = Some(Prompt::Filter { line, before });
        }
    }

    /// Gives the filter up: first the menu, then the query.
    pub(super) fn give_filter_up(&mut self, mut line: Line, before: String) {
        if self.completing.closes_first() {
            self.close_menu(&mut line);
            self.prompt = Some(Prompt::Filter { line, before });
        } else {
            self.forget_menu();
            self.give_up_filter(before);
        }
    }

    /// Takes another query. One that cannot be read leaves the posts as they are and says why.
    pub fn set_query(&mut self, text: String) {
        let parsed = Query::parse_with(&text, &self.names);
        self.list.text = text;
        match parsed {
            Ok(query) => {
                self.list.error = None;
                if query != *self.list.query {
                    if self.list.query.texts() != query.texts() {
                        // What is marked in the article is another thing now.
                        self.detail.unset();
                        self.detail.forget_hit();
                    }
                    self.list.query = Arc::new(query);
                    // Without a filter the post under the cursor is there again, and stays under it.
                    self.list.to_top = !self.list.query.is_empty();
                    self.run_filter();
                }
            }
            Err(error) => self.list.error = Some(error),
        }
    }

    /// Asks for the posts that pass now.
    pub(super) fn run_filter(&mut self) {
        self.give_up_seeking();
        self.list.generation += 1;
        self.list.searched = None;
        (self.list.hint, self.nearest) = (None, None);
        self.list.grows = false;
        self.list.outdated = false;
        if self.list.query.is_empty() {
            self.list.waiting = false;
            self.take_view(View::All(self.corpus.len()));
            return;
        }
        self.list.waiting = true;
        self.ask(Effect::Filter(Box::new(FilterRequest {
            generation: self.list.generation,
            query: Arc::clone(&self.list.query),
            sources: self.sources.clone(),
            corpus: self.corpus.clone(),
            standings: self.standings.clone(),
        })));
    }

    /// Runs the filter again after decisions came from elsewhere, where it looks at decisions.
    pub(super) fn filter_again(&mut self) {
        if !self.list.query.reads_decisions() {
            return;
        }
        if self.list.waiting {
            self.list.outdated = true;
        } else {
            self.run_filter();
        }
    }

    /// An answer of the filter. One to an older question means nothing any more.
    pub(super) fn filtered(&mut self, generation: u64, view: View) {
        if self.sought(generation, Some(&view)) || generation != self.list.generation {
            return;
        }
        self.list.waiting = false;
        self.list.searched = None;
        self.take_view(view);
        self.keep_found_by_texts();
        self.look_for_nearest();
        if self.list.outdated {
            self.run_filter();
        } else if self.loading.is_none() {
            self.give_up_stood();
        }
    }

    /// A search of texts has got on: its hits so far are shown.
    pub(super) fn searching(&mut self, generation: u64, found: Found) {
        if self.sought(generation, None) || generation != self.list.generation {
            return;
        }
        self.list.searched = Some((found.searched, found.of));
        // The posts of the same query stay until all of them are found again.
        if let Some(view) =
            found.view.filter(|view| !view.is_empty() && (self.list.to_top || self.list.grows))
        {
            self.list.grows = true;
            self.take_view(view);
        }
    }

    fn take_view(&mut self, view: View) {
        let rows = self.areas().list_rows();
        let shown = self.shown(&view);
        self.list.hidden = view.len() - shown.len();
        self.list.passing = view;
        self.list.outworn = false;
        self.list.take(shown, rows);
        self.follow_range();
        self.follow_cursor();
        self.count_again();
    }

    /// Takes in more posts, behind those that are there.
    pub(super) fn add_posts(&mut self, segment: Arc<Segment>) {
        let start = Row(u32::try_from(self.corpus.len()).unwrap_or(u32::MAX));
        let rows = self.corpus.push(Arc::clone(&segment));
        self.standings.resize(self.corpus.len());
        if !self.reviews.state().is_empty() {
            self.place_decided(rows);
        }
        // A pass that is under way ends first: segments must not keep it from ever ending.
        if self.list.waiting {
            self.list.outdated = true;
        } else {
            self.run_filter();
        }
        self.look_for_stood(&segment, start);
        self.begin_at_unreviewed();
    }

    /// Finds those of new rows that were decided on.
    fn place_decided(&mut self, rows: impl Iterator<Item = Row>) {
        for row in rows {
            let Some(post) = self.corpus.get(row) else { continue };
            if self.reviews.state().has(post.id()) {
                self.places.add(&PostId::new(post.id()), row);
                self.refresh_standing(row);
            }
        }
    }
}
