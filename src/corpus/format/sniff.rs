//! Which format a file has, by its extension first and by its first bytes where they say otherwise.

use super::{FORMATS, Fault, Format, byte_order_mark_len, formats_read};

/// How much of a file is looked at. Unit: bytes.
pub(crate) const HEAD_BYTES: usize = 64 << 10;

/// How the JSON of a file is laid out, as far as its first bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// One object a line.
    Lines,
    /// A list, an object around a list, or an object over several lines.
    Document,
    /// One line, and it may be either.
    Either,
    /// It does not begin as posts in JSON do.
    Neither,
}

/// The format of a file with this extension and these first bytes; `None` for a file that is of
/// no format at all.
pub(crate) fn choose(extension: Option<&str>, head: &[u8]) -> Option<&'static Format> {
    let extension = extension.unwrap_or_default().to_ascii_lowercase();
    let named = FORMATS.iter().find(|format| format.extensions.contains(&extension.as_str()));
    if let Some(format) = named.filter(|format| format.extension_decides) {
        return Some(format);
    }
    let fits = |format: &&Format| (format.sniff)(head);
    named.filter(fits).or_else(|| FORMATS.iter().find(fits)).or(named)
}

/// Why a file that begins like this cannot hold posts that copydesk reads, if so.
pub(crate) fn refusal(head: &[u8]) -> Option<Fault> {
    let posts = || format!("posts as UTF-8 text: {}", formats_read());
    let utf16 = |kind: &str, name: &str| {
        Fault::rejected(format!("what looks like {kind}"), posts())
            .advise(format!("convert it with `iconv -f {name} -t utf-8`"))
    };
    let packed = |kind: &str, tool: &str| {
        Fault::rejected(format!("a file packed with {kind}"), posts())
            .advise(format!("unpack it first, for example with `{tool} FILE | copydesk -`"))
    };
    let other = |kind: &str| Fault::rejected(kind, posts()).advise("name the file that holds the posts");
    Some(match head {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => utf16("UTF-32", "utf-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => utf16("UTF-16", "utf-16"),
        [0x1f, 0x8b, ..] => packed("gzip", "gunzip -c"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => packed("zstd", "zstd -dc"),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, ..] => packed("bzip2", "bunzip2 -c"),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => packed("xz", "xz -dc"),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => packed("zip", "unzip -p"),
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => {
            other("a picture")
        }
        [b'%', b'P', b'D', b'F', ..] => other("a PDF file"),
        [0x7f, b'E', b'L', b'F', ..] => other("a program"),
        [b'{', b'\\', b'r', b't', b'f', ..] => other("an RTF document"),
        [b'P', b'A', b'R', b'1', ..] => other("a Parquet file"),
        _ if head.starts_with(b"SQLite format 3\0") => other("a SQLite database"),
        _ => utf16("UTF-16 without its mark", utf16_without_mark(head)?),
    })
}

/// Which UTF-16 this text is in, if it is mostly ASCII: every other byte is NUL then.
fn utf16_without_mark(head: &[u8]) -> Option<&'static str> {
    let head = head.get(..64).unwrap_or(head);
    if head.len() < 4 {
        return None;
    }
    let is = |parity: usize, nul: bool| head.iter().skip(parity).step_by(2).all(|byte| (*byte == 0) == nul);
    if is(0, false) && is(1, true) {
        return Some("utf-16le");
    }
    (is(0, true) && is(1, false)).then_some("utf-16be")
}

/// Whether these are bytes that no text file begins with.
pub(crate) fn is_binary(head: &[u8]) -> bool {
    let broken = |error: std::str::Utf8Error| error.error_len().is_some();
    memchr::memchr(0, head).is_some() || std::str::from_utf8(head).err().is_some_and(broken)
}

pub(super) fn layout(head: &[u8]) -> Layout {
    let head = head.get(byte_order_mark_len(head)..).unwrap_or_default().trim_ascii_start();
    match head.first() {
        Some(b'[') => {
            let first = head.get(1..).unwrap_or_default().trim_ascii_start().first();
            if first == Some(&b'{') { Layout::Document } else { Layout::Neither }
        }
        Some(b'{') => {
            let newline = memchr::memchr(b'\n', head).unwrap_or(head.len());
            let (line, rest) = head.split_at_checked(newline).unwrap_or((head, &[]));
            object_layout(line.trim_ascii_end(), rest.trim_ascii_start())
        }
        _ => Layout::Neither,
    }
}

/// The layout of a file whose first line opens an object.
fn object_layout(line: &[u8], rest: &[u8]) -> Layout {
    let scan = Scan::of(line);
    if rest.is_empty() {
        // The only line, as far as is known.
        return if scan.holds_posts { Layout::Document } else { Layout::Either };
    }
    if scan.closed {
        return Layout::Lines;
    }
    match (line.last(), rest.first()) {
        (Some(b'{' | b'[' | b','), _) => Layout::Document,
        (_, Some(b'{')) => Layout::Lines,
        _ => Layout::Either,
    }
}

/// What the brackets of a line tell.
struct Scan {
    /// The object that it opens is closed again.
    closed: bool,
    /// The object has a key `posts` with a list of objects.
    holds_posts: bool,
}

impl Scan {
    fn of(line: &[u8]) -> Self {
        let mut scan = Self { closed: false, holds_posts: false };
        let (mut depth, mut at) = (0_usize, 0);
        while let Some(byte) = line.get(at) {
            match byte {
                b'"' => {
                    let start = at;
                    at = string_end(line, at);
                    let key = line.get(start..at).unwrap_or_default();
                    scan.holds_posts |= depth == 1 && key == b"\"posts\"" && list_follows(line, at);
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
            if depth == 0 {
                scan.closed = true;
                return scan;
            }
        }
        scan
    }
}

/// Where the string that begins at `at` ends.
fn string_end(line: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(byte) = line.get(at) {
        match byte {
            b'\\' => at += 1,
            b'"' => return at + 1,
            _ => {}
        }
        at += 1;
    }
    line.len()
}

fn list_follows(line: &[u8], at: usize) -> bool {
    let mut rest = line.get(at..).unwrap_or_default();
    for sign in [b':', b'[', b'{'] {
        match rest.trim_ascii_start().split_first() {
            Some((first, behind)) if *first == sign => rest = behind,
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_counts_unless_the_bytes_say_otherwise() {
        for (extension, head, format) in [
            ("jsonl", "{\"id\":1}\n{\"id\":2}\n", "jsonl"),
            ("json", "{\"id\":1}\n{\"id\":2}\n", "jsonl"),
            ("json", "{\"id\":1,\n{\"id\":2}\n", "json"),
            ("json", "{\"id\":1,\"title\":\"torn\n{\"id\":2}\n", "jsonl"),
            ("json", "{\"id\":1}\n", "json"),
            ("JSON", "\u{feff}\n{\n \"id\":1}\n", "json"),
            ("json", "", "json"),
            ("json", "[]", "json"),
            ("ndjson", "{\"id\":1}", "jsonl"),
            ("jsonl", "[{\"id\":1}]", "json"),
            ("jsonl", "[\n  {\n", "json"),
            ("jsonl", "[]\n{\"id\":1}", "jsonl"),
            ("jsonl", "{\n  \"id\": 1\n}", "json"),
            ("jsonl", "{\"posts\":[{\"id\":1}],\"n\":1}\n", "json"),
            ("jsonl", "{\"v\":\"}\\\"\", \"posts\" : [ {\"id\":1}", "json"),
            ("jsonl", "{\"posts\": [\n{\"id\":1}", "json"),
            ("jsonl", "not json\n{\"id\":1}", "jsonl"),
            ("jsonl", "{\"id\":1},\n{\"id\":2},\n", "jsonl"),
            ("txt", "{\"id\":1}\n{\"id\":2}\n", "page"),
            ("txt", "a title", "page"),
            ("", "{\"id\":1}\n{\"id\":2}\n", "jsonl"),
            ("log", " [{}]", "json"),
            ("md", "a title\n\nbrand post meta\n\ntopicx\n", "page"),
        ] {
            assert_eq!(
                choose(Some(extension), head.as_bytes()).map(|f| f.name),
                Some(format),
                "{extension} {head}"
            );
        }
        assert!(choose(Some("md"), b"# read me").is_none());
        assert!(choose(None, b"\0\0").is_none());
    }

    #[test]
    fn what_is_no_text_is_named() {
        for (head, found) in [
            (&b"\xff\xfe{\0"[..], "what looks like UTF-16"),
            (b"\xfe\xff\0{", "what looks like UTF-16"),
            (b"{\0\"\0i\0", "what looks like UTF-16 without its mark"),
            (b"\0{\0\"", "what looks like UTF-16 without its mark"),
            (b"\xff\xfe\0\0", "what looks like UTF-32"),
            (b"\x1f\x8b\x08", "a file packed with gzip"),
            (b"\x28\xb5\x2f\xfd", "a file packed with zstd"),
            (b"PK\x03\x04", "a file packed with zip"),
            (b"\x89PNG\r\n", "a picture"),
        ] {
            assert_eq!(refusal(head).map(|fault| fault.found).as_deref(), Some(found));
        }
        for head in [&b""[..], b"{", b"\0\0\0\0\0\0", b"PK", b"\xef\xbb\xbf{}", b"BZh of a title"] {
            assert_eq!(refusal(head), None);
        }
        assert!(is_binary(b"a\0b") && is_binary(b"a\xffb") && !is_binary("aé".as_bytes()));
        assert!(!is_binary(&"aé".as_bytes()[..2]));
    }
}
