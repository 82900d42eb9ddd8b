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

    /// A candidate that is taken is a query that reads, and it finds as many posts as were counted: those
    /// that pass by the term itself, whatever stands in other branches.
    #[test]
    fn values_that_are_taken_find_as_many_posts_as_were_counted(
        desk in desk(), typed in prop::sample::select(vec!["", "p", "ython", "GO", "é", "\"al", "\"python s", "org", "x,", "\"x\",\"", ".", "-", "a\\"]),
        (sign, before, rest) in prop::sample::select(vec![
            (":", "a or ", ""), ("=", "a or ", ""), (":", "a ", "a"), ("=", "(b or -(a -", "a"), (":=", "a or not lang:go ", "-lang:go"),
        ]),
    ) {
        let view = run(&Query::parse(rest).unwrap(), desk.posts(), &|| false).unwrap();
        // The first value of a list must be one itself.
        let takes = |field: &&Field| {
            field.takes_lists() && !(typed.contains(',') && matches!(field.kind, Kind::Choice(_)))
        };
        for field in FIELDS.iter().filter(takes) {
            let text = format!("{before}{}{sign}{typed}", field.name);
            let mut facets = Facets::default();
            let ask = |facets: &mut Facets| {
                facets.complete(&text, text.len(), desk.posts(), (&view, &Names::default()), 99, &|| false).unwrap()
            };
            let found = ask(&mut facets);
            prop_assert_eq!(&ask(&mut facets), &found);
            prop_assert_eq!(Query::parse(&found.place.rest(&text)), Query::parse(rest));
            for candidate in &found.candidates {
                let taken = found.place.with(&text, &candidate.text);
                let closed = format!("{taken}{}", ")".repeat(before.matches('(').count()));
                prop_assert!(Query::parse(&closed).is_ok(), "{}", closed);
                // The value alone, with the sign of its term.
                let behind = taken.get(before.len() + field.name.len()..).unwrap();
                let sign = if behind.starts_with(":=") { "=" } else { behind.get(..1).unwrap() };
                let term = Query::parse(&format!("{}{sign}{}", field.name, candidate.text)).unwrap();
                let passing = run(&Query::parse(rest).unwrap().and(&term), desk.posts(), &|| false).unwrap().len();
                let is_word_of_list = sign == ":" && typed.contains(',') && field.has_wholes();
                prop_assert_eq!(candidate.posts, (!is_word_of_list).then_some(passing), "{}", taken);
            }
            let counts: Vec<_> = found.candidates.iter().filter_map(|candidate| candidate.posts).collect();
            if typed.is_empty() {
                prop_assert!(counts.is_sorted_by(|a, b| a >= b), "{:?}", counts);
            }
        }
    }
}
