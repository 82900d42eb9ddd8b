//! The files of a folder, in an order that does not depend on the file system.

use std::io;
use std::path::{Path, PathBuf};

use ignore::{Error, WalkBuilder};

use super::format::Fault;
use super::problem::Problem;
use super::source::{kind_of, left_out, unreadable};

/// All regular files under `folder`, links followed, sorted by the bytes of their paths. Files that
/// begin with a dot are passed over, review logs go to `logs`; anything else that is no file is named in
/// `problems`.
pub(super) fn files(folder: &Path, logs: &mut Vec<PathBuf>, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let logs_before = logs.len();
    let before = problems.len();
    // No file of the folder decides what is read: no .gitignore, no .ignore.
    for entry in WalkBuilder::new(folder).standard_filters(false).hidden(true).follow_links(true).build() {
        match entry {
            Err(error) => problems.push(refused(folder, &error)),
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {}
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                let files = if is_review_log(entry.path()) { &mut *logs } else { &mut found };
                files.push(entry.into_path());
            }
            Ok(entry) => {
                let kind = entry.path().symlink_metadata().ok().and_then(|metadata| kind_of(&metadata));
                let fault = Fault::doubt(kind.unwrap_or("no regular file"), "a file of posts");
                problems.push(left_out(entry.path(), fault));
            }
        }
    }
    for files in [&mut found[..], logs.get_mut(logs_before..).unwrap_or_default()] {
        files.sort_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
    }
    problems.get_mut(before..).unwrap_or_default().sort_by(|a, b| a.file.cmp(&b.file));
    found
}

/// The sidecar files in which decisions are kept: `reviews.jsonl`, `reviews.NAME.jsonl`, and the same
/// behind the name of a file and a dot. `product-reviews.jsonl` is a file of posts.
pub fn is_review_log(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Some(stem) = name.strip_suffix(".jsonl") else { return false };
    let last = stem.rsplit_once(".reviews").map_or(stem.strip_prefix("reviews"), |(_, rest)| Some(rest));
    last.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
}

fn refused(folder: &Path, error: &Error) -> Problem {
    let (path, fault) = reason(error);
    left_out(path.unwrap_or(folder), fault)
}

/// The innermost reason of an error, and the path that it is about.
fn reason(error: &Error) -> (Option<&Path>, Fault) {
    match error {
        Error::WithPath { path, err } => {
            let (inner, fault) = reason(err);
            (inner.or(Some(path)), fault)
        }
        Error::WithDepth { err, .. } | Error::WithLineNumber { err, .. } => reason(err),
        Error::Loop { child, .. } => (
            Some(child),
            Fault::doubt("a link to a folder that it stands in", "files and folders without loops"),
        ),
        Error::Io(error) if error.kind() == io::ErrorKind::NotFound => {
            (None, Fault::doubt("a link to nothing", "a file of posts"))
        }
        Error::Io(error) => (None, unreadable(error)),
        other => (None, Fault::doubt(format!("a path that cannot be followed ({other})"), "a file of posts")),
    }
}
