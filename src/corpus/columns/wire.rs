//! A segment as bytes and back, for the cache. Columns are written as they lie in memory, so that
//! reading one is reading a piece of a file into it.

use std::io;
use std::sync::Arc;

use bytemuck::{Pod, cast_slice, cast_slice_mut};

use super::narrow::{Narrow, Offsets};
use super::packed::{AlikeTexts, Pieces};
use super::{Runs, Segment, Texts, Words};

/// Where the bytes of segments go to.
#[derive(Debug, Default)]
pub(in crate::corpus) struct Writer(pub(in crate::corpus) Vec<u8>);

impl Writer {
    fn column<T: Pod>(&mut self, column: &[T]) {
        self.0.extend_from_slice(&(column.len() as u64).to_le_bytes());
        self.0.extend_from_slice(cast_slice(column));
    }

    fn texts(&mut self, texts: &Texts) {
        self.column(texts.text.as_bytes());
        self.column(&texts.ends);
    }

    /// How much a byte stands for, zero where there are none, then the numbers.
    fn narrow(&mut self, numbers: &Narrow) {
        match numbers {
            Narrow::Wide(numbers) => {
                self.column(&[0_u16]);
                self.column(numbers);
            }
            Narrow::Bytes(step, bytes) => {
                self.column(&[*step]);
                self.column(bytes);
            }
        }
    }

    fn pieces(&mut self, pieces: &Pieces) {
        self.column(&pieces.bytes);
        self.column(&pieces.starts);
        self.column(&[pieces.len]);
    }

    /// Adds a segment.
    pub(in crate::corpus) fn segment(&mut self, segment: &Segment) {
        let Segment { sources, lines, offsets, lengths, ids, references, titles, new_titles, .. } = segment;
        let new_topics = &segment.new_topics;
        for runs in [sources, lines] {
            let flat: Vec<u32> = runs.0.iter().flat_map(|(row, number)| [*row, *number]).collect();
            self.column(&flat);
        }
        match offsets {
            Offsets::Wide(offsets) => {
                self.column::<u64>(&[]);
                self.column(offsets);
            }
            Offsets::Behind(least, offsets) => {
                self.column(&[*least]);
                self.column(offsets);
            }
        }
        self.column(lengths);
        self.texts(ids);
        self.pieces(&references.pieces);
        self.column(titles);
        for new in [new_titles, new_topics] {
            self.texts(&new.texts);
            self.column(&[new.first]);
        }
        for words in &segment.words {
            self.texts(&words.texts);
            self.column(&words.numbers);
            self.pieces(&words.lists);
        }
        segment.lists.iter().chain(&segment.numbers).for_each(|column| self.narrow(column));
        self.column(&segment.views);
        let many: Vec<u64> =
            segment.more_views.iter().flat_map(|(row, views)| [u64::from(*row), *views]).collect();
        self.column(&many);
        self.column(&segment.marks);
    }
}

/// Gives the next bytes of a segment.
pub(in crate::corpus) trait Read {
    /// Fills the whole buffer.
    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<()>;
    /// How many bytes are left.
    fn left(&self) -> u64;
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not a segment")
}

fn column<T: Pod>(from: &mut impl Read) -> io::Result<Vec<T>> {
    let mut len = [0; 8];
    from.fill(&mut len)?;
    let len = u64::from_le_bytes(len);
    // Checked before memory is asked for: a damaged length may be any number.
    let bytes = len.checked_mul(size_of::<T>() as u64).filter(|bytes| *bytes <= from.left());
    let len = bytes.and_then(|_| usize::try_from(len).ok()).ok_or_else(damaged)?;
    let mut column = vec![T::zeroed(); len];
    from.fill(cast_slice_mut(&mut column))?;
    Ok(column)
}

fn texts(from: &mut impl Read) -> io::Result<Texts> {
    let text = String::from_utf8(column(from)?).map_err(|_| damaged())?;
    Ok(Texts { text, ends: column(from)? })
}

fn pieces(from: &mut impl Read) -> io::Result<Pieces> {
    let (bytes, starts) = (column(from)?, column(from)?);
    let len = column(from)?.first().copied().ok_or_else(damaged)?;
    Ok(Pieces { bytes, starts, len })
}

fn narrow(from: &mut impl Read) -> io::Result<Narrow> {
    Ok(match column(from)?.first().copied().ok_or_else(damaged)? {
        0 => Narrow::Wide(column(from)?),
        step => Narrow::Bytes(step, column(from)?),
    })
}

fn runs(from: &mut impl Read) -> io::Result<Runs> {
    let flat: Vec<u32> = column(from)?;
    let pairs = flat.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?)));
    Ok(Runs(pairs.collect()))
}

impl Segment {
    /// Reads a segment that [`Writer::segment`] has written.
    pub(in crate::corpus) fn read(from: &mut impl Read) -> io::Result<Self> {
        let mut segment = Self { sources: runs(from)?, lines: runs(from)?, ..Self::default() };
        segment.offsets = match column(from)?.first() {
            None => Offsets::Wide(column(from)?),
            Some(least) => Offsets::Behind(*least, column(from)?),
        };
        segment.lengths = column(from)?;
        segment.ids = texts(from)?;
        segment.references = AlikeTexts::of(pieces(from)?);
        segment.titles = column(from)?;
        for new in [&mut segment.new_titles, &mut segment.new_topics] {
            new.texts = Arc::new(texts(from)?);
            new.first = column(from)?.first().copied().ok_or_else(damaged)?;
        }
        for slot in &mut segment.words {
            *slot = Words { texts: texts(from)?, numbers: column(from)?, lists: pieces(from)? };
        }
        for slot in segment.lists.iter_mut().chain(&mut segment.numbers) {
            *slot = narrow(from)?;
        }
        segment.views = column(from)?;
        let many: Vec<u64> = column(from)?;
        for pair in many.chunks_exact(2) {
            let (Some(row), Some(views)) = (pair.first(), pair.get(1)) else { continue };
            segment.more_views.push((u32::try_from(*row).map_err(|_| damaged())?, *views));
        }
        segment.marks = column(from)?;
        segment.is_whole().then_some(segment).ok_or_else(damaged)
    }

    /// Whether every column has every row.
    fn is_whole(&self) -> bool {
        let Self { offsets, ids, references, titles, views, marks, .. } = self;
        let lengths = [offsets.len(), ids.len(), references.len(), titles.len(), views.len(), marks.len()];
        let small = self.lists.iter().chain(&self.numbers).map(Narrow::len);
        lengths.into_iter().chain(small).all(|len| len == self.len())
    }
}

/// Bytes in memory, read from the front.
impl Read for &[u8] {
    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        io::Read::read_exact(self, buffer)
    }

    fn left(&self) -> u64 {
        self.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{KnownTexts, Place, RowFields, SegmentBuilder, TitleIndex};
    use proptest::prelude::*;

    fn segment(rows: &[(String, u64)]) -> Segment {
        let mut segment = SegmentBuilder::new(3);
        for ((title, views), line) in rows.iter().zip(1..) {
            let place = Place { offset: u64::from(line) * 100, length: 7, line: line / 2 };
            let row = RowFields {
                id: line.to_string(),
                title: title.clone(),
                stack: vec![title.clone()],
                views: Some(*views),
                reference: title.clone(),
                topic: title.clone(),
                contradiction: line % 2 == 0,
                ..RowFields::default()
            };
            segment.push(place, &row);
        }
        segment.finish(&mut TitleIndex::behind(KnownTexts { titles: 9, topics: 5 }))
    }

    proptest! {
        #[test]
        fn a_segment_comes_back_and_nothing_else_does(
            rows in prop::collection::vec(("[a-cé]{0,3}", prop_oneof![0..9_u64, any::<u64>()]), 0..12),
            cut in any::<prop::sample::Index>(),
        ) {
            let segment = segment(&rows);
            let mut writer = Writer::default();
            writer.segment(&segment);
            let mut bytes = writer.0.as_slice();
            prop_assert_eq!(Segment::read(&mut bytes).unwrap(), segment);
            prop_assert!(bytes.is_empty());
            let mut cut = &writer.0[..cut.index(writer.0.len())];
            prop_assert!(Segment::read(&mut cut).is_err());
        }

        #[test]
        fn damage_is_an_error_and_no_panic(at in any::<prop::sample::Index>(), byte: u8) {
            let mut writer = Writer::default();
            writer.segment(&segment(&[("a".into(), 1), ("b".into(), u64::MAX)]));
            let at = at.index(writer.0.len());
            writer.0[at] = byte;
            let _ = Segment::read(&mut writer.0.as_slice());
        }
    }
}
