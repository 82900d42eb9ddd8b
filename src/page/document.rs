//! A document in lines of a width.

use std::ops::Range;

use super::{Breaking, Page, PageLine, Role};
use crate::model::document::{Align, Block, Cell, Content, Document, Item, Markup, Span, Style, Table, Text};
use crate::model::safe;

/// A table has no narrower columns; where they do not fit, each cell has a line. Unit: columns.
const MIN_COLUMN: usize = 6;
/// A cell that needs more than this is folded. Unit: columns.
const MAX_NEEDED: usize = 10_000;
/// A rule is not drawn longer than this. Unit: columns.
const MAX_RULE: usize = 40;
/// Markers of a list are aligned up to this width. Unit: columns.
const MAX_MARKER: usize = 6;
/// The highest two levels of headings look alike; each one below them has a sign more.
const PLAIN_LEVELS: u8 = 2;

/// Adds a document to a page. `changed`: lines of the source that have changed since a decision; what is
/// set from them is noted in [`Page::changed`].
pub fn set(document: &Document, changed: &[Range<usize>], page: &mut Page) {
    let setter =
        Setter { keeps_signs: document.markup == Markup::Plain, changed, base: Role::Text, depth: 0 };
    setter.blocks(&document.blocks, true, page);
}

/// How blocks are set.
#[derive(Clone, Copy, Debug)]
struct Setter<'a> {
    /// Pipes and signs of quotes are shown as they are in the source.
    keeps_signs: bool,
    changed: &'a [Range<usize>],
    /// The role of words without a style.
    base: Role,
    /// How many lists and quotes there are around.
    depth: usize,
}

impl Setter<'_> {
    /// Sets blocks, with a blank line between each two if they are `loose`.
    fn blocks(&self, blocks: &[Block], is_loose: bool, page: &mut Page) {
        for block in blocks {
            if is_loose {
                page.gap();
            }
            let from = page.lines.len();
            self.block(block, page);
            let is_changed = self
                .changed
                .iter()
                .any(|lines| lines.start < block.lines.end && block.lines.start < lines.end);
            let is_leaf =
                !matches!(block.content, Content::List { .. } | Content::Quote(_) | Content::Turn { .. });
            if is_changed && is_leaf {
                page.changed.extend(from..page.lines.len());
            }
        }
    }

    fn inner(&self) -> Self {
        Self { depth: self.depth + 1, ..*self }
    }

    fn block(&self, block: &Block, page: &mut Page) {
        match &block.content {
            Content::Heading { level, text } => {
                let levels = if self.keeps_signs { 0 } else { level.saturating_sub(PLAIN_LEVELS) };
                let sign = "›".repeat(usize::from(levels));
                let blank = if sign.is_empty() { "" } else { " " };
                let opening = PageLine::default().own(Role::Quiet, format!("{sign}{blank}"));
                page.set(opening, &lines_of(text, Role::Heading), Breaking::Words);
            }
            Content::Paragraph(text) => {
                page.set(PageLine::default(), &lines_of(text, self.base), Breaking::Words);
            }
            Content::Code { language, text } => self.code(language, text, page),
            Content::List { items, is_loose } => self.list(items, *is_loose, page),
            Content::Table(table) => self.table(table, page),
            Content::Quote(blocks) => {
                let bar = PageLine::default().own(Role::Quiet, if self.keeps_signs { "> " } else { "│ " });
                page.within(bar.clone(), &bar, |page| self.inner().blocks(blocks, true, page));
            }
            Content::Image { alt, caption, source, .. } => {
                page.wrap(PageLine::default().own(Role::Bullet, "▣ "), Role::Text, alt);
                let has_own = !caption.is_empty() && caption != alt;
                let under = match (source.is_empty(), has_own) {
                    (false, true) => format!("{source} · {caption}"),
                    (false, false) => source.clone(),
                    (true, true) => caption.clone(),
                    (true, false) => return,
                };
                page.wrap(PageLine::default().own(Role::Quiet, "  "), Role::Quiet, &under);
            }
            Content::Turn { label, blocks } => {
                page.wrap(PageLine::default(), Role::Label, label);
                let indent = PageLine::default().own(Role::Text, "  ");
                page.within(indent.clone(), &indent, |page| self.inner().blocks(blocks, true, page));
            }
            Content::Rule => {
                let rule = "─".repeat(page.width().min(MAX_RULE));
                page.push(PageLine::default().own(Role::Quiet, rule));
            }
        }
    }

    fn code(&self, language: &str, text: &str, page: &mut Page) {
        let lines: Vec<_> = text.split('\n').map(|line| vec![(line, Role::Code)]).collect();
        if self.keeps_signs {
            return page.set(PageLine::default(), &lines, Breaking::Anywhere);
        }
        let indent = PageLine::default().own(Role::Text, "  ");
        page.within(indent.clone(), &indent, |page| {
            if !language.is_empty() {
                page.wrap(PageLine::default(), Role::Quiet, language);
            }
            page.set(PageLine::default(), &lines, Breaking::Anywhere);
        });
    }

    fn list(&self, items: &[Item], is_loose: bool, page: &mut Page) {
        let width = |item: &Item| safe(&item.marker).width();
        let widest = items.iter().map(width).max().unwrap_or_default().min(MAX_MARKER);
        let indent = if self.depth == 0 { "  " } else { "" };
        for item in items {
            if is_loose {
                page.gap();
            }
            let pad = widest.saturating_sub(width(item)) + usize::from(widest > 0);
            let opening = PageLine::default().own(Role::Bullet, indent).foreign(Role::Bullet, &item.marker);
            let opening = opening.own(Role::Text, " ".repeat(pad.max(1)));
            let rest = PageLine::default().own(Role::Text, " ".repeat(opening.width()));
            page.within(opening, &rest, |page| self.inner().blocks(&item.blocks, is_loose, page));
        }
    }

    fn table(&self, table: &Table, page: &mut Page) {
        let columns = table.rows.iter().map(Vec::len).max().unwrap_or_default();
        let frame = if self.keeps_signs { 4 } else { 0 };
        let between = columns.saturating_sub(1) * 3 + frame;
        let room = page.width().saturating_sub(between);
        let needed = self.needed_widths(table, columns, page);
        let fits = needed.iter().sum::<usize>() <= room;
        if !fits && self.keeps_signs {
            return self.rows_as_lines(table, page);
        }
        if !fits && columns * MIN_COLUMN > room {
            return self.records(table, page);
        }
        let widths = shared(needed, room);
        let rows: Vec<Vec<Page>> = (table.rows.iter().enumerate())
            .map(|(at, row)| {
                let setter = self.in_row(table, at);
                let cell = |(cell, width): (&Cell, &usize)| setter.cell(cell, *width, page);
                row.iter().zip(&widths).map(cell).collect()
            })
            .collect();
        let is_folded = rows.iter().flatten().any(|cell| cell.lines.len() > 1);
        for (at, row) in rows.iter().enumerate() {
            let is_below_head = at == table.head_rows && at > 0;
            if !self.keeps_signs && (is_below_head || is_folded && at > 0) {
                page.push(rule_between(&widths));
            }
            self.row(row, &widths, &table.aligns, page);
        }
    }

    /// How the cells of a row are set.
    fn in_row(&self, table: &Table, row: usize) -> Self {
        let base = if row < table.head_rows { Role::Strong } else { self.base };
        Self { base, depth: self.depth + 1, changed: &[], ..*self }
    }

    /// Sets a cell in a column.
    fn cell(&self, cell: &Cell, width: usize, page: &Page) -> Page {
        let mut inner = page.alike(width);
        self.blocks(cell, false, &mut inner);
        inner
    }

    /// The widths that the columns need if nothing is folded. Unit: columns of the screen.
    fn needed_widths(&self, table: &Table, columns: usize, page: &Page) -> Vec<usize> {
        let mut widths = vec![1; columns];
        for (at, row) in table.rows.iter().enumerate() {
            let setter = self.in_row(table, at);
            for (width, cell) in widths.iter_mut().zip(row) {
                let inner = setter.cell(cell, MAX_NEEDED, page);
                let widest = inner.lines.iter().map(PageLine::width).max().unwrap_or_default();
                *width = widest.max(*width);
            }
        }
        widths
    }

    /// Adds a row of cells side by side.
    fn row(&self, cells: &[Page], widths: &[usize], aligns: &[Align], page: &mut Page) {
        let height = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or_default();
        let above = page.lines.len();
        let mut hits: Vec<usize> = cells.iter().flat_map(|cell| &cell.hits).map(|hit| above + hit).collect();
        hits.sort_unstable();
        page.hits.append(&mut hits);
        let (first, between, last) = if self.keeps_signs { ("| ", " | ", " |") } else { ("", " │ ", "") };
        for at in 0..height {
            let mut line = PageLine::default().own(Role::Quiet, first);
            for (column, width) in widths.iter().enumerate() {
                if column > 0 {
                    line = line.own(Role::Quiet, between);
                }
                let cell = cells.get(column).and_then(|cell| cell.lines.get(at));
                let missing = width.saturating_sub(cell.map_or(0, PageLine::width));
                let before = match aligns.get(column) {
                    Some(Align::Right) => missing,
                    Some(Align::Center) => missing / 2,
                    Some(Align::Left) | None => 0,
                };
                line = line.own(Role::Text, " ".repeat(before));
                line.pieces.extend(cell.into_iter().flat_map(|cell| cell.pieces.iter().cloned()));
                line = line.own(Role::Text, " ".repeat(missing - before));
            }
            page.push(line.own(Role::Quiet, last));
        }
    }

    /// A table with more columns than there is room for: each cell under the name of its column.
    fn records(&self, table: &Table, page: &mut Page) {
        let names = table.rows.first().filter(|_| table.head_rows > 0);
        let rest = PageLine::default().own(Role::Text, "  ");
        for row in table.rows.iter().skip(usize::from(names.is_some())) {
            page.gap();
            for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let name = names.and_then(|names| names.get(column)).map(words_of);
                let name = name.filter(|name| !name.trim().is_empty());
                let name = name.unwrap_or_else(|| (column + 1).to_string());
                page.wrap(PageLine::default(), Role::Label, &name);
                page.within(rest.clone(), &rest, |page| self.inner().blocks(cell, false, page));
            }
        }
        if table.rows.len() == usize::from(names.is_some()) {
            let names = names.into_iter().flatten().map(words_of).collect::<Vec<_>>();
            page.wrap(PageLine::default(), Role::Label, &names.join(" │ "));
        }
    }

    /// The same with its pipes.
    fn rows_as_lines(&self, table: &Table, page: &mut Page) {
        for row in &table.rows {
            let cells: Vec<String> = row.iter().map(words_of).collect();
            page.wrap(PageLine::default(), self.base, &format!("| {} |", cells.join(" | ")));
        }
    }
}

/// What each column needs, where there is room; else the wide ones share what the narrow ones leave.
fn shared(mut widths: Vec<usize>, room: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..widths.len()).collect();
    order.sort_by_key(|at| widths.get(*at).copied());
    let (mut left, mut columns) = (room, widths.len());
    for at in order {
        let share = left / columns.max(1);
        if let Some(width) = widths.get_mut(at) {
            *width = (*width).min(share.max(1));
            left = left.saturating_sub(*width);
        }
        columns -= 1;
    }
    widths
}

fn rule_between(widths: &[usize]) -> PageLine {
    let parts: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    PageLine::default().own(Role::Quiet, parts.join("─┼─"))
}

/// The words of the paragraphs of a cell.
fn words_of(cell: &Cell) -> String {
    let words = |block: &Block| match &block.content {
        Content::Paragraph(text) | Content::Heading { text, .. } => Some(text.words().replace('\n', " ")),
        Content::Code { text, .. } => Some(text.replace('\n', " ")),
        _ => None,
    };
    cell.iter().filter_map(words).collect::<Vec<_>>().join(" ")
}

/// The lines of a text, each in pieces with their roles.
fn lines_of(text: &Text, base: Role) -> Vec<Vec<(&str, Role)>> {
    let mut lines = vec![Vec::new()];
    for span in &text.spans {
        let role = role_of(span, base);
        let sign = span.style.has(Style::IMAGE).then_some(("▣ ", Role::Bullet));
        for (at, part) in span.text.split('\n').enumerate() {
            if at > 0 {
                lines.push(Vec::new());
            }
            if let Some(line) = lines.last_mut() {
                line.extend(sign.filter(|_| at == 0));
                line.push((part, role));
            }
        }
    }
    lines
}

fn role_of(span: &Span, base: Role) -> Role {
    let style = span.style;
    if base == Role::Heading {
        return base;
    }
    match () {
        () if style.has(Style::CODE) => Role::Code,
        () if span.link.is_some() => Role::Link,
        () if style.has(Style::LABEL) => Role::Label,
        () if style.has(Style::SIGN) => Role::Quiet,
        () if style.has(Style::DELETED) => Role::Deleted,
        () if style.has(Style::STRONG.with(Style::EMPHASIS)) => Role::StrongEmphasis,
        () if style.has(Style::STRONG) => Role::Strong,
        () if style.has(Style::EMPHASIS) => Role::Emphasis,
        () => base,
    }
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
