//! Decisions: records of the review log, the state they add up to, and the file that keeps them.
//!
//! The state is a pure function of the set of records. Their order, the file they stand in and how
//! often they stand there mean nothing, so logs can be copied, merged and sorted without harm.

mod append;
mod bulk_step;
#[cfg(any(test, fuzzing))]
mod bytes_log;
mod canonical;
mod compact;
mod crc;
mod damage;
mod draft;
mod error;
mod family;
mod filled;
mod history;
mod line;
mod lock;
mod log_file;
mod lost;
mod memory_log;
mod merge;
mod origins;
mod pace;
mod record;
mod replay;
mod review_log;
mod reviews;
mod seen;
mod sinks;
mod slot;
mod standing;
mod state;
mod step;
mod store;
#[cfg(test)]
mod suite;
mod texts;
mod undo;
mod wire;

pub use bulk_step::{BulkStep, take_for_record};
#[cfg(any(test, fuzzing))]
pub(crate) use bytes_log::read_in_pieces;
pub use compact::{CompactError, Compacted, compact};
pub use damage::{HeldBack, Named};
pub use error::{AppendError, LogError, LogProblem, SyncError};
pub use family::{Family, compacted_from, folder_of, own_log_of, sidecar_of};
pub use line::{Checked, LineItem, read_line};
pub use lost::{Lost, find_lost};
pub use memory_log::MemoryLog;
pub use merge::{MergeError, Merged, merge};
pub use pace::{Day, Pace, RECENT, Spread};
pub use record::{BulkTarget, Former, Key, Record, RecordId, Target, Via};
pub use replay::MAX_LINE_BYTES;
pub use review_log::{Appended, Journal, Replayed, ReviewLog, Synced};
pub use reviews::{Author, Beside, Change, POSTS_PER_RECORD, Reviews};
pub use standing::{Note, ON_ANOTHER_TEXT, Standing};
pub use state::State;
pub use step::Step;
pub use undo::{Unchanged, Undo, UndoRefused};
