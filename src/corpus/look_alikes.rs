//! Ids that are not the same and look so.

use std::collections::{HashMap, HashSet};

use super::{Corpus, Row};
use crate::model::names::skeleton;

impl Corpus {
    /// Groups of rows whose ids look the same though they are not, each id once, in the order of their
    /// first rows. Ids of printable ASCII alone are told apart by everybody; one of another kind has to be
    /// among them.
    pub fn look_alikes(&self) -> Vec<Vec<Row>> {
        let rows = || {
            let of_segments =
                self.segments().flat_map(|(start, segment)| (start.0..).zip(segment.ids().iter()));
            of_segments.map(|(row, id)| (Row(row), id))
        };
        let is_printable = |byte: u8| matches!(byte, b' '..=b'~');
        let odd: HashSet<String> =
            rows().filter(|(_, id)| !id.bytes().all(is_printable)).map(|(_, id)| skeleton(id)).collect();
        if odd.is_empty() {
            return Vec::new();
        }
        let mut groups: HashMap<String, Vec<(Row, &str)>> = HashMap::new();
        for (row, id) in rows() {
            let looks = skeleton(id);
            if odd.contains(&looks) {
                let group = groups.entry(looks).or_default();
                if !group.iter().any(|(_, other)| *other == id) {
                    group.push((row, id));
                }
            }
        }
        let several = groups.into_values().filter(|group| group.len() > 1);
        let mut found: Vec<Vec<Row>> =
            several.map(|group| group.into_iter().map(|(row, _)| row).collect()).collect();
        found.sort();
        found
    }
}
