//! `copydesk merge`: the decisions of other review logs, brought into one.

use std::path::PathBuf;

use anyhow::{Context, ensure};

use super::Ending;
use super::output::say_done;
use crate::model::safe;
use crate::review::{ReviewLog, merge};

/// Bring the decisions of other review logs into one
#[derive(Debug, clap::Args)]
pub(super) struct MergeArgs {
    /// The review log that gets what it lacks
    into: PathBuf,
    /// The review logs to read; they stay as they are
    #[arg(required = true, value_name = "FILE")]
    from: Vec<PathBuf>,
}

pub(super) fn run(args: &MergeArgs) -> anyhow::Result<Ending> {
    for path in args.from.iter().chain([&args.into]) {
        let holds_something =
            std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0);
        ensure!(
            !holds_something || ReviewLog::open(path).looks_like_a_log(),
            "{} holds no record of a review log; name review logs, as posts.jsonl.reviews.jsonl",
            safe(&path.to_string_lossy())
        );
    }
    let merged = merge(&args.into, &args.from).context("the decisions were not merged")?;
    for problem in &merged.problems {
        say_done(&format!("✗ {problem}"));
    }
    let into = args.into.to_string_lossy();
    say_done(&format!(
        "{} records added to {}, {} were there already",
        merged.added,
        safe(&into),
        merged.known
    ));
    Ok(if merged.problems.is_empty() { Ending::Fine } else { Ending::Wanting })
}
