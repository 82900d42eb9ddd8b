//! One JSON object that is a post: the record of JSONL, of a JSON list, of a JSON file.

use serde_json::value::RawValue;

use super::diagnose::{diagnose, not_an_object, unfinished};
use super::draft::{Draft, Entry, Names, Role};
use super::fault::{A_POST_OBJECT, Fault, not_utf8};
use super::{Context, MAX_RECORD_BYTES};
use crate::model::value::{MAX_DEPTH, RawEntries, depth_exceeded};
use crate::model::{Post, Value};

/// Reads one record; blanks around it do not matter.
pub(super) fn parse(record: &[u8], context: &Context<'_>) -> Result<(Post, Vec<Fault>), Fault> {
    let trimmed = record.trim_ascii_start();
    let lead = record.len() - trimmed.len();
    let moved = |fault: Fault| Fault { at: fault.at + lead, ..fault };
    parse_trimmed(trimmed, context).map_err(moved).map(|(post, faults)| {
        let faults = faults.into_iter().map(moved).collect();
        (post, faults)
    })
}

fn parse_trimmed(record: &[u8], context: &Context<'_>) -> Result<(Post, Vec<Fault>), Fault> {
    if record.len() > MAX_RECORD_BYTES {
        return Err(too_long());
    }
    if record.first() != Some(&b'{') {
        return Err(not_an_object(record));
    }
    if depth_exceeded(record) {
        return Err(Fault::rejected(
            format!("lists or objects nested more than {MAX_DEPTH} deep"),
            "a post, which nests a few levels",
        ));
    }
    let text = match std::str::from_utf8(record) {
        Ok(text) => text,
        // A character that ends with the file may only be half written.
        Err(error) if error.error_len().is_none() && !context.finished => return Err(unfinished(false)),
        Err(error) => return Err(not_utf8(record, error)),
    };
    let refuse = |error: &serde_json::Error| {
        diagnose(text, context.finished)
            .unwrap_or_else(|| Fault::rejected(format!("what JSON does not allow: {error}"), A_POST_OBJECT))
    };
    let raw: RawEntries<'_> = serde_json::from_str(text).map_err(|error| refuse(&error))?;
    let mut names = Names::new();
    let mut entries = Vec::with_capacity(raw.0.len());
    for (key, raw) in raw.0 {
        let (role, at) = (Role::of(&key), offset_in(record, raw));
        if names.repeats(role) {
            return Err(Fault::rejected(format!("the key `{key}` twice"), "each known key once")
                .at(at)
                .advise("only its writer can tell which of the two is meant"));
        }
        let value = Value::from_raw(raw).map_err(|error| refuse(&error))?;
        entries.push(Entry { key, role, value, at });
    }
    Ok(Draft { entries, ..Draft::default() }.finish(context.stem))
}

/// Where a value that was borrowed from `record` stands in it.
fn offset_in(record: &[u8], raw: &RawValue) -> usize {
    (raw.get().as_ptr() as usize).saturating_sub(record.as_ptr() as usize)
}

/// A record beyond [`MAX_RECORD_BYTES`].
pub(super) fn too_long() -> Fault {
    let found = format!("a record of more than {} MiB", MAX_RECORD_BYTES >> 20);
    Fault::rejected(found, "a post, which is far smaller").advise("is a line break missing?")
}
