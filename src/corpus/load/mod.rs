//! Reads every record of every source once, into columns, on all cores.
//!
//! The sources are cut into parts (see [`plan`]); threads read parts and hand over what they find;
//! the thread that loads puts it into the order of the sources. The first part is read before any
//! thread is started, so that a screenful of posts is there at once.

mod part;
mod plan;

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use self::part::{Found, PartReader};
use self::plan::{Part, Plan};
use super::problem::Problem;
use super::source::Sources;
use super::{Segment, SegmentBuilder, TitleIndex};

/// Loading reports its progress at least this often, if there is any.
const REPORT_EVERY: Duration = Duration::from_millis(50);

/// What is found may wait to be put in order: so many pieces, then the finders wait.
const WAITING: usize = 64;

/// Less than this is read before a thread would have been started. Unit: bytes.
const ALONE_BYTES: u64 = 1 << 20;

/// What loading gives, piece by piece.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "handed over once for some thousands of posts")]
pub enum Loaded {
    /// More posts.
    Segment(Segment),
    /// A record that was lost, or is doubtful.
    Problem(Problem),
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
    let plan = Plan::new(sources);
    let order = Order { emit, titles: TitleIndex::default(), lines: 0, total: sources.total_bytes(), problems: 0 };
    // Whoever asks to stop knows it, so there is nothing to say.
    let _ = read_all(sources, plan, order);
}

fn read_all(sources: &Sources, mut plan: Plan<'_>, mut order: Order<'_>) -> ControlFlow<()> {
    let done = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    let mut reader = PartReader::new(sources, &done, &stop);
    while let Some(part) = plan.next() {
        order.begin(&part);
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
            order.begin(&part);
            reader.read(&part, &mut |found| order.take(found))?;
            order.report(done.load(Ordering::Relaxed))
        });
    };
    let plan = Mutex::new(plan.enumerate());
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
type Message<'s> = (usize, Handed<'s>);

enum Handed<'s> {
    Begun(Part<'s>),
    Found(Found),
    Ended,
}

/// Reads one part after the other until there are none left or nobody listens.
fn read_parts<'s>(
    sources: &Sources,
    plan: &Mutex<std::iter::Enumerate<Plan<'s>>>,
    sender: &SyncSender<Message<'s>>,
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
        if hand(Handed::Begun(part.clone())).is_break()
            || reader.read(&part, &mut |found| hand(Handed::Found(found))).is_break()
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
    problems: u64,
}

impl Order<'_> {
    /// Takes messages in the order of their parts until all threads have ended.
    fn gather<'s>(&mut self, receiver: &Receiver<Message<'s>>, done: &AtomicU64) -> ControlFlow<()> {
        let mut next = 0;
        // What came of parts that are not yet next, by their distance from the next one.
        let mut waiting: VecDeque<Vec<Handed<'s>>> = VecDeque::new();
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
    fn accept(&mut self, handed: Handed<'_>) -> ControlFlow<(), bool> {
        match handed {
            Handed::Begun(part) => self.begin(&part),
            Handed::Found(found) => self.take(found)?,
            Handed::Ended => return ControlFlow::Continue(true),
        }
        ControlFlow::Continue(false)
    }

    fn begin(&mut self, part: &Part<'_>) {
        if part.begins_source() {
            self.lines = 0;
        }
    }

    fn take(&mut self, found: Found) -> ControlFlow<()> {
        match found {
            Found::Rows(rows) => self.rows(*rows),
            Found::Problem(mut problem) => {
                problem.line = problem.line.map(|line| line + u64::from(self.lines));
                self.problems += 1;
                (self.emit)(Loaded::Problem(problem))
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
        (self.emit)(Loaded::Segment(segment))
    }

    fn report(&mut self, bytes: u64) -> ControlFlow<()> {
        (self.emit)(Loaded::Progress { bytes: bytes.min(self.total), total: self.total })
    }
}
