//! What a terminal sends, as events: keys, pastes, the mouse. A pure machine: bytes go in, events
//! come out, and whatever is no key of a person (answers of the terminal, noise) goes nowhere.

use std::time::{Duration, Instant};

use super::background;
use super::paste::{self, Paste};
use crate::app::{Background, Event, KeyCode, KeyPress, Mouse, MouseKind};

const ESC: u8 = 0x1b;

/// Control and C, CAN, and SUB, which is control and Z: they break off whatever they stand in.
const BREAKS: [u8; 3] = [0x03, 0x18, 0x1a];

/// An escape behind which nothing comes for so long is the key. Over a slow line the rest of a sequence
/// may be late.
const ESCAPE_ALONE: Duration = Duration::from_millis(30);

/// What is unfinished and looks like no answer of a terminal is dropped when nothing came for so long: it
/// may be keys of a person, who must not wait.
const UNLIKELY: Duration = Duration::from_millis(100);

/// The same for what a terminal may well send, over a slow line in two pieces.
const LIKELY: Duration = Duration::from_secs(1);

/// Nothing stays unfinished for longer, however much comes: a key that is held sends without a pause.
const LONGEST: Duration = Duration::from_secs(2);

/// An answer of the terminal is shorter. Unit: bytes.
const MAX_SEQUENCE: usize = 4 << 10;

/// Takes bytes in as they come, and keeps what is unfinished.
#[derive(Debug, Default)]
pub(super) struct Keys {
    buffer: Vec<u8>,
    /// What was pasted so far, while a paste is under way.
    paste: Option<Paste>,
    /// When what is unfinished began, and when the last of it came.
    unfinished: Option<(Instant, Instant)>,
    /// Until then, what ends an answer of the terminal may end one whose beginning was dropped.
    cut_until: Option<Instant>,
}

/// What stands at the front of the buffer.
#[derive(Debug, PartialEq)]
enum Front {
    /// So many bytes, and what they mean.
    Whole(usize, Option<Press>),
    /// The beginning of something. As it stands, it could be this; if it can be nothing yet, the rest is
    /// waited for: taken for keys, it could decide something.
    Unfinished(Option<(usize, Press)>),
    PasteBegins,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Press {
    Key(KeyPress),
    Mouse(Mouse),
    /// The terminal was asked, and answers.
    Background(Background),
}

impl Keys {
    /// Takes what was read; nothing, when it was quiet for [`Keys::patience`].
    pub(super) fn take(&mut self, bytes: &[u8], now: Instant) -> Vec<Event> {
        let has_come = !bytes.is_empty();
        self.buffer.extend_from_slice(tail_dropped(bytes, self.cut_until.is_some_and(|until| now < until)));
        if has_come {
            self.cut_until = None;
            self.unfinished = self.unfinished.map(|(began, _)| (began, now));
        }
        let mut events = Vec::new();
        loop {
            if let Some(mut paste) = self.paste.take() {
                paste.gather(&mut self.buffer, has_come, now);
                if !paste.is_over(self.buffer.len(), now) {
                    self.paste = Some(paste);
                    return events;
                }
                events.push(Event::Paste(String::from_utf8_lossy(&paste.text).into_owned()));
            } else {
                self.drop_tail_of_paste();
            }
            if self.take_keys(now, &mut events) {
                return events;
            }
        }
    }

    /// How long to wait for more before nothing is taken; `None`: for ever.
    pub(super) fn patience(&self, now: Instant) -> Option<Duration> {
        let until = match &self.paste {
            Some(paste) => paste.until(),
            None => self.until(&front(&self.buffer), &self.buffer)?,
        };
        Some(until.saturating_duration_since(now))
    }

    /// When what is unfinished is taken as it stands, or dropped.
    fn until(&self, front: &Front, bytes: &[u8]) -> Option<Instant> {
        let (began, last) = self.unfinished?;
        match front {
            Front::Unfinished(Some(_)) => Some(last + ESCAPE_ALONE),
            Front::Unfinished(None) => {
                let patience = if is_likely(bytes) { LIKELY } else { UNLIKELY };
                Some((last + patience).min(began + LONGEST))
            }
            Front::Whole(..) | Front::PasteBegins => None,
        }
    }

    /// Takes keys from the buffer until it is used up; `false` where a paste begins.
    fn take_keys(&mut self, now: Instant, events: &mut Vec<Event>) -> bool {
        let mut at = 0;
        let mut begins = false;
        while let Some(rest) = self.buffer.get(at..).filter(|rest| !rest.is_empty()) {
            if at > 0 {
                self.unfinished = None;
            }
            let front = front(rest);
            let is_late = self.until(&front, rest).is_some_and(|until| now >= until);
            let (used, press) = match front {
                Front::Whole(used, press) => (used, press),
                Front::Unfinished(Some((used, press))) if is_late => (used, Some(press)),
                // Taken for keys, it could decide something.
                Front::Unfinished(None) if is_late || rest.len() > MAX_SEQUENCE => {
                    self.cut_until = is_string(rest).then_some(now + LONGEST);
                    (rest.len(), None)
                }
                Front::Unfinished(_) => {
                    self.unfinished.get_or_insert((now, now));
                    break;
                }
                Front::PasteBegins => {
                    (begins, at) = (true, at + paste::BEGINS.len());
                    break;
                }
            };
            at += used.max(1);
            events.extend(press.map(|press| match press {
                Press::Key(key) => Event::Key(key),
                Press::Mouse(mouse) => Event::Mouse(mouse),
                Press::Background(background) => Event::Background(background),
            }));
        }
        self.buffer.drain(..at.min(self.buffer.len()));
        if self.buffer.is_empty() || begins {
            self.unfinished = None;
        }
        self.paste = begins.then(|| Paste::begin(now));
        !begins
    }

    /// A mark of an end without one of a beginning: the paste was taken to be lost, and what stands before
    /// the mark is the rest of it, and not keys.
    fn drop_tail_of_paste(&mut self) {
        let begins = paste::find(&self.buffer, paste::BEGINS, 0).unwrap_or(self.buffer.len());
        let before = self.buffer.get(..begins).unwrap_or_default();
        if let Some(at) = memchr::memmem::rfind(before, paste::ENDS) {
            self.buffer.drain(..at + paste::ENDS.len());
            self.unfinished = None;
        }
    }
}

/// What was read without the rest of an answer whose beginning was dropped.
fn tail_dropped(bytes: &[u8], is_cut: bool) -> &[u8] {
    if !is_cut {
        return bytes;
    }
    let bell = bytes.iter().position(|byte| *byte == 0x07).map(|at| at + 1);
    let end = bell.or_else(|| paste::find(bytes, b"\x1b\\", 0).map(|at| at + 2));
    end.and_then(|end| bytes.get(end..)).unwrap_or(bytes)
}

/// Whether it is the beginning of a string that a terminal sends.
fn is_string(bytes: &[u8]) -> bool {
    matches!(bytes, [ESC, b']' | b'P' | b'_' | b'^' | b'X', ..])
}

/// Whether a terminal may send something that begins so, rather than a person.
fn is_likely(bytes: &[u8]) -> bool {
    match bytes {
        [ESC, b']', number, ..] => number.is_ascii_digit(),
        _ => !is_string(bytes),
    }
}

/// What the bytes begin with.
fn front(bytes: &[u8]) -> Front {
    match bytes {
        [ESC] => Front::Unfinished(Some((1, plain(KeyCode::Esc)))),
        [ESC, next, ..] if *next == ESC || BREAKS.contains(next) => {
            Front::Whole(1, Some(plain(KeyCode::Esc)))
        }
        [ESC, b'[', rest @ ..] => control_sequence(rest),
        [ESC, b'O', rest @ ..] => single_shift(rest),
        [ESC, kind @ (b']' | b'P' | b'_' | b'^' | b'X'), rest @ ..] => string(*kind, rest),
        [ESC, rest @ ..] => match letter(rest) {
            Front::Whole(used, press) => Front::Whole(used + 1, press.map(with_alt)),
            Front::Unfinished(press) => {
                Front::Unfinished(press.map(|(used, press)| (used + 1, with_alt(press))))
            }
            Front::PasteBegins => Front::PasteBegins,
        },
        _ => letter(bytes),
    }
}

/// A letter or a key of the control row.
fn letter(bytes: &[u8]) -> Front {
    let Some(first) = bytes.first().copied() else { return Front::Unfinished(None) };
    let key = match first {
        b'\r' => KeyPress::plain(KeyCode::Enter),
        b'\t' => KeyPress::plain(KeyCode::Tab),
        0x7f => KeyPress::plain(KeyCode::Backspace),
        0 => ctrl(' '),
        0x01..=0x1a => ctrl(char::from(first - 1 + b'a')),
        0x1c..=0x1f => ctrl(char::from(first - 0x1c + b'4')),
        0x20..=0x7e => KeyPress::char(char::from(first)),
        _ => return wide_letter(bytes),
    };
    Front::Whole(1, Some(Press::Key(key)))
}

fn wide_letter(bytes: &[u8]) -> Front {
    let count = match bytes.first().copied().unwrap_or_default() {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        // No letter begins so.
        _ => return Front::Whole(1, None),
    };
    let start = bytes.get(..count.min(bytes.len())).unwrap_or_default();
    match std::str::from_utf8(start) {
        Ok(letter) => Front::Whole(count, letter.chars().next().map(|c| Press::Key(KeyPress::char(c)))),
        Err(error) if error.error_len().is_none() => Front::Unfinished(None),
        Err(_) => Front::Whole(1, None),
    }
}

/// What follows `ESC [`.
fn control_sequence(rest: &[u8]) -> Front {
    if rest.is_empty() {
        return Front::Unfinished(Some((2, with_alt(Press::Key(KeyPress::char('['))))));
    }
    // The console of Linux: five keys with a second bracket.
    if let [b'[', more @ ..] = rest {
        return match more.first() {
            None => Front::Unfinished(None),
            Some(letter @ b'A'..=b'E') => function(4, letter - b'A' + 1),
            Some(letter) if BREAKS.contains(letter) => Front::Whole(3, None),
            Some(_) => Front::Whole(4, None),
        };
    }
    // The mouse in its old form: three bytes of any value.
    if let [b'M', more @ ..] = rest {
        if let Some(at) = more.iter().take(3).position(|byte| BREAKS.contains(byte)) {
            return Front::Whole(at + 3, None);
        }
        let [button, x, y, ..] = more else { return Front::Unfinished(None) };
        let from = |byte: &u8| u16::from(byte.saturating_sub(33));
        let press = match u16::from(button.saturating_sub(32)) {
            // Of any button; in this form nobody knows of which.
            3 => Some(pressed(MouseKind::Release, from(x), from(y))),
            button => mouse(button, from(x), from(y)),
        };
        return Front::Whole(6, press);
    }
    let length = rest.iter().take_while(|byte| (0x20..0x40).contains(*byte)).count();
    let Some(last) = rest.get(length).copied() else { return Front::Unfinished(None) };
    let parameters = rest.get(..length).unwrap_or_default();
    let used = length + 3;
    if !(0x40..0x7f).contains(&last) {
        // It breaks off. What breaks it may be the beginning of something else.
        let begins_anew = last == ESC || BREAKS.contains(&last);
        return Front::Whole(if begins_anew { used - 1 } else { used }, None);
    }
    if let [b'<', numbers @ ..] = parameters {
        let press = match numbers_of(numbers).as_slice() {
            // The release of the left button.
            [0, x, y] if last == b'm' => {
                Some(pressed(MouseKind::Release, x.saturating_sub(1), y.saturating_sub(1)))
            }
            [button, x, y] if last == b'M' => mouse(*button, x.saturating_sub(1), y.saturating_sub(1)),
            _ => None,
        };
        return Front::Whole(used, press);
    }
    if parameters.iter().any(|byte| !byte.is_ascii_digit() && *byte != b';') {
        return Front::Whole(used, None);
    }
    let numbers = numbers_of(parameters);
    if last == b'~' && numbers.as_slice() == [200] {
        return Front::PasteBegins;
    }
    let code = match (last, numbers.first().copied().unwrap_or(1)) {
        (b'~', number) => tilde_key(number),
        // A report of the cursor looks like F3 with a modifier, and is no key of a person.
        (b'R', _) if !numbers.is_empty() => None,
        (b'P'..=b'S', 1) => Some(KeyCode::Function(last - b'P' + 1)),
        (b'Z', _) => Some(KeyCode::BackTab),
        (_, 1) => arrow(last),
        _ => None,
    };
    let modifiers = numbers.get(1).copied().unwrap_or(1).saturating_sub(1);
    let key = code.map(|code| KeyPress { code, alt: modifiers & 2 != 0, ctrl: modifiers & 4 != 0 });
    Front::Whole(used, key.map(Press::Key))
}

/// What follows `ESC O`.
fn single_shift(rest: &[u8]) -> Front {
    match rest.first().copied() {
        None => Front::Unfinished(Some((2, with_alt(Press::Key(KeyPress::char('O')))))),
        Some(letter @ b'P'..=b'S') => function(3, letter - b'P' + 1),
        Some(b'M') => Front::Whole(3, Some(plain(KeyCode::Enter))),
        Some(letter @ 0x20..=0x7e) => Front::Whole(3, arrow(letter).map(plain)),
        // Whatever it is begins anew.
        Some(_) => Front::Whole(2, None),
    }
}

/// An answer of the terminal: everything up to a bell or `ESC \`.
fn string(kind: u8, rest: &[u8]) -> Front {
    if rest.is_empty() {
        return Front::Unfinished(Some((2, with_alt(Press::Key(KeyPress::char(char::from(kind)))))));
    }
    let ends = |byte: &u8| matches!(*byte, 0x07 | ESC) || BREAKS.contains(byte);
    let Some(at) = rest.iter().position(ends) else {
        return Front::Unfinished(None);
    };
    let answer = rest.get(..at).filter(|_| kind == b']').and_then(background::answer);
    let answer = answer.map(Press::Background);
    match rest.get(at) {
        Some(0x07) => Front::Whole(at + 3, answer),
        Some(byte) if BREAKS.contains(byte) => Front::Whole(at + 2, None),
        _ => match rest.get(at + 1) {
            None => Front::Unfinished(None),
            Some(b'\\') => Front::Whole(at + 4, answer),
            // It breaks off, and something else begins.
            Some(_) => Front::Whole(at + 2, None),
        },
    }
}

fn tilde_key(number: u16) -> Option<KeyCode> {
    let function = |number: u16| u8::try_from(number).ok().map(KeyCode::Function);
    match number {
        1 | 7 => Some(KeyCode::Home),
        3 => Some(KeyCode::Delete),
        4 | 8 => Some(KeyCode::End),
        5 => Some(KeyCode::PageUp),
        6 => Some(KeyCode::PageDown),
        11..=15 => function(number - 10),
        17..=21 => function(number - 11),
        23 | 24 => function(number - 12),
        _ => None,
    }
}

fn arrow(letter: u8) -> Option<KeyCode> {
    match letter {
        b'A' => Some(KeyCode::Up),
        b'B' => Some(KeyCode::Down),
        b'C' => Some(KeyCode::Right),
        b'D' => Some(KeyCode::Left),
        b'F' => Some(KeyCode::End),
        b'H' => Some(KeyCode::Home),
        _ => None,
    }
}

/// The numbers of a sequence; what is no number, or too large for one, is the largest.
fn numbers_of(parameters: &[u8]) -> Vec<u16> {
    if parameters.is_empty() {
        return Vec::new();
    }
    let number = |digits: &[u8]| std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
    parameters.split(|byte| *byte == b';').map(|digits| number(digits).unwrap_or(u16::MAX)).collect()
}

fn mouse(button: u16, x: u16, y: u16) -> Option<Press> {
    // With a modifier held, or moved with the button down, it is the same or nothing.
    let kind = match button & !(4 | 8 | 16) {
        0 => MouseKind::Click,
        64 => MouseKind::WheelUp,
        65 => MouseKind::WheelDown,
        _ => return None,
    };
    Some(pressed(kind, x, y))
}

fn pressed(kind: MouseKind, x: u16, y: u16) -> Press {
    Press::Mouse(Mouse { kind, x, y })
}

fn function(used: usize, number: u8) -> Front {
    Front::Whole(used, Some(plain(KeyCode::Function(number))))
}

fn plain(code: KeyCode) -> Press {
    Press::Key(KeyPress::plain(code))
}

fn ctrl(letter: char) -> KeyPress {
    KeyPress { code: KeyCode::Char(letter), ctrl: true, alt: false }
}

fn with_alt(press: Press) -> Press {
    match press {
        Press::Key(key) => Press::Key(KeyPress { alt: true, ..key }),
        other => other,
    }
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
