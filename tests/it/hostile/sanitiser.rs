//! Random text of the worst letters through the one maker of safe text.

use std::borrow::Cow;

use copydesk::model::safe;
use copydesk::model::text::{revealed, width};

use unicode_width::UnicodeWidthChar;

use crate::hostile::bytes::forbidden_in;
use crate::hostile::is_full;

/// Pieces that do harm alone or beside each other.
const NASTY: &[&str] = &[
    "a",
    "b",
    " ",
    "\t",
    "\n",
    "\r",
    "\0",
    "\u{7}",
    "\u{8}",
    "\u{b}",
    "\u{c}",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{90}",
    "\u{9b}",
    "\u{9c}",
    "\u{9d}",
    "[",
    "]",
    ";",
    "m",
    "\u{1b}[2J",
    "\u{1b}]52;c;eA==\u{7}",
    "\u{1b}Pq\u{1b}\\",
    "\u{1b}_G\u{1b}\\",
    "\u{202a}",
    "\u{202e}",
    "\u{202c}",
    "\u{2066}",
    "\u{2069}",
    "\u{200e}",
    "\u{61c}",
    "\u{200b}",
    "\u{200c}",
    "\u{200d}",
    "\u{2060}",
    "\u{feff}",
    "\u{ad}",
    "\u{34f}",
    "\u{301}",
    "\u{20dd}",
    "\u{ff9e}",
    "\u{fe0f}",
    "\u{fe0e}",
    "\u{e0041}",
    "\u{e007f}",
    "\u{e0100}",
    "👩",
    "👨",
    "❤",
    "🏽",
    "🇪",
    "🏴",
    "3",
    "\u{20e3}",
    "日",
    "Ａ",
    "ﾊ",
    "ᄀ",
    "ᅡ",
    "\u{600}",
    "\u{6dd}",
    "\u{110bd}",
    "क",
    "\u{94d}",
    "ष",
    "\u{93f}",
    "ก",
    "\u{e33}",
    "\u{f40}",
    "\u{fb2}",
    "م",
    "ש",
    "\u{5c1}",
    "\u{e000}",
    "\u{ffff}",
    "\u{fdd0}",
    "\u{10ffff}",
    "\u{d7ff}",
    "\u{e0000}",
    "\u{378}",
    "\u{180e}",
    "\u{3164}",
    "\u{2028}",
    "\u{2029}",
    "\u{2800}",
    "\u{1d173}",
    "\u{fff9}",
    "\u{fffd}",
    "<U+202E>",
    "…+3",
    "p",
    "о",
];

/// The same numbers every time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % end
    }
}

fn texts(count: usize) -> impl Iterator<Item = String> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    (0..count).map(move |_| {
        let pieces = random.below(40);
        let repeats = random.below(30) == 0;
        let mut text = String::new();
        for _ in 0..pieces {
            let piece = NASTY[random.below(NASTY.len())];
            text.push_str(&piece.repeat(if repeats { random.below(40) } else { 1 }));
            if random.below(20) == 0 {
                text.extend(char::from_u32(u32::try_from(random.below(0x11_0000)).unwrap()));
            }
        }
        text
    })
}

#[test]
fn nothing_gets_through() {
    let count = if is_full() { 100_000 } else { 2_000 };
    let mut clean = 0;
    for raw in texts(count) {
        for made in [safe(&raw), revealed(&raw)] {
            let shown = made.as_str();
            assert_eq!(forbidden_in(shown), None, "{raw:?} as {shown:?}");
            let again = safe(shown);
            let differs = again.as_str().char_indices().zip(shown.chars()).find(|((_, a), b)| a != b);
            let around = differs.map(|((at, _), _)| {
                let near = |text: &str| {
                    text.char_indices()
                        .filter(|(byte, _)| byte.abs_diff(at) < 40)
                        .map(|(_, c)| c)
                        .collect::<String>()
                };
                (near(shown), near(again.as_str()))
            });
            assert!(again.as_str() == shown, "twice is not once: {around:?}");
            assert!(safe(shown).is_clean(), "{raw:?} as {shown:?}");
            let joined: String = made.pieces().map(|(piece, _)| piece).collect();
            assert_eq!(joined, shown);
            assert_eq!(made.width(), width(shown));
            is_one_line(&raw, shown);
        }
        // Nothing is dropped in silence: what is not shown has left a sign.
        let made = safe(&raw);
        if made.is_clean() && !raw.contains('\t') {
            assert!(matches!(made.into_text(), Cow::Borrowed(text) if text == raw), "{raw:?}");
            clean += 1;
        }
    }
    assert!(clean > 0);
    println!("{count} texts, {clean} of them clean: 0 leaks");
}

/// More columns than any of the texts takes up.
const COLUMNS: u16 = 4_000;

/// A terminal that is given the text shows it, on one line and without a bell, and is the same afterwards.
fn is_one_line(raw: &str, shown: &str) {
    // The emulator joins no pictures, so a text may take up twice what it takes up here, and more.
    if shown.chars().count() * 2 > usize::from(COLUMNS) {
        return;
    }
    let mut terminal = vt100::Parser::new_with_callbacks(2, COLUMNS, 0, Bells::default());
    let before = terminal.screen().clone();
    terminal.process(shown.as_bytes());
    let screen = terminal.screen();
    assert_eq!(screen.cursor_position().0, 0, "{raw:?}");
    assert_eq!(terminal.callbacks().0, 0, "{raw:?}");
    assert_eq!(screen.input_mode_formatted(), before.input_mode_formatted());
    assert_eq!(screen.attributes_formatted(), before.attributes_formatted());
    assert!(!screen.hide_cursor() && !screen.alternate_screen());
    // What stands there is what was written. The emulator keeps only some marks of a letter, and takes the
    // sign for what is no character for one itself.
    let seen = |text: &str| -> String {
        text.chars().filter(|c| *c != '\u{fffd}' && c.width().is_some_and(|width| width > 0)).collect()
    };
    let row = screen.rows(0, COLUMNS).next().unwrap();
    assert_eq!(seen(&row).trim_end(), seen(shown).trim_end(), "{raw:?}");
}

/// Everything that a terminal does beside showing text.
#[derive(Default)]
struct Bells(usize);

impl vt100::Callbacks for Bells {
    fn audible_bell(&mut self, _: &mut vt100::Screen) {
        self.0 += 1;
    }
    fn set_window_title(&mut self, _: &mut vt100::Screen, _: &[u8]) {
        self.0 += 1;
    }
    fn set_window_icon_name(&mut self, _: &mut vt100::Screen, _: &[u8]) {
        self.0 += 1;
    }
    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], _: &[u8]) {
        self.0 += 1;
    }
    fn paste_from_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8]) {
        self.0 += 1;
    }
    fn unhandled_char(&mut self, _: &mut vt100::Screen, c: char) {
        assert!(c == '\u{fffd}' || !c.is_control(), "{c:?}");
    }
    fn unhandled_control(&mut self, _: &mut vt100::Screen, _: u8) {
        self.0 += 1;
    }
    fn unhandled_escape(&mut self, _: &mut vt100::Screen, _: Option<u8>, _: Option<u8>, _: u8) {
        self.0 += 1;
    }
    fn unhandled_csi(&mut self, _: &mut vt100::Screen, _: Option<u8>, _: Option<u8>, _: &[&[u16]], _: char) {
        self.0 += 1;
    }
    fn unhandled_osc(&mut self, _: &mut vt100::Screen, _: &[&[u8]]) {
        self.0 += 1;
    }
}
