//! The command line: the same engine without a screen.
//!
//! Exit codes: 0 fine, 1 found wanting (nothing passes, a problem was found), 2 could not, 3 not saved.

#[macro_use]
mod output;

mod args;
mod browse;
mod cache;
mod check;
mod compact;
mod config;
mod export;
mod facets;
mod generate;
mod init;
mod kept;
mod list;
mod log;
mod mark;
mod merge;
mod opened;
mod pages;
mod progress;
mod queries;
mod saving;
mod settings;
mod show;
mod stats;
mod undo;
mod unread;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use output::complain;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// It found and did what it was asked for.
    Fine,
    /// It did its work, and the answer is no: nothing passes, something is wrong with the corpus.
    Wanting,
    /// Decisions of this run could not be saved.
    Unsaved,
    /// It broke off, by a defect of its own; as the language itself ends a program then.
    Defect,
    /// A signal ended it.
    Signal(i32),
}

impl Ending {
    fn code(self) -> ExitCode {
        match self {
            Self::Fine => ExitCode::SUCCESS,
            Self::Wanting => ExitCode::from(1),
            Self::Unsaved => ExitCode::from(3),
            Self::Defect => ExitCode::from(101),
            Self::Signal(signal) => ExitCode::from(u8::try_from(128 + signal).unwrap_or(u8::MAX)),
        }
    }
}

/// Reads the command line and does what it says.
pub fn run() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are answers, of our own words alone; the rest is a mistake that clap explains, and
            // it repeats what was typed.
            if error.use_stderr() {
                complain(&error.render().to_string());
            } else {
                let _ = error.print();
            }
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match dispatch(args) {
        Ok(ending) => ending.code(),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("copydesk: {error:#}"));
            if error.is::<saving::NotSafe>() { Ending::Unsaved.code() } else { ExitCode::from(2) }
        }
    }
}

fn dispatch(args: Args) -> anyhow::Result<Ending> {
    match args.command {
        None => browse::run(&args.paths, &args.desk, &args.look),
        Some(Command::Review(review)) => browse::review(&review),
        Some(Command::List(list)) => list::run(&list),
        Some(Command::Show(show)) => show::run(&show),
        Some(Command::Mark(mark)) => mark::run(&mark),
        Some(Command::Undo(undo)) => undo::run(&undo),
        Some(Command::Log(log)) => log::run(&log),
        Some(Command::Stats(stats)) => stats::run(&stats),
        Some(Command::Facets(facets)) => facets::run(&facets),
        Some(Command::Check(check)) => check::run(&check),
        Some(Command::Export(export)) => export::run(&export),
        Some(Command::Cache(cache)) => cache::run(&cache),
        Some(Command::Config(config)) => settings::run(&config),
        Some(Command::Generate(generate)) => generate::run(&generate),
        Some(Command::Merge(merge)) => merge::run(&merge),
        Some(Command::Init(init)) => init::run(&init),
        Some(Command::Completions(shell)) => pages::completions(&shell),
        Some(Command::Man(page)) => pages::man(&page),
    }
}

/// Whoever read our output has seen enough, as `head` does.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let kind = error.chain().find_map(|cause| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        io.or_else(|| cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind))
    });
    kind == Some(io::ErrorKind::BrokenPipe)
}
