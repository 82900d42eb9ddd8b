//! The order of a view.

use std::cmp::Ordering;

use super::field::{Field, Kind, Subject};
use super::fuzzy::fold;
use super::syntax::SortKey;

/// What one key of an order sees of a post.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum SortValue {
    Number(f64),
    Text(String),
    /// The post has nothing to be sorted by.
    Missing,
}

/// What all keys of an order see of a post.
pub(super) fn values(keys: &[SortKey], post: Subject<'_>) -> Vec<SortValue> {
    keys.iter().map(|key| value(key.field, post)).collect()
}

fn value(field: &Field, post: Subject<'_>) -> SortValue {
    let text = |text: &str| if text.is_empty() { SortValue::Missing } else { SortValue::Text(fold(text)) };
    match field.kind {
        Kind::Number(read) => read(post).map_or(SortValue::Missing, SortValue::Number),
        Kind::Text(read) => text(read(post)),
        Kind::Words(visit) => {
            let mut first = SortValue::Missing;
            visit(post, &mut |word| {
                first = text(word);
                true
            });
            first
        }
        Kind::Choice(choices) => {
            let place = choices.iter().position(|choice| (choice.test)(post));
            place
                .and_then(|place| u32::try_from(place).ok())
                .map_or(SortValue::Missing, |place| SortValue::Number(place.into()))
        }
    }
}

/// Compares two posts by their values. What is missing comes last, whichever way a key is turned.
pub(super) fn compare(keys: &[SortKey], a: &[SortValue], b: &[SortValue]) -> Ordering {
    let by_key = keys.iter().zip(a.iter().zip(b)).map(|(key, (a, b))| {
        let order = match (a, b) {
            (SortValue::Missing, SortValue::Missing) => return Ordering::Equal,
            (SortValue::Missing, _) => return Ordering::Greater,
            (_, SortValue::Missing) => return Ordering::Less,
            (SortValue::Number(a), SortValue::Number(b)) => a.total_cmp(b),
            (SortValue::Text(a), SortValue::Text(b)) => a.cmp(b),
            // One field gives one kind of value.
            _ => Ordering::Equal,
        };
        if key.descending { order.reverse() } else { order }
    });
    by_key.fold(Ordering::Equal, Ordering::then)
}
