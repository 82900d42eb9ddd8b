//! Searching some rows whose records stand near each other in a file.

use std::ops::Range;

use memchr::memmem::Finder;

use super::sought::Sought;
use crate::corpus::format::{Context, RowReader, parse};
use crate::corpus::{Corpus, Row, RowRef, Sources};

/// Records are read together up to this much: it stays in the nearest cache. Unit: bytes.
const BATCH_BYTES: u64 = 256 << 10;

/// Bytes between two records that are read along rather than passed over. Unit: bytes.
const GAP_BYTES: u64 = 8 << 10;

/// Bytes are looked at without their case in blocks that the nearest cache holds. Unit: bytes.
const LOWER_BYTES: usize = 8 << 10;

/// Rows whose records are read at once.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    /// Which of the rows that are searched.
    pub(super) rows: Range<usize>,
    source: usize,
    /// Where in the source. Unit: bytes.
    pub(super) bytes: Range<u64>,
}

/// Puts rows into batches, in order.
pub(super) fn batches<'a>(rows: &'a [Row], corpus: &'a Corpus) -> impl Iterator<Item = Batch> + 'a {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut batch: Option<Batch> = None;
        while let Some(row) = rows.get(at) {
            let Some(post) = corpus.get(*row) else {
                at += 1;
                continue;
            };
            let (source, place) = (post.source(), post.place());
            let end = place.offset.saturating_add(place.length.into());
            match &mut batch {
                None => batch = Some(Batch { rows: at..at + 1, source, bytes: place.offset..end }),
                Some(batch) => {
                    let is_near =
                        place.offset >= batch.bytes.end && place.offset - batch.bytes.end <= GAP_BYTES;
                    if batch.source != source || !is_near || end - batch.bytes.start > BATCH_BYTES {
                        break;
                    }
                    (batch.rows.end, batch.bytes.end) = (at + 1, end);
                }
            }
            at += 1;
        }
        batch
    })
}

/// Searches batches, with memory that is used again.
pub(super) struct Searcher<'s> {
    sought: &'s [Sought],
    /// What every hit must hold in its record as it is written, if there is such a thing.
    quick: Option<Quick<'s>>,
    bytes: Vec<u8>,
    lower: Vec<u8>,
    reader: RowReader,
}

struct Quick<'s> {
    finder: Finder<'s>,
    any_case: bool,
}

impl<'s> Searcher<'s> {
    pub(super) fn new(sought: &'s [Sought]) -> Self {
        let plain = sought.iter().filter_map(|sought| Some((sought.plain_words()?, sought.any_case())));
        // The longest is the rarest, as a rule.
        let longest = plain.max_by_key(|(words, _)| words.len());
        let quick = longest.map(|(words, any_case)| Quick { finder: Finder::new(words), any_case });
        Self { sought, quick, bytes: Vec::new(), lower: Vec::new(), reader: RowReader::default() }
    }

    /// The rows of a batch that are hits. What cannot be read is none.
    pub(super) fn search(
        &mut self,
        rows: &[Row],
        batch: &Batch,
        sources: &Sources,
        corpus: &Corpus,
    ) -> Vec<Row> {
        let Some(source) = sources.get(batch.source) else { return Vec::new() };
        let len = usize::try_from(batch.bytes.end - batch.bytes.start).unwrap_or_default();
        let read = source.open().and_then(|bytes| bytes.read_into(batch.bytes.start, len, &mut self.bytes));
        if read.is_err() {
            return Vec::new();
        }
        let mut hits = Vec::new();
        let Self { sought, quick, bytes, lower, reader } = self;
        let quick = quick.as_ref().filter(|_| source.format().rows_of_json);
        let places = quick.map(|quick| quick.places(bytes, lower)).unwrap_or_default();
        let all_in = |place: Range<usize>| {
            let first = places.partition_point(|at| *at < place.start);
            places.iter().skip(first).copied().take_while(move |at| *at < place.end)
        };
        for row in rows {
            let Some(post) = corpus.get(*row) else { continue };
            let place = post.place();
            let start = usize::try_from(place.offset.saturating_sub(batch.bytes.start)).unwrap_or(usize::MAX);
            let end = start.saturating_add(place.length as usize);
            let Some(record) = bytes.get(start..end) else { continue };
            if quick.is_some() && !post.is_escaped() {
                if all_in(start..end).next().is_none() {
                    continue;
                }
                if let ([sought], Some(body)) = (*sought, reader.body_place(record)) {
                    // Behind a backslash the first letter belongs to an escape, and means something else.
                    let is_meant = |at: usize| {
                        at.checked_sub(1)
                            .and_then(|before| bytes.get(before))
                            .is_none_or(|byte| *byte != b'\\')
                    };
                    let mut in_body = all_in(start + body.start..start + body.end).peekable();
                    let is_sure = in_body.peek().is_none();
                    if in_body.any(is_meant) || is_sure && sought.is_in(post.title()) {
                        hits.push(*row);
                        continue;
                    }
                    if is_sure {
                        continue;
                    }
                }
            }
            let context = Context::new(source.format(), place.offset, source.stem());
            if is_hit(record, post, &context, sought, reader) {
                hits.push(*row);
            }
        }
        hits
    }
}

impl Quick<'_> {
    /// Where the words stand in some bytes, in order.
    fn places(&self, bytes: &[u8], lower: &mut Vec<u8>) -> Vec<usize> {
        if !self.any_case {
            return self.finder.find_iter(bytes).collect();
        }
        let overlap = self.finder.needle().len().saturating_sub(1);
        let mut places = Vec::new();
        let mut start = 0;
        while let Some(block) = bytes.get(start..).filter(|rest| !rest.is_empty()) {
            let block = block.get(..LOWER_BYTES + overlap).unwrap_or(block);
            lower.clear();
            lower.extend(block.iter().map(u8::to_ascii_lowercase));
            let begins_here = |at: &usize| *at < LOWER_BYTES;
            places.extend(self.finder.find_iter(lower).take_while(begins_here).map(|at| start + at));
            start += LOWER_BYTES;
        }
        places
    }
}

/// Whether title or body of a record hold everything that is sought.
fn is_hit(
    record: &[u8],
    post: RowRef<'_>,
    context: &Context<'_>,
    sought: &[Sought],
    reader: &mut RowReader,
) -> bool {
    let in_all = |body: &dyn Fn(&Sought) -> bool| {
        sought.iter().all(|sought| sought.is_in(post.title()) || body(sought))
    };
    if let Some(pieces) = reader.body_pieces(record).filter(|_| context.format.rows_of_json) {
        // Words stand within one block of a body; a pattern may go over several.
        if sought.iter().all(|sought| sought.plain_words().is_some()) {
            return in_all(&|sought| pieces.iter().any(|piece| sought.is_in(piece)));
        }
    }
    match parse(record, context) {
        Ok((read, _)) if read.id.as_str() == post.id() => in_all(&|sought| sought.is_in(&read.body)),
        // The file has changed: what is there now is no text of this row.
        _ => false,
    }
}
