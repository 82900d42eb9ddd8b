//! A search finds what a person who reads every post would find.

use proptest::prelude::*;

use super::*;
use crate::corpus::{Loaded, body, load};

fn opened(files: &[(&str, String)]) -> (Sources, Corpus) {
    let files = files.iter().map(|(name, text)| ((*name).to_owned(), text.clone().into_bytes())).collect();
    let sources = Sources::in_memory(files);
    let mut corpus = Corpus::default();
    load(&sources, &mut |loaded| {
        if let Loaded::Segment(segment) = loaded {
            drop(corpus.push(segment));
        }
        ControlFlow::Continue(())
    });
    (sources, corpus)
}

fn found(sought: &[Sought], sources: &Sources, corpus: &Corpus) -> Vec<Row> {
    let rows: Vec<Row> = corpus.rows().collect();
    let mut told = (0, 0);
    let hits = search(&rows, sought, (sources, corpus), &|| false, &mut |progress| {
        assert!(progress.searched > told.0 && progress.hits.len() >= told.1, "it only ever goes on");
        told = (progress.searched, progress.hits.len());
        ControlFlow::Continue(())
    });
    assert_eq!(told.0, rows.len());
    hits.unwrap()
}

/// One post read whole after the other.
fn plain(sought: &[Sought], sources: &Sources, corpus: &Corpus) -> Vec<Row> {
    let holds = |row: &Row| {
        let post = body::read(sources, corpus.get(*row).unwrap()).unwrap();
        sought.iter().all(|sought| sought.is_in(&post.title) || sought.is_in(&post.body))
    };
    corpus.rows().filter(holds).collect()
}

fn post(id: usize, title: &str, body: &[String], escape: bool) -> String {
    let json = serde_json::json!({"id": id, "summary": "redis in the summary does not count", "title": title, "body": body});
    let json = json.to_string();
    if escape { json.replace('d', "\\u0064") } else { json }
}

#[test]
fn words_and_patterns_are_found_in_titles_and_bodies() {
    let lines = [
        r#"{"id":"a","title":"Redis at night","body":"b"}"#,
        r#"{"id":"b","title":"t","body":["one","two redis three"]}"#,
        r#"{"id":"c","title":"t","body":"r\u0065dis"}"#,
        r#"{"id":"d","title":"t","body":"b","summary":"redis"}"#,
        r#"{"id":"e","title":"t","body":"line\nredis\ttab \"quoted\" a/b"}"#,
        r#"{"id":"f","title":"t","body":["re","dis"]}"#,
        r#"{"id":"g","title":"ÜBER","body":"straße K"}"#,
    ];
    let page = "a page\n\nsome text about redis.\n\nbrand post meta\n\ntopicx\n".to_owned();
    let (sources, corpus) = opened(&[("posts.jsonl", lines.join("\n") + "\n"), ("h.txt", page)]);
    let ids = |sought: Sought| -> String {
        let sought = [sought];
        let hits = found(&sought, &sources, &corpus);
        assert_eq!(hits, plain(&sought, &sources, &corpus));
        hits.iter().map(|row| corpus.get(*row).unwrap().id()).collect()
    };
    let words = |text: &str| ids(Sought::words(text).unwrap());
    assert_eq!(words("redis"), "abceh");
    assert_eq!(words("Redis"), "a");
    assert_eq!(words("nredis"), "", "an escape is no letter");
    assert_eq!(words("\"quoted\""), "e");
    assert_eq!(words("a/b"), "e");
    assert_eq!(words("über"), "g");
    assert_eq!(words("straße k"), "g");
    assert_eq!(words("two "), "b");
    let pattern = |text: &str| ids(Sought::pattern(text).unwrap());
    assert_eq!(pattern(r"^two\s\w+"), "");
    assert_eq!(pattern(r"(?m)^two\s\w+"), "b");
    assert_eq!(pattern("re[a-z]is"), "abceh");
    assert_eq!(pattern(r"re\s+dis"), "f", "over two blocks");
    assert_eq!(pattern(r"R\S+s"), "a");
}

#[test]
fn words_are_found_wherever_blocks_and_batches_end() {
    for before in (8_150..8_200).chain([16_384, 262_100, 262_144, 300_000]) {
        let filler = "x ".repeat(before / 2);
        let text = post(1, "t", std::slice::from_ref(&filler), false)
            + "\n"
            + &post(2, "t", &[filler + "NeedLe"], false)
            + "\n";
        let (sources, corpus) = opened(&[("posts.jsonl", text)]);
        for words in ["needle", "NeedLe"] {
            let sought = [Sought::words(words).unwrap()];
            assert_eq!(found(&sought, &sources, &corpus), [Row(1)], "{words} behind {before}");
        }
    }
}

#[test]
fn a_pattern_that_cannot_be_read_says_why() {
    assert_eq!(Sought::pattern("a(").unwrap_err().to_string(), "unclosed group");
    assert_eq!(Sought::pattern("(?:a{1000}){1000}").unwrap_err().to_string(), "the pattern is too large");
}

#[test]
fn a_search_that_is_stopped_gives_nothing() {
    let (sources, corpus) = opened(&[("posts.jsonl", post(1, "t", &["b".into()], false) + "\n")]);
    let rows: Vec<Row> = corpus.rows().collect();
    let sought = [Sought::words("b").unwrap()];
    let go_on = &mut |_: Progress<'_>| ControlFlow::Continue(());
    assert_eq!(search(&rows, &sought, (&sources, &corpus), &|| true, go_on), None);
    let mut stop = |_: Progress<'_>| ControlFlow::Break(());
    assert_eq!(search(&rows, &sought, (&sources, &corpus), &|| false, &mut stop), None);
}

proptest! {
    #[test]
    fn it_agrees_with_reading_every_post(
        posts in prop::collection::vec(("[ab d\n]{0,4}", prop::collection::vec("[abAd \n\"\\\\/é,]{0,6}", 0..4), any::<bool>()), 1..20),
        texts in prop::collection::vec("[abAd \"é,:]{1,3}", 1..3),
        is_pattern: bool,
        skip in 1..4_usize,
    ) {
        let lines = posts.iter().enumerate().map(|(id, (title, body, escape))| post(id, title, body, *escape) + "\n");
        let (sources, corpus) = opened(&[("posts.jsonl", lines.collect())]);
        let sought: Vec<Sought> = texts.iter().map(|text| if is_pattern {
            Sought::pattern(&regex::escape(text)).unwrap()
        } else {
            Sought::words(text).unwrap()
        }).collect();
        prop_assert_eq!(found(&sought, &sources, &corpus), plain(&sought, &sources, &corpus));
        // Any choice of rows, near each other or not.
        let some: Vec<Row> = corpus.rows().step_by(skip).collect();
        let hits = search(&some, &sought, (&sources, &corpus), &|| false, &mut |_| ControlFlow::Continue(())).unwrap();
        let expected: Vec<Row> = plain(&sought, &sources, &corpus).into_iter().filter(|row| some.contains(row)).collect();
        prop_assert_eq!(hits, expected);
    }

    #[test]
    fn what_narrows_is_found_within_the_wider(text in "[abA]{0,5}", a in "[abA]{1,3}", b in "[abA]{1,3}") {
        let (narrow, wide) = (Sought::words(&a).unwrap(), Sought::words(&b).unwrap());
        if narrow.narrows(&wide) && narrow.is_in(&text) {
            prop_assert!(wide.is_in(&text), "{} is in {}, {} is not", a, text, b);
        }
    }
}
