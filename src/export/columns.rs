//! The columns of CSV.

use std::borrow::Cow;

use super::csv::Cell;
use super::exported_status;
use crate::model::{Post, Status, Value};
use crate::review::Standing;

/// A post with its decision written into it, and what it said before.
pub(super) struct Subject<'a> {
    pub(super) post: &'a Post,
    pub(super) standing: &'a Standing,
    pub(super) claimed: &'a str,
}

/// One column.
pub struct Column {
    /// Its name, in the first line.
    pub name: &'static str,
    /// What it holds, for the README.
    pub help: &'static str,
    /// Its cell for a post.
    pub(super) cell: for<'a> fn(&Subject<'a>) -> Cell<'a>,
}

const fn column(
    name: &'static str,
    help: &'static str,
    cell: for<'a> fn(&Subject<'a>) -> Cell<'a>,
) -> Column {
    Column { name, help, cell }
}

/// Every column, in order.
pub const COLUMNS: &[Column] = &[
    column("id", "the id", |subject| Cell::Text(subject.post.id.as_str())),
    column("title", "the title", |subject| Cell::Text(&subject.post.title)),
    column("status", "unreviewed reviewed flagged skipped: the decision, where it counts", |subject| {
        Cell::Text(exported_status(subject.standing).name())
    }),
    column("claimed", "the status that the post claimed before", |subject| Cell::Text(subject.claimed)),
    column("why", "the reasons of a flag", |subject| {
        let is_flagged = exported_status(subject.standing) == Status::Flagged;
        Cell::Made(if is_flagged { subject.standing.why.join("; ") } else { String::new() })
    }),
    column("note", "the note on a flag", |subject| of_map(subject, "revision", "note")),
    column("reviewed_by", "who decided", |subject| of_map(subject, "revision", "reviewed_by")),
    column("last_reviewed", "on which day, UTC", |subject| of_map(subject, "revision", "last_reviewed")),
    column("topic", "the topic", |subject| field(subject, "topic")),
    column("stack", "the stacks, with `; ` between them", |subject| list(subject, "stack")),
    column("tools", "the tools, likewise", |subject| list(subject, "tools")),
    column("code_language", "the language of the code", |subject| field(subject, "code_language")),
    column("difficulty", "the difficulty", |subject| field(subject, "difficulty")),
    column("reading_time", "minutes", |subject| number(subject.post.get("reading_time"))),
    column("view_count", "the view count, which is synthetic", |subject| {
        number(subject.post.get("view_count"))
    }),
    column("score", "the mean of the axes, or the score itself", |subject| {
        let score = subject.post.score().map(|score| score.to_string());
        Cell::Number(score.map_or(Cow::Borrowed(""), Cow::Owned))
    }),
    column("quality", "an axis of the score, as the post gives it; so are the next three", |subject| {
        axis(subject, "quality")
    }),
    column("freshness", "", |subject| axis(subject, "freshness")),
    column("depth", "", |subject| axis(subject, "depth")),
    column("clarity", "", |subject| axis(subject, "clarity")),
    column("images", "how many image sources there are", |subject| {
        Cell::Number(Cow::Owned(subject.post.images().count().to_string()))
    }),
    column("body", "the article; its lines are lines of the cell", |subject| Cell::Lines(&subject.post.body)),
];

fn field<'a>(subject: &Subject<'a>, name: &str) -> Cell<'a> {
    match subject.post.get(name) {
        Some(Value::Text(text)) => Cell::Text(text),
        Some(value) => Cell::Made(value.to_string()),
        None => Cell::Text(""),
    }
}

fn of_map<'a>(subject: &Subject<'a>, field: &str, key: &str) -> Cell<'a> {
    Cell::Text(subject.post.get(field).and_then(|map| map.get(key)?.as_text()).unwrap_or_default())
}

fn list<'a>(subject: &Subject<'a>, name: &str) -> Cell<'a> {
    let items = subject.post.get(name).map_or(&[][..], Value::items);
    Cell::Made(items.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

fn axis<'a>(subject: &Subject<'a>, name: &str) -> Cell<'a> {
    let axes = subject.post.get("score").and_then(Value::as_map).unwrap_or_default();
    number(axes.iter().find(|(axis, _)| axis.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

fn number(value: Option<&Value>) -> Cell<'_> {
    match value {
        Some(Value::Number(text) | Value::Text(text)) => Cell::Number(Cow::Borrowed(text)),
        Some(value) => Cell::Made(value.to_string()),
        None => Cell::Text(""),
    }
}
