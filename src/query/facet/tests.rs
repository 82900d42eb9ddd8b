//! What is counted is what a plain count finds, and what the terms of the values find.

use proptest::prelude::*;

use super::*;
use crate::query::fuzzy::fold;
use crate::query::testing::{Desk, desk};
use crate::query::{FIELDS, Query, run};

fn counted(field: &'static Field, desk: &Desk, view: &View, most: usize) -> Facet {
    Facets::default().facet(field, desk.posts(), view, most, &|| false).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Every value of every field: as many posts have it as a look at each of them finds, and those
    /// that its term finds hold it.
    #[test]
    fn values_are_counted_as_a_look_at_each_post_counts_them(
        desk in desk(), chosen in prop::collection::vec(any::<bool>(), 40), all: bool,
    ) {
        let rows: Vec<Row> = (0..desk.len()).filter(|at| all || chosen[*at % chosen.len()])
            .filter_map(|at| u32::try_from(at).ok()).map(Row).collect();
        let view = if all { View::All(rows.len()) } else { View::Rows(rows.iter().rev().copied().collect()) };
        let fields: Vec<&'static Field> = FIELDS.iter().filter(|field| field.has_facet()).collect();
        let facets = Facets::default().all(&fields, desk.posts(), &view, usize::MAX, &|| false).unwrap();
        for (field, facet) in fields.iter().zip(facets) {
            for value in &facet.values {
                let query = Query::parse(&value.term).unwrap();
                let found = run(&query, desk.posts(), &|| false).unwrap();
                let found: Vec<Row> = found.iter().filter(|row| rows.contains(row)).collect();
                match field.kind {
                    // A word is found within others too.
                    Kind::Words(_) | Kind::Hosts(_) | Kind::By | Kind::Why => {
                        let has = |row: &&Row| {
                            desk.words(field, row.index()).iter().any(|word| fold(word) == fold(&value.label))
                        };
                        prop_assert_eq!(rows.iter().filter(has).count(), value.posts, "{}", value.term);
                        prop_assert!(rows.iter().filter(has).all(|row| found.contains(row)), "{}", value.term);
                    }
                    _ => prop_assert_eq!(found.len(), value.posts, "{}", value.term),
                }
            }
            if !matches!(field.kind, Kind::Choice(_)) {
                let blank = |row: &&Row| match field.kind {
                    Kind::Number(column) | Kind::Date(column) => desk.row(row.index()).number(column).is_none(),
                    Kind::Decided => desk.standing(row.index()).decided == crate::model::Status::Unreviewed,
                    _ => desk.words(field, row.index()).is_empty(),
                };
                prop_assert_eq!(rows.iter().filter(blank).count(), facet.missing, "{}", field.name);
            }
            let most = counted(field, &desk, &view, 2);
            if !matches!(field.kind, Kind::Number(_) | Kind::Date(_) | Kind::Decided | Kind::Choice(_)) {
                prop_assert_eq!(&most.values[..], &facet.values[..facet.values.len().min(2)]);
            }
            prop_assert_eq!(most.different, facet.different);
        }
    }
}
