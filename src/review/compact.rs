//! Makes a log short again: the lines that nothing current needs move to an archive. By hand only.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::append::{self, Failure, LOCK_WAIT};
use super::error::{LogError, shown};
use super::family::{ARCHIVE, BACKUP, COMPACTING};
use super::line::{Item, scan};
use super::log_file::{DiskFile, LogFile, not_a_log, sync_folder_of};
use super::replay::{Position, replay};
use super::review_log::ReviewLog;
use super::reviews::random_word;
use super::sinks::Absorb;
use super::state::{Needed, State};

/// What a compaction did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compacted {
    /// Lines that stayed, as they were.
    pub kept: usize,
    /// Lines that moved to the archive.
    pub moved: usize,
    /// The log as it was; `None` when nothing moved.
    pub backup: Option<PathBuf>,
    /// Where the moved lines are; `None` when nothing moved.
    pub archive: Option<PathBuf>,
}

/// Why a log was not compacted. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum CompactError {
    /// It could not be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The system refused a step.
    #[error("{what} {}: {cause}. The log is as it was", shown(.path))]
    Io {
        /// What was tried.
        what: &'static str,
        /// On which file.
        path: PathBuf,
        /// The system's answer.
        cause: io::Error,
    },
    /// Somebody writes in it.
    #[error("{} is locked by another program for more than {seconds} s. Try again later; the log is as it was", shown(.path))]
    Locked {
        /// The log.
        path: PathBuf,
        /// How long it was waited for.
        seconds: u64,
    },
    /// It is not only lines of this version.
    #[error("{} holds {found} in line {line}; {advice}. The log is as it was", shown(.path))]
    Unfit {
        /// The log.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What stands there.
        found: &'static str,
        /// What to do.
        advice: &'static str,
    },
}

/// Moves what nothing current needs from a log to `<log>.archive`, and leaves a copy of the log as it
/// was in `<log>.backup-<word>`. These records stay, byte by byte as they were: every one that is current for one of
/// its posts, what such a record rests on, every one that this version does not apply, and whatever makes a record
/// past that stays, in this log or in another one of the family. The other logs are left alone.
pub fn compact(path: &Path) -> Result<Compacted, CompactError> {
    let failed = |what, path: &Path| {
        let path = path.to_owned();
        move |cause| CompactError::Io { what, path, cause }
    };
    let (file, metadata) = open_locked(path)?;
    // Read with the lock held: nothing comes in between.
    let mut state = State::default();
    ReviewLog::open(path).replay_others_in(&mut Absorb(&mut state))?;
    let elsewhere = state.len();
    replay(&file, path, &mut Position::default(), &mut Absorb(&mut state))
        .map_err(failed("could not read", path))?;
    let bytes = fs::read(path).map_err(failed("could not read", path))?;
    let (kept, moved) = sort(&bytes, &state.needed_beside(elsewhere), path)?;
    if moved.is_empty() {
        return Ok(Compacted { kept: kept.len(), moved: 0, backup: None, archive: None });
    }
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let word = random_word();
    let (archive, backup, new) =
        (beside(ARCHIVE), beside(&format!("{BACKUP}{word}")), beside(&format!("{COMPACTING}{word}")));
    // Whatever fails from here on: the log is replaced in the last step, whole.
    put(&backup, &[&bytes], Put::Copy(&metadata)).map_err(failed("could not write", &backup))?;
    put(&archive, &moved, Put::AtEnd).map_err(failed("could not write", &archive))?;
    let replaced = put(&new, &kept, Put::New(&metadata)).and_then(|()| {
        // Programs that know nothing of the lock, as git, may have replaced or changed it meanwhile.
        if !append::leads_to(path, &file) || file.size()? != bytes.len() as u64 {
            return Err(io::Error::other("another program has changed it meanwhile, so try again"));
        }
        fs::rename(&new, path)
    });
    if let Err(cause) = replaced {
        let _ = fs::remove_file(&new);
        return Err(failed("could not replace", path)(cause));
    }
    sync_folder_of(path).map_err(failed("could not bring to the disk", path))?;
    Ok(Compacted { kept: kept.len(), moved: moved.len(), backup: Some(backup), archive: Some(archive) })
}

/// The log that a path leads to, locked. One that is replaced while its lock is waited for, as by another
/// compaction, is not the log any more: the one that took its place is.
fn open_locked(path: &Path) -> Result<(DiskFile, Metadata), CompactError> {
    let failed = |what| move |cause| CompactError::Io { what, path: path.to_owned(), cause };
    loop {
        let file = DiskFile::open(path, false).map_err(failed("could not open"))?;
        let metadata = file.metadata().map_err(failed("could not look at"))?;
        if let Some(found) = not_a_log(&metadata) {
            return Err(LogError::NotAFile { path: path.to_owned(), found }.into());
        }
        match append::lock_at(&file, path, LOCK_WAIT) {
            Ok(true) => return Ok((file, metadata)),
            Ok(false) => {}
            Err(Failure::Locked | Failure::Short(_)) => {
                return Err(CompactError::Locked { path: path.to_owned(), seconds: LOCK_WAIT.as_secs() });
            }
            Err(Failure::NoLocks(cause) | Failure::Io(_, cause)) => {
                return Err(failed("could not lock")(cause));
            }
        }
    }
}

/// The lines that stay, and those that move.
type Sorted<'a> = (Vec<&'a [u8]>, Vec<&'a [u8]>);

fn sort<'a>(bytes: &'a [u8], needed: &Needed<'_>, path: &Path) -> Result<Sorted<'a>, CompactError> {
    let (mut kept, mut moved) = (Vec::new(), Vec::new());
    for (line, number) in bytes.split_inclusive(|byte| *byte == b'\n').zip(1..) {
        let (mut is_needed, mut unfit) = (false, None);
        scan(line.strip_suffix(b"\n").unwrap_or(line), &mut |item| match item {
            Item::Record { draft, .. } => is_needed |= needed.has(&draft.id),
            Item::Damaged { .. } => {}
            Item::Newer { .. } => unfit = Some(("a record of a newer version", "use a newer copydesk")),
            Item::ConflictMarker => {
                unfit = Some(("the mark of an unfinished git merge", "remove the marks and try again"));
            }
        });
        if let Some((found, advice)) = unfit {
            return Err(CompactError::Unfit { path: path.to_owned(), line: number, found, advice });
        }
        if is_needed { kept.push(line) } else { moved.push(line) }
    }
    Ok((kept, moved))
}

#[derive(Clone, Copy)]
enum Put<'a> {
    /// Into a new file, with the rights of this one, as it is.
    Copy(&'a Metadata),
    /// Into a new file, with the rights of this one.
    New(&'a Metadata),
    AtEnd,
}

/// Writes lines, each with a line end, and brings them to the disk.
fn put(path: &Path, lines: &[impl AsRef<[u8]>], how: Put<'_>) -> io::Result<()> {
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let mut options = OpenOptions::new();
    options.custom_flags(flags.bits().cast_signed());
    let mut file: File = match how {
        Put::Copy(metadata) | Put::New(metadata) => {
            let file = options.write(true).create_new(true).open(path)?;
            file.set_permissions(metadata.permissions())?;
            file
        }
        Put::AtEnd => options.read(true).append(true).create(true).open(path)?,
    };
    if let Some(found) = not_a_log(&file.metadata()?) {
        return Err(io::Error::other(format!("it is {found}")));
    }
    let is_torn = matches!(how, Put::AtEnd) && !ends_in_line(&file)?;
    let mut out = io::BufWriter::new(&mut file);
    if is_torn {
        out.write_all(b"\n")?;
    }
    for line in lines {
        let line = line.as_ref();
        out.write_all(line)?;
        if !line.ends_with(b"\n") && !line.is_empty() && !matches!(how, Put::Copy(_)) {
            out.write_all(b"\n")?;
        }
    }
    out.flush()?;
    drop(out);
    file.sync_all()
}

/// Whether a file is empty or ends with a line end; an archive does not where a compaction broke off.
fn ends_in_line(file: &File) -> io::Result<bool> {
    let mut last = [b'\n'];
    if let Some(at) = file.metadata()?.len().checked_sub(1) {
        file.read_at(&mut last, at)?;
    }
    Ok(last == [b'\n'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Digest, PostId};
    use crate::review::suite::{at, change, writer};
    use crate::review::{Journal, Record, Reviews, UndoRefused};

    struct Desk {
        folder: tempfile::TempDir,
        reviews: Reviews,
    }

    impl Desk {
        fn new() -> Self {
            Self { folder: tempfile::tempdir().unwrap(), reviews: writer("mara", "a") }
        }
        fn path(&self) -> PathBuf {
            self.folder.path().join("posts.jsonl.reviews.jsonl")
        }
        fn decide(&mut self, post: &str, val: &str) -> Record {
            let record = self.reviews.decide(change(post, "text", val), None, at(0)).unwrap();
            ReviewLog::open(&self.path()).append(&record).unwrap();
            record
        }
        fn read(&self) -> Reviews {
            let mut reviews = writer("mara", "later");
            ReviewLog::open(&self.path()).replay_into(&mut reviews, &mut |_| {}).unwrap();
            reviews
        }
    }

    #[test]
    fn what_is_current_stays_as_it_was_and_the_rest_moves() {
        let mut desk = Desk::new();
        for round in ["reviewed", "flagged", "skipped"] {
            for post in ["p", "q", "r"] {
                desk.decide(post, round);
            }
        }
        let by_hand = "{\"v\":1, \"id\":\"h-1\", \"by\":\"tom\",\"op\":\"praise\",\"post\":\"p\",\"key\":\"status\",\"val\":\"x\"}";
        let before = fs::read_to_string(desk.path()).unwrap();
        fs::write(desk.path(), format!("torn\n{before}{by_hand}")).unwrap();
        let whole = fs::read_to_string(desk.path()).unwrap();
        let standing = |reviews: &Reviews, post: &str| {
            reviews.state().standing(&PostId::new(post), Some(Digest::of_bytes(b"text")), &[])
        };
        let expected = ["p", "q", "r"].map(|post| standing(&desk.read(), post));
        let compacted = compact(&desk.path()).unwrap();
        assert_eq!((compacted.kept, compacted.moved), (4, 7));
        let lines: Vec<&str> = before.lines().collect();
        let after = fs::read_to_string(desk.path()).unwrap();
        assert_eq!(after, format!("{}\n{by_hand}\n", lines[6..].join("\n")));
        let archive = fs::read_to_string(compacted.archive.unwrap()).unwrap();
        assert_eq!(archive, format!("torn\n{}\n", lines[..6].join("\n")));
        assert_eq!(fs::read_to_string(compacted.backup.unwrap()).unwrap(), whole);
        let mut reviews = desk.read();
        assert_eq!(["p", "q", "r"].map(|post| standing(&reviews, post)), expected);
        // Nobody knows any more what was before: it is not guessed.
        assert!(matches!(reviews.undo(at(1)), Err(UndoRefused::Forgotten { .. })));
        assert_eq!(compact(&desk.path()).unwrap().moved, 0);
        // The archive of the family is no log of it.
        assert_eq!(reviews.state().len(), 4);
    }

    #[test]
    fn an_archive_that_is_torn_at_its_end_is_sealed() {
        let mut desk = Desk::new();
        let moved = desk.decide("p", "reviewed").to_line();
        desk.decide("p", "flagged");
        let archive = desk.folder.path().join("posts.jsonl.reviews.jsonl.archive");
        fs::write(&archive, "{\"v\":1,\"id\":\"a-1").unwrap();
        compact(&desk.path()).unwrap();
        assert_eq!(fs::read_to_string(&archive).unwrap(), format!("{{\"v\":1,\"id\":\"a-1\n{moved}"));
    }

    #[test]
    fn what_another_log_overrules_moves_and_a_merge_is_left_alone() {
        let mut desk = Desk::new();
        let old = desk.decide("p", "reviewed");
        desk.decide("q", "reviewed");
        let mut tom = writer("tom", "b");
        tom.absorb(old);
        let newer = tom.decide(change("p", "text", "flagged"), None, at(1)).unwrap();
        ReviewLog::open(&crate::review::own_log_of(&desk.path(), "tom")).append(&newer).unwrap();
        assert_eq!(compact(&desk.path()).unwrap().moved, 1);
        let before = fs::read_to_string(desk.path()).unwrap();
        for bad in ["<<<<<<< HEAD\n", "{\"v\":2,\"id\":\"x\"}\n"] {
            fs::write(desk.path(), format!("{before}{bad}")).unwrap();
            let refused = compact(&desk.path()).unwrap_err().to_string();
            assert!(refused.contains("in line 2") && refused.contains("as it was"), "{refused}");
            assert_eq!(fs::read_to_string(desk.path()).unwrap(), format!("{before}{bad}"));
        }
        let lock = File::open(desk.path()).unwrap();
        lock.lock().unwrap();
        assert!(matches!(compact(&desk.path()), Err(CompactError::Locked { .. })));
        assert!(compact(Path::new("/nowhere/log.jsonl")).is_err());
    }
}
