//! What the harnesses share: posts, a source of chance, what stands in a log.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use copydesk::review::{LineItem, read_line};

use crate::program::copydesk;

/// A folder with so many small posts.
pub(crate) fn folder(posts: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::new();
    for number in 1..=posts {
        writeln!(
            text,
            "{{\"id\":\"p-{number}\",\"title\":\"post {number}\",\"body\":\"words of {number}\",\"checklist\":[\"one\",\"two\"]}}"
        )
        .unwrap();
    }
    fs::write(folder.path().join("posts.jsonl"), text).unwrap();
    folder
}

/// Adds posts of real size, which take a while to read.
pub(crate) fn add_large(folder: &Path, count: usize) {
    let count = count.to_string();
    let made =
        copydesk(folder).args(["generate", "--count", &count, "--out", "large.jsonl"]).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// The records of a log and its lines that are none.
pub(crate) fn records(log: &Path) -> (usize, usize) {
    let bytes = fs::read(log).unwrap_or_default();
    let (mut records, mut bad) = (0, 0);
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        for item in read_line(line) {
            match item {
                LineItem::Record(checked) if checked.is_checked => records += 1,
                _ => bad += 1,
            }
        }
    }
    (records, bad)
}

/// Chance that can be repeated: `ENDINGS_SEED`.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new() -> Self {
        let seed = std::env::var("ENDINGS_SEED").ok().and_then(|seed| seed.parse().ok());
        Self(seed.unwrap_or(20_261_125))
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // xorshift64*.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap() % end.max(1)
    }
}
