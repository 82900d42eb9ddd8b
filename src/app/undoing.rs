//! Undo and redo: what was decided last is taken back, a stretch at a time where it was about many posts.

use jiff::Timestamp;

use super::{App, Effect};
use crate::model::PostId;
use crate::model::figures::grouped;
use crate::review::{Key, POSTS_PER_RECORD, Record, RecordId, TakingBack, Turn, UndoRefused};

/// As many posts are looked at in the time in which one is taken back.
const LOOKS: usize = 4;

/// A step that is being taken back. Whatever decides waits until that is done.
#[derive(Debug)]
pub struct Undoing {
    step: TakingBack,
    kind: Kind,
    /// Posts that are as they were before.
    back: usize,
    /// The first of them, and what it is now.
    first: Option<(PostId, String)>,
    /// What others have added meanwhile, by root: the step is taken back as it was found.
    late: Vec<(usize, Vec<Record>)>,
}

/// What was asked for.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Undo,
    Redo,
    /// A step that was chosen in the history of a post.
    Chosen,
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

    /// How many of them are still to be taken back.
    pub fn left(&self) -> usize {
        self.len().saturating_sub(self.back)
    }
}

impl App {
    pub(super) fn undo(&mut self, now: Timestamp) {
        if !self.refuses_decisions() {
            let begun = self.reviews.begin_undo();
            self.start_undoing(begun, Kind::Undo, now);
        }
    }

    pub(super) fn redo(&mut self, now: Timestamp) {
        if !self.refuses_decisions() {
            let begun = self.reviews.begin_redo();
            self.start_undoing(begun, Kind::Redo, now);
        }
    }

    /// Takes the step of a record about a post back, whatever was done on other posts since.
    pub(super) fn undo_record(&mut self, id: &RecordId, post: &PostId, now: Timestamp) {
        if !self.refuses_decisions() {
            let begun = self.reviews.begin_undo_record(id, Some(post));
            self.start_undoing(begun, Kind::Chosen, now);
        }
    }

    fn start_undoing(&mut self, begun: Result<TakingBack, UndoRefused>, kind: Kind, now: Timestamp) {
        match begun {
            Ok(step) => {
                self.undoing = Some(Undoing { step, kind, back: 0, first: None, late: Vec::new() });
                self.go_on_undoing(now);
            }
            Err(refused) => self.warn(refused.to_string()),
        }
    }

    /// Goes on with the next stretch.
    pub(super) fn go_on_undoing(&mut self, now: Timestamp) {
        let Some(mut undoing) = self.undoing.take() else { return };
        match self.undo_stretch(&mut undoing, now) {
            Ok(()) if !undoing.step.is_done() => {
                self.undoing = Some(undoing);
                self.ask(Effect::GoOn);
            }
            Ok(()) => {
                self.absorb_late(&mut undoing);
                self.bring_in_line();
                self.tell_undone(&undoing);
            }
            Err(refused) => {
                self.absorb_late(&mut undoing);
                self.warn(refused.to_string());
            }
        }
    }

    /// Whoever leaves does not leave half of it behind.
    pub(super) fn finish_undoing(&mut self, now: Timestamp) {
        while self.undoing.is_some() {
            self.go_on_undoing(now);
        }
    }

    fn undo_stretch(&mut self, undoing: &mut Undoing, now: Timestamp) -> Result<(), UndoRefused> {
        let mut posts = 0;
        while posts < POSTS_PER_RECORD
            && let Some(turn) = self.reviews.take_back(&mut undoing.step, now)?
        {
            match turn {
                Turn::LookedAt(count) => posts += count.div_ceil(LOOKS),
                Turn::Made(record) => posts += self.send_back(*record, undoing),
            }
        }
        Ok(())
    }

    /// Sends a record that takes another back on its way, and shows what holds now; how many posts it is about.
    fn send_back(&mut self, record: Record, undoing: &mut Undoing) -> usize {
        let posts: Vec<PostId> = record.posts().cloned().collect();
        if let (None, Some(post)) = (&undoing.first, posts.first()) {
            undoing.first = Some((post.clone(), told(&record, &record.value_for(post).val)));
        }
        undoing.back += posts.len();
        self.recount_time(&record);
        self.save(record);
        self.places.find(&posts, &self.corpus);
        for post in &posts {
            self.refresh_post(post);
        }
        posts.len()
    }

    fn absorb_late(&mut self, undoing: &mut Undoing) {
        for (root, records) in undoing.late.drain(..) {
            self.absorb(root, records);
        }
    }

    /// Keeps records of others for later while a step is being taken back; gives them back where none is.
    pub(super) fn hold_records(&mut self, root: usize, records: Vec<Record>) -> Option<Vec<Record>> {
        let Some(undoing) = &mut self.undoing else { return Some(records) };
        undoing.late.push((root, records));
        None
    }

    /// Says what has become of a step; the cursor goes to its post.
    fn tell_undone(&mut self, undoing: &Undoing) {
        let count = grouped(undoing.back);
        match (undoing.kind, &undoing.first) {
            (Kind::Chosen, _) if undoing.back > 1 => self.say(format!("Undone on {count} posts")),
            (Kind::Chosen, _) => self.say("Undone"),
            (kind, Some((post, now))) if undoing.back == 1 => {
                self.say(format!("{kind}: {post} {now}"));
                let row = self.places.rows(post).first();
                if let Some(position) = row.and_then(|row| self.list.view.position_of(*row)) {
                    self.go_to(position);
                }
            }
            (kind, _) => self.say(format!("{kind}: {count} posts")),
        }
    }
}

/// What a record that takes another back makes of its post.
fn told(record: &Record, val: &str) -> String {
    match (&record.key, val) {
        (Key::Status, val) => format!("is {val} again"),
        (Key::Note, "") => "has no note again".to_owned(),
        (Key::Note, _) => "has its note again".to_owned(),
        (Key::Check(item), val) => {
            format!("has {:?} {val} again", item.rsplit_once('#').map_or("", |(item, _)| item))
        }
        (Key::Other(other), _) => format!("has another {other} again"),
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Self::Redo) { "Redone" } else { "Undone" })
    }
}
