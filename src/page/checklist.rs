//! The checklist as a page: a box for each item, ticked or not.

use std::collections::BTreeSet;

use super::{Page, PageLine, Role};
use crate::model::Post;
use crate::model::checklist::tick_names;
use crate::review::ON_ANOTHER_TEXT;

/// How far a checklist has got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Items that are ticked.
    pub done: usize,
    /// Items that there are.
    pub items: usize,
}

/// Sets the checklist in lines of `width` columns, with the line on which each item begins. `done`: the
/// names of the ticked items, and of those that were ticked on another text, which is said. Ticks whose item is gone
/// are listed below. `chosen` is marked, from 0.
pub fn set(
    post: &Post,
    (done, stale): (&BTreeSet<String>, &BTreeSet<String>),
    chosen: Option<usize>,
    width: u16,
) -> (Page, Progress, Vec<usize>) {
    let mut page = Page::new(width);
    let items: Vec<&str> = post.checklist().collect();
    let names = tick_names(items.iter().copied());
    let mut starts = Vec::with_capacity(items.len());
    let mut progress = Progress { done: 0, items: items.len() };
    for (at, (item, name)) in items.iter().zip(&names).enumerate() {
        let ticked = done.contains(name);
        progress.done += usize::from(ticked);
        let (sign, role) = if ticked { ("[x]", Role::Good) } else { ("[ ]", Role::Bullet) };
        starts.push(page.lines.len());
        let before = if chosen == Some(at) { "▸" } else { " " };
        let opening = PageLine::default().own(role, sign).own(Role::Label, format!("{before}{} ", at + 1));
        page.wrap(opening, if ticked { Role::Quiet } else { Role::Text }, item);
        if stale.contains(name) {
            page.wrap(
                PageLine::default().own(Role::Warning, "      "),
                Role::Warning,
                &format!("ticked {ON_ANOTHER_TEXT}"),
            );
        }
    }
    if items.is_empty() {
        page.push(PageLine::default().own(Role::Quiet, "no checklist"));
    }
    let mut gone = done.iter().filter(|name| !names.contains(name)).peekable();
    if gone.peek().is_some() {
        page.gap();
        page.push(PageLine::default().own(Role::Quiet, "ticked, but no longer an item:"));
        for name in gone {
            let item = name.rsplit_once('#').map_or(name.as_str(), |(item, _)| item);
            page.wrap(PageLine::default().own(Role::Quiet, "[x] "), Role::Quiet, item);
        }
    }
    (page, progress, starts)
}
