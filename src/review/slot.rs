//! What holds of one key of one post.
//!
//! A record is undone if an undo of it is in force, that is, not undone itself. A decision that is not undone is live. It
//! holds unless another live decision has seen it: names it as past, directly or through other records.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::store::{Id, NONE, Store};
use crate::model::Digest;

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
    pub(super) holds: Holds,
}

/// What holds, as far as it is known.
#[derive(Clone, Debug, Default)]
pub(super) enum Holds {
    #[default]
    Nothing,
    /// One decision. Nothing was ever undone here, and no other decision holds.
    One(u32),
    /// Only a look at all records tells. The answer is kept until a record comes that changes it.
    Looked(Box<OnceCell<Folded>>),
}

/// The answer of a look at all records of a slot.
#[derive(Clone, Debug)]
pub(super) struct Folded {
    by_id: HashMap<Id, Vec<u32>>,
    /// By the id of what is undone, the undo records in force.
    undone: HashMap<Id, Vec<Id>>,
    has_undo: bool,
    /// The live decisions.
    live: Vec<u32>,
    /// Those that hold.
    holds: OnceCell<Vec<u32>>,
    /// The live decisions by the text that they were made on.
    texts: OnceCell<HashMap<Option<Digest>, Vec<u32>>>,
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
        let mut places = self.places(store).take(entry.count as usize);
        let newest = places.find(|at| store.place(*at).is_some_and(|place| place.record == record));
        newest.or_else(|| (entry.first..entry.first + entry.count).find(|place| is_here(*place)))
    }

    /// Every place, the one that came last first.
    pub(super) fn places<'a>(&self, store: &'a Store) -> impl Iterator<Item = u32> + use<'a> {
        std::iter::successors(Some(self.newest), |at| store.place(*at).map(|place| place.older))
            .take_while(|at| *at != NONE)
    }

    /// Makes a place the newest. `is_plain`: it is a decision, and no record that came before it undoes it, names it
    /// as past or shares its id.
    pub(super) fn add(&mut self, at: u32, is_plain: bool, store: &mut Store) {
        if let Some(place) = store.place_mut(at) {
            place.older = std::mem::replace(&mut self.newest, at);
        }
        let names = |held: &u32| store.names(at, *held);
        match &mut self.holds {
            Holds::Nothing if is_plain => self.holds = Holds::One(at),
            Holds::One(held) if is_plain && names(held) => *held = at,
            Holds::Looked(looked) if is_plain => {
                let Some(folded) = looked.get_mut() else { return };
                if !folded.has_undo && folded.holds.get().is_some_and(|holds| holds.iter().all(names)) {
                    self.holds = Holds::One(at);
                } else {
                    folded.live.push(at);
                    folded.by_id.entry(store.id_at(at)).or_default().push(at);
                    folded.holds.take();
                    if let Some(texts) = folded.texts.get_mut() {
                        texts.entry(text_of(at, store)).or_default().push(at);
                    }
                }
            }
            Holds::Looked(looked) => drop(looked.take()),
            _ => self.holds = Holds::Looked(Box::default()),
        }
    }

    /// All that a look at the records tells.
    pub(super) fn folded<T>(&self, store: &Store, of: impl FnOnce(&Folded) -> T) -> T {
        match &self.holds {
            Holds::Looked(looked) => of(looked.get_or_init(|| Folded::new(self, store))),
            _ => of(&Folded::new(self, store)),
        }
    }

    /// The decisions that hold.
    pub(super) fn holding(&self, store: &Store) -> Vec<u32> {
        match &self.holds {
            Holds::Nothing => Vec::new(),
            Holds::One(held) => vec![*held],
            Holds::Looked(_) => self.folded(store, |folded| folded.holds(store).to_vec()),
        }
    }

    /// The decisions that hold among those on a text, or on none that is named.
    pub(super) fn holding_on(&self, store: &Store, text: Option<Digest>) -> Vec<u32> {
        self.folded(store, |folded| folded.holding_on(text, store))
    }

    /// Whether a record is undone.
    pub(super) fn is_undone(&self, at: u32, store: &Store) -> bool {
        let id = store.id_at(at);
        store.is_ever_undone(id) && self.folded(store, |folded| folded.undone.contains_key(&id))
    }

    /// The undo records in force that undo a record.
    pub(super) fn undone_by(&self, at: u32, store: &Store) -> Vec<Id> {
        let undone = |folded: &Folded| folded.undone.get(&store.id_at(at)).cloned();
        self.folded(store, undone).unwrap_or_default()
    }

    /// Whether a decision other than this one has seen it.
    pub(super) fn is_overruled(&self, at: u32, store: &Store) -> bool {
        let Holds::Looked(_) = self.holds else {
            return !matches!(self.holds, Holds::One(held) if held == at);
        };
        let id = store.id_at(at);
        self.folded(store, |folded| {
            let others = folded.live.iter().copied().filter(|other| store.id_at(*other) != id);
            folded.seen_by(others, store).contains(&id)
        })
    }

    /// The undo records that nobody names as past: whoever decides has seen them.
    pub(super) fn last_undos(&self, store: &Store) -> Vec<u32> {
        if !matches!(self.holds, Holds::Looked(_)) {
            return Vec::new();
        }
        self.folded(store, |folded| {
            if !folded.has_undo {
                return Vec::new();
            }
            let named: HashSet<Id> = self.places(store).flat_map(|at| store.past_of(at)).collect();
            let is_last = |at: &u32| store.undone_at(*at).is_some() && !named.contains(&store.id_at(*at));
            self.places(store).filter(is_last).collect()
        })
    }

    /// The decisions that hold among those on each text.
    pub(super) fn holding_on_each_text(&self, store: &Store) -> Vec<u32> {
        let mut texts: HashSet<_> = self.places(store).map(|at| text_of(at, store)).collect();
        if texts.len() == 1 {
            return self.holding(store);
        }
        texts.insert(None);
        self.folded(store, |folded| {
            texts.into_iter().flat_map(|text| folded.holding_on(text, store)).collect()
        })
    }
}

/// The digest of the text that a place is about.
fn text_of(at: u32, store: &Store) -> Option<Digest> {
    store.place(at).and_then(|place| place.hash)
}

impl Folded {
    fn new(slot: &Slot, store: &Store) -> Self {
        let mut by_id: HashMap<Id, Vec<u32>> = HashMap::new();
        // What each id undoes, and how many records undo an id that may be in force.
        let (mut undoes, mut open): (HashMap<Id, Vec<Id>>, HashMap<Id, usize>) = Default::default();
        for at in slot.places(store) {
            let id = store.id_at(at);
            by_id.entry(id).or_default().push(at);
            if let Some(undone) = store.undone_at(at) {
                undoes.entry(id).or_default().push(undone);
                *open.entry(undone).or_default() += 1;
            }
        }
        // Undo records that undo one another in a circle are never in force, and undo nothing.
        let mut in_force: Vec<Id> = undoes.keys().filter(|id| !open.contains_key(id)).copied().collect();
        let mut undone: HashMap<Id, Vec<Id>> = HashMap::new();
        while let Some(id) = in_force.pop() {
            for target in undoes.get(&id).into_iter().flatten() {
                let by = undone.entry(*target).or_default();
                by.push(id);
                if by.len() > 1 {
                    continue;
                }
                for freed in undoes.get(target).into_iter().flatten() {
                    let left = open.get_mut(freed).map_or(0, |left| {
                        *left -= 1;
                        *left
                    });
                    if left == 0 && undoes.contains_key(freed) {
                        in_force.push(*freed);
                    }
                }
            }
        }
        let is_live = |at: &u32| store.undone_at(*at).is_none() && !undone.contains_key(&store.id_at(*at));
        let live = slot.places(store).filter(is_live).collect();
        Self {
            by_id,
            has_undo: !undoes.is_empty(),
            undone,
            live,
            holds: OnceCell::new(),
            texts: OnceCell::new(),
        }
    }

    fn holds(&self, store: &Store) -> &[u32] {
        self.holds.get_or_init(|| self.holding(&self.live, store))
    }

    fn holding_on(&self, text: Option<Digest>, store: &Store) -> Vec<u32> {
        let texts = self.texts.get_or_init(|| {
            let mut texts: HashMap<_, Vec<u32>> = HashMap::new();
            self.live.iter().for_each(|at| texts.entry(text_of(*at, store)).or_default().push(*at));
            texts
        });
        let on = |text| texts.get(&text).into_iter().flatten().copied();
        let named = text.into_iter().flat_map(|text| on(Some(text)));
        self.holding(&named.chain(on(None)).collect::<Vec<_>>(), store)
    }

    /// Of some live decisions, those that no other of them has seen. Decisions that have seen one another in a circle
    /// all hold, which is a conflict for a person to end.
    fn holding(&self, live: &[u32], store: &Store) -> Vec<u32> {
        let is_in = |ids: &HashSet<Id>, at: &u32| ids.contains(&store.id_at(*at));
        let seen = self.seen_by(live.iter().copied(), store);
        let (mut past, mut holds): (Vec<u32>, Vec<u32>) = live.iter().partition(|at| is_in(&seen, at));
        if !past.is_empty() {
            let seen = self.seen_by(holds.iter().copied(), store);
            past.retain(|at| !is_in(&seen, at));
            holds.extend(past);
        }
        holds
    }

    /// The ids of all that some records name as past, directly or through others.
    fn seen_by(&self, places: impl Iterator<Item = u32>, store: &Store) -> HashSet<Id> {
        let mut left: Vec<Id> = places.flat_map(|at| store.past_of(at)).collect();
        let mut seen = HashSet::new();
        while let Some(id) = left.pop() {
            if seen.insert(id) {
                left.extend(self.by_id.get(&id).into_iter().flatten().flat_map(|at| store.past_of(*at)));
            }
        }
        seen
    }
}
