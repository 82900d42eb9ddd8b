//! What many posts are before one decision on all of them, and what of that it replaces.

use std::fmt;

use super::standings::Standings;
use crate::corpus::Row;
use crate::model::Status;
use crate::model::figures::grouped;

/// What some posts are now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// How many have each status; none of them is zero.
    statuses: Vec<(Status, usize)>,
    /// Decisions of others that would be replaced.
    others: usize,
    /// Conflicts that would be settled.
    conflicts: usize,
    /// Flags whose reasons would be replaced.
    reasons: usize,
}

impl Now {
    /// What these posts are before `by` gives all of them a status.
    pub fn before(status: Status, rows: &[Row], standings: &Standings, by: &str) -> Self {
        let decisions = standings.decisions();
        let own = decisions.people().each(false, |names| names.iter().any(|name| name == by));
        // A handful of counters is quicker than a map, and there may be a million posts.
        let mut counts = Status::ALL.map(|status| (status, 0));
        let mut now = Self::default();
        let mut unknown = 0;
        for row in rows {
            let badge = standings.get(*row);
            match counts.iter_mut().find(|(other, _)| *other == badge.status) {
                Some((_, count)) => *count += 1,
                None => unknown += 1,
            }
            // What is so already stays; a flag may get other reasons.
            let is_same = badge.status == status && badge.decided == status && !badge.conflict;
            if badge.decided == Status::Unreviewed || (is_same && status != Status::Flagged) {
                continue;
            }
            let detail = decisions.detail(*row);
            now.others += usize::from(!own.get(detail.by as usize).copied().unwrap_or_default());
            now.conflicts += usize::from(badge.conflict);
            now.reasons += usize::from(detail.why > 0);
        }
        let all = counts.into_iter().chain([(Status::Unknown, unknown)]);
        now.statuses = all.filter(|(_, count)| *count > 0).collect();
        now
    }

    /// What would be replaced, in words; `None` for nothing.
    pub fn replaced(&self) -> Option<String> {
        let parts = [
            (self.others, "decision of others", "decisions of others"),
            (self.conflicts, "conflict", "conflicts"),
            (self.reasons, "flag with its reasons", "flags with their reasons"),
        ];
        let told = parts.iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| {
            let what = if *count == 1 { one } else { many };
            format!("{} {what}", grouped(*count))
        });
        Some(told.collect::<Vec<_>>().join(", ")).filter(|told| !told.is_empty())
    }
}

impl fmt::Display for Now {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.statuses.iter().map(|(status, count)| format!("{} {status}", grouped(*count)));
        f.write_str(&counts.collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Standing;

    #[test]
    fn it_tells_what_would_be_replaced_and_not_what_stays() {
        let mut standings = Standings::default();
        standings.resize(5);
        let decided = |decided, by: &str, why: &[&str], conflict| Standing {
            status: decided,
            decided,
            by: by.to_owned(),
            why: why.iter().map(|reason| (*reason).to_owned()).collect(),
            conflict,
            ..Standing::default()
        };
        standings.judge(Row(1), &decided(Status::Flagged, "mara", &["image"], false));
        standings.judge(Row(2), &decided(Status::Flagged, "tom", &[], true));
        standings.judge(Row(3), &decided(Status::Reviewed, "tom", &[], false));
        let rows: Vec<Row> = (0..5).map(Row).collect();
        let now = |status| Now::before(status, &rows, &standings, "mara");
        let reviewed = now(Status::Reviewed);
        assert_eq!(reviewed.to_string(), "2 unreviewed, 1 reviewed, 2 flagged");
        assert_eq!(reviewed.replaced().unwrap(), "1 decision of others, 1 conflict, 1 flag with its reasons");
        let flagged = now(Status::Flagged);
        assert_eq!(flagged.replaced().unwrap(), "2 decisions of others, 1 conflict, 1 flag with its reasons");
        assert_eq!(Now::before(Status::Skipped, &rows[..1], &standings, "mara").replaced(), None);
    }
}
