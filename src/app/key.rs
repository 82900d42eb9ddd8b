//! One press of a key, as the keymap names it. The terminal's own events stay in `runtime`.

use std::fmt;
use std::str::FromStr;

/// A key without its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyCode {
    /// A letter, digit or sign, upper case where Shift made it so.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tabulator.
    Tab,
    /// Shift and Tabulator.
    BackTab,
    /// Rubs out to the left.
    Backspace,
    /// Rubs out to the right.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// To the first.
    Home,
    /// To the last.
    End,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// A function key.
    Function(u8),
}

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyPress {
    /// Which key.
    pub code: KeyCode,
    /// With Control.
    pub ctrl: bool,
    /// With Alt.
    pub alt: bool,
}

/// The names of the keys that are no single sign, as they stand in a keymap and on the screen.
const NAMES: [(&str, KeyCode); 15] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("shift-tab", KeyCode::BackTab),
    ("backspace", KeyCode::Backspace),
    ("del", KeyCode::Delete),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("space", KeyCode::Char(' ')),
];

impl KeyPress {
    /// The key without modifiers.
    pub const fn plain(code: KeyCode) -> Self {
        Self { code, ctrl: false, alt: false }
    }

    /// A letter, digit or sign without modifiers.
    pub const fn char(c: char) -> Self {
        Self::plain(KeyCode::Char(c))
    }

    /// Whether a terminal sends for this key what its own answers and long keys begin with.
    fn begins_sequence(self) -> bool {
        self.alt && !self.ctrl && matches!(self.code, KeyCode::Char('[' | ']' | 'O' | 'P' | 'X' | '^' | '_'))
    }

    /// What a terminal sends for this key, which has one byte for each letter with Control: five bits of it. There
    /// is no byte for Control with most signs, and some of them are keys of their own.
    fn arriving(self) -> Self {
        let Self { code, ctrl, alt } = self;
        let arrives = |code, ctrl| Self { code, ctrl, alt };
        match code {
            // Of two escapes the first is the key.
            KeyCode::Esc => Self::plain(code),
            KeyCode::Tab | KeyCode::Enter => arrives(code, false),
            KeyCode::Backspace if ctrl => arrives(KeyCode::Char('h'), true),
            KeyCode::Char(sign) if ctrl => match sign.to_ascii_lowercase() {
                'i' => arrives(KeyCode::Tab, false),
                'm' => arrives(KeyCode::Enter, false),
                '[' | '3' => Self::plain(KeyCode::Esc),
                '?' | '8' => arrives(KeyCode::Backspace, false),
                '@' | '2' => arrives(KeyCode::Char(' '), true),
                '\\' => arrives(KeyCode::Char('4'), true),
                ']' => arrives(KeyCode::Char('5'), true),
                '^' => arrives(KeyCode::Char('6'), true),
                '_' | '/' => arrives(KeyCode::Char('7'), true),
                // They break off what begins with an escape, as Alt does.
                letter @ ('c' | 'x' | 'z') => Self { code: KeyCode::Char(letter), ctrl, alt: false },
                letter @ (' ' | 'a'..='z' | '4'..='7') => arrives(KeyCode::Char(letter), true),
                _ => arrives(code, false),
            },
            _ => self,
        }
    }

    /// The sign that this key types, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl && !self.alt && !c.is_control() => Some(c),
            _ => None,
        }
    }
}

/// Why a key's name was not understood.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyError {
    /// Nothing is called so.
    #[error(
        "no key is called {0:?}; expected a single sign or one like enter, esc, space, pgdn, ctrl-d, alt-x, f1"
    )]
    Unknown(String),
    /// No terminal sends it.
    #[error("{name} arrives as {arrives}: write {arrives}")]
    Another {
        /// As it was named.
        name: String,
        /// What a terminal sends instead.
        arrives: KeyPress,
    },
    /// It cannot be told from what a terminal sends without a key.
    #[error(
        "{0} is what longer sequences of a terminal begin with, so it cannot be told from them: choose another key"
    )]
    Begins(String),
}

impl FromStr for KeyPress {
    type Err = KeyError;

    fn from_str(name: &str) -> Result<Self, KeyError> {
        let unknown = || KeyError::Unknown(name.to_owned());
        let mut key = Self::plain(KeyCode::Esc);
        let mut rest = name;
        loop {
            if let Some(after) = rest.strip_prefix("ctrl-").filter(|after| !after.is_empty()) {
                (key.ctrl, rest) = (true, after);
            } else if let Some(after) = rest.strip_prefix("alt-").filter(|after| !after.is_empty()) {
                (key.alt, rest) = (true, after);
            } else {
                break;
            }
        }
        let mut signs = rest.chars();
        key.code = match (signs.next(), signs.next()) {
            (Some(sign), None) if !sign.is_control() => KeyCode::Char(sign),
            (Some('f'), Some('1'..='9')) => {
                let number = rest.strip_prefix('f').and_then(|number| number.parse().ok());
                KeyCode::Function(number.filter(|number| *number <= 12).ok_or_else(unknown)?)
            }
            _ => NAMES.iter().find(|(known, _)| *known == rest).ok_or_else(unknown)?.1,
        };
        match key.arriving() {
            _ if key.begins_sequence() => Err(KeyError::Begins(name.to_owned())),
            arrives if arrives == key => Ok(key),
            arrives => Err(KeyError::Another { name: name.to_owned(), arrives }),
        }
    }
}

impl fmt::Display for KeyPress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut name = String::new();
        if self.ctrl {
            name.push_str("ctrl-");
        }
        if self.alt {
            name.push_str("alt-");
        }
        match self.code {
            KeyCode::Function(number) => name = format!("{name}f{number}"),
            code => match (NAMES.iter().find(|(_, known)| *known == code), code) {
                (Some((known, _)), _) => name.push_str(known),
                (None, KeyCode::Char(sign)) => name.push(sign),
                (None, _) => name.push('?'),
            },
        }
        f.pad(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_written_alike() {
        for name in ["j", "G", "?", "-", "ctrl-d", "alt-x", "space", "enter", "shift-tab", "f12", "pgdn", "é"]
        {
            assert_eq!(name.parse::<KeyPress>().unwrap().to_string(), name);
        }
        for name in ["", "ctrl-", "jj", "f13", "return"] {
            assert!(name.parse::<KeyPress>().is_err(), "{name}");
        }
        for (name, arrives) in [
            ("ctrl-i", "tab"),
            ("ctrl-m", "enter"),
            ("ctrl-[", "esc"),
            ("ctrl-alt-i", "alt-tab"),
            ("ctrl-enter", "enter"),
            ("ctrl-backspace", "ctrl-h"),
            ("ctrl-D", "ctrl-d"),
            ("ctrl-]", "ctrl-5"),
            ("ctrl-1", "1"),
            ("ctrl-é", "é"),
            ("alt-esc", "esc"),
            ("ctrl-alt-c", "ctrl-c"),
        ] {
            let told = name.parse::<KeyPress>().unwrap_err().to_string();
            assert_eq!(told, format!("{name} arrives as {arrives}: write {arrives}"));
            assert!(arrives.parse::<KeyPress>().is_ok(), "{arrives}");
        }
        for name in ["alt-[", "alt-]", "alt-O", "alt-P", "alt-X", "alt-^", "alt-_"] {
            assert_eq!(name.parse::<KeyPress>(), Err(KeyError::Begins(name.to_owned())));
        }
    }
}
