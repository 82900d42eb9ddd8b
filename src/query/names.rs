//! Queries that have a name, for use in others: `@mine -stack:go`.

use std::collections::BTreeMap;

/// Queries by their names, without the `@`.
///
/// ```
/// use copydesk::query::{Names, Query};
///
/// let names: Names = [("weak", "score<40 or clarity<20")].into_iter().collect();
/// let query = Query::parse_with("@weak stack:go", &names)?;
/// assert_eq!(query, Query::parse("(score<40 or clarity<20) stack:go")?);
/// # Ok::<(), copydesk::query::QueryError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// The text of the query with this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Gives a query a name; the text that had it before.
    pub fn insert(&mut self, name: impl Into<String>, text: impl Into<String>) -> Option<String> {
        self.0.insert(name.into(), text.into())
    }

    /// Takes a name away; the text that had it.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Whether a query can have this name: letters, digits, `-` and `_`.
    pub fn is_name(name: &str) -> bool {
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    }

    /// All of them, each with its text, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }
}

impl<N: Into<String>, T: Into<String>> FromIterator<(N, T)> for Names {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(names: I) -> Self {
        Self(names.into_iter().map(|(name, text)| (name.into(), text.into())).collect())
    }
}
