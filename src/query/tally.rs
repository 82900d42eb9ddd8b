//! How far the reviewing of a corpus has got, by stack and by score: one pass over the columns.

use std::collections::HashMap;

use super::fuzzy::fold;
use super::standings::{Badge, Standings};
use crate::corpus::{Corpus, NumberColumn, Row, Segment, WordColumn};
use crate::model::Status;

/// Scores are counted in so many steps of equal width, from 0 to 100.
pub const SCORE_STEPS: usize = 10;

/// Posts by what counts as decided about them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByStatus {
    counts: [usize; Status::ALL.len()],
}

/// Posts by their score, the lowest step first; the last count is of those without a score.
pub type Scores = [usize; SCORE_STEPS + 1];

/// What a pass over a corpus has counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Posts by each of their stacks, the most frequent first.
    pub stacks: Vec<(String, ByStatus)>,
    /// Scores of the posts of each status.
    scores: [Scores; Status::ALL.len()],
    /// Flagged posts by each of their reasons, the most frequent first.
    pub reasons: Vec<(String, usize)>,
    /// The decision was made on another text.
    pub stale: usize,
    /// Two people decided differently.
    pub conflict: usize,
}

impl ByStatus {
    /// All posts.
    pub fn of_all(standings: &Standings) -> Self {
        let mut counts = Status::ALL.map(|status| standings.count(status));
        if let Some(unreviewed) = place(Status::Unreviewed).and_then(|at| counts.get_mut(at)) {
            *unreviewed += standings.count(Status::Unknown);
        }
        Self { counts }
    }

    /// How many have a status.
    pub fn of(&self, status: Status) -> usize {
        place(status).and_then(|at| self.counts.get(at)).copied().unwrap_or_default()
    }

    /// How many there are.
    pub fn all(&self) -> usize {
        self.counts.iter().sum()
    }

    fn add(&mut self, other: &Self) {
        self.counts.iter_mut().zip(other.counts).for_each(|(count, more)| *count += more);
    }
}

impl Tally {
    /// Counts all posts.
    pub fn of(corpus: &Corpus, standings: &Standings) -> Self {
        let mut tally = Self::default();
        let mut stacks: HashMap<&str, ByStatus> = HashMap::new();
        // On this thread: the others may be busy with something that takes longer than all of this.
        for (start, segment) in corpus.segments() {
            let part = Part::of(segment, standings.bytes().get(start.index()..).unwrap_or_default());
            for (word, counts) in part.stacks {
                stacks.entry(word).or_default().add(&counts);
            }
            for (sum, scores) in tally.scores.iter_mut().zip(part.scores) {
                sum.iter_mut().zip(scores).for_each(|(sum, count)| *sum += count);
            }
            tally.stale += part.stale;
            tally.conflict += part.conflict;
        }
        tally.stacks = stacks.into_iter().map(|(word, counts)| (word.to_owned(), counts)).collect();
        tally.reasons = reasons(standings);
        tally.stacks.sort_by(|(a, some), (b, more)| more.all().cmp(&some.all()).then_with(|| a.cmp(b)));
        tally
    }

    /// The scores of the posts with a status.
    pub fn scores(&self, status: Status) -> Scores {
        place(status).and_then(|at| self.scores.get(at)).copied().unwrap_or_default()
    }
}

/// The reasons of the posts that are flagged, each with its posts.
fn reasons(standings: &Standings) -> Vec<(String, usize)> {
    let is_flagged = |row: Row| standings.get(row).status == Status::Flagged;
    let decisions = standings.decisions();
    let counts = decisions.count_reasons(is_flagged);
    let lists = decisions.reasons().each(Vec::new(), <[String]>::to_vec);
    let mut found: HashMap<String, (String, usize)> = HashMap::new();
    for (list, posts) in lists.into_iter().zip(counts).filter(|(_, posts)| *posts > 0) {
        let mut met: Vec<String> = Vec::new();
        for reason in list {
            // One word in two writings is one reason, once a post.
            let folded = fold(&reason);
            if !folded.is_empty() && !met.contains(&folded) {
                found.entry(folded.clone()).or_insert((reason, 0)).1 += posts;
                met.push(folded);
            }
        }
    }
    let mut found: Vec<(String, usize)> = found.into_values().collect();
    found.sort_by(|(a, some), (b, more)| more.cmp(some).then_with(|| a.cmp(b)));
    found
}

/// What was counted in a segment.
#[derive(Default)]
struct Part<'a> {
    stacks: Vec<(&'a str, ByStatus)>,
    scores: [Scores; Status::ALL.len()],
    stale: usize,
    conflict: usize,
}

impl<'a> Part<'a> {
    fn of(segment: &'a Segment, badges: &[u8]) -> Self {
        let mut part = Self::default();
        let words = segment.words(WordColumn::Stack);
        // Lists are counted before words: a list stands for all posts that have it.
        let mut by_list = vec![ByStatus::default(); words.len()];
        let places = StatusOfByte::new();
        let badges = badges.iter().copied().chain(std::iter::repeat(0));
        let (lists, scores) = (segment.lists(WordColumn::Stack), segment.numbers(NumberColumn::Score));
        let rows = lists.iter().zip(scores.iter());
        for ((list, score), byte) in rows.zip(badges) {
            let (at, is_stale, is_conflict) = places.get(byte);
            part.stale += usize::from(is_stale);
            part.conflict += usize::from(is_conflict);
            let count = by_list.get_mut(usize::from(*list)).and_then(|counts| counts.counts.get_mut(at));
            count.into_iter().for_each(|count| *count += 1);
            let slot = part.scores.get_mut(at).and_then(|scores| scores.get_mut(step(*score)));
            slot.into_iter().for_each(|count| *count += 1);
        }
        let mut by_word = vec![ByStatus::default(); words.words().len()];
        for (items, counts) in words.each().zip(&by_list) {
            let mut items: Vec<usize> = items.map(|(word, _)| word).collect();
            items.sort_unstable();
            items.dedup();
            items
                .into_iter()
                .filter_map(|word| by_word.get_mut(word).map(|sum| sum.add(counts)))
                .for_each(drop);
        }
        part.stacks = words.words().iter().zip(by_word).collect();
        part
    }
}

/// What a badge's byte says, looked up instead of unpacked for every row.
struct StatusOfByte(Vec<(usize, bool, bool)>);

impl StatusOfByte {
    fn new() -> Self {
        let of = |byte: u8| {
            let Badge { status, stale, conflict, .. } = Badge::unpack(byte);
            (place(status).unwrap_or_default(), stale, conflict)
        };
        Self((0..=u8::MAX).map(of).collect())
    }

    fn get(&self, byte: u8) -> (usize, bool, bool) {
        self.0.get(usize::from(byte)).copied().unwrap_or_default()
    }
}

/// The place of a status in counts. One that this version does not know counts as unreviewed.
fn place(status: Status) -> Option<usize> {
    let status = if status == Status::Unknown { Status::Unreviewed } else { status };
    Status::ALL.into_iter().position(|known| known == status)
}

/// The step of a score as it is kept.
fn step(kept: u16) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a score is 0 to 100")]
    let step = |score: f64| (score as usize * SCORE_STEPS / 100).min(SCORE_STEPS - 1);
    NumberColumn::Score.number(kept).map_or(SCORE_STEPS, step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Loaded, Sources, load};
    use proptest::prelude::*;
    use std::fmt::Write;
    use std::ops::ControlFlow;

    fn corpus(posts: &[(Vec<u8>, Option<u8>)]) -> Corpus {
        let mut text = String::new();
        for (number, (stacks, score)) in posts.iter().enumerate() {
            let stacks: Vec<String> = stacks.iter().map(|stack| format!("\"s{stack}\"")).collect();
            let score = score.map_or_else(String::new, |score| format!(",\"score\":{{\"quality\":{score}}}"));
            writeln!(
                text,
                "{{\"id\":\"p{number}\",\"title\":\"t\",\"body\":\"b\",\"stack\":[{}]{score}}}",
                stacks.join(",")
            )
            .unwrap();
        }
        let sources = Sources::in_memory(vec![("posts.jsonl".to_owned(), text.into_bytes())]);
        let mut corpus = Corpus::default();
        load(&sources, &mut |loaded| {
            if let Loaded::Segment(segment) = loaded {
                let _ = corpus.push(segment);
            }
            ControlFlow::Continue(())
        });
        corpus
    }

    proptest! {
        #[test]
        fn counts_are_those_of_a_look_at_every_post(
            posts in prop::collection::vec(
                (prop::collection::vec(0_u8..4, 0..3), prop::option::of(0_u8..=100)), 0..40),
            statuses in prop::collection::vec((0_usize..4, any::<bool>()), 40),
        ) {
            let corpus = corpus(&posts);
            let mut standings = Standings::default();
            standings.resize(corpus.len());
            for (row, (status, stale)) in corpus.rows().zip(&statuses) {
                let status = Status::ALL[*status];
                standings.set(row, Badge { status, decided: status, stale: *stale, conflict: false });
            }
            let tally = Tally::of(&corpus, &standings);
            for status in Status::ALL {
                let has = |at: &usize| Status::ALL[statuses[*at].0] == status;
                for stack in 0..4 {
                    let expected = (0..posts.len()).filter(has).filter(|at| posts[*at].0.contains(&stack)).count();
                    let found = tally.stacks.iter().find(|(word, _)| *word == format!("s{stack}"));
                    prop_assert_eq!(found.map_or(0, |(_, counts)| counts.of(status)), expected);
                }
                let mut scores = [0; SCORE_STEPS + 1];
                for at in (0..posts.len()).filter(has) {
                    scores[posts[at].1.map_or(SCORE_STEPS, |score| usize::from(score / 10).min(9))] += 1;
                }
                prop_assert_eq!(tally.scores(status), scores);
            }
            prop_assert_eq!(tally.stale, statuses[..posts.len()].iter().filter(|(_, stale)| *stale).count());
            prop_assert!(tally.stacks.windows(2).all(|pair| pair[0].1.all() >= pair[1].1.all()));
        }
    }
}
