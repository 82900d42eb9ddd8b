//! Brings decisions to the disk. It alone holds the review logs, and it never waits for the loop.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use super::pending::Pending;
use super::worker::Inbox;
use crate::app::Event;
use crate::corpus::{Problem, Severity};
use crate::review::{Checked, Journal, LogProblem, Record, ReviewLog, Synced};

/// How long it waits before it tries again to write what could not be written.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Records of a log that are handed on at once.
const REPLAY_BATCH: usize = 4_096;

/// A record and the number of the log it belongs to.
pub(super) type SaveRequest = (usize, Record);

/// What was left when the saver ended.
#[derive(Debug, Default)]
pub struct Leftover {
    /// The records that are not known to be on the disk, each a line of the log.
    pub unsaved: Vec<String>,
    /// What went wrong, a sentence each.
    pub troubles: Vec<String>,
}

/// Replays the logs, then appends what it is given until nobody gives any more. What is not safe
/// yet stands in `pending` all the time.
pub(super) fn run(
    sidecars: &[PathBuf],
    requests: &Receiver<SaveRequest>,
    pending: &Pending,
    inbox: &Inbox,
) -> Leftover {
    let mut saver = Saver { logs: Vec::new(), troubles: Vec::new(), pending, inbox };
    saver.replay(sidecars);
    loop {
        let next = if saver.is_idle() {
            requests.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            requests.recv_timeout(RETRY_AFTER)
        };
        let ended = next == Err(RecvTimeoutError::Disconnected);
        next.into_iter().chain(requests.try_iter()).for_each(|request| saver.queue(request));
        saver.write_all();
        saver.sync_all();
        if ended {
            return Leftover { unsaved: pending.lines(), troubles: saver.troubles };
        }
    }
}

/// One log and what is on its way to it.
struct Log {
    file: ReviewLog,
    /// Not in the file yet.
    waiting: VecDeque<Record>,
    /// In the file, and not known to be on the disk.
    written: Vec<Record>,
}

struct Saver<'a> {
    logs: Vec<Log>,
    troubles: Vec<String>,
    pending: &'a Pending,
    inbox: &'a Inbox,
}

impl Saver<'_> {
    fn is_idle(&self) -> bool {
        self.logs.iter().all(|log| log.waiting.is_empty() && log.written.is_empty())
    }

    fn queue(&mut self, (root, record): SaveRequest) {
        if let Some(log) = self.logs.get_mut(root) {
            log.waiting.push_back(record);
        }
    }

    /// Reads what was decided before, from every log, and hands it on in batches.
    fn replay(&mut self, sidecars: &[PathBuf]) {
        let mut read_only = None;
        for sidecar in sidecars {
            let mut file = ReviewLog::open(sidecar);
            let mut batch = Vec::new();
            let replayed = file.replay(&mut |line| match line {
                Ok(Checked { record, .. }) => {
                    batch.push(record);
                    if batch.len() >= REPLAY_BATCH {
                        self.tell(Event::Records(std::mem::take(&mut batch)));
                    }
                }
                Err(problem) => self.tell(Event::Problem(problem_of(&problem))),
            });
            self.tell(Event::Records(batch));
            if let Err(error) = replayed {
                read_only.get_or_insert(error.to_string());
            }
            if let Err(error) = file.check_writable() {
                read_only.get_or_insert(error.to_string());
            }
            self.logs.push(Log { file, waiting: VecDeque::new(), written: Vec::new() });
        }
        self.tell(Event::Replayed { read_only });
    }

    /// Writes everything that waits, in its order. A log that refuses holds up no other.
    fn write_all(&mut self) {
        let Self { logs, troubles, inbox, .. } = self;
        // Nobody listens any more once the program is ending; the work goes on all the same.
        let tell = |event| drop(inbox.send(event));
        for log in logs {
            while let Some(record) = log.waiting.pop_front() {
                match log.file.append(&record) {
                    Ok(appended) => {
                        tell(Event::Records(appended.others));
                        if let Some(notice) = appended.notice {
                            tell(Event::LogNotice(notice));
                        }
                        tell(Event::Written(record.id.clone()));
                        log.written.push(record);
                    }
                    Err(error) => {
                        log.waiting.push_front(record);
                        trouble(troubles, &error.to_string());
                        tell(Event::NotSaved { why: error.to_string() });
                        break;
                    }
                }
            }
        }
    }

    /// Brings everything that was written to the disk.
    fn sync_all(&mut self) {
        for log in &mut self.logs {
            if log.written.is_empty() {
                continue;
            }
            match log.file.sync() {
                Ok(safe_in) => {
                    self.pending.remove(&log.written);
                    log.written.clear();
                    if let Synced::Rescued(path) = safe_in {
                        let path = path.to_string_lossy().into_owned();
                        let text = format!(
                            "The disk refused the review log. Decisions are safe in {path}, and go on there"
                        );
                        trouble(&mut self.troubles, &text);
                        let _ = self.inbox.send(Event::LogNotice(text));
                    }
                }
                Err(error) => {
                    trouble(&mut self.troubles, &error.to_string());
                    let _ = self.inbox.send(Event::NotSaved { why: error.to_string() });
                }
            }
        }
        if self.is_idle() {
            self.tell(Event::Synced);
        }
    }

    fn tell(&self, event: Event) {
        let _ = self.inbox.send(event);
    }
}

/// Keeps what went wrong, each thing once.
fn trouble(troubles: &mut Vec<String>, text: &str) {
    if !troubles.iter().any(|known| known == text) {
        troubles.push(text.to_owned());
    }
}

/// A bad line of a log among the problems of the corpus.
fn problem_of(problem: &LogProblem) -> Problem {
    Problem {
        file: problem.path.to_string_lossy().into_owned(),
        line: Some(problem.line),
        offset: problem.offset,
        severity: Severity::Doubt,
        found: problem.found.clone(),
        expected: String::new(),
        advice: problem.advice.to_owned(),
        excerpt: String::new(),
    }
}
