//! JSONL: one line, one post or one problem.

use super::{json, jsonl, read_files};
use crate::corpus::Problem;
use crate::corpus::{Row, Severity, body};

#[test]
fn files_without_posts_are_no_problem() {
    for text in ["", "\n\n\n", "   ", " \r\n\t\n", "\u{feff}", "\u{feff}\n"] {
        for name in ["a.jsonl", "a.json", "a.txt", "a"] {
            let read = read_files(&[(name, text.as_bytes())]);
            assert_eq!((read.corpus.len(), read.problems.len()), (0, 0), "{name} {text:?}");
        }
    }
    assert_eq!(json("[]").found(), []);
    assert_eq!(json("{\"posts\": []}").found(), []);
}

/// A line between two good ones, and what is said about it.
const BAD_LINES: &[(&[u8], &str, &str)] = &[
    (b"{\"id\":1}\0\0\0", "NUL bytes", "possible crash damage"),
    (b"\0\0\0\0", "NUL bytes", "possible crash damage"),
    (b"\xef\xbb\xbf{}", "a byte order mark inside the file", "was one file added to another?"),
    (b"{\"id\":\"caf\xe9\"}", "the byte 0xE9, which is not UTF-8 here", "convert the file to UTF-8"),
    (b"{\"id\":\"\xc0\xaf\"}", "a character in an overlong form, which UTF-8 forbids", "convert the file"),
    (b"{\"id\":\"\xed\xa0\x80\"}", "half of a surrogate pair, written as if it were a character", "convert"),
    (br#"{"id":"\ud800"}"#, r"the lone surrogate `\ud800`, half of a character", ""),
    (b"{\"id\":\"a\tb\"}", "a raw TAB inside a string", "the string begins at byte 6 of the record"),
    (b"{\"id\":\"a\x1b[2J\"}", "the raw control character 0x1B inside a string", ""),
    (b"{\"id\":1,\"title\":\"a\",\"Title\":\"a\"}", "the key `Title` twice", "only its writer can tell"),
    (b"{\"stack\":[],\"id\":1,\"stack\":[]}", "the key `stack` twice", "only its writer can tell"),
    (b"{\"id\":NaN}", "`NaN`, which is not a number to JSON", ""),
    (b"{\"id\":Infinity}", "`Infinity`, which is not a number to JSON", ""),
    (b"{\"id\":-Infinity}", "`-Infinity`, which is not a number to JSON", ""),
    (b"{\"id\":007}", "`007`, a number that begins with a zero", ""),
    (b"[]", "a list", ""),
    (b"[\"a\"]", "a list", ""),
    (b"null", "a lone `null`", ""),
    (b"\"x\"", "a lone string", ""),
    (b"5", "a lone number", ""),
    (b"[{\"id\":1}]", "a list of objects on one line", "jq -c '.[]'"),
    (b"{}{}", "two values on one line", "jq -c ."),
    (b"{\"id\":1} // why", "a comment", "take the comment away"),
    (b"# a comment", "a comment", ""),
    (b"{'id':1}", "single quotes", ""),
    (b"{\"id\":1,}", "a trailing comma", "take the comma away"),
    (b"{\"id\":1},", "a trailing comma behind the record", "the lines of JSONL need none"),
    (b"{\"id\":\"torn", "a record that breaks off before its end", "a line break stands inside the record"),
    (b"<<<<<<< HEAD", "a marker of a merge conflict", "resolve the conflict"),
    (b"hello", "text that is no JSON", ""),
];

#[test]
fn a_bad_line_costs_itself_and_says_why() {
    for (line, found, advice) in BAD_LINES {
        let file = [b"{\"id\":\"a\"}\n", *line, b"\n{\"id\":\"b\"}\n"].concat();
        let read = read_files(&[("posts.jsonl", &file)]);
        assert_eq!(read.ids(), ["a", "b"], "{found}");
        let [problem] = read.problems.as_slice() else { panic!("{found}: {:?}", read.problems) };
        assert_eq!((problem.found.as_str(), problem.line), (*found, Some(2)));
        assert!(problem.advice.contains(advice), "{found}: {}", problem.advice);
        assert!((11..=11 + line.len() as u64).contains(&problem.offset), "{found}");
        assert_eq!(problem.excerpt, String::from_utf8_lossy(line), "{found}");
        assert_eq!(problem.severity, Severity::Rejected);
        assert!(!problem.expected.is_empty());
        assert!(!problem.to_string().contains(char::is_control), "{problem}");
    }
    let half: Vec<String> = (0..1000).map(|n| format!("{{\"id\":{n}}}\n{{\"id\":{n}\n")).collect();
    let read = jsonl(&half.concat());
    assert_eq!((read.corpus.len(), read.problems.len()), (1000, 1000));
}

#[test]
fn a_problem_is_one_plain_sentence() {
    let read = jsonl("{\"id\":1}\n{\"id\":2,}\n{\"id\":\"\u{e9}\u{202e}");
    let sentences: Vec<String> = read.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        sentences,
        [
            "posts.jsonl:2 (byte 17): found a trailing comma, expected something behind it; take the comma away",
            "posts.jsonl:3 (byte 31): found a record that is not finished, expected a whole JSON object; the last line is not \
             finished: is the file still being written? open it again when it has grown",
        ]
    );
}

#[test]
fn a_last_line_that_is_cut_anywhere_is_not_finished() {
    let line = r#"{"id":"é","title":"a\"\u00e9\ud83d\ude00b","n":[1.5e3,true,null,{"k":-2}]}"#;
    for cut in 1..line.len() {
        let file = [b"{\"id\":\"a\"}\n", &line.as_bytes()[..cut]].concat();
        let read = read_files(&[("posts.jsonl", &file)]);
        assert_eq!(
            read.found(),
            [(2, "a record that is not finished")],
            "{}",
            String::from_utf8_lossy(&file)
        );
        assert!(read.problems[0].advice.contains("is the file still being written?"));
        assert_eq!(read.ids(), ["a"]);
    }
    assert_eq!(jsonl(line).ids(), ["é"]);
}

#[test]
fn line_ends_and_marks_of_all_kinds_are_read() {
    for text in [
        "{\"id\":1}\n{\"id\":2}\n",
        "{\"id\":1}\r\n\r\n{\"id\":2}",
        "\u{feff} {\"id\":1} \n\n\t{\"id\":2}\r\n",
    ] {
        let read = jsonl(text);
        assert_eq!(read.ids(), ["1", "2"], "{text:?}");
        assert_eq!(read.problems, []);
    }
    let read =
        jsonl("{\"id\":\"x\",\"title\":\"approved\\rrejected\",\"body\":\"\\u001b[2J\\u0000\\u009b\"}");
    let post = body::read(&read.sources, read.corpus.get(crate::corpus::Row(0)).unwrap()).unwrap();
    assert_eq!((post.title.as_str(), post.body.as_str()), ("approved\rrejected", "\u{1b}[2J\0\u{9b}"));
}

#[test]
fn what_is_packed_or_utf16_is_named_once() {
    for (bytes, found) in [
        (&b"\xff\xfe{\0}\0\n\0"[..], "what looks like UTF-16"),
        (b"\x1f\x8b\x08\0\n\n\n", "a file packed with gzip"),
        (b"\x28\xb5\x2f\xfd\n\n", "a file packed with zstd"),
    ] {
        for name in ["a.jsonl", "a.txt"] {
            let read = read_files(&[(name, bytes), ("b.jsonl", b"{\"id\":1}")]);
            assert_eq!(read.found(), [(1, found)]);
            assert_eq!(read.ids(), ["1"]);
            assert!(!read.problems[0].advice.is_empty());
        }
    }
}

#[test]
fn ids_are_text_and_unusable_ones_are_doubted() {
    let read = jsonl(concat!(
        "{\"id\":18446744073709551616}\n{\"id\":18446744073709551617}\n{\"id\":\"013834\"}\n",
        "{\"payload\":{\"source_id\":\"s\"},\"id\":null}\n{\"reference\":\"r\",\"id\":\" \"}\n{\"source_id\":7}\n",
    ));
    assert_eq!(read.ids(), ["18446744073709551616", "18446744073709551617", "013834", "s", "r", "7"]);
    let long = "x".repeat(1025);
    let read = jsonl(&format!(
        "{{\"title\":\"a\",\"id\":true,\"reference\":\"r\"}}\n{{\"title\":\"b\",\"id\":{{}}}}\n{{\"title\":\"c\",\"id\":[1]}}\n{{\"title\":\"d\",\"id\":\"{long}\"}}\n{{\"title\":\"e\"}}"
    ));
    assert!(read.ids().iter().all(|id| id.starts_with("text-") && id.len() == 37));
    let found: Vec<_> = read.found().into_iter().map(|(_, found)| found).collect();
    assert_eq!(
        found,
        [
            "no usable id: it is `true`",
            "no usable id: it is an object",
            "no usable id: it is a list",
            "no usable id: it is 1025 bytes long"
        ]
    );
    assert!(read.problems.iter().all(|problem| problem.severity == Severity::Doubt));
    let row = read.corpus.get(Row(0)).unwrap();
    let post = body::read(&read.sources, row).unwrap();
    assert_eq!(serde_json::to_string(&post.fields).unwrap(), r#"[["given_id",true],["reference","r"]]"#);
}

#[test]
fn names_and_types_may_drift() {
    let read = jsonl(concat!(
        r#"{"ID":1,"Headline":"h\n i","content":["a\r\n","","b"],"tags":["x"],"lang":"go","Reading-Time":"9","flags":{"has images":"1","old":0},"score":41,"Stack ":"py"}"#,
        "\n",
        r#"{"id":2,"title":null,"name":"n","text":5,"stack":["s"],"tags":["x"],"language":"en","code language":"go","score":{"quality":"83"},"n":1e999}"#,
        "\n",
        r#"{"id":3,"title":["t"],"body":{"x":1},"extra":1,"extra":2}"#,
    ));
    let posts: Vec<String> = read
        .corpus
        .rows()
        .map(|row| {
            serde_json::to_string(&body::read(&read.sources, read.corpus.get(row).unwrap()).unwrap()).unwrap()
        })
        .collect();
    assert_eq!(
        posts,
        [
            r#"{"id":"1","title":"h i","body":"a\n\nb","tags":["x"],"code_language":"go","reading_time":9,"flags":{"has_images":true,"old":false},"score":41,"stack":["py"]}"#,
            r#"{"id":"2","title":"n","body":"5","stack":["s"],"tags":["x"],"language":"en","code_language":"go","score":{"quality":83},"n":1e999}"#,
            r#"{"id":"3","title":"","body":"","given_title":["t"],"given_body":{"x":1},"extra":[1,2]}"#,
        ]
    );
    let found =
        [(3, "a title that is no text"), (3, "a body that is no text"), (3, "the field `extra` twice")];
    assert_eq!(read.found(), found);
}

#[test]
fn numbers_keep_their_digits_however_many() {
    let digits = "9".repeat(1_000_000);
    let read = jsonl(&format!("{{\"id\":1,\"n\":{digits},\"view_count\":-0,\"score\":1e999}}"));
    let post = body::read(&read.sources, read.corpus.get(Row(0)).unwrap()).unwrap();
    assert_eq!(post.get("n").unwrap().to_string(), digits);
    assert_eq!((post.score(), read.problems.len()), (None, 0));
}

#[test]
fn depth_is_bounded_and_nothing_else_is_lost() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for (depth, ids) in
        [(126, vec!["a", "b"]), (127, vec!["a", "b"]), (128, vec!["b"]), (5_000_000, vec!["b"])]
    {
        for field in ["stack", "unused"] {
            let record = format!("{{\"id\":\"a\",\"{field}\":{}}}", nested(depth));
            for read in [
                jsonl(&format!("{record}\n{{\"id\":\"b\"}}")),
                json(&format!("[{record},\n{{\"id\":\"b\"}}]")),
            ] {
                assert_eq!(read.ids(), ids, "{depth} {field}");
                let deep = [(1, "lists or objects nested more than 128 deep")];
                assert_eq!(read.found(), if ids.len() == 1 { &deep[..] } else { &[] });
            }
        }
    }
}

#[test]
fn many_keys_and_long_keys_are_read() {
    let keys: Vec<String> = (0..200_000).map(|n| format!(",\"k{n}\":{n}")).collect();
    let keys = keys.concat();
    let read = jsonl(&format!("{{\"id\":\"a\"{keys}}}\n{{\"id\":\"b\",\"{}\":1}}", "k".repeat(1 << 20)));
    assert_eq!((read.ids(), read.problems.len()), (vec!["a", "b"], 0));
}

#[test]
fn records_that_are_too_long_are_passed_over() {
    let long = "x".repeat(17 << 20);
    let good = "{\"id\":\"a\"}";
    let read = jsonl(&format!(
        "{good}\n{{\"id\":\"{long}\"}}\n{}\n{good}\n{}",
        " ".repeat(40 << 20),
        "\0".repeat(17 << 20)
    ));
    assert_eq!(read.ids(), ["a", "a"]);
    assert_eq!(
        read.found(),
        [(2, "a record of more than 16 MiB"), (3, "a record of more than 16 MiB"), (5, "NUL bytes")]
    );
    let read = json(&format!("[{good},\n{{\"id\":\"{long}\"}},\n{good},\n\"{long}{long}\"]"));
    assert_eq!(read.ids(), ["a", "a"]);
    assert_eq!(read.found(), [(2, "a record of more than 16 MiB"), (4, "a record of more than 16 MiB")]);
    let read = read_files(&[("a.txt", long.as_bytes()), ("b.jsonl", good.as_bytes())]);
    assert_eq!((read.ids(), read.found()), (vec!["a"], vec![(1, "a record of more than 16 MiB")]));
}

#[test]
fn posts_with_one_id_stay_two_rows() {
    let read =
        jsonl("{\"id\":1,\"title\":\"a\"}\n{\"id\":1,\"title\":\"a\"}\n{\"id\":\"1\",\"title\":\"b\"}\n");
    assert_eq!(read.ids(), ["1", "1", "1"]);
    assert_eq!(read.problems, []);
}

#[test]
fn every_file_has_its_own_lines() {
    let good = "{\"id\":1,\"title\":\"a\"}\n".repeat(3);
    let bad = "{\"id\":2}\nbroken\n{\"id\":3}\n";
    let read =
        read_files(&[("a.jsonl", good.as_bytes()), ("b.jsonl", bad.as_bytes()), ("c.jsonl", bad.as_bytes())]);
    let places: Vec<String> = read.problems.iter().map(Problem::place).collect();
    assert_eq!(places, ["b.jsonl:2", "c.jsonl:2"]);
    let lines: Vec<u32> = read.corpus.rows().map(|row| read.corpus.get(row).unwrap().place().line).collect();
    assert_eq!(lines, [1, 2, 3, 1, 3, 1, 3]);
}

#[test]
fn lines_are_counted_over_the_parts_of_a_large_file() {
    let line = |n: usize| {
        if n % 5_000 == 7 {
            "broken\n".to_owned()
        } else {
            format!("{{\"id\":{n},\"pad\":\"{}\"}}\n", "x".repeat(n % 300))
        }
    };
    let file: String = (0..40_000).map(line).collect();
    let read = read_files(&[("a.jsonl", file.as_bytes())]);
    assert_eq!(read.corpus.len() + read.problems.len(), 40_000);
    for problem in &read.problems {
        assert_eq!((problem.line.unwrap() - 1) % 5_000, 7);
    }
    for row in read.corpus.rows() {
        let post = read.corpus.get(row).unwrap();
        assert_eq!(post.id().parse::<u32>().unwrap() + 1, post.place().line);
    }
}
