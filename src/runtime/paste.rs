//! A text that is being pasted, between its two marks.

use std::ops::Range;
use std::time::{Duration, Instant};

/// The mark of its beginning.
pub(super) const BEGINS: &[u8] = b"\x1b[200~";

/// The marks of its end: with an escape, and in eight bits.
const ENDS: [&[u8]; 2] = [b"\x1b[201~", b"\x9b201~"];

/// The length of the longest mark.
const MARK_BYTES: usize = 6;

/// What comes within this after the end of a paste may be a part of it: a text that holds the mark of
/// its end is ended twice.
pub(super) const AFTER: Duration = Duration::from_millis(100);

/// A paste of which nothing came for so long is taken as it is. The rest of it may still come.
pub(super) const LOST_AFTER: Duration = Duration::from_secs(1);

/// No prompt takes more of a paste. Unit: bytes.
pub(super) const MAX_BYTES: usize = 256 << 10;

/// What was pasted so far.
#[derive(Debug)]
pub(super) struct Paste {
    pub(super) text: Vec<u8>,
    /// How much of the buffer is known to hold no mark.
    searched: usize,
    /// When its end was seen, which might not be the last one.
    ended: Option<Instant>,
    /// When the last of it came.
    last: Instant,
    /// The text was taken without its end. What still comes of it goes nowhere: taken for keys, it could decide.
    pub(super) is_taken: bool,
    /// A key that breaks off came last, and nothing with it: a person wants to go on.
    is_given_up: bool,
}

impl Paste {
    pub(super) fn begin(now: Instant) -> Self {
        Self { text: Vec::new(), searched: 0, ended: None, last: now, is_taken: false, is_given_up: false }
    }

    /// What is left of a paste that was taken without its end.
    pub(super) fn rest(now: Instant) -> Self {
        Self { is_taken: true, ..Self::begin(now) }
    }

    /// Moves what belongs to it from the buffer, up to the last mark of an end that is there. Marks
    /// within it are no text.
    pub(super) fn gather(&mut self, buffer: &mut Vec<u8>, has_come: bool, now: Instant) {
        if has_come {
            self.last = now;
            self.is_given_up = matches!(buffer.as_slice(), [0x03 | 0x1b]);
        }
        while let Some(end) = find_end(buffer, self.searched) {
            self.keep(buffer.get(..end.start).unwrap_or_default());
            buffer.drain(..end.end);
            (self.ended, self.searched) = (Some(now), 0);
        }
        self.searched = buffer.len().saturating_sub(MARK_BYTES - 1);
        let is_late = self.ended.is_none() && (self.is_taken || self.is_over(0, now));
        if is_late {
            // The beginning of a mark is waited for as any sequence is.
            let begins = |mark: &[u8]| {
                (1..mark.len())
                    .rev()
                    .find(|len| mark.get(..*len).is_some_and(|begun| buffer.ends_with(begun)))
            };
            self.searched = buffer.len() - ENDS.into_iter().find_map(begins).unwrap_or(0);
        }
        if is_late || (self.ended.is_none() && self.searched > MAX_BYTES) {
            // Only the end of it is still looked for.
            let text: Vec<u8> = buffer.drain(..self.searched).collect();
            self.keep(&text);
            self.searched = 0;
        }
    }

    fn keep(&mut self, text: &[u8]) {
        let room = if self.is_taken { 0 } else { MAX_BYTES.saturating_sub(self.text.len()) };
        self.text.extend(text.iter().take(room));
    }

    /// When it is over, if nothing more of it comes. What comes behind its end does not put that off.
    pub(super) fn until(&self) -> Option<Instant> {
        match self.ended {
            Some(ended) => Some(ended + AFTER),
            None if self.is_taken => self.is_given_up.then(|| self.last + AFTER),
            None => Some(self.last + LOST_AFTER),
        }
    }

    pub(super) fn is_over(&self, behind: usize, now: Instant) -> bool {
        self.until().is_some_and(|until| now >= until) || (self.ended.is_some() && behind > MAX_BYTES)
    }

    /// Whether its end has come.
    pub(super) fn has_ended(&self) -> bool {
        self.ended.is_some()
    }
}

/// Where the first mark of an end stands.
pub(super) fn find_end(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    let ends = ENDS.into_iter().filter_map(|mark| {
        let at = memchr::memmem::find(bytes.get(from..)?, mark)? + from;
        // In eight bits its first byte may as well be the last one of a letter.
        let before = at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
        let is_mark = mark.starts_with(b"\x1b") || before.is_none_or(|byte| byte < 0x80 || byte == 0xc2);
        is_mark.then_some(at..at + mark.len())
    });
    ends.min_by_key(|end| end.start)
}
