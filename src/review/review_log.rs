//! The review log of a corpus: one file that is appended to, and those of others that are read.

use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::BuildHasher;
use std::io;
use std::path::{Path, PathBuf};

use super::append::{self, Failure, LOCK_WAIT};
use super::draft::Draft;
use super::error::{AppendError, LogError, LogProblem, SyncError};
use super::line::{Checked, LineItem};
use super::log_file::{DiskFile, Identity, LogFile, identity_of, not_a_log, sync_folder_of};
use super::record::Record;
use super::replay::{MAX_LINE_BYTES, Position, Sink, replay};
use super::reviews::Reviews;

/// The ending of a log beside a corpus file, and the name of one in a folder.
const SIDECAR: &str = "reviews.jsonl";

/// The review log of a file or a folder of posts.
pub fn sidecar_of(posts: &Path, is_folder: bool) -> PathBuf {
    if is_folder {
        return posts.join(SIDECAR);
    }
    let mut name = posts.as_os_str().to_owned();
    name.push(".");
    name.push(SIDECAR);
    PathBuf::from(name)
}

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

/// What was met while a record was appended.
#[derive(Debug, Default)]
pub struct Appended {
    /// Records that others have added since the last look.
    pub others: Vec<Record>,
    /// Something that the reviewer should know.
    pub notice: Option<String>,
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
pub struct ReviewLog {
    path: PathBuf,
    file: Option<DiskFile>,
    position: Position,
    newer: Option<u64>,
    /// The file that was replayed; another one at the same path is new from its first byte on.
    replayed: Option<Identity>,
    /// A sync has failed: only a new file can make what was appended safe.
    must_rescue: bool,
    /// The name of the file is not known to be on the disk.
    is_new: bool,
    /// Lines that are in the file and not known to be on the disk.
    unsynced: Vec<String>,
}

impl ReviewLog {
    /// The log at a path.
    pub fn open(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            file: None,
            position: Position::default(),
            newer: None,
            replayed: None,
            must_rescue: false,
            is_new: false,
            unsynced: Vec::new(),
        }
    }

    /// Where records are appended.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads every record: of this log and of those beside it that belong to the same posts.
    pub fn replay(
        &mut self,
        on: &mut (dyn FnMut(Result<Checked, LogProblem>) + Send),
    ) -> Result<Replayed, LogError> {
        self.read_family(&mut EachRecord(on))
    }

    /// The same straight into the decisions, which is a lot quicker for a long log.
    pub fn replay_into(
        &mut self,
        reviews: &mut Reviews,
        on_problem: &mut (dyn FnMut(LogProblem) + Send),
    ) -> Result<Replayed, LogError> {
        self.read_family(&mut Fold { reviews, on_problem })
    }

    fn read_family(&mut self, sink: &mut impl Sink) -> Result<Replayed, LogError> {
        let mut replayed = Replayed::default();
        for path in self.family()? {
            let mut position = Position::default();
            let failed = |cause| LogError::Io { path: path.clone(), cause };
            match DiskFile::open_to_read(&path) {
                Ok(file) => {
                    let metadata = file.metadata().map_err(failed)?;
                    if !metadata.is_file() {
                        let found = not_a_log(&metadata).unwrap_or("no regular file");
                        return Err(LogError::NotAFile { path, found });
                    }
                    sink.begin(metadata.len());
                    replay(&file, &path, &mut position, sink).map_err(failed)?;
                    if path == self.path {
                        self.replayed = file.identity().ok();
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) if is_symlink(&path) => {
                    drop(error);
                    return Err(LogError::NotAFile { path, found: "a symbolic link" });
                }
                Err(error) => return Err(failed(error)),
            }
            replayed.records += position.records;
            replayed.unchecked += position.unchecked;
            replayed.newer = replayed.newer.max(position.newer);
            if path == self.path {
                self.position = position;
            }
        }
        self.newer = replayed.newer;
        Ok(replayed)
    }

    /// This log and its relatives (`posts.jsonl.reviews*.jsonl`), in a stable order.
    fn family(&self) -> Result<Vec<PathBuf>, LogError> {
        let mut family = vec![self.path.clone()];
        let name = self.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let stem = name.strip_suffix(".jsonl").unwrap_or(&name).to_owned();
        let folder = folder_of(&self.path);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(family),
            Err(cause) => return Err(LogError::Io { path: folder, cause }),
        };
        for entry in entries.flatten() {
            let other = entry.file_name().to_string_lossy().into_owned();
            let middle = other.strip_prefix(&stem).and_then(|rest| rest.strip_suffix(".jsonl"));
            // A log with a name of its own has relatives only behind a separator.
            let related = middle.is_some_and(|middle| {
                !middle.is_empty() && (stem.ends_with("reviews") || middle.starts_with(['.', '-', '_']))
            });
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if related && is_file {
                family.push(entry.path());
            }
        }
        if let Some(others) = family.get_mut(1..) {
            others.sort();
        }
        Ok(family)
    }

    /// Whether what stands in it is, as far as its first lines tell, a review log.
    pub fn looks_like_a_log(&self) -> bool {
        /// More than the longest first line that anybody writes.
        const HEAD_BYTES: usize = 256 * 1024;
        let mut head = vec![0; HEAD_BYTES];
        let Ok(read) = DiskFile::open_to_read(&self.path).and_then(|file| file.read_at(&mut head, 0)) else {
            // Whoever appends to it says why it cannot be read.
            return true;
        };
        let lines = head.get(..read).unwrap_or_default().split(|byte| *byte == b'\n');
        let mut items = lines.flat_map(super::read_line);
        items.any(|item| {
            matches!(item, LineItem::Record(_) | LineItem::Newer { .. } | LineItem::ConflictMarker)
        })
    }

    /// Whether a record could be appended now; creates nothing.
    pub fn check_writable(&self) -> Result<(), AppendError> {
        if let Some(version) = self.newer {
            return Err(AppendError::Newer { path: self.path.clone(), version });
        }
        match fs::symlink_metadata(&self.path) {
            Ok(metadata) => {
                if let Some(found) = not_a_log(&metadata) {
                    return Err(AppendError::NotAFile { path: self.path.clone(), found });
                }
                DiskFile::open(&self.path, false)
                    .map(drop)
                    .map_err(|source| self.refused("cannot write to", source))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let folder = folder_of(&self.path);
                let access = rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK;
                rustix::fs::access(&folder, access)
                    .map_err(|errno| self.refused("cannot create", errno.into()))
            }
            Err(source) => Err(self.refused("cannot reach", source)),
        }
    }

    fn refused(&self, what: &'static str, cause: io::Error) -> AppendError {
        let advice = match cause.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "Make it writable, or keep the decisions elsewhere with --sidecar FILE"
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                "Make room; the decision is kept and tried again"
            }
            io::ErrorKind::NotFound => {
                "Is the folder there? Keep the decisions elsewhere with --sidecar FILE"
            }
            _ => "The decision is kept and tried again",
        };
        AppendError::Io { what, path: self.path.clone(), advice, cause }
    }

    /// The open file, which is the one that the path leads to now. When it is another one than
    /// before (`git checkout` has replaced it), everything in it is new.
    fn current_file(&mut self) -> Result<(), AppendError> {
        let there = identity_of(&self.path);
        let same = match (&self.file, &there) {
            (Some(file), Ok(there)) => file.identity().is_ok_and(|identity| identity == *there),
            _ => false,
        };
        if same {
            return Ok(());
        }
        let known = self.file.take().and_then(|file| file.identity().ok()).or(self.replayed);
        if known != there.as_ref().ok().copied() {
            self.position = Position::default();
        }
        let exists = there.is_ok();
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

    /// The records that stand behind the last one that was read. The file is locked.
    fn read_tail(&mut self) -> Result<Vec<Record>, AppendError> {
        let Some(file) = &self.file else { return Ok(Vec::new()) };
        let size = file.size().map_err(|source| self.refused("could not measure", source))?;
        if size < self.position.offset {
            // It was cut or rewritten in place.
            self.position = Position::default();
        }
        let mut others = Vec::new();
        if size > self.position.offset {
            let mut position = self.position;
            let read = replay(file, &self.path, &mut position, &mut Others(&mut others));
            read.map_err(|source| self.refused("could not read", source))?;
            self.position = position;
            if let Some(version) = position.newer {
                self.newer = Some(version);
                return Err(AppendError::Newer { path: self.path.clone(), version });
            }
        }
        Ok(others)
    }

    fn failed(&self, failure: Failure, length: usize) -> AppendError {
        let path = self.path.clone();
        match failure {
            Failure::Locked => {
                let holder = self.file.as_ref().and_then(|file| lock_holder(file.identity().ok()?));
                AppendError::Locked { path, seconds: LOCK_WAIT.as_secs(), holder }
            }
            Failure::Short(written) => AppendError::Short { path, written, length },
            Failure::NoLocks(source) => self.refused("could not lock", source),
            Failure::Io(what, source) => self.refused(what, source),
        }
    }

    /// Where the file has no locks, this writer gets a file of its own, which needs none.
    fn turn_to_own_file(&mut self) -> String {
        let own = self.with_name_part(&random_word());
        let notice = format!(
            "{} cannot be locked, so decisions go to {}; both are read together",
            super::error::shown(&self.path),
            super::error::shown(&own)
        );
        (self.path, self.file, self.position) = (own, None, Position::default());
        notice
    }

    fn with_name_part(&self, part: &str) -> PathBuf {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let stem = name.strip_suffix(".jsonl").unwrap_or(&name);
        self.path.with_file_name(format!("{stem}.{part}.jsonl"))
    }

    /// Brings what may be lost to a new file, and goes on there: the system marks pages as clean
    /// after a failed sync, so that a second try would only seem to succeed.
    fn rescue(&mut self) -> io::Result<()> {
        let path = self.with_name_part(&format!("rescue-{}", random_word()));
        let mut file = DiskFile::open(&path, true)?;
        let lines = self.unsynced.concat();
        let taken = file.append(lines.as_bytes())?;
        if taken < lines.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        file.sync()?;
        sync_folder_of(&path)?;
        (self.path, self.file, self.is_new) = (path, Some(file), false);
        self.position = Position { offset: lines.len() as u64, ..Position::default() };
        Ok(())
    }
}

impl Journal for ReviewLog {
    fn append(&mut self, record: &Record) -> Result<Appended, AppendError> {
        if let Some(version) = self.newer {
            return Err(AppendError::Newer { path: self.path.clone(), version });
        }
        let line = record.to_line();
        if line.len() > MAX_LINE_BYTES {
            let (path, length) = (self.path.clone(), line.len());
            return Err(AppendError::TooLong { path, length, limit: MAX_LINE_BYTES });
        }
        let mut appended = Appended::default();
        loop {
            self.current_file()?;
            let Some(file) = &self.file else { continue };
            match append::lock(file, LOCK_WAIT) {
                Err(Failure::NoLocks(_)) if appended.notice.is_none() => {
                    appended.notice = Some(self.turn_to_own_file());
                    self.current_file()?;
                }
                // The file of its own has no other writer.
                Ok(()) | Err(Failure::NoLocks(_)) => {}
                Err(failure) => return Err(self.failed(failure, line.len())),
            }
            let there = identity_of(&self.path).ok();
            if there.is_some() && there == self.file.as_ref().and_then(|file| file.identity().ok()) {
                break;
            }
            // It was replaced while we waited; dropping it lets the lock go.
        }
        let written = self.read_tail().and_then(|others| {
            appended.others = others;
            let Some(file) = &mut self.file else { return Ok(0) };
            append::append(file, &line).map_err(|failure| self.failed(failure, line.len()))
        });
        if let Some(file) = &self.file {
            // Nothing depends on it: the lock also goes with the file.
            let _ = file.unlock();
        }
        self.position.offset = written?;
        self.position.lines += 1;
        self.unsynced.push(line);
        Ok(appended)
    }

    fn sync(&mut self) -> Result<Synced, SyncError> {
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

/// Every record as one of its own.
struct EachRecord<'a>(&'a mut (dyn FnMut(Result<Checked, LogProblem>) + Send));

impl Sink for EachRecord<'_> {
    fn record(&mut self, draft: &Draft<'_>, is_checked: bool) {
        (self.0)(Ok(Checked { record: draft.clone().into_record(), is_checked }));
    }

    fn problem(&mut self, problem: LogProblem) {
        (self.0)(Err(problem));
    }
}

/// Everything straight into the decisions.
struct Fold<'a> {
    reviews: &'a mut Reviews,
    on_problem: &'a mut (dyn FnMut(LogProblem) + Send),
}

impl Sink for Fold<'_> {
    fn begin(&mut self, bytes: u64) {
        /// A decision without a note takes up about so much. Unit: bytes.
        const RECORD_BYTES: u64 = 240;
        /// No more room than this is made on the word of a file's size. Unit: records.
        const MOST: u64 = 8_000_000;
        self.reviews.reserve(usize::try_from((bytes / RECORD_BYTES).min(MOST)).unwrap_or(0));
    }

    fn record(&mut self, draft: &Draft<'_>, _is_checked: bool) {
        self.reviews.absorb_draft(draft);
    }

    fn problem(&mut self, problem: LogProblem) {
        (self.on_problem)(problem);
    }
}

/// What others have added. A bad line among it is told of by the next replay.
struct Others<'a>(&'a mut Vec<Record>);

impl Sink for Others<'_> {
    fn record(&mut self, draft: &Draft<'_>, _is_checked: bool) {
        self.0.push(draft.clone().into_record());
    }

    fn problem(&mut self, _problem: LogProblem) {}
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

fn is_symlink(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_symlink())
}

fn not_a_log_at(path: &Path) -> Option<&'static str> {
    fs::symlink_metadata(path).ok().and_then(|metadata| not_a_log(&metadata))
}

fn random_word() -> String {
    format!("{:016x}", RandomState::new().hash_one(std::process::id()))
}

/// The process that holds the lock of a file, by the list of the system.
fn lock_holder((_, inode): (u64, u64)) -> Option<u32> {
    let locks = fs::read_to_string("/proc/locks").ok()?;
    let ending = format!(":{inode}");
    locks.lines().filter(|line| !line.contains("->")).find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let file = words.get(5)?;
        file.ends_with(&ending).then(|| words.get(4)?.parse().ok()).flatten()
    })
}

#[cfg(test)]
mod tests;
