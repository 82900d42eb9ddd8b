//! What is many and small, packed: lists of numbers, and texts of which each is like the one before.

/// So many lists, or texts, are found by one number; within them one walks.
const GROUP: usize = 8;

/// Adds a number, seven bits a byte, the lowest first; a set highest bit says that more follow.
pub(super) fn put(bytes: &mut Vec<u8>, number: u32) {
    let mut rest = number;
    while rest > 0x7f {
        bytes.push(seven_bits(rest) | 0x80);
        rest >>= 7;
    }
    bytes.push(seven_bits(rest));
}

fn seven_bits(number: u32) -> u8 {
    u8::try_from(number & 0x7f).unwrap_or_default()
}

/// Takes a number from the front.
pub(super) fn take(bytes: &mut &[u8]) -> Option<u32> {
    let (first, rest) = bytes.split_first()?;
    if first & 0x80 == 0 {
        *bytes = rest;
        return Some((*first).into());
    }
    let (mut number, mut shift) = (0, 0);
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
}

/// Pieces of bytes, each behind its length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pieces {
    pub(super) bytes: Vec<u8>,
    /// Where each group begins.
    pub(super) starts: Vec<u32>,
    pub(super) len: u32,
}

impl Pieces {
    pub(super) const fn none() -> Self {
        Self { bytes: Vec::new(), starts: Vec::new(), len: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether the next piece begins a group.
    fn begins_group(&self) -> bool {
        self.len().is_multiple_of(GROUP)
    }

    pub(super) fn push(&mut self, piece: &[u8]) {
        self.push_parts(piece, &[]);
    }

    /// Adds a piece that is given in two.
    fn push_parts(&mut self, head: &[u8], rest: &[u8]) {
        if self.begins_group() {
            self.starts.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
        }
        put(&mut self.bytes, u32::try_from(head.len() + rest.len()).unwrap_or(u32::MAX));
        self.bytes.extend_from_slice(head);
        self.bytes.extend_from_slice(rest);
        self.len += 1;
    }

    /// The pieces from the start of the group that this one is in.
    fn group(&self, at: usize) -> impl Iterator<Item = &[u8]> {
        let start = self.starts.get(at / GROUP).map_or(usize::MAX, |start| *start as usize);
        let mut rest = self.bytes.get(start..).unwrap_or_default();
        std::iter::from_fn(move || {
            let len = take(&mut rest)? as usize;
            let (piece, behind) = rest.split_at_checked(len)?;
            rest = behind;
            Some(piece)
        })
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.group(0).take(self.len())
    }

    /// The piece with this number; blank when there is none.
    pub(super) fn get(&self, at: usize) -> &[u8] {
        self.group(at).nth(at % GROUP).unwrap_or_default()
    }

    pub(super) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.starts.shrink_to_fit();
    }
}

/// Texts of which each mostly begins as the one before it: kept from where it does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlikeTexts {
    pub(super) pieces: Pieces,
    /// The last one, while they are being added.
    last: Vec<u8>,
}

impl AlikeTexts {
    pub(super) fn of(pieces: Pieces) -> Self {
        Self { pieces, last: Vec::new() }
    }

    pub(super) fn push(&mut self, text: &str) {
        let text = text.as_bytes();
        let most = if self.pieces.begins_group() { 0 } else { usize::from(u8::MAX) };
        let alike = text.iter().zip(&self.last).take(most).take_while(|(a, b)| a == b).count();
        let new = text.get(alike..).unwrap_or_default();
        self.pieces.push_parts(&[u8::try_from(alike).unwrap_or_default()], new);
        self.last.truncate(alike);
        self.last.extend_from_slice(new);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What they take. Unit: bytes.
    pub fn bytes(&self) -> usize {
        self.pieces.bytes.len()
    }

    /// The text with this number; blank when there is none.
    pub fn get(&self, at: usize) -> String {
        let mut text = Vec::new();
        if at < self.len() {
            self.pieces.group(at).take(at % GROUP + 1).for_each(|piece| turn(&mut text, piece));
        }
        String::from_utf8(text).unwrap_or_default()
    }

    /// Visits all of them, in order.
    pub fn for_each(&self, mut visit: impl FnMut(&str)) {
        let mut text = Vec::new();
        for piece in self.pieces.iter() {
            turn(&mut text, piece);
            visit(std::str::from_utf8(&text).unwrap_or_default());
        }
    }

    pub(super) fn shrink(&mut self) {
        self.last = Vec::new();
        self.pieces.shrink();
    }
}

/// Makes a text of the one before it.
fn turn(text: &mut Vec<u8>, piece: &[u8]) {
    if let Some((alike, new)) = piece.split_first() {
        text.truncate((*alike).into());
        text.extend_from_slice(new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_and_pieces_come_back(numbers in prop::collection::vec(prop_oneof![0..300_u32, any::<u32>()], 0..30)) {
            let (mut bytes, mut pieces) = (Vec::new(), Pieces::default());
            for number in &numbers {
                let mut piece = Vec::new();
                put(&mut piece, *number);
                pieces.push(&piece);
                bytes.extend(piece);
            }
            let mut rest = bytes.as_slice();
            let back: Vec<u32> = std::iter::from_fn(|| take(&mut rest)).collect();
            prop_assert_eq!(&back, &numbers);
            let one = |at| take(&mut pieces.get(at));
            prop_assert_eq!(&(0..pieces.len()).filter_map(one).collect::<Vec<_>>(), &numbers);
            prop_assert_eq!(pieces.iter().filter_map(|mut piece| take(&mut piece)).collect::<Vec<_>>(), numbers);
            prop_assert!(pieces.get(pieces.len()).is_empty());
        }

        #[test]
        fn texts_come_back(texts in prop::collection::vec("[aé日]{0,6}", 0..30)) {
            let mut all = AlikeTexts::default();
            texts.iter().for_each(|text| all.push(text));
            prop_assert_eq!((0..all.len()).map(|at| all.get(at)).collect::<Vec<_>>(), &texts[..]);
            let mut visited = Vec::new();
            all.for_each(|text| visited.push(text.to_owned()));
            prop_assert_eq!(visited, texts);
            prop_assert_eq!(all.get(all.len()), "");
        }
    }

    #[test]
    fn what_is_longer_than_a_byte_can_say_comes_back() {
        let mut all = AlikeTexts::default();
        let texts = ["y".repeat(600), "y".repeat(601), format!("{}é", "y".repeat(255)), String::new()];
        texts.iter().for_each(|text| all.push(text));
        assert_eq!([0, 1, 2, 3].map(|at| all.get(at)), texts);
    }
}
