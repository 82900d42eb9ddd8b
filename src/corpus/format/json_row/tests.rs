//! What the row reader accepts, the post reader makes the same row of, and finds no fault with.

use proptest::prelude::*;
use serde_json::json;

use super::agree::{agrees, quick};
use crate::model::meta::META_FIELDS;

#[test]
fn usual_records_are_read_quickly() {
    for record in [
        r#"{"id":"a","title":"t","body":["b","c"],"stack":["x","y"],"tools":[],"score":{"quality":83,"Depth":47}}"#,
        r#"{"id":7,"title":" t\n u ","body":"b","extra":{"deep":[1,{"x":null}]},"flags":{"has images":1,"needs_human_review":"yes"}}"#,
        r#"{"id":"a\u00e9","revision":{"status":"reviewed","version":"1"},"flags":{"needs_human_review":true}}"#,
        r#"{"id":"a","image_sources":[{"url":"u"},{"source":"s"}],"flags":{"has_images":false},"payload":{"paragraphs":8}}"#,
        r#"{"id":"a","body":"no pictures: none","flags":{"has_images":true},"reading_time":"9","view_count":18446744073709551615}"#,
        r#"{"id":"a","score":41.5,"stack":"python","code_language":null,"difficulty":"hard"}"#,
        r#"{"id":"пост","title":"naïve — “quoted” 日本語 caf\u00e9 हिन्दी","body":"❤️ می‌خواهم"}"#,
        r#"{ "id" : "a" , "score" : {"tone": 140, "quality": "60"} , "image_sources": ["u", {}, ""] }"#,
    ] {
        assert!(agrees(record.as_bytes()), "not sure of {record}");
    }
}

#[test]
fn what_needs_a_second_look_gets_one() {
    for record in [
        "[]",
        r#"{"title":"no id"}"#,
        r#"{"id":"a","id":"b"}"#,
        r#"{"id":"a","Title":"t","title":"u"}"#,
        r#"{"id":"a","x":1,"x":2}"#,
        r#"{"id":"a","tags":["x"]}"#,
        r#"{"id":"a","title":["t"]}"#,
        r#"{"id":"a","body":["b",1]}"#,
        r#"{"id":[1]}"#,
        r#"{"id":"a","body":"alt\ncaption. image source: h.example","flags":{"has_images":false}}"#,
        r#"{"id":"a","body":"alt\ncaption. imag\u0065 source: h.example","flags":{"has_images":false}}"#,
        r#"{"id":"a","revision":{" status":"draft"}}"#,
        r#"{"id":"a","payload":{"paragraphs":"8"}}"#,
        r#"{"id":"a","note":"\ud83d\ude00"}"#,
        r#"{"id":"a"} x"#,
        r#"{"id":"a","note":"\u001b[2J"}"#,
        r#"{"id":"a","note":"\r"}"#,
        "{\"id\":\"a\",\"note\":\"\u{202e}\"}",
        "{\"id\":\"a\",\"note\":\"\u{7f}\"}",
    ] {
        assert!(quick(record.as_bytes()).is_none(), "{record}");
    }
}

/// Values of any shape, and those that fields are expected to have.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "null",
        "true",
        "1",
        "0",
        "-1",
        "9",
        "83",
        "100",
        "101",
        "1e999",
        "70.5",
        "300",
        "65535",
        "65536",
        "007",
        "\"\"",
        "\" \"",
        "\"x\"",
        "\"9\"",
        "\"yes\"",
        "\"reviewed\"",
        "\"Approved\"",
        "\"draft\"",
        "\"a b\"",
        "\"\\u00e9\"",
        "\"\\ud83d\"",
        "\"caption. Image Source: h\"",
        "\"alt\\ncap image source: h.\"",
        "\"é\u{a0}\"",
        "18446744073709551615",
        "\"t\\n\\nu \"",
        "\"\\u001b[2J\"",
        "\"\\u202e\"",
        "\"\\r\"",
        "\"\\b\"",
        "\"\u{202e}x\"",
        "\"e\u{301}\"",
        "\"\u{301}\"",
        "\"\u{7f}\"",
        "\"p\u{43e}st\"",
        "\"क्\u{200d}ष\"",
        "\"👩\u{200d}👩 ❤\u{fe0f}\"",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(3, 24, 4, |inner| {
        let key = prop::sample::select(vec![
            "status",
            "Status",
            " status",
            "paragraphs",
            "quality",
            "Quality",
            "depth",
            "tone",
            "has_images",
            "has images",
            "needs_human_review",
            "needs human review",
            "url",
            "source",
            "k",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((key, inner), 0..4).prop_map(|entries| {
                let entries = entries.iter().map(|(key, value)| format!("\"{key}\":{value}"));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }),
        ]
    })
}

fn record() -> impl Strategy<Value = String> {
    let mut names: Vec<&str> = META_FIELDS.iter().map(|field| field.name).collect();
    names.extend([
        "id", "title", "body", "flags", "revision", "score", "ID", "Title", "name", "tags", "views", "x",
        "y z",
    ]);
    let entry = (prop::sample::select(names), value());
    (prop::collection::vec(entry, 0..7), any::<bool>()).prop_map(|(entries, with_id)| {
        let id = with_id.then(|| "\"id\":\"p\u{43e}\"".to_owned());
        let entries = entries.iter().map(|(key, value)| format!("\"{key}\":{value}"));
        format!("{{{}}}", id.into_iter().chain(entries).collect::<Vec<_>>().join(","))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn the_two_readers_agree(record in record()) {
        agrees(record.as_bytes());
    }

    #[test]
    fn a_broken_byte_is_noticed(record in record(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = record.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        agrees(&bytes);
    }
}

#[test]
fn names_beyond_number_are_left_to_the_post_reader() {
    let fields: serde_json::Map<String, serde_json::Value> =
        (0..1_000).map(|n| (format!("k{n}"), json!(n))).chain([("id".to_owned(), json!("a"))]).collect();
    assert!(quick(serde_json::to_string(&fields).unwrap().as_bytes()).is_none());
}
