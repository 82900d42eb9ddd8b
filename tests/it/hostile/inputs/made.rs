//! What is too large or too odd to be kept as a file: posts that are made by hand.

use std::io::Write;

use super::{Input, made, one, place};

/// The rows.
pub const INPUTS: &[Input] = &[
    place(
        15,
        "100,000 levels",
        "rejected in constant stack",
        |folder| one(folder, &format!("{{\"id\":\"h\",\"x\":{}", "[".repeat(100_000))),
        (Some(1), Some(1)),
        &["nested more than 128"],
    ),
    place(
        19,
        "a line of 40 MB",
        "skipped, named",
        |folder| {
            made(folder, |out| {
                out.write_all(b"{\"id\":\"h\",\"body\":\"").unwrap();
                (0..40).for_each(|_| out.write_all(&[b'x'; 1 << 20]).unwrap());
                out.write_all(b"\"}\n{\"id\":\"after\"}\n").unwrap();
            })
        },
        (Some(2), Some(1)),
        &["16 MiB"],
    ),
    place(
        20,
        "10,000 keys in one post",
        "loads, folded",
        |folder| {
            let keys: Vec<String> = (0..10_000).map(|at| format!("\"k{at}\":{at}")).collect();
            one(folder, &format!("{{\"id\":\"h\",{}}}", keys.join(",")))
        },
        (Some(2), Some(0)),
        &[],
    ),
    place(
        20,
        "a key of 1 MB",
        "loads",
        |folder| one(folder, &format!("{{\"id\":\"h\",\"{}\":1}}", "k".repeat(1 << 20))),
        (Some(2), Some(0)),
        &[],
    ),
    place(
        14,
        "an id of 1 MB",
        "known by its text, a doubt",
        |folder| one(folder, &format!("{{\"id\":\"{}\"}}", "i".repeat(1 << 20))),
        (Some(2), Some(1)),
        &["1048576 bytes long"],
    ),
    place(
        12,
        "a number of 100,000 digits",
        "loads",
        |folder| {
            one(
                folder,
                &format!("{{\"id\":\"h\",\"x\":{},\"score\":{}}}", "9".repeat(100_000), "9".repeat(100_000)),
            )
        },
        (Some(2), None),
        &[],
    ),
    place(
        36,
        "1,000 and 100,000 marks on a letter",
        "8 are shown, the rest counted",
        |folder| {
            one(
                folder,
                &format!(
                    "{{\"id\":\"h\",\"title\":\"a{}b\",\"body\":\"a{}b\"}}",
                    "\u{301}".repeat(1000),
                    "\u{301}".repeat(100_000)
                ),
            )
        },
        (Some(2), Some(0)),
        &["…+992", "…+99992"],
    ),
    place(
        37,
        "70,000 sound marks on a letter",
        "cut and counted",
        |folder| one(folder, &format!("{{\"id\":\"h\",\"title\":\"a{}b\"}}", "\u{ff9e}".repeat(70_000))),
        (Some(2), Some(0)),
        &["…+69997"],
    ),
    place(
        43,
        "a title of 1,000,000 letters, a body of one word",
        "cut in the list, paged",
        |folder| {
            one(
                folder,
                &format!(
                    "{{\"id\":\"h\",\"title\":\"{}\",\"body\":\"{}\"}}",
                    "t".repeat(1_000_000),
                    "w".repeat(1_000_000)
                ),
            )
        },
        (Some(2), Some(0)),
        &[],
    ),
    place(
        43,
        "100,000 lines in a body",
        "paged",
        |folder| one(folder, &format!("{{\"id\":\"h\",\"body\":\"{}\"}}", "x\\n\\n".repeat(100_000))),
        (Some(2), Some(0)),
        &[],
    ),
    place(
        44,
        "a checklist of 10,000 items",
        "paged",
        |folder| {
            one(
                folder,
                &format!("{{\"id\":\"h\",\"checklist\":[{}]}}", vec!["\"an item\""; 10_000].join(",")),
            )
        },
        (Some(2), Some(0)),
        &[],
    ),
    place(
        45,
        "10,000 tags",
        "folded",
        |folder| {
            one(
                folder,
                &format!(
                    "{{\"id\":\"h\",\"stack\":[{}]}}",
                    (0..10_000).map(|at| format!("\"t{at}\"")).collect::<Vec<_>>().join(",")
                ),
            )
        },
        (Some(2), Some(0)),
        &[],
    ),
    place(
        47,
        "1,000 posts of one id",
        "told",
        |folder| {
            made(folder, |out| {
                (0..1000).for_each(|at| writeln!(out, "{{\"id\":\"h\",\"title\":\"t{at}\"}}").unwrap());
            })
        },
        (Some(1001), Some(1)),
        &["1000 posts have the id h"],
    ),
];
