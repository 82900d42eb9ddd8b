//! Texts one behind the other, found again by their ends.

/// Many texts in one piece of memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    pub(super) text: String,
    pub(super) ends: Vec<u32>,
}

impl Texts {
    pub(super) const fn none() -> Self {
        Self { text: String::new(), ends: Vec::new() }
    }

    /// Adds one behind them.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All of them together. Unit: bytes.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// The text with this number; blank when there is none.
    pub fn get(&self, at: usize) -> &str {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let end = self.ends.get(at).copied().unwrap_or(start);
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// All of them in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let text = self.text.get(start as usize..*end as usize).unwrap_or_default();
            start = *end;
            text
        })
    }

    /// The numbers of the texts that are exactly `wanted`, in order: one search through all of them
    /// as if they were one text, since most bytes of most texts need never be compared.
    pub fn find<'a>(&'a self, wanted: &'a str) -> impl Iterator<Item = usize> + 'a {
        // A blank text is found by its ends alone.
        let blanks =
            self.ends.iter().enumerate().filter(move |(at, _)| wanted.is_empty() && self.get(*at).is_empty());
        let finder = memchr::memmem::Finder::new(wanted.as_bytes());
        let mut from = 0;
        let whole = std::iter::from_fn(move || {
            while !wanted.is_empty() {
                let start = from + finder.find(self.text.as_bytes().get(from..)?)?;
                let end = start + wanted.len();
                // Blank texts end where the one before them ends: the first of equal ends is the one.
                let at = self.ends.partition_point(|known| (*known as usize) < end);
                if self.get(at).len() == wanted.len()
                    && self.ends.get(at).is_some_and(|at| *at as usize == end)
                {
                    from = end;
                    return Some(at);
                }
                // Two hits may share bytes, and the second may be the whole text.
                from = start + 1;
            }
            None
        });
        blanks.map(|(at, _)| at).chain(whole)
    }

    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_are_found_again(texts in prop::collection::vec("[ab]{0,3}", 0..12), wanted in "[ab]{0,3}") {
            let mut all = Texts::default();
            texts.iter().for_each(|text| all.push(text));
            prop_assert_eq!(all.iter().collect::<Vec<_>>(), texts.iter().map(String::as_str).collect::<Vec<_>>());
            let expected: Vec<usize> = (0..texts.len()).filter(|at| texts[*at] == wanted).collect();
            let mut found: Vec<usize> = all.find(&wanted).collect();
            found.sort_unstable();
            prop_assert_eq!(found, expected);
        }
    }
}
