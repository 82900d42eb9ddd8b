//! The imperative shell: the terminal, the threads, and the loop between them and the desk.

mod addressed;
mod background;
mod browser;
mod drill;
mod editor;
mod filter;
mod input;
mod keeper;
mod keys;
mod lines;
mod loader;
mod log_watch;
mod many;
mod paste;
mod pending;
mod plain;
mod plain_command;
mod reader;
mod run;
mod saver;
mod sent;
mod sequences;
mod signals;
mod terminal;
mod unfinished;
mod watch;
mod worker;
mod world;

#[cfg(any(test, fuzzing))]
pub(crate) use keys::Keys;

pub use keeper::QueryFiles;
pub use pending::Pending;
pub use plain::run as run_plainly;
pub use run::{Outcome, Session, run};
pub use saver::{Leftover, Logs, SaveRequest, Saver};
pub use unfinished::Unfinished;
