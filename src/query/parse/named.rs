//! `@name`: a query that has a name, read as if it stood there in parentheses.

use std::ops::Range;

use super::Parser;
use crate::query::error::{IN_QUOTES, QueryError};
use crate::query::lex::lex;
use crate::query::syntax::Expr;

/// What the named queries that one query is made of may come to, or a few short ones that name each
/// other twice would come to any length. Unit: bytes.
const MAX_NAMED_BYTES: usize = 50_000;

impl Parser<'_> {
    /// A query that has a name; `span` is where it is named.
    pub(super) fn named(&mut self, name: &str, span: Range<usize>) -> Result<Option<Expr>, QueryError> {
        let at_end = span.end == self.end;
        let mistake = |message: String| QueryError::new(span.clone(), message);
        if name.is_empty() {
            return Err(QueryError {
                incomplete: at_end,
                ..mistake("expected the name of a query behind @".to_owned())
            });
        }
        let Some(text) = self.names.get(name) else {
            let message = format!("there is no query with the name {name:?}");
            let begun = self.names.iter().any(|(known, _)| known.starts_with(name));
            let error = mistake(message).suggest(name, self.names.iter().map(|(known, _)| known));
            let suggestion = error.suggestion.map(|known| format!("@{known}"));
            return Err(QueryError {
                incomplete: at_end && begun,
                suggestion,
                otherwise: IN_QUOTES,
                ..error
            });
        };
        if self.within.iter().any(|outer| outer == name) {
            return Err(mistake(format!(
                "the query {name:?} is made of itself: @{} @{name}",
                self.within.join(" @")
            )));
        }
        self.named_bytes += text.len() + 1;
        if self.named_bytes > MAX_NAMED_BYTES {
            return Err(mistake(format!("the named queries come to more than {MAX_NAMED_BYTES} bytes")));
        }
        self.deeper(&span)?;
        let in_it = |error: QueryError| mistake(format!("in the query {name:?}: {}", error.full_message()));
        let within = self.within.iter().cloned().chain([name.to_owned()]).collect();
        let (names, named_bytes, depth) = (self.names, self.named_bytes, self.depth);
        let tokens = lex(text).map_err(in_it)?;
        let mut inner =
            Parser { tokens, at: 0, end: text.len(), sort: Vec::new(), depth, names, within, named_bytes };
        let expression = inner.whole().map_err(in_it)?;
        self.named_bytes = inner.named_bytes;
        self.sort.extend(inner.sort);
        self.depth -= 1;
        Ok(expression)
    }
}
