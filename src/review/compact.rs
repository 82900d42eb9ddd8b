//! Makes a log short again: the lines that nothing current needs move to an archive. By hand only.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::append::{self, Failure, LOCK_WAIT};
use super::draft::Text;
use super::error::{LogError, LogProblem, shown};
use super::family::{ARCHIVE, BACKUP, COMPACTING};
use super::line::{Item, scan};
use super::log_file::{DiskFile, LogFile, identity_of, not_a_log, sync_folder_of};
use super::replay::{Position, read_more, replay};
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
    /// Lines of the family that make no record. Those of the log have stayed in it.
    pub problems: Vec<LogProblem>,
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
    let (mut state, mut problems) = (State::default(), Vec::new());
    ReviewLog::open(path).replay_others_in(&mut Absorb(&mut state, &mut problems))?;
    let elsewhere = state.len();
    replay(&file, path, &mut Position::default(), &mut Absorb(&mut state, &mut problems))
        .map_err(failed("could not read", path))?;
    let stays = lines_that_stay(&file, &state.needed_beside(elsewhere), path)?;
    drop(state);
    let kept = stays.iter().filter(|stays| **stays).count();
    let moved = stays.len() - kept;
    if moved == 0 {
        return Ok(Compacted { kept, moved, backup: None, archive: None, problems });
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
    let mut made = None;
    let replaced = Out::create(&new, &metadata)
        .map_err(failed("could not write", &new))
        .and_then(|new_log| {
            made = identity_of(&new).ok();
            let archived = Out::at_end_of(&archive).map_err(failed("could not write", &archive))?;
            part(&file, &stays, new_log, archived).map_err(failed("could not write", &archive))
        })
        .and_then(|new_log| {
            let replaced = replace(path, (&new, &new_log), &backup, &file);
            replaced.map_err(failed("could not replace", path))
        });
    let backup = match replaced {
        Ok(backup) => backup,
        Err(error) => {
            // Never what was the log a moment ago.
            if made.is_some() && identity_of(&new).ok() == made {
                let _ = fs::remove_file(&new);
            }
            return Err(error);
        }
    };
    sync_folder_of(path).map_err(failed("could not bring to the disk", path))?;
    Ok(Compacted { kept, moved, backup: Some(backup), archive: Some(archive), problems })
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

/// Which lines of a log stay, in their order. The log is read a block at a time, and the lines of a block side by side.
fn lines_that_stay(file: &DiskFile, needed: &Needed<'_>, path: &Path) -> Result<Vec<bool>, CompactError> {
    let mut stays = Vec::new();
    let mut blocks = Blocks::of(file);
    loop {
        let what = "could not read";
        let block = blocks.next().map_err(|cause| CompactError::Io { what, path: path.to_owned(), cause })?;
        let lines: Vec<&[u8]> = block.split_inclusive(|byte| *byte == b'\n').collect();
        if lines.is_empty() {
            return Ok(stays);
        }
        let read: Vec<Result<Held<'_>, Unfit>> = lines.par_iter().map(|line| held_by(line)).collect();
        for held in read {
            let held = held.map_err(|Unfit(found, advice)| {
                let (path, line) = (path.to_owned(), stays.len() + 1);
                CompactError::Unfit { path, line, found, advice }
            })?;
            stays.push(held.is_damaged || held.ids.iter().any(|id| needed.has(id)));
        }
    }
}

/// What stands on a line.
#[derive(Default)]
struct Held<'a> {
    ids: Vec<Text<'a>>,
    /// Nobody knows what it says, and it is all that is left of it.
    is_damaged: bool,
}

/// Why a log is not compacted: what was found, and what to do.
struct Unfit(&'static str, &'static str);

fn held_by(line: &[u8]) -> Result<Held<'_>, Unfit> {
    let (mut held, mut unfit) = (Held::default(), None);
    scan(line.strip_suffix(b"\n").unwrap_or(line), &mut |item| match item {
        Item::Record { draft, .. } => held.ids.push(draft.id),
        Item::Damaged { .. } => held.is_damaged = true,
        Item::Newer { .. } => unfit = Some(Unfit("a record of a newer version", "use a newer copydesk")),
        Item::ConflictMarker => {
            unfit = Some(Unfit("the mark of an unfinished git merge", "remove the marks and try again"));
        }
    });
    unfit.map_or(Ok(held), Err)
}

/// Whole lines of a file, a block at a time.
struct Blocks<'a> {
    file: &'a DiskFile,
    offset: u64,
    block: Vec<u8>,
}

impl<'a> Blocks<'a> {
    fn of(file: &'a DiskFile) -> Self {
        Self { file, offset: 0, block: Vec::new() }
    }

    /// The next lines; none at the end.
    fn next(&mut self) -> io::Result<&[u8]> {
        /// Unit: bytes.
        const BLOCK_BYTES: usize = 8 * 1024 * 1024;
        self.block.clear();
        loop {
            let end = self.offset + self.block.len() as u64;
            let is_last = read_more(self.file, &mut self.block, end, BLOCK_BYTES)? == 0;
            let whole = memchr::memrchr(b'\n', &self.block).map(|at| at + 1).filter(|_| !is_last);
            if let Some(whole) = whole.or_else(|| is_last.then_some(self.block.len())) {
                self.block.truncate(whole);
                self.offset += whole as u64;
                return Ok(&self.block);
            }
        }
    }
}

/// Writes the lines that stay into one file and the others into another one, and brings both to the disk.
fn part(file: &DiskFile, stays: &[bool], mut kept: Out, mut moved: Out) -> io::Result<Out> {
    let mut blocks = Blocks::of(file);
    let mut stays = stays.iter();
    loop {
        let block = blocks.next()?;
        if block.is_empty() {
            break;
        }
        for line in block.split_inclusive(|byte| *byte == b'\n') {
            let out = if stays.next().is_none_or(|stays| *stays) { &mut kept } else { &mut moved };
            out.0.write_all(line)?;
            if !line.ends_with(b"\n") {
                out.0.write_all(b"\n")?;
            }
        }
    }
    moved.finish()?;
    kept.finish()?;
    Ok(kept)
}

/// A file that is written to.
struct Out(io::BufWriter<File>);

impl Out {
    /// A new one, with the rights of another.
    fn create(path: &Path, like: &Metadata) -> io::Result<Self> {
        let file = options().write(true).create_new(true).open(path)?;
        file.set_permissions(like.permissions())?;
        Ok(Self(io::BufWriter::new(file)))
    }

    /// One that is added to. Where a compaction broke off in the midst of a line, that is sealed first.
    fn at_end_of(path: &Path) -> io::Result<Self> {
        let file = options().read(true).append(true).create(true).open(path)?;
        let metadata = file.metadata()?;
        if let Some(found) = not_a_log(&metadata) {
            return Err(io::Error::other(format!("it is {found}")));
        }
        let mut last = [b'\n'];
        if let Some(at) = metadata.len().checked_sub(1) {
            file.read_at(&mut last, at)?;
        }
        let mut out = io::BufWriter::new(file);
        if last != [b'\n'] {
            out.write_all(b"\n")?;
        }
        Ok(Self(out))
    }

    /// Brings everything to the disk.
    fn finish(&mut self) -> io::Result<()> {
        self.0.flush()?;
        self.0.get_ref().sync_all()
    }
}

fn options() -> OpenOptions {
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let mut options = OpenOptions::new();
    options.custom_flags(flags.bits().cast_signed());
    options
}

/// Puts a new file in the place of the log, which becomes its backup; where that is then. Programs that know nothing of
/// the lock, as git, may have replaced or changed the log meanwhile: then it is left as it is.
fn replace(path: &Path, (new, new_log): (&Path, &Out), backup: &Path, old: &DiskFile) -> io::Result<PathBuf> {
    let read = old.size()?;
    let check = |at: &Path| {
        if append::leads_to(at, old) && old.size()? == read {
            Ok(())
        } else {
            Err(io::Error::other("another program has changed it meanwhile, so try again"))
        }
    };
    // Whoever meets the new log waits until it is known to be the log.
    new_log.0.get_ref().lock()?;
    let swap = || {
        let here = rustix::fs::CWD;
        rustix::fs::renameat_with(here, new, here, path, rustix::fs::RenameFlags::EXCHANGE)
    };
    match swap() {
        Ok(()) => {
            if let Err(changed) = check(new) {
                // Whoever has changed it gets it back under its name.
                swap()?;
                return Err(changed);
            }
            // Where that is refused the backup keeps the name of a new log, and is known by it too.
            Ok(fs::rename(new, backup).map_or_else(|_| new.to_owned(), |()| backup.to_owned()))
        }
        // Not every file system can do that in one step.
        Err(_) => {
            fs::copy(path, backup)?;
            File::open(backup)?.sync_all()?;
            check(path)?;
            fs::rename(new, path)?;
            Ok(backup.to_owned())
        }
    }
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
        assert_eq!((compacted.kept, compacted.moved, compacted.problems.len()), (5, 6, 1));
        let lines: Vec<&str> = before.lines().collect();
        let after = fs::read_to_string(desk.path()).unwrap();
        assert_eq!(after, format!("torn\n{}\n{by_hand}\n", lines[6..].join("\n")));
        let archive = fs::read_to_string(compacted.archive.unwrap()).unwrap();
        assert_eq!(archive, format!("{}\n", lines[..6].join("\n")));
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
