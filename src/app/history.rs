//! What was decided about the post under the cursor, step by step, and taking one of them back.

use jiff::Timestamp;

use super::{App, Popup, PopupKind};
use crate::model::figures::grouped;
use crate::model::{Digest, PostId, Status};
use crate::page::{Page, PageLine, Role, status_role};
use crate::review::{Former, Key, Record, Step};

/// The steps of one post. Taken from the decisions when it is opened and when one of them changes,
/// never while it is drawn.
#[derive(Clone, Debug)]
pub struct History {
    /// The post.
    pub post: PostId,
    /// The digest of its text now.
    digest: Option<Digest>,
    /// Newest first.
    pub steps: Vec<Step>,
}

impl History {
    /// The lines of a box of this size around the step that is chosen; no other step is set.
    pub fn page(&self, chosen: usize, width: u16, height: usize) -> Page {
        let mut page = Page::new(width);
        if self.steps.is_empty() {
            page.wrap(PageLine::default(), Role::Quiet, "Nothing was decided on this post yet.");
            return page;
        }
        // As much as fits half of the box stands above the chosen one, or more where what is below it leaves
        // room.
        let lines_of = |at| self.step_page(at, false, width).lines.len();
        let mut below = 0;
        for at in chosen..self.steps.len() {
            below += lines_of(at);
            if below >= height {
                break;
            }
        }
        let most = height.saturating_sub(below).max(height / 2);
        let mut first = chosen;
        let mut above = 0;
        while let Some(before) = first.checked_sub(1) {
            above += lines_of(before);
            if above > most {
                break;
            }
            first = before;
        }
        for at in first..self.steps.len() {
            if page.lines.len() >= height {
                break;
            }
            page.lines.append(&mut self.step_page(at, at == chosen, width).lines);
        }
        page
    }

    fn step_page(&self, at: usize, is_chosen: bool, width: u16) -> Page {
        let mut page = Page::new(width);
        let Some(step) = self.steps.get(at) else { return page };
        let record = &step.record;
        let (sign, role) = match (&record.key, Status::from_name(&step.value.val)) {
            (Key::Status, Some(status)) => (status.glyph(), status_role(status)),
            _ => ("·", Role::Bullet),
        };
        let opening = PageLine::default()
            .own(Role::Label, if is_chosen { "▸ " } else { "  " })
            .own(if step.is_undone { Role::Quiet } else { role }, format!("{sign} "));
        let what = if step.is_undone { Role::Quiet } else { Role::Text };
        page.wrap(opening, what, &what_was_done(step));
        let indent = || PageLine::default().own(Role::Quiet, "    ");
        page.wrap(indent(), Role::Quiet, &who_and_when(record));
        let mut marks = Vec::new();
        if step.is_undone {
            marks.push("✗ undone since");
        }
        if step.is_current {
            marks.push("✓ current");
        }
        let hash = record.hash_of(&self.post);
        if hash.is_some() && self.digest.is_some() && hash != self.digest {
            marks.push("~ on another text");
        }
        if !marks.is_empty() {
            let role = if step.is_current && !step.is_undone { Role::Good } else { Role::Warning };
            page.wrap(indent(), role, &marks.join("   "));
        }
        if let Some(note) = &step.value.note {
            page.wrap(indent().own(Role::Label, "note  "), Role::Text, note);
        }
        page
    }
}

/// What a step has made of the post, and why.
fn what_was_done(step: &Step) -> String {
    let Step { record, value: Former { val, why, .. }, .. } = step;
    let text = match &record.key {
        Key::Status => val.clone(),
        Key::Note if val.is_empty() => "no note".to_owned(),
        Key::Note => format!("note: {val}"),
        Key::Check(item) => {
            let item = item.rsplit_once('#').map_or(item.as_str(), |(item, _)| item);
            format!("{item}: {val}")
        }
        Key::Other(other) => format!("{other}: {val}"),
    };
    let others = record.posts().count().saturating_sub(1);
    let mut parts = vec![text];
    if record.undo.is_some() {
        parts.push(if step.is_redo { "(redo)" } else { "(undo)" }.to_owned());
    }
    if others > 0 {
        parts.push(format!("with {} other posts", grouped(others)));
    }
    if !why.is_empty() {
        parts.push(why.join(", "));
    }
    parts.join("  ")
}

/// Who made a record, when and where.
fn who_and_when(record: &Record) -> String {
    let mut parts = vec![format!("by {}", record.by), record.at.strftime("%Y-%m-%d %H:%M:%S").to_string()];
    parts.extend(record.via.map(|via| via.to_string()));
    parts.extend(record.filter.clone());
    parts.join("  ")
}

impl App {
    /// Opens the history of the post under the cursor.
    pub(super) fn open_history(&mut self) {
        let Some(row) = self.detail.row.and_then(|row| self.corpus.get(row)) else {
            self.say("There is no post under the cursor");
            return;
        };
        let post = PostId::new(row.id());
        let steps = self.reviews.state().steps(&post);
        self.history = Some(History { post, digest: self.detail.digest, steps });
        self.popup = Some(Popup::new(PopupKind::History));
    }

    /// Something about a post has changed, which may be the one whose history is looked at.
    pub(super) fn refresh_history(&mut self, post: &PostId) {
        let Some(history) = self.history.as_mut().filter(|history| history.post == *post) else { return };
        let chosen = |popup: &Popup| history.steps.get(popup.scroll).map(|step| step.record.id.clone());
        let chosen = self.popup.as_ref().and_then(chosen);
        history.steps = self.reviews.state().steps(post);
        let at = history.steps.iter().position(|step| Some(&step.record.id) == chosen.as_ref());
        if let (Some(popup), Some(at)) = (&mut self.popup, at) {
            popup.scroll = at;
        }
    }

    /// Takes the step back that is chosen in the history, whatever was done on other posts since.
    pub(super) fn undo_step(&mut self, at: usize, now: Timestamp) {
        let Some(History { post, steps, .. }) = &self.history else { return };
        let Some((id, post)) = steps.get(at).map(|step| (step.record.id.clone(), post.clone())) else {
            return;
        };
        self.undo_record(&id, &post, now);
    }
}
