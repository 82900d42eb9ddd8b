//! What is asked about the posts beside the list itself: how many have each value, what could be typed
//! next, how many a query finds.

use std::sync::Arc;

use super::complete::Completion;
use super::engine::Seen;
use super::facet::{Facet, Facets};
use super::{Engine, FIELDS, Field, Names, Posts, Query, Stop, View};
use crate::corpus::Corpus;

/// So many values of a field are told.
const MOST_VALUES: usize = 500;

/// So many candidates are told.
const MOST_CANDIDATES: usize = 9;

/// Something to be counted.
#[derive(Clone, Debug)]
pub enum Question {
    /// The values of every field that has a facet; those of `first` are told before the others.
    Facets {
        /// The field that is looked at.
        first: &'static Field,
        /// The posts that are counted.
        view: View,
    },
    /// The values that could be typed at a place.
    Values {
        /// The query as it is typed.
        text: String,
        /// Where. Unit: bytes.
        cursor: usize,
        /// What must hold beside the term that is typed: the posts that are counted.
        rest: Arc<Query>,
        /// Those posts, where they are known. Where `rest` searches texts, which takes too long, and nobody
        /// knows them, values are told without a count.
        among: Option<View>,
    },
    /// How many posts each of these queries finds.
    Counts(Vec<Arc<Query>>),
}

/// A part of what was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The values of some fields.
    Facets(Vec<Facet>),
    /// What could be typed; `None` where nothing can be suggested.
    Values(Option<Completion>),
    /// How many posts the query at this place of the question finds.
    Count {
        /// The place.
        at: usize,
        /// The posts.
        posts: usize,
    },
}

/// Counts, and remembers what the next count can use.
#[derive(Debug, Default)]
pub struct Counter {
    facets: Facets,
    engine: Engine,
    seen: Seen,
    /// The posts that a rest has found, while a value is being typed.
    rest: Option<(Arc<Query>, usize, View)>,
}

impl Counter {
    /// Answers a question, in as many parts as it has, the last of which is told
    /// as such; `false` when `stop` said so before the end.
    pub fn answer(
        &mut self,
        question: &Question,
        posts: Posts<'_>,
        stop: Stop<'_>,
        tell: &mut dyn FnMut(Answer, bool),
    ) -> bool {
        match question {
            Question::Facets { first, view } => {
                let others: Vec<&'static Field> =
                    FIELDS.iter().filter(|field| field.has_facet() && *field != *first).collect();
                let parts = [std::slice::from_ref(first), &others];
                let mut tell = |found, is_last| tell(Answer::Facets(found), is_last);
                if self.facets.in_parts(&parts, posts, view, MOST_VALUES, stop, &mut tell).is_none() {
                    return false;
                }
            }
            Question::Values { text, cursor, rest, among } => {
                let Some((view, is_counted)) = self.view_of(rest, among.as_ref(), posts, stop) else {
                    return false;
                };
                let names = Names::default();
                let mut found =
                    self.facets.complete(text, *cursor, posts, (&view, &names), MOST_CANDIDATES, stop);
                if stop() {
                    return false;
                }
                if !is_counted {
                    let candidates = found.iter_mut().flat_map(|found| &mut found.candidates);
                    candidates.for_each(|candidate| candidate.posts = None);
                }
                tell(Answer::Values(found), true);
            }
            Question::Counts(queries) => {
                for (at, query) in queries.iter().enumerate() {
                    // The order is of no matter.
                    let query = Query { expression: query.expression.clone(), sort: Vec::new() };
                    let Some(view) = self.engine.run(&query, posts, stop, &mut |_| ()) else { return false };
                    tell(Answer::Count { at, posts: view.len() }, at + 1 == queries.len());
                }
            }
        }
        true
    }

    /// The posts that values are counted in, and whether those are the ones that pass; all where that takes
    /// too long to be known. `None` when `stop` said so.
    fn view_of(
        &mut self,
        rest: &Arc<Query>,
        among: Option<&View>,
        posts: Posts<'_>,
        stop: Stop<'_>,
    ) -> Option<(View, bool)> {
        if !self.seen.continues(posts.corpus) {
            self.rest = None;
        }
        let len = posts.corpus.len();
        if rest.expression.is_none() {
            return Some((View::All(len), true));
        }
        if let Some((_, _, view)) =
            self.rest.as_ref().filter(|(query, of, _)| query == rest && *of == len && !rest.reads_decisions())
        {
            return Some((view.clone(), true));
        }
        if rest.searches_texts() {
            // While more letters are typed these are the posts still.
            self.rest = among.map(|view| (Arc::clone(rest), len, view.clone()));
            return Some((among.cloned().unwrap_or(View::All(len)), among.is_some()));
        }
        // No word orders posts that are only counted.
        let view = self.engine.run(
            &Query { expression: rest.expression.clone(), sort: Vec::new() },
            posts,
            stop,
            &mut |_| (),
        )?;
        self.rest = Some((Arc::clone(rest), len, view.clone()));
        Some((view, true))
    }

    /// Makes ready what a first question about these posts would have to wait for, when there is time.
    pub fn prepare(&mut self, corpus: &Corpus, stop: Stop<'_>) {
        self.facets.prepare(corpus, stop);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::query::run;
    use crate::query::testing::desk;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        /// Whatever was asked before, the answers are those of a counter that knows nothing yet.
        #[test]
        fn what_is_remembered_changes_no_answer(desk in desk(), which in prop::collection::vec(0..6_usize, 1..6)) {
            let (mut counter, all) = (Counter::default(), View::All(desk.len()));
            let found = run(&Query::parse("a").unwrap(), desk.posts(), &|| false).unwrap();
            let of_text = run(&Query::parse("text:a").unwrap(), desk.posts(), &|| false).unwrap();
            for which in which {
                let values = |rest: &str, among: Option<&View>| {
                    let text = format!("{rest} stack:p");
                    let rest = Arc::new(Query::parse(rest).unwrap());
                    Question::Values { cursor: text.len(), text, rest, among: among.cloned() }
                };
                let question = match which {
                    0 => Question::Facets { first: Field::find("stack").unwrap(), view: all.clone() },
                    1 => Question::Facets { first: Field::find("score").unwrap(), view: found.clone() },
                    2 => values("lang:go sort:title", None),
                    3 => values("text:a", Some(&of_text)),
                    4 => values("status:flagged", None),
                    _ => Question::Counts(vec![Arc::new(Query::parse("a sort:score").unwrap()), Arc::default()]),
                };
                let answers = |counter: &mut Counter| {
                    let mut answers = Vec::new();
                    assert!(counter.answer(&question, desk.posts(), &|| false, &mut |answer, _| answers.push(answer)));
                    answers
                };
                let told = answers(&mut counter);
                prop_assert_eq!(&told, &answers(&mut Counter::default()));
                match (&question, told.as_slice()) {
                    (Question::Facets { .. }, [Answer::Facets(first), Answer::Facets(others)]) => {
                        let fields = FIELDS.iter().filter(|field| field.has_facet()).count();
                        prop_assert_eq!((first.len(), others.len()), (1, fields - 1));
                    }
                    (Question::Values { .. }, [Answer::Values(Some(_))]) => {}
                    (Question::Counts(_), [Answer::Count { at: 0, posts }, Answer::Count { at: 1, posts: every }]) => {
                        prop_assert_eq!((*posts, *every), (found.len(), desk.len()));
                    }
                    other => prop_assert!(false, "{:?}", other),
                }
            }
        }
    }
}
