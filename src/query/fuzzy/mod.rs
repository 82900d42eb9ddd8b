//! Fuzzy words against titles: which titles they hit, how well, and which letters they found.
//!
//! A word hits a title that holds its letters in their order, whatever stands between, in any case.
//! How well it fits is fuzzy-matcher's score: every hit of a query is scored at each key, so the score
//! is computed here, without a matrix, and is the same number. Which letters were found is asked of
//! fuzzy-matcher itself, for the few titles on the screen.

mod fold;
mod reference;
mod score;
mod walk;
mod window;
mod word;

pub(super) use fold::{fold, fold_char};
pub(super) use reference::positions;
#[cfg(test)]
pub(super) use reference::score as reference_score;
pub use score::Scorer;
pub use word::{Word, hits};

/// Titles beyond this are scored by this much of them, or one title could hold up every key.
/// Unit: characters.
const SCORED_CHARS: usize = 512;

#[cfg(test)]
mod tests;
