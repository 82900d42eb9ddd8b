use proptest::prelude::*;

use super::*;
use crate::query::testing::desk;
use crate::query::{Query, run};

fn complete(text: &str, names: &Names) -> Vec<String> {
    let (sources, corpus, standings) = Default::default();
    let posts = Posts {
        sources: &sources,
        corpus: &corpus,
        standings: &standings,
        today: crate::model::Day::default(),
    };
    let view = View::All(0);
    let found = Facets::default().complete(text, text.len(), posts, (&view, names), 99, &|| false);
    found
        .map(|found| found.candidates)
        .unwrap_or_default()
        .into_iter()
        .map(|candidate| candidate.text)
        .collect()
}

#[test]
fn names_that_begin_so_come_before_those_that_hold_it() {
    let names: Names = [("mine", "by:mara"), ("weak", "score<40")].into_iter().collect();
    for (text, expected) in [
        ("sco", &["score", "score.min"][..]),
        ("lan", &["lang:"]),
        ("refere", &["ref:"]),
        ("sort:-revi", &["revised"]),
        ("status:fl", &["flagged"]),
        ("is:co", &["conflict", "contradiction"]),
        ("@", &["@mine", "@weak"]),
        ("@ea", &["@weak"]),
        ("nobody", &[]),
    ] {
        assert_eq!(complete(text, &names), expected, "{text}");
    }
}

#[test]
fn every_field_and_every_key_is_suggested() {
    let all = complete("", &Names::default());
    let keys = complete("sort:", &Names::default());
    for field in FIELDS {
        assert!(all.contains(&named(field)), "{}", field.name);
        assert!(complete(field.name, &Names::default()).contains(&named(field)), "{}", field.name);
        assert_eq!(keys.iter().any(|key| key == field.name), field.is_sort_key(), "{}", field.name);
        for alias in field.aliases {
            assert!(complete(alias, &Names::default()).contains(&named(field)), "{alias}");
        }
    }
    assert!(all.contains(&"sort:".to_owned()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A candidate that is taken is a query that reads, and the posts with the value pass it.
    #[test]
    fn values_that_are_taken_find_their_posts(
        desk in desk(), typed in prop::sample::select(vec!["", "p", "ython", "GO", "é", "\"al", "\"python s", "org", "x,"]),
    ) {
        let view = View::All(desk.len());
        // The first value of a list must be one itself.
        let takes = |field: &&Field| {
            field.takes_lists() && !(typed == "x," && matches!(field.kind, Kind::Choice(_)))
        };
        for field in FIELDS.iter().filter(takes) {
            let text = format!("a or {}:{typed}", field.name);
            let mut facets = Facets::default();
            let ask = |facets: &mut Facets| {
                facets.complete(&text, text.len(), desk.posts(), (&view, &Names::default()), 99, &|| false).unwrap()
            };
            let found = ask(&mut facets);
            prop_assert_eq!(&ask(&mut facets), &found);
            for candidate in &found.candidates {
                let mut taken = text.clone();
                taken.replace_range(found.place.range.clone(), &candidate.text);
                let query = Query::parse(&taken);
                prop_assert!(query.is_ok(), "{} {:?}", taken, query);
                if typed.contains(',') { continue; }
                let value = taken.strip_prefix("a or ").unwrap();
                let passing = run(&Query::parse(value).unwrap(), desk.posts(), &|| false).unwrap().len();
                prop_assert!(passing >= candidate.posts.unwrap(), "{} {}", value, passing);
            }
            let counts: Vec<_> = found.candidates.iter().map(|candidate| candidate.posts).collect();
            if typed.is_empty() {
                prop_assert!(counts.is_sorted_by(|a, b| a >= b), "{:?}", counts);
            }
        }
    }
}
