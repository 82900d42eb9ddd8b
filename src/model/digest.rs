//! A short name for exactly the text that a reviewer was shown.

use std::fmt;
use std::str::FromStr;

use super::{Post, Value, meta};

/// 128 bits of BLAKE3 over what is shown of a post, in a canonical order. Written as 32 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 16]);

impl Digest {
    /// The digest of some bytes.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let mut short = [0; 16];
        blake3::Hasher::new().update(bytes).finalize_xof().fill(&mut short);
        Self(short)
    }

    /// The digest of what a reviewer is shown of `post`: title, body and every field that is not
    /// volatile. Left out: the view count and the similar posts (they change by themselves), and
    /// the id, also where the payload or the reference repeats it, so that a post whose id alone
    /// changed can be known again. Fields and keys are sorted first: a file that was only
    /// reformatted or reordered gives the same digest.
    pub fn of_post(post: &Post) -> Self {
        let mut bytes = Vec::with_capacity(post.body.len() + 1024);
        put_text(&mut bytes, b'T', &post.title);
        put_text(&mut bytes, b'B', &post.body);
        put_fields(&mut bytes, post);
        Self::of_bytes(&bytes)
    }

    /// The first 32 of its bits.
    pub(super) fn first_bits(self) -> u32 {
        self.0.iter().take(4).fold(0, |bits, byte| bits << 8 | u32::from(*byte))
    }
}

/// The fields that are not volatile, sorted, and without what repeats the id.
pub(super) fn put_fields(bytes: &mut Vec<u8>, post: &Post) {
    let mut fields: Vec<_> = post.fields.iter().filter(|(name, _)| !meta::is_volatile(name)).collect();
    fields.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, value) in fields {
        match (name.as_str(), value) {
            ("payload", Value::Map(entries)) => {
                let repeats_id = |(key, value): &&(String, Value)| {
                    key == "source_id" && value.to_string() == post.id.as_str()
                };
                let kept = entries.iter().filter(|entry| !repeats_id(entry)).cloned().collect();
                put_field(bytes, name, &Value::Map(kept));
            }
            ("reference", Value::Text(text)) if text == post.id.as_str() => {}
            _ => put_field(bytes, name, value),
        }
    }
}

fn put_field(bytes: &mut Vec<u8>, name: &str, value: &Value) {
    put_text(bytes, b'F', name);
    put_value(bytes, value);
}

/// Each piece carries its kind and length, so no two different posts run together to one.
pub(super) fn put_text(bytes: &mut Vec<u8>, kind: u8, text: &str) {
    bytes.push(kind);
    bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

fn put_value(bytes: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => bytes.push(b'0'),
        Value::Bool(flag) => bytes.extend_from_slice(if *flag { b"b1" } else { b"b0" }),
        Value::Number(text) => put_text(bytes, b'n', text),
        Value::Text(text) => put_text(bytes, b't', text),
        Value::List(items) => {
            bytes.push(b'[');
            for item in items {
                put_value(bytes, item);
            }
            bytes.push(b']');
        }
        Value::Map(entries) => {
            let mut sorted: Vec<_> = entries.iter().collect();
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
            bytes.push(b'{');
            for (key, value) in sorted {
                put_field(bytes, key, value);
            }
            bytes.push(b'}');
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// What is not 32 hex digits.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("expected 32 hex digits")]
pub struct NotADigest;

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(hex: &str) -> Result<Self, NotADigest> {
        if hex.len() != 32 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotADigest);
        }
        // Two halves: numbers of 128 bits are slow to read, and logs hold millions of these.
        let (high, low) = hex.split_at_checked(16).ok_or(NotADigest)?;
        let half = |hex| u64::from_str_radix(hex, 16).map(u128::from).map_err(|_| NotADigest);
        Ok(Self((half(high)? << 64 | half(low)?).to_be_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PostId;

    fn post() -> Post {
        let fields = vec![
            ("topic".to_owned(), Value::from("caches")),
            ("view_count".to_owned(), Value::Number("12".to_owned())),
            ("payload".to_owned(), Value::parse(r#"{"source_id":"p-1","seed":4}"#).unwrap()),
        ];
        Post { id: PostId::new("p-1"), title: "t".into(), body: "b".into(), fields }
    }

    #[test]
    fn a_digest_is_read_back_from_its_hex() {
        let digest = Digest::of_post(&post());
        assert_eq!(digest.to_string().parse(), Ok(digest));
        assert_eq!("12".parse::<Digest>(), Err(NotADigest));
    }

    #[test]
    fn order_views_and_ids_do_not_count_but_every_other_word_does() {
        let first = Digest::of_post(&post());
        let mut same = post();
        same.fields.reverse();
        same.fields[1].1 = Value::Number("99".into());
        same.id = PostId::new("p-2");
        same.fields[0].1 = Value::parse(r#"{"seed":4,"source_id":"p-2"}"#).unwrap();
        assert_eq!(Digest::of_post(&same), first);
        for change in [0, 1, 2, 3] {
            let mut other = post();
            match change {
                0 => other.title.push('x'),
                1 => other.body.push('x'),
                2 => other.fields[0].1 = Value::from("cache"),
                _ => other.fields[2].1 = Value::parse(r#"{"source_id":"p-1","seed":5}"#).unwrap(),
            }
            assert_ne!(Digest::of_post(&other), first, "change {change}");
        }
    }
}
