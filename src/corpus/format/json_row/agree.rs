//! What the row reader accepts, the post reader makes the same row of, and finds no fault with: looked
//! at by tests and by whoever makes records up.

use super::{Place, RowReader, SegmentBuilder};
use crate::corpus::columns::{RowFields, Segment, TitleIndex};
use crate::corpus::format::{Context, jsonl, parse};

const PLACE: Place = Place { offset: 0, length: 1, line: 1 };

/// The row reader's row, if it is sure.
pub(super) fn quick(record: &[u8]) -> Option<Segment> {
    let mut segment = SegmentBuilder::new(0);
    let mut reader = RowReader::default();
    // The second time it is asked it knows names and lists already; both must agree.
    let first = reader.read(record, PLACE, &mut segment);
    let second = reader.read(record, PLACE, &mut segment);
    assert_eq!(first, second);
    first.then(|| segment.finish(&mut TitleIndex::default()).without_escapes())
}

/// The post reader's row, twice as well, and how many faults it has found.
fn careful(record: &[u8]) -> Option<(Segment, usize)> {
    let context = Context::new(&jsonl::FORMAT, 0, None);
    let (post, faults) = parse(record, &context).ok()?;
    let mut segment = SegmentBuilder::new(0);
    let row = RowFields::of_post(&post);
    segment.push(PLACE, &row);
    segment.push(PLACE, &row);
    Some((segment.finish(&mut TitleIndex::default()).without_escapes(), faults.len()))
}

/// Whether the row reader is sure of a record; then the post reader has to agree.
#[track_caller]
pub(crate) fn agrees(record: &[u8]) -> bool {
    let Some(quick) = quick(record) else { return false };
    assert_eq!(Some((quick, 0)), careful(record), "{}", String::from_utf8_lossy(record));
    true
}
