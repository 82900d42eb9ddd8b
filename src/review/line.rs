//! A line of the log: the records in it, each checked.

use super::canonical;
use super::crc;
use super::draft::{Draft, Wire};
use super::record::Record;
use crate::model::value::{MAX_DEPTH, depth_exceeded};

/// The version of the records that are written. A log with a higher one is read and not written.
pub(super) const VERSION: u64 = 1;

/// How a record of ours begins: where a damaged piece ends and the next record may start.
const RECORD_START: &[u8] = b"{\"v\":";

/// So many damaged pieces of one line are passed over before the rest of it is given up. Torn
/// writes leave one or two.
const MAX_DAMAGED: usize = 64;

/// The lines that git leaves in a file it could not merge.
const CONFLICT_MARKERS: [&[u8]; 4] = [b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||"];

/// A record and whether its checksum vouches for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The record.
    pub record: Record,
    /// Its checksum is there and right; a line without any is taken on trust.
    pub is_checked: bool,
}

/// What stands on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineItem {
    /// A record.
    Record(Box<Checked>),
    /// Bytes that make no record, and why.
    Damaged {
        /// Where they begin. Unit: bytes from the start of the line.
        at: usize,
        /// What is wrong with them.
        why: String,
    },
    /// A record that a newer version has written.
    Newer {
        /// That version.
        version: u64,
    },
    /// A mark of an unfinished merge.
    ConflictMarker,
}

/// What stands on a line, still part of it.
#[expect(clippy::large_enum_variant, reason = "nearly all are records, and none is kept")]
pub(super) enum Item<'a> {
    Record { draft: Draft<'a>, is_checked: bool },
    Damaged { at: usize, why: String },
    Newer { version: u64 },
    ConflictMarker,
}

/// Reads a line, without its line end. There may be several records on it, also behind damage.
pub fn read_line(line: &[u8]) -> Vec<LineItem> {
    let mut items = Vec::new();
    scan(line, &mut |item| {
        items.push(match item {
            Item::Record { draft, is_checked } => {
                LineItem::Record(Box::new(Checked { record: draft.into_record(), is_checked }))
            }
            Item::Damaged { at, why } => LineItem::Damaged { at, why },
            Item::Newer { version } => LineItem::Newer { version },
            Item::ConflictMarker => LineItem::ConflictMarker,
        });
    });
    items
}

/// The same, item by item and without a copy.
pub(super) fn scan<'a>(line: &'a [u8], on: &mut impl FnMut(Item<'a>)) {
    if let Some(draft) = canonical::read(line) {
        on(Item::Record { draft, is_checked: true });
        return;
    }
    if CONFLICT_MARKERS.iter().any(|marker| line.starts_with(marker)) {
        on(Item::ConflictMarker);
        return;
    }
    if depth_exceeded(line) {
        let why = format!("a line that is nested more than {MAX_DEPTH} deep");
        on(Item::Damaged { at: 0, why });
        return;
    }
    let (mut at, mut damaged) = (0, 0);
    while let Some(rest) = line.get(at..) {
        let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        at += blanks;
        let Some(rest) = rest.get(blanks..).filter(|rest| !rest.is_empty()) else { break };
        let (item, length) = first_value(rest);
        match item {
            Ok(item) => on(item),
            Err(why) => {
                on(Item::Damaged { at, why });
                damaged += 1;
                if damaged >= MAX_DAMAGED {
                    break;
                }
            }
        }
        at += length;
    }
}

/// The first record of some bytes, and how many bytes it takes up.
fn first_value(bytes: &[u8]) -> (Result<Item<'_>, String>, usize) {
    let next_start = || {
        let behind = bytes.get(1..).unwrap_or_default();
        memchr::memmem::find(behind, RECORD_START).map_or(bytes.len(), |found| found + 1)
    };
    // Derived readers would take a list for an object.
    if bytes.first() != Some(&b'{') {
        return (Err("no JSON object".to_owned()), next_start());
    }
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<Wire<'_>>();
    match values.next() {
        Some(Ok(wire)) => {
            let length = values.byte_offset();
            (judge(wire, bytes.get(..length).unwrap_or(bytes)), length)
        }
        Some(Err(error)) => (Err(error.to_string()), next_start()),
        None => (Err("nothing".to_owned()), bytes.len()),
    }
}

/// Whether a record that could be read may be believed.
fn judge<'a>(wire: Wire<'a>, bytes: &'a [u8]) -> Result<Item<'a>, String> {
    match wire.version {
        None | Some(VERSION) => {}
        // A damaged digit must not lock the log: a checksum that is there has to be right.
        Some(version) if version > VERSION && (wire.crc.is_none() || crc::is_intact(bytes)) => {
            return Ok(Item::Newer { version });
        }
        Some(version) => return Err(format!("a record of version {version} that no checksum vouches for")),
    }
    let draft = wire.record.map_err(|missing| format!("no record: {missing} is missing"))?;
    let is_checked = match wire.crc {
        // Another program may have spelled the same record in another way.
        Some(crc) if crc::is_intact(bytes) || is_respelled(&draft, &crc) => true,
        Some(_) => return Err("a record whose checksum is wrong".to_owned()),
        None => {
            let last = draft.rest.as_ref().and_then(|rest| rest.extra.last());
            if last.is_some_and(|(name, value)| crc::looks_damaged(name, value.as_text())) {
                return Err("a record whose checksum has lost its name".to_owned());
            }
            false
        }
    };
    Ok(Item::Record { draft, is_checked })
}

/// Whether the record in our own spelling has this checksum.
fn is_respelled(draft: &Draft<'_>, crc: &str) -> bool {
    let line = draft.clone().into_record().to_line();
    let ours = serde_json::from_str::<CrcOnly>(&line);
    ours.is_ok_and(|ours| ours.crc == crc)
}

#[derive(serde::Deserialize)]
struct CrcOnly {
    crc: String,
}
