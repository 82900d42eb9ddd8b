//! What is wrong with one record, before it is known which file the record stands in.

use crate::corpus::Severity;

/// What is wrong with a record, and where in it. With a file and a line it becomes a
/// [`crate::corpus::Problem`], whose fields of the same names it fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Lost, or only doubtful.
    pub severity: Severity,
    /// Where the mistake stands, from the start of the record. Unit: bytes.
    pub at: usize,
    /// What was found, as half a sentence.
    pub found: String,
    /// What was expected; blank when there is nothing to say.
    pub expected: String,
    /// What to do, and whether trying again can help; blank when there is nothing to say.
    pub advice: String,
}

/// What every line of JSONL, and every element of a list, has to be.
pub(super) const A_POST_OBJECT: &str = "a JSON object that is a post";

impl Fault {
    /// The record is lost.
    pub(crate) fn rejected(found: impl Into<String>, expected: impl Into<String>) -> Self {
        let (found, expected) = (found.into(), expected.into());
        Self { severity: Severity::Rejected, at: 0, found, expected, advice: String::new() }
    }

    /// The record is a post, but something in it deserves a look.
    pub(crate) fn doubt(found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { severity: Severity::Doubt, ..Self::rejected(found, expected) }
    }

    /// The same, at this byte of the record.
    pub(crate) fn at(self, at: usize) -> Self {
        Self { at, ..self }
    }

    /// The same, with this advice.
    pub(crate) fn advise(self, advice: impl Into<String>) -> Self {
        Self { advice: advice.into(), ..self }
    }
}

/// Bytes that are not UTF-8.
pub(super) fn not_utf8(bytes: &[u8], error: std::str::Utf8Error) -> Fault {
    let at = error.valid_up_to();
    let rest = bytes.get(at..).unwrap_or_default();
    let found = match rest {
        [0xed, 0xa0..=0xbf, ..] => "half of a surrogate pair, written as if it were a character".to_owned(),
        [0xc0 | 0xc1, ..] | [0xe0, 0x80..=0x9f, ..] | [0xf0, 0x80..=0x8f, ..] => {
            "a character in an overlong form, which UTF-8 forbids".to_owned()
        }
        [byte, ..] => format!("the byte 0x{byte:02X}, which is not UTF-8 here"),
        [] => "bytes that are not UTF-8".to_owned(),
    };
    Fault::rejected(found, "UTF-8 text")
        .at(at)
        .advise("convert the file to UTF-8, for example with `iconv -f latin1 -t utf-8`")
}
