//! Commands by their names: what is offered, what is run, what is told about a mistake.

use crate::support::{Desk, posts};
use copydesk::app::{ACTIONS, Action, Event, KeyPress, Pane, Prompt, SETTINGS};
use copydesk::corpus::Sources;
use copydesk::model::Status;
use insta::assert_snapshot;

fn offered(desk: &Desk) -> Vec<String> {
    let Some(Prompt::Command(palette)) = &desk.app.prompt else { panic!("the palette is open") };
    palette.entries.iter().map(|entry| entry.text.clone()).collect()
}

#[test]
fn everything_is_offered_from_the_tables_and_found_by_letters_or_words() {
    let mut desk = Desk::open(&posts()).keys(":");
    let all = offered(&desk);
    for row in ACTIONS.iter().filter(|row| row.action != Action::Command) {
        assert!(all.contains(&row.name.to_owned()), "{}", row.name);
    }
    for row in SETTINGS.iter().filter(|row| !row.at_start) {
        assert!(all.iter().any(|text| text.starts_with(&format!("set {}", row.name))), "{}", row.name);
    }
    assert!(all.contains(&"mark".to_owned()));
    assert_snapshot!("palette_120x40", desk.screen());
    desk.press("nxtun");
    assert_eq!(offered(&desk)[0], "next-unreviewed");
    // By the help, and by the name of a key.
    desk.press("<ctrl-u>earlier day");
    assert_eq!(offered(&desk), ["undo"]);
    desk.press("<ctrl-u>ctrl-r");
    assert!(offered(&desk).contains(&"redo".to_owned()));
    desk.press("<ctrl-u>zzzz");
    assert_eq!(offered(&desk), Vec::<String>::new());
    assert_snapshot!("palette_80x24", Desk::open(&posts()).size(80, 24).keys(":set <tab>").screen());
}

#[test]
fn every_action_is_run_by_its_name_as_by_its_key() {
    for row in ACTIONS.iter().filter(|row| row.action != Action::Command) {
        let started = || Desk::open(&posts()).keys("rs<tab>");
        let by_name = started().keys(&format!(":{}<enter>", row.name)).screen();
        let mut by_key = started();
        by_key.happen(Event::Act(row.action));
        assert_eq!(by_name, by_key.screen(), "{}", row.name);
    }
}

#[test]
fn enter_runs_the_best_tab_goes_through_and_lines_come_back() {
    let mut desk = Desk::open(&posts()).keys(":botto<enter>");
    assert_eq!(desk.app.list.cursor, 4);
    desk.press(":unrev<tab>");
    let Some(Prompt::Command(palette)) = &desk.app.prompt else { panic!() };
    let first = palette.line.text().to_owned();
    assert_eq!((palette.chosen, first.as_str()), (Some(0), offered(&desk)[0].as_str()));
    desk.press("<shift-tab><tab><tab><tab><esc>");
    desk.press(":top<enter>:reviewed<enter>:<up><up>");
    let Some(Prompt::Command(palette)) = &desk.app.prompt else { panic!() };
    assert_eq!(palette.line.text(), "top");
    desk.press("<down><enter>");
    assert_eq!(desk.said(), ["desk-001 status=reviewed", "desk-002 status=reviewed"]);
    desk.press(":nothing at all<enter>");
    assert!(desk.screen().contains("Nothing is called \"nothing at all\""), "{}", desk.screen());
    // A paste is typed and not run; one letter too few closes it.
    desk.press("<ctrl-u>");
    desk.happen(Event::Paste("undo\n".to_owned()));
    assert_eq!(desk.records.len(), 2);
    desk.press("<ctrl-u><backspace>");
    assert!(desk.app.prompt.is_none());
}

#[test]
fn settings_are_changed_until_one_leaves() {
    let mut desk = Desk::open(&posts()).keys(":set auto-advance off<enter>r");
    assert_eq!(desk.app.list.cursor, 0, "the cursor stays");
    desk.press(":set wrap-width 20<enter>");
    assert!(desk.app.detail.article.lines.iter().all(|line| line.width() <= 20));
    desk.press(":set reasons typo, image<enter>jf1");
    assert_eq!(desk.said().last().unwrap(), "desk-002 status=flagged typo");
    // A switch alone is turned; anything else alone is told.
    desk.press(":set hide-decided<enter>");
    assert!(desk.app.settings.hide_decided && desk.screen().contains("2 hidden"));
    desk.press(":set idle-cutoff-s <enter>");
    for (line, expected) in [
        (":set auto-advnce off<enter>", "did you mean auto-advance?"),
        (":set auto-advance maybe<enter>", "expected on or off"),
        (":set theme light<enter>", "when copydesk starts"),
        (":set wrap-width 9999<enter>", "a whole number from 0 to 1000"),
        (":set reasons a,b,c,d,e,f,g,h,i,j<enter>", "up to 9"),
    ] {
        desk.press(line);
        let screen = desk.screen();
        assert!(screen.contains(expected), "{line}: {screen}");
        desk.press("<esc>");
    }
    assert_eq!(desk.app.settings.reasons, ["typo", "image"]);
}

#[test]
fn a_query_chooses_the_posts_of_a_mark() {
    let line = ":mark flagged why=image,facts where score:..69";
    let mut desk = Desk::open(&posts()).keys("/python<enter>").keys(&format!("{line} dry-run<enter>"));
    let screen = desk.screen();
    assert!(screen.contains("Nothing was done: 2 posts would be flagged (now: 2 unreviewed)"), "{screen}");
    assert!(desk.app.prompt.is_none());
    desk.press(&format!("{line}<enter>"));
    assert_snapshot!("mark_query_120x40", desk.screen());
    desk.press("<enter>");
    assert_eq!(desk.said(), ["desk-003,desk-004 status=flagged image,facts"]);
    assert_eq!(desk.records[0].filter.as_deref(), Some("score<=69"));
    assert_eq!(desk.app.list.text, "python", "the list is filtered as before");
    for (line, expected) in [
        (":mark reviewed where score>=99<enter>", "No post passes this query"),
        (":mark reviewed where scor:..3<enter>", "there is no field \"scor\""),
        (":mark reviewd<enter>", "did you mean reviewed?"),
        (":mark reviewed dry-run<enter>", "no post of the list is marked"),
    ] {
        desk.press(line);
        let screen = desk.screen();
        assert!(screen.contains(expected), "{line}: {screen}");
        desk.press("<esc>");
    }
    desk.press("<esc><esc>*:mark skipped dry-run<enter>");
    let told = "Nothing was done: 5 posts would be skipped (now: 3 unreviewed, 2 flagged), replacing 2 flags";
    assert!(desk.screen().contains(told), "{}", desk.screen());
    assert_eq!(desk.records.len(), 1);
}

#[test]
fn a_decision_by_name_waits_for_the_text_like_one_by_key() {
    let sources = Sources::in_memory(vec![("posts.jsonl".to_owned(), posts().into_bytes())]);
    let mut desk = Desk::unreplayed(sources).keys(":reviewed<enter>");
    assert_eq!(desk.records.len(), 0, "what was decided before is not known yet");
    desk.happen(Event::Replayed { read_only: None });
    assert_eq!(desk.said(), ["desk-001 status=reviewed"]);
}

#[test]
fn a_filter_ends_the_search_of_a_mark() {
    let mut desk = Desk::open(&posts());
    let now = jiff::Timestamp::UNIX_EPOCH;
    desk.press(":mark reviewed where score:..7");
    // The answer does not come yet.
    let effects = desk.app.update(Event::Key("enter".parse::<KeyPress>().unwrap()), now);
    assert_eq!(effects.len(), 1);
    desk.press("/stack:go<enter>");
    assert!(desk.app.prompt.is_none());
    assert_eq!(desk.app.list.view.len(), 1, "{}", desk.screen());
    assert_eq!(desk.app.standings.count(Status::Reviewed), 0);
    assert_eq!(desk.app.focus, Pane::List);
}
