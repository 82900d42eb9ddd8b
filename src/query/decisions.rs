//! Who decided on a post, why, when and with which note: what queries look at beside the status.
//!
//! Only the posts that were decided on take room here. Everything is kept in pieces that are shared
//! with the copies that a filter works on, so that a copy is cheap to make and the next decision
//! touches one piece.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::corpus::Row;
use crate::model::{Day, Status};
use crate::review::Standing;

/// So many rows share a piece.
const PIECE_ROWS: usize = 1 << 10;

/// So many texts share a piece.
const PIECE_TEXTS: usize = 1 << 10;

/// Unit: seconds.
const DAY_SECONDS: u32 = 24 * 60 * 60;

/// What was decided about one post, in numbers; zero for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Detail {
    /// The number of who decided, among [`Decisions::people`].
    pub(super) by: u32,
    /// The number of the reasons, among [`Decisions::reasons`].
    pub(super) why: u32,
    /// When. Unit: seconds since 1970.
    pub(super) at: u32,
}

impl Detail {
    /// The day of the decision.
    pub(super) fn day(self) -> Option<Day> {
        (self.at > 0).then(|| Day(u16::try_from(self.at / DAY_SECONDS).unwrap_or(Day::LAST.0)))
    }
}

/// The decisions of all posts.
#[derive(Clone, Debug, Default)]
pub(super) struct Decisions {
    pieces: Vec<Option<Arc<Piece>>>,
    people: Lists,
    reasons: Lists,
}

/// The rows of one piece.
#[derive(Clone, Debug)]
struct Piece {
    details: Vec<Detail>,
    /// Notes by their place in the piece, in order.
    notes: Vec<(u16, Notes)>,
}

/// What is noted on a post: what is shown first, and an earlier note behind it on lines of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notes {
    text: Arc<str>,
    /// Where the first of two ends. Unit: bytes.
    end: Option<u32>,
}

impl Notes {
    fn of(standing: &Standing) -> Option<Self> {
        let mut notes = standing.notes().filter(|note| !note.is_empty());
        let (first, second) = (notes.next()?, notes.next());
        let text = second.map_or_else(|| first.into(), |second| format!("{first}\n{second}").into());
        Some(Self { text, end: second.and_then(|_| u32::try_from(first.len()).ok()) })
    }

    /// Both of them.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Each of them.
    pub(super) fn each(&self) -> impl Iterator<Item = &str> {
        let parts = self.end.and_then(|end| self.text.split_at_checked(end as usize));
        let (first, second) =
            parts.map_or((self.text(), None), |(first, rest)| (first, rest.strip_prefix('\n')));
        std::iter::once(first).chain(second)
    }
}

impl Default for Piece {
    fn default() -> Self {
        Self { details: vec![Detail::default(); PIECE_ROWS], notes: Vec::new() }
    }
}

impl Decisions {
    /// Takes in what holds for a row now.
    pub(super) fn set(&mut self, row: Row, standing: &Standing) {
        let is_decided = standing.decided != Status::Unreviewed;
        let detail = if is_decided {
            let people: Vec<String> = std::iter::once(&standing.by).chain(&standing.also).cloned().collect();
            Detail {
                by: self.people.number(&people),
                why: self.reasons.number(&standing.why),
                at: standing.at.map_or(0, seconds),
            }
        } else {
            Detail::default()
        };
        let note = Notes::of(standing);
        let (at, within) = (row.index() / PIECE_ROWS, row.index() % PIECE_ROWS);
        let is_blank = detail == Detail::default() && note.is_none();
        if is_blank && self.pieces.get(at).is_none_or(Option::is_none) {
            return;
        }
        if self.detail(row) == detail && self.notes(row) == note.as_ref() {
            return;
        }
        if self.pieces.len() <= at {
            self.pieces.resize(at + 1, None);
        }
        let Some(piece) = self.pieces.get_mut(at) else { return };
        let piece = Arc::make_mut(piece.get_or_insert_default());
        if let Some(slot) = piece.details.get_mut(within) {
            *slot = detail;
        }
        let number = u16::try_from(within).unwrap_or_default();
        let place = piece.notes.binary_search_by_key(&number, |(at, _)| *at);
        match (place, note) {
            (Ok(place), Some(note)) => {
                if let Some(slot) = piece.notes.get_mut(place) {
                    slot.1 = note;
                }
            }
            (Err(place), Some(note)) => piece.notes.insert(place, (number, note)),
            (Ok(place), None) => drop(piece.notes.remove(place)),
            (Err(_), None) => {}
        }
    }

    /// Takes what was decided behind so many posts back.
    pub(super) fn truncate(&mut self, len: usize) {
        self.pieces.truncate(len.div_ceil(PIECE_ROWS));
        let within = len % PIECE_ROWS;
        if let Some(Some(last)) = self.pieces.get_mut(len / PIECE_ROWS).filter(|_| within > 0) {
            let last = Arc::make_mut(last);
            last.details.iter_mut().skip(within).for_each(|detail| *detail = Detail::default());
            last.notes.retain(|(at, _)| usize::from(*at) < within);
        }
    }

    fn piece(&self, row: Row) -> Option<&Piece> {
        self.pieces.get(row.index() / PIECE_ROWS)?.as_deref()
    }

    /// What was decided about a row.
    pub(super) fn detail(&self, row: Row) -> Detail {
        let detail = self.piece(row).and_then(|piece| piece.details.get(row.index() % PIECE_ROWS));
        detail.copied().unwrap_or_default()
    }

    /// What is noted on a row.
    pub(super) fn notes(&self, row: Row) -> Option<&Notes> {
        let piece = self.piece(row)?;
        let within = u16::try_from(row.index() % PIECE_ROWS).ok()?;
        let at = piece.notes.binary_search_by_key(&within, |(at, _)| *at).ok()?;
        piece.notes.get(at).map(|(_, notes)| notes)
    }

    /// The rows with notes that pass, in order.
    pub(super) fn noted(&self, passes: impl Fn(&Notes) -> bool + Sync) -> Vec<Row> {
        let of_piece = |(at, piece): (usize, &Option<Arc<Piece>>)| {
            let first = u32::try_from(at * PIECE_ROWS).unwrap_or(u32::MAX);
            let notes = piece.iter().flat_map(|piece| &piece.notes);
            let passing = notes.filter(|(_, note)| passes(note));
            passing.map(|(within, _)| Row(first + u32::from(*within))).collect::<Vec<_>>()
        };
        self.pieces.par_iter().enumerate().map(of_piece).collect::<Vec<_>>().concat()
    }

    /// How many of the rows that pass have each list of reasons, by its number.
    pub(super) fn count_reasons(&self, passes: impl Fn(Row) -> bool) -> Vec<usize> {
        let mut counts = vec![0; self.reasons.each((), |_| ()).len()];
        for (at, piece) in self.pieces.iter().enumerate() {
            let first = u32::try_from(at * PIECE_ROWS).unwrap_or(u32::MAX);
            let rows = piece.iter().flat_map(|piece| &piece.details).zip(first..);
            for (detail, _) in rows.filter(|(detail, row)| detail.by > 0 && passes(Row(*row))) {
                counts.get_mut(detail.why as usize).into_iter().for_each(|count| *count += 1);
            }
        }
        counts
    }

    /// Who has decided, each as a list of one.
    pub(super) fn people(&self) -> &Lists {
        &self.people
    }

    /// The reasons that were given.
    pub(super) fn reasons(&self) -> &Lists {
        &self.reasons
    }
}

/// A moment that is not after 2106 and not before the first second of 1970; the nearest such one.
fn seconds(at: Timestamp) -> u32 {
    u32::try_from(at.as_second().clamp(1, i64::from(u32::MAX) - 1)).unwrap_or_default()
}

/// Lists of texts, each of which has a number from 1. Nothing is ever taken out.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    pieces: Vec<Arc<Vec<Arc<[String]>>>>,
    known: Known,
}

/// The numbers of lists. A copy knows none: it is made to be read.
#[derive(Debug, Default)]
struct Known(HashMap<Arc<[String]>, u32>);

impl Clone for Known {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Lists {
    fn number(&mut self, list: &[String]) -> u32 {
        if list.iter().all(String::is_empty) {
            return 0;
        }
        if let Some(number) = self.known.0.get(list) {
            return *number;
        }
        let list: Arc<[String]> = list.into();
        if self.pieces.last().is_none_or(|last| last.len() >= PIECE_TEXTS) {
            self.pieces.push(Arc::default());
        }
        let before = (self.pieces.len() - 1) * PIECE_TEXTS;
        let Some(last) = self.pieces.last_mut().map(Arc::make_mut) else { return 0 };
        last.push(Arc::clone(&list));
        let number = u32::try_from(before + last.len()).unwrap_or(u32::MAX);
        self.known.0.insert(list, number);
        number
    }

    /// Something of each list by its number; `blank` of none.
    pub(super) fn each<T>(&self, blank: T, of: impl FnMut(&[String]) -> T) -> Vec<T> {
        let lists = self.pieces.iter().flat_map(|piece| piece.iter()).map(|list| &**list);
        std::iter::once(blank).chain(lists.map(of)).collect()
    }

    /// The list with this number.
    pub(super) fn get(&self, number: u32) -> &[String] {
        let at = number.checked_sub(1).map(|at| at as usize);
        let list = at.and_then(|at| self.pieces.get(at / PIECE_TEXTS)?.get(at % PIECE_TEXTS));
        list.map_or(&[], |list| list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn standing(by: &str, why: &[&str], note: &str, second: i64) -> Standing {
        Standing {
            decided: Status::Flagged,
            by: by.to_owned(),
            why: why.iter().map(|reason| (*reason).to_owned()).collect(),
            note: Some(note.to_owned()),
            at: Timestamp::from_second(second).ok(),
            ..Standing::default()
        }
    }

    #[test]
    fn a_copy_keeps_what_it_saw() {
        let mut now = Decisions::default();
        now.set(Row(5000), &standing("mara", &["image", "tone"], "look again", 86_400));
        let before = now.clone();
        now.set(Row(5000), &standing("ola", &[], "", 7));
        now.set(Row(3), &standing("mara", &["tone"], "", 9));
        let detail = before.detail(Row(5000));
        assert_eq!(before.people().get(detail.by), ["mara"]);
        assert_eq!(before.reasons().get(detail.why), ["image", "tone"]);
        assert_eq!(
            (detail.day(), before.notes(Row(5000)).map(Notes::text)),
            (Some(Day(1)), Some("look again"))
        );
        assert_eq!((before.detail(Row(3)), before.detail(Row(9_999_999))), Default::default());
        let detail = now.detail(Row(5000));
        assert_eq!((now.people().get(detail.by), now.notes(Row(5000))), (&["ola".to_owned()][..], None));
        assert!(now.reasons().get(detail.why).is_empty());
        now.set(Row(5000), &Standing::default());
        assert_eq!(now.detail(Row(5000)), Detail::default());
    }

    proptest! {
        /// Whatever is set, copied and taken back: each row has what it was given last.
        #[test]
        fn every_row_has_what_it_was_given_last(
            steps in prop::collection::vec((0..5000_u32, 0..4_usize, 0..3_usize, any::<bool>()), 1..60),
        ) {
            let (mut now, mut plain, mut copies) = (Decisions::default(), HashMap::new(), Vec::new());
            for (row, who, note, truncates) in steps {
                if truncates {
                    now.truncate(row as usize);
                    plain.retain(|other, _| *other < row);
                    continue;
                }
                copies.push(now.clone());
                let (who, note) = (["", "a", "b", "c"][who], ["", "x", "y"][note]);
                now.set(Row(row), &standing(who, &[who, note], note, 1));
                plain.insert(row, (who, note));
                for (row, (who, note)) in &plain {
                    let detail = now.detail(Row(*row));
                    let name = now.people().get(detail.by).first().map_or("", |name| name);
                    prop_assert_eq!((name, now.notes(Row(*row)).map_or("", Notes::text)), (*who, *note));
                }
                let mut expected: Vec<Row> =
                    plain.iter().filter(|(_, (_, note))| *note == "x").map(|(row, _)| Row(*row)).collect();
                expected.sort_unstable();
                prop_assert_eq!(now.noted(|notes| notes.text() == "x"), expected);
            }
        }
    }
}
