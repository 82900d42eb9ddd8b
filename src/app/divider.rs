//! The border between the list and the post, and whose the mouse is.

use super::{App, Areas, Effect, Mouse, Pane};

/// One press of a key moves the border so far. Unit: per cent of the screen.
pub(super) const DIVIDER_STEP: i16 = 5;

/// The least and the most that the list takes. Unit: per cent of the screen.
const SHARES: std::ops::RangeInclusive<u16> = 15..=80;

impl App {
    /// Moves the border by some per cent of the screen.
    pub(super) fn move_divider(&mut self, by: i16) {
        let areas = self.areas();
        let width = areas.list.width;
        if is_list_alone(&areas) {
            self.say("There is no border to move: the list and the post are not beside each other");
            return;
        }
        let share = self.chosen_share().unwrap_or_else(|| share_of(width, areas.screen.width));
        self.set_divider(share.saturating_add_signed(by));
    }

    /// How much of the screen the list takes, where that was chosen: by hand, or else in the settings. Unit:
    /// per cent.
    pub(super) fn chosen_share(&self) -> Option<u16> {
        let set = u16::try_from(self.settings.list_width).ok().filter(|share| *share > 0);
        self.list_share.or(set.map(|share| share.clamp(*SHARES.start(), *SHARES.end())))
    }

    /// The button went down: on the border it takes it along.
    pub(super) fn takes_divider(&mut self, mouse: Mouse, areas: &Areas) -> bool {
        let border = areas.list.width;
        // The border is two columns: the right one of the list and the left one of the post.
        self.drags_divider = !is_list_alone(areas)
            && (border.saturating_sub(1)..=border).contains(&mouse.x)
            && matches!(areas.pane_at(mouse.x, mouse.y), Some(Pane::List | Pane::Article));
        self.drags_divider
    }

    /// The button came up: a border that was taken along stays here.
    pub(super) fn drop_divider(&mut self, x: u16) {
        if std::mem::take(&mut self.drags_divider) {
            let areas = self.areas();
            // Not moved is not chosen.
            if !(areas.list.width.saturating_sub(1)..=areas.list.width).contains(&x) {
                self.set_divider(share_of(x, areas.screen.width));
            }
        }
    }

    fn set_divider(&mut self, share: u16) {
        let share = share.clamp(*SHARES.start(), *SHARES.end());
        self.list_share = Some(share);
        self.say(format!("The list takes {share} %; list-width = {share} in the settings keeps it so"));
        let rows = self.areas().list_rows();
        self.list.keep_in_sight(rows);
    }

    /// Gives the mouse to the terminal, or takes it again.
    pub(super) fn toggle_mouse(&mut self) {
        self.has_mouse = !self.has_mouse;
        self.ask(Effect::Mouse(self.has_mouse));
        self.say(if self.has_mouse {
            "The mouse chooses posts and panes; with Shift held the terminal selects text"
        } else {
            "The mouse is the terminal's own: select text as in every other program"
        });
    }
}

fn is_list_alone(areas: &Areas) -> bool {
    areas.list.width == 0 || areas.list.width == areas.screen.width
}

fn share_of(columns: u16, screen: u16) -> u16 {
    u16::try_from(u32::from(columns) * 100 / u32::from(screen).max(1)).unwrap_or(100)
}
