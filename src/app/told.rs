//! What the last line says of a decision that was just made.

use super::action::Action;
use super::{App, Subject};
use crate::model::Status;
use crate::query::nearest;

/// So much of an item of the checklist is told. Unit: columns.
pub(super) const TICK_WIDTH: usize = 40;

/// A word as a sentence begins with it.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Reasons of before.
fn listed(reasons: &[String]) -> String {
    if reasons.is_empty() { "no reason".to_owned() } else { reasons.join(", ") }
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

    /// What a decision on the shown post takes the place of, behind what is said of it; blank where it takes
    /// the place of none, or of the same.
    pub(super) fn told_before(&self, subject: &Subject, status: Status, reasons: &[String]) -> String {
        let before = &self.detail.standing;
        let is_shown = self.detail.digest == Some(subject.digest);
        let is_another = before.decided != status || before.why != reasons;
        if !is_shown || before.decided == Status::Unreviewed || !is_another {
            return String::new();
        }
        let why = if before.decided == Status::Flagged {
            format!(": {}", listed(&before.why))
        } else {
            String::new()
        };
        let by = if before.by == self.reviews.by() { String::new() } else { format!(" by {}", before.by) };
        format!("; was {}{by}{why}", before.decided)
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
