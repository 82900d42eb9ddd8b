//! Writes a post as a page, so that reading the page gives the same post.
//!
//! What a page can say by label and bullets is said so. What it cannot (a list where a text is
//! expected, a line break in an item, a field that has no label) is written as `"name": JSON` on
//! one line. Which of the two it takes is not reasoned about but tried: the reader is asked.

use super::draft::{Entry, Role, Target};
use super::page_box::{self, UNKNOWN};
use super::{Context, PAGE, identity, parse};
use crate::model::meta::{META_FIELDS, Shape};
use crate::model::suspicion::hides_something;
use crate::model::text::json_safe;
use crate::model::{Post, Value};

/// The header of the meta box.
const HEADER: &str = "post meta";

/// A part of a page that is written as text where it can be.
#[derive(PartialEq, Eq)]
enum Part {
    Title,
    Body,
    Fields,
    Unknown,
}

/// What is written as text, the rest as JSON lines: from the most readable page to the one that
/// always holds.
const PLANS: [&[Part]; 6] = [
    &[Part::Title, Part::Body, Part::Fields, Part::Unknown],
    &[Part::Title, Part::Body, Part::Fields],
    &[Part::Body, Part::Fields],
    &[Part::Title, Part::Body],
    &[Part::Body],
    &[],
];

/// Who reads a page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Whoever shows it makes each line safe.
    People,
    /// It may be shown as it is: text that would act on a terminal is written as JSON, where it does not.
    Anybody,
}

impl Reader {
    fn takes(self, text: &str) -> bool {
        self == Self::People || !hides_something(text)
    }
}

/// The page of a post. Read again as a page, whatever the name of its file, it gives the same post; and
/// nothing in it acts on a terminal.
pub fn write_page(post: &Post) -> String {
    page_for(post, Reader::Anybody)
}

/// The same with everything that acts as it is, so that it can be shown in its place.
pub fn page_for_people(post: &Post) -> String {
    page_for(post, Reader::People)
}

fn page_for(post: &Post, reader: Reader) -> String {
    let mut page = String::new();
    for plan in PLANS {
        page = compose(post, plan, reader);
        if reads_as(&page, post) {
            break;
        }
    }
    page
}

fn reads_as(page: &str, post: &Post) -> bool {
    let context = Context { format: &PAGE, stem: None, finished: true };
    parse(page.as_bytes(), &context).is_ok_and(|(read, _)| read == *post)
}

fn compose(post: &Post, plan: &[Part], reader: Reader) -> String {
    let mut page = String::with_capacity(post.body.len() + 4096);
    let title_above = plan.contains(&Part::Title) && !post.title.is_empty() && reader.takes(&post.title);
    let body_above = plan.contains(&Part::Body) && reader.takes(&post.body);
    if title_above {
        page.push_str(&post.title);
        page.push_str("\n\n");
    }
    if body_above && !post.body.is_empty() {
        page.push_str(&post.body);
        page.push_str("\n\n");
    }
    page.push_str(HEADER);
    page.push_str("\n\n");
    if !title_above {
        json_line(&mut page, "title", &Value::from(post.title.as_str()));
    }
    if !body_above {
        json_line(&mut page, "body", &Value::from(post.body.as_str()));
    }
    if identity::derived(post, None).as_ref() != Some(&post.id) {
        id_line(&mut page, post.id.as_str(), reader);
    }
    let last = post.fields.len().saturating_sub(1);
    for (at, (name, value)) in post.fields.iter().enumerate() {
        let text = match name.as_str() {
            UNKNOWN if plan.contains(&Part::Unknown) => unknown(value),
            UNKNOWN => None,
            _ if plan.contains(&Part::Fields) => entry(name, value, at == last),
            _ => None,
        };
        match text.filter(|text| reader.takes(text)) {
            Some(text) => page.push_str(&text),
            None => json_line(&mut page, name, value),
        }
    }
    page
}

fn json_line(page: &mut String, name: &str, value: &Value) {
    // Neither a text nor a value can fail to be written; the fallback only keeps this total.
    page.push_str(&json_safe(&serde_json::to_string(name).unwrap_or_default()));
    page.push_str(": ");
    page.push_str(&json_safe(&serde_json::to_string(value).unwrap_or_else(|_| value.to_string())));
    page.push('\n');
}

fn id_line(page: &mut String, id: &str, reader: Reader) {
    if !reader.takes(id) || id.contains(['\n', '\r']) || id.trim() != id || id.is_empty() {
        json_line(page, "id", &Value::from(id));
    } else {
        page.push_str("id: ");
        page.push_str(id);
        page.push('\n');
    }
}

/// The lines that nobody understood, as they were; a blank line keeps them from being taken for
/// the rest of the entry above.
fn unknown(value: &Value) -> Option<String> {
    let Value::List(lines) = value else { return None };
    let mut text = String::from("\n");
    for line in lines {
        text.push_str(line.as_text()?);
        text.push('\n');
    }
    survives(&text, UNKNOWN, value).then_some(text)
}

/// A field under its label, if it comes back from there.
fn entry(name: &str, value: &Value, at_end: bool) -> Option<String> {
    let field = META_FIELDS.iter().find(|field| field.name == name)?;
    let label = field.label;
    let text = match (field.shape, value) {
        (Shape::List, Value::List(list)) if name == "similar" => {
            // Nothing can stand behind the similar posts.
            let titles = at_end.then(|| items(list, ""))??;
            format!("\n{label}\n{titles}")
        }
        (Shape::List, Value::List(list)) => format!("{label}\n{}", items(list, "  • ")?),
        (Shape::Map { .. }, Value::Map(entries)) => format!("{label}\n{}", keys(entries, "  • ")?),
        (Shape::Objects, Value::List(objects)) => {
            let objects: Option<String> =
                objects.iter().map(|object| keys(object.as_map()?, "    • ")).collect();
            format!("{label}\n{}", objects?)
        }
        (shape, Value::Text(text)) if !shape.is_container() => format!("{label}: {text}\n"),
        (Shape::Count, Value::Number(number)) => format!("{label}: {number}\n"),
        _ => return None,
    };
    survives(&text, name, value).then_some(text)
}

fn items(list: &[Value], bullet: &str) -> Option<String> {
    list.iter().map(|item| Some(format!("{bullet}{}\n", item.as_text()?))).collect()
}

fn keys(entries: &[(String, Value)], bullet: &str) -> Option<String> {
    let line = |(key, value): &(String, Value)| {
        let value = match value {
            Value::Text(text) | Value::Number(text) => text.as_str(),
            Value::Bool(true) => "1",
            Value::Bool(false) => "0",
            Value::Null | Value::List(_) | Value::Map(_) => return None,
        };
        Some(format!("{bullet}{}: {value}\n", key.replace('_', " ")))
    };
    entries.iter().map(line).collect()
}

/// Whether lines of a box are read as this field and nothing else.
fn survives(text: &str, name: &str, value: &Value) -> bool {
    let mut entries = page_box::read(text, 0).into_iter();
    let (Some(Entry { key, role, value: read, .. }), None) = (entries.next(), entries.next()) else {
        return false;
    };
    let shape = match role {
        Role::Named(Target::Meta(number)) => META_FIELDS.get(number).map(|field| field.shape),
        _ => None,
    };
    key == name && shape.map_or_else(|| read.clone(), |shape| shape.normalise(read.clone())) == *value
}
