//! What is done when the disk refuses a log: its unsynced lines go to a new file.

use std::fs;
use std::io;
use std::path::Path;

use super::ReviewLog;
use crate::review::log_file::{DiskFile, LogFile, sync_folder_of};
use crate::review::replay::Position;
use crate::review::reviews::random_word;
use crate::review::seen::Seen;

impl ReviewLog {
    /// Brings what may be lost to a new file, and goes on there: the system marks pages as clean
    /// after a failed sync, so that a second try would only seem to succeed.
    pub(super) fn rescue(&mut self) -> io::Result<()> {
        let path = self.family.named(&format!("rescue-{}", random_word()));
        let mut file = DiskFile::open(&path, true)?;
        let rescued = self.fill_rescue(&mut file, &path);
        match rescued {
            Ok(seen) => {
                self.seen.insert(path.clone(), seen);
                (self.path, self.file, self.is_new) = (path, Some(file), false);
                Ok(())
            }
            Err(error) => {
                // The next try makes another; half of one helps nobody.
                let _ = fs::remove_file(&path);
                Err(error)
            }
        }
    }

    fn fill_rescue(&self, file: &mut DiskFile, path: &Path) -> io::Result<Seen> {
        let lines = self.unsynced.concat();
        let taken = file.append(lines.as_bytes())?;
        if taken < lines.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        file.sync()?;
        sync_folder_of(path)?;
        let position =
            Position { offset: lines.len() as u64, lines: self.unsynced.len() as u64, ..Position::default() };
        Seen::begin(file)?.up_to(file, position)
    }
}
