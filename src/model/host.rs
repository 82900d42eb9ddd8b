//! Where a picture comes from.

use std::borrow::Cow;

/// The host of an address in lower case, or the whole text if it is a name and no address. Nothing
/// where there is none: a text with blanks in it is none.
pub fn host_of(address: &str) -> Option<Cow<'_, str>> {
    let address = address.trim();
    if let Some(host) = plain_host(address) {
        return Some(Cow::Borrowed(host));
    }
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let host = host.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(host, |(host, _)| host);
    let host = host.trim_end_matches('.');
    if host.is_empty() || host.contains(char::is_whitespace) {
        return None;
    }
    let is_lower = host.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    Some(if is_lower { Cow::Borrowed(host) } else { Cow::Owned(host.to_lowercase()) })
}

/// The host of an address that is written as nearly all are; nothing where that is not so.
fn plain_host(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("https://").unwrap_or(address);
    let is_part = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
    let end = rest.as_bytes().iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
    let is_end = matches!(rest.as_bytes().get(end), None | Some(b'/'));
    rest.get(..end).filter(|host| is_end && !host.is_empty() && !host.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_an_address_is_found() {
        for (address, host) in [
            ("https://CDN.example.net/2024/a.png?x=1", Some("cdn.example.net")),
            ("//img.example.org:8080/a", Some("img.example.org")),
            ("http://user:word@h.example#top", Some("h.example")),
            ("dummyimage.com.", Some("dummyimage.com")),
            ("dummyimage.com/600x400", Some("dummyimage.com")),
            ("http://[::1]:80/", Some("[::1]")),
            ("Unsplash", Some("unsplash")),
            ("ÉCOLE.example", Some("école.example")),
            ("our own picture", None),
            ("https://", None),
            ("/local/a.png", None),
            ("", None),
        ] {
            assert_eq!(host_of(address).as_deref(), host, "{address}");
        }
    }
}
