//! Posts written out with what was decided about them: read again one batch after the other, in the
//! order of a view, in bounded memory.

mod claims;
mod columns;
mod csv;

use std::io::{self, Write};

use rayon::prelude::*;

pub use columns::{COLUMNS, Column};
pub use csv::{Cell, csv_line};

use crate::corpus::body::{self, BodyError};
use crate::corpus::{Corpus, Row, RowRef, Sources};
use crate::model::text::json_safe;
use crate::model::{Digest, Post, Status, safe};
use crate::review::Standing;

/// So many posts are made ready at a time.
const BATCH_POSTS: usize = 512;

/// Or fewer, where their records are longer than this together. Unit: bytes.
const BATCH_BYTES: usize = 8 << 20;

/// How posts are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One JSON object a line. Read again, it is the same posts.
    Jsonl,
    /// One JSON list of the same objects.
    Json,
    /// A line a post, see [`COLUMNS`].
    Csv,
}

/// What was decided about a post that is to be written.
#[derive(Clone, Debug)]
pub struct Decided {
    /// Which post.
    pub row: Row,
    /// What was decided about it.
    pub standing: Standing,
    /// The text that this holds for; `None` where nothing was decided.
    pub text: Option<Digest>,
}

/// How many posts were written, by the status that they were written with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of them.
    pub posts: usize,
    /// Reviewed.
    pub reviewed: usize,
    /// Flagged.
    pub flagged: usize,
    /// Skipped.
    pub skipped: usize,
    /// Unreviewed because the text has changed since the decision.
    pub stale: usize,
    /// Unreviewed because people decided differently.
    pub conflict: usize,
}

/// Why an export ended. What was written so far is not whole.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A post cannot be read.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// Its text is another one than the decision was set against a moment ago.
    #[error("the text of post {} has changed while it was exported; export again", safe(id))]
    Changed {
        /// The post.
        id: String,
    },
    /// It cannot be written.
    #[error("cannot write the posts; is there room?")]
    Write(#[from] io::Error),
    /// It cannot be said in JSON.
    #[error("post {} cannot be written as JSON", safe(id))]
    Json {
        /// The post.
        id: String,
        /// Why.
        source: serde_json::Error,
    },
}

/// The status that counts for whoever reads the export: that of a decision on this very text that
/// nobody contradicts.
pub fn exported_status(standing: &Standing) -> Status {
    match standing.status {
        _ if standing.stale || standing.conflict => Status::Unreviewed,
        Status::Unknown => Status::Unreviewed,
        status => status,
    }
}

/// Writes posts in the order in which they come. `progress` gets how many are written.
pub fn write(
    (sources, corpus): (&Sources, &Corpus),
    posts: impl Iterator<Item = Decided>,
    form: Form,
    out: &mut (impl Write + Send),
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<Tally, ExportError> {
    let mut posts = posts;
    let mut tally = Tally::default();
    let mut ready: Vec<Vec<u8>> = Vec::new();
    out.write_all(opening(form).as_bytes())?;
    loop {
        let batch = take_batch(corpus, &mut posts);
        batch.iter().for_each(|decided| tally.count(&decided.standing));
        let write_ready = || -> io::Result<()> { ready.iter().try_for_each(|text| out.write_all(text)) };
        let make_next = || -> Result<Vec<Vec<u8>>, ExportError> {
            batch.par_iter().map(|decided| record(sources, corpus, decided, form)).collect()
        };
        let (written, made) = rayon::join(write_ready, make_next);
        written?;
        progress(tally.posts - batch.len());
        ready = made?;
        if ready.is_empty() {
            break;
        }
        // The first of a list has no comma before it.
        if tally.posts == batch.len() && form == Form::Json {
            ready.first_mut().into_iter().for_each(|first| drop(first.drain(..SEPARATOR.len())));
        }
    }
    if form == Form::Json {
        out.write_all(b"\n]\n")?;
    }
    out.flush()?;
    Ok(tally)
}

/// What stands between two posts of a list.
const SEPARATOR: &[u8] = b",\n";

fn opening(form: Form) -> String {
    match form {
        Form::Jsonl => String::new(),
        Form::Json => "[\n".to_owned(),
        Form::Csv => csv_line(COLUMNS.iter().map(|column| Cell::Text(column.name))),
    }
}

/// The posts that are made ready next.
fn take_batch(corpus: &Corpus, posts: &mut impl Iterator<Item = Decided>) -> Vec<Decided> {
    let (mut batch, mut bytes) = (Vec::new(), 0_usize);
    while batch.len() < BATCH_POSTS && bytes < BATCH_BYTES {
        let Some(decided) = posts.next() else { break };
        bytes += corpus.get(decided.row).map_or(0, |row| row.place().length as usize);
        batch.push(decided);
    }
    batch
}

/// One post as it stands in the export.
fn record(sources: &Sources, corpus: &Corpus, decided: &Decided, form: Form) -> Result<Vec<u8>, ExportError> {
    let row: RowRef<'_> = corpus.get(decided.row).ok_or(BodyError::NoRow)?;
    let mut post = body::read(sources, row)?;
    if decided.text.is_some_and(|text| text != post.digest()) {
        return Err(ExportError::Changed { id: post.id.to_string() });
    }
    let claimed = post.claimed_status().unwrap_or_default().to_owned();
    claims::write_into(&mut post, &decided.standing);
    if form == Form::Csv {
        let subject = columns::Subject { post: &post, standing: &decided.standing, claimed: &claimed };
        return Ok(csv_line(COLUMNS.iter().map(|column| (column.cell)(&subject))).into_bytes());
    }
    json(&post, form)
}

fn json(post: &Post, form: Form) -> Result<Vec<u8>, ExportError> {
    let json = serde_json::to_string(post)
        .map_err(|source| ExportError::Json { id: post.id.to_string(), source })?;
    let mut text = Vec::with_capacity(json.len() + SEPARATOR.len());
    if form == Form::Json {
        text.extend_from_slice(SEPARATOR);
    }
    text.extend_from_slice(json_safe(&json).as_bytes());
    if form == Form::Jsonl {
        text.push(b'\n');
    }
    Ok(text)
}

impl Tally {
    fn count(&mut self, standing: &Standing) {
        self.posts += 1;
        match exported_status(standing) {
            Status::Reviewed => self.reviewed += 1,
            Status::Flagged => self.flagged += 1,
            Status::Skipped => self.skipped += 1,
            Status::Unreviewed | Status::Unknown => {
                self.stale += usize::from(standing.stale);
                self.conflict += usize::from(standing.conflict && !standing.stale);
            }
        }
    }
}
