//! A moving view of a file that is far larger than memory should hold.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// How much is read at once: what is read then is still in the nearest cache when it is looked at.
/// Unit: bytes.
const CHUNK_BYTES: usize = 256 << 10;

/// The bytes of an opened source. Files are read with `pread`, never mapped: a file that someone
/// truncates must not kill the program.
#[derive(Debug)]
pub(crate) enum Bytes<'a> {
    Opened(File),
    Spooled(&'a File),
    Memory(&'a [u8]),
}

impl Bytes<'_> {
    /// Reads what fits from `offset` on; 0 at the end.
    fn read_some(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let file = match self {
            Self::Opened(file) => file,
            Self::Spooled(file) => file,
            Self::Memory(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                let rest = bytes.get(start..).unwrap_or_default();
                let count = rest.len().min(buffer.len());
                if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
                    to.copy_from_slice(from);
                }
                return Ok(count);
            }
        };
        loop {
            match file.read_at(buffer, offset) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }

    /// Reads `length` bytes from `offset` on; fewer only where the file ends.
    pub(crate) fn read(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read_into(offset, length, &mut bytes)?;
        Ok(bytes)
    }

    /// The same, in place of what `bytes` held.
    pub(crate) fn read_into(&self, offset: u64, length: usize, bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.resize(length, 0);
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.read_some(rest, offset + filled as u64)? {
                0 => break,
                count => filled += count,
            }
        }
        bytes.truncate(filled);
        Ok(())
    }
}

/// The part of a source that a splitter looks at: it takes bytes in at the end and lets them go at
/// the start, so that memory is bounded by what the splitter holds on to.
pub(crate) struct Window<'a> {
    bytes: &'a Bytes<'a>,
    /// Where reading stops, even if the file grows meanwhile.
    end: u64,
    buffer: Vec<u8>,
    start: usize,
    filled: usize,
    /// Where `start` stands in the source.
    offset: u64,
}

impl<'a> Window<'a> {
    /// An empty view of the first `end` bytes.
    pub(crate) fn new(bytes: &'a Bytes<'a>, end: u64) -> Self {
        Self { bytes, end, buffer: Vec::new(), start: 0, filled: 0, offset: 0 }
    }

    /// What is in view.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..self.filled).unwrap_or_default()
    }

    /// Where the view begins in the source. Unit: bytes.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Where reading stops. Unit: bytes from the start of the source.
    pub(crate) fn end(&self) -> u64 {
        self.end
    }

    /// Lets the first `count` bytes go.
    pub(crate) fn consume(&mut self, count: usize) {
        let count = count.min(self.filled - self.start);
        self.start += count;
        self.offset += count as u64;
    }

    /// Takes more bytes in; `false` when there are none left.
    pub(crate) fn fill(&mut self) -> io::Result<bool> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.filled, 0);
            self.filled -= self.start;
            self.start = 0;
        }
        let at = self.offset + self.filled as u64;
        let left = usize::try_from(self.end.saturating_sub(at)).unwrap_or(usize::MAX);
        let wanted = self.filled + left.min(CHUNK_BYTES);
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted, 0);
        }
        let Some(room) = self.buffer.get_mut(self.filled..wanted) else { return Ok(false) };
        if room.is_empty() {
            return Ok(false);
        }
        let count = self.bytes.read_some(room, at)?;
        self.filled += count;
        Ok(count > 0)
    }

    /// Forgets what is in view and begins again at `offset`.
    pub(crate) fn seek(&mut self, offset: u64) {
        (self.start, self.filled, self.offset) = (0, 0, offset);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_moves_over_the_whole_source_and_no_further() {
        let text: Vec<u8> = (0..3_000_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let bytes = Bytes::Memory(&text);
        let mut window = Window::new(&bytes, 2_500_000);
        let mut seen = Vec::new();
        while window.fill().unwrap() {
            let take = window.bytes().len() - window.bytes().len() / 3;
            seen.extend_from_slice(&window.bytes()[..take]);
            window.consume(take);
            assert_eq!(window.offset(), seen.len() as u64);
        }
        seen.extend_from_slice(window.bytes());
        assert_eq!(seen, text[..2_500_000]);
        window.seek(7);
        assert!(window.fill().unwrap());
        assert_eq!(window.bytes()[0], 7);
        assert_eq!(bytes.read(2_999_999, 10).unwrap(), [text[2_999_999]]);
    }
}
