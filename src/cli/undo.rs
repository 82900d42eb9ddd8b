//! `copydesk undo`: the last decision of the reviewer, taken back.

use super::args::Posts;
use super::opened::Opened;
use super::saving::Saving;
use super::{Ending, settings};
use crate::model::{PostId, clock, safe};
use crate::review::{LeftOut, Record, RecordId, TakingBack, UndoRefused};

/// Undo your last decision
#[derive(Debug, clap::Args)]
pub(super) struct UndoArgs {
    #[command(flatten)]
    posts: Posts,
    /// Redo what was undone last
    #[arg(long)]
    redo: bool,
    /// Leave the posts as they are that others have decided on since, and undo the rest; where nothing is left of
    /// a step, the one before it
    #[arg(long, conflicts_with = "record")]
    rest: bool,
    /// Undo this record instead of your last one; copydesk log names them
    #[arg(long, value_name = "ID", conflicts_with = "redo")]
    record: Option<String>,
}

pub(super) fn run(args: &UndoArgs) -> anyhow::Result<Ending> {
    settings::before_deciding(&args.posts.desk)?;
    let mut opened = Opened::open(&args.posts)?;
    opened.check_writable()?;
    let mut passed = Passed::default();
    let taken = args.take_back(&mut opened, &mut passed);
    passed.say()?;
    let (records, left_out) = match taken {
        Ok(taken) => taken,
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
    if left_out.count > 0 {
        say!(std::io::stdout(), "{}", left_out.told())?;
    }
    Ok(Ending::Fine)
}

impl UndoArgs {
    /// The records that take something back, and the posts that are left as they are; or a sentence.
    fn take_back(&self, opened: &mut Opened, passed: &mut Passed) -> Result<(Vec<Record>, LeftOut), String> {
        let (reviews, now) = (&mut opened.reviews, clock::now());
        let said = |refused: UndoRefused| refused.to_string();
        if let Some(id) = &self.record {
            let records = reviews.undo_record(&RecordId::new(id.as_str()), None, now);
            return Ok((records.map_err(said)?, LeftOut::default()));
        }
        loop {
            let begun = if self.redo { reviews.begin_redo() } else { reviews.begin_undo() };
            let mut step = begun.map_err(said)?;
            let refused = match reviews.all_of(&mut step, now) {
                Ok(records) => return Ok((records, LeftOut::default())),
                Err(refused) => refused,
            };
            match step.rest_told() {
                Some(_) if self.rest => {}
                Some(what) => return Err(format!("{refused}. --rest {what}")),
                None => return Err(said(refused)),
            }
            let (records, rest) = reviews.take_rest(&step, now).map_err(said)?;
            if !records.is_empty() {
                return Ok((records, rest.left_out().clone()));
            }
            passed.add(&rest);
        }
    }
}

/// Steps of which nothing could be taken back.
#[derive(Default)]
struct Passed {
    steps: usize,
    /// What is in the way of the first of them.
    way: String,
}

impl Passed {
    fn add(&mut self, step: &TakingBack) {
        if self.steps == 0 {
            self.way = step.left_out().in_the_way();
        }
        self.steps += 1;
    }

    fn say(&self) -> anyhow::Result<()> {
        match self.steps {
            0 => {}
            1 => say!(std::io::stdout(), "passed over: {}", self.way)?,
            steps => say!(std::io::stdout(), "passed over: {} steps; of the last one, {}", steps, self.way)?,
        }
        Ok(())
    }
}
