//! Sequences of bytes that terminals send, and what each of them means: keys, the mouse, answers. A pure
//! function of the bytes; how long to wait for the rest of one is not known here.

use super::background;
use crate::app::{Background, KeyCode, KeyPress, Mouse, MouseKind};

pub(super) const ESC: u8 = 0x1b;

/// The end of a string in eight bits (ST).
pub(super) const STRING_END: u8 = 0x9c;

/// Control and C, CAN, and SUB, which is control and Z: they break off whatever they stand in.
pub(super) const BREAKS: [u8; 3] = [0x03, 0x18, 0x1a];

/// What a buffer begins with.
#[derive(Debug, PartialEq)]
pub(super) enum Front {
    /// So many bytes, and what they mean, if it is anything to us.
    Whole(usize, Option<Press>),
    /// The beginning of something.
    Unfinished,
    /// A paste begins behind so many bytes.
    PasteBegins(usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Press {
    Key(KeyPress),
    Mouse(Mouse),
    /// The terminal was asked, and answers.
    Background(Background),
}

impl Front {
    /// The same behind so many more bytes.
    fn behind(self, opening: usize) -> Self {
        match self {
            Self::Whole(used, press) => Self::Whole(used + opening, press),
            Self::Unfinished => Self::Unfinished,
            Self::PasteBegins(used) => Self::PasteBegins(used + opening),
        }
    }
}

/// The opening of a sequence, if the bytes begin with one: its length, and its sign as it stands behind an
/// escape. Terminals also send it in eight bits, alone or as a character of UTF-8.
pub(super) fn opening(bytes: &[u8]) -> Option<(usize, u8)> {
    let (length, sign) = match bytes {
        [ESC, sign, ..] => (2, *sign),
        [0xc2, sign @ 0x80..=0x9f, ..] => (2, sign - 0x40),
        [sign @ 0x80..=0x9f, ..] => (1, sign - 0x40),
        _ => return None,
    };
    matches!(sign, b'[' | b'O' | b']' | b'P' | b'_' | b'^' | b'X').then_some((length, sign))
}

/// What the bytes begin with.
pub(super) fn front(bytes: &[u8]) -> Front {
    if let Some((length, sign)) = opening(bytes) {
        let rest = bytes.get(length..).unwrap_or_default();
        let front = match sign {
            b'[' => control_sequence(rest),
            b'O' => single_shift(rest),
            _ => string(sign, rest),
        };
        return front.behind(length);
    }
    match bytes {
        [ESC] => Front::Unfinished,
        [ESC, next, ..] if *next == ESC || BREAKS.contains(next) => {
            Front::Whole(1, Some(plain(KeyCode::Esc)))
        }
        // An escape, and a sequence in eight bits.
        [ESC, rest @ ..] if opening(rest).is_some() => Front::Whole(1, Some(plain(KeyCode::Esc))),
        [ESC, rest @ ..] => match letter(rest) {
            Front::Whole(used, press) => Front::Whole(used + 1, press.map(with_alt)),
            unfinished => unfinished,
        },
        _ => letter(bytes),
    }
}

/// A letter or a key of the control row.
pub(super) fn letter(bytes: &[u8]) -> Front {
    let Some(first) = bytes.first().copied() else { return Front::Unfinished };
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

pub(super) fn wide_letter(bytes: &[u8]) -> Front {
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
        Err(error) if error.error_len().is_none() => Front::Unfinished,
        Err(_) => Front::Whole(1, None),
    }
}

/// What follows `ESC [`.
fn control_sequence(rest: &[u8]) -> Front {
    // The console of Linux: five keys with a second bracket.
    if let [b'[', more @ ..] = rest {
        return match more.first() {
            None => Front::Unfinished,
            Some(letter @ b'A'..=b'E') => function(2, letter - b'A' + 1),
            Some(letter) if BREAKS.contains(letter) => Front::Whole(1, None),
            Some(_) => Front::Whole(2, None),
        };
    }
    // The mouse in its old form: three bytes of any value.
    if let [b'M', more @ ..] = rest {
        if let Some(at) = more.iter().take(3).position(|byte| BREAKS.contains(byte)) {
            return Front::Whole(at + 1, None);
        }
        let [button, x, y, ..] = more else { return Front::Unfinished };
        let from = |byte: &u8| u16::from(byte.saturating_sub(33));
        let press = match u16::from(button.saturating_sub(32)) {
            // Of any button; in this form nobody knows of which.
            3 => Some(pressed(MouseKind::Release, from(x), from(y))),
            button => mouse(button, from(x), from(y)),
        };
        return Front::Whole(4, press);
    }
    let length = rest.iter().take_while(|byte| (0x20..0x40).contains(*byte)).count();
    let Some(last) = rest.get(length).copied() else { return Front::Unfinished };
    let parameters = rest.get(..length).unwrap_or_default();
    let used = length + 1;
    if !(0x40..0x7f).contains(&last) {
        // It breaks off. What breaks it may be the beginning of something else.
        let begins_anew = last >= 0x80 || last == ESC || BREAKS.contains(&last);
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
        return Front::PasteBegins(used);
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

/// What follows `ESC O`: a letter. Some terminals put the number of a modifier before it.
fn single_shift(rest: &[u8]) -> Front {
    let digit = usize::from(rest.first().is_some_and(u8::is_ascii_digit));
    match rest.get(digit).copied() {
        None => Front::Unfinished,
        Some(letter @ b'P'..=b'S') => function(digit + 1, letter - b'P' + 1),
        Some(b'M') => Front::Whole(digit + 1, Some(plain(KeyCode::Enter))),
        Some(letter @ 0x20..=0x7e) => Front::Whole(digit + 1, arrow(letter).map(plain)),
        // Whatever it is begins anew.
        Some(_) => Front::Whole(digit, None),
    }
}

/// What follows the opening of a string: an answer of the terminal, up to its end.
fn string(kind: u8, rest: &[u8]) -> Front {
    let ends = |(at, byte): (usize, &u8)| match *byte {
        // Within a letter it is a part of that.
        STRING_END => at.checked_sub(1).and_then(|at| rest.get(at)).is_none_or(|b| *b < 0x80 || *b == 0xc2),
        byte => matches!(byte, 0x07 | ESC) || BREAKS.contains(&byte),
    };
    let Some(at) = rest.iter().enumerate().position(ends) else {
        return Front::Unfinished;
    };
    let text = rest.get(..at).unwrap_or_default();
    let text = text.strip_suffix(b"\xc2").unwrap_or(text);
    let answer = Some(text).filter(|_| kind == b']').and_then(background::answer).map(Press::Background);
    match rest.get(at).copied() {
        Some(0x07 | STRING_END) => Front::Whole(at + 1, answer),
        Some(byte) if BREAKS.contains(&byte) => Front::Whole(at, None),
        _ => match rest.get(at + 1) {
            None => Front::Unfinished,
            Some(b'\\') => Front::Whole(at + 2, answer),
            // It breaks off, and something else begins.
            Some(_) => Front::Whole(at, None),
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
