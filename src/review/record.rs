//! One record of the review log: who decided what about which post, and what they saw before.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;

use crate::model::{Digest, Outline, PostId, Status, Value};

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
}

/// The number within an id of our own form, as [`RecordId::of`] spells it; 0 for others. A UUID also ends in a minus sign
/// and hexadecimal digits, which say nothing about an order.
pub(super) fn number_of(id: &str) -> u64 {
    let parts = id.split_once('-').filter(|(_, digits)| {
        matches!(digits.len(), 4..=16)
            && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            && (digits.len() == 4 || !digits.starts_with('0'))
    });
    parts.and_then(|(_, digits)| u64::from_str_radix(digits, 16).ok()).unwrap_or(0)
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

    /// How it stands in the log.
    pub(super) fn as_text(&self) -> Cow<'_, str> {
        match self {
            Self::Status => Cow::Borrowed("status"),
            Self::Note => Cow::Borrowed("note"),
            Self::Check(item) => Cow::Owned(format!("{CHECK}{item}")),
            Self::Other(other) => Cow::Borrowed(other),
        }
    }

    /// What holds before anybody has decided.
    pub fn blank_val(&self) -> &'static str {
        match self {
            Self::Status => Status::Unreviewed.name(),
            Self::Note | Self::Other(_) => "",
            Self::Check(_) => "open",
        }
    }

    pub(super) fn blank(&self) -> Former {
        Former { val: self.blank_val().to_owned(), why: Vec::new(), note: None }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_text())
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

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
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
    /// The value that this post gets instead of the record's own: where a step is taken back, or a flag keeps
    /// its note.
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
    /// What the post consisted of, to tell later which part of it has changed.
    pub outline: Option<Outline>,
    /// Fields that this version does not know, kept as they were.
    pub extra: Vec<(String, Value)>,
}

impl Record {
    /// The posts that it is about.
    pub fn posts(&self) -> impl Iterator<Item = &PostId> {
        let (one, many) = match &self.target {
            Target::One { post, .. } => (Some(post), &[][..]),
            Target::Many(targets) => (None, targets.as_slice()),
        };
        one.into_iter().chain(many.iter().map(|target| &target.post))
    }

    /// What it sets for a post: of several posts each may have a value of its own.
    pub fn value_for(&self, wanted: &PostId) -> Former {
        let own = match &self.target {
            Target::One { .. } => None,
            Target::Many(targets) => targets.iter().find(|target| target.post == *wanted),
        };
        own.and_then(|target| target.own.clone()).unwrap_or_else(|| Former {
            val: self.val.clone(),
            why: self.why.clone(),
            note: self.note.clone(),
        })
    }

    /// The digest of the text of a post that it is about, if it names one.
    pub fn hash_of(&self, wanted: &PostId) -> Option<Digest> {
        match &self.target {
            Target::One { post, hash, .. } => hash.filter(|_| post == wanted),
            Target::Many(targets) => {
                targets.iter().find(|target| target.post == *wanted).map(|target| target.hash)
            }
        }
    }
}
