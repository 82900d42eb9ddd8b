//! What keys do while a decision on many posts is under way.

use super::update::decides;
use super::{Action, App, Effect, Event, KeyPress, PopupKind};
use crate::model::figures::grouped;

impl App {
    /// The key stops the decision on many posts that is under way.
    pub(super) fn stops_bulk(&self, key: KeyPress) -> bool {
        let is_free = self.prompt.is_none() && self.popup.is_none();
        (self.bulk.is_some() || self.seeking.is_some())
            && is_free
            && self.keymap.action(key) == Some(Action::Clear)
    }

    pub(super) fn stop_bulk(&mut self) {
        self.leaving = false;
        if self.seeking.take().is_some() {
            self.say("Stopped: nothing was done");
            return;
        }
        if let Some(bulk) = self.bulk.take_if(|bulk| bulk.can_be_stopped()) {
            self.ask(Effect::StopReading(bulk.job));
            self.say(format!(
                "Stopped: none of the {} posts was decided on; they are still marked",
                grouped(bulk.len())
            ));
        }
    }

    /// Whether an event would decide something beside a decision on many posts that is under way; says so.
    /// Kept for later it would decide on whatever post is under the cursor then.
    pub(super) fn refuses_beside_bulk(&mut self, event: &Event) -> bool {
        if !self.is_decision(event) {
            return false;
        }
        let Some(bulk) = &self.bulk else { return false };
        let count = grouped(bulk.len());
        let then = if bulk.can_be_stopped() {
            format!("{} stops it", self.keymap.names(Action::Clear))
        } else {
            format!("{} are left", grouped(bulk.left()))
        };
        self.leaving = false;
        self.warn(format!("Not decided: a decision on {count} posts is under way; {then}"));
        true
    }

    /// Whether an event decides something on what is there, or begins to.
    fn is_decision(&self, event: &Event) -> bool {
        let Some(action) = self.action_of(event) else { return false };
        match self.popup.map(|popup| popup.kind) {
            None => {
                self.is_for_note(action)
                    || (decides(action) && !matches!(action, Action::History | Action::Changes))
            }
            Some(PopupKind::History) => action == Action::Undo,
            Some(_) => false,
        }
    }
}
