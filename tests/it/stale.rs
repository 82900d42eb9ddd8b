//! Every word that a reviewer is shown counts: a decision is stale as soon as any of it is another,
//! and never because the file was only written in another way. Through the real readers.

use std::fs;

use crate::support::Desk;
use crate::support::program::copydesk;
use copydesk::corpus::format::write_page;
use copydesk::corpus::{Row, Sources, body};
use copydesk::model::Post;
use copydesk::model::meta::{META_FIELDS, is_volatile};
use copydesk::review::Record;
use serde_json::{Map, Value, json};

/// A post with every field that there is, a block of every kind and a field that nobody knows.
fn post() -> Value {
    json!({
        "id": "desk-001",
        "title": "a full post",
        "body": "An opening paragraph.\n\n# the first heading\n\nA picture of a shelf\nA picture of a shelf. Image source: pictures.example.\n\nsome steps\n\n  • look at the graph\n  • look at the clock\n\nThe end.",
        "topic": "shelves",
        "summary": "what a shelf holds",
        "ai_outline": {"part one": "the wood", "part two": "the screws"},
        "ai_brief": "write about a shelf",
        "stack": ["python services", "backend"],
        "tools": ["git", "make"],
        "code_language": "text",
        "difficulty": "beginner",
        "reading_time": 4,
        "view_count": 1200,
        "score": {"quality": 83, "depth": 47},
        "revision": {"status": "draft", "version": "1.0.2"},
        "reference": "shelf-7",
        "hash": "00ff00aa",
        "flags": {"needs_human_review": true, "has_images": true},
        "checklist": ["read it aloud", "check the links"],
        "entities": [{"name": "wood", "type": "material"}, {"name": "screw", "type": "part"}],
        "image_sources": [{"source": "pictures.example", "url": "https://pictures.example/1.png"}],
        "payload": {"paragraphs": 2, "seed": 11, "template": "plain"},
        "notes": ["a note of its own"],
        "similar": ["another shelf"],
        "colour": "green"
    })
}

/// What changes by itself, and the id, which says whose decision it is.
fn counts(field: &str) -> bool {
    field != "id" && !is_volatile(field)
}

/// Every value that differs from `value` in one place, each with the name of the place.
fn edits(value: &Value, place: &str) -> Vec<(String, Value)> {
    let within = |key: &dyn std::fmt::Display| format!("{place}/{key}");
    match value {
        Value::Null => vec![(place.to_owned(), json!("x"))],
        Value::Bool(flag) => vec![(place.to_owned(), json!(!flag))],
        Value::Number(number) => vec![(place.to_owned(), json!(number.as_i64().unwrap() + 1))],
        Value::String(text) => vec![(place.to_owned(), json!(format!("{text}0")))],
        Value::Array(items) => {
            let mut found = vec![(within(&"one more"), json!([items.as_slice(), &[json!("more")]].concat()))];
            for (at, item) in items.iter().enumerate() {
                let with = |item: Option<Value>| {
                    let mut items = items.clone();
                    items.splice(at..=at, item);
                    Value::Array(items)
                };
                found.push((within(&format!("without {at}")), with(None)));
                found.extend(
                    edits(item, &within(&at)).into_iter().map(|(name, item)| (name, with(Some(item)))),
                );
            }
            if items.len() > 1 {
                found.push((within(&"turned around"), items.iter().rev().cloned().collect()));
            }
            found
        }
        Value::Object(entries) => {
            let with = |change: &dyn Fn(&mut Map<String, Value>)| {
                let mut entries = entries.clone();
                change(&mut entries);
                Value::Object(entries)
            };
            let more = with(&|entries| drop(entries.insert("more".to_owned(), json!("x"))));
            let mut found = vec![(within(&"one more"), more)];
            for (key, value) in entries {
                let gone = with(&|entries| drop(entries.remove(key)));
                found.push((within(&format!("without {key}")), gone));
                for (name, other) in edits(value, &within(key)) {
                    found.push((name, with(&|entries| drop(entries.insert(key.clone(), other.clone())))));
                }
            }
            found
        }
    }
}

/// The post with one thing in it changed, for everything in it that counts.
fn edited_posts() -> Vec<(String, Value)> {
    let post = post();
    let mut found = Vec::new();
    for (name, value) in post.as_object().unwrap().iter().filter(|(name, _)| counts(name)) {
        let with = |value: Value| {
            let mut post = post.clone();
            post[name] = value;
            post
        };
        found.extend(edits(value, name).into_iter().map(|(place, value)| (place, with(value))));
        let mut without = post.clone();
        without.as_object_mut().unwrap().remove(name);
        found.push((format!("without {name}"), without));
    }
    let mut more = post.clone();
    more["another"] = json!("field");
    found.push(("another field".to_owned(), more));
    // Each block of the body: another word, gone, and in another place.
    let body = post["body"].as_str().unwrap();
    let blocks: Vec<&str> = body.split("\n\n").collect();
    let with = |blocks: &[&str]| {
        let mut post = post.clone();
        post["body"] = json!(blocks.join("\n\n"));
        post
    };
    for (at, block) in blocks.iter().enumerate() {
        let (mut other, mut gone, mut moved) = (blocks.clone(), blocks.clone(), blocks.clone());
        let longer = block.replacen(|c: char| c.is_alphabetic(), "Q", 1);
        assert_ne!(longer, *block);
        other[at] = &longer;
        gone.remove(at);
        moved.swap(at, (at + 1) % blocks.len());
        for (what, blocks) in [("another word", &other), ("gone", &gone), ("moved", &moved)] {
            found.push((format!("block {at}: {what}"), with(blocks)));
        }
    }
    for item in ["look at the graph", "look at the clock", "Image source: pictures.example", "# the first"] {
        let changed = body.replace(item, "look at the book");
        assert_ne!(changed, body);
        let mut post = post.clone();
        post["body"] = json!(changed);
        found.push((format!("a part of the body: {item}"), post));
    }
    found
}

/// The ways a post is written to a file: its name and its text.
#[derive(Clone, Copy, Debug)]
enum Form {
    Lines,
    Document,
    Page,
}

impl Form {
    fn file(self, post: &Value) -> (String, String) {
        match self {
            Self::Lines => ("posts.jsonl".to_owned(), format!("{post}\n")),
            Self::Document => ("posts.json".to_owned(), json!([post]).to_string()),
            Self::Page => ("desk-001.txt".to_owned(), write_page(&read(post))),
        }
    }
}

fn sources((name, text): &(String, String)) -> Sources {
    Sources::in_memory(vec![(name.clone(), text.clone().into_bytes())])
}

fn read(post: &Value) -> Post {
    let desk = Desk::of(sources(&Form::Lines.file(post)), &[]);
    body::read(&desk.app.sources, desk.app.corpus.get(Row(0)).unwrap()).unwrap()
}

/// What was decided on a file.
fn decided(file: &(String, String)) -> Vec<Record> {
    let desk = Desk::of(sources(file), &[]).keys("r");
    assert_eq!(desk.said(), ["desk-001 status=reviewed"]);
    desk.records
}

/// Whether the decisions are stale on a file, which must hold the post that they are about.
fn is_stale(file: &(String, String), records: &[Record]) -> bool {
    let mut desk = Desk::of(sources(file), records).keys("/is:stale<enter>");
    let app = &desk.app;
    assert_eq!(app.corpus.len(), 1, "{file:?}");
    assert_eq!(app.corpus.get(Row(0)).unwrap().id(), "desk-001", "{file:?}");
    let badge = app.standings.get(Row(0));
    assert_eq!(badge.decided.name(), "reviewed", "{file:?}");
    assert_eq!(app.list.view.len(), usize::from(badge.stale), "the filter says the same");
    desk.press("<esc>");
    assert_eq!(desk.screen().contains("stale: the text has changed since"), badge.stale);
    badge.stale
}

#[test]
fn the_post_has_every_field_that_there_is() {
    for field in META_FIELDS {
        assert!(post().get(field.name).is_some(), "{} is not tried", field.name);
    }
}

#[test]
fn every_field_that_is_shown_makes_a_decision_stale_when_it_is_edited() {
    let edited = edited_posts();
    assert!(edited.len() > 120, "{}", edited.len());
    for form in [Form::Lines, Form::Document, Form::Page] {
        let records = decided(&form.file(&post()));
        assert!(!is_stale(&form.file(&post()), &records), "{form:?}");
        for (place, post) in &edited {
            assert!(is_stale(&form.file(post), &records), "{form:?}, {place}");
        }
    }
}

/// Every word of a page counts, wherever it stands.
#[test]
fn every_line_of_a_page_makes_a_decision_stale_when_it_is_edited() {
    let (name, page) = Form::Page.file(&post());
    let records = decided(&(name.clone(), page.clone()));
    let lines: Vec<&str> = page.lines().collect();
    // Neither is text of the post: the header of the box, what changes by itself, and a line that tells
    // whose page it is.
    let similar = lines.iter().position(|line| *line == "similar posts").unwrap_or(lines.len());
    let is_text = |at: usize| {
        let line = lines[at];
        !line.trim().is_empty()
            && line != "post meta"
            && !line.starts_with("view count")
            && !line.starts_with("id: ")
            && at < similar
    };
    let mut tried = 0;
    for at in (0..lines.len()).filter(|at| is_text(*at)) {
        let longer = format!("{}0", lines[at]);
        let mut other = lines.clone();
        other[at] = &longer;
        assert!(is_stale(&(name.clone(), other.join("\n")), &records), "{longer}");
        tried += 1;
    }
    assert!(tried > 40, "{tried} lines");
}

/// The same value with its keys in the opposite order, and blanks wherever JSON allows them.
fn respelled(value: &Value, blank: &str) -> String {
    let list = |open: &str, items: Vec<String>, close: &str| {
        format!("{open}{blank}{}{blank}{close}", items.join(&format!("{blank},{blank}")))
    };
    match value {
        Value::Array(items) => list("[", items.iter().map(|item| respelled(item, blank)).collect(), "]"),
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| {
                format!("{}{blank}:{blank}{}", json!(key), respelled(value, blank))
            };
            list("{", entries.iter().rev().map(entry).collect(), "}")
        }
        other => other.to_string(),
    }
}

#[test]
fn another_way_to_write_the_same_makes_nothing_stale() {
    let post = post();
    let records = decided(&Form::Lines.file(&post));
    let mut alone = vec![
        Form::Lines.file(&post),
        Form::Document.file(&post),
        Form::Page.file(&post),
        ("posts.jsonl".to_owned(), respelled(&post, "")),
        ("posts.jsonl".to_owned(), format!("\n\n{}\r\n", respelled(&post, " \t "))),
        ("posts.json".to_owned(), format!("{{\"posts\":[\n{}\n]}}", respelled(&post, "\n  "))),
        ("posts.json".to_owned(), serde_json::to_string_pretty(&json!([post])).unwrap()),
        // Letters as escapes, and a number where the same was written as text.
        ("posts.jsonl".to_owned(), post.to_string().replace("shelf", "\\u0073helf")),
        ("posts.jsonl".to_owned(), post.to_string().replace("\"seed\":11", "\"seed\":\"11\"")),
        ("posts.jsonl".to_owned(), post.to_string().replace("\"has_images\":true", "\"has images\":1")),
    ];
    for change in [json!(1), json!(99_999_999), json!("many"), Value::Null] {
        for field in META_FIELDS.iter().filter(|field| field.volatile) {
            for form in [Form::Lines, Form::Document, Form::Page] {
                let mut post = post.clone();
                post[field.name] = change.clone();
                alone.push(form.file(&post));
                post.as_object_mut().unwrap().remove(field.name);
                alone.push(form.file(&post));
            }
        }
    }
    let (name, page) = Form::Page.file(&post);
    let spread = page.replacen("\n\n", "\n\n\n", 1).replace("\npost meta\n", "\n\npost meta\n\n") + "\n\n";
    alone.push((name.clone(), spread));
    alone.push((name, format!("\u{feff}\n{page}")));
    for file in &alone {
        assert!(!is_stale(file, &records), "{file:?}");
    }
}

/// The marks of the blocks of the article, and the sentence above them.
fn marks(file: &(String, String), records: &[Record]) -> String {
    let mut desk = Desk::of(sources(file), records).size(200, 60).keys("D<enter>z");
    let screen = desk.screen();
    let lines = screen.lines().filter(|line| line.contains("Since the decision") || line.contains("± "));
    lines.map(|line| line.trim_matches(['│', ' ']).to_owned() + "\n").collect()
}

#[test]
fn what_has_changed_since_is_marked_block_by_block() {
    let before = Form::Lines.file(&post());
    let records = decided(&before);
    let line = records[0].to_line();
    let outline = line.split_once("\"blocks\":\"").unwrap().1.split_once('"').unwrap().0;
    assert_eq!(outline.len(), 8 * (2 + 6), "title, meta box and six blocks: {line}");
    let edit = |from: &str, to: &str| {
        let mut post = post();
        let body = post["body"].as_str().unwrap().replace(from, to);
        post["body"] = json!(body);
        post
    };
    let marks = |post: &Value| marks(&Form::Lines.file(post), &records);
    assert_eq!(
        marks(&edit("look at the clock", "look at the shelf")),
        "Since the decision: 1 block is new or changed, marked ±; 1 block is gone or was changed.\n\
         ±   • look at the graph\n±   • look at the shelf\n"
    );
    assert_eq!(
        marks(&edit("The end.", "One more.\n\nThe end.")),
        "Since the decision: 1 block is new or changed, marked ±.\n± One more.\n"
    );
    assert_eq!(
        marks(&edit("An opening paragraph.\n\n", "")),
        "Since the decision: 1 block is gone or was changed.\n"
    );
    let mut turned = edit("An opening paragraph.", "The end of it.");
    let body = turned["body"].as_str().unwrap().replace("The end.", "An opening paragraph.");
    turned["body"] = json!(body.replace("The end of it.", "The end."));
    assert!(marks(&turned).contains("every block is as it was, but not their order"), "{}", marks(&turned));
    let mut other = post();
    (other["title"], other["topic"]) = (json!("another"), json!("another"));
    assert_eq!(
        marks(&other),
        "Since the decision: the title is another; something in the meta box is another.\n"
    );
    // It is a view: the key takes it away again, and a decision on the new text ends it.
    let mut desk = Desk::of(sources(&Form::Lines.file(&other)), &records).keys("DD");
    assert!(!desk.screen().contains("Since the decision"));
    desk.press("D");
    assert!(desk.screen().contains("Since the decision"));
    desk.press("rg");
    assert!(!desk.screen().contains("Since the decision"));
    desk.press("D");
    assert!(desk.screen().contains("not stale"), "{}", desk.screen());
    // An undo brings back a decision on the old text, and what is known of that text with it.
    desk.press("u");
    desk.press("D");
    assert!(desk.screen().contains("Since the decision: the title is another"), "{}", desk.screen());
}

#[test]
fn a_decision_that_keeps_nothing_of_its_text_says_so() {
    let mut records = decided(&Form::Lines.file(&post()));
    records[0].outline = None;
    let mut other = post();
    other["title"] = json!("another");
    let mut desk = Desk::of(sources(&Form::Lines.file(&other)), &records).keys("D");
    assert!(desk.screen().contains("What has changed cannot be told"), "{}", desk.screen());
}

#[test]
fn the_command_line_lists_what_is_stale() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str| {
        let output = copydesk(folder.path()).args(line.split_whitespace()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    for form in [Form::Lines, Form::Document, Form::Page] {
        let (name, text) = form.file(&post());
        fs::write(folder.path().join(&name), &text).unwrap();
        assert_eq!(run(&format!("mark {name} --id desk-001 --status reviewed")).0, Some(0), "{form:?}");
        let list = format!("list {name} --filter is:stale --format ids");
        assert_eq!(run(&list), (Some(1), String::new()), "{form:?}");
        // One edit in twenty, through a process of its own each.
        for (place, post) in edited_posts().iter().step_by(20) {
            fs::write(folder.path().join(&name), form.file(post).1).unwrap();
            assert_eq!(run(&list), (Some(0), "desk-001\n".to_owned()), "{form:?}, {place}");
        }
        fs::write(folder.path().join(&name), &text).unwrap();
        assert_eq!(run(&list), (Some(1), String::new()), "the text is back: {form:?}");
    }
}
