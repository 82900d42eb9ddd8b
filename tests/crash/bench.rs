//! What a harness counts: what was acknowledged, what is there, what must not be.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use copydesk::review::{Checked, ReviewLog};

/// What stands in a log and its family.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// How often each record stands there.
    pub(crate) ids: HashMap<String, usize>,
    pub(crate) bad_lines: usize,
    pub(crate) unchecked: u64,
}

impl Found {
    pub(crate) fn in_log(log: &Path) -> Result<Self, String> {
        let mut found = Self::default();
        let mut ids = HashMap::new();
        let mut bad_lines = 0;
        let replayed = ReviewLog::open(log)
            .replay(&mut |line| match line {
                Ok(Checked { record, .. }) => *ids.entry(record.id.to_string()).or_insert(0) += 1,
                Err(_) => bad_lines += 1,
            })
            .map_err(|error| format!("the log could not be opened any more: {error}"))?;
        found.unchecked = replayed.unchecked;
        (found.ids, found.bad_lines) = (ids, bad_lines);
        Ok(found)
    }
}

/// What was acknowledged.
#[derive(Debug, Default)]
pub(crate) struct Acks {
    /// In the file.
    pub(crate) written: HashSet<String>,
    /// On the disk.
    pub(crate) safe: HashSet<String>,
    /// Told to be not saved.
    pub(crate) unsaved: HashSet<String>,
}

impl Acks {
    pub(crate) fn read(path: &Path) -> Self {
        let mut acks = Self::default();
        // Before the first acknowledgement there is no file.
        for line in fs::read_to_string(path).unwrap_or_default().lines() {
            let Some((what, id)) = line.strip_suffix(" .").and_then(|line| line.split_once(' ')) else {
                continue;
            };
            match what {
                "w" => acks.written.insert(id.to_owned()),
                "s" => acks.safe.insert(id.to_owned()),
                _ => acks.unsaved.insert(id.to_owned()),
            };
        }
        acks
    }

    /// Those of some acknowledged records that are not there.
    pub(crate) fn lost(acknowledged: &HashSet<String>, found: &Found) -> Vec<String> {
        acknowledged.iter().filter(|id| !found.ids.contains_key(*id)).cloned().collect()
    }
}

/// Numbers that look random, and are the same for the same seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(1))
    }

    /// From 0 up to and without `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % end.max(1)
    }
}

/// The processor time between two kills differs from run to run; what is drawn does not have to.
pub(crate) fn seed() -> u64 {
    std::env::var("CRASH_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| u64::from(std::process::id()))
}

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Whether a program can be started.
pub(crate) fn has(program: &str) -> bool {
    std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .any(|folder| folder.join(program).is_file())
}

/// A mount that ends with its value, also when a harness breaks off.
pub(crate) struct Mounted<'a>(pub(crate) &'a Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(self.0).output();
    }
}
