//! The panes that show a page: article, meta box, checklist.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType};

use super::Theme;
use super::text::{foreign, line};
use crate::app::{App, Pane};
use crate::model::safe;
use crate::page::{Role, cut};

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, pane: Pane, app: &App, theme: &Theme) {
    if area.is_empty() {
        return;
    }
    let part = part_read(pane, usize::from(area.height.saturating_sub(2)), app);
    let room = usize::from(area.width.saturating_sub(4)).saturating_sub(part.as_ref().map_or(0, String::len));
    let mut block = frame_of(area, &cut(&title(pane, app), room), app.focus == pane, theme);
    let inner = block.inner(area);
    if let Some(part) = part {
        block = block.title(Line::from(part).right_aligned());
    }
    frame.render_widget(block, area);
    let Some(page) = app.detail.page(pane) else { return };
    if page.lines.is_empty() {
        frame.render_widget(placeholder(pane, app, theme), inner);
        return;
    }
    let scroll = app.detail.scroll(pane);
    let text = Rect {
        x: inner.x.saturating_add(1).min(inner.right()),
        width: inner.width.saturating_sub(2),
        ..inner
    };
    let lines = page.lines.iter().skip(scroll);
    for (page_line, y) in lines.zip(inner.top()..inner.bottom()) {
        frame.render_widget(line(page_line, theme), Rect { y, height: 1, ..text });
    }
    draw_thumb(frame, area, scroll, usize::from(inner.height), page.lines.len(), theme);
}

/// How far down the article its last line on the screen is, where it is longer than its pane.
fn part_read(pane: Pane, height: usize, app: &App) -> Option<String> {
    let all = app.detail.page(pane)?.lines.len();
    let seen = (app.detail.scroll(pane) + height).min(all);
    (pane == Pane::Article && all > height).then(|| format!(" {} % ", seen * 100 / all))
}

/// The frame around a pane, its title on it.
pub(super) fn frame_of<'a>(area: Rect, title: &str, focused: bool, theme: &Theme) -> Block<'a> {
    let style = theme.frame(focused);
    let room = usize::from(area.width.saturating_sub(4));
    let title_style = if focused { style.add_modifier(Modifier::BOLD) } else { style };
    let title = Span::styled(cut(title, room).into_owned(), title_style);
    Block::bordered().border_type(BorderType::Rounded).border_style(style).title(title)
}

/// A thicker piece of the right frame shows which part of the whole is on the screen.
pub(super) fn draw_thumb(
    frame: &mut Frame<'_>,
    area: Rect,
    first: usize,
    shown: usize,
    all: usize,
    theme: &Theme,
) {
    let track = usize::from(area.height.saturating_sub(2));
    if all <= shown || track == 0 || area.width == 0 {
        return;
    }
    let length = (track * shown / all).max(1);
    let furthest = all.saturating_sub(shown).max(1);
    let start = (track - length) * first.min(furthest) / furthest;
    let x = area.right().saturating_sub(1);
    for at in start..start + length {
        let y = area.y.saturating_add(1).saturating_add(u16::try_from(at).unwrap_or(u16::MAX));
        if let Some(cell) = frame.buffer_mut().cell_mut((x, y)) {
            cell.set_symbol("┃").set_style(theme.thumb());
        }
    }
}

fn title(pane: Pane, app: &App) -> String {
    match pane {
        Pane::List => String::new(),
        Pane::Article => match app.detail.row.and_then(|row| app.corpus.get(row)) {
            Some(row) => format!(" {} ", safe(row.id())),
            None => " Article ".to_owned(),
        },
        Pane::Meta => " Meta ".to_owned(),
        Pane::Checklist => match app.detail.progress.items {
            0 => " Checklist ".to_owned(),
            items => format!(" Checklist {}/{items} ", app.detail.progress.done),
        },
    }
}

fn placeholder(pane: Pane, app: &App, theme: &Theme) -> Line<'static> {
    match (&app.detail.error, pane) {
        (Some(error), Pane::Article) => Line::from(foreign(error, Role::Bad, theme)),
        (None, Pane::Article) if app.is_reading() => Line::from(Span::styled(" reading …", theme.quiet())),
        _ => Line::default(),
    }
}
