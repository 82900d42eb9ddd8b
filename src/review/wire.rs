//! Records as JSON: the fields of a line, in the order in which they are written.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;

use super::record::{BulkTarget, Former, Key, Record, RecordId, Target, Via};
use super::{crc, line};
use crate::model::text::json_safe;
use crate::model::{Digest, PostId, Value};

impl Record {
    /// The line of the log, checksum and line end included. Characters that could act on a terminal
    /// are written as `\uXXXX`, so that the log can be printed and compared safely.
    pub fn to_line(&self) -> String {
        // A record holds nothing that JSON cannot say.
        let json = serde_json::to_string(self).unwrap_or_default();
        let mut sealed = crc::seal(&json_safe(&json));
        sealed.push('\n');
        sealed
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("v", &line::VERSION)?;
        map.serialize_entry("id", self.id.as_str())?;
        if let Target::One { prev, .. } = &self.target
            && !prev.is_empty()
        {
            map.serialize_entry("prev", &Ids(prev))?;
        }
        map.serialize_entry("at", &format!("{:.3}", self.at))?;
        map.serialize_entry("by", &self.by)?;
        map.serialize_entry("op", &self.op)?;
        match &self.target {
            Target::One { post, hash, .. } => {
                map.serialize_entry("post", post.as_str())?;
                if let Some(hash) = hash {
                    map.serialize_entry("hash", &hash.to_string())?;
                }
            }
            Target::Many(targets) => map.serialize_entry("posts", targets)?,
        }
        map.serialize_entry("key", &self.key.to_string())?;
        map.serialize_entry("val", &self.val)?;
        if !self.why.is_empty() {
            map.serialize_entry("why", &self.why)?;
        }
        if let Some(note) = &self.note {
            map.serialize_entry("note", note)?;
        }
        if let Some(via) = self.via {
            map.serialize_entry("via", via.name())?;
        }
        if let Some(filter) = &self.filter {
            map.serialize_entry("filter", filter)?;
        }
        if let Some(ms) = self.ms {
            map.serialize_entry("ms", &ms)?;
        }
        if let Some(undo) = &self.undo {
            map.serialize_entry("undo", undo.as_str())?;
        }
        for (name, value) in &self.extra {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

struct Ids<'a>(&'a [RecordId]);

impl Serialize for Ids<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(RecordId::as_str))
    }
}

/// `[post, hash, [prev…]]`, and behind it the post's own value where the step is an undo.
impl Serialize for BulkTarget {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        list.serialize_element(self.post.as_str())?;
        list.serialize_element(&self.hash.to_string())?;
        list.serialize_element(&Ids(&self.prev))?;
        if let Some(own) = &self.own {
            list.serialize_element(own)?;
        }
        list.end()
    }
}

/// The bare value, or an object where reasons or a note stand beside it.
impl Serialize for Former {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.why.is_empty() && self.note.is_none() {
            return serializer.serialize_str(&self.val);
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("val", &self.val)?;
        map.serialize_entry("why", &self.why)?;
        map.serialize_entry("note", &self.note)?;
        map.end()
    }
}

/// A line as it was read: a record as far as it makes one, and what it carried as checksum.
pub(super) struct Wire {
    pub(super) version: Option<u64>,
    pub(super) crc: Option<String>,
    /// The record, or the first thing that it lacks.
    pub(super) record: Result<Record, &'static str>,
}

/// A string, borrowed from the line where nothing in it is escaped.
#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Wire {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Wire;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a record: a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Wire, A::Error> {
                let mut draft = Draft::default();
                while let Some(Text(name)) = map.next_key()? {
                    draft.field(&name, &mut map)?;
                }
                Ok(draft.finish())
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

#[derive(Default)]
struct Draft {
    version: Option<u64>,
    crc: Option<String>,
    id: Option<String>,
    prev: Vec<RecordId>,
    at: Option<Timestamp>,
    by: Option<String>,
    op: Option<String>,
    post: Option<String>,
    hash: Option<String>,
    posts: Option<Vec<BulkTarget>>,
    key: Option<String>,
    val: Option<String>,
    why: Vec<String>,
    note: Option<String>,
    via: Option<String>,
    ms: Option<u64>,
    filter: Option<String>,
    undo: Option<String>,
    extra: Vec<(String, Value)>,
}

impl Draft {
    fn field<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "v" => self.version = Some(map.next_value()?),
            "crc" => self.crc = Some(map.next_value()?),
            "id" => self.id = Some(map.next_value()?),
            "prev" => self.prev = map.next_value::<Vec<String>>()?.into_iter().map(RecordId::new).collect(),
            "at" => self.at = map.next_value::<Text<'de>>()?.0.parse().ok(),
            "by" => self.by = Some(map.next_value()?),
            "op" => self.op = Some(map.next_value()?),
            "post" => self.post = Some(map.next_value()?),
            "hash" => self.hash = Some(map.next_value()?),
            "posts" => self.posts = Some(map.next_value()?),
            "key" => self.key = Some(map.next_value()?),
            "val" => self.val = Some(map.next_value()?),
            "why" => self.why = map.next_value()?,
            "note" => self.note = map.next_value()?,
            "via" => self.via = Some(map.next_value()?),
            "ms" => self.ms = map.next_value()?,
            "filter" => self.filter = map.next_value()?,
            "undo" => self.undo = map.next_value()?,
            other => {
                let raw: &RawValue = map.next_value()?;
                self.extra.push((other.to_owned(), Value::from_raw(raw).map_err(de::Error::custom)?));
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Wire {
        let (version, crc) = (self.version, self.crc.take());
        Wire { version, crc, record: self.record() }
    }

    fn record(mut self) -> Result<Record, &'static str> {
        let target = match (self.posts, self.post) {
            (Some(targets), _) => Target::Many(targets),
            (None, Some(post)) => {
                let hash = match self.hash {
                    Some(hash) => Some(hash.parse::<Digest>().map_err(|_| "a hash of 32 hex digits")?),
                    None => None,
                };
                Target::One { post: PostId::new(post), hash, prev: self.prev }
            }
            (None, None) => return Err("a post"),
        };
        let key = Key::from_text(self.key.as_deref().ok_or("a key")?);
        let via = self.via.as_deref().and_then(Via::from_name);
        if let (None, Some(newer)) = (via, self.via) {
            self.extra.push(("via".to_owned(), Value::Text(newer)));
        }
        Ok(Record {
            id: RecordId::new(self.id.ok_or("an id")?),
            at: self.at.unwrap_or_default(),
            by: self.by.unwrap_or_default(),
            op: self.op.ok_or("an op")?,
            target,
            key,
            val: self.val.ok_or("a val")?,
            why: self.why,
            note: self.note,
            via,
            ms: self.ms,
            filter: self.filter,
            undo: self.undo.map(RecordId::new),
            extra: self.extra,
        })
    }
}

impl<'de> Deserialize<'de> for BulkTarget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parts;
        impl<'de> Visitor<'de> for Parts {
            type Value = BulkTarget;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a post of a bulk action: [post, hash, [prev…]]")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<BulkTarget, A::Error> {
                let missing = |at| de::Error::invalid_length(at, &self);
                let post: String = list.next_element()?.ok_or_else(|| missing(0))?;
                let Text(hash) = list.next_element()?.ok_or_else(|| missing(1))?;
                let hash = hash.parse().map_err(de::Error::custom)?;
                let prev: Vec<String> = list.next_element()?.unwrap_or_default();
                let own: Option<Former> = list.next_element()?;
                while list.next_element::<IgnoredAny>()?.is_some() {}
                let prev = prev.into_iter().map(RecordId::new).collect();
                Ok(BulkTarget { post: PostId::new(post), hash, prev, own })
            }
        }
        deserializer.deserialize_seq(Parts)
    }
}

impl<'de> Deserialize<'de> for Former {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Form {
            Bare(String),
            Whole {
                val: String,
                #[serde(default)]
                why: Vec<String>,
                note: Option<String>,
            },
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::Bare(val) => Self { val, why: Vec::new(), note: None },
            Form::Whole { val, why, note } => Self { val, why, note },
        })
    }
}
