//! Decisions: made, undone, kept up with those of others.

use std::collections::HashSet;

use jiff::Timestamp;

use super::told::{TICK_WIDTH, capital};
use super::{Action, App, Effect, FlagPrompt, KeyCode, KeyPress, Line, Prompt, Why};
use crate::corpus::{Row, RowRef, Source};
use crate::model::checklist::tick_names;
use crate::model::{Digest, Outline, PostId, Status, safe};
use crate::page::cut;
use crate::review::{Beside, Change, Former, Key, Record, Standing};

/// A post that is being decided on, by exactly the text that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its row.
    pub row: Row,
    /// Its id.
    pub id: PostId,
    /// The digest of what was shown.
    pub digest: Digest,
    /// The number of the root that it came from, in `Sources::roots`: files may change before the
    /// decision is made.
    pub root: usize,
    /// The reading that the row is of.
    pub reading: u64,
}

impl App {
    /// Nothing is decided where nothing can be saved; says so.
    pub(super) fn refuses_decisions(&mut self) -> bool {
        let why = self.saving.read_only().map(str::to_owned);
        if let Some(why) = &why {
            self.warn(format!("Not decided: {why}"));
        }
        why.is_some()
    }

    /// The same where nothing of a post can be seen. Posts that are decided on together are told in the question.
    pub(super) fn refuses_unseen(&mut self) -> bool {
        let is_unseen = !self.areas().show_post();
        if is_unseen {
            self.warn("Not decided: nothing of the post is shown in a window so small; make it larger");
        }
        is_unseen
    }

    /// The post under the cursor, if a decision on it can be taken; says so where it cannot.
    pub(super) fn subject(&mut self) -> Option<Subject> {
        if self.refuses_decisions() || self.refuses_unseen() {
            return None;
        }
        match (self.detail.row, &self.detail.post, self.detail.digest) {
            (Some(row), Some(post), Some(digest)) => {
                let (id, root, reading) = (post.id.clone(), self.root_of(row), self.reading);
                Some(Subject { row, id, digest, root, reading })
            }
            (Some(_), ..) => {
                self.warn("Not decided: the text of this post could not be read, so nobody can vouch for it");
                None
            }
            (None, ..) => {
                self.say("There is no post under the cursor");
                None
            }
        }
    }

    /// Gives the post under the cursor a status and goes on to the next unreviewed one.
    pub(super) fn decide_status(&mut self, status: Status, now: Timestamp) {
        if self.has_marks() {
            self.open_bulk_of_marks(status, "");
            return;
        }
        if let Some(subject) = self.subject() {
            let ticked = self.unticked().filter(|_| status == Status::Reviewed);
            if ticked.is_some() && self.asks_for_ticks(&subject) {
                return;
            }
            let ticked = ticked.map(|ticked| format!(", {ticked}")).unwrap_or_default();
            let was = self.told_before(&subject, status, &[]);
            self.decide(&subject, Key::Status, status.name(), Vec::new(), None, now);
            if status == Status::Unreviewed {
                self.say(format!("Unreviewed again{was}"));
            } else {
                self.go_on_saying(format!("{} {}{ticked}{was}", capital(status.name()), subject.id));
            }
        }
    }

    /// After a decision, to the next unreviewed post, unless that is not wanted.
    pub(super) fn go_on(&mut self) {
        if self.settings.auto_advance {
            self.go_to_unreviewed(true);
        }
    }

    fn decide(
        &mut self,
        subject: &Subject,
        key: Key,
        val: &str,
        why: Vec<String>,
        note: Option<String>,
        now: Timestamp,
    ) {
        self.decide_from(subject, key, Former { val: val.to_owned(), why, note }, None, now);
    }

    /// The same; `from` is the id whose decision is taken over.
    pub(super) fn decide_from(
        &mut self,
        subject: &Subject,
        key: Key,
        value: Former,
        from: Option<PostId>,
        now: Timestamp,
    ) {
        self.places.find(std::slice::from_ref(&subject.id), &self.corpus);
        let (post, Former { val, why, note }) = (subject.id.clone(), value);
        let siblings = self.places.siblings(&post, Some(subject.digest));
        let change = Change { post, hash: subject.digest, siblings, key, val, why, note };
        let is_shown = self.detail.digest == Some(subject.digest) && change.key == Key::Status;
        let shown = self.detail.post.as_ref().filter(|_| is_shown);
        let outline = shown.map(|post| Outline::of_post(post));
        let beside = Beside { ms: Some(self.attention.spent_ms), outline, from };
        let is_status = change.key == Key::Status;
        self.reviews.turn_to(subject.root);
        if let Some(record) = self.reviews.decide_beside(change, beside, now) {
            if is_status {
                self.count_time();
            }
            self.save(record);
        } else if self.saving.has_lost() {
            // It holds here, and is in no log any more.
            self.ask(Effect::WriteLost);
        }
        self.refresh_post(&subject.id);
        // Other posts may have the same id, and the next key on this one waits for their texts.
        self.verify_decided();
    }

    /// The root that the post of a row came from.
    pub(super) fn root_of(&self, row: Row) -> usize {
        let source = self.corpus.get(row).map(RowRef::source);
        source.and_then(|source| self.sources.get(source)).map_or(0, Source::root)
    }

    /// Sends a record to its review log.
    pub(super) fn save(&mut self, record: Record) {
        let root = self.reviews.log_of(&record.id);
        self.saving.made(record.id.clone());
        self.ask(Effect::Save { root, record: Box::new(record) });
    }

    pub(super) fn open_flag_prompt(&mut self) {
        if self.has_marks() {
            self.open_bulk_of_marks(Status::Flagged, "");
            return;
        }
        if let Some(subject) = self.subject() {
            // What a flag says already is there to be changed, not to be lost.
            let standing = &self.detail.standing;
            let flagged = standing.decided == Status::Flagged;
            let reasons = if flagged { standing.why.join(", ") } else { String::new() };
            let note = standing.note.as_deref().filter(|_| flagged).unwrap_or_default();
            self.prompt = Some(Prompt::Flag(FlagPrompt { subject, why: Why::new(&reasons, note) }));
        }
    }

    pub(super) fn press_in_flag(&mut self, mut prompt: FlagPrompt, key: KeyPress, now: Timestamp) {
        match prompt.why.press(key, &self.settings.reasons) {
            // The note was on the line: where it is gone, it was taken away.
            Ok(Some((reasons, note))) => {
                self.flag(&prompt.subject, reasons, note.or_else(|| Some(String::new())), now);
            }
            Ok(None) => self.prompt = Some(Prompt::Flag(prompt)),
            Err(refused) => {
                self.warn(refused);
                self.prompt = Some(Prompt::Flag(prompt));
            }
        }
    }

    fn flag(&mut self, subject: &Subject, reasons: Vec<String>, note: Option<String>, now: Timestamp) {
        let said = self.told_why(&reasons, note.as_deref().filter(|note| !note.is_empty()));
        let was = self.told_before(subject, Status::Flagged, &reasons);
        self.last_reasons = Some(reasons.clone());
        self.decide(subject, Key::Status, Status::Flagged.name(), reasons, note, now);
        self.go_on_saying(format!("Flagged {}: {said}{was}", subject.id));
    }

    /// Flags with the reasons of the last flag.
    pub(super) fn flag_again(&mut self, now: Timestamp) {
        let Some(reasons) = self.last_reasons.clone() else {
            self.say("Nothing was flagged in this run yet, so there is no reason to give again");
            return;
        };
        if self.has_marks() {
            self.open_bulk_of_marks(Status::Flagged, &reasons.join(", "));
            return;
        }
        if let Some(subject) = self.subject() {
            self.flag(&subject, reasons, None, now);
        }
    }

    pub(super) fn open_note_prompt(&mut self) {
        if let Some(subject) = self.subject() {
            let line = Line::new(self.detail.standing.note.as_deref().unwrap_or_default());
            self.prompt = Some(Prompt::Note { line, subject });
        }
    }

    pub(super) fn press_in_note(&mut self, mut line: Line, subject: Subject, key: KeyPress, now: Timestamp) {
        if key.code == KeyCode::Enter {
            self.keep_note(&subject, line.text().trim(), now);
            return;
        }
        line.press(key);
        self.prompt = Some(Prompt::Note { line, subject });
    }

    /// Puts a note on a post; an empty one takes the old one away.
    pub(super) fn keep_note(&mut self, subject: &Subject, note: &str, now: Timestamp) {
        let before = self.detail.standing.note.clone().filter(|_| self.detail.row == Some(subject.row));
        let said = match (note, before.as_deref()) {
            (_, before) if before.unwrap_or_default() == note => {
                format!("The note on {} is as it was", subject.id)
            }
            ("", _) => format!("Took the note on {} away", subject.id),
            (_, None) => format!("Kept the note on {}", subject.id),
            (_, Some(_)) => {
                let history = self.keymap.names(Action::History);
                format!("Changed the note on {}; {history} shows what it was", subject.id)
            }
        };
        self.decide(subject, Key::Note, note, Vec::new(), None, now);
        self.say(said);
    }

    /// Ticks an item of the checklist, or takes its tick away.
    pub(super) fn tick(&mut self, item: u8, now: Timestamp) {
        let Some(subject) = self.subject() else { return };
        let names = self.detail.post.as_ref().map(|post| tick_names(post.checklist())).unwrap_or_default();
        let Some(name) = usize::from(item).checked_sub(1).and_then(|at| names.get(at)) else {
            self.say(format!("This checklist has {} items", names.len()));
            return;
        };
        let val = if self.detail.standing.done.contains(name) { "open" } else { "done" };
        let sign = if val == "done" { "[x]" } else { "[ ]" };
        let words = name.rsplit_once('#').map_or(name.as_str(), |(words, _)| words);
        let said = format!("{sign} {item} {} of {}", cut(safe(words).as_str(), TICK_WIDTH), subject.id);
        self.decide(&subject, Key::Check(name.clone()), val, Vec::new(), None, now);
        self.say(said);
    }

    /// Records that somebody else has added to the log of a root.
    pub(super) fn absorb(&mut self, root: usize, records: Vec<Record>) {
        self.reviews.turn_to(root);
        let mut posts: Vec<PostId> = Vec::new();
        let mut decided: Vec<PostId> = Vec::new();
        for record in records {
            let touched: Vec<PostId> = record.posts().cloned().collect();
            let is_status = record.key == Key::Status;
            if self.reviews.absorb(record) {
                if is_status {
                    decided.extend_from_slice(&touched);
                }
                posts.extend(touched);
            }
        }
        posts.sort();
        posts.dedup();
        self.places.find(&posts, &self.corpus);
        for post in &posts {
            self.refresh_post(post);
            self.meet_orphan(post);
        }
        self.overtake_bulk(&decided);
        if !posts.is_empty() {
            self.refresh_inheritance();
        }
        if self.replayed && !posts.is_empty() {
            self.verify_decided();
            self.filter_again();
        }
    }

    /// Asks for the digests of the decided posts that were not met yet.
    pub(super) fn verify_decided(&mut self) {
        let unknown = self.places.take_unmet();
        if !unknown.is_empty() {
            self.ask(Effect::Verify(unknown, self.reading));
        }
    }

    /// Takes in digests; `None` for a post that could not be read.
    pub(super) fn verified(&mut self, digests: Vec<(Row, Option<Digest>)>) {
        let mut posts = HashSet::new();
        for (row, digest) in digests {
            match digest {
                Some(digest) => self.places.set_digest(row, digest),
                None => self.places.set_unreadable(row),
            }
            posts.extend(self.corpus.get(row).map(|row| PostId::new(row.id())));
        }
        // All posts with an id are judged again: each of their texts tells which decisions are of another one.
        posts.retain(|post| !self.places.are_twins_unmet(post));
        posts.iter().for_each(|post| self.refresh_post(post));
        self.filter_again();
        self.verify_decided();
    }

    pub(super) fn refresh_post(&mut self, id: &PostId) {
        for row in self.places.rows(id).to_vec() {
            self.refresh_standing(row);
        }
        self.refresh_history(id);
    }

    /// Brings what is shown of a row in line with the decisions.
    pub(super) fn refresh_standing(&mut self, row: Row) {
        let Some(id) = self.corpus.get(row).map(|row| PostId::new(row.id())) else { return };
        let digest = self.places.digest(row);
        let is_unread = digest.is_none() && self.places.rows(&id).len() > 1;
        let standing = if is_unread || self.places.are_twins_unmet(&id) {
            // Which of the posts with this id was decided on is only known with all of their digests.
            Standing::default()
        } else {
            self.reviews.state().standing(&id, digest, &self.places.siblings(&id, digest))
        };
        let was_hidden = self.is_hidden(row);
        self.standings.judge(row, &standing);
        self.list.outworn |= self.settings.hide_decided && was_hidden != self.is_hidden(row);
        if self.detail.row == Some(row) {
            self.detail.standing = standing;
            self.refresh_changes();
            self.refresh_inheritance();
            self.detail.unset();
        }
    }
}
