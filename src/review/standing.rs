//! What was decided about one post, as far as it concerns the text it has now.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::model::Status;

/// A note that somebody has put on a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The words.
    pub text: String,
    /// Who wrote it.
    pub by: String,
    /// When, by their clock.
    pub at: Timestamp,
    /// It was written on another text than the post has now.
    pub is_stale: bool,
}

/// What is said of a note or a tick that was made on another text.
pub const ON_ANOTHER_TEXT: &str = "on another text";

impl Standing {
    /// All that is noted: the note, and the earlier one.
    pub fn notes(&self) -> impl Iterator<Item = &str> {
        self.note.as_deref().into_iter().chain(self.earlier.as_ref().map(|earlier| earlier.text.as_str()))
    }
}

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
    /// The note that was written last, beside the decision or on the post. None is blank.
    pub note: Option<String>,
    /// The note on the post, where one beside the decision was written later.
    pub earlier: Option<Note>,
    /// The note was written on another text than the post has now.
    pub is_note_stale: bool,
    /// Who decided.
    pub by: String,
    /// Who else has decided the same on this text.
    pub also: BTreeSet<String>,
    /// When, by their clock.
    pub at: Option<Timestamp>,
    /// The tick names of the items that are done.
    pub done: BTreeSet<String>,
    /// The tick names of items that were ticked on another text. Those ticks do not count.
    pub stale_done: BTreeSet<String>,
}
