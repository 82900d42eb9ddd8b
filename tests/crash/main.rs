//! What becomes of decisions when something breaks: harnesses that kill, starve and lie to a process
//! that decides, and then count. Each is one command:
//!
//! ```text
//! cargo test --release --test crash                  all of them in their short form
//! cargo test --release --test crash -- kill 10000    one of them, so many rounds
//! ```
//!
//! A harness whose tools are missing says SKIP and why. The last results of the long forms stand in
//! docs/RELIABILITY.md.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod bench;
mod crowd;
mod errors;
mod full;
mod kill;
mod merge;
mod power;
#[allow(dead_code, unreachable_pub)]
#[path = "../support/program.rs"]
mod program;
mod screen;
mod shim;
mod steps;
#[allow(dead_code, unreachable_pub)]
#[path = "../support/terminal.rs"]
mod terminal;
mod together;
mod torn;
mod writer;

#[allow(unreachable_pub)]
#[path = "../support/harness.rs"]
mod harness;

use std::process::ExitCode;

use harness::Harness;
pub(crate) use harness::Outcome;

const HARNESSES: [Harness; 13] = [
    Harness { name: "kill", what: "kill -9 at random instants", rounds: 50, run: kill::run },
    Harness { name: "screen", what: "kill -9 of the program on its screen", rounds: 5, run: screen::run },
    Harness { name: "torn", what: "short writes and crashes of every length", rounds: 1, run: torn::run },
    Harness { name: "errors", what: "errors of every call", rounds: 1, run: errors::run },
    Harness {
        name: "lied",
        what: "a sync that fails and has lost what it was given",
        rounds: 1,
        run: errors::lied,
    },
    Harness {
        name: "compact",
        what: "errors of every call of a compaction",
        rounds: 1,
        run: errors::compaction,
    },
    Harness { name: "full", what: "a file system that is really full", rounds: 1, run: full::run },
    Harness { name: "crowd", what: "eight processes, killed at random", rounds: 60, run: crowd::run },
    Harness {
        name: "steps",
        what: "a kill between any two system calls of an append",
        rounds: 1,
        run: steps::run,
    },
    Harness { name: "power", what: "power cuts", rounds: 5, run: power::run },
    Harness { name: "merge", what: "git merge of random histories", rounds: 10, run: merge::run },
    Harness {
        name: "together",
        what: "two compactions, three writers, merges and a screen at once",
        rounds: 6,
        run: together::run,
    },
    Harness { name: "fuse", what: "the same on a file system of FUSE", rounds: 6, run: together::on_fuse },
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().map(String::as_str) == Some(writer::WORD) {
        return writer::main(&words[1..]);
    }
    harness::run(&HARNESSES, &words)
}
