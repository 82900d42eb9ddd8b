//! The few things that a review log does to its file, apart so that tests can make each of them fail.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

/// Which file a path leads to, whatever its name.
pub(super) type Identity = (u64, u64);

/// A log that is open for reading and appending.
pub(super) trait LogFile {
    /// Tries to become the only writer; `false` when another one is.
    fn try_lock(&self) -> io::Result<bool>;
    /// Lets others write.
    fn unlock(&self) -> io::Result<()>;
    /// Unit: bytes.
    fn size(&self) -> io::Result<u64>;
    /// Reads at an offset, as much as there is.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;
    /// Writes once at the end; how much was taken.
    fn append(&mut self, bytes: &[u8]) -> io::Result<usize>;
    /// Cuts the end off.
    fn truncate(&self, size: u64) -> io::Result<()>;
    /// Brings what was written to the disk.
    fn sync(&self) -> io::Result<()>;
    /// Which file it is.
    fn identity(&self) -> io::Result<Identity>;
}

/// A file of the system.
#[derive(Debug)]
pub(super) struct DiskFile(File);

/// What a path is that a log cannot be.
pub(super) fn not_a_log(metadata: &std::fs::Metadata) -> Option<&'static str> {
    if metadata.file_type().is_symlink() {
        return Some("a symbolic link (--follow-links uses the file it leads to)");
    }
    let second_name = "a file with a second name (a hard link)";
    not_a_file(metadata).or_else(|| (metadata.nlink() > 1).then_some(second_name))
}

/// What a path is that is no regular file.
pub(super) fn not_a_file(metadata: &std::fs::Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    if kind.is_symlink() {
        Some("a symbolic link")
    } else if kind.is_dir() {
        Some("a folder")
    } else if !kind.is_file() {
        Some("a pipe, a socket or a device")
    } else {
        None
    }
}

/// There is no file of this name, or none can have it because it is too long.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidFilename)
}

impl DiskFile {
    /// Opens a log; `create` makes it where there is none.
    pub(super) fn open(path: &Path, create: bool) -> io::Result<Self> {
        // Never through a link, never waiting for the other end of a pipe.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let mut options = OpenOptions::new();
        options.read(true).append(true).mode(0o644).custom_flags(flags.bits().cast_signed());
        if create {
            options.create_new(true);
        }
        options.open(path).map(Self)
    }

    /// Opens a log for reading alone.
    pub(super) fn open_to_read(path: &Path) -> io::Result<Self> {
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path).map(Self)
    }

    pub(super) fn metadata(&self) -> io::Result<std::fs::Metadata> {
        self.0.metadata()
    }
}

impl LogFile for DiskFile {
    fn try_lock(&self) -> io::Result<bool> {
        match self.0.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn unlock(&self) -> io::Result<()> {
        self.0.unlock()
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.read_at(buffer, offset)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // One call of the system: a reader sees all of the record or none of it.
        io::Write::write(&mut self.0, bytes)
    }

    fn truncate(&self, size: u64) -> io::Result<()> {
        self.0.set_len(size)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn identity(&self) -> io::Result<Identity> {
        let metadata = self.0.metadata()?;
        Ok((metadata.dev(), metadata.ino()))
    }
}

/// Which file a path leads to now.
pub(super) fn identity_of(path: &Path) -> io::Result<Identity> {
    let metadata = std::fs::symlink_metadata(path)?;
    Ok((metadata.dev(), metadata.ino()))
}

/// Makes a new name in a folder last.
pub(super) fn sync_folder_of(path: &Path) -> io::Result<()> {
    match File::open(super::family::folder_of(path))?.sync_all() {
        // Some file systems have nothing to do for a folder, and say so.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        synced => synced,
    }
}
