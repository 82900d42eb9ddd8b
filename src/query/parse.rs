//! From tokens to a query.
//!
//! ```text
//! query = { part { "or" part } }        part = { term }        a blank or "and" means and
//! term  = [ "-" | "not" ] ( "(" query ")" | word | "exact words" | field test | "sort:" keys )
//! test  = ":" value | ":" low ".." high | ( ">=" | "<=" | ">" | "<" | "=" ) number
//! ```

use std::ops::Range;

use super::error::QueryError;
use super::field::{FIELDS, Field, Kind};
use super::fuzzy::fold;
use super::lex::{Token, TokenKind, lex};
use super::syntax::{Expr, NumberRange, Query, SortKey, Term, Text};
use crate::corpus::search::Sought;

/// How deep parentheses and negations may nest.
const MAX_DEPTH: usize = 64;

/// The comparisons, the longer signs first.
const COMPARISONS: [&str; 6] = [">=", "<=", ">", "<", "=", ":"];

pub(super) fn parse(text: &str) -> Result<Query, QueryError> {
    let mut parser = Parser { tokens: lex(text)?, at: 0, end: text.len(), sort: Vec::new(), depth: 0 };
    let expression = parser.any()?;
    if let Some(token) = parser.peek() {
        return Err(QueryError::new(token.span.clone(), "this parenthesis closes nothing"));
    }
    Ok(Query { expression, sort: parser.sort })
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    /// The end of the text. Unit: bytes.
    end: usize,
    sort: Vec<SortKey>,
    depth: usize,
}

impl Parser {
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
        let fuzzy = || Ok(Some(Expr::Term(Term::Fuzzy(fold(text)))));
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
        let value_span = (span.start + name.len() + sign.len()).min(span.end)..span.end;
        let (value, is_quoted) = match quoted {
            Some(quoted) => (quoted, true),
            None => (rest.to_owned(), false),
        };
        let test =
            Test { sign, value: &value, is_quoted, name_span, value_span, at_end: span.end == self.end };
        if name.eq_ignore_ascii_case("sort") {
            self.sort.extend(test.sort_keys()?);
            return Ok(None);
        }
        let Some(field) = Field::find(name) else {
            let names = FIELDS.iter().flat_map(Field::names).chain(["sort"]);
            let message = format!("there is no field {name:?}; in quotes it would be searched for as words");
            return Err(QueryError::new(test.name_span, message).suggest(name, names));
        };
        test.of_field(field).map(|term| Some(Expr::Term(term)))
    }
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
fn split_test(text: &str) -> Option<(&str, &'static str, &str)> {
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
            _ if !matches!(self.sign, ":" | "=") => {
                let message =
                    format!("{} is no number, so it cannot be compared; as in {}", field.name, field.example);
                Err(QueryError::new(self.name_span.clone(), message))
            }
            Kind::Text => text_term(self.value.to_owned(), false, self.value_span.clone()),
            Kind::Words(_) | Kind::Id | Kind::Title => Ok(Term::Word { field, value: self.value.to_owned() }),
            Kind::Choice(choices) => match field.choice(self.value) {
                Some(choice) => Ok(Term::Word { field, value: choice.name.to_owned() }),
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
            FIELDS.iter().filter(|field| is_sort_key(field)).map(|field| field.name).collect();
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
            match Field::find(name).filter(|field| is_sort_key(field)) {
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

/// Conditions are no order, and neither is what a text holds.
fn is_sort_key(field: &Field) -> bool {
    field.name != "is" && !matches!(field.kind, Kind::Text)
}

#[cfg(test)]
mod tests;
