//! What was decided about every post: what filters and the list look at.

use std::sync::Arc;

use super::decisions::Decisions;
use crate::corpus::Row;
use crate::model::Status;
use crate::review::Standing;

/// What the list shows of a decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Badge {
    /// What counts: the decision, if the text is still the one it was made on.
    pub status: Status,
    /// What was decided, stale or not.
    pub decided: Status,
    /// The text has changed since.
    pub stale: bool,
    /// Two people decided differently, side by side.
    pub conflict: bool,
}

const STALE: u8 = 1 << 6;
const CONFLICT: u8 = 1 << 7;
const CODES: [Status; 5] =
    [Status::Unreviewed, Status::Reviewed, Status::Flagged, Status::Skipped, Status::Unknown];

impl Badge {
    fn pack(self) -> u8 {
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        code(self.status) | code(self.decided) << 3 | flag(self.stale, STALE) | flag(self.conflict, CONFLICT)
    }

    /// The badge that a byte of [`Standings::bytes`] stands for.
    pub(super) fn unpack(byte: u8) -> Self {
        let status = |code: u8| CODES.get(usize::from(code & 7)).copied().unwrap_or_default();
        Self {
            status: status(byte),
            decided: status(byte >> 3),
            stale: byte & STALE != 0,
            conflict: byte & CONFLICT != 0,
        }
    }
}

const fn code(status: Status) -> u8 {
    match status {
        Status::Unreviewed => 0,
        Status::Reviewed => 1,
        Status::Flagged => 2,
        Status::Skipped => 3,
        Status::Unknown => 4,
    }
}

/// The badges of all posts. Cheap to clone; a clone keeps what it saw.
#[derive(Clone, Debug, Default)]
pub struct Standings {
    bytes: Arc<Vec<u8>>,
    counts: [usize; 5],
    decisions: Decisions,
}

impl Standings {
    /// Makes room for so many posts; new ones are unreviewed.
    pub fn resize(&mut self, len: usize) {
        let added = len.saturating_sub(self.bytes.len());
        Arc::make_mut(&mut self.bytes).resize(len, 0);
        if let Some(count) = self.counts.first_mut() {
            *count += added;
        }
    }

    /// Takes the badges behind so many posts back.
    pub fn truncate(&mut self, len: usize) {
        for row in len..self.bytes.len() {
            let before = self.get(Row(u32::try_from(row).unwrap_or(u32::MAX)));
            if let Some(count) = self.counts.get_mut(usize::from(code(before.status))) {
                *count -= 1;
            }
        }
        Arc::make_mut(&mut self.bytes).truncate(len);
        self.decisions.truncate(len);
    }

    /// The badge of a row; unreviewed where there is none.
    pub fn get(&self, row: Row) -> Badge {
        Badge::unpack(self.bytes.get(row.index()).copied().unwrap_or_default())
    }

    /// All badges, a byte a row; rows that are not there are unreviewed.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Takes in what holds for a row now: its badge, and who decided, why, when and with which note.
    /// A row that there is not is left alone.
    pub fn judge(&mut self, row: Row, standing: &Standing) {
        let Standing { status, decided, stale, conflict, .. } = *standing;
        self.set(row, Badge { status, decided, stale, conflict });
        if row.index() < self.bytes.len() {
            self.decisions.set(row, standing);
        }
    }

    /// Who decided on a row, why, when and with which note.
    pub(super) fn decisions(&self) -> &Decisions {
        &self.decisions
    }

    /// The reasons of the decision on a row; none where there are none.
    pub fn reasons(&self, row: Row) -> &[String] {
        self.decisions.reasons().get(self.decisions.detail(row).why)
    }

    /// Gives a row another badge. A row that there is not is left alone.
    pub fn set(&mut self, row: Row, badge: Badge) {
        let before = self.get(row);
        if before == badge {
            return;
        }
        if let Some(byte) = Arc::make_mut(&mut self.bytes).get_mut(row.index()) {
            *byte = badge.pack();
            for (status, more) in [(before.status, false), (badge.status, true)] {
                if let Some(count) = self.counts.get_mut(usize::from(code(status))) {
                    *count = if more { *count + 1 } else { *count - 1 };
                }
            }
        }
    }

    /// How many posts have this status, as it counts. Kept up to date, so free to ask.
    pub fn count(&self, status: Status) -> usize {
        self.counts.get(usize::from(code(status))).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_badge_fits_its_byte_and_is_counted() {
        let mut standings = Standings::default();
        standings.resize(3);
        assert_eq!(standings.count(Status::Unreviewed), 3);
        for status in CODES {
            for decided in CODES {
                for bits in 0..4 {
                    let badge = Badge { status, decided, stale: bits & 1 != 0, conflict: bits & 2 != 0 };
                    standings.set(Row(1), badge);
                    assert_eq!(standings.get(Row(1)), badge);
                    assert_eq!(CODES.iter().map(|status| standings.count(*status)).sum::<usize>(), 3);
                    assert!(standings.count(status) >= 1);
                }
            }
        }
        standings.set(Row(9), Badge::default());
        assert_eq!(standings.get(Row(9)), Badge::default());
    }
}
