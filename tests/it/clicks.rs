//! Clicks in what lies over the desk: a line of it is chosen as Enter would, and nothing is decided.

use crate::support::{Desk, posts};
use copydesk::app::{Event, Mouse, MouseKind, Prompt};

/// Clicks on the first letter of some words.
fn click(desk: &mut Desk, words: &str) {
    let screen = desk.screen();
    let found = screen.lines().enumerate().find_map(|(y, line)| {
        let at = line.find(words)?;
        Some((line[..at].chars().count(), y))
    });
    let (x, y) = found.unwrap_or_else(|| panic!("{words}: {screen}"));
    let (x, y) = (u16::try_from(x).unwrap(), u16::try_from(y).unwrap());
    desk.happen(Event::Mouse(Mouse { kind: MouseKind::Click, x, y }));
}

#[test]
fn a_value_and_a_field_of_the_facets_are_clicked() {
    for (width, height) in [(120, 40), (80, 24)] {
        let mut desk = Desk::open(&posts()).size(width, height).keys("F");
        click(&mut desk, "python services");
        assert_eq!(desk.app.list.text, "stack=\"python services\"");
        click(&mut desk, "✓ python services");
        assert_eq!(desk.app.list.text, "");
        click(&mut desk, "difficulty");
        click(&mut desk, "beginner");
        assert_eq!(desk.app.list.text, "difficulty=beginner");
        // A head is no value, and a click beside the box closes it.
        click(&mut desk, "share");
        assert!(desk.app.popup.is_some());
        click(&mut desk, "esc close");
        assert!(desk.app.popup.is_none() && desk.app.list.text == "difficulty=beginner");
        assert_eq!(desk.said(), Vec::<String>::new());
    }
}

#[test]
fn a_query_and_a_link_are_clicked() {
    let mut desk =
        Desk::open(&posts()).keys("/score>70<enter>:save good<enter>/<ctrl-u>disk<enter>:save full<enter>Q");
    click(&mut desk, "score>70");
    assert_eq!((desk.app.list.text.as_str(), desk.app.list.view.len()), ("@good", 3));
    let linked =
        posts().replace("Measure first.", "See https://one.example/a and https://two.example/b now.");
    let mut desk = Desk::open(&linked).keys("b");
    click(&mut desk, "2 https://two.example/b");
    assert!(matches!(&desk.app.prompt, Some(Prompt::Link(link)) if link.as_str() == "https://two.example/b"));
    assert!(desk.opened.is_empty(), "it is asked about first");
    // What only is read stays open.
    let mut desk = Desk::open(&posts()).keys("?");
    click(&mut desk, "half a page down");
    assert!(desk.app.popup.is_some());
}

#[test]
fn what_is_clicked_in_the_palette_waits_for_enter() {
    let mut desk = Desk::open(&posts()).keys(":rev");
    click(&mut desk, "fit to go out");
    assert_eq!(desk.said(), Vec::<String>::new(), "{}", desk.screen());
    let line = |desk: &Desk| match &desk.app.prompt {
        Some(Prompt::Command(palette)) => palette.line.text().to_owned(),
        Some(Prompt::Filter { line, .. }) => line.text().to_owned(),
        _ => panic!("a line is typed"),
    };
    assert_eq!(line(&desk), "reviewed");
    desk.press("<enter>");
    assert_eq!(desk.said(), ["desk-001 status=reviewed"]);
    // And in the menu of the filter.
    let mut desk = Desk::open(&posts()).keys("/sta<tab>");
    click(&mut desk, "status");
    assert_eq!(line(&desk), "status:");
    click(&mut desk, "flagged  ");
    assert_eq!(line(&desk), "status:flagged");
}

#[test]
fn a_head_of_the_list_is_clicked_for_another_order() {
    let mut desk = Desk::open(&posts());
    click(&mut desk, "score ");
    assert!(matches!(&desk.app.prompt, Some(Prompt::Filter { line, .. }) if line.text() == "sort:"));
    desk.press("<esc>");
    click(&mut desk, "a calm guide");
    assert_eq!(desk.app.list.cursor, 1, "rows are where they are seen");
}
