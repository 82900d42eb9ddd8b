//! Records as JSON: the fields of a line, in the order in which they are written. How they are read
//! stands in `draft`.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::draft::OUTLINE;
use super::record::{BulkTarget, Former, Record, RecordId, Target};
use super::{crc, line};
use crate::model::text::json_safe;

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
        if let Some(outline) = &self.outline {
            map.serialize_entry(OUTLINE, &outline.to_string())?;
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
