//! Where posts can lie: what is no file, what it is called, who may read it.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;

use super::{GOOD, Input, named, place};
use crate::support::shell::fifo;

/// The rows.
pub const INPUTS: &[Input] = &[
    place(
        49,
        "a symbolic link to posts",
        "opened",
        |folder| {
            fs::write(folder.join("real.jsonl"), GOOD).unwrap();
            symlink("real.jsonl", folder.join("link.jsonl")).unwrap();
            vec!["link.jsonl".into()]
        },
        (Some(1), Some(0)),
        &[],
    ),
    place(
        49,
        "a link to itself",
        "refused",
        |folder| {
            symlink("loop.jsonl", folder.join("loop.jsonl")).unwrap();
            vec!["loop.jsonl".into()]
        },
        (None, None),
        &["loop.jsonl"],
    ),
    place(
        49,
        "a link to nothing",
        "refused",
        |folder| {
            symlink("nothing", folder.join("dangling.jsonl")).unwrap();
            vec!["dangling.jsonl".into()]
        },
        (None, None),
        &["no such file"],
    ),
    place(
        49,
        "a FIFO",
        "refused, no waiting",
        |folder| {
            fifo(&folder.join("pipe.jsonl"));
            vec!["pipe.jsonl".into()]
        },
        (None, None),
        &["a FIFO"],
    ),
    place(
        49,
        "a socket",
        "refused",
        |folder| {
            drop(UnixListener::bind(folder.join("s.jsonl")).unwrap());
            vec!["s.jsonl".into()]
        },
        (None, None),
        &["a socket"],
    ),
    place(49, "/dev/zero", "refused", |_| vec!["/dev/zero".into()], (None, None), &["a device"]),
    place(49, "/dev/tty", "refused", |_| vec!["/dev/tty".into()], (None, None), &["a device"]),
    place(
        49,
        "/proc/self/mem",
        "refused",
        |_| vec!["/proc/self/mem".into()],
        (None, None),
        &["/proc/self/mem"],
    ),
    place(
        49,
        "/proc/self/cmdline",
        "refused",
        |_| vec!["/proc/self/cmdline".into()],
        (None, None),
        &["without a length"],
    ),
    place(
        49,
        "a folder with a FIFO, a socket, a link loop in it",
        "the posts load, the others are named",
        |folder| {
            fs::create_dir(folder.join("mixed")).unwrap();
            fs::write(folder.join("mixed/a.jsonl"), GOOD).unwrap();
            fifo(&folder.join("mixed/pipe.jsonl"));
            drop(UnixListener::bind(folder.join("mixed/s.jsonl")).unwrap());
            symlink("loop", folder.join("mixed/loop")).unwrap();
            symlink(".", folder.join("mixed/self")).unwrap();
            vec!["mixed".into()]
        },
        (Some(1), None),
        &["pipe.jsonl"],
    ),
    place(
        50,
        "a file name with a line end, ESC, RLO",
        "shown escaped",
        |folder| named(folder, OsStr::new("a\nb\u{1b}[31m\u{202e}.jsonl")),
        (Some(1), Some(0)),
        &[],
    ),
    place(
        50,
        "a file name that is no UTF-8",
        "shown escaped",
        |folder| named(folder, OsStr::from_bytes(b"\xff\xfe\x1b.jsonl")),
        (Some(1), Some(0)),
        &[],
    ),
    place(
        50,
        "a file name that begins with -",
        "opened behind `--`",
        |folder| named(folder, OsStr::new("-rf.jsonl")),
        (Some(1), Some(0)),
        &[],
    ),
    place(
        50,
        "a file name of 255 bytes",
        "opened",
        |folder| named(folder, OsStr::new(&format!("{}.jsonl", "n".repeat(249)))),
        (Some(1), Some(0)),
        &[],
    ),
    place(
        50,
        "a hostile name that is not there",
        "refused, escaped",
        |_| vec!["no\u{1b}]0;x\u{7}\u{202e}such".into()],
        (None, None),
        &["no␛]0;x␇<U+202E>such"],
    ),
    place(
        50,
        "hostile names in a folder",
        "load, shown escaped",
        |folder| {
            fs::create_dir(folder.join("d\u{1b}[2J")).unwrap();
            fs::write(folder.join("d\u{1b}[2J/\u{202e}x.jsonl"), format!("{GOOD}bad\n")).unwrap();
            fs::write(folder.join("d\u{1b}[2J/y\u{7}.txt"), "a page\n\nof text\n").unwrap();
            fs::write(folder.join("d\u{1b}[2J/z\u{9b}.bin"), b"\x7fELF\0\0").unwrap();
            vec!["d\u{1b}[2J".into()]
        },
        (Some(2), None),
        &["<U+202E>x.jsonl"],
    ),
    place(
        51,
        "a folder that may not be entered",
        "a message, or (for root) its posts",
        |folder| {
            fs::create_dir(folder.join("shut")).unwrap();
            fs::write(folder.join("shut/a.jsonl"), GOOD).unwrap();
            // Root enters everything.
            fs::set_permissions(folder.join("shut"), fs::Permissions::from_mode(0o700)).unwrap();
            vec!["shut".into()]
        },
        (Some(1), Some(0)),
        &[],
    ),
];
