//! A query with a term more, or with one less.

use super::names::Names;
use super::syntax::{Expr, Query};

impl Query {
    /// What a post must be, each of them.
    pub fn parts(&self) -> &[Expr] {
        match &self.expression {
            None => &[],
            Some(Expr::And(parts)) => parts,
            Some(part) => std::slice::from_ref(part),
        }
    }

    /// Whether it asks for everything that another one asks for; never for one that asks for nothing.
    pub fn asks_for(&self, other: &Self) -> bool {
        !other.parts().is_empty() && other.parts().iter().all(|part| self.parts().contains(part))
    }

    /// What passes both, in the order of this one.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let new = other.parts().iter().filter(|part| !self.parts().contains(part));
        Self { expression: all(self.parts().iter().chain(new)), sort: self.sort.clone() }
    }

    /// The same without what another one asks for.
    ///
    /// ```
    /// use copydesk::query::Query;
    ///
    /// let query = Query::parse("score>=60 cache score<65 -stack:go sort:title")?;
    /// let less = query.without(&Query::parse("score>=60 score<65")?);
    /// assert_eq!(less.to_string(), "cache -stack:go sort:title");
    /// # Ok::<(), copydesk::query::QueryError>(())
    /// ```
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let left = self.parts().iter().filter(|part| !other.parts().contains(part));
        Self { expression: all(left), sort: self.sort.clone() }
    }

    /// What does not pass this one, in no order.
    #[must_use]
    pub fn negated(&self) -> Self {
        let expression = self.expression.clone().map(|part| Expr::Not(Box::new(part)));
        Self { expression, sort: Vec::new() }
    }
}

fn all<'a>(parts: impl Iterator<Item = &'a Expr>) -> Option<Expr> {
    let mut parts: Vec<Expr> = parts.cloned().collect();
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(Expr::And(parts)),
    }
}

/// The text of a query with a term more: as it was typed, where the term can stand behind it, else in
/// its canonical form. A text that is no query is left as it is.
pub fn with_term(text: &str, term: &Query, names: &Names) -> String {
    let Ok(query) = Query::parse_with(text, names) else { return text.to_owned() };
    let wanted = query.and(term);
    let typed = format!("{} {term}", text.trim_end());
    written_as(typed.trim_start(), &wanted, names)
}

/// The text of a query with a term less: as it was typed, where the term can be cut out of it, else in
/// its canonical form.
pub fn without_term(text: &str, term: &Query, names: &Names) -> String {
    let Ok(query) = Query::parse_with(text, names) else { return text.to_owned() };
    let wanted = query.without(term);
    let typed = term.to_string();
    for (at, _) in text.match_indices(&typed).filter(|_| !typed.is_empty()) {
        let (before, behind) = (text.get(..at), text.get(at + typed.len()..));
        let (Some(before), Some(behind)) = (before.map(str::trim_end), behind.map(str::trim_start)) else {
            continue;
        };
        // The word that joined the two is of no use any more.
        let before = before.strip_suffix(" and").map_or(before, str::trim_end);
        let gap = if before.is_empty() || behind.is_empty() { "" } else { " " };
        let less = format!("{before}{gap}{behind}");
        if Query::parse_with(&less, names).as_ref() == Ok(&wanted) {
            return less;
        }
    }
    wanted.to_string()
}

/// A text, if it means what is wanted; else what is wanted in its canonical form.
fn written_as(text: &str, wanted: &Query, names: &Names) -> String {
    if Query::parse_with(text, names).as_ref() == Ok(wanted) { text.to_owned() } else { wanted.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Query {
        Query::parse(text).unwrap()
    }

    #[test]
    fn a_term_comes_and_goes() {
        let names: Names = [("weak", "score<40 or clarity<20")].into_iter().collect();
        for (text, term, more) in [
            ("", "stack:go", "stack:go"),
            ("cache  stack:python", "stack:go", "cache  stack:python stack:go"),
            ("a or b", "stack:go", "(a or b) stack:go"),
            ("(a or b)", "-(a b)", "(a or b) -(a b)"),
            ("sort:title", "score>=60 score<65", "sort:title score>=60 score<65"),
            ("@weak", "-stack:\"python services\"", "@weak -stack:\"python services\""),
        ] {
            let with = with_term(text, &query(term), &names);
            assert_eq!(with, more);
            let read = Query::parse_with(&with, &names).unwrap();
            assert!(read.asks_for(&query(term)), "{with}");
            assert_eq!(read.without(&query(term)), Query::parse_with(text, &names).unwrap());
            let without = without_term(&with, &query(term), &names);
            assert_eq!(Query::parse_with(&without, &names), Query::parse_with(text, &names), "{without}");
        }
        assert_eq!(with_term("stack:go", &query("stack:go"), &names), "stack:go");
        assert_eq!(with_term("stack:", &query("stack:go"), &names), "stack:");
    }

    #[test]
    fn what_is_taken_out_leaves_the_rest_as_it_was_typed() {
        let names = Names::default();
        for (text, term, less) in [
            ("Cache  stack:go  score>70", "stack:go", "Cache score>70"),
            ("stack:gopher stack:go", "stack:go", "stack:gopher"),
            ("x -stack:go", "-stack:go", "x"),
            ("x and -stack:go", "-stack:go", "x"),
            ("STACK:go score>70", "stack:go", "score>70"),
            ("score<65 cache score>=60", "score>=60 score<65", "cache"),
            ("stack:go", "stack:rust", "stack:go"),
        ] {
            assert_eq!(without_term(text, &query(term), &names), less, "{text}");
        }
        assert!(!query("a").asks_for(&Query::default()));
        assert_eq!(query("score>=60 score<65").negated().to_string(), "-(score>=60 score<65)");
    }
}
