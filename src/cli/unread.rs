//! Decisions that lie near the posts and are not read with them: those of a file while its folder is open, the other
//! way round, and those of an earlier export.

use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};

use super::args::Desk;
use crate::corpus::{RootKind, Row, Sources, is_review_log};
use crate::query::OtherLog;
use crate::review::{Family, ReviewLog, folder_of, sidecar_of};

/// So many names of a folder are looked at.
const MAX_NAMES: usize = 20_000;

/// The files beside these posts that have the name of a review log and are read with none of `logs`. None
/// where the reviewer has named a log.
pub(super) fn unread(sources: &Sources, logs: &[PathBuf], desk: &Desk) -> Vec<PathBuf> {
    if desk.sidecar.is_some() {
        return Vec::new();
    }
    let files = sources.roots().iter().filter(|root| root.kind == RootKind::File);
    let of_folders = files.map(|root| sidecar_of(&folder_of(&root.path), true));
    let mut found: Vec<PathBuf> = of_folders.chain(sources.logs().iter().cloned()).collect();
    found.retain(|found| holds_something(found) && !is_read(found, logs));
    found.dedup();
    found
}

/// Whether a log is of the family of one that is read.
fn is_read(found: &Path, logs: &[PathBuf]) -> bool {
    let is_of =
        |family: Family| found.file_name().is_some_and(|name| family.has(name)) && family.is_beside(found);
    logs.iter().map(|log| Family::of(log)).any(is_of)
}

/// Other review logs near these posts, which may be those of an earlier export or of another name: in the folder of a
/// file; beside an opened folder, and in the folders beside it. The one that was written to last comes first.
pub(super) fn nearby(sources: &Sources, logs: &[PathBuf], desk: &Desk) -> Vec<PathBuf> {
    if desk.sidecar.is_some() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for root in sources.roots() {
        let is_folder = root.kind == RootKind::Folder;
        let folder = match root.kind {
            RootKind::File => folder_of(&root.path),
            RootKind::Folder if root.path.file_name().is_some() => folder_of(&root.path),
            RootKind::Folder => root.path.join(".."),
            RootKind::Builtin | RootKind::Stdin => continue,
        };
        let names = fs::read_dir(&folder).into_iter().flatten().flatten().take(MAX_NAMES);
        for name in names.map(|entry| entry.file_name()) {
            let path = if folder == Path::new(".") { PathBuf::from(name) } else { folder.join(name) };
            if is_review_log(&path) {
                found.push(path);
            } else if is_folder {
                found.push(sidecar_of(&path, true));
            }
        }
    }
    found.retain(|found| holds_something(found) && !is_read(found, logs));
    found
        .sort_by_cached_key(|log| (Reverse(log.metadata().and_then(|log| log.modified()).ok()), log.clone()));
    found.dedup();
    found
}

/// What is said of one of them.
fn told(unread: &Path, logs: &[PathBuf]) -> String {
    let name = unread.display();
    if !ReviewLog::open(unread).looks_like_a_log() {
        return format!("{name} is named like a review log and holds no decision; posts in it are not read");
    }
    format!("the decisions in {name} do not count here; copydesk merge {} {name} brings them in", into(logs))
}

/// The log that others are brought into, as it is named in a command.
fn into(logs: &[PathBuf]) -> String {
    match logs {
        [log] => log.display().to_string(),
        _ => "LOG".to_owned(),
    }
}

/// What is said of logs that are not read, a sentence each.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Of those that lie where the log of some of these posts would: in any case.
    pub(super) unread: Vec<String>,
    /// Of others, where they decide on posts that are here and that nobody has decided on.
    pub(super) others: Vec<String>,
}

impl Told {
    pub(super) fn of(
        unread: &[PathBuf],
        found: &[OtherLog],
        logs: &[PathBuf],
        is_open: impl Fn(Row) -> bool,
    ) -> Self {
        let words = |other: &OtherLog| other.told(&is_open, &into(logs));
        let of = |log: &PathBuf| found.iter().find(|other| other.path == *log).and_then(words);
        Self {
            unread: unread.iter().map(|log| of(log).unwrap_or_else(|| told(log, logs))).collect(),
            others: found.iter().filter(|other| !unread.contains(&other.path)).filter_map(words).collect(),
        }
    }

    /// All of it in one sentence.
    pub(super) fn in_one(&self) -> Option<String> {
        let first = self.unread.first().or(self.others.first())?;
        Some(match self.unread.len() + self.others.len() - 1 {
            0 => first.clone(),
            more => format!("{first}; {more} more are left out like it, copydesk check names them"),
        })
    }
}

fn holds_something(file: &Path) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0)
}
