//! JSON: lines, lists, and the two readers of a record.

use std::ops::ControlFlow;

use super::page::comes_back;
use crate::corpus::format::{Context, FORMATS, agrees, parse};
use crate::corpus::{Corpus, Loaded, Sources, body, load};

/// Any bytes are read as lines and as one document without a panic. Where the quick reader is sure of
/// a line, the post reader agrees. Every row is found again as the post that it tells of, and every
/// post comes back from what it is written as.
pub fn json(bytes: &[u8]) {
    let Some(format) = FORMATS.first() else { return };
    for line in bytes.split(|byte| *byte == b'\n') {
        agrees(line);
        if let Ok((post, _)) = parse(line, &Context { format, stem: None, finished: true }) {
            comes_back(&post);
        }
    }
    for name in ["posts.jsonl", "posts.json"] {
        rows_are_found_again(Sources::in_memory(vec![(name.to_owned(), bytes.to_vec())]));
    }
}

fn rows_are_found_again(sources: Sources) {
    let mut corpus = Corpus::default();
    load(&sources, &mut |loaded| {
        if let Loaded::Segment(segment) = loaded {
            corpus.push(segment).for_each(drop);
        }
        ControlFlow::Continue(())
    });
    for row in corpus.rows() {
        let Some(place) = corpus.get(row) else { continue };
        if let Err(error) = body::read(&sources, place) {
            unreachable!("{error}");
        }
    }
}
