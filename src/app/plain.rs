//! The desk in lines of text, for terminals that show no screen and for people who hear it: the same
//! pages, without bars and frames.

use super::told::capital;
use super::{App, PopupKind, SaveMark};
use crate::model::Status;
use crate::model::figures::grouped;
use crate::page::{Page, PageLine, Role, article, checklist, meta};

/// A part of the post that is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Title, decision and text.
    Article,
    /// The meta box.
    Meta,
    /// The checklist.
    Checklist,
}

impl App {
    /// Nothing that was asked for is still to come: posts, decisions, text, the disk.
    pub fn is_settled(&self) -> bool {
        self.loading.is_none()
            && self.settling.is_none()
            && self.held.is_empty()
            && self.list.is_settled()
            && self.nearest.is_none()
            && !self.is_busy()
            && !matches!(self.saving.mark(), SaveMark::Pending(_) | SaveMark::Written)
    }

    /// Where the cursor stands, in a sentence.
    pub fn place_line(&self) -> String {
        let of = self.list.view.len();
        if of == 0 {
            let why =
                if self.list.query.is_empty() { "There is no post" } else { "No post passes the filter" };
            let hint =
                self.list.hint.as_ref().map_or_else(String::new, |hint| format!(" {}.", capital(hint)));
            return format!("{why}.{}", hint.replace("?.", "?"));
        }
        let unreviewed = grouped(self.standings.count(Status::Unreviewed));
        let mark = match self.saving.mark() {
            SaveMark::NotSaved(count, why) => format!(" {count} decisions are NOT SAVED: {why}."),
            SaveMark::ReadOnly(why) => format!(" Nothing can be decided: {why}."),
            SaveMark::Saved | SaveMark::Written | SaveMark::Pending(_) => String::new(),
        };
        format!(
            "Post {} of {}; {unreviewed} unreviewed in all.{mark}",
            grouped(self.list.cursor + 1),
            grouped(of)
        )
    }

    /// A part of the post under the cursor, in lines of `width` columns.
    pub fn part_lines(&self, part: Part, width: u16) -> Vec<String> {
        let Some(post) = &self.detail.post else {
            return self
                .detail
                .error
                .iter()
                .map(|error| format!("This post cannot be shown: {error}"))
                .collect();
        };
        match part {
            Part::Article => {
                lines(&article::set(post, &self.detail.document, &self.detail.about(), &[], width))
            }
            Part::Meta => lines(&meta::set(post, width, true)),
            Part::Checklist => lines(
                &checklist::set(
                    post,
                    (&self.detail.standing.done, &self.detail.standing.stale_done),
                    None,
                    width,
                )
                .0,
            ),
        }
    }

    /// What lies over the desk, in lines.
    pub fn popup_lines(&self, width: u16) -> Option<Vec<String>> {
        let page = match self.popup?.kind {
            PopupKind::Help => self.help_page(width),
            PopupKind::History => self.history.as_ref()?.page(0, width, usize::from(u16::MAX)),
            PopupKind::Links => self.links.page(0, width, usize::from(u16::MAX)),
            PopupKind::Queries => self.named.as_ref()?.page(0, width, usize::from(u16::MAX)),
            PopupKind::Facets => self.facets.as_ref()?.lines(self.list.view.len()),
            PopupKind::Numbers => self.numbers.as_ref()?.page(width),
            PopupKind::Problems => {
                let mut page = Page::new(width);
                for problem in &self.problems {
                    page.wrap(PageLine::default().own(Role::Bullet, "- "), Role::Text, &problem.to_string());
                }
                page
            }
        };
        Some(lines(&page))
    }
}

fn lines(page: &Page) -> Vec<String> {
    let text = |line: &PageLine| -> String {
        let words = line.pieces.iter().filter(|piece| !matches!(piece.role, Role::Bar | Role::BarRest));
        words.map(|piece| piece.text.as_str()).collect()
    };
    page.lines.iter().map(|line| text(line).trim_end().to_owned()).collect()
}
