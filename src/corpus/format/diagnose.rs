//! Why a record is no JSON, in words. Only records that were refused come here, so this is written
//! to explain and not to be fast; it keeps a stack of its own, so no nesting can exhaust it.

use crate::model::meta::is_number;

use super::fault::{A_POST_OBJECT, Fault};

/// The longest piece of a record that a sentence repeats. Unit: characters.
const QUOTED_CHARS: usize = 40;

const ONE_OBJECT: &str = "one JSON object a line";

/// The first mistake of a record that is UTF-8, or `None` if there is none. `finished` tells that
/// the end of the record is known to be its end, and not the end of a file that may still grow.
pub(super) fn diagnose(record: &str, finished: bool) -> Option<Fault> {
    let mut reader = Reader { text: record, at: 0, finished, open: Vec::new(), want: Want::Value };
    loop {
        match reader.step() {
            Ok(true) => {}
            Ok(false) => return None,
            Err(fault) => return Some(fault),
        }
    }
}

/// A record that does not begin as an object does.
pub(super) fn not_an_object(record: &[u8]) -> Fault {
    let second = record.get(1..).unwrap_or_default().trim_ascii_start().first();
    let found = match record.first() {
        Some(b'[') if second == Some(&b'{') => {
            return Fault::rejected("a list of objects on one line", ONE_OBJECT)
                .advise("write one post a line, for example with `jq -c '.[]'`");
        }
        Some(b'[') => "a list",
        Some(b'"') => "a lone string",
        Some(b'-' | b'0'..=b'9') => "a lone number",
        Some(b'/' | b'#') => "a comment",
        Some(0) => return nul(),
        Some(b'<' | b'=' | b'>' | b'|') if is_conflict_marker(record) => {
            return Fault::rejected("a marker of a merge conflict", A_POST_OBJECT)
                .advise("resolve the conflict in the file");
        }
        _ if record.starts_with(b"\xef\xbb\xbf") => {
            return Fault::rejected("a byte order mark inside the file", A_POST_OBJECT)
                .advise("it may stand at the very start of a file only; was one file added to another?");
        }
        _ => match record {
            b"null" => "a lone `null`",
            b"true" | b"false" => "a lone yes or no",
            _ => "text that is no JSON",
        },
    };
    Fault::rejected(found, A_POST_OBJECT)
}

fn is_conflict_marker(record: &[u8]) -> bool {
    [b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||"].iter().any(|marker| record.starts_with(*marker))
}

/// A record that is cut off.
pub(super) fn unfinished(finished: bool) -> Fault {
    if finished {
        Fault::rejected("a record that breaks off before its end", "a whole JSON object")
            .advise("the rest is missing, or a line break stands inside the record")
    } else {
        Fault::rejected("a record that is not finished", "a whole JSON object").advise(
            "the last line is not finished: is the file still being written? open it again when it has grown",
        )
    }
}

fn nul() -> Fault {
    Fault::rejected("NUL bytes", "JSON text")
        .advise("possible crash damage: look for the record in a backup or write it again")
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    Value,
    /// A value or the end of the list.
    FirstItem,
    Key,
    /// A key or the end of the object.
    FirstKey,
    Colon,
    /// A comma or the end of what is open.
    Next,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    finished: bool,
    /// What is open; `true` for an object.
    open: Vec<bool>,
    want: Want,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn reject(&self, found: impl Into<String>, expected: impl Into<String>) -> Fault {
        Fault::rejected(found, expected).at(self.at)
    }

    fn unfinished(&self) -> Fault {
        unfinished(self.finished).at(self.text.len())
    }

    /// Reads one sign, word or string; `false` at the good end of the record.
    fn step(&mut self) -> Result<bool, Fault> {
        let blanks = self.rest().bytes().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        self.at += blanks.count();
        let done = self.want == Want::Next && self.open.is_empty();
        let Some(next) = self.rest().chars().next() else {
            return if done { Ok(false) } else { Err(self.unfinished()) };
        };
        if let Some(fault) = self.never_right(next) {
            return Err(fault);
        }
        if done {
            return Err(self.behind_the_end(next));
        }
        match (self.want, next) {
            (Want::Value | Want::FirstItem, '{') => self.enter(true, Want::FirstKey),
            (Want::Value | Want::FirstItem, '[') => self.enter(false, Want::FirstItem),
            (Want::Value | Want::FirstItem, '"') => {
                self.string()?;
                self.want = Want::Next;
            }
            (Want::Key | Want::FirstKey, '"') => {
                self.string()?;
                self.want = Want::Colon;
            }
            (Want::FirstItem, ']') | (Want::FirstKey, '}') => self.leave(),
            (Want::Value, ']' | '}') if self.open.last() == Some(&true) => {
                return Err(self.reject("a colon with nothing behind it", "a value"));
            }
            (Want::Value, ']' | '}') | (Want::Key, '}') => {
                let fault = self.reject("a trailing comma", "something behind it");
                return Err(fault.advise("take the comma away"));
            }
            (Want::Value | Want::FirstItem, _) => self.word()?,
            (Want::Key | Want::FirstKey, _) => {
                let found = format!("a key without quotes at `{}`", self.piece());
                return Err(self.reject(found, "a key in double quotes"));
            }
            (Want::Colon, ':') => {
                self.at += 1;
                self.want = Want::Value;
            }
            (Want::Colon, _) => {
                let found = format!("`{}` behind a key", self.piece());
                return Err(self.reject(found, "a colon and a value"));
            }
            (Want::Next, ',') => {
                self.at += 1;
                self.want = if self.open.last() == Some(&true) { Want::Key } else { Want::Value };
            }
            (Want::Next, '}') if self.open.last() == Some(&true) => self.leave(),
            (Want::Next, ']') if self.open.last() == Some(&false) => self.leave(),
            (Want::Next, _) => {
                let found = format!("`{}` behind a value", self.piece());
                let closing = if self.open.last() == Some(&true) { '}' } else { ']' };
                return Err(self.reject(found, format!("a comma or `{closing}`")));
            }
        }
        Ok(true)
    }

    fn enter(&mut self, object: bool, want: Want) {
        self.open.push(object);
        self.want = want;
        self.at += 1;
    }

    fn leave(&mut self) {
        self.open.pop();
        self.want = Want::Next;
        self.at += 1;
    }

    /// Signs that JSON knows nowhere outside a string.
    fn never_right(&self, next: char) -> Option<Fault> {
        match next {
            '\0' => Some(Fault { at: self.at, ..nul() }),
            '/' | '#' => {
                Some(self.reject("a comment", "JSON, which has no comments").advise("take the comment away"))
            }
            '\'' => Some(self.reject("single quotes", "strings in double quotes")),
            '\u{feff}' => Some(self.reject("a byte order mark inside the record", "JSON text")),
            _ => None,
        }
    }

    fn behind_the_end(&self, next: char) -> Fault {
        match next {
            '{' | '[' | '"' | '0'..='9' => self
                .reject("two values on one line", ONE_OBJECT)
                .advise("break the line between them, for example with `jq -c .`"),
            ',' => self
                .reject("a trailing comma behind the record", ONE_OBJECT)
                .advise("take the comma away; the lines of JSONL need none"),
            _ => self.reject(format!("`{}` behind the record", self.piece()), ONE_OBJECT),
        }
    }

    /// The start of the rest, to be repeated in a sentence.
    fn piece(&self) -> String {
        let end = |c: char| c.is_whitespace() || matches!(c, ',' | ':' | '}' | ']' | '"');
        let word = self.rest().split(end).next().unwrap_or_default();
        let word = if word.is_empty() { self.rest().get(..1).unwrap_or_default() } else { word };
        word.chars().take(QUOTED_CHARS).collect()
    }

    /// A number, or one of the three words that JSON knows.
    fn word(&mut self) -> Result<(), Fault> {
        let end = |c: char| !(c.is_alphanumeric() || matches!(c, '+' | '-' | '.' | '_' | '$'));
        let word = self.rest().split(end).next().unwrap_or_default();
        let is_last = self.rest().len() == word.len();
        if matches!(word, "true" | "false" | "null") || is_number(word) {
            self.at += word.len();
            self.want = Want::Next;
            return Ok(());
        }
        let begins = |whole: &str| whole.starts_with(word) && whole != word;
        if is_last
            && (["true", "false", "null"].into_iter().any(begins) || word.ends_with(['-', '.', 'e', 'E']))
        {
            return Err(self.unfinished());
        }
        let digits = word.trim_start_matches(['-', '+']);
        let found = if ["NaN", "Infinity", "inf", "nan", "Inf"].contains(&digits) {
            format!("`{word}`, which is not a number to JSON")
        } else if digits.starts_with('0')
            && digits.starts_with(|c: char| c.is_ascii_digit())
            && is_digits(digits)
        {
            format!("`{}`, a number that begins with a zero", self.piece())
        } else if digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            format!("`{}`, a number that JSON would not write so", self.piece())
        } else {
            format!("`{}`", self.piece())
        };
        let expected = match word {
            "True" | "False" | "None" | "undefined" => "`true`, `false` or `null`",
            _ => "a JSON value",
        };
        Err(self.reject(found, expected))
    }

    fn string(&mut self) -> Result<(), Fault> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        self.at += 1;
        loop {
            match bytes.get(self.at) {
                None => return Err(self.unfinished()),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                Some(0) => return Err(nul().at(self.at)),
                Some(byte @ 0..0x20) => {
                    let name = match byte {
                        b'\n' | b'\r' => "a raw line break inside a string".to_owned(),
                        b'\t' => "a raw TAB inside a string".to_owned(),
                        byte => format!("the raw control character 0x{byte:02X} inside a string"),
                    };
                    let advice = format!("the string begins at byte {start} of the record");
                    return Err(self.reject(name, "control characters written as `\\u00XX`").advise(advice));
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        match rest.get(1) {
            None => Err(self.unfinished()),
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(())
            }
            Some(b'u') => self.unicode_escape(),
            Some(_) => Err(self.bad_escape()),
        }
    }

    fn bad_escape(&self) -> Fault {
        let escape: String = self.rest().chars().take(2).collect();
        self.reject(format!("the escape `{escape}`"), r#"one of \" \\ \/ \b \f \n \r \t \uXXXX"#)
    }

    fn unicode_escape(&mut self) -> Result<(), Fault> {
        let first = self.unit(self.at)?;
        match first {
            0xd800..=0xdbff if matches!(self.unit(self.at + 6), Ok(0xdc00..=0xdfff)) => self.at += 12,
            0xd800..=0xdbff if self.is_cut_escape(self.at + 6) => return Err(self.unfinished()),
            0xd800..=0xdfff => {
                let found = format!("the lone surrogate `\\u{first:04x}`, half of a character");
                return Err(self.reject(found, "both halves, or the character itself"));
            }
            _ => self.at += 6,
        }
        Ok(())
    }

    /// Whether the record ends at `at`, or within a `\uXXXX` that begins there.
    fn is_cut_escape(&self, at: usize) -> bool {
        match self.text.as_bytes().get(at..).unwrap_or_default() {
            [] | [b'\\'] => true,
            [b'\\', b'u', hex @ ..] => hex.len() < 4 && hex.iter().all(u8::is_ascii_hexdigit),
            _ => false,
        }
    }

    /// The number of a `\uXXXX` at `at`.
    fn unit(&self, at: usize) -> Result<u16, Fault> {
        let Some(escape) = self.text.as_bytes().get(at..at + 6) else {
            return Err(if self.is_cut_escape(at) { self.unfinished() } else { self.bad_escape() });
        };
        match escape {
            [b'\\', b'u', hex @ ..] if hex.iter().all(u8::is_ascii_hexdigit) => std::str::from_utf8(hex)
                .ok()
                .and_then(|hex| u16::from_str_radix(hex, 16).ok())
                .ok_or_else(|| self.bad_escape()),
            _ => Err(self.bad_escape()),
        }
    }
}

fn is_digits(text: &str) -> bool {
    text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_mistake_has_a_sentence_of_its_own() {
        for (record, at, found, expected) in [
            (r#"{"a":1,}"#, 7, "a trailing comma", "something behind it"),
            (r#"{"a":[1,]}"#, 8, "a trailing comma", "something behind it"),
            (r#"{"a":}"#, 5, "a colon with nothing behind it", "a value"),
            (r#"{"a":1}{"b":2}"#, 7, "two values on one line", "one JSON object a line"),
            (r#"{"a":1},"#, 7, "a trailing comma behind the record", "one JSON object a line"),
            (r#"{"a":1} // x"#, 8, "a comment", "JSON, which has no comments"),
            (r"{'a':1}", 1, "single quotes", "strings in double quotes"),
            ("{a:1}", 1, "a key without quotes at `a`", "a key in double quotes"),
            (r#"{"a":NaN}"#, 5, "`NaN`, which is not a number to JSON", "a JSON value"),
            (r#"{"a":-Infinity}"#, 5, "`-Infinity`, which is not a number to JSON", "a JSON value"),
            (r#"{"a":007}"#, 5, "`007`, a number that begins with a zero", "a JSON value"),
            (r#"{"a":1.}"#, 5, "`1.`, a number that JSON would not write so", "a JSON value"),
            (r#"{"a":True}"#, 5, "`True`", "`true`, `false` or `null`"),
            (r#"{"a":"\q"}"#, 6, r"the escape `\q`", r#"one of \" \\ \/ \b \f \n \r \t \uXXXX"#),
            (
                r#"{"a":"\ud800 is half"}"#,
                6,
                r"the lone surrogate `\ud800`, half of a character",
                "both halves, or the character itself",
            ),
            (
                r#"{"a":"\ud800"}"#,
                6,
                r"the lone surrogate `\ud800`, half of a character",
                "both halves, or the character itself",
            ),
            (
                "{\"a\":\"x\ny\"}",
                7,
                "a raw line break inside a string",
                "control characters written as `\\u00XX`",
            ),
            (
                "{\"a\":\"x\u{1b}y\"}",
                7,
                "the raw control character 0x1B inside a string",
                "control characters written as `\\u00XX`",
            ),
            ("{\"a\":1\0\0}", 6, "NUL bytes", "JSON text"),
            (r#"{"a" 1}"#, 5, "`1` behind a key", "a colon and a value"),
            (r#"{"a":1 "b":2}"#, 7, "`\"` behind a value", "a comma or `}`"),
            (r#"{"a":[1}"#, 7, "`}` behind a value", "a comma or `]`"),
            (r#"{"a":1"#, 6, "a record that breaks off before its end", "a whole JSON object"),
            (r#"{"a":"x\"#, 8, "a record that breaks off before its end", "a whole JSON object"),
            (r#"{"a":tr"#, 7, "a record that breaks off before its end", "a whole JSON object"),
        ] {
            let fault = diagnose(record, true).unwrap_or_else(|| panic!("{record} is fine"));
            assert_eq!(
                (fault.at, fault.found.as_str(), fault.expected.as_str()),
                (at, found, expected),
                "{record}"
            );
        }
        assert_eq!(diagnose(r#" {"a":[{},[],"\ud83d\ude00",-0,1e999,true,null]} "#, true), None);
    }

    #[test]
    fn what_is_no_object_is_named() {
        for (record, found) in [
            ("[]", "a list"),
            ("[ {}]", "a list of objects on one line"),
            ("null", "a lone `null`"),
            ("\"x\"", "a lone string"),
            ("5", "a lone number"),
            ("<<<<<<< ours", "a marker of a merge conflict"),
            ("\u{feff}{}", "a byte order mark inside the file"),
            ("hello", "text that is no JSON"),
        ] {
            assert_eq!(not_an_object(record.as_bytes()).found, found, "{record}");
        }
    }

    proptest! {
        /// It agrees with `serde_json` on what is JSON, so no refused record is left without a reason.
        #[test]
        fn it_finds_a_mistake_exactly_where_there_is_one(text in r#"([\[\]{}:,"' \\01.e-]|null|true|\\u|d800|"a":|NaN|\n){0,12}"#) {
            let parsed = serde_json::from_str::<&serde_json::value::RawValue>(&text);
            let read = parsed.is_ok_and(|raw| crate::model::Value::from_raw(raw).is_ok());
            prop_assert_eq!(diagnose(&text, true).is_none(), read, "{:?}", diagnose(&text, true));
        }
    }
}
