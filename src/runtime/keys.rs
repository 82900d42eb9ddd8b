//! What a terminal sends, as events: keys, pastes, the mouse. A pure machine: bytes and the time go in, events
//! come out, and whatever is no key of a person (answers of the terminal, noise) goes nowhere.
//!
//! A slow line cuts what a terminal sends at any byte, for any time. A person must not wait, so Escape is told
//! after 30 ms; but the sequence that may have begun with it is remembered, and what comes next and may be the
//! rest of it is held for a moment. If it is the whole rest, it goes nowhere. What is held and may have been typed is told as keys in doubt, which decide nothing.

use std::time::{Duration, Instant};

use super::paste::{self, Paste};
use super::sent::{Fit, fit};
use super::sequences::{ESC, Front, Press, front};
use crate::app::{Doubt, Event, KeyCode, KeyPress};

/// An escape behind which nothing comes for so long is the key.
const ESCAPE_ALONE: Duration = Duration::from_millis(30);

/// The rest of a sequence is waited for so long. A person who has typed the same is kept waiting no longer.
const PATIENCE: Duration = Duration::from_millis(100);

/// Nothing is waited for longer, however much comes: a key that is held sends without a pause.
const LONGEST: Duration = Duration::from_secs(2);

/// A rest that comes in pieces and may as well have been typed is one for so long after the last piece. One
/// that comes at once is one at any time.
const TYPED_WITHIN: Duration = Duration::from_secs(2);

/// The same for one that nobody would type.
const SENT_WITHIN: Duration = Duration::from_secs(10);

/// A key that comes again within this is held down: terminals repeat it each 25 to 40 ms, and a finger that presses
/// it twice takes longer.
const HELD_WITHIN: Duration = Duration::from_millis(150);

/// An answer of the terminal is shorter. Unit: bytes.
const MAX_SEQUENCE: usize = 4 << 10;

/// Said when the rest of a paste may still come.
const UNENDED: &str =
    "The end of what was pasted has not come, so keys may be a part of it and count for nothing; Esc ends it";

/// Takes bytes in as they come, and keeps what is unfinished.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    buffer: Vec<u8>,
    /// What was pasted so far, while a paste is under way.
    paste: Option<Paste>,
    /// When what is unfinished began.
    began: Option<Instant>,
    /// When something came last.
    last: Option<Instant>,
    /// The buffer begins with the beginning of a sequence that is not waited for any more.
    late: Option<Late>,
    /// The last key, and when it came.
    pressed: Option<(KeyPress, Instant)>,
}

/// The beginning of a sequence whose rest has not come in time. It may come at any time.
#[derive(Clone, Copy, Debug)]
struct Late {
    /// How many bytes of it are dealt with.
    known: usize,
    /// They were told as keys.
    as_keys: bool,
    /// How long nothing had come before what stands behind them.
    gap: Duration,
}

/// Where the buffer stands.
enum Next {
    /// At the beginning of something, or its end.
    Free,
    /// Something is unfinished.
    Waits,
    PasteBegins,
}

impl Keys {
    /// Takes what was read; nothing, when it was quiet for [`Keys::patience`].
    pub(crate) fn take(&mut self, bytes: &[u8], now: Instant) -> Vec<Event> {
        let mut events = self.take_in(bytes, now);
        // Told by when they come: it makes no difference how far the desk is.
        for event in &mut events {
            let Event::Key(key) = *event else { continue };
            let before = self.pressed.replace((key, now));
            if before.is_some_and(|(last, at)| last == key && now.saturating_duration_since(at) < HELD_WITHIN)
            {
                *event = Event::UnsureKey(key, Doubt::Held);
            }
        }
        events
    }

    fn take_in(&mut self, bytes: &[u8], now: Instant) -> Vec<Event> {
        let has_come = !bytes.is_empty();
        if has_come {
            let gap = self.last.map_or(Duration::ZERO, |last| now.saturating_duration_since(last));
            if let Some(late) = self.late.as_mut().filter(|late| late.known == self.buffer.len()) {
                late.gap = gap;
            }
            self.last = Some(now);
        }
        self.buffer.extend_from_slice(bytes);
        let mut events = Vec::new();
        loop {
            if let Some(mut paste) = self.paste.take() {
                paste.gather(&mut self.buffer, has_come, now);
                if !paste.is_over(self.buffer.len(), now) {
                    self.paste = Some(paste);
                    return events;
                }
                if !paste.is_taken {
                    events.push(Event::Paste(String::from_utf8_lossy(&paste.text).into_owned()));
                    if !paste.has_ended() {
                        events.push(Event::LogNotice(UNENDED.to_owned()));
                        self.paste = Some(Paste::rest(now));
                        return events;
                    }
                } else if !paste.has_ended() {
                    // The key has done what it was for, unless it is the beginning of the mark.
                    let known = self.buffer.len();
                    self.late = (known > 0).then_some(Late { known, as_keys: true, gap: Duration::ZERO });
                }
            } else {
                self.drop_tail_of_paste();
            }
            let next = match self.take_late(now, &mut events) {
                Next::Free => self.take_keys(now, &mut events),
                next => next,
            };
            if !matches!(next, Next::PasteBegins) {
                return events;
            }
            self.paste = Some(Paste::begin(now));
        }
    }

    /// How long to wait for more before nothing is taken; `None`: for ever.
    pub(crate) fn patience(&self, now: Instant) -> Option<Duration> {
        let until = match (&self.paste, self.late) {
            (Some(paste), _) => paste.until()?,
            (None, Some(late)) if late.known == self.buffer.len() => return None,
            (None, Some(_)) => self.last? + PATIENCE,
            (None, None) if self.buffer.is_empty() => return None,
            (None, None) => self.until(&self.buffer)?,
        };
        Some(until.saturating_duration_since(now))
    }

    /// When what is unfinished is not waited for any more.
    fn until(&self, unfinished: &[u8]) -> Option<Instant> {
        let last = self.last?;
        Some(match unfinished {
            [ESC] => last + ESCAPE_ALONE,
            _ => (last + PATIENCE).min(self.began? + LONGEST),
        })
    }

    /// Takes keys from the buffer until it is used up.
    fn take_keys(&mut self, now: Instant, events: &mut Vec<Event>) -> Next {
        let mut at = 0;
        let mut next = Next::Free;
        while let Some(rest) = self.buffer.get(at..).filter(|rest| !rest.is_empty()) {
            if at > 0 {
                self.began = None;
            }
            match front(rest) {
                Front::Whole(used, press) => {
                    at += used.max(1);
                    events.extend(press.map(sure));
                }
                Front::PasteBegins(used) => {
                    at += used;
                    next = Next::PasteBegins;
                    break;
                }
                Front::Unfinished => {
                    self.began.get_or_insert(now);
                    next = Next::Waits;
                    let is_late = self.until(rest).is_some_and(|until| now >= until);
                    if is_late || rest.len() > MAX_SEQUENCE {
                        let as_keys = rest == [ESC];
                        if as_keys {
                            events.push(Event::Key(KeyPress::plain(KeyCode::Esc)));
                        }
                        // Taken for keys, it could decide something.
                        at = if matches!(fit(rest, 0), Fit::Begins(_)) { at } else { self.buffer.len() };
                        let known = self.buffer.len() - at;
                        self.late = (known > 0).then_some(Late { known, as_keys, gap: Duration::ZERO });
                    }
                    break;
                }
            }
        }
        self.buffer.drain(..at.min(self.buffer.len()));
        if !matches!(next, Next::Waits) || self.late.is_some() {
            self.began = None;
        }
        next
    }

    /// Takes what comes behind the beginning of a sequence that was late.
    fn take_late(&mut self, now: Instant, events: &mut Vec<Event>) -> Next {
        let Some(late) = self.late else { return Next::Free };
        let fit = fit(&self.buffer, late.known);
        let (Fit::Whole(end) | Fit::Breaks(end) | Fit::Begins(end)) = fit;
        let sequence = self.buffer.get(..end).unwrap_or_default();
        let is_typed = late.as_keys && is_typed(sequence);
        let held = sequence.get(late.known..).unwrap_or_default();
        match fit {
            Fit::Whole(_) => {
                let front = front(sequence);
                self.forget(end);
                match front {
                    Front::PasteBegins(_) => return Next::PasteBegins,
                    Front::Whole(_, Some(press)) if late.as_keys => events.extend(doubtful(press)),
                    Front::Whole(_, press) => events.extend(press.map(sure)),
                    Front::Unfinished => {}
                }
                Next::Free
            }
            Fit::Breaks(_) => {
                if is_typed {
                    events.extend(doubtful_keys(held));
                }
                self.forget(end);
                Next::Free
            }
            Fit::Begins(_) if held.is_empty() || self.last.is_none_or(|last| now < last + PATIENCE) => {
                Next::Waits
            }
            // Behind Escape alone, the opening of a sequence may come at any time.
            Fit::Begins(_)
                if late.known > 1 && late.gap > if is_typed { TYPED_WITHIN } else { SENT_WITHIN } =>
            {
                self.forget(late.known);
                Next::Free
            }
            Fit::Begins(_) => {
                if is_typed {
                    events.extend(doubtful_keys(held));
                }
                self.late = Some(Late { known: end, ..late });
                if end > MAX_SEQUENCE {
                    self.forget(end);
                }
                Next::Waits
            }
        }
    }

    /// Takes the front of the buffer away; what stands behind it is the beginning of something.
    fn forget(&mut self, end: usize) {
        self.buffer.drain(..end.min(self.buffer.len()));
        (self.late, self.began) = (None, None);
    }

    /// A mark of an end without one of a beginning, which somebody else has read: what stands before the mark
    /// was pasted as well.
    fn drop_tail_of_paste(&mut self) {
        let begins = memchr::memmem::find(&self.buffer, paste::BEGINS).unwrap_or(self.buffer.len());
        let mut end = 0;
        while let Some(mark) = paste::find_end(self.buffer.get(..begins).unwrap_or_default(), end) {
            end = mark.end;
        }
        if end > 0 {
            self.forget(end);
        }
    }
}

/// Whether a person may have typed the beginning of a sequence: nobody types its other signs behind Escape.
fn is_typed(sequence: &[u8]) -> bool {
    let rest = sequence.strip_prefix(&[ESC]).map(|rest| rest.get(1..).unwrap_or_default());
    rest.is_some_and(|rest| rest.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'['))
}

fn sure(press: Press) -> Event {
    match press {
        Press::Key(key) => Event::Key(key),
        Press::Mouse(mouse) => Event::Mouse(mouse),
        Press::Background(background) => Event::Background(background),
    }
}

/// What a sequence means whose beginning was told as keys. They may have changed what lies under the mouse.
fn doubtful(press: Press) -> Option<Event> {
    match press {
        Press::Key(key) => Some(Event::UnsureKey(key, Doubt::Sent)),
        Press::Mouse(_) => None,
        Press::Background(background) => Some(Event::Background(background)),
    }
}

fn doubtful_keys(bytes: &[u8]) -> impl Iterator<Item = Event> {
    bytes.iter().map(|byte| Event::UnsureKey(KeyPress::char(char::from(*byte)), Doubt::Sent))
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "keys_cut_tests.rs"]
mod cut_tests;
