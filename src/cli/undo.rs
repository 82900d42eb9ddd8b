//! `copydesk undo`: the last decision of the reviewer, taken back.

use std::io::Write;

use super::Ending;
use super::args::Posts;
use super::opened::Opened;
use crate::model::{PostId, safe};

/// Undo your last decision
#[derive(Debug, clap::Args)]
pub(super) struct UndoArgs {
    #[command(flatten)]
    posts: Posts,
    /// Redo what was undone last
    #[arg(long)]
    redo: bool,
}

pub(super) fn run(args: &UndoArgs) -> anyhow::Result<Ending> {
    let mut opened = Opened::open(&args.posts)?;
    opened.check_writable()?;
    let now = jiff::Timestamp::now();
    let record = if args.redo { opened.reviews.redo(now) } else { opened.reviews.undo(now) };
    let record = match record {
        Ok(record) => record,
        Err(refused) => {
            writeln!(std::io::stdout(), "{refused}")?;
            return Ok(Ending::Wanting);
        }
    };
    opened.save(opened.root_of_record(&record), &record)?;
    let posts: Vec<&str> = record.posts().map(PostId::as_str).collect();
    let what = if args.redo { "done again" } else { "undone" };
    match posts.as_slice() {
        [post] => {
            let (key, val) = (record.key.to_string(), record.val.clone());
            writeln!(std::io::stdout(), "{what}: {} of {} is {} again", safe(&key), safe(post), safe(&val))?;
        }
        posts => writeln!(std::io::stdout(), "{what}: {} posts", posts.len())?,
    }
    Ok(Ending::Fine)
}
