//! The files that posts are read from, and how they are named, chosen and opened.

mod error;
mod open;

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use self::error::SourceError;
use self::open::{format_of, open_file, open_folder, spool};
pub(super) use self::open::{kind_of, left_out, open_regular, unreadable};
use super::Reading;
use super::format::{Format, HEAD_BYTES, PAGE};
use super::problem::Problem;
use super::window::Bytes;

/// The name that stands for standard input.
pub const STDIN: &str = "-";

/// What was named on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// As it was named.
    pub path: PathBuf,
    /// What it is.
    pub kind: RootKind,
}

/// What a root is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootKind {
    /// One file.
    File,
    /// A folder, walked.
    Folder,
    /// Standard input.
    Stdin,
    /// Not a file at all: posts that came with the program or a test.
    Builtin,
}

/// One file of posts.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    /// The path as text, where it is not UTF-8.
    lossy: Option<Box<str>>,
    root: usize,
    format: &'static Format,
    len: u64,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// Opened anew for each reading: a folder may hold more files than a process may have open.
    Path(Stamp),
    /// Standard input, kept in a file that has no name.
    Spool(File),
    Memory(Vec<u8>),
}

/// By what a file is known to be unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) len: u64,
    /// Unit: seconds and nanoseconds.
    pub(super) modified: (i64, i64),
    /// The device and the number on it.
    pub(super) inode: (u64, u64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self {
            len: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            inode: (metadata.dev(), metadata.ino()),
        }
    }
}

impl Source {
    /// The file as it was named, raw; bytes that are not UTF-8 are replaced.
    pub fn name(&self) -> &str {
        self.path.to_str().or(self.lossy.as_deref()).unwrap_or_default()
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The number of the root that it belongs to, in [`Sources::roots`].
    pub fn root(&self) -> usize {
        self.root
    }

    /// How it is read.
    pub fn format(&self) -> &'static Format {
        self.format
    }

    /// How long it was when it was found. Unit: bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether it was empty when it was found.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether the file is another one now, or gone: length, time of change or inode differ.
    pub fn has_changed(&self) -> bool {
        match &self.content {
            Content::Path(stamp) => {
                self.path.metadata().map_or(true, |metadata| Stamp::of(&metadata) != *stamp)
            }
            Content::Spool(_) | Content::Memory(_) => false,
        }
    }

    /// By what the file is known, if it is one.
    pub(super) fn stamp(&self) -> Option<Stamp> {
        match self.content {
            Content::Path(stamp) => Some(stamp),
            Content::Spool(_) | Content::Memory(_) => None,
        }
    }

    /// The name without its extension, which may be the id of a post.
    pub(crate) fn stem(&self) -> Option<&str> {
        match self.content {
            Content::Spool(_) => None,
            _ => self.path.file_stem()?.to_str(),
        }
    }

    pub(crate) fn open(&self) -> io::Result<Bytes<'_>> {
        Ok(match &self.content {
            Content::Path(_) => Bytes::Opened(open_regular(&self.path)?),
            Content::Spool(file) => Bytes::Spooled(file),
            Content::Memory(bytes) => Bytes::Memory(bytes),
        })
    }
}

/// All sources of a corpus, in order. Cheap to clone: what it holds is shared.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    roots: Vec<Root>,
    reading: Reading,
    sources: Vec<Source>,
    logs: Vec<PathBuf>,
    total: u64,
}

impl Sources {
    /// Finds the files of these paths: files as they are, folders walked, `-` standard input. With
    /// them comes what was left out of the folders. Bodies are not read, standard input is.
    pub fn open(paths: &[PathBuf]) -> Result<(Self, Vec<Problem>), SourceError> {
        Self::open_as(paths, &Reading::default())
    }

    /// The same, read as somebody has said.
    pub fn open_as(paths: &[PathBuf], reading: &Reading) -> Result<(Self, Vec<Problem>), SourceError> {
        // Locked while it is read, and not at all where it is not: somebody else may be reading it.
        Self::open_with(paths, reading, &mut io::stdin())
    }

    /// The files as they are now; `None` where what was named is no file. Fails where one is gone.
    pub fn reopen(&self) -> Option<Result<(Self, Vec<Problem>), SourceError>> {
        let is_file = |root: &Root| matches!(root.kind, RootKind::File | RootKind::Folder);
        let paths: Vec<PathBuf> = self.roots().iter().map(|root| root.path.clone()).collect();
        self.roots().iter().all(is_file).then(|| Self::open_as(&paths, &self.inner.reading))
    }

    /// The review logs that stand among the files of folders.
    pub fn logs(&self) -> &[PathBuf] {
        &self.inner.logs
    }

    /// Whether these are the same files, none of them changed.
    pub fn are(&self, other: &Self) -> bool {
        let of = |sources: &Self| -> Vec<_> {
            sources.iter().map(|source| (source.path.clone(), source.stamp())).collect()
        };
        of(self) == of(other)
    }

    /// The same, with something else for standard input.
    pub(super) fn open_with(
        paths: &[PathBuf],
        reading: &Reading,
        stdin: &mut dyn Read,
    ) -> Result<(Self, Vec<Problem>), SourceError> {
        let mut inner = Inner { reading: reading.clone(), ..Inner::default() };
        let mut problems = Vec::new();
        for path in paths {
            let root = inner.roots.len();
            let kind = if path.as_os_str() == STDIN {
                if inner.roots.iter().any(|root| root.kind == RootKind::Stdin) {
                    return Err(SourceError::StdinTwice);
                }
                inner.sources.push(spool(root, reading, stdin)?);
                RootKind::Stdin
            } else if path.is_dir() {
                open_folder(path, root, &mut inner, &mut problems)?;
                RootKind::Folder
            } else {
                inner.sources.push(open_file(path, root, reading)?);
                RootKind::File
            };
            inner.roots.push(Root { path: path.clone(), kind });
        }
        inner.total = inner.sources.iter().map(Source::len).sum();
        Ok((Self { inner: Arc::new(inner) }, problems))
    }

    /// Sources that are no files: a name and the bytes of each.
    pub fn in_memory(files: Vec<(String, Vec<u8>)>) -> Self {
        let source = |(name, bytes): (String, Vec<u8>)| {
            let path = PathBuf::from(name);
            let head = bytes.get(..HEAD_BYTES).unwrap_or(&bytes);
            let format = format_of(&path, head).unwrap_or(&PAGE);
            let len = bytes.len() as u64;
            Source { path, lossy: None, root: 0, format, len, content: Content::Memory(bytes) }
        };
        let sources: Vec<Source> = files.into_iter().map(source).collect();
        let total = sources.iter().map(Source::len).sum();
        let roots = vec![Root { path: PathBuf::new(), kind: RootKind::Builtin }];
        Self { inner: Arc::new(Inner { roots, sources, total, ..Inner::default() }) }
    }

    /// How they are read.
    pub(super) fn reading(&self) -> &Reading {
        &self.inner.reading
    }

    /// What was named.
    pub fn roots(&self) -> &[Root] {
        &self.inner.roots
    }

    /// The source with this number.
    pub fn get(&self, source: usize) -> Option<&Source> {
        self.inner.sources.get(source)
    }

    /// All sources, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.inner.sources.iter()
    }

    /// The length of all sources together. Unit: bytes.
    pub fn total_bytes(&self) -> u64 {
        self.inner.total
    }
}
