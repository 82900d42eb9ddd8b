//! The line at the top: what is open, how far it was read, what was decided, whether it is safe.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::Theme;
use super::text::foreign;
use crate::app::numbers::duration;
use crate::app::{App, SaveMark};
use crate::corpus::{Root, RootKind};
use crate::model::figures::{grouped, percent};
use crate::model::{Status, safe};
use crate::page::{Role, cut, status_role};

/// From this width on the counts have their words; below it their signs must do. Unit: columns.
const WORDS_FROM: u16 = 100;

/// Stands before the names of the sources where they leave room for it.
const BRAND: &str = "copydesk  ";

/// The least that a name keeps beside it. Unit: columns, as below.
const LEAST_NAME: usize = 12;

/// Names of sources get at most this much of the line.
const NAME_WIDTH: usize = 36;

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, app: &App, theme: &Theme) {
    let right = right(app, area.width < WORDS_FROM, theme);
    let right_width = u16::try_from(right.width()).unwrap_or(u16::MAX).min(area.width);
    let left_area = Rect { width: area.width - right_width, ..area };
    frame.render_widget(left(app, left_area.width, area.width < WORDS_FROM, theme), left_area);
    frame.render_widget(right.alignment(Alignment::Right), area);
}

/// The name gives way before a count does: a count that is cut is another count.
fn left(app: &App, room: u16, signs_only: bool, theme: &Theme) -> Line<'static> {
    let counts = counts(app, signs_only, theme);
    let room = usize::from(room).saturating_sub(counts.width() + 1);
    let has_brand = !signs_only && room >= BRAND.len() + LEAST_NAME;
    let mut spans = vec![Span::raw(" ")];
    if has_brand {
        spans.push(Span::styled(BRAND, theme.accent().add_modifier(Modifier::BOLD)));
    }
    let room = if has_brand { room - BRAND.len() } else { room };
    let name = source_name(app);
    spans.push(Span::raw(cut(safe(&name).as_str(), room.min(NAME_WIDTH)).into_owned()));
    spans.extend(counts.spans);
    Line::from(spans)
}

/// How many posts there are, how far they were read, how many could not be.
fn counts(app: &App, signs_only: bool, theme: &Theme) -> Line<'static> {
    let posts = app.corpus.len();
    let words = if posts == 1 { "post" } else { "posts" };
    let mut spans = vec![Span::raw(format!("  {} {words}", grouped(posts)))];
    if let Some(loading) = app.loading {
        let done = usize::try_from(loading.bytes).unwrap_or(usize::MAX);
        let total = usize::try_from(loading.total).unwrap_or(usize::MAX);
        let rate = loading.bytes_per_s.filter(|_| !signs_only);
        let rate = rate.map_or_else(String::new, |rate| {
            format!(", {} MB/s", grouped(usize::try_from(rate / 1_000_000).unwrap_or_default()))
        });
        spans.push(Span::styled(format!("  reading {}{rate}", percent(done, total)), theme.quiet()));
    }
    if !app.problems.is_empty() {
        let word = match (signs_only, app.problem_count()) {
            (true, _) => "",
            (false, 1) => " problem",
            (false, _) => " problems",
        };
        let text = format!("  ⚠ {}{word}", grouped(app.problem_count()));
        spans.push(Span::styled(text, theme.role(Role::Warning)));
    }
    Line::from(spans)
}

/// What was opened, by the names that were given.
fn source_name(app: &App) -> String {
    let roots = app.sources.roots();
    match roots {
        [] => String::new(),
        [root] => root_name(root),
        [first, ..] => format!("{} and {} more", root_name(first), roots.len() - 1),
    }
}

fn root_name(root: &Root) -> String {
    match root.kind {
        RootKind::File | RootKind::Folder => {
            let name = root.path.file_name().unwrap_or(root.path.as_os_str());
            name.to_string_lossy().into_owned()
        }
        RootKind::Stdin => "standard input".to_owned(),
        RootKind::Builtin => "the built-in sample".to_owned(),
    }
}

fn right(app: &App, signs_only: bool, theme: &Theme) -> Line<'static> {
    let mut spans = vec![Span::raw("  ")];
    for status in [Status::Reviewed, Status::Flagged, Status::Skipped] {
        let count = app.standings.count(status);
        let share = match status {
            Status::Reviewed => format!(" ({})", percent(count, app.corpus.len())),
            _ => String::new(),
        };
        if status != Status::Skipped || count > 0 {
            spans.push(Span::styled(format!("{} ", status.glyph()), theme.role(status_role(status))));
            let words = if signs_only { String::new() } else { format!("{status} ") };
            let share = if signs_only { String::new() } else { share };
            spans.push(Span::raw(format!("{words}{}{share}  ", grouped(count))));
        }
    }
    if let Some(pace) = app.pace().filter(|_| !signs_only) {
        spans.push(Span::styled(format!("~{}/post  ", duration(f64::from(pace.median_ms))), theme.quiet()));
    }
    spans.extend(save_mark(&app.saving.mark(), theme));
    spans.push(Span::raw(" "));
    Line::from(spans)
}

fn save_mark(mark: &SaveMark, theme: &Theme) -> Vec<Span<'static>> {
    let own = |text: String, style: Style| vec![Span::styled(text, style)];
    match mark {
        SaveMark::Saved => own("saved ✓".to_owned(), theme.role(Role::Good)),
        SaveMark::Written => own("saved ·".to_owned(), theme.quiet()),
        SaveMark::Pending(count) => own(format!("saving {count}"), theme.role(Role::Warning)),
        SaveMark::NotSaved(count, _) => own(format!(" NOT SAVED {count} ✗ "), theme.alarm()),
        SaveMark::ReadOnly(_) => foreign("read-only", Role::Warning, theme),
    }
}
