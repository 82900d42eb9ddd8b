//! Which name a post is known by: its id, else the id of its source, else its reference, else the
//! name of its file, else the digest of its text.

use crate::model::meta::normal_name;
use crate::model::{Post, PostId, Value};

/// What became of the value under `id`.
pub(super) enum Given {
    /// As good as none.
    Blank,
    /// Raw text; a number by its digits, never through a float.
    Usable(PostId),
    /// It cannot name a post; the reason.
    Unusable(String),
}

/// Reads a value that is meant to be an id.
pub(super) fn given(value: &Value) -> Given {
    match value {
        Value::Null => Given::Blank,
        Value::Text(text) | Value::Number(text) if text.len() > PostId::MAX_BYTES => {
            Given::Unusable(format!("it is {} bytes long", text.len()))
        }
        Value::Text(text) if text.trim().is_empty() => Given::Blank,
        Value::Text(text) | Value::Number(text) => Given::Usable(PostId::new(text.clone())),
        Value::Bool(flag) => Given::Unusable(format!("it is `{flag}`")),
        Value::List(_) => Given::Unusable("it is a list".to_owned()),
        Value::Map(_) => Given::Unusable("it is an object".to_owned()),
    }
}

/// The id that the rest of the post gives; `stem` is the name of a file that holds nothing else.
pub(super) fn derived(post: &Post, stem: Option<&str>) -> Option<PostId> {
    let payload = post.get("payload").and_then(|payload| payload.get("source_id"));
    let beside = || post.fields.iter().find(|(name, _)| normal_name(name) == "source_id").map(|(_, id)| id);
    payload
        .and_then(usable)
        .or_else(|| beside().and_then(usable))
        .or_else(|| post.get("reference").and_then(usable))
        .or_else(|| stem.and_then(|stem| usable(&Value::from(stem))))
}

/// The id of a post that nothing names: its text itself.
pub(super) fn of_text(post: &Post) -> PostId {
    PostId::new(format!("text-{}", post.digest()))
}

fn usable(value: &Value) -> Option<PostId> {
    if let Given::Usable(id) = given(value) { Some(id) } else { None }
}
