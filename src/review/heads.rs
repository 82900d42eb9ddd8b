//! The current records of one key of one post: those that no other record names as its past.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::store::{NONE, Store};

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
/// conflict for a person to end. Work is in proportion to what the records name.
fn count(slot: &Slot, number: u32, store: &Store) -> Counted {
    let mut places = Vec::new();
    let mut at = slot.newest;
    while at != NONE
        && let Some(place) = store.place(at)
    {
        places.push((at, place));
        at = place.older;
    }
    places.reverse();
    let known: HashMap<u32, u32> = places.iter().map(|(at, place)| (place.record, *at)).collect();
    // What a place names in this slot, itself left out.
    let past = |at: u32| {
        let place = store.place(at);
        let ids = place.map_or(&[][..], |place| store.prev(place));
        let records = ids.iter().filter_map(|id| store.find(*id));
        records.filter_map(|record| known.get(&record)).copied().filter(move |past| *past != at)
    };
    debug_assert!(places.iter().all(|(_, place)| place.slot == number));
    let named: HashSet<u32> = places.iter().flat_map(|(at, _)| past(*at)).collect();
    let all = places.iter().map(|(at, _)| *at);
    let mut heads: Vec<u32> = all.clone().filter(|at| !named.contains(at)).collect();
    let mut reached: HashSet<u32> = HashSet::new();
    let mut to_follow = heads.clone();
    while let Some(at) = to_follow.pop() {
        if reached.insert(at) {
            to_follow.extend(past(at));
        }
    }
    let open = heads.len();
    heads.extend(all.filter(|at| !reached.contains(at)));
    Counted { has_circle: heads.len() > open, heads }
}
