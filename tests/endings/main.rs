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
#[allow(dead_code, unreachable_pub)]
#[path = "../support/program.rs"]
mod program;
mod resize;
mod strace;
mod suspend;
#[allow(dead_code, unreachable_pub)]
#[path = "../support/terminal.rs"]
mod terminal;
mod vanish;
mod ways;

#[allow(unreachable_pub)]
#[path = "../support/harness.rs"]
mod harness;

use std::process::ExitCode;

use harness::Harness;
pub(crate) use harness::Outcome;

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
    harness::run(&HARNESSES, &words)
}
