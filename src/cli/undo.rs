//! `copydesk undo`: the last decision of the reviewer, undone or redone.

use super::args::{Posts, id};
use super::opened::Opened;
use super::saving::Saving;
use super::{Ending, settings};
use crate::model::{PostId, clock, escaped, safe};
use crate::review::{Key, Record, RecordId};

/// Undo your last decision
#[derive(Debug, clap::Args)]
pub(super) struct UndoArgs {
    #[command(flatten)]
    posts: Posts,
    /// Redo what was undone last
    #[arg(long)]
    redo: bool,
    /// Undo this record instead of your last one; copydesk log names them
    #[arg(long, value_name = "ID", conflicts_with = "redo", allow_hyphen_values = true, value_parser = id)]
    record: Option<String>,
}

pub(super) fn run(args: &UndoArgs) -> anyhow::Result<Ending> {
    settings::before_deciding(&args.posts.desk)?;
    let mut opened = Opened::open(&args.posts)?;
    opened.check_writable()?;
    let begun = match &args.record {
        Some(id) => opened.reviews.begin_undo_record(&RecordId::new(id.as_str()), None),
        None if args.redo => opened.reviews.begin_redo(),
        None => opened.reviews.begin_undo(),
    };
    let step = match begun {
        Ok(step) => step,
        Err(refused) => {
            say!(std::io::stdout(), "{refused}")?;
            return Ok(Ending::Wanting);
        }
    };
    let what = if step.is_redo() { "redone" } else { "undone" };
    let (records, unchanged) = opened.reviews.undo_all(step, clock::now());
    let mut saving = Saving::default();
    records.iter().for_each(|record| saving.save(&mut opened, record));
    let posts: Vec<&str> = records.iter().flat_map(Record::posts).map(PostId::as_str).collect();
    saving.check(what)?;
    match (posts.as_slice(), records.as_slice()) {
        ([post], [record]) if unchanged.count == 0 => {
            let id = PostId::new(*post);
            let standing = opened.reviews.state().standing(&id, record.hash_of(&id), &[]);
            let val = match &record.key {
                Key::Status if standing.word.is_empty() => Key::Status.blank_val(),
                Key::Status => &standing.word,
                _ => &record.val,
            };
            let key = record.key.to_string();
            say!(std::io::stdout(), "{what}: {} of {} is {} again", safe(&key), escaped(post), safe(val))?;
        }
        (posts, _) => say!(std::io::stdout(), "{what}: {} posts", posts.len())?,
    }
    if unchanged.count > 0 {
        say!(std::io::stdout(), "{unchanged}")?;
    }
    Ok(Ending::Fine)
}
