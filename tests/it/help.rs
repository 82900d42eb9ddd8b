//! The help, sought through, and the keys of the footer: what applies where the reviewer is.

use crate::support::{Desk, posts};
use copydesk::app::{Config, Place};
use insta::assert_snapshot;

fn footer(desk: &mut Desk) -> String {
    desk.screen().lines().last().unwrap().to_owned()
}

#[test]
fn letters_seek_and_escape_goes_back() {
    let mut desk = Desk::open(&posts()).keys("?undo");
    assert_snapshot!("help_undo_80x24", desk.resized(80, 24).screen());
    desk.press("<esc>");
    assert!(desk.app.popup.is_some() && desk.screen().contains("Here: the list"), "{}", desk.screen());
    // A slash says the same; words of one line in any order, capitals or not.
    desk.press("/ERVICE<backspace><ctrl-w>Words exact");
    let screen = desk.screen();
    assert!(screen.contains("Help: Words exact") && screen.contains("\"exact words\""), "{screen}");
    assert!(!screen.contains("the next post"), "{screen}");
    desk.press("zzz");
    assert!(desk.screen().contains("No line of the help holds these words"), "{}", desk.screen());
    desk.press("<esc><esc>");
    assert!(desk.app.popup.is_none());
    // Every letter is one that seeks, also that of the key that leaves; nothing is decided meanwhile.
    desk.press("r?quit<enter>");
    let screen = desk.screen();
    assert!(screen.contains("Help: quit") && screen.contains("q ctrl-c"), "{screen}");
    desk.press("<esc>");
    assert!(desk.app.popup.is_some());
    desk.press("<esc>?<f1>");
    assert!(desk.app.popup.is_none());
    desk.press("?<ctrl-c>");
    assert!(desk.app.popup.is_none() && !desk.ended);
    assert_eq!(desk.said(), ["desk-001 status=reviewed"]);
    desk.press("u");
    desk.records.clear();
    // Opened again it is whole, and its own key closes it.
    desk.press("?");
    assert!(desk.screen().contains("Here: the list"), "{}", desk.screen());
    desk.press("?");
    assert!(desk.app.popup.is_none());
    assert!(desk.records.is_empty());
}

#[test]
fn it_is_found_by_the_words_that_people_know() {
    for (word, line) in [
        ("search", "type a query"),
        ("exit", "leave; waits"),
        ("reset", "back: close, unzoom"),
        ("dark", "auto (what the terminal says"),
        ("themes", "looked at when copydesk starts"),
        ("select", "mark the post, or take the mark away"),
        ("statistics", "at which pace"),
        ("download", "copydesk export"),
        ("audit", "copydesk log"),
        ("approve", "fit to go out"),
        ("save", "save NAME: give the filter a name"),
        ("forget", ":forget"),
    ] {
        let mut desk = Desk::open(&posts()).keys(&format!("?{word}"));
        assert!(desk.screen().contains(line), "{word}: {}", desk.screen());
    }
}

#[test]
fn what_applies_here_stands_first_and_in_the_footer() {
    for (keys, place, words) in [
        ("", Place::List, "r reviewed  f flag  s skip  u undo  / filter"),
        ("<tab>", Place::Article, "enter read on  r reviewed  f flag  / find  esc back"),
        ("<tab><tab>", Place::Meta, "z all of it"),
        ("<tab><tab><tab>", Place::Checklist, "1-9 tick  enter find it"),
        ("<space>", Place::Marked, "x unreviewed  esc unmark"),
    ] {
        let mut desk = Desk::open(&posts()).keys(keys);
        assert_eq!(desk.app.place(), place);
        let line = footer(&mut desk);
        assert!(line.contains(words) && line.contains(": command  ? help"), "{line}");
        desk.press("?");
        assert!(desk.screen().contains(place.title()), "{}", desk.screen());
        let narrow = footer(desk.press_and("<esc>").resized(80, 24));
        assert!(narrow.contains("? help"), "{narrow}");
    }
}

#[test]
fn keys_of_ones_own_are_told() {
    let Config { settings, keymap, .. } =
        Config::parse("c.toml", "[keys]\nskipped = \"l\"\nhistory = \"\"\n");
    let mut desk = Desk::with(keymap, settings, &posts());
    assert!(footer(&mut desk).contains("l skip"));
    desk.press("?keys of your");
    let screen = desk.screen();
    assert!(screen.contains("Keys of your own") && screen.contains("l (taken from read-on)"), "{screen}");
    assert!(screen.contains("history") && screen.contains("no key"), "{screen}");
}
