//! How many posts of the list have each value, and the query that is made of them.

use crate::support::{Desk, posts};
use copydesk::app::{Event, Mouse, MouseKind};

/// The line of the screen that holds this.
fn line(desk: &mut Desk, part: &str) -> String {
    let screen = desk.screen();
    screen.lines().find(|line| line.contains(part)).unwrap_or_else(|| panic!("{part}: {screen}")).to_owned()
}

#[test]
fn values_are_counted_with_their_shares() {
    let mut desk = Desk::open(&posts()).keys("F");
    insta::assert_snapshot!("facets_120x40", desk.screen());
    desk.resize(80, 24);
    insta::assert_snapshot!("facets_80x24", desk.screen());
    desk.press("<left>");
    assert!(desk.screen().contains("Facets of all 5 posts"), "{}", desk.screen());
    desk.press("<esc>");
    assert!(!desk.screen().contains("Facets"));
}

#[test]
fn a_value_filters_the_list_and_goes_again() {
    let mut desk = Desk::open(&posts()).keys("F");
    // The most frequent value is chosen at first, then the next.
    desk.press("j<enter>");
    assert_eq!(desk.app.list.text, "stack=\"python services\"");
    assert_eq!(desk.app.list.view.len(), 2);
    assert!(line(&mut desk, "✓ ").contains("python services"), "{}", desk.screen());
    assert!(desk.screen().contains("Facets of 2 posts: stack=\"python services\""), "{}", desk.screen());
    insta::assert_snapshot!("facets_filtered_80x24", desk.resized(80, 24).screen());
    // The cursor stays on the value, wherever it stands now.
    desk.press("<enter>");
    assert_eq!((desk.app.list.text.as_str(), desk.app.list.view.len()), ("", 5));
    desk.press("<enter>");
    assert_eq!(desk.app.list.view.len(), 2);
    // The other way, which replaces the first, and out again.
    desk.press("-");
    assert_eq!(desk.app.list.text, "-stack=\"python services\"");
    assert_eq!(desk.app.list.view.len(), 3);
    let excluded = line(&mut desk, "python services");
    assert!(excluded.contains("- stack=\"python services\"") || excluded.contains("-stack="), "{excluded}");
    desk.press("g-");
    assert_eq!(desk.app.list.text, "");
}

#[test]
fn what_was_typed_stays_as_it_was_typed() {
    let desk = Desk::open(&posts()).keys("/Stack:backend  sort:-score<enter>F<enter>");
    // It is asked for already, in other letters, so Enter takes it out.
    assert_eq!(desk.app.list.text, "sort:-score");
    assert_eq!(desk.app.list.view.len(), 5);
    let mut desk = Desk::open(&posts()).keys("/disk or coffee<enter>F<enter>");
    assert_eq!(desk.app.list.text, "(disk or coffee) stack=backend");
    desk.press("<enter>");
    assert_eq!(desk.app.list.text, "(disk or coffee)");
}

#[test]
fn numbers_and_days_are_histograms_and_every_value_finds_its_posts() {
    let mut desk = Desk::open(&posts()).keys("rjf1F");
    let (mut filtered, mut bars) = (0, 0);
    for _ in 0..25 {
        desk.press("l");
        desk.press("g");
        bars += usize::from(desk.screen().contains('█'));
        let before = desk.app.list.view.len();
        while desk.app.list.text.is_empty() && desk.app.popup.unwrap().scroll < 20 {
            // What no post has is refused.
            desk.press("<enter>");
            if desk.app.notice.is_none() {
                break;
            }
            desk.press("j");
        }
        filtered += usize::from(!desk.app.list.text.is_empty());
        assert!(desk.app.list.error.is_none(), "{}", desk.app.list.text);
        assert!((1..=before).contains(&desk.app.list.view.len()), "{}", desk.app.list.text);
        if !desk.app.list.text.is_empty() {
            desk.press("<enter>");
        }
        assert_eq!((desk.app.list.text.as_str(), desk.app.list.view.len()), ("", before));
    }
    assert!(filtered > 15 && bars > 15, "{filtered} {bars}");
}

#[test]
fn counts_follow_the_list_and_answers_to_older_questions_do_not_count() {
    let mut desk = Desk::open(&posts());
    desk.holds_counts = true;
    desk.press("F");
    let first = desk.counts.pop().unwrap();
    assert!(desk.screen().contains("counting …"), "{}", desk.screen());
    desk.happen(Event::Paste("x".to_owned()));
    desk.press("<esc>/disk<enter>F");
    let second = desk.counts.pop().unwrap();
    for event in desk.count(&first) {
        desk.happen(event);
    }
    assert!(desk.screen().contains("counting …"), "{}", desk.screen());
    for event in desk.count(&second) {
        desk.happen(event);
    }
    assert!(line(&mut desk, "rust services").contains("100"), "{}", desk.screen());
    assert!(!desk.screen().contains(" … "), "{}", desk.screen());
}

#[test]
fn text_of_strangers_is_shown_and_does_not_act() {
    let text = posts().replace("python services", "py\\u001b[31m\\u202ethon");
    let mut desk = Desk::open(&text).keys("Fj<enter>");
    assert_eq!(desk.app.list.view.len(), 2, "{:?}", desk.app.list.text);
    let screen = desk.screen();
    assert!(!screen.contains('\u{1b}') && !screen.contains('\u{202e}'), "{screen}");
    assert!(!desk.press_and("<enter>").screen().contains('\u{202e}'));
    assert_eq!(desk.app.list.view.len(), 5);
}

#[test]
fn the_wheel_chooses_and_no_key_decides_there() {
    let mut desk = Desk::open(&posts()).keys("F");
    desk.happen(Event::Mouse(Mouse { kind: MouseKind::WheelDown, x: 40, y: 12 }));
    desk.press("rfsx<enter>");
    assert_eq!(desk.said(), Vec::<String>::new());
    assert!(desk.app.list.text.starts_with("stack="), "{}", desk.app.list.text);
}

#[test]
fn a_word_within_values_is_another_thing_than_a_whole_value() {
    let text = posts().replacen("\"rust services\",\"backend\"", "\"Go\",\"backend\"", 1);
    let mut desk = Desk::open(&text).keys("/stack:go<enter>");
    assert_eq!(desk.app.list.view.len(), 2, "as a word of go services too");
    desk.press("F");
    // What was typed has a row of its own, and goes with Enter; the value is not what it asks for.
    assert!(line(&mut desk, "✓ ").contains("stack:go"), "{}", desk.screen());
    let value = line(&mut desk, "  Go ");
    assert!(value.contains(" 1 ") && value.contains("50.0 %"), "{value}");
    desk.press("jj<enter>");
    assert_eq!((desk.app.list.text.as_str(), desk.app.list.view.len()), ("stack:go stack=Go", 1));
    desk.press("-");
    assert_eq!((desk.app.list.text.as_str(), desk.app.list.view.len()), ("stack:go -stack=Go", 1));
    desk.press("<esc>/<ctrl-u>STACK=gO<enter>F");
    // In other letters it is the same value.
    assert!(line(&mut desk, "✓ ").contains("Go"), "{}", desk.screen());
    while !line(&mut desk, "✓ ").contains("▸") {
        desk.press("j");
    }
    desk.press("<enter>");
    assert_eq!((desk.app.list.text.as_str(), desk.app.list.view.len()), ("", 5));
}
