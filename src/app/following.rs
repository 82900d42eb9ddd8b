//! The files change while the desk is open: posts are added, or all of them come again.

use super::inherit::Orphans;
use super::places::Places;
use super::{App, Effect, Loading};
use crate::corpus::body::BodyError;
use crate::corpus::{Corpus, Problem, Row, Segment, Sources};
use crate::model::PostId;
use crate::query::{Standings, View};

/// Where the cursor stood before all posts came again.
#[derive(Debug)]
pub(super) struct Stood {
    id: PostId,
    position: usize,
}

impl App {
    /// All posts come again, from these sources. The cursor goes back to its post when it comes.
    /// `left_out` are the files that are left out now, if they were looked at again.
    pub(super) fn restart(&mut self, sources: Sources, left_out: Option<Vec<Problem>>) {
        let under_cursor = self.list.row().and_then(|row| self.corpus.get(row));
        if let Some(post) = under_cursor {
            self.stood = Some(Stood { id: PostId::new(post.id()), position: self.list.cursor });
        }
        self.forget_held("The posts changed");
        if let Some(left_out) = left_out {
            let settings = std::mem::take(&mut self.settings_file);
            self.problems.retain(|problem| problem.line.is_some() || problem.file == settings);
            self.settings_file = settings;
            self.problems.extend(left_out);
        }
        let ours: std::collections::HashSet<&str> =
            self.sources.iter().map(crate::corpus::Source::name).collect();
        self.problems.retain(|problem| !ours.contains(problem.file.as_str()));
        self.problems_beyond = 0;
        self.loading = Some(Loading::begin(sources.total_bytes()));
        self.sources = sources;
        self.corpus = Corpus::default();
        self.standings = Standings::default();
        self.places = Places::default();
        self.orphans = Orphans::default();
        self.reading += 1;
        self.drop_marks();
        self.detail.turn_to(None);
        self.list.view = View::All(0);
        self.list.passing = View::All(0);
        self.list.cursor = 0;
        self.list.back_to = None;
        self.run_filter();
    }

    /// A file has grown. What stood behind `covered` was not finished, and comes again.
    pub(super) fn grow(&mut self, sources: Sources, covered: u64) {
        self.problems.retain(|problem| {
            problem.offset < covered || self.sources.get(0).is_none_or(|source| source.name() != problem.file)
        });
        self.sources = sources;
        let before = self.corpus.len();
        self.corpus.take_back(covered);
        if self.corpus.len() < before {
            // Its number may soon be that of another post, so no answer to an older question counts.
            self.reading += 1;
            self.standings.truncate(self.corpus.len());
            self.places.take_back(self.corpus.len());
            self.orphans = Orphans::default();
            self.marks.truncate(self.corpus.len());
            self.drop_bulk();
            let is_gone = self.detail.row.is_some_and(|row| row.index() >= self.corpus.len());
            if is_gone {
                self.forget_held("The posts changed");
                let id = self.detail.post.as_ref().map(|post| post.id.clone());
                self.stood = id.map(|id| Stood { id, position: self.list.cursor });
            }
            // An answer that is on its way counts for nothing now, so it is asked for again.
            if is_gone || self.detail.is_waiting() {
                self.detail.turn_to(None);
            }
            let len = self.corpus.len();
            let cut = |view: &View| match view {
                View::All(_) => View::All(len),
                View::Rows(rows) => {
                    View::Rows(rows.iter().copied().filter(|row| row.index() < len).collect())
                }
            };
            self.list.view = cut(&self.list.view);
            self.list.passing = cut(&self.list.passing);
            self.follow_cursor();
            self.run_filter();
        }
    }

    /// Keys that were pressed before something changed were meant for what was seen then. What was said
    /// meanwhile stays.
    pub(super) fn forget_held(&mut self, why: &str) {
        let count = std::mem::take(&mut self.held).len();
        if count == 0 {
            return;
        }
        let keys = if count == 1 { "1 key" } else { &format!("{count} keys") };
        let said = self.notice.take().map(|notice| format!("{}. ", notice.text)).unwrap_or_default();
        let were = if count == 1 { "was" } else { "were" };
        self.warn(format!("{said}{why}: {keys} pressed before that {were} not taken"));
    }

    /// Looks among new posts for the one that the cursor stood on.
    pub(super) fn look_for_stood(&mut self, segment: &Segment, start: Row) {
        let Some(stood) = &self.stood else { return };
        let found = segment.ids().find(stood.id.as_str()).next();
        let row = found.and_then(|at| u32::try_from(at).ok()).map(|at| Row(start.0 + at));
        if let Some(position) = row.and_then(|row| self.list.view.position_of(row)) {
            self.stood = None;
            self.go_to(position);
        }
    }

    /// Every post is there: the one that the cursor stood on is found now, or is gone.
    pub(super) fn give_up_stood(&mut self) {
        if self.list.waiting {
            // The filter has not looked at all of them yet.
            return;
        }
        let Some(stood) = self.stood.take() else { return };
        let rows = self.corpus.rows_with_id(stood.id.as_str());
        let found = rows.into_iter().find_map(|row| self.list.view.position_of(row));
        self.go_to(found.unwrap_or(stood.position));
    }

    /// Says why a post cannot be shown; if it is not where it was, the files are read again.
    pub(super) fn missed(&mut self, error: &BodyError) {
        if matches!(error, BodyError::Changed { .. }) && self.loading.is_none() {
            self.ask(Effect::Reread);
        }
        self.detail.error = Some(error.to_string());
    }
}
