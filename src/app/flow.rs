//! What makes a thousand posts a day go by: going on by itself, a list that burns down, reading on.

use super::{App, Pane};
use crate::corpus::Row;
use crate::model::Status;
use crate::model::figures::grouped;
use crate::query::View;

impl App {
    /// A decision goes on to the next post, or stays.
    pub(super) fn turn_auto_advance(&mut self) {
        let is_on = !self.settings.auto_advance;
        self.settings.auto_advance = is_on;
        self.say(if is_on {
            "A decision goes on to the next unreviewed post"
        } else {
            "A decision stays at its post"
        });
    }

    /// Decided posts leave the list, or come back.
    pub(super) fn turn_hide_decided(&mut self) {
        self.settings.hide_decided = !self.settings.hide_decided;
        if self.settings.hide_decided {
            self.list.back_to = self.next_that_stays();
        }
        self.settings_changed();
        if self.settings.hide_decided {
            let hidden = match self.list.hidden {
                1 => "1 is".to_owned(),
                hidden => format!("{} are", grouped(hidden)),
            };
            self.say(format!("Decided posts leave the list; {hidden} hidden now"));
        } else {
            self.say("Decided posts stay in the list");
        }
    }

    /// The post under the cursor, or where that leaves the list, the next one that does not.
    fn next_that_stays(&self) -> Option<Row> {
        let behind = (self.list.cursor..self.list.view.len()).filter_map(|at| self.list.view.get(at));
        behind.into_iter().find(|row| !self.is_hidden(*row))
    }

    /// Whether a post is kept out of the list: it is decided, and nobody has to look at it again.
    pub(super) fn is_hidden(&self, row: Row) -> bool {
        let badge = self.standings.get(row);
        badge.status != Status::Unreviewed && !badge.conflict
    }

    /// What the list shows of the posts that pass.
    pub(super) fn shown(&self, passing: &View) -> View {
        let none_is_decided = self.standings.count(Status::Unreviewed) == self.corpus.len();
        if !self.settings.hide_decided || none_is_decided {
            return passing.clone();
        }
        View::Rows(passing.iter().filter(|row| !self.is_hidden(*row)).collect())
    }

    /// Something was decided that the list does not show yet, and nothing long is under way that decides
    /// on more.
    pub(super) fn is_out_of_line(&self) -> bool {
        self.list.outworn && self.settling.is_none() && self.bulk.is_none() && self.undoing.is_none()
    }

    /// Brings the list in line where it is not.
    pub(super) fn bring_in_line(&mut self) {
        if self.is_out_of_line() {
            self.burn_down();
        }
    }

    /// Brings the list in line with what was decided, where decided posts leave it. The cursor stays on its
    /// post, or at its place.
    pub(super) fn burn_down(&mut self) {
        self.list.outworn = false;
        let view = self.shown(&self.list.passing);
        self.list.hidden = self.list.passing.len() - view.len();
        let rows = self.areas().list_rows();
        let to_top = std::mem::take(&mut self.list.to_top);
        self.list.take(view, rows);
        self.list.to_top = to_top;
        self.follow_range();
        self.follow_cursor();
    }

    /// To the article; from the article on through it, from the checklist to the words of the item.
    pub(super) fn open(&mut self) {
        match self.focus {
            Pane::Article => self.read_on(),
            Pane::Checklist => self.find_item(),
            Pane::List | Pane::Meta => self.focus = Pane::Article,
        }
    }

    /// A page of the article on, and from its end to the next unreviewed post.
    pub(super) fn read_on(&mut self) {
        let areas = self.areas();
        let height = areas.article.inner().height;
        if height == 0 {
            self.focus = Pane::Article;
        } else if self.is_reading() {
            // Its end is not known yet.
        } else if self.detail.is_at_end(&areas) {
            self.go_to_unreviewed(true);
        } else {
            let page = isize::try_from(height.saturating_sub(1).max(1)).unwrap_or(1);
            self.detail.scroll_by(Pane::Article, page, &areas);
        }
    }
}
