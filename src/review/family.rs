//! The names of the logs of one corpus: they are read together, whoever writes in which.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use super::error::LogError;
use super::log_file::not_a_file;

/// The ending of a log beside a corpus file, and the name of one in a folder.
const SIDECAR: &str = "reviews.jsonl";
/// The word in the name of every log.
const WORD: &str = "reviews";
const ENDING: &str = ".jsonl";
/// What stands behind the name of a log in the name of its archive.
pub(super) const ARCHIVE: &str = ".archive";
/// The same of a log as it was, and of one in the making; a word follows.
pub(super) const BACKUP: &str = ".backup-";
pub(super) const COMPACTING: &str = ".compacting-";

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

/// The log of one reviewer beside the log that all share: `posts.jsonl.reviews.mara.jsonl`. Letters
/// that a file name should not have become `_`.
pub fn own_log_of(sidecar: &Path, reviewer: &str) -> PathBuf {
    let plain = |c: char| if c.is_alphanumeric() || c == '-' { c } else { '_' };
    // The word tells where the name of the corpus ends.
    let name: String = reviewer.chars().take(64).map(plain).collect::<String>().replace(WORD, "review");
    Family::of(sidecar).named(&name)
}

/// The log that a file of this name is the archive or a backup of, if it is one by its name.
pub fn compacted_from(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.as_bytes();
    let behind = |mark: &str| memchr::memmem::rfind(name, mark.as_bytes()).and_then(|at| name.get(..at));
    let log =
        name.strip_suffix(ARCHIVE.as_bytes()).or_else(|| behind(BACKUP)).or_else(|| behind(COMPACTING))?;
    (!log.is_empty()).then(|| path.with_file_name(OsStr::from_bytes(log)))
}

/// The logs that belong together: `posts.jsonl.reviews*.jsonl`, and of a log with a name of its own `work.jsonl` and
/// `work.*.jsonl`. Names are compared byte by byte, since they need not be text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    folder: PathBuf,
    /// What all their names begin with.
    stem: Vec<u8>,
}

impl Family {
    /// The family of a log, whether it is the one that all share or one reviewer's own.
    pub fn of(log: &Path) -> Self {
        let name = log.file_name().unwrap_or_default().as_bytes();
        let plain = name.strip_suffix(ENDING.as_bytes()).unwrap_or(name);
        let word_end = memchr::memmem::rfind(plain, WORD.as_bytes()).map(|at| at + WORD.len());
        let stem = match word_end.and_then(|end| plain.split_at_checked(end)) {
            // The word alone is one of the name only where the name's own part ends or begins.
            Some((stem, [] | [b'.' | b'-' | b'_', ..])) => stem,
            _ => plain,
        };
        Self { folder: folder_of(log), stem: stem.to_vec() }
    }

    /// The folder that they stand in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether a file of the folder is one of them by its name.
    pub fn has(&self, name: &OsStr) -> bool {
        let rest = name.as_bytes().strip_prefix(self.stem.as_slice());
        let middle = rest.and_then(|rest| rest.strip_suffix(ENDING.as_bytes()));
        let is_by_word = self.stem.ends_with(WORD.as_bytes());
        // A log with a name of its own has relatives only by the names that `named` gives.
        middle.is_some_and(|middle| middle.is_empty() || is_by_word || middle.starts_with(b"."))
    }

    /// Whether a file stands, or would stand, in the same folder, however the two are written.
    pub fn is_beside(&self, file: &Path) -> bool {
        let folder = |folder: &Path| fs::canonicalize(folder).ok();
        folder(&self.folder).is_some_and(|own| Some(own) == folder(&folder_of(file)))
    }

    /// The member with this part in its name.
    pub(super) fn named(&self, part: &str) -> PathBuf {
        let name = [self.stem.as_slice(), b".", part.as_bytes(), ENDING.as_bytes()].concat();
        self.folder.join(OsString::from_vec(name))
    }

    /// Those that are there, in a stable order.
    pub(super) fn members(&self) -> Result<Vec<PathBuf>, LogError> {
        self.files(|name| self.has(name))
    }

    /// What has the name of one of them and is no file, with what it is.
    pub(super) fn unread(&self) -> Result<Vec<(PathBuf, &'static str)>, LogError> {
        let kind = |path: PathBuf| {
            let kind = fs::symlink_metadata(&path).ok().and_then(|metadata| not_a_file(&metadata))?;
            Some((path, kind))
        };
        Ok(self.entries(|entry| self.has(&entry.file_name()))?.into_iter().filter_map(kind).collect())
    }

    /// The files of the folder with such a name, in a stable order.
    fn files(&self, is_wanted: impl Fn(&OsStr) -> bool) -> Result<Vec<PathBuf>, LogError> {
        let is_file = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_file());
        self.entries(|entry| is_wanted(&entry.file_name()) && is_file(entry))
    }

    fn entries(&self, is_wanted: impl Fn(&fs::DirEntry) -> bool) -> Result<Vec<PathBuf>, LogError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(LogError::Io { path: self.folder.clone(), cause }),
        };
        let wanted = entries.flatten().filter(is_wanted);
        let mut files: Vec<PathBuf> = wanted.map(|entry| self.folder.join(entry.file_name())).collect();
        files.sort();
        Ok(files)
    }
}

impl Family {
    /// The archives that are there: what compactions have moved out of the logs of this family.
    pub(super) fn archives(&self) -> Result<Vec<PathBuf>, LogError> {
        self.files(|name| {
            let log = name.as_bytes().strip_suffix(ARCHIVE.as_bytes());
            log.is_some_and(|log| self.has(OsStr::from_bytes(log)))
        })
    }
}

/// The folder of a file, which is `.` for a bare name.
pub fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sidecars_stand_beside_their_posts() {
        assert_eq!(sidecar_of(Path::new("a/posts.jsonl"), false), Path::new("a/posts.jsonl.reviews.jsonl"));
        assert_eq!(sidecar_of(Path::new("a/pages"), true), Path::new("a/pages/reviews.jsonl"));
    }

    #[test]
    fn a_log_of_ones_own_belongs_to_the_one_that_all_share() {
        for shared in
            ["a/posts.jsonl.reviews.jsonl", "a/reviews.jsonl", "a/reviews.jsonl.reviews.jsonl", "./x.jsonl"]
        {
            let shared = Path::new(shared);
            for reviewer in ["mara", "Mara Ö. reviews", "../../etc/passwd", "", "rescue-00ff"] {
                let own = own_log_of(shared, reviewer);
                assert_eq!(own.parent(), shared.parent(), "{reviewer}");
                let name = own.file_name().unwrap();
                assert!(Family::of(shared).has(name), "{own:?}");
                if shared != Path::new("./x.jsonl") {
                    assert_eq!(Family::of(&own), Family::of(shared), "{own:?}");
                }
            }
        }
        let family = Family::of(Path::new("a/posts.jsonl.reviews.jsonl"));
        for (name, is_one) in [
            ("posts.jsonl.reviews.jsonl", true),
            ("posts.jsonl.reviews2.jsonl", true),
            ("posts.jsonl.reviews.jsonl.bak", false),
            ("other.jsonl.reviews.jsonl", false),
            ("posts.jsonl", false),
        ] {
            assert_eq!(family.has(OsStr::new(name)), is_one, "{name}");
        }
        let of = |path| compacted_from(Path::new(path));
        assert_eq!(of("a/x.jsonl.archive"), Some(PathBuf::from("a/x.jsonl")));
        assert_eq!(of("x.jsonl.backup-k7q2m9x4wd3tz"), Some(PathBuf::from("x.jsonl")));
        assert_eq!([of("x.jsonl"), of("a/.archive"), of("archive"), of("/")], [const { None }; 4]);
        for (name, is_one) in [
            ("work.jsonl", true),
            ("work.mara.jsonl", true),
            ("work-b.jsonl", false),
            ("work_b.jsonl", false),
            ("workb.jsonl", false),
        ] {
            assert_eq!(Family::of(Path::new("work.jsonl")).has(OsStr::new(name)), is_one, "{name}");
        }
        // Names that are no text are told apart by their bytes.
        let [acute, grave] = [b"caf\xe9.jsonl.reviews.jsonl", b"caf\xe8.jsonl.reviews.jsonl"]
            .map(|name| OsStr::from_bytes(name));
        let family = Family::of(Path::new(acute));
        assert!(family.has(acute) && !family.has(grave));
        assert!(family.has(own_log_of(Path::new(acute), "mara").file_name().unwrap()));
        let archive = PathBuf::from(OsStr::from_bytes(b"caf\xe9.jsonl.reviews.jsonl.archive"));
        assert_eq!(compacted_from(&archive).as_deref(), Some(Path::new(acute)));
        assert_eq!(Family::of(Path::new("reviews.jsonl")).folder(), Path::new("."));
    }
}
