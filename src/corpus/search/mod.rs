//! Searches titles and bodies, which stay on disk: records are read once more, in the order of their
//! files and on all cores, and most are passed over without being taken apart.

mod sought;
mod wave;

use std::ops::{ControlFlow, Range};

use rayon::prelude::*;

pub use self::sought::{PatternError, Sought};
use self::wave::{Batch, Searcher, batches};
use super::{Corpus, Row, Sources};

/// What is searched before the first hits are shown, at most; then twice as much, and so on. Unit:
/// bytes.
const FIRST_WAVE_BYTES: u64 = 4 << 20;
const LARGEST_WAVE_BYTES: u64 = 256 << 20;

/// Rows that were searched and what was found among them, in order.
#[derive(Debug)]
pub struct Progress<'a> {
    /// All hits so far.
    pub hits: &'a [Row],
    /// How many of the rows were searched.
    pub searched: usize,
}

/// The rows, of those given in the order of the corpus, whose title or body holds all that is sought.
/// `tell` hears of each step and answers whether to go on; a search that was broken off gives nothing.
pub fn search(
    rows: &[Row],
    sought: &[Sought],
    (sources, corpus): (&Sources, &Corpus),
    stop: &(dyn Fn() -> bool + Sync),
    tell: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
) -> Option<Vec<Row>> {
    let mut hits: Vec<Row> = Vec::new();
    let mut wave: Vec<Batch> = Vec::new();
    let (mut bytes, mut wave_bytes) = (0, FIRST_WAVE_BYTES);
    let mut batches = batches(rows, corpus).peekable();
    while let Some(batch) = batches.next() {
        bytes += batch.bytes.end - batch.bytes.start;
        let searched = batch.rows.end;
        wave.push(batch);
        if bytes < wave_bytes && batches.peek().is_some() {
            continue;
        }
        let found = wave.par_iter().map_init(
            || Searcher::new(sought),
            |searcher, batch| {
                (!stop()).then(|| searcher.search(part(rows, &batch.rows), batch, sources, corpus))
            },
        );
        for found in found.collect::<Option<Vec<Vec<Row>>>>()? {
            hits.extend(found);
        }
        tell(Progress { hits: &hits, searched }).is_continue().then_some(())?;
        wave.clear();
        bytes = 0;
        wave_bytes = (wave_bytes * 2).min(LARGEST_WAVE_BYTES);
    }
    Some(hits)
}

fn part<'r>(rows: &'r [Row], range: &Range<usize>) -> &'r [Row] {
    rows.get(range.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
