//! Where others stand in the way of undo or redo: what can be done without their posts is asked first, and the
//! same key once more is the answer.

use super::undoing::Kind;
use super::{App, Event};
use crate::review::TakingBack;

/// What was asked.
#[derive(Debug)]
pub(super) struct RestQuestion {
    /// The step that was refused.
    pub(super) step: TakingBack,
    kind: Kind,
    /// As it was said.
    text: String,
}

impl App {
    /// Asks whether the rest of a step that was refused is taken back; whether there is anything to ask.
    /// `passed` tells what was passed over before.
    pub(super) fn ask_for_rest(&mut self, step: TakingBack, kind: Kind, passed: &str) -> bool {
        let (Some(what), Some(action)) = (step.rest_told(), kind.action()) else { return false };
        let key = self.keymap.keys(action).first().map_or_else(|| "the same".to_owned(), ToString::to_string);
        let way = step.left_out().in_the_way();
        self.warn(format!("Not {}: {way}. {key} once more {what}{passed}", kind.participle()));
        // They were pressed before this could be read.
        self.forget_held("It is asked first");
        let text = self.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default();
        self.rest_question = Some(RestQuestion { step, kind, text });
        true
    }

    /// Forgets what was asked, unless this is the key that answers it and nothing else was said since.
    pub(super) fn meet_rest_question(&mut self, event: &Event) {
        if !matches!(event, Event::Key(_) | Event::Act(_) | Event::Paste(_) | Event::Mouse(_)) {
            return;
        }
        let Some(question) = self.rest_question.take() else { return };
        let is_free = self.prompt.is_none() && self.popup.is_none();
        let is_read = self.notice.as_ref().is_none_or(|notice| notice.text == question.text);
        if is_free && is_read && self.action_of(event) == question.kind.action() {
            self.rest_question = Some(question);
        }
    }
}
