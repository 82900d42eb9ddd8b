//! Lines exactly as they are written here, checksum and all: nearly all that a log holds. They are
//! read without a reader of JSON, in a third of its time; whatever is spelled in another way is left
//! to one.

use super::crc;
use super::draft::{Draft, DraftPost, DraftPosts, DraftRest, Names, Text, time};
use super::record::Via;

/// The record of a line that holds one record about one post in our own spelling and nothing else,
/// and whose checksum is right.
pub(super) fn read(line: &[u8]) -> Option<Draft<'_>> {
    // Bytes that JSON does not allow in a string are nobody's spelling.
    if line.iter().any(|byte| *byte < b' ') || !crc::is_intact(line) {
        return None;
    }
    let mut rest = Rest(std::str::from_utf8(line).ok()?);
    rest.eat("{\"v\":1,\"id\":")?;
    let id = rest.string()?;
    let prev = if rest.eat(",\"prev\":[").is_some() { rest.names()? } else { Names::default() };
    rest.eat(",\"at\":")?;
    let at = time(&rest.string()?)?;
    rest.eat(",\"by\":")?;
    let by = rest.string()?;
    rest.eat(",\"op\":")?;
    let op = rest.string()?;
    rest.eat(",\"post\":")?;
    let post = rest.string()?;
    let hash = match rest.eat(",\"hash\":") {
        Some(()) => Some(rest.string()?.parse().ok()?),
        None => None,
    };
    rest.eat(",\"key\":")?;
    let key = rest.string()?;
    rest.eat(",\"val\":")?;
    let val = rest.string()?;
    let mut more = DraftRest::default();
    if rest.eat(",\"why\":[").is_some() {
        more.why = rest.names()?.into_texts();
    }
    if rest.eat(",\"note\":").is_some() {
        more.note = Some(rest.string()?);
    }
    let via = match rest.eat(",\"via\":") {
        Some(()) => Some(Via::from_name(&rest.string()?)?),
        None => None,
    };
    if rest.eat(",\"filter\":").is_some() {
        more.filter = Some(rest.string()?);
    }
    let ms = match rest.eat(",\"ms\":") {
        Some(()) => Some(rest.number()?),
        None => None,
    };
    if rest.eat(",\"undo\":").is_some() {
        more.undo = Some(rest.string()?);
    }
    if rest.eat(",\"blocks\":").is_some() {
        more.outline = Some(rest.string()?.parse().ok()?);
    }
    rest.eat(",\"crc\":")?;
    rest.string()?;
    rest.eat("}")?;
    if !rest.0.is_empty() {
        return None;
    }
    let posts = DraftPosts::One(DraftPost { post, hash, prev, own: None });
    Some(Draft { id, at, by, op, posts, key, val, via, ms, rest: more.boxed() })
}

/// What is still to be read.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn eat(&mut self, expected: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    /// A string in which nothing is escaped.
    fn string(&mut self) -> Option<Text<'a>> {
        let inside = self.0.strip_prefix('"')?;
        let end = memchr::memchr2(b'"', b'\\', inside.as_bytes())?;
        let (text, rest) = inside.split_at_checked(end)?;
        self.0 = rest.strip_prefix('"')?;
        Some(text.into())
    }

    /// The strings of a list that is not empty, and its end.
    fn names(&mut self) -> Option<Names<'a>> {
        let mut names = Names::one(self.string()?);
        while self.eat("]").is_none() {
            self.eat(",")?;
            names.add(self.string()?);
        }
        Some(names)
    }

    fn number(&mut self) -> Option<u64> {
        let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = self.0.split_at_checked(digits)?;
        let is_plain = number == "0" || !number.starts_with('0');
        self.0 = rest;
        number.parse().ok().filter(|_| is_plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Beside;
    use crate::review::crc::seal;
    use crate::review::draft::Wire;
    use crate::review::suite::{at, change, writer};

    fn by_json(line: &[u8]) -> Option<crate::review::Record> {
        let wire: Wire<'_> = serde_json::from_slice(line).ok()?;
        wire.record.ok().map(Draft::into_record)
    }

    #[test]
    fn every_record_of_one_post_is_read_as_json_reads_it() {
        let mut reviews = writer("mara", "k7q2m9x4wd3tz");
        let mut records = vec![reviews.decide(change("p — é", "text", "reviewed"), Some(0), at(0)).unwrap()];
        let mut flagged = change("p — é", "text", "flagged");
        (flagged.why, flagged.note) =
            (vec!["image".to_owned(), "tone".to_owned()], Some("söme note".to_owned()));
        records.push(reviews.decide(flagged, Some(8_400), at(1)).unwrap());
        records.push(reviews.undo(at(2)).unwrap().remove(0));
        let outline = "00112233445566778899aabb".parse().ok();
        let beside = Beside { ms: Some(1), outline, from: None };
        records.push(reviews.decide_beside(change("p — é", "text", "skipped"), beside, at(3)).unwrap());
        for record in records {
            let line = record.to_line();
            let line = line.trim_end().as_bytes();
            assert_eq!(read(line).map(Draft::into_record), by_json(line));
            assert_eq!(by_json(line), Some(record));
        }
    }

    /// What another version keeps under a name of ours is neither lost nor respelled.
    #[test]
    fn blocks_in_another_form_are_kept_as_they_are() {
        for blocks in ["[\"00112233\"]", "\"0011223344556G77\"", "7", "\"\"", "\"0011223344556677\""] {
            let line = format!(
                r#"{{"v":1,"id":"w-0001","at":"2026-09-21T12:34:56.789Z","by":"m","op":"set","post":"p","key":"status","val":"x","blocks":{blocks}}}"#
            );
            let sealed = seal(&line);
            let record = by_json(sealed.as_bytes()).unwrap();
            assert_eq!(record.to_line().trim_end(), sealed, "{blocks}");
            let mut reviews = writer("mara", "k7q2m9x4wd3tz");
            reviews.absorb(record.clone());
            assert_eq!(reviews.state().records().collect::<Vec<_>>(), std::slice::from_ref(&record));
            assert_eq!(record.outline.is_some(), blocks == "\"0011223344556677\"");
        }
    }

    /// Changed in any byte, and sealed again, a line is read as JSON reads it, or left to it.
    #[test]
    fn no_other_spelling_is_taken_for_ours() {
        let line = r#"{"v":1,"id":"w-0001","prev":["a","b"],"at":"2026-09-21T12:34:56.789Z","by":"m","op":"set","post":"p","hash":"423924cc4a32c272193c888c00112233","key":"status","val":"x","why":["a"],"note":"n","via":"cli","filter":"f","ms":10,"undo":"u","blocks":"0011223344556677"}"#;
        assert!(read(seal(line).as_bytes()).is_some());
        assert!(read(line.as_bytes()).is_none());
        let mut read_here = 0;
        for at in 0..line.len() {
            for byte in [b'"', b'\\', b'}', b']', b',', b'0', b' ', 0x1f, 0xff, b'e', b'-'] {
                let mut changed = line.as_bytes().to_vec();
                changed[at] = byte;
                let Ok(changed) = String::from_utf8(changed) else { continue };
                let sealed = seal(&changed);
                if let Some(draft) = read(sealed.as_bytes()) {
                    read_here += 1;
                    assert_eq!(Some(draft.into_record()), by_json(sealed.as_bytes()), "{sealed}");
                }
            }
        }
        assert!(read_here > 100, "{read_here}");
    }
}
