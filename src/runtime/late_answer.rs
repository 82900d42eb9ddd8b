//! An answer of the terminal that comes too late arrives as keys, and some of its letters decide on
//! posts. It is known by its beginning and swallowed.

use crate::app::{KeyCode, KeyPress};

/// How the answer about the background begins, behind ESC.
const BEGINNING: [char; 4] = [']', '1', '1', ';'];

/// Watches the keys for such an answer.
#[derive(Debug, Default)]
pub(super) struct LateAnswer {
    /// Keys that may be its beginning.
    begun: Vec<KeyPress>,
}

impl LateAnswer {
    /// What is left of the keys with one more.
    pub(super) fn pass(&mut self, key: KeyPress) -> Vec<KeyPress> {
        let place = self.begun.len();
        let is_inside = place >= BEGINNING.len();
        let KeyPress { code, ctrl, alt } = key;
        match code {
            // BEL, or ESC \, ends it.
            KeyCode::Char('g') if is_inside && ctrl => self.begun.clear(),
            KeyCode::Char('\\') if is_inside && alt => self.begun.clear(),
            KeyCode::Char(c)
                if is_inside && !ctrl && !alt && (c.is_ascii_hexdigit() || "rgb:/".contains(c)) => {}
            KeyCode::Char(c) if BEGINNING.get(place) == Some(&c) && !ctrl && alt == (place == 0) => {
                self.begun.push(key);
            }
            _ if is_inside => {
                self.begun.clear();
                return vec![key];
            }
            _ => {
                let mut keys = std::mem::take(&mut self.begun);
                keys.push(key);
                return keys;
            }
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(keys: &[KeyPress]) -> Vec<KeyPress> {
        let mut late = LateAnswer::default();
        keys.iter().flat_map(|key| late.pass(*key)).collect()
    }

    fn alt(c: char) -> KeyPress {
        KeyPress { code: KeyCode::Char(c), ctrl: false, alt: true }
    }

    #[test]
    fn an_answer_is_swallowed_and_keys_are_not() {
        let answer: Vec<KeyPress> = "11;rgb:1414/fafa/0b0b".chars().map(KeyPress::char).collect();
        let bel = KeyPress { code: KeyCode::Char('g'), ctrl: true, alt: false };
        for end in [bel, alt('\\')] {
            let keys = [&[KeyPress::char('j'), alt(']')], &answer[..], &[end, KeyPress::char('r')]].concat();
            assert_eq!(passed(&keys), [KeyPress::char('j'), KeyPress::char('r')]);
        }
        // Somebody's own keys, the same at first.
        let own = [alt(']'), KeyPress::char('1'), KeyPress::char('r')];
        assert_eq!(passed(&own), own);
        let cut_off = [&[alt(']')], &answer[..], &[KeyPress::plain(KeyCode::Down)]].concat();
        assert_eq!(passed(&cut_off), [KeyPress::plain(KeyCode::Down)]);
    }
}
