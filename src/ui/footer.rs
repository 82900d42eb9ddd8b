//! The line at the bottom: a sentence for the reviewer, or the keys that matter now.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;

use super::Theme;
use super::text::line;
use crate::app::{Action, App, PopupKind, Prompt, SaveMark, Why};
use crate::model::Status;
use crate::model::figures::grouped;
use crate::page::{Page, PageLine, Role};

/// A sentence may take up so many lines; it lies over the panes then.
const MAX_NOTICE_LINES: usize = 4;

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, app: &App, theme: &Theme) {
    let position = position(app, theme);
    let width = u16::try_from(position.width()).unwrap_or(u16::MAX).min(area.width);
    let left = Rect { width: area.width - width, ..area };
    match sentence(app) {
        _ if super::palette::draw_line(frame, left, app, theme) => {}
        Some((text, role)) => draw_sentence(frame, area, &text, role, width, theme),
        None => frame.render_widget(fitted(keys(app, theme), left.width), left),
    }
    frame.render_widget(position.alignment(Alignment::Right), area);
}

/// What the reviewer should read, if there is anything.
fn sentence(app: &App) -> Option<(String, Role)> {
    if let Some(text) = app.leaving_line() {
        return Some((text, Role::Warning));
    }
    // What refuses a key, or asks for it once more, is not hidden by what is under way.
    let warning = app.notice.as_ref().filter(|notice| notice.is_warning).map(|notice| &notice.text);
    if let SaveMark::NotSaved(count, why) = app.saving.mark() {
        let warning = warning.map_or_else(String::new, |warning| format!(". {warning}"));
        return Some((format!("{count} NOT SAVED: {why}{warning}"), Role::Bad));
    }
    if let Some(warning) = warning {
        return Some((warning.clone(), Role::Warning));
    }
    if let Some(text) = under_way(app) {
        return Some((text, Role::Text));
    }
    if let Some(notice) = &app.notice {
        return Some((notice.text.clone(), Role::Text));
    }
    match &app.prompt {
        Some(Prompt::Filter { .. }) => {
            query_mistake(app).or_else(|| app.list.hint.clone()).map(|text| (text, Role::Warning))
        }
        None if app.popup.is_none() => app.list.hint.clone().map(|text| (text, Role::Warning)),
        _ => None,
    }
}

/// How far something long has got.
fn under_way(app: &App) -> Option<String> {
    if let Some(bulk) = &app.bulk {
        let (read, of) = (grouped(bulk.read()), grouped(bulk.len()));
        return Some(if bulk.can_be_stopped() {
            let key = app.keymap.names(Action::Clear);
            format!("reading {read} of {of} posts to decide on; {key} stops")
        } else {
            format!("deciding on {of} posts, {} left", grouped(bulk.left()))
        });
    }
    let undoing = app.undoing.as_ref()?;
    let (of, left) = (grouped(undoing.len()), grouped(undoing.left()));
    Some(format!("taking back what was decided on {of} posts, {left} left"))
}

/// A sentence on the last line, or on as many lines above it as it needs.
fn draw_sentence(frame: &mut Frame<'_>, area: Rect, text: &str, role: Role, reserved: u16, theme: &Theme) {
    let mut page = Page::new(area.width.saturating_sub(reserved).saturating_sub(2));
    page.wrap(PageLine::default(), role, text);
    let lines = page.lines.len().min(MAX_NOTICE_LINES);
    let height = u16::try_from(lines).unwrap_or(1).min(area.bottom());
    let over = Rect { y: area.bottom() - height, height, ..area };
    frame.render_widget(Clear, over);
    for (page_line, y) in page.lines.iter().zip(over.top()..over.bottom()) {
        let x = over.x.saturating_add(1).min(over.right());
        let room = Rect { x, y, width: over.width.saturating_sub(1), height: 1 };
        frame.render_widget(line(page_line, theme), room);
    }
}

/// Whole hints only. The last one stays: it tells how to get out, or where the others are.
fn fitted(mut keys: Line<'static>, room: u16) -> Line<'static> {
    const SPANS_A_HINT: usize = 2;
    while keys.width() > usize::from(room) && keys.spans.len() > 1 + 2 * SPANS_A_HINT {
        let before_last = keys.spans.len() - 2 * SPANS_A_HINT;
        keys.spans.drain(before_last..before_last + SPANS_A_HINT);
    }
    keys
}

fn keys(app: &App, theme: &Theme) -> Line<'static> {
    let mut spans = vec![Span::raw(" ")];
    if let Some(prompt) = &app.prompt {
        spans.extend(prompt_keys(prompt, app, theme));
    } else if let Some(popup) = app.popup {
        // In the help letters are typed.
        let moves: &[(&str, &str)] = match popup.kind {
            PopupKind::Help => &[("letters", "seek"), ("↓ ↑", "move"), ("pgdn", "a page")],
            PopupKind::Problems if app.has_post(popup.scroll) => &[("↓ ↑", "move"), ("enter", "to its post")],
            PopupKind::Problems => &[("↓ ↑", "move")],
            PopupKind::Links => &[("↓ ↑", "move"), ("1-9 enter", "open")],
            PopupKind::Queries => &[("↓ ↑", "move"), ("enter", "filter by it"), ("del", "forget")],
            PopupKind::Facets => &[("↓ ↑", "value"), ("tab", "field"), ("enter", "filter"), ("-", "exclude")],
            PopupKind::History | PopupKind::Numbers => &[("↓ ↑", "move"), ("pgdn", "a page")],
        };
        spans.extend(moves.iter().flat_map(|(key, word)| key_and_word(key, word, theme)));
        let undo = app.keymap.keys(Action::Undo).first().filter(|_| {
            let steps = app.history.as_ref().map_or(0, |history| history.steps.len());
            popup.kind == PopupKind::History && popup.scroll < steps
        });
        spans
            .extend(undo.into_iter().flat_map(|key| key_and_word(&key.to_string(), "undo this step", theme)));
        spans.extend(key_and_word("esc", "close", theme));
    } else {
        let here = app.place().keys().iter().map(|key| (key.action, key.word));
        for (action, word) in here.chain([(Action::Command, "command"), (Action::Help, "help")]) {
            if let Some(key) = app.keymap.keys(action).first() {
                let key = if action == Action::Tick(1) { "1-9".to_owned() } else { key.to_string() };
                spans.extend(key_and_word(&key, word, theme));
            }
        }
    }
    Line::from(spans)
}

/// What is wrong with the query, as soon as more letters cannot mend it.
fn query_mistake(app: &App) -> Option<String> {
    app.list.error.as_ref().filter(|error| !error.incomplete).map(ToString::to_string)
}

fn prompt_keys(prompt: &Prompt, app: &App, theme: &Theme) -> Vec<Span<'static>> {
    let keys: &[(&str, &str)] = match prompt {
        Prompt::Filter { .. } if app.completing.is_listed() => {
            &[("tab", "next"), ("shift-tab", "before"), ("enter", "keep"), ("esc", "back")]
        }
        Prompt::Filter { .. } => {
            &[("enter", "keep"), ("tab", "complete"), ("ctrl-p", "an earlier one"), ("esc", "as before")]
        }
        Prompt::Flag(flag) => return why_keys(&flag.why, false, app, theme),
        Prompt::Bulk(bulk) if bulk.status == Status::Flagged => return why_keys(&bulk.why, true, app, theme),
        Prompt::Bulk(_) => &[("enter", "do it"), ("y", "too"), ("esc", "give up")],
        // These are typed on this very line.
        Prompt::Command(_) | Prompt::Search { .. } => &[],
        Prompt::Note { .. } => &[("enter", "keep"), ("ctrl-o", "your editor"), ("esc", "give up")],
        Prompt::Link(_) => &[("y", "open"), ("n", "leave"), ("c", "copy the address")],
    };
    keys.iter().flat_map(|(key, word)| key_and_word(key, word, theme)).collect()
}

/// The keys of a reason and a note. For many posts a digit does nothing by itself.
fn why_keys(why: &Why, for_many: bool, app: &App, theme: &Theme) -> Vec<Span<'static>> {
    let digits = match app.settings.reasons.len() {
        0 | 1 => "1".to_owned(),
        count => format!("1-{count}"),
    };
    let has_digits = !why.in_note && !why.is_edited && !app.settings.reasons.is_empty();
    let enter = match (why.in_note, why.has_reason(), why.has_note()) {
        (true, false, true) => "to the reason",
        (_, true, _) => "flag",
        (_, false, _) => "flag, no reason",
    };
    let tab = match (why.in_note, why.has_note()) {
        (true, _) => "reason",
        (false, true) => "the note",
        (false, false) if has_digits && !for_many => "a note first",
        (false, false) => "a note",
    };
    let digit = if for_many { "reason" } else { "flag at once" };
    let mut keys = Vec::new();
    keys.extend(has_digits.then_some((digits.as_str(), digit)));
    keys.extend([("tab", tab), ("enter", enter)]);
    keys.extend((why.in_note && !for_many).then_some(("ctrl-o", "your editor")));
    keys.push(("esc", "give up"));
    keys.iter().flat_map(|(key, word)| key_and_word(key, word, theme)).collect()
}

fn key_and_word(key: &str, word: &str, theme: &Theme) -> [Span<'static>; 2] {
    [Span::styled(key.to_owned(), theme.key()), Span::styled(format!(" {word}  "), theme.quiet())]
}

fn position(app: &App, theme: &Theme) -> Line<'static> {
    let len = app.list.view.len();
    let at = if len == 0 { 0 } else { app.list.cursor + 1 };
    Line::from(Span::styled(format!("  {} / {} ", grouped(at), grouped(len)), theme.quiet()))
}
