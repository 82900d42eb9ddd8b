//! Where a picture comes from.

use std::borrow::Cow;

/// The host of an address in lower case, or the whole text if it is a name and no address. Nothing
/// where there is none: a text with blanks in it is none.
pub fn host_of(address: &str) -> Option<Cow<'_, str>> {
    let address = address.trim();
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
