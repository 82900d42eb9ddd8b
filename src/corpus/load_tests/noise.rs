//! Bytes at random: nothing panics, nothing is lost.

use std::fmt::Write;

use proptest::prelude::*;

use super::{json, jsonl, read_files};
use crate::corpus::format::refusal;

proptest! {
    /// Whatever the bytes: no panic, and each line that is not blank is a row or a problem.
    #[test]
    fn every_line_of_jsonl_lands_somewhere(bytes in noise()) {
        let read = read_files(&[("noise.jsonl", &bytes)]);
        let source = read.sources.get(0).unwrap();
        if source.format().name == "jsonl" && refusal(&bytes).is_none() {
            let mut start = 0;
            for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
                let is_here = |offset: u64| (start as u64..=(start + line.len()) as u64).contains(&offset);
                let row = read.corpus.rows().any(|row| is_here(read.corpus.get(row).unwrap().place().offset));
                let problem = read.problems.iter().any(|problem| is_here(problem.offset));
                let text = line.strip_prefix(b"\xef\xbb\xbf").filter(|_| number == 0).unwrap_or(line);
                prop_assert!(row || problem || text.trim_ascii().is_empty(), "{:?}", line);
                start += line.len() + 1;
            }
        }
    }

    #[test]
    fn every_byte_of_a_page_or_document_lands_somewhere(bytes in noise(), name in prop::sample::select(vec!["a.txt", "a.json", "a"])) {
        let read = read_files(&[(name, &bytes)]);
        let blank = bytes.iter().all(|byte| byte.is_ascii_whitespace() || b"\xef\xbb\xbf[]".contains(byte));
        prop_assert!(blank || !read.corpus.is_empty() || !read.problems.is_empty());
    }

    /// In a list with one post a line, no broken line costs a good one.
    #[test]
    fn good_elements_survive_bad_ones(lines in prop::collection::vec(prop::sample::select(vec![
        "good", "good", "{\"a\":", "{", "}", "\"", "{\"a\":\"x", "5", "word", ":", ",", "{\"a\":[1}", "{'a':1}", "\\", "{\"a\":1}}",
    ]), 1..12)) {
        let mut text = String::from("[\n");
        let mut good = Vec::new();
        for (n, line) in lines.iter().enumerate() {
            if *line == "good" {
                good.push(n.to_string());
                writeln!(text, "  {{\"id\":{n}}},").unwrap();
            } else {
                writeln!(text, "  {line}").unwrap();
            }
        }
        let read = json(&text);
        let ids: Vec<&str> = read.ids();
        for id in &good {
            prop_assert!(ids.contains(&id.as_str()), "{} is not in {:?}:\n{}\n{:?}", id, ids, text, read.problems);
        }
    }

    /// A list gives the same posts however it is laid out.
    #[test]
    fn layout_does_not_matter(records in prop::collection::vec(r#"\{"id":"[a-z\]\[{},: ]{1,6}"(,"n":(1|\[\]|\{"k":\["\]"\]\}))?\}"#, 0..5)) {
        let minified = json(&format!("[{}]", records.join(",")));
        let pretty = json(&format!("[\n  {}\n]\n", records.join(",\n  ")));
        let wrapped = json(&format!("{{\"posts\": [{}]}}", records.join(" , ")));
        let lines = jsonl(&records.join("\n"));
        prop_assert_eq!(minified.ids(), lines.ids());
        prop_assert_eq!(pretty.ids(), lines.ids());
        prop_assert_eq!(wrapped.ids(), lines.ids());
    }
}

/// Bytes that are nearly something.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..4),
        prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            "\"",
            ":",
            ",",
            "\n",
            "\r\n",
            " ",
            "\\",
            "{\"id\":1}",
            "{\"id\":\"x\",\"title\":\"t\"}",
            "{\"posts\":[",
            "\u{feff}",
            "\0",
            "post meta\n",
            "topic",
            "  • ",
            "similar posts\n",
            "null",
            "1e9",
            "\"a\":",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}
