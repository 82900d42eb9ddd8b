//! The process that decides: what the saver does, on its own. It acknowledges each decision twice,
//! when it is in the file and when it is on the disk, in a file that no crash of a process loses.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use copydesk::model::{Digest, PostId};
use copydesk::review::{Author, Change, Journal, Key, Record, ReviewLog, Reviews, Via};
use jiff::Timestamp;

/// The word that makes this program the writer.
pub(crate) const WORD: &str = "writer";

/// How often a decision that was refused is tried again.
const TRIES: usize = 6;

/// What the writer is to do.
#[derive(Clone, Debug)]
pub(crate) struct Orders {
    pub(crate) log: PathBuf,
    pub(crate) acks: PathBuf,
    pub(crate) count: usize,
    /// Decisions between two syncs.
    pub(crate) batch: usize,
    pub(crate) by: String,
}

impl Orders {
    pub(crate) fn new(folder: &Path, by: &str, count: usize) -> Self {
        let (log, acks) = (folder.join("posts.jsonl.reviews.jsonl"), folder.join(format!("acks-{by}")));
        Self { log, acks, count, batch: 1, by: by.to_owned() }
    }

    /// The command that carries them out.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg(WORD).arg(&self.log).arg(&self.acks);
        command.args([self.count.to_string(), self.batch.to_string(), self.by.clone()]);
        command
    }
}

pub(crate) fn main(words: &[String]) -> ExitCode {
    let [log, acks, count, batch, by] = words else { return ExitCode::from(2) };
    let (count, batch): (usize, usize) = (count.parse().unwrap(), batch.parse().unwrap());
    let mut acks = OpenOptions::new().create(true).append(true).open(acks).unwrap();
    let mut log = ReviewLog::open(Path::new(log)).keeping_its_own();
    let mut reviews = Reviews::new(Author { by: by.clone(), via: Via::Browse });
    log.replay_into(&mut reviews, &mut |_| {}).unwrap();
    let mut unsafe_yet: Vec<Record> = Vec::new();
    for number in 0..count {
        let record = decide(&mut reviews, by, number);
        if let Some(others) = write(&mut log, &record, &mut acks) {
            for record in others {
                reviews.absorb(record);
            }
            unsafe_yet.push(record);
        } else {
            ack(&mut acks, 'u', &record);
        }
        if unsafe_yet.len() >= batch || number + 1 == count {
            sync(&mut log, &mut unsafe_yet, &mut acks);
        }
    }
    for record in &unsafe_yet {
        ack(&mut acks, 'u', record);
    }
    ExitCode::SUCCESS
}

/// A decision that differs from what holds.
pub(crate) fn decide(reviews: &mut Reviews, by: &str, number: usize) -> Record {
    let post = format!("{by}-{}", number % 40);
    let change = Change {
        hash: Digest::of_bytes(post.as_bytes()),
        post: PostId::new(post),
        siblings: Vec::new(),
        key: Key::Status,
        val: ["reviewed", "flagged", "skipped"][number % 3].to_owned(),
        why: Vec::new(),
        note: Some(format!("decision {number} of {by}: {}", "words ".repeat(number % 30))),
    };
    // Held by a run before, perhaps, and then another note makes it a decision.
    reviews.decide(change.clone(), None, Timestamp::now()).unwrap_or_else(|| {
        // A blank one is none; without one a flag keeps what it has.
        let change = Change { note: Some(String::new()), ..change };
        reviews.decide(change, None, Timestamp::now()).unwrap()
    })
}

/// Appends a record as the saver does: again and again, with the same id.
fn write(log: &mut ReviewLog, record: &Record, acks: &mut File) -> Option<Vec<Record>> {
    for _ in 0..TRIES {
        if let Ok(met) = log.append(record) {
            ack(acks, 'w', record);
            return Some(met.others);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    None
}

fn sync(log: &mut ReviewLog, unsafe_yet: &mut Vec<Record>, acks: &mut File) {
    for _ in 0..TRIES {
        if log.sync().is_ok() {
            unsafe_yet.drain(..).for_each(|record| ack(acks, 's', &record));
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// A line of its own with an end of its own: a kill can tear this write as well.
fn ack(acks: &mut File, what: char, record: &Record) {
    acks.write_all(format!("\n{what} {} .", record.id).as_bytes()).unwrap();
}
