//! The current records of one key of one post: those that no other record names as its past.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::store::{Id, NONE, Place, Store};

/// One key of one post.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) post: u32,
    /// The number of the key's word; [`NONE`] for records that are kept and not applied.
    pub(super) key: u32,
    /// The next slot of the post.
    pub(super) next: u32,
    /// The place that came last; each names the one before it.
    pub(super) newest: u32,
    pub(super) heads: Heads,
}

/// The current places of a slot.
#[derive(Clone, Debug, Default)]
pub(super) enum Heads {
    #[default]
    None,
    One(u32),
    Many(Box<Many>),
    /// Some record came after one that names it, so only a look at all of them tells the heads.
    Loose(Box<OnceCell<Counted>>),
}

/// Several places, some of which may have become past.
#[derive(Clone, Debug)]
pub(super) struct Many {
    places: Vec<u32>,
    past: usize,
}

/// The heads by a look at all records, until one comes that changes them.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    heads: Vec<u32>,
    /// Some of them are heads because they name one another in a circle.
    has_circle: bool,
}

impl Slot {
    /// The place of a record in this slot.
    pub(super) fn place_of(&self, number: u32, record: u32, store: &Store) -> Option<u32> {
        let entry = store.entry(record)?;
        let is_here = |place: u32| store.place(place).is_some_and(|place| place.slot == number);
        if entry.count == 1 {
            return Some(entry.first).filter(|place| is_here(*place));
        }
        // Most often it is among the newest; a bulk action is searched only where it is not.
        let mut at = self.newest;
        for _ in 0..entry.count {
            let place = store.place(at)?;
            if place.record == record {
                return Some(at);
            }
            at = place.older;
        }
        (entry.first..entry.first + entry.count).find(|place| is_here(*place))
    }

    /// The current places. `number` is the slot's own.
    pub(super) fn current<'a>(&'a self, number: u32, store: &'a Store) -> impl Iterator<Item = u32> + 'a {
        let places = match &self.heads {
            Heads::None => &[][..],
            Heads::One(place) => std::slice::from_ref(place),
            Heads::Many(many) => &many.places,
            Heads::Loose(counted) => &counted.get_or_init(|| count(self, number, store)).heads,
        };
        let is_loose = matches!(self.heads, Heads::Loose(_));
        let is_current =
            move |place: &u32| is_loose || store.place(*place).is_some_and(|place| !place.is_past);
        places.iter().copied().filter(is_current)
    }

    /// Makes a place the newest. `was_named`: a record that came before it names it as past.
    pub(super) fn add(&mut self, place: u32, named: &[u32], was_named: bool, store: &mut Store) {
        if let Some(placed) = store.place_mut(place) {
            placed.older = std::mem::replace(&mut self.newest, place);
        }
        match &mut self.heads {
            Heads::Loose(counted) => {
                match counted.get_mut() {
                    // Nobody names the newcomer, so it only takes the place of what it names.
                    Some(counted) if !was_named && !counted.has_circle => {
                        counted.heads.retain(|head| !named.contains(head));
                        counted.heads.push(place);
                    }
                    _ => **counted = OnceCell::new(),
                }
                return;
            }
            _ if was_named => {
                self.heads = Heads::Loose(Box::default());
                return;
            }
            _ => {}
        }
        let mut newly_past = 0;
        for named in named {
            if let Some(named) = store.place_mut(*named).filter(|named| !named.is_past) {
                named.is_past = true;
                newly_past += 1;
            }
        }
        match &mut self.heads {
            Heads::One(head) if store.place(*head).is_some_and(|head| !head.is_past) => {
                self.heads = Heads::Many(Box::new(Many { places: vec![*head, place], past: 0 }));
            }
            Heads::Many(many) => {
                many.places.push(place);
                many.past += newly_past;
                if many.past * 2 > many.places.len() {
                    many.places.retain(|place| store.place(*place).is_some_and(|place| !place.is_past));
                    many.past = 0;
                }
                if let [only] = many.places[..] {
                    self.heads = Heads::One(only);
                }
            }
            _ => self.heads = Heads::One(place),
        }
    }
}

/// The heads among all records of a slot. Records that name one another in a circle supersede
/// nothing but what is outside of it: all that only a circle reaches counts as current, which is a
/// conflict for a person to end. Several records may share an id, and whoever names it names all of them. Work is
/// in proportion to what the records name.
fn count(slot: &Slot, number: u32, store: &Store) -> Counted {
    let mut places = Vec::new();
    let mut at = slot.newest;
    while at != NONE
        && let Some(place) = store.place(at)
        && let Some(entry) = store.entry(place.record)
    {
        places.push((at, entry.id, place));
        at = place.older;
    }
    places.reverse();
    debug_assert!(places.iter().all(|(.., place)| place.slot == number));
    // What a place names, its own id left out.
    let past = |own: Id, place| store.prev(place).iter().copied().filter(move |past| *past != own);
    let named: HashSet<Id> = places.iter().flat_map(|(_, id, place)| past(*id, place)).collect();
    let is_open = |id: &Id| !named.contains(id);
    let mut heads: Vec<u32> = places.iter().filter(|(_, id, _)| is_open(id)).map(|(at, ..)| *at).collect();
    let open = heads.len();
    if open < places.len() {
        let mut by_id: HashMap<Id, Vec<&Place>> = HashMap::new();
        places.iter().for_each(|(_, id, place)| by_id.entry(*id).or_default().push(place));
        let mut reached: HashSet<Id> = HashSet::new();
        let mut to_follow: Vec<Id> = by_id.keys().copied().filter(is_open).collect();
        while let Some(id) = to_follow.pop() {
            if reached.insert(id) {
                to_follow.extend(by_id.get(&id).into_iter().flatten().flat_map(|place| past(id, place)));
            }
        }
        heads.extend(places.iter().filter(|(_, id, _)| !reached.contains(id)).map(|(at, ..)| *at));
    }
    Counted { has_circle: heads.len() > open, heads }
}
