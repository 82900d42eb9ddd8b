//! A query as it was understood, and its one canonical written form.

use std::fmt;

use super::date::DateRange;
use super::error::QueryError;
use super::field::Field;
use super::names::Names;
use super::{fuzzy, parse};
use crate::corpus::search::Sought;

/// What passes, and in which order. Two texts that mean the same are equal queries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// What passes; `None`: every post.
    pub expression: Option<Expr>,
    /// The order, the first key first.
    pub sort: Vec<SortKey>,
}

/// What a post must be to pass.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// All of these, two at least.
    And(Vec<Expr>),
    /// One of these, two at least.
    Or(Vec<Expr>),
    /// Not this.
    Not(Box<Expr>),
    /// A single test.
    Term(Term),
}

/// A single test.
#[derive(Clone, Debug)]
pub enum Term {
    /// The title holds these letters in this order; folded.
    Fuzzy(String),
    /// The title holds exactly these words; folded.
    Exact(String),
    /// A field holds a word, or has a value.
    Word {
        /// The field.
        field: &'static Field,
        /// The word or the value, as it was typed.
        value: String,
        /// The whole of a value is meant, as in `stack=go`, and not a word of it. Never of a field whose
        /// values have no parts, see [`Field::has_wholes`].
        is_whole: bool,
    },
    /// The title or the body holds this.
    Text(Text),
    /// A field is a number in a range.
    Number {
        /// The field.
        field: &'static Field,
        /// The range.
        range: NumberRange,
    },
    /// A field is a day in a range.
    Date {
        /// The field.
        field: &'static Field,
        /// The range.
        range: DateRange,
    },
}

/// Whole values are the same in any case, as they are found in any case.
impl PartialEq for Term {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Fuzzy(a), Self::Fuzzy(b)) | (Self::Exact(a), Self::Exact(b)) => a == b,
            (
                Self::Word { field: of, value: a, is_whole: true },
                Self::Word { field, value: b, is_whole: true },
            ) => of == field && (a == b || fuzzy::fold(a) == fuzzy::fold(b)),
            (
                Self::Word { field: of, value: a, is_whole: false },
                Self::Word { field, value: b, is_whole: false },
            ) => of == field && a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Number { field: of, range: a }, Self::Number { field, range: b }) => of == field && a == b,
            (Self::Date { field: of, range: a }, Self::Date { field, range: b }) => of == field && a == b,
            _ => false,
        }
    }
}

/// What is sought in titles and bodies.
#[derive(Clone, Debug)]
pub struct Text {
    /// As it was typed.
    pub value: String,
    /// It is a pattern, and not words.
    pub is_pattern: bool,
    /// Made ready.
    pub sought: Sought,
}

/// What was typed is what is meant.
impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        (&self.value, self.is_pattern) == (&other.value, other.is_pattern)
    }
}

/// A range of numbers; an end that is not given is open.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NumberRange {
    /// The least number.
    pub low: Option<f64>,
    /// The least number itself does not belong to it.
    pub above_low: bool,
    /// The greatest number.
    pub high: Option<f64>,
    /// The greatest number itself does not belong to it.
    pub below_high: bool,
}

impl NumberRange {
    /// Whether a number is in it.
    pub fn contains(self, number: f64) -> bool {
        let from = self.low.is_none_or(|low| if self.above_low { number > low } else { number >= low });
        let to = self.high.is_none_or(|high| if self.below_high { number < high } else { number <= high });
        from && to
    }
}

/// One key of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct SortKey {
    /// The field.
    pub field: &'static Field,
    /// The greatest first.
    pub descending: bool,
}

impl Query {
    /// Reads a query. Every text is either a query or an error that says where.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        parse::parse(text, &Names::default())
    }

    /// The same where `@name` stands for a query with a name, as if it stood there in parentheses, its
    /// order with it. What is read has no names any more: its canonical form is the whole query.
    pub fn parse_with(text: &str, names: &Names) -> Result<Self, QueryError> {
        parse::parse(text, names)
    }

    /// Every post passes, in the order of the corpus.
    pub fn is_empty(&self) -> bool {
        self.expression.is_none() && self.sort.is_empty()
    }

    /// What passes, in canonical form and without an order; `None` where every post does. Queries with a name
    /// are what they stood for, so that it means the same to somebody else and on another day.
    pub fn condition(&self) -> Option<String> {
        self.expression.as_ref().map(ToString::to_string)
    }

    /// Whether what passes depends on what was decided.
    pub fn reads_decisions(&self) -> bool {
        let in_order = self.sort.iter().any(|key| key.field.reads_decisions());
        in_order || self.expression.as_ref().is_some_and(expression_reads_decisions)
    }

    /// Whether texts must be read to tell what passes.
    pub fn searches_texts(&self) -> bool {
        self.expression.as_ref().is_some_and(Expr::searches_texts)
    }

    /// The words that are searched for in titles, each not negated.
    pub fn fuzzy_words(&self) -> Vec<&str> {
        let mut words = Vec::new();
        if let Some(expression) = &self.expression {
            expression.collect(&mut |term| {
                if let Term::Fuzzy(word) = term {
                    words.push(word.as_str());
                }
            });
        }
        words
    }

    /// What is sought in titles and bodies, not negated.
    pub fn texts(&self) -> Vec<&Text> {
        let mut texts = Vec::new();
        if let Some(expression) = &self.expression {
            expression.collect(&mut |term| {
                if let Term::Text(text) = term {
                    texts.push(text);
                }
            });
        }
        texts
    }

    /// Which letters of a title the fuzzy words have found. Unit: positions of characters, ascending.
    pub fn highlight(&self, title: &str) -> Vec<usize> {
        let mut found: Vec<usize> =
            self.fuzzy_words().into_iter().flat_map(|word| fuzzy::positions(title, word)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn expression_reads_decisions(expression: &Expr) -> bool {
    match expression {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().any(expression_reads_decisions),
        Expr::Not(part) => expression_reads_decisions(part),
        Expr::Term(Term::Word { field, .. } | Term::Number { field, .. } | Term::Date { field, .. }) => {
            field.reads_decisions()
        }
        Expr::Term(_) => false,
    }
}

impl Expr {
    fn searches_texts(&self) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::searches_texts),
            Self::Not(part) => part.searches_texts(),
            Self::Term(term) => matches!(term, Term::Text(_)),
        }
    }

    /// Visits the terms that are not negated.
    fn collect<'a>(&'a self, visit: &mut impl FnMut(&'a Term)) {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.collect(visit)),
            Self::Term(term) => visit(term),
            Self::Not(_) => {}
        }
    }
}

/// The canonical form, which reads back to the same query.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(expression) = &self.expression {
            write!(f, "{expression}")?;
        }
        for (at, key) in self.sort.iter().enumerate() {
            let before = match (at, &self.expression) {
                (0, None) => "sort:",
                (0, Some(_)) => " sort:",
                _ => ",",
            };
            write!(f, "{before}{}{}", if key.descending { "-" } else { "" }, key.field.name)?;
        }
        Ok(())
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    let before = if at == 0 { "" } else { " " };
                    match part {
                        Self::Or(_) => write!(f, "{before}({part})")?,
                        _ => write!(f, "{before}{part}")?,
                    }
                }
                Ok(())
            }
            Self::Or(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    write!(f, "{}{part}", if at == 0 { "" } else { " or " })?;
                }
                Ok(())
            }
            Self::Not(part) => match part.as_ref() {
                Self::And(_) | Self::Or(_) => write!(f, "-({part})"),
                _ => write!(f, "-{part}"),
            },
            Self::Term(term) => write!(f, "{term}"),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fuzzy(word) => f.write_str(word),
            Self::Exact(words) => write!(f, "{}", Quoted(words)),
            Self::Word { field, value, is_whole } => {
                Written { name: field.name, sign: if *is_whole { '=' } else { ':' }, value }.fmt(f)
            }
            Self::Text(Text { value, is_pattern: true, .. }) => {
                write!(f, "text:/{}/", value.replace('/', "\\/"))
            }
            Self::Text(Text { value, .. }) => Written { name: "text", sign: ':', value }.fmt(f),
            Self::Date { field, range } => range.write(field.name, f),
            Self::Number { field, range } => {
                let name = field.name;
                match *range {
                    NumberRange { low: Some(low), high: Some(high), .. } if low.total_cmp(&high).is_eq() => {
                        write!(f, "{name}={low}")
                    }
                    NumberRange { low: Some(low), high: Some(high), .. } => write!(f, "{name}:{low}..{high}"),
                    NumberRange { low: Some(low), above_low, .. } => {
                        write!(f, "{name}{}{low}", if above_low { ">" } else { ">=" })
                    }
                    NumberRange { high: Some(high), below_high, .. } => {
                        write!(f, "{name}{}{high}", if below_high { "<" } else { "<=" })
                    }
                    NumberRange { .. } => write!(f, "{name}:.."),
                }
            }
        }
    }
}

/// The term that finds the posts with a value of a field, and no others.
pub(super) fn written(field: &'static Field, value: &str) -> String {
    Term::Word { field, value: value.to_owned(), is_whole: field.has_wholes() }.to_string()
}

/// A field and a value, in quotes where it needs them.
struct Written<'a> {
    name: &'a str,
    sign: char,
    value: &'a str,
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, sign, value } = self;
        let in_the_way = |c: char| c.is_whitespace() || "\"(),".contains(c);
        // A comma would part two values. What begins with a slash would be a pattern, and with a comparison another one.
        let plain =
            !value.is_empty() && !value.contains(in_the_way) && !value.starts_with(['/', '<', '>', '=']);
        if plain { write!(f, "{name}{sign}{value}") } else { write!(f, "{name}{sign}{}", Quoted(value)) }
    }
}

struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
