//! The meta box of a page: entries, each a label with a value or with bullets under it.

use std::collections::HashSet;

use super::draft::{Entry, Role, Target, depth};
use super::labels::{LABELS, Labelled};
use crate::model::Value;
use crate::model::article::{BULLETS, bullet_item};
use crate::model::meta::{META_FIELDS, Shape};
use crate::model::value::{MAX_DEPTH, depth_exceeded};

/// The field that keeps the lines nobody understands.
pub(super) const UNKNOWN: &str = "unknown";

/// One line of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Without its end.
    pub(super) text: &'a str,
    /// Where it begins in the page. Unit: bytes.
    pub(super) at: usize,
    /// Where the next one begins.
    pub(super) end: usize,
}

impl Line<'_> {
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// The lines of a text from `start` on.
pub(super) fn lines(text: &str, start: usize) -> impl Iterator<Item = Line<'_>> {
    let mut at = start;
    text.get(start..).unwrap_or_default().split_inclusive('\n').map(move |line| {
        let begin = at;
        at += line.len();
        let text = line.strip_suffix('\n').unwrap_or(line);
        Line { text: text.strip_suffix('\r').unwrap_or(text), at: begin, end: at }
    })
}

/// Whether a line of the box begins an entry, without a doubt.
pub(super) fn is_entry(line: &str) -> bool {
    json_entry(line).is_some()
        || id_entry(line).is_some()
        || matches!(LABELS.read(line), Labelled::Alone(_) | Labelled::Value { .. })
}

/// Whether a line stands above the similar posts.
pub(super) fn is_similar(line: &str) -> bool {
    matches!(LABELS.read(line), Labelled::Alone(field) if Some(field) == similar())
}

fn similar() -> Option<usize> {
    META_FIELDS.iter().position(|field| field.name == "similar")
}

/// Reads the lines behind the header. `start` is where they stand in the page.
pub(super) fn read(text: &str, start: usize) -> Vec<Entry> {
    let mut reader = Reader::default();
    let mut lines = lines(text, 0).peekable();
    while let Some(line) = lines.next() {
        let bullet_next = lines.peek().is_some_and(|next| bullet(next.text).is_some());
        reader.line(Line { at: line.at + start, ..line }, bullet_next);
    }
    reader.finish()
}

/// The text of a bullet line; blank for a bullet alone.
fn bullet(line: &str) -> Option<&str> {
    let alone = || Some("").filter(|_| line.trim().strip_prefix(BULLETS) == Some(""));
    bullet_item(line).or_else(alone)
}

/// A value in full, on one line: `"name": JSON`.
fn json_entry(line: &str) -> Option<(String, Value)> {
    let line = line.trim();
    if !line.starts_with('"') {
        return None;
    }
    let mut strings = serde_json::Deserializer::from_str(line).into_iter::<String>();
    let name = strings.next()?.ok()?;
    let json = line.get(strings.byte_offset()..)?.trim_start().strip_prefix(':')?.trim();
    if depth_exceeded(json.as_bytes()) {
        return None;
    }
    // Nothing may be deeper than a record of JSON can hold it.
    let value = Value::parse(json).ok().filter(|value| depth(value) < MAX_DEPTH)?;
    Some((name, value))
}

/// `id: VALUE`; without the colon it could be any word.
fn id_entry(line: &str) -> Option<&str> {
    let (label, value) = line.trim().split_once(':')?;
    label.trim_end().eq_ignore_ascii_case("id").then(|| value.trim()).filter(|value| !value.is_empty())
}

/// An entry while its lines come in.
struct Part {
    /// The number of the field in the label table.
    field: usize,
    shape: Shape,
    at: usize,
    text: String,
    items: Vec<String>,
    /// How many blanks stand before the bullet of the last item.
    indent: usize,
}

/// What the next line may add to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// Nothing.
    None,
    /// The entry that was begun last.
    Entry,
    /// The lines that nobody understands.
    Unknown,
    /// The similar posts, to the end of the page.
    Similar,
}

struct Reader {
    entries: Vec<Entry>,
    part: Option<Part>,
    open: Open,
    /// No blank line since the line above.
    flowing: bool,
    unknown: Vec<Value>,
    /// How many entries stand before the first unknown line, and where it stands.
    unknown_at: Option<(usize, usize)>,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            part: None,
            open: Open::None,
            flowing: false,
            unknown: Vec::new(),
            unknown_at: None,
        }
    }
}

impl Reader {
    fn line(&mut self, line: Line<'_>, bullet_next: bool) {
        if line.is_blank() {
            self.flowing = false;
            return;
        }
        let text = line.text.trim();
        if self.open == Open::Similar {
            let title = bullet(line.text).unwrap_or(text).to_owned();
            if let Some(part) = &mut self.part {
                part.items.push(title);
            }
            return;
        }
        if let Some((key, value)) = json_entry(text) {
            self.close();
            let role = Role::of(&key);
            self.entries.push(Entry { key, role, value, at: line.at });
        } else if let Some(id) = id_entry(text) {
            self.close();
            let (key, role) = ("id".to_owned(), Role::Named(Target::Id));
            self.entries.push(Entry { key, role, value: Value::from(id), at: line.at });
        } else if let Some(item) = bullet(line.text) {
            match &mut self.part {
                Some(part) if self.open == Open::Entry && (part.shape.is_container() || self.flowing) => {
                    part.items.push(item.to_owned());
                    part.indent = indent(line.text);
                }
                _ => self.unknown(line),
            }
        } else {
            self.words(line, text, bullet_next);
        }
        self.flowing = true;
    }

    /// A line that is no bullet.
    fn words(&mut self, line: Line<'_>, text: &str, bullet_next: bool) {
        match LABELS.read(text) {
            Labelled::Alone(field) => self.begin(field, line.at, ""),
            // `topics` above bullets is no topic "s".
            Labelled::Value { glued: true, .. } if bullet_next => self.unknown(line),
            Labelled::Value { field, value, .. } => self.begin(field, line.at, value),
            _ if self.continues_item(line.text) => {}
            Labelled::Weak { .. } | Labelled::None if bullet_next => self.unknown(line),
            _ if self.continues_text(text) => {}
            Labelled::Weak { field, value } => self.begin(field, line.at, value),
            Labelled::None => self.unknown(line),
        }
    }

    fn begin(&mut self, field: usize, at: usize, text: &str) {
        self.close();
        let Some(shape) = LABELS.shape(field) else { return };
        self.part = Some(Part { field, shape, at, text: text.to_owned(), items: Vec::new(), indent: 0 });
        self.open = if Some(field) == similar() { Open::Similar } else { Open::Entry };
    }

    /// The entry above, if no blank line is between.
    fn flowing_part(&mut self) -> Option<&mut Part> {
        let flows = self.flowing && self.open == Open::Entry;
        self.part.as_mut().filter(|_| flows)
    }

    /// Adds a line to the item above it, if it is indented further than the bullet.
    fn continues_item(&mut self, line: &str) -> bool {
        let Some(part) = self.flowing_part().filter(|part| indent(line) > part.indent) else { return false };
        let Some(item) = part.items.last_mut() else { return false };
        join(item, line.trim());
        true
    }

    /// Adds a line to the text above it, if text of that shape can go on.
    fn continues_text(&mut self, text: &str) -> bool {
        let Some(part) = self.flowing_part().filter(|part| part.items.is_empty()) else { return false };
        let fits = part.shape == Shape::Text || (part.text.is_empty() && part.shape.accepts_glued(text));
        if fits {
            join(&mut part.text, text);
        }
        fits
    }

    fn unknown(&mut self, line: Line<'_>) {
        if self.open != Open::Unknown {
            self.close();
        }
        self.open = Open::Unknown;
        self.unknown_at.get_or_insert((self.entries.len(), line.at));
        self.unknown.push(Value::from(line.text));
    }

    fn close(&mut self) {
        self.open = Open::None;
        let Some(part) = self.part.take() else { return };
        let Some(field) = META_FIELDS.get(part.field) else { return };
        let (key, role, at) = (field.name.to_owned(), Role::Named(Target::Meta(part.field)), part.at);
        self.entries.push(Entry { key, role, value: part.value(), at });
    }

    fn finish(mut self) -> Vec<Entry> {
        self.close();
        if let Some((place, at)) = self.unknown_at {
            let value = Value::List(self.unknown);
            let entry = Entry { key: UNKNOWN.to_owned(), role: Role::Other, value, at };
            self.entries.insert(place.min(self.entries.len()), entry);
        }
        self.entries
    }
}

fn indent(line: &str) -> usize {
    line.chars().take_while(|c| c.is_whitespace()).count()
}

/// Lines that were wrapped are one line again.
fn join(text: &mut String, more: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(more);
}

impl Part {
    fn value(self) -> Value {
        let Self { shape, text, mut items, .. } = self;
        if items.is_empty() && (!text.is_empty() || !shape.is_container()) {
            return Value::Text(text);
        }
        if !text.is_empty() {
            items.insert(0, text);
        }
        match shape {
            Shape::Map { .. } if items.is_empty() => Value::Map(Vec::new()),
            Shape::Map { .. } if items.iter().any(|item| split_key(item).is_some()) => {
                let entry =
                    |item: &String| split_key(item).unwrap_or_else(|| (item.clone(), Value::from("")));
                Value::Map(items.iter().map(entry).collect())
            }
            Shape::Objects => objects(&items),
            _ => Value::List(items.into_iter().map(Value::Text).collect()),
        }
    }
}

/// `key: value`, split at the first colon with a blank behind it: the colon of a URL is none.
fn split_key(item: &str) -> Option<(String, Value)> {
    let splits = |at: &usize| {
        let behind = item.get(at + 1..).unwrap_or_default();
        behind.is_empty() || behind.starts_with(char::is_whitespace)
    };
    let colon = memchr::memchr_iter(b':', item.as_bytes()).find(splits)?;
    let (key, value) = (item.get(..colon)?, item.get(colon + 1..)?);
    Some((key.trim().to_owned(), Value::from(value.trim())))
}

/// A flattened list of objects: a key that the current one has already begins the next.
fn objects(items: &[String]) -> Value {
    let mut list = Vec::new();
    let mut object: Vec<(String, Value)> = Vec::new();
    let mut keys: HashSet<String> = HashSet::new();
    for item in items {
        let pair = split_key(item);
        let new_key = pair.as_ref().map(|(key, _)| key.replace(' ', "_"));
        let goes_on = new_key.as_ref().is_some_and(|key| !keys.contains(key));
        if !goes_on && !object.is_empty() {
            list.push(Value::Map(std::mem::take(&mut object)));
            keys.clear();
        }
        keys.extend(new_key);
        match pair {
            Some(pair) => object.push(pair),
            None => list.push(Value::from(item.as_str())),
        }
    }
    if !object.is_empty() {
        list.push(Value::Map(object));
    }
    Value::List(list)
}
