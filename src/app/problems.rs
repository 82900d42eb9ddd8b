//! From a problem to the post that it is about.

use super::{App, Pane};
use crate::corpus::{Problem, Row, RowRef, Severity};

impl App {
    /// Whether the record of a problem became a post: one that was left out did not.
    pub fn has_post(&self, at: usize) -> bool {
        let problem = self.problems.get(at);
        problem
            .is_some_and(|problem| problem.severity == Severity::Doubt && problem.file != self.settings_file)
    }

    /// Goes to the post of a problem, if its record is one, and closes the problems.
    pub(super) fn go_to_problem(&mut self, at: usize) {
        let Some(problem) = self.problems.get(at) else { return };
        let Some(row) = self.row_of_problem(problem) else {
            self.warn(
                "This record is no post, so there is no post to go to; the problem says where it stands",
            );
            return;
        };
        match self.list.view.position_of(row) {
            Some(position) => {
                self.popup = None;
                self.focus = Pane::List;
                self.go_to(position);
            }
            None => {
                self.warn("The post of this problem is not in the list now; clear the filter to go there");
            }
        }
    }

    /// The row whose record holds the place of a problem. Looks at every row, at a key only.
    fn row_of_problem(&self, problem: &Problem) -> Option<Row> {
        let holds = |post: RowRef<'_>| {
            let place = post.place();
            let is_there = (place.offset..place.offset + u64::from(place.length)).contains(&problem.offset);
            is_there && self.sources.get(post.source()).is_some_and(|source| source.name() == problem.file)
        };
        self.corpus.rows().find(|row| self.corpus.get(*row).is_some_and(holds))
    }
}
