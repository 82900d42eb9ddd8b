//! A column of numbers, kept as narrow as its numbers allow.

use std::borrow::Cow;

use super::{HUNDREDTHS, NONE};

/// No number, in a column of bytes.
const NO_BYTE: u8 = u8::MAX;

/// Numbers of 16 bits. Of a segment most columns have few lists, small counts or whole scores, and a
/// byte says as much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Narrow {
    Wide(Vec<u16>),
    /// Each stands for so many times itself; [`NO_BYTE`] for [`NONE`].
    Bytes(u16, Vec<u8>),
}

impl Default for Narrow {
    fn default() -> Self {
        Self::Wide(Vec::new())
    }
}

impl Narrow {
    pub(super) fn of(mut numbers: Vec<u16>) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number")]
        for step in [1, HUNDREDTHS as u16] {
            let byte = |number: &u16| match *number {
                NONE => Some(NO_BYTE),
                number if number % step == 0 => {
                    u8::try_from(number / step).ok().filter(|byte| *byte != NO_BYTE)
                }
                _ => None,
            };
            if let Some(bytes) = numbers.iter().map(byte).collect::<Option<Vec<u8>>>() {
                return Self::bytes(step, bytes);
            }
        }
        numbers.shrink_to_fit();
        Self::Wide(numbers)
    }

    fn bytes(step: u16, mut bytes: Vec<u8>) -> Self {
        bytes.shrink_to_fit();
        Self::Bytes(step, bytes)
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Wide(numbers) => numbers.len(),
            Self::Bytes(_, bytes) => bytes.len(),
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<u16> {
        match self {
            Self::Wide(numbers) => numbers.get(at).copied(),
            Self::Bytes(step, bytes) => bytes.get(at).map(|byte| wide(*step, *byte)),
        }
    }

    /// All of them, at their full width.
    pub(super) fn all(&self) -> Cow<'_, [u16]> {
        match self {
            Self::Wide(numbers) => Cow::Borrowed(numbers),
            Self::Bytes(step, bytes) => bytes.iter().map(|byte| wide(*step, *byte)).collect(),
        }
    }
}

fn wide(step: u16, byte: u8) -> u16 {
    if byte == NO_BYTE { NONE } else { u16::from(byte).wrapping_mul(step) }
}

/// Where records begin. Of a segment that is less than 4 GiB of a source, half as wide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Offsets {
    Wide(Vec<u64>),
    /// How far behind this byte each begins.
    Behind(u64, Vec<u32>),
}

impl Default for Offsets {
    fn default() -> Self {
        Self::Wide(Vec::new())
    }
}

impl Offsets {
    pub(super) fn of(mut offsets: Vec<u64>) -> Self {
        let least = offsets.iter().copied().min().unwrap_or_default();
        let behind = |offset: &u64| u32::try_from(offset - least).ok();
        if let Some(mut behind) = offsets.iter().map(behind).collect::<Option<Vec<u32>>>() {
            behind.shrink_to_fit();
            return Self::Behind(least, behind);
        }
        offsets.shrink_to_fit();
        Self::Wide(offsets)
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Wide(offsets) => offsets.len(),
            Self::Behind(_, offsets) => offsets.len(),
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<u64> {
        match self {
            Self::Wide(offsets) => offsets.get(at).copied(),
            Self::Behind(least, offsets) => {
                offsets.get(at).map(|offset| least.saturating_add(u64::from(*offset)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(
            numbers in prop_oneof![
                prop::collection::vec(prop_oneof![0..257_u16, Just(NONE)], 0..20),
                prop::collection::vec(prop_oneof![(0..300_u16).prop_map(|score| score * 100), Just(NONE)], 0..20),
                prop::collection::vec(any::<u16>(), 0..20),
            ],
        ) {
            let kept = Narrow::of(numbers.clone());
            prop_assert_eq!(kept.all(), &numbers[..]);
            prop_assert_eq!((0..kept.len()).filter_map(|at| kept.get(at)).collect::<Vec<_>>(), &numbers[..]);
            prop_assert_eq!(kept.get(numbers.len()), None);
        }
    }

    #[test]
    fn offsets_come_back() {
        for (offsets, is_wide) in [
            (vec![], false),
            (vec![u64::MAX - 9, u64::MAX], false),
            (vec![7, 0, u64::from(u32::MAX)], false),
            (vec![7, 0, u64::from(u32::MAX) + 1], true),
        ] {
            let kept = Offsets::of(offsets.clone());
            assert_eq!(matches!(kept, Offsets::Wide(_)), is_wide);
            assert_eq!((0..=kept.len()).filter_map(|at| kept.get(at)).collect::<Vec<_>>(), offsets);
        }
    }

    #[test]
    fn small_counts_and_whole_scores_take_a_byte() {
        assert_eq!(Narrow::of(vec![0, 254, NONE]), Narrow::Bytes(1, vec![0, 254, NO_BYTE]));
        assert_eq!(Narrow::of(vec![10_000, 100, NONE]), Narrow::Bytes(100, vec![100, 1, NO_BYTE]));
        assert_eq!(Narrow::of(vec![7_012]), Narrow::Wide(vec![7_012]));
        assert_eq!(Narrow::of(vec![255]), Narrow::Wide(vec![255]));
    }
}
