//! Whatever takes the program down leaves the terminal whole and loses no decision: harnesses that end
//! the real program in every way at every instant, take its terminal away, stop it, change its size
//! under it, and then look. Each is one command:
//!
//! ```text
//! cargo test --release --test endings                   all of them in their short form
//! cargo test --release --test endings -- vanish 100     one of them, so many rounds
//! ```
//!
//! A harness whose tools are missing says SKIP and why. The two ways that are panics need a build that
//! can be told to panic, which a release build cannot: without `--release` they are among the ways.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod desk;
mod lines;
mod modes;
mod noise;
mod plain;
mod resize;
mod strace;
mod suspend;
#[allow(dead_code, unreachable_pub)]
#[path = "../support/terminal.rs"]
mod terminal;
mod vanish;
mod ways;

use std::process::ExitCode;

/// What a harness found: a line of numbers, why it could not run, or what is wrong.
pub(crate) enum Outcome {
    Held(String),
    Skipped(String),
    Broken(String),
}

struct Harness {
    name: &'static str,
    what: &'static str,
    /// Rounds of the short form.
    rounds: usize,
    run: fn(usize) -> Outcome,
}

const HARNESSES: [Harness; 8] = [
    Harness { name: "ways", what: "every way to end, at so many instants", rounds: 3, run: ways::run },
    Harness { name: "vanish", what: "the terminal goes away", rounds: 6, run: vanish::run },
    Harness { name: "suspend", what: "stopped and continued by a shell", rounds: 5, run: suspend::run },
    Harness { name: "resize", what: "sizes at random, with keys", rounds: 60, run: resize::run },
    Harness { name: "noise", what: "pastes, answers, floods and rubbish", rounds: 5, run: noise::run },
    Harness { name: "plain", what: "signals to commands without a screen", rounds: 12, run: plain::run },
    Harness { name: "lines", what: "signals to a desk of lines", rounds: 6, run: lines::run },
    Harness { name: "strace", what: "files planted beside the posts", rounds: 1, run: strace::run },
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    // Words of the test runner that mean nothing here.
    let words: Vec<&String> = words.iter().filter(|word| !word.starts_with('-')).collect();
    let rounds = words.iter().find_map(|word| word.parse::<usize>().ok());
    let names: Vec<&&String> = words.iter().filter(|word| word.parse::<usize>().is_err()).collect();
    let mut has_broken = false;
    for harness in
        HARNESSES.iter().filter(|harness| names.is_empty() || names.iter().any(|name| **name == harness.name))
    {
        let (sign, text) = match (harness.run)(rounds.unwrap_or(harness.rounds)) {
            Outcome::Held(text) => ("ok  ", text),
            Outcome::Skipped(why) => ("SKIP", why),
            Outcome::Broken(what) => {
                has_broken = true;
                ("FAIL", what)
            }
        };
        println!("{sign} {:<7} {}: {text}", harness.name, harness.what);
    }
    if has_broken { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
