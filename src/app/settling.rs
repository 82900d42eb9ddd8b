//! Sets what was decided before against the posts that are there, a stretch at a time: a million
//! decided posts must not keep a key waiting.

use super::inherit::Orphans;
use super::{App, Effect};
use crate::corpus::Row;
use crate::model::PostId;
use crate::query::Standings;
use crate::review::Reviews;

/// Posts that are looked at in one stretch.
const ROWS: usize = 16_384;
/// Posts among them that were decided on, each of which takes longer.
const DECIDED: usize = 1_024;

/// How far it is.
#[derive(Debug, Default)]
pub(super) struct Settling {
    /// The next row. Posts that come later are set against the decisions as they come.
    next: usize,
    end: usize,
    /// The log was read to its end.
    is_replayed: bool,
    /// Why decisions cannot be saved, if they cannot.
    read_only: Option<String>,
}

impl App {
    /// Takes in what was decided before.
    pub(super) fn take_past(&mut self, past: Reviews) {
        self.reviews.go_on_from(past);
        // Growing in the midst of it would hold a key up.
        self.places.reserve(self.reviews.state().posts_met().min(self.corpus.len()));
        self.settling = Some(Settling { end: self.corpus.len(), ..Settling::default() });
        self.settle();
    }

    /// A step is under way that is about the decisions as they were when it began.
    pub(super) fn is_amid_step(&self) -> bool {
        self.undoing.is_some() || self.bulk.is_some() || self.seeking.is_some()
    }

    /// The logs hold something else than what was read of them: that takes the place of what is known here. What is
    /// still on its way to them stays.
    pub(super) fn take_anew(&mut self, anew: Reviews, read_only: Option<String>) {
        if self.is_amid_step() {
            self.must_read_logs = true;
            return;
        }
        let before = self.reviews.begin_anew(anew);
        for id in self.saving.unwritten_ids() {
            self.reviews.turn_to(before.log_of(id));
            before.state().record(id).map(|record| self.reviews.absorb(record));
        }
        self.standings = Standings::default();
        self.standings.resize(self.corpus.len());
        self.orphans = Orphans::default();
        self.replayed = false;
        let end = self.corpus.len();
        self.settling = Some(Settling { end, is_replayed: true, read_only, ..Settling::default() });
        self.settle();
        if let Some(post) = self.history.as_ref().map(|history| history.post.clone()) {
            self.refresh_history(&post);
        }
        if let Some(row) = self.detail.row {
            self.refresh_standing(row);
        }
        self.ask(Effect::FindLost(Box::new(before)));
    }

    /// Goes on with the next stretch.
    pub(super) fn settle(&mut self) {
        let Some(mut settling) = self.settling.take() else { return };
        if self.reviews.state().is_empty() {
            settling.next = settling.end;
        }
        let (mut looked_at, mut decided) = (0, 0);
        while settling.next < settling.end && looked_at < ROWS && decided < DECIDED {
            let row = Row(u32::try_from(settling.next).unwrap_or(u32::MAX));
            settling.next += 1;
            looked_at += 1;
            let Some(post) = self.corpus.get(row) else { continue };
            if self.reviews.state().has(post.id()) {
                self.places.add(&PostId::new(post.id()), row);
                self.refresh_standing(row);
                decided += 1;
            }
        }
        if settling.next < settling.end {
            self.settling = Some(settling);
            self.ask(Effect::GoOn);
        } else if settling.is_replayed {
            self.end_replay(settling.read_only);
        }
    }

    /// The log was read to its end. From here on, once all is settled, decisions are taken.
    pub(super) fn end_replay(&mut self, read_only: Option<String>) {
        if let Some(settling) = &mut self.settling {
            (settling.is_replayed, settling.read_only) = (true, read_only);
            return;
        }
        self.replayed = true;
        self.recent_ms = self.reviews.state().pace(self.reviews.by()).recent_ms.into();
        if self.loading.is_none() {
            self.verify_decided();
        }
        self.filter_again();
        self.begin_at_unreviewed();
        if let Some(why) = &read_only {
            self.warn(format!("Decisions cannot be saved, so none are taken: {why}"));
        }
        self.saving.set_read_only(read_only);
        self.seek_orphans();
    }
}
