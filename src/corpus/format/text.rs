//! The one form that titles and bodies are brought to, whatever format they come from.

use std::borrow::Cow;

/// A title is one line: each run of line breaks becomes one blank, the ends are trimmed. A lone
/// carriage return is no line break; it stays, to be seen.
pub(super) fn title(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\n') {
        return Cow::Borrowed(raw.trim());
    }
    let lines = raw.split('\n').map(str::trim).filter(|line| !line.is_empty());
    Cow::Owned(lines.collect::<Vec<_>>().join(" "))
}

/// A body is blocks with one blank line between them: CRLF becomes LF, the blanks at the end of a
/// line are cut, blank lines at both ends are left out. Blanks that lead a line stay.
pub(super) fn body(raw: String) -> String {
    if is_tidy(&raw) {
        return raw;
    }
    let mut tidy = String::with_capacity(raw.len());
    let mut gap = false;
    for line in raw.split('\n').map(str::trim_end) {
        if line.is_empty() {
            gap = !tidy.is_empty();
            continue;
        }
        if !tidy.is_empty() {
            tidy.push_str(if gap { "\n\n" } else { "\n" });
        }
        gap = false;
        tidy.push_str(line);
    }
    tidy
}

/// Whether [`body`] would change nothing. Most bodies are so, and need no copy.
fn is_tidy(text: &str) -> bool {
    if text.ends_with(char::is_whitespace) {
        return false;
    }
    let mut blank_lines = 1;
    let mut start = 0;
    for newline in memchr::memchr_iter(b'\n', text.as_bytes()) {
        let Some(line) = text.get(start..newline) else { return false };
        start = newline + 1;
        if line.is_empty() {
            blank_lines += 1;
            if blank_lines > 1 {
                return false;
            }
        } else if line.ends_with(char::is_whitespace) {
            return false;
        } else {
            blank_lines = 0;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_title_is_one_line() {
        for (raw, made) in [
            (" a\u{a0}", "a"),
            ("a\n\n b\r\nc", "a b c"),
            ("approved\rrejected", "approved\rrejected"),
            ("\n", ""),
            ("a  b", "a  b"),
        ] {
            assert_eq!(title(raw), made, "{raw:?}");
        }
    }

    #[test]
    fn a_body_is_blocks_with_one_blank_line_between() {
        for (raw, made) in [
            ("a\r\n\r\n\r\nb\r\n", "a\n\nb"),
            ("\n \n  \u{2022} one  \n  \u{2022} two\t\n", "  \u{2022} one\n  \u{2022} two"),
            ("a\rb", "a\rb"),
            ("a\n\n\nb", "a\n\nb"),
            (" \n", ""),
            ("", ""),
        ] {
            assert_eq!(body(raw.to_owned()), made, "{raw:?}");
        }
    }

    proptest! {
        #[test]
        fn tidy_is_what_tidying_leaves_alone(raw in "[ab \n\r\t\u{a0}\u{2028}]{0,12}") {
            let once = body(raw.clone());
            prop_assert_eq!(is_tidy(&raw), once == raw, "{:?}", once);
            prop_assert_eq!(body(once.clone()), once);
            let once = title(&raw).into_owned();
            prop_assert_eq!(title(&once), once.as_str());
        }
    }
}
