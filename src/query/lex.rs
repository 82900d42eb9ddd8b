//! A query in tokens, each with its place.

use std::ops::Range;

use super::error::QueryError;

/// A piece of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Range<usize>,
}

/// What a piece of a query is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `-` before a term.
    Minus,
    /// Words in quotes.
    Quoted(String),
    /// A word; `value` is what stood in quotes right behind it, as in `topic:"a b"`.
    Word {
        /// The word.
        text: String,
        /// The text of the quotes.
        quoted: Option<String>,
    },
    /// Values with commas between them, at least one of them in quotes, as in `stack:go,"python services"`.
    List {
        /// The name and its comparison.
        text: String,
        /// The values.
        values: Vec<Listed>,
    },
    /// A pattern between slashes right behind a name, as in `text:/a b/`.
    Pattern {
        /// The name and its colon.
        text: String,
        /// What stood between the slashes.
        pattern: String,
    },
}

/// One of several values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) value: String,
    pub(super) is_quoted: bool,
    pub(super) span: Range<usize>,
}

/// The longest query. Unit: bytes. Nobody types that much; a paste may hold it.
const MAX_BYTES: usize = 10_000;

/// What a comparison ends in.
const SIGNS: [char; 4] = [':', '=', '<', '>'];

/// The field whose value can be a pattern; an address is none.
const PATTERN_FIELD: &str = "text:";

/// Takes a query apart.
pub(super) fn lex(text: &str) -> Result<Vec<Token>, QueryError> {
    if text.len() > MAX_BYTES {
        let message = format!("a query of {} bytes is too long, expected at most {MAX_BYTES}", text.len());
        return Err(QueryError::new(0..text.len(), message));
    }
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    while let Some(c) = lexer.peek() {
        let start = lexer.at;
        let kind = match c {
            c if c.is_whitespace() => {
                lexer.take(c);
                continue;
            }
            '(' => lexer.sign(c, TokenKind::Open),
            ')' => lexer.sign(c, TokenKind::Close),
            '-' => lexer.sign(c, TokenKind::Minus),
            '"' => TokenKind::Quoted(lexer.quoted()?),
            _ => lexer.word()?,
        };
        tokens.push(Token { kind, span: start..lexer.at });
    }
    Ok(tokens)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn take(&mut self, c: char) {
        self.at += c.len_utf8();
    }

    fn sign(&mut self, c: char, kind: TokenKind) -> TokenKind {
        self.take(c);
        kind
    }

    /// The text between quotes; `\"` and `\\` stand for the signs themselves.
    fn quoted(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        self.take('"');
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.take(c);
            match c {
                '"' => return Ok(text),
                '\\' => match self.peek().filter(|next| matches!(next, '"' | '\\')) {
                    Some(next) => {
                        self.take(next);
                        text.push(next);
                    }
                    None => text.push(c),
                },
                _ => text.push(c),
            }
        }
        Err(QueryError::incomplete(start..self.at, "these quotes are not closed"))
    }

    fn word(&mut self) -> Result<TokenKind, QueryError> {
        let mut text = String::new();
        while let Some(c) = self.peek().filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')')) {
            if c == '"' && text.ends_with(SIGNS) {
                let start = self.at;
                let value = self.quoted()?;
                if self.peek() != Some(',') {
                    return Ok(TokenKind::Word { text, quoted: Some(value) });
                }
                let first = Listed { value, is_quoted: true, span: start..self.at };
                return self.list(text, vec![first]);
            }
            if c == '"' && text.ends_with(',') && text.contains([':', '=']) {
                let name = text.find([':', '=']).map_or(0, |sign| sign + 1);
                let (name, plain) = text.split_at_checked(name).unwrap_or_default();
                let mut values = Vec::new();
                let mut at = self.at - plain.len();
                for value in plain.strip_suffix(',').unwrap_or(plain).split(',') {
                    let span = at..at + value.len();
                    at = span.end + 1;
                    values.push(Listed { value: value.to_owned(), is_quoted: false, span });
                }
                self.at -= 1;
                return self.list(name.to_owned(), values);
            }
            if c == '/' && text.eq_ignore_ascii_case(PATTERN_FIELD) {
                return Ok(TokenKind::Pattern { text, pattern: self.pattern()? });
            }
            self.take(c);
            text.push(c);
        }
        Ok(TokenKind::Word { text, quoted: None })
    }

    /// Values that follow others, each behind a comma.
    fn list(&mut self, text: String, mut values: Vec<Listed>) -> Result<TokenKind, QueryError> {
        while self.peek() == Some(',') {
            self.take(',');
            let start = self.at;
            let is_quoted = self.peek() == Some('"');
            let mut value = String::new();
            if is_quoted {
                value = self.quoted()?;
            }
            let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',');
            while let Some(c) = self.peek().filter(|c| !is_quoted && !ends(*c)) {
                self.take(c);
                value.push(c);
            }
            values.push(Listed { value, is_quoted, span: start..self.at });
        }
        Ok(TokenKind::List { text, values })
    }

    /// What stands between slashes; `\/` stands for a slash itself.
    fn pattern(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        self.take('/');
        let mut pattern = String::new();
        while let Some(c) = self.peek() {
            self.take(c);
            match (c, self.peek()) {
                ('/', _) => return Ok(pattern),
                ('\\', Some('/')) => {
                    self.take('/');
                    pattern.push('/');
                }
                ('\\', Some(next)) => {
                    self.take(next);
                    pattern.extend([c, next]);
                }
                _ => pattern.push(c),
            }
        }
        Err(QueryError::incomplete(start..self.at, "this pattern is not closed, expected / at its end"))
    }
}
