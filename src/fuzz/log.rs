//! The review log.

use std::collections::{BTreeSet, HashSet};

use crate::model::{Digest, PostId};
use crate::review::{LineItem, Record, Standing, State, read_in_pieces, read_line};

/// Any bytes are a log. Pieces of any size hold the same; a record comes back from its own line; what
/// is current does not depend on the order of the records, or on how often they stand there.
pub fn log(bytes: &[u8]) {
    let Ok(whole) = read_in_pieces(bytes, 1 << 20) else { return };
    // Of any size, but not so many that nothing else is done.
    let piece_bytes = (bytes.len() as u64 % 61).max(bytes.len() as u64 / 16) + 1;
    assert_eq!(read_in_pieces(bytes, piece_bytes).as_ref().ok(), Some(&whole), "{piece_bytes}");
    let lines = bytes.split(|byte| *byte == b'\n').flat_map(|line| read_line(line.trim_ascii_end()));
    let of_lines = lines.filter(|item| matches!(item, LineItem::Record(_))).count();
    assert_eq!(of_lines, whole.records.len());
    // Of records with one id the first counts, so which is the first has to stay.
    let mut ids = HashSet::new();
    let records: Vec<Record> = whole
        .records
        .into_iter()
        .map(|(record, _)| record)
        .filter(|record| ids.insert(record.id.clone()))
        .collect();
    records.iter().for_each(comes_back);
    let first = standings(&records, &records);
    let backwards: Vec<Record> = records.iter().rev().cloned().collect();
    assert_eq!(standings(&backwards, &records), first, "backwards");
    let (later, sooner): (Vec<_>, Vec<_>) =
        records.iter().cloned().enumerate().partition(|(number, _)| number % 2 == 1);
    let twice: Vec<Record> =
        later.iter().chain(&sooner).chain(&later).map(|(_, record)| record.clone()).collect();
    assert_eq!(standings(&twice, &records), first, "in two halves, one of them twice");
}

/// A record is the same read again from its own line, and its checksum vouches for it.
fn comes_back(record: &Record) {
    let line = record.to_line();
    let items = read_line(line.trim_ascii_end().as_bytes());
    let [LineItem::Record(again)] = items.as_slice() else { unreachable!("{line}: {items:?}") };
    assert!(again.is_checked, "{line}");
    assert_eq!(again.record.to_line(), line);
}

/// What was decided about every post that is named, whatever its text is now.
fn standings(records: &[Record], all: &[Record]) -> Vec<Standing> {
    let mut state = State::default();
    for record in records {
        state.absorb(record.clone());
    }
    assert_eq!(state.len(), all.len());
    let posts: BTreeSet<&PostId> = all.iter().flat_map(Record::posts).collect();
    let texts: BTreeSet<Option<Digest>> =
        all.iter().flat_map(|record| record.posts().map(|post| record.hash_of(post))).chain([None]).collect();
    let texts: Vec<Option<Digest>> = texts.into_iter().take(4).collect();
    let each = |post: &PostId| -> Vec<Standing> {
        texts.iter().map(|text| state.standing(post, *text, &[])).collect()
    };
    posts.into_iter().take(16).flat_map(each).collect()
}
