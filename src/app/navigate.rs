//! Going through the posts and the panes.

use std::sync::Arc;

use super::{App, Effect, Pane, Whole};
use crate::corpus::Row;
use crate::corpus::body::BodyError;
use crate::model::Status;

impl App {
    /// Lines of a page in the pane in focus.
    pub(super) fn page_lines(&self) -> isize {
        let areas = self.areas();
        let lines = match self.focus {
            Pane::List => areas.list_rows(),
            pane => usize::from(areas.pane(pane).inner().height),
        };
        isize::try_from(lines.saturating_sub(1).max(1)).unwrap_or(1)
    }

    /// Moves in the pane in focus: the cursor of the list, or the text.
    pub(super) fn move_by(&mut self, lines: isize) {
        match self.focus {
            Pane::List => self.move_cursor_by(lines),
            Pane::Checklist => {
                let areas = self.areas();
                self.detail.choose_item(lines, &areas);
            }
            pane => self.detail.scroll_by(pane, lines, &self.areas()),
        }
    }

    pub(super) fn move_cursor_by(&mut self, posts: isize) {
        self.go_to(self.list.cursor.saturating_add_signed(posts));
    }

    pub(super) fn go_to(&mut self, position: usize) {
        // Wherever the cursor stood before, it was moved now.
        self.stood = None;
        self.list.back_to = None;
        let rows = self.areas().list_rows();
        self.list.go_to(position, rows);
        self.follow_cursor();
    }

    /// Half a page of the article, from whatever pane.
    pub(super) fn scroll_article(&mut self, down: bool) {
        let areas = self.areas();
        let half = isize::try_from(areas.article.inner().height / 2).unwrap_or(1).max(1);
        self.detail.scroll_by(Pane::Article, if down { half } else { -half }, &areas);
    }

    /// A desk that nobody has touched yet stands at the first post that is still to be read.
    pub(super) fn begin_at_unreviewed(&mut self) {
        let decided = |row| self.standings.get(row).status != Status::Unreviewed;
        if !self.touched && self.replayed && self.list.row().is_some_and(decided) {
            // What was said of the settings or the log is still to be read.
            let said = self.notice.take();
            self.go_to_unreviewed(true);
            self.notice = said;
        }
    }

    /// To the next or the last place in the article that `text:` has found.
    pub(super) fn go_to_hit(&mut self, forward: bool) {
        let areas = self.areas();
        match self.detail.go_to_hit(forward, &areas) {
            Some((at, count)) => self.say(format!("Place {at} of {count} in this article")),
            None if self.search.is_some() => {
                let sought = self.search.as_ref().map(|search| search.text.clone()).unwrap_or_default();
                self.say(format!("This article holds nothing of: {sought}"));
            }
            None if self.list.query.texts().is_empty() => {
                self.say("Nothing is sought in the articles; type text: and words in the filter");
            }
            None => self.say("This article holds nothing of what text: seeks"),
        }
    }

    pub(super) fn turn_focus(&mut self, by: usize) {
        let at = Pane::ALL.iter().position(|pane| *pane == self.focus).unwrap_or_default();
        self.focus = Pane::ALL.into_iter().cycle().nth(at + by).unwrap_or_default();
    }

    /// To the nearest unreviewed post of the view in one direction; from the end on to the other end.
    pub(super) fn go_to_unreviewed(&mut self, forward: bool) {
        let (len, cursor) = (self.list.view.len(), self.list.cursor);
        let unreviewed = |position: &usize| {
            let row = self.list.view.get(*position);
            row.is_some_and(|row| self.standings.get(row).status == Status::Unreviewed)
        };
        let after = || (cursor.saturating_add(1)..len).find(unreviewed);
        let before = || (0..cursor.min(len)).rev().find(unreviewed);
        let found = if forward {
            after().or_else(|| (0..cursor.min(len)).find(unreviewed))
        } else {
            before().or_else(|| (cursor.saturating_add(1)..len).rev().find(unreviewed))
        };
        match found {
            Some(position) => self.go_to(position),
            None if len > 0 => self.say("No other post of this view is unreviewed"),
            None => {}
        }
    }

    /// Shows the post under the cursor, if it is not shown already.
    pub(super) fn follow_cursor(&mut self) {
        let row = self.list.row();
        if row == self.detail.row {
            return;
        }
        self.detail.turn_to(row);
        self.attention.turn();
        if let Some(row) = row {
            self.ask(Effect::Read(row, self.reading));
        }
    }

    /// Takes in the text of a post, if it is still the one under the cursor.
    pub(super) fn show(&mut self, row: Row, post: Result<Box<Whole>, BodyError>) {
        if self.detail.row != Some(row) {
            return;
        }
        match post {
            Ok(whole) => {
                let Whole { post, digest, document } = *whole;
                let is_met = self.places.digest(row) == Some(digest);
                self.places.set_digest(row, digest);
                self.detail.digest = Some(digest);
                self.detail.document = Arc::new(document);
                self.refresh_standing(row);
                if !is_met && !self.places.are_twins_unmet(&post.id) {
                    self.refresh_post(&post.id);
                }
                self.detail.post = Some(Arc::new(post));
            }
            Err(error) => self.missed(&error),
        }
    }
}
