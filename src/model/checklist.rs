//! Names for the items of a checklist, stable when other items come and go.

use std::collections::HashMap;

/// The key under which the tick of each item is kept: its text and how many times that text has
/// stood before it, counted from 1 (`run linting#1`). Two equal items keep two ticks, and a tick
/// follows its item when the list is reordered.
pub fn tick_names<'a>(items: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    items
        .into_iter()
        .map(|item| {
            let ordinal = seen.entry(item).and_modify(|count| *count += 1).or_insert(1);
            format!("{item}#{ordinal}")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_items_get_names_of_their_own() {
        assert_eq!(tick_names(["a", "b", "a"]), ["a#1", "b#1", "a#2"]);
    }
}
