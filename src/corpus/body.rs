//! One post read again, whole, from where its record stands.

use std::io;
use std::sync::Arc;

use rayon::prelude::*;

use super::format::{Context, RowReader, parse};
use super::window::Bytes;
use super::{Corpus, Row, RowFields, RowRef, SegmentBuilder, Source, Sources, TitleIndex};
use crate::model::{Digest, Post, safe};

/// So many posts are read with one look for their file: who opens it tells everybody that watches it.
const AT_ONCE: usize = 32;

/// Why a post cannot be shown. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// Where its record stood is something else now.
    #[error(
        "{} has changed since it was read, and post {} is no longer where it was; read the file again",
        safe(file),
        safe(id)
    )]
    Changed {
        /// The file, as it was named.
        file: String,
        /// The post.
        id: String,
    },
    /// The system refuses it.
    #[error(
        "cannot read post {} from {}: {error}; the file must be there and readable",
        safe(id),
        safe(file)
    )]
    Unreadable {
        /// The file, as it was named.
        file: String,
        /// The post.
        id: String,
        /// What the system says.
        error: io::Error,
    },
    /// The posts were read again meanwhile, and there is no such row any more.
    #[error("this post is not among the posts any more")]
    NoRow,
    /// The row is of another corpus.
    #[error("post {} belongs to none of the open files; read them again", safe(id))]
    NoSource {
        /// The post.
        id: String,
    },
}

/// The whole post of a row. Its record is read and parsed again, and must still make the same row, in every
/// column: so a file that only grew does no harm, and a file that was rewritten in place is noticed even if its
/// length and time are the old ones.
pub fn read(sources: &Sources, row: RowRef<'_>) -> Result<Post, BodyError> {
    Reader::new(sources).read(row)
}

/// The digests of many posts, in the order of their rows; `None` for one that cannot be read.
pub fn digests(sources: &Sources, corpus: &Corpus, rows: &[Row]) -> Vec<(Row, Option<Digest>)> {
    read_many(sources, corpus, rows).into_iter().map(|(row, post)| (row, post.ok())).collect()
}

/// The same, with the reason where a post cannot be read.
pub fn read_many(sources: &Sources, corpus: &Corpus, rows: &[Row]) -> Vec<(Row, Result<Digest, BodyError>)> {
    let of_some = |rows: &[Row]| {
        let mut reader = Reader::new(sources);
        let mut digest = |row: &Row| {
            let row = corpus.get(*row).ok_or(BodyError::NoRow)?;
            reader.read(row).map(|post| post.digest())
        };
        rows.iter().map(|row| (*row, digest(row))).collect::<Vec<_>>()
    };
    rows.par_chunks(AT_ONCE).flat_map_iter(of_some).collect()
}

/// Reads posts one after another; the file of the last one is open until one of another file is read.
struct Reader<'s> {
    sources: &'s Sources,
    open: Option<(usize, Bytes<'s>)>,
    /// The record of the last one.
    bytes: Vec<u8>,
    rows: RowReader,
}

impl<'s> Reader<'s> {
    fn new(sources: &'s Sources) -> Self {
        Self { sources, open: None, bytes: Vec::new(), rows: RowReader::default() }
    }

    fn read(&mut self, row: RowRef<'_>) -> Result<Post, BodyError> {
        let id = || row.id().to_owned();
        let number = row.source();
        let source = self.sources.get(number).ok_or_else(|| BodyError::NoSource { id: id() })?;
        let file = || source.name().to_owned();
        let place = row.place();
        let length = usize::try_from(place.length).unwrap_or(usize::MAX);
        let kept = self.open.take().filter(|(of, _)| *of == number).map(|(_, bytes)| Ok(bytes));
        kept.unwrap_or_else(|| source.open())
            .and_then(|bytes| {
                let read = bytes.read_into(place.offset, length, &mut self.bytes);
                self.open = Some((number, bytes));
                read
            })
            .map_err(|error| BodyError::Unreadable { file: file(), id: id(), error })?;
        let context = Context::new(source.format(), place.offset, source.stem());
        match parse(&self.bytes, &context) {
            Ok((post, _)) if self.still_makes(source, &post, row) => Ok(post),
            _ => Err(BodyError::Changed { file: file(), id: id() }),
        }
    }

    /// Whether the record at hand, which is this post, makes the row that it made when it was loaded.
    fn still_makes(&mut self, source: &Source, post: &Post, row: RowRef<'_>) -> bool {
        if post.id.as_str() != row.id() || post.title != row.title() {
            return false;
        }
        let mut segment = SegmentBuilder::new(0);
        // In the same two steps as when it was loaded.
        if !(source.format().rows_of_json && self.rows.read(&self.bytes, row.place(), &mut segment)) {
            segment.push(row.place(), &RowFields::of_post(post));
        }
        let mut corpus = Corpus::default();
        let mut rows = corpus.push(Arc::new(segment.finish(&mut TitleIndex::default())));
        rows.next().and_then(|now| corpus.get(now)).is_some_and(|now| now.says_the_same(row))
    }
}
