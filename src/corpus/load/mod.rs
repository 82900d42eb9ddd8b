//! Reads every record of every source once, into columns, on all cores.
//!
//! The sources are cut into parts; threads read parts and hand over what they find;
//! the thread that loads puts it into the order of the sources. The first part is read before any
//! thread is started, so that a screenful of posts is there at once.

mod part;
mod plan;

use std::collections::VecDeque;
use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use self::part::{Found, PartReader};
use self::plan::Plan;
use super::cache::{Cache, MAX_PROBLEMS, Prefix, Stored};
use super::problem::Problem;
use super::source::Sources;
use super::{KnownTexts, Segment, SegmentBuilder, TitleIndex};

/// Loading reports its progress at least this often, if there is any.
const REPORT_EVERY: Duration = Duration::from_millis(50);

/// What is found may wait to be put in order: so many pieces, then the finders wait.
const WAITING: usize = 64;

/// Less than this is read before a thread would have been started. Unit: bytes.
const ALONE_BYTES: u64 = 1 << 20;

/// What loading gives, piece by piece.
#[derive(Debug)]
pub enum Loaded {
    /// More posts.
    Segment(Arc<Segment>),
    /// A record that was lost, or is doubtful.
    Problem(Problem),
    /// What was given so far was wrong and is to be forgotten; everything comes again.
    Restart,
    /// How far it is.
    Progress {
        /// The bytes that were read.
        bytes: u64,
        /// The bytes that there are.
        total: u64,
    },
}

/// Takes what loading gives; answers whether to go on.
pub type Emit<'e> = &'e mut dyn FnMut(Loaded) -> ControlFlow<()>;

/// Reads every record of every source in order and gives what it finds to `emit`, which answers
/// whether to go on. Memory is bounded by the longest record of each thread and what waits for its
/// turn. The first segment is small, then they double.
pub fn load(sources: &Sources, emit: Emit<'_>) {
    // Whoever asks to stop knows it, so there is nothing to say.
    let _ = read_all(sources, Plan::new(sources), &mut Order::new(sources, emit));
}

/// The same, from what a cache holds as far as it can be used; what had to be read is stored there.
/// Gives what is known then of the start of a file that may grow.
pub fn load_cached(sources: &Sources, cache: Option<&Cache>, emit: Emit<'_>) -> Option<Prefix> {
    // What is known of the start must be what is read: a file that is written to meanwhile is no longer
    // what it was.
    let before = Prefix::of(sources);
    let lines = match cache {
        Some(cache) => load_with(sources, cache, emit),
        None => {
            let mut order = Order::new(sources, emit);
            read_all(sources, Plan::new(sources), &mut order).map_continue(|()| order.lines)
        }
    };
    let lines = lines.continue_value()?;
    before.map(|prefix| prefix.with_lines(lines))
}

/// Reads what stands behind a prefix of a file that has grown; so much is `known` already. Gives the
/// new prefix.
pub fn load_behind(sources: &Sources, prefix: &Prefix, known: KnownTexts, emit: Emit<'_>) -> Option<Prefix> {
    let titles = TitleIndex::behind(known);
    let before = Prefix::of(sources);
    let mut order = Order { lines: prefix.lines, titles, ..Order::new(sources, emit) };
    read_all(sources, Plan::behind(sources, prefix.covered), &mut order).continue_value()?;
    before.map(|before| before.with_lines(order.lines))
}

fn load_with(sources: &Sources, cache: &Cache, emit: Emit<'_>) -> ControlFlow<(), u32> {
    let mut order = Order { kept: Some(Kept::default()), ..Order::new(sources, emit) };
    let mut plan = Plan::new(sources);
    if let Some(stored) = cache.find(sources) {
        match order.stored(&stored)? {
            Ok(()) => match stored.grown() {
                None => {
                    order.report(order.total)?;
                    return ControlFlow::Continue(stored.lines());
                }
                Some(prefix) => {
                    plan = Plan::behind(sources, prefix.covered);
                    order.lines = prefix.lines;
                }
            },
            Err(_) => {
                let Order { emit, .. } = order;
                emit(Loaded::Restart)?;
                order = Order { kept: Some(Kept::default()), ..Order::new(sources, emit) };
            }
        }
    }
    read_all(sources, plan, &mut order)?;
    if let Some(kept) = order.kept.take() {
        // Without a cache the next time takes longer, and that is all.
        let _ = cache.store(sources, &kept.segments, &kept.problems, order.lines);
    }
    ControlFlow::Continue(order.lines)
}

fn read_all<'s>(sources: &'s Sources, mut plan: Plan<'s>, order: &mut Order<'_>) -> ControlFlow<()> {
    // What is known already counts as read.
    let done = AtomicU64::new(sources.total_bytes().saturating_sub(plan.left()));
    let stop = AtomicBool::new(false);
    let mut reader = PartReader::new(sources, &done, &stop);
    while let Some(part) = plan.next() {
        reader.read(&part, &mut |found| order.take(found))?;
        order.report(done.load(Ordering::Relaxed))?;
        if plan.left() > ALONE_BYTES {
            break;
        }
    }
    if plan.left() == 0 && plan.is_done() {
        return ControlFlow::Continue(());
    }
    // Not the pool that filters use: whoever types while posts are read does not wait for readers.
    let Ok(pool) = rayon::ThreadPoolBuilder::new().build() else {
        // Without threads it takes longer, and that is all.
        return plan.try_for_each(|part| {
            reader.read(&part, &mut |found| order.take(found))?;
            order.report(done.load(Ordering::Relaxed))
        });
    };
    let plan: Mutex<std::iter::Enumerate<Plan<'s>>> = Mutex::new(plan.enumerate());
    let (sender, receiver) = sync_channel(WAITING);
    pool.in_place_scope(|scope| {
        for _ in 0..pool.current_num_threads() {
            let (sender, plan, done, stop) = (sender.clone(), &plan, &done, &stop);
            scope.spawn(move |_| read_parts(sources, plan, &sender, done, stop));
        }
        drop(sender);
        let flow = order.gather(&receiver, &done);
        stop.store(true, Ordering::Relaxed);
        drop(receiver);
        flow
    })
}

/// What a thread hands over: of which part, and what.
type Message = (usize, Handed);

enum Handed {
    Found(Found),
    Ended,
}

/// Reads one part after the other until there are none left or nobody listens.
fn read_parts(
    sources: &Sources,
    plan: &Mutex<std::iter::Enumerate<Plan<'_>>>,
    sender: &SyncSender<Message>,
    done: &AtomicU64,
    stop: &AtomicBool,
) {
    let mut reader = PartReader::new(sources, done, stop);
    loop {
        let next = plan.lock().ok().and_then(|mut plan| plan.next());
        let Some((number, part)) = next else { return };
        let hand = |handed| match sender.send((number, handed)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        };
        if reader.read(&part, &mut |found| hand(Handed::Found(found))).is_break()
            || hand(Handed::Ended).is_break()
        {
            return;
        }
    }
}

/// Puts what was found into the order of the sources and gives it away.
struct Order<'e> {
    emit: Emit<'e>,
    titles: TitleIndex,
    /// The lines of the source before the part that is being taken in.
    lines: u32,
    total: u64,
    /// What was given away, where it is to be stored as well.
    kept: Option<Kept>,
}

#[derive(Default)]
struct Kept {
    segments: Vec<Arc<Segment>>,
    problems: Vec<Problem>,
}

impl<'e> Order<'e> {
    fn new(sources: &Sources, emit: Emit<'e>) -> Self {
        Self { emit, titles: TitleIndex::default(), lines: 0, total: sources.total_bytes(), kept: None }
    }

    /// Gives away what is stored; an error where it cannot be read after all.
    fn stored(&mut self, stored: &Stored) -> ControlFlow<(), io::Result<()>> {
        let mut known = KnownTexts::default();
        let read = stored.segments(&mut |segment| {
            known = segment.known();
            self.give(segment)
        })?;
        self.titles = TitleIndex::behind(known);
        let problems = match read.and_then(|()| stored.problems()) {
            Ok(problems) => problems,
            Err(error) => return ControlFlow::Continue(Err(error)),
        };
        for problem in problems {
            self.problem(problem)?;
        }
        ControlFlow::Continue(Ok(()))
    }

    /// Takes messages in the order of their parts until all threads have ended.
    fn gather(&mut self, receiver: &Receiver<Message>, done: &AtomicU64) -> ControlFlow<()> {
        let mut next = 0;
        // What came of parts that are not yet next, by their distance from the next one.
        let mut waiting: VecDeque<Vec<Handed>> = VecDeque::new();
        loop {
            match receiver.recv_timeout(REPORT_EVERY) {
                Ok((number, handed)) if number == next => {
                    let mut ended = self.accept(handed)?;
                    while ended {
                        next += 1;
                        ended = false;
                        for handed in waiting.pop_front().unwrap_or_default() {
                            ended |= self.accept(handed)?;
                        }
                        self.report(done.load(Ordering::Relaxed))?;
                    }
                }
                Ok((number, handed)) => {
                    let distance = number - next - 1;
                    if waiting.len() <= distance {
                        waiting.resize_with(distance + 1, Vec::new);
                    }
                    if let Some(waiting) = waiting.get_mut(distance) {
                        waiting.push(handed);
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.report(done.load(Ordering::Relaxed))?,
                Err(RecvTimeoutError::Disconnected) => return ControlFlow::Continue(()),
            }
        }
    }

    /// Takes one message in; whether its part has ended.
    fn accept(&mut self, handed: Handed) -> ControlFlow<(), bool> {
        match handed {
            Handed::Found(found) => self.take(found)?,
            Handed::Ended => return ControlFlow::Continue(true),
        }
        ControlFlow::Continue(false)
    }

    fn take(&mut self, found: Found) -> ControlFlow<()> {
        match found {
            Found::Begins => {
                self.lines = 0;
                ControlFlow::Continue(())
            }
            Found::Rows(rows) => self.rows(*rows),
            Found::Problem(mut problem) => {
                problem.line = problem.line.map(|line| line + u64::from(self.lines));
                self.problem(problem)
            }
            Found::Lines(lines) => {
                self.lines = self.lines.saturating_add(lines);
                ControlFlow::Continue(())
            }
        }
    }

    fn rows(&mut self, mut rows: SegmentBuilder) -> ControlFlow<()> {
        rows.move_lines(self.lines);
        let segment = rows.finish(&mut self.titles);
        self.give(segment)
    }

    fn give(&mut self, segment: Segment) -> ControlFlow<()> {
        let segment = Arc::new(segment);
        if let Some(kept) = &mut self.kept {
            kept.segments.push(Arc::clone(&segment));
        }
        (self.emit)(Loaded::Segment(segment))
    }

    fn problem(&mut self, problem: Problem) -> ControlFlow<()> {
        match &mut self.kept {
            // Nothing is stored of a corpus that is to be mended first.
            Some(kept) if kept.problems.len() >= MAX_PROBLEMS => self.kept = None,
            Some(kept) => kept.problems.push(problem.clone()),
            None => {}
        }
        (self.emit)(Loaded::Problem(problem))
    }

    fn report(&mut self, bytes: u64) -> ControlFlow<()> {
        (self.emit)(Loaded::Progress { bytes: bytes.min(self.total), total: self.total })
    }
}
