//! Texts that people type and programs print: the sanitiser, queries, names of keys.

use std::borrow::Cow;

use crate::app::{KeyPress, Keymap};
use crate::model::safe as make_safe;
use crate::model::text::json_safe;
use crate::query::Query;

/// Nothing that acts gets through, twice is once, what is clean is borrowed, and JSON stays the same
/// JSON.
pub fn safe(bytes: &[u8]) {
    let raw = String::from_utf8_lossy(bytes);
    let made = make_safe(&raw);
    assert!(!made.as_str().contains(acts), "{made:?}");
    let again = make_safe(made.as_str());
    assert_eq!(again.as_str(), made.as_str());
    assert!(matches!(again.into_text(), Cow::Borrowed(_)), "{made:?}");
    assert_eq!(made.pieces().map(|(piece, _)| piece).collect::<String>(), made.as_str());
    assert_eq!(made.pieces().any(|(_, is_mark)| is_mark), !made.is_clean());
    if made.as_str() == raw {
        assert!(matches!(made.into_text(), Cow::Borrowed(_)), "{raw:?}");
    }
    let Ok(json) = serde_json::to_string(&*raw) else { unreachable!("text is JSON") };
    let printed = json_safe(&json);
    assert!(!printed.contains(acts), "{printed:?}");
    assert_eq!(serde_json::from_str::<String>(&printed).ok().as_deref(), Some(&*raw));
}

/// Controls, and what turns text around, breaks lines or has no width of its own anywhere.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{e000}'..='\u{f8ff}')
}

/// Any text is a query or a mistake within it; what a query is printed as is the same query.
pub fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Query::parse(&text) {
        Ok(query) => {
            let printed = query.to_string();
            assert_eq!(Query::parse(&printed).as_ref(), Ok(&query), "{printed:?}");
        }
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some(), "{text:?} {error:?}");
            assert!(!error.explain(&text).contains(acts_beyond_lines), "{text:?} {error:?}");
        }
    }
}

fn acts_beyond_lines(c: char) -> bool {
    c != '\n' && acts(c)
}

/// Any text is a keymap or a mistake; the name of a key that is read is written as a name of the same
/// key.
pub fn keys(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for name in text.split_whitespace() {
        if let Ok(key) = name.parse::<KeyPress>() {
            assert_eq!(key.to_string().parse(), Ok(key), "{name:?}");
        }
    }
    if let Ok(map) = Keymap::parse(&text) {
        for row in crate::app::ACTIONS {
            for key in map.keys(row.action) {
                assert_eq!(map.action(*key), Some(row.action), "{key}");
            }
        }
    }
}
