//! One decision on many posts: what one record of it names, and what they have come to so far.

use std::collections::{BTreeMap, HashSet, VecDeque};

use jiff::Timestamp;

use super::filled::{self, MOST_BYTES};
use super::record::{Former, Record, RecordId};
use super::reviews::{Change, POSTS_PER_RECORD, Reviews};
use crate::model::PostId;

/// Takes the next of many posts that one record may name: [`POSTS_PER_RECORD`] of them at most, and none
/// twice. `shared` is the id of a post that may share it with another one; such a post waits for the next
/// record where this one names its id already.
pub fn take_for_record<T>(left: &mut VecDeque<T>, shared: impl Fn(&T) -> Option<PostId>) -> Vec<T> {
    let (mut taken, mut later) = (Vec::new(), Vec::new());
    let mut named: HashSet<PostId> = HashSet::new();
    // Where many posts have one id, few of them are put off at a time.
    while taken.len() < POSTS_PER_RECORD && later.len() < taken.len() + 64 {
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

    /// Decides on the next posts, each with the number of its log; no post may come twice. A record for each
    /// log, or more where the posts keep long notes.
    pub fn decide(
        &mut self,
        reviews: &mut Reviews,
        changes: impl IntoIterator<Item = (usize, Change)>,
        now: Timestamp,
    ) -> Vec<Record> {
        let mut by_log: BTreeMap<usize, Vec<Change>> = BTreeMap::new();
        changes.into_iter().for_each(|(log, change)| by_log.entry(log).or_default().push(change));
        let mut made = Vec::new();
        for (log, mut changes) in by_log {
            reviews.turn_to(log);
            while !changes.is_empty() {
                let later = changes.split_off(fitting(&changes, reviews));
                made.extend(self.decide_now(reviews, changes, now));
                changes = later;
            }
        }
        made
    }

    fn decide_now(&mut self, reviews: &mut Reviews, changes: Vec<Change>, now: Timestamp) -> Option<Record> {
        let count = changes.len();
        let record = reviews.decide_more(changes, self.filter.clone(), self.first.as_ref(), now);
        let decided = record.as_ref().map_or(0, |record| record.posts().count());
        self.decided += decided;
        self.same += count - decided;
        self.first = self.first.take().or_else(|| record.as_ref().map(|record| record.id.clone()));
        record
    }
}

/// How many of the changes one record may hold with the notes that their posts keep and with what it has seen there;
/// one at least.
fn fitting(changes: &[Change], reviews: &Reviews) -> usize {
    let mut filled = 0;
    let fits = |change: &&Change| {
        // What is given stands in the record once.
        let note = reviews.note_beside(change).filter(|_| change.note.is_none());
        let own =
            note.map(|note| Former { val: change.val.clone(), why: change.why.clone(), note: Some(note) });
        filled += filled::by_post(&change.post, &reviews.seen(change), own.as_ref());
        filled <= MOST_BYTES
    };
    changes.iter().take_while(fits).count().max(1)
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
        // However many share one, a turn looks at few of them, and all get their turn.
        let mut left: VecDeque<usize> = (0..3 * POSTS_PER_RECORD).collect();
        assert_eq!(take_for_record(&mut left, |_| Some(PostId::new("same"))), [0]);
        assert_eq!((left.front(), left.len()), (Some(&66), 3 * POSTS_PER_RECORD - 1));
    }
    /// Thousands have decided side by side: whoever decides then has seen all of it, on every post.
    #[test]
    fn however_much_was_seen_on_each_post_a_record_is_a_line() {
        use crate::review::suite::{at, change, writer};
        use crate::review::{MAX_LINE_BYTES, Target};
        let mut reviews = writer("mara", "a");
        let posts: Vec<String> = (0..40).map(|post| format!("p{post}")).collect();
        let others: Vec<Record> = (0..4_000)
            .map(|number| {
                let changes = posts.iter().map(|post| change(post, "text", "flagged")).collect();
                writer("tom", &format!("tom-{number:0>80}")).decide_many(changes, None, at(0)).unwrap()
            })
            .collect();
        assert!(others.into_iter().all(|record| reviews.absorb(record)));
        let mut step = BulkStep::new(None);
        let changes = posts.iter().map(|post| (0, change(post, "text", "reviewed")));
        let made = step.decide(&mut reviews, changes, at(1));
        assert!(made.len() > 1 && made.iter().all(|record| record.to_line().len() < MAX_LINE_BYTES));
        let seen = |record: &Record| match &record.target {
            Target::Many(targets) => targets.iter().map(|target| target.prev.len()).sum(),
            Target::One { prev, .. } => prev.len(),
        };
        assert_eq!(made.iter().map(seen).sum::<usize>(), 40 * 4_000);
        assert_eq!(step.decided, 40);
    }

    #[test]
    fn however_long_the_notes_are_that_posts_keep_a_record_is_a_line() {
        use crate::model::{Digest, Status};
        use crate::review::{Author, Key, MAX_LINE_BYTES, Via};
        let author = Author { by: "mara".to_owned(), via: Via::Cli };
        let mut reviews = Reviews::with_writer(author.clone(), "aaaaaaaaaaaaa".to_owned());
        let now = Timestamp::UNIX_EPOCH;
        let change = |post: usize, why: &str, note: Option<String>| Change {
            post: PostId::new(format!("p{post}")),
            hash: Digest::of_bytes(b"text"),
            siblings: Vec::new(),
            key: Key::Status,
            val: Status::Flagged.name().to_owned(),
            why: vec![why.to_owned()],
            note,
        };
        // What takes most room on a line.
        let note = |post: usize| format!("{post}{}", "\u{1}".repeat(4_000));
        let mut all: Vec<Record> = Vec::new();
        for post in 0..2_000 {
            all.extend(reviews.decide(change(post, "image", Some(note(post))), None, now));
        }
        let mut step = BulkStep::new(None);
        let changes = (0..2_000).map(|post| (0, change(post, "links", None)));
        let made = step.decide(&mut reviews, changes, now);
        assert!(made.len() > 1 && made.iter().all(|record| record.to_line().len() < MAX_LINE_BYTES));
        assert_eq!((step.decided, step.same), (2_000, 0));
        let mut again = Reviews::with_writer(author, "bbbbbbbbbbbbb".to_owned());
        assert!(all.into_iter().chain(made).all(|record| again.absorb(record)));
        for post in 0..2_000 {
            let id = PostId::new(format!("p{post}"));
            let standing = again.state().standing(&id, Some(Digest::of_bytes(b"text")), &[]);
            assert_eq!((standing.why, standing.note), (vec!["links".to_owned()], Some(note(post))));
        }
        // It is one step.
        assert!(again.undo(now).unwrap().len() > 1);
        assert_eq!(
            again.state().standing(&PostId::new("p7"), Some(Digest::of_bytes(b"text")), &[]).why,
            ["image"]
        );
    }
}
