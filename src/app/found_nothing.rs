//! What is said where no post passes: a word that no post has may have been meant to be another.

use std::sync::Arc;

use super::App;
use crate::query::{Completion, Expr, Field, Query, Question, Term, blanks_apart};

/// A question about a query that finds nothing.
#[derive(Debug)]
pub(super) struct Nearest {
    /// The count that answers it.
    generation: u64,
    /// The term that is asked about, among those with a word of a field.
    at: usize,
    field: &'static Field,
    value: String,
    /// The term itself, where the whole of a value was meant.
    whole: Option<Query>,
}

impl Nearest {
    /// The first of the values that only hold what was meant as a whole; raw.
    fn is_within<'f>(&self, found: &'f Completion) -> Option<&'f str> {
        let whole = self.whole.as_ref()?;
        let term = |value: &str| Query::parse(&format!("{}={value}", self.field.name));
        let is_it = found.candidates.iter().any(|candidate| term(&candidate.text).as_ref() == Ok(whole));
        found.candidates.first().filter(|_| !is_it).map(|candidate| candidate.text.as_str())
    }
}

impl App {
    /// The filter has found these: where it is none, what else could have been meant is looked for.
    pub(super) fn look_for_nearest(&mut self) {
        (self.list.hint, self.nearest) = (None, None);
        if !self.list.passing.is_empty() || self.corpus.is_empty() || self.list.query.is_empty() {
            return;
        }
        self.list.hint = blanks_apart(&self.list.text).map(|meant| format!("write {meant} without blanks"));
        if self.list.hint.is_none() {
            self.ask_nearest(0);
        }
    }

    fn ask_nearest(&mut self, at: usize) {
        let is_free = self.popup.is_none() && !self.completing.is_open() && self.loading.is_none();
        let terms = self.list.query.parts().iter().filter_map(|part| match part {
            Expr::Term(term @ Term::Word { field, value, is_whole }) => {
                Some((term, *field, value.clone(), *is_whole))
            }
            _ => None,
        });
        let Some((term, field, value, is_whole)) = terms.skip(at).find(|_| is_free) else { return };
        let term = Query { expression: Some(Expr::Term(term.clone())), sort: Vec::new() };
        let text = term.to_string();
        let cursor = text.len();
        let whole = is_whole.then_some(term);
        self.ask_count(Question::Values { text, cursor, rest: Arc::default(), among: None });
        self.nearest = Some(Nearest { generation: self.counting_generation(), at, field, value, whole });
    }

    /// What could stand in place of a word, if it was that which was asked; whether it was.
    pub(super) fn take_nearest(&mut self, found: Option<&Completion>) -> bool {
        let generation = self.counting_generation();
        let Some(asked) = self.nearest.take_if(|asked| asked.generation == generation) else { return false };
        let (field, value) = (asked.field.name, &asked.value);
        let near = found.and_then(|found| found.nearest.as_ref());
        self.list.hint = match (near, found.and_then(|found| asked.is_within(found))) {
            (Some(near), _) => Some(format!("no post has {field} {value}; did you mean {near}?")),
            (None, Some(whole)) => {
                Some(format!("no post has the whole {field} {value}; did you mean {whole}?"))
            }
            (None, None) => None,
        };
        if self.list.hint.is_none() {
            self.ask_nearest(asked.at + 1);
        }
        true
    }
}
