//! The links of a post, and which of them may be given to a browser.
//!
//! A link is a stranger's text that is about to leave the program. Only what is parsed as an address of
//! the web becomes a [`Link`], and what is opened is what was parsed, written anew: ASCII, a host in
//! punycode, nothing that a shell, a terminal or an option could be made of.

use std::collections::HashSet;

use url::Url;

use super::{Post, Value};

/// A longer address is refused: browsers and those who look at it end there. Unit: characters.
const MAX_CHARS: usize = 2_048;

/// No more links of a post than these are listed.
pub const MAX_LINKS: usize = 500;

/// How an address of the web begins.
const SCHEMES: [&str; 2] = ["http://", "https://"];

/// Fields, also inside of others, whose text is an address whatever it looks like.
const FIELDS: [&str; 5] = ["url", "link", "href", "permalink", "canonical_url"];

/// An address of the web, as it is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link(Url);

/// Why a text is no address that is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoLink {
    /// Another scheme, or none.
    #[error("only http and https addresses are opened")]
    Scheme,
    /// It holds what no address holds as it is.
    #[error("it holds blanks or characters that could act")]
    Characters,
    /// It is too long.
    #[error("it is longer than {MAX_CHARS} characters")]
    Length,
    /// It is no address.
    #[error("it is no address that can be read")]
    Malformed,
}

impl Link {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, NoLink> {
        if text.chars().nth(MAX_CHARS).is_some() {
            return Err(NoLink::Length);
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) || !super::safe(text).is_clean() {
            return Err(NoLink::Characters);
        }
        if !begins_like_one(text) {
            return Err(NoLink::Scheme);
        }
        let url = Url::parse(text).map_err(|_| NoLink::Malformed)?;
        // What is written anew may be longer, since every sign beyond ASCII becomes three.
        match url.host_str() {
            _ if url.as_str().len() > MAX_CHARS => Err(NoLink::Length),
            Some(host) if !host.is_empty() && matches!(url.scheme(), "http" | "https") => Ok(Self(url)),
            _ => Err(NoLink::Malformed),
        }
    }

    /// The whole address: printable ASCII without blanks.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The host, in punycode, and its port if it is not the usual one.
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// It names a user or a password before the host, which may be there to be taken for the host.
    pub fn names_a_user(&self) -> bool {
        !self.0.username().is_empty() || self.0.password().is_some()
    }

    /// Its host is written in other letters than ASCII, which can look like others.
    pub fn is_in_punycode(&self) -> bool {
        self.0.host_str().unwrap_or_default().split('.').any(|label| label.starts_with("xn--"))
    }
}

fn begins_like_one(text: &str) -> bool {
    SCHEMES
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme)))
}

/// Every address that a post names, once each and as it is written: those of its images and of fields
/// that hold one, then those in the article.
pub fn links_of(post: &Post) -> Vec<&str> {
    let mut found = Vec::new();
    post.images().map(|image| image.url).filter(|url| !url.is_empty()).for_each(|url| found.push(url));
    for (name, value) in &post.fields {
        in_value(name, value, &mut found);
    }
    in_prose(&post.body, &mut found);
    let mut seen = HashSet::new();
    found.retain(|link| seen.insert(*link));
    found.truncate(MAX_LINKS);
    found
}

fn in_value<'a>(name: &str, value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Text(text) if FIELDS.contains(&name) && !text.is_empty() => found.push(text),
        Value::Text(text) => in_prose(text, found),
        Value::List(items) => items.iter().for_each(|item| in_value(name, item, found)),
        Value::Map(entries) => entries.iter().for_each(|(key, value)| in_value(key, value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The addresses in running text: each ends at a blank or a sign that stands around addresses.
fn in_prose<'a>(text: &'a str, found: &mut Vec<&'a str>) {
    let mut rest = text;
    while let Some(at) = next_address(rest) {
        let from_here = rest.get(at..).unwrap_or_default();
        let end = from_here.find(|c: char| c.is_whitespace() || c.is_control() || "<>\"`|{}".contains(c));
        let (address, behind) = from_here.split_at(end.unwrap_or(from_here.len()));
        let address = without_punctuation(address);
        if !SCHEMES.contains(&address) {
            found.push(address);
        }
        rest = behind;
        if found.len() > MAX_LINKS {
            return;
        }
    }
}

/// Where the next address begins. Letters before it would make it a part of another word.
fn next_address(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(text.as_bytes().get(from..)?, b"://") {
        let slashes = from + at;
        for scheme in ["https", "http"] {
            let begin = slashes.checked_sub(scheme.len());
            let is_it = |begin: &usize| {
                let before = text.get(..*begin).and_then(|before| before.chars().next_back());
                text.get(*begin..slashes).is_some_and(|word| word.eq_ignore_ascii_case(scheme))
                    && !before.is_some_and(char::is_alphanumeric)
            };
            if let Some(begin) = begin.filter(is_it) {
                return Some(begin);
            }
        }
        from = slashes + 1;
    }
    None
}

/// Signs at the end belong to the sentence, and so does a bracket that was opened before the address.
fn without_punctuation(address: &str) -> &str {
    let mut address = address;
    loop {
        let shorter = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
        let closes = |open: char, close: char| {
            shorter.ends_with(close) && shorter.matches(close).count() > shorter.matches(open).count()
        };
        let shorter = match shorter.chars().next_back() {
            Some(')') if closes('(', ')') => shorter.strip_suffix(')').unwrap_or(shorter),
            Some(']') if closes('[', ']') => shorter.strip_suffix(']').unwrap_or(shorter),
            _ => shorter,
        };
        if shorter.len() == address.len() {
            return address;
        }
        address = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PostId;

    #[test]
    fn addresses_of_the_web_are_written_anew() {
        for (text, opened, host) in [
            ("http://a.example", "http://a.example/", "a.example"),
            ("HTTPS://A.Example:8443/x?y=1#z", "https://a.example:8443/x?y=1#z", "a.example:8443"),
            ("https://bücher.example/é", "https://xn--bcher-kva.example/%C3%A9", "xn--bcher-kva.example"),
            ("https://a.example/'$(x)`", "https://a.example/'$(x)%60", "a.example"),
            ("https://bank.example@evil.example/", "https://bank.example@evil.example/", "evil.example"),
            ("http://[::1]:80/", "http://[::1]/", "[::1]"),
        ] {
            let link = Link::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((link.as_str(), link.host().as_str()), (opened, host), "{text}");
            assert!(link.as_str().bytes().all(|byte| byte.is_ascii_graphic()), "{text}");
        }
        assert!(Link::parse("https://bücher.example").unwrap().is_in_punycode());
        assert!(Link::parse("https://user:pw@host.example").unwrap().names_a_user());
        assert!(!Link::parse("https://host.example/@user").unwrap().names_a_user());
    }

    #[test]
    fn nothing_else_is_one() {
        let long = format!("https://a.example/{}", "x".repeat(100_000));
        let grows = format!("https://a.example/{}", "é".repeat(1_000));
        for (text, error) in [
            ("javascript:alert(1)", NoLink::Scheme),
            ("file:///etc/passwd", NoLink::Scheme),
            ("data:text/html,x", NoLink::Scheme),
            ("ssh://-oProxyCommand=x", NoLink::Scheme),
            ("../../../../etc/passwd", NoLink::Scheme),
            ("\\\\host\\x", NoLink::Scheme),
            ("-h", NoLink::Scheme),
            ("http:a.example", NoLink::Scheme),
            ("", NoLink::Scheme),
            (" --new-window", NoLink::Characters),
            ("http://a b", NoLink::Characters),
            ("http://a\nb", NoLink::Characters),
            ("http://a\u{1b}[2J", NoLink::Characters),
            ("http://a.example/\u{202e}gnp", NoLink::Characters),
            ("http://", NoLink::Malformed),
            ("http://a.example:99999", NoLink::Malformed),
            (&long, NoLink::Length),
            (&grows, NoLink::Length),
        ] {
            assert_eq!(Link::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn the_links_of_a_post_are_found_once_each() {
        let Value::Map(fields) = Value::parse(
            r#"{"image_sources":[{"source":"h","url":"https://i.example/1.png"},"../../etc/passwd"],
                "url":"javascript:x","payload":{"permalink":"https://p.example","k":"see http://k.example."},
                "notes":["none here","(https://n.example/a_(b))"],"seed":7}"#,
        )
        .unwrap() else {
            panic!("an object")
        };
        let body = "Read https://b.example/x, or [this](HTTP://c.example/?q=1). https://i.example/1.png\n\n<https://d.example> xhttp://no.example http:// https://";
        let post = Post { id: PostId::new("p"), title: "t".into(), body: body.into(), fields };
        assert_eq!(
            links_of(&post),
            [
                "https://i.example/1.png",
                "../../etc/passwd",
                "javascript:x",
                "https://p.example",
                "http://k.example",
                "https://n.example/a_(b)",
                "https://b.example/x",
                "HTTP://c.example/?q=1",
                "https://d.example",
            ]
        );
    }

    #[test]
    fn many_links_have_an_end() {
        let other: Vec<String> = (0..2_000).map(|n| format!("http://b/{n}")).collect();
        let body = format!("{} {}", "https://a.example/1 ".repeat(3), other.join(" "));
        let post = Post { id: PostId::new("p"), title: String::new(), body, fields: Vec::new() };
        assert!(links_of(&post).len() <= MAX_LINKS);
        let colons = Post { body: "://".repeat(300_000), ..post };
        assert!(links_of(&colons).is_empty());
    }
}
