//! What is counted is what a plain count finds, and what the terms of the values find.

use proptest::prelude::*;

use super::*;
use crate::query::testing::{Desk, desk};
use crate::query::{FIELDS, Query, run};

fn counted(field: &'static Field, desk: &Desk, view: &View, most: usize) -> Facet {
    Facets::default().facet(field, desk.posts(), view, most, &|| false).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Every value of every field, and none: of the view, as many posts are counted as its term finds,
    /// which is what a look at each post finds.
    #[test]
    fn as_many_posts_are_counted_as_the_term_finds(
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
                prop_assert_eq!(found.len(), value.posts, "{}", value.term);
                let expression = query.expression.as_ref().unwrap();
                let passing = rows.iter().filter(|row| desk.passes(expression, row.index()));
                prop_assert_eq!(passing.count(), value.posts, "{}", value.term);
                prop_assert!(value.posts > 0 || field.is_counted_in_ranges(), "{}", value.term);
            }
            if let Some(term) = facet.missing_term() {
                let found = run(&Query::parse(&term).unwrap(), desk.posts(), &|| false).unwrap();
                let found = found.iter().filter(|row| rows.contains(row)).count();
                prop_assert_eq!(found, facet.missing, "{}", term);
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
