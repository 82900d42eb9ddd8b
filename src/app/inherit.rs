//! A post that only changed its id is offered the decision on its text: that of an orphan, a post
//! that was decided on and is not there any more.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{Action, App, Effect};
use crate::model::{Digest, PostId, Status};
use crate::page::Inheritance;
use crate::query::OtherLog;
use crate::review::{Former, Key};

/// Decided posts that are looked at in one stretch.
const POSTS: usize = 16_384;

/// The orphans by the texts they were decided on.
#[derive(Debug, Default)]
pub(super) struct Orphans {
    /// The next of the posts that records are about, in the order in which they were met.
    next: usize,
    by_text: HashMap<Digest, Vec<PostId>>,
    /// All of the decided posts were looked at.
    are_known: bool,
}

impl Orphans {
    fn add(&mut self, id: &PostId, texts: Vec<Digest>) {
        for text in texts {
            let ids = self.by_text.entry(text).or_default();
            if !ids.contains(id) {
                ids.push(id.clone());
            }
        }
    }
}

impl App {
    /// Whether it is known which posts there are, and what was decided on them.
    fn knows_orphans(&self) -> bool {
        self.replayed && self.settling.is_none() && self.loading.is_none()
    }

    /// Looks for orphans among the decided posts that were not looked at yet, a stretch at a time.
    pub(super) fn seek_orphans(&mut self) {
        if !self.knows_orphans() {
            return;
        }
        let state = self.reviews.state();
        let end = state.posts_met();
        let stretch = self.orphans.next..end.min(self.orphans.next.saturating_add(POSTS));
        self.orphans.next = stretch.end;
        for id in stretch.filter_map(|number| state.decided_post(number)).map(PostId::new) {
            if self.places.rows(&id).is_empty() {
                self.orphans.add(&id, state.status_texts(&id));
            }
        }
        if self.orphans.next < end {
            self.ask(Effect::GoOn);
        } else if !std::mem::replace(&mut self.orphans.are_known, true) {
            self.ask(Effect::FindOtherLogs(self.reading));
        }
        self.refresh_inheritance();
    }

    /// Says which logs decide on posts that nobody has decided on here.
    pub(super) fn tell_other_logs(&mut self, logs: &[OtherLog]) {
        let state = self.reviews.state();
        let is_open = |row| self.corpus.get(row).is_some_and(|post| !state.has(post.id()));
        let into = if self.sources.roots().len() == 1 { self.log_name.as_str() } else { "LOG" };
        let told: Vec<String> = logs.iter().filter_map(|log| log.told(is_open, into)).collect();
        match told.as_slice() {
            [] => {}
            [one] => self.warn(one.clone()),
            [first, more @ ..] => {
                self.warn(format!("{first}; so do {} more, which copydesk check names", more.len()));
            }
        }
    }

    /// Somebody else has decided on a post that may not be there.
    pub(super) fn meet_orphan(&mut self, id: &PostId) {
        if self.places.rows(id).is_empty() {
            self.orphans.add(id, self.reviews.state().status_texts(id));
        }
    }

    /// Looks whether the post under the cursor can inherit a decision.
    pub(super) fn refresh_inheritance(&mut self) {
        let inheritance = self.inheritance();
        if self.detail.inheritance != inheritance {
            self.detail.inheritance = inheritance;
            self.detail.unset();
        }
    }

    fn inheritance(&self) -> Option<Inheritance> {
        let (post, digest) = (self.detail.post.as_ref()?, self.detail.digest?);
        if !self.knows_orphans() || self.detail.standing.decided != Status::Unreviewed {
            return None;
        }
        let ids = self.orphans.by_text.get(&digest)?;
        // What was an orphan may be there again, and its decision may be another now.
        let orphans = ids.iter().filter(|id| **id != post.id && self.places.rows(id).is_empty());
        let decisions = orphans.map(|id| (id, self.reviews.state().standing(id, Some(digest), &[]))).filter(
            |(_, standing)| {
                !standing.stale && !matches!(standing.decided, Status::Unreviewed | Status::Unknown)
            },
        );
        let (id, standing) =
            decisions.max_by_key(|(id, standing)| (standing.decided.caution(), standing.at, *id))?;
        let key = self.keymap.keys(Action::TakeOver).first().map(ToString::to_string).unwrap_or_default();
        Some(Inheritance { id: id.clone(), standing, key })
    }

    /// Takes the decision over that is offered.
    pub(super) fn take_over(&mut self, now: Timestamp) {
        let Some(subject) = self.subject() else { return };
        let Some(Inheritance { id, standing, .. }) = self.detail.inheritance.clone() else {
            self.say("There is no decision to take over: no post that is gone had exactly this text");
            return;
        };
        let said = format!("Taken over from {id}: {}", standing.decided);
        let value = Former {
            val: standing.decided.name().to_owned(),
            why: standing.why,
            note: standing.note.filter(|note| !note.is_empty()),
        };
        self.decide_from(&subject, Key::Status, value, Some(id), now);
        self.go_to_unreviewed(true);
        self.say(said);
    }
}
