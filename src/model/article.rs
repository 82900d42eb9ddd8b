//! The blocks of an article: headings, paragraphs, pictures and lists.

/// A heading is at most this long. Unit: characters.
const MAX_HEADING_CHARS: usize = 80;

/// What a heading does not end in: it would be a sentence, or lead into one.
const SENTENCE_ENDS: [char; 10] = ['.', ':', '?', '!', '。', '：', '？', '！', '؟', '…'];

/// The bullets that open an item of a list.
pub const BULLETS: [char; 7] = ['•', '–', '-', '*', '◦', '▪', '·'];

/// What the caption line of a picture ends in, before the host.
const IMAGE_SOURCE: &str = "image source:";

/// One block of an article, its text as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block<'a> {
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

/// Splits a body into blocks. Every word of the body stands in some block.
pub fn blocks<'a>(body: &'a str, title: &str) -> Vec<Block<'a>> {
    let chunks: Vec<&str> = chunks(body).collect();
    let mut found = Vec::with_capacity(chunks.len());
    for (index, chunk) in chunks.iter().enumerate() {
        let has_next = index + 1 < chunks.len();
        if let Some(heading) = heading(chunk, has_next, title) {
            found.push(heading);
        } else if let Some(image) = image(chunk) {
            found.push(image);
        } else {
            prose_and_lists(chunk, &mut found);
        }
    }
    found
}

/// The pieces of a text between blank lines.
fn chunks(body: &str) -> impl Iterator<Item = &str> {
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
        let (chunk, after) = rest.split_at(end);
        rest = after;
        Some(chunk.trim_end())
    })
}

fn heading<'a>(chunk: &'a str, has_next: bool, title: &str) -> Option<Block<'a>> {
    if chunk.contains('\n') {
        return None;
    }
    let line = chunk.trim();
    let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
    if let (1..=6, Some(text)) = (hashes, line.trim_start_matches('#').strip_prefix(' ')) {
        let level = u8::try_from(hashes).unwrap_or(6);
        return Some(Block::Heading { level, text: text.trim() });
    }
    let fits = line.chars().count() <= MAX_HEADING_CHARS && !line.ends_with(SENTENCE_ENDS);
    (fits && has_next && line != title && bullet_item(chunk).is_none())
        .then_some(Block::Heading { level: 2, text: line })
}

fn image(chunk: &str) -> Option<Block<'_>> {
    let (alt, caption) = chunk.split_once('\n')?;
    let start = find_ascii_ci(caption, IMAGE_SOURCE)?;
    let (text, source) = caption.split_at_checked(start)?;
    let host = source.get(IMAGE_SOURCE.len()..)?.trim();
    let host = host.strip_suffix('.').unwrap_or(host);
    (!caption.contains('\n') && !host.is_empty()).then_some(Block::Image {
        alt: alt.trim(),
        caption: text.trim().trim_end_matches('.'),
        host,
    })
}

/// Where the last `needle` begins, any case; `needle` is lower-case ASCII.
fn find_ascii_ci(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes().windows(needle.len()).rposition(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}

fn prose_and_lists<'a>(chunk: &'a str, found: &mut Vec<Block<'a>>) {
    let mut items: Vec<&str> = Vec::new();
    let mut prose: Option<(usize, usize)> = None;
    let mut at = 0;
    for line in chunk.split_inclusive('\n') {
        if let Some(item) = bullet_item(line) {
            push_prose(chunk, prose.take(), found);
            items.push(item);
        } else {
            if !items.is_empty() {
                found.push(Block::List(std::mem::take(&mut items)));
            }
            let start = prose.map_or(at, |(start, _)| start);
            prose = Some((start, at + line.len()));
        }
        at += line.len();
    }
    push_prose(chunk, prose, found);
    if !items.is_empty() {
        found.push(Block::List(items));
    }
}

fn push_prose<'a>(chunk: &'a str, prose: Option<(usize, usize)>, found: &mut Vec<Block<'a>>) {
    if let Some(text) = prose.and_then(|(start, end)| chunk.get(start..end)) {
        found.push(Block::Paragraph(text.trim()));
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
    fn an_article_falls_into_its_blocks() {
        let body = "opening words.\n\na picture\na picture. image source: example.com.\n\nsteps\n\n  • one\n  - two\n\nwhat now?\n\nthe end";
        assert_eq!(
            blocks(body, "title"),
            [
                Block::Paragraph("opening words."),
                Block::Image { alt: "a picture", caption: "a picture", host: "example.com" },
                Block::Heading { level: 2, text: "steps" },
                Block::List(vec!["one", "two"]),
                Block::Paragraph("what now?"),
                Block::Paragraph("the end"),
            ]
        );
    }

    #[test]
    fn the_title_again_is_no_heading_and_neither_is_the_last_line() {
        assert_eq!(blocks("title\n\nlast", "title"), [Block::Paragraph("title"), Block::Paragraph("last")]);
        assert_eq!(blocks("### three", "t"), [Block::Heading { level: 3, text: "three" }]);
    }

    #[test]
    fn a_list_under_a_line_of_prose_is_both() {
        assert_eq!(
            blocks("do this:\n* a\n* b\nand that", "t"),
            [Block::Paragraph("do this:"), Block::List(vec!["a", "b"]), Block::Paragraph("and that")]
        );
    }
}
