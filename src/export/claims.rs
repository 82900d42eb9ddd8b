//! A decision as the post's own claims, in the fields that posts use for it.
//!
//! `revision.status` is the decided status. `revision.last_reviewed` (a day, UTC) and
//! `revision.reviewed_by` are there after a reviewed or flagged one, `revision.note` beside a flag.
//! `flags.needs_human_review` is no for a reviewed post and yes for every other; each reason of a flag
//! is a flag of its own, `flagged_image`. What the post claimed of these before is gone.

use std::borrow::Cow;

use super::exported_status;
use crate::model::meta::normal_name;
use crate::model::{Post, Status, Value};
use crate::review::{ON_ANOTHER_TEXT, Standing};

/// What the flag of a reason begins with.
const REASON: &str = "flagged_";

/// Writes what was decided into a post.
pub(super) fn write_into(post: &mut Post, standing: &Standing) {
    let status = exported_status(standing);
    let is_read = matches!(status, Status::Reviewed | Status::Flagged);
    let is_flagged = status == Status::Flagged;
    let text = |text: &str| Some(text).filter(|text| !text.is_empty()).map(Value::from);
    let day = standing.at.map(|at| at.strftime("%Y-%m-%d").to_string());
    edit(post, "revision", |revision| {
        set(revision, "status", Some(Value::from(status.name())));
        set(revision, "last_reviewed", day.filter(|_| is_read).map(Value::Text));
        set(revision, "reviewed_by", text(&standing.by).filter(|_| is_read));
        set(revision, "note", note_of(standing).as_deref().and_then(text).filter(|_| is_flagged));
    });
    edit(post, "flags", |flags| {
        flags.retain(|(name, _)| !normal_name(name).starts_with(REASON));
        set(flags, "needs_human_review", Some(Value::Bool(status != Status::Reviewed)));
        for why in standing.why.iter().filter(|_| is_flagged) {
            set(flags, &format!("{REASON}{}", normal_name(why)), Some(Value::Bool(true)));
        }
    });
}

/// The note as it goes out: one that was written on another text says so.
pub(super) fn note_of(standing: &Standing) -> Option<Cow<'_, str>> {
    let note = standing.note.as_deref()?;
    Some(if standing.is_note_stale { format!("({ON_ANOTHER_TEXT}) {note}").into() } else { note.into() })
}

/// Edits the entries of a field, which is made where there is none. A value that is no map is kept in
/// it, under `was`.
fn edit(post: &mut Post, field: &str, edit: impl FnOnce(&mut Vec<(String, Value)>)) {
    let mut made = (field.to_owned(), Value::Null);
    let there = post.fields.iter_mut().find(|(name, _)| name == field);
    let is_new = there.is_none();
    let (_, value) = there.unwrap_or(&mut made);
    let mut entries = match std::mem::replace(value, Value::Null) {
        Value::Map(entries) => entries,
        was if was.is_empty() => Vec::new(),
        was => vec![("was".to_owned(), was)],
    };
    edit(&mut entries);
    *value = Value::Map(entries);
    if is_new {
        post.fields.push(made);
    }
}

/// Gives an entry a value, where it stood first, or takes it out. Spellings of one name are one name.
fn set(entries: &mut Vec<(String, Value)>, name: &str, value: Option<Value>) {
    let is_it = |(key, _): &(String, Value)| normal_name(key) == name;
    let at = entries.iter().position(is_it).unwrap_or(entries.len());
    entries.retain(|entry| !is_it(entry));
    if let Some(value) = value {
        entries.insert(at, (name.to_owned(), value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PostId;

    fn written(fields: &str, standing: Standing) -> String {
        let Value::Map(fields) = Value::parse(fields).unwrap() else { panic!("an object") };
        let mut post = Post { id: PostId::new("p"), title: "t".into(), body: "b".into(), fields };
        write_into(&mut post, &standing);
        let once = post.clone();
        write_into(&mut post, &standing);
        assert_eq!(post, once, "twice is once");
        serde_json::to_string(&Value::Map(post.fields)).unwrap()
    }

    fn decided(status: Status) -> Standing {
        let at = Some("2026-09-21T23:59:59Z".parse().unwrap());
        let (by, note) = ("mara".to_owned(), Some("look \"here\"".to_owned()));
        let why = vec!["image".to_owned(), "Broken Link".to_owned()];
        Standing { status, decided: status, by, at, note, why, ..Standing::default() }
    }

    #[test]
    fn a_decision_takes_the_place_of_the_claim() {
        let claims = r#"{"topic":"x","revision":{"version":"1","Status":"draft","last reviewed":"2020-01-01"},"flags":{"has_images":true,"flagged_old":true}}"#;
        assert_eq!(
            written(claims, decided(Status::Reviewed)),
            r#"{"topic":"x","revision":{"version":"1","status":"reviewed","last_reviewed":"2026-09-21","reviewed_by":"mara"},"flags":{"has_images":true,"needs_human_review":false}}"#
        );
        assert_eq!(
            written(claims, decided(Status::Flagged)),
            r#"{"topic":"x","revision":{"version":"1","status":"flagged","last_reviewed":"2026-09-21","reviewed_by":"mara","note":"look \"here\""},"flags":{"has_images":true,"needs_human_review":true,"flagged_image":true,"flagged_broken_link":true}}"#
        );
    }

    #[test]
    fn what_is_no_decision_is_no_claim_either() {
        let claims = r#"{"revision":{"status":"approved","last_reviewed":"2020-01-01","reviewed_by":"x"},"flags":{"needs_human_review":false}}"#;
        let unreviewed = r#"{"revision":{"status":"unreviewed"},"flags":{"needs_human_review":true}}"#;
        let stale = Standing { status: Status::Unreviewed, stale: true, ..decided(Status::Reviewed) };
        let conflict = Standing { conflict: true, ..decided(Status::Flagged) };
        for standing in [Standing::default(), stale, conflict, decided(Status::Unknown)] {
            assert_eq!(written(claims, standing), unreviewed);
        }
        let skipped = r#"{"revision":{"status":"skipped"},"flags":{"needs_human_review":true}}"#;
        assert_eq!(written(claims, decided(Status::Skipped)), skipped);
    }

    #[test]
    fn a_field_of_another_shape_is_kept() {
        assert_eq!(
            written(r#"{"revision":"1.2","flags":[]}"#, Standing::default()),
            r#"{"revision":{"was":"1.2","status":"unreviewed"},"flags":{"needs_human_review":true}}"#
        );
        assert_eq!(
            written("{}", Standing::default()),
            r#"{"revision":{"status":"unreviewed"},"flags":{"needs_human_review":true}}"#
        );
    }
}
