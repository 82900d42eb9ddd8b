//! Many posts as one text: made side by side, written one after the other, in bounded memory.

use std::ops::Range;

use rayon::prelude::*;

use super::{Form, GenerateError, Output, Request, post, truth};

/// How many posts are made at a time by one thread, so that they stay in its cache until they are
/// written. A post has about 4.6 KB.
const POSTS_PER_CHUNK: u64 = 64;

/// How many such pieces there are for each thread, so that none waits long for the slowest.
const CHUNKS_PER_THREAD: usize = 4;

/// Some posts in a row, and what is wrong with them.
#[derive(Default)]
struct Chunk {
    posts: Vec<u8>,
    truth: Vec<u8>,
}

impl Chunk {
    fn fill(&mut self, request: &Request, form: Form, indexes: Range<u64>) {
        self.posts.clear();
        self.truth.clear();
        for index in indexes {
            if form == Form::Json {
                self.posts.extend_from_slice(if index == request.first { b"[\n" } else { b",\n" });
            }
            let plan = post::write(&mut self.posts, request.seed, index);
            if form == Form::Jsonl {
                self.posts.push(b'\n');
            }
            truth::write(&mut self.truth, index, &plan);
        }
    }
}

/// The pieces that are made at once.
struct Batch {
    chunks: Vec<Chunk>,
    /// The indexes of the posts in it.
    indexes: Range<u64>,
}

impl Batch {
    fn new() -> Self {
        let chunks = CHUNKS_PER_THREAD * rayon::current_num_threads();
        Self { chunks: std::iter::repeat_with(Chunk::default).take(chunks).collect(), indexes: 0..0 }
    }

    /// Makes the posts from `start` on, as many as fit or there are.
    fn fill(&mut self, request: &Request, form: Form, start: u64) {
        let end = request.end().min(start + POSTS_PER_CHUNK * self.chunks.len() as u64);
        self.indexes = start..end;
        self.chunks.par_iter_mut().enumerate().for_each(|(number, chunk)| {
            let from = (start + POSTS_PER_CHUNK * number as u64).min(end);
            chunk.fill(request, form, from..(from + POSTS_PER_CHUNK).min(end));
        });
    }

    fn write(&self, out: &mut Output<'_>, truth: Option<&mut Output<'_>>) -> Result<(), GenerateError> {
        self.chunks.iter().try_for_each(|chunk| out.write(&chunk.posts))?;
        truth.map_or(Ok(()), |truth| self.chunks.iter().try_for_each(|chunk| truth.write(&chunk.truth)))
    }
}

/// Writes the posts in order; while one batch is written the next is made. `progress` gets how many
/// posts are written.
pub(super) fn write(
    request: &Request,
    form: Form,
    out: &mut Output<'_>,
    mut truth: Option<&mut Output<'_>>,
    progress: &mut dyn FnMut(u64),
) -> Result<(), GenerateError> {
    let (mut ready, mut next) = (Batch::new(), Batch::new());
    next.fill(request, form, request.first);
    while !next.indexes.is_empty() {
        std::mem::swap(&mut ready, &mut next);
        let start = ready.indexes.end;
        let (written, ()) =
            rayon::join(|| ready.write(out, truth.as_deref_mut()), || next.fill(request, form, start));
        written?;
        progress(start - request.first);
    }
    if form == Form::Json {
        out.write(b"\n]\n")?;
    }
    Ok(())
}
