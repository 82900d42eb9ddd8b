//! What a post is about, and how words of the vocabulary become text about it.

use super::random::{Random, Stream};
use super::words::{OBJECTS, SCRIPTS, SETTINGS, STACKS, Script, Stack, TITLES, VERBS};

/// How many posts of a hundred are not in plain English.
const SCRIPT_PERCENT: u32 = 6;

/// What a post is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Theme {
    verb: &'static str,
    pub(super) object: &'static str,
    pub(super) stack: Stack,
    pub(super) setting: &'static str,
    pub(super) script: Option<Script>,
    title: &'static str,
}

impl Theme {
    /// The theme of the post `index` of `seed`, if it repeats no other.
    pub(super) fn of(seed: u64, index: u64) -> Self {
        let mut random = Random::new(seed, index, Stream::Theme);
        let (verb, object) = (random.pick(VERBS), random.pick(OBJECTS));
        let (stack, setting) = (random.pick_early(STACKS), random.pick(SETTINGS));
        let english = random.pick(TITLES);
        let script = random.percent(SCRIPT_PERCENT).then(|| random.pick(SCRIPTS));
        let title = script.map_or(english, |script| random.pick(script.titles));
        Self { verb, object, stack, setting, script, title }
    }

    /// Writes the title, which needs no chance any more.
    pub(super) fn write_title(&self, out: &mut Vec<u8>) {
        self.write(out, self.title, &mut Random::new(0, 0, Stream::Theme));
    }

    /// Writes a text of the vocabulary, its slots filled.
    pub(super) fn write(&self, out: &mut Vec<u8>, text: &str, random: &mut Random) {
        let mut rest = text.as_bytes();
        while let Some(slot) = memchr::memchr(b'%', rest) {
            let (before, behind) = rest.split_at(slot);
            out.extend_from_slice(before);
            let filling = match behind.get(1) {
                Some(b's') => {
                    out.extend_from_slice(self.verb.as_bytes());
                    out.push(b' ');
                    self.object
                }
                Some(b'o') => self.object,
                Some(b'k') => self.stack.name,
                Some(b'l') => self.stack.language,
                Some(b'a') => self.stack.area,
                Some(b'w') => self.setting,
                Some(b't') => random.pick(self.stack.tools),
                _ => {
                    write_number(out, u64::from(random.between(3, 60)));
                    ""
                }
            };
            out.extend_from_slice(filling.as_bytes());
            rest = behind.get(2..).unwrap_or_default();
        }
        out.extend_from_slice(rest);
    }
}

/// Writes a number in decimal digits.
pub(super) fn write_number(out: &mut Vec<u8>, number: u64) {
    write_padded(out, number, 1);
}

/// Writes a number in so many decimal digits at least.
pub(super) fn write_padded(out: &mut Vec<u8>, number: u64, width: usize) {
    let start = out.len();
    let mut rest = number;
    while rest > 0 || out.len() - start < width {
        out.push(b'0' + (rest % 10) as u8);
        rest /= 10;
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
    }
}

/// Writes so many hexadecimal digits.
pub(super) fn write_hex(out: &mut Vec<u8>, number: u64, width: u32) {
    for place in (0..width).rev() {
        let digit = (number >> (4 * place)) & 0xf;
        out.push(b"0123456789abcdef".get(digit as usize).copied().unwrap_or(b'0'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn numbers_are_written_in_digits() {
        let mut out = Vec::new();
        for (number, width) in [(0, 1), (7, 3), (1_234, 2), (u64::MAX, 1)] {
            write_padded(&mut out, number, width);
            out.push(b' ');
        }
        write_hex(&mut out, 0x00ab_c123, 8);
        assert_eq!(out, b"0 007 1234 18446744073709551615 00abc123");
    }

    #[test]
    fn slots_are_filled() {
        let theme = Theme {
            verb: "testing",
            object: "locks",
            stack: Stack { name: "go services", language: "go", area: "backend", tools: &["delve"] },
            setting: "at night",
            script: None,
            title: "%s in %k, %w",
        };
        let mut out = Vec::new();
        theme.write_title(&mut out);
        theme.write(&mut out, "; %o %l %a %t.", &mut Random::new(1, 1, Stream::Text));
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "testing locks in go services, at night; locks go backend delve."
        );
    }

    #[test]
    fn of_a_million_titles_nine_in_ten_are_distinct() {
        let mut titles = HashSet::new();
        let mut title = Vec::new();
        for index in 1..=1_000_000 {
            title.clear();
            Theme::of(1, index).write_title(&mut title);
            titles.insert(crate::model::Digest::of_bytes(&title));
        }
        assert!(titles.len() > 900_000, "{}", titles.len());
    }
}
