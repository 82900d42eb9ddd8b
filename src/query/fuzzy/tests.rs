use proptest::prelude::*;

use super::fold::fold_char;
use super::*;

const VOCABULARY: [&str; 20] = [
    "a",
    "the",
    "Redis",
    "redistribute",
    "PostgreSQL",
    "slow",
    "query",
    "caching",
    "cache-aside",
    "in",
    "on-call",
    "TypeScript",
    "gRPC",
    "HTTP/2",
    "(part 12)",
    "3am",
    "RateLimiter",
    "snake_case",
    "we",
    "p99",
];

fn score(title: &str, words: &[&str]) -> i64 {
    let words: Vec<Word> = words.iter().map(|word| Word::new(word)).collect();
    Scorer::default().score(title, &words)
}

/// fuzzy-matcher's own score.
fn expected(title: &str, word: &str) -> i64 {
    reference::score(title, &fold(word))
}

fn hold(title: &str, word: &str) -> bool {
    let mut letters = title.chars().map(fold_char);
    fold(word).chars().all(|wanted| letters.any(|letter| letter == wanted))
}

/// Titles as people write them, and others that are all gaps.
fn titles() -> impl Strategy<Value = String> {
    let words = prop::collection::vec((prop::sample::select(&VOCABULARY), "[ .,/]|: |, | "), 0..16);
    let written = words.prop_map(|words| {
        let parts = words.into_iter().flat_map(|(word, end)| [word.to_owned(), end]);
        parts.collect::<String>()
    });
    prop_oneof![
        written,
        "[a-cA-C ._0]{0,40}",
        "([ab]{0,2}[x-z]{0,60}){0,8}",
        "([abAB ]{0,3}[x-z]{0,9}){0,12}",
        "([a-c]{0,2}[x ]{0,80}){0,9}",
        "[a-cA-C\0KİéÉß日本 .]{0,90}",
        "[a-d \u{7f}~^`{|}@\\[\\]]{0,30}",
        "[ab ]{500,530}",
        "[abé ]{500,530}",
        ".{0,30}",
    ]
}

fn words() -> impl Strategy<Value = String> {
    let start = (prop::sample::select(&VOCABULARY), 0..9_usize);
    prop_oneof![
        start.prop_map(|(word, length)| word.chars().take(length).collect::<String>()),
        "[a-cA-C 0]{0,7}",
        "[ab]{1,9}",
        "[a-z]{1,3}",
        "[a-c\0kiéÉß日 ]{0,5}",
        "[a-c ~^`@\\[]{0,4}",
        "[ab]{30,40}",
        ".{0,3}",
    ]
}

#[test]
fn letters_in_their_order_hit() {
    assert!(hits("Field Notes on Caching", &Word::new("fnc")));
    assert!(hits("Élan ÜBER", &Word::new("éÜ")));
    assert!(!hits("abc", &Word::new("ca")));
    assert!(hits("anything", &Word::new("")));
    assert!(hits("300 \u{212A}", &Word::new("k")), "the sign of Kelvin is a k without its case");
}

#[test]
fn a_word_that_stands_together_scores_higher() {
    assert!(score("cache stampedes", &["cache"]) > score("a c b a c h x e", &["cache"]));
    assert_eq!(positions("A Cache", "cache"), [2, 3, 4, 5, 6]);
}

#[test]
fn what_is_folded_stays_as_it_is() {
    for letter in char::MIN..=char::MAX {
        let folded = fold_char(letter);
        assert_eq!(fold_char(folded), folded, "{letter:?}");
    }
}

#[test]
fn a_long_title_is_scored_by_its_start() {
    for letter in ["x", "é"] {
        let title = |before: usize| format!("{}ab", letter.repeat(before));
        assert_eq!(score(&title(SCORED_CHARS - 2), &["ab"]), expected(&title(SCORED_CHARS - 2), "ab"));
        assert_ne!(score(&title(SCORED_CHARS - 2), &["ab"]), 0);
        assert_eq!(score(&title(SCORED_CHARS - 1), &["ab"]), 0);
        assert!(hits(&title(SCORED_CHARS), &Word::new("ab")));
    }
}

/// A letter after a separator can add more than others, so that more ways lead to a better score.
#[test]
fn a_separator_in_a_word_is_worth_more() {
    for title in ["xAb c ab_ c", "xAb c ab_ c yab c", "xab c_ab.-c a  b c"] {
        assert_eq!(score(title, &["ab c"]), expected(title, "ab c"), "{title}");
    }
}

/// What two letters before has left counts where the gap is long: see `score`.
#[test]
fn what_the_matrix_has_left_counts() {
    let gap = "x".repeat(60);
    for title in [
        format!("aa{gap}{gap}ab"),
        format!("aab{gap}abc{gap}d"),
        format!("a{gap}b"),
        format!("ab{gap}ab{gap}ab"),
    ] {
        for word in ["aab", "aabd", "ab", "aba", "abab", "abc"] {
            assert_eq!(score(&title, &[word]), expected(&title, word), "{word} in {title}");
        }
    }
    assert_eq!(
        score(&format!("aa{gap}{gap}ab"), &["aab"]),
        15,
        "that of an a alone, or it would be below zero"
    );
}

proptest! {
    /// One scorer for all, so that nothing of one title may be left for the next.
    #[test]
    fn scores_are_those_of_fuzzy_matcher(titles in prop::collection::vec(titles(), 1..5), words in prop::collection::vec(words(), 1..4)) {
        let ready: Vec<Word> = words.iter().map(|word| Word::new(word)).collect();
        let mut scorer = Scorer::default();
        for title in &titles {
            for (word, ready) in words.iter().zip(ready.chunks(1)) {
                prop_assert_eq!(scorer.score(title, ready), expected(title, word), "{:?} in {:?}", word, title);
            }
            let sum: i64 = words.iter().map(|word| expected(title, word)).sum();
            prop_assert_eq!(scorer.score(title, &ready), sum);
        }
    }

    #[test]
    fn hits_are_exact(title in titles(), text in words()) {
        let word = Word::new(&text);
        let expected = hold(&title, &text);
        prop_assert_eq!(hits(&title, &word), expected);
    }

    #[test]
    fn what_is_highlighted_spells_the_word(title in "[a-cA-C éÉß日]{0,20}", word in "[a-cA-CéÉ日]{1,4}") {
        let word = Word::new(&word);
        let spelled: String = positions(&title, word.text())
            .into_iter()
            .map(|at| fold_char(title.chars().nth(at).unwrap()))
            .collect();
        let expected = if hits(&title, &word) { word.text() } else { "" };
        prop_assert_eq!(spelled, expected);
    }
}
