//! What a damaged line seems to be about: its decision is lost, and nothing that it may have held back is let through.

use std::collections::HashSet;

use super::draft::{Draft, DraftPost, DraftPosts};
use super::record::{Key, RecordId, Target};
use super::state::State;
use crate::model::{Digest, PostId};

/// A longer text is no id. Unit: bytes.
const MAX_TEXT: usize = 8 * 1024;
/// Hex digits of a digest.
const DIGEST: usize = 32;

/// What could be made out on a damaged line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The posts that it seems to be about.
    pub posts: Vec<PostId>,
    /// The digests of their texts: an id may be what was damaged.
    pub texts: Vec<Digest>,
    /// The id of the record.
    pub id: Option<RecordId>,
}

/// Makes out what some damaged bytes of a line are about. Looks for the pieces of a record one by one, since any of
/// them may be the damaged one, and takes text in UTF-16 and lines of a record that was spread over several.
pub(super) fn named(bytes: &[u8]) -> Named {
    let plain: Vec<u8>;
    let bytes = if memchr::memchr(0, bytes).is_some() {
        plain = bytes.iter().copied().filter(|byte| *byte != 0).collect();
        plain.as_slice()
    } else {
        bytes
    };
    let mut named = Named::default();
    let behind = |mark: &'static str| {
        memchr::memmem::find_iter(bytes, mark).map(move |at| bytes.get(at + mark.len()..).unwrap_or_default())
    };
    named.id = behind("\"id\":").find_map(text).map(|(id, _)| RecordId::new(id));
    named.posts.extend(behind("post\":").filter_map(text).map(|(post, _)| PostId::new(post)));
    named.texts.extend(behind("hash\":").filter_map(digest));
    // `"post":"p","hash":"…"`, where the word before the id is damaged.
    for at in memchr::memmem::find_iter(bytes, "\",\"hash\":") {
        let before = bytes.get(at.saturating_sub(MAX_TEXT)..at).unwrap_or_default();
        let is_escaped = |quote: usize| before.get(quote.wrapping_sub(1)) == Some(&b'\\');
        let quote = memchr::memrchr_iter(b'"', before).find(|quote| !is_escaped(*quote));
        let start = quote.map(|quote| at - before.len() + quote);
        let post = start.and_then(|start| bytes.get(start..=at)).and_then(text);
        named.posts.extend(post.map(|(post, _)| PostId::new(post)));
    }
    // `["p","…",[…]]`, a post of a bulk action: by what stands before the id, and by what stands behind it.
    for (post, rest) in behind("[").filter_map(text) {
        let rest = rest.trim_ascii_start().strip_prefix(b",").unwrap_or_default().trim_ascii_start();
        if let [b'"', text @ ..] = rest
            && text.get(DIGEST) == Some(&b'"')
        {
            named.posts.push(PostId::new(post));
        }
    }
    named.texts.extend(behind("\",").filter_map(digest));
    let ends = memchr::memmem::find_iter(bytes, "\",[");
    named.texts.extend(ends.filter_map(|end| hex(bytes.get(end.checked_sub(DIGEST)?..end)?)));
    named.posts.sort();
    named.posts.dedup();
    named.texts.sort();
    named.texts.dedup();
    named
}

/// The text in quotes that some bytes begin with, and what follows it.
fn text(bytes: &[u8]) -> Option<(String, &[u8])> {
    let bytes = bytes.trim_ascii_start();
    let inner = bytes.strip_prefix(b"\"")?;
    let mut is_escaped = false;
    let end = inner.iter().take(MAX_TEXT).position(|byte| {
        let ends = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    })?;
    let quoted = bytes.get(..end + 2)?;
    let text = serde_json::from_slice(quoted)
        .unwrap_or_else(|_| String::from_utf8_lossy(inner.get(..end).unwrap_or_default()).into_owned());
    Some((text, inner.get(end + 1..)?))
}

/// The digest in quotes that some bytes begin with.
fn digest(bytes: &[u8]) -> Option<Digest> {
    hex(bytes.trim_ascii_start().strip_prefix(b"\"")?.get(..DIGEST)?)
}

fn hex(digits: &[u8]) -> Option<Digest> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// What damaged lines are about, as far as nobody has decided on it since.
#[derive(Clone, Debug, Default)]
pub(super) struct Doubts {
    /// Of the file that is being read.
    open: Vec<Named>,
    /// Of others: what stands in one file is neither before nor behind what stands in another.
    closed: Vec<Named>,
}

impl Doubts {
    /// Another file is read from here on.
    pub(super) fn turn_to_next_file(&mut self) {
        self.closed.append(&mut self.open);
    }

    /// A damaged line was met.
    pub(super) fn add(&mut self, named: &Named) {
        if !named.posts.is_empty() || !named.texts.is_empty() {
            self.open.push(named.clone());
        }
    }

    /// A record was met: who decides on the status of a post behind a damaged line has settled what it was about.
    pub(super) fn meet(&mut self, draft: &Draft<'_>) {
        if self.open.is_empty() || Key::from_text(&draft.key) != Key::Status {
            return;
        }
        let mut settle = |decided: &DraftPost<'_>| {
            for doubt in &mut self.open {
                doubt.posts.retain(|post| post.as_str() != &*decided.post);
                doubt.texts.retain(|text| Some(*text) != decided.hash);
            }
        };
        match &draft.posts {
            DraftPosts::One(post) => settle(post),
            DraftPosts::Many(posts) => posts.iter().for_each(settle),
        }
        self.open.retain(|doubt| !doubt.posts.is_empty() || !doubt.texts.is_empty());
    }

    /// What is still in doubt. A record that has seen the damaged one has settled it, in whatever file it stands.
    pub(super) fn held_back(&self, state: &State) -> HeldBack {
        let mut held = HeldBack::default();
        for doubt in self.open.iter().chain(&self.closed) {
            let has_seen = |post: &PostId| {
                doubt
                    .id
                    .as_ref()
                    .is_some_and(|id| state.history(post).iter().any(|record| has_seen(record, post, id)))
            };
            let (seen, unseen): (Vec<&PostId>, Vec<&PostId>) =
                doubt.posts.iter().partition(|post| has_seen(post));
            held.posts.extend(unseen.into_iter().cloned());
            if seen.is_empty() {
                held.texts.extend(&doubt.texts);
            }
        }
        held
    }
}

fn has_seen(record: &super::Record, wanted: &PostId, id: &RecordId) -> bool {
    match &record.target {
        Target::One { prev, .. } => prev.contains(id),
        Target::Many(targets) => {
            targets.iter().any(|target| target.post == *wanted && target.prev.contains(id))
        }
    }
}

/// The posts that a damaged line may have been about: what is decided on them may not be all that was decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldBack {
    posts: HashSet<PostId>,
    texts: HashSet<Digest>,
}

impl HeldBack {
    /// Whether a post is among them: by its id or by its text.
    pub fn has(&self, post: &PostId, text: Option<Digest>) -> bool {
        self.posts.contains(post) || text.is_some_and(|text| self.texts.contains(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::suite::{at, change, writer};
    use crate::review::{LineItem, read_line};

    /// Whichever bit is flipped: the record holds still, or the post is told by its id or by its text.
    #[test]
    fn a_flipped_bit_leaves_the_post_to_be_told() {
        let mut reviews = writer("mara", "a");
        let one = reviews.decide(change("post-7", "text", "flagged"), None, at(0)).unwrap();
        let many = ["post-7", "post-8"].map(|post| change(post, post, "flagged")).into();
        let many = reviews.decide_many(many, None, at(1)).unwrap();
        for record in [one, many] {
            let line = record.to_line();
            for (at, bit) in (0..line.len() - 1).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
                let mut bytes = line.trim_end().as_bytes().to_vec();
                bytes[at] ^= 1 << bit;
                let held = |item: LineItem| matches!(item, LineItem::Record(found) if found.record == record);
                if read_line(&bytes).into_iter().any(held) {
                    continue;
                }
                let Named { posts, texts, .. } = named(&bytes);
                for post in record.posts() {
                    let text = record.hash_of(post).unwrap();
                    assert!(
                        posts.contains(post) || texts.contains(&text),
                        "byte {at}, bit {bit}: {}",
                        String::from_utf8_lossy(&bytes)
                    );
                }
            }
        }
    }

    #[test]
    fn other_spellings_are_made_out_and_other_bytes_name_nothing() {
        let line = r#"{"v":1,"id":"w-1","post":"p\"\u00e9","hash":"423924cc4a32c272193c888c00112233""#;
        let wide: Vec<u8> = line.bytes().flat_map(|byte| [byte, 0]).collect();
        for bytes in [line.as_bytes(), &wide] {
            let Named { posts, texts, id } = named(bytes);
            assert_eq!((posts, texts.len(), id), (vec![PostId::new("p\"é")], 1, Some(RecordId::new("w-1"))));
        }
        assert_eq!(named(b"  \"post\": \"p\",").posts, [PostId::new("p")]);
        for nothing in
            [&b""[..], b"\"post\":", b"\"post\":\"no end", b"[\"a\",\"b\"]", b"hash\":\"12\"", b"\xff\xfe"]
        {
            assert_eq!(named(nothing), Named::default(), "{nothing:?}");
        }
    }
}
