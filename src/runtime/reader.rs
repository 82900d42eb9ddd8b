//! Reads whole posts: the one under the cursor at once, those that were decided on when there is time.

use std::collections::VecDeque;
use std::sync::mpsc::Receiver;

use super::worker::Inbox;
use crate::app::Event;
use crate::corpus::{Corpus, Row, Sources, body};

/// Posts that are verified before the reader looks up again.
const VERIFY_BATCH: usize = 64;

/// What is asked of the reader.
#[derive(Debug)]
pub(super) enum ReadRequest {
    /// The whole post of a row. A later request makes this one pointless.
    Show(Row, Corpus),
    /// The digests of these rows.
    Verify(Vec<Row>, Corpus),
}

/// Answers requests until nobody asks any more.
pub(super) fn run(sources: &Sources, requests: &Receiver<ReadRequest>, inbox: &Inbox) {
    let mut to_verify: VecDeque<(Row, Corpus)> = VecDeque::new();
    loop {
        let mut request = if to_verify.is_empty() { requests.recv().ok() } else { requests.try_recv().ok() };
        if request.is_none() && to_verify.is_empty() {
            return;
        }
        let mut show = None;
        while let Some(next) = request {
            match next {
                ReadRequest::Show(row, corpus) => show = Some((row, corpus)),
                ReadRequest::Verify(rows, corpus) => {
                    to_verify.extend(rows.into_iter().map(|row| (row, corpus.clone())));
                }
            }
            request = requests.try_recv().ok();
        }
        if let Some((row, corpus)) = show {
            let post = match corpus.get(row) {
                Some(place) => body::read(sources, place).map(Box::new).map_err(|error| error.to_string()),
                None => Err("This post is not among the posts any more".to_owned()),
            };
            let _ = inbox.send(Event::Body { row, post });
        }
        verify(sources, &mut to_verify, inbox);
    }
}

fn verify(sources: &Sources, rows: &mut VecDeque<(Row, Corpus)>, inbox: &Inbox) {
    let batch = rows.len().min(VERIFY_BATCH);
    let digests: Vec<_> = rows
        .drain(..batch)
        .map(|(row, corpus)| {
            let post = corpus.get(row).and_then(|place| body::read(sources, place).ok());
            (row, post.map(|post| post.digest()))
        })
        .collect();
    if !digests.is_empty() {
        let _ = inbox.send(Event::Digests(digests));
    }
}
