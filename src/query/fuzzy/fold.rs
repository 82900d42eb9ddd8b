//! A text without its case.

/// A text without its case: one character stays one character.
pub(in crate::query) fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

pub(in crate::query) fn fold_char(c: char) -> char {
    if c.is_ascii() { c.to_ascii_lowercase() } else { c.to_lowercase().next().unwrap_or(c) }
}
