//! From tokens to a query.
//!
//! ```text
//! query = { part { "or" part } }        part = { term }        a blank or "and" means and
//! term  = [ "-" | "not" ] ( "(" query ")" | word | "exact words" | "@" name | field test | "sort:" keys )
//! test  = ( ":" | "=" ) value { "," value } | ":" low ".." high | ( ">=" | "<=" | ">" | "<" | "=" ) number
//! ```

mod named;

use std::ops::Range;

use super::date::{DateMistake, DateRange};
use super::error::{IN_QUOTES, QueryError};
use super::field::{FIELDS, Field, Kind};
use super::fuzzy::fold;
use super::lex::{Listed, Token, TokenKind, lex};
use super::names::Names;
use super::syntax::{Expr, NumberRange, Query, SortKey, Term, Text};
use crate::corpus::search::Sought;

/// How deep parentheses and negations may nest.
const MAX_DEPTH: usize = 64;

/// The comparisons, the longer signs first.
const COMPARISONS: [&str; 6] = [">=", "<=", ">", "<", "=", ":"];

pub(super) fn parse(text: &str, names: &Names) -> Result<Query, QueryError> {
    let mut parser = Parser {
        tokens: lex(text)?,
        at: 0,
        end: text.len(),
        sort: Vec::new(),
        depth: 0,
        names,
        within: Vec::new(),
        named_bytes: 0,
    };
    Ok(Query { expression: parser.whole()?, sort: parser.sort })
}

struct Parser<'n> {
    tokens: Vec<Token>,
    at: usize,
    /// The end of the text. Unit: bytes.
    end: usize,
    sort: Vec<SortKey>,
    depth: usize,
    names: &'n Names,
    /// The named queries that this text stands in.
    within: Vec<String>,
    /// All named queries so far. Unit: bytes.
    named_bytes: usize,
}

impl Parser<'_> {
    /// The whole text.
    fn whole(&mut self) -> Result<Option<Expr>, QueryError> {
        let expression = self.any()?;
        match self.peek() {
            Some(token) => Err(QueryError::new(token.span.clone(), "this parenthesis closes nothing")),
            None => Ok(expression),
        }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    /// Whether the next token is this word of the language; takes it if so.
    fn takes(&mut self, word: &str) -> Option<Range<usize>> {
        let token = self.peek()?;
        let span = token.span.clone();
        matches!(&token.kind, TokenKind::Word { text, quoted: None } if text.eq_ignore_ascii_case(word)).then(
            || {
                self.at += 1;
                span
            },
        )
    }

    /// Parts with "or" between them.
    fn any(&mut self) -> Result<Option<Expr>, QueryError> {
        let mut parts = Vec::new();
        let mut last_or: Option<Range<usize>> = None;
        loop {
            match (self.all()?, &last_or) {
                (Some(part), _) => parts.push(part),
                (None, Some(span)) => {
                    return Err(QueryError::incomplete(span.clone(), "expected a term behind \"or\""));
                }
                (None, None) => {}
            }
            match self.takes("or") {
                Some(span) if parts.is_empty() => {
                    return Err(QueryError::new(span, "expected a term before \"or\""));
                }
                Some(span) => last_or = Some(span),
                None => return Ok(join(parts, Expr::Or)),
            }
        }
    }

    /// Terms, all of which must hold.
    fn all(&mut self) -> Result<Option<Expr>, QueryError> {
        let mut parts = Vec::new();
        loop {
            while self.takes("and").is_some() {}
            let ends = match self.peek() {
                None => true,
                Some(token) => match &token.kind {
                    TokenKind::Close => true,
                    TokenKind::Word { text, quoted: None } => text.eq_ignore_ascii_case("or"),
                    _ => false,
                },
            };
            if ends {
                return Ok(join(parts, Expr::And));
            }
            parts.extend(self.term()?);
        }
    }

    fn term(&mut self) -> Result<Option<Expr>, QueryError> {
        if let Some(span) = self.takes("not") {
            return self.negated(span).map(Some);
        }
        let Some(token) = self.next() else { return Ok(None) };
        match token.kind {
            TokenKind::Minus => self.negated(token.span).map(Some),
            TokenKind::Open => {
                self.deeper(&token.span)?;
                let inner = self.any()?;
                match self.next() {
                    Some(Token { kind: TokenKind::Close, .. }) => {
                        self.depth -= 1;
                        Ok(inner)
                    }
                    _ => Err(QueryError::incomplete(token.span, "this parenthesis is not closed")),
                }
            }
            TokenKind::Quoted(words) => Ok(Some(Expr::Term(Term::Exact(fold(&words))))),
            TokenKind::Word { text, quoted } => self.word(&text, quoted, token.span),
            TokenKind::List { text, values } => self.list(&text, &values, &token.span).map(Some),
            TokenKind::Pattern { text, pattern } => {
                let value_span = token.span.start + text.len()..token.span.end;
                text_term(pattern, true, value_span).map(|term| Some(Expr::Term(term)))
            }
            TokenKind::Close => Err(QueryError::new(token.span, "this parenthesis closes nothing")),
        }
    }

    fn negated(&mut self, span: Range<usize>) -> Result<Expr, QueryError> {
        self.deeper(&span)?;
        let sort_before = self.sort.len();
        let ends = match self.peek() {
            None => true,
            Some(token) => matches!(&token.kind, TokenKind::Close),
        };
        if ends {
            return Err(QueryError::incomplete(span, "expected a term behind the negation"));
        }
        let term = self.term()?;
        self.depth -= 1;
        if self.sort.len() > sort_before {
            return Err(QueryError::new(span, "an order cannot be negated; a key can: sort:-score"));
        }
        term.map(|term| Expr::Not(Box::new(term)))
            .ok_or_else(|| QueryError::new(span, "expected a term behind the negation"))
    }

    fn deeper(&mut self, span: &Range<usize>) -> Result<(), QueryError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(QueryError::new(span.clone(), format!("nested more than {MAX_DEPTH} deep")));
        }
        Ok(())
    }

    fn word(
        &mut self,
        text: &str,
        quoted: Option<String>,
        span: Range<usize>,
    ) -> Result<Option<Expr>, QueryError> {
        if let Some(name) = text.strip_prefix('@') {
            return self.named(name, span);
        }
        let fuzzy = || {
            let word = Expr::Term(Term::Fuzzy(fold(text)));
            // Words in quotes right behind it are words of their own.
            let words = quoted.as_ref().map(|words| Expr::Term(Term::Exact(fold(words))));
            Ok(join(std::iter::once(word).chain(words).collect(), Expr::And))
        };
        let Some((name, sign, rest)) = split_test(text) else { return fuzzy() };
        let is_name = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
        // An address or a time of day is no field.
        if name.is_empty()
            || !is_name
            || rest.starts_with('/')
            || name.starts_with(|c: char| c.is_ascii_digit())
        {
            return fuzzy();
        }
        let name_span = span.start..span.start + name.len();
        // The sign may be written longer than it is meant: `score:>=70`.
        let value_span = (span.start + text.len() - rest.len()).min(span.end)..span.end;
        let (value, is_quoted) = match quoted {
            Some(quoted) => (quoted, true),
            None => (rest.to_owned(), false),
        };
        let at_end = span.end == self.end;
        if name.eq_ignore_ascii_case("sort") {
            let test = Test { sign, value: &value, is_quoted, name_span, value_span, at_end };
            self.sort.extend(test.sort_keys()?);
            return Ok(None);
        }
        let field = field_of(name, &name_span)?;
        if is_quoted || !field.takes_lists() || !value.contains(',') {
            let test = Test { sign, value: &value, is_quoted, name_span, value_span, at_end };
            return test.of_field(field).map(|term| Some(Expr::Term(term)));
        }
        let mut start = value_span.start;
        let values = value.split(',').map(|value| {
            let span = start..start + value.len();
            start = span.end + 1;
            Listed { value: value.to_owned(), is_quoted: false, span }
        });
        let values: Vec<Listed> = values.collect();
        any_value(field, sign, &name_span, &values, self.end).map(Some)
    }

    /// Values in a list, some of them in quotes.
    fn list(&self, text: &str, values: &[Listed], span: &Range<usize>) -> Result<Expr, QueryError> {
        let (name, sign, _) = split_test(text).unwrap_or((text, ":", ""));
        let name_span = span.start..span.start + name.len();
        let field = field_of(name, &name_span)?;
        if !field.takes_lists() {
            let message = format!("{} takes one value and no list; as in {}", field.name, field.example);
            return Err(QueryError::new(span.clone(), message));
        }
        any_value(field, sign, &name_span, values, self.end)
    }
}

/// The field with this name.
fn field_of(name: &str, span: &Range<usize>) -> Result<&'static Field, QueryError> {
    Field::find(name).ok_or_else(|| {
        let names = FIELDS.iter().flat_map(Field::names).chain(["sort"]);
        let error = QueryError::new(span.clone(), format!("there is no field {name:?}"));
        QueryError { otherwise: IN_QUOTES, ..error }.suggest(name, names)
    })
}

/// The test of a field that has several values, one of which must pass; `end` is that of the query.
fn any_value(
    field: &'static Field,
    sign: &'static str,
    name_span: &Range<usize>,
    values: &[Listed],
    end: usize,
) -> Result<Expr, QueryError> {
    let mut terms = Vec::new();
    for Listed { value, is_quoted, span } in values {
        let at_end = span.end == end;
        if value.is_empty() && !is_quoted {
            let whole = name_span.start..values.last().map_or(span.end, |last| last.span.end);
            let error = QueryError::new(whole, "expected a value on each side of a comma");
            return Err(QueryError { incomplete: at_end, ..error });
        }
        let (name_span, value_span) = (name_span.clone(), span.clone());
        let test = Test { sign, value, is_quoted: *is_quoted, name_span, value_span, at_end };
        terms.push(Expr::Term(test.of_field(field)?));
    }
    join(terms, Expr::Or).ok_or_else(|| QueryError::new(name_span.clone(), "expected a value"))
}

/// Words or a pattern that title or body must hold.
fn text_term(value: String, is_pattern: bool, span: Range<usize>) -> Result<Term, QueryError> {
    if value.is_empty() {
        return Err(QueryError::incomplete(span, "expected words or a /pattern/ behind text:"));
    }
    let sought = if is_pattern { Sought::pattern(&value) } else { Sought::words(&value) };
    match sought {
        Ok(sought) => Ok(Term::Text(Text { value, is_pattern, sought })),
        Err(error) => Err(QueryError::new(span, format!("this pattern cannot be read: {error}"))),
    }
}

/// Two or more parts as one, those of the same kind taken up.
fn join(parts: Vec<Expr>, kind: fn(Vec<Expr>) -> Expr) -> Option<Expr> {
    let is_and = matches!(kind(Vec::new()), Expr::And(_));
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match (part, is_and) {
            (Expr::And(inner), true) | (Expr::Or(inner), false) => flat.extend(inner),
            (other, _) => flat.push(other),
        }
    }
    match flat.len() {
        0 | 1 => flat.pop(),
        _ => Some(kind(flat)),
    }
}

/// A word as name, comparison and value, if it holds a comparison.
pub(super) fn split_test(text: &str) -> Option<(&str, &'static str, &str)> {
    let at = text.find([':', '<', '>', '='])?;
    let (name, rest) = text.split_at_checked(at)?;
    let sign = COMPARISONS.into_iter().find(|sign| rest.starts_with(sign))?;
    let rest = rest.strip_prefix(sign)?;
    // `score:>=70` is how some write it.
    if sign == ":" {
        for inner in COMPARISONS.into_iter().filter(|inner| *inner != ":") {
            if let Some(value) = rest.strip_prefix(inner) {
                return Some((name, inner, value));
            }
        }
    }
    Some((name, sign, rest))
}

/// A field's name with a comparison and a value.
struct Test<'a> {
    sign: &'static str,
    value: &'a str,
    is_quoted: bool,
    name_span: Range<usize>,
    value_span: Range<usize>,
    /// The term is the last of the query: whoever types it may not be finished.
    at_end: bool,
}

impl Test<'_> {
    fn of_field(&self, field: &'static Field) -> Result<Term, QueryError> {
        if self.value.is_empty() && !self.is_quoted {
            let message = format!("expected a value, as in {}", field.example);
            return Err(QueryError::incomplete(self.name_span.start..self.value_span.end, message));
        }
        match field.kind {
            Kind::Number(_) => Ok(Term::Number { field, range: self.range(field)? }),
            Kind::Date(_) | Kind::Decided => Ok(Term::Date { field, range: self.dates(field)? }),
            _ if !matches!(self.sign, ":" | "=") => {
                let message =
                    format!("{} is no number, so it cannot be compared; as in {}", field.name, field.example);
                Err(QueryError::new(self.name_span.clone(), message))
            }
            Kind::Text if self.sign == "=" => {
                let message = format!(
                    "{0} is searched and has no values that could be compared as a whole, write {0}: instead of {0}=",
                    field.name
                );
                Err(QueryError::new(self.name_span.start..self.value_span.start, message))
            }
            Kind::Text => text_term(self.value.to_owned(), false, self.value_span.clone()),
            Kind::Words(_)
            | Kind::Hosts(_)
            | Kind::Id
            | Kind::Reference
            | Kind::Title
            | Kind::By
            | Kind::Why
            | Kind::Note => {
                Ok(Term::Word { field, value: self.value.to_owned(), is_whole: self.sign == "=" })
            }
            Kind::Choice(choices) => match field.choice(self.value) {
                Some(choice) => Ok(Term::Word { field, value: choice.name.to_owned(), is_whole: false }),
                None => {
                    let names: Vec<&str> = choices.iter().map(|choice| choice.name).collect();
                    let message = format!(
                        "{} cannot be {:?}, expected one of: {}",
                        field.name,
                        self.value,
                        names.join(" ")
                    );
                    Err(self.wrong_value(message, &names, self.value))
                }
            },
        }
    }

    fn wrong_value(&self, message: String, names: &[&str], given: &str) -> QueryError {
        let begun = names.iter().any(|name| name.starts_with(&given.to_lowercase()));
        let error = QueryError::new(self.value_span.clone(), message).suggest(given, names.iter().copied());
        QueryError { incomplete: self.at_end && begun, ..error }
    }

    fn dates(&self, field: &Field) -> Result<DateRange, QueryError> {
        DateRange::parse(self.sign, self.value).map_err(|mistake| {
            let (name, value) = (field.name, self.value);
            let message = match mistake {
                DateMistake::NoDay => format!(
                    "{name} is compared with a day, a month or a year from 1970 on, as 2019-03, or with an age, as 2y3m10d, \
                     not with {value:?}; as in {}",
                    field.example
                ),
                DateMistake::LoneAge => format!(
                    "an age is the end of a range: {name}:..{value} for the time since then, {name}:{value}.. for the time before"
                ),
                DateMistake::Mixed => "a range is from a day to a day or from an age to an age, not from one to the other".to_owned(),
            };
            let begun = self.value.chars().all(|c| c.is_ascii_digit() || ".- ymwd".contains(c));
            QueryError { incomplete: self.at_end && begun, ..QueryError::new(self.value_span.clone(), message) }
        })
    }

    fn range(&self, field: &Field) -> Result<NumberRange, QueryError> {
        let all = NumberRange::default();
        if let Some((low, high)) = self.value.split_once("..").filter(|_| matches!(self.sign, ":" | "=")) {
            let end =
                |text: &str| if text.is_empty() { Ok(None) } else { self.number(field, text).map(Some) };
            return Ok(NumberRange { low: end(low)?, high: end(high)?, ..all });
        }
        let number = Some(self.number(field, self.value)?);
        Ok(match self.sign {
            ">=" => NumberRange { low: number, ..all },
            ">" => NumberRange { low: number, above_low: true, ..all },
            "<=" => NumberRange { high: number, ..all },
            "<" => NumberRange { high: number, below_high: true, ..all },
            _ => NumberRange { low: number, high: number, ..all },
        })
    }

    /// A number; `10k` and `1m` are short for thousands and millions.
    fn number(&self, field: &Field, text: &str) -> Result<f64, QueryError> {
        let lower = text.to_ascii_lowercase();
        let (digits, factor) = match (lower.strip_suffix('k'), lower.strip_suffix('m')) {
            (Some(digits), _) => (digits, 1e3),
            (_, Some(digits)) => (digits, 1e6),
            _ => (lower.as_str(), 1.0),
        };
        let begins = digits.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.'));
        let number: Option<f64> = digits.parse().ok().filter(|number: &f64| begins && number.is_finite());
        // Minus zero is zero, or it would not be equal to what it is printed as.
        number.map(|number| number * factor + 0.0).ok_or_else(|| {
            let message = format!(
                "{} is compared with a number, not with {text:?}; as in {}",
                field.name, field.example
            );
            let unfinished = self.at_end && matches!(text, "-" | ".");
            QueryError { incomplete: unfinished, ..QueryError::new(self.value_span.clone(), message) }
        })
    }

    fn sort_keys(&self) -> Result<Vec<SortKey>, QueryError> {
        let names: Vec<&str> =
            FIELDS.iter().filter(|field| field.is_sort_key()).map(|field| field.name).collect();
        if self.value.is_empty() {
            let span = self.name_span.start..self.value_span.end;
            return Err(QueryError::incomplete(
                span,
                format!("expected keys, as in sort:-score,title: {}", names.join(" ")),
            ));
        }
        let mut keys = Vec::new();
        for key in self.value.split(',') {
            let (name, descending) = key.strip_prefix('-').map_or((key, false), |name| (name, true));
            match Field::find(name).filter(|field| field.is_sort_key()) {
                Some(field) => keys.push(SortKey { field, descending }),
                None => {
                    let message =
                        format!("there is no order by {name:?}, expected one of: {}", names.join(" "));
                    return Err(self.wrong_value(message, &names, name));
                }
            }
        }
        Ok(keys)
    }
}

#[cfg(test)]
pub(super) mod tests;
