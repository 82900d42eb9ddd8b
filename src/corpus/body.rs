//! One post read again, whole, from where its record stands.

use std::io;

use super::format::{Context, parse};
use super::{RowRef, Sources};
use crate::model::{Post, safe};

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

/// The whole post of a row. Its record is read and parsed again, and has to be the post that the
/// row tells of, by id and title: so a file that only grew does no harm, and a file that was
/// rewritten in place is noticed even if its length and time are the old ones.
pub fn read(sources: &Sources, row: RowRef<'_>) -> Result<Post, BodyError> {
    let id = || row.id().to_owned();
    let source = sources.get(row.source()).ok_or_else(|| BodyError::NoSource { id: id() })?;
    let file = || source.name().to_owned();
    let place = row.place();
    let length = usize::try_from(place.length).unwrap_or(usize::MAX);
    let bytes = source
        .open()
        .and_then(|bytes| bytes.read(place.offset, length))
        .map_err(|error| BodyError::Unreadable { file: file(), id: id(), error })?;
    let context = Context::new(source.format(), place.offset, source.stem());
    match parse(&bytes, &context) {
        Ok((post, _)) if post.id.as_str() == row.id() && post.title == row.title() => Ok(post),
        _ => Err(BodyError::Changed { file: file(), id: id() }),
    }
}
