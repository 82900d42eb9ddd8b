//! Undo and redo, a stretch at a time where a step is about many posts.

use jiff::Timestamp;

use super::told::capital;
use super::{App, Effect};
use crate::model::PostId;
use crate::model::figures::grouped;
use crate::review::{Key, RecordId, Undo, UndoRefused};

/// A step that is being undone or redone. Whatever decides waits until that is done.
#[derive(Debug)]
pub struct Undoing {
    step: Undo,
    /// It was chosen in the history of a post.
    is_chosen: bool,
    /// Posts that were done so far.
    done: usize,
    /// The first of them, and what is undone of it.
    first: Option<(PostId, Key)>,
}

impl Undoing {
    /// How many posts there are.
    pub fn len(&self) -> usize {
        self.step.posts()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many of them are still to be done.
    pub fn left(&self) -> usize {
        self.len().saturating_sub(self.done)
    }
}

impl App {
    pub(super) fn undo(&mut self, now: Timestamp) {
        if !self.refuses_decisions() && !self.refuses_unseen() {
            let begun = self.reviews.begin_undo();
            self.start_undoing(begun, false, now);
        }
    }

    pub(super) fn redo(&mut self, now: Timestamp) {
        if !self.refuses_decisions() && !self.refuses_unseen() {
            let begun = self.reviews.begin_redo();
            self.start_undoing(begun, false, now);
        }
    }

    /// Undoes the step of a record about a post, whatever was done on other posts since.
    pub(super) fn undo_record(&mut self, id: &RecordId, post: &PostId, now: Timestamp) {
        if !self.refuses_decisions() && !self.refuses_unseen() {
            let begun = self.reviews.begin_undo_record(id, Some(post));
            self.start_undoing(begun, true, now);
        }
    }

    fn start_undoing(&mut self, begun: Result<Undo, UndoRefused>, is_chosen: bool, now: Timestamp) {
        match begun {
            Ok(step) => {
                self.undoing = Some(Undoing { step, is_chosen, done: 0, first: None });
                self.go_on_undoing(now);
            }
            Err(refused) => self.warn(refused.to_string()),
        }
    }

    /// Goes on with the next stretch.
    pub(super) fn go_on_undoing(&mut self, now: Timestamp) {
        let Some(mut undoing) = self.undoing.take() else { return };
        let records = self.reviews.go_on_undoing(&mut undoing.step, now);
        let mut posts: Vec<PostId> = Vec::new();
        for record in records {
            let before = posts.len();
            posts.extend(record.posts().cloned());
            undoing.done += posts.len() - before;
            if undoing.first.is_none() {
                undoing.first = posts.first().map(|post| (post.clone(), record.key.clone()));
            }
            self.recount_time(&record);
            self.save(record);
        }
        posts.sort();
        posts.dedup();
        self.places.find(&posts, &self.corpus);
        for post in &posts {
            self.refresh_post(post);
        }
        if undoing.step.is_done() {
            self.bring_in_line();
            self.tell_undone(&undoing);
        } else {
            self.undoing = Some(undoing);
            self.ask(Effect::GoOn);
        }
    }

    /// Whoever leaves does not leave half of it behind.
    pub(super) fn finish_undoing(&mut self, now: Timestamp) {
        while self.undoing.is_some() {
            self.go_on_undoing(now);
        }
    }

    /// Says what was undone; the cursor goes to its post.
    fn tell_undone(&mut self, undoing: &Undoing) {
        let Undoing { step, is_chosen, done, first } = undoing;
        let verb = capital(if step.is_redo() { "redone" } else { "undone" });
        let unchanged = step.unchanged();
        let said = match first {
            Some((post, key)) if *done == 1 && unchanged.count == 0 => {
                if !is_chosen {
                    let row = self.places.rows(post).first();
                    if let Some(position) = row.and_then(|row| self.list.view.position_of(*row)) {
                        self.go_to(position);
                    }
                }
                format!("{verb}: {post} {}", self.told_now(post, key))
            }
            _ if *done == 1 => verb,
            _ => format!("{verb}: {} posts", grouped(*done)),
        };
        if unchanged.count == 0 {
            self.say(said);
        } else {
            self.warn(format!("{said}. {unchanged}"));
        }
    }

    /// What a post is after its decision on a key was undone or redone.
    fn told_now(&self, post: &PostId, key: &Key) -> String {
        let row = self.places.rows(post).first().copied();
        match key {
            Key::Status => {
                let status = row.map(|row| self.standings.get(row).decided).unwrap_or_default();
                format!("is {status} again")
            }
            Key::Note => "has the note again that it had before".to_owned(),
            Key::Check(item) => {
                let item = item.rsplit_once('#').map_or(item.as_str(), |(item, _)| item);
                format!("has {item:?} as before")
            }
            Key::Other(other) => format!("has {other} as before"),
        }
    }
}
