//! Every call that an append makes, failing with every error that it may fail with.

use std::path::Path;

use crate::Outcome;
use crate::bench::{Acks, Found};
use crate::program::copydesk;
use crate::shim;
use crate::writer::Orders;

/// By their numbers on Linux.
const ERRORS: [(&str, i32); 11] = [
    ("ENOSPC", 28),
    ("EIO", 5),
    ("EDQUOT", 122),
    ("EFBIG", 27),
    ("EROFS", 30),
    ("EMFILE", 24),
    ("ENFILE", 23),
    ("EACCES", 13),
    ("ENOLCK", 37),
    ("EINTR", 4),
    ("EAGAIN", 11),
];

/// The calls of an append and a sync. Nothing is renamed in them; a compaction does that.
const CALLS: [&str; 6] = ["open", "flock", "write", "fdatasync", "ftruncate", "write ftruncate"];

/// The first call that fails, and how many do: one, a few, all from then on.
const SPELLS: [(usize, usize); 5] = [(1, 1), (2, 1), (3, 4), (1, 1_000_000), (3, 1_000_000)];

const COUNT: usize = 6;

pub(crate) fn run(_rounds: usize) -> Outcome {
    let tools = tempfile::tempdir().unwrap();
    let library = match shim::build(tools.path()) {
        Ok(library) => library,
        Err(why) => return Outcome::Skipped(why),
    };
    let (mut runs, mut safe, mut unsaved) = (0, 0, 0);
    for call in CALLS {
        for (error, number) in ERRORS {
            for (nth, times) in SPELLS {
                // A signal that interrupts every single call for ever is no error of a disk.
                if error == "EINTR" && times > 1_000 {
                    continue;
                }
                let case = format!("{call} {error}, {times} times from call {nth} on");
                match one(&library, call, number, (nth, times)) {
                    Ok(acks) => {
                        runs += 1;
                        safe += acks.safe.len();
                        unsaved += acks.unsaved.len();
                    }
                    Err(what) => return Outcome::Broken(format!("{case}: {what}")),
                }
            }
        }
    }
    Outcome::Held(format!(
        "{runs} runs of {COUNT} decisions, {safe} acknowledged and {unsaved} told to be not saved: 0 lost, 0 false acknowledgements"
    ))
}

fn one(library: &Path, call: &str, error: i32, (nth, times): (usize, usize)) -> Result<Acks, String> {
    let folder = tempfile::tempdir().unwrap();
    let orders = Orders::new(folder.path(), "mara", COUNT);
    let mut command = orders.command();
    let (nth, times_text, error) = (nth.to_string(), times.to_string(), error.to_string());
    let mut settings =
        vec![("CALL", call), ("ON", "reviews"), ("NTH", &nth), ("TIMES", &times_text), ("ERRNO", &error)];
    // A file is only ever cut after a write that failed half way.
    if call.contains("write") {
        settings.push(("BYTES", "50"));
    }
    shim::load(&mut command, library, &settings);
    let status = command.status().unwrap();
    if !status.success() {
        return Err(format!("the writer ended with {status}"));
    }
    check(&orders, times < TRIES_OUTLAST)
}

/// A writer that tries again outlasts so many failures in a row.
const TRIES_OUTLAST: usize = 5;

/// Everything is either there or told to be not saved; after a passing error it is there.
fn check(orders: &Orders, passes: bool) -> Result<Acks, String> {
    let (acks, found) = (Acks::read(&orders.acks), Found::in_log(&orders.log)?);
    let lost = Acks::lost(&acks.safe, &found);
    if !lost.is_empty() {
        return Err(format!("{} acknowledged decisions are not there: {lost:?}", lost.len()));
    }
    let accounted = acks.safe.union(&acks.unsaved).count();
    if accounted < COUNT {
        return Err(format!("only {accounted} of {COUNT} decisions are accounted for"));
    }
    if passes && acks.safe.len() < COUNT {
        return Err(format!(
            "the error has passed, and only {} of {COUNT} decisions are safe",
            acks.safe.len()
        ));
    }
    Ok(acks)
}

/// A sync that fails, on a system that has thrown away what it could not write: trying again on the
/// same file would succeed, and be a lie.
pub(crate) fn lied(_rounds: usize) -> Outcome {
    let tools = tempfile::tempdir().unwrap();
    let library = match shim::build(tools.path()) {
        Ok(library) => library,
        Err(why) => return Outcome::Skipped(why),
    };
    let (mut runs, mut safe) = (0, 0);
    for batch in [1, 3, COUNT] {
        for nth in 1..=COUNT {
            for times in [1, 2, 3, 1_000_000] {
                let folder = tempfile::tempdir().unwrap();
                let mut orders = Orders::new(folder.path(), "mara", COUNT);
                orders.batch = batch;
                let mut command = orders.command();
                let (nth, times_text) = (nth.to_string(), times.to_string());
                let settings = [
                    ("CALL", "fdatasync"),
                    ("ON", "reviews"),
                    ("NTH", nth.as_str()),
                    ("TIMES", &times_text),
                    ("ERRNO", "5"),
                    ("LOSES", "1"),
                ];
                shim::load(&mut command, &library, &settings);
                let status = command.status().unwrap();
                let checked = check(&orders, times < TRIES_OUTLAST);
                match checked {
                    Ok(acks) if status.success() => {
                        runs += 1;
                        safe += acks.safe.len();
                    }
                    Ok(_) => return Outcome::Broken(format!("the writer ended with {status}")),
                    Err(what) => {
                        return Outcome::Broken(format!(
                            "sync {nth} fails {times} times, {batch} at once: {what}"
                        ));
                    }
                }
            }
        }
    }
    Outcome::Held(format!(
        "{runs} runs of {COUNT} decisions, {safe} acknowledged: 0 lost, none by a second try"
    ))
}

/// A compaction in which each call fails in turn: the log is as it was or compacted, nothing between,
/// and what was moved away is in the archive.
pub(crate) fn compaction(_rounds: usize) -> Outcome {
    let tools = tempfile::tempdir().unwrap();
    let library = match shim::build(tools.path()) {
        Ok(library) => library,
        Err(why) => return Outcome::Skipped(why),
    };
    let (mut refused, mut done) = (0, 0);
    for call in ["open", "flock", "write", "fsync", "rename"] {
        for (error, number) in ERRORS {
            for nth in 1..=4 {
                let folder = tempfile::tempdir().unwrap();
                let mut orders = Orders::new(folder.path(), "mara", 90);
                orders.batch = 90;
                assert!(orders.command().status().unwrap().success());
                let before = Found::in_log(&orders.log).unwrap();
                std::fs::write(folder.path().join("posts.jsonl"), "{\"id\":\"p\",\"title\":\"t\"}\n")
                    .unwrap();
                let mut command = copydesk(folder.path());
                command.args(["log", "compact", "posts.jsonl"]);
                let (nth_text, number) = (nth.to_string(), number.to_string());
                let settings =
                    [("CALL", call), ("ON", "reviews.jsonl"), ("NTH", &nth_text), ("ERRNO", &number)];
                shim::load(&mut command, &library, &settings);
                let output = command.output().unwrap();
                let after = Found::in_log(&orders.log).unwrap();
                let archive = folder.path().join("posts.jsonl.reviews.jsonl.archive");
                let archived = Found::in_log(&archive).unwrap();
                let has_all =
                    before.ids.keys().all(|id| after.ids.contains_key(id) || archived.ids.contains_key(id));
                let is_whole = after.ids.len() == before.ids.len() || after.ids.len() == 40;
                if !has_all || !is_whole || after.bad_lines > 0 {
                    let said = String::from_utf8_lossy(&output.stderr).into_owned();
                    return Outcome::Broken(format!(
                        "{call} {error}, call {nth}: {} of {} records: {said}",
                        after.ids.len(),
                        before.ids.len()
                    ));
                }
                if output.status.success() { done += 1 } else { refused += 1 }
            }
        }
    }
    Outcome::Held(format!(
        "{done} compactions done and {refused} refused: each log whole, before or after, 0 records lost"
    ))
}
