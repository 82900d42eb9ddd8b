//! The prompt of a flag: what a digit, a letter and Enter do in it, and what is said of it after.

use crate::support::{Desk, posts};
use copydesk::app::Event;

fn last_line(desk: &mut Desk) -> String {
    desk.screen().lines().last().unwrap().to_owned()
}

#[test]
fn many_posts_are_not_flagged_by_a_digit_alone() {
    let mut desk = Desk::open(&posts()).keys("<space><space>f");
    assert!(last_line(&mut desk).contains("1-8 reason  tab a note  enter flag, no reason"));
    desk.press("3");
    assert!(desk.records.is_empty() && desk.screen().contains("reason  duplicate"), "{}", desk.screen());
    desk.press("2");
    assert!(last_line(&mut desk).contains("enter flag  esc"), "{}", desk.screen());
    desk.press(", links<tab>as a set<enter>");
    assert_eq!(desk.said(), ["desk-001,desk-002 status=flagged image,links \"as a set\""]);
    let said = "2 posts are flagged now (image, links, with a note); u takes all of it back";
    assert!(desk.screen().contains(said), "{}", desk.screen());
}

#[test]
fn one_marked_post_is_named_before_it_is_decided_on() {
    let mut desk = Desk::open(&posts()).keys("<space>jr");
    let screen = desk.screen();
    assert!(screen.contains("1 post reviewed?") && screen.contains("desk-001  "), "{screen}");
    assert!(screen.contains("and not the one under the cursor"), "{screen}");
    desk.press("<esc>gr");
    let screen = desk.screen();
    assert!(screen.contains("1 post reviewed?") && !screen.contains("not the one under"), "{screen}");
}

#[test]
fn the_old_reason_gives_way_to_a_letter_and_is_edited_by_arrows() {
    let mut desk = Desk::open(&posts()).keys("f1gf");
    assert!(desk.screen().contains("reason  facts"), "{}", desk.screen());
    desk.press("links<enter>");
    assert_eq!(desk.said().last().unwrap(), "desk-001 status=flagged links");
    desk.press("gf<end>, meta<enter>");
    assert_eq!(desk.said().last().unwrap(), "desk-001 status=flagged links,meta");
    desk.press("gf<backspace><backspace><backspace><backspace>image<enter>");
    assert_eq!(desk.said().last().unwrap(), "desk-001 status=flagged links,image");
    desk.press("gf<enter>");
    assert_eq!(desk.records.len(), 4, "nothing was changed");
    // Pasted text takes its place as well, and a digit behind it is a part of it.
    desk.press("gf");
    desk.happen(Event::Paste("facts".to_owned()));
    desk.press("2<enter>");
    assert_eq!(desk.said().last().unwrap(), "desk-001 status=flagged facts2");
}

#[test]
fn a_reason_that_nobody_has_listed_is_taken_with_a_word() {
    let mut desk = Desk::open(&posts()).keys("fimgae<enter>");
    assert_eq!(desk.said(), ["desk-001 status=flagged imgae"]);
    let said = "Flagged desk-001: new reason imgae (did you mean image? u takes it back)";
    assert!(last_line(&mut desk).contains(said), "{}", desk.screen());
    desk.press("flinks, too long for us<enter>");
    assert!(last_line(&mut desk).contains("desk-002: links, new reason too long for us"));
    desk.press(".");
    assert!(last_line(&mut desk).contains("desk-003: links, too long for us"), "{}", desk.screen());
}

#[test]
fn a_note_first_leads_to_the_reason() {
    let mut desk = Desk::open(&posts()).keys("f<tab>see the second");
    assert!(last_line(&mut desk).contains("tab reason  enter to the reason  ctrl-o your editor"));
    desk.press("<enter>");
    assert!(last_line(&mut desk).contains("1-8 flag at once  tab the note  enter flag, no reason"));
    desk.press("5");
    assert_eq!(desk.said(), ["desk-001 status=flagged links \"see the second\""]);
    assert!(last_line(&mut desk).contains("Flagged desk-001: links, with a note"), "{}", desk.screen());
    // Enter once more is a flag without a reason; without a note it is one at once.
    desk.press("f<tab>why<enter><enter>f<tab><enter>");
    assert_eq!(desk.said()[1..], ["desk-002 status=flagged \"why\"", "desk-003 status=flagged"]);
    // From the editor, too.
    desk.press("f<ctrl-o>");
    desk.happen(Event::Edited(Ok("from the editor\n".to_owned())));
    desk.press("4");
    assert_eq!(desk.said()[3..], ["desk-004 status=flagged language \"from the editor\""]);
}

#[test]
fn a_decision_says_which_post_it_was_on() {
    let mut desk = Desk::open(&posts()).keys("r");
    assert!(last_line(&mut desk).contains("Reviewed desk-001"), "{}", desk.screen());
    desk.press("s");
    assert!(last_line(&mut desk).contains("Skipped desk-002"), "{}", desk.screen());
    desk.press("1");
    let line = last_line(&mut desk);
    assert!(line.contains("[x] 1 ") && line.contains(" of desk-003"), "{line}");
    desk.press("1");
    assert!(last_line(&mut desk).contains("[ ] 1 "), "{}", desk.screen());
    desk.press("rrr");
    let line = last_line(&mut desk);
    assert!(
        line.contains("Reviewed desk-005, 0 of 3 ticked. No other post of this view is unreviewed"),
        "{line}"
    );
    // Doing again what was undone is no step back.
    desk.press("u<ctrl-r>H");
    let screen = desk.screen();
    assert!(screen.contains("(redo)") && screen.contains("(undo)"), "{screen}");
    assert!(screen.contains("undo this step"), "{screen}");
}
