//! What could be typed next, under the line of the filter.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Clear;
use unicode_width::UnicodeWidthStr;

use super::Theme;
use super::page_pane::frame_of;
use super::text::line;
use crate::app::completing::LISTED;
use crate::app::{App, Prompt};
use crate::model::figures::grouped;
use crate::model::safe;
use crate::page::{PageLine, Role, cut, fit};
use crate::query::Candidate;

/// For a number of posts. Unit: columns, as below.
const COUNT_WIDTH: usize = 10;
/// A name, with a help beside it.
const NAME_WIDTH: usize = 14;

pub(super) fn draw(frame: &mut Frame<'_>, app: &App, theme: &Theme) {
    if !matches!(app.prompt, Some(Prompt::Filter { .. })) || !app.completing.is_open() {
        return;
    }
    let area = super::rect(app.completing.area(app.areas().list));
    let Some(found) = &app.completing.found else { return };
    let (title, lines) = if found.candidates.is_empty() {
        let words = match &found.nearest {
            Some(near) => format!("0 posts; nearest: {}", safe(near)),
            None => "nothing has these letters".to_owned(),
        };
        (String::new(), vec![PageLine::default().own(Role::Warning, words)])
    } else {
        let first = app.completing.first_listed();
        let width = usize::from(area.width.saturating_sub(2));
        let shown = found.candidates.iter().enumerate().skip(first).take(LISTED);
        let lines = shown
            .map(|(at, candidate)| candidate_line(candidate, app.completing.chosen == Some(at), width))
            .collect();
        let beyond = found.candidates.len().saturating_sub(LISTED);
        let more = if beyond > 0 { format!(" {} more ", grouped(beyond)) } else { String::new() };
        (more, lines)
    };
    if area.width < 6 || area.height < 3 {
        return;
    }
    let block = frame_of(area, &title, true, theme);
    let inner = block.inner(area);
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    for (page_line, y) in lines.iter().zip(inner.top()..inner.bottom()) {
        frame.render_widget(line(page_line, theme), Rect { y, height: 1, ..inner });
    }
}

fn candidate_line(candidate: &Candidate, is_chosen: bool, width: usize) -> PageLine {
    let text = safe(&candidate.text);
    let role = if is_chosen { Role::Chosen } else { Role::Text };
    let line = PageLine::default().own(Role::Label, if is_chosen { "▸ " } else { "  " });
    let left = width.saturating_sub(2);
    match candidate.posts {
        Some(posts) => {
            let name = left.saturating_sub(COUNT_WIDTH);
            let count = grouped(posts);
            line.own(role, fit(text.as_str(), name)).own(Role::Quiet, format!("{count:>COUNT_WIDTH$}"))
        }
        None => {
            let name = NAME_WIDTH.max(text.as_str().width() + 1).min(left);
            let help = safe(&candidate.help);
            line.own(role, fit(text.as_str(), name))
                .own(Role::Quiet, cut(help.as_str(), left.saturating_sub(name)).into_owned())
        }
    }
}
