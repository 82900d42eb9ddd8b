//! The article as a page: title, what was decided, then its blocks.

use super::page::{Page, PageLine, Role};
use crate::corpus::search::Sought;
use crate::model::{Block, Post, Status, safe};
use crate::review::Standing;

/// Sets the article of a post in lines of `width` columns.
/// Title and text are marked where they hold something that is sought.
pub(super) fn set(post: &Post, standing: &Standing, sought: &[Sought], width: u16) -> Page {
    let mut page = Page::new(width);
    page.seek(sought);
    let title = if post.title.trim().is_empty() { "(no title)" } else { &post.title };
    page.wrap(PageLine::default(), Role::Title, title);
    page.seek(&[]);
    decision_lines(standing, &mut page);
    page.seek(sought);
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
    if decided == Status::Unreviewed {
        page.push(line);
    } else {
        let mut about = Vec::new();
        if !standing.why.is_empty() {
            about.push(standing.why.join(", "));
        }
        if !standing.by.is_empty() {
            about.push(format!("by {}", standing.by));
        }
        if let Some(at) = standing.at {
            about.push(at.strftime("%Y-%m-%d %H:%M").to_string());
        }
        let rest = format!("  {}", about.join("  "));
        let mut wrapped = Page::new(u16::try_from(page.width()).unwrap_or(u16::MAX));
        wrapped.wrap(line, Role::Quiet, &rest);
        page.lines.append(&mut wrapped.lines);
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
            // The highest two look alike; below them the level is worth a sign.
            let sign = "›".repeat(usize::from(level.saturating_sub(2)));
            let blank = if sign.is_empty() { "" } else { " " };
            page.wrap(PageLine::default().own(Role::Quiet, format!("{sign}{blank}")), Role::Heading, text);
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
