//! The boxes in which a flag's reason and a note are typed. The filter is typed in the list itself.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line as TextLine, Span};
use ratatui::widgets::{Clear, Paragraph};

use super::Theme;
use super::page_pane::frame_of;
use super::text::{foreign, line};
use crate::app::links::question;
use crate::app::{App, BulkPrompt, FlagPrompt, Line, Prompt, Why};
use crate::model::{Link, Status, safe};
use crate::page::{Role, cut};

pub(super) fn draw(frame: &mut Frame<'_>, app: &App, theme: &Theme) {
    match &app.prompt {
        None | Some(Prompt::Filter { .. } | Prompt::Command(_) | Prompt::Search { .. }) => {}
        Some(Prompt::Flag(prompt)) => draw_flag(frame, prompt, app, theme),
        Some(Prompt::Bulk(prompt)) => draw_bulk(frame, prompt, app, theme),
        Some(Prompt::Note { line, subject }) => {
            let area = open_box(frame, 3, &format!(" Note on {} ", safe(subject.id.as_str())), app, theme);
            draw_line(frame, first_line(area, 0), " ", line, true, theme);
        }
        Some(Prompt::Link(link)) => draw_link(frame, link, app, theme),
    }
}

fn draw_flag(frame: &mut Frame<'_>, prompt: &FlagPrompt, app: &App, theme: &Theme) {
    let title = format!(" Flag {}: why? ", safe(prompt.subject.id.as_str()));
    let area = open_box(frame, app.why_height().saturating_add(2), &title, app, theme);
    draw_why(frame, area, &prompt.why, app, theme);
}

/// What a decision on many posts would do.
fn draw_bulk(frame: &mut Frame<'_>, prompt: &BulkPrompt, app: &App, theme: &Theme) {
    let page = app.bulk_told(prompt);
    let told = u16::try_from(page.lines.len()).unwrap_or(u16::MAX);
    let is_flag = prompt.status == Status::Flagged;
    let (title, height) = (app.bulk_title(prompt), app.bulk_height(prompt));
    let area = open_box(frame, height, &title, app, theme);
    for (at, page_line) in (0..).zip(&page.lines) {
        frame.render_widget(line(page_line, theme), first_line(area, at));
    }
    if is_flag {
        let taken = told.saturating_add(1).min(area.height);
        let below = Rect { y: area.y.saturating_add(taken), height: area.height - taken, ..area };
        draw_why(frame, below, &prompt.why, app, theme);
    }
}

fn draw_why(frame: &mut Frame<'_>, area: Rect, why: &Why, app: &App, theme: &Theme) {
    let a_line = app.reasons_a_line();
    for (at, row) in app.settings.reasons.chunks(a_line).enumerate() {
        let mut spans = vec![Span::raw(" ")];
        for (within, reason) in row.iter().enumerate() {
            let shown = safe(reason);
            spans.push(Span::styled(format!("{} ", at * a_line + within + 1), theme.key()));
            spans.push(Span::raw(format!("{:<13}", cut(shown.as_str(), 13))));
        }
        frame.render_widget(TextLine::from(spans), first_line(area, u16::try_from(at).unwrap_or(u16::MAX)));
    }
    let below = app.why_height().saturating_sub(2);
    let reason = first_line(area, below);
    draw_line(frame, reason, " reason  ", &why.reason, !why.in_note, theme);
    if why.is_selected {
        let width = u16::try_from(safe(why.reason.text()).width()).unwrap_or(u16::MAX);
        let x = reason.x.saturating_add(9).min(reason.right());
        let text = Rect { x, width: width.min(reason.right() - x), ..reason };
        frame.buffer_mut().set_style(text, theme.cursor(Style::new(), !why.in_note));
    }
    let last = first_line(area, below.saturating_add(1));
    draw_line(frame, last, " note    ", &why.note, why.in_note, theme);
}

/// A link as it will be opened, to its last letter.
fn draw_link(frame: &mut Frame<'_>, link: &Link, app: &App, theme: &Theme) {
    let (page, area) = question(link, app.areas().screen);
    let area = framed(frame, super::rect(area), " Open this link? ", theme);
    for (page_line, y) in page.lines.iter().zip(area.top()..area.bottom()) {
        frame.render_widget(line(page_line, theme), Rect { y, height: 1, ..area });
    }
}

fn open_box(frame: &mut Frame<'_>, height: u16, title: &str, app: &App, theme: &Theme) -> Rect {
    framed(frame, super::rect(app.box_area(height)), title, theme)
}

fn framed(frame: &mut Frame<'_>, area: Rect, title: &str, theme: &Theme) -> Rect {
    let block = frame_of(area, title, true, theme);
    let inner = block.inner(area);
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    inner
}

/// Line `at` of an area; empty where the area is too low.
fn first_line(area: Rect, at: u16) -> Rect {
    let height = u16::from(at < area.height);
    Rect { y: area.y.saturating_add(at.min(area.height)), height, ..area }
}

fn draw_line(frame: &mut Frame<'_>, area: Rect, label: &str, typed: &Line, active: bool, theme: &Theme) {
    if area.is_empty() {
        return;
    }
    let style = if active { theme.accent() } else { theme.quiet() };
    let label_width = u16::try_from(label.chars().count()).unwrap_or(0).min(area.width);
    frame.render_widget(Span::styled(label.to_owned(), style), area);
    let field = Rect { x: area.x + label_width, width: area.width - label_width, ..area };
    let before: String = typed.text().chars().take(typed.cursor()).collect();
    let column = u16::try_from(safe(&before).width()).unwrap_or(u16::MAX);
    let overflow = column.saturating_add(1).saturating_sub(field.width);
    let text = TextLine::from(foreign(typed.text(), Role::Text, theme));
    frame.render_widget(Paragraph::new(text).scroll((0, overflow)), field);
    if active && field.width > 0 {
        frame.set_cursor_position((field.x.saturating_add(column - overflow), field.y));
    }
}
