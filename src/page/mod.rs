//! Text set in lines of a width: what the article, the meta box and the checklist show.
//!
//! A page is set once for a post and a width, and then only looked at. Every word of a stranger
//! passes through [`safe`] here, before it has a width.

pub mod article;
mod bar;
pub mod checklist;
pub mod meta;

use std::borrow::Cow;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::corpus::search::Sought;
pub use crate::model::text::cut;
use crate::model::text::width;
use crate::model::{revealed, safe};
pub use article::{About, Inheritance, Since, status_role};
pub use bar::bar;
pub use checklist::Progress;

/// What a piece of text is, for the theme to give it a style.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Prose.
    Text,
    /// The title of the post.
    Title,
    /// A heading in the article.
    Heading,
    /// Less important than the text beside it.
    Quiet,
    /// The name of a field.
    Label,
    /// A bullet or another sign of our own.
    Bullet,
    /// Stands for something that was not shown itself.
    Sign,
    /// As it should be.
    Good,
    /// Deserves a look.
    Warning,
    /// Wrong.
    Bad,
    /// The filled part of a bar.
    Bar,
    /// The unfilled part of a bar.
    BarRest,
    /// What `text:` seeks.
    Found,
    /// What a key would act on.
    Chosen,
}

/// A piece of a line in one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Safe text, or a sign of our own.
    pub text: String,
    /// What it is.
    pub role: Role,
}

/// Text is not wrapped in less than this beside what opens it. Unit: columns.
const MIN_TEXT_WIDTH: usize = 14;

/// One line of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageLine {
    /// From left to right.
    pub pieces: Vec<Piece>,
}

impl PageLine {
    /// Adds words of our own.
    pub fn own(mut self, role: Role, text: impl Into<String>) -> Self {
        self.pieces.push(Piece { text: text.into(), role });
        self
    }

    /// Adds a stranger's words on this line, as wide as they are.
    pub fn foreign(mut self, role: Role, text: &str) -> Self {
        self.pieces.extend(pieces_of(text, role));
        self
    }

    /// Unit: columns.
    pub fn width(&self) -> usize {
        self.pieces.iter().map(|piece| width(&piece.text)).sum()
    }

    /// The text alone.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}

/// Lines of one width.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// From top to bottom.
    pub lines: Vec<PageLine>,
    /// The lines with something that is sought, each once.
    pub hits: Vec<usize>,
    width: usize,
    sought: Seeking,
    reveals: bool,
}

/// What is sought in the text that is being set.
#[derive(Clone, Debug, Default)]
struct Seeking(Vec<Sought>);

/// Two pages are the same if they show the same.
impl PartialEq for Seeking {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Seeking {}

impl Page {
    /// An empty page. Unit of the width: columns.
    pub fn new(width: u16) -> Self {
        Self { width: usize::from(width).max(1), ..Self::default() }
    }

    /// From here on, text is marked where it holds one of these.
    pub fn seek(&mut self, sought: &[Sought]) {
        self.sought = Seeking(sought.to_vec());
    }

    /// From here on, characters that are not seen are named.
    pub fn reveal(&mut self, reveals: bool) {
        self.reveals = reveals;
    }

    /// Whether characters that are not seen are named.
    pub fn reveals(&self) -> bool {
        self.reveals
    }

    /// How wide it is. Unit: columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Adds one line as it is.
    pub fn push(&mut self, line: PageLine) {
        self.lines.push(line);
    }

    /// Adds an empty line, unless the page begins or there is one already.
    pub fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| !line.pieces.is_empty()) {
            self.lines.push(PageLine::default());
        }
    }

    /// Adds a stranger's text, wrapped. `opening` stands before its first line, and the other lines
    /// are indented as far.
    pub fn wrap(&mut self, mut opening: PageLine, role: Role, text: &str) {
        let safe_text = if self.reveals { revealed(text) } else { safe(text) };
        let shown = safe_text.as_str();
        let room = self.width.saturating_sub(opening.width());
        if room < MIN_TEXT_WIDTH.min(self.width / 2) && width(shown) > room {
            // Too narrow a column to be read: the text goes under its opening.
            self.lines.push(opening);
            opening = PageLine::default().own(role, " ".repeat(self.width / 2));
        }
        let indent = opening.width().min(self.width.saturating_sub(1));
        let marks = self.marks(&safe_text);
        let mut line = opening;
        let mut first = true;
        for range in wrapped_ranges(shown, self.width - indent) {
            if !first {
                self.lines.push(std::mem::take(&mut line));
                line = PageLine::default().own(role, " ".repeat(indent));
            }
            first = false;
            push_pieces(&mut line.pieces, shown, &range, &marks, role);
            let near = marks.partition_point(|(mark, _)| mark.end <= range.start);
            let mut here = marks.iter().skip(near).take_while(|(mark, _)| mark.start < range.end);
            if here.any(|(_, role)| *role == Role::Found) {
                self.hits.push(self.lines.len());
            }
        }
        self.lines.push(line);
    }

    /// What of a text has a role of its own: signs of ours, and what is sought between them.
    fn marks(&self, text: &crate::model::Safe<'_>) -> Vec<(Range<usize>, Role)> {
        let mut marks: Vec<(Range<usize>, Role)> =
            sign_ranges(text).into_iter().map(|sign| (sign, Role::Sign)).collect();
        let found = self.sought.0.iter().flat_map(|sought| sought.find_all(text.as_str()));
        let found = found.map(|found| whole_clusters(text.as_str(), found));
        marks.extend(found.map(|found| (found, Role::Found)));
        // Signs before what is found in the same place; of two that share letters the first stays.
        marks.sort_by_key(|(mark, role)| (mark.start, *role == Role::Found));
        let mut end = 0;
        let signs = sign_ranges(text);
        marks.retain(|(mark, role)| {
            let next_sign = signs.get(signs.partition_point(|sign| sign.end <= mark.start));
            let hits_sign = *role == Role::Found && next_sign.is_some_and(|sign| sign.start < mark.end);
            let stays = mark.start >= end && !hits_sign;
            if stays {
                end = mark.end;
            }
            stays
        });
        marks
    }
}

/// A stranger's text in pieces, its signs marked.
pub fn pieces_of(text: &str, role: Role) -> Vec<Piece> {
    let piece = |(text, sign): (&str, bool)| Piece {
        text: text.to_owned(),
        role: if sign { Role::Sign } else { role },
    };
    safe(text).pieces().map(piece).collect()
}

fn sign_ranges(text: &crate::model::Safe<'_>) -> Vec<Range<usize>> {
    let mut at = 0;
    let mut ranges = Vec::new();
    for (piece, sign) in text.pieces() {
        if sign {
            ranges.push(at..at + piece.len());
        }
        at += piece.len();
    }
    ranges
}

fn push_pieces(
    pieces: &mut Vec<Piece>,
    text: &str,
    line: &Range<usize>,
    marks: &[(Range<usize>, Role)],
    role: Role,
) {
    let mut at = line.start;
    let mut push = |range: Range<usize>, role| {
        if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
            pieces.push(Piece { text: text.to_owned(), role });
        }
    };
    let first = marks.partition_point(|(mark, _)| mark.end <= line.start);
    for (mark, marked) in marks.get(first..).unwrap_or_default() {
        if mark.start >= line.end {
            break;
        }
        push(at..mark.start, role);
        push(mark.start.max(line.start)..mark.end.min(line.end), *marked);
        at = mark.end;
    }
    push(at..line.end, role);
}

/// The same with whole clusters at both ends: a mark without its letter would not be drawn.
fn whole_clusters(text: &str, found: Range<usize>) -> Range<usize> {
    if text.is_ascii() {
        return found;
    }
    let mut cursor = unicode_segmentation::GraphemeCursor::new(found.start, text.len(), true);
    let starts_one = cursor.is_boundary(text, 0).unwrap_or(true);
    let start =
        if starts_one { found.start } else { cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0) };
    let mut cursor = unicode_segmentation::GraphemeCursor::new(found.end, text.len(), true);
    let ends_one = cursor.is_boundary(text, 0).unwrap_or(true);
    let end =
        if ends_one { found.end } else { cursor.next_boundary(text, 0).ok().flatten().unwrap_or(found.end) };
    start..end
}

/// Where each wrapped line of `text` begins and ends. Unit: bytes.
fn wrapped_ranges(text: &str, columns: usize) -> Vec<Range<usize>> {
    let mut at = 0;
    textwrap::wrap(text, textwrap::Options::new(columns.max(1)).break_words(true))
        .into_iter()
        .map(|line: Cow<'_, str>| {
            // textwrap leaves out the blanks between two lines, and nothing else: a line is a piece of the
            // text, and where it lies tells its place without a search.
            let start = match &line {
                Cow::Borrowed(piece) => (piece.as_ptr() as usize).saturating_sub(text.as_ptr() as usize),
                Cow::Owned(_) => {
                    at + text.get(at..).and_then(|rest| rest.find(line.as_ref())).unwrap_or_default()
                }
            };
            at = start + line.len();
            start..at
        })
        .flat_map(|line| fitting(text, line, columns.max(1)))
        .collect()
}

/// A line in as many as it needs. textwrap adds up the widths of characters, and some clusters are wider
/// than their characters are one by one: what is beyond the width would not be drawn.
fn fitting(text: &str, line: Range<usize>, columns: usize) -> Vec<Range<usize>> {
    let shown = text.get(line.clone()).unwrap_or_default();
    if shown.is_ascii() || width(shown) <= columns {
        return vec![line];
    }
    let mut lines = Vec::new();
    let (mut start, mut used) = (line.start, 0);
    for (at, cluster) in shown.grapheme_indices(true) {
        let at = line.start + at;
        if used + width(cluster) > columns && at > start {
            lines.push(start..at);
            (start, used) = (at, 0);
        }
        used += width(cluster);
    }
    lines.push(start..line.end);
    lines
}

/// Cuts safe text to a width and pads it with blanks to exactly that width.
pub fn fit(text: &str, columns: usize) -> String {
    let mut fitted = cut(text, columns).into_owned();
    let missing = columns.saturating_sub(width(&fitted));
    fitted.extend(std::iter::repeat_n(' ', missing));
    fitted
}

/// The first of so many things in a box that shows so many of them, the chosen one in its middle.
pub fn first_shown(chosen: usize, shown: usize, all: usize) -> usize {
    chosen.saturating_sub(shown / 2).min(all.saturating_sub(shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(page: &Page) -> Vec<String> {
        page.lines.iter().map(PageLine::text).collect()
    }

    #[test]
    fn lines_hang_under_their_opening() {
        let mut page = Page::new(16);
        page.wrap(PageLine::default().own(Role::Bullet, "• "), Role::Text, "one two three four five");
        assert_eq!(texts(&page), ["• one two three", "  four five"]);
    }

    #[test]
    fn signs_keep_their_role_when_a_line_breaks_inside_them() {
        let mut page = Page::new(8);
        page.wrap(PageLine::default(), Role::Text, "ab\u{202e}cd ef");
        let signs: String = page
            .lines
            .iter()
            .flat_map(|line| &line.pieces)
            .filter(|p| p.role == Role::Sign)
            .map(|p| p.text.as_str())
            .collect();
        assert_eq!(signs, "<U+202E>");
        assert!(page.lines.iter().all(|line| line.width() <= 8), "{page:?}");
    }

    #[test]
    fn wide_letters_are_counted_by_their_columns() {
        let mut page = Page::new(6);
        page.wrap(PageLine::default(), Role::Text, "日本語の記事");
        assert_eq!(texts(&page), ["日本語", "の記事"]);
        assert_eq!(cut("日本語", 5), "日本…");
        assert_eq!(fit("日本語", 4), "日… ");
        assert_eq!(cut("abc", 0), "");
    }

    #[test]
    fn nothing_stands_beyond_the_width() {
        let texts = [
            "❤\u{fe0f}".repeat(100),
            "3\u{fe0f}\u{20e3}".repeat(60),
            "ﾊ\u{ff9f}".repeat(60),
            "👩\u{200d}👩\u{200d}👧x".repeat(30),
            format!("a\u{301}{}", "क्ष".repeat(50)),
        ];
        for text in texts {
            for columns in [3, 7, 20, 41] {
                let mut page = Page::new(columns);
                page.wrap(PageLine::default(), Role::Text, &text);
                assert!(
                    page.lines.iter().all(|line| line.width() <= usize::from(columns)),
                    "{columns}: {text}"
                );
                assert_eq!(page.lines.iter().map(PageLine::text).collect::<String>(), text);
            }
        }
    }

    #[test]
    fn a_letter_is_found_with_its_marks() {
        let mut page = Page::new(40);
        page.seek(&[Sought::words("e").unwrap()]);
        page.wrap(PageLine::default(), Role::Text, "cafe\u{301} x");
        let found = page.lines[0].pieces.iter().find(|piece| piece.role == Role::Found).unwrap();
        assert_eq!(found.text, "e\u{301}");
    }

    #[test]
    fn every_word_survives_the_wrapping() {
        let text = "a b  c   supercalifragilistic d e-f-g h";
        for width in 1..40 {
            let mut page = Page::new(width);
            page.wrap(PageLine::default(), Role::Text, text);
            let joined: String = texts(&page).concat().split_whitespace().collect();
            assert_eq!(joined, text.split_whitespace().collect::<String>(), "width {width}");
        }
    }
}
