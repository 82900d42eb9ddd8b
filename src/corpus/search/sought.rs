//! What is sought in a text: words as they stand, or a pattern.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

/// A pattern may not need more memory than this when it is made ready. Unit: bytes.
const MAX_PATTERN_BYTES: usize = 4 << 20;

/// What is sought in a text. Capital letters count if there are any; else case does not matter.
#[derive(Clone, Debug)]
pub struct Sought {
    /// Finds it in any text.
    regex: Regex,
    /// The words, where they are to be found as they stand.
    words: Option<String>,
    any_case: bool,
}

/// A pattern that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PatternError(String);

impl Sought {
    /// Words as they stand.
    pub fn words(words: &str) -> Result<Self, PatternError> {
        let any_case = !words.chars().any(char::is_uppercase);
        // Letters of ASCII have two cases and no more: no Kelvin sign is a `k`.
        let unicode = !words.is_ascii();
        let regex = built(&regex::escape(words), any_case, unicode)?;
        Ok(Self { regex, words: Some(words.to_owned()), any_case })
    }

    /// A regular expression.
    pub fn pattern(pattern: &str) -> Result<Self, PatternError> {
        let any_case = !has_capitals(pattern);
        Ok(Self { regex: built(pattern, any_case, true)?, words: None, any_case })
    }

    /// Whether a text holds it.
    pub fn is_in(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// Where a text holds it. Unit: bytes.
    pub fn find_all(&self, text: &str) -> Vec<Range<usize>> {
        self.regex.find_iter(text).map(|found| found.range()).filter(|range| !range.is_empty()).collect()
    }

    /// Case does not matter.
    pub(super) fn any_case(&self) -> bool {
        self.any_case
    }

    /// The words, if JSON writes them as they are: then a record without them needs no second look.
    pub(super) fn plain_words(&self) -> Option<&str> {
        let words = self.words.as_deref()?;
        let is_plain =
            |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b'/') || byte == b' ';
        // Blanks at the end of a line are not part of a body.
        let is_trimmed = words.trim() == words && !words.is_empty();
        // Signs alone could stand between the blocks of a body.
        let is_trimmed = is_trimmed && words.bytes().any(|byte| byte.is_ascii_alphanumeric());
        (is_trimmed && words.bytes().all(is_plain)).then_some(words)
    }

    /// Whatever holds this also holds `other`.
    pub fn narrows(&self, other: &Self) -> bool {
        match (&self.words, &other.words) {
            // Letters of ASCII have more cases among others than among themselves.
            (Some(words), Some(wider)) if words.is_ascii() != wider.is_ascii() => false,
            (Some(words), Some(wider)) if other.any_case => words.to_lowercase().contains(wider.as_str()),
            (Some(words), Some(wider)) => !self.any_case && words.contains(wider.as_str()),
            _ => self == other,
        }
    }
}

/// Two are the same if they find the same.
impl PartialEq for Sought {
    fn eq(&self, other: &Self) -> bool {
        self.regex.as_str() == other.regex.as_str()
            && self.any_case == other.any_case
            && self.words.is_some() == other.words.is_some()
    }
}

fn built(pattern: &str, any_case: bool, unicode: bool) -> Result<Regex, PatternError> {
    let mut builder = RegexBuilder::new(pattern);
    builder.case_insensitive(any_case).unicode(unicode).size_limit(MAX_PATTERN_BYTES);
    builder.build().map_err(|error| PatternError(explain(&error)))
}

/// The last line of what the library says: the reason, without the pattern drawn again.
fn explain(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
        other => {
            let text = other.to_string();
            let reason = text.lines().last().unwrap_or_default();
            reason.trim_start_matches("error: ").to_owned()
        }
    }
}

/// Capital letters that stand for themselves; `\S` is no capital.
fn has_capitals(pattern: &str) -> bool {
    let mut escaped = false;
    pattern.chars().any(|c| {
        let counts = !escaped && c.is_uppercase();
        escaped = !escaped && c == '\\';
        counts
    })
}
