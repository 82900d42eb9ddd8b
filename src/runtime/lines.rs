//! The lines of plain mode, none of them longer than a person types.

use std::io::{self, BufRead, Read};

/// Far longer than any command: the longest note takes a quarter of it. Unit: bytes.
pub(super) const MAX_BYTES: usize = 64 << 10;

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Its text, without its end.
    Text(String),
    /// More than [`MAX_BYTES`] without an end. Told at once; the rest of the line is passed over.
    TooLong,
}

/// Lines as they come. Memory is bounded also where no line ever ends.
#[derive(Debug)]
pub(super) struct Lines<R> {
    from: R,
    /// The rest of a line comes that was too long.
    passes: bool,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(from: R) -> Self {
        Self { from, passes: false }
    }

    fn read(&mut self) -> io::Result<Option<Line>> {
        while self.passes {
            let read = self.from.fill_buf()?;
            let end = memchr::memchr(b'\n', read);
            let (used, is_over) = (end.map_or(read.len(), |end| end + 1), end.is_some() || read.is_empty());
            self.from.consume(used);
            self.passes = !is_over;
        }
        let mut line = Vec::new();
        let most = u64::try_from(MAX_BYTES + 1).unwrap_or(u64::MAX);
        self.from.by_ref().take(most).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        if line.ends_with(b"\n") {
            line.pop();
        } else if line.len() > MAX_BYTES {
            self.passes = true;
            return Ok(Some(Line::TooLong));
        }
        Ok(Some(Line::Text(String::from_utf8_lossy(&line).into_owned())))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Line;

    /// What cannot be read ends the lines, as their end does.
    fn next(&mut self) -> Option<Line> {
        self.read().ok().flatten()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, repeat};

    use super::*;

    fn lines(bytes: &[u8]) -> Vec<Line> {
        Lines::new(BufReader::with_capacity(7, bytes)).collect()
    }

    fn text(line: &str) -> Line {
        Line::Text(line.to_owned())
    }

    #[test]
    fn lines_are_what_stands_between_their_ends() {
        assert_eq!(lines(b"r\n\nnote a b\r\nlast"), [text("r"), text(""), text("note a b\r"), text("last")]);
        assert_eq!(lines(b"\xff\n"), [text("\u{fffd}")]);
        assert!(lines(b"").is_empty());
        let longest = "x".repeat(MAX_BYTES);
        assert_eq!(
            lines(format!("{longest}\nr\n{longest}").as_bytes()),
            [text(&longest), text("r"), text(&longest)]
        );
    }

    #[test]
    fn a_line_that_is_too_long_costs_itself_alone() {
        let long = "r".repeat(5 * MAX_BYTES + 3);
        assert_eq!(lines(format!("s\n{long}\nr\n").as_bytes()), [text("s"), Line::TooLong, text("r")]);
        assert_eq!(lines(long.as_bytes()), [Line::TooLong]);
    }

    /// Before it ends, which it never does.
    #[test]
    fn a_line_without_end_is_told_at_once() {
        assert_eq!(Lines::new(BufReader::new(repeat(b'r'))).next(), Some(Line::TooLong));
    }
}
