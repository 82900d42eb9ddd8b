//! The columns of the list: what a row shows beside its title, and the heads over them.

use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::Theme;
use crate::app::App;
use crate::corpus::RowRef;
use crate::model::figures::grouped;
use crate::model::text::width as width_of;
use crate::model::{Day, safe};
use crate::page::{cut, fit};
use crate::query::field::Kind;
use crate::query::{Field, SortKey};

/// From this width on a row names its stack. Unit: columns, as all here.
const STACK_FROM: usize = 34;
/// The column of the stacks is between these two.
const STACK_WIDTHS: (usize, usize) = (7, 18);
/// From this width on a row tells why its post was flagged.
const WHY_FROM: usize = 44;
/// Reasons take at most this part of the title's column.
const WHY_PART: usize = 3;
/// The sign of the mark, that of the status, and a blank.
const SIGNS_WIDTH: usize = 3;

/// What stands where in a row. What the list is ordered by takes the place of the stack or of the score.
pub(super) struct Columns {
    width: usize,
    /// Words, behind the title.
    words: &'static Field,
    words_width: usize,
    /// A number or a day, at the end.
    figure: &'static Field,
    figure_width: usize,
    sort: Option<SortKey>,
    /// Reasons fit.
    pub(super) has_why: bool,
}

impl Columns {
    /// The columns of a list so wide; none where the fields they show do not exist.
    pub(super) fn of(app: &App, width: usize) -> Option<Self> {
        let sort = app.list.query.sort.first().cloned();
        let by = sort.as_ref().map(|key| key.field);
        let words = by.filter(|field| matches!(field.kind, Kind::Words(_)));
        let figure = by.filter(|field| matches!(field.kind, Kind::Number(_) | Kind::Date(_)));
        let figure = figure.or_else(|| Field::find("score"))?;
        let figure_width = match (figure.kind, figure.name) {
            (Kind::Date(_), _) => 11,
            (_, "views") => 10,
            _ => 4,
        };
        let words_width =
            if width < STACK_FROM { 0 } else { (width / 5).clamp(STACK_WIDTHS.0, STACK_WIDTHS.1) };
        let words = words.or_else(|| Field::find("stack"))?;
        Some(Self { width, words, words_width, figure, figure_width, sort, has_why: width >= WHY_FROM })
    }

    /// How much of a row the title gets.
    pub(super) fn title_width(&self) -> usize {
        let words = self.words_width + usize::from(self.words_width > 0);
        self.width.saturating_sub(SIGNS_WIDTH + words + self.figure_width + 1)
    }

    /// What stands behind the title.
    pub(super) fn behind(&self, post: RowRef<'_>, theme: &Theme) -> [Span<'static>; 2] {
        let words = match self.words.kind {
            Kind::Words(column) if self.words_width > 0 => {
                let first = post.words(column).next().map(|(word, _)| word).unwrap_or_default();
                format!(" {}", fit(safe(first).as_str(), self.words_width))
            }
            _ => String::new(),
        };
        let figure = figure(post, self.figure).unwrap_or_else(|| "—".to_owned());
        let room = self.figure_width;
        [Span::styled(words, theme.quiet()), Span::raw(format!("{figure:>room$} "))]
    }

    /// Why a post was flagged, set at the end of its title's column.
    pub(super) fn why(&self, reasons: &[String]) -> Option<String> {
        let room = self.title_width() / WHY_PART;
        let reasons =
            reasons.iter().filter(|reason| !reason.is_empty()).map(|reason| safe(reason).to_string());
        let reasons = reasons.collect::<Vec<_>>().join(" ");
        (self.has_why && !reasons.is_empty()).then(|| format!(" {}", cut(&reasons, room)))
    }

    /// The names of the columns; that by which the list is ordered with its direction.
    pub(super) fn head(&self, theme: &Theme) -> Line<'static> {
        let title = match &self.sort {
            Some(key) if !self.shows(key.field) => format!("title, by {}{}", key.field.name, direction(key)),
            _ => self.name("title"),
        };
        let figure = self.name(self.figure.name);
        let room = self.width.saturating_sub(width_of(&figure) + 1);
        let title_room = (self.title_width() + 1).min(room.saturating_sub(SIGNS_WIDTH));
        let words_room = room.saturating_sub(SIGNS_WIDTH + title_room);
        let words = if self.words_width > 0 { self.name(self.words.name) } else { String::new() };
        let style = |name: &str| {
            let is_order = self.sort.is_some() && name.ends_with(['↑', '↓']);
            if is_order { theme.accent().add_modifier(Modifier::BOLD) } else { theme.quiet() }
        };
        let cell = |name: &str, room| Span::styled(fit(name, room), style(name));
        Line::from(vec![
            Span::raw(" ".repeat(SIGNS_WIDTH.min(room))),
            cell(&title, title_room),
            cell(&words, words_room),
            cell(&figure, self.width.min(width_of(&figure))),
        ])
    }

    fn shows(&self, field: &Field) -> bool {
        let is_words = self.words_width > 0 && field.name == self.words.name;
        field.name == "title" || field.name == self.figure.name || is_words
    }

    fn name(&self, name: &str) -> String {
        let order = self.sort.as_ref().filter(|key| key.field.name == name).map_or("", direction);
        format!("{name}{order}")
    }
}

fn direction(key: &SortKey) -> &'static str {
    if key.descending { " ↓" } else { " ↑" }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers of posts are kept whole"
)]
fn figure(post: RowRef<'_>, field: &Field) -> Option<String> {
    match field.kind {
        Kind::Number(column) => {
            let number = post.number(column)?.floor();
            Some(if number < 0.0 { format!("{number:.0}") } else { grouped(number as usize) })
        }
        Kind::Date(column) => Some(Day(post.number(column)? as u16).to_string()),
        _ => None,
    }
}
