//! What a person decided about a post.

use std::fmt;

/// A decision's status. `Unknown` stands for a word that a newer copydesk wrote: it is kept and
/// shown, and counts as unreviewed until someone decides again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Status {
    /// Nobody has decided.
    #[default]
    Unreviewed,
    /// Read, and fit to go out.
    Reviewed,
    /// Something is wrong with it.
    Flagged,
    /// Looked at; come back later.
    Skipped,
    /// A status this version does not know.
    Unknown,
}

impl Status {
    /// The statuses that a person can give, in the order in which they are counted and listed.
    pub const ALL: [Self; 4] = [Self::Unreviewed, Self::Reviewed, Self::Flagged, Self::Skipped];

    /// The one word used on the screen, in queries, in the log and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreviewed => "unreviewed",
            Self::Reviewed => "reviewed",
            Self::Flagged => "flagged",
            Self::Skipped => "skipped",
            Self::Unknown => "unknown",
        }
    }

    /// One column wide in every terminal that follows Unicode's width tables.
    pub const fn glyph(self) -> &'static str {
        match self {
            Self::Unreviewed => "○",
            Self::Reviewed => "●",
            Self::Flagged => "⚑",
            Self::Skipped => "»",
            Self::Unknown => "?",
        }
    }

    /// Reads a status word; `None` for a word that is none of them.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name().eq_ignore_ascii_case(name))
    }

    /// How careful it is to believe this one when two people disagree: the higher one counts.
    pub const fn caution(self) -> u8 {
        match self {
            Self::Reviewed => 0,
            Self::Skipped => 1,
            Self::Unreviewed | Self::Unknown => 2,
            Self::Flagged => 3,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_read_back_from_its_word() {
        for status in Status::ALL {
            assert_eq!(Status::from_name(status.name()), Some(status));
        }
        assert_eq!(Status::from_name("approved"), None);
    }

    #[test]
    fn the_cautious_one_of_two_is_the_one_that_asks_for_more_work() {
        let mut all = Status::ALL;
        all.sort_by_key(|status| status.caution());
        assert_eq!(all, [Status::Reviewed, Status::Skipped, Status::Unreviewed, Status::Flagged]);
    }
}
