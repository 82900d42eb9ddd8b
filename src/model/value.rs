//! A value of a post's field, as it was written: numbers keep their text, maps keep their order.

use std::fmt;

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Nesting beyond which a record is refused. The same number as `serde_json`'s own limit.
pub const MAX_DEPTH: usize = 128;

/// What a field of a post holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A JSON number by its text, so that 2^64 and 2^64 + 1 stay distinct and `1e999` is no error.
    Number(String),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A map in its written order; a key that was written twice stands in it twice.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// Reads JSON. The nesting must have been checked (see [`depth_exceeded`]).
    pub fn parse(json: &str) -> Result<Self, serde_json::Error> {
        Self::from_raw(serde_json::from_str::<&RawValue>(json)?)
    }

    /// Reads a piece of JSON that is already known to be well formed.
    pub fn from_raw(raw: &RawValue) -> Result<Self, serde_json::Error> {
        let json = raw.get();
        Ok(match json.as_bytes().first() {
            Some(b'{') => {
                let entries: RawEntries<'_> = serde_json::from_str(json)?;
                let read = |(key, raw): (String, &RawValue)| Ok((key, Self::from_raw(raw)?));
                Self::Map(entries.0.into_iter().map(read).collect::<Result<_, serde_json::Error>>()?)
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(json)?;
                Self::List(items.into_iter().map(Self::from_raw).collect::<Result<_, _>>()?)
            }
            Some(b'"') => Self::Text(serde_json::from_str(json)?),
            Some(b't') => Self::Bool(true),
            Some(b'f') => Self::Bool(false),
            Some(b'n') => Self::Null,
            _ => Self::Number(json.to_owned()),
        })
    }

    /// The text of a string, and of nothing else.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The number as far as an `f64` can tell it; strings of digits count too, since generators
    /// disagree about them. Not finite: `None`.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(text) | Self::Text(text) => {
                text.trim().parse().ok().filter(|number: &f64| number.is_finite())
            }
            _ => None,
        }
    }

    /// `1`, `"1"`, `true`, `yes` and their opposites.
    pub fn as_flag(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            Self::Number(text) | Self::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "1" | "true" | "yes" => Some(true),
                "0" | "false" | "no" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// The entries of a map, and of nothing else.
    pub fn as_map(&self) -> Option<&[(String, Self)]> {
        if let Self::Map(entries) = self { Some(entries) } else { None }
    }

    /// The items of a list; a lone value is a list of one.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            other => std::slice::from_ref(other),
        }
    }

    /// The value under `key` in a map.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Nothing to show: null, blank text, an empty list or map.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
            Self::Bool(_) | Self::Number(_) => false,
        }
    }
}

/// As a person would write it on one line; lists and maps as JSON.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(flag) => write!(f, "{flag}"),
            Self::Number(text) | Self::Text(text) => f.write_str(text),
            Self::List(_) | Self::Map(_) => {
                f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
            }
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Number(text) => match RawValue::from_string(text.clone()) {
                Ok(raw) => raw.serialize(serializer),
                Err(_) => serializer.serialize_str(text),
            },
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

/// The entries of one JSON object in their written order, values not yet read.
pub struct RawEntries<'a>(pub Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for RawEntries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = RawEntries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry::<String, &'de RawValue>()? {
                    entries.push(entry);
                }
                Ok(RawEntries(entries))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
                Err(de::Error::custom("a list where an object was expected"))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// Whether JSON text is nested more than [`MAX_DEPTH`] deep; one pass, no stack, no allocation.
/// Text that is not JSON gets some answer, never a panic.
pub fn depth_exceeded(json: &[u8]) -> bool {
    let openings = memchr::memchr2_iter(b'{', b'[', json).take(MAX_DEPTH + 1).count();
    if openings <= MAX_DEPTH {
        return false;
    }
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_comes_back_as_it_was_written() {
        let json = r#"{"b":18446744073709551617,"a":[1e999,0.10,{"x":null}],"t":"é\n","b":true}"#;
        assert_eq!(serde_json::to_string(&Value::parse(json).unwrap()).unwrap(), json);
    }

    #[test]
    fn depth_is_counted_outside_strings_only() {
        let brackets = format!("[\"{}\"]", "[".repeat(500));
        assert!(!depth_exceeded(brackets.as_bytes()));
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(!depth_exceeded(nested(128).as_bytes()));
        assert!(depth_exceeded(nested(129).as_bytes()));
        assert!(depth_exceeded(nested(5_000_000).as_bytes()));
    }

    #[test]
    fn a_list_is_no_object() {
        assert!(serde_json::from_str::<RawEntries<'_>>("[]").is_err());
    }
}
