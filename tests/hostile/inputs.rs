//! Every hostile input: its group, its name, what is expected of it and how it is made.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

use crate::run::fifo;
use crate::support::posts;

/// How an input is made.
#[derive(Clone, Copy)]
pub enum Make {
    /// A file of `inputs/`; `.log` is a review log beside five sound posts.
    File(&'static str),
    /// By hand, in a folder; gives what is named on the command line.
    Place(fn(&Path) -> Vec<OsString>),
}

/// One input.
pub struct Input {
    pub group: u8,
    pub name: &'static str,
    pub expected: &'static str,
    pub make: Make,
    /// How many posts load; `None`: it is refused whole.
    pub posts: Option<usize>,
    /// How many problems `check` counts, where that is told.
    pub problems: Option<usize>,
    /// What has to be said somewhere, on the screen or by a command.
    pub says: &'static [&'static str],
}

const fn file(
    group: u8,
    name: &'static str,
    expected: &'static str,
    path: &'static str,
    (posts, problems): (Option<usize>, Option<usize>),
    says: &'static [&'static str],
) -> Input {
    Input { group, name, expected, make: Make::File(path), posts, problems, says }
}

const fn place(
    group: u8,
    name: &'static str,
    expected: &'static str,
    make: fn(&Path) -> Vec<OsString>,
    (posts, problems): (Option<usize>, Option<usize>),
    says: &'static [&'static str],
) -> Input {
    Input { group, name, expected, make: Make::Place(make), posts, problems, says }
}

const GOOD: &str = "{\"id\":\"good\",\"title\":\"a sound post\",\"body\":\"one paragraph\"}\n";

/// A good post, then what is written into the file.
fn made(folder: &Path, write: impl FnOnce(&mut std::io::BufWriter<File>)) -> Vec<OsString> {
    let mut out = std::io::BufWriter::new(File::create(folder.join("posts.jsonl")).unwrap());
    out.write_all(GOOD.as_bytes()).unwrap();
    write(&mut out);
    out.flush().unwrap();
    vec!["posts.jsonl".into()]
}

fn one(folder: &Path, post: &str) -> Vec<OsString> {
    made(folder, |out| writeln!(out, "{post}").unwrap())
}

/// A file with good posts under a hostile name.
fn named(folder: &Path, name: &OsStr) -> Vec<OsString> {
    fs::write(folder.join(name), GOOD).unwrap();
    vec![name.to_owned()]
}

fn with_log(folder: &Path, make: impl FnOnce(&Path)) -> Vec<OsString> {
    fs::write(folder.join("posts.jsonl"), posts()).unwrap();
    make(&folder.join("posts.jsonl.reviews.jsonl"));
    vec!["posts.jsonl".into()]
}

/// The table.
pub const INPUTS: &[Input] = &[
    file(1, "empty file", "0 posts, usable", "01-empty.jsonl", (Some(0), Some(0)), &[]),
    file(1, "only newlines", "0 posts, usable", "01-newlines.jsonl", (Some(0), Some(0)), &[]),
    file(1, "only blanks", "0 posts, usable", "01-blanks.jsonl", (Some(0), Some(0)), &[]),
    file(
        2,
        "byte order mark before the first post",
        "left out, loads",
        "02-bom.jsonl",
        (Some(1), Some(0)),
        &["a sound post"],
    ),
    file(
        2,
        "byte order mark inside a text",
        "loads, shown as `<U+FEFF>`",
        "02-bom-inside.jsonl",
        (Some(2), Some(0)),
        &["a<U+FEFF>b"],
    ),
    file(
        3,
        "UTF-16, little end first",
        "the file is refused: UTF-16",
        "03-utf16le.jsonl",
        (None, None),
        &["UTF-16", "iconv"],
    ),
    file(
        3,
        "UTF-16, big end first",
        "the file is refused: UTF-16",
        "03-utf16be.jsonl",
        (None, None),
        &["UTF-16"],
    ),
    file(4, "CRLF line ends", "loads", "04-crlf.jsonl", (Some(2), Some(0)), &[]),
    file(
        4,
        "lone CR as line end",
        "one line: rejected, the rest loads",
        "04-cr.jsonl",
        (Some(1), Some(1)),
        &[],
    ),
    file(
        5,
        "NUL bytes at the end",
        "line rejected: NUL bytes",
        "05-nul-tail.jsonl",
        (Some(1), Some(1)),
        &["NUL bytes"],
    ),
    file(5, "a file of NUL bytes", "line rejected, no posts", "05-nul.jsonl", (None, None), &[]),
    file(
        6,
        "last line cut inside a text",
        "rejected as unfinished",
        "06-cut-text.jsonl",
        (Some(1), Some(1)),
        &["is the file still being written"],
    ),
    file(
        6,
        "last line cut inside an escape",
        "rejected as unfinished",
        "06-cut-escape.jsonl",
        (Some(1), Some(1)),
        &["is the file still being written"],
    ),
    file(
        6,
        "last line cut inside a character",
        "rejected as unfinished",
        "06-cut-character.jsonl",
        (Some(1), Some(1)),
        &["is the file still being written"],
    ),
    file(7, "a byte that is no UTF-8", "rejected, named", "07-byte.jsonl", (Some(1), Some(1)), &["0xFF"]),
    file(7, "an overlong slash", "rejected, named", "07-overlong.jsonl", (Some(1), Some(1)), &["overlong"]),
    file(
        7,
        "half a surrogate pair in UTF-8",
        "rejected, named",
        "07-cesu.jsonl",
        (Some(1), Some(1)),
        &["surrogate"],
    ),
    file(7, "Latin-1", "rejected, named", "07-latin1.jsonl", (Some(1), Some(1)), &["0xE9"]),
    file(
        8,
        "half a surrogate pair as an escape",
        "rejected with the reason",
        "08-lone-surrogate.jsonl",
        (Some(1), Some(1)),
        &["surrogate"],
    ),
    file(
        9,
        "a raw control character in a text",
        "rejected",
        "09-raw-control.jsonl",
        (Some(1), Some(1)),
        &["control character"],
    ),
    file(
        10,
        "escape sequences as JSON escapes",
        "load, shown by signs",
        "10-escapes.jsonl",
        (Some(2), Some(0)),
        &["␛[2J␛]52;c;eA==␇", "<U+009B>31m␀"],
    ),
    file(
        11,
        "a known key twice, other values",
        "rejected, key named",
        "11-title-twice.jsonl",
        (Some(1), Some(1)),
        &["`title` twice"],
    ),
    file(
        11,
        "a known key twice, same value",
        "rejected, key named",
        "11-id-twice.jsonl",
        (Some(1), Some(1)),
        &["`id` twice"],
    ),
    file(
        11,
        "an unknown key twice",
        "loads, a doubt",
        "11-x-twice.jsonl",
        (Some(2), Some(1)),
        &["`x` twice"],
    ),
    file(12, "the number `NaN`", "rejected", "12-nan.jsonl", (Some(1), Some(1)), &[]),
    file(12, "the number `-Infinity`", "rejected", "12-infinity.jsonl", (Some(1), Some(1)), &[]),
    file(12, "the number `007`", "rejected", "12-007.jsonl", (Some(1), Some(1)), &[]),
    file(12, "the number `+1`", "rejected", "12-plus.jsonl", (Some(1), Some(1)), &[]),
    file(
        12,
        "1e999, -0, thirty decimals",
        "load, kept as written",
        "12-numbers.jsonl",
        (Some(2), None),
        &["1e999", "0.100000000000000005551115123126"],
    ),
    file(
        13,
        "ids 2^64 and 2^64+1",
        "two posts",
        "13-big-ids.jsonl",
        (Some(3), Some(0)),
        &["18446744073709551616", "18446744073709551617"],
    ),
    file(
        14,
        "ids null, blank, missing",
        "known by their text",
        "14-no-ids.jsonl",
        (Some(4), Some(0)),
        &["text-"],
    ),
    file(
        14,
        "ids true, a list, an object",
        "load with a doubt each",
        "14-odd-ids.jsonl",
        (Some(4), Some(3)),
        &["no usable id"],
    ),
    file(15, "127 levels", "loads", "15-levels-127.jsonl", (Some(2), Some(0)), &[]),
    file(
        15,
        "200 levels in an ignored field",
        "rejected",
        "15-levels-200.jsonl",
        (Some(1), Some(1)),
        &["nested more than 128"],
    ),
    file(
        15,
        "200 levels in a known field",
        "rejected",
        "15-levels-200-stack.jsonl",
        (Some(1), Some(1)),
        &["nested more than 128"],
    ),
    file(
        16,
        "[], [\"a\"], null, \"x\", 5 as lines",
        "each rejected",
        "16-no-objects.jsonl",
        (Some(1), Some(5)),
        &[],
    ),
    file(17, "one JSON list over many lines", "loads", "17-list.json", (Some(2), Some(0)), &[]),
    file(17, "one JSON list on one line", "loads", "17-list-line.json", (Some(2), Some(0)), &[]),
    file(18, "two objects on a line", "rejected, named", "18-two-objects.jsonl", (Some(1), Some(1)), &[]),
    file(18, "a comment", "rejected", "18-comment.jsonl", (Some(1), Some(1)), &[]),
    file(18, "single quotes", "rejected, named", "18-single-quotes.jsonl", (Some(1), Some(1)), &["quote"]),
    file(18, "a trailing comma", "rejected, named", "18-comma.jsonl", (Some(1), Some(1)), &["comma"]),
    file(21, "gzip under the name of JSONL", "refused", "21-gzip.jsonl", (None, None), &["gzip"]),
    file(22, "every second line bad", "the good half loads", "22-half.jsonl", (Some(41), Some(40)), &[]),
    file(23, "types that drift", "load", "23-drift.jsonl", (Some(5), None), &[]),
    file(24, "a page without a meta box", "loads", "24-bare.txt", (Some(1), Some(0)), &["a title"]),
    file(24, "every meta field missing in turn", "load", "24-missing-fields.jsonl", (Some(13), Some(0)), &[]),
    file(
        25,
        "dates that are none",
        "load, shown as text",
        "25-dates.jsonl",
        (Some(5), Some(0)),
        &["2018-02-30", "yesterday"],
    ),
    file(
        26,
        "counts and versions beyond measure",
        "load, shown as text",
        "26-counts.jsonl",
        (Some(3), Some(0)),
        &["1.5.3; rm -rf", "9223372036854775808"],
    ),
    file(
        27,
        "every kind of sequence in every field",
        "load, nothing acts",
        "27-sequences.jsonl",
        (Some(2), Some(0)),
        &["␛[31m"],
    ),
    file(
        28,
        "an escape split over two fields",
        "each made safe alone",
        "28-split.jsonl",
        (Some(2), Some(0)),
        &["a␛"],
    ),
    file(
        29,
        "ESC with a combining mark",
        "escaped before clusters",
        "29-esc-mark.jsonl",
        (Some(2), Some(0)),
        &["␛<U+0301>[31m"],
    ),
    file(
        30,
        "TAB, VT, FF, BS, DEL, BEL",
        "shown by signs",
        "30-controls.jsonl",
        (Some(2), Some(0)),
        &["␋␌␈␡␇c"],
    ),
    file(
        31,
        "carriage return that overprints",
        "shown",
        "31-overprint.jsonl",
        (Some(2), Some(0)),
        &["APPROVED␍REJECTED"],
    ),
    file(
        32,
        "controls of direction, unbalanced",
        "named",
        "32-bidi.jsonl",
        (Some(2), Some(0)),
        &["<U+202E>", "<U+2067>"],
    ),
    file(
        33,
        "Arabic and Hebrew",
        "shown as they are",
        "33-rtl.jsonl",
        (Some(3), Some(0)),
        &["مرحبا بالعالم", "שלום"],
    ),
    file(
        34,
        "characters without a width",
        "named outside of their scripts",
        "34-zero-width.jsonl",
        (Some(4), None),
        &["<U+200B>", "<U+E0041>", "<U+3164>", "look alike"],
    ),
    file(
        35,
        "ids of look-alike letters",
        "two posts, told",
        "35-homoglyphs.jsonl",
        (Some(3), None),
        &["look alike"],
    ),
    file(38, "emoji of many characters", "frames stay", "38-emoji.jsonl", (Some(13), Some(0)), &[]),
    file(39, "letters of disputed width", "frames stay", "39-widths.jsonl", (Some(12), Some(0)), &[]),
    file(
        40,
        "other line ends in a title",
        "one row, named",
        "40-line-ends.jsonl",
        (Some(2), Some(0)),
        &["a<U+2028>b<U+2029>c<U+0085>d"],
    ),
    file(
        41,
        "private, unassigned, no characters",
        "named or boxes",
        "41-private.jsonl",
        (Some(2), Some(0)),
        &["<U+E000><U+FFFF><U+FDD0><U+10FFFF>"],
    ),
    file(
        42,
        "one title and id in two forms",
        "two posts, told",
        "42-forms.jsonl",
        (Some(3), None),
        &["look alike"],
    ),
    file(44, "checklists: none, equal, blank items", "load", "44-checklists.jsonl", (Some(4), Some(0)), &[]),
    file(
        47,
        "one id many times",
        "all listed, told",
        "47-ids.jsonl",
        (Some(5), Some(1)),
        &["3 posts have the id h"],
    ),
    file(
        48,
        "a hash of its own that is wrong",
        "shown as given",
        "48-hash.jsonl",
        (Some(3), Some(0)),
        &["NOT A HASH"],
    ),
    file(
        70,
        "image sources that are no pictures",
        "shown as text, never opened",
        "70-images.jsonl",
        (Some(2), Some(0)),
        &["/dev/zero"],
    ),
    file(
        72,
        "cells that are formulas, in list --format csv",
        "quoted and disarmed",
        "72-formulas.jsonl",
        (Some(7), Some(0)),
        &["'=cmd|x"],
    ),
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

/// What other tests prove: the group, the input, what is expected, the test.
pub const PROVED_ELSEWHERE: &[(u8, &str, &str, &str)] = &[
    (
        19,
        "a line of 1 GB; 10 GB of nothing; 100 million blank lines",
        "bounded memory, keys answered",
        "`tests/sizes.rs`",
    ),
    (
        46,
        "patterns and words made to take long, over a million posts",
        "the next key is answered",
        "`tests/hostile` `a_bomb_of_a_query_ends_with_the_next_key`",
    ),
    (
        52,
        "the file truncated, replaced, removed, grown",
        "shown, no crash, no wrong body",
        "`tests/follow.rs`",
    ),
    (53, "the same size and time, other posts", "noticed when a post is opened", "`tests/follow.rs`"),
    (
        54,
        "a clock at 1970 or 2100, `TZ=garbage`",
        "UTC is shown, no clock is trusted",
        "every run here has `TZ=garbage`; `review::state` properties",
    ),
    (59, "a million decisions", "read in a second", "`benches/replay.rs`"),
    (
        63,
        "planted temporary names",
        "never followed: `O_EXCL`, random",
        "`tests/hostile` `nothing_planted_is_followed`",
    ),
    (64, "the log replaced or rewound", "noticed before the next append", "`tests/others.rs`"),
    (65, "a lock held for ever", "told with its holder, nothing freezes", "`tests/others.rs`"),
    (66, "locks that do not work", "a log of one's own", "`tests/crash` `errors` (ENOLCK)"),
    (
        67,
        "disk full at open, append, sync, compaction",
        "never acknowledged, the old log whole",
        "`tests/crash` `full`, `errors`, `compact`",
    ),
    (
        68,
        "no home, a relative or unwritable data folder",
        "works, told",
        "`tests/hostile` `no_home_is_no_harm`",
    ),
    (69, "links that are none", "never opened", "proved by `tests/links.rs`"),
    (71, "an export over posts, log, links", "refused", "proved by `tests/export.rs`"),
    (73, "an editor with arguments, blanks, none", "no shell, the note kept", "proved by `tests/endings`"),
    (
        75,
        "pastes, floods of the mouse, replies as keys",
        "text only",
        "`tests/hostile` `the_screen_stays_whole` (paste); proved by",
    ),
];
