//! Passes over JSON without building anything: where each value ends, and that it is well formed.
//!
//! It answers `None` to whatever it is not sure of, and then the reader that builds whole posts
//! decides. What it accepts, that reader accepts too.

use std::ops::Range;

use crate::model::suspicion::{is_simple_text, is_surely_plain};

/// What is shorter is not worth a call to the searcher. Unit: bytes.
const SHORT: usize = 32;

/// Deeper values are left to the other reader, which counts levels more carefully.
const MAX_DEPTH: usize = 64;

/// Lower than any byte that may stand in a string as it is.
const FIRST_PRINTABLE: u8 = 0x20;

/// A text that is passed over value by value.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// No control character stands anywhere in the text, so none stands in a string.
    plain: bool,
    /// Some letter is written as `\uXXXX`.
    unicode_escapes: bool,
    /// All that stands in it is seen as it is, so that only an escape can stand for anything else.
    seen: bool,
    /// Some letter is written as an escape other than that of a line end, a tab or a sign.
    odd_escapes: bool,
}

/// A string with its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quoted {
    /// What stands between the quotes. Unit: bytes of the text.
    pub(super) inner: Range<usize>,
    /// It has escapes, so what it means is not what is written.
    pub(super) escaped: bool,
}

impl<'a> Scan<'a> {
    /// At the start of a record; `None` if it is not UTF-8.
    pub(super) fn new(record: &'a [u8]) -> Option<Self> {
        // One pass of a few instructions each 16 bytes tells most of what there is to tell: far less than
        // a look at each string.
        let (mut all, mut least, mut deletes) = (0, u8::MAX, false);
        for byte in record {
            all |= *byte;
            least = least.min(*byte);
            deletes |= *byte == 0x7f;
        }
        // And one look for UTF-8 at all of it is less than one at each piece.
        let text = std::str::from_utf8(record).ok()?;
        let is_simple = all.is_ascii() || is_simple_text(text);
        let (plain, seen) = (least >= FIRST_PRINTABLE, is_simple && !deletes);
        Some(Self { text, bytes: record, at: 0, plain, seen, unicode_escapes: false, odd_escapes: false })
    }

    /// A part of it.
    pub(super) fn part(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// The bytes of a part of it.
    pub(super) fn raw(&self, range: Range<usize>) -> &'a [u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    /// The same text again, from a place in it.
    pub(super) fn over(&self, range: Range<usize>) -> Self {
        Self { at: range.start, ..self.clone() }
    }

    /// A piece of it as a text of its own.
    pub(super) fn over_text(&self, piece: &'a str) -> Self {
        Self { text: piece, bytes: piece.as_bytes(), at: 0, ..self.clone() }
    }

    /// Whether some letter passed over was written as `\uXXXX`.
    pub(super) fn has_unicode_escapes(&self) -> bool {
        self.unicode_escapes
    }

    /// Whether no text that was passed over hides anything; `false` where that takes a closer look.
    pub(super) fn is_surely_plain(&self) -> bool {
        self.seen && !self.odd_escapes || is_surely_plain(self.text)
    }

    /// What is not passed over yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The next byte.
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Passes over blanks.
    pub(super) fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Passes over this byte, and blanks around it.
    pub(super) fn sign(&mut self, sign: u8) -> Option<()> {
        self.blanks();
        if self.peek()? != sign {
            return None;
        }
        self.at += 1;
        self.blanks();
        Some(())
    }

    /// Passes over a string.
    pub(super) fn string(&mut self) -> Option<Quoted> {
        if self.peek()? != b'"' {
            return None;
        }
        let bytes = self.bytes;
        let start = self.at + 1;
        let mut at = start;
        let mut escaped = false;
        loop {
            let rest = bytes.get(at..)?;
            at += quote_or_escape(rest)?;
            if bytes.get(at) == Some(&b'"') {
                break;
            }
            escaped = true;
            let length = escape_len(bytes.get(at..)?)?;
            self.unicode_escapes |= length > 2;
            self.odd_escapes |= length > 2 || matches!(bytes.get(at + 1), Some(b'b' | b'f' | b'r'));
            at += length;
        }
        let inner = start..at;
        self.at = at + 1;
        let is_fine = self.plain || bytes.get(inner.clone())?.iter().all(|byte| *byte >= FIRST_PRINTABLE);
        is_fine.then_some(Quoted { inner, escaped })
    }

    /// Passes over any value; gives its place.
    pub(super) fn value(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        self.nested(0)?;
        Some(start..self.at)
    }

    fn nested(&mut self, depth: usize) -> Option<()> {
        match self.peek()? {
            b'"' => {
                self.string()?;
            }
            b'{' if depth < MAX_DEPTH => self.object(depth)?,
            b'[' if depth < MAX_DEPTH => self.list(depth)?,
            b't' => self.word("true")?,
            b'f' => self.word("false")?,
            b'n' => self.word("null")?,
            _ => self.number()?,
        }
        Some(())
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        self.blanks();
        if self.peek()? == b'}' {
            self.at += 1;
            return Some(());
        }
        loop {
            self.string()?;
            self.sign(b':')?;
            self.nested(depth + 1)?;
            if self.goes_on(b'}')? {
                continue;
            }
            return Some(());
        }
    }

    fn list(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        self.blanks();
        if self.peek()? == b']' {
            self.at += 1;
            return Some(());
        }
        loop {
            self.nested(depth + 1)?;
            if self.goes_on(b']')? {
                continue;
            }
            return Some(());
        }
    }

    /// Behind a value: passes over a comma, or over what closes; whether another value follows.
    pub(super) fn goes_on(&mut self, close: u8) -> Option<bool> {
        if self.peek()? == b',' {
            // The usual case, without a blank before it.
            self.at += 1;
            self.blanks();
            return Some(true);
        }
        self.blanks();
        match self.peek()? {
            b',' => {
                self.at += 1;
                self.blanks();
                Some(true)
            }
            byte if byte == close => {
                self.at += 1;
                Some(false)
            }
            _ => None,
        }
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.bytes.get(self.at..)?.starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    /// Passes over a number by the grammar of JSON.
    fn number(&mut self) -> Option<()> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek()? {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits()?,
            _ => return None,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }
}

/// Where the first quote or backslash stands. Most strings are short, and eight bytes are looked at
/// in one step; the searcher is quicker only where a string is long.
fn quote_or_escape(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at < SHORT {
        let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) else { break };
        let word = u64::from_le_bytes(*eight);
        let hits = zero_bytes(word ^ (ONES * u64::from(b'"'))) | zero_bytes(word ^ (ONES * u64::from(b'\\')));
        if hits != 0 {
            return Some(at + hits.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    memchr::memchr2(b'"', b'\\', bytes.get(at..)?).map(|found| at + found)
}

/// One in each byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// The highest bit of each byte that is zero; of the bytes behind the first such byte it may lie.
const fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & (ONES << 7)
}

/// How long the escape is that these bytes begin with. Halves of surrogate pairs are left to the
/// other reader.
fn escape_len(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => {
            let hex = bytes.get(2..6)?;
            let is_hex = hex.iter().all(u8::is_ascii_hexdigit);
            let is_half = matches!(hex, [b'd' | b'D', b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F', ..]);
            (is_hex && !is_half).then_some(6)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn passes(text: &str) -> bool {
        let mut scan = Scan::new(text.as_bytes()).unwrap();
        scan.blanks();
        scan.value().is_some() && {
            scan.blanks();
            scan.peek().is_none()
        }
    }

    #[test]
    fn what_is_not_sure_is_not_accepted() {
        for text in [r#"{"a":[1,-0.5e+3,true,null,"x\n\u00e9\/"],"b":{}}"#, " [ ] ", "\"\"", "0"] {
            assert!(passes(text), "{text}");
        }
        let long = "y".repeat(100);
        assert!(passes(&format!("[\"{long}\\\"{long}\"]")));
        for text in [
            "",
            "01",
            "1.",
            "[1,]",
            "{\"a\"}",
            "{\"a\":1,}",
            "\"\\x\"",
            "\"\\ud83d\\ude00\"",
            "\"a",
            "tru",
            "[1",
            "\"\t\"",
        ] {
            assert!(!passes(text), "{text}");
        }
        assert!(!passes(&"[".repeat(1_000_000)));
    }

    proptest! {
        #[test]
        fn what_it_accepts_is_json(text in r#"([\[\]{}:,"' \\01.e-]|null|true|\\u|d800|00e9|"a":|NaN|\n|é|\x01){0,14}"#) {
            if passes(&text) {
                let raw = serde_json::from_str::<&serde_json::value::RawValue>(&text);
                prop_assert!(raw.is_ok_and(|raw| crate::model::Value::from_raw(raw).is_ok()), "{}", text);
            }
        }
    }
}
