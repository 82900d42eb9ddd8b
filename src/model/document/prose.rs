//! Prose that was wrapped by hand: the only text whose line breaks mean nothing.

use crate::model::safe;

/// Prose is wrapped at this width or a larger one. Unit: columns.
const MIN_WIDTH: usize = 60;
/// And not at a larger one than this: lines beyond it are records, not prose. Unit: columns.
const MAX_WIDTH: usize = 120;
/// A line is at most so much shorter than the widest one. Unit: columns.
const RAGGED: usize = 15;

/// Whether these lines are prose that was clearly wrapped by hand. Each line but the last is about as wide
/// as the widest one, and had no room for the first word of the next.
pub(super) fn is_wrapped(lines: &[&str]) -> bool {
    let Some((last, all_but_last)) = lines.split_last() else { return false };
    if all_but_last.is_empty() {
        return false;
    }
    let widths: Vec<usize> = lines.iter().map(|line| safe(line.trim_end()).width()).collect();
    let widest = widths.iter().copied().max().unwrap_or_default();
    if !(MIN_WIDTH..=MAX_WIDTH).contains(&widest) {
        return false;
    }
    let next = || lines.iter().skip(1);
    let is_full = |(width, next): (&usize, &&str)| {
        let word = next.split_whitespace().next().unwrap_or_default();
        width + 1 + safe(word).width() > widest && width + RAGGED >= widest
    };
    // Lines of a table, a log or verse begin in other ways than a sentence goes on.
    let goes_on = |line: &&&str| line.chars().next().is_some_and(char::is_lowercase);
    let going_on = next().filter(goes_on).count();
    let is_indented = next().any(|line| line.starts_with([' ', '\t']));
    // Two lines say little: the second has to go on with the sentence.
    let needed = if lines.len() == 2 { 1 } else { all_but_last.len().div_ceil(2) };
    !last.trim().is_empty() && !is_indented && going_on >= needed && widths.iter().zip(next()).all(is_full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_wrapped_by_hand_is_told_from_lines_that_are_meant() {
        let wrapped = "The kettle in the back room has been boiling dry since the new\n\
            thermostat was fitted, which nobody noticed until the third week\n\
            when the smell reached the reading room.";
        let verse = "the lid begins to sing\nthe window fogs\n\nnobody has set a cup";
        let log = "2026-01-01 12:00:00 INFO  server started on port 8080 with pid 1234\n\
            2026-01-01 12:00:01 INFO  server stopped on port 8080 with pid 1234\n\
            2026-01-01 12:00:02 INFO  server started on port 8080 with pid 1235";
        let sentences = "This line is a whole sentence, and it is as wide as a line of prose is.\n\
            It is followed by another one.";
        let long = format!("{}\n{}\nend", "word ".repeat(40).trim(), "word ".repeat(40).trim());
        let steps = "Take the kettle from its shelf and fill it up to the line, but no further\n\
            warm the pot\npour";
        for (text, expected) in [(wrapped, true), (verse, false), (log, false), (sentences, false)] {
            assert_eq!(is_wrapped(&text.lines().collect::<Vec<_>>()), expected, "{text}");
        }
        for text in [long.as_str(), steps, "one line that is wide enough to be prose but stands alone here"] {
            assert!(!is_wrapped(&text.lines().collect::<Vec<_>>()), "{text}");
        }
    }
}
