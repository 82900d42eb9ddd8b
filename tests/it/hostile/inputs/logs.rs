//! What a review log can hold and be, and what lies beside posts.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;

use super::{Input, file, named, place, with_log};
use crate::support::shell::fifo;

/// The rows.
pub const INPUTS: &[Input] = &[
    file(55, "a log: torn tail", "sealed, the rest holds", "55-torn-tail.log", (Some(5), Some(1)), &[]),
    file(55, "a log: torn in the middle", "one line lost", "55-torn.log", (Some(5), Some(1)), &[]),
    file(55, "a log: a page of zeros inside", "one line lost", "55-zeros.log", (Some(5), Some(1)), &[]),
    file(55, "a log: two records on a line", "both hold", "55-glued.log", (Some(5), Some(0)), &[]),
    file(55, "a log: a wrong checksum", "quarantined", "55-crc.log", (Some(5), Some(1)), &["checksum"]),
    file(
        56,
        "a log: conflict markers of git",
        "both sides hold, told",
        "56-markers.log",
        (Some(5), None),
        &[],
    ),
    file(
        57,
        "a log: another version, operation, field",
        "kept, not applied",
        "57-versions.log",
        (Some(5), None),
        &[],
    ),
    file(
        58,
        "a log: reordered, doubled, of another corpus",
        "the same state; orphans counted",
        "58-mixed.log",
        (Some(5), Some(0)),
        &["1 decided posts are not among these posts"],
    ),
    file(
        60,
        "a log: records that name each other",
        "a conflict",
        "60-cycles.log",
        (Some(5), None),
        &["decided differently"],
    ),
    file(61, "a log: hostile names, notes, values", "shown by signs", "61-hostile.log", (Some(5), None), &[]),
    place(
        58,
        "a log of 3,000 decisions on one post",
        "the last holds",
        |folder| {
            with_log(folder, |log| {
                let line = |at: usize| {
                    format!(
                        "{{\"v\":1,\"id\":\"a-{at:04x}\",\"prev\":[\"a-{:04x}\"],\"by\":\"li\",\"op\":\"set\",\"post\":\"desk-001\",\"key\":\"status\",\"val\":\"reviewed\"}}\n",
                        at - 1
                    )
                };
                fs::write(log, (1..3000).map(line).collect::<String>()).unwrap();
            })
        },
        (Some(5), Some(0)),
        &["2,999 records"],
    ),
    place(
        59,
        "a log line of 10 MB",
        "skipped, named",
        |folder| {
            with_log(folder, |log| {
                fs::write(log, format!("{{\"v\":1,\"note\":\"{}\"}}\n", "x".repeat(10 << 20))).unwrap();
            })
        },
        (Some(5), Some(1)),
        &["more than 8388608 bytes"],
    ),
    place(
        62,
        "a log that is a link",
        "not read, not written",
        |folder| {
            with_log(folder, |log| {
                fs::write(log.with_file_name("precious"), "precious").unwrap();
                symlink("precious", log).unwrap();
            })
        },
        (None, None),
        &["symbolic link"],
    ),
    place(
        62,
        "a log that is a FIFO",
        "not read, no waiting",
        |folder| with_log(folder, fifo),
        (None, None),
        &["a pipe"],
    ),
    place(
        62,
        "a log that is a folder",
        "not read",
        |folder| with_log(folder, |log| fs::create_dir(log).unwrap()),
        (None, None),
        &["a folder"],
    ),
    place(
        74,
        "settings, hooks and scripts beside the posts",
        "not read, nothing run",
        |folder| {
            fs::write(folder.join(".copydesk.toml"), "[keys]\nquit = \"j\"\n").unwrap();
            fs::create_dir(folder.join(".git")).unwrap();
            fs::write(folder.join(".git/config"), "[core]\n\tpager = touch ran\n\tfsmonitor = touch ran\n[filter \"x\"]\n\tsmudge = touch ran\n").unwrap();
            fs::write(folder.join(".envrc"), "touch ran\n").unwrap();
            named(folder, OsStr::new("posts.jsonl"))
        },
        (Some(1), Some(0)),
        &[],
    ),
];
