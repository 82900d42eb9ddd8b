//! What is typed on the last line: a command, with what it could become above it; a search of the article.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line as TextLine, Span};
use ratatui::widgets::{Clear, Paragraph};
use unicode_width::UnicodeWidthStr;

use super::Theme;
use super::page_pane::frame_of;
use super::text::{foreign, line};
use crate::app::palette::Entry;
use crate::app::{App, Line, Palette, Prompt};
use crate::model::safe;
use crate::page::{Role, cut, fit};

/// A name and keys get as much as they need, and no more than this. Unit: columns.
const NAME_WIDTHS: (usize, usize) = (12, 22);
const KEYS_WIDTHS: (usize, usize) = (0, 14);

/// Draws the line in place of the footer; whether there is one to draw.
pub(super) fn draw_line(frame: &mut Frame<'_>, area: Rect, app: &App, theme: &Theme) -> bool {
    let (sign, typed) = match &app.prompt {
        Some(Prompt::Command(palette)) => (":", &palette.line),
        Some(Prompt::Search { line, .. }) => ("find in the article: ", line),
        _ => return false,
    };
    frame.render_widget(Clear, area);
    let mut spans = vec![Span::raw(" "), Span::styled(sign, theme.key())];
    spans.extend(foreign(typed.text(), Role::Text, theme));
    if let Some(notice) = app.notice.as_ref().filter(|_| matches!(app.prompt, Some(Prompt::Search { .. }))) {
        spans.push(Span::raw("   "));
        spans.extend(foreign(&notice.text, Role::Quiet, theme));
    }
    let column = 1 + sign.width() + width_before_cursor(typed);
    let overflow = u16::try_from(column + 1).unwrap_or(u16::MAX).saturating_sub(area.width);
    frame.render_widget(Paragraph::new(TextLine::from(spans)).scroll((0, overflow)), area);
    if !area.is_empty() {
        let x = area.x.saturating_add(u16::try_from(column).unwrap_or(u16::MAX).saturating_sub(overflow));
        frame.set_cursor_position((x.min(area.right().saturating_sub(1)), area.y));
    }
    true
}

fn width_before_cursor(line: &Line) -> usize {
    let before: String = line.text().chars().take(line.cursor()).collect();
    safe(&before).width()
}

/// Draws what a command could become, above the last line.
pub(super) fn draw_list(frame: &mut Frame<'_>, app: &App, theme: &Theme) {
    let Some(Prompt::Command(palette)) = &app.prompt else { return };
    let (area, said) = app.palette_list(palette);
    let area = super::rect(area);
    if area.height < 3 || area.width < 3 {
        return;
    }
    let title = match palette.entries.len() {
        0 => " nothing fits ".to_owned(),
        count if palette.line.text().is_empty() => {
            format!(" {count} commands: type letters of a name, or tab ")
        }
        1 => " 1 fits: enter takes it ".to_owned(),
        count => format!(" {count} fit: enter takes the first, tab chooses "),
    };
    let block = frame_of(area, &title, true, theme);
    let inner = block.inner(area);
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    for (page_line, y) in said.lines.iter().zip(inner.top()..inner.bottom()) {
        frame.render_widget(line(page_line, theme), Rect { y, height: 1, ..inner });
    }
    let taken = u16::try_from(said.lines.len()).unwrap_or(u16::MAX).min(inner.height);
    let inner = Rect { y: inner.y + taken, height: inner.height - taken, ..inner };
    let first = palette.first_listed(usize::from(inner.height));
    let widest = |of: fn(&Entry) -> &str, (least, most): (usize, usize)| {
        let widths =
            palette.entries.iter().map(|entry| safe(of(entry)).width()).filter(|width| *width <= most);
        widths.max().unwrap_or_default().max(least)
    };
    let widths = (widest(|it| &it.text, NAME_WIDTHS), widest(|it| &it.keys, KEYS_WIDTHS));
    for (at, y) in (first..palette.entries.len()).zip(inner.top()..inner.bottom()) {
        let entry = entry_line(palette, at, widths, usize::from(inner.width), theme);
        frame.render_widget(entry, Rect { y, height: 1, ..inner });
    }
}

fn entry_line(
    palette: &Palette,
    at: usize,
    (name_width, keys_width): (usize, usize),
    width: usize,
    theme: &Theme,
) -> TextLine<'static> {
    let Some(entry) = palette.entries.get(at) else { return TextLine::default() };
    let (text, keys, help) = (safe(&entry.text), safe(&entry.keys), safe(&entry.help));
    let name = fit(text.as_str(), name_width.max(text.width()));
    let keys = fit(keys.as_str(), keys_width.max(keys.width()));
    let left = width.saturating_sub(5 + name.width() + keys.width());
    let help = cut(help.as_str(), left).into_owned();
    let sign = if palette.chosen == Some(at) { "▸ " } else { "  " };
    let mut line = TextLine::from(vec![
        Span::styled(sign, theme.key()),
        Span::raw(cut(&name, width.saturating_sub(2)).into_owned()),
        Span::raw(" "),
        Span::styled(keys, theme.key()),
        Span::raw("  "),
        Span::styled(help, theme.quiet()),
    ]);
    if palette.chosen == Some(at) {
        line.spans.iter_mut().skip(1).for_each(|span| span.style = theme.cursor(span.style, true));
    }
    line
}
