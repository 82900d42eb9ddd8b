//! The columns of a corpus, kept from one run to the next.
//!
//! One file for what was named on the command line, in the cache folder. It is used only if it is
//! whole and the corpus is still the one that it was made of; anything else is thrown away without a
//! word, and the posts are read again. A file of lines that has only grown is known by samples of
//! what it was, and what came since is read alone.

mod fingerprint;
mod stored;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

pub use self::fingerprint::Prefix;
pub use self::stored::Stored;
use self::stored::{Blob, Header, finish_file};
use super::columns::Writer;
use super::source::{Sources, open_regular};
use super::{Problem, RootKind, Segment};
use crate::model::Digest;

/// Less than this is read as quickly as a cache would be. Unit: bytes.
const WORTH_BYTES: u64 = 4 << 20;

/// What all caches together may take, unless somebody says otherwise. Unit: bytes.
pub const DEFAULT_LIMIT_BYTES: u64 = 2 << 30;

/// A corpus with more problems than this is one to be mended, not to be kept.
pub(super) const MAX_PROBLEMS: usize = 50_000;

/// What the files are called.
const EXTENSION: &str = "columns";

/// What files begin with that are still being written.
const ASIDE: &str = ".copydesk-";

/// The folder with the columns of corpora.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    limit_bytes: u64,
}

/// One file of the cache.
#[derive(Clone, Debug)]
pub struct CacheEntry {
    /// The file itself.
    pub path: PathBuf,
    /// What it was made of, as it was named, if that can be told.
    pub of: Option<String>,
    /// Why it is not used, if somebody else could have written it.
    pub distrust: Option<&'static str>,
    /// Unit: bytes.
    pub bytes: u64,
    /// When it was last used.
    pub used: SystemTime,
}

impl Cache {
    /// The cache in a folder, which need not be there yet.
    pub fn new(folder: PathBuf, limit_bytes: u64) -> Self {
        Self { folder, limit_bytes }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file for what was named; `None` for what is no file, or not worth it.
    fn path_of(&self, sources: &Sources) -> Option<PathBuf> {
        let files = |root: &super::Root| matches!(root.kind, RootKind::File | RootKind::Folder);
        if sources.total_bytes() < WORTH_BYTES || !sources.roots().iter().all(files) {
            return None;
        }
        let mut names = Vec::new();
        for root in sources.roots() {
            names.extend_from_slice(fs::canonicalize(&root.path).ok()?.as_os_str().as_encoded_bytes());
            names.push(0);
        }
        Some(self.folder.join(format!("{}.{EXTENSION}", Digest::of_bytes(&names))))
    }

    /// What is stored of these sources, if it can be used.
    pub fn find(&self, sources: &Sources) -> Option<Stored> {
        let path = self.path_of(sources)?;
        if distrust_of(&path).is_some() {
            return None;
        }
        let file = open_regular(&path).ok()?;
        let Ok(stored) = Stored::open(file, sources) else {
            // Of another version, damaged, or of what the corpus no longer is.
            let _ = fs::remove_file(&path);
            return None;
        };
        // The oldest goes first when there is no more room.
        let _ = stored.file().set_modified(SystemTime::now());
        Some(stored)
    }

    /// Why what is stored of these sources is not used although it is there, if somebody else could have written
    /// it: a sentence that names the file.
    pub fn distrust(&self, sources: &Sources) -> Option<String> {
        let path = self.path_of(sources)?;
        let why = distrust_of(&path)?;
        Some(format!("the cache {} is not used: {why}; remove it", path.to_string_lossy()))
    }

    /// Removes what is stored of these sources: the posts are others than it says.
    pub fn forget(&self, sources: &Sources) {
        if let Some(path) = self.path_of(sources) {
            let _ = fs::remove_file(path);
        }
    }

    /// Keeps the columns of sources. Aside first and then under its name, so that nobody ever reads
    /// half a file. Fails where a cache cannot be, and then there is none.
    pub fn store(
        &self,
        sources: &Sources,
        segments: &[Arc<Segment>],
        problems: &[Problem],
        lines: u32,
    ) -> io::Result<()> {
        let Some(path) = self.path_of(sources).filter(|_| problems.len() <= MAX_PROBLEMS) else {
            return Ok(());
        };
        private_folder(&self.folder)?;
        let aside = tempfile::Builder::new().prefix(ASIDE).tempfile_in(&self.folder)?;
        let mut out = BufWriter::new(aside.as_file());
        let mut header = Header::of(sources, lines)?;
        // Asked again: what the header says of the posts must be of those that were read.
        if sources.iter().any(super::Source::has_changed) {
            return Ok(());
        }
        let mut at = 0;
        let mut put = |bytes: &[u8]| -> io::Result<Blob> {
            let blob = Blob::of(at, bytes);
            out.write_all(bytes)?;
            at += bytes.len() as u64;
            Ok(blob)
        };
        for segment in segments {
            let mut writer = Writer::default();
            writer.segment(segment);
            header.segments.push(put(&writer.0)?);
        }
        header.problems = put(&serde_json::to_vec(problems)?)?;
        finish_file(&mut out, &header)?;
        out.flush()?;
        drop(out);
        let bytes = aside.as_file().metadata()?.len();
        if bytes <= self.limit_bytes {
            self.make_room(bytes, &path);
            aside.persist(&path).map_err(|error| error.error)?;
        }
        Ok(())
    }

    /// Everything that is stored, the last used first.
    pub fn entries(&self) -> Vec<CacheEntry> {
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let ours = files.filter(|path| path.extension().is_some_and(|extension| extension == EXTENSION));
        let mut entries: Vec<CacheEntry> = ours
            .filter_map(|path| {
                let metadata = path.symlink_metadata().ok()?;
                let of = open_regular(&path).ok().and_then(|file| Stored::name_in(&file));
                let distrust = distrust_of(&path);
                Some(CacheEntry {
                    of,
                    distrust,
                    bytes: metadata.len(),
                    used: metadata.modified().ok()?,
                    path,
                })
            })
            .collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.used));
        entries
    }

    /// Removes everything that is stored.
    pub fn clear(&self) -> io::Result<()> {
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        // Also what a program that was killed has left.
        let is_aside = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(ASIDE);
        for entry in files.filter(is_aside) {
            fs::remove_file(entry.path())?;
        }
        self.entries().iter().try_for_each(|entry| fs::remove_file(&entry.path))
    }

    /// Removes what was not used for longest until there is room for so much.
    fn make_room(&self, bytes: u64, keep: &Path) {
        let mut room = self.limit_bytes.saturating_sub(bytes);
        for entry in self.entries().iter().filter(|entry| entry.path != keep) {
            match room.checked_sub(entry.bytes) {
                Some(left) => room = left,
                None => drop(fs::remove_file(&entry.path)),
            }
        }
    }
}

/// Why a file of the cache is not to be believed, if it is there: what it says of posts decides which of them a
/// filter chooses, so nobody else may have written it.
fn distrust_of(path: &Path) -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt;
    let metadata = path.symlink_metadata().ok()?;
    if !metadata.is_file() {
        Some("it is a link or no regular file")
    } else if metadata.uid() != rustix::process::geteuid().as_raw() {
        Some("it belongs to another user")
    } else if metadata.mode() & 0o022 != 0 {
        Some("others may write to it")
    } else {
        None
    }
}

/// Makes a folder that only its owner can look into: titles may be nobody else's business.
fn private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(test)]
mod tests;
