//! The imperative shell: the terminal, the threads, and the loop between them and the desk.

mod background;
mod filter;
mod input;
mod late_answer;
mod loader;
mod log_watch;
mod pending;
mod reader;
mod run;
mod saver;
mod signals;
mod terminal;
mod watch;
mod worker;

pub use run::{Outcome, Session, run};
pub use saver::Leftover;
