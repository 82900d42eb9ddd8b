//! The screen as a function of the desk: [`draw`] reads the [`App`] and changes nothing.

mod ascii;
mod columns;
mod complete;
mod footer;
mod gate;
mod header;
mod list;
mod page_pane;
mod palette;
mod popup;
mod prompt;
pub mod text;
pub mod theme;

use ratatui::Frame;
use ratatui::layout::Rect;

pub use list::rows_of_frame;
pub use theme::{Palette, Theme, ThemeChoice};

use crate::app::{App, Area, Pane};

/// Draws the whole screen.
pub fn draw(frame: &mut Frame<'_>, app: &App, theme: &Theme) {
    let areas = app.areas();
    header::draw(frame, rect(areas.header), app, theme);
    list::draw(frame, rect(areas.list), app, theme);
    for pane in [Pane::Article, Pane::Meta, Pane::Checklist] {
        page_pane::draw(frame, rect(areas.pane(pane)), pane, app, theme);
    }
    footer::draw(frame, rect(areas.footer), app, theme);
    complete::draw(frame, app, theme);
    prompt::draw(frame, app, theme);
    palette::draw_list(frame, app, theme);
    if app.popup.is_some()
        && let Some(style) = theme.behind()
    {
        let panes = [areas.list, areas.article, areas.meta, areas.checklist];
        panes.iter().for_each(|pane| frame.buffer_mut().set_style(rect(*pane), style));
    }
    popup::draw(frame, app, theme);
    if theme.ascii {
        ascii::fold(frame.buffer_mut());
    }
    gate::settle(frame.buffer_mut());
}

/// The app's own area as the screen's; never outside of it, whatever the two think of the size.
fn rect(area: Area) -> Rect {
    Rect { x: area.x, y: area.y, width: area.width, height: area.height }
}
