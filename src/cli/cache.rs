//! `copydesk cache`: what is kept of large corpora from one run to the next.

use anyhow::Context;
use jiff::Timestamp;

use super::output::table;
use super::{Ending, config};
use crate::model::safe;

/// See or clear what is kept of large corpora from one run to the next
#[derive(Debug, clap::Args)]
pub(super) struct CacheArgs {
    #[command(subcommand)]
    command: Option<CacheCommand>,
}

/// What can be done with the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::Subcommand)]
enum CacheCommand {
    /// Show where it is and what is in it
    List,
    /// Remove everything in it; it is made again when it is needed
    Clear,
}

pub(super) fn run(args: &CacheArgs) -> anyhow::Result<Ending> {
    let cache = config::cache(false)
        .context("there is no home folder, so nothing is kept; set COPYDESK_CACHE_DIR")?;
    let folder = safe(&cache.folder().to_string_lossy()).to_string();
    let entries = cache.entries();
    let mut out = std::io::stdout().lock();
    if args.command == Some(CacheCommand::Clear) {
        cache.clear().with_context(|| format!("the cache in {folder} could not be cleared"))?;
        say!(out, "removed {} from {folder}", counted(entries.len()))?;
        return Ok(Ending::Fine);
    }
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|entry| {
            let used =
                Timestamp::try_from(entry.used).map(|used| used.strftime("%Y-%m-%d %H:%M").to_string());
            let of = entry.of.as_deref().unwrap_or("of another version, made again when it is needed");
            let of = entry.distrust.map_or_else(|| of.to_owned(), |why| format!("{of} (not used: {why})"));
            vec![format!("{:.1} MiB", mebibytes(entry.bytes)), used.unwrap_or_default(), of]
        })
        .collect();
    if !rows.is_empty() {
        table(&mut out, &["size", "last used", "posts"], &rows)?;
    }
    let all: u64 = entries.iter().map(|entry| entry.bytes).sum();
    say!(out, "{} in {folder}, {:.1} MiB", counted(entries.len()), mebibytes(all))?;
    Ok(Ending::Fine)
}

fn counted(files: usize) -> String {
    if files == 1 { "1 file".to_owned() } else { format!("{files} files") }
}

#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
