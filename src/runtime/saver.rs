//! Brings decisions to the disk. It alone holds the review logs, and it never waits for the loop.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use super::log_watch::LogWatch;
use super::pending::Pending;
use super::worker::Inbox;
use crate::app::Event;
use crate::corpus::{Problem, Severity};
use crate::review::{AppendError, Appended, Journal, LogProblem, Record, ReviewLog, Reviews, Synced};

/// How long it waits before it tries again to write what could not be written.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// How often it looks for what others have decided where the system does not tell.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What is asked of the saver.
#[derive(Debug)]
pub(super) enum SaveRequest {
    /// To write a record to the log with this number.
    Save(usize, Arc<Record>),
    /// To look at what others have written.
    Look,
    /// To finish and end.
    End,
}

/// Where decisions go.
#[derive(Debug)]
pub(super) struct Logs {
    /// The review log of each root.
    pub(super) sidecars: Vec<PathBuf>,
    /// Why they can go nowhere, if they cannot.
    pub(super) nowhere: Option<String>,
}

/// What was left when the saver ended.
#[derive(Debug, Default)]
pub struct Leftover {
    /// The records that are not known to be on the disk, each a line of the log.
    pub unsaved: Vec<String>,
    /// What went wrong, a sentence each.
    pub troubles: Vec<String>,
}

/// Replays the logs into `reviews`, then appends what it is given until it is told to end. What is
/// not safe yet stands in `pending` all the time. `to_self` is where requests come from.
pub(super) fn run(
    logs: &Logs,
    reviews: Reviews,
    (requests, to_self): (&Receiver<SaveRequest>, Sender<SaveRequest>),
    pending: &Pending,
    inbox: &Inbox,
) -> Leftover {
    let Logs { sidecars, nowhere } = logs;
    let logs = sidecars.iter().map(|path| Log {
        file: ReviewLog::open(path).keeping_its_own(),
        waiting: VecDeque::new(),
        written: Vec::new(),
        trouble: None,
    });
    let mut saver = Saver { logs: logs.collect(), troubles: Vec::new(), pending, inbox };
    // It watches first: what is written while the logs are read is not missed.
    let families = saver.logs.iter().map(|log| log.file.family().clone()).collect();
    let watch = LogWatch::start(families, to_self);
    saver.replay(reviews, nowhere.clone());
    loop {
        let patience = match (saver.is_idle(), watch.works()) {
            (false, _) => Some(RETRY_AFTER),
            (true, false) => Some(LOOK_EVERY),
            (true, true) => None,
        };
        let next = match patience {
            Some(patience) => requests.recv_timeout(patience),
            None => requests.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let mut ended = matches!(next, Err(RecvTimeoutError::Disconnected));
        let mut looks = matches!(next, Err(RecvTimeoutError::Timeout)) && !watch.works();
        for request in next.into_iter().chain(requests.try_iter()) {
            match request {
                SaveRequest::Save(root, record) => saver.queue(root, record),
                SaveRequest::Look => looks = true,
                SaveRequest::End => ended = true,
            }
        }
        if looks && !ended {
            saver.look();
        }
        saver.write_all(ended);
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
    waiting: VecDeque<Arc<Record>>,
    /// In the file, and not known to be on the disk.
    written: Vec<Arc<Record>>,
    /// What the last look said, so that it is said once.
    trouble: Option<String>,
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

    fn queue(&mut self, root: usize, record: Arc<Record>) {
        if let Some(log) = self.logs.get_mut(root) {
            log.waiting.push_back(record);
        }
    }

    /// Reads what was decided before, from every log, and hands it on as a whole: the desk must not
    /// stand still while a million records are folded.
    fn replay(&mut self, mut reviews: Reviews, mut read_only: Option<String>) {
        let inbox = self.inbox;
        for (root, log) in self.logs.iter_mut().enumerate() {
            reviews.turn_to(root);
            let on_problem = &mut |problem| drop(inbox.send(Event::Problem(problem_of(&problem))));
            if let Err(error) = log.file.replay_into(&mut reviews, on_problem) {
                read_only.get_or_insert(error.to_string());
            }
            if let Err(error) = log.file.check_writable() {
                read_only.get_or_insert(error.to_string());
            }
        }
        self.tell(Event::Past(Box::new(reviews)));
        self.tell(Event::Replayed { read_only });
    }

    /// Hands on what others have decided.
    fn look(&mut self) {
        let inbox = self.inbox;
        for (root, log) in self.logs.iter_mut().enumerate() {
            match log.file.look() {
                Ok(met) => {
                    log.trouble = None;
                    tell_met(inbox, root, met);
                }
                Err(error) => {
                    let text = error.to_string();
                    if log.trouble.as_ref() != Some(&text) {
                        let _ = inbox.send(Event::LogNotice(text.clone()));
                        log.trouble = Some(text);
                    }
                }
            }
        }
    }

    /// Writes everything that waits, in its order. A log that refuses holds up no other. At the end
    /// a log that was replaced gets back what it has lost.
    fn write_all(&mut self, is_end: bool) {
        let Self { logs, troubles, inbox, .. } = self;
        for (root, log) in logs.iter_mut().enumerate() {
            while let Some(record) = log.waiting.pop_front() {
                match log.file.append(&record) {
                    Ok(met) => {
                        tell_met(inbox, root, met);
                        // Nobody listens any more once the program is ending; the work goes on all the same.
                        let _ = inbox.send(Event::Written(record.id.clone()));
                        log.written.push(record);
                    }
                    Err(error) => {
                        log.waiting.push_front(record);
                        tell_refused(inbox, troubles, &error);
                        break;
                    }
                }
            }
            if is_end
                && log.file.misses_some()
                && let Err(error) = log.file.append_missing()
            {
                tell_refused(inbox, troubles, &error);
            }
        }
    }

    /// Brings everything that was written to the disk.
    fn sync_all(&mut self) {
        let mut has_synced = false;
        for log in &mut self.logs {
            match log.file.sync() {
                Ok(safe_in) => {
                    has_synced |= !log.written.is_empty();
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
        if has_synced && self.is_idle() {
            self.tell(Event::Synced);
        }
    }

    fn tell(&self, event: Event) {
        let _ = self.inbox.send(event);
    }
}

fn tell_met(inbox: &Inbox, root: usize, met: Appended) {
    if !met.others.is_empty() {
        let _ = inbox.send(Event::Records(root, met.others));
    }
    if let Some(notice) = met.notice {
        let _ = inbox.send(Event::LogNotice(notice));
    }
}

fn tell_refused(inbox: &Inbox, troubles: &mut Vec<String>, error: &AppendError) {
    trouble(troubles, &error.to_string());
    let _ = inbox.send(Event::NotSaved { why: error.to_string() });
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
