//! `copydesk log compact`: moves what nothing current needs out of the review log. By hand only.

use super::Ending;
use super::args::Posts;
use super::opened;
use super::output::say_done;
use crate::model::safe;
use crate::review::compact;

pub(super) fn run(posts: &Posts) -> anyhow::Result<Ending> {
    let (sources, _) = opened::sources(&posts.paths, &posts.desk)?;
    let mut logs = opened::sidecars(&sources, &posts.desk)?;
    logs.dedup();
    for log in logs {
        let name = safe(&log.to_string_lossy()).to_string();
        if !log.exists() {
            say_done(&format!("{name}: there are no decisions yet"));
            continue;
        }
        let compacted = compact(&log)?;
        opened::tell_damage(&compacted.problems);
        match (compacted.backup, compacted.archive) {
            (Some(backup), Some(archive)) => say_done(&format!(
                "{name}: {} lines kept as they were, {} moved to {}; as it was before: {}",
                compacted.kept,
                compacted.moved,
                safe(&archive.to_string_lossy()),
                safe(&backup.to_string_lossy())
            )),
            _ => say_done(&format!("{name}: all {} lines are needed; nothing was changed", compacted.kept)),
        }
    }
    Ok(Ending::Fine)
}
