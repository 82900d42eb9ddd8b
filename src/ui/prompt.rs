//! The boxes in which a flag's reason and a note are typed. The filter is typed in the list itself.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line as TextLine, Span};
use ratatui::widgets::{Clear, Paragraph};

use super::Theme;
use super::page_pane::frame_of;
use super::text::foreign;
use crate::app::page::{Role, cut};
use crate::app::{App, FlagPrompt, Line, Prompt};
use crate::model::safe;

/// How wide a box is. Unit: columns.
const BOX_WIDTH: u16 = 64;

pub(super) fn draw(frame: &mut Frame<'_>, app: &App, theme: &Theme) {
    match &app.prompt {
        None | Some(Prompt::Filter { .. }) => {}
        Some(Prompt::Flag(prompt)) => draw_flag(frame, prompt, app, theme),
        Some(Prompt::Note { line, subject }) => {
            let area = open_box(frame, 3, &format!(" Note on {} ", safe(subject.id.as_str())), app, theme);
            draw_line(frame, first_line(area, 0), "", line, true, theme);
        }
    }
}

fn draw_flag(frame: &mut Frame<'_>, prompt: &FlagPrompt, app: &App, theme: &Theme) {
    let reasons = &app.settings.reasons;
    let reason_lines = u16::try_from(reasons.len().div_ceil(4)).unwrap_or(u16::MAX);
    let title = format!(" Flag {}: why? ", safe(prompt.subject.id.as_str()));
    let area = open_box(frame, reason_lines.saturating_add(5), &title, app, theme);
    for (at, row) in reasons.chunks(4).enumerate() {
        let mut spans = vec![Span::raw(" ")];
        for (within, reason) in row.iter().enumerate() {
            let shown = safe(reason);
            spans.push(Span::styled(format!("{} ", at * 4 + within + 1), theme.key()));
            spans.push(Span::raw(format!("{:<13}", cut(shown.as_str(), 13))));
        }
        frame.render_widget(TextLine::from(spans), first_line(area, u16::try_from(at).unwrap_or(u16::MAX)));
    }
    let below = reason_lines.saturating_add(1);
    draw_line(frame, first_line(area, below), " reason  ", &prompt.reason, !prompt.in_note, theme);
    draw_line(
        frame,
        first_line(area, below.saturating_add(1)),
        " note    ",
        &prompt.note,
        prompt.in_note,
        theme,
    );
}

fn open_box(frame: &mut Frame<'_>, height: u16, title: &str, app: &App, theme: &Theme) -> Rect {
    let screen = app.areas().screen;
    let area = super::rect(screen.centred(BOX_WIDTH.min(screen.width), height));
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

fn draw_line(frame: &mut Frame<'_>, area: Rect, label: &str, line: &Line, active: bool, theme: &Theme) {
    if area.is_empty() {
        return;
    }
    let style = if active { theme.accent() } else { theme.quiet() };
    let label_width = u16::try_from(label.chars().count()).unwrap_or(0).min(area.width);
    frame.render_widget(Span::styled(label.to_owned(), style), area);
    let field = Rect { x: area.x + label_width, width: area.width - label_width, ..area };
    let before: String = line.text().chars().take(line.cursor()).collect();
    let column = u16::try_from(safe(&before).width()).unwrap_or(u16::MAX);
    let overflow = column.saturating_add(1).saturating_sub(field.width);
    let text = TextLine::from(foreign(line.text(), Role::Text, theme));
    frame.render_widget(Paragraph::new(text).scroll((0, overflow)), field);
    if active && field.width > 0 {
        frame.set_cursor_position((field.x.saturating_add(column - overflow), field.y));
    }
}
