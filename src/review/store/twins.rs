//! Records that share an id and say different things: a writer that was copied, a line that was changed by
//! hand. All of them are kept, and which comes first means nothing.

use std::collections::HashMap;

use super::{Entry, Id, SET, Store};
use crate::review::draft::{Draft, DraftPost, DraftPosts, DraftRest};
use crate::review::record::RecordId;

/// A record is compared with so many others of its id, or a log of nothing else would take for ever. A line
/// that is there twice counts twice beyond that, which changes no decision.
const COMPARED: usize = 16;

/// By the first record of an id, the further ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Twins(HashMap<u32, Vec<u32>>);

impl Store {
    /// The records with this id: the first that came, and those that say something else.
    pub(in crate::review) fn find_all(&self, id: Id) -> impl Iterator<Item = u32> {
        let first = self.find(id);
        let twins = first.and_then(|first| self.twins.0.get(&first));
        first.into_iter().chain(twins.into_iter().flatten().copied())
    }

    /// Whether several records have this id.
    pub(in crate::review) fn is_shared(&self, id: Id) -> bool {
        !self.twins.0.is_empty() && self.find(id).is_some_and(|first| self.twins.0.contains_key(&first))
    }

    /// The ids that several records have, each with how many.
    pub(in crate::review) fn shared(&self) -> impl Iterator<Item = (RecordId, usize)> {
        let id = |first: u32| self.entry(first).map(|entry| self.id_text(entry.id));
        self.twins.0.iter().filter_map(move |(first, twins)| Some((id(*first)?, 1 + twins.len())))
    }

    /// A record comes whose id is known; whether it is there already.
    pub(super) fn is_known(&self, first: u32, draft: &Draft<'_>) -> bool {
        let twins = self.twins.0.get(&first).into_iter().flatten().take(COMPARED);
        std::iter::once(&first).chain(twins).any(|record| self.says(*record, draft))
    }

    /// Keeps a record beside the first one of its id.
    pub(super) fn add_twin(&mut self, first: u32, record: u32) {
        self.twins.0.entry(first).or_default().push(record);
    }

    /// Whether a record says exactly what stands on a line, as far as it is kept.
    fn says(&self, record: u32, draft: &Draft<'_>) -> bool {
        let Some(entry) = self.entry(record) else { return false };
        let rest = self.rest_of(entry);
        let none = DraftRest::default();
        let more = draft.rest.as_deref().unwrap_or(&none);
        let odd = rest.and_then(|rest| rest.odd.as_ref());
        let short_ms = Some(entry.ms).filter(|ms| *ms != super::NONE).map(u64::from);
        let word = |number: Option<u32>| number.and_then(|number| self.word(number));
        let same_id = |id: Id, text: &str| self.known_id(text) == Some(id);
        let why = rest.and_then(|rest| self.whys.get(rest.why as usize)).map_or(&[][..], |why| why);
        let (extra, more_extra) = (odd.map_or(&[][..], |odd| &odd.extra), &more.extra);
        entry.at_ms == draft.at.as_millisecond()
            && self.by(entry) == &*draft.by
            && self.words.get(entry.key) == &*draft.key
            && self.words.get(entry.val) == &*draft.val
            && entry.via == draft.via
            && odd.and_then(|odd| odd.ms).or(short_ms) == draft.ms
            && word(rest.map(|rest| rest.op)).unwrap_or(SET) == &*draft.op
            && why.iter().map(|why| self.words.get(*why)).eq(more.why.iter().map(|why| &**why))
            && word(rest.map(|rest| rest.note)) == more.note.as_deref()
            && word(rest.map(|rest| rest.filter)) == more.filter.as_deref()
            && match (self.undone(entry), &more.undo) {
                (Some(id), Some(text)) => same_id(id, text),
                (undone, named) => undone.is_none() && named.is_none(),
            }
            && self.outline(record) == more.outline.as_ref()
            && extra.len() == more_extra.len()
            && extra.iter().all(|field| more_extra.contains(field))
            && self.is_about(entry, &draft.posts)
    }

    fn is_about(&self, entry: &Entry, posts: &DraftPosts<'_>) -> bool {
        let (posts, is_bulk) = match posts {
            DraftPosts::One(post) => (std::slice::from_ref(post), false),
            DraftPosts::Many(posts) => (posts.as_slice(), true),
        };
        let first = entry.first as usize;
        let places = self.places.get(first..first + entry.count as usize).unwrap_or_default();
        let same = |(place, post): (&super::Place, &DraftPost<'_>)| {
            self.posts.get(place.post) == &*post.post
                && place.hash == post.hash
                && self.own(place) == post.own.as_deref()
                && self
                    .prev(place)
                    .iter()
                    .map(|id| Some(*id))
                    .eq(post.prev.iter().map(|id| self.known_id(id)))
        };
        is_bulk == entry.is_bulk && places.len() == posts.len() && places.iter().zip(posts).all(same)
    }
}
