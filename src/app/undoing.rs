//! Undo and redo: what was decided last is taken back, a stretch at a time where it was about many posts.

use jiff::Timestamp;

use super::told::capital;
use super::{Action, App, Effect};
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
    /// The reviewer was told that nothing of it can be taken back, and wants it passed over.
    passes: bool,
    /// What was passed over before, to be said behind a sentence; blank where nothing was.
    passed: String,
    /// It took longer than a stretch.
    is_long: bool,
    /// Posts that are as they were before.
    back: usize,
    /// The first of them, and what it is now.
    first: Option<(PostId, String)>,
    /// What others have added meanwhile, by root: the step is taken back as it was found.
    late: Vec<(usize, Vec<Record>)>,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Undo,
    Redo,
    /// A step that was chosen in the history of a post.
    Chosen,
}

impl Undoing {
    fn new(step: TakingBack, kind: Kind) -> Self {
        let (passed, late) = (String::new(), Vec::new());
        Self { step, kind, passes: false, passed, is_long: false, back: 0, first: None, late }
    }

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
        self.len().saturating_sub(self.back + self.step.left_out().count)
    }
}

impl Kind {
    /// What asks for it; none for a step that was chosen.
    pub(super) fn action(self) -> Option<Action> {
        match self {
            Self::Undo => Some(Action::Undo),
            Self::Redo => Some(Action::Redo),
            Self::Chosen => None,
        }
    }

    pub(super) fn participle(self) -> &'static str {
        if self == Self::Redo { "redone" } else { "undone" }
    }
}

impl App {
    pub(super) fn undo(&mut self, now: Timestamp) {
        self.take_last_back(Kind::Undo, now);
    }

    pub(super) fn redo(&mut self, now: Timestamp) {
        self.take_last_back(Kind::Redo, now);
    }

    /// Takes the last step back, or the rest of it where that is the answer to a question.
    fn take_last_back(&mut self, kind: Kind, now: Timestamp) {
        let asked = self.rest_question.take();
        if self.refuses_decisions() || self.refuses_unseen() {
            return;
        }
        let Some(asked) = asked else {
            self.begin_last(kind, String::new(), now);
            return;
        };
        match self.reviews.begin_rest(&asked.step) {
            Ok(step) => {
                let passes = asked.step.is_all_left_out();
                self.start_undoing(Undoing { passes, ..Undoing::new(step, kind) }, now);
            }
            Err(refused) => self.warn(refused.to_string()),
        }
    }

    fn begin_last(&mut self, kind: Kind, passed: String, now: Timestamp) {
        let begun = if kind == Kind::Redo { self.reviews.begin_redo() } else { self.reviews.begin_undo() };
        match begun {
            Ok(step) => self.start_undoing(Undoing { passed, ..Undoing::new(step, kind) }, now),
            Err(refused) => self.warn(format!("{refused}{passed}")),
        }
    }

    /// Takes the step of a record about a post back, whatever was done on other posts since.
    pub(super) fn undo_record(&mut self, id: &RecordId, post: &PostId, now: Timestamp) {
        if !self.refuses_decisions() && !self.refuses_unseen() {
            match self.reviews.begin_undo_record(id, Some(post)) {
                Ok(step) => self.start_undoing(Undoing::new(step, Kind::Chosen), now),
                Err(refused) => self.warn(refused.to_string()),
            }
        }
    }

    fn start_undoing(&mut self, undoing: Undoing, now: Timestamp) {
        self.undoing = Some(undoing);
        self.go_on_undoing(now);
    }

    /// Goes on with the next stretch.
    pub(super) fn go_on_undoing(&mut self, now: Timestamp) {
        let Some(mut undoing) = self.undoing.take() else { return };
        match self.undo_stretch(&mut undoing, now) {
            Ok(()) if !undoing.step.is_done() => {
                undoing.is_long = true;
                self.undoing = Some(undoing);
                self.ask(Effect::GoOn);
            }
            Ok(()) => self.end_undoing(undoing, now),
            Err(refused) => {
                self.absorb_late(&mut undoing);
                let Undoing { step, kind, passed, is_long, .. } = undoing;
                if self.ask_for_rest(step, kind, &passed) {
                    self.has_turned |= is_long;
                } else {
                    self.warn(format!("{refused}{passed}"));
                }
            }
        }
    }

    fn end_undoing(&mut self, mut undoing: Undoing, now: Timestamp) {
        let is_left = undoing.back == 0 && undoing.step.left_out().count > 0;
        // What was asked about was a rest that there is not any more: that is asked first.
        let passes = is_left && undoing.passes;
        if !is_left || passes {
            self.reviews.pass_over(&undoing.step);
        }
        self.absorb_late(&mut undoing);
        if is_left {
            let way = undoing.step.left_out().in_the_way();
            let passed = if passes { format!(". Passed over: {way}") } else { String::new() };
            self.begin_last(undoing.kind, passed, now);
        } else {
            self.bring_in_line();
            self.tell_undone(&undoing);
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
            // A line that is full has as much to it as many posts.
            if undoing.step.is_within_record() {
                break;
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
        let said = match (undoing.kind, &undoing.first) {
            (Kind::Chosen, _) if undoing.back > 1 => format!("Undone on {count} posts"),
            (Kind::Chosen, _) => "Undone".to_owned(),
            (kind, Some((post, now))) if undoing.back == 1 => {
                let row = self.places.rows(post).first();
                if let Some(position) = row.and_then(|row| self.list.view.position_of(*row)) {
                    self.go_to(position);
                }
                format!("{kind}: {post} {now}")
            }
            (kind, _) => format!("{kind}: {count} posts"),
        };
        let left_out = undoing.step.left_out();
        match (left_out.count, undoing.passed.as_str()) {
            (0, "") => self.say(said),
            (0, passed) => self.warn(format!("{said}{passed}")),
            (_, passed) => self.warn(format!("{said}. {}{passed}", left_out.told())),
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
        f.write_str(&capital(self.participle()))
    }
}
