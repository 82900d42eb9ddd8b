//! What a click does: in a pane, in a list that lies over the desk, on the border.

use jiff::Timestamp;

use super::facets::Spot;
use super::{Action, App, Areas, Mouse, Pane, Popup, PopupKind, Prompt};

impl App {
    /// The button went down.
    pub(super) fn click(&mut self, mouse: Mouse, areas: &Areas, now: Timestamp) {
        if self.prompt.is_some() {
            self.click_in_prompt(mouse);
        } else if let Some(popup) = self.popup {
            self.click_in_popup(popup, mouse, now);
        } else if !self.takes_divider(mouse, areas) {
            self.click_in_panes(mouse, areas);
        }
    }

    fn click_in_panes(&mut self, mouse: Mouse, areas: &Areas) {
        let Some(pane) = areas.pane_at(mouse.x, mouse.y) else { return };
        self.focus = pane;
        let inner = areas.list.inner();
        if pane == Pane::List && inner.contains(mouse.x, mouse.y) {
            let (line, head) = (usize::from(mouse.y - inner.y), usize::from(areas.list_head()));
            match line.checked_sub(1 + head) {
                Some(line) if self.list.top + line < self.list.view.len() => self.go_to(self.list.top + line),
                Some(_) => {}
                None if line == 0 => self.open_filter(""),
                None => self.open_sort(),
            }
        }
    }

    /// Beside a popup a click closes it. On something that Enter does something with, it is Enter.
    fn click_in_popup(&mut self, popup: Popup, mouse: Mouse, now: Timestamp) {
        let text = self.popup_text();
        if !self.popup_area().contains(mouse.x, mouse.y) {
            self.close_popup();
            return;
        }
        if !text.contains(mouse.x, mouse.y) {
            return;
        }
        let (height, line) = (usize::from(text.height), usize::from(mouse.y - text.y));
        let row = match popup.kind {
            PopupKind::Links => self.links.row_at(popup.scroll, height, line),
            PopupKind::Queries => self.named.as_ref().and_then(|it| it.row_at(popup.scroll, height, line)),
            PopupKind::Facets => {
                let spot = self
                    .facets
                    .as_ref()
                    .and_then(|it| it.spot(popup.scroll, (text.width, height), (mouse.x - text.x, line)));
                match spot {
                    Some(Spot::Field(field)) => return self.turn_to_field(field),
                    Some(Spot::Value(row)) => Some(row),
                    None => None,
                }
            }
            PopupKind::Help | PopupKind::Problems | PopupKind::Numbers | PopupKind::History => None,
        };
        let enter = self.keymap.keys(Action::Open).first().copied();
        if let (Some(row), Some(enter)) = (row, enter) {
            let popup = Popup { scroll: row, ..popup };
            self.popup = Some(popup);
            self.notice = None;
            self.press_in_popup(popup, enter, now);
        }
    }

    /// What a click chooses stands on the line then; what it does is for Enter.
    fn click_in_prompt(&mut self, mouse: Mouse) {
        match self.prompt.take() {
            Some(Prompt::Command(mut palette)) => {
                if let Some(at) = self.palette_entry_at(&palette, mouse.x, mouse.y) {
                    palette.choose_at(at);
                }
                self.prompt = Some(Prompt::Command(palette));
            }
            Some(Prompt::Filter { mut line, before }) => {
                let inner = self.completing.area(self.areas().list).inner();
                if inner.contains(mouse.x, mouse.y) {
                    self.take_candidate(&mut line, usize::from(mouse.y - inner.y));
                }
                self.prompt = Some(Prompt::Filter { line, before });
            }
            other => self.prompt = other,
        }
    }
}
