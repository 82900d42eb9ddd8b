//! What is asked before many posts are decided on at once, and whether all of it can be read.

use super::popup::LEAST_BESIDE;
use super::{Action, App, Area, Areas, BulkPrompt};
use crate::corpus::Row;
use crate::model::Status;
use crate::model::figures::grouped;
use crate::model::safe;
use crate::page::{Page, PageLine, Role};
use crate::query::Now;

/// How wide a box is. Unit: columns.
pub const BOX_WIDTH: u16 = 64;

/// A reason with its digit. Unit: columns.
const REASON_WIDTH: u16 = 15;

impl App {
    /// Where a box so high stands: in the corner that hides least of the list and of the article, which it is
    /// about. Where the post has the right of the screen, it is as wide as that.
    pub fn box_area(&self, height: u16) -> Area {
        let Areas { screen, footer, article, .. } = self.areas();
        let is_column = article.x > 0 && article.x + article.width == screen.width;
        let width = match article.width {
            _ if screen.width < BOX_WIDTH + LEAST_BESIDE => screen.width,
            column if is_column && column >= BOX_WIDTH => column,
            _ => BOX_WIDTH,
        };
        let height = height.min(screen.height);
        let bottom = if height <= footer.y { footer.y } else { screen.height };
        Area { x: screen.width - width, y: bottom - height, width, height }
    }

    /// What these posts are before all of them get a status.
    pub(super) fn now_before(&self, status: Status, rows: &[Row]) -> Now {
        Now::before(status, rows, &self.standings, self.reviews.by())
    }

    /// The title of the question.
    pub fn bulk_title(&self, prompt: &BulkPrompt) -> String {
        let posts = if prompt.rows.len() == 1 { "post" } else { "posts" };
        let count = grouped(prompt.rows.len());
        match prompt.status {
            Status::Flagged => format!(" Flag {count} {posts}: why? "),
            status => format!(" {count} {posts} {status}? "),
        }
    }

    /// What such a decision would do, in lines for its box.
    pub fn bulk_told(&self, prompt: &BulkPrompt) -> Page {
        let mut page = Page::new(BOX_WIDTH.min(self.areas().screen.width).saturating_sub(2));
        let mut told = |role, text: &str| page.wrap(PageLine::default().own(role, " "), role, text);
        told(Role::Text, &format!("now: {}", prompt.now));
        if let Some(replaced) = prompt.now.replaced() {
            told(Role::Warning, &format!("it replaces {replaced}"));
        }
        if let [row] = *prompt.rows
            && let Some(post) = self.corpus.get(row)
        {
            told(Role::Label, &format!("{}  {}", post.id(), post.title()));
            if self.list.row() != Some(row) {
                told(Role::Warning, "this is the marked post, and not the one under the cursor");
            }
        }
        if let Some(query) = &prompt.query {
            told(Role::Text, &format!("all that pass: {query}"));
        }
        if prompt.hidden > 0 {
            let hidden = grouped(prompt.hidden);
            told(
                Role::Warning,
                &format!("{hidden} more are marked and hidden by the filter: they are left as they are"),
            );
        }
        let undo = self.keymap.names(Action::Undo);
        told(Role::Quiet, &format!("one step: {undo} takes all of it back"));
        page
    }

    /// How high its box is, with its frame. Unit: lines.
    pub fn bulk_height(&self, prompt: &BulkPrompt) -> u16 {
        let told = u16::try_from(self.bulk_told(prompt).lines.len()).unwrap_or(u16::MAX);
        let is_flag = prompt.status == Status::Flagged;
        told.saturating_add(if is_flag { self.why_height().saturating_add(3) } else { 2 })
    }

    /// Lines for the reasons, a gap, and the two that are typed.
    pub fn why_height(&self) -> u16 {
        let lines = self.settings.reasons.len().div_ceil(self.reasons_a_line());
        u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(3)
    }

    /// So many reasons stand beside each other.
    pub fn reasons_a_line(&self) -> usize {
        let inner = BOX_WIDTH.min(self.areas().screen.width).saturating_sub(3);
        usize::from((inner / REASON_WIDTH).clamp(1, 4))
    }

    /// Whether the screen shows the question to its last letter.
    pub(super) fn shows_whole(&self, prompt: &BulkPrompt) -> bool {
        let screen = self.areas().screen;
        let inner = BOX_WIDTH.min(screen.width).saturating_sub(2);
        safe(&self.bulk_title(prompt)).width() <= usize::from(inner)
            && self.bulk_height(prompt) <= screen.height
    }
}
