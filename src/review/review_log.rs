//! The review log of a corpus: one file that is appended to, and those of others that are read.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::append::{self, Failure, LOCK_WAIT};
use super::error::{AppendError, LogError, LogProblem, SyncError};
use super::family::Family;
use super::lock;
use super::log_file::{DiskFile, LogFile, is_absent, not_a_log, sync_folder_of};
use super::record::{Record, RecordId};
use super::replay::{MAX_LINE_BYTES, Position, replay};
use super::reviews::random_word;
use super::seen::Seen;
use super::sinks::Others;

/// Somewhere that records can be kept.
pub trait Journal {
    /// Appends a record, whole or not at all. It is in the file then, and on the disk after `sync`.
    fn append(&mut self, record: &Record) -> Result<Appended, AppendError>;
    /// Brings everything that was appended to the disk. Afterwards it is there, or an error says
    /// that it may not be.
    fn sync(&mut self) -> Result<Synced, SyncError>;
}

/// Where what was appended is safe now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Synced {
    /// In the log.
    InLog,
    /// The log could not be brought to the disk, so it stands in this new file as well.
    Rescued(PathBuf),
}

/// What was met while a record was appended, or on a look.
#[derive(Debug, Default)]
pub struct Appended {
    /// Records that others have added since the last look.
    pub others: Vec<Record>,
    /// Something that the reviewer should know.
    pub notice: Option<String>,
    /// New lines that make no record.
    pub problems: Vec<LogProblem>,
    /// A log was replaced, cut or removed: what was read of it before may be in it no more, and everything is to be
    /// read anew.
    pub is_replaced: bool,
}

/// What was met while a log was replayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Records, duplicates counted.
    pub records: u64,
    /// Records that carried no checksum.
    pub unchecked: u64,
    /// The highest version of a record, where it is above ours.
    pub newer: Option<u64>,
}

/// A log on the disk. Nothing is created before the first append.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct ReviewLog {
    family: Family,
    path: PathBuf,
    file: Option<DiskFile>,
    /// How far each log of the family was read.
    seen: HashMap<PathBuf, Seen>,
    newer: Option<u64>,
    /// A sync has failed: only a new file can make what was appended safe.
    must_rescue: bool,
    /// The name of the file is not known to be on the disk.
    is_new: bool,
    /// The file is this writer's alone, because locks do not work here.
    is_lockless: bool,
    /// The lock was waited for in vain: the next try does not wait.
    is_locked: bool,
    /// Lines that are in the file and not known to be on the disk.
    unsynced: Vec<String>,
    /// What was appended in this run, if that is kept to be missed.
    made: Option<Vec<RecordId>>,
    /// What a replaced log has lost and is to get again.
    missing: Vec<Record>,
}

impl ReviewLog {
    /// The log at a path.
    pub fn open(path: &Path) -> Self {
        Self {
            family: Family::of(path),
            path: path.to_owned(),
            file: None,
            seen: HashMap::new(),
            newer: None,
            must_rescue: false,
            is_new: false,
            is_lockless: false,
            is_locked: false,
            unsynced: Vec::new(),
            made: None,
            missing: Vec::new(),
        }
    }

    /// Keeps the ids of what is appended from now on, so that a log which is replaced meanwhile gets it again.
    #[must_use]
    pub fn keeping_its_own(mut self) -> Self {
        self.made = Some(Vec::new());
        self
    }

    /// Where records are appended.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The logs that are read together with it.
    pub fn family(&self) -> &Family {
        &self.family
    }

    /// Looks whether others have added something, in whichever log of the family, and whether one of them is
    /// another file now. Costs next to nothing where nothing has happened.
    pub fn look(&mut self) -> Result<Appended, LogError> {
        let mut met = Appended::default();
        let mut paths = self.paths()?;
        paths.extend(self.seen.keys().filter(|seen| !paths.contains(seen)).cloned().collect::<Vec<_>>());
        for path in paths {
            let metadata = match fs::symlink_metadata(&path) {
                Ok(metadata) => metadata,
                Err(error) if is_absent(&error) => {
                    met.is_replaced |= self.seen.remove(&path).is_some();
                    continue;
                }
                Err(cause) => return Err(LogError::Io { path, cause }),
            };
            let is_known = self.seen.get(&path).is_some_and(|seen| seen.is_unchanged(&metadata));
            if is_known || not_a_log(&metadata).is_some() {
                continue;
            }
            let failed = |cause| LogError::Io { path: path.clone(), cause };
            let file = match DiskFile::open_to_read(&path) {
                // It is gone since; the next look finds out.
                Err(error) if is_absent(&error) => continue,
                file => file.map_err(failed)?,
            };
            self.read_news(&path, &file, &mut met).map_err(failed)?;
        }
        Ok(met)
    }

    /// Reads what a file holds behind what was read of it, all of it if it is another file now.
    fn read_news(&mut self, path: &Path, file: &DiskFile, met: &mut Appended) -> io::Result<()> {
        let before = self.seen.get(path);
        let known = match before {
            Some(seen) if seen.goes_on_in(file)? => Some(seen.position),
            _ => None,
        };
        met.is_replaced |= before.is_some() && known.is_none();
        let mut position = known.unwrap_or_default();
        let seen = Seen::begin(file)?;
        let known = met.problems.len();
        replay(file, path, &mut position, &mut Others(&mut met.others, &mut met.problems))?;
        // A line without an end may be unfinished: it is told once it has one.
        let mut at = 0;
        met.problems.retain(|problem| {
            at += 1;
            at <= known || problem.offset < position.offset
        });
        self.newer = self.newer.max(position.newer);
        self.seen.insert(path.to_owned(), seen.up_to(file, position)?);
        Ok(())
    }

    /// The ids of what was appended in this run, where that is kept.
    pub(super) fn made(&self) -> impl Iterator<Item = &RecordId> {
        self.made.iter().flatten()
    }

    /// The log has lost these records. They are written again with the next one, or when that is asked for.
    pub fn miss(&mut self, records: Vec<Record>) {
        self.missing = records;
    }

    /// What is to be written again.
    pub fn missing(&self) -> &[Record] {
        &self.missing
    }

    /// Writes it again.
    pub fn append_missing(&mut self) -> Result<Appended, AppendError> {
        self.write(None)
    }

    /// The open file, which is the one that the path leads to now, also when `git checkout` has
    /// replaced it.
    fn current_file(&mut self) -> Result<(), AppendError> {
        if self.file.as_ref().is_some_and(|file| append::leads_to(&self.path, file)) {
            return Ok(());
        }
        self.file = None;
        let exists = fs::symlink_metadata(&self.path).is_ok();
        let opened = DiskFile::open(&self.path, !exists).or_else(|error| {
            // Somebody else has created it in between.
            if error.kind() == io::ErrorKind::AlreadyExists {
                DiskFile::open(&self.path, false)
            } else {
                Err(error)
            }
        });
        let file = opened.map_err(|source| match not_a_log_at(&self.path) {
            Some(found) => AppendError::NotAFile { path: self.path.clone(), found },
            None => self.refused("could not open", source),
        })?;
        let metadata = file.metadata().map_err(|source| self.refused("could not look at", source))?;
        if let Some(found) = not_a_log(&metadata) {
            return Err(AppendError::NotAFile { path: self.path.clone(), found });
        }
        self.is_new |= !exists;
        self.file = Some(file);
        Ok(())
    }

    /// Opens and locks the file that the path leads to.
    fn lock_current_file(&mut self, met: &mut Appended) -> Result<(), AppendError> {
        loop {
            self.current_file()?;
            let Some(file) = &self.file else { continue };
            if self.is_lockless {
                return Ok(());
            }
            let patience = if self.is_locked { Duration::ZERO } else { LOCK_WAIT };
            match append::lock_at(file, &self.path, patience) {
                Ok(is_same) => {
                    self.is_locked = false;
                    if is_same {
                        return Ok(());
                    }
                    // It was replaced while we waited.
                    self.file = None;
                }
                Err(Failure::NoLocks(_)) => {
                    met.notice = Some(self.turn_to_own_file());
                }
                Err(failure) => {
                    self.is_locked = matches!(failure, Failure::Locked);
                    return Err(self.failed(failure, 0));
                }
            }
        }
    }

    /// Writes what is missing, and then a line.
    fn write(&mut self, made: Option<(&RecordId, &str)>) -> Result<Appended, AppendError> {
        if let Some(version) = self.newer {
            return Err(AppendError::Newer { path: self.path.clone(), version });
        }
        let mut met = Appended::default();
        self.lock_current_file(&mut met)?;
        let written = self.write_locked(made, &mut met);
        if let (Some(file), false) = (&self.file, self.is_lockless) {
            // Nothing depends on it: the lock also goes with the file.
            let _ = file.unlock();
        }
        written.map(|()| met)
    }

    fn write_locked(
        &mut self,
        made: Option<(&RecordId, &str)>,
        met: &mut Appended,
    ) -> Result<(), AppendError> {
        let Some(mut file) = self.file.take() else { return Ok(()) };
        let path = self.path.clone();
        let news = self.read_news(&path, &file, met);
        // A file that was moved away may have come back.
        self.missing.retain(|missing| !met.others.iter().any(|there| there.id == missing.id));
        let written = match (news, self.newer) {
            (Err(source), _) => Err(self.refused("could not read", source)),
            (Ok(()), Some(version)) => Err(AppendError::Newer { path, version }),
            (Ok(()), None) => self.write_lines(&mut file, made),
        };
        self.file = Some(file);
        written
    }

    fn write_lines(
        &mut self,
        file: &mut DiskFile,
        made: Option<(&RecordId, &str)>,
    ) -> Result<(), AppendError> {
        while let Some(record) = self.missing.first() {
            let line = record.to_line();
            append::append(file, &line).map_err(|failure| self.failed(failure, line.len()))?;
            self.missing.remove(0);
            self.wrote(&line, file);
        }
        if let Some((id, line)) = made {
            append::append(file, line).map_err(|failure| self.failed(failure, line.len()))?;
            self.wrote(line, file);
            if let Some(made) = &mut self.made {
                made.push(id.clone());
            }
        }
        Ok(())
    }

    /// A line stands at the end of the file.
    fn wrote(&mut self, line: &str, file: &DiskFile) {
        self.unsynced.push(line.to_owned());
        let position = self.seen.get(&self.path).map(|seen| seen.position).unwrap_or_default();
        // Where even the size is not told, the next look reads again what is known already.
        if let Ok(offset) = file.size()
            && let Ok(seen) = Seen::begin(file)
            && let Ok(seen) = seen.up_to(file, Position { offset, lines: position.lines + 1, ..position })
        {
            self.seen.insert(self.path.clone(), seen);
        }
    }

    fn failed(&self, failure: Failure, length: usize) -> AppendError {
        let path = self.path.clone();
        match failure {
            Failure::Locked => {
                let holder = self.file.as_ref().and_then(|file| lock::holder(file.identity().ok()?));
                let advice = if self.is_kept_by_a_desk() {
                    "The decision waits and is tried again"
                } else {
                    "Try again when it has ended"
                };
                AppendError::Locked { path, seconds: LOCK_WAIT.as_secs(), holder, advice }
            }
            Failure::Short(written) => AppendError::Short { path, written, length },
            Failure::NoLocks(source) => self.refused("could not lock", source),
            Failure::Io(what, source) => self.refused(what, source),
        }
    }

    /// Where the file has no locks, this writer gets a file of its own, which needs none.
    fn turn_to_own_file(&mut self) -> String {
        let own = self.family.named(&random_word());
        let notice = format!(
            "{} cannot be locked, so decisions go to {}; both are read together",
            super::error::shown(&self.path),
            super::error::shown(&own)
        );
        (self.path, self.file, self.is_lockless) = (own, None, true);
        notice
    }
}

impl ReviewLog {
    /// Appends the line of a record as it is, its line end included.
    pub(super) fn append_line(&mut self, id: &RecordId, line: &str) -> Result<Appended, AppendError> {
        if line.len() > MAX_LINE_BYTES {
            let (path, length) = (self.path.clone(), line.len());
            return Err(AppendError::TooLong { path, length, limit: MAX_LINE_BYTES });
        }
        self.write(Some((id, line)))
    }
}

impl Journal for ReviewLog {
    fn append(&mut self, record: &Record) -> Result<Appended, AppendError> {
        self.append_line(&record.id, &record.to_line())
    }

    fn sync(&mut self) -> Result<Synced, SyncError> {
        if self.unsynced.is_empty() {
            return Ok(Synced::InLog);
        }
        let Some(file) = &self.file else { return Ok(Synced::InLog) };
        let synced = if self.must_rescue {
            Err(io::Error::other("an earlier attempt has failed"))
        } else {
            file.sync().and_then(|()| if self.is_new { sync_folder_of(&self.path) } else { Ok(()) })
        };
        let safe_in = match synced {
            Ok(()) => Synced::InLog,
            Err(cause) => {
                self.must_rescue = true;
                let path = self.path.clone();
                self.rescue().map_err(|rescue| SyncError { path, cause, rescue })?;
                self.must_rescue = false;
                Synced::Rescued(self.path.clone())
            }
        };
        self.is_new = false;
        self.unsynced.clear();
        Ok(safe_in)
    }
}

fn is_symlink(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_symlink())
}

fn not_a_log_at(path: &Path) -> Option<&'static str> {
    fs::symlink_metadata(path).ok().and_then(|metadata| not_a_log(&metadata))
}

mod checks;
mod reading;
mod rescue;
#[cfg(test)]
mod tests;
