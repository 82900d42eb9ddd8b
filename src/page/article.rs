//! The article as a page: title, what was decided, then its blocks.

use super::{Page, PageLine, Role, document};
use crate::corpus::search::Sought;
use crate::model::article::passage_lines;
use crate::model::outline::Changes;
use crate::model::{Document, Post, PostId, Status, safe};
use crate::review::{Note, ON_ANOTHER_TEXT, Standing};

/// A decision on the same text under an id that no post has any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inheritance {
    /// That id.
    pub id: PostId,
    /// What was decided.
    pub standing: Standing,
    /// The key that takes it over.
    pub key: String,
}

/// What has changed in a stale post since the decision on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since {
    /// Not known: no outline of the text is kept with the decision.
    Unknown,
    /// The parts that differ now.
    Known(Changes),
}

/// What is said of a post above its article.
pub struct About<'a> {
    /// What was decided.
    pub standing: &'a Standing,
    /// A decision that it can take over.
    pub inheritance: Option<&'a Inheritance>,
    /// What has changed since the decision; it is marked in the article as well.
    pub since: Option<&'a Since>,
    /// Characters that are not seen are named.
    pub reveals: bool,
}

/// Sets the article of a post in lines of `width` columns.
/// Title and text are marked where they hold something that is sought.
pub fn set(post: &Post, document: &Document, about: &About<'_>, sought: &[Sought], width: u16) -> Page {
    let since = about.since;
    let mut page = Page::new(width);
    page.seek(sought);
    page.reveal(about.reveals);
    let title = if post.title.trim().is_empty() { "(no title)" } else { &post.title };
    page.wrap(PageLine::default(), Role::Title, title);
    page.seek(&[]);
    decision_lines(about.standing, &mut page);
    if let Some(inheritance) = about.inheritance {
        offer(inheritance, &mut page);
    }
    if let Some(since) = since {
        summarise(since, &mut page);
    }
    page.seek(sought);
    page.gap();
    match since {
        Some(Since::Known(changes)) => {
            let lines = passage_lines(&post.body, &post.title);
            let changed = lines.into_iter().zip(&changes.blocks).filter(|(_, is_changed)| **is_changed);
            let changed: Vec<_> = changed.map(|(lines, _)| lines).collect();
            let mut inner = page.alike(page.width().saturating_sub(CHANGED.chars().count()));
            document::set(document, &changed, &mut inner);
            push_marked(inner, &mut page);
        }
        Some(Since::Unknown) | None => document::set(document, &[], &mut page),
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
        if standing.is_note_stale && !standing.stale {
            page.push(PageLine::default().own(Role::Warning, format!("      written {ON_ANOTHER_TEXT}")));
        }
    }
    if let Some(Note { text, by, at, is_stale }) = &standing.earlier {
        for text in text.lines() {
            page.wrap(PageLine::default().own(Role::Label, "note  "), Role::Text, text);
        }
        let when = at.strftime("%Y-%m-%d %H:%M");
        let stale = if *is_stale { format!("  {ON_ANOTHER_TEXT}") } else { String::new() };
        page.wrap(PageLine::default(), Role::Quiet, &format!("      earlier  by {by}  {when}{stale}"));
    }
}

/// What another id with the same text was decided to be, and the key that takes it over.
fn offer(inheritance: &Inheritance, page: &mut Page) {
    let Inheritance { id, standing, key } = inheritance;
    let opening = PageLine::default()
        .own(Role::Label, format!("{key} "))
        .own(status_role(standing.decided), format!("{} {}  ", standing.decided.glyph(), standing.decided));
    let mut parts = vec![format!("takes over what was decided on this text as {id}, a post that is gone")];
    if standing.conflict {
        parts.push("conflict: decided differently side by side".to_owned());
    }
    if !standing.why.is_empty() {
        parts.push(standing.why.join(", "));
    }
    parts.push(format!("by {}", standing.by));
    parts.extend(standing.at.map(|at| at.strftime("%Y-%m-%d %H:%M").to_string()));
    parts.extend(standing.note.clone().filter(|note| !note.is_empty()));
    page.wrap(opening, Role::Warning, &parts.join("  "));
}

/// Stands before each line of a block that was not there.
const CHANGED: &str = "± ";

/// What has changed, in a sentence.
fn summarise(since: &Since, page: &mut Page) {
    let Since::Known(changes) = since else {
        let text = "What has changed cannot be told: nothing of the old text is kept with this decision.";
        page.wrap(PageLine::default(), Role::Warning, text);
        return;
    };
    let mut parts = Vec::new();
    let new = changes.blocks.iter().filter(|is_new| **is_new).count();
    if changes.title {
        parts.push("the title is another".to_owned());
    }
    if changes.meta {
        parts.push("something in the meta box is another".to_owned());
    }
    match new {
        0 => {}
        1 => parts.push("1 block is new or changed, marked ±".to_owned()),
        _ => parts.push(format!("{new} blocks are new or changed, marked ±")),
    }
    match changes.gone {
        0 => {}
        1 => parts.push("1 block is gone or was changed".to_owned()),
        gone => parts.push(format!("{gone} blocks are gone or were changed")),
    }
    if parts.is_empty() {
        parts.push("every block is as it was, but not their order or the blanks between them".to_owned());
    }
    let mut text = format!("Since the decision: {}.", parts.join("; "));
    if let Some(from) = changes.untold_from {
        text.push_str(" The article is long: nothing is told of what stood behind its block ");
        text.push_str(&from.to_string());
        text.push('.');
    }
    page.wrap(PageLine::default(), Role::Warning, &text);
}

/// Adds a page to a page that has room for a sign before each line: one that has changed.
fn push_marked(inner: Page, page: &mut Page) {
    let above = page.lines.len();
    page.hits.extend(inner.hits.iter().map(|hit| above + hit));
    for (at, line) in inner.lines.into_iter().enumerate() {
        let is_changed = inner.changed.binary_search(&at).is_ok();
        let (role, sign) = if is_changed { (Role::Warning, CHANGED) } else { (Role::Quiet, "  ") };
        let mut marked = PageLine::default().own(role, sign);
        marked.pieces.extend(line.pieces);
        page.push(marked);
    }
}
