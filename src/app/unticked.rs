//! The items of the checklist that are not ticked when a post is reviewed: said, or asked first where that is
//! wanted. The same key once more is the answer.

use super::decide::Subject;
use super::{Action, App, Event};
use crate::model::Digest;
use crate::model::checklist::tick_names;

/// What was asked.
#[derive(Debug)]
pub(super) struct TickQuestion {
    /// The text that was shown.
    digest: Digest,
    /// As it was said.
    text: String,
}

impl App {
    /// How many items of the post that is shown are ticked, in words, if not all of them are.
    pub(super) fn unticked(&self) -> Option<String> {
        let names = self.detail.post.as_ref().map(|post| tick_names(post.checklist())).unwrap_or_default();
        let done = names.iter().filter(|name| self.detail.standing.done.contains(*name)).count();
        (done < names.len()).then(|| format!("{done} of {} ticked", names.len()))
    }

    /// Asks, where items are to be ticked before a post is reviewed, and are not. Whether it has asked.
    pub(super) fn asks_for_ticks(&mut self, subject: &Subject) -> bool {
        let answered = self.tick_question.take().is_some_and(|question| question.digest == subject.digest);
        let Some(ticked) = self.unticked().filter(|_| self.settings.require_checklist && !answered) else {
            return false;
        };
        let key = self
            .keymap
            .keys(Action::Reviewed)
            .first()
            .map_or_else(|| "the same".to_owned(), ToString::to_string);
        let text = format!("Not reviewed: {ticked}. {key} once more reviews it all the same");
        self.warn(text.clone());
        // They were pressed before this could be read.
        self.forget_held("It is asked first");
        self.tick_question = Some(TickQuestion { digest: subject.digest, text });
        true
    }

    /// Forgets what was asked, unless this is the key that answers it and nothing else was said since.
    pub(super) fn meet_tick_question(&mut self, event: &Event) {
        if !matches!(event, Event::Key(_) | Event::Act(_) | Event::Paste(_) | Event::Mouse(_)) {
            return;
        }
        let is_free = self.prompt.is_none() && self.popup.is_none();
        let is_answer = is_free && self.action_of(event) == Some(Action::Reviewed);
        let said = self.notice.as_ref().map(|notice| notice.text.as_str());
        self.tick_question = self
            .tick_question
            .take()
            .filter(|question| is_answer && said.is_none_or(|said| said == question.text));
    }
}
