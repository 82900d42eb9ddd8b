//! Post pages.

use crate::corpus::format::{Context, FORMATS, Format, PAGE, parse, write_page};
use crate::model::{Post, passages};

/// The format of pages; constants have no address of their own.
static PAGES: Format = PAGE;

/// Any bytes are a page or refused; what is a page comes back from its own text and from its own JSON.
pub fn page(bytes: &[u8]) {
    let context = Context { format: &PAGES, stem: Some("stem"), finished: true };
    let Ok((post, _)) = parse(bytes, &context) else { return };
    comes_back(&post);
}

/// A post is the same read again, from a page and from JSON.
pub(super) fn comes_back(post: &Post) {
    assert!(passages(&post.body, &post.title).len() <= post.body.len() + 1);
    let page = write_page(post);
    let context = Context { format: &PAGES, stem: None, finished: true };
    let again = parse(page.as_bytes(), &context).map(|(post, _)| post);
    assert_eq!(again.as_ref(), Ok(post), "\n{page}");
    let Ok(json) = serde_json::to_string(post) else {
        unreachable!("a post can always be written");
    };
    let Some(format) = FORMATS.first() else { return };
    let again = parse(json.as_bytes(), &Context { format, ..context }).map(|(post, _)| post);
    assert_eq!(again.as_ref(), Ok(post), "{json}");
    let digest = again.map(|post| post.digest());
    assert_eq!(digest, Ok(post.digest()), "{json}");
}
