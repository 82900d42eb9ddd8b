//! Ranks of texts without their case: by eight bytes at a time, since most texts differ in the first.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::Stop;
use super::order::{MISSING, counted};
use crate::corpus::Row;
use crate::query::fuzzy::{fold, fold_char};

/// Texts are compared by so many bytes at once.
const START_BYTES: usize = 8;

/// Texts that are alike for longer are compared as wholes: each step here is a call within a call.
const REFINED_BYTES: usize = 256;

/// The first bytes of a folded text, as a number that is ordered as they are: most texts differ here.
pub(super) fn start_of(text: &str) -> u64 {
    start_at(text, 0)
}

/// Its next bytes from some place on.
fn start_at(text: &str, from: usize) -> u64 {
    let mut start = [0; START_BYTES];
    let mut put = |bytes: &mut dyn Iterator<Item = u8>| {
        start.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = byte);
    };
    if text.is_ascii() {
        put(&mut text.bytes().skip(from).map(|byte| byte.to_ascii_lowercase()));
    } else {
        put(&mut folded_bytes(text).skip(from));
    }
    u64::from_be_bytes(start)
}

fn folded_bytes(text: &str) -> impl Iterator<Item = u8> {
    text.chars().flat_map(|c| {
        let mut bytes = [0; 4];
        let len = fold_char(c).encode_utf8(&mut bytes).len();
        bytes.into_iter().take(len)
    })
}

/// How long a folded text is. Unit: bytes.
fn folded_len(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(|c| fold_char(c).len_utf8()).sum() }
}

/// Compares two texts as if they were folded.
fn compare_folded(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() {
        // What both begin with is mostly written alike, and eight bytes are one comparison.
        let alike =
            a.as_bytes().chunks_exact(8).zip(b.as_bytes().chunks_exact(8)).take_while(|(a, b)| a == b);
        let from = alike.count() * 8;
        let lower = |byte: u8| byte.to_ascii_lowercase();
        return a.bytes().skip(from).map(lower).cmp(b.bytes().skip(from).map(lower));
    }
    fold(a).cmp(&fold(b))
}

/// Orders texts by the starts that they come with, those that are equal by their next eight bytes, and so
/// on. `depth` is where the starts begin. When `stop` says so they are left in any order.
fn refine<'a>(
    group: &mut [(u64, u32)],
    depth: usize,
    text: &(impl Fn(u32) -> &'a str + Sync),
    stop: Stop<'_>,
) {
    if group.len() < 2 || stop() {
        return;
    }
    group.sort_unstable();
    let next = depth + START_BYTES;
    for same in group.chunk_by_mut(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        let (mut shortest, mut longest) = (usize::MAX, 0);
        for (start, number) in same.iter_mut() {
            let text = text(*number);
            let len = folded_len(text);
            (shortest, longest) = (shortest.min(len), longest.max(len));
            *start = start_at(text, next);
        }
        if next > REFINED_BYTES || (longest <= next && shortest < longest) {
            // A text may end in what fills up shorter ones.
            same.sort_unstable_by(|a, b| compare_folded(text(a.1), text(b.1)));
        } else if longest > next {
            refine(same, next, text, stop);
        }
    }
}

/// So many texts are ranked between two looks at whether that is still wanted.
const STOP_AFTER: usize = 1 << 12;

/// Ranks of texts without their case: equal texts have one, blank ones none. `starts` are what
/// [`start_of`] gives for each, `text` the text with a number.
pub(super) fn text_ranks<'a>(
    starts: &[u64],
    text: impl Fn(u32) -> &'a str + Sync,
    stop: Stop<'_>,
) -> Option<Vec<u32>> {
    if stop() {
        return None;
    }
    // By the first two bytes at once. Most of the time goes to the rest, in pieces, since a key may wait
    // for it to stop.
    let firsts: Vec<u32> = starts.iter().filter_map(|start| u32::try_from(start >> 48).ok()).collect();
    let all: Vec<Row> = (0..).take(starts.len()).map(Row).collect();
    let (rows, _) = counted(&all, &firsts, 1 << 16, |first| first as usize);
    let start = |row: &Row| starts.get(row.index()).copied().unwrap_or_default();
    let mut order: Vec<(u64, u32)> = rows.iter().map(|row| (start(row), row.0)).collect();
    let groups: Vec<&mut [(u64, u32)]> = order.chunk_by_mut(|a, b| a.0 >> 48 == b.0 >> 48).collect();
    groups.into_par_iter().for_each(|group| refine(group, 0, &text, stop));
    if stop() {
        return None;
    }
    let mut ranks = vec![MISSING; starts.len()];
    let mut rank = 0;
    let mut before: Option<&str> = None;
    for (at, (_, number)) in order.into_iter().enumerate() {
        if at % STOP_AFTER == 0 && stop() {
            return None;
        }
        let is_same = |other: &str| compare_folded(other, text(number)).is_eq();
        if !before.is_some_and(is_same) {
            rank += 1;
            before = Some(text(number));
        }
        if let Some(slot) = ranks.get_mut(number as usize).filter(|_| !text(number).is_empty()) {
            *slot = rank;
        }
    }
    Some(ranks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_that_are_alike_for_long_are_ordered_too() {
        let texts: Vec<String> = ["b", "a", "", "c"].map(|end| "x".repeat(1 << 20) + end).to_vec();
        let starts: Vec<u64> = texts.iter().map(|text| start_of(text)).collect();
        let ranks = text_ranks(&starts, |number| &texts[number as usize], &|| false).unwrap();
        assert_eq!(ranks, [3, 2, 1, 4]);
    }

    proptest! {
        #[test]
        fn texts_are_ranked_without_their_case(texts in prop::collection::vec("([ab]{0,9}|[éab日]{0,17})?[a-cA-C éÉßİ\u{212a}kK日\u{0}]{0,10}", 0..20)) {
            let starts: Vec<u64> = texts.iter().map(|text| start_of(text)).collect();
            let ranks = text_ranks(&starts, |number| &texts[number as usize], &|| false).unwrap();
            for (a, rank_a) in texts.iter().zip(&ranks) {
                prop_assert_eq!(a.is_empty(), *rank_a == MISSING);
                for (b, rank_b) in texts.iter().zip(&ranks) {
                    if !a.is_empty() && !b.is_empty() {
                        prop_assert_eq!(fold(a).cmp(&fold(b)), rank_a.cmp(rank_b), "{:?} {:?}", a, b);
                    }
                }
            }
        }
    }
}
