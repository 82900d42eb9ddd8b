//! Searching texts: what one search has found is where the next one begins.

use std::ops::ControlFlow;

use super::{Posts, Seen, Stop};
use crate::corpus::search::{Sought, search};
use crate::corpus::{Corpus, Row};

/// Hears of the hits so far, how many posts were searched, and of how many.
type Tell<'t> = &'t mut dyn FnMut(&[Row], usize, usize);

/// What the last search over all posts has found.
#[derive(Debug, Default)]
pub(super) struct Texts {
    seen: Seen,
    known: Option<Known>,
}

#[derive(Debug)]
struct Known {
    sought: Vec<Sought>,
    /// In order.
    hits: Vec<Row>,
    /// All rows below were searched; a search may have been broken off.
    searched: u32,
}

impl Known {
    /// The rows that may hold what is sought: those known to hold something wider, and those that
    /// nobody has searched yet.
    fn candidates(&self, corpus: &Corpus) -> Vec<Row> {
        let unsearched = corpus.rows().skip(self.searched as usize);
        self.hits.iter().copied().chain(unsearched).collect()
    }
}

impl Texts {
    /// Turns to a corpus. What was found in another one is forgotten.
    pub(super) fn look_at(&mut self, corpus: &Corpus) {
        if !self.seen.continues(corpus) {
            self.known = None;
        }
    }

    /// The rows that hold everything that is sought. `is_all` tells that they are all there are: then
    /// what is found is remembered.
    pub(super) fn search(
        &mut self,
        rows: Vec<Row>,
        is_all: bool,
        sought: Vec<Sought>,
        posts: Posts<'_>,
        stop: Stop<'_>,
        tell: Tell<'_>,
    ) -> Option<Vec<Row>> {
        let corpus = (posts.sources, posts.corpus);
        let of = rows.len();
        if !is_all {
            return search(&rows, &sought, corpus, stop, &mut |progress| {
                tell(progress.hits, progress.searched, of);
                ControlFlow::Continue(())
            });
        }
        let narrows =
            |known: &&Known| known.sought.iter().all(|wide| sought.iter().any(|narrow| narrow.narrows(wide)));
        let known = self.known.take();
        let rows = match known.as_ref().filter(|known| known.sought == sought || narrows(known)) {
            Some(known) => known.candidates(posts.corpus),
            None => rows,
        };
        let mut now = Known { sought, hits: Vec::new(), searched: 0 };
        let found = search(&rows, &now.sought, corpus, stop, &mut |progress| {
            let last = progress.searched.checked_sub(1).and_then(|last| rows.get(last));
            now.searched = last.map_or(0, |row| row.0 + 1);
            now.hits = progress.hits.to_vec();
            tell(progress.hits, now.searched as usize, of);
            ControlFlow::Continue(())
        });
        if let Some(found) = &found {
            now.hits.clone_from(found);
            now.searched = u32::try_from(posts.corpus.len()).unwrap_or(u32::MAX);
        }
        // A search that was broken off at once knows less than the one before.
        self.known = if now.searched == 0 { known } else { Some(now) };
        found
    }
}
