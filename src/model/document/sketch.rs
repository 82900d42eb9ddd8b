//! A document in a few signs, for tests.

use super::{Block, Content, Document, Style, Text};

/// A block a line, nested ones indented: `h2 words`, `p words`, `code go words`, `list`, `- item`.
pub(super) fn sketch(document: &Document) -> String {
    let mut out = String::new();
    blocks(&document.blocks, 0, &mut out);
    out
}

fn blocks(blocks: &[Block], depth: usize, out: &mut String) {
    for block in blocks {
        self::block(&block.content, depth, out);
    }
}

fn block(content: &Content, depth: usize, out: &mut String) {
    match content {
        Content::Heading { level, text } => line(out, depth, &format!("h{level} {}", marked(text))),
        Content::Paragraph(text) => line(out, depth, &format!("p {}", marked(text))),
        Content::Code { language, text } => line(out, depth, &format!("code {language}:{text}")),
        Content::List { items, is_loose } => {
            line(out, depth, if *is_loose { "loose list" } else { "list" });
            for item in items {
                line(out, depth, &item.marker);
                blocks(&item.blocks, depth + 1, out);
            }
        }
        Content::Table(table) => {
            line(out, depth, &format!("table {} {:?}", table.head_rows, table.aligns));
            for row in &table.rows {
                line(out, depth, "row");
                for cell in row {
                    blocks(cell, depth + 1, out);
                }
            }
        }
        Content::Quote(inside) => {
            line(out, depth, "quote");
            blocks(inside, depth + 1, out);
        }
        Content::Image { alt, caption, source, url } => {
            line(out, depth, &format!("image {alt} | {caption} | {source} | {url}"));
        }
        Content::Turn { label, blocks: inside } => {
            line(out, depth, &format!("turn {label}"));
            blocks(inside, depth + 1, out);
        }
        Content::Rule => line(out, depth, "rule"),
    }
}

fn line(out: &mut String, depth: usize, text: &str) {
    *out += &"  ".repeat(depth);
    *out += &text.replace('\n', "⏎");
    out.push('\n');
}

/// The words with signs for their styles.
fn marked(text: &Text) -> String {
    let mut out = String::new();
    for span in &text.spans {
        let signs: String = [
            (Style::STRONG, "*"),
            (Style::EMPHASIS, "/"),
            (Style::CODE, "`"),
            (Style::DELETED, "~"),
            (Style::LABEL, "@"),
            (Style::IMAGE, "▣"),
        ]
        .iter()
        .filter(|(style, _)| span.style.has(*style))
        .map(|(_, sign)| *sign)
        .collect();
        let link = span.link.as_ref().map_or_else(String::new, |link| format!("({link})"));
        let back: String = signs.chars().rev().collect();
        out.extend([signs.as_str(), &span.text, &back, &link]);
    }
    out
}
