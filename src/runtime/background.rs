//! Asks the terminal whether its background is dark or light: once, before keys are read, so that the
//! answer is never taken for keys. Keys that were typed meanwhile are kept.

use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::app::{Background, KeyCode, KeyPress};

/// A terminal that has not answered by then is taken to be dark.
const PATIENCE: Duration = Duration::from_millis(300);

/// The colour of the background (OSC 11), and what kind of terminal it is (DA1). Every terminal answers
/// the second, after the first, so nobody waits for an answer that never comes.
const QUESTION: &[u8] = b"\x1b]11;?\x1b\\\x1b[c";

/// More than this is no answer. Unit: bytes.
const MAX_BYTES: usize = 65_536;

/// What came back.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) background: Option<Background>,
    /// What was typed before the answer came.
    pub(super) keys: Vec<KeyPress>,
    /// The last of the answers is among it.
    is_whole: bool,
}

/// Asks, and waits for the answer.
pub(super) fn ask() -> Answer {
    let until = Instant::now() + PATIENCE;
    let stdin = std::io::stdin();
    let tty = if rustix::termios::isatty(&stdin) { None } else { File::open("/dev/tty").ok() };
    let input = tty.as_ref().map_or_else(|| stdin.as_fd(), AsFd::as_fd);
    let mut bytes = Vec::new();
    if rustix::io::write(rustix::stdio::stdout(), QUESTION) == Ok(QUESTION.len()) {
        while !Answer::of(&bytes).is_whole && bytes.len() < MAX_BYTES && wait(input, until) {
            let mut some = [0; 1024];
            match rustix::io::read(input, &mut some) {
                Ok(0) => break,
                Ok(count) => bytes.extend_from_slice(some.get(..count).unwrap_or_default()),
                Err(rustix::io::Errno::INTR) => {}
                Err(_) => break,
            }
        }
    }
    Answer::of(&bytes)
}

/// Waits until there is something to read; `false` when it is too late.
fn wait(input: BorrowedFd<'_>, until: Instant) -> bool {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let Ok(timeout) = Timespec::try_from(left) else { return false };
        match poll(&mut [PollFd::new(&input, PollFlags::IN)], Some(&timeout)) {
            Err(rustix::io::Errno::INTR) => {}
            Ok(ready) => return ready > 0,
            Err(_) => return false,
        }
    }
}

impl Answer {
    /// Takes answers and keys apart.
    fn of(mut bytes: &[u8]) -> Self {
        let mut answer = Self::default();
        while let Some((first, rest)) = bytes.split_first() {
            bytes = match (*first, rest.first()) {
                (0x1b, Some(b']')) => answer.take_text(rest.get(1..).unwrap_or_default()),
                (0x1b, Some(b'[')) => answer.take_sequence(rest.get(1..).unwrap_or_default()),
                _ => answer.take_key(bytes),
            };
        }
        answer
    }

    /// An OSC: text up to BEL or ESC \.
    fn take_text<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let end = bytes.iter().position(|byte| matches!(byte, 0x07 | 0x1b)).unwrap_or(bytes.len());
        let (text, rest) = bytes.split_at(end);
        let text = std::str::from_utf8(text).unwrap_or_default();
        self.background = text.strip_prefix("11;").and_then(background).or(self.background);
        rest.strip_prefix(b"\x1b\\").or(rest.get(1..)).unwrap_or_default()
    }

    /// A CSI: parameters and a letter.
    fn take_sequence<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let Some(end) = bytes.iter().position(|byte| (0x40..=0x7e).contains(byte)) else { return &[] };
        let code = match (bytes.get(..end), bytes.get(end)) {
            (Some([b'?', ..]), Some(b'c')) => {
                self.is_whole = true;
                None
            }
            (Some([]), Some(b'A')) => Some(KeyCode::Up),
            (Some([]), Some(b'B')) => Some(KeyCode::Down),
            (Some([]), Some(b'C')) => Some(KeyCode::Right),
            (Some([]), Some(b'D')) => Some(KeyCode::Left),
            (Some([]), Some(b'H')) => Some(KeyCode::Home),
            (Some([]), Some(b'F')) => Some(KeyCode::End),
            (Some([]), Some(b'Z')) => Some(KeyCode::BackTab),
            (Some(b"5"), Some(b'~')) => Some(KeyCode::PageUp),
            (Some(b"6"), Some(b'~')) => Some(KeyCode::PageDown),
            _ => None,
        };
        self.keys.extend(code.map(KeyPress::plain));
        bytes.get(end + 1..).unwrap_or_default()
    }

    /// A key that is a sign.
    fn take_key<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let letter = bytes.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
        let key = letter.map(|letter| match letter {
            '\r' => KeyPress::plain(KeyCode::Enter),
            '\t' => KeyPress::plain(KeyCode::Tab),
            '\u{1b}' => KeyPress::plain(KeyCode::Esc),
            '\u{7f}' => KeyPress::plain(KeyCode::Backspace),
            '\u{1}'..='\u{1a}' => {
                let letter = char::from(b'a' - 1 + u8::try_from(letter).unwrap_or(1));
                KeyPress { code: KeyCode::Char(letter), ctrl: true, alt: false }
            }
            _ => KeyPress::char(letter),
        });
        self.keys.extend(key);
        bytes.get(letter.map_or(1, char::len_utf8)..).unwrap_or_default()
    }
}

/// `rgb:RRRR/GGGG/BBBB` with one to four digits each.
fn background(text: &str) -> Option<Background> {
    let (_, channels) = text.split_once(':')?;
    let mut shares = channels.split('/').take(3).map(|digits| {
        let most = 16_u32.checked_pow(u32::try_from(digits.len()).ok()?)?.checked_sub(1)?;
        let value = u32::from_str_radix(digits, 16).ok()?;
        (most > 0).then(|| f64::from(value) / f64::from(most))
    });
    let (red, green, blue) = (shares.next()??, shares.next()??, shares.next()??);
    // How bright the three are, by ITU-R BT.601.
    let is_light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5;
    Some(if is_light { Background::Light } else { Background::Dark })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn answers_are_told_from_keys() {
        let char = KeyPress::char;
        let ctrl_d = KeyPress { code: KeyCode::Char('d'), ctrl: true, alt: false };
        for (bytes, background, keys, is_whole) in [
            (&b"\x1b]11;rgb:ffff/fafa/f0f0\x1b\\\x1b[?62;22c"[..], Some(Background::Light), vec![], true),
            (b"\x1b]11;rgb:14/14/1a\x07\x1b[?1;2c", Some(Background::Dark), vec![], true),
            (
                b"r\x1b]11;rgb:0/0/0\x07f\x1b[?6c2",
                Some(Background::Dark),
                vec![char('r'), char('f'), char('2')],
                true,
            ),
            (b"\x1b[?6cj", None, vec![char('j')], true),
            (
                b"j\x1b[B\x04\xc3\xa9",
                None,
                vec![char('j'), KeyPress::plain(KeyCode::Down), ctrl_d, char('é')],
                false,
            ),
            (b"\x1b]11;rgb:zz/1/1\x07\x1b", None, vec![KeyPress::plain(KeyCode::Esc)], false),
            (b"\x1b]11;rgb:ff", None, vec![], false),
            (b"", None, vec![], false),
        ] {
            assert_eq!(Answer::of(bytes), Answer { background, keys, is_whole }, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_is_taken_apart(bytes in prop::collection::vec(
            prop_oneof![Just(0x1b), Just(b']'), Just(b'['), Just(b'?'), Just(b'c'), any::<u8>()], 0..60)) {
            Answer::of(&bytes);
        }
    }
}
