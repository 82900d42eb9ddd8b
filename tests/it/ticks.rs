//! Posts that are reviewed with items of their checklist that are not ticked.

use crate::support::{Desk, posts};
use copydesk::app::Settings;

fn said(desk: &Desk) -> &str {
    desk.app.notice.as_ref().map_or("", |notice| &notice.text)
}

#[test]
fn reviewed_says_how_many_items_are_ticked() {
    let mut desk = Desk::open(&posts()).keys("r");
    assert!(said(&desk).starts_with("Reviewed desk-001, 0 of 3 ticked"), "{}", said(&desk));
    desk.press("13r");
    assert!(said(&desk).starts_with("Reviewed desk-002, 2 of 3 ticked"), "{}", said(&desk));
    desk.press("123r");
    assert_eq!(said(&desk), "Reviewed desk-003");
    // Nothing is ticked for what is not fit to go out.
    desk.press("s");
    assert_eq!(said(&desk), "Skipped desk-004");
    let none = "{\"id\":\"a\",\"title\":\"t\",\"body\":\"b\"}\n";
    assert!(said(&Desk::open(none).keys("r")).starts_with("Reviewed a"), "no checklist, no word");
    assert!(!said(&Desk::open(none).keys("r")).contains("ticked"));
}

#[test]
fn a_checklist_that_is_required_is_asked_about_and_the_same_key_answers() {
    let mut desk = Desk::open(&posts());
    desk.app.settings = Settings { require_checklist: true, ..Settings::default() };
    desk.press("1r");
    assert_eq!(said(&desk), "Not reviewed: 1 of 3 ticked. r once more reviews it all the same");
    assert_eq!(desk.said().len(), 1);
    // Any other key is none.
    desk.press("jkr");
    assert!(said(&desk).starts_with("Not reviewed: 1 of 3"), "{}", said(&desk));
    desk.press("r");
    assert_eq!(desk.said()[1..], ["desk-001 status=reviewed"]);
    assert!(said(&desk).starts_with("Reviewed desk-001, 1 of 3 ticked"), "{}", said(&desk));
    // The next post is asked about anew, and not at all when everything is ticked.
    desk.press("r");
    assert_eq!(said(&desk), "Not reviewed: 0 of 3 ticked. r once more reviews it all the same");
    desk.press("123r");
    assert_eq!(said(&desk), "Reviewed desk-002");
    // A flag needs no ticks.
    desk.press("f2");
    assert_eq!(desk.said().last().unwrap(), "desk-003 status=flagged image");
}
