//! The current records of one key of one post: those that no other record names as its past.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::record::RecordId;

/// A record's place among all records: its number, and the number of the post within it.
pub(super) type Place = (u32, u32);

/// The records of one key of one post, and which of them are current.
#[derive(Clone, Debug, Default)]
pub(super) struct Heads {
    entries: Vec<Place>,
    heads: Vec<Place>,
    /// Ids that were named as past before they came.
    awaited: HashSet<RecordId>,
    /// Some record came after one that names it, so only a look at all of them tells the heads.
    out_of_order: bool,
    /// The heads by that look, until the next record comes.
    recounted: OnceCell<Vec<Place>>,
}

impl Heads {
    /// Adds a record with this id, which names `past`. `find` gives the id and the past of a place.
    pub(super) fn add<'a>(
        &mut self,
        place: Place,
        id: &RecordId,
        past: &[RecordId],
        find: impl Fn(Place) -> Option<(&'a RecordId, &'a [RecordId])>,
    ) {
        self.entries.push(place);
        let was_named = self.awaited.remove(id);
        self.out_of_order |= was_named;
        if self.out_of_order {
            self.recounted = OnceCell::new();
            return;
        }
        for named in past {
            let head = self.heads.iter().position(|head| find(*head).is_some_and(|(id, _)| id == named));
            match head {
                Some(head) => {
                    self.heads.remove(head);
                }
                None => {
                    let known =
                        self.entries.iter().any(|entry| find(*entry).is_some_and(|(id, _)| id == named));
                    if !known || named == id {
                        self.awaited.insert(named.clone());
                    }
                }
            }
        }
        self.heads.push(place);
    }

    /// The current records. `find` gives the id and the past of a place.
    pub(super) fn current<'a>(
        &self,
        find: impl Fn(Place) -> Option<(&'a RecordId, &'a [RecordId])>,
    ) -> &[Place] {
        if self.out_of_order {
            self.recounted.get_or_init(|| recount(&self.entries, find))
        } else {
            &self.heads
        }
    }
}

/// The heads among some records. Records that name one another in a circle supersede nothing but
/// what is outside of it: all that only a circle reaches counts as current, which is a conflict for
/// a person to end. Work is in proportion to what the records name.
fn recount<'a>(
    entries: &[Place],
    find: impl Fn(Place) -> Option<(&'a RecordId, &'a [RecordId])>,
) -> Vec<Place> {
    let known: HashMap<&RecordId, Place> =
        entries.iter().filter_map(|entry| find(*entry).map(|(id, _)| (id, *entry))).collect();
    let mut named: HashSet<Place> = HashSet::new();
    for entry in entries {
        if let Some((id, past)) = find(*entry) {
            named.extend(past.iter().filter(|past| *past != id).filter_map(|past| known.get(past)));
        }
    }
    let mut heads: Vec<Place> = entries.iter().copied().filter(|entry| !named.contains(entry)).collect();
    let mut reached: HashSet<Place> = HashSet::new();
    let mut to_follow = heads.clone();
    while let Some(entry) = to_follow.pop() {
        if reached.insert(entry)
            && let Some((_, past)) = find(entry)
        {
            to_follow.extend(past.iter().filter_map(|past| known.get(past)));
        }
    }
    heads.extend(entries.iter().filter(|entry| !reached.contains(entry)));
    heads
}
