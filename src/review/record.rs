//! One record of the review log: who decided what about which post, and what they saw before.

use std::fmt;

use jiff::Timestamp;

use crate::model::{Digest, PostId, Status, Value};

/// The name of a record, unique without a clock: a random writer, one a process, and a number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordId(String);

impl RecordId {
    /// The id with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The id of a writer's record with this number.
    pub(super) fn of(writer: &str, number: u64) -> Self {
        Self(format!("{writer}-{number:04x}"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The writer and its number, if the id has that form.
    pub(super) fn parts(&self) -> Option<(&str, u64)> {
        let (writer, number) = self.0.rsplit_once('-')?;
        Some((writer, u64::from_str_radix(number, 16).ok()?))
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What of a post a record is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// The status; values are the words of [`Status`].
    Status,
    /// The note; the value is its text, blank for none.
    Note,
    /// The tick of an item by its tick name (`run linting#1`); values are `done` and `open`.
    Check(String),
    /// A key that this version does not know: kept and shown, and without effect.
    Other(String),
}

/// How a key of a checklist item begins in the log.
const CHECK: &str = "check:";

impl Key {
    pub(super) fn from_text(text: &str) -> Self {
        match (text, text.strip_prefix(CHECK)) {
            ("status", _) => Self::Status,
            ("note", _) => Self::Note,
            (_, Some(item)) => Self::Check(item.to_owned()),
            (other, None) => Self::Other(other.to_owned()),
        }
    }

    /// What holds before anybody has decided.
    pub(super) fn blank_val(&self) -> &'static str {
        match self {
            Self::Status => Status::Unreviewed.name(),
            Self::Note | Self::Other(_) => "",
            Self::Check(_) => "open",
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status => f.write_str("status"),
            Self::Note => f.write_str("note"),
            Self::Check(item) => write!(f, "{CHECK}{item}"),
            Self::Other(other) => f.write_str(other),
        }
    }
}

/// Where a decision was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Via {
    /// On the screen, post by post.
    #[default]
    Browse,
    /// On many posts at once.
    Bulk,
    /// In a random sample.
    Sample,
    /// On the command line.
    Cli,
}

impl Via {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Browse => "browse",
            Self::Bulk => "bulk",
            Self::Sample => "sample",
            Self::Cli => "cli",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::Browse, Self::Bulk, Self::Sample, Self::Cli].into_iter().find(|via| via.name() == name)
    }
}

/// The posts that a record is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// One post.
    One {
        /// Its id.
        post: PostId,
        /// The digest of what was shown; none in a line that was written by hand.
        hash: Option<Digest>,
        /// The records that the writer saw as current.
        prev: Vec<RecordId>,
    },
    /// Several posts in one step.
    Many(Vec<BulkTarget>),
}

/// One post of a bulk action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkTarget {
    /// Its id.
    pub post: PostId,
    /// The digest of its text.
    pub hash: Digest,
    /// The records that the writer saw as current.
    pub prev: Vec<RecordId>,
    /// Where the step is undone: the value that this post gets, instead of the record's own.
    pub own: Option<Former>,
}

/// A value that a key had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Former {
    /// The value.
    pub val: String,
    /// The reasons beside it.
    pub why: Vec<String>,
    /// The note beside it.
    pub note: Option<String>,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its name.
    pub id: RecordId,
    /// When, for people; no clock is trusted.
    pub at: Timestamp,
    /// Who; not authenticated.
    pub by: String,
    /// What is done: `set`. Another word is kept and shown, and does nothing here.
    pub op: String,
    /// To which posts.
    pub target: Target,
    /// To what of them.
    pub key: Key,
    /// The new value.
    pub val: String,
    /// The reasons of a flag.
    pub why: Vec<String>,
    /// A note beside the value.
    pub note: Option<String>,
    /// Where it was decided; `None` in a line that does not say, or says something newer.
    pub via: Option<Via>,
    /// Active time spent on the post. Unit: milliseconds.
    pub ms: Option<u64>,
    /// The filter that chose the posts of a bulk action.
    pub filter: Option<String>,
    /// The record that this one takes back.
    pub undo: Option<RecordId>,
    /// Fields that this version does not know, kept as they were.
    pub extra: Vec<(String, Value)>,
}

/// What a record says about one post.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'a> {
    pub(super) post: &'a PostId,
    pub(super) hash: Option<Digest>,
    pub(super) prev: &'a [RecordId],
    pub(super) val: &'a str,
    pub(super) why: &'a [String],
    pub(super) note: Option<&'a str>,
}

impl Record {
    /// The posts that it is about.
    pub fn posts(&self) -> impl Iterator<Item = &PostId> {
        (0..self.len()).filter_map(|at| self.said(at)).map(|said| said.post)
    }

    /// The digest of the text of a post that it is about, if it names one.
    pub fn hash_of(&self, post: &PostId) -> Option<Digest> {
        (0..self.len()).filter_map(|at| self.said(at)).find(|said| said.post == post)?.hash
    }

    /// How many posts it is about.
    pub(super) fn len(&self) -> usize {
        match &self.target {
            Target::One { .. } => 1,
            Target::Many(targets) => targets.len(),
        }
    }

    /// What it says about the post with this number.
    pub(super) fn said(&self, at: usize) -> Option<Said<'_>> {
        match &self.target {
            Target::One { post, hash, prev } => (at == 0).then_some(Said {
                post,
                hash: *hash,
                prev,
                val: &self.val,
                why: &self.why,
                note: self.note.as_deref(),
            }),
            Target::Many(targets) => targets.get(at).map(|target| {
                let (post, hash, prev) = (&target.post, Some(target.hash), target.prev.as_slice());
                match &target.own {
                    Some(own) => {
                        Said { post, hash, prev, val: &own.val, why: &own.why, note: own.note.as_deref() }
                    }
                    None => {
                        Said { post, hash, prev, val: &self.val, why: &self.why, note: self.note.as_deref() }
                    }
                }
            }),
        }
    }
}
