//! What could be typed next in the filter.

use crate::support::{Desk, posts};
use copydesk::app::Prompt;

/// The line that is typed, the cursor in it as a bar.
fn typed(desk: &Desk) -> String {
    let Some(Prompt::Filter { line, .. }) = &desk.app.prompt else { panic!("{:?}", desk.app.prompt) };
    let before: String = line.text().chars().take(line.cursor()).collect();
    format!("{before}|{}", &line.text()[before.len()..])
}

#[test]
fn values_come_with_their_counts_and_the_list_follows() {
    let mut desk = Desk::open(&posts()).keys("/stack:<tab>");
    assert_eq!(typed(&desk), "stack:|");
    insta::assert_snapshot!("values_120x40", desk.screen());
    insta::assert_snapshot!("values_80x24", desk.resized(80, 24).screen());
    desk.press("<tab><tab>");
    assert_eq!(typed(&desk), "stack=\"python services\"|");
    assert_eq!(desk.app.list.view.len(), 2, "the list follows what is chosen");
    desk.press("<shift-tab>");
    assert_eq!(typed(&desk), "stack=backend|");
    // Escape takes back what was chosen, and only then the prompt.
    desk.press("<esc>");
    assert_eq!(typed(&desk), "stack:|");
    desk.press("<esc>");
    assert!(desk.app.prompt.is_none());
    assert_eq!(desk.app.list.text, "");
}

#[test]
fn a_field_is_completed_and_then_its_values() {
    let mut desk = Desk::open(&posts()).keys("/stac<tab>");
    assert_eq!(typed(&desk), "stack:|", "the only candidate is taken at once");
    assert!(desk.screen().contains("python services"), "{}", desk.screen());
    desk.press("ru");
    assert_eq!(typed(&desk), "stack:ru|", "what narrows the menu is not completed by itself");
    desk.press("<tab>");
    assert_eq!(typed(&desk), "stack=\"rust services\"|");
}

#[test]
fn the_orders_are_listed_at_once_and_the_keys_of_the_menu_told() {
    let mut desk = Desk::open(&posts()).keys("o");
    let screen = desk.screen();
    assert!(
        screen.contains("one of the stacks") && screen.contains("19 more") && desk.app.completing.is_open(),
        "{screen}"
    );
    assert!(screen.contains("tab next  shift-tab before  enter keep  esc back"), "{screen}");
    desk.press("<tab>");
    assert_ne!(typed(&desk), "sort:|");
    desk.press("<enter><enter>");
    assert!(desk.app.prompt.is_none() && desk.app.list.text.starts_with("sort:"), "{}", desk.app.list.text);
    // One key gives it up, as it was opened by one.
    assert!(Desk::open(&posts()).keys("o<esc>").app.prompt.is_none());
    // Typed as before.
    let desk = Desk::open(&posts()).keys("o-score<enter>");
    assert_eq!((desk.app.prompt.is_none(), desk.app.list.text.as_str()), (true, "sort:-score"));
    let desk = Desk::open(&posts()).keys("/go");
    assert!(!desk.app.completing.is_open());
}

#[test]
fn typing_narrows_and_enter_keeps() {
    let mut desk = Desk::open(&posts()).keys("/sta<tab>");
    let screen = desk.screen();
    assert!(screen.contains("status:") && screen.contains("stack:"), "{screen}");
    desk.press("t");
    let screen = desk.screen();
    assert!(screen.contains("what was decided") && !screen.contains("one of the stacks"), "{screen}");
    desk.press("<tab><enter>");
    assert_eq!(typed(&desk), "status:|");
    assert!(desk.screen().contains("unreviewed"), "{}", desk.screen());
    desk.press("<down><enter>");
    assert_eq!(typed(&desk), "status:unreviewed|");
    desk.press("<enter>");
    assert!(desk.app.prompt.is_none());
    assert_eq!(desk.app.list.text, "status:unreviewed");
    let mut desk = Desk::open(&posts()).keys("/score>50 lang:<tab><tab> x");
    assert_eq!(typed(&desk), "score>50 lang=text x|");
    assert!(!desk.app.completing.is_open() || !desk.screen().contains("lang:"), "{}", desk.screen());
}

#[test]
fn counts_are_those_of_the_rest_of_the_query() {
    let mut desk = Desk::open(&posts()).keys("/stack:backend score>70 sort:-score<home>");
    for _ in 0.."stack:b".len() {
        desk.press("<right>");
    }
    desk.press("<tab>");
    // The only value with these letters, over what was typed of it on both sides of the cursor.
    assert_eq!(typed(&desk), "stack=backend| score>70 sort:-score");
    desk.press("<ctrl-w><tab>");
    let screen = desk.screen();
    let is_told = screen.lines().any(|line| line.contains("  backend  ") && line.contains("   3│"));
    assert!(is_told, "of five posts three have more than 70: {screen}");
}

/// How many posts the menu tells beside a value; nothing where it tells none.
fn count_of(desk: &mut Desk, value: &str) -> String {
    let screen = desk.screen();
    let line = screen.lines().find_map(|line| line.split_once(&format!("  {value}  ")));
    let (_, rest) = line.unwrap_or_else(|| panic!("{value}: {screen}"));
    rest.split('│').next().unwrap().trim().to_owned()
}

#[test]
fn counts_are_those_of_the_branch_that_a_term_stands_in() {
    for (query, count) in [
        ("stack=postgresql or stack:", "2"),
        ("stack=postgresql or score>70 stack:", "1"),
        ("(stack=postgresql or -(score>70 -stack:", "1"),
    ] {
        let mut desk = Desk::open(&posts()).keys(&format!("/{query}<tab>"));
        assert_eq!(count_of(&mut desk, "\"python services\""), count, "{query}");
    }
    let desk = Desk::open(&posts()).keys("/stack=postgresql or stack:py<tab>");
    assert_eq!(typed(&desk), "stack=postgresql or stack=\"python services\"|");
    assert_eq!(desk.app.list.view.len(), 3, "two more");
}

#[test]
fn what_nobody_has_counted_has_no_count() {
    // Beside a word of values a value is a word as well, which values hold that were not counted.
    let mut desk = Desk::open(&posts()).keys("/stack:go,<tab>");
    assert_eq!(count_of(&mut desk, "backend"), "");
    desk.press("<tab>");
    assert_eq!(typed(&desk), "stack:go,backend|");
    let mut desk = Desk::open(&posts()).keys("/stack=\"go services\",<tab>");
    assert_eq!(count_of(&mut desk, "backend"), "5");
    // Texts are not searched for a menu, but what a search has found is counted.
    let mut desk = Desk::open(&posts()).keys("/text:disk stack:<tab>");
    assert_eq!(count_of(&mut desk, "backend"), "1");
    desk.press("ba");
    assert_eq!(count_of(&mut desk, "backend"), "1");
    let mut desk = Desk::open(&posts()).keys("/stack: text:disk<home>");
    desk.press(&"<right>".repeat("stack:".len()));
    desk.press("<tab>");
    assert_eq!(count_of(&mut desk, "backend"), "");
}

#[test]
fn what_nobody_has_is_told_with_the_nearest() {
    let mut desk = Desk::open(&posts()).keys("/claimed:aproved<tab>");
    assert!(desk.screen().contains("0 posts; nearest: approved"), "{}", desk.screen());
    desk.press("<esc><ctrl-u>nobody<tab>");
    assert!(desk.screen().contains("nothing has these letters"), "{}", desk.screen());
    desk.press("<esc><ctrl-u>text:/a b<tab>");
    assert!(desk.screen().contains("Nothing can be completed here"), "{}", desk.screen());
}

#[test]
fn a_word_that_no_post_has_may_have_been_meant_to_be_another() {
    for (query, told) in [
        ("stack:bakend", "no post has stack bakend; did you mean backend?"),
        ("stack:backend lang:txet", "no post has lang txet; did you mean text?"),
        ("stack=bakend", "no post has stack bakend; did you mean backend?"),
        ("stack=rust", "no post has the whole stack rust; did you mean \"rust services\"?"),
        ("score >= 70", "write score>=70 without blanks"),
        ("cursors score >70", "write score>70 without blanks"),
    ] {
        let mut desk = Desk::open(&posts()).keys(&format!("/{query}"));
        assert!(desk.app.list.view.is_empty() && desk.screen().contains(told), "{query}: {}", desk.screen());
        desk.press("<enter>");
        assert!(desk.screen().contains(told), "{query}: {}", desk.screen());
        desk.press("<esc>");
        assert!(!desk.screen().contains(told), "{query}: {}", desk.screen());
    }
    for query in [
        "stack=BACKEND score>101",
        "stack=zzzzzzzz",
        "stack:zzzzzzzz",
        "nobody wrote this",
        "score>=101",
        "stack:backend score>101",
    ] {
        let desk = Desk::open(&posts()).keys(&format!("/{query}<enter>"));
        assert_eq!((desk.app.list.view.len(), &desk.app.list.hint), (0, &None), "{query}");
    }
    let desk = Desk::open(&posts()).keys("/stack:bakend<ctrl-u>stack:backend<enter>");
    assert_eq!(desk.app.list.hint, None);
}

#[test]
fn answers_that_come_late_change_nothing() {
    let mut desk = Desk::open(&posts());
    desk.holds_counts = true;
    desk.press("/lang:<tab>");
    let late = desk.counts.pop().unwrap();
    desk.press("t");
    let next = desk.counts.pop().unwrap();
    for event in desk.count(&late) {
        desk.happen(event);
    }
    assert!(desk.app.completing.found.is_none());
    desk.press("<tab><tab>");
    for event in desk.count(&next) {
        desk.happen(event);
    }
    assert_eq!(typed(&desk), "lang:t|");
    desk.press("<esc><esc>");
    let newest = desk.counts.pop().unwrap();
    for event in desk.count(&newest) {
        desk.happen(event);
    }
    assert!(desk.app.prompt.is_none());
    assert_eq!(desk.app.list.text, "");
}
