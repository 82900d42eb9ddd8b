//! Nothing is decided while the screen has just become another one: whoever pressed the key has seen
//! the one before.

use jiff::{SignedDuration, Timestamp};

use super::update::decides;
use super::{Action, App, Event, KeyCode, KeyPress, PopupKind, Prompt};
use crate::model::Status;

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

    /// The screen is another one from now on.
    pub(super) fn become_unsteady(&mut self, now: Timestamp) {
        self.unsteady_until = now.checked_add(SETTLES_IN).ok();
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
            return false;
        }
        let is_refused = self.would_decide(*key);
        if is_refused {
            self.become_unsteady(now);
            self.warn("Not decided: the screen has just changed under this key. Look, then press it again");
        }
        is_refused
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
