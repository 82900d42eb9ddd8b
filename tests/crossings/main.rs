//! Random sequences of everything that people do with a review log and its posts, compared with a naive fold
//! of the lines.
//!
//! `cargo test --release --test crossings -- run 100000 SEED` runs so many sequences; `--ops mark,undo` uses
//! these operations only, `--ops -replace` all but that one, `--jobs 2` two threads. A sequence that fails is
//! made as short as it can be and printed as a script, which `-- script 'mark …; undo …'` runs again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::too_many_lines
)]

mod commands;
mod naive;
mod posts;
mod screen;
mod script;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use script::{Allowed, Op, Random, parse, print};
use world::{Counts, World};

/// Sequences of the short form with each of its two seeds.
const SHORT: usize = if cfg!(debug_assertions) { 150 } else { 3_000 };

/// What the short form leaves out, since it is known to differ.
const NOT_YET: &str = "-edit-twin,drop-twin,glue";

/// The seed of the short form that is always the same.
const SEED: u64 = 11;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let is_option = |word: &String| word.starts_with('-');
    match words.first().map(String::as_str) {
        Some("run") => long(&words[1..]),
        Some("script") => again(&words[1..].join(" ")),
        // Words of the test runner: those that name something else run nothing here.
        _ if words.iter().all(is_option) => short(),
        _ => ExitCode::SUCCESS,
    }
}

fn short() -> ExitCode {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let drawn = now.as_secs() % 1_000_000;
    let allowed = Allowed::named(NOT_YET).expect("names of operations");
    let held = [SEED, drawn].iter().all(|seed| run(SHORT, *seed, &allowed, 1));
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn long(words: &[String]) -> ExitCode {
    let mut numbers = words.iter().filter_map(|word| word.parse::<u64>().ok());
    let option = |name: &str| {
        let at = words.iter().position(|word| word == name)?;
        words.get(at + 1)
    };
    let jobs = option("--jobs").map_or(1, |jobs| jobs.parse().expect("a number of threads"));
    let allowed = option("--ops").map_or_else(|| Ok(Allowed::all()), |names| Allowed::named(names));
    let (rounds, seed) = (numbers.next().unwrap_or(SHORT as u64), numbers.next().unwrap_or(SEED));
    let held = run(usize::try_from(rounds).unwrap(), seed, &allowed.expect("names of operations"), jobs);
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn again(text: &str) -> ExitCode {
    let text = if text.contains(';') {
        text.to_owned()
    } else {
        std::fs::read_to_string(text).unwrap_or_else(|_| text.to_owned())
    };
    let ops = parse(&text).expect("a script");
    let mut world = World::new();
    match sequence(&mut world, &ops, true) {
        Ok(()) => {
            println!("ok   {} operations: what is shown is what the lines say", ops.len());
            ExitCode::SUCCESS
        }
        Err(what) => {
            println!("FAIL {what}\n{}", world.files());
            ExitCode::FAILURE
        }
    }
}

/// Runs so many sequences; whether all of them held.
fn run(rounds: usize, seed: u64, allowed: &Allowed, jobs: usize) -> bool {
    let start = Instant::now();
    // What breaks off is told with its script.
    std::panic::set_hook(Box::new(|_| {}));
    let results: Vec<Result<Counts, String>> = std::thread::scope(|scope| {
        let share = |job| (job..rounds).step_by(jobs);
        let start = |job| scope.spawn(move || some(share(job), seed, allowed));
        let threads: Vec<_> = (0..jobs).map(start).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err("broke off".to_owned())))
            .collect()
    });
    drop(std::panic::take_hook());
    let mut counts = Counts::default();
    for result in results {
        match result {
            Ok(more) => counts.add(&more),
            Err(what) => {
                println!("FAIL {what}");
                return false;
            }
        }
    }
    let a_second = rounds as u128 * 1_000 / start.elapsed().as_millis().max(1);
    println!(
        "ok   {rounds} sequences with seed {seed}, {} screens in them: {counts}; 0 differences ({a_second} sequences a second)",
        counts.screens
    );
    true
}

fn some(rounds: impl Iterator<Item = usize>, seed: u64, allowed: &Allowed) -> Result<Counts, String> {
    let mut world = World::new();
    for round in rounds {
        let mut random = Random::new(seed.wrapping_mul(1 << 32).wrapping_add(round as u64));
        let ops = allowed.sequence(&mut random);
        if let Err(what) = sequence(&mut world, &ops, false) {
            let (ops, what) = shortest(&mut world, ops, what);
            return Err(format!("sequence {round} of seed {seed}: {what}\n\n-- script '{}'", print(&ops)));
        }
    }
    Ok(world.counts.clone())
}

/// Runs one sequence. `at_each` step everything is compared, else at some steps and at the end.
fn sequence(world: &mut World, ops: &[Op], at_each: bool) -> Result<(), String> {
    world.reset();
    let walked = catch_unwind(AssertUnwindSafe(|| {
        for (at, op) in ops.iter().enumerate() {
            let told = |what: String| format!("operation {} ({op}): {what}", at + 1);
            world.perform(op).map_err(told)?;
            if at_each || (at * 7 + ops.len()).is_multiple_of(11) {
                world.check().map_err(told)?;
            }
        }
        world.close(0)?;
        world.close(1)?;
        world.look_at_logs();
        world.check().map_err(|what| format!("at the end: {what}"))
    }));
    walked.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(format!("broke off: {}", text.unwrap_or_default()))
    })
}

/// Leaves out what a failing sequence fails without.
fn shortest(world: &mut World, mut ops: Vec<Op>, mut what: String) -> (Vec<Op>, String) {
    let mut length = ops.len().div_ceil(2);
    while length > 0 {
        let (mut at, before) = (0, ops.len());
        while at < ops.len() {
            let mut fewer = ops.clone();
            fewer.drain(at..(at + length).min(ops.len()));
            match sequence(world, &fewer, true) {
                Err(other) => (ops, what) = (fewer, other),
                Ok(()) => at += length,
            }
        }
        if length > 1 || ops.len() == before {
            length /= 2;
        }
    }
    (ops, what)
}
