//! The line at the bottom: a sentence for the reviewer, or the keys that matter now.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::text::{Line, Span};

use super::Theme;
use super::text::{foreign, grouped};
use crate::app::page::Role;
use crate::app::{ACTIONS, Action, App, Prompt, SaveMark};

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, app: &App, theme: &Theme) {
    let position = position(app, theme);
    let width = u16::try_from(position.width()).unwrap_or(u16::MAX).min(area.width);
    frame.render_widget(left(app, theme), Rect { width: area.width - width, ..area });
    frame.render_widget(position.alignment(Alignment::Right), area);
}

fn left(app: &App, theme: &Theme) -> Line<'static> {
    let mut spans = vec![Span::raw(" ")];
    if let SaveMark::NotSaved(_, why) = app.saving.mark() {
        spans.push(Span::styled(" NOT SAVED ", theme.alarm()));
        spans.extend(foreign(&format!(" {why}"), Role::Bad, theme));
    } else if let Some(notice) = &app.notice {
        let role = if notice.is_warning { Role::Warning } else { Role::Text };
        spans.extend(foreign(&notice.text, role, theme));
    } else if let (Some(Prompt::Filter { .. }), Some(error)) = (&app.prompt, query_mistake(app)) {
        spans.extend(foreign(&error, Role::Warning, theme));
    } else if let Some(prompt) = &app.prompt {
        spans.extend(prompt_keys(prompt, app, theme));
    } else if app.popup.is_some() {
        spans.extend(key_and_word("esc", "close", theme));
        for (action, word) in [(Action::Down, "down"), (Action::Up, "up"), (Action::PageDown, "a page")] {
            if let Some(key) = app.keymap.keys(action).first() {
                spans.extend(key_and_word(&key.to_string(), word, theme));
            }
        }
    } else {
        for row in ACTIONS {
            if let (Some(word), Some(key)) = (row.footer, app.keymap.keys(row.action).first()) {
                spans.extend(key_and_word(&key.to_string(), word, theme));
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
    let digits = format!("1-{}", app.settings.reasons.len());
    let keys: &[(&str, &str)] = match prompt {
        Prompt::Filter { .. } => &[("enter", "keep"), ("esc", "as before"), ("↓ ↑", "move")],
        Prompt::Flag(flag) if flag.in_note => &[("enter", "flag"), ("tab", "reason"), ("esc", "give up")],
        Prompt::Flag(flag) if flag.is_edited => &[("enter", "flag"), ("tab", "note"), ("esc", "give up")],
        Prompt::Flag(_) => {
            &[(&digits, "flag at once"), ("tab", "a note first"), ("enter", "flag"), ("esc", "give up")]
        }
        Prompt::Note { .. } => &[("enter", "keep"), ("esc", "give up")],
    };
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
