//! Text of strangers, made fit for a terminal: everything that could act is shown instead.
//!
//! A post, a file name or a line of the log may hold escape sequences, text that runs backwards,
//! or characters without a width. [`safe`] is the only way to a [`Safe`], and only a `Safe` is
//! printed or drawn.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Combining marks beyond this in one cluster are counted instead of shown. No script needs more
/// than a handful; a cell of a terminal cannot hold thousands.
const MAX_MARKS: usize = 8;

/// A TAB goes to the next multiple of this. Unit: columns.
const TAB_STOP: usize = 4;

/// Text that does nothing to a terminal but show itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Safe<'a> {
    text: Cow<'a, str>,
    /// Where in `text` a sign stands for something that was not shown itself.
    marks: Vec<Range<usize>>,
}

/// Makes `raw` safe. Clean text is borrowed, and text that was made safe before stays as it is.
/// The text is one line: a line feed is shown as a sign.
pub fn safe(raw: &str) -> Safe<'_> {
    if raw.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) {
        return Safe { text: Cow::Borrowed(raw), marks: Vec::new() };
    }
    let mut writer = Writer::default();
    for cluster in raw.graphemes(true) {
        writer.cluster(cluster);
    }
    if writer.marks.is_empty() && writer.text == raw {
        return Safe { text: Cow::Borrowed(raw), marks: Vec::new() };
    }
    Safe { text: Cow::Owned(writer.text), marks: writer.marks }
}

impl<'a> Safe<'a> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text, borrowed where nothing had to be replaced.
    pub fn into_text(self) -> Cow<'a, str> {
        self.text
    }

    /// Nothing had to be replaced.
    pub fn is_clean(&self) -> bool {
        self.marks.is_empty()
    }

    /// How wide it is. Unit: columns.
    pub fn width(&self) -> usize {
        self.text.width()
    }

    /// The text in pieces; `true` marks those that stand for something that was not shown itself.
    pub fn pieces(&self) -> impl Iterator<Item = (&str, bool)> {
        let mut at = 0;
        let mut marks = self.marks.iter();
        let mut mark = marks.next();
        std::iter::from_fn(move || {
            let (end, marked) = match mark {
                Some(range) if range.start == at => {
                    mark = marks.next();
                    (range.end, true)
                }
                Some(range) => (range.start, false),
                None => (self.text.len(), false),
            };
            let piece = self.text.get(at..end).filter(|piece| !piece.is_empty())?;
            at = end;
            Some((piece, marked))
        })
    }
}

impl fmt::Display for Safe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// JSON text in which characters that could act on a terminal or turn text around are written as
/// `\uXXXX`: the same JSON to every reader, and safe to print.
pub fn json_safe(json: &str) -> Cow<'_, str> {
    if json.bytes().all(|byte| byte < 0x7f) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\u{7f}' && !is_invisible(c) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    Cow::Owned(out)
}

#[derive(Default)]
struct Writer {
    text: String,
    marks: Vec<Range<usize>>,
    column: usize,
    previous: Option<char>,
}

impl Writer {
    fn cluster(&mut self, cluster: &str) {
        let start = self.text.len();
        let (mut kept, mut dropped) = (0, 0);
        let mut chars = cluster.chars().peekable();
        let mut first = true;
        while let Some(c) = chars.next() {
            match fate(c, self.previous, chars.peek().copied()) {
                Fate::Tab => {
                    let blanks = TAB_STOP - self.column % TAB_STOP;
                    self.text.extend(std::iter::repeat_n(' ', blanks));
                    self.column += blanks;
                }
                Fate::Picture(sign) => self.mark(|text| text.push(sign)),
                // A mark without a letter would join the frame beside it, or vanish.
                Fate::Shown if first && is_mark(c) => self.name(c),
                Fate::Named => self.name(c),
                Fate::Shown if first => self.text.push(c),
                Fate::Shown if kept < MAX_MARKS => {
                    kept += 1;
                    self.text.push(c);
                }
                Fate::Shown => dropped += 1,
            }
            first = false;
            self.previous = Some(c);
        }
        if dropped > 0 {
            self.mark(|text| {
                let _ = write!(text, "…+{dropped}");
            });
        }
        if !cluster.starts_with('\t') {
            self.column += self.text.get(start..).map_or(0, UnicodeWidthStr::width);
        }
    }

    fn name(&mut self, c: char) {
        self.mark(|text| {
            // Writing to a String cannot fail.
            let _ = write!(text, "<U+{:04X}>", c as u32);
        });
    }

    fn mark(&mut self, write: impl FnOnce(&mut String)) {
        let start = self.text.len();
        write(&mut self.text);
        let end = self.text.len();
        match self.marks.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => self.marks.push(start..end),
        }
    }
}

enum Fate {
    Shown,
    Tab,
    Picture(char),
    Named,
}

/// What becomes of a character between its neighbours.
fn fate(c: char, previous: Option<char>, next: Option<char>) -> Fate {
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
fn is_invisible(c: char) -> bool {
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

fn is_mark(c: char) -> bool {
    c.width() == Some(0) || matches!(c, '\u{ff9e}' | '\u{ff9f}')
}

fn joins_emoji(previous: Option<char>, next: Option<char>) -> bool {
    previous.is_some_and(|c| is_pictograph(c) || c == '\u{fe0f}' || matches!(c, '\u{e0020}'..='\u{e007f}'))
        && next.is_some_and(is_pictograph)
}

/// Near enough to `Extended_Pictographic`: symbols and pictures outside the letters.
fn is_pictograph(c: char) -> bool {
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
fn needs_joiners(c: char) -> bool {
    matches!(c,
        '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{e00}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
        | '\u{1b00}'..='\u{1bff}' | '\u{a8e0}'..='\u{a8ff}' | '\u{aa00}'..='\u{abff}' | '\u{fb50}'..='\u{fdcf}'
        | '\u{fe70}'..='\u{fefc}' | '\u{11000}'..='\u{11fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_could_act_is_shown() {
        for (raw, shown) in [
            ("\u{1b}[2J\u{1b}]52;c;eA==\u{7}", "␛[2J␛]52;c;eA==␇"),
            ("\u{9b}31m\0", "<U+009B>31m␀"),
            ("APPROVED\rREJECTED", "APPROVED␍REJECTED"),
            ("safe\u{202e}gnp.exe", "safe<U+202E>gnp.exe"),
            ("a\u{200b}b\u{ad}c\u{feff}", "a<U+200B>b<U+00AD>c<U+FEFF>"),
            ("a\nb\u{2028}c", "a␊b<U+2028>c"),
            ("a\tb\t", "a   b   "),
            ("\u{301}x", "<U+0301>x"),
            ("a\u{200d}b", "a<U+200D>b"),
            ("\u{e001}\u{ffff}", "<U+E001><U+FFFF>"),
        ] {
            assert_eq!(safe(raw).as_str(), shown, "{raw:?}");
        }
    }

    #[test]
    fn what_people_write_is_left_alone_and_borrowed() {
        for text in [
            "plain",
            "naïve — “quoted”",
            "日本語の記事",
            "مرحبا بالعالم",
            "שלום",
            "हिन्दी क्\u{200d}ष",
            "👩\u{200d}👩\u{200d}👧 🇪🇺 3\u{fe0f}\u{20e3} ❤\u{fe0f}",
            "می\u{200c}خواهم",
            "e\u{301}",
        ] {
            let made = safe(text);
            assert!(matches!(made.clone().into_text(), Cow::Borrowed(_)), "{text}: {made}");
            assert!(made.is_clean());
        }
    }

    #[test]
    fn a_thousand_marks_are_counted() {
        let raw = format!("a{}", "\u{301}".repeat(1000));
        assert_eq!(safe(&raw).as_str(), format!("a{}…+992", "\u{301}".repeat(8)));
        let raw = format!("a{}", "\u{ff9e}".repeat(70_000));
        assert!(safe(&raw).width() < 20);
    }

    #[test]
    fn pieces_tell_signs_from_words() {
        let made = safe("a\u{1b}\u{202e}b");
        let pieces: Vec<_> = made.pieces().collect();
        assert_eq!(pieces, [("a", false), ("␛<U+202E>", true), ("b", false)]);
        assert_eq!(safe("").pieces().count(), 0);
    }

    proptest! {
        #[test]
        fn nothing_that_acts_gets_through_and_twice_is_once(raw in any::<String>()) {
            let made = safe(&raw);
            let acts = |c: char| {
                c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}')
            };
            prop_assert!(!made.as_str().contains(acts));
            let again = safe(made.as_str());
            prop_assert_eq!(again.as_str(), made.as_str());
            let joined: String = made.pieces().map(|(piece, _)| piece).collect();
            prop_assert_eq!(joined.as_str(), made.as_str());
        }
    }
}
