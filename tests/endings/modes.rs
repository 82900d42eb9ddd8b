//! What a terminal has been told, byte by byte, beside what the emulator makes of it: the emulator does
//! not know every mode.

use std::collections::BTreeMap;

use crate::terminal::Terminal;

/// What is wrong with a terminal that a program has left.
pub(crate) fn faults(terminal: &Terminal) -> Vec<String> {
    let mut faults: Vec<String> = terminal.modes_are_as_before().err().into_iter().collect();
    let told = Told::of(&terminal.written);
    for (mode, is_on) in &told.modes {
        // The cursor is the one that is on before.
        if *is_on != (*mode == 25) {
            faults.push(format!("mode {mode} is {}", if *is_on { "on" } else { "off" }));
        }
    }
    if !told.is_plain {
        faults.push("the style is not plain".to_owned());
    }
    if told.has_region {
        faults.push("a part of the screen scrolls alone".to_owned());
    }
    if told.keyboard != 0 {
        faults.push("the keyboard speaks otherwise".to_owned());
    }
    let screen = terminal.screen.screen();
    let checks = [
        (screen.alternate_screen(), "the alternate screen is on"),
        (screen.hide_cursor(), "the cursor is hidden"),
        (screen.bracketed_paste(), "pastes are bracketed"),
        (screen.application_keypad(), "the keypad speaks otherwise"),
        (screen.application_cursor(), "the arrows speak otherwise"),
        (screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None, "the mouse is taken"),
    ];
    faults.extend(checks.iter().filter(|(wrong, _)| *wrong).map(|(_, fault)| (*fault).to_owned()));
    faults
}

#[derive(Debug)]
struct Told {
    /// Each private mode that was named, and whether it is on.
    modes: BTreeMap<u16, bool>,
    is_plain: bool,
    has_region: bool,
    /// Flags of the keyboard protocol that were pushed and not popped.
    keyboard: i32,
}

impl Told {
    fn of(bytes: &[u8]) -> Self {
        let mut told = Self { modes: BTreeMap::new(), is_plain: true, has_region: false, keyboard: 0 };
        let mut rest = bytes;
        while let Some(at) = rest.windows(2).position(|pair| pair == b"\x1b[") {
            rest = &rest[at + 2..];
            let length = rest.iter().take_while(|byte| (0x20..0x40).contains(*byte)).count();
            let Some(last) = rest.get(length) else { break };
            told.take(std::str::from_utf8(&rest[..length]).unwrap_or_default(), *last);
        }
        told
    }

    fn take(&mut self, parameters: &str, last: u8) {
        match (parameters.strip_prefix('?'), last) {
            (Some(modes), b'h' | b'l') => {
                for mode in modes.split(';').filter_map(|mode| mode.parse().ok()) {
                    self.modes.insert(mode, last == b'h');
                }
            }
            (None, b'm') => self.is_plain = parameters.is_empty() || parameters == "0",
            (None, b'r') => self.has_region = !parameters.is_empty(),
            (None, b'u') if parameters.starts_with('>') => self.keyboard += 1,
            (None, b'u') if parameters.starts_with('<') => self.keyboard -= 1,
            _ => {}
        }
    }
}
