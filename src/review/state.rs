//! What all records add up to: a pure fold, whatever their order and however often they come.

use std::collections::HashMap;

use super::heads::{Heads, Place};
use super::record::{Key, Record, RecordId, Said};
use super::standing::Standing;
use crate::model::{Digest, PostId, Status};

/// The op that sets a value; the only one that this version applies.
pub(super) const SET: &str = "set";

/// Every record that was taken in, and what is current.
#[derive(Clone, Debug, Default)]
pub struct State {
    records: Vec<Record>,
    numbers: HashMap<RecordId, u32>,
    posts: HashMap<PostId, Vec<(Key, Heads)>>,
}

impl State {
    /// Takes a record in; `false` when it was there already.
    pub fn absorb(&mut self, record: Record) -> bool {
        if self.numbers.contains_key(&record.id) {
            return false;
        }
        let Ok(number) = u32::try_from(self.records.len()) else { return false };
        self.numbers.insert(record.id.clone(), number);
        self.records.push(record);
        let Self { records, posts, .. } = self;
        let Some(record) = records.last().filter(|record| record.op == SET) else { return true };
        let find = |place: Place| past_of(records, place);
        for (within, at) in (0..record.len()).zip(0_u32..) {
            let Some(said) = record.said(within) else { continue };
            let keys = posts.entry(said.post.clone()).or_default();
            let known = keys.iter().position(|(key, _)| *key == record.key);
            let at_key = known.unwrap_or_else(|| {
                keys.push((record.key.clone(), Heads::default()));
                keys.len() - 1
            });
            if let Some((_, heads)) = keys.get_mut(at_key) {
                heads.add((number, at), &record.id, said.prev, find);
            }
        }
        true
    }

    /// How many records were taken in.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Whether anybody has decided anything about a post.
    pub fn has(&self, post: &str) -> bool {
        self.posts.contains_key(post)
    }

    /// The posts that somebody has decided something about, in no order.
    pub fn posts(&self) -> impl Iterator<Item = &PostId> {
        self.posts.keys()
    }

    /// Every record, in the order in which they came.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.iter()
    }

    /// The record with this id.
    pub fn record(&self, id: &RecordId) -> Option<&Record> {
        self.records.get(*self.numbers.get(id)? as usize)
    }

    /// The records about a post, in the order in which they came.
    pub fn history(&self, post: &PostId) -> Vec<&Record> {
        self.records.iter().filter(|record| record.posts().any(|other| other == post)).collect()
    }

    /// What was decided about a post whose text has this digest (`None`: not known; it is taken to
    /// be unchanged). `siblings` are the digests of other posts with the same id: what was decided
    /// on their text is theirs.
    pub fn standing(&self, post: &PostId, digest: Option<Digest>, siblings: &[Digest]) -> Standing {
        let mut standing = Standing::default();
        for (key, heads) in self.posts.get(post).map_or(&[][..], Vec::as_slice) {
            let current: Vec<Current<'_>> = self.current_of(heads, digest, siblings).collect();
            match key {
                Key::Status => judge_status(&current, &mut standing),
                Key::Note => {
                    let note =
                        latest(current.iter()).map(|head| head.said.val).filter(|note| !note.is_empty());
                    standing.note = standing.note.take().or_else(|| note.map(str::to_owned));
                }
                Key::Check(item) => {
                    let fresh = || current.iter().filter(|head| head.is_fresh);
                    if fresh().next().is_some() && fresh().all(|head| head.said.val == "done") {
                        standing.done.insert(item.clone());
                    }
                }
                Key::Other(_) => {}
            }
        }
        standing
    }

    /// The current records of a key of a post that concern a text or none, not those of a sibling.
    pub(super) fn current<'a>(
        &'a self,
        post: &PostId,
        key: &Key,
        digest: Option<Digest>,
        siblings: &'a [Digest],
    ) -> Vec<Current<'a>> {
        let heads = self.posts.get(post).and_then(|keys| keys.iter().find(|(known, _)| known == key));
        heads.map(|(_, heads)| self.current_of(heads, digest, siblings).collect()).unwrap_or_default()
    }

    fn current_of<'a>(
        &'a self,
        heads: &'a Heads,
        digest: Option<Digest>,
        siblings: &'a [Digest],
    ) -> impl Iterator<Item = Current<'a>> {
        let find = |place: Place| past_of(&self.records, place);
        heads.current(find).iter().filter_map(move |(number, within)| {
            let record = self.records.get(*number as usize)?;
            let said = record.said(*within as usize)?;
            let is_fresh = match (said.hash, digest) {
                (Some(hash), Some(digest)) => hash == digest,
                // A line written by hand names no text; a text that is not known is taken on trust.
                _ => true,
            };
            let is_theirs = !is_fresh && said.hash.is_some_and(|hash| siblings.contains(&hash));
            (!is_theirs).then_some(Current { record, said, is_fresh })
        })
    }
}

/// The id of a record, and the records that it names as past for one of its posts.
fn past_of(records: &[Record], (number, within): Place) -> Option<(&RecordId, &[RecordId])> {
    let record = records.get(number as usize)?;
    Some((&record.id, record.said(within as usize)?.prev))
}

/// A current record, and what it says about the post in question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Current<'a> {
    pub(super) record: &'a Record,
    pub(super) said: Said<'a>,
    /// It was made on the text that the post has now.
    pub(super) is_fresh: bool,
}

impl Current<'_> {
    pub(super) fn status(&self) -> Status {
        Status::from_name(self.said.val).unwrap_or(Status::Unknown)
    }
}

fn judge_status(current: &[Current<'_>], standing: &mut Standing) {
    let fresh: Vec<&Current<'_>> = current.iter().filter(|head| head.is_fresh).collect();
    let considered = if fresh.is_empty() { current.iter().collect() } else { fresh };
    let Some(head) = most_cautious(considered.iter().copied()) else { return };
    standing.decided = head.status();
    standing.word = head.said.val.to_owned();
    standing.stale = !head.is_fresh && standing.decided != Status::Unreviewed;
    standing.conflict = considered.iter().any(|other| other.said.val != head.said.val);
    standing.status = match (standing.stale, standing.decided) {
        (true, _) | (_, Status::Unknown) => Status::Unreviewed,
        (false, decided) => decided,
    };
    standing.why = head.said.why.to_vec();
    if let Some(note) = head.said.note {
        standing.note = Some(note.to_owned());
    }
    standing.by = head.record.by.clone();
    standing.at = Some(head.record.at);
}

/// The record that counts of several: the most cautious, then the later, then the greater id.
fn most_cautious<'a>(heads: impl Iterator<Item = &'a Current<'a>>) -> Option<&'a Current<'a>> {
    heads.max_by(|a, b| {
        let key = |head: &Current<'a>| (head.status().caution(), head.record.at);
        key(a).cmp(&key(b)).then_with(|| a.record.id.cmp(&b.record.id))
    })
}

fn latest<'a>(heads: impl Iterator<Item = &'a Current<'a>>) -> Option<&'a Current<'a>> {
    heads.max_by(|a, b| a.record.at.cmp(&b.record.at).then_with(|| a.record.id.cmp(&b.record.id)))
}

#[cfg(test)]
mod tests;
