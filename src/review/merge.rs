//! Brings the records of some logs into another one.

use std::collections::HashSet;
use std::path::Path;

use super::error::{LogError, LogProblem};
use super::line::{LineItem, read_line};
use super::record::Record;
use super::review_log::{Journal, ReviewLog, Synced};
use super::{AppendError, SyncError};
use crate::model::Digest;

/// What a merge did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Records that were added.
    pub added: usize,
    /// Records that were there already.
    pub known: usize,
    /// Lines of the others that make no record, and stay where they are.
    pub problems: Vec<LogProblem>,
}

/// Why a merge ended early. What was added until then is there; the same merge can be made again.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// A log could not be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A record could not be added.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// What was added may not be on the disk.
    #[error(transparent)]
    Sync(#[from] SyncError),
    /// Another file holds what was added.
    #[error("the disk refused the review log; everything that was added is safe in {0}")]
    Rescued(String),
}

/// Appends to the log at `into` every record of the files `from` that it does not hold, as it stands
/// there. Nothing else is changed, so merging twice is merging once.
pub fn merge(into: &Path, from: &[impl AsRef<Path>]) -> Result<Merged, MergeError> {
    let mut log = ReviewLog::open(into);
    // By all that they say: records that share an id are not the same.
    let mut known: HashSet<Digest> = HashSet::new();
    log.replay_alone(&mut |line| known.extend(line.ok().map(|checked| said(&checked.record))))?;
    log.check_writable()?;
    let mut merged = Merged::default();
    for path in from {
        let path = path.as_ref();
        let failed = |cause| LogError::Io { path: path.to_owned(), cause };
        // The same reader as everywhere tells what is wrong with the file as a whole, and where.
        let problems = &mut merged.problems;
        ReviewLog::open(path).replay_alone(&mut |line| problems.extend(line.err()))?;
        let bytes = std::fs::read(path).map_err(failed)?;
        for line in bytes.split(|byte| *byte == b'\n') {
            let items = read_line(line);
            let is_alone = items.len() == 1;
            for item in items {
                let LineItem::Record(checked) = item else { continue };
                let record = &checked.record;
                if !known.insert(said(record)) {
                    merged.known += 1;
                    continue;
                }
                match std::str::from_utf8(line) {
                    Ok(line) if is_alone => log.append_line(&record.id, &format!("{line}\n"))?,
                    _ => log.append(record)?,
                };
                merged.added += 1;
            }
        }
    }
    match log.sync()? {
        Synced::InLog => Ok(merged),
        Synced::Rescued(path) => Err(MergeError::Rescued(super::error::shown(&path))),
    }
}

/// What a record says, as one number.
fn said(record: &Record) -> Digest {
    Digest::of_bytes(record.to_line().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::suite::{at, change, writer};

    #[test]
    fn what_is_missing_is_added_as_it_stands_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let (mut mara, mut tom) = (writer("mara", "a"), writer("tom", "b"));
        let line = |reviews: &mut crate::review::Reviews, post: &str| {
            reviews.decide(change(post, "text", "reviewed"), None, at(0)).unwrap().to_line()
        };
        let (a, b, c, d) =
            (line(&mut mara, "p"), line(&mut mara, "q"), line(&mut tom, "p"), line(&mut tom, "r"));
        let by_hand = "{\"v\":1, \"id\":\"h\",\"op\":\"set\",\"post\":\"p\",\"key\":\"note\",\"val\":\"x\", \"new\":1}\n";
        let glued = format!("{}{}", c.trim_end(), d);
        std::fs::write(path("into.jsonl"), format!("{a}{b}")).unwrap();
        std::fs::write(path("one.jsonl"), format!("<<<<<<< HEAD\n{b}broken\n{by_hand}")).unwrap();
        std::fs::write(path("two.jsonl"), format!("{glued}{a}")).unwrap();
        let from = [path("one.jsonl"), path("two.jsonl")];
        let merged = merge(&path("into.jsonl"), &from).unwrap();
        assert_eq!((merged.added, merged.known, merged.problems.len()), (3, 2, 2));
        let expected = format!("{a}{b}{by_hand}{c}{d}");
        assert_eq!(std::fs::read_to_string(path("into.jsonl")).unwrap(), expected);
        assert_eq!(merge(&path("into.jsonl"), &from).unwrap().added, 0);
        assert_eq!(std::fs::read_to_string(path("into.jsonl")).unwrap(), expected);
        // The same id, and something else.
        let changed = by_hand.replace("\"x\"", "\"y\"");
        std::fs::write(path("three.jsonl"), &changed).unwrap();
        assert_eq!(merge(&path("into.jsonl"), &[path("three.jsonl")]).unwrap().added, 1);
        assert_eq!(std::fs::read_to_string(path("into.jsonl")).unwrap(), format!("{expected}{changed}"));
        assert!(merge(&path("into.jsonl"), &[path("none.jsonl")]).is_err());
    }
}
