//! Reads whole posts: the one under the cursor at once, those that were decided on when there is time.

use std::collections::VecDeque;
use std::sync::mpsc::Receiver;

use super::drill;
use super::many::Many;
use super::worker::Inbox;
use crate::app::Event;
use crate::corpus::body::{self, BodyError};
use crate::corpus::{Corpus, Row, Sources};

/// Posts that are verified before the reader looks up again.
const VERIFY_BATCH: usize = 64;

/// What is asked of the reader.
#[derive(Debug)]
pub(super) enum ReadRequest {
    /// The whole post of a row. A later request makes this one pointless.
    Show(Row, Posts),
    /// The digests of these rows.
    Verify(Vec<Row>, Posts),
    /// The digests of many rows, for a decision on them.
    Many(Many),
    /// Those with this number are not wanted any more.
    Stop(u64),
}

/// The posts that rows are of, and where they are read.
#[derive(Clone, Debug)]
pub(super) struct Posts {
    pub(super) sources: Sources,
    pub(super) corpus: Corpus,
    /// Of which reading the rows are, or for which job they are read; to be said again in the answer.
    pub(super) reading: u64,
}

/// Answers requests until nobody asks any more.
pub(super) fn run(requests: &Receiver<ReadRequest>, inbox: &Inbox) {
    let mut to_verify: VecDeque<(VecDeque<Row>, Posts)> = VecDeque::new();
    let mut many: Option<Many> = None;
    loop {
        let is_idle = to_verify.is_empty() && many.is_none();
        let mut request = if is_idle { requests.recv().ok() } else { requests.try_recv().ok() };
        if request.is_none() && is_idle {
            return;
        }
        drill::in_reader();
        let mut show = None;
        while let Some(next) = request {
            match next {
                ReadRequest::Show(row, posts) => show = Some((row, posts)),
                ReadRequest::Verify(rows, posts) => to_verify.push_back((rows.into(), posts)),
                ReadRequest::Many(newer) => many = Some(newer),
                ReadRequest::Stop(job) => many = many.filter(|many| many.job() != job),
            }
            request = requests.try_recv().ok();
        }
        if let Some((row, posts)) = show {
            let post = match posts.corpus.get(row) {
                Some(place) => body::read(&posts.sources, place).map(|post| Box::new(post.into())),
                None => Err(BodyError::NoRow),
            };
            let _ = inbox.send(Event::Body { row, reading: posts.reading, post });
        }
        // Somebody waits for these.
        match many.take() {
            Some(mut reading) => many = reading.go_on(inbox).then_some(reading),
            None => verify(&mut to_verify, inbox),
        }
    }
}

/// Reads some of the posts that wait, all of one corpus.
fn verify(waiting: &mut VecDeque<(VecDeque<Row>, Posts)>, inbox: &Inbox) {
    let Some((rows, posts)) = waiting.front_mut() else { return };
    let batch: Vec<Row> = rows.drain(..rows.len().min(VERIFY_BATCH)).collect();
    let read = body::read_many(&posts.sources, &posts.corpus, &batch);
    let has_changed = read.iter().any(|(_, post)| matches!(post, Err(BodyError::Changed { .. })));
    let digests: Vec<_> = read.into_iter().map(|(row, post)| (row, post.ok())).collect();
    let reading = posts.reading;
    if rows.is_empty() {
        waiting.pop_front();
    }
    if !digests.is_empty() {
        let _ = inbox.send(Event::Digests { reading, digests, has_changed });
    }
}
