//! Brings the records of some logs into another one.

use std::borrow::Cow;
use std::collections::HashSet;
use std::path::Path;

use super::error::{LogError, LogProblem};
use super::line::{LineItem, read_line};
use super::record::Record;
use super::review_log::{Journal, ReviewLog, Synced};
use super::{AppendError, SyncError, crc};
use crate::model::Digest;
use crate::model::text::json_safe;

/// What a merge did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Records that were added.
    pub added: usize,
    /// Records that were there already.
    pub known: usize,
    /// Lines of all of them that make no record, and stay where they are.
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
/// there, but fit to be printed. Nothing else is changed, so merging twice is merging once.
pub fn merge(into: &Path, from: &[impl AsRef<Path>]) -> Result<Merged, MergeError> {
    let mut log = ReviewLog::open(into);
    // By all that they say: records that share an id are not the same.
    let mut known: HashSet<Digest> = HashSet::new();
    let mut merged = Merged::default();
    let problems = &mut merged.problems;
    log.replay_alone(&mut |line| match line {
        Ok(checked) => known.extend([said(&checked.record)]),
        Err(problem) => problems.push(problem),
    })?;
    log.check_writable()?;
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
                let line = std::str::from_utf8(line).ok().filter(|_| is_alone);
                match line.and_then(|line| fit_to_print(line, record)) {
                    Some(line) => log.append_line(&record.id, &format!("{line}\n"))?,
                    None => log.append(record)?,
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

/// A line of somebody else's, with what could act on a terminal as `\uXXXX`, as our own lines have it: otherwise as
/// it stands, and the same record. The checksum that it carries is made anew where it vouched for these bytes; one that
/// vouches for the record in our own spelling still does. `None` where that would not be the record.
fn fit_to_print<'a>(line: &'a str, record: &Record) -> Option<Cow<'a, str>> {
    // JSON has these between its parts only.
    let line = line.trim_matches([' ', '\t', '\r']);
    let plain = line.replace(['\t', '\r'], " ");
    let safe = json_safe(&plain);
    if *safe == *line {
        return Some(Cow::Borrowed(line));
    }
    let safe = if crc::is_intact(line.as_bytes()) { crc::seal_anew(&safe)? } else { safe.into_owned() };
    match read_line(safe.as_bytes()).as_slice() {
        [LineItem::Record(checked)] if said(&checked.record) == said(record) => Some(Cow::Owned(safe)),
        _ => None,
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
    /// A log is printed and compared as it is: what others have put into theirs acts on nobody's terminal.
    #[test]
    fn what_acts_on_a_terminal_is_escaped_and_the_record_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let acts = "\u{9b}31m\u{202e}gnp\u{7f}\u{2066}\u{200b}";
        let object = |id: &str| {
            format!(
                r#"{{"v":1,"id":"{id}","at":"2026-09-21T12:34:56.789Z","by":"eve{acts}","op":"set","post":"p","key":"note","val":"é {acts}","via":"hologram","new":{{"{acts}":[1.50,"{acts}"]}}}}"#
            )
        };
        let mut mara = writer("mara", "a");
        let mut change = change("q", "text", "flagged");
        change.note = Some(acts.to_owned());
        let ours = mara.decide(change, None, at(0)).unwrap().to_line();
        // Ours with the signs themselves: the checksum vouches for the spelling of before.
        let sign = |line: String, c: char| line.replace(json_safe(&c.to_string()).as_ref(), &c.to_string());
        let respelled =
            ['\u{9b}', '\u{202e}', '\u{7f}', '\u{2066}', '\u{200b}'].into_iter().fold(ours.clone(), sign);
        assert_ne!(respelled, ours);
        let foreign = [
            object("h-1"),
            crc::seal(&object("h-2")),
            format!("\t{}\r", crc::seal(&object("h-3").replace("\"op\"", "\t\r\"op\""))),
            respelled.trim_end().to_owned(),
        ];
        std::fs::write(path("from.jsonl"), foreign.join("\n") + "\n").unwrap();
        let records = |name: &str| {
            let mut records = Vec::new();
            let on = &mut |line: Result<crate::review::Checked, _>| records.push(line.unwrap());
            ReviewLog::open(&path(name)).replay_alone(on).unwrap();
            records
        };
        assert_eq!(merge(&path("into.jsonl"), &[path("from.jsonl")]).unwrap().added, 4);
        assert_eq!(records("into.jsonl"), records("from.jsonl"));
        assert_eq!(records("into.jsonl").iter().filter(|checked| checked.is_checked).count(), 3);
        let merged = std::fs::read_to_string(path("into.jsonl")).unwrap();
        assert!(
            !merged.contains(|c: char| c != '\n' && json_safe(&c.to_string()) != c.to_string()),
            "{merged:?}"
        );
        // What this version does not know stands there to the letter.
        assert_eq!(
            merged
                .matches(r#""via":"hologram","new":{"\u009b31m\u202egnp\u007f\u2066\u200b":[1.50,"#)
                .count(),
            3
        );
        assert_eq!(merge(&path("into.jsonl"), &[path("from.jsonl")]).unwrap().added, 0);
        // And the other way round.
        assert_eq!(merge(&path("from.jsonl"), &[path("into.jsonl")]).unwrap().added, 0);
    }
}
