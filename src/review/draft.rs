//! A record as it stands on a line: its texts still belong to the line, so that reading a million of
//! them copies nothing that is not kept.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use jiff::Timestamp;
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::record::{BulkTarget, Former, Key, Record, RecordId, Target, Via};
use crate::model::{Digest, Outline, PostId, Value};

/// The name of the field that holds an [`Outline`].
pub(super) const OUTLINE: &str = "blocks";

/// A text, borrowed from the line where nothing in it is escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl Text<'_> {
    fn into_owned(self) -> String {
        self.0.into_owned()
    }
}

/// The records that a writer saw as current: mostly one, so the first needs no list.
#[derive(Clone, Debug, Default)]
pub(super) struct Names<'a> {
    first: Option<Text<'a>>,
    #[expect(clippy::box_collection, reason = "few records have more, and all carry the room for them")]
    more: Option<Box<Vec<Text<'a>>>>,
}

impl<'a> Names<'a> {
    fn of(ids: &'a [RecordId]) -> Self {
        let mut names = Self::default();
        ids.iter().for_each(|id| names.add(id.as_str().into()));
        names
    }

    pub(super) fn one(name: Text<'a>) -> Self {
        Self { first: Some(name), more: None }
    }

    pub(super) fn add(&mut self, name: Text<'a>) {
        if self.first.is_none() {
            self.first = Some(name);
        } else {
            self.more.get_or_insert_default().push(name);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.first.iter().chain(self.more.iter().flat_map(|more| more.iter())).map(|name| &**name)
    }

    pub(super) fn into_texts(self) -> Vec<Text<'a>> {
        self.first.into_iter().chain(self.more.into_iter().flat_map(|more| *more)).collect()
    }

    fn into_ids(self) -> Vec<RecordId> {
        self.into_texts().into_iter().map(|name| RecordId::new(name.into_owned())).collect()
    }
}

/// A post that a record is about.
#[derive(Clone, Debug)]
pub(super) struct DraftPost<'a> {
    pub(super) post: Text<'a>,
    pub(super) hash: Option<Digest>,
    pub(super) prev: Names<'a>,
    pub(super) own: Option<Box<Former>>,
}

/// The posts that a record is about.
#[derive(Clone, Debug)]
pub(super) enum DraftPosts<'a> {
    One(DraftPost<'a>),
    Many(Vec<DraftPost<'a>>),
}

/// One record, see [`Record`] for its parts.
#[derive(Clone, Debug)]
pub(super) struct Draft<'a> {
    pub(super) id: Text<'a>,
    pub(super) at: Timestamp,
    pub(super) by: Text<'a>,
    pub(super) op: Text<'a>,
    pub(super) posts: DraftPosts<'a>,
    pub(super) key: Text<'a>,
    pub(super) val: Text<'a>,
    pub(super) via: Option<Via>,
    pub(super) ms: Option<u64>,
    pub(super) rest: Option<Box<DraftRest<'a>>>,
}

/// What few records have.
#[derive(Clone, Debug, Default)]
pub(super) struct DraftRest<'a> {
    pub(super) why: Vec<Text<'a>>,
    pub(super) note: Option<Text<'a>>,
    pub(super) filter: Option<Text<'a>>,
    pub(super) undo: Option<Text<'a>>,
    pub(super) outline: Option<Outline>,
    pub(super) extra: Vec<(String, Value)>,
}

impl DraftRest<'_> {
    pub(super) fn boxed(self) -> Option<Box<Self>> {
        let Self { why, note, filter, undo, outline, extra } = &self;
        let is_empty = why.is_empty()
            && note.is_none()
            && filter.is_none()
            && undo.is_none()
            && outline.is_none()
            && extra.is_empty();
        (!is_empty).then(|| Box::new(self))
    }
}

impl<'a> Draft<'a> {
    /// What a record says.
    pub(super) fn of(record: &'a Record) -> Self {
        let posts = match &record.target {
            Target::One { post, hash, prev } => DraftPosts::One(DraftPost {
                post: post.as_str().into(),
                hash: *hash,
                prev: Names::of(prev),
                own: None,
            }),
            Target::Many(targets) => DraftPosts::Many(
                targets
                    .iter()
                    .map(|target| DraftPost {
                        post: target.post.as_str().into(),
                        hash: Some(target.hash),
                        prev: Names::of(&target.prev),
                        own: target.own.clone().map(Box::new),
                    })
                    .collect(),
            ),
        };
        Self {
            id: record.id.as_str().into(),
            at: record.at,
            by: record.by.as_str().into(),
            op: record.op.as_str().into(),
            posts,
            key: Text(record.key.as_text()),
            val: record.val.as_str().into(),
            via: record.via,
            ms: record.ms,
            rest: DraftRest {
                why: record.why.iter().map(|why| why.as_str().into()).collect(),
                note: record.note.as_deref().map(Text::from),
                filter: record.filter.as_deref().map(Text::from),
                undo: record.undo.as_ref().map(|undo| undo.as_str().into()),
                outline: record.outline.clone(),
                extra: record.extra.clone(),
            }
            .boxed(),
        }
    }

    /// The record, apart from its line.
    pub(super) fn into_record(self) -> Record {
        let target = match self.posts {
            DraftPosts::One(DraftPost { post, hash, prev, .. }) => {
                Target::One { post: PostId::new(post.into_owned()), hash, prev: prev.into_ids() }
            }
            DraftPosts::Many(posts) => Target::Many(
                posts
                    .into_iter()
                    .filter_map(|DraftPost { post, hash, prev, own }| {
                        Some(BulkTarget {
                            post: PostId::new(post.into_owned()),
                            // Without one, nobody could have read it.
                            hash: hash?,
                            prev: prev.into_ids(),
                            own: own.map(|own| *own),
                        })
                    })
                    .collect(),
            ),
        };
        let DraftRest { why, note, filter, undo, outline, extra } =
            self.rest.map(|rest| *rest).unwrap_or_default();
        Record {
            id: RecordId::new(self.id.into_owned()),
            at: self.at,
            by: self.by.into_owned(),
            op: self.op.into_owned(),
            target,
            key: Key::from_text(&self.key),
            val: self.val.into_owned(),
            why: why.into_iter().map(Text::into_owned).collect(),
            note: note.map(Text::into_owned),
            via: self.via,
            ms: self.ms,
            filter: filter.map(Text::into_owned),
            undo: undo.map(|undo| RecordId::new(undo.into_owned())),
            outline,
            extra,
        }
    }
}

/// A line as it was read: a record as far as it makes one, and what it carried as checksum.
pub(super) struct Wire<'a> {
    pub(super) version: Option<u64>,
    pub(super) crc: Option<Text<'a>>,
    /// The record, or the first thing that it lacks.
    pub(super) record: Result<Draft<'a>, &'static str>,
}

impl<'de> Deserialize<'de> for Wire<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Wire<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a record: a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Wire<'de>, A::Error> {
                let mut fields = Fields::default();
                while let Some(name) = map.next_key::<Text<'de>>()? {
                    fields.take(&name, &mut map)?;
                }
                Ok(fields.finish())
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[derive(Default)]
struct Fields<'a> {
    version: Option<u64>,
    crc: Option<Text<'a>>,
    id: Option<Text<'a>>,
    prev: Names<'a>,
    at: Option<Timestamp>,
    by: Option<Text<'a>>,
    op: Option<Text<'a>>,
    post: Option<Text<'a>>,
    hash: Option<Text<'a>>,
    posts: Option<Vec<DraftPost<'a>>>,
    key: Option<Text<'a>>,
    val: Option<Text<'a>>,
    via: Option<Text<'a>>,
    ms: Option<u64>,
    rest: DraftRest<'a>,
}

impl<'de> Fields<'de> {
    fn take<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "v" => self.version = Some(map.next_value()?),
            "crc" => self.crc = Some(map.next_value()?),
            "id" => self.id = Some(map.next_value()?),
            "prev" => self.prev = map.next_value()?,
            "at" => self.at = time(&map.next_value::<Text<'de>>()?),
            "by" => self.by = Some(map.next_value()?),
            "op" => self.op = Some(map.next_value()?),
            "post" => self.post = Some(map.next_value()?),
            "hash" => self.hash = Some(map.next_value()?),
            "posts" => self.posts = Some(map.next_value()?),
            "key" => self.key = Some(map.next_value()?),
            "val" => self.val = Some(map.next_value()?),
            "why" => self.rest.why = map.next_value()?,
            "note" => self.rest.note = map.next_value()?,
            "via" => self.via = Some(map.next_value()?),
            "ms" => self.ms = map.next_value()?,
            "filter" => self.rest.filter = map.next_value()?,
            "undo" => self.rest.undo = map.next_value()?,
            other => {
                let raw: &RawValue = map.next_value()?;
                let value = Value::from_raw(raw).map_err(de::Error::custom)?;
                // In another spelling it is kept as it is, and tells nothing.
                match value.as_text().filter(|_| other == OUTLINE).and_then(|hex| hex.parse().ok()) {
                    Some(outline) => self.rest.outline = Some(outline),
                    None => self.rest.extra.push((other.to_owned(), value)),
                }
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Wire<'de> {
        let (version, crc) = (self.version, self.crc.take());
        Wire { version, crc, record: self.record() }
    }

    fn record(mut self) -> Result<Draft<'de>, &'static str> {
        let posts = match (self.posts, self.post) {
            (Some(posts), _) => DraftPosts::Many(posts),
            (None, Some(post)) => {
                let hash = match self.hash {
                    Some(hash) => Some(hash.parse::<Digest>().map_err(|_| "a hash of 32 hex digits")?),
                    None => None,
                };
                DraftPosts::One(DraftPost { post, hash, prev: self.prev, own: None })
            }
            (None, None) => return Err("a post"),
        };
        let key = self.key.ok_or("a key")?;
        let via = self.via.as_deref().and_then(Via::from_name);
        if let (None, Some(newer)) = (via, self.via) {
            self.rest.extra.push(("via".to_owned(), Value::Text(newer.into_owned())));
        }
        Ok(Draft {
            id: self.id.ok_or("an id")?,
            at: self.at.unwrap_or_default(),
            by: self.by.unwrap_or_default(),
            op: self.op.ok_or("an op")?,
            posts,
            key,
            val: self.val.ok_or("a val")?,
            via,
            ms: self.ms,
            rest: self.rest.boxed(),
        })
    }
}

/// A time. The spelling that is written here is read digit by digit, which takes a fifth of what a
/// reader of every spelling takes.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    ours(text.as_bytes()).or_else(|| text.parse().ok())
}

/// `2026-09-21T12:34:56.789Z`.
fn ours(text: &[u8]) -> Option<Timestamp> {
    let text: &[u8; 24] = text.try_into().ok()?;
    let [
        y1,
        y2,
        y3,
        y4,
        b'-',
        m1,
        m2,
        b'-',
        d1,
        d2,
        b'T',
        h1,
        h2,
        b':',
        i1,
        i2,
        b':',
        s1,
        s2,
        b'.',
        f1,
        f2,
        f3,
        b'Z',
    ] = *text
    else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0_i64, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')))
    };
    let (year, month, day) = (number(&[y1, y2, y3, y4])?, number(&[m1, m2])?, number(&[d1, d2])?);
    let (hour, minute, second) = (number(&[h1, h2])?, number(&[i1, i2])?, number(&[s1, s2])?);
    let milli = number(&[f1, f2, f3])?;
    // Days that not every month has, and leap seconds, are left to the one who knows them all.
    if !(1..=12).contains(&month) || !(1..=28).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // Days from 1970-01-01, with years that begin in March (Howard Hinnant, days_from_civil).
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    Timestamp::from_millisecond(seconds * 1_000 + milli).ok()
}

impl<'de> Deserialize<'de> for Names<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Names<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of ids")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Names<'de>, A::Error> {
                let mut names = Names::default();
                while let Some(name) = list.next_element()? {
                    names.add(name);
                }
                Ok(names)
            }
        }
        deserializer.deserialize_seq(List)
    }
}

impl<'de> Deserialize<'de> for DraftPost<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parts;
        impl<'de> Visitor<'de> for Parts {
            type Value = DraftPost<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a post of a bulk action: [post, hash, [prev…]]")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<DraftPost<'de>, A::Error> {
                let missing = |at| de::Error::invalid_length(at, &self);
                let post = list.next_element()?.ok_or_else(|| missing(0))?;
                let hash: Text<'de> = list.next_element()?.ok_or_else(|| missing(1))?;
                let hash = Some(hash.parse().map_err(de::Error::custom)?);
                let prev = list.next_element()?.unwrap_or_default();
                let own: Option<Former> = list.next_element()?;
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(DraftPost { post, hash, prev, own: own.map(Box::new) })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_everybody_reads_it() {
        let years = [0, 1, 1582, 1899, 1900, 1969, 1970, 2000, 2024, 2026, 2100, 9998, 9999];
        for (year, month) in years.into_iter().flat_map(|year| (1..=12).map(move |month| (year, month))) {
            for day in [1, 2, 27, 28] {
                let text = format!("{year:04}-{month:02}-{day:02}T23:0{}:59.{:03}Z", day % 10, month * 83);
                assert_eq!(ours(text.as_bytes()), text.parse().ok(), "{text}");
            }
        }
        for odd in
            ["2026-02-30T00:00:00.000Z", "2026-13-01T00:00:00.000Z", "2026-01-01T24:00:00.000Z", "x", ""]
        {
            assert_eq!((time(odd), ours(odd.as_bytes())), (None, None), "{odd}");
        }
        for spelled in ["2026-09-30T12:34:56.789Z", "2026-09-21T12:34:56Z", "2026-09-21t12:34:56.789z"] {
            assert_eq!(time(spelled), spelled.parse().ok(), "{spelled}");
        }
    }
}
