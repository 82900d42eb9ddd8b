//! What a text looks like to its reader: blocks of styled words, whatever it was written in.
//!
//! The words are raw. They become [`super::Safe`] before they have a width.

pub mod plain;
mod prose;
#[cfg(test)]
mod sketch;

use std::ops::Range;

use super::Post;

/// No block is nested deeper than this. What lies deeper is set at this depth, and no word of it is lost.
pub const MAX_DEPTH: usize = 16;

/// What a text is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Markup {
    /// Nothing: a line is a line.
    #[default]
    Plain,
}

impl Markup {
    /// Its name for the reviewer; none for text without markup.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
        }
    }
}

/// A text as its reader sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// What it is written in.
    pub markup: Markup,
    /// From top to bottom.
    pub blocks: Vec<Block>,
}

/// A block and the lines of the source that it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Lines of the source, from 0; the end is not part of it.
    pub lines: Range<usize>,
    /// What it holds.
    pub content: Content,
}

/// What a block holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Names what follows.
    Heading {
        /// From 1, the highest, to 6.
        level: u8,
        /// Its words.
        text: Text,
    },
    /// Prose, verse, an address, a chat: words with the line breaks that their author made.
    Paragraph(Text),
    /// Text in which every blank counts.
    Code {
        /// Its language, as it is named there; may be blank.
        language: String,
        /// Its lines, with their indentation and tabs, without a line end at the end.
        text: String,
    },
    /// Items, each under a marker.
    List {
        /// From top to bottom.
        items: Vec<Item>,
        /// The items are separated by blank lines.
        is_loose: bool,
    },
    /// Rows of cells.
    Table(Table),
    /// What somebody else has said.
    Quote(Vec<Block>),
    /// A picture, which is never fetched.
    Image {
        /// What it shows.
        alt: String,
        /// The line under it; may be blank.
        caption: String,
        /// The host or place that it comes from; may be blank.
        source: String,
        /// Its address; may be blank.
        url: String,
    },
    /// What one speaker says, or a part of the text that has a name.
    Turn {
        /// The speaker or the name.
        label: String,
        /// What is said.
        blocks: Vec<Block>,
    },
    /// A line across the text.
    Rule,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What stands before it: a bullet, `1.`, `b)`, `[x]`; blank for none.
    pub marker: String,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The first so many rows name the columns.
    pub head_rows: usize,
    /// How the columns are aligned; those beyond are aligned to the left.
    pub aligns: Vec<Align>,
    /// From top to bottom; not all need to have the same length.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
pub type Cell = Vec<Block>;

/// How a column is aligned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
}

/// Words, some of them with a style. A line feed is a line break.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// From left to right.
    pub spans: Vec<Span>,
}

/// Words in one style.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The words.
    pub text: String,
    /// How they are set.
    pub style: Style,
    /// Where they lead, as it is written.
    pub link: Option<String>,
}

/// How words are set; several at once, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style(u8);

impl Style {
    /// Important.
    pub const STRONG: Self = Self(1);
    /// Stressed.
    pub const EMPHASIS: Self = Self(2);
    /// Code within prose.
    pub const CODE: Self = Self(4);
    /// Struck through.
    pub const DELETED: Self = Self(8);
    /// Who speaks, or what a line is about.
    pub const LABEL: Self = Self(16);
    /// Stands for a picture within prose.
    pub const IMAGE: Self = Self(32);
    /// Signs of the source that say how it is read: fences, pipes.
    pub const SIGN: Self = Self(64);

    /// Both.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of the other is in it.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl Text {
    /// Words without a style.
    pub fn plain(text: impl Into<String>) -> Self {
        let mut made = Self::default();
        made.push(&text.into(), Style::default(), None);
        made
    }

    /// Adds words.
    pub fn push(&mut self, text: &str, style: Style, link: Option<&str>) {
        match self.spans.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.style == style && last.link.as_deref() == link => last.text.push_str(text),
            _ => self.spans.push(Span { text: text.to_owned(), style, link: link.map(str::to_owned) }),
        }
    }

    /// Its words alone.
    pub fn words(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// There is nothing to be seen.
    pub fn is_blank(&self) -> bool {
        self.spans.iter().all(|span| span.text.trim().is_empty())
    }
}

impl Block {
    /// A block read from these lines of the source.
    pub fn new(lines: Range<usize>, content: Content) -> Self {
        Self { lines, content }
    }
}

impl Document {
    /// Reads the body of a post.
    pub fn of_post(post: &Post) -> Self {
        plain::read(&post.body, &post.title)
    }
}
