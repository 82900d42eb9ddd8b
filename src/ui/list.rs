//! The list: the query, the heads of the columns, then the posts of the window. Rows outside of it are never built.

use std::collections::HashSet;
use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line as TextLine, Span};
use unicode_segmentation::UnicodeSegmentation;

use super::Theme;
use super::columns::Columns;
use super::text::foreign;
use crate::app::{App, Line, Pane, Prompt};
use crate::corpus::{Row, RowRef};
use crate::model::figures::{grouped, percent};
use crate::model::text::width as width_of;
use crate::model::{Status, safe};
use crate::page::{Role, cut, fit, status_role};

/// Characters of a title that can share a column at most: a letter and its marks.
const MAX_CHARS_PER_COLUMN: usize = 10;
/// Stands before a post that is marked.
const MARK: &str = "▌";
/// Stands there for the post under the cursor while the keys go elsewhere.
const HERE: &str = "▸";
/// What the line of the query says while there is none: the longest that fits.
const EXAMPLES: [&str; 3] = [" to filter: stack:python score>=70", " to filter: score>=70", " to filter"];

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, app: &App, theme: &Theme) {
    if area.is_empty() {
        return;
    }
    let focused = app.focus == Pane::List;
    let title = title(app, usize::from(area.width).saturating_sub(4));
    let block = super::page_pane::frame_of(area, &title, focused, theme);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let [query_line, head, rows] = split(inner, app);
    draw_query(frame, query_line, app, theme);
    let Some(columns) = Columns::of(app, usize::from(inner.width)) else { return };
    frame.render_widget(columns.head(theme), head);
    let mut lines = Vec::with_capacity(usize::from(rows.height));
    for position in window(app, usize::from(rows.height)) {
        let Some(row) = app.list.view.get(position) else { break };
        let Some(post) = app.corpus.get(row) else { break };
        let mut line = post_line(row, post, &columns, app, theme);
        let sign = match (is_marked(app, row, position), theme.ascii) {
            (true, true) => "+",
            (true, false) => MARK,
            _ if position == app.list.cursor && !focused => HERE,
            _ => " ",
        };
        if let Some(first) = line.spans.first_mut() {
            *first = Span::styled(sign, theme.key());
        }
        if position == app.list.cursor {
            line.spans.iter_mut().for_each(|span| span.style = theme.cursor(span.style, focused));
        }
        lines.push(line);
    }
    if lines.is_empty() {
        lines.extend(nothing_here(app, theme));
    }
    for (line, y) in lines.into_iter().zip(rows.top()..rows.bottom()) {
        frame.render_widget(line, Rect { y, height: 1, ..rows });
    }
    super::page_pane::draw_thumb(
        frame,
        area,
        app.list.top,
        usize::from(rows.height),
        app.list.view.len(),
        theme,
    );
}

/// The positions of the view that are built for a screen with so many rows, and no others.
fn window(app: &App, rows: usize) -> Range<usize> {
    app.list.top..app.list.view.len().min(app.list.top.saturating_add(rows))
}

/// The positions of the view that the next frame builds.
pub fn rows_of_frame(app: &App) -> Range<usize> {
    window(app, app.areas().list_rows())
}

/// The line of the query, that of the heads, and the rest.
fn split(inner: Rect, app: &App) -> [Rect; 3] {
    let line = Rect { height: inner.height.min(1), ..inner };
    let below = Rect { y: inner.y + line.height, height: inner.height - line.height, ..inner };
    let head = Rect { height: app.areas().list_head().min(below.height), ..below };
    [line, head, Rect { y: below.y + head.height, height: below.height - head.height, ..below }]
}

/// As much as fits: what the header says as well goes first.
fn title(app: &App, room: usize) -> String {
    let (shown, all) = (app.list.view.len(), app.corpus.len());
    let waiting = match app.list.searched {
        // What is typed there is no query, and this is not what it finds.
        _ if app.list.error.as_ref().is_some_and(|error| !error.incomplete) => ", as before".to_owned(),
        _ if app.list.is_settled() => String::new(),
        Some((searched, of)) => format!(" … {}", percent(searched, of)),
        None => " …".to_owned(),
    };
    let marked = match app.marked() {
        (0, _) => String::new(),
        (count, true) => format!("  {} marked", grouped(count)),
        (count, false) => format!("  up to {} marked", grouped(count)),
    };
    let hidden = match app.list.hidden {
        0 => String::new(),
        count => format!("  {} hidden", grouped(count)),
    };
    let (shown, of) = if shown == all {
        (grouped(all), String::new())
    } else {
        (grouped(shown), format!(" of {}", grouped(all)))
    };
    let titles = [
        format!(" Posts {shown}{of}{waiting}{hidden}{marked} "),
        format!(" {shown}{of}{waiting}{hidden}{marked} "),
        format!(" {shown}{waiting}{hidden}{marked} "),
    ];
    let [_, _, shortest] = &titles;
    titles.iter().find(|title| width_of(title) <= room).unwrap_or(shortest).clone()
}

/// The query, the place of a mistake in it, and the cursor while it is being typed.
fn draw_query(frame: &mut Frame<'_>, area: Rect, app: &App, theme: &Theme) {
    if area.is_empty() {
        return;
    }
    let text = &app.list.text;
    let typing = match &app.prompt {
        Some(Prompt::Filter { line, .. }) => Some(line),
        _ => None,
    };
    if text.is_empty() && typing.is_none() {
        let key = app.keymap.names(crate::app::Action::Filter);
        let mut hints = EXAMPLES.map(|example| format!(" {key}{example}")).into_iter();
        let hint = hints.find(|hint| width_of(hint) <= usize::from(area.width)).unwrap_or_default();
        frame.render_widget(Span::styled(hint, theme.quiet()), area);
        return;
    }
    let text = typing.map_or(text.as_str(), Line::text);
    let mut spans = vec![Span::styled("> ", theme.accent())];
    let mistake = app.list.error.as_ref().filter(|error| !error.incomplete).map(|error| error.span.clone());
    let cuts = mistake.map_or((text.len(), text.len()), |span| (span.start, span.end));
    let (right, bad) = text.split_at_checked(cuts.0).unwrap_or((text, ""));
    let (bad, rest) = bad.split_at_checked(cuts.1.saturating_sub(cuts.0)).unwrap_or((bad, ""));
    spans.extend(foreign(right, Role::Text, theme));
    let underlined = theme.role(Role::Bad).underlined();
    spans.extend(foreign(bad, Role::Bad, theme).into_iter().map(|span| span.patch_style(underlined)));
    spans.extend(foreign(rest, Role::Text, theme));
    let before: String = text.chars().take(typing.map_or(0, Line::cursor)).collect();
    let column = 2 + safe(&before).width();
    let overflow = u16::try_from(column + 1).unwrap_or(u16::MAX).saturating_sub(area.width);
    let paragraph = ratatui::widgets::Paragraph::new(TextLine::from(spans)).scroll((0, overflow));
    frame.render_widget(paragraph, area);
    if typing.is_some() {
        let x = area.x.saturating_add(u16::try_from(column).unwrap_or(u16::MAX).saturating_sub(overflow));
        frame.set_cursor_position((x.min(area.right().saturating_sub(1)), area.y));
    }
}

/// A post that is marked, or is in the range that is being marked.
fn is_marked(app: &App, row: Row, position: usize) -> bool {
    let in_range = app.marks.range(app.list.cursor).is_some_and(|range| range.contains(&position));
    in_range || app.marks.has(row)
}

fn post_line(row: Row, post: RowRef<'_>, columns: &Columns, app: &App, theme: &Theme) -> TextLine<'static> {
    let badge = app.standings.get(row);
    let glyph_style = theme.role(status_role(badge.status));
    let glyph = match (badge.conflict, badge.stale) {
        (true, _) => "≠",
        (_, true) => "~",
        _ => badge.status.glyph(),
    };
    let is_flagged = badge.status == Status::Flagged;
    let why = columns.why(app.standings.reasons(row)).filter(|_| is_flagged).unwrap_or_default();
    let title_width = columns.title_width().saturating_sub(width_of(&why));
    let mut spans = vec![Span::raw(" "), Span::styled(glyph, glyph_style), Span::raw(" ")];
    spans.extend(title_spans(post.title(), title_width, app, theme));
    spans.push(Span::styled(why, glyph_style));
    spans.extend(columns.behind(post, theme));
    TextLine::from(spans)
}

fn title_spans(title: &str, width: usize, app: &App, theme: &Theme) -> Vec<Span<'static>> {
    // What cannot be on the line is not looked at: a title may have a million letters.
    let end = title.char_indices().nth(width.saturating_mul(MAX_CHARS_PER_COLUMN)).map(|(at, _)| at);
    let title = end.and_then(|end| title.get(..end)).unwrap_or(title);
    let shown = safe(title);
    if title.trim().is_empty() {
        return vec![Span::styled(fit("(no title)", width), theme.quiet())];
    }
    if shown.as_str() != title {
        // Signs of ours stand in it: the letters of the title are no longer where the filter saw them.
        let mut spans = Vec::new();
        let mut left = width;
        for span in foreign(title, Role::Text, theme) {
            let text = cut(&span.content, left).into_owned();
            left -= width_of(&text);
            spans.push(Span::styled(text, span.style));
        }
        spans.push(Span::raw(" ".repeat(left)));
        return spans;
    }
    let text = fit(title, width);
    let found: HashSet<usize> = app.list.query.highlight(title).into_iter().collect();
    if found.is_empty() {
        return vec![Span::raw(text)];
    }
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut piece = String::new();
    let mut piece_found = false;
    let mut at = 0;
    // Cluster by cluster: a mark without its letter would not be drawn.
    for cluster in text.graphemes(true) {
        let chars = cluster.chars().count();
        let is_found = cluster != "…" && (at..at + chars).any(|at| found.contains(&at));
        at += chars;
        if is_found != piece_found && !piece.is_empty() {
            spans.push(Span::styled(std::mem::take(&mut piece), style_of(piece_found, theme)));
        }
        piece_found = is_found;
        piece.push_str(cluster);
    }
    spans.push(Span::styled(piece, style_of(piece_found, theme)));
    spans
}

fn style_of(found: bool, theme: &Theme) -> Style {
    if found { theme.found() } else { Style::new() }
}

fn nothing_here(app: &App, theme: &Theme) -> Vec<TextLine<'static>> {
    let text = match (app.loading.is_some(), app.corpus.is_empty()) {
        (true, true) => "reading …",
        (false, true) => "no posts here",
        _ if app.list.error.is_some() => "this is not a query yet",
        _ if !app.list.is_settled() => "looking …",
        _ if app.list.hidden > 0 => "everything here is decided, and hidden",
        _ => "no post passes this filter; esc clears it",
    };
    vec![TextLine::default(), TextLine::from(Span::styled(format!("   {text}"), theme.quiet()))]
}
