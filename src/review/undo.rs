//! Undo and redo, from the records alone, so that they work after a restart.

use super::filled;
use super::record::{BulkTarget, Former, Key, RecordId, Target};
use super::state::{Current, State};
use super::store::{Entry, Place};
use crate::model::text::cut;
use crate::model::{Digest, PostId, Safe, Status, safe};

/// Why nothing was taken back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UndoRefused {
    /// This reviewer has decided nothing that still holds.
    #[error("There is nothing of yours to undo")]
    NothingToUndo,
    /// Nothing was undone since the last decision.
    #[error("There is nothing of yours to redo")]
    NothingToRedo,
    /// What held before is not in the log any more.
    #[error(
        "Not undone: what held for {post} before was moved out of the log when it was compacted. Decide on it again",
        post = safe(post.as_str())
    )]
    Forgotten {
        /// On which post.
        post: PostId,
    },
    /// There is no such decision.
    #[error("Not undone: there is no decision {id} in the log", id = safe(id.as_str()))]
    Unknown {
        /// Its id.
        id: RecordId,
    },
    /// Several decisions have this id, and it is not known which of them is meant.
    #[error(
        "Not undone: {count} decisions have the id {id}. Decide on their posts again, or undo one in the history of its post",
        id = safe(id.as_str())
    )]
    Shared {
        /// The id.
        id: RecordId,
        /// How many there are.
        count: usize,
    },
    /// The same reviewer has decided since.
    #[error(
        "Not undone: you have since decided {val} on {post}. Undo that first, or decide on it again",
        val = decided(val), post = safe(post.as_str())
    )]
    Overtaken {
        /// On which post.
        post: PostId,
        /// What.
        val: String,
    },
    /// Somebody else has decided since.
    #[error(
        "Not undone: {by} has since decided {val} on {post}. Decide on it again to overrule them",
        by = safe(by), val = decided(val), post = safe(post.as_str())
    )]
    Overruled {
        /// On which post.
        post: PostId,
        /// Who.
        by: String,
        /// What.
        val: String,
    },
}

impl UndoRefused {
    /// What is in the way on one post, where the other posts of the step could be taken back without it. Long
    /// names are cut, so that what can be done about it is read as well.
    pub fn in_the_way(&self) -> Option<String> {
        match self {
            Self::Overruled { post, by, val } => {
                let (post, val) = (short(post.as_str()), decided(val));
                Some(format!("{} has since decided {} on {post}", short(by), cut(val.as_str(), SHORT)))
            }
            Self::Forgotten { post } => {
                let post = short(post.as_str());
                Some(format!("what held for {post} before was moved out of the log when it was compacted"))
            }
            Self::NothingToUndo
            | Self::NothingToRedo
            | Self::Unknown { .. }
            | Self::Shared { .. }
            | Self::Overtaken { .. } => None,
        }
    }
}

/// So much of a name or a note is told where something is asked. Unit: columns.
const SHORT: usize = 24;

/// A name where something is asked.
pub(super) fn short(name: &str) -> String {
    cut(safe(name).as_str(), SHORT).into_owned()
}

/// A value as it is told; only a note may be blank.
fn decided(val: &str) -> Safe<'_> {
    safe(if val.is_empty() { "no note" } else { val })
}

/// A part of a record that is taken back.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) record: u32,
    /// Some of its posts were taken back before, and are left out without a word.
    pub(super) is_partly_left: bool,
    /// How many of its posts are behind.
    pub(super) from: usize,
    /// It is not of the last step.
    pub(super) is_out_of_order: bool,
    /// So much of a line may be filled, as [`filled`] tells it. Unit: bytes.
    pub(super) most_bytes: usize,
}

/// What a record that takes another back consists of.
pub(super) struct Draft {
    pub(super) target: Target,
    pub(super) key: Key,
    pub(super) value: Former,
}

/// What takes a part of a record back.
pub(super) struct Taken {
    /// None where nothing of it can be taken back.
    pub(super) draft: Option<Draft>,
    /// How many of its posts are behind; `None` when all are.
    pub(super) next: Option<usize>,
}

/// Gives to `refused` every post on which a record cannot be taken back, because somebody else has decided
/// since; out of order also where oneself has, because what came later would be undone with it and without a
/// word. Ends with what `refused` gives back.
pub(super) fn refusals(
    state: &State,
    part: Part,
    by: &str,
    mut refused: impl FnMut(&PostId, UndoRefused) -> Result<(), UndoRefused>,
) -> Result<(), UndoRefused> {
    let store = state.store();
    let entry = store.entry(part.record).ok_or(UndoRefused::NothingToUndo)?;
    for place in places_of(state, entry).filter(|place| !part.is_partly_left || is_left(state, place)) {
        if let Err(why) = seen(state, place, by, part.is_out_of_order) {
            refused(&PostId::new(store.posts.get(place.post)), why)?;
        }
    }
    Ok(())
}

/// Whether a record is about a post.
pub(super) fn is_about(state: &State, record: u32, post: &PostId) -> bool {
    state.store().posts.find(post.as_str()).is_some_and(|post| is_about_number(state, record, post))
}

/// The same for the post with this number.
pub(super) fn is_about_number(state: &State, record: u32, post: u32) -> bool {
    state.store().entry(record).is_some_and(|entry| places_of(state, entry).any(|it| it.post == post))
}

fn places_of<'a>(state: &'a State, entry: &Entry) -> impl Iterator<Item = &'a Place> {
    (entry.first..entry.first.saturating_add(entry.count)).filter_map(|at| state.store().place(at))
}

/// Whether any post of a record is not taken back yet.
pub(super) fn is_any_left(state: &State, record: u32) -> bool {
    let entry = state.store().entry(record);
    entry.is_some_and(|entry| places_of(state, entry).any(|place| is_left(state, place)))
}

/// Whether no record takes back what a place has set: each is taken back once.
fn is_left(state: &State, place: &Place) -> bool {
    let store = state.store();
    let Some(entry) = store.entry(place.record) else { return false };
    let takes_back = |other: &Entry| store.undone(other) == Some(entry.id) && other.by == entry.by;
    !state.places_in(place.slot).any(|other| store.entry(other.record).is_some_and(takes_back))
}

/// The records that are current where a record has set something, or why that is not taken back.
fn seen<'a>(
    state: &'a State,
    place: &'a Place,
    by: &str,
    is_out_of_order: bool,
) -> Result<Vec<Current<'a>>, UndoRefused> {
    let store = state.store();
    let post = || PostId::new(store.posts.get(place.post));
    let current: Vec<_> =
        state.current_in(place.slot, place.hash, &[]).filter(|head| head.is_fresh).collect();
    // What was decided and taken back since does not count: what held before it does.
    let itself = current.iter().filter(|head| head.place.record == place.record).copied();
    let others = state.holding_in(place.slot, place.hash, &[], place.record).filter(|head| head.is_fresh);
    if let Some(other) = itself.chain(others).find(|head| head.by() != by) {
        let (by, val) = (other.by().to_owned(), other.val().to_owned());
        return Err(UndoRefused::Overruled { post: post(), by, val });
    }
    if let Some(later) = current.iter().find(|head| is_out_of_order && head.place.record != place.record) {
        return Err(UndoRefused::Overtaken { post: post(), val: later.val().to_owned() });
    }
    let past = store.prev(place);
    if !past.is_empty() && past.iter().all(|id| store.find(*id).is_none()) {
        return Err(UndoRefused::Forgotten { post: post() });
    }
    Ok(current)
}

/// What takes a part of a record back, as far as a line holds it: each of its posts gets its own former value.
/// Where one of them cannot be taken back, `refused` tells whether it is left out.
pub(super) fn taking_back(
    state: &State,
    part: Part,
    by: &str,
    mut refused: impl FnMut(&PostId, UndoRefused) -> Result<(), UndoRefused>,
) -> Result<Taken, UndoRefused> {
    let store = state.store();
    let entry = store.entry(part.record).ok_or(UndoRefused::NothingToUndo)?;
    let key = store.key(store.key_word(part.record));
    // What the first of them gets stands once on the line: most often all get the same.
    let mut value: Option<Former> = None;
    let (mut targets, mut filled, mut next) = (Vec::new(), 0, None);
    let places = places_of(state, entry).enumerate().skip(part.from);
    for (at, place) in places.filter(|(_, place)| !part.is_partly_left || is_left(state, place)) {
        let post = PostId::new(store.posts.get(place.post));
        let current = match seen(state, place, by, part.is_out_of_order) {
            Ok(current) => current,
            Err(why) => {
                refused(&post, why)?;
                continue;
            }
        };
        let prev = current.iter().map(Current::id).collect();
        let (former, hash) = former(state, &key, place);
        let value = value.get_or_insert_with(|| {
            filled += filled::by_value(&former);
            former.clone()
        });
        let target: Taking = (post, hash, prev, Some(former).filter(|former| former != value));
        filled += filled::by_post(&target.0, &target.2, target.3.as_ref());
        if filled > part.most_bytes && !targets.is_empty() {
            next = Some(at);
            break;
        }
        targets.push(target);
    }
    let value = value.unwrap_or_else(|| unset(&key));
    if !entry.is_bulk() {
        let one = targets.pop();
        let draft =
            one.map(|(post, hash, prev, _)| Draft { target: Target::One { post, hash, prev }, key, value });
        return Ok(Taken { draft, next });
    }
    // A record about no post is taken back like any other.
    let is_any = !targets.is_empty() || entry.count == 0;
    let targets = targets
        .into_iter()
        .filter_map(|(post, hash, prev, own)| Some(BulkTarget { post, hash: hash?, prev, own }));
    let draft = is_any.then(|| Draft { target: Target::Many(targets.collect()), key, value });
    Ok(Taken { draft, next })
}

/// A post, its text, what is current there, and a value of its own.
type Taking = (PostId, Option<Digest>, Vec<RecordId>, Option<Former>);

/// What holds where nobody has decided.
fn unset(key: &Key) -> Former {
    Former { val: key.blank_val().to_owned(), why: Vec::new(), note: None }
}

/// What held for a post before a record, and the digest of the text it held for.
fn former(state: &State, key: &Key, place: &Place) -> (Former, Option<Digest>) {
    let store = state.store();
    let past = state.held_before(place);
    let past = past.into_iter().filter_map(|past| Some((past, store.entry(past.record)?)));
    let cautious = past.max_by_key(|(past, entry)| {
        let status = Status::from_name(store.val(past)).unwrap_or_default();
        (status.caution(), entry.at_ms, store.id_text(entry.id))
    });
    match cautious {
        Some((past, _)) => (store.former(past), past.hash.or(place.hash)),
        None => (unset(key), place.hash),
    }
}
