//! Text made safe and broken into lines, with a role for every piece.

use std::borrow::Cow;
use std::ops::Range;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use super::{Breaking, GOES_ON, Piece, Role};
use crate::corpus::search::Sought;
use crate::model::text::{safe_with_places, width};

/// A range of the text in a role.
type Mark = (Range<usize>, Role);

/// Lines of text made safe. All ranges are bytes of `shown`.
#[derive(Debug, Default)]
pub(super) struct Laid {
    /// The lines with a blank between each two: what is sought may begin in one and end in the next.
    shown: String,
    lines: Vec<Range<usize>>,
    roles: Vec<Mark>,
    /// Signs of ours that stand for what is not shown itself.
    signs: Vec<Range<usize>>,
}

impl Laid {
    pub(super) fn new(lines: &[Vec<(&str, Role)>], reveals: bool) -> Self {
        let mut laid = Self::default();
        for line in lines {
            if !laid.lines.is_empty() {
                laid.shown.push(' ');
            }
            laid.add(line, reveals);
        }
        laid
    }

    /// Adds a line. It is made safe as a whole: a letter and its mark may be in two pieces.
    fn add(&mut self, pieces: &[(&str, Role)], reveals: bool) {
        let raw: Cow<'_, str> = match pieces {
            [(text, _)] => Cow::Borrowed(*text),
            pieces => Cow::Owned(pieces.iter().map(|(text, _)| *text).collect()),
        };
        let mut at = 0;
        let mut ends: Vec<usize> = Vec::with_capacity(pieces.len());
        for (text, _) in pieces {
            at += text.len();
            ends.push(at);
        }
        let made = safe_with_places(&raw, reveals, &mut ends);
        let start = self.shown.len();
        let mut from = start;
        for (end, (_, role)) in ends.iter().zip(pieces) {
            self.roles.push((from..start + end, *role));
            from = start + end;
        }
        let mut at = start;
        for (piece, is_sign) in made.pieces() {
            if is_sign {
                self.signs.push(at..at + piece.len());
            }
            at += piece.len();
        }
        self.shown.push_str(made.as_str());
        self.lines.push(start..self.shown.len());
    }

    fn text(&self, range: &Range<usize>) -> &str {
        self.shown.get(range.clone()).unwrap_or_default()
    }

    /// Whether a line is wider than this. Unit: columns.
    pub(super) fn is_wider_than(&self, columns: usize) -> bool {
        self.lines.iter().any(|line| width(self.text(line)) > columns)
    }

    /// What has a role of its own, whatever it is a part of: signs of ours, and what is sought between them.
    pub(super) fn marks(&self, sought: &[Sought]) -> Vec<Mark> {
        let mut marks: Vec<Mark> = self.signs.iter().map(|sign| (sign.clone(), Role::Sign)).collect();
        let found = sought.iter().flat_map(|sought| sought.find_all(&self.shown));
        marks.extend(found.map(|found| (whole_clusters(&self.shown, found), Role::Found)));
        // Signs before what is found in the same place; of two that share letters the first stays.
        marks.sort_by_key(|(mark, role)| (mark.start, *role == Role::Found));
        let mut end = 0;
        marks.retain(|(mark, role)| {
            let next_sign = self.signs.get(self.signs.partition_point(|sign| sign.end <= mark.start));
            let hits_sign = *role == Role::Found && next_sign.is_some_and(|sign| sign.start < mark.end);
            let stays = mark.start >= end && !hits_sign;
            if stays {
                end = mark.end;
            }
            stays
        });
        marks
    }

    /// The lines in as many as they need in this width, and whether each goes on with the one before.
    pub(super) fn wrapped(
        &self,
        columns: usize,
        breaking: Breaking,
    ) -> impl Iterator<Item = (Range<usize>, bool)> {
        self.lines.iter().flat_map(move |line| {
            let text = self.text(line);
            let parts = match breaking {
                Breaking::Words => wrapped_ranges(text, columns),
                Breaking::Anywhere => {
                    let rest = columns.saturating_sub(width(GOES_ON)).max(1);
                    fitting(text, 0..text.len(), columns.max(1), rest)
                }
            };
            let start = line.start;
            parts
                .into_iter()
                .enumerate()
                .map(move |(at, part)| (start + part.start..start + part.end, at > 0))
        })
    }

    /// Adds the pieces of a part of the text; whether something sought is among them.
    pub(super) fn push_pieces(&self, pieces: &mut Vec<Piece>, part: &Range<usize>, marks: &[Mark]) -> bool {
        let mut at = part.start;
        let mut has_found = false;
        let first = marks.partition_point(|(mark, _)| mark.end <= part.start);
        for (mark, role) in marks.get(first..).unwrap_or_default() {
            if mark.start >= part.end {
                break;
            }
            self.push_roles(pieces, at..mark.start);
            self.push(pieces, &(mark.start.max(part.start)..mark.end.min(part.end)), *role);
            has_found |= *role == Role::Found;
            at = mark.end;
        }
        self.push_roles(pieces, at..part.end);
        has_found
    }

    /// Adds the pieces of a range that nothing is marked in.
    fn push_roles(&self, pieces: &mut Vec<Piece>, range: Range<usize>) {
        let first = self.roles.partition_point(|(mark, _)| mark.end <= range.start);
        for (mark, role) in self.roles.get(first..).unwrap_or_default() {
            if mark.start >= range.end {
                break;
            }
            self.push(pieces, &(mark.start.max(range.start)..mark.end.min(range.end)), *role);
        }
    }

    fn push(&self, pieces: &mut Vec<Piece>, range: &Range<usize>, role: Role) {
        let text = self.text(range);
        if !text.is_empty() {
            pieces.push(Piece { text: text.to_owned(), role });
        }
    }
}

/// The same with whole clusters at both ends: a mark without its letter would not be drawn.
fn whole_clusters(text: &str, found: Range<usize>) -> Range<usize> {
    if text.is_ascii() {
        return found;
    }
    let mut cursor = GraphemeCursor::new(found.start, text.len(), true);
    let starts_one = cursor.is_boundary(text, 0).unwrap_or(true);
    let start =
        if starts_one { found.start } else { cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0) };
    let mut cursor = GraphemeCursor::new(found.end, text.len(), true);
    let ends_one = cursor.is_boundary(text, 0).unwrap_or(true);
    let end =
        if ends_one { found.end } else { cursor.next_boundary(text, 0).ok().flatten().unwrap_or(found.end) };
    start..end
}

/// Where each wrapped line of `text` begins and ends. Unit: bytes.
fn wrapped_ranges(text: &str, columns: usize) -> Vec<Range<usize>> {
    let columns = columns.max(1);
    let mut at = 0;
    textwrap::wrap(text, textwrap::Options::new(columns).break_words(true))
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
        .flat_map(|line| fitting(text, line, columns, columns))
        .collect()
}

/// A line in as many as it needs, the first of them `columns` and the others `rest` columns wide. textwrap
/// adds up the widths of characters, and some clusters are wider than their characters are one by one:
/// what is beyond the width would not be drawn.
fn fitting(text: &str, line: Range<usize>, columns: usize, rest: usize) -> Vec<Range<usize>> {
    let shown = text.get(line.clone()).unwrap_or_default();
    if width(shown) <= columns {
        return vec![line];
    }
    let mut lines = Vec::new();
    let (mut start, mut used, mut room) = (line.start, 0, columns);
    for (at, cluster) in shown.grapheme_indices(true) {
        let at = line.start + at;
        if used + width(cluster) > room && at > start {
            lines.push(start..at);
            (start, used, room) = (at, 0, rest);
        }
        used += width(cluster);
    }
    lines.push(start..line.end);
    lines
}
