//! Decisions that lie beside some of the posts and are not read with them: those of a file while its folder is
//! open, and the other way round.

use std::path::{Path, PathBuf};

use super::args::Desk;
use crate::corpus::{RootKind, Sources};
use crate::review::{Family, ReviewLog, folder_of, sidecar_of};

/// The files beside these posts that have the name of a review log and are read with none of `logs`. None
/// where the reviewer has named a log.
pub(super) fn unread(sources: &Sources, logs: &[PathBuf], desk: &Desk) -> Vec<PathBuf> {
    if desk.sidecar.is_some() {
        return Vec::new();
    }
    let files = sources.roots().iter().filter(|root| root.kind == RootKind::File);
    let of_folders = files.map(|root| sidecar_of(&folder_of(&root.path), true));
    let mut found: Vec<PathBuf> = of_folders.chain(sources.logs().iter().cloned()).collect();
    let families: Vec<Family> = logs.iter().map(|log| Family::of(log)).collect();
    let is_of = |family: &Family, log: &Path| {
        log.file_name().is_some_and(|name| family.has(name)) && family.is_beside(log)
    };
    found.retain(|found| holds_something(found) && !families.iter().any(|family| is_of(family, found)));
    found.dedup();
    found
}

/// What is said of one of them.
pub(super) fn told(unread: &Path, logs: &[PathBuf]) -> String {
    let name = unread.display();
    if !ReviewLog::open(unread).looks_like_a_log() {
        return format!("{name} is named like a review log and holds no decision; posts in it are not read");
    }
    let into = match logs {
        [log] => log.display().to_string(),
        _ => "LOG".to_owned(),
    };
    format!("the decisions in {name} do not count here; copydesk merge {into} {name} brings them in")
}

/// The same of all of them in one sentence.
pub(super) fn told_of_all(unread: &[PathBuf], logs: &[PathBuf]) -> Option<String> {
    let first = told(unread.first()?, logs);
    Some(match unread.len() - 1 {
        0 => first,
        more => format!("{first}; {more} more are left out like it, copydesk check names them"),
    })
}

fn holds_something(file: &Path) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0)
}
