//! `copydesk undo`: the last decision of the reviewer, taken back.

use std::io::Write;

use super::Ending;
use super::args::Posts;
use super::opened::Opened;
use crate::model::{PostId, safe};
use crate::review::RecordId;

/// Undo your last decision
#[derive(Debug, clap::Args)]
pub(super) struct UndoArgs {
    #[command(flatten)]
    posts: Posts,
    /// Redo what was undone last
    #[arg(long)]
    redo: bool,
    /// Undo this record instead of your last one; copydesk log names them
    #[arg(long, value_name = "ID", conflicts_with = "redo")]
    record: Option<String>,
}

pub(super) fn run(args: &UndoArgs) -> anyhow::Result<Ending> {
    let mut opened = Opened::open(&args.posts)?;
    opened.check_writable()?;
    let now = jiff::Timestamp::now();
    let record = match &args.record {
        Some(id) => opened.reviews.undo_record(&RecordId::new(id.as_str()), now),
        None if args.redo => opened.reviews.redo(now),
        None => opened.reviews.undo(now),
    };
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
