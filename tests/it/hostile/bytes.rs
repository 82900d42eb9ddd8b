//! A judge of bytes that trusts no terminal: an emulator passes over in silence what it does not know.

/// The sequences that copydesk sends itself: the end of each, and what may stand before it.
fn is_ours(parameters: &[u8], end: u8) -> bool {
    let digits = |text: &[u8]| text.iter().all(|byte| byte.is_ascii_digit() || *byte == b';');
    match (parameters, end) {
        // Modes: alternate screen, paste, mouse, cursor, update as one.
        (b"?1049" | b"?2004" | b"?1000" | b"?1006" | b"?25" | b"?2026", b'h' | b'l')
        // All of the screen is cleared, and scrolls.
        | (b"" | b"2", b'J')
        | (b"", b'r') => true,
        // Colours of the palette and styles; a place.
        (parameters, b'm' | b'H') => digits(parameters),
        _ => false,
    }
}

/// What of the bytes of a whole session is no text and no sequence of our own.
pub fn offence_on_screen(bytes: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Some(format!("no UTF-8 at byte {}", error.valid_up_to())),
    };
    // What the background is, is asked once, before a frame is drawn.
    let text = text.replacen("\u{1b}]11;?\u{1b}\\", "", 1);
    let mut rest = text.as_str();
    while let Some(at) = rest.find('\u{1b}') {
        if let Some(offence) = forbidden_in(&rest[..at]) {
            return Some(offence);
        }
        let sequence = rest[at..].strip_prefix("\u{1b}[");
        let end =
            sequence.and_then(|sequence| sequence.bytes().position(|byte| (0x40..=0x7e).contains(&byte)));
        let (Some(sequence), Some(end)) = (sequence, end) else {
            return Some(format!(
                "a sequence that is no CSI: {:?}",
                rest[at..].chars().take(12).collect::<String>()
            ));
        };
        if !is_ours(&sequence.as_bytes()[..end], sequence.as_bytes()[end]) {
            return Some(format!("a sequence that is not ours: {:?}", &sequence[..=end]));
        }
        rest = &sequence[end + 1..];
    }
    forbidden_in(rest)
}

/// What of a plain output could act on a terminal; tabs and line ends are free.
pub fn offence_in_output(bytes: &[u8]) -> Option<String> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.split("\r\n").flat_map(|line| line.split(['\n', '\t'])).find_map(forbidden_in),
        Err(error) => Some(format!("no UTF-8 at byte {}", error.valid_up_to())),
    }
}

/// The first character that must not reach a terminal, by a list of its own.
pub fn forbidden_in(text: &str) -> Option<String> {
    let mut previous = ' ';
    for c in text.chars() {
        let forbidden = match c {
            // Emoji and the scripts that need them may have joiners and selectors.
            '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' => {
                previous.is_ascii() && !matches!(previous, '0'..='9' | '#' | '*')
            }
            '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}' => previous.is_ascii(),
            _ => is_forbidden(c),
        };
        if forbidden {
            return Some(format!("U+{:04X}", c as u32));
        }
        previous = c;
    }
    None
}

fn is_forbidden(c: char) -> bool {
    let code = c as u32;
    // Cc.
    code < 0x20
        || (0x7f..=0x9f).contains(&code)
        // Bidi_Control.
        || [0x61c, 0x200e, 0x200f].contains(&code)
        || (0x202a..=0x202e).contains(&code)
        || (0x2066..=0x2069).contains(&code)
        // Zl, Zp.
        || code == 0x2028
        || code == 0x2029
        // Default_Ignorable_Code_Point without joiners and selectors.
        || [0xad, 0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x3164, 0xfeff, 0xffa0, 0x200b].contains(&code)
        || (0x180b..=0x180f).contains(&code)
        || (0x2060..=0x206f).contains(&code)
        || (0xfff0..=0xfff8).contains(&code)
        || (0x1bca0..=0x1bca3).contains(&code)
        || (0x1d173..=0x1d17a).contains(&code)
        || (0xe0000..=0xe0fff).contains(&code)
        // Private use, no characters.
        || (0xe000..=0xf8ff).contains(&code)
        || code >= 0xf0000
        || (0xfdd0..=0xfdef).contains(&code)
        || code & 0xfffe == 0xfffe
}

#[test]
fn the_judge_knows_what_acts() {
    for bytes in [
        "\u{1b}]52;c;eA==\u{7}",
        "\u{1b}[5n",
        "\u{1b}c",
        "\u{9b}2J",
        "a\u{202e}b",
        "a\u{200d}b",
        "\u{1b}[3;5r",
        "\u{1b}[?47h",
        "\u{1b}[",
        "a\u{200b}b",
        "x\u{7}",
    ] {
        assert!(offence_on_screen(bytes.as_bytes()).is_some(), "{bytes:?}");
    }
    assert_eq!(offence_on_screen("\u{1b}[?1049h\u{1b}[1;2Ha\u{1b}[38;5;1m👩\u{200d}👩é".as_bytes()), None);
    assert!(offence_in_output(b"a\rb").is_some() && offence_in_output(b"a\x1b[0m").is_some());
    assert!(offence_in_output(b"\xff").is_some());
    assert_eq!(offence_in_output("a\tb\r\nc\n".as_bytes()), None);
}
