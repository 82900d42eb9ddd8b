//! Where a JSON value ends, told by brackets and quotes alone. It can be fed a value in pieces and
//! never needs memory, however deep or long the value is.

/// What a piece of text did to an open value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fed {
    /// The value goes on.
    More,
    /// It ended with the byte before this one.
    End(usize),
    /// At this byte it stopped being JSON: a bracket of the wrong kind, or a line that ends within
    /// a string.
    Broken(usize),
}

/// The levels whose kind is remembered; no post is deeper.
const KINDS: usize = 128;

/// An open value.
#[derive(Default)]
pub(super) struct Nest {
    depth: usize,
    /// One bit a level: whether it is an object.
    objects: u128,
    in_string: bool,
    escaped: bool,
}

impl Nest {
    /// As if the `[` of a list had been fed.
    pub(super) fn in_list() -> Self {
        Self { depth: 1, ..Self::default() }
    }

    /// Goes on with the next bytes of the value. The first byte of all must be a bracket or a quote.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Fed {
        let mut at = 0;
        if self.escaped && !bytes.is_empty() {
            self.escaped = false;
            at = 1;
        }
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let found = if self.in_string {
                memchr::memchr3(b'"', b'\\', b'\n', rest)
            } else {
                rest.iter().position(|byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']'))
            };
            let Some(found) = found else { return Fed::More };
            at += found;
            match bytes.get(at) {
                Some(b'"') => self.in_string = !self.in_string,
                Some(b'\\') => {
                    // What follows has no meaning of its own.
                    self.escaped = at + 1 >= bytes.len();
                    at += 1;
                }
                Some(b'\n') => return Fed::Broken(at),
                Some(byte @ (b'{' | b'[')) => self.open(*byte == b'{'),
                Some(byte) if !self.close(*byte == b'}') => return Fed::Broken(at),
                _ => {}
            }
            at += 1;
            if self.depth == 0 && !self.in_string {
                return Fed::End(at);
            }
        }
        Fed::More
    }

    fn open(&mut self, object: bool) {
        if self.depth < KINDS {
            let bit = 1_u128 << self.depth;
            self.objects = if object { self.objects | bit } else { self.objects & !bit };
        }
        self.depth += 1;
    }

    /// Closes a level; `false` if it is not of this kind.
    fn close(&mut self, object: bool) -> bool {
        let Some(depth) = self.depth.checked_sub(1) else { return false };
        self.depth = depth;
        depth >= KINDS || (self.objects >> depth & 1 == 1) == object
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_value_ends_where_its_last_bracket_does() {
        for (text, fed) in [
            (r#"{"a":"}\"]"} x"#, Fed::End(12)),
            ("[[],{}],", Fed::End(7)),
            (r#""a\\""#, Fed::End(5)),
            ("{\"a\":[1,2", Fed::More),
            ("{\"a\":\"x\ny\"}", Fed::Broken(7)),
            ("[{]}", Fed::Broken(2)),
        ] {
            assert_eq!(Nest::default().feed(text.as_bytes()), fed, "{text}");
        }
        let deep = format!("{}{}", "[".repeat(5_000_000), "]".repeat(5_000_000));
        assert_eq!(Nest::default().feed(deep.as_bytes()), Fed::End(10_000_000));
        assert_eq!(Nest::in_list().feed(b"1]"), Fed::End(2));
    }

    proptest! {
        #[test]
        fn pieces_are_as_good_as_the_whole(text in r#"[\[{][\[\]{}"\\ a\n]{0,20}"#, cut in 0..20_usize) {
            let cut = cut.min(text.len());
            let mut nest = Nest::default();
            let fed = match nest.feed(&text.as_bytes()[..cut]) {
                Fed::More => match nest.feed(&text.as_bytes()[cut..]) {
                    Fed::End(at) => Fed::End(at + cut),
                    Fed::Broken(at) => Fed::Broken(at + cut),
                    Fed::More => Fed::More,
                },
                fed => fed,
            };
            prop_assert_eq!(fed, Nest::default().feed(text.as_bytes()));
        }
    }
}
