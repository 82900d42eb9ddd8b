//! Brings decisions to the disk. It alone holds the review logs, and it never waits for the loop.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use super::worker::Inbox;
use crate::app::Event;
use crate::review::{Checked, Journal, Record, ReviewLog, Synced};

/// How long it waits before it tries again to write what could not be written.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Records of a log that are handed on at once.
const REPLAY_BATCH: usize = 4_096;

/// A record and the log it belongs to.
pub(super) type SaveRequest = (usize, Record);

/// What was left when the saver ended.
#[derive(Debug, Default)]
pub struct Leftover {
    /// The records that could not be written, each a line of the log.
    pub unsaved: Vec<String>,
    /// Why.
    pub why: Option<String>,
    /// The disk refused a log, so decisions stand in another file, or may not be safe at all.
    pub disk_failed: bool,
}

/// Replays the logs, then appends what it is given until nobody gives any more.
pub(super) fn run(sidecars: &[PathBuf], requests: &Receiver<SaveRequest>, inbox: &Inbox) -> Leftover {
    let mut saver = Saver {
        logs: Vec::new(),
        waiting: VecDeque::new(),
        why: None,
        rescued: false,
        unsynced: false,
        inbox,
    };
    saver.replay(sidecars);
    loop {
        let next = if saver.waiting.is_empty() {
            requests.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            requests.recv_timeout(RETRY_AFTER)
        };
        let ended = match next {
            Ok(request) => {
                saver.waiting.push_back(request);
                saver.waiting.extend(requests.try_iter());
                false
            }
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => true,
        };
        saver.write_all();
        if ended {
            let unsaved = saver.waiting.iter().map(|(_, record)| record.to_line()).collect();
            let disk_failed = saver.rescued || saver.unsynced;
            return Leftover { unsaved, why: saver.why, disk_failed };
        }
    }
}

struct Saver<'a> {
    logs: Vec<ReviewLog>,
    waiting: VecDeque<SaveRequest>,
    why: Option<String>,
    rescued: bool,
    unsynced: bool,
    inbox: &'a Inbox,
}

impl Saver<'_> {
    /// Reads what was decided before, from every log, and hands it on in batches.
    fn replay(&mut self, sidecars: &[PathBuf]) {
        let mut read_only = None;
        for sidecar in sidecars {
            let mut log = ReviewLog::open(sidecar);
            let mut batch = Vec::new();
            let replayed = log.replay(&mut |line| match line {
                Ok(Checked { record, .. }) => {
                    batch.push(record);
                    if batch.len() >= REPLAY_BATCH {
                        self.tell(Event::Records(std::mem::take(&mut batch)));
                    }
                }
                Err(problem) => self.tell(Event::LogNotice(problem.to_string())),
            });
            self.tell(Event::Records(batch));
            if let Err(error) = replayed {
                self.tell(Event::LogNotice(error.to_string()));
            }
            if let Err(error) = log.check_writable() {
                read_only.get_or_insert(error.to_string());
            }
            self.logs.push(log);
        }
        self.tell(Event::Replayed { read_only });
    }

    /// Writes everything that waits, in its order, and sees it to the disk.
    fn write_all(&mut self) {
        let mut touched = vec![false; self.logs.len()];
        while let Some((root, record)) = self.waiting.front() {
            let Some(log) = self.logs.get_mut(*root) else { break };
            match log.append(record) {
                Ok(appended) => {
                    let id = record.id.clone();
                    if let Some(log) = touched.get_mut(*root) {
                        *log = true;
                    }
                    self.waiting.pop_front();
                    self.why = None;
                    self.tell(Event::Records(appended.others));
                    if let Some(notice) = appended.notice {
                        self.tell(Event::LogNotice(notice));
                    }
                    self.tell(Event::Written(id));
                }
                Err(error) => {
                    self.why = Some(error.to_string());
                    self.tell(Event::NotSaved { why: error.to_string() });
                    break;
                }
            }
        }
        let mut synced = true;
        for (log, _) in self.logs.iter_mut().zip(touched).filter(|(_, touched)| *touched) {
            match log.sync() {
                Ok(Synced::InLog) => {}
                Ok(Synced::Rescued(path)) => {
                    let path = path.to_string_lossy().into_owned();
                    let text = format!(
                        "The disk refused the review log. Decisions are safe in {path}, and go on there"
                    );
                    let _ = self.inbox.send(Event::LogNotice(text));
                    self.rescued = true;
                }
                Err(error) => {
                    synced = false;
                    self.unsynced = true;
                    let _ = self.inbox.send(Event::NotSaved { why: error.to_string() });
                }
            }
        }
        if synced && self.waiting.is_empty() {
            self.tell(Event::Synced);
        }
    }

    /// Nobody listens any more once the program is ending; the work goes on all the same.
    fn tell(&self, event: Event) {
        let _ = self.inbox.send(event);
    }
}
