//! What can be said of a log before anything is written to it.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;

use super::ReviewLog;
use crate::review::error::{AppendError, shown};
use crate::review::family::folder_of;
use crate::review::line::{LineItem, read_line};
use crate::review::log_file::{DiskFile, LogFile, not_a_log};
use crate::review::replay::MAX_LINE_BYTES;

impl ReviewLog {
    /// Whether what stands in it is, as far as its first lines tell, a review log.
    pub fn looks_like_a_log(&self) -> bool {
        // Whoever appends to it says why it cannot be read.
        self.begins_with(|item| is_record(item) || *item == LineItem::ConflictMarker).unwrap_or(true)
    }

    /// Whether records stand in it, as far as its first lines tell. Never asked of a link or a pipe.
    pub fn holds_records(&self) -> io::Result<bool> {
        self.begins_with(is_record)
    }

    /// Whether its first lines have such an item. A decision on many posts makes a line of megabytes, so no
    /// less than the longest line is looked at before that is denied.
    fn begins_with(&self, wanted: fn(&LineItem) -> bool) -> io::Result<bool> {
        /// Nearly always enough.
        const HEAD_BYTES: usize = 256 * 1024;
        let file = DiskFile::open_to_read(&self.path)?;
        let mut head = Vec::new();
        while head.len() <= MAX_LINE_BYTES {
            let known = head.len();
            head.resize(HEAD_BYTES.max(known * 2), 0);
            let read = file.read_at(head.get_mut(known..).unwrap_or_default(), known as u64)?;
            head.truncate(known + read);
            let has_one = head.split(|byte| *byte == b'\n').flat_map(read_line).any(|item| wanted(&item));
            if has_one || read == 0 {
                return Ok(has_one);
            }
        }
        Ok(false)
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

    /// Why somebody else could change it, if anybody could: it belongs to another user, or everybody may
    /// replace files in its folder.
    pub fn distrust(&self) -> Option<String> {
        const ANYBODY_WRITES: u32 = 0o002;
        const STICKY: u32 = 0o1000;
        let me = rustix::process::geteuid().as_raw();
        let log = fs::symlink_metadata(&self.path).ok();
        let folder = fs::metadata(folder_of(&self.path)).ok()?;
        if log.is_some_and(|log| log.uid() != me) {
            return Some(format!(
                "the review log {} belongs to another user, who can change it",
                shown(&self.path)
            ));
        }
        (folder.mode() & (ANYBODY_WRITES | STICKY) == ANYBODY_WRITES).then(|| {
            format!(
                "everybody may replace the review log {}: its folder is writable for all",
                shown(&self.path)
            )
        })
    }

    /// Whether somebody goes on to write what was not written. A command ends, and its decisions with it.
    pub(super) fn is_kept_by_a_desk(&self) -> bool {
        self.made.is_some()
    }

    pub(super) fn refused(&self, what: &'static str, cause: io::Error) -> AppendError {
        let advice = match cause.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "Make it writable, or keep the decisions elsewhere with --sidecar FILE"
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                if self.is_kept_by_a_desk() {
                    "Make room; the decision is kept and tried again"
                } else {
                    "Make room, and try again"
                }
            }
            io::ErrorKind::InvalidFilename => {
                "Its name is too long; keep the decisions elsewhere with --sidecar FILE"
            }
            io::ErrorKind::NotFound => {
                "Is the folder there? Keep the decisions elsewhere with --sidecar FILE"
            }
            _ if self.is_kept_by_a_desk() => "The decision is kept and tried again",
            _ => "Try again",
        };
        AppendError::Io { what, path: self.path.clone(), advice, cause }
    }
}

fn is_record(item: &LineItem) -> bool {
    matches!(item, LineItem::Record(_) | LineItem::Newer { .. })
}
