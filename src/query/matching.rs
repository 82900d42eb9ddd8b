//! Whether a word of a query is in a text of a post. Case never matters.

use super::fuzzy::fold;

/// Whether `text` holds folded `words` anywhere, in any case.
pub(super) fn contains(text: &str, words: &str) -> bool {
    if text.is_ascii() && words.is_ascii() {
        let words = words.as_bytes();
        return words.is_empty()
            || text.as_bytes().windows(words.len()).any(|window| window.eq_ignore_ascii_case(words));
    }
    fold(text).contains(words)
}

/// A folded word that words of posts are compared with: `stack:python` finds `python services`, and
/// `flag:image_heavy` and `flag:"image heavy"` are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WholeWord(String);

impl WholeWord {
    pub(super) fn new(folded: &str) -> Self {
        Self(folded.chars().map(plain).collect())
    }

    /// Whether the word is nothing, which only nothing matches.
    pub(super) fn is_blank(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a word of a post is this one, or holds it as a whole word.
    pub(super) fn is_in(&self, word: &str) -> bool {
        if self.is_blank() {
            return word.is_empty();
        }
        if word.is_ascii() && self.0.is_ascii() {
            return self.is_in_ascii(word.as_bytes());
        }
        let word: String = fold(word).chars().map(plain).collect();
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        word.match_indices(&self.0).any(|(at, _)| {
            let before = word.get(..at).and_then(|before| before.chars().next_back());
            let after = word.get(at + self.0.len()..).and_then(|after| after.chars().next());
            edge(before) && edge(after)
        })
    }

    /// The same without making a copy: nearly all words are ASCII.
    fn is_in_ascii(&self, word: &[u8]) -> bool {
        let wanted = self.0.as_bytes();
        let same = |(byte, wanted): (&u8, &u8)| {
            let byte = if matches!(byte, b'_' | b'-') { b' ' } else { byte.to_ascii_lowercase() };
            byte == *wanted
        };
        let edge = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric());
        word.windows(wanted.len()).enumerate().any(|(at, window)| {
            window.iter().zip(wanted).all(same)
                && edge(at.checked_sub(1).and_then(|before| word.get(before)))
                && edge(word.get(at + wanted.len()))
        })
    }
}

fn plain(c: char) -> char {
    if matches!(c, '_' | '-') { ' ' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_found_in_any_writing() {
        for (word, wanted, found) in [
            ("python services", "python", true),
            ("Python3", "python", false),
            ("image_heavy", "image heavy", true),
            ("image-heavy", "heavy", true),
            ("", "", true),
            ("a", "", false),
            ("é go", "go", true),
            ("égo", "go", false),
            ("c++", "c++", true),
            ("ÜBER uns", "über", true),
        ] {
            assert_eq!(WholeWord::new(&fold(wanted)).is_in(word), found, "{word} {wanted}");
        }
    }
}
