//! The decisions, and this writer among those who make them.

use std::hash::BuildHasher;

use jiff::Timestamp;

use super::damage::{Doubts, HeldBack, Named};
use super::draft::Draft;
use super::history::History;
use super::origins::Origins;
use super::record::{BulkTarget, Former, Key, Record, RecordId, Target, Via, number_of};
use super::state::{Current, State};
use super::store::SET;
use crate::model::{Digest, Outline, PostId, Status, Value, clock};

/// A step on more posts than this is several records: each is a line that every reader takes (a post takes
/// up some 110 bytes of it, at most 1,200).
pub const POSTS_PER_RECORD: usize = 5_000;

/// The field that names the first record of a step in those that go on with it.
pub(super) const STEP: &str = "step";

/// Who decides, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The name that decisions are signed with.
    pub by: String,
    /// Where they are made.
    pub via: Via,
}

/// A decision that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The post.
    pub post: PostId,
    /// The digest of what was shown.
    pub hash: Digest,
    /// The digests of other posts with the same id; what holds for them is left alone.
    pub siblings: Vec<Digest>,
    /// What is decided.
    pub key: Key,
    /// The new value.
    pub val: String,
    /// The reasons of a flag.
    pub why: Vec<String>,
    /// A note beside the value. A blank one says that there is none; without one, a flag that is flagged
    /// again keeps the one it has.
    pub note: Option<String>,
}

/// What is kept beside a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// The time spent on the post. Unit: milliseconds.
    pub ms: Option<u64>,
    /// What the post consists of.
    pub outline: Option<Outline>,
    /// The id under which the same text was decided on before, where that decision is taken over.
    pub from: Option<PostId>,
}

/// The decisions of everybody, and the means to make more. A record that is made here holds at
/// once; to last, it must be appended to the log.
#[derive(Clone, Debug)]
pub struct Reviews {
    author: Author,
    writer: String,
    /// The highest number of a record, one's own or another's: the next one is higher, so that what
    /// was seen comes before what is made, whatever the clocks say.
    highest: u64,
    pub(super) state: State,
    pub(super) mine: History,
    pub(super) origins: Origins,
    doubts: Doubts,
}

impl Reviews {
    /// No decisions yet, and a writer that nobody else is.
    pub fn new(author: Author) -> Self {
        let random = std::hash::RandomState::new();
        let seed = (std::process::id(), clock::now().as_nanosecond());
        Self::with_writer(author, writer_name(random.hash_one(seed)))
    }

    /// The same with a writer of this name, for tests.
    pub fn with_writer(author: Author, writer: String) -> Self {
        Self {
            author,
            writer,
            highest: 0,
            state: State::default(),
            mine: History::default(),
            origins: Origins::default(),
            doubts: Doubts::default(),
        }
    }

    /// What all records add up to.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The name that decisions are signed with.
    pub fn by(&self) -> &str {
        &self.author.by
    }

    /// Records that are taken in or made from here on stand in the log with this number. One that takes
    /// another back always stands beside that one.
    pub fn turn_to(&mut self, log: usize) {
        self.origins.turn_to(log);
    }

    /// The number of the log that a record stands in, or is to be written to.
    pub fn log_of(&self, id: &RecordId) -> usize {
        self.state.number(id).map_or(0, |record| self.origins.of(record))
    }

    /// Takes in a record of the log; `false` when it was there already.
    pub fn absorb(&mut self, record: Record) -> bool {
        self.absorb_draft(&Draft::of(&record))
    }

    /// The same for a record that still stands on its line.
    pub(super) fn absorb_draft(&mut self, draft: &Draft<'_>) -> bool {
        let number = number_of(&draft.id);
        // A number that no honest writer reaches would leave none to go on with.
        self.highest = self.highest.max(number.min(u64::from(u32::MAX)));
        self.doubts.meet(draft);
        let Some(record) = self.state.absorb_draft(draft) else { return false };
        self.origins.add(record);
        if *draft.by == *self.author.by && &*draft.op == SET {
            self.mine.add(record, &self.state);
        } else if draft.rest.as_ref().is_some_and(|rest| rest.undo.is_some()) {
            self.mine.unsettle();
        }
        true
    }

    /// Another file is read from here on, with so many more records.
    pub(super) fn begin_file(&mut self, more: usize) {
        self.state.reserve(more);
        self.doubts.turn_to_next_file();
    }

    /// A damaged line was met.
    pub(super) fn doubt(&mut self, named: &Named) {
        self.doubts.add(named);
    }

    /// The posts that damaged lines of the logs may have been about, as far as nobody has decided on them since.
    pub fn held_back(&self) -> HeldBack {
        self.doubts.held_back(&self.state)
    }

    /// Goes on from what another copy of this writer has read. Where nothing is known yet that costs
    /// nothing, however much it is.
    pub fn go_on_from(&mut self, past: Self) {
        if self.state.is_empty() {
            let Self { highest, state, mine, origins, doubts, .. } = past;
            (self.highest, self.state, self.mine, self.origins) = (highest, state, mine, origins);
            self.doubts = doubts;
        } else {
            for record in past.state.records() {
                self.turn_to(past.log_of(&record.id));
                self.absorb(record);
            }
        }
    }

    /// Takes what another copy of this writer has read anew in the place of what is known here, which is given back.
    /// No number of a record is given twice.
    pub fn begin_anew(&mut self, anew: Self) -> Self {
        let before = self.clone_writer();
        let Self { highest, state, mine, origins, doubts, .. } = anew;
        self.highest = self.highest.max(highest);
        Self {
            state: std::mem::replace(&mut self.state, state),
            mine: std::mem::replace(&mut self.mine, mine),
            origins: std::mem::replace(&mut self.origins, origins),
            doubts: std::mem::replace(&mut self.doubts, doubts),
            ..before
        }
    }

    /// The same writer, who knows of no decision yet.
    pub fn clone_writer(&self) -> Self {
        Self { highest: self.highest, ..Self::with_writer(self.author.clone(), self.writer.clone()) }
    }

    /// Makes a decision. `None` when exactly that holds already: decisions are set, not toggled.
    /// `ms` is the time spent on the post.
    pub fn decide(&mut self, change: Change, ms: Option<u64>, now: Timestamp) -> Option<Record> {
        self.decide_beside(change, Beside { ms, ..Beside::default() }, now)
    }

    /// The same with more beside it.
    pub fn decide_beside(&mut self, change: Change, beside: Beside, now: Timestamp) -> Option<Record> {
        let change = Change { note: self.note_beside(&change), ..change };
        if self.holds(&change) {
            return None;
        }
        let prev = self.seen(&change);
        let Change { post, hash, key, val, why, note, .. } = change;
        let target = Target::One { post, hash: Some(hash), prev };
        let Beside { ms, outline, from } = beside;
        let extra = from.map(|id| ("from".to_owned(), Value::from(id.as_str()))).into_iter().collect();
        let record = Record { key, val, why, note, ms, outline, extra, ..self.blank(target, now) };
        Some(self.make(record))
    }

    /// Makes one decision on several posts; those for which it holds already are left out. All changes
    /// must agree in everything but the post, and no post may come twice. `None` when nothing would change.
    pub fn decide_many(
        &mut self,
        changes: Vec<Change>,
        filter: Option<String>,
        now: Timestamp,
    ) -> Option<Record> {
        self.decide_more(changes, filter, None, now)
    }

    /// The same, going on with the step that began with the record `step`: they are undone together.
    pub fn decide_more(
        &mut self,
        changes: Vec<Change>,
        filter: Option<String>,
        step: Option<&RecordId>,
        now: Timestamp,
    ) -> Option<Record> {
        let note = changes.first()?.note.clone().filter(|note| !note.is_empty());
        let with_note = |change| Change { note: self.note_beside(&change), ..change };
        let changes = changes.into_iter().map(with_note).filter(|change| !self.holds(change));
        let changes: Vec<Change> = changes.collect();
        let targets = changes.iter().map(|change| BulkTarget {
            post: change.post.clone(),
            hash: change.hash,
            prev: self.seen(change),
            own: (change.note != note).then(|| Former {
                val: change.val.clone(),
                why: change.why.clone(),
                note: change.note.clone(),
            }),
        });
        let target = Target::Many(targets.collect());
        let Change { key, val, why, .. } = changes.into_iter().next()?;
        let via = Some(if self.author.via == Via::Browse { Via::Bulk } else { self.author.via });
        let extra = going_on(step);
        let record = Record { key, val, why, note, via, filter, extra, ..self.blank(target, now) };
        Some(self.make(record))
    }

    /// The note that will stand beside a decision.
    pub(super) fn note_beside(&self, change: &Change) -> Option<String> {
        if change.note.is_some() {
            return change.note.clone().filter(|note| !note.is_empty());
        }
        if change.key != Key::Status || change.val != Status::Flagged.name() {
            return None;
        }
        let former: Vec<Former> = self
            .holding(change)
            .iter()
            .filter(|head| head.status() == Status::Flagged)
            .map(Current::former)
            .collect();
        if former.iter().all(|former| former.note.is_none()) {
            return None;
        }
        // One that was changed on the post since is not brought back.
        let note = self.state.standing(&change.post, Some(change.hash), &change.siblings).note?;
        former.iter().any(|former| former.note.as_ref() == Some(&note)).then_some(note)
    }

    fn holding<'a>(&'a self, change: &'a Change) -> Vec<Current<'a>> {
        self.state.holding(&change.post, &change.key, Some(change.hash), &change.siblings)
    }

    pub(super) fn blank(&mut self, target: Target, now: Timestamp) -> Record {
        Record {
            id: RecordId::of(&self.writer, self.highest.saturating_add(1)),
            // The log keeps milliseconds; what is held must be what is written.
            at: clock::of_millisecond(now.as_millisecond()),
            by: self.author.by.clone(),
            op: SET.to_owned(),
            target,
            key: Key::Status,
            val: String::new(),
            why: Vec::new(),
            note: None,
            via: Some(self.author.via),
            ms: None,
            filter: None,
            undo: None,
            outline: None,
            extra: Vec::new(),
        }
    }

    pub(super) fn make(&mut self, record: Record) -> Record {
        self.absorb_draft(&Draft::of(&record));
        // Its own numbers count whole: none is given twice.
        self.highest = self.highest.max(number_of(record.id.as_str()));
        record
    }

    /// What this writer has seen of what is decided. Who agrees leaves the decisions of the others as they are.
    pub(super) fn seen(&self, change: &Change) -> Vec<RecordId> {
        let seen = self.state.seen(&change.post, &change.key, Some(change.hash), &change.siblings);
        let agrees =
            |head: &Current<'_>| change.key == Key::Status && says(head, change) && head.by() != self.by();
        seen.into_iter().filter(|head| !agrees(head)).map(|head| head.id()).collect()
    }

    /// Whether exactly that holds already, of a status: as a decision of this reviewer.
    fn holds(&self, change: &Change) -> bool {
        let holding = self.holding(change);
        if change.key == Key::Note {
            // What is compared is what is shown, which may be the note beside the decision.
            let standing = self.state.standing(&change.post, Some(change.hash), &change.siblings);
            let is_fresh = matches!(holding.as_slice(), [] | [Current { is_fresh: true, .. }]);
            return is_fresh && standing.note.unwrap_or_default() == change.val;
        }
        if holding.is_empty() {
            return change.val == change.key.blank_val() && change.note.is_none();
        }
        let is_own = |head: &Current<'_>| change.key != Key::Status || head.by() == self.by();
        holding.iter().all(|head| says(head, change)) && holding.iter().any(is_own)
    }
}

/// Whether a decision says the same about the same text.
fn says(head: &Current<'_>, change: &Change) -> bool {
    let Former { val, why, note } = head.former();
    head.is_fresh && val == change.val && why == change.why && note == change.note
}

/// What a record carries that goes on with a step.
pub(super) fn going_on(step: Option<&RecordId>) -> Vec<(String, Value)> {
    step.map(|step| (STEP.to_owned(), Value::from(step.as_str()))).into_iter().collect()
}

/// A word that nobody else has.
pub(super) fn random_word() -> String {
    writer_name(std::hash::RandomState::new().hash_one(std::process::id()))
}

/// 64 bits as 13 letters and digits, none of which is easily taken for another.
fn writer_name(bits: u64) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let letter = |at: u32| {
        let five = u8::try_from(bits >> (at * 5) & 31).unwrap_or_default();
        LETTERS.get(usize::from(five)).map(|byte| char::from(*byte))
    };
    (0..13).rev().filter_map(letter).collect()
}
