//! The list: the posts that pass the filter, and a cursor on one of them.

use std::sync::Arc;

use crate::corpus::Row;
use crate::query::{Query, QueryError, View};

/// The posts that pass, where the cursor stands, and the query that chose them.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct List {
    /// The posts that are shown, in order: those that pass and are not hidden.
    pub view: View,
    /// The posts that pass, in order.
    pub(super) passing: View,
    /// How many of those are hidden, because they are decided.
    pub hidden: usize,
    /// Something was decided since the hidden ones were last told from the others.
    pub(super) outworn: bool,
    /// The position of the cursor in the view.
    pub cursor: usize,
    /// The position of the first post on the screen.
    pub top: usize,
    /// The query as it was typed.
    pub text: String,
    /// The last query that could be read.
    pub query: Arc<Query>,
    /// Why the text is not a query.
    pub error: Option<QueryError>,
    /// What could have been meant, where no post passes; raw.
    pub hint: Option<String>,
    /// So many posts were searched, of so many, while texts are searched.
    pub searched: Option<(usize, usize)>,
    /// The last request that was made of the filter.
    pub(super) generation: u64,
    /// That request has not been answered yet.
    pub(super) waiting: bool,
    /// The posts have changed since it was made.
    pub(super) outdated: bool,
    /// What is shown are the hits so far of the search that is under way.
    pub(super) grows: bool,
    /// Where the cursor stood when the filter prompt was opened, and the reading that the row is of.
    pub(super) opened_at: Option<(Row, u64)>,
    /// The cursor goes back to this post when the answer comes: the prompt was given up.
    pub(super) back_to: Option<Row>,
    /// The cursor goes to the first post when the answer comes: the query itself has changed.
    pub(super) to_top: bool,
}

impl Default for List {
    fn default() -> Self {
        Self {
            view: View::All(0),
            passing: View::All(0),
            hidden: 0,
            outworn: false,
            cursor: 0,
            top: 0,
            text: String::new(),
            query: Arc::new(Query::default()),
            error: None,
            hint: None,
            searched: None,
            generation: 0,
            waiting: false,
            outdated: false,
            opened_at: None,
            back_to: None,
            to_top: false,
            grows: false,
        }
    }
}

impl List {
    /// The post under the cursor.
    pub fn row(&self) -> Option<Row> {
        self.view.get(self.cursor)
    }

    /// Whether the posts shown are those of the newest query.
    pub fn is_settled(&self) -> bool {
        !self.waiting
    }

    /// The posts of another query are still to come: those shown are not the ones asked for.
    pub(super) fn is_turning(&self) -> bool {
        self.waiting && self.to_top
    }

    /// Moves the cursor to a position, as near as there is one, and the window with it.
    pub(super) fn go_to(&mut self, position: usize, rows_on_screen: usize) {
        self.cursor = position.min(self.view.len().saturating_sub(1));
        self.keep_in_sight(rows_on_screen);
    }

    /// Moves the window so that the cursor is in it, with some posts above and below.
    pub(super) fn keep_in_sight(&mut self, rows_on_screen: usize) {
        let rows = rows_on_screen.max(1);
        let margin = 2.min((rows - 1) / 2);
        let lowest_top = (self.cursor + margin + 1).saturating_sub(rows);
        let highest_top = self.cursor.saturating_sub(margin);
        self.top = self.top.clamp(lowest_top.min(highest_top), highest_top.max(lowest_top));
        self.top = self.top.min(self.view.len().saturating_sub(rows));
    }

    /// Takes a new view, the cursor on the same post where that is possible.
    pub(super) fn take(&mut self, view: View, rows_on_screen: usize) {
        let row = self.row();
        let back = self.back_to.and_then(|row| view.position_of(row));
        let place = if std::mem::take(&mut self.to_top) {
            back.or(Some(0))
        } else {
            back.or_else(|| row.and_then(|row| view.position_of(row)))
        };
        if !self.waiting {
            self.back_to = None;
        }
        self.view = view;
        self.go_to(place.unwrap_or(self.cursor), rows_on_screen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_is_always_in_sight_and_the_window_full() {
        for posts in [0_usize, 1, 5, 100] {
            for rows in [0_usize, 1, 2, 3, 10, 200] {
                let mut list = List { view: View::All(posts), ..List::default() };
                for position in [0, 50, 3, 99, 98, 0, 7, 1000] {
                    list.go_to(position, rows);
                    let shown = list.top..list.top + rows.max(1);
                    assert!(shown.contains(&list.cursor), "{posts} {rows} {position}: {shown:?}");
                    assert!(
                        list.top == 0 || list.top + rows <= posts.max(rows),
                        "{posts} {rows}: {}",
                        list.top
                    );
                }
            }
        }
    }
}
