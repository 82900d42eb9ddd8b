//! What lies over the desk for a while: the help, the problems, the history of a post.

use super::action::{ACTIONS, ActionRow, Group};
use super::areas::Area;
use super::{App, Keymap};

/// The largest a popup gets. Unit: columns and lines.
const POPUP_SIZE: (u16, u16) = (108, 48);

/// Less of the desk than this, on both sides together, says nothing: the popup takes it as well.
pub(super) const LEAST_BESIDE: u16 = 24;

/// Which popup is open, and the first thing of it on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Popup {
    /// Which one.
    pub kind: PopupKind,
    /// The first line (help) or problem (problems) that is shown, or the step, link or value that is
    /// chosen.
    pub scroll: usize,
}

/// The popups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PopupKind {
    /// Every key and every field.
    Help,
    /// The records that could not be read.
    Problems,
    /// What was decided about the post under the cursor.
    History,
    /// How far the reviewing has got.
    Numbers,
    /// The links of the post under the cursor.
    Links,
    /// How many posts of the list have each value.
    Facets,
    /// The queries that have a name.
    Queries,
}

impl Popup {
    /// Opens one at its top.
    pub const fn new(kind: PopupKind) -> Self {
        Self { kind, scroll: 0 }
    }

    pub(super) fn scroll_by(&mut self, by: isize, last: usize) {
        self.scroll = self.scroll.saturating_add_signed(by).min(last);
    }
}

impl App {
    /// Where a popup stands on the screen, with its frame. It hides no more of the desk than it needs, where
    /// that can be told.
    pub fn popup_area(&self) -> Area {
        let screen = self.areas().screen;
        let (width, height) = POPUP_SIZE;
        let width = if screen.width < width + LEAST_BESIDE { screen.width } else { width };
        let lines = match self.popup.map(|popup| popup.kind) {
            Some(PopupKind::Links) => self.links.found.len(),
            Some(PopupKind::Queries) => self.named.as_ref().map_or(1, super::named::NamedList::len),
            Some(PopupKind::Problems) if self.problems.is_empty() => 1,
            Some(PopupKind::History) if self.history.as_ref().is_none_or(|it| it.steps.is_empty()) => 1,
            _ => usize::MAX,
        };
        let lines = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2);
        screen.centred(width, height.min(lines).min(screen.height.saturating_sub(2)))
    }

    /// What the frame of a popup and a blank on each side leave for its text.
    pub fn popup_text(&self) -> Area {
        let inner = self.popup_area().inner();
        Area { x: inner.x.saturating_add(1), width: inner.width.saturating_sub(2), ..inner }
    }

    /// Takes away what lies over the desk, and what was got together for it.
    pub fn close_popup(&mut self) {
        (self.popup, self.history, self.numbers) = (None, None, None);
        self.drop_count();
    }

    /// The furthest that a popup scrolls: the help to its last line, the others to the last problem or step.
    pub fn last_scroll(&self, kind: PopupKind) -> usize {
        let inner = self.popup_text();
        match kind {
            PopupKind::Help => {
                self.help_page(inner.width).lines.len().saturating_sub(usize::from(inner.height))
            }
            PopupKind::Problems => self.problems.len().saturating_sub(1),
            PopupKind::Numbers => self.numbers.as_ref().map_or(0, |numbers| {
                numbers.page(inner.width).lines.len().saturating_sub(usize::from(inner.height))
            }),
            PopupKind::History => {
                self.history.as_ref().map_or(0, |history| history.steps.len().saturating_sub(1))
            }
            PopupKind::Links => self.links.found.len().saturating_sub(1),
            PopupKind::Queries => self.named.as_ref().map_or(0, super::named::NamedList::last),
            PopupKind::Facets => self.facets.as_ref().map_or(0, |facets| facets.last()),
        }
    }
}

/// The lines of a group: the keys and the action that they do. Actions that have no words of their own add
/// their keys to the line above.
pub fn group_rows(keymap: &Keymap, group: Group) -> Vec<(String, &'static ActionRow)> {
    let mut rows: Vec<(String, &'static ActionRow)> = Vec::new();
    for row in ACTIONS.iter().filter(|row| row.group == group) {
        let keys = keymap.names(row.action);
        match rows.last_mut().filter(|_| row.help.is_empty()) {
            Some((above, _)) => {
                above.push(' ');
                above.push_str(&keys);
            }
            None => rows.push((keys, row)),
        }
    }
    rows
}
