//! Where the reviewer is, and the keys that matter most there: the footer, and the first lines of the help.

use super::action::Action;
use super::{App, Pane};

/// Where the reviewer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the list, and a range is being marked.
    Range,
    /// In the list, and posts are marked.
    Marked,
    /// In the list.
    List,
    /// In the article.
    Article,
    /// In the meta box.
    Meta,
    /// In the checklist.
    Checklist,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Range, Self::Marked, Self::List, Self::Article, Self::Meta, Self::Checklist];

    /// Its heading in the help.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Range => "Here: the list, with a range that is being marked",
            Self::Marked => "Here: the list, with posts that are marked",
            Self::List => "Here: the list",
            Self::Article => "Here: the article",
            Self::Meta => "Here: the meta box",
            Self::Checklist => "Here: the checklist",
        }
    }

    /// The keys that matter most there.
    pub const fn keys(self) -> &'static [HereKey] {
        match self {
            Self::Range => RANGE,
            Self::Marked => MARKED,
            Self::List => LIST,
            Self::Article => ARTICLE,
            Self::Meta => META,
            Self::Checklist => CHECKLIST,
        }
    }
}

/// One of the keys that matter at a place.
#[derive(Clone, Copy, Debug)]
pub struct HereKey {
    /// What it does.
    pub action: Action,
    /// In a word or two, for the footer.
    pub word: &'static str,
    /// What it does there, for the help; blank where that is what it does everywhere.
    pub help: &'static str,
}

const fn key(action: Action, word: &'static str, help: &'static str) -> HereKey {
    HereKey { action, word, help }
}

const RANGE: &[HereKey] = &[
    key(Action::MarkRange, "end the range", "the range ends here: its posts are marked"),
    key(Action::Mark, "too", "the same"),
    key(
        Action::Reviewed,
        "reviewed",
        "all marked posts and those of the range are fit to go out; asks first",
    ),
    key(Action::Flagged, "flag", "flag all marked posts and those of the range; asks first"),
    key(Action::Clear, "no range", "give the range up"),
];

const MARKED: &[HereKey] = &[
    key(Action::Reviewed, "reviewed", "marked posts of the list are fit to go out; asks first"),
    key(Action::Flagged, "flag", "flag all marked posts of the list; asks first"),
    key(Action::Skipped, "skip", "all marked posts of the list later; asks first"),
    key(Action::Unreviewed, "unreviewed", "marked posts of the list back to unreviewed; asks first"),
    key(Action::Clear, "unmark", "take the marks away"),
];

const LIST: &[HereKey] = &[
    key(Action::Reviewed, "reviewed", ""),
    key(Action::Flagged, "flag", ""),
    key(Action::Skipped, "skip", ""),
    key(Action::Undo, "undo", ""),
    key(Action::Filter, "filter", ""),
];

const ARTICLE: &[HereKey] = &[
    key(Action::Open, "read on", "a page of the article on; at its end the next unreviewed post"),
    key(Action::Reviewed, "reviewed", ""),
    key(Action::Flagged, "flag", ""),
    key(Action::Filter, "find", "find words in the article; next-hit and previous-hit go through them"),
    key(Action::Clear, "back", "forget the words, then to the list"),
];

const META: &[HereKey] = &[
    key(Action::Zoom, "all of it", "the whole meta box alone on the screen, and back"),
    key(Action::Reviewed, "reviewed", ""),
    key(Action::Flagged, "flag", ""),
    key(Action::NextPane, "checklist", "to the checklist"),
    key(Action::Clear, "back", "to the list"),
];

const CHECKLIST: &[HereKey] = &[
    key(Action::Tick(1), "tick", "tick an item by its number, or take the tick away"),
    key(Action::Open, "find it", "to the words of the chosen item in the article"),
    key(Action::Reviewed, "reviewed", ""),
    key(Action::Flagged, "flag", ""),
    key(Action::Clear, "back", "to the list"),
];

impl App {
    /// Where the reviewer is.
    pub fn place(&self) -> Place {
        match self.focus {
            _ if self.has_open_range() => Place::Range,
            _ if self.has_marks() => Place::Marked,
            Pane::List => Place::List,
            Pane::Article => Place::Article,
            Pane::Meta => Place::Meta,
            Pane::Checklist => Place::Checklist,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_keys_matter_everywhere_and_each_has_a_help() {
        for place in Place::ALL {
            assert_eq!(place.keys().len(), 5, "{place:?}");
            for key in place.keys() {
                let row = key.action.row().unwrap();
                assert!(!key.help.is_empty() || !row.help.is_empty(), "{place:?} {}", row.name);
            }
        }
    }
}
