//! Whether a post holds something that is not what it seems.

use super::characters::{Fate, fate, is_jamo, is_mark, is_pictograph, is_prepended, needs_joiners};
use super::names::mixes_scripts;
use super::{Post, Value, safe};

/// Text with characters that act, hide, or turn text around: whatever is shown by a sign, line ends and
/// tabs aside.
pub fn hides_something(text: &str) -> bool {
    !text.bytes().all(is_plain_byte) && text.lines().any(|line| !safe(line).is_clean())
}

const fn is_plain_byte(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n' | b'\t')
}

impl Post {
    /// Whether a text of it (title, body, names and values of the meta box) hides something, or its id
    /// mixes scripts.
    pub fn is_suspicious(&self) -> bool {
        let id = self.id.as_str();
        [id, &self.title, &self.body].into_iter().any(hides_something)
            || mixes_scripts(id)
            || self.fields.iter().any(|(name, value)| hides_something(name) || value_hides(value))
    }
}

fn value_hides(value: &Value) -> bool {
    match value {
        Value::Text(text) => hides_something(text),
        Value::List(items) => items.iter().any(value_hides),
        Value::Map(entries) => {
            entries.iter().any(|(name, value)| hides_something(name) || value_hides(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether no text that is written in this JSON hides anything; `false` where that takes a closer look.
/// Of JSON whose only control characters stand between its texts.
pub fn is_surely_plain(json: &str) -> bool {
    // Quotes and escapes end a piece: what stands between them is as it is meant.
    let mut rest = json;
    while let Some(at) = memchr::memchr2(b'"', b'\\', rest.as_bytes()) {
        let (piece, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let is_escape = behind.starts_with('\\');
        let behind = behind.get(1..).unwrap_or_default();
        let length = if is_escape { escape_len(behind) } else { Some(0) };
        let Some(length) = length.filter(|_| is_plain_piece(piece)) else { return false };
        rest = behind.get(length..).unwrap_or_default();
    }
    is_plain_piece(rest)
}

fn is_plain_piece(piece: &str) -> bool {
    !piece.as_bytes().contains(&0x7f) && is_simple_text(piece) || safe(piece).is_clean()
}

/// Whether whatever is not ASCII in a text is shown as it is, whatever stands beside it; `false` where
/// that takes a closer look.
pub fn is_simple_text(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = first_beyond_ascii(rest.as_bytes()) {
        let mut chars = rest.get(at..).unwrap_or_default().chars();
        if !chars.next().is_some_and(is_simple) {
            return false;
        }
        rest = chars.as_str();
    }
    true
}

/// Where the first byte that is not ASCII stands; a step is as wide as the processor takes at once.
fn first_beyond_ascii(bytes: &[u8]) -> Option<usize> {
    const STEP: usize = 32;
    let is_ascii = |step: &&[u8]| step.iter().fold(0, |all, byte| all | byte).is_ascii();
    let start = bytes.chunks(STEP).take_while(is_ascii).count() * STEP;
    bytes.get(start..)?.iter().position(|byte| !byte.is_ascii()).map(|at| start + at)
}

/// Characters that are shown as they are, whatever stands beside them; not all of them.
fn is_simple(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{370}'..='\u{482}'
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3029}'
        | '\u{3041}'..='\u{3096}' | '\u{30a0}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff5e}')
}

/// How long an escape is behind its backslash, if it stands for a character that is shown as it is and
/// joins no other.
fn escape_len(behind: &str) -> Option<usize> {
    match behind.as_bytes().first()? {
        b'u' => {
            let c = char::from_u32(u32::from_str_radix(behind.get(1..5)?, 16).ok()?)?;
            let joins = is_mark(c) || is_jamo(c) || is_prepended(c) || is_pictograph(c) || needs_joiners(c);
            (fate(c, None, None) == Fate::Shown && !joins).then_some(5)
        }
        b'"' | b'\\' | b'/' | b'n' | b't' => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_simple_is_shown_alone_and_beside_anything() {
        for c in ('\0'..=char::MAX).filter(|c| is_simple(*c)) {
            assert!(
                fate(c, None, None) == Fate::Shown && !is_mark(c) && !is_prepended(c) && !is_jamo(c),
                "{c:?}"
            );
        }
    }

    fn text() -> impl Strategy<Value = String> {
        let nasty = prop::sample::select(
            "aé日한\u{301}\u{200d}\u{200c}👩❤\u{fe0f}\u{1b}\u{7f}\u{85}\u{202e}\u{1100}\u{600}क्ष\n\r\t\"\\ \u{ff9e}\u{e0041}"
                .chars()
                .collect::<Vec<_>>(),
        );
        prop::collection::vec(prop_oneof![nasty, any::<char>()], 0..24)
            .prop_map(|chars| chars.into_iter().collect())
    }

    fn escaped(text: &str, which: &[bool]) -> String {
        let mut json = serde_json::to_string(text).unwrap();
        let turned: String = json
            .chars()
            .zip(which.iter().cycle())
            .flat_map(|(c, turn)| {
                let unit = if *turn && !c.is_ascii() && (c as u32) < 0x1_0000 {
                    format!("\\u{:04x}", c as u32)
                } else {
                    c.to_string()
                };
                unit.chars().collect::<Vec<_>>()
            })
            .collect();
        json = turned;
        json
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]
        #[test]
        fn what_is_surely_plain_hides_nothing(
            text in text(),
            which in prop::collection::vec(any::<bool>(), 1..5),
        ) {
            let json = escaped(&text, &which);
            if is_surely_plain(&json) {
                prop_assert!(!hides_something(&text), "{:?}", text);
            }
        }
    }

    #[test]
    fn usual_text_takes_no_closer_look() {
        for json in [
            r#"{"a":"b\n\"c\" — “d” ué\u00e9\u2014"}"#,
            r#"["日本語の記事","한국어","при\u0432ет","हिन्दी क्ष","مرحبا"]"#,
        ] {
            assert!(is_surely_plain(json), "{json}");
        }
        for json in [
            r#""\u001b""#,
            r#""\r""#,
            r#""\b""#,
            r#""\u202e""#,
            "\"\u{202e}\"",
            r#""\ud83d\ude00""#,
            "\"\u{7f}\"",
        ] {
            assert!(!is_surely_plain(json), "{json}");
        }
    }
}
