//! From named values to a post: one way for every format, so that the same names and the same
//! drifting types come out the same wherever they were written.

use std::collections::{HashMap, HashSet};

use super::fault::Fault;
use super::{identity, text};
use crate::model::meta::{META_FIELDS, Shape, normal_name};
use crate::model::{Post, PostId, Value};

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Target {
    Id,
    Title,
    Body,
    /// The field with this number in [`META_FIELDS`].
    Meta(usize),
}

/// How a value comes to its target.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// By its own name, in whatever spelling.
    Named(Target),
    /// By another name, which counts only where nothing has the own one.
    Alias(Target, &'static str),
    /// A field that copydesk does not know.
    Other,
}

/// Names beside those of the label table.
const ALIASES: [(&str, Target); 4] =
    [("name", Target::Title), ("headline", Target::Title), ("content", Target::Body), ("text", Target::Body)];

/// Used for the stack, where there is no stack.
const TAGS: &str = "tags";

impl Role {
    /// What the field `key` of an object is.
    pub(super) fn of(key: &str) -> Self {
        if let Some(at) = META_FIELDS.iter().position(|field| field.name == key) {
            return Self::Named(Target::Meta(at));
        }
        let normal = normal_name(key);
        match normal.as_str() {
            "id" => return Self::Named(Target::Id),
            "title" => return Self::Named(Target::Title),
            "body" => return Self::Named(Target::Body),
            TAGS => return stack().map_or(Self::Other, |at| Self::Alias(Target::Meta(at), TAGS)),
            _ => {}
        }
        if let Some((name, target)) = ALIASES.iter().find(|(name, _)| *name == normal) {
            return Self::Alias(*target, name);
        }
        for (at, field) in META_FIELDS.iter().enumerate() {
            if field.name == normal {
                return Self::Named(Target::Meta(at));
            }
            if let Some(name) = field.aliases.iter().find(|alias| **alias == normal) {
                return Self::Alias(Target::Meta(at), name);
            }
        }
        Self::Other
    }

    fn target(self) -> Option<Target> {
        match self {
            Self::Named(target) | Self::Alias(target, _) => Some(target),
            Self::Other => None,
        }
    }
}

fn stack() -> Option<usize> {
    META_FIELDS.iter().position(|field| field.name == "stack")
}

/// One named value.
#[derive(Debug)]
pub(super) struct Entry {
    /// The name as it was written.
    pub(super) key: String,
    pub(super) role: Role,
    pub(super) value: Value,
    /// Where it stands in the record. Unit: bytes.
    pub(super) at: usize,
}

/// What a reader found, in the order in which it was written.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// A title that needs no name, as on a page.
    pub(super) title: Option<String>,
    /// A body that needs no name, as on a page.
    pub(super) body: Option<String>,
    pub(super) entries: Vec<Entry>,
}

impl Draft {
    /// Makes the post, with what is doubtful about it. A post without an id is known by `stem`,
    /// the name of a file that holds nothing else. Two values of one name are both kept.
    pub(super) fn finish(self, stem: Option<&str>) -> (Post, Vec<Fault>) {
        let mut desk = Desk::default();
        let mut taken: Vec<Target> = Vec::new();
        if let Some(title) = self.title {
            taken.push(Target::Title);
            desk.title = Some(text::title(&title).into_owned());
        }
        if let Some(body) = self.body {
            taken.push(Target::Body);
            desk.body = Some(text::body(body));
        }
        taken.extend(self.entries.iter().filter_map(|entry| match (entry.role, &entry.value) {
            (_, Value::Null) => None,
            (Role::Named(target), _) => Some(target),
            _ => None,
        }));
        for entry in self.entries {
            let target = match entry.role {
                // `null` is how some writers say "not there".
                role if role != Role::Other && entry.value == Value::Null => continue,
                Role::Named(target) => Some(target),
                Role::Alias(target, _) if !taken.contains(&target) && fits(target, &entry.value) => {
                    taken.push(target);
                    Some(target)
                }
                Role::Alias(..) | Role::Other => None,
            };
            desk.put(target, entry);
        }
        desk.finish(stem)
    }
}

/// Whether a value found under another name can be meant for `target`.
fn fits(target: Target, value: &Value) -> bool {
    match target {
        Target::Title => plain(value).is_some(),
        Target::Body => prose(value).is_some(),
        Target::Id | Target::Meta(_) => true,
    }
}

/// Text, or what reads as well as text.
fn plain(value: &Value) -> Option<String> {
    matches!(value, Value::Text(_) | Value::Number(_) | Value::Bool(_)).then(|| value.to_string())
}

/// The text of a body: a string, or a list of strings that are its blocks.
fn prose(value: &Value) -> Option<String> {
    match value {
        Value::List(blocks) => {
            let blocks: Option<Vec<&str>> = blocks.iter().map(Value::as_text).collect();
            blocks.map(|blocks| blocks.join("\n\n"))
        }
        other => plain(other),
    }
}

/// Where a post is put together.
#[derive(Default)]
struct Desk {
    id: Option<PostId>,
    title: Option<String>,
    body: Option<String>,
    fields: Vec<(String, Value)>,
    /// More values for the field with this number.
    more: Vec<(usize, Value)>,
    /// The known fields that are there: number in the label table, number in `fields`.
    meta_at: Vec<(usize, usize)>,
    other_at: HashMap<String, usize>,
    faults: Vec<Fault>,
    /// What was said to be there twice.
    repeated: HashSet<String>,
    id_refused: bool,
}

impl Desk {
    fn put(&mut self, target: Option<Target>, entry: Entry) {
        match target {
            Some(Target::Id) => self.put_id(entry),
            Some(Target::Title) => {
                let made = plain(&entry.value).map(|title| text::title(&title).into_owned());
                match made.filter(|_| self.title.is_none()) {
                    Some(title) => self.title = Some(title),
                    None => self.set_aside("title", self.title.is_some(), "one line of text", entry),
                }
            }
            Some(Target::Body) => {
                // A body is by far the longest value: it is moved, not copied.
                let prose = match entry.value {
                    Value::Text(text) if self.body.is_none() => {
                        self.body = Some(self::text::body(text));
                        return;
                    }
                    ref value => prose(value),
                };
                match prose.filter(|_| self.body.is_none()) {
                    Some(body) => self.body = Some(text::body(body)),
                    None => self.set_aside("body", self.body.is_some(), "text or a list of texts", entry),
                }
            }
            Some(Target::Meta(number)) => {
                let Some(field) = META_FIELDS.get(number) else { return };
                let value = field.shape.normalise(entry.value);
                if let Some((_, at)) = self.meta_at.iter().find(|(seen, _)| *seen == number) {
                    self.more.push((*at, value));
                    self.twice(format!("the field `{}`", field.name), entry.at);
                } else {
                    self.meta_at.push((number, self.fields.len()));
                    self.fields.push((field.name.to_owned(), value));
                }
            }
            None => self.put_other(entry),
        }
    }

    fn put_other(&mut self, entry: Entry) {
        if self.other_at.contains_key(&entry.key) {
            self.twice(format!("the field `{}`", entry.key), entry.at);
        }
        self.keep_other(entry.key, entry.value);
    }

    fn put_id(&mut self, entry: Entry) {
        match identity::given(&entry.value) {
            _ if self.id.is_some() || self.id_refused => self.set_aside("id", true, "", entry),
            identity::Given::Blank => {}
            identity::Given::Usable(id) => self.id = Some(id),
            identity::Given::Unusable(what) => {
                self.id_refused = true;
                let expected = format!("a text or a number of at most {} bytes", PostId::MAX_BYTES);
                let fault = Fault::doubt(format!("no usable id: {what}"), expected)
                    .at(entry.at)
                    .advise("until it has one, a changed text makes it another post");
                self.faults.push(fault);
                self.keep_given("id", entry);
            }
        }
    }

    /// A value that cannot be the title, body or id stays in a field of its own.
    fn set_aside(&mut self, name: &str, already: bool, expected: &str, entry: Entry) {
        if already {
            self.twice(format!("the {name}"), entry.at);
        } else {
            let fault = Fault::doubt(format!("a {name} that is no text"), expected).at(entry.at);
            self.faults.push(fault.advise(format!("it is kept as `given_{name}`")));
        }
        self.keep_given(name, entry);
    }

    /// Something stands in the record again. Said once, however often it does.
    fn twice(&mut self, what: String, at: usize) {
        if !self.repeated.contains(&what) {
            let fault = Fault::doubt(format!("{what} twice"), "it once").at(at);
            self.faults.push(fault.advise("all values are kept"));
            self.repeated.insert(what);
        }
    }

    fn keep_given(&mut self, name: &str, entry: Entry) {
        self.keep_other(format!("given_{name}"), entry.value);
    }

    fn keep_other(&mut self, key: String, value: Value) {
        if let Some(at) = self.other_at.get(&key) {
            self.more.push((*at, value));
        } else {
            self.other_at.insert(key.clone(), self.fields.len());
            self.fields.push((key, value));
        }
    }

    fn finish(mut self, stem: Option<&str>) -> (Post, Vec<Fault>) {
        self.combine();
        let known = self.title.is_some() || self.body.is_some() || !self.meta_at.is_empty();
        if !known && self.id.is_none() && !self.id_refused {
            let fault =
                Fault::doubt("an object without any field of a post", "a title, a body or an id at least");
            self.faults.push(fault.advise("is this a file of posts?"));
        }
        let mut post = Post {
            id: PostId::new(""),
            title: self.title.unwrap_or_default(),
            body: self.body.unwrap_or_default(),
            fields: self.fields,
        };
        let derived = || if self.id_refused { None } else { identity::derived(&post, stem) };
        let id = self.id.or_else(derived);
        post.id = id.unwrap_or_else(|| identity::of_text(&post));
        (post, self.faults)
    }

    /// Brings the values of a name that was given more than once together.
    fn combine(&mut self) {
        let mut more: HashMap<usize, Vec<Value>> = HashMap::new();
        for (at, value) in std::mem::take(&mut self.more) {
            more.entry(at).or_default().push(value);
        }
        for (at, others) in more {
            let Some((name, value)) = self.fields.get_mut(at) else { continue };
            let shape = META_FIELDS.iter().find(|field| field.name == name).map(|field| field.shape);
            let first = std::mem::replace(value, Value::Null);
            *value = together(shape, std::iter::once(first).chain(others));
        }
        for (number, at) in &self.meta_at {
            // Only a lone object that became a list of objects is deeper now than it was written.
            let objects = META_FIELDS.get(*number).is_some_and(|field| field.shape == Shape::Objects);
            if let Some((_, value)) = self.fields.get_mut(*at).filter(|_| objects) {
                *value = bounded(std::mem::replace(value, Value::Null));
            }
        }
    }
}

/// Lists become one list, anything else a list of what there is.
fn together(shape: Option<Shape>, values: impl Iterator<Item = Value>) -> Value {
    let lists = matches!(shape, Some(Shape::List | Shape::Objects));
    let mut items = Vec::new();
    for value in values {
        match value {
            Value::List(list) if lists => items.extend(list),
            other => items.push(bounded(other)),
        }
    }
    match shape {
        Some(shape) => shape.normalise(Value::List(items)),
        None => Value::List(items),
    }
}

/// A value one level below the deepest that a record can hold, as text: put into a list it could
/// not be written and read again.
fn bounded(value: Value) -> Value {
    if depth(&value) + 2 > crate::model::value::MAX_DEPTH {
        return Value::Text(value.to_string());
    }
    value
}

/// How deep lists and maps stand in each other; 0 for a value that is neither.
pub(super) fn depth(value: &Value) -> usize {
    match value {
        Value::List(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Map(entries) => 1 + entries.iter().map(|(_, value)| depth(value)).max().unwrap_or_default(),
        _ => 0,
    }
}

/// The names that copydesk knows and an object has shown so far.
pub(super) struct Names(Vec<Role>);

impl Names {
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(32))
    }

    /// Whether `role` is a known name that was there before.
    pub(super) fn repeats(&mut self, role: Role) -> bool {
        if role.target().is_none() {
            return false;
        }
        let repeats = self.0.contains(&role);
        if !repeats {
            self.0.push(role);
        }
        repeats
    }
}
