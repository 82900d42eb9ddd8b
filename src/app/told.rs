//! What the last line says of a decision that was just made.

use super::App;
use super::action::Action;
use crate::query::nearest;

/// So much of an item of the checklist is told. Unit: columns.
pub(super) const TICK_WIDTH: usize = 40;

/// A word as a sentence begins with it.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl App {
    /// Goes on after a decision, and says what it was, and where there is nothing to go on to.
    pub(super) fn go_on_saying(&mut self, said: String) {
        self.notice = None;
        self.go_on();
        match self.notice.take() {
            Some(more) => self.say(format!("{said}. {}", more.text)),
            None => self.say(said),
        }
    }

    /// The reasons of a flag in a sentence, with a word on those that nobody has listed, and on a note.
    pub(super) fn told_why(&self, reasons: &[String], note: Option<&str>) -> String {
        let mut told: Vec<String> = reasons.iter().map(|reason| self.told_reason(reason)).collect();
        if told.is_empty() {
            told.push("no reason".to_owned());
        }
        told.extend(note.map(|_| "with a note".to_owned()));
        told.join(", ")
    }

    /// A reason; a new one may have been meant to be another.
    fn told_reason(&self, reason: &str) -> String {
        let known = &self.settings.reasons;
        let was_given = self.last_reasons.iter().flatten().any(|given| given == reason);
        if known.is_empty() || was_given || known.iter().any(|known| known == reason) {
            return reason.to_owned();
        }
        match nearest(reason, known.iter().map(String::as_str)) {
            Some(near) => {
                let undo = self.keymap.names(Action::Undo);
                format!("new reason {reason} (did you mean {near}? {undo} takes it back)")
            }
            None => format!("new reason {reason}"),
        }
    }
}
