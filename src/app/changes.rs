//! What has changed in a stale post since it was decided on, and what in an article is not seen.

use super::App;
use crate::page::Since;

impl App {
    /// Marks what has changed in the article, or shows it plainly again.
    pub(super) fn toggle_changes(&mut self) {
        if self.detail.since.take().is_some() {
            self.detail.unset();
            return;
        }
        if self.detail.row.is_none() {
            self.say("There is no post under the cursor");
            return;
        }
        if !self.detail.standing.stale {
            self.say("This post is not stale: nothing has changed since a decision on it");
            return;
        }
        self.detail.since = self.since();
        self.detail.unset();
        self.detail.scroll_to_top(super::Pane::Article);
    }

    /// Names the characters of the article that are not seen, or shows them as they are again.
    pub(super) fn toggle_reveal(&mut self) {
        self.detail.reveals = !self.detail.reveals;
        self.detail.unset();
        self.say(if self.detail.reveals {
            "Joiners, other blanks, marks and letters that look like others are named in the article"
        } else {
            "The article is shown as it is"
        });
    }

    /// Once somebody has decided on the text as it is, there is nothing left to mark.
    pub(super) fn refresh_changes(&mut self) {
        if self.detail.since.is_some() {
            self.detail.since = if self.detail.standing.stale { self.since() } else { None };
        }
    }

    fn since(&self) -> Option<Since> {
        let post = self.detail.post.as_ref()?;
        let siblings = self.places.siblings(&post.id, self.detail.digest);
        let outline = self.reviews.state().outline(&post.id, self.detail.digest, &siblings);
        Some(outline.map_or(Since::Unknown, |outline| Since::Known(outline.changes(post))))
    }
}
