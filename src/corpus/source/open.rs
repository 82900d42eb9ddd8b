//! Finding and opening the files of posts: one that was named, those of a folder, standard input.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::{Content, Inner, STDIN, Source, SourceError, Stamp};
use crate::corpus::format::{
    Fault, Format, HEAD_BYTES, PAGE, choose, formats_read, is_binary, refusal, unread,
};
use crate::corpus::problem::{Problem, Severity};
use crate::corpus::window::Bytes;
use crate::corpus::{Reading, walk};
use crate::model::figures::grouped;

pub(super) fn format_of(path: &Path, head: &[u8]) -> Option<&'static Format> {
    choose(extension(path), head)
}

/// The format of a file that begins like this, or why it is not read.
fn chosen(path: &Path, head: &[u8], reading: &Reading) -> Result<&'static Format, Fault> {
    if let Some(fault) = refusal(head) {
        return Err(fault);
    }
    let format = reading.format.or_else(|| format_of(path, head));
    match format {
        Some(format) if !is_binary(head) || (format.sniff)(head) => Ok(format),
        None if !is_binary(head) => Err(unread(extension(path), head)),
        _ => Err(binary()),
    }
}

fn extension(path: &Path) -> Option<&str> {
    path.extension().and_then(|extension| extension.to_str())
}

/// A file that is as good as empty holds no posts, whatever it is called.
fn is_blank(head: &[u8]) -> bool {
    head.trim_ascii().is_empty()
}

/// Opens a regular file without waiting for anyone; `O_NONBLOCK` for what became a FIFO since.
pub(in crate::corpus) fn open_regular(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    match kind_of(&file.metadata()?) {
        None => Ok(file),
        Some(kind) => Err(io::Error::new(io::ErrorKind::InvalidInput, format!("it is {kind}"))),
    }
}

/// What something is that is not a regular file.
pub(in crate::corpus) fn kind_of(metadata: &Metadata) -> Option<&'static str> {
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

pub(super) fn open_file(path: &Path, root: usize, reading: &Reading) -> Result<Source, SourceError> {
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
    let format = match chosen(path, &head, reading) {
        Ok(format) => format,
        Err(_) if is_blank(&head) => &PAGE,
        Err(fault) => return Err(SourceError::Refused { path: path.to_owned(), fault }),
    };
    Ok(source_of(path.to_owned(), root, format, &metadata))
}

fn binary() -> Fault {
    Fault::rejected("bytes that are no text", format!("posts as text: {}", formats_read()))
        .advise("name the file that holds the posts")
}

fn source_of(path: PathBuf, root: usize, format: &'static Format, metadata: &Metadata) -> Source {
    let lossy = path.to_str().is_none().then(|| path.to_string_lossy().into());
    let stamp = Stamp::of(metadata);
    Source { path, lossy, root, format, len: stamp.len, content: Content::Path(stamp) }
}

pub(super) fn open_folder(
    folder: &Path,
    root: usize,
    inner: &mut Inner,
    problems: &mut Vec<Problem>,
) -> Result<(), SourceError> {
    let Inner { sources, logs, reading, .. } = inner;
    let before = sources.len();
    let mut kinds: Vec<LeftOut> = Vec::new();
    for path in walk::files(folder, logs, problems) {
        match look_at(&path, reading) {
            Ok(Ok((format, metadata))) => sources.push(source_of(path, root, format, &metadata)),
            Ok(Err(fault)) => match kinds.iter_mut().find(|kind| kind.fault.found == fault.found) {
                Some(kind) => kind.files += 1,
                None => kinds.push(LeftOut { fault, first: path, files: 1 }),
            },
            Err(error) => problems.push(left_out(&path, unreadable(&error))),
        }
    }
    problems.extend(kinds.into_iter().map(LeftOut::problem));
    if sources.len() == before {
        return Err(SourceError::NoPosts { path: folder.to_owned() });
    }
    Ok(())
}

/// The files of a folder that are left out for the same reason.
struct LeftOut {
    fault: Fault,
    first: PathBuf,
    files: usize,
}

impl LeftOut {
    /// One problem for all of them.
    fn problem(self) -> Problem {
        let Self { mut fault, first, files } = self;
        if files > 1 {
            fault.found = format!("{}, the first of {} such files", fault.found, grouped(files));
            fault.advice = format!("they were left out; {}", fault.advice);
        }
        left_out(&first, Fault { severity: Severity::Doubt, ..fault })
    }
}

/// Looks at one file of a folder: its format, or why it is left out.
fn look_at(path: &Path, reading: &Reading) -> io::Result<Result<(&'static Format, Metadata), Fault>> {
    let metadata = path.metadata()?;
    let by_name = reading.format.is_none().then(|| format_of(path, &[])).flatten();
    if let Some(format) = by_name.filter(|format| format.extension_decides) {
        return Ok(Ok((format, metadata)));
    }
    let head = Bytes::Opened(open_regular(path)?).read(0, HEAD_BYTES)?;
    Ok(chosen(path, &head, reading).map(|format| (format, metadata)))
}

/// A file that the system does not let us read.
pub(in crate::corpus) fn unreadable(error: &io::Error) -> Fault {
    Fault::rejected(format!("a file that cannot be read ({error})"), "a readable file")
}

/// A problem of a whole file.
pub(in crate::corpus) fn left_out(path: &Path, fault: Fault) -> Problem {
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
pub(super) fn spool(root: usize, reading: &Reading, stdin: &mut dyn Read) -> Result<Source, SourceError> {
    let failed = |error| SourceError::Stdin { error };
    let mut file = tempfile::tempfile().map_err(failed)?;
    let len = io::copy(stdin, &mut file).map_err(failed)?;
    let head = Bytes::Spooled(&file).read(0, HEAD_BYTES).map_err(failed)?;
    let path = PathBuf::from(STDIN);
    let format = match chosen(Path::new(""), &head, reading) {
        Ok(format) => format,
        Err(_) if is_blank(&head) => &PAGE,
        Err(fault) => return Err(SourceError::Refused { path, fault }),
    };
    Ok(Source { path, lossy: None, root, format, len, content: Content::Spool(file) })
}
