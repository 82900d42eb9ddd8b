//! Leaving: at once, or when asked twice, where something would be lost by it.

use super::{Action, App, Effect, Event, SaveMark};
use crate::model::figures::grouped;

impl App {
    /// Leaves, unless something would be lost by it that nobody was told of.
    pub(super) fn quit(&mut self) {
        if !self.leaving && self.lost_by_leaving().is_some() {
            self.leaving = true;
            return;
        }
        self.ask(Effect::Quit);
    }

    /// What is under way or not saved, and what asking again does to it, once leaving was asked for.
    pub fn leaving_line(&self) -> Option<String> {
        self.lost_by_leaving().filter(|_| self.leaving)
    }

    fn lost_by_leaving(&self) -> Option<String> {
        let quit = self.keymap.keys(Action::Quit).first().map_or("quit".to_owned(), ToString::to_string);
        let unsaved = match self.saving.mark() {
            SaveMark::NotSaved(count, why) if self.saving.is_refused() => {
                let (count, are) = (grouped(count), if count == 1 { "decision is" } else { "decisions are" });
                Some(format!(
                    "{count} {are} NOT SAVED: {why}. {quit} again leaves and prints what is not saved"
                ))
            }
            _ => None,
        };
        let unmade = self.bulk.as_ref().map(|bulk| {
            let of = grouped(bulk.len());
            if bulk.can_be_stopped() {
                let (read, stop) = (grouped(bulk.read()), self.keymap.names(Action::Clear));
                format!(
                    "reading {read} of {of} posts to decide on; {quit} again leaves and decides nothing, {stop} stops"
                )
            } else {
                let left = grouped(bulk.left());
                format!("deciding on {of} posts, {left} left; {quit} again leaves without those")
            }
        });
        match (unmade, unsaved) {
            (Some(unmade), Some(unsaved)) => Some(format!("{unmade}. {unsaved}")),
            (unmade, unsaved) => unmade.or(unsaved),
        }
    }

    /// What was asked for and not decided, for whoever has left: a decision on many posts that was under way.
    pub fn undecided(&self) -> Option<String> {
        let bulk = self.bulk.as_ref()?;
        let of = grouped(bulk.len());
        Some(match bulk.decided() {
            0 => format!("the decision on {of} posts was not made: none of them was decided on"),
            decided => {
                let (decided, left) = (grouped(decided), grouped(bulk.left()));
                format!(
                    "the decision on {of} posts was not ended: {decided} were decided on, {left} were not"
                )
            }
        })
    }

    /// Keeps an event for later. Who asks twice to leave has waited long enough.
    pub(super) fn hold(&mut self, event: Event) {
        let quits = |event: &Event| matches!(event, Event::Key(key) if self.keymap.action(*key) == Some(Action::Quit));
        if quits(&event) {
            if self.held.iter().any(quits) {
                self.held.clear();
                self.ask(Effect::Quit);
                return;
            }
            let waits =
                "What was pressed before still waits for what it is about; quit again leaves without it";
            let said = self.lost_by_leaving().unwrap_or_else(|| waits.to_owned());
            self.warn(said);
        }
        self.held.push_back(event);
    }
}
