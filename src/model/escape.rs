//! Ids in a form that can be printed anywhere and read back: characters that cannot be printed as they are
//! stand as `\u{1b}`, by their number in hexadecimal digits.

use std::borrow::Cow;
use std::fmt::Write;

use super::characters::{Fate, fate};
use super::text::safe;

/// What an escaped character begins with.
const START: &str = "\\u{";
/// What it ends with.
const END: char = '}';

/// An id as it is printed where somebody may give it back: itself, where that is text that shows as it is.
/// Escaped are characters that would act or not be seen, blanks at its ends, two hyphens at its start, which
/// would make it an option, and a backslash that begins what looks like an escaped character.
/// [`unescaped`] gives the id back, whatever it is.
pub fn escaped(id: &str) -> Cow<'_, str> {
    let is_shown = |before: &str, c: char, after: &str| {
        let is_blank_at_end = c.is_whitespace() && (before.is_empty() || after.is_empty());
        let is_option = c == '-' && before.is_empty() && after.starts_with('-');
        let is_start = c == '\\' && after.starts_with("u{");
        let is_special = is_blank_at_end || is_option || is_start;
        !is_special && fate(c, before.chars().next_back(), after.chars().next()) == Fate::Shown
    };
    let by_character = written(id, is_shown);
    // Some characters are only replaced for what they would join, and a pile of marks is cut.
    if safe(&by_character).as_str() == by_character {
        return by_character;
    }
    written(id, |before, c, after| matches!(c, ' '..='~') && is_shown(before, c, after))
}

/// The id with every character escaped that is not shown between what stands before and after it.
fn written(id: &str, is_shown: impl Fn(&str, char, &str) -> bool) -> Cow<'_, str> {
    let mut out: Option<String> = None;
    for (at, c) in id.char_indices() {
        let (before, rest) = id.split_at(at);
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        if is_shown(before, c, after) {
            out.iter_mut().for_each(|out| out.push(c));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out.get_or_insert_with(|| before.to_owned()), "{START}{:x}{END}", c as u32);
        }
    }
    out.map_or(Cow::Borrowed(id), Cow::Owned)
}

/// The id that was printed in this form. What is no escaped character stands for itself.
pub fn unescaped(text: &str) -> Cow<'_, str> {
    with_numbers_read(text, START, END)
}

/// The text with the character in place of each number that stands between `start` and `end`.
pub(super) fn with_numbers_read<'a>(text: &'a str, start: &str, end: char) -> Cow<'a, str> {
    if !text.contains(start) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(start) {
        out.push_str(before);
        match behind.split_once(end).and_then(|(digits, rest)| Some((character(digits)?, rest))) {
            Some((c, behind)) => {
                out.push(c);
                rest = behind;
            }
            None => {
                out.push_str(start);
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character with this number, written in one to six hexadecimal digits.
fn character(digits: &str) -> Option<char> {
    let is_hex = (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_what_cannot_be_printed_is_escaped() {
        for (id, printed) in [
            ("post-1", "post-1"),
            ("-x", "-x"),
            ("--status", "\\u{2d}-status"),
            ("C:\\users\\x", "C:\\users\\x"),
            ("日本語 é", "日本語 é"),
            ("a\u{1b}[2J", "a\\u{1b}[2J"),
            ("a\nb\tc\u{7f}", "a\\u{a}b\\u{9}c\\u{7f}"),
            ("a\u{202e}b\u{200b}", "a\\u{202e}b\\u{200b}"),
            (" a b ", "\\u{20}a b\\u{20}"),
            ("\u{a0}\u{2800}", "\\u{a0}\u{2800}"),
            ("a\\u{1b}", "a\\u{5c}u{1b}"),
            ("a\\\u{1b}", "a\\\\u{1b}"),
            ("a\u{301}", "a\u{301}"),
            ("\u{301}a", "\\u{301}a"),
        ] {
            assert_eq!(escaped(id), printed, "{id:?}");
            assert_eq!(unescaped(printed), id);
        }
        for text in ["\\u{}", "\\u{110000}", "\\u{d800}", "\\u{+1b}", "\\u{0000041}", "\\u{41", "\\u41", "␛"]
        {
            assert_eq!(unescaped(text), text);
        }
        assert_eq!(unescaped("\\u{\\u{41}\\u{00041}"), "\\u{AA");
    }

    proptest! {
        #[test]
        fn every_id_reads_back(id in "(\\PC|[\\\\u{}1b\u{1b}\n\t\u{202e}\u{301}\u{200d} -]|(?s:.)){0,24}") {
            let printed = escaped(&id);
            prop_assert_eq!(unescaped(&printed), id.as_str());
            let shown = safe(&printed);
            prop_assert_eq!(shown.as_str(), &printed);
            prop_assert!(!printed.starts_with("--") && printed.trim() == printed);
        }
    }
}
