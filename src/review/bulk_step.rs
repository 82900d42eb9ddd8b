//! One decision on many posts: what one record of it names, and what they have come to so far.

use std::collections::{BTreeMap, HashSet, VecDeque};

use jiff::Timestamp;

use super::record::{Record, RecordId};
use super::reviews::{Change, POSTS_PER_RECORD, Reviews};
use crate::model::PostId;

/// Takes the next of many posts that one record may name: [`POSTS_PER_RECORD`] of them at most, and none
/// twice. `shared` is the id of a post that may share it with another one; such a post waits for the next
/// record where this one names its id already.
pub fn take_for_record<T>(left: &mut VecDeque<T>, shared: impl Fn(&T) -> Option<PostId>) -> Vec<T> {
    let (mut taken, mut later) = (Vec::new(), Vec::new());
    let mut named: HashSet<PostId> = HashSet::new();
    while taken.len().max(later.len()) < POSTS_PER_RECORD {
        let Some(next) = left.pop_front() else { break };
        let is_free = shared(&next).is_none_or(|id| named.insert(id));
        if is_free { taken.push(next) } else { later.push(next) }
    }
    left.extend(later);
    taken
}

/// A decision on many posts, as far as it is made. All records of it are undone together.
#[derive(Debug, Default)]
pub struct BulkStep {
    /// The query that chose the posts, if one did.
    filter: Option<String>,
    /// Posts that it has changed.
    pub decided: usize,
    /// Posts that were so already.
    pub same: usize,
    /// Its first record, which the others go on with.
    first: Option<RecordId>,
}

impl BulkStep {
    /// Nothing is decided yet; `filter` is the query that chose the posts, if one did.
    pub fn new(filter: Option<String>) -> Self {
        Self { filter, ..Self::default() }
    }

    /// Whether nothing was changed yet.
    pub fn is_unmade(&self) -> bool {
        self.first.is_none()
    }

    /// Decides on the next posts, each with the number of its log; no post may come twice. At most a record
    /// for each log.
    pub fn decide(
        &mut self,
        reviews: &mut Reviews,
        changes: impl IntoIterator<Item = (usize, Change)>,
        now: Timestamp,
    ) -> Vec<Record> {
        let mut by_log: BTreeMap<usize, Vec<Change>> = BTreeMap::new();
        changes.into_iter().for_each(|(log, change)| by_log.entry(log).or_default().push(change));
        let mut made = Vec::new();
        for (log, changes) in by_log {
            let count = changes.len();
            reviews.turn_to(log);
            let record = reviews.decide_more(changes, self.filter.clone(), self.first.as_ref(), now);
            let decided = record.as_ref().map_or(0, |record| record.posts().count());
            self.decided += decided;
            self.same += count - decided;
            if let Some(record) = record {
                self.first.get_or_insert_with(|| record.id.clone());
                made.push(record);
            }
        }
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_names_no_post_twice_and_all_get_their_turn() {
        let id = |post: &(&str, u32)| Some(PostId::new(post.0));
        let mut left = VecDeque::from([("a", 1), ("a", 2), ("b", 3), ("a", 4), ("b", 5)]);
        assert_eq!(take_for_record(&mut left, id), [("a", 1), ("b", 3)]);
        assert_eq!(take_for_record(&mut left, id), [("a", 2), ("b", 5)]);
        assert_eq!(take_for_record(&mut left, id), [("a", 4)]);
        assert!(take_for_record(&mut left, id).is_empty() && left.is_empty());
    }

    #[test]
    fn a_record_has_its_limit_whether_posts_share_an_id_or_not() {
        let mut left: VecDeque<usize> = (0..=POSTS_PER_RECORD).collect();
        assert_eq!(take_for_record(&mut left, |_| None).len(), POSTS_PER_RECORD);
        assert_eq!(left, [POSTS_PER_RECORD]);
        // However many share one, a turn looks at so many only.
        let mut left: VecDeque<usize> = (0..3 * POSTS_PER_RECORD).collect();
        assert_eq!(take_for_record(&mut left, |_| Some(PostId::new("same"))), [0]);
        assert_eq!(left.front(), Some(&(POSTS_PER_RECORD + 1)));
    }
}
