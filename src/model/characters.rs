//! What single characters do on a terminal: which are shown as they are, which are named.

use unicode_width::UnicodeWidthChar;

/// What becomes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Shown,
    Tab,
    /// Shown as the picture of a control character.
    Picture(char),
    /// Shown by its number.
    Named,
}

/// What becomes of a character between its neighbours.
pub(super) fn fate(c: char, previous: Option<char>, next: Option<char>) -> Fate {
    match c {
        ' '..='~' => Fate::Shown,
        '\t' => Fate::Tab,
        '\0'..='\u{1f}' => Fate::Picture(char::from_u32(0x2400 + c as u32).unwrap_or('?')),
        '\u{7f}' => Fate::Picture('␡'),
        '\u{200d}' if joins_emoji(previous, next) => Fate::Shown,
        '\u{200c}' | '\u{200d}' if previous.is_some_and(needs_joiners) => Fate::Shown,
        '\u{fe0e}' | '\u{fe0f}' if previous.is_some_and(takes_selector) => Fate::Shown,
        '\u{e0020}'..='\u{e007f}' if previous.is_some_and(takes_tag) => Fate::Shown,
        '\u{e0100}'..='\u{e01ef}' | '\u{fe00}'..='\u{fe0d}' if previous.is_some_and(is_ideograph) => {
            Fate::Shown
        }
        _ if is_invisible(c) => Fate::Named,
        _ => Fate::Shown,
    }
}

/// Characters that act, hide or turn text around instead of being seen.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{9f}'                       // C1 controls, NEL among them
        | '\u{ad}' | '\u{34f}' | '\u{61c}'        // soft hyphen, grapheme joiner, Arabic letter mark
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' // Hangul fillers
        | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' // Khmer and Mongolian invisibles
        | '\u{200b}'..='\u{200f}'                 // zero width, direction marks
        | '\u{2028}'..='\u{202e}'                 // line separators, embeddings, overrides
        | '\u{2060}'..='\u{206f}'                 // joiners, invisible operators, isolates
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'    // variation selectors, byte order mark
        | '\u{fff0}'..='\u{fffb}'                 // specials
        | '\u{e000}'..='\u{f8ff}'                 // private use
        | '\u{fdd0}'..='\u{fdef}'                 // noncharacters
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' // shorthand and musical controls
        | '\u{e0000}'..='\u{e0fff}'               // tags, more selectors
        | '\u{f0000}'..='\u{10ffff}'              // private use planes
    ) || (c as u32) & 0xfffe == 0xfffe
}

pub(super) fn is_mark(c: char) -> bool {
    c.width() == Some(0) || matches!(c, '\u{ff9e}' | '\u{ff9f}')
}

fn joins_emoji(previous: Option<char>, next: Option<char>) -> bool {
    previous.is_some_and(|c| is_pictograph(c) || c == '\u{fe0f}' || matches!(c, '\u{e0020}'..='\u{e007f}'))
        && next.is_some_and(is_pictograph)
}

/// Near enough to `Extended_Pictographic`: symbols and pictures outside the letters.
pub(super) fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '\u{3030}' | '\u{303d}' | '©' | '®')
}

fn takes_selector(c: char) -> bool {
    is_pictograph(c)
        || is_ideograph(c)
        || matches!(c, '0'..='9' | '#' | '*' | '\u{203c}' | '\u{2049}' | '™' | 'ℹ')
}

fn takes_tag(c: char) -> bool {
    matches!(c, '\u{1f3f4}' | '\u{e0020}'..='\u{e007f}')
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '\u{1000}'..='\u{109f}' | '\u{a840}'..='\u{a877}')
}

/// Scripts in which joiners and non-joiners change the letters: Arabic and its neighbours, the
/// scripts of India, Mongolian and their marks.
pub(super) fn needs_joiners(c: char) -> bool {
    matches!(c,
        '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{e00}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
        | '\u{1b00}'..='\u{1bff}' | '\u{a8e0}'..='\u{a8ff}' | '\u{aa00}'..='\u{abff}' | '\u{fb50}'..='\u{fdcf}'
        | '\u{fe70}'..='\u{fefc}' | '\u{11000}'..='\u{11fff}')
}

/// Characters that take the next one into their cluster.
pub(super) fn is_prepended(c: char) -> bool {
    matches!(c,
        '\u{600}'..='\u{605}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{d4e}'
        | '\u{110bd}' | '\u{110cd}' | '\u{111c2}' | '\u{111c3}' | '\u{113d1}' | '\u{1193f}' | '\u{11941}'
        | '\u{11a3a}' | '\u{11a84}'..='\u{11a89}' | '\u{11d46}' | '\u{11f02}')
}

/// Characters that nobody sees, wherever they stand.
pub(super) fn is_unseen(c: char) -> bool {
    is_invisible(c) && !matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// Letters of Hangul that are put together to syllables.
pub(super) fn is_jamo(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}' | '\u{d7b0}'..='\u{d7ff}')
}
