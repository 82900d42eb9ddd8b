//! The fields of a meta box: their names, the labels a page gives them, and the shape of each.
//!
//! A page glues a label to its value (`reading time9`), so only this table can tell them apart.
//! Everything that needs to know a field by name reads it here.

use super::Value;

/// What a field holds when it is as it should be. A value of another shape is kept as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// Any text on one line.
    Text,
    /// Digits only.
    Count,
    /// One word without blanks.
    Token,
    /// Hexadecimal digits.
    Hex,
    /// A list of texts, never split further.
    List,
    /// Keys with one value each.
    Map {
        /// What a key holds that `keys` does not name.
        default: Scalar,
        /// The keys that hold something else.
        keys: &'static [(&'static str, Scalar)],
    },
    /// A list of maps, written flat.
    Objects,
}

/// What one key of a map holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    /// Any text.
    Text,
    /// A number; text that is none stays text.
    Number,
    /// Yes or no.
    Flag,
}

/// One field of the meta box.
#[derive(Debug)]
pub struct MetaField {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its label on a page, lower case.
    pub label: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Other names it is known by, normalised (see [`normal_name`]).
    pub aliases: &'static [&'static str],
    /// It changes by itself and says nothing about the text: never part of the digest.
    pub volatile: bool,
}

const fn field(name: &'static str, label: &'static str, shape: Shape) -> MetaField {
    MetaField { name, label, shape, aliases: &[], volatile: false }
}

const TEXT_MAP: Shape = Shape::Map { default: Scalar::Text, keys: &[] };
const NUMBER_MAP: Shape = Shape::Map { default: Scalar::Number, keys: &[] };
const FLAG_MAP: Shape = Shape::Map { default: Scalar::Flag, keys: &[] };
const PAYLOAD: Shape =
    Shape::Map { default: Scalar::Text, keys: &[("paragraphs", Scalar::Number), ("seed", Scalar::Number)] };

/// The label table, in the order in which a page lists its fields.
pub const META_FIELDS: &[MetaField] = &[
    field("topic", "topic", Shape::Text),
    field("summary", "summary", Shape::Text),
    field("ai_outline", "ai outline", TEXT_MAP),
    field("ai_brief", "ai brief", Shape::Text),
    MetaField { aliases: &["stacks"], ..field("stack", "stack", Shape::List) },
    field("tools", "tools", Shape::List),
    MetaField { aliases: &["language", "lang"], ..field("code_language", "code language", Shape::Text) },
    field("difficulty", "difficulty", Shape::Text),
    MetaField { aliases: &["minutes"], ..field("reading_time", "reading time", Shape::Count) },
    MetaField { volatile: true, aliases: &["views"], ..field("view_count", "view count", Shape::Count) },
    MetaField { aliases: &["scores"], ..field("score", "score", NUMBER_MAP) },
    field("revision", "revision", TEXT_MAP),
    field("reference", "reference", Shape::Token),
    field("hash", "hash", Shape::Hex),
    field("flags", "flags", FLAG_MAP),
    field("checklist", "checklist", Shape::List),
    field("entities", "entities", Shape::Objects),
    MetaField { aliases: &["images"], ..field("image_sources", "image sources", Shape::Objects) },
    field("payload", "payload", PAYLOAD),
    field("notes", "notes", Shape::List),
    MetaField {
        volatile: true,
        aliases: &["similar_posts"],
        ..field("similar", "similar posts", Shape::List)
    },
];

/// The field with this name or alias; case, blanks, `-` and `_` do not matter.
pub fn meta_field(name: &str) -> Option<&'static MetaField> {
    let normal = normal_name(name);
    META_FIELDS.iter().find(|field| field.name == normal || field.aliases.contains(&normal.as_str()))
}

/// Lower case, with `_` for each blank and `-`: how names are compared.
pub fn normal_name(name: &str) -> String {
    name.trim().chars().map(|c| if matches!(c, ' ' | '-') { '_' } else { c.to_ascii_lowercase() }).collect()
}

/// Whether a field may change without the post having changed.
pub fn is_volatile(name: &str) -> bool {
    META_FIELDS.iter().any(|field| field.name == name && field.volatile)
}

impl Shape {
    /// A list or a map: its label stands alone on its line.
    pub fn is_container(self) -> bool {
        matches!(self, Self::List | Self::Map { .. } | Self::Objects)
    }

    /// Whether the rest of a glued label can be a value of this shape.
    pub fn accepts_glued(self, rest: &str) -> bool {
        let rest = rest.trim();
        match self {
            Self::Text => !rest.is_empty(),
            Self::Count => is_digits(rest),
            Self::Hex => !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_hexdigit()),
            Self::Token => !rest.is_empty() && !rest.contains(char::is_whitespace),
            Self::List | Self::Map { .. } | Self::Objects => false,
        }
    }

    /// The value in its canonical form, if it has one in this shape; else as it was. Doing it
    /// twice changes nothing.
    pub fn normalise(self, value: Value) -> Value {
        match (self, value) {
            (Self::Text | Self::Token | Self::Hex, Value::Number(text)) => Value::Text(text),
            (Self::Count, Value::Text(text)) if is_number(text.trim()) && is_digits(text.trim()) => {
                Value::Number(text.trim().to_owned())
            }
            (Self::List, Value::List(items)) => Value::List(items.into_iter().map(list_item).collect()),
            (Self::List, Value::Text(text)) => Value::List(vec![Value::Text(text)]),
            (Self::Map { default, keys }, Value::Map(entries)) => {
                let entry = |(key, value): (String, Value)| {
                    let key = normal_key(&key);
                    let scalar =
                        keys.iter().find(|(name, _)| *name == key).map_or(default, |(_, scalar)| *scalar);
                    (key, scalar.normalise(value))
                };
                Value::Map(entries.into_iter().map(entry).collect())
            }
            (Self::Objects, Value::Map(entries)) => Value::List(vec![object(Value::Map(entries))]),
            (Self::Objects, Value::List(items)) => Value::List(items.into_iter().map(object).collect()),
            (_, value) => value,
        }
    }
}

impl Scalar {
    fn normalise(self, value: Value) -> Value {
        match (self, value) {
            (Self::Number, Value::Text(text)) if is_number(text.trim()) => {
                Value::Number(text.trim().to_owned())
            }
            (Self::Flag, value) => value.as_flag().map_or(value, Value::Bool),
            (Self::Text, Value::Number(text)) => Value::Text(text),
            (_, value) => value,
        }
    }
}

fn list_item(value: Value) -> Value {
    match value {
        Value::Number(text) => Value::Text(text),
        other => other,
    }
}

fn object(value: Value) -> Value {
    match value {
        Value::Map(entries) => {
            let entry = |(key, value): (String, Value)| (normal_key(&key), list_item(value));
            Value::Map(entries.into_iter().map(entry).collect())
        }
        other => list_item(other),
    }
}

/// Keys inside a field: a blank and `_` are the same; letters stay as they are.
fn normal_key(key: &str) -> String {
    key.trim().replace(' ', "_")
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `text` is a number by the grammar of JSON (so not `007`, `+1`, `1.`).
pub fn is_number(text: &str) -> bool {
    let first = text.bytes().find(|byte| *byte != b'-');
    first.is_some_and(|byte| byte.is_ascii_digit())
        && serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok_and(|raw| raw.get() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_every_spelling() {
        for spelling in ["code_language", "Code Language", "code-language", "language"] {
            assert_eq!(meta_field(spelling).map(|field| field.name), Some("code_language"));
        }
        assert!(meta_field("colour").is_none());
    }

    #[test]
    fn drifting_types_come_to_one_form() {
        let flags = meta_field("flags").unwrap().shape;
        let value = Value::parse(r#"{"has images":"1","image heavy":0,"odd":"maybe"}"#).unwrap();
        let expected = Value::parse(r#"{"has_images":true,"image_heavy":false,"odd":"maybe"}"#).unwrap();
        assert_eq!(flags.normalise(value), expected);
        assert_eq!(flags.normalise(expected.clone()), expected);
        let stack = meta_field("stack").unwrap().shape;
        assert_eq!(stack.normalise(Value::from("python")), Value::List(vec![Value::from("python")]));
        let count = meta_field("reading_time").unwrap().shape;
        assert_eq!(count.normalise(Value::from("9")), Value::Number("9".into()));
        assert_eq!(count.normalise(Value::from("009")), Value::from("009"));
    }

    #[test]
    fn what_json_would_not_call_a_number_is_none() {
        for text in ["0", "-1", "1.5e3", "1e999"] {
            assert!(is_number(text), "{text}");
        }
        for text in ["", "-", "007", "+1", "1.", "NaN", "true", "\"1\"", " 1"] {
            assert!(!is_number(text), "{text}");
        }
    }
}
