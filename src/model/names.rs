//! Names of characters that are there and are not seen, or look like others.

use unicode_security::mixed_script::AugmentedScriptSet;

use super::characters::{Fate, fate, is_mark, is_unseen, needs_joiners};
use super::escape::with_numbers_read;

/// Letters of these look like Latin ones.
const LOOK_LATIN: [(&str, std::ops::RangeInclusive<char>); 5] = [
    ("GREEK", '\u{370}'..='\u{3ff}'),
    ("CYRILLIC", '\u{400}'..='\u{52f}'),
    ("ARMENIAN", '\u{530}'..='\u{58f}'),
    ("CHEROKEE", '\u{13a0}'..='\u{13ff}'),
    ("FULLWIDTH", '\u{ff01}'..='\u{ff5e}'),
];

/// What a character is called, where copydesk knows a name: those that nobody sees, and the scripts whose
/// letters look like Latin ones.
pub(super) fn name_of(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{85}' => "NEXT LINE",
        '\u{a0}' => "NO-BREAK SPACE",
        '\u{ad}' => "SOFT HYPHEN",
        '\u{34f}' => "COMBINING GRAPHEME JOINER",
        '\u{61c}' => "ARABIC LETTER MARK",
        '\u{1680}' => "OGHAM SPACE MARK",
        '\u{180e}' => "MONGOLIAN VOWEL SEPARATOR",
        '\u{2000}' | '\u{2002}' => "EN SPACE",
        '\u{2001}' | '\u{2003}' => "EM SPACE",
        '\u{2004}'..='\u{2006}' => "PART OF AN EM SPACE",
        '\u{2007}' => "FIGURE SPACE",
        '\u{2008}' => "PUNCTUATION SPACE",
        '\u{2009}' => "THIN SPACE",
        '\u{200a}' => "HAIR SPACE",
        '\u{200b}' => "ZERO WIDTH SPACE",
        '\u{200c}' => "ZERO WIDTH NON-JOINER",
        '\u{200d}' => "ZERO WIDTH JOINER",
        '\u{200e}' => "LEFT-TO-RIGHT MARK",
        '\u{200f}' => "RIGHT-TO-LEFT MARK",
        '\u{2028}' => "LINE SEPARATOR",
        '\u{2029}' => "PARAGRAPH SEPARATOR",
        '\u{202a}' => "LEFT-TO-RIGHT EMBEDDING",
        '\u{202b}' => "RIGHT-TO-LEFT EMBEDDING",
        '\u{202c}' => "POP DIRECTIONAL FORMATTING",
        '\u{202d}' => "LEFT-TO-RIGHT OVERRIDE",
        '\u{202e}' => "RIGHT-TO-LEFT OVERRIDE",
        '\u{202f}' => "NARROW NO-BREAK SPACE",
        '\u{205f}' => "MEDIUM MATHEMATICAL SPACE",
        '\u{2060}' => "WORD JOINER",
        '\u{2061}'..='\u{2064}' => "INVISIBLE OPERATOR",
        '\u{2066}' => "LEFT-TO-RIGHT ISOLATE",
        '\u{2067}' => "RIGHT-TO-LEFT ISOLATE",
        '\u{2068}' => "FIRST STRONG ISOLATE",
        '\u{2069}' => "POP DIRECTIONAL ISOLATE",
        '\u{3000}' => "IDEOGRAPHIC SPACE",
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => "HANGUL FILLER",
        '\u{2400}'..='\u{2421}' => "PICTURE OF A CONTROL CHARACTER",
        '\u{2800}' => "BRAILLE BLANK",
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => "VARIATION SELECTOR",
        '\u{feff}' => "BYTE ORDER MARK",
        '\u{e0020}'..='\u{e007e}' => "TAG",
        '\u{e007f}' => "CANCEL TAG",
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' => "COMBINING MARK",
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. => "PRIVATE USE",
        _ => return LOOK_LATIN.iter().find(|(_, letters)| letters.contains(&c)).map(|(script, _)| *script),
    })
}

/// Whether a character that is shown as it is should be named all the same where everything is revealed:
/// it is not seen, or it could be taken for another.
pub(super) fn is_worth_a_name(c: char, previous: Option<char>, next: Option<char>) -> bool {
    match c {
        '\0'..='~' => false,
        _ if LOOK_LATIN.iter().any(|(_, letters)| letters.contains(&c)) => {
            let is_latin = |beside: Option<char>| beside.is_some_and(|c| c.is_ascii_alphabetic());
            is_latin(previous) || is_latin(next) || matches!(c, '\u{ff01}'..='\u{ff5e}')
        }
        // Marks belong to the letters of most scripts; on a Latin letter they may stand for another letter.
        _ if is_mark(c) && !previous.is_some_and(needs_joiners) => true,
        _ => c.is_whitespace() || name_of(c).is_some(),
    }
}

/// Whether letters of scripts that do not belong together stand in one word of an id. Latin words among
/// others are usual, Latin letters among Cyrillic ones are not.
pub fn mixes_scripts(id: &str) -> bool {
    let mixes = |word: &str| {
        let others: String = word.chars().filter(|c| !c.is_ascii()).collect();
        let looks_latin = |c: char| LOOK_LATIN.iter().any(|(_, letters)| letters.contains(&c));
        let has_latin = word.contains(|c: char| c.is_ascii_alphabetic());
        has_latin && others.contains(looks_latin) || AugmentedScriptSet::for_str(&others).is_empty()
    };
    !id.is_ascii() && id.split(|c: char| !c.is_alphanumeric()).any(mixes)
}

/// What a text looks like: equal for two that a reader could not tell apart.
pub fn skeleton(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    // Somebody may have written the sign for a character in place of the character.
    for c in with_numbers_read(text, "<U+", '>').chars().filter(|c| !is_unseen(*c)) {
        match fate(c, None, None) {
            Fate::Picture(sign) => seen.push(sign),
            // How many columns a tab takes depends on where it stands.
            Fate::Tab if !seen.ends_with(' ') => seen.push(' '),
            Fate::Tab => {}
            _ if c == ' ' && seen.ends_with(' ') => {}
            _ => seen.push(c),
        }
    }
    unicode_security::confusable_detection::skeleton(&seen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_look_alike_have_one_skeleton() {
        for (id, other) in [
            ("post", "p\u{43e}st"),
            ("a\u{200b}b", "ab"),
            ("caf\u{e9}", "cafe\u{301}"),
            ("a\u{202e}b", "ab"),
            ("a\u{202e}b", "a<U+202E>b"),
            ("a\u{1b}b\u{7f}", "a␛b␡"),
            ("a\u{9b}b", "a<U+009B>b"),
            ("a\tb", "a  b"),
        ] {
            assert_eq!(skeleton(id), skeleton(other), "{id}");
        }
        assert_ne!(skeleton("post-1"), skeleton("post-2"));
    }

    #[test]
    fn scripts_that_belong_together_do_not_mix() {
        for id in ["post-1", "日本語のID", "пост-1", "한글-hangul", "مقال-٣"] {
            assert!(!mixes_scripts(id), "{id}");
        }
        for id in ["p\u{43e}st", "a-1\u{455}t", "\u{3b1}\u{430}"] {
            assert!(mixes_scripts(id), "{id}");
        }
    }
}
