//! Fuzzy words against titles: which titles they hit, how well, and which letters they found.
//!
//! A word hits a title that holds its letters in their order, whatever stands between, in any case.
//! That test is ours and exact; how well it fits is fuzzy-matcher's score.

use std::borrow::Cow;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

/// Titles beyond this are scored by this much of them, or one title could hold up every key.
/// Unit: characters.
const SCORED_CHARS: usize = 512;

/// A text without its case: one character stays one character.
pub(super) fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

fn fold_char(c: char) -> char {
    if c.is_ascii() { c.to_ascii_lowercase() } else { c.to_lowercase().next().unwrap_or(c) }
}

/// Whether a title holds the letters of a folded word in their order.
pub(super) fn hits(title: &str, word: &str) -> bool {
    if title.is_ascii() && word.is_ascii() {
        let mut wanted = word.bytes();
        let Some(mut next) = wanted.next() else { return true };
        for byte in title.bytes() {
            if byte.to_ascii_lowercase() == next {
                match wanted.next() {
                    Some(byte) => next = byte,
                    None => return true,
                }
            }
        }
        return false;
    }
    let mut letters = title.chars().map(fold_char);
    word.chars().all(|wanted| letters.any(|letter| letter == wanted))
}

/// How well folded words fit a title: the sum of fuzzy-matcher's scores; a word that is not in it
/// adds nothing. Higher is better.
pub(super) fn score(title: &str, words: &[&str]) -> i64 {
    let title = scored(title);
    words.iter().filter_map(|word| matcher().fuzzy_match(&title, word)).sum()
}

/// A matcher for one title. It must not be used again: fuzzy-matcher 0.3.7 reads cells of its matrix
/// that the title before has left there, so that a score would depend on what was scored before;
/// and switching its cache off makes it panic.
fn matcher() -> SkimMatcherV2 {
    SkimMatcherV2::default().ignore_case()
}

/// The letters of a title that a folded word has found. Unit: positions of characters.
pub(super) fn positions(title: &str, word: &str) -> Vec<usize> {
    let found = matcher().fuzzy_indices(&scored(title), word);
    found.map(|(_, positions)| positions).unwrap_or_default()
}

/// What of a title is scored: fuzzy-matcher folds ASCII alone, so the rest is folded here.
fn scored(title: &str) -> Cow<'_, str> {
    if title.is_ascii() {
        return Cow::Borrowed(title.get(..SCORED_CHARS).unwrap_or(title));
    }
    Cow::Owned(title.chars().take(SCORED_CHARS).map(fold_char).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_in_their_order_hit() {
        assert!(hits("Field Notes on Caching", "fnc"));
        assert!(hits("Élan ÜBER", &fold("éÜ")));
        assert!(!hits("abc", "ca"));
        assert!(hits("anything", ""));
    }

    #[test]
    fn a_word_that_stands_together_scores_higher() {
        assert!(score("cache stampedes", &["cache"]) > score("a c b a c h x e", &["cache"]));
        assert_eq!(positions("A Cache", "cache"), [2, 3, 4, 5, 6]);
    }

    proptest! {
        #[test]
        fn a_score_does_not_depend_on_what_was_scored_before(
            titles in prop::collection::vec("[ab ]{1,12}", 1..8),
            word in "[ab]{1,3}",
        ) {
            let forth: Vec<i64> = titles.iter().map(|title| score(title, &[&word])).collect();
            let mut back: Vec<i64> = titles.iter().rev().map(|title| score(title, &[&word])).collect();
            back.reverse();
            prop_assert_eq!(forth, back);
        }

        #[test]
        fn what_is_highlighted_spells_the_word(title in "[a-cA-C éÉß日]{0,20}", word in "[a-cA-CéÉ日]{1,4}") {
            let word = fold(&word);
            let spelled: String = positions(&title, &word)
                .into_iter()
                .map(|at| fold_char(title.chars().nth(at).unwrap()))
                .collect();
            let expected = if hits(&title, &word) { word.as_str() } else { "" };
            prop_assert_eq!(spelled, expected);
        }
    }
}
