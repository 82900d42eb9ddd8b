//! JSON files of every layout, whole and broken.

use super::{json, jsonl, read_files};
use crate::corpus::Severity;

#[test]
fn json_documents_of_every_layout_are_read() {
    let (a, b) = (r#"{"id":"a","title":"] } , [ { \" \\"}"#, r#"{"id":"b","n":[[],{"x":[1]}]}"#);
    for (text, doubts) in [
        (format!("[{a},{b}]"), 0),
        (format!("[\n  {a},\n  {b}\n]\n"), 0),
        (format!("\u{feff}\r\n[\r\n{a}\r\n,\r\n{b}\r\n]"), 0),
        (format!("{{\"posts\":[{a},{b}]}}"), 0),
        (format!("{{\n \"posts\" : [\n {a} ,\n {b} ] }}"), 0),
        (format!("{{\"version\":{{\"posts\":[1]}},\"count\":2,\"posts\":[{a},{b}],\"next\":null}}"), 1),
        (format!("{{\"title\":\"our blog\",\"posts\":[{a},{b}]}}"), 1),
        (format!("{a}\n{b}\n"), 0),
        ("{\n\"id\":\"a\"\n}\n{\n\"id\":\"b\"\n}".to_owned(), 0),
        (format!("[{a},{b},]"), 1),
        (format!("[{a},,,{b}]"), 1),
        (format!("[{a} {b}]"), 1),
        (format!("[{a}][{b}]"), 0),
    ] {
        for name in ["posts.json", "posts.jsonl"] {
            let read = read_files(&[(name, text.as_bytes())]);
            assert_eq!(read.ids(), ["a", "b"], "{name}: {text}");
            assert_eq!(read.problems.len(), doubts, "{text}: {:?}", read.problems);
            assert!(read.problems.iter().all(|problem| problem.severity == Severity::Doubt));
        }
    }
    let found = "other keys beside the posts (`a`, `b`, `c`, `d`, `e`, 2 more)";
    let read = json("{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":[],\"f\":{},\"posts\":[{\"id\":1}],\"g\":\"\"}");
    assert_eq!((read.ids(), read.found()), (vec!["1"], vec![(1, found)]));
}

#[test]
fn a_file_of_one_object_is_one_post_known_by_its_file() {
    for text in [
        "{\"title\":\"t\"}",
        "\u{feff}{\n  \"title\": \"t\"\n}\n",
        "{\"title\":\"t\",\"posts\":[]}",
        "{\"title\":\"t\",\"posts\":[1]}",
    ] {
        let read = read_files(&[("dir/a.name.json", text.as_bytes())]);
        assert_eq!((read.ids(), read.problems.len()), (vec!["a.name"], 0), "{text}");
    }
    assert!(json("[{\"title\":\"t\"}]").ids()[0].starts_with("text-"));
    assert!(jsonl("{\"title\":\"t\"}").ids()[0].starts_with("text-"));
    let read = read_files(&[("package.json", b"{\"version\":1}")]);
    assert_eq!(read.found(), [(1, "an object without any field of a post")]);
}

#[test]
fn a_bad_element_costs_itself() {
    let read = json(
        "[\n  {\"id\":\"a\"},\n  5,\n  {\"id\":NaN},\n  \"x\",\n  {\"id\":\"b\"},\n  [1],\n  word,\n  {\"id\":\"c\"}\n]",
    );
    assert_eq!(read.ids(), ["a", "b", "c"]);
    let found = [
        (3, "a lone number"),
        (4, "`NaN`, which is not a number to JSON"),
        (5, "a lone string"),
        (7, "a list"),
        (8, "text that is no JSON"),
    ];
    assert_eq!(read.found(), found);
}

#[test]
fn a_list_that_breaks_off_keeps_what_is_before_and_after() {
    let list = "[\n  {\"id\":\"a\"},\n  {\"id\":\"b\",\"n\":[1,{\"k\":\"v\"}]},\n  {\"id\":\"c\"}\n]";
    for cut in list.find("\"b").unwrap()..list.len() {
        let cut = list.get(..cut).unwrap();
        let read = json(cut);
        assert_eq!(read.ids()[0], "a");
        assert_eq!(read.problems.len(), 1, "{cut:?}: {:?}", read.problems);
    }
    for (torn, found) in [
        ("{\"id\":\"b\",\"title\":\"torn", "a record that breaks off before its end"),
        ("{\"id\":\"b\",\"title\":{", "a record that breaks off before its end"),
        ("{\"id\":\"b\",\"n\":[},", "`}`"),
        ("}", "text that is no JSON"),
    ] {
        let read = json(&format!(
            "[\n  {{\"id\":\"a\"}},\n  {torn}\n  {{\"id\":\"c\"}},\n  {{\n  \"id\":\"d\"\n  }}\n]\n"
        ));
        assert_eq!(read.ids(), ["a", "c", "d"], "{torn}");
        assert_eq!(read.found(), [(3, found)], "{torn}");
    }
    let read = json("[{\"id\":\"a\"},{\"id\":[},{\"id\":\"b\"}]");
    assert_eq!(read.ids(), ["a"]);
    assert_eq!(read.problems.len(), 2);
    assert!(read.problems[1].advice.contains("what follows in this file was not read"));
}
