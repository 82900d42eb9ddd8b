//! Brings decisions to the disk. It alone holds the review logs, and it never waits for the loop.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::log_watch::LogWatch;
use super::pending::Pending;
use super::worker::Inbox;
use crate::app::Event;
use crate::corpus::{Problem, Severity};
use crate::model::figures::grouped;
use crate::review::{
    AppendError, Appended, Journal, LogProblem, Lost, Record, ReviewLog, Reviews, Synced, find_lost,
};

/// How long it waits before it tries again to write what could not be written.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// How often it looks for what others have decided where the system does not tell.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What is asked of the saver.
#[derive(Debug)]
pub enum SaveRequest {
    /// To write a record to the log with this number.
    Save(usize, Arc<Record>),
    /// To look at what others have written.
    Look,
    /// To read the logs anew.
    ReadAnew,
    /// To say what of this the logs hold no more.
    FindLost(Box<Reviews>),
    /// To write again what they have lost.
    WriteLost,
    /// To finish and end; with what is known of the logs, if anybody still knows it.
    End(Option<Box<Reviews>>),
}

/// Where decisions go.
#[derive(Clone, Debug)]
pub struct Logs {
    /// The review log of each root.
    pub sidecars: Vec<PathBuf>,
    /// Why they can go nowhere, if they cannot.
    pub nowhere: Option<String>,
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
    let mut saver = Saver::new(logs, &reviews, pending.clone(), inbox.clone());
    // It watches first: what is written while the logs are read is not missed.
    let families = saver.logs.iter().map(|log| log.file.family().clone()).collect();
    let mut watch = LogWatch::start(families, to_self);
    saver.begin(reviews);
    let mut last_look = Instant::now();
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
        let is_left = matches!(next, Err(RecvTimeoutError::Disconnected));
        let mut asked: Vec<SaveRequest> = next.into_iter().chain(requests.try_iter()).collect();
        if is_left {
            asked.push(SaveRequest::End(None));
        }
        if last_look.elapsed() >= LOOK_EVERY && !watch.works() {
            asked.push(SaveRequest::Look);
        }
        if asked.iter().any(|asked| matches!(asked, SaveRequest::Look)) {
            last_look = Instant::now();
            if watch.is_broken() {
                // First, so that what happens behind the look is told.
                watch.renew();
            }
        }
        if let Some(leftover) = saver.round(asked) {
            return leftover;
        }
    }
}

/// One log and what is on its way to it.
#[derive(Debug)]
struct Log {
    file: ReviewLog,
    /// Not in the file yet.
    waiting: VecDeque<Arc<Record>>,
    /// In the file, and not known to be on the disk.
    written: Vec<Arc<Record>>,
    /// What the last look said, so that it is said once.
    trouble: Option<String>,
}

/// Holds the logs and does what is asked of it, a round at a time and without a thread of its own.
#[derive(Debug)]
pub struct Saver {
    logs: Vec<Log>,
    /// The writer, who knows of no decision yet.
    writer: Reviews,
    /// Why decisions can go nowhere, if they cannot.
    nowhere: Option<String>,
    troubles: Vec<String>,
    /// A log was replaced: everything is to be read anew.
    is_replaced: bool,
    /// It was read anew, and the desk has not yet said what it knew before.
    is_asked: bool,
    /// What was lost is to be written again now.
    writes_lost: bool,
    /// So many decisions were told to be lost.
    told_lost: usize,
    pending: Pending,
    inbox: Inbox,
}

impl Saver {
    /// Nothing is read yet. What is not safe yet stands in `pending`; what there is to tell goes to `inbox`.
    pub fn new(logs: &Logs, reviews: &Reviews, pending: Pending, inbox: Sender<Event>) -> Self {
        let log = |path: &PathBuf| Log {
            file: ReviewLog::open(path).keeping_its_own(),
            waiting: VecDeque::new(),
            written: Vec::new(),
            trouble: None,
        };
        Self {
            logs: logs.sidecars.iter().map(log).collect(),
            writer: reviews.clone_writer(),
            nowhere: logs.nowhere.clone(),
            troubles: Vec::new(),
            is_replaced: false,
            is_asked: false,
            writes_lost: false,
            told_lost: 0,
            pending,
            inbox,
        }
    }

    /// Reads what was decided before into `reviews`, and tells it.
    pub fn begin(&mut self, reviews: Reviews) {
        let (past, read_only) = self.read_all(reviews);
        self.tell(Event::Past(Box::new(past)));
        self.tell(Event::Replayed { read_only });
    }

    /// Does what is asked for and writes what waits; what is left when that was to end.
    pub fn round(&mut self, requests: Vec<SaveRequest>) -> Option<Leftover> {
        let (mut looks, mut ended) = (false, false);
        let (mut before, mut known) = (Vec::new(), None);
        for request in requests {
            match request {
                SaveRequest::Save(root, record) => self.queue(root, record),
                SaveRequest::Look => looks = true,
                SaveRequest::ReadAnew => self.is_replaced = true,
                SaveRequest::FindLost(reviews) => before.push(reviews),
                SaveRequest::WriteLost => self.writes_lost = true,
                SaveRequest::End(reviews) => (ended, known) = (true, reviews),
            }
        }
        // At the end whatever the watch says: an event may be on its way, or never come.
        if looks || ended {
            self.look();
        }
        self.write_all();
        before.into_iter().for_each(|before| self.find_lost(*before));
        if ended {
            if let Some(known) = known.filter(|_| self.is_replaced || self.is_asked) {
                self.find_lost(*known);
            }
            (self.writes_lost, self.is_asked) = (true, false);
        } else if std::mem::take(&mut self.is_replaced) {
            self.read_anew();
        }
        self.write_lost();
        self.sync_all();
        ended.then(|| {
            let lost = self.logs.iter().flat_map(|log| log.file.missing()).map(Record::to_line);
            let unsaved = self.pending.lines().into_iter().chain(lost).collect();
            Leftover { unsaved, troubles: std::mem::take(&mut self.troubles) }
        })
    }

    fn is_idle(&self) -> bool {
        self.logs.iter().all(|log| log.waiting.is_empty() && log.written.is_empty())
    }

    fn queue(&mut self, root: usize, record: Arc<Record>) {
        if let Some(log) = self.logs.get_mut(root) {
            log.waiting.push_back(record);
        }
    }

    /// Reads what was decided before, from every log, to be handed on as a whole: the desk must not stand still while
    /// a million records are folded. Why decisions cannot be saved, if they cannot.
    fn read_all(&mut self, mut reviews: Reviews) -> (Reviews, Option<String>) {
        let Self { logs, nowhere, inbox, .. } = self;
        let mut read_only = nowhere.clone();
        for (root, log) in logs.iter_mut().enumerate() {
            reviews.turn_to(root);
            let on_problem = &mut |problem| drop(inbox.send(Event::Problem(problem_of(&problem))));
            if let Err(error) = log.file.replay_into(&mut reviews, on_problem) {
                read_only.get_or_insert(error.to_string());
            }
            if let Err(error) = log.file.check_writable() {
                read_only.get_or_insert(error.to_string());
            }
        }
        (reviews, read_only)
    }

    /// Reads everything anew, since a log is another one now.
    fn read_anew(&mut self) {
        let (anew, read_only) = self.read_all(self.writer.clone());
        self.is_asked = true;
        self.tell(Event::ReadAnew(Box::new(anew), read_only));
    }

    /// Looks which of the decisions that were known before are in no log any more. Those of others are named; those of
    /// this run are kept, to be written again.
    fn find_lost(&mut self, mut before: Reviews) {
        self.is_asked = false;
        for (root, log) in self.logs.iter().enumerate() {
            before.turn_to(root);
            for record in log.file.missing() {
                before.absorb(record.clone());
            }
        }
        let files: Vec<&ReviewLog> = self.logs.iter().map(|log| &log.file).collect();
        let Lost { by, made, again } = match find_lost(&files, &before, &self.pending.ids()) {
            Ok(lost) => lost,
            Err(error) => return trouble(&mut self.troubles, &error.to_string()),
        };
        for (root, log) in self.logs.iter_mut().enumerate() {
            let own = again.iter().filter(|(of, _)| *of == root).map(|(_, record)| record.clone());
            let own: Vec<Record> = own.collect();
            if !own.is_empty() {
                let _ = self.inbox.send(Event::Records(root, own.clone()));
            }
            log.file.miss(own);
        }
        if made != self.told_lost {
            self.told_lost = made;
            let why = "in no review log any more, since one was replaced or removed. Written again with the next decision, or when you leave";
            self.tell(Event::Lost(made, why.to_owned()));
        }
        if let Some(words) = told(&by) {
            self.tell(Event::LogNotice(words));
        }
    }

    /// Writes again what was lost, if that is asked for.
    fn write_lost(&mut self) {
        // What that is, is not known before the desk has answered.
        if self.is_asked || !std::mem::take(&mut self.writes_lost) {
            return;
        }
        for log in self.logs.iter_mut().filter(|log| !log.file.missing().is_empty()) {
            match log.file.append_missing() {
                Ok(met) => self.is_replaced |= met.is_replaced,
                Err(error) => tell_refused(&self.inbox, &mut self.troubles, &error),
            }
        }
    }

    /// Hands on what others have decided.
    fn look(&mut self) {
        let Self { logs, inbox, is_replaced, .. } = self;
        for (root, log) in logs.iter_mut().enumerate() {
            match log.file.look() {
                Ok(met) => {
                    log.trouble = None;
                    // What was missed may have come back.
                    *is_replaced |= !met.others.is_empty() && !log.file.missing().is_empty();
                    *is_replaced |= tell_met(inbox, root, met);
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

    /// Writes everything that waits, in its order. A log that refuses holds up no other.
    fn write_all(&mut self) {
        let Self { logs, troubles, inbox, is_replaced, writes_lost, .. } = self;
        for (root, log) in logs.iter_mut().enumerate() {
            while let Some(record) = log.waiting.pop_front() {
                match log.file.append(&record) {
                    Ok(met) => {
                        if tell_met(inbox, root, met) {
                            // What the log has lost comes back with this decision.
                            (*is_replaced, *writes_lost) = (true, true);
                        }
                        // Nobody listens any more once the program is ending; the work goes on all the same.
                        let _ = inbox.send(Event::Written(record.id.clone()));
                        log.written.push(record);
                    }
                    // It will never fit, and must not keep what comes behind it from being saved.
                    Err(error @ AppendError::TooLong { .. }) => {
                        trouble(troubles, &error.to_string());
                        let _ = inbox.send(Event::SetAside(record.id.clone(), error.to_string()));
                    }
                    Err(error) => {
                        log.waiting.push_front(record);
                        tell_refused(inbox, troubles, &error);
                        break;
                    }
                }
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
        if self.told_lost > 0 && self.logs.iter().all(|log| log.file.missing().is_empty()) && !self.is_asked {
            self.told_lost = 0;
            self.tell(Event::Lost(0, String::new()));
            has_synced = true;
        }
        if has_synced && self.is_idle() {
            self.tell(Event::Synced);
        }
    }

    fn tell(&self, event: Event) {
        let _ = self.inbox.send(event);
    }
}

/// Hands on what was met in a log; whether it is another one now.
fn tell_met(inbox: &Inbox, root: usize, met: Appended) -> bool {
    // Of a log that is another one now they are told when it is read anew.
    for problem in met.problems.iter().filter(|_| !met.is_replaced) {
        let _ = inbox.send(Event::LogNotice(problem.to_string()));
        let _ = inbox.send(Event::Problem(problem_of(problem)));
    }
    // Everything is read anew otherwise.
    if !met.others.is_empty() && !met.is_replaced {
        let _ = inbox.send(Event::Records(root, met.others));
    }
    if let Some(notice) = met.notice {
        let _ = inbox.send(Event::LogNotice(notice));
    }
    met.is_replaced
}

/// What is lost, in a sentence.
fn told(lost: &BTreeMap<String, usize>) -> Option<String> {
    let count: usize = lost.values().sum();
    let whose: Vec<String> = lost.iter().map(|(by, count)| format!("{} by {by}", grouped(*count))).collect();
    let are = if count == 1 { "decision is" } else { "decisions are" };
    (count > 0).then(|| format!("{} {are} in no review log any more: {}", grouped(count), whose.join(", ")))
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
        line: Some(problem.line).filter(|line| *line > 0),
        offset: problem.offset,
        severity: Severity::Doubt,
        found: problem.found_about(),
        expected: String::new(),
        advice: problem.advice.to_owned(),
        excerpt: String::new(),
    }
}
