//! fuzzy-matcher itself.

use std::borrow::Cow;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::SCORED_CHARS;
use super::fold::fold_char;

/// How well a folded word fits a title; 0 where it is not in it.
pub(in crate::query) fn score(title: &str, word: &str) -> i64 {
    matcher().fuzzy_match(&scored(title), word).unwrap_or_default()
}

/// A matcher for one title. It must not be used again: fuzzy-matcher 0.3.7 reads cells of its matrix
/// that the title before has left there, so that a score would depend on what was scored before;
/// and switching its cache off makes it panic.
fn matcher() -> SkimMatcherV2 {
    SkimMatcherV2::default().ignore_case()
}

/// The letters of a title that a folded word has found. Unit: positions of characters.
pub(in crate::query) fn positions(title: &str, word: &str) -> Vec<usize> {
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
