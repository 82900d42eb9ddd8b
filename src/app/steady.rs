//! Nothing is decided while the screen has just become another one: whoever pressed the key has seen
//! the one before. That holds as well for a post that has come under the cursor without a key.

use jiff::{SignedDuration, Timestamp};

use super::update::decides;
use super::{Action, App, Doubt, Event, KeyCode, KeyPress, PopupKind, Prompt};
use crate::corpus::Row;
use crate::model::{Digest, PostId, Status};

/// The post that was under the cursor last.
#[derive(Debug)]
pub(super) struct Shown {
    row: Row,
    reading: u64,
    id: PostId,
    /// The digest of its text, once that was shown.
    digest: Option<Digest>,
}

/// How long it takes to see what has become of the screen.
const SETTLES_IN: SignedDuration = SignedDuration::from_millis(150);

impl App {
    /// The screen has another size, unless it is the first one.
    pub(super) fn meet_size(&mut self, size: (u16, u16), now: Timestamp) {
        let before = std::mem::replace(&mut self.size, size);
        if before != (0, 0) && before != size {
            self.become_unsteady(now);
        }
    }

    /// Whatever is under the cursor was said, so that a key is about that.
    pub fn is_said(&mut self) {
        self.unsteady_until = None;
    }

    /// The screen is another one from now on.
    pub(super) fn become_unsteady(&mut self, now: Timestamp) {
        self.unsteady_until = now.checked_add(SETTLES_IN).ok();
    }

    /// Whether what an event does to the list is what the reviewer has asked for.
    pub(super) fn is_own(&self, event: &Event) -> bool {
        match event {
            Event::Key(_)
            | Event::UnsureKey(..)
            | Event::Act(_)
            | Event::Paste(_)
            | Event::Mouse(_)
            | Event::Edited(_) => true,
            // The posts of a query that was typed.
            Event::Filtered { generation, .. } | Event::Searching { generation, .. } => {
                self.list.is_turning() && *generation == self.list.generation
            }
            _ => false,
        }
    }

    /// After something that was no key: if the post under the cursor is another one by it, or has another
    /// text, or a question is another one, keys that were pressed before were not meant for it.
    pub(super) fn meet_turn(&mut self, is_own: bool, now: Timestamp) {
        let is_another = self.note_shown() && !is_own;
        if is_another {
            self.forget_held("Another post is under the cursor now");
        }
        if std::mem::take(&mut self.has_turned) || is_another {
            self.become_unsteady(now);
        }
    }

    /// Notes which post is under the cursor; whether it is another one than before, or its text is. While
    /// the cursor is on its way back to its post, that one counts.
    pub(super) fn note_shown(&mut self) -> bool {
        if self.stood.is_some() {
            return false;
        }
        let Some(row) = self.list.row() else { return false };
        let Some(post) = self.corpus.get(row) else { return false };
        let (reading, digest) = (self.reading, self.detail.digest);
        match &mut self.shown {
            Some(shown)
                if shown.id.as_str() == post.id() && (shown.row == row || shown.reading != reading) =>
            {
                (shown.row, shown.reading) = (row, reading);
                let before = shown.digest;
                shown.digest = digest.or(before);
                before.is_some() && shown.digest != before
            }
            shown => {
                let id = PostId::new(post.id());
                shown.replace(Shown { row, reading, id, digest }).is_some()
            }
        }
    }

    /// Whether a key comes too early to decide anything; says so. Keys that were typed in one go with a
    /// refused one are refused as well: the cursor has not gone on as they expect.
    pub(super) fn is_too_early(&mut self, event: &Event, now: Timestamp) -> bool {
        let Event::Key(key) = event else { return false };
        // A clock that was set back must not lock the keys.
        let is_unsteady =
            self.unsteady_until.is_some_and(|until| now < until && until.duration_since(now) <= SETTLES_IN);
        if !is_unsteady {
            self.unsteady_until = None;
            // The prompt may have been opened while the post was still to be seen.
            let is_of_post = matches!(self.prompt, Some(Prompt::Flag(_) | Prompt::Note { .. }));
            return is_of_post && self.would_decide(*key) && self.refuses_unseen();
        }
        let is_refused = self.would_decide(*key);
        if is_refused {
            self.become_unsteady(now);
            self.warn("Not decided: the screen has just changed under this key. Look, then press it again");
        }
        is_refused
    }

    /// A key that may be none, or was held down, decides nothing.
    pub(super) fn press_unsure(&mut self, key: KeyPress, doubt: Doubt, now: Timestamp) {
        if !self.would_decide(key) {
            self.take_in(Event::Key(key), now);
            return;
        }
        match doubt {
            Doubt::Sent => {
                // What comes in one go with it may be a part of the same.
                self.become_unsteady(now);
                self.warn(format!(
                    "Not obeyed: {key} may be a part of what the terminal has sent. Wait two seconds, then press it again"
                ));
            }
            Doubt::Held => {
                self.warn(format!("Not obeyed: {key} is held down. Let it go, look, then press it again"));
            }
        }
    }

    /// Whether a key decides something by itself. Opening a prompt does not: it names its post, and
    /// what is typed behind a refused opening would be taken for keys.
    fn would_decide(&self, key: KeyPress) -> bool {
        match (&self.prompt, self.popup) {
            (Some(Prompt::Filter { .. } | Prompt::Search { .. } | Prompt::Link(_)), _) => false,
            (Some(Prompt::Note { .. } | Prompt::Command(_)), _) => key.code == KeyCode::Enter,
            (Some(Prompt::Flag(flag)), _) => {
                let is_digit = key.typed().is_some_and(|c| c.is_ascii_digit());
                let says = key.code == KeyCode::Enter && !flag.why.goes_to_reason(key);
                says || (is_digit && !flag.why.in_note && !flag.why.is_edited)
            }
            (Some(Prompt::Bulk(bulk)), _) => {
                let is_yes = bulk.status != Status::Flagged && key == KeyPress::char('y');
                is_yes || (key.code == KeyCode::Enter && !bulk.why.goes_to_reason(key))
            }
            (None, Some(popup)) => {
                popup.kind == PopupKind::History && self.keymap.action(key) == Some(Action::Undo)
            }
            (None, None) => self.keymap.action(key).is_some_and(|action| decides(action) && !opens(action)),
        }
    }
}

/// Actions among those of deciding that only show or ask.
fn opens(action: Action) -> bool {
    matches!(action, Action::Flagged | Action::Note | Action::EditNote | Action::History | Action::Changes)
}
