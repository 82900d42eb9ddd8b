//! How much of its line a record about many posts takes up, at most: each post may have a long note of its own.

use super::record::{Former, RecordId};
use super::replay::MAX_LINE_BYTES;
use crate::model::PostId;

/// A record is about no more posts than fill so much of its line, or no reader would take it. Unit: bytes.
pub(super) const MOST_BYTES: usize = MAX_LINE_BYTES / 2;

/// What a post takes up, with what is current there and a value of its own. Unit: bytes.
pub(super) fn by_post(post: &PostId, prev: &[RecordId], own: Option<&Former>) -> usize {
    /// Signs, names of fields and the digest.
    const AROUND: usize = 96;
    let names = prev.iter().map(RecordId::as_str).chain([post.as_str()]).map(by_text);
    AROUND + names.sum::<usize>() + own.map_or(0, by_value)
}

/// The same of a value.
pub(super) fn by_value(value: &Former) -> usize {
    let texts = value.note.iter().chain(&value.why).chain([&value.val]);
    texts.map(|text| by_text(text)).sum()
}

/// The same of a text in quotation marks: some signs are written as `\uXXXX`, and which ones is not asked.
fn by_text(text: &str) -> usize {
    let sign = |c: char| match c {
        '"' | '\\' => 2,
        ' '..='~' => 1,
        _ => 6 * c.len_utf16(),
    };
    // The quotation marks and a comma.
    3 + text.chars().map(sign).sum::<usize>()
}
