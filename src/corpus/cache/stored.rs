//! One file of the cache: segments, problems, then a header that says where they are and of what.

use std::fs::File;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::os::unix::fs::FileExt;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::fingerprint::{Prefix, of_all};
use crate::corpus::columns::Read;
use crate::corpus::source::Sources;
use crate::corpus::{Problem, Segment};

/// What every file ends with. The number goes up with each change of what stands in a file.
const MAGIC: &[u8; 16] = b"copydesk columns";
const VERSION: u32 = 6;

/// Behind the header: its length, its checksum, the version, and [`MAGIC`].
const TAIL_BYTES: usize = 4 + 4 + 4 + MAGIC.len();

/// Headers are far smaller. Unit: bytes.
const MAX_HEADER_BYTES: u32 = 16 << 20;

/// So many segments are read before the first of them is handed over.
const BATCH: usize = 8;

/// A piece of the file and its checksum.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Blob {
    at: u64,
    len: u64,
    crc: u32,
}

impl Blob {
    pub(super) fn of(at: u64, bytes: &[u8]) -> Self {
        Self { at, len: bytes.len() as u64, crc: crc32c::crc32c(bytes) }
    }
}

/// What a file holds.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    /// What was named, for people.
    name: String,
    /// See [`crate::corpus::Reading::fingerprint`].
    reading: String,
    /// See [`of_all`].
    sources: String,
    prefix: Option<Prefix>,
    pub(super) segments: Vec<Blob>,
    pub(super) problems: Blob,
}

impl Header {
    pub(super) fn of(sources: &Sources, lines: u32) -> io::Result<Self> {
        let names: Vec<_> = sources.roots().iter().map(|root| root.path.to_string_lossy()).collect();
        Ok(Self {
            name: names.join(" "),
            reading: sources.reading().fingerprint(),
            sources: of_all(sources).ok_or(io::ErrorKind::NotFound)?,
            prefix: Prefix::of(sources).map(|prefix| prefix.with_lines(lines)),
            segments: Vec::new(),
            problems: Blob::default(),
        })
    }

    fn read(file: &File) -> io::Result<Self> {
        let damaged = || io::Error::from(io::ErrorKind::InvalidData);
        let end = file.metadata()?.len();
        let mut tail = [0; TAIL_BYTES];
        let tail_at = end.checked_sub(TAIL_BYTES as u64).ok_or_else(damaged)?;
        file.read_exact_at(&mut tail, tail_at)?;
        let number = |at: usize| tail.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
        let (len, crc, version) = (number(0), number(4), number(8));
        let (Some(len), Some(crc)) = (len.filter(|len| *len <= MAX_HEADER_BYTES), crc) else {
            return Err(damaged());
        };
        if !tail.ends_with(MAGIC) || version != Some(VERSION) {
            return Err(damaged());
        }
        let mut json = vec![0; len as usize];
        file.read_exact_at(&mut json, tail_at.checked_sub(len.into()).ok_or_else(damaged)?)?;
        if crc32c::crc32c(&json) != crc {
            return Err(damaged());
        }
        Ok(serde_json::from_slice(&json)?)
    }
}

/// Writes the header behind everything else.
pub(super) fn finish_file(out: &mut impl Write, header: &Header) -> io::Result<()> {
    let json = serde_json::to_vec(header)?;
    out.write_all(&json)?;
    out.write_all(&u32::try_from(json.len()).unwrap_or(u32::MAX).to_le_bytes())?;
    out.write_all(&crc32c::crc32c(&json).to_le_bytes())?;
    out.write_all(&VERSION.to_le_bytes())?;
    out.write_all(MAGIC)
}

/// What is stored of a corpus.
#[derive(Debug)]
pub struct Stored {
    file: File,
    header: Header,
    /// The file of posts has grown since: what it begins with.
    grown: Option<Prefix>,
}

impl Stored {
    /// A file that is whole and of these sources, or of what they begin with.
    pub(super) fn open(file: File, sources: &Sources) -> io::Result<Self> {
        let header = Header::read(&file)?;
        if header.reading != sources.reading().fingerprint() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if of_all(sources).as_ref() == Some(&header.sources) {
            return Ok(Self { file, header, grown: None });
        }
        match header.prefix.clone().filter(|prefix| prefix.is_in(sources)) {
            Some(prefix) => Ok(Self { file, header, grown: Some(prefix) }),
            None => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// What a file was made of.
    pub(super) fn name_in(file: &File) -> Option<String> {
        Header::read(file).ok().map(|header| header.name)
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// How many lines the file had, where it is one of lines.
    pub(in crate::corpus) fn lines(&self) -> u32 {
        self.header.prefix.as_ref().map_or(0, |prefix| prefix.lines)
    }

    /// What the sources begin with, if there is more now.
    pub fn grown(&self) -> Option<&Prefix> {
        self.grown.as_ref()
    }

    /// The problems.
    pub fn problems(&self) -> io::Result<Vec<Problem>> {
        let mut blob = BlobReader { file: &self.file, blob: self.header.problems, crc: 0 };
        // Checked before memory is asked for: a damaged length may be any number.
        let len = blob.left();
        if len > self.file.metadata()?.len() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut json = vec![0; usize::try_from(len).unwrap_or_default()];
        blob.fill(&mut json)?;
        blob.check()?;
        let mut problems: Vec<Problem> = serde_json::from_slice(&json)?;
        problems.retain(|problem| self.grown.as_ref().is_none_or(|prefix| problem.offset < prefix.covered));
        Ok(problems)
    }

    /// Reads the segments in order, on all cores.
    pub fn segments(
        &self,
        emit: &mut dyn FnMut(Segment) -> ControlFlow<()>,
    ) -> ControlFlow<(), io::Result<()>> {
        // The first is a screenful, and need not wait for the others.
        let (first, others) = self.header.segments.split_at(self.header.segments.len().min(1));
        for batch in std::iter::once(first).chain(others.chunks(BATCH)) {
            let read: Vec<io::Result<Segment>> = batch.par_iter().map(|blob| self.segment(*blob)).collect();
            for segment in read {
                match segment {
                    Ok(segment) if self.is_taken_back(&segment) => {}
                    Ok(segment) => emit(segment)?,
                    Err(error) => return ControlFlow::Continue(Err(error)),
                }
            }
        }
        ControlFlow::Continue(Ok(()))
    }

    /// The row of a line that was not finished is read again with what came behind it.
    fn is_taken_back(&self, segment: &Segment) -> bool {
        let covered = self.grown.as_ref().map(|prefix| prefix.covered);
        covered.is_some_and(|covered| segment.first_offset().is_some_and(|first| first >= covered))
    }

    fn segment(&self, blob: Blob) -> io::Result<Segment> {
        let mut reader = BlobReader { file: &self.file, blob, crc: 0 };
        let segment = Segment::read(&mut reader)?;
        reader.check()?;
        Ok(segment)
    }
}

/// Reads a piece of the file from its front, and adds up its checksum.
struct BlobReader<'a> {
    file: &'a File,
    /// What is left of it.
    blob: Blob,
    crc: u32,
}

impl BlobReader<'_> {
    /// Everything was read and is as it was written.
    fn check(&self) -> io::Result<()> {
        let is_whole = self.blob.len == 0 && self.crc == self.blob.crc;
        is_whole.then_some(()).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}

impl Read for BlobReader<'_> {
    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        let len = buffer.len() as u64;
        self.blob.len = self.blob.len.checked_sub(len).ok_or(io::ErrorKind::UnexpectedEof)?;
        self.file.read_exact_at(buffer, self.blob.at)?;
        self.blob.at += len;
        self.crc = crc32c::crc32c_append(self.crc, buffer);
        Ok(())
    }

    fn left(&self) -> u64 {
        self.blob.len
    }
}
