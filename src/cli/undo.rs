//! `copydesk undo`: the last decision of the reviewer, taken back.

use super::args::Posts;
use super::opened::Opened;
use super::saving::Saving;
use super::{Ending, settings};
use crate::model::{PostId, safe};
use crate::review::{Record, RecordId};

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
    settings::before_deciding(&args.posts.desk)?;
    let mut opened = Opened::open(&args.posts)?;
    opened.check_writable()?;
    let now = jiff::Timestamp::now();
    let records = match &args.record {
        Some(id) => opened.reviews.undo_record(&RecordId::new(id.as_str()), None, now),
        None if args.redo => opened.reviews.redo(now),
        None => opened.reviews.undo(now),
    };
    let records = match records {
        Ok(records) => records,
        Err(refused) => {
            say!(std::io::stdout(), "{refused}")?;
            return Ok(Ending::Wanting);
        }
    };
    let mut saving = Saving::default();
    records.iter().for_each(|record| saving.save(&mut opened, record));
    let posts: Vec<&str> = records.iter().flat_map(Record::posts).map(PostId::as_str).collect();
    let what = if args.redo { "redone" } else { "undone" };
    saving.check(what)?;
    match (posts.as_slice(), records.as_slice()) {
        ([post], [record]) => {
            let (key, val) = (record.key.to_string(), record.value_for(&PostId::new(*post)).val);
            say!(std::io::stdout(), "{what}: {} of {} is {} again", safe(&key), safe(post), safe(&val))?;
        }
        (posts, _) => say!(std::io::stdout(), "{what}: {} posts", posts.len())?,
    }
    Ok(Ending::Fine)
}
