//! Pages as they come: the fixture, its variations, and posts of every shape written as pages.

use proptest::prelude::*;

use super::{Context, FORMATS, Fault, PAGE, parse, write_page};
use crate::model::{Passage, Post, Value};

const TIDE: &str = include_str!("fixtures/tide-tables.txt");

fn context(stem: Option<&str>) -> Context<'_> {
    Context { format: &PAGE, stem, finished: true }
}

fn read(page: &str) -> (Post, Vec<Fault>) {
    parse(page.as_bytes(), &context(Some("file"))).unwrap_or_else(|fault| panic!("{page:?}: {fault:?}"))
}

fn post(page: &str) -> Post {
    let (post, faults) = read(page);
    assert_eq!(faults, [], "{page:?}");
    post
}

fn json(text: &str) -> Value {
    Value::parse(text).unwrap()
}

fn fields(post: &Post) -> Value {
    Value::Map(post.fields.clone())
}

#[test]
fn a_whole_page_is_read_right() {
    let post = post(TIDE);
    assert_eq!(post.id.as_str(), "harbour-000417");
    assert_eq!(post.title, "reading tide tables before a night crossing");
    let count =
        |wanted: fn(&Passage<'_>) -> bool| post.passages().iter().filter(|block| wanted(block)).count();
    assert_eq!(count(|block| matches!(block, Passage::Paragraph(_))), 8);
    assert_eq!(count(|block| matches!(block, Passage::Heading { .. })), 4);
    assert_eq!(count(|block| matches!(block, Passage::Image { .. })), 1);
    assert_eq!(count(|block| matches!(block, Passage::List(items) if items.len() == 5)), 1);
    let expected = json(
        r#"{"topic":"tide tables / night crossings",
        "summary":"a plain guide to tide tables: what the columns mean, how wind changes them, and what to write down.",
        "ai_outline":{"context":"a small harbour at night","problem":"tables that disagree","recommended_action":"read the gauge, then decide: go or stay"},
        "ai_brief":"the text is a careful draft: it explains the table, lists what to check, and promises nothing.",
        "stack":["paper tables","almanac"],"tools":["pencil","parallel rules","red torch"],
        "code_language":"none","difficulty":"intermediate","reading_time":7,"view_count":120934,
        "score":{"quality":71,"freshness":64,"depth":58,"clarity":92},
        "revision":{"status":"reviewed","version":"2.0.10","last_reviewed":"2021-11-02"},
        "reference":"hd-ref-000417-88","hash":"0a1b2c3d4e5f60718293a4b5",
        "flags":{"ai_generated_style":true,"has_images":true,"image_heavy":false,"needs_human_review":true},
        "checklist":["check the date of the table","add summer time","read the gauge","note the wind of the last days","name a turning point"],
        "entities":[{"name":"almanac","type":"stack"},{"name":"harbour steps","type":"place"},{"name":"tables that disagree","type":"problem"}],
        "image_sources":[{"source":"pictures.example.org","url":"https://pictures.example.org/640x480/gauge.png?size=large&text=low: water","caption":"a gauge beside the steps at low water"}],
        "payload":{"source_id":"harbour-000417","generator":"hand","paragraphs":9,"scenario":"a small harbour at night","seed":417},
        "notes":["lists are expected to stay lists: nothing is split here","the view count is made up","to be read by a person before it goes out"],
        "similar":[]}"#,
    );
    assert_eq!(fields(&post), expected);
    assert!(
        write_page(&post).lines().all(|line| !line.starts_with('"')),
        "everything has a label:\n{}",
        write_page(&post)
    );
}

#[test]
fn line_ends_marks_and_blanks_do_not_matter() {
    let expected = post(TIDE);
    let last = TIDE.trim_end();
    for (name, page) in [
        ("CRLF", TIDE.replace('\n', "\r\n")),
        ("a byte order mark", format!("\u{feff}{TIDE}")),
        ("no final newline", last.to_owned()),
        ("NBSP bullets", TIDE.replace("  • ", "\u{a0}\u{a0}•\u{a0}")),
        ("TAB bullets", TIDE.replace("  • ", "\t•\t")),
        ("other bullets", TIDE.replace("    • ", "    - ")),
        ("blanks at line ends", TIDE.replace('\n', "  \n")),
        ("capital labels", TIDE.replace("\nstack\n", "\nSTACK\n").replace("\ntopic", "\nTopic")),
        ("colons", TIDE.replace("\ntools\n", "\ntools:\n").replace("\nsummary", "\nsummary: ")),
        (
            "TABs behind labels",
            TIDE.replace("\nreading time", "\nreading time\t").replace("\ntopic", "\ntopic\t"),
        ),
        (
            "blanks behind labels",
            TIDE.replace("\nhash", "\nhash ").replace("\ncode language", "\ncode language "),
        ),
        ("names for labels", TIDE.replace("\ncode language", "\ncode_language: ")),
        ("a bare header", TIDE.replace("harbour desk post meta", "POST META")),
        (
            "no blank line around the header",
            TIDE.replace("\n\nharbour desk post meta\n\n", "\nharbour desk post meta\n"),
        ),
        ("many blank lines", TIDE.replace("\n\n", "\n \n\n\t\n")),
        ("a wrapped summary", TIDE.replace("what the columns mean, ", "what the columns mean,\n  ")),
        ("a wrapped item", TIDE.replace("nothing is split here", "nothing\n    is split here")),
        ("blank lines between the entries", TIDE.replace("\nai ", "\n\nai ").replace("\nflags", "\n\nflags")),
    ] {
        // A blank line within a list of the article is text; only what is meant to vary may.
        let read = post(&page);
        assert_eq!(fields(&read), fields(&expected), "{name}");
        assert_eq!((read.title, read.id), (expected.title.clone(), expected.id.clone()), "{name}");
        let tidy =
            |body: &str| body.split_whitespace().map(|word| word.replace(['-', '•'], "")).collect::<Vec<_>>();
        assert_eq!(tidy(&read.body), tidy(&expected.body), "{name}");
    }
}

/// A page, and what becomes of it: title, body, fields.
const PAGES: &[(&str, &str, &str, &str, &str)] = &[
    ("no meta box", "a title\n\nsome words\n\nmore", "a title", "some words\n\nmore", "{}"),
    ("a title alone", "a title", "a title", "", "{}"),
    ("an empty box", "t\n\nb\n\nx post meta\n", "t", "b", "{}"),
    ("a box alone", "x post meta\n\ntopicy\n", "", "", r#"{"topic":"y"}"#),
    ("a title repeated", "t\n\nt\n\nwords\n\npost meta\n\ntopicx", "t", "t\n\nwords", r#"{"topic":"x"}"#),
    (
        "the words in a sentence",
        "t\n\nabout the post meta box\n\nwe fill in the post meta\nand go on\n\nx post meta\n\ntopicx",
        "t",
        "about the post meta box\n\nwe fill in the post meta\nand go on",
        r#"{"topic":"x"}"#,
    ),
    (
        "the words, but no box",
        "t\n\nfirst we fill in the post meta\nand then we go",
        "t",
        "first we fill in the post meta\nand then we go",
        "{}",
    ),
    ("a title that ends so", "how to fill in post meta\n\nwords", "how to fill in post meta", "words", "{}"),
    ("no such words", "t\n\ncompost meta", "t", "compost meta", "{}"),
    (
        "the last of two headers",
        "t\n\na post meta\n\ntopicone\n\nwords\n\nb post meta\n\ntopictwo",
        "t",
        "a post meta\n\ntopicone\n\nwords",
        r#"{"topic":"two"}"#,
    ),
    (
        "an entry, an item and a similar post that end so",
        "t\n\nb\n\npost meta\n\ntopichow to write post meta\nnotes\n  • fill in the post meta\n\nsimilar posts\nmore on post meta",
        "t",
        "b",
        r#"{"topic":"how to write post meta","notes":["fill in the post meta"],"similar":["more on post meta"]}"#,
    ),
    (
        "similar posts",
        "t\n\npost meta\n\ntopicx\n\nSIMILAR POSTS\n\none: a title\n  • topic two\nstack\n",
        "t",
        "",
        r#"{"topic":"x","similar":["one: a title","topic two","stack"]}"#,
    ),
    ("similar posts without a box", "t\n\nb\n\nSimilar Posts\none", "t", "b", r#"{"similar":["one"]}"#),
    (
        "an unknown section",
        "t\n\npost meta\n\ntopicx\nsponsors\n  • one\n  • two: 2\nmood: fine\ndifficultyhard",
        "t",
        "",
        r#"{"topic":"x","unknown":["sponsors","  • one","  • two: 2","mood: fine"],"difficulty":"hard"}"#,
    ),
    (
        "a section whose name begins as a label does",
        "t\n\npost meta\n\nreferences\n  • one\nstack notes\n - two\ntopicx",
        "t",
        "",
        r#"{"unknown":["references","  • one","stack notes"," - two"],"topic":"x"}"#,
    ),
    (
        "bullets without an entry",
        "t\n\npost meta\n\n  • one\ntopicx\n\n  • two\n",
        "t",
        "",
        r#"{"unknown":["  • one","  • two"],"topic":"x"}"#,
    ),
    (
        "a wrapped scalar, closed by a blank line",
        "t\n\npost meta\n\nsummaryone\ntwo three\nhash tables are four\n\nfive\nreading time9\nsix",
        "t",
        "",
        r#"{"summary":"one two three hash tables are four","unknown":["five","six"],"reading_time":9}"#,
    ),
    (
        "labels alone",
        "t\n\npost meta\n\ntopic\nstack\nscore\nentities\nreading time\n9\nhash:\n",
        "t",
        "",
        r#"{"topic":"","stack":[],"score":{},"entities":[],"reading_time":9,"hash":""}"#,
    ),
    (
        "a list for a text",
        "t\n\npost meta\n\ntopic\n  • a\n  • b\nai briefshort:\n",
        "t",
        "",
        r#"{"topic":["a","b"],"ai_brief":"short:"}"#,
    ),
    (
        "texts for lists",
        "t\n\npost meta\n\nstack: python\ntools git\nscore: 80\nflags\n  • has images\n  • old",
        "t",
        "",
        r#"{"stack":["python"],"tools":["git"],"score":"80","flags":["has images","old"]}"#,
    ),
    (
        "colons",
        "t\n\npost meta\n\nnotes\n  • a: b\nrevision\n  • at: 10:30: sharp\n  • url: https://x.org/a: b\n  • empty:\n  • none\n",
        "t",
        "",
        r#"{"notes":["a: b"],"revision":{"at":"10:30: sharp","url":"https://x.org/a: b","empty":"","none":""}}"#,
    ),
    (
        "objects",
        "t\n\npost meta\n\nentities\n  • name: a\n    • the type: x\n  • the_type: y\n  • plain\n  • name: b\n  • name: c",
        "t",
        "",
        r#"{"entities":[{"name":"a","the_type":"x"},{"the_type":"y"},"plain",{"name":"b"},{"name":"c"}]}"#,
    ),
    (
        "values in full",
        "t\n\npost meta\n\n\"topic\": [\"a\"]\ntopics\n\"extra\" : {\"k\":[1e999]}\n\"Views\":\"12\"\n\"body\": \"b\"\n",
        "t",
        "b",
        r#"{"topic":[["a"],"s"],"extra":{"k":[1e999]},"view_count":12}"#,
    ),
    ("a title in full", "words\n\npost meta\n\n\"title\": \"\"", "", "words", "{}"),
    (
        "an empty item",
        "t\n\npost meta\n\nchecklist\n  • a\n  •\n  • b",
        "t",
        "",
        r#"{"checklist":["a","","b"]}"#,
    ),
    (
        "drifted numbers",
        "t\n\npost meta\n\nreading time: soon\nscore\n  • quality: high",
        "t",
        "",
        r#"{"reading_time":"soon","score":{"quality":"high"}}"#,
    ),
];

#[test]
fn pages_of_every_shape_are_read_right() {
    for (name, page, title, body, expected) in PAGES {
        for page in [(*page).to_owned(), page.replace('\n', "\r\n"), format!("\u{feff}{page}\n")] {
            let (post, _) = read(&page);
            assert_eq!((post.title.as_str(), post.body.as_str()), (*title, *body), "{name}");
            assert_eq!(fields(&post), json(expected), "{name}");
            assert_eq!(post.id.as_str(), "file", "{name}");
            let written = write_page(&post);
            assert_eq!(
                parse(written.as_bytes(), &context(None)),
                Ok((post.clone(), vec![])),
                "{name}:\n{written}"
            );
            assert_eq!(write_page(&read(&written).0), written, "{name}");
        }
    }
}

#[test]
fn a_label_twice_keeps_both_and_is_a_doubt() {
    let (post, faults) = read(
        "t\n\npost meta\n\nid: a\ntopicone\ntopictwo\nstack\n • a\nrevision\n • v: 1\nstack\n • b\nrevision\n • v: 2\nid: b\n\"x\": 1\n\"x\": [2]\n",
    );
    assert_eq!(post.id.as_str(), "a");
    let expected = r#"{"topic":["one","two"],"stack":["a","b"],"revision":[{"v":"1"},{"v":"2"}],"given_id":"b","x":[1,[2]]}"#;
    assert_eq!(fields(&post), json(expected));
    let found: Vec<&str> = faults.iter().map(|fault| fault.found.as_str()).collect();
    assert_eq!(
        found,
        [
            "the field `topic` twice",
            "the field `stack` twice",
            "the field `revision` twice",
            "the id twice",
            "the field `x` twice"
        ]
    );
    assert_eq!(faults[0].at, "t\n\npost meta\n\nid: a\ntopicone\n".len());
}

#[test]
fn a_page_is_known_by_its_id_its_source_its_reference_its_file_or_its_text() {
    let id = |meta: &str, stem| {
        let page = format!("t\n\npost meta\n\n{meta}");
        parse(page.as_bytes(), &context(stem)).unwrap().0.id.as_str().to_owned()
    };
    assert_eq!(id("ID: 007\npayload\n  • source id: s\nreferencer", Some("f")), "007");
    assert_eq!(id("referencer\npayload\n  • source id: s", Some("f")), "s");
    assert_eq!(id("\"source_id\": 5\nreferencer", Some("f")), "5");
    assert_eq!(id("referencer", Some("f")), "r");
    assert_eq!(id("topicx", Some("f")), "f");
    assert!(id("topicx", None).starts_with("text-"));
    assert!(id("\"id\": [1]\nreferencer", Some("f")).starts_with("text-"));
}

#[test]
fn a_thousand_equal_labels_are_one_doubt() {
    let (post, faults) =
        read(&format!("t\n\npost meta\n\n{}", "topicx\nstack\n  • y\n\"k\": 1\n".repeat(1000)));
    assert_eq!(faults.len(), 3);
    assert!(["topic", "stack", "k"].iter().all(|name| post.get(name).unwrap().items().len() == 1000));
}

#[test]
fn only_what_a_page_cannot_say_is_written_as_json() {
    let record = r#"{"id":" a ","title":"t","body":"b","topic":["x"],"summary":"one\ntwo","stack":["s"],"score":{"quality":1,"tone":[1]},
        "notes":["a\nb"],"tools":[],"flags":{"old":true},"mood":{"k":"post meta"},"reading_time":"soon","unknown":["who"],
        "entities":[{"name":"a"},{"type":"b"}],"similar":["x"]}"#;
    let (post, _) =
        parse(record.as_bytes(), &Context { format: &FORMATS[0], stem: None, finished: true }).unwrap();
    let page = "t\n\nb\n\npost meta\n\n\"id\": \" a \"\n\"topic\": [\"x\"]\n\"summary\": \"one\\ntwo\"\nstack\n  • s\n\
        \"score\": {\"quality\":1,\"tone\":[1]}\n\"notes\": [\"a\\nb\"]\ntools\nflags\n  • old: 1\n\
        \"mood\": {\"k\":\"post meta\"}\nreading time: soon\n\nwho\n\
        \"entities\": [{\"name\":\"a\"},{\"type\":\"b\"}]\n\nsimilar posts\nx\n";
    assert_eq!(write_page(&post), page);
}

#[test]
fn damage_is_named() {
    let fault = |page: &[u8]| parse(page, &context(None)).unwrap_err();
    assert_eq!(fault(b"\0\0\0\n").found, "NUL bytes");
    assert_eq!(fault(b"caf\xe9").found, "the byte 0xE9, which is not UTF-8 here");
    assert_eq!(fault(b"caf\xe9").at, 3);
    let (post, faults) = read("t\n\nwords\0\0");
    assert_eq!((post.body.as_str(), faults[0].found.as_str()), ("words\0\0", "NUL bytes in the text"));
}

/// Values of all kinds, with texts that a page could take for something else.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "-?(0|[1-9][0-9]{0,3})(\\.[0-9])?(e-?[0-9]{1,3})?",
        text().prop_map(|text| serde_json::to_string(&text).unwrap()),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((key(), inner), 0..4).prop_map(|entries| object(&entries)),
        ]
    })
}

fn object(entries: &[(String, String)]) -> String {
    let entry = |(key, value): &(String, String)| format!("{}:{value}", serde_json::to_string(key).unwrap());
    format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(","))
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[a-c1 ]{0,4}",
        1 => any::<char>().prop_map(String::from),
        4 => prop::sample::select(vec![
            "\n", "\n\n", "\r\n", "\r", "\t", "\u{a0}", ": ", ":", "  • ", "- ", "•", "\"", "\\", "{", "[", ",", "_",
            "post meta", "brand post meta", "similar posts", "topic", "topictools for tracing", "stack", "score",
            "id: x", "hash4239ab", "reading time9", "code language", "\"x\": 1", "\"title\": \"t\"", "sponsors",
            "\u{feff}", "\0", "\u{1b}[2J", "\u{2028}", "image source: example.org", "https://x.org/?a=b: c", "1", "yes",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "id", "title", "body", "topic", "summary", "ai_outline", "stack", "tools", "tags", "code_language", "lang",
            "Language", "reading_time", "view_count", "views", "score", "revision", "reference", "hash", "flags",
            "checklist", "entities", "image_sources", "images", "payload", "source_id", "notes", "similar", "unknown",
            "name", "headline", "content", "text", "given_id", "given_title", "Code Language", "has images", "quality",
        ]).prop_map(str::to_owned),
        1 => text(),
    ]
}

/// Objects whose known fields mostly have the shape they should have.
fn record() -> impl Strategy<Value = String> {
    let texts = || prop::collection::vec(text().prop_map(|text| serde_json::to_string(&text).unwrap()), 0..4);
    let list = || texts().prop_map(|texts| format!("[{}]", texts.join(",")));
    let map = || prop::collection::vec((key(), value()), 0..4).prop_map(|entries| object(&entries));
    let entry = prop_oneof![
        2 => (key(), value()),
        2 => (key(), text().prop_map(|text| serde_json::to_string(&text).unwrap())),
        1 => (prop::sample::select(vec!["stack", "notes", "similar", "unknown", "body"]).prop_map(str::to_owned), list()),
        1 => (prop::sample::select(vec!["score", "flags", "payload", "revision"]).prop_map(str::to_owned), map()),
        1 => (Just("entities".to_owned()), prop::collection::vec(map(), 0..3).prop_map(|maps| format!("[{}]", maps.join(",")))),
    ];
    prop::collection::vec(entry, 0..9).prop_map(|entries| object(&entries))
}

/// Lines of pages in any order.
fn page() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        2 => text(),
        1 => Just(String::new()),
        3 => prop::sample::select(vec![
            "x post meta", "post meta", "Similar Posts", "  • one", "    • name: a", "    • type: b", "  •", "topicx",
            "topic", "stack", "notes", "score", "  • quality: 83", "flags", "  • has images: 1", "entities",
            "image sources", "payload", "  • source id: p-1", "reading time9", "reading time many", "hash4239",
            "referencer-1", "sponsors", "stack traces", "id: 12", "\"extra\": [1, {\"k\": null}]", "\"body\": \"b\"",
            "\"title\": \"t\"", "unknown: x", "  indented", "summaryone two", "code languagego", "ai outline",
        ]).prop_map(str::to_owned),
    ];
    let joined = |(lines, newline): (Vec<String>, &str)| lines.join(newline);
    (prop::collection::vec(line, 0..24), prop::sample::select(vec!["\n", "\r\n"])).prop_map(joined)
}

fn comes_back(post: &Post) -> Result<(), TestCaseError> {
    let written = write_page(post);
    let acts =
        |c: char| c.is_control() && !matches!(c, '\n' | '\t') || ('\u{202a}'..='\u{202e}').contains(&c);
    prop_assert!(!written.contains(acts), "{:?}", written);
    for stem in [None, Some("another")] {
        let read = parse(written.as_bytes(), &context(stem));
        prop_assert_eq!(read.as_ref().map(|(read, _)| read), Ok(post), "\n{}", written);
    }
    Ok(())
}

proptest! {
    #[test]
    fn every_json_post_comes_back_from_its_page(record in record(), stem in prop::option::of(Just("stem"))) {
        let format = &FORMATS[0];
        if let Ok((post, _)) = parse(record.as_bytes(), &Context { format, stem, finished: true }) {
            comes_back(&post)?;
            // And from its own JSON, which is the canonical form.
            let json = serde_json::to_string(&post).unwrap();
            let read = parse(json.as_bytes(), &Context { format, stem: None, finished: true });
            prop_assert_eq!(read.map(|(read, _)| read), Ok(post), "{}", json);
        }
    }

    #[test]
    fn every_page_comes_back_from_its_page(page in page()) {
        if let Ok((post, _)) = parse(page.as_bytes(), &context(Some("stem"))) {
            comes_back(&post)?;
        }
    }

    /// No word of a page gets lost, whatever it is taken for.
    #[test]
    fn every_word_of_a_page_is_somewhere_in_the_post(lines in prop::collection::vec("(topic|stack|  • |notes|[x-z]{1,3}:? ?| |id: |score|\"a\": 1|post meta|similar posts){0,3}", 0..16)) {
        let numbered: Vec<String> = lines.iter().enumerate().map(|(n, line)| format!("{line}w{n}w")).collect();
        let page = format!("title\n\n{}", numbered.join("\n"));
        let (post, _) = read(&page);
        let json = serde_json::to_string(&post).unwrap();
        for n in 0..lines.len() {
            let word = format!("w{n}w");
            prop_assert!(json.contains(&word), "{} is not in {}", word, json);
        }
    }
}
