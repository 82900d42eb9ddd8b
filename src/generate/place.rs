//! Files and folders that stand under their name whole or not at all.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempDir};

use crate::model::safe;

/// Why something does not come to stand under its name. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// Something is there already.
    #[error("{} exists and is kept as it is; name another, or say --force to replace it", shown(path))]
    Exists {
        /// As it was named.
        path: PathBuf,
    },
    /// What is there cannot be replaced.
    #[error("{} is {found}, and only {expected} can be replaced; name another", shown(path))]
    NotReplaceable {
        /// As it was named.
        path: PathBuf,
        /// What it is, with its article.
        found: &'static str,
        /// What it should be, with its article.
        expected: &'static str,
    },
    /// The system refuses it.
    #[error(
        "cannot make {}; the folder it is to stand in must be there, with room, and writable for you",
        shown(path)
    )]
    Refused {
        /// As it was named.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: io::Error,
    },
}

fn shown(path: &Path) -> String {
    safe(&path.to_string_lossy()).to_string()
}

fn refused(path: &Path) -> impl Fn(io::Error) -> PlaceError + use<'_> {
    |error| PlaceError::Refused { path: path.to_owned(), error }
}

/// The folder that something stands in.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The name of what is in the making: hidden, so that a folder that is walked meanwhile has no half
/// posts in it.
fn beside(path: &Path) -> String {
    format!(".{}.", path.file_name().unwrap_or_default().to_string_lossy())
}

/// A file that is written beside its place. Dropped before it is finished, it leaves nothing behind.
#[derive(Debug)]
pub struct NewFile {
    path: PathBuf,
    file: NamedTempFile,
    replace: bool,
}

impl NewFile {
    /// Begins a file. What is there already is an error, a regular file only unless `replace`.
    pub fn create(path: &Path, replace: bool) -> Result<Self, PlaceError> {
        // Those of a new file, before the mask of the user is applied.
        let mut mode = Permissions::from_mode(0o666);
        if let Ok(metadata) = path.symlink_metadata() {
            if !metadata.is_file() {
                let (path, found) = (path.to_owned(), "no regular file");
                return Err(PlaceError::NotReplaceable { path, found, expected: "a file" });
            }
            if !replace {
                return Err(PlaceError::Exists { path: path.to_owned() });
            }
            mode = metadata.permissions();
        }
        let file = Builder::new().prefix(&beside(path)).permissions(mode).tempfile_in(parent(path));
        Ok(Self { path: path.to_owned(), file: file.map_err(refused(path))?, replace })
    }

    /// Where it lies until it is finished.
    pub fn unfinished(&self) -> &Path {
        self.file.path()
    }

    /// Where it is written.
    pub fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// The same, seen to the disk: after a crash the old file is there, or this one whole.
    pub fn finish_on_disk(self) -> Result<(), PlaceError> {
        let path = self.path.clone();
        self.file.as_file().sync_all().map_err(refused(&path))?;
        self.finish()?;
        match File::open(parent(&path)).and_then(|folder| folder.sync_all()) {
            // Some file systems have nothing to do for a folder, and say so.
            Err(error)
                if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) =>
            {
                Ok(())
            }
            synced => synced.map_err(refused(&path)),
        }
    }

    /// Puts it in its place.
    pub fn finish(self) -> Result<(), PlaceError> {
        let Self { path, mut file, replace } = self;
        file.flush().map_err(refused(&path))?;
        let placed = if replace { file.persist(&path) } else { file.persist_noclobber(&path) };
        match placed {
            Ok(_) => Ok(()),
            // Somebody was quicker.
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                Err(PlaceError::Exists { path })
            }
            Err(error) => Err(PlaceError::Refused { path, error: error.error }),
        }
    }
}

/// A folder that is filled beside its place. Dropped before it is finished, it leaves nothing behind.
#[derive(Debug)]
pub struct NewFolder {
    path: PathBuf,
    folder: TempDir,
    merge: bool,
}

impl NewFolder {
    /// Begins a folder. A folder that is there and has something in it is an error unless `replace`;
    /// then its files are replaced by those of the same name, and others stay.
    pub fn create(path: &Path, replace: bool) -> Result<Self, PlaceError> {
        let mut merge = false;
        if let Ok(metadata) = path.symlink_metadata() {
            if !metadata.is_dir() {
                let (path, found) = (path.to_owned(), "no folder");
                return Err(PlaceError::NotReplaceable { path, found, expected: "a folder" });
            }
            merge = fs::read_dir(path).map_err(refused(path))?.next().is_some();
            if merge && !replace {
                return Err(PlaceError::Exists { path: path.to_owned() });
            }
        }
        let mode = Permissions::from_mode(0o777);
        let folder = Builder::new().prefix(&beside(path)).permissions(mode).tempdir_in(parent(path));
        Ok(Self { path: path.to_owned(), folder: folder.map_err(refused(path))?, merge })
    }

    /// Where it is filled.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Puts it in its place.
    pub fn finish(self) -> Result<(), PlaceError> {
        let Self { path, folder, merge } = self;
        if merge {
            return merge_into(folder.path(), &path).map_err(refused(&path));
        }
        // An empty folder is replaced by this; one that was filled meanwhile is not.
        match fs::rename(folder.path(), &path) {
            Ok(()) => {
                // It has another name now, so there is nothing to tidy up.
                let _ = folder.keep();
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {
                Err(PlaceError::Exists { path })
            }
            Err(error) => Err(PlaceError::Refused { path, error }),
        }
    }
}

/// Moves everything in `from` to the same place in `to`.
fn merge_into(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            merge_into(&entry.path(), &target)?;
        } else {
            fs::rename(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_stands_under_its_name_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("posts");
        let mut file = NewFile::create(&path, false).unwrap();
        file.file().write_all(b"half").unwrap();
        assert!(!path.exists());
        drop(file);
        assert_eq!(names(folder.path()), [""; 0]);

        let mut file = NewFile::create(&path, false).unwrap();
        file.file().write_all(b"whole").unwrap();
        file.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(names(folder.path()), ["posts"]);
        assert!(matches!(NewFile::create(&path, false), Err(PlaceError::Exists { .. })));
    }

    #[test]
    fn what_came_meanwhile_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("posts");
        let file = NewFile::create(&path, false).unwrap();
        fs::write(&path, "precious").unwrap();
        assert!(matches!(file.finish(), Err(PlaceError::Exists { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"precious");

        let pages = folder.path().join("pages");
        let made = NewFolder::create(&pages, false).unwrap();
        fs::write(made.path().join("a"), "new").unwrap();
        fs::create_dir(&pages).unwrap();
        fs::write(pages.join("a"), "precious").unwrap();
        assert!(matches!(made.finish(), Err(PlaceError::Exists { .. })));
        assert_eq!(fs::read(pages.join("a")).unwrap(), b"precious");
        assert_eq!(names(folder.path()), ["pages", "posts"]);
    }

    #[test]
    fn a_replaced_file_keeps_its_permissions_and_a_link_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("posts");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        NewFile::create(&path, true).unwrap().finish().unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read(&path).unwrap(), b"");
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(matches!(NewFile::create(&link, true), Err(PlaceError::NotReplaceable { .. })));
        assert!(matches!(NewFile::create(folder.path(), true), Err(PlaceError::NotReplaceable { .. })));
        assert!(matches!(NewFolder::create(&path, true), Err(PlaceError::NotReplaceable { .. })));
    }

    #[test]
    fn a_replaced_folder_keeps_what_has_another_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pages");
        let fill = |replace| {
            let made = NewFolder::create(&path, replace)?;
            fs::create_dir(made.path().join("0000")).unwrap();
            fs::write(made.path().join("0000/a"), "new").unwrap();
            made.finish()
        };
        fs::create_dir(&path).unwrap();
        fill(false).unwrap();
        fs::write(path.join("0000/a"), "old").unwrap();
        fs::write(path.join("0000/b"), "mine").unwrap();
        assert!(matches!(fill(false), Err(PlaceError::Exists { .. })));
        fill(true).unwrap();
        assert_eq!(names(&path.join("0000")), ["a", "b"]);
        assert_eq!(fs::read(path.join("0000/a")).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["pages"]);
    }
}
