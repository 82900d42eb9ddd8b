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

use super::characters::{Fate, fate, is_invisible, is_mark, is_prepended};
use super::names::{is_worth_a_name, name_of};

/// Combining marks beyond this in one cluster are counted instead of shown. No script needs more
/// than a handful; a cell of a terminal cannot hold thousands.
const MAX_MARKS: usize = 8;

/// No cluster is wider: a wider one is cut, and what is left out is counted. Unit: columns.
const MAX_CLUSTER_WIDTH: usize = 8;

/// The longest emoji that people use are of ten characters.
const MAX_CHARS: usize = 16;

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
    written(raw, Writer::default(), &mut [])
}

/// The same, and what is there and cannot be seen or told apart is named as well: joiners, selectors,
/// blanks of other kinds, marks on letters, letters of another script in a Latin word.
pub fn revealed(raw: &str) -> Safe<'_> {
    written(raw, Writer { reveals: true, ..Writer::default() }, &mut [])
}

/// Either of them, and `places` of the raw text, in ascending order, become the same places of the safe
/// one. Unit: bytes. A place within a cluster becomes the end of it.
pub fn safe_with_places<'a>(raw: &'a str, reveals: bool, places: &mut [usize]) -> Safe<'a> {
    written(raw, Writer { reveals, ..Writer::default() }, places)
}

fn written<'a>(raw: &'a str, mut writer: Writer, places: &mut [usize]) -> Safe<'a> {
    if raw.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) {
        return Safe { text: Cow::Borrowed(raw), marks: Vec::new() };
    }
    let mut places = places.iter_mut().peekable();
    for (at, cluster) in raw.grapheme_indices(true) {
        while let Some(place) = places.next_if(|place| **place <= at) {
            *place = writer.text.len();
        }
        writer.cluster(cluster);
    }
    places.for_each(|place| *place = writer.text.len());
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
        width(&self.text)
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

/// The half-width sound marks of Katakana: the screen gives each a column more than `unicode-width` does.
const SOUND_MARK: char = '\u{ff9e}';
const HALF_SOUND_MARK: char = '\u{ff9f}';

/// How wide safe text is on the screen. Unit: columns.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.width() + text.chars().filter(|c| matches!(*c, SOUND_MARK | HALF_SOUND_MARK)).count()
}

/// Cuts safe text to at most a width, with `…` where something was cut.
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut kept = String::new();
    let mut used = 0;
    for cluster in text.graphemes(true) {
        let next = used + width(cluster);
        if next + 1 > columns {
            break;
        }
        kept.push_str(cluster);
        used = next;
    }
    if columns > 0 {
        kept.push('…');
    }
    Cow::Owned(kept)
}

/// Whether terminals do not agree how wide a cluster is: those of several characters, unless these are
/// marks on one letter, and the pictures that are narrow by the book.
pub fn is_disputed(cluster: &str) -> bool {
    let mut chars = cluster.chars();
    let Some(first) = chars.next() else { return false };
    let is_latin_mark = |c: char| matches!(c, '\u{300}'..='\u{36f}');
    if chars.as_str().is_empty() {
        first >= '\u{1f000}' && first.width() == Some(1)
    } else {
        !chars.all(is_latin_mark)
    }
}

/// JSON text in which characters that could act on a terminal or turn text around are written as
/// `\uXXXX`: the same JSON to every reader, and safe to print.
pub fn json_safe(json: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n');
    if json.bytes().all(is_plain) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    // Most of it is plain, also where some is not.
    while let Some(plain) = rest.bytes().position(|byte| !is_plain(byte)) {
        let (before, from_here) = rest.split_at(plain);
        out.push_str(before);
        let mut chars = from_here.chars();
        match chars.next() {
            Some(c) if c.is_control() || is_invisible(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a String cannot fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.extend(c),
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[derive(Default)]
struct Writer {
    text: String,
    marks: Vec<Range<usize>>,
    column: usize,
    /// Characters that are shown, and are not seen or look like others, are named as well.
    reveals: bool,
}

/// How much of a cluster was shown so far.
#[derive(Default)]
struct Shown {
    chars: usize,
    marks: usize,
    /// Unit: columns.
    width: usize,
    behind_joiner: bool,
}

impl Shown {
    /// Whether a character still fits. One that takes the next one in leaves room for it.
    fn takes(&self, c: char) -> bool {
        let room = usize::from(is_prepended(c));
        self.chars + room < MAX_CHARS
            && self.width + self.width_of(c) + room <= MAX_CLUSTER_WIDTH
            && (!is_mark(c) || self.marks < MAX_MARKS)
    }

    fn add(&mut self, c: char) {
        self.chars += 1;
        self.marks += usize::from(is_mark(c));
        self.width += self.width_of(c);
        self.behind_joiner = c == '\u{200d}';
    }

    /// Pictures that are joined share their columns.
    fn width_of(&self, c: char) -> usize {
        match c {
            _ if self.behind_joiner => 0,
            SOUND_MARK | HALF_SOUND_MARK => 2,
            _ => c.width().unwrap_or(0),
        }
    }
}

impl Writer {
    fn cluster(&mut self, cluster: &str) {
        let start = self.text.len();
        let (mut shown, mut dropped) = (Shown::default(), 0);
        let mut chars = cluster.chars().peekable();
        while let Some(c) = chars.next() {
            let next = chars.peek().copied();
            // What stands there now, which may be a sign for what stood there.
            let previous = self.text.chars().next_back();
            match fate(c, previous, next) {
                _ if dropped > 0 => dropped += 1,
                Fate::Tab => {
                    let blanks = TAB_STOP - self.column % TAB_STOP;
                    self.text.extend(std::iter::repeat_n(' ', blanks));
                    self.column += blanks;
                }
                Fate::Picture(sign) => self.mark(|text| text.push(sign)),
                // A mark without a letter would join the frame beside it, or vanish; what extends a letter would
                // join a sign of ours.
                Fate::Shown if is_mark(c) && (shown.chars == 0 || self.is_behind_sign()) => self.name(c),
                Fate::Shown if !c.is_ascii() && self.would_join(c, shown.chars == 0) => self.name(c),
                Fate::Named => self.name(c),
                Fate::Shown if self.reveals && is_worth_a_name(c, previous, next) => self.name(c),
                Fate::Shown if shown.takes(c) => {
                    self.text.push(c);
                    shown.add(c);
                }
                Fate::Shown => dropped += 1,
            }
        }
        if dropped > 0 {
            // A joiner with nothing to join to would be taken for a sign the next time.
            while self.text.len() > start && self.text.ends_with('\u{200d}') {
                self.text.pop();
                dropped += 1;
            }
            self.mark(|text| {
                let _ = write!(text, "…+{dropped}");
            });
        }
        if !cluster.starts_with('\t') {
            self.column += self.text.get(start..).map_or(0, width);
        }
    }

    /// Whether a character would become a part of a sign of ours, or of the blanks of a tab.
    fn would_join(&self, c: char, is_first: bool) -> bool {
        let is_behind_blank = is_first && self.text.ends_with(' ');
        (self.is_behind_sign() || is_behind_blank)
            && ['>', c].iter().collect::<String>().graphemes(true).nth(1).is_none()
    }

    /// The last thing that was written is a sign of ours.
    fn is_behind_sign(&self) -> bool {
        self.marks.last().is_some_and(|mark| mark.end == self.text.len())
    }

    fn name(&mut self, c: char) {
        let name = if self.reveals { name_of(c) } else { None };
        self.mark(|text| {
            // Writing to a String cannot fail.
            let _ = match name {
                Some(name) => write!(text, "<U+{:04X} {name}>", c as u32),
                None => write!(text, "<U+{:04X}>", c as u32),
            };
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
    fn nothing_joins_a_sign() {
        for (raw, shown) in [
            ("\0\u{94d}\u{200d}ष", "␀<U+094D><U+200D>ष"),
            ("a\u{605}\u{605}\0", "a<U+0605><U+0605>␀"),
            ("\u{605}\u{301}b", "<U+0605><U+0301>b"),
        ] {
            let made = safe(raw);
            assert_eq!(made.as_str(), shown);
            assert_eq!(safe(made.as_str()).as_str(), shown);
        }
    }

    #[test]
    fn a_vowel_behind_a_sign_is_named() {
        // What it would be a syllable with was named itself.
        let made = safe("\u{1155}\u{1160}\u{116a}");
        assert_eq!(made.as_str(), "\u{1155}<U+1160><U+116A>");
        assert_eq!(safe(made.as_str()).as_str(), made.as_str());
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
    fn json_says_the_same_without_what_acts() {
        for (json, printed) in [
            ("\"plain\"", "\"plain\""),
            ("\"é\u{7f}\u{9b}x\u{202e}日\u{10ffff}\"", "\"é\\u007f\\u009bx\\u202e日\\udbff\\udfff\""),
            ("\u{feff}", "\\ufeff"),
            ("x😀", "x😀"),
        ] {
            assert_eq!(json_safe(json), printed);
        }
    }

    #[test]
    fn a_thousand_marks_are_counted() {
        let raw = format!("a{}", "\u{301}".repeat(1000));
        assert_eq!(safe(&raw).as_str(), format!("a{}…+992", "\u{301}".repeat(8)));
        for (raw, shown) in [
            (format!("a{}", "\u{ff9e}".repeat(70_000)), format!("a{}…+69997", "\u{ff9e}".repeat(3))),
            ("\u{1100}".repeat(1000), format!("{}…+996", "\u{1100}".repeat(4))),
            ("\u{600}".repeat(100), format!("{}…+93", "\u{600}".repeat(7))),
        ] {
            assert_eq!(safe(&raw).as_str(), shown);
        }
        let kiss = "👩🏽\u{200d}❤\u{fe0f}\u{200d}💋\u{200d}👨🏽";
        assert!(safe(kiss).is_clean());
        assert!(safe(&"👩\u{200d}".repeat(1000)).width() < 80);
    }

    #[test]
    fn what_cannot_be_seen_is_named_when_it_is_revealed() {
        for (raw, shown) in [
            ("p\u{430}y", "p<U+0430 CYRILLIC>y"),
            ("a\u{a0}b", "a<U+00A0 NO-BREAK SPACE>b"),
            ("e\u{301}x", "e<U+0301 COMBINING MARK>x"),
            ("❤\u{fe0f}", "❤<U+FE0F VARIATION SELECTOR>"),
            ("می\u{200c}خواهم", "می<U+200C ZERO WIDTH NON-JOINER>خواهم"),
            ("привет", "привет"),
            ("\u{202e}", "<U+202E RIGHT-TO-LEFT OVERRIDE>"),
            ("a\u{1b}", "a␛"),
            ("a␛", "a<U+241B PICTURE OF A CONTROL CHARACTER>"),
        ] {
            assert_eq!(revealed(raw).as_str(), shown);
            assert_eq!(revealed(raw).is_clean(), raw == shown);
        }
    }

    #[test]
    fn places_move_with_what_is_shown() {
        let raw = "a\u{1b}b\tcafe\u{301} d";
        let mut places = [0, 1, 2, 4, 8, 10, 12];
        let made = safe_with_places(raw, false, &mut places);
        assert_eq!(made.as_str(), "a␛b cafe\u{301} d");
        let parts: Vec<_> =
            places.windows(2).map(|pair| made.as_str().get(pair[0]..pair[1]).unwrap()).collect();
        assert_eq!(parts, ["a", "␛", "b ", "cafe\u{301}", "", " d"]);
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
