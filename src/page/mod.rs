//! Text set in lines of a width: what the article, the meta box and the checklist show.
//!
//! A page is set once for a post and a width, and then only looked at. Every word of a stranger
//! passes through [`safe`] here, before it has a width.

pub mod article;
mod bar;
pub mod checklist;
pub mod document;
pub mod meta;
mod wrap;

use std::sync::Arc;

use crate::corpus::search::Sought;
use crate::model::safe;
pub use crate::model::text::cut;
use crate::model::text::width;
pub use article::{About, Inheritance, Since, status_role};
pub use bar::bar;
pub use checklist::Progress;
use wrap::Laid;

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
    /// Important words.
    Strong,
    /// Stressed words.
    Emphasis,
    /// Words that are both.
    StrongEmphasis,
    /// Code.
    Code,
    /// Words that lead somewhere.
    Link,
    /// Words that are struck through.
    Deleted,
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

/// How lines are broken where they are too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaking {
    /// Between words.
    Words,
    /// At the width, with a sign before what goes on: every blank counts.
    Anywhere,
}

/// Stands before the rest of a line that was too long.
const GOES_ON: &str = "↪ ";

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
    /// The lines of blocks that have changed since a decision.
    pub changed: Vec<usize>,
    width: usize,
    sought: Seeking,
    reveals: bool,
}

/// What is sought in the text that is being set.
#[derive(Clone, Debug, Default)]
struct Seeking(Arc<[Sought]>);

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
        self.sought = Seeking(sought.into());
    }

    /// From here on, characters that are not seen are named.
    pub fn reveal(&mut self, reveals: bool) {
        self.reveals = reveals;
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
    pub fn wrap(&mut self, opening: PageLine, role: Role, text: &str) {
        self.set(opening, &[vec![(text, role)]], Breaking::Words);
    }

    /// Adds lines of a stranger's text, each of them in pieces and wrapped, under one opening.
    pub fn set(&mut self, mut opening: PageLine, lines: &[Vec<(&str, Role)>], breaking: Breaking) {
        let laid = Laid::new(lines, self.reveals);
        let room = self.width.saturating_sub(opening.width());
        if room < MIN_TEXT_WIDTH.min(self.width / 2) && laid.is_wider_than(room) {
            // Too narrow a column to be read: the text goes under its opening.
            self.lines.push(opening);
            opening = PageLine::default().own(Role::Text, " ".repeat(self.width / 2));
        }
        let indent = opening.width().min(self.width.saturating_sub(1));
        let marks = laid.marks(&self.sought.0);
        let mut line = opening;
        let mut first = true;
        for (range, goes_on) in laid.wrapped(self.width - indent, breaking) {
            if !first {
                self.lines.push(std::mem::take(&mut line));
                line = PageLine::default().own(Role::Text, " ".repeat(indent));
            }
            first = false;
            if goes_on && breaking == Breaking::Anywhere {
                line = line.own(Role::Quiet, GOES_ON);
            }
            if laid.push_pieces(&mut line.pieces, &range, &marks) {
                self.hits.push(self.lines.len());
            }
        }
        self.lines.push(line);
    }

    /// An empty page of another width, set in the same way. Unit of the width: columns.
    pub fn alike(&self, width: usize) -> Self {
        Self { width: width.max(1), sought: self.sought.clone(), reveals: self.reveals, ..Self::default() }
    }

    /// Sets something within this page, `first` before its first line and `rest` before every other.
    pub fn within(&mut self, first: PageLine, rest: &PageLine, set: impl FnOnce(&mut Self)) {
        let room = self.width.saturating_sub(first.width().max(rest.width()));
        let is_narrow = room < MIN_TEXT_WIDTH.min(self.width / 2);
        let width = if is_narrow { self.width } else { room };
        let mut inner = self.alike(width);
        set(&mut inner);
        if is_narrow && !first.text().trim().is_empty() {
            self.lines.push(first.clone());
        }
        let above = self.lines.len();
        self.hits.extend(inner.hits.iter().map(|hit| above + hit));
        self.changed.extend(inner.changed.iter().map(|line| above + line));
        let mut before = Some(first);
        for line in inner.lines {
            let mut whole = before.take().unwrap_or_else(|| rest.clone());
            if is_narrow {
                whole = PageLine::default();
            }
            whole.pieces.extend(line.pieces);
            self.lines.push(whole);
        }
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
