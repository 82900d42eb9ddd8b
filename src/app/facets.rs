//! `F`: how many posts of the list have each value of a field. Enter takes a value into the query, or
//! out of it again, and the counts are those of what is listed then.

use super::{Action, App, KeyCode, KeyPress, Popup, PopupKind};
use crate::model::figures::{grouped, percent};
use crate::model::safe;
use crate::page::{Page, PageLine, Role, bar, cut, first_shown, fit};
use crate::query::{Expr, FIELDS, Facet, Field, Query, Question, Term, with_term, without_term};

/// From this width on the fields stand beside the values. Unit: columns, as all here.
const FIELDS_FROM: usize = 56;
const NAME_WIDTH: usize = 11;
const COUNT_WIDTH: usize = 10;
const SHARE_WIDTH: usize = 9;
const LABEL_WIDTHS: (usize, usize) = (6, 36);
/// Before a label: whether it is chosen, and whether the query asks for it.
const SIGNS_WIDTH: usize = 4;

/// What was counted, and what of it is looked at.
#[derive(Debug)]
pub struct FacetList {
    /// The field that is looked at.
    field: &'static Field,
    counted: Vec<Facet>,
    /// The values of that field, after what the query asks of it besides.
    rows: Vec<ValueRow>,
}

/// A value, or what a query asks of the field.
#[derive(Debug)]
struct ValueRow {
    label: String,
    term: Query,
    posts: usize,
    asked: Asked,
}

/// Whether the query asks for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Not,
    For,
    Against,
}

/// What stands at a place of the box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// A field.
    Field(&'static Field),
    /// The value in this row.
    Value(usize),
}

/// Where the lines of a box of some size begin.
struct Layout {
    /// Columns of the fields; 0 where there is no room for them.
    fields_width: usize,
    first_field: usize,
    /// Lines above the values.
    head: usize,
    first: usize,
}

/// The fields that have values to count.
fn fields() -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(|field| field.has_facet())
}

impl App {
    /// Counts, and shows what was counted.
    pub(super) fn open_facets(&mut self) {
        let field = self.facets.as_ref().map(|facets| facets.field).or_else(|| fields().next());
        let Some(field) = field else { return };
        self.facets = Some(Box::new(FacetList { field, counted: Vec::new(), rows: Vec::new() }));
        self.popup = Some(Popup::new(PopupKind::Facets));
        self.ask_facets();
    }

    pub(super) fn ask_facets(&mut self) {
        let Some(first) = self.facets.as_ref().map(|facets| facets.field) else { return };
        let view = self.list.view.clone();
        self.ask_count(Question::Facets { first, view });
    }

    /// Some fields were counted.
    pub(super) fn take_facets(&mut self, found: Vec<Facet>) {
        let Some(mut facets) = self.facets.take() else { return };
        for facet in found {
            match facets.counted.iter_mut().find(|known| known.field == facet.field) {
                Some(known) => *known = facet,
                None => facets.counted.push(facet),
            }
        }
        let chosen = self.popup.and_then(|popup| facets.rows.get(popup.scroll)).map(|row| row.term.clone());
        facets.set_rows(&self.list.query, self.list.view.len());
        let place = facets.rows.iter().position(|row| Some(&row.term) == chosen.as_ref());
        let last = facets.last();
        if let Some(popup) = self.popup.as_mut().filter(|popup| popup.kind == PopupKind::Facets) {
            popup.scroll = place.unwrap_or(popup.scroll).min(last);
        }
        self.facets = Some(facets);
    }

    /// A key while values are looked at; whether it meant something here.
    pub(super) fn press_in_facets(&mut self, chosen: usize, key: KeyPress) -> bool {
        let turn = match (self.keymap.action(key), key.code, key.typed()) {
            (Some(Action::NextPane), ..) | (_, KeyCode::Right, _) | (_, _, Some('l')) => true,
            (Some(Action::PreviousPane), ..) | (_, KeyCode::Left, _) | (_, _, Some('h')) => false,
            (Some(Action::Open), ..) => {
                self.toggle_value(chosen, Asked::For);
                return true;
            }
            (_, _, Some('-')) => {
                self.toggle_value(chosen, Asked::Against);
                return true;
            }
            _ => return false,
        };
        let Some(mut facets) = self.facets.take() else { return true };
        facets.turn(turn);
        facets.set_rows(&self.list.query, self.list.view.len());
        self.facets = Some(facets);
        self.popup = Some(Popup::new(PopupKind::Facets));
        true
    }

    /// Looks at another field.
    pub(super) fn turn_to_field(&mut self, field: &'static Field) {
        let Some(facets) = self.facets.as_mut() else { return };
        facets.field = field;
        facets.set_rows(&self.list.query, self.list.view.len());
        self.popup = Some(Popup::new(PopupKind::Facets));
    }

    /// Takes the chosen value into the query, for it or against it, or out again.
    fn toggle_value(&mut self, chosen: usize, wanted: Asked) {
        let Some(row) = self.facets.as_ref().and_then(|facets| facets.rows.get(chosen)) else { return };
        let (asked, term) = (row.asked, row.term.clone());
        if asked == Asked::Not && row.posts == 0 {
            self.say("No post of the list has this value");
            return;
        }
        let mut text = self.list.text.trim().to_owned();
        if self.list.error.is_some() {
            // What is typed there is no query; the posts are those of the last one that was.
            text = self.list.query.to_string();
        }
        let against = term.negated();
        text = match asked {
            Asked::Not => text,
            Asked::For => without_term(&text, &term, &self.names),
            Asked::Against => without_term(&text, &against, &self.names),
        };
        if wanted != asked {
            text = with_term(&text, if wanted == Asked::For { &term } else { &against }, &self.names);
        }
        let generation = self.list.generation;
        self.set_query(text);
        if generation == self.list.generation {
            self.ask_facets();
        }
    }
}

impl FacetList {
    /// The last value that can be chosen.
    pub(super) fn last(&self) -> usize {
        self.rows.len().saturating_sub(1)
    }

    fn facet(&self) -> Option<&Facet> {
        self.counted.iter().find(|facet| facet.field == self.field)
    }

    fn turn(&mut self, forward: bool) {
        let all: Vec<&'static Field> = fields().collect();
        let at = all.iter().position(|field| *field == self.field).unwrap_or_default();
        let next = if forward { at + 1 } else { at + all.len() - 1 };
        self.field = all.get(next % all.len().max(1)).copied().unwrap_or(self.field);
    }

    /// The rows of the field: what the query asks of it and no value stands for, then the values.
    fn set_rows(&mut self, query: &Query, posts: usize) {
        self.rows.clear();
        let Some(facet) = self.counted.iter().find(|facet| facet.field == self.field) else { return };
        let mut rows = Vec::with_capacity(facet.values.len());
        let mut met: Vec<&Expr> = Vec::new();
        for value in &facet.values {
            let Ok(term) = Query::parse(&value.term) else { continue };
            let against = term.negated();
            let asked = match (query.asks_for(&term), query.asks_for(&against)) {
                (true, _) => Asked::For,
                (_, true) => Asked::Against,
                _ => Asked::Not,
            };
            let parts = if asked == Asked::Against { against } else { term.clone() };
            met.extend(
                query.parts().iter().filter(|part| asked != Asked::Not && parts.parts().contains(part)),
            );
            rows.push(ValueRow { label: value.label.clone(), term, posts: value.posts, asked });
        }
        for part in query.parts().iter().filter(|part| is_about(part, self.field) && !met.contains(part)) {
            let (positive, asked, posts) = match part {
                Expr::Not(inner) => (inner.as_ref(), Asked::Against, 0),
                other => (other, Asked::For, posts),
            };
            let term = Query { expression: Some(positive.clone()), sort: Vec::new() };
            self.rows.push(ValueRow { label: term.to_string(), term, posts, asked });
        }
        self.rows.append(&mut rows);
    }

    fn layout(&self, chosen: usize, width: u16, height: usize) -> Layout {
        let has_fields = usize::from(width) >= FIELDS_FROM;
        let head = usize::from(!has_fields) + 1;
        let at = fields().position(|field| field == self.field).unwrap_or_default();
        Layout {
            fields_width: if has_fields { SIGNS_WIDTH + NAME_WIDTH + COUNT_WIDTH } else { 0 },
            first_field: first_shown(at, height, fields().count()),
            head,
            first: first_shown(chosen, height.saturating_sub(head), self.rows.len()),
        }
    }

    /// What stands at a column and a line of a box of this size.
    pub(super) fn spot(
        &self,
        chosen: usize,
        (width, height): (u16, usize),
        (column, line): (u16, usize),
    ) -> Option<Spot> {
        let Layout { fields_width, first_field, head, first } = self.layout(chosen, width, height);
        if usize::from(column) < fields_width {
            return fields().nth(first_field + line).map(Spot::Field);
        }
        let row = first + line.checked_sub(head)?;
        (row < self.rows.len()).then_some(Spot::Value(row))
    }

    /// The lines of a box of this size around the value that is chosen.
    pub fn page(&self, chosen: usize, posts: usize, width: u16, height: usize) -> Page {
        let mut page = Page::new(width);
        let Layout { fields_width: left, first_field, head, first } = self.layout(chosen, width, height);
        let (has_fields, right) = (left > 0, usize::from(width).saturating_sub(left));
        let fields: Vec<&'static Field> = fields().collect();
        let most = self.rows.iter().map(|row| row.posts).max().unwrap_or_default();
        for line in 0..height {
            let mut made = PageLine::default();
            if has_fields {
                made = match fields.get(first_field + line) {
                    Some(field) => self.field_line(made, field),
                    None => made.own(Role::Text, " ".repeat(left)),
                };
            }
            made = match line.checked_sub(head) {
                None if line + 1 == head => made.own(Role::Quiet, self.head(posts, right)),
                None => made.own(Role::Heading, fit(&format!("  {}", self.field.name), right)),
                Some(below) => match self.rows.get(first + below) {
                    Some(row) => value_line(made, row, first + below == chosen, (posts, most), right),
                    None => made,
                },
            };
            page.push(made);
        }
        page
    }

    /// The lines without a box: each value with its count.
    pub(super) fn lines(&self, posts: usize) -> Page {
        self.page(0, posts, 80, self.rows.len() + 2)
    }

    fn field_line(&self, line: PageLine, field: &'static Field) -> PageLine {
        let is_chosen = field == self.field;
        let count = self.counted.iter().find(|facet| facet.field == field);
        let count = count.map_or_else(String::new, |facet| grouped(facet.different));
        let width = COUNT_WIDTH - 1;
        let role = if is_chosen { Role::Title } else { Role::Label };
        line.own(Role::Label, if is_chosen { "▸ " } else { "  " })
            .own(role, fit(field.name, NAME_WIDTH))
            .own(Role::Quiet, fit(&format!("{count:>width$}"), COUNT_WIDTH + SIGNS_WIDTH - 2))
    }

    /// The summary, and the heads of the columns where it leaves them room.
    fn head(&self, posts: usize, width: usize) -> String {
        let summary = self.summary(posts);
        let before = SIGNS_WIDTH + label_width(width);
        if summary.chars().count() >= before {
            return fit(&summary, width);
        }
        let heads = format!("{}{:>COUNT_WIDTH$}{:>SHARE_WIDTH$}", fit(&summary, before), "posts", "share");
        fit(&heads, width)
    }

    /// How many values there are, and how many posts have none.
    fn summary(&self, posts: usize) -> String {
        let Some(facet) = self.facet() else { return "  counting …".to_owned() };
        let values = if facet.different == 1 { "value" } else { "values" };
        let more = facet.different.saturating_sub(facet.values.len());
        let more = if more > 0 && !facet.field.is_counted_in_ranges() {
            format!(", {} of them here", grouped(facet.values.len()))
        } else {
            String::new()
        };
        let missing = if facet.missing > 0 {
            format!("; {} without, {}", grouped(facet.missing), percent(facet.missing, posts))
        } else {
            String::new()
        };
        format!("  {} {values}{more}{missing}", grouped(facet.different))
    }
}

/// Whether a part of a query is about one field alone.
fn is_about(part: &Expr, field: &'static Field) -> bool {
    match part {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().all(|part| is_about(part, field)),
        Expr::Not(part) => is_about(part, field),
        Expr::Term(
            Term::Word { field: of, .. } | Term::Number { field: of, .. } | Term::Date { field: of, .. },
        ) => *of == field,
        Expr::Term(_) => false,
    }
}

/// What the label of a value gets of a line.
fn label_width(width: usize) -> usize {
    let left = width.saturating_sub(SIGNS_WIDTH + COUNT_WIDTH + SHARE_WIDTH);
    (left * 3 / 5).clamp(LABEL_WIDTHS.0, LABEL_WIDTHS.1)
}

/// A value, its posts, their share, and a bar for them beside the others.
fn value_line(
    line: PageLine,
    row: &ValueRow,
    is_chosen: bool,
    (all, most): (usize, usize),
    width: usize,
) -> PageLine {
    let (asked, role) = match row.asked {
        Asked::Not => ("  ", Role::Text),
        Asked::For => ("✓ ", Role::Good),
        Asked::Against => ("- ", Role::Bad),
    };
    let label_width = label_width(width);
    let room = width.saturating_sub(SIGNS_WIDTH + label_width + COUNT_WIDTH + SHARE_WIDTH + 2);
    let label = if row.label.is_empty() { "(blank)".into() } else { safe(&row.label).to_string() };
    let label_role = if is_chosen { Role::Chosen } else { role };
    let (count, share) = (grouped(row.posts), percent(row.posts, all));
    let (count_width, share_width) = (COUNT_WIDTH, SHARE_WIDTH);
    let (filled, rest) = bar(ratio(row.posts, most), u32::try_from(room).unwrap_or_default());
    line.own(Role::Label, if is_chosen { "▸ " } else { "  " })
        .own(role, asked)
        .own(label_role, fit(cut(&label, label_width).as_ref(), label_width))
        .own(Role::Text, format!("{count:>count_width$}"))
        .own(Role::Quiet, format!("{share:>share_width$} "))
        .own(Role::Bar, filled)
        .own(Role::BarRest, rest)
}

#[expect(clippy::cast_precision_loss, reason = "a bar has some hundred steps")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
