//! A text that is being pasted, between its two marks.

use std::time::{Duration, Instant};

/// The mark of its beginning.
pub(super) const BEGINS: &[u8] = b"\x1b[200~";

/// The mark of its end.
pub(super) const ENDS: &[u8] = b"\x1b[201~";

/// What comes within this after the end of a paste may be a part of it: a text that holds the mark of
/// its end is ended twice.
pub(super) const AFTER: Duration = Duration::from_millis(100);

/// A paste of which nothing came for so long has lost its end.
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
}

impl Paste {
    pub(super) fn begin(now: Instant) -> Self {
        Self { text: Vec::new(), searched: 0, ended: None, last: now }
    }

    /// Moves what belongs to it from the buffer, up to the last mark of an end that is there. Marks
    /// within it are no text.
    pub(super) fn gather(&mut self, buffer: &mut Vec<u8>, has_come: bool, now: Instant) {
        if has_come {
            self.last = now;
        }
        while let Some(at) = find(buffer, ENDS, self.searched) {
            self.keep(buffer.get(..at).unwrap_or_default());
            buffer.drain(..at + ENDS.len());
            (self.ended, self.searched) = (Some(now), 0);
        }
        self.searched = buffer.len().saturating_sub(ENDS.len() - 1);
        let is_lost = self.ended.is_none() && now >= self.until();
        if is_lost {
            // The beginning of a mark is waited for as any sequence is.
            let begun = (1..ENDS.len()).rev().find(|len| buffer.ends_with(ENDS.get(..*len).unwrap_or(ENDS)));
            self.searched = buffer.len() - begun.unwrap_or(0);
        }
        if is_lost || (self.ended.is_none() && self.searched > MAX_BYTES) {
            // Only the end of it is still looked for.
            let text: Vec<u8> = buffer.drain(..self.searched).collect();
            self.keep(&text);
            self.searched = 0;
        }
    }

    fn keep(&mut self, text: &[u8]) {
        let room = MAX_BYTES.saturating_sub(self.text.len());
        self.text.extend(text.iter().take(room));
    }

    /// When it is over, if nothing more of it comes. What comes behind its end does not put that off.
    pub(super) fn until(&self) -> Instant {
        self.ended.map_or(self.last + LOST_AFTER, |ended| ended + AFTER)
    }

    pub(super) fn is_over(&self, behind: usize, now: Instant) -> bool {
        now >= self.until() || (self.ended.is_some() && behind > MAX_BYTES)
    }
}

/// Where a mark stands.
pub(super) fn find(bytes: &[u8], mark: &[u8], from: usize) -> Option<usize> {
    memchr::memmem::find(bytes.get(from..)?, mark).map(|at| from + at)
}
