//! One record at the end of a log, whole or not at all.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::log_file::{LogFile, identity_of};

/// How long another writer is waited for.
pub(super) const LOCK_WAIT: Duration = Duration::from_secs(2);
/// The pause between two tries for the lock.
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// What kept a record from being appended.
#[derive(Debug)]
pub(super) enum Failure {
    /// Another writer holds the lock.
    Locked,
    /// Locks do not work on this file.
    NoLocks(io::Error),
    /// The system refused a step.
    Io(&'static str, io::Error),
    /// Only so many bytes were taken; they were removed again.
    Short(usize),
}

/// Waits for the lock.
pub(super) fn lock(file: &impl LogFile, wait: Duration) -> Result<(), Failure> {
    let until = Instant::now() + wait;
    loop {
        match file.try_lock() {
            Ok(true) => return Ok(()),
            Ok(false) if Instant::now() >= until => return Err(Failure::Locked),
            Ok(false) => std::thread::sleep(LOCK_PAUSE),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                let code = error.raw_os_error();
                let no_locks =
                    [rustix::io::Errno::NOLCK, rustix::io::Errno::NOSYS, rustix::io::Errno::OPNOTSUPP]
                        .iter()
                        .any(|errno| Some(errno.raw_os_error()) == code);
                return Err(if no_locks {
                    Failure::NoLocks(error)
                } else {
                    Failure::Io("could not lock", error)
                });
            }
        }
    }
}

/// Waits for the lock of the file that a path leads to. `false` if the path leads to another file by the time the
/// lock is there: whoever waited for the lock of a file that was replaced meanwhile would write where nobody reads.
pub(super) fn lock_at(file: &impl LogFile, path: &Path, wait: Duration) -> Result<bool, Failure> {
    lock(file, wait)?;
    let is_same = leads_to(path, file);
    if !is_same {
        // Nothing depends on it: the lock also goes with the file.
        let _ = file.unlock();
    }
    Ok(is_same)
}

/// Whether a path leads to an open file now.
pub(super) fn leads_to(path: &Path, file: &impl LogFile) -> bool {
    file.identity().is_ok_and(|opened| identity_of(path).is_ok_and(|there| there == opened))
}

/// Appends a line to a locked file; the size it has then. Where the last line of the file was torn
/// off, it is sealed with a line end first: it becomes one bad line, and this one stays whole. After
/// an error nothing of the line is left, unless even that is refused; then the next append seals it.
pub(super) fn append(file: &mut impl LogFile, line: &str) -> Result<u64, Failure> {
    let size = file.size().map_err(|error| Failure::Io("could not measure", error))?;
    let mut bytes = Vec::with_capacity(line.len() + 1);
    if size > 0 {
        let mut last = [0];
        let read = file.read_at(&mut last, size - 1).map_err(|error| Failure::Io("could not read", error))?;
        if read == 1 && last != [b'\n'] {
            bytes.push(b'\n');
        }
    }
    bytes.extend_from_slice(line.as_bytes());
    let written = loop {
        match file.append(&bytes) {
            // Nothing was taken yet when a signal comes first.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => break other,
        }
    };
    match written {
        Ok(written) if written == bytes.len() => Ok(size + bytes.len() as u64),
        Ok(written) => {
            let _ = file.truncate(size);
            Err(Failure::Short(written))
        }
        Err(error) => {
            let _ = file.truncate(size);
            Err(Failure::Io("could not write to", error))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::log_file::{DiskFile, Identity};
    use std::cell::{Cell, RefCell};

    /// A file in memory of which every step can fail.
    #[derive(Default)]
    struct Faulty {
        bytes: RefCell<Vec<u8>>,
        takes: Cell<Option<usize>>,
        fails: Cell<Option<io::ErrorKind>>,
        truncates: bool,
    }

    impl LogFile for Faulty {
        fn try_lock(&self) -> io::Result<bool> {
            Ok(false)
        }
        fn unlock(&self) -> io::Result<()> {
            Ok(())
        }
        fn size(&self) -> io::Result<u64> {
            Ok(self.bytes.borrow().len() as u64)
        }
        fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
            buffer[0] = self.bytes.borrow()[usize::try_from(offset).unwrap()];
            Ok(1)
        }
        fn append(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = self.takes.take().unwrap_or(bytes.len()).min(bytes.len());
            self.bytes.borrow_mut().extend_from_slice(&bytes[..taken]);
            self.fails.take().map_or(Ok(taken), |kind| Err(kind.into()))
        }
        fn truncate(&self, size: u64) -> io::Result<()> {
            if !self.truncates {
                return Err(io::ErrorKind::PermissionDenied.into());
            }
            self.bytes.borrow_mut().truncate(usize::try_from(size).unwrap());
            Ok(())
        }
        fn sync(&self) -> io::Result<()> {
            Ok(())
        }
        fn identity(&self) -> io::Result<Identity> {
            Ok((0, 0))
        }
    }

    const LINE: &str = "{\"v\":1}\n";

    #[test]
    fn a_short_write_of_every_length_leaves_nothing() {
        for taken in 0..LINE.len() {
            let mut file = Faulty { truncates: true, ..Faulty::default() };
            append(&mut file, LINE).unwrap();
            file.takes.set(Some(taken));
            assert!(matches!(append(&mut file, LINE), Err(Failure::Short(n)) if n == taken));
            assert_eq!(*file.bytes.borrow(), LINE.as_bytes());
            append(&mut file, LINE).unwrap();
            assert_eq!(*file.bytes.borrow(), [LINE, LINE].concat().as_bytes());
        }
    }

    #[test]
    #[expect(clippy::string_slice, reason = "lines of the log are ASCII")]
    fn what_could_not_be_removed_is_sealed_by_the_next_record() {
        for taken in 1..LINE.len() - 1 {
            let mut file = Faulty::default();
            file.takes.set(Some(taken));
            assert!(append(&mut file, LINE).is_err());
            append(&mut file, LINE).unwrap();
            let expected = format!("{}\n{LINE}", &LINE[..taken]);
            assert_eq!(*file.bytes.borrow(), expected.as_bytes());
        }
    }

    #[test]
    fn a_file_that_was_replaced_before_its_lock_came_is_not_the_one_of_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("log"), folder.path().join("other"));
        for file in [&path, &other] {
            std::fs::write(file, LINE).unwrap();
        }
        let file = DiskFile::open(&path, false).unwrap();
        assert!(lock_at(&file, &path, Duration::ZERO).unwrap());
        file.unlock().unwrap();
        std::fs::rename(&other, &path).unwrap();
        assert!(!lock_at(&file, &path, Duration::ZERO).unwrap());
        // Nobody is kept from it.
        assert!(std::fs::remove_file(&path).is_ok() && file.try_lock().unwrap());
        assert!(!leads_to(&path, &file));
    }

    #[test]
    fn an_error_is_no_success_and_a_signal_is_no_error() {
        let mut file = Faulty { truncates: true, ..Faulty::default() };
        file.takes.set(Some(3));
        file.fails.set(Some(io::ErrorKind::StorageFull));
        assert!(matches!(append(&mut file, LINE), Err(Failure::Io(..))));
        assert!(file.bytes.borrow().is_empty());
        file.takes.set(Some(0));
        file.fails.set(Some(io::ErrorKind::Interrupted));
        assert_eq!(append(&mut file, LINE).unwrap(), LINE.len() as u64);
        assert!(matches!(lock(&file, Duration::ZERO), Err(Failure::Locked)));
    }
}
