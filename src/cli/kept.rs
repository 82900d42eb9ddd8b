//! Decisions are never written over, by no command and whatever it is asked.

use std::path::Path;

use anyhow::{Context, ensure};

use crate::corpus::is_review_log;
use crate::model::safe;
use crate::review::{ReviewLog, compacted_from};

/// Refuses a file that is to be made where a review log, its archive or a backup of it stands or would stand.
/// They are known by their names, and whatever they are called by their records. `option` is what names it.
pub(super) fn refuse_decisions(option: &str, path: &Path) -> anyhow::Result<()> {
    let shown = || safe(&path.to_string_lossy()).to_string();
    ensure!(
        !is_review_log(path),
        "{option} {} is the name of a review log, and would be read as one; name another file",
        shown()
    );
    let log = compacted_from(path);
    ensure!(
        !log.is_some_and(|log| is_review_log(&log) || holds_records(&log).unwrap_or(true)),
        "{option} {} is the name of an archive or a backup of a review log; name another file",
        shown()
    );
    let holds_some = holds_records(path).with_context(|| {
        format!(
            "{option} {} cannot be read, so that nobody knows whether it holds decisions; name another file",
            shown()
        )
    })?;
    ensure!(
        !holds_some,
        "{option} {} holds records of a review log, and those are never written over, whatever --force says; \
         name another file",
        shown()
    );
    Ok(())
}

/// Whether a file is there and holds records of a review log. What is no file holds none.
fn holds_records(path: &Path) -> std::io::Result<bool> {
    let is_file = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    if is_file { ReviewLog::open(path).holds_records() } else { Ok(false) }
}
