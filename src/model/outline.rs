//! What a post consisted of when it was decided on, short enough to be kept with every decision: so
//! that later it can be told which of its blocks are others now.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use super::digest::{put_fields, put_text};
use super::{Digest, Passage, Post};

/// The first 32 bits of the digests of the title, of the meta box as a whole, and of the blocks of
/// the article in their order. Written as 8 hex digits each, one behind the other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Outline(Box<[u32]>);

/// Before the blocks: the title and the meta box.
const HEAD: usize = 2;
/// The most parts that are kept; a longer article is compared up to here. Unit: parts.
const MAX_PARTS: usize = 200;
/// Unit: hex digits a part.
const PART_DIGITS: usize = 8;

/// What is another than it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The title.
    pub title: bool,
    /// Something in the meta box that counts.
    pub meta: bool,
    /// Of each block that there is now: it was not there.
    pub blocks: Vec<bool>,
    /// So many blocks are not there any more.
    pub gone: usize,
    /// Blocks from here on cannot be told: the article was too long for all of it to be kept.
    pub untold_from: Option<usize>,
}

impl Outline {
    /// The outline of a post.
    pub fn of_post(post: &Post) -> Self {
        let blocks = post.passages();
        let mut parts = Vec::with_capacity(MAX_PARTS.min(blocks.len() + HEAD));
        parts.push(short(|bytes| put_text(bytes, b'T', &post.title)));
        parts.push(short(|bytes| put_fields(bytes, post)));
        parts.extend(blocks.iter().take(MAX_PARTS - HEAD).map(of_block));
        Self(parts.into())
    }

    /// What of a post is another than in this outline.
    pub fn changes(&self, post: &Post) -> Changes {
        let blocks: Vec<u32> = post.passages().iter().map(of_block).collect();
        let now = Self::of_post(post);
        let head = |outline: &Self, at: usize| outline.0.get(at).copied();
        let mut before: HashMap<u32, usize> = HashMap::new();
        let kept = self.0.get(HEAD..).unwrap_or_default();
        kept.iter().for_each(|part| *before.entry(*part).or_default() += 1);
        let untold_from = (self.0.len() == MAX_PARTS).then_some(MAX_PARTS - HEAD);
        let mut found = 0;
        let mut is_new = |(at, part): (usize, &u32)| match before.get_mut(part).filter(|left| **left > 0) {
            Some(left) => {
                *left -= 1;
                found += 1;
                false
            }
            None => untold_from.is_none_or(|from| at < from),
        };
        let blocks = blocks.iter().enumerate().map(&mut is_new).collect();
        Changes {
            title: head(self, 0) != head(&now, 0),
            meta: head(self, 1) != head(&now, 1),
            blocks,
            gone: kept.len() - found,
            untold_from,
        }
    }
}

fn of_block(block: &Passage<'_>) -> u32 {
    short(|bytes| match block {
        Passage::Heading { level, text } => put_text(bytes, b'0' + level, text),
        Passage::Paragraph(text) => put_text(bytes, b'P', text),
        Passage::Image { alt, caption, host } => {
            [alt, caption, host].into_iter().for_each(|text| put_text(bytes, b'I', text));
        }
        Passage::List(items) => items.iter().for_each(|item| put_text(bytes, b'L', item)),
    })
}

fn short(put: impl FnOnce(&mut Vec<u8>)) -> u32 {
    let mut bytes = Vec::new();
    put(&mut bytes);
    Digest::of_bytes(&bytes).first_bits()
}

impl fmt::Display for Outline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| write!(f, "{part:08x}"))
    }
}

/// What is no outline as it is written here.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("expected 8 lower-case hex digits for each of 2 to {MAX_PARTS} parts")]
pub struct NotAnOutline;

impl FromStr for Outline {
    type Err = NotAnOutline;

    fn from_str(hex: &str) -> Result<Self, NotAnOutline> {
        let parts = hex.as_bytes().chunks(PART_DIGITS);
        if !(HEAD..=MAX_PARTS).contains(&parts.len()) {
            return Err(NotAnOutline);
        }
        // A log holds millions of these: room is made once, and no digit is branched upon.
        let mut outline = Vec::with_capacity(parts.len());
        for digits in parts {
            let digits: &[u8; PART_DIGITS] = digits.try_into().map_err(|_| NotAnOutline)?;
            let (mut part, mut odd) = (0_u32, 0_u8);
            for digit in digits {
                let value = DIGIT_VALUES.get(usize::from(*digit)).copied().unwrap_or(NO_DIGIT);
                odd |= value;
                part = part << 4 | u32::from(value & 0xf);
            }
            if odd & NO_DIGIT != 0 {
                return Err(NotAnOutline);
            }
            outline.push(part);
        }
        Ok(Self(outline.into()))
    }
}

/// Stands for what is no hex digit; no digit has this bit.
const NO_DIGIT: u8 = 0x80;

/// What each byte is worth as a lower-case hex digit.
#[expect(clippy::indexing_slicing, reason = "computed while it is compiled, where it would fail")]
const DIGIT_VALUES: [u8; 256] = {
    let digits = b"0123456789abcdef";
    let mut values = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        values[digits[value as usize] as usize] = value;
        value += 1;
    }
    values
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{PostId, Value};

    fn post(title: &str, body: &str, topic: &str) -> Post {
        let fields = vec![
            ("topic".to_owned(), Value::from(topic)),
            ("view_count".to_owned(), Value::Number("1".to_owned())),
        ];
        Post { id: PostId::new("p"), title: title.to_owned(), body: body.to_owned(), fields }
    }

    #[test]
    fn what_was_added_changed_and_taken_away_is_told() {
        let before = Outline::of_post(&post("t", "one.\n\ntwo.\n\n- a\n- b\n\ntwo.\n\nend.", "x"));
        let changes = |title, body, topic| before.changes(&post(title, body, topic));
        let none = Changes { blocks: vec![false; 5], ..Changes::default() };
        assert_eq!(changes("t", "one.\n\ntwo.\n\n- a\n- b\n\ntwo.\n\nend.", "x"), none);
        // Blocks are known by what they say, wherever they stand, and each as often as it was there.
        let moved = changes("t", "two.\n\ntwo.\n\none.\n\n\n- a\n- b\n\nend.", "x");
        assert_eq!(moved, none);
        let changed = changes("T", "one.\n\n- a\n- c\n\ntwo.\n\ntwo.\n\ntwo.", "y");
        let blocks = vec![false, true, false, false, true];
        assert_eq!(changed, Changes { title: true, meta: true, blocks, gone: 2, untold_from: None });
        assert_eq!(changes("t", "", "x"), Changes { gone: 5, ..Changes::default() });
        // What changes by itself is none.
        let mut viewed = post("t", "one.", "x");
        let outline = Outline::of_post(&viewed);
        viewed.fields[1].1 = Value::Number("99".to_owned());
        assert!(!outline.changes(&viewed).meta);
    }

    #[test]
    fn an_outline_is_bounded_and_read_back() {
        let body = |blocks: usize| {
            let blocks: Vec<String> = (0..blocks).map(|at| format!("block {at}.\n\n")).collect();
            blocks.concat()
        };
        for blocks in [0, 1, 197, 198, 199, 5_000] {
            let long = post("t", &body(blocks), "x");
            let outline = Outline::of_post(&long);
            let hex = outline.to_string();
            assert_eq!(hex.len(), (blocks + HEAD).min(MAX_PARTS) * PART_DIGITS);
            assert_eq!(hex.parse(), Ok(outline.clone()));
            let changes = outline.changes(&long);
            assert!(changes.blocks.len() == blocks && !changes.blocks.contains(&true) && changes.gone == 0);
            assert_eq!(changes.untold_from.is_some(), blocks >= 198, "{blocks}");
        }
        for odd in ["", "00112233", "0011223344556677 ", "001122334455667Z", "001122334455667A"] {
            assert_eq!(odd.parse::<Outline>(), Err(NotAnOutline), "{odd}");
        }
        assert_eq!("0".repeat(8 * 201).parse::<Outline>(), Err(NotAnOutline));
    }
}
