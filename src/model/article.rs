//! The passages of an article: what is digested of it, one by one, and kept with every decision.
//!
//! They do not change when the text is read in another way ([`super::document`]), so that what was kept
//! before can still be compared.

use std::ops::Range;

/// A heading is at most this long. Unit: characters.
const MAX_HEADING_CHARS: usize = 80;

/// What a heading does not end in: it would be a sentence, or lead into one.
const SENTENCE_ENDS: [char; 10] = ['.', ':', '?', '!', '。', '：', '？', '！', '؟', '…'];

/// The bullets that open an item of a list.
pub const BULLETS: [char; 7] = ['•', '–', '-', '*', '◦', '▪', '·'];

/// What the caption line of a picture ends in, before the host.
const IMAGE_SOURCE: &str = "image source:";

/// A passage of an article, its text as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Passage<'a> {
    /// A line that names what follows; a level from 1 to 6.
    Heading {
        /// 1 is the highest; a bare line counts as 2.
        level: u8,
        /// Without the `#` signs.
        text: &'a str,
    },
    /// Prose; its lines flow together.
    Paragraph(&'a str),
    /// A picture: what it shows, the caption under it, and where it comes from.
    Image {
        /// What it shows.
        alt: &'a str,
        /// The line under it, without its source.
        caption: &'a str,
        /// The host named at the end of the caption.
        host: &'a str,
    },
    /// The items of a list, without their bullets.
    List(Vec<&'a str>),
}

/// Splits a body into passages. Every word of the body is in one of them.
pub fn passages<'a>(body: &'a str, title: &str) -> Vec<Passage<'a>> {
    placed(body, title).into_iter().map(|(_, passage)| passage).collect()
}

/// The lines of the body that each passage is made of, from 0.
pub fn passage_lines(body: &str, title: &str) -> Vec<Range<usize>> {
    let newlines: Vec<usize> = memchr::memchr_iter(b'\n', body.as_bytes()).collect();
    let line_of = |at: usize| newlines.partition_point(|newline| *newline < at);
    let lines =
        |(bytes, _): (Range<usize>, _)| line_of(bytes.start)..line_of(bytes.end.saturating_sub(1)) + 1;
    placed(body, title).into_iter().map(lines).collect()
}

/// The passages and the bytes of the body that each is made of.
fn placed<'a>(body: &'a str, title: &str) -> Vec<(Range<usize>, Passage<'a>)> {
    let chunks: Vec<(usize, &str)> = chunks(body).collect();
    let mut found = Vec::with_capacity(chunks.len());
    for (index, (start, chunk)) in chunks.iter().enumerate() {
        let has_next = index + 1 < chunks.len();
        let bytes = *start..start + chunk.len();
        if let Some((level, text)) = heading(chunk, has_next, title) {
            found.push((bytes, Passage::Heading { level, text }));
        } else if let Some((alt, caption, host)) = image(chunk) {
            found.push((bytes, Passage::Image { alt, caption, host }));
        } else {
            prose_and_lists(*start, chunk, &mut found);
        }
    }
    found
}

/// The pieces of a text between blank lines, each with the byte that it begins at.
fn chunks(body: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = body;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(['\n', '\r']);
        while let Some((line, after)) = rest.split_once('\n') {
            if !line.trim().is_empty() {
                break;
            }
            rest = after;
        }
        if rest.trim().is_empty() {
            return None;
        }
        let mut end = 0;
        for line in rest.split_inclusive('\n') {
            if line.trim().is_empty() {
                break;
            }
            end += line.len();
        }
        let start = body.len() - rest.len();
        let (chunk, after) = rest.split_at(end);
        rest = after;
        Some((start, chunk.trim_end()))
    })
}

/// The level and the words of a heading: a line with `#` signs, or a short one that is no sentence and
/// has a blank line on both sides.
pub fn heading<'a>(chunk: &'a str, has_next: bool, title: &str) -> Option<(u8, &'a str)> {
    if chunk.contains('\n') {
        return None;
    }
    let line = chunk.trim();
    let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
    if let (1..=6, Some(text)) = (hashes, line.trim_start_matches('#').strip_prefix(' ')) {
        let level = u8::try_from(hashes).unwrap_or(6);
        return Some((level, text.trim()));
    }
    let fits = line.chars().count() <= MAX_HEADING_CHARS && !line.ends_with(SENTENCE_ENDS);
    (fits && has_next && line != title && bullet_item(chunk).is_none()).then_some((2, line))
}

/// What a picture shows, its caption without the source, and the host that it comes from: two lines, of
/// which the second ends in `image source: HOST`.
pub fn image(chunk: &str) -> Option<(&str, &str, &str)> {
    let (alt, caption) = chunk.split_once('\n')?;
    if caption.contains('\n') {
        return None;
    }
    let start = find_ascii_ci(caption, IMAGE_SOURCE)?;
    let (text, source) = caption.split_at_checked(start)?;
    let host = source.get(IMAGE_SOURCE.len()..)?.trim();
    let host = host.strip_suffix('.').unwrap_or(host);
    (!host.is_empty()).then_some((alt.trim(), text.trim().trim_end_matches('.'), host))
}

/// Where the last `needle` begins, any case; `needle` is lower-case ASCII.
fn find_ascii_ci(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes().windows(needle.len()).rposition(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}

fn prose_and_lists<'a>(chunk_at: usize, chunk: &'a str, found: &mut Vec<(Range<usize>, Passage<'a>)>) {
    let mut items: Vec<&str> = Vec::new();
    // Where the items and the prose that are being read began. Unit: bytes of the chunk.
    let (mut items_at, mut prose_at) = (0, None);
    let mut at = 0;
    for line in chunk.split_inclusive('\n') {
        if let Some(item) = bullet_item(line) {
            push_prose(chunk_at, chunk, prose_at.take().map(|start| start..at), found);
            if items.is_empty() {
                items_at = at;
            }
            items.push(item);
        } else {
            if !items.is_empty() {
                found.push((chunk_at + items_at..chunk_at + at, Passage::List(std::mem::take(&mut items))));
            }
            prose_at = prose_at.or(Some(at));
        }
        at += line.len();
    }
    push_prose(chunk_at, chunk, prose_at.map(|start| start..at), found);
    if !items.is_empty() {
        found.push((chunk_at + items_at..chunk_at + at, Passage::List(items)));
    }
}

fn push_prose<'a>(
    chunk_at: usize,
    chunk: &'a str,
    prose: Option<Range<usize>>,
    found: &mut Vec<(Range<usize>, Passage<'a>)>,
) {
    if let Some((bytes, text)) = prose.and_then(|bytes| Some((bytes.clone(), chunk.get(bytes)?))) {
        found.push((chunk_at + bytes.start..chunk_at + bytes.end, Passage::Paragraph(text.trim())));
    }
}

/// The text of a line that is an item of a list: blanks, a bullet, a blank, text.
pub fn bullet_item(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix(BULLETS)?;
    rest.starts_with([' ', '\t', '\u{a0}']).then(|| rest.trim()).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_falls_into_its_passages() {
        let body = "opening words.\n\na picture\na picture. image source: example.com.\n\nsteps\n\n  • one\n  - two\n\nwhat now?\n\nthe end";
        assert_eq!(
            passages(body, "title"),
            [
                Passage::Paragraph("opening words."),
                Passage::Image { alt: "a picture", caption: "a picture", host: "example.com" },
                Passage::Heading { level: 2, text: "steps" },
                Passage::List(vec!["one", "two"]),
                Passage::Paragraph("what now?"),
                Passage::Paragraph("the end"),
            ]
        );
    }

    #[test]
    fn the_title_again_is_no_heading_and_neither_is_the_last_line() {
        assert_eq!(
            passages("title\n\nlast", "title"),
            [Passage::Paragraph("title"), Passage::Paragraph("last")]
        );
        assert_eq!(passages("### three", "t"), [Passage::Heading { level: 3, text: "three" }]);
    }

    #[test]
    fn a_list_under_a_line_of_prose_is_both() {
        assert_eq!(
            passages("do this:\n* a\n* b\nand that", "t"),
            [Passage::Paragraph("do this:"), Passage::List(vec!["a", "b"]), Passage::Paragraph("and that")]
        );
        let lines = passage_lines("do this:\n* a\n* b\nand that\n\n\nend\n", "t");
        assert_eq!(lines, [0..1, 1..3, 3..4, 6..7]);
    }
}
