//! What terminals send, so that the rest of it can be told from keys when it comes late.

use super::sequences::{ESC, Front, STRING_END, opening, wide_letter};

/// How far bytes are what a terminal sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// So many of them are a whole sequence.
    Whole(usize),
    /// All of them, so many, begin one.
    Begins(usize),
    /// So many begin one; the byte behind them is none of it.
    Breaks(usize),
}

/// Whether bytes whose first `known` begin a sequence are one that terminals send. Stricter than [`front`],
/// which takes whatever has the form of a sequence: what is none of it may be a key of a person.
pub(super) fn fit(bytes: &[u8], known: usize) -> Fit {
    for end in known + 1..=bytes.len() {
        match is_sent(bytes.get(..end).unwrap_or_default()) {
            Some(true) => return Fit::Whole(end),
            Some(false) => {}
            None => return Fit::Breaks(end - 1),
        }
    }
    Fit::Begins(bytes.len())
}

/// `Some(true)` for a whole sequence that terminals send, `Some(false)` for the beginning of one.
fn is_sent(bytes: &[u8]) -> Option<bool> {
    let Some((length, sign)) = opening(bytes) else {
        return match bytes {
            [ESC] => Some(false),
            // A letter in pieces.
            [ESC, letter @ ..] | letter => match wide_letter(letter) {
                Front::Unfinished => Some(false),
                Front::Whole(used, Some(_)) if used == letter.len() => Some(true),
                _ => None,
            },
        };
    };
    let rest = bytes.get(length..)?;
    match sign {
        b'[' => is_sent_control(rest),
        // A key with or without a modifier.
        b'O' => match rest {
            [] => Some(false),
            [digit] if digit.is_ascii_digit() => Some(false),
            [.., letter] if rest.len() <= 2 => letter.is_ascii_alphabetic().then_some(true),
            _ => None,
        },
        // Colours.
        b']' => {
            let number = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            match rest.get(number..)? {
                [] => (number <= 3).then_some(false),
                [b';', text @ ..] if (1..=3).contains(&number) => {
                    is_sent_text(text, |byte| byte.is_ascii_hexdigit() || b"rgb:/;?".contains(&byte))
                }
                _ => None,
            }
        }
        // Its name and version, its settings, what it can do.
        b'P' => is_sent_behind(&[b">|", b"!|", b"0$r", b"1$r", b"0+r", b"1+r"], rest),
        b'_' => is_sent_behind(&[b"G"], rest),
        _ => None,
    }
}

fn is_sent_control(rest: &[u8]) -> Option<bool> {
    match rest {
        [] | [b'['] => return Some(false),
        [b'[', letter] => return matches!(letter, b'A'..=b'E').then_some(true),
        [b'M', mouse @ ..] => return mouse.iter().all(|byte| *byte >= 0x20).then_some(mouse.len() >= 3),
        _ => {}
    }
    let private = rest.first().copied().filter(|byte| b"<>?".contains(byte));
    let rest = rest.get(usize::from(private.is_some())..)?;
    let count = rest.iter().take_while(|byte| byte.is_ascii_digit() || b";:".contains(byte)).count();
    let (numbers, end) = rest.split_at_checked(count)?;
    let is_list = numbers.contains(&b';');
    let last = match end {
        [] => return Some(false),
        // A report of a mode; without a second number, a key of rxvt.
        [b'$'] => return Some(!is_list),
        [b'$', last] => return (is_list && *last == b'y').then_some(true),
        [last] => last,
        _ => return None,
    };
    let ends: &[u8] = match private {
        Some(b'<') => b"Mm",
        Some(b'?') => b"cnuS",
        Some(_) => b"cmu",
        None if is_list => return (last.is_ascii_alphabetic() || b"~^@".contains(last)).then_some(true),
        None if count > 0 => b"~^@ABCDEFGHPQRSZcnRtuz",
        None => b"ABCDEFGHIOPQRSZabcd",
    };
    ends.contains(last).then_some(true)
}

/// One of some beginnings, and text.
fn is_sent_behind(beginnings: &[&[u8]], rest: &[u8]) -> Option<bool> {
    if beginnings.iter().any(|beginning| beginning.starts_with(rest)) {
        return Some(false);
    }
    let text = beginnings.iter().find_map(|beginning| rest.strip_prefix(*beginning))?;
    is_sent_text(text, |byte| (0x20..0x7f).contains(&byte))
}

/// Text up to the end of a string, which is there or not yet.
fn is_sent_text(text: &[u8], may_be: impl Fn(u8) -> bool) -> Option<bool> {
    match text.iter().position(|byte| !may_be(*byte)).and_then(|at| text.get(at..)) {
        None | Some([ESC | 0xc2]) => Some(false),
        Some([0x07 | STRING_END] | [ESC, b'\\'] | [0xc2, STRING_END]) => Some(true),
        Some(_) => None,
    }
}
