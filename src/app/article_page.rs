//! The article as a page: title, what was decided, then its blocks.

use super::page::{Page, PageLine, Role};
use crate::model::{Block, Post, Status, safe};
use crate::review::Standing;

/// Sets the article of a post in lines of `width` columns.
pub(super) fn set(post: &Post, standing: &Standing, width: u16) -> Page {
    let mut page = Page::new(width);
    let title = if post.title.trim().is_empty() { "(no title)" } else { &post.title };
    page.wrap(PageLine::default(), Role::Title, title);
    decision_lines(standing, &mut page);
    for block in post.blocks() {
        page.gap();
        set_block(&block, &mut page);
    }
    if post.body.is_empty() {
        page.gap();
        page.push(PageLine::default().own(Role::Quiet, "This post has no text."));
    }
    page
}

/// The role of a status, the same wherever it is shown.
pub const fn status_role(status: Status) -> Role {
    match status {
        Status::Reviewed => Role::Good,
        Status::Flagged => Role::Bad,
        Status::Skipped | Status::Unknown => Role::Warning,
        Status::Unreviewed => Role::Quiet,
    }
}

fn decision_lines(standing: &Standing, page: &mut Page) {
    let decided = standing.decided;
    let word =
        if decided == Status::Unknown { safe(&standing.word).to_string() } else { decided.to_string() };
    let mut line = PageLine::default().own(status_role(decided), format!("{} {word}", decided.glyph()));
    if standing.stale {
        line = line.own(Role::Warning, "  stale: the text has changed since");
    }
    if standing.conflict {
        line = line.own(Role::Warning, "  conflict: decided differently side by side");
    }
    if decided != Status::Unreviewed {
        let mut rest = String::new();
        if !standing.why.is_empty() {
            rest = format!("  {}", standing.why.join(", "));
        }
        if !standing.by.is_empty() {
            rest.push_str(&format!("  by {}", standing.by));
        }
        if let Some(at) = standing.at {
            rest.push_str(&format!("  {}", at.strftime("%Y-%m-%d %H:%M")));
        }
        let mut wrapped = Page::new(u16::try_from(page.width()).unwrap_or(u16::MAX));
        wrapped.wrap(line, Role::Quiet, &rest);
        page.lines.append(&mut wrapped.lines);
    } else {
        page.push(line);
    }
    if let Some(note) = standing.note.as_deref().filter(|note| !note.is_empty()) {
        for text in note.lines() {
            page.wrap(PageLine::default().own(Role::Label, "note  "), Role::Text, text);
        }
    }
}

fn set_block(block: &Block<'_>, page: &mut Page) {
    match block {
        Block::Heading { level, text } => {
            let hashes = "#".repeat(usize::from(*level));
            page.wrap(PageLine::default().own(Role::Quiet, format!("{hashes} ")), Role::Heading, text);
        }
        Block::Paragraph(text) => {
            // The lines of a paragraph flow together.
            page.wrap(PageLine::default(), Role::Text, &text.replace('\n', " "));
        }
        Block::Image { alt, caption, host } => {
            page.wrap(PageLine::default().own(Role::Bullet, "▣ "), Role::Text, alt);
            let under = if caption == alt { (*host).to_owned() } else { format!("{host} · {caption}") };
            page.wrap(PageLine::default().own(Role::Quiet, "  "), Role::Quiet, &under);
        }
        Block::List(items) => {
            for item in items {
                page.wrap(PageLine::default().own(Role::Bullet, "  • "), Role::Text, item);
            }
        }
    }
}
