//! The files that posts are read from, and how they are named, chosen and opened.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::format::{FORMATS, Fault, Format, HEAD_BYTES, choose, is_binary, refusal};
use super::problem::{Problem, Severity};
use super::walk;
use super::window::Bytes;
use crate::model::safe;

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
    sources: Vec<Source>,
    logs: Vec<PathBuf>,
    total: u64,
}

/// Why a path cannot be opened as posts. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// There is nothing of this name.
    #[error("cannot open {}: there is no such file or folder; look at the name again", shown(path))]
    Missing {
        /// As it was named.
        path: PathBuf,
    },
    /// The system refuses it.
    #[error("cannot read {}: {error}; a file of posts must be readable for you", shown(path))]
    Unreadable {
        /// As it was named.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It is neither a file nor a folder.
    #[error(
        "cannot open {}: it is {kind}, and posts are read from files and folders; to read from a pipe, name `-`",
        shown(path)
    )]
    NotRegular {
        /// As it was named.
        path: PathBuf,
        /// What it is, with its article.
        kind: &'static str,
    },
    /// It holds no text that could be posts.
    #[error("cannot read {}: found {}, expected {}; {}", shown(path), safe(&fault.found), fault.expected, fault.advice)]
    Refused {
        /// As it was named.
        path: PathBuf,
        /// What was found.
        fault: Fault,
    },
    /// A folder without a single file of posts.
    #[error(
        "found no posts in {}: expected files that end in {}; name another folder or the files themselves",
        shown(path),
        extensions()
    )]
    NoPosts {
        /// As it was named.
        path: PathBuf,
    },
    /// Standard input cannot be kept.
    #[error("cannot keep what comes from standard input: {error}; is there room for temporary files?")]
    Stdin {
        /// What the system says.
        error: io::Error,
    },
    /// Standard input was named twice.
    #[error("standard input (`-`) was named twice, but it can be read only once; name it once")]
    StdinTwice,
}

fn shown(path: &Path) -> String {
    safe(&path.to_string_lossy()).to_string()
}

/// The extensions of all formats, for a sentence.
pub(super) fn extensions() -> String {
    let all = FORMATS.iter().flat_map(|format| format.extensions);
    all.map(|extension| format!(".{extension}")).collect::<Vec<_>>().join(", ")
}

impl Sources {
    /// Finds the files of these paths: files as they are, folders walked, `-` standard input. With
    /// them comes what was left out of the folders. Bodies are not read, standard input is.
    pub fn open(paths: &[PathBuf]) -> Result<(Self, Vec<Problem>), SourceError> {
        // Locked while it is read, and not at all where it is not: somebody else may be reading it.
        Self::open_with(paths, &mut io::stdin())
    }

    /// The files as they are now; `None` where what was named is no file. Fails where one is gone.
    pub fn reopen(&self) -> Option<Result<(Self, Vec<Problem>), SourceError>> {
        let is_file = |root: &Root| matches!(root.kind, RootKind::File | RootKind::Folder);
        let paths: Vec<PathBuf> = self.roots().iter().map(|root| root.path.clone()).collect();
        self.roots().iter().all(is_file).then(|| Self::open(&paths))
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
        stdin: &mut dyn Read,
    ) -> Result<(Self, Vec<Problem>), SourceError> {
        let mut inner = Inner::default();
        let mut problems = Vec::new();
        for path in paths {
            let root = inner.roots.len();
            let kind = if path.as_os_str() == STDIN {
                if inner.roots.iter().any(|root| root.kind == RootKind::Stdin) {
                    return Err(SourceError::StdinTwice);
                }
                inner.sources.push(spool(root, stdin)?);
                RootKind::Stdin
            } else if path.is_dir() {
                open_folder(path, root, &mut inner, &mut problems)?;
                RootKind::Folder
            } else {
                inner.sources.push(open_file(path, root)?);
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
            let format = format_of(&path, head).unwrap_or_else(fallback);
            let len = bytes.len() as u64;
            Source { path, lossy: None, root: 0, format, len, content: Content::Memory(bytes) }
        };
        let sources: Vec<Source> = files.into_iter().map(source).collect();
        let total = sources.iter().map(Source::len).sum();
        let roots = vec![Root { path: PathBuf::new(), kind: RootKind::Builtin }];
        Self { inner: Arc::new(Inner { roots, sources, total, ..Inner::default() }) }
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

fn format_of(path: &Path, head: &[u8]) -> Option<&'static Format> {
    choose(path.extension().and_then(|extension| extension.to_str()), head)
}

/// Text of no known format is read as a page: that reader takes any text.
fn fallback() -> &'static Format {
    &super::format::PAGE
}

/// Opens a regular file without waiting for anyone; `O_NONBLOCK` for what became a FIFO since.
pub(super) fn open_regular(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    match kind_of(&file.metadata()?) {
        None => Ok(file),
        Some(kind) => Err(io::Error::new(io::ErrorKind::InvalidInput, format!("it is {kind}"))),
    }
}

/// What something is that is not a regular file.
pub(super) fn kind_of(metadata: &Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    Some(match () {
        () if kind.is_file() => return None,
        () if kind.is_dir() => "a folder",
        () if kind.is_fifo() => "a FIFO",
        () if kind.is_socket() => "a socket",
        () if kind.is_block_device() || kind.is_char_device() => "a device",
        () => "no regular file",
    })
}

fn open_file(path: &Path, root: usize) -> Result<Source, SourceError> {
    let unreadable = |error: io::Error| {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound => SourceError::Missing { path },
            _ => SourceError::Unreadable { path, error },
        }
    };
    let metadata = path.metadata().map_err(unreadable)?;
    // Looked at before it is opened: opening alone can already do something to a device.
    if let Some(kind) = kind_of(&metadata) {
        return Err(SourceError::NotRegular { path: path.to_owned(), kind });
    }
    let bytes = Bytes::Opened(open_regular(path).map_err(unreadable)?);
    let head = bytes.read(0, HEAD_BYTES).map_err(unreadable)?;
    if metadata.len() == 0 && !head.is_empty() {
        let kind = "a file of the kernel without a length";
        return Err(SourceError::NotRegular { path: path.to_owned(), kind });
    }
    let refused = |fault| SourceError::Refused { path: path.to_owned(), fault };
    if let Some(fault) = refusal(&head) {
        return Err(refused(fault));
    }
    let format = match format_of(path, &head) {
        Some(format) if !is_binary(&head) || (format.sniff)(&head) => format,
        None if !is_binary(&head) => fallback(),
        _ => return Err(refused(binary())),
    };
    Ok(source_of(path.to_owned(), root, format, &metadata))
}

fn binary() -> Fault {
    Fault::rejected("bytes that are no text", "posts as text")
        .advise(format!("name files that end in {}", extensions()))
}

fn source_of(path: PathBuf, root: usize, format: &'static Format, metadata: &Metadata) -> Source {
    let lossy = path.to_str().is_none().then(|| path.to_string_lossy().into());
    let stamp = Stamp::of(metadata);
    Source { path, lossy, root, format, len: stamp.len, content: Content::Path(stamp) }
}

fn open_folder(
    folder: &Path,
    root: usize,
    inner: &mut Inner,
    problems: &mut Vec<Problem>,
) -> Result<(), SourceError> {
    let Inner { sources, logs, .. } = inner;
    let before = sources.len();
    for path in walk::files(folder, logs, problems) {
        match look_at(&path) {
            Ok(Look::Posts(format, metadata)) => sources.push(source_of(path, root, format, &metadata)),
            Ok(Look::LeftOut(fault)) => problems.push(left_out(&path, fault)),
            Err(error) => problems.push(left_out(&path, unreadable(&error))),
        }
    }
    if sources.len() == before {
        return Err(SourceError::NoPosts { path: folder.to_owned() });
    }
    Ok(())
}

enum Look {
    Posts(&'static Format, Metadata),
    LeftOut(Fault),
}

/// Looks at one file of a folder.
fn look_at(path: &Path) -> io::Result<Look> {
    let metadata = path.metadata()?;
    if let Some(format) = format_of(path, &[]).filter(|format| format.extension_decides) {
        return Ok(Look::Posts(format, metadata));
    }
    let head = Bytes::Opened(open_regular(path)?).read(0, HEAD_BYTES)?;
    if let Some(fault) = refusal(&head) {
        return Ok(Look::LeftOut(fault));
    }
    Ok(match format_of(path, &head) {
        Some(format) => Look::Posts(format, metadata),
        None if is_binary(&head) => Look::LeftOut(Fault { severity: Severity::Doubt, ..binary() }),
        None => Look::LeftOut(Fault::doubt("text of no known format", extensions())),
    })
}

/// A file that the system does not let us read.
pub(super) fn unreadable(error: &io::Error) -> Fault {
    Fault::rejected(format!("a file that cannot be read ({error})"), "a readable file")
}

/// A problem of a whole file.
pub(super) fn left_out(path: &Path, fault: Fault) -> Problem {
    Problem {
        file: path.to_string_lossy().into_owned(),
        line: None,
        offset: 0,
        severity: fault.severity,
        found: fault.found,
        expected: fault.expected,
        advice: if fault.advice.is_empty() { "it was left out".to_owned() } else { fault.advice },
        excerpt: String::new(),
    }
}

/// Keeps what comes from standard input in a file without a name.
fn spool(root: usize, stdin: &mut dyn Read) -> Result<Source, SourceError> {
    let failed = |error| SourceError::Stdin { error };
    let mut file = tempfile::tempfile().map_err(failed)?;
    let len = io::copy(stdin, &mut file).map_err(failed)?;
    let head = Bytes::Spooled(&file).read(0, HEAD_BYTES).map_err(failed)?;
    let path = PathBuf::from(STDIN);
    let refused = |fault| Err(SourceError::Refused { path: path.clone(), fault });
    if let Some(fault) = refusal(&head) {
        return refused(fault);
    }
    let format = match format_of(Path::new(""), &head) {
        Some(format) => format,
        None if is_binary(&head) => return refused(binary()),
        None => fallback(),
    };
    Ok(Source { path, lossy: None, root, format, len, content: Content::Spool(file) })
}
