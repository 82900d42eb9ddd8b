//! What was decided about one post, as far as it concerns the text it has now.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::model::Status;

/// What was decided about one post.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// What counts: the decision, if the text is still the one it was made on; else unreviewed.
    pub status: Status,
    /// What was decided last, stale or not.
    pub decided: Status,
    /// The word that was decided; another than `decided` only where a newer version wrote it.
    pub word: String,
    /// The text has changed since.
    pub stale: bool,
    /// Two people decided differently, side by side; the more cautious decision counts.
    pub conflict: bool,
    /// The reasons of a flag.
    pub why: Vec<String>,
    /// The note: the one beside the decision, or else the one on the post.
    pub note: Option<String>,
    /// Who decided.
    pub by: String,
    /// When, by their clock.
    pub at: Option<Timestamp>,
    /// The tick names of the items that are done.
    pub done: BTreeSet<String>,
}
