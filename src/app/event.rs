//! What can happen to the desk, and what it asks for in return.

use std::sync::Arc;

use super::action::Action;
use super::counting::CountRequest;
use super::key::KeyPress;
use super::settings::Background;
use crate::corpus::body::BodyError;
use crate::corpus::{Corpus, Problem, Row, Segment, Sources};
use crate::model::{Digest, Document, Link, Post};
use crate::query::{Answer, Found, OtherLog, Query, Standings, View};
use crate::review::{Record, RecordId, Reviews};

/// Something that happened.
#[derive(Debug)]
pub enum Event {
    /// A key was pressed.
    Key(KeyPress),
    /// A key was pressed, but perhaps not by a person who has seen the screen. It decides nothing.
    UnsureKey(KeyPress, Doubt),
    /// An action was chosen by its name.
    Act(Action),
    /// Text was pasted; never a command.
    Paste(String),
    /// The mouse was used.
    Mouse(Mouse),
    /// The screen has this size now.
    Resize {
        /// Unit: columns.
        width: u16,
        /// Unit: lines.
        height: u16,
    },
    /// The terminal has said what its background is like. Only the looks depend on it.
    Background(Background),
    /// More posts were read.
    Segment(Arc<Segment>),
    /// The files have changed, or were read wrongly: all posts come again, from these sources. With the
    /// files that are left out now, if they were looked at again.
    Restarted(Sources, Option<Vec<Problem>>),
    /// A file has only grown: more posts come, from these sources. What stood behind this byte was not
    /// finished, and comes again. Unit: bytes.
    Grown(Sources, u64),
    /// The files cannot be read any more. Why, in a sentence.
    Gone(String),
    /// A record could not be read, or not without a doubt.
    Problem(Problem),
    /// How far the loading is.
    Progress {
        /// Unit: bytes read so far.
        bytes: u64,
        /// Unit: bytes there are to read.
        total: u64,
    },
    /// Every source was read to its end.
    Loaded,
    /// A filter has ended.
    Filtered {
        /// The request it answers.
        generation: u64,
        /// The posts that pass.
        view: View,
    },
    /// A filter that searches texts has got on.
    Searching {
        /// The request it answers.
        generation: u64,
        /// How far it is.
        found: Found,
    },
    /// A part of what was counted.
    Counted {
        /// The request it answers.
        generation: u64,
        /// The part.
        answer: Answer,
        /// No more will come.
        is_last: bool,
    },
    /// The whole post of a row was read, or could not be.
    Body {
        /// Whose.
        row: Row,
        /// See [`Effect::Read`].
        reading: u64,
        /// The post, or why not.
        post: Result<Box<Whole>, BodyError>,
    },
    /// The digests of posts that were decided on before; `None` where a post could not be read.
    Digests {
        /// See [`Effect::Read`].
        reading: u64,
        /// The digests.
        digests: Vec<(Row, Option<Digest>)>,
        /// Some of the records are others than those that their rows were made of.
        has_changed: bool,
    },
    /// Posts were read that are to be decided on.
    ReadMany {
        /// See [`Effect::ReadMany`].
        job: u64,
        /// Their digests, and those of other posts with the same ids; `None` where a post could not be read.
        digests: Vec<(Row, Option<Digest>)>,
        /// No more will come.
        is_last: bool,
    },
    /// Everything that was decided before, folded.
    Past(Box<Reviews>),
    /// A log was replaced, cut or removed: everything that the logs hold now, folded anew. Why decisions cannot be
    /// saved, if they cannot.
    ReadAnew(Box<Reviews>, Option<String>),
    /// So many decisions of this run are in no log any more. Why, in a sentence; none are left where it is 0.
    Lost(usize, String),
    /// Records that somebody else has added to the review log of a root, by its number in `Sources::roots`.
    Records(usize, Vec<Record>),
    /// The desk asked to go on with something long, a stretch at a time.
    GoOn,
    /// Logs that are not read with the posts and decide on some of them.
    OtherLogs {
        /// See [`Effect::FindOtherLogs`].
        reading: u64,
        /// The logs.
        logs: Vec<OtherLog>,
    },
    /// Something of the review log deserves to be known.
    LogNotice(String),
    /// The review log was read to its end. Why decisions cannot be saved, if they cannot.
    Replayed {
        /// A sentence that says what to do.
        read_only: Option<String>,
    },
    /// A record stands in the log.
    Written(RecordId),
    /// Every record that was written is on the disk.
    Synced,
    /// A record could not be written; it is kept and tried again.
    NotSaved {
        /// Why, in a sentence.
        why: String,
    },
    /// A record that no log takes: it is not tried again, and printed at the end. Why, in a sentence.
    SetAside(RecordId, String),
    /// The browser could not be started, or said that it failed.
    NotOpened(String),
    /// A worker broke off.
    WorkerFailed {
        /// Its name: `reader`, `filter`, `loader` and others.
        worker: &'static str,
        /// What to do, in a sentence.
        text: String,
    },
    /// The note comes back from the reviewer's editor, or why it does not.
    Edited(Result<String, String>),
    /// Which editor that was, where nobody has chosen one.
    EditorChosen(String),
    /// The program was asked to stop from outside, as by Ctrl-Z.
    Stop,
    /// The terminal is the desk's again, after a stop or an editor.
    Resumed,
    /// Whoever runs the desk has something to do between events.
    Woken,
    /// The program was asked to end from outside.
    Terminate,
}

/// Why a key is unsure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It may be a part of what the terminal has sent by itself.
    Sent,
    /// It came so close behind the same key that it is held down.
    Held,
}

/// A post as it was read.
#[derive(Debug)]
pub struct Whole {
    /// The post.
    pub post: Post,
    /// The digest of what is shown of it.
    pub digest: Digest,
    /// Its text as it is shown.
    pub document: Document,
}

impl From<Post> for Whole {
    fn from(post: Post) -> Self {
        Self { digest: post.digest(), document: Document::of_post(&post), post }
    }
}

/// A use of the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What was done.
    pub kind: MouseKind,
    /// The column, from 0.
    pub x: u16,
    /// The line, from 0.
    pub y: u16,
}

/// What was done with the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// The left button went down.
    Click,
    /// It came up.
    Release,
    /// The wheel was turned away.
    WheelUp,
    /// The wheel was turned near.
    WheelDown,
}

/// Something that the desk asks the world around it to do.
#[derive(Debug)]
pub enum Effect {
    /// Run a filter; a later request makes this one pointless.
    Filter(Box<FilterRequest>),
    /// Count; a later request makes this one pointless. Filters come first.
    Count(Box<CountRequest>),
    /// Keep a query that was typed, for another day.
    KeepTyped(String),
    /// Keep a query under a name in the file of named queries, or take the name out of it.
    SaveName {
        /// The name.
        name: String,
        /// Its text; `None`: it is forgotten.
        query: Option<String>,
    },
    /// Make ready what a first query would have to wait for: all posts are there.
    Prepare,
    /// Read the whole post of a row. Rows get other posts when files change, so the answer carries the
    /// number of the reading that the row is of.
    Read(Row, u64),
    /// Compute the digests of these posts, when there is time. With the number of the reading.
    Verify(Vec<Row>, u64),
    /// Compute the digests of these posts, and of all that share an id with one of them. What is under
    /// the cursor comes first.
    ReadMany {
        /// A number to answer with.
        job: u64,
        /// The posts.
        rows: Arc<[Row]>,
    },
    /// The answer to [`Effect::ReadMany`] is not wanted any more.
    StopReading(u64),
    /// Append a record to the review log of a root, and see it to the disk.
    Save {
        /// The number of the root in `Sources::roots`.
        root: usize,
        /// The record.
        record: Box<Record>,
    },
    /// The logs hold something else than what was known before, which is given here: say what is lost.
    FindLost(Box<Reviews>),
    /// Read the review logs anew.
    ReadLogs,
    /// Write what the logs have lost again, though no new decision is made.
    WriteLost,
    /// Look which logs near the posts decide on some of them; answered by [`Event::OtherLogs`]. With the number of the
    /// reading. Asked again, it does nothing.
    FindOtherLogs(u64),
    /// Read the files again, though they look unchanged: a post was not where it should be.
    Reread,
    /// Come back with [`Event::GoOn`] after whatever else has happened.
    GoOn,
    /// Take the mouse from the terminal, or give it back.
    Mouse(bool),
    /// Give a link to the browser, which nobody waits for.
    OpenLink(Box<Link>),
    /// Send text to the clipboard of the terminal.
    Copy(String),
    /// Give the terminal back to the shell until the program is continued.
    Suspend,
    /// Let the reviewer edit a text in their own editor; answered by [`Event::Edited`].
    Edit(String),
    /// Leave, once everything is on the disk.
    Quit,
}

/// What a filter needs; cheap to make, since everything in it is shared.
#[derive(Debug)]
pub struct FilterRequest {
    /// Counts up with every request.
    pub generation: u64,
    /// What passes, and in which order.
    pub query: Arc<Query>,
    /// Where texts are read.
    pub sources: Sources,
    /// The posts so far.
    pub corpus: Corpus,
    /// What was decided so far.
    pub standings: Standings,
}
