//! What every journal must do, run on each of them.

use jiff::Timestamp;

use super::{Author, Change, Journal, Key, Record, Reviews, Via};
use crate::model::{Digest, PostId};

/// A writer of this name.
pub(super) fn writer(by: &str, name: &str) -> Reviews {
    Reviews::with_writer(Author { by: by.to_owned(), via: Via::Browse }, name.to_owned())
}

/// A change of the status of a post.
pub(super) fn change(post: &str, text: &str, val: &str) -> Change {
    Change {
        post: PostId::new(post),
        hash: Digest::of_bytes(text.as_bytes()),
        siblings: Vec::new(),
        key: Key::Status,
        val: val.to_owned(),
        why: Vec::new(),
        note: None,
    }
}

/// A time, in seconds.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}

/// Appends some decisions and sees that exactly they are there, in their order.
pub(super) fn keeps_what_it_is_given(journal: &mut impl Journal, lines: impl Fn() -> Vec<u8>) {
    let mut reviews = writer("mara", "w");
    let mut expected: Vec<Record> = Vec::new();
    for (seconds, post) in (0..).zip(["p-1", "p-2", "p-1", "\u{202e}p"]) {
        let val = if seconds == 2 { "flagged" } else { "reviewed" };
        let record = reviews.decide(change(post, "text", val), Some(7), at(seconds)).unwrap();
        assert!(journal.append(&record).unwrap().others.is_empty());
        expected.push(record);
        journal.sync().unwrap();
    }
    let written = lines();
    assert!(written.is_ascii(), "{}", String::from_utf8_lossy(&written));
    let read: Vec<Record> = written
        .split(|byte| *byte == b'\n')
        .flat_map(super::read_line)
        .map(|item| match item {
            super::LineItem::Record(checked) if checked.is_checked => checked.record,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(read, expected);
}

/// A log that can still be looked at while it is written to.
struct Shared<'a>(&'a std::cell::RefCell<super::MemoryLog>);

impl Journal for Shared<'_> {
    fn append(&mut self, record: &Record) -> Result<super::Appended, super::AppendError> {
        self.0.borrow_mut().append(record)
    }

    fn sync(&mut self) -> Result<super::Synced, super::SyncError> {
        self.0.borrow_mut().sync()
    }
}

#[test]
fn in_memory() {
    let log = std::cell::RefCell::new(super::MemoryLog::default());
    keeps_what_it_is_given(&mut Shared(&log), || log.borrow().lines().concat().into_bytes());
    assert_eq!(log.borrow().synced(), 4);
}

#[test]
fn on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("posts.jsonl.reviews.jsonl");
    keeps_what_it_is_given(&mut super::ReviewLog::open(&path), || std::fs::read(&path).unwrap());
}
