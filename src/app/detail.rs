//! The post under the cursor: its text, set in pages for the panes that show it.

use std::sync::Arc;

use super::areas::{Areas, Pane};
use super::search::Search;
use crate::corpus::Row;
use crate::model::{Digest, Document, Post};
use crate::page::{About, Inheritance, Page, Progress, Since, article, checklist, meta};
use crate::query::Query;
use crate::review::Standing;

/// The post under the cursor, as far as it is known.
#[derive(Debug, Default)]
pub struct Detail {
    /// The post that is shown, or will be when it was read.
    pub row: Option<Row>,
    /// The post, once it was read.
    pub post: Option<Arc<Post>>,
    /// Its text as it is shown.
    pub document: Arc<Document>,
    /// Why it could not be read.
    pub error: Option<String>,
    /// The digest of what is shown.
    pub digest: Option<Digest>,
    /// What was decided about it.
    pub standing: Standing,
    /// What has changed since the decision, while that is marked in the article.
    pub since: Option<Since>,
    /// Characters of the article that are not seen are named.
    pub reveals: bool,
    /// A decision on the same text that it can take over.
    pub inheritance: Option<Inheritance>,
    /// The article in lines.
    pub article: Page,
    /// The meta box in lines.
    pub meta: Page,
    /// The checklist in lines.
    pub checklist: Page,
    /// How far the checklist has got.
    pub progress: Progress,
    /// The item of the checklist that is chosen, from 0.
    pub item: usize,
    scroll: [usize; 4],
    /// The place that is sought and was gone to last.
    hit: Option<usize>,
    /// The widths that the pages were set for, and how.
    set_for: Option<(u16, u16, u16, Setting)>,
    /// The line of the checklist on which each item begins.
    item_lines: Vec<usize>,
}

/// What the pages are set with, besides the post and the widths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    /// The meta box is whole.
    pub(super) whole_meta: bool,
    /// The item of the checklist that is chosen is marked.
    pub(super) marks_item: bool,
    /// The most that the article is set for; 0: no limit. Unit: columns.
    pub(super) widest: u64,
}

impl Detail {
    /// Turns to another post, whose text is not there yet.
    pub(super) fn turn_to(&mut self, row: Option<Row>) {
        *self = Self { row, reveals: self.reveals, ..Self::default() };
    }

    /// A post was chosen and its text is not there yet.
    pub(super) fn is_waiting(&self) -> bool {
        self.row.is_some() && self.post.is_none() && self.error.is_none()
    }

    /// The pages have to be set again: the post, a decision or a width has changed.
    pub(super) fn unset(&mut self) {
        self.set_for = None;
    }

    /// Sets the pages for the panes of a screen, where they are not set for it yet. The article is
    /// marked where it holds something that is sought: in the articles of the list, or in this one.
    pub(super) fn set_pages(
        &mut self,
        areas: &Areas,
        setting: Setting,
        query: &Query,
        search: Option<&Search>,
    ) {
        let width = |pane| areas.pane(pane).inner().width.saturating_sub(2);
        let widest = u16::try_from(setting.widest).ok().filter(|widest| *widest > 0).unwrap_or(u16::MAX);
        let widths = (width(Pane::Article).min(widest), width(Pane::Meta), width(Pane::Checklist), setting);
        let Some(post) = self.post.clone().filter(|_| self.set_for != Some(widths)) else { return };
        self.set_for = Some(widths);
        let sought: Vec<_> = match search {
            Some(search) => vec![search.sought.clone()],
            None => query.texts().iter().map(|text| text.sought.clone()).collect(),
        };
        self.article = article::set(&post, &self.document, &self.about(), &sought, widths.0);
        self.meta = meta::set(&post, widths.1, setting.whole_meta);
        let chosen = setting.marks_item.then_some(self.item);
        (self.checklist, self.progress, self.item_lines) =
            checklist::set(&post, (&self.standing.done, &self.standing.stale_done), chosen, widths.2);
        for pane in Pane::ALL {
            self.scroll_by(pane, 0, areas);
        }
    }

    /// What is said of the post above its article.
    pub(super) fn about(&self) -> About<'_> {
        About {
            standing: &self.standing,
            inheritance: self.inheritance.as_ref(),
            since: self.since.as_ref(),
            reveals: self.reveals,
        }
    }

    /// Brings the next place that is sought in sight, or the one before; from the last on to the first.
    /// Gives its number and how many there are.
    pub(super) fn go_to_hit(&mut self, forward: bool, areas: &Areas) -> Option<(usize, usize)> {
        let hits = &self.article.hits;
        let last = hits.len().checked_sub(1)?;
        let at = match (self.hit, forward) {
            (None, true) => 0,
            (None, false) => last,
            (Some(hit), true) => {
                if hit >= last {
                    0
                } else {
                    hit + 1
                }
            }
            (Some(hit), false) => hit.checked_sub(1).unwrap_or(last),
        };
        let line = hits.get(at).copied()?;
        let above = usize::from(areas.article.inner().height) / 3;
        let scroll = self.scroll(Pane::Article);
        let by = isize::try_from(line.saturating_sub(above)).ok()? - isize::try_from(scroll).ok()?;
        let count = hits.len();
        self.hit = Some(at);
        self.scroll_by(Pane::Article, by, areas);
        Some((at + 1, count))
    }

    /// Something else is sought now.
    pub(super) fn forget_hit(&mut self) {
        self.hit = None;
    }

    /// The page of a pane; none for the list.
    pub fn page(&self, pane: Pane) -> Option<&Page> {
        match pane {
            Pane::List => None,
            Pane::Article => Some(&self.article),
            Pane::Meta => Some(&self.meta),
            Pane::Checklist => Some(&self.checklist),
        }
    }

    /// The first line of a pane's page that is on the screen.
    pub fn scroll(&self, pane: Pane) -> usize {
        self.scroll.get(pane as usize).copied().unwrap_or_default()
    }

    /// Goes to the first line of a pane.
    pub(super) fn scroll_to_top(&mut self, pane: Pane) {
        if let Some(scroll) = self.scroll.get_mut(pane as usize) {
            *scroll = 0;
        }
    }

    /// Whether the last line of the article is on the screen.
    pub(super) fn is_at_end(&self, areas: &Areas) -> bool {
        let height = usize::from(areas.article.inner().height);
        self.scroll(Pane::Article).saturating_add(height) >= self.article.lines.len()
    }

    /// Chooses another item of the checklist, and keeps it in sight.
    pub(super) fn choose_item(&mut self, by: isize, areas: &Areas) {
        self.item = self.item.saturating_add_signed(by).min(self.progress.items.saturating_sub(1));
        let first = self.item_lines.get(self.item).copied().unwrap_or_default();
        // What follows from it stands below the items.
        let next = self.item_lines.get(self.item + 1).copied().unwrap_or(self.checklist.lines.len());
        let height = usize::from(areas.checklist.inner().height);
        let scroll = self.scroll(Pane::Checklist).max(next.saturating_sub(height)).min(first);
        if let Some(kept) = self.scroll.get_mut(Pane::Checklist as usize) {
            *kept = scroll;
        }
        self.unset();
    }

    /// Scrolls a pane by some lines, no further than its last.
    pub(super) fn scroll_by(&mut self, pane: Pane, lines: isize, areas: &Areas) {
        let height = usize::from(areas.pane(pane).inner().height);
        let last = self.page(pane).map_or(0, |page| page.lines.len().saturating_sub(height));
        if let Some(scroll) = self.scroll.get_mut(pane as usize) {
            *scroll = scroll.saturating_add_signed(lines).min(last);
        }
    }
}
