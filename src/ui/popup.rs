//! The help, the problems and the history of a post, over the desk.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Clear;

use super::Theme;
use super::page_pane::{draw_thumb, frame_of};
use super::text::line;
use crate::app::{App, Popup, PopupKind};
use crate::corpus::{Problem, Severity};
use crate::model::figures::grouped;
use crate::model::safe;
use crate::page::{Page, PageLine, Role};

pub(super) fn draw(frame: &mut Frame<'_>, app: &App, theme: &Theme) {
    let Some(popup) = app.popup else { return };
    let area = super::rect(app.popup_area());
    if area.is_empty() {
        return;
    }
    let block = frame_of(area, &title(popup, app), true, theme);
    let inner = super::rect(app.popup_text());
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    match popup.kind {
        PopupKind::Help => {
            let page = app.help_page(inner.width);
            draw_page(frame, inner, &page, popup.scroll, theme);
            draw_thumb(frame, area, popup.scroll, usize::from(inner.height), page.lines.len(), theme);
        }
        PopupKind::Problems => {
            // Only as many problems are set as the box can show.
            let mut page = Page::new(inner.width);
            let shown = app.problems.iter().skip(popup.scroll).take(usize::from(inner.height));
            shown.for_each(|problem| set_problem(problem, &mut page));
            if app.problems.is_empty() {
                page.wrap(PageLine::default(), Role::Good, "Every record could be read.");
            }
            draw_page(frame, inner, &page, 0, theme);
            draw_thumb(frame, area, popup.scroll, 1, app.problems.len(), theme);
        }
        PopupKind::Numbers => {
            let Some(numbers) = &app.numbers else { return };
            let page = numbers.page(inner.width);
            draw_page(frame, inner, &page, popup.scroll, theme);
            draw_thumb(frame, area, popup.scroll, usize::from(inner.height), page.lines.len(), theme);
        }
        PopupKind::History => {
            let Some(history) = &app.history else { return };
            // The footer's own line may lie under the box.
            let refusal = app.notice.as_ref().filter(|notice| notice.is_warning);
            let mut above = Page::new(inner.width);
            if let Some(refusal) = refusal {
                above.wrap(PageLine::default(), Role::Warning, &refusal.text);
                above.gap();
            }
            let taken = u16::try_from(above.lines.len()).unwrap_or(u16::MAX).min(inner.height);
            draw_page(frame, inner, &above, 0, theme);
            let below = Rect { y: inner.y.saturating_add(taken), height: inner.height - taken, ..inner };
            let page = history.page(popup.scroll, below.width, usize::from(below.height));
            draw_page(frame, below, &page, 0, theme);
            let rows = usize::from(below.height);
            if history.page(0, below.width, rows + 1).lines.len() > rows {
                draw_thumb(frame, area, popup.scroll, 1, history.steps.len(), theme);
            }
        }
        PopupKind::Facets => {
            let Some(facets) = &app.facets else { return };
            let posts = app.list.view.len();
            let page = facets.page(popup.scroll, posts, inner.width, usize::from(inner.height));
            draw_page(frame, inner, &page, 0, theme);
            let values = app.last_scroll(popup.kind) + 1;
            draw_thumb(frame, area, popup.scroll, usize::from(inner.height), values, theme);
        }
        PopupKind::Queries => {
            let Some(named) = &app.named else { return };
            let page = named.page(popup.scroll, inner.width, usize::from(inner.height));
            draw_page(frame, inner, &page, 0, theme);
            draw_thumb(frame, area, popup.scroll, usize::from(inner.height), named.len(), theme);
        }
        PopupKind::Links => {
            let page = app.links.page(popup.scroll, inner.width, usize::from(inner.height));
            draw_page(frame, inner, &page, 0, theme);
            let links = app.links.found.len();
            draw_thumb(frame, area, popup.scroll, usize::from(inner.height), links, theme);
        }
    }
}

fn title(popup: Popup, app: &App) -> String {
    match popup.kind {
        PopupKind::Help if app.help_sought.text().is_empty() => " Help: type what you seek ".to_owned(),
        PopupKind::Help => format!(" Help: {} ", safe(app.help_sought.text().trim())),
        PopupKind::Numbers => " Numbers ".to_owned(),
        PopupKind::History => match &app.history {
            Some(history) if !history.steps.is_empty() => format!(
                " History of {}: {} of {} ",
                safe(history.post.as_str()),
                grouped(popup.scroll + 1),
                grouped(history.steps.len())
            ),
            Some(_) | None => " History ".to_owned(),
        },
        PopupKind::Facets => {
            let (posts, query) = (grouped(app.list.view.len()), safe(&app.list.text));
            let waiting = if app.list.is_settled() && !app.is_counting() { "" } else { " …" };
            if query.as_str().is_empty() {
                format!(" Facets of all {posts} posts{waiting} ")
            } else {
                format!(" Facets of {posts} posts{waiting}: {query} ")
            }
        }
        PopupKind::Queries => {
            let count = app.named.as_ref().map_or(0, crate::app::NamedList::len);
            format!(" Named queries {} of {} ", grouped(popup.scroll + 1), grouped(count))
        }
        PopupKind::Links => {
            format!(" Links {} of {} ", grouped(popup.scroll + 1), grouped(app.links.found.len()))
        }
        PopupKind::Problems if app.problems.is_empty() => " Problems ".to_owned(),
        PopupKind::Problems => {
            let kept = if app.problems_beyond > 0 { " kept" } else { "" };
            format!(" Problems {} of {}{kept} ", grouped(popup.scroll + 1), grouped(app.problems.len()))
        }
    }
}

fn draw_page(frame: &mut Frame<'_>, area: Rect, page: &Page, scroll: usize, theme: &Theme) {
    for (page_line, y) in page.lines.iter().skip(scroll).zip(area.top()..area.bottom()) {
        frame.render_widget(line(page_line, theme), Rect { y, height: 1, ..area });
    }
}

fn set_problem(problem: &Problem, page: &mut Page) {
    let (sign, role) = match problem.severity {
        Severity::Rejected => ("✗ ", Role::Bad),
        Severity::Doubt => ("⚠ ", Role::Warning),
    };
    page.wrap(PageLine::default().own(role, sign), Role::Text, &problem.to_string());
    if !problem.excerpt.is_empty() {
        page.wrap(PageLine::default().own(Role::Text, "  "), Role::Quiet, &problem.excerpt);
    }
    page.gap();
}
