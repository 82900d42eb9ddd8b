//! Whether a word of a query is in a text of a post. Case never matters.

use std::borrow::Cow;

use super::fuzzy::{fold, fold_char};
use crate::model::host::host_of;

/// From the rarest letter of English text to the most usual; other signs are rarer still.
const RAREST_FIRST: &[u8] = b"zqjxkvbpgwyfmculdhrsnioate ";

/// Folded words that texts are searched for as they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    folded: String,
    /// Where its rarest letter stands, and the letter in both cases: the one to look for first.
    rare: Option<(usize, u8, u8)>,
}

impl Words {
    pub(super) fn new(folded: &str) -> Self {
        let rank = |byte: u8| RAREST_FIRST.iter().position(|other| *other == byte).map_or(0, |rank| rank + 1);
        let rare = folded.bytes().enumerate().min_by_key(|(_, byte)| rank(*byte));
        let rare = rare.filter(|_| folded.is_ascii());
        let rare = rare.map(|(at, byte)| (at, byte.to_ascii_lowercase(), byte.to_ascii_uppercase()));
        Self { folded: folded.to_owned(), rare }
    }

    /// The words.
    pub(super) fn folded(&self) -> &str {
        &self.folded
    }

    /// Whether a text holds the words anywhere, in any case.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let Some((rare, lower, upper)) = self.rare.filter(|_| text.is_ascii()) else {
            return fold(text).contains(&self.folded);
        };
        let (text, words) = (text.as_bytes(), self.folded.as_bytes());
        memchr::memchr2_iter(lower, upper, text).any(|at| {
            let start = at.checked_sub(rare);
            let here = start.and_then(|start| text.get(start..start + words.len()));
            here.is_some_and(|here| here.eq_ignore_ascii_case(words))
        })
    }
}

/// A folded text that texts of posts are compared with as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Same(String);

impl Same {
    pub(super) fn new(folded: &str) -> Self {
        Self(folded.to_owned())
    }

    /// A host. A value with a slash is an address, and its host is meant; no host has one.
    pub(super) fn host(folded: &str) -> Self {
        let host = host_of(folded).filter(|_| folded.contains('/'));
        Self(host.map_or_else(|| folded.to_owned(), |host| fold(&host)))
    }

    /// The text.
    pub(super) fn folded(&self) -> &str {
        &self.0
    }

    /// Whether a text is this one, in any case.
    pub(super) fn is(&self, text: &str) -> bool {
        text.eq_ignore_ascii_case(&self.0)
            || (!text.is_ascii() && text.chars().map(fold_char).eq(self.0.chars()))
    }
}

/// How texts are compared, of which every post has its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TextTest {
    /// They hold something.
    Holds(Words),
    /// They are something.
    Is(Same),
}

impl TextTest {
    pub(super) fn new(folded: &str, is_whole: bool) -> Self {
        if is_whole { Self::Is(Same::new(folded)) } else { Self::Holds(Words::new(folded)) }
    }

    pub(super) fn is_in(&self, text: &str) -> bool {
        match self {
            Self::Holds(words) => words.is_in(text),
            Self::Is(same) => same.is(text),
        }
    }
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

/// A host that hosts of posts are compared with: `host:example.org` finds `img.example.org` too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HostName(String);

impl HostName {
    pub(super) fn new(value: &str) -> Self {
        Self(host_of(value).map_or_else(|| value.trim().to_lowercase(), Cow::into_owned))
    }

    fn is_in(&self, host: &str) -> bool {
        let Some(rest) = host.strip_suffix(self.0.as_str()) else { return false };
        rest.is_empty() || (rest.ends_with('.') && !self.0.is_empty())
    }
}

/// How words of a column are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum WordTest {
    Whole(WholeWord),
    Host(HostName),
    Is(Same),
}

impl WordTest {
    /// Whether it is nothing, which only nothing matches.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Whole(word) => word.is_blank(),
            Self::Host(host) => host.0.is_empty(),
            Self::Is(same) => same.0.is_empty(),
        }
    }

    /// Whether a post without a word is meant, where posts have one word or none (`is_single`) or a list.
    pub(super) fn means_none(&self, is_single: bool) -> bool {
        self.is_blank() && (is_single || matches!(self, Self::Is(_)))
    }

    /// Whether a word of a post is meant.
    pub(super) fn is_in(&self, word: &str) -> bool {
        match self {
            Self::Whole(wanted) => wanted.is_in(word),
            Self::Host(host) => host.is_in(word),
            Self::Is(same) => same.is(word),
        }
    }
}

fn plain(c: char) -> char {
    if matches!(c, '_' | '-') { ' ' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_are_found_in_any_case(text in "[abzAZ éÉ]{0,12}", part in "[abz é]{0,3}") {
            prop_assert_eq!(Words::new(&part).is_in(&text), fold(&text).contains(&part));
        }
    }

    #[test]
    fn a_host_is_found_with_those_below_it() {
        for (host, wanted, found) in [
            ("dummyimage.com", "dummyimage.com", true),
            ("i\u{307}.example", "İ.example", true),
            ("cdn.dummyimage.com", "DummyImage.com", true),
            ("dummyimage.com.example.org", "dummyimage.com", false),
            ("mydummyimage.com", "dummyimage.com", false),
            ("cdn.example.org", "https://example.org/a", true),
            ("example.org", "cdn.example.org", false),
            ("example.org", "", false),
        ] {
            assert_eq!(HostName::new(wanted).is_in(host), found, "{host} {wanted}");
        }
    }

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
