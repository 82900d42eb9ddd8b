use std::sync::Arc;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use super::*;
use crate::corpus::{Place, RowFields, SegmentBuilder, TitleIndex};
use crate::model::Status;
use crate::query::fuzzy::{self, fold};
use crate::query::parse::tests::any_query;
use crate::query::testing::{desk, term_of};
use crate::query::{Badge, Expr, Term};

fn fields(title: &str, stack: &str, score: Option<f32>) -> RowFields {
    RowFields {
        id: format!("id-{title}"),
        title: title.to_owned(),
        stack: stack.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        tools: Vec::new(),
        language: String::new(),
        difficulty: String::new(),
        claimed: "draft".to_owned(),
        flags: vec![("image_heavy".to_owned(), true), ("has_images".to_owned(), false)],
        score,
        axes: [score, None, None, None],
        views: Some(5),
        minutes: None,
        images: 0,
        paragraphs: None,
        ..RowFields::default()
    }
}

fn corpus(rows: &[RowFields], rows_per_segment: usize) -> Corpus {
    let (mut corpus, mut titles) = (Corpus::default(), TitleIndex::default());
    for rows in rows.chunks(rows_per_segment.max(1)) {
        let mut segment = SegmentBuilder::new(0);
        rows.iter().for_each(|row| segment.push(Place { offset: 0, length: 0, line: 1 }, row));
        drop(corpus.push(Arc::new(segment.finish(&mut titles))));
    }
    corpus
}

/// Posts that nobody reads the text of.
fn untold<'a>(corpus: &'a Corpus, standings: &'a Standings) -> Posts<'a> {
    static NONE: std::sync::LazyLock<Sources> = std::sync::LazyLock::new(Sources::default);
    Posts { sources: &NONE, corpus, standings, today: Day(20_000) }
}

fn found(text: &str, rows: &[RowFields]) -> Vec<u32> {
    let query = Query::parse(text).unwrap();
    let mut standings = Standings::default();
    standings.resize(rows.len());
    standings.set(Row(1), Badge { status: Status::Flagged, decided: Status::Flagged, ..Badge::default() });
    standings.set(Row(2), Badge { decided: Status::Reviewed, stale: true, ..Badge::default() });
    run(&query, untold(&corpus(rows, 2), &standings), &|| false).unwrap().iter().map(|row| row.0).collect()
}

#[test]
fn terms_choose_and_keys_order() {
    let rows = [
        fields("Field notes on caching", "python services,backend", Some(74.75)),
        fields("A guide to queues", "go", Some(40.0)),
        fields("Caching, again", "python3", None),
        fields("über Größe", "", Some(70.0)),
    ];
    for (text, expected) in [
        ("stack:python", &[0][..]),
        ("stack:PYTHON3", &[2]),
        ("stack:\"\"", &[]),
        ("score>=70", &[0, 3]),
        ("score=74.75", &[0]),
        ("score>70", &[0]),
        ("score:40..70", &[1, 3]),
        ("-score>=0", &[2]),
        ("status:flagged", &[1]),
        ("is:stale", &[2]),
        ("is:decided", &[1, 2]),
        ("flag:image_heavy", &[0, 1, 2, 3]),
        ("flag:\"image heavy\"", &[0, 1, 2, 3]),
        ("flag:has_images", &[]),
        ("claimed:draft title:CACH", &[0, 2]),
        ("\"notes on\"", &[0]),
        ("\"GRÖSSE\" or \"größe\"", &[3]),
        ("ÜB", &[3]),
        ("caching", &[2, 0]),
        ("again caching", &[2]),
        ("caching sort:score", &[0, 2]),
        ("sort:-score", &[0, 3, 1, 2]),
        ("sort:score", &[1, 3, 0, 2]),
        ("sort:title", &[1, 2, 0, 3]),
        ("(stack:go or stack:python) -queues", &[0]),
    ] {
        assert_eq!(found(text, &rows), expected, "{text}");
    }
}

#[test]
fn a_pass_can_be_stopped() {
    let rows = [fields("a", "", None)];
    let query = Query::parse("a").unwrap();
    assert_eq!(run(&query, untold(&corpus(&rows, 1), &Standings::default()), &|| true), None);
}

/// What a person would do with a list of posts and no index.
fn naive(expression: &Expr, post: &RowFields) -> bool {
    match expression {
        Expr::And(parts) => parts.iter().all(|part| naive(part, post)),
        Expr::Or(parts) => parts.iter().any(|part| naive(part, post)),
        Expr::Not(part) => !naive(part, post),
        Expr::Term(Term::Fuzzy(word)) => {
            let title: Vec<char> = post.title.to_lowercase().chars().collect();
            let mut at = 0;
            word.chars().all(|c| {
                let found = title.iter().skip(at).position(|other| *other == c);
                found.map(|found| at += found + 1).is_some()
            })
        }
        Expr::Term(Term::Exact(words)) => post.title.to_lowercase().contains(words),
        Expr::Term(Term::Word { field, value, is_whole }) => {
            let value = value.to_lowercase();
            match field.name {
                "stack" if *is_whole && value.is_empty() => post.stack.is_empty(),
                "stack" if *is_whole => post.stack.iter().any(|word| word.to_lowercase() == value),
                "title" if *is_whole => post.title.to_lowercase() == value,
                "stack" => {
                    let padded = |word: &str| format!(" {} ", word.to_lowercase().replace(['-', '_'], " "));
                    post.stack.iter().any(|word| padded(word).contains(&padded(&value)))
                }
                "title" => post.title.to_lowercase().contains(&value),
                name => panic!("not generated: {name}"),
            }
        }
        Expr::Term(Term::Text(text)) => panic!("not generated: {text:?}"),
        Expr::Term(Term::Date { field, .. }) => panic!("not generated: {field:?}"),
        Expr::Term(Term::Number { field, range }) => match field.name {
            "score" => post.score.is_some_and(|score| range.contains(f64::from(score))),
            name => panic!("not generated: {name}"),
        },
    }
}

proptest! {
    #[test]
    fn the_engine_agrees_with_a_plain_scan(
        posts in prop::collection::vec(("[a-dA-D ]{0,10}", "[ab]{1,2}( [ab]{1,2})?", prop::option::of(0..100u8)), 0..40),
        text in "(-?(stack[:=][ab]{1,2}|[a-d]{1,3}|score(>=|<|=)[0-9]{1,2}|title[:=][a-d]{1,2})( or | ))( ?)(-?([a-d]{1,2}|stack:a))",
        rows_per_segment in 1..9_usize,
    ) {
        let rows: Vec<RowFields> =
            posts.iter().map(|(title, stack, score)| fields(title, stack, score.map(f32::from))).collect();
        let query = Query::parse(&text).unwrap();
        let expected: Vec<u32> = (0..).zip(&rows)
            .filter(|(_, row)| naive(query.expression.as_ref().unwrap(), row)).map(|(number, _)| number).collect();
        let corpus = corpus(&rows, rows_per_segment);
        let view = run(&query, untold(&corpus, &Standings::default()), &|| false).unwrap();
        let mut found: Vec<u32> = view.iter().map(|row| row.0).collect();
        if query.fuzzy_words().is_empty() {
            prop_assert_eq!(&found, &expected);
        }
        found.sort_unstable();
        prop_assert_eq!(found, expected);
    }
}

/// What happens to the filter prompt, a key at a time, while posts are still being read.
#[derive(Clone, Debug)]
enum Step {
    Type(char),
    Delete,
    Clear,
    /// More posts have come.
    Grow(usize),
    /// The last posts are taken back, and others come in their place.
    TakeBack,
    /// The next pass is stopped after so many looks.
    Stop(usize),
    /// Something was decided about a post.
    Decide(u32, Status),
    /// There was time to prepare.
    Prepare,
}

fn step() -> impl Strategy<Value = Step> {
    let statuses = vec![Status::Unreviewed, Status::Reviewed, Status::Flagged];
    prop_oneof![
        8 => prop::sample::select("abcd :=>-\"stackore0159().".chars().collect::<Vec<_>>()).prop_map(Step::Type),
        3 => Just(Step::Delete),
        1 => Just(Step::Clear),
        1 => (1..9_usize).prop_map(Step::Grow),
        1 => Just(Step::TakeBack),
        2 => (0..4_usize).prop_map(Step::Stop),
        1 => (0..40_u32, prop::sample::select(statuses)).prop_map(|(row, status)| Step::Decide(row, status)),
        1 => Just(Step::Prepare),
    ]
}

/// Words that a person would type as a whole.
const STARTS: [&str; 11] = [
    "",
    "stack:a",
    "score>=5",
    "ab",
    "abc d",
    "-stack:b a",
    "status:flagged",
    "title:ab",
    "title=ab",
    "stack=a",
    "sort:-score,title a",
];

proptest! {
    /// However the query came about, letter by letter, with deletions, stopped passes, posts that came
    /// in between: the view is the one of a plain scan.
    #[test]
    fn an_engine_that_remembers_agrees_with_a_plain_scan(
        posts in prop::collection::vec(("[a-dA-D ]{0,8}", "[ab]{1,2}( [ab]{1,2})?", prop::option::of(0..100u8)), 1..40),
        start in prop::sample::select(STARTS.to_vec()),
        steps in prop::collection::vec(step(), 1..40),
        rows_per_segment in 1..9_usize,
    ) {
        let rows: Vec<RowFields> =
            posts.iter().map(|(title, stack, score)| fields(title, stack, score.map(f32::from))).collect();
        let mut coming = rows.chunks(rows_per_segment);
        let (mut now, mut titles) = (Corpus::default(), TitleIndex::default());
        // The posts that are there, and where each segment begins.
        let (mut there, mut starts): (Vec<RowFields>, Vec<usize>) = (Vec::new(), Vec::new());
        let add = |now: &mut Corpus, titles: &mut TitleIndex, there: &mut Vec<RowFields>, starts: &mut Vec<usize>, more: &[RowFields]| {
            let mut segment = SegmentBuilder::new(0);
            starts.push(there.len());
            for row in more {
                segment.push(Place { offset: there.len() as u64, length: 0, line: 1 }, row);
                there.push(row.clone());
            }
            drop(now.push(Arc::new(segment.finish(titles))));
        };
        coming.next().into_iter().for_each(|more| add(&mut now, &mut titles, &mut there, &mut starts, more));
        let mut standings = Standings::default();
        standings.resize(now.len());
        let mut engine = Engine::default();
        let mut text = start.to_owned();
        let mut stop_after = None;
        for step in steps {
            match step {
                Step::Type(c) => text.push(c),
                Step::Delete => drop(text.pop()),
                Step::Clear => text.clear(),
                Step::Grow(count) => {
                    let more = coming.by_ref().take(count);
                    more.for_each(|more| add(&mut now, &mut titles, &mut there, &mut starts, more));
                    standings.resize(now.len());
                }
                Step::TakeBack if starts.len() > 1 => {
                    titles = TitleIndex::behind(now.known());
                    let start = starts.pop().unwrap();
                    now.take_back(start as u64);
                    there.truncate(start);
                    prop_assert_eq!(now.len(), start);
                    coming.next().into_iter().for_each(|more| add(&mut now, &mut titles, &mut there, &mut starts, more));
                    standings.truncate(start);
                    standings.resize(now.len());
                }
                Step::TakeBack => {}
                Step::Stop(looks) => stop_after = Some(looks),
                Step::Decide(row, status) => {
                    standings.set(Row(row), Badge { status, decided: status, ..Badge::default() });
                }
                Step::Prepare => engine.prepare(&now, &|| false),
            }
            let Ok(query) = Query::parse(&text) else { continue };
            if let Some(looks) = stop_after.take() {
                let seen = std::sync::atomic::AtomicUsize::new(0);
                let stop = || seen.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= looks;
                engine.run(&query, untold(&now, &standings), &stop, &mut |_| ());
            }
            let view = engine.run(&query, untold(&now, &standings), &|| false, &mut |_| ()).unwrap();
            let found: Vec<u32> = view.iter().map(|row| row.0).collect();
            prop_assert_eq!(found, plain_scan(&query, &there, &standings), "{}", text);
        }
    }
}

/// The view as the documentation puts it, a post at a time.
fn plain_scan(query: &Query, rows: &[RowFields], standings: &Standings) -> Vec<u32> {
    let passes = |row: u32, post: &RowFields| {
        query
            .expression
            .as_ref()
            .is_none_or(|expression| naive_with(expression, post, standings.get(Row(row))))
    };
    let mut found: Vec<(u32, &RowFields)> =
        (0..).zip(rows).filter(|(row, post)| passes(*row, post)).collect();
    if query.sort.is_empty() {
        let words = query.fuzzy_words();
        let score = |title: &str| words.iter().map(|word| fuzzy::reference_score(title, word)).sum::<i64>();
        found.sort_by_key(|(_, post)| std::cmp::Reverse(score(&post.title)));
    } else {
        for key in query.sort.iter().rev() {
            found.sort_by(|(_, a), (_, b)| {
                let by = |post: &RowFields| match key.field.name {
                    "score" => post.score.map(|score| format!("{score:08.3}")),
                    "title" => Some(fold(&post.title)).filter(|title| !title.is_empty()),
                    "stack" => post.stack.first().map(|word| fold(word)),
                    name => panic!("not generated: {name}"),
                };
                match (by(a), by(b)) {
                    (Some(a), Some(b)) if key.descending => b.cmp(&a),
                    (Some(a), Some(b)) => a.cmp(&b),
                    (a, b) => b.is_some().cmp(&a.is_some()),
                }
            });
        }
    }
    found.into_iter().map(|(row, _)| row).collect()
}

fn naive_with(expression: &Expr, post: &RowFields, badge: Badge) -> bool {
    match expression {
        Expr::And(parts) => parts.iter().all(|part| naive_with(part, post, badge)),
        Expr::Or(parts) => parts.iter().any(|part| naive_with(part, post, badge)),
        Expr::Not(part) => !naive_with(part, post, badge),
        Expr::Term(Term::Word { field, value, .. }) if field.name == "status" => badge.status.name() == value,
        Expr::Term(_) => naive(expression, post),
    }
}

proptest! {
    /// Searches that go on from each other, letter by letter, with letters deleted and searches broken off
    /// in between: what is told on the way and at the end is what reading every
    /// post finds.
    #[test]
    fn searches_that_go_on_from_each_other_agree_with_reading_every_post(
        bodies in prop::collection::vec("[abAé]{0,5}", 1..40),
        steps in prop::collection::vec((prop::sample::select(vec!['a', 'b', 'A', 'é', '<']), 0..4_usize, 0..2_usize), 1..16),
        with_stack: bool,
    ) {
        let line = |(id, body): (usize, &String)| {
            format!("{{\"id\":{id},\"title\":\"t\",\"stack\":\"{}\",\"body\":\"{body}\"}}\n", ["x", "y"][id % 2])
        };
        let text: String = bodies.iter().enumerate().map(line).collect::<Vec<_>>().concat();
        let sources = Sources::in_memory(vec![("posts.jsonl".to_owned(), text.into_bytes())]);
        let mut whole = Corpus::default();
        crate::corpus::load(&sources, &mut |loaded| {
            if let crate::corpus::Loaded::Segment(segment) = loaded {
                drop(whole.push(segment));
            }
            std::ops::ControlFlow::Continue(())
        });
        let standings = Standings::default();
        let posts = Posts { sources: &sources, ..untold(&whole, &standings) };
        let (mut engine, mut word) = (Engine::default(), String::from("a"));
        for (letter, looks, stops) in steps {
            if letter == '<' { word.pop(); } else { word.push(letter); }
            if word.is_empty() { word.push('b'); }
            let text = format!("{}text:{word}", if with_stack { "stack:x " } else { "" });
            let query = Query::parse(&text).unwrap();
            let sought = &query.texts()[0].sought;
            let expected: Vec<u32> = (0..).zip(&bodies)
                .filter(|(row, body)| (!with_stack || row % 2 == 0) && (sought.is_in(body) || sought.is_in("t")))
                .map(|(row, _): (u32, _)| row)
                .collect();
            if stops > 0 {
                let seen = std::sync::atomic::AtomicUsize::new(0);
                let stop = || seen.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= looks;
                engine.run(&query, posts, &stop, &mut |_| ());
            }
            let mut told: Vec<Vec<u32>> = Vec::new();
            let view = engine.run(&query, posts, &|| false, &mut |found| {
                told.extend(found.view.map(|view| view.iter().map(|row| row.0).collect::<Vec<_>>()));
            });
            let found: Vec<u32> = view.unwrap().iter().map(|row| row.0).collect();
            for part in told {
                prop_assert!(expected.starts_with(&part), "{} is told {:?} of {:?}", text, part, expected);
            }
            prop_assert_eq!(found, expected, "{}", text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Any query over any posts and decisions: the view is the one of somebody who reads post by post
    /// and knows of no column.
    #[test]
    fn the_whole_language_agrees_with_reading_every_post(desk in desk(), query in any_query()) {
        let view = run(&query, desk.posts(), &|| false).unwrap();
        let found: Vec<usize> = view.iter().map(Row::index).collect();
        let passes = |at: &usize| query.expression.as_ref().is_none_or(|expression| desk.passes(expression, *at));
        let mut expected: Vec<usize> = (0..desk.len()).filter(passes).collect();
        for key in query.sort.iter().rev() {
            expected.sort_by(|a, b| match (desk.key(key.field, *a), desk.key(key.field, *b)) {
                (Some(a), Some(b)) if key.descending => b.partial_cmp(&a).unwrap(),
                (Some(a), Some(b)) => a.partial_cmp(&b).unwrap(),
                (a, b) => b.is_some().cmp(&a.is_some()),
            });
        }
        let mut found_in_order = found.clone();
        if query.sort.is_empty() {
            // Fuzzy words order by score, which another test is about.
            found_in_order.sort_unstable();
        }
        prop_assert_eq!(found_in_order, expected, "{}", query);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Each row of the table alone, so that none is ever left out.
    #[test]
    fn every_field_agrees_with_reading_every_post(desk in desk(), seed in any::<u64>()) {
        let mut runner = TestRunner::new_with_rng(
            ProptestConfig::default(),
            TestRng::from_seed(RngAlgorithm::ChaCha, &seed.to_le_bytes().repeat(4)),
        );
        for field in crate::query::FIELDS {
            for _ in 0..8 {
                let term = term_of(field).new_tree(&mut runner).unwrap().current();
                let query = Query { expression: Some(Expr::Term(term)), sort: Vec::new() };
                let view = run(&query, desk.posts(), &|| false).unwrap();
                let found: Vec<usize> = view.iter().map(Row::index).collect();
                let passes = |at: &usize| desk.passes(query.expression.as_ref().unwrap(), *at);
                prop_assert_eq!(found, (0..desk.len()).filter(passes).collect::<Vec<_>>(), "{}", query);
            }
        }
    }
}
