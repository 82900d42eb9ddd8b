//! Which thread reads what: sources cut into parts, small ones taken together.

use std::ops::Range;

use crate::corpus::source::{Source, Sources};

/// The first part is a screenful or two, to be shown while the rest loads. Unit: bytes.
const FIRST_BYTES: u64 = 256 << 10;

/// The largest part: some thousands of posts, over in a moment. Unit: bytes.
const PART_BYTES: u64 = 32 << 20;

/// What one thread reads at a time.
#[derive(Clone, Debug)]
pub(super) enum Part<'s> {
    /// The lines that begin in a range of a source.
    Lines {
        /// The source and its number.
        source: (usize, &'s Source),
        /// Where lines begin that belong to the part. Unit: bytes.
        range: Range<u64>,
    },
    /// Sources as a whole, one after the other.
    Whole(Range<usize>),
}

/// The parts in order, each made when a thread asks for it.
#[derive(Debug)]
pub(super) struct Plan<'s> {
    sources: &'s Sources,
    /// The next part begins in this source, at this byte of it.
    at: (usize, u64),
    part_bytes: u64,
    left: u64,
}

impl<'s> Plan<'s> {
    pub(super) fn new(sources: &'s Sources) -> Self {
        Self { sources, at: (0, 0), part_bytes: FIRST_BYTES, left: sources.total_bytes() }
    }

    /// The parts from a byte of the first source on.
    pub(super) fn behind(sources: &'s Sources, start: u64) -> Self {
        let plan = Self::new(sources);
        let left = plan.left.saturating_sub(start);
        Self { at: (0, start), left, ..plan }
    }

    /// What no part has been made of yet. Unit: bytes.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// Whether there are no more parts.
    pub(super) fn is_done(&self) -> bool {
        self.sources.get(self.at.0).is_none()
    }
}

impl<'s> Iterator for Plan<'s> {
    type Item = Part<'s>;

    fn next(&mut self) -> Option<Part<'s>> {
        let (number, start) = self.at;
        let source = self.sources.get(number)?;
        let target = self.part_bytes;
        self.part_bytes = (target * 2).min(PART_BYTES);
        if source.format().split_lines.is_some() && (start > 0 || source.len() > target) {
            // The rest of a source that is hardly more than a part goes with it.
            let end = if source.len() - start > target + target / 2 { start + target } else { source.len() };
            self.left = self.left.saturating_sub(end - start);
            self.at = if end == source.len() { (number + 1, 0) } else { (number, end) };
            return Some(Part::Lines { source: (number, source), range: start..end });
        }
        let mut end = number;
        let mut bytes = 0;
        while let Some(source) = self.sources.get(end) {
            // A large source that can be cut is cut.
            let is_cut = source.format().split_lines.is_some() && source.len() > target;
            if end > number && (is_cut || bytes + source.len() > target) {
                break;
            }
            bytes += source.len();
            end += 1;
        }
        self.left = self.left.saturating_sub(bytes);
        self.at = (end, 0);
        Some(Part::Whole(number..end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_in_one_part() {
        let line = vec![b'\n'; 3 << 20];
        let file = |name: &str, len: usize| (name.to_owned(), line[..len].to_vec());
        let sources = Sources::in_memory(vec![
            file("a.jsonl", 10),
            file("b.jsonl", 3 << 20),
            file("c.txt", 2 << 20),
            file("d.txt", 0),
            file("e.jsonl", 1 << 20),
            file("f.jsonl", 0),
        ]);
        let mut covered: Vec<u64> = vec![0; 6];
        let mut seen = 0;
        let mut plan = Plan::new(&sources);
        for part in plan.by_ref() {
            match part {
                Part::Lines { source: (number, _), range } => {
                    assert_eq!(covered[number], range.start, "no gap and no overlap");
                    covered[number] = range.end;
                    seen = seen.max(number + usize::from(range.end == sources.get(number).unwrap().len()));
                }
                Part::Whole(numbers) => {
                    assert_eq!(numbers.start, seen);
                    seen = numbers.end;
                    numbers.for_each(|number| covered[number] = sources.get(number).unwrap().len());
                }
            }
        }
        assert_eq!(seen, 6);
        assert_eq!((plan.left(), plan.is_done()), (0, true));
        assert_eq!(covered, sources.iter().map(Source::len).collect::<Vec<_>>());
    }
}
