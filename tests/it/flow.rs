//! What makes many posts go by quickly: going on, a list that burns down, reading on, finding words.

use std::fmt::Write;

use crate::support::{Desk, posts};
use copydesk::app::{Event, Pane};
use copydesk::corpus::Row;
use insta::assert_snapshot;

fn shown(desk: &Desk) -> Vec<u32> {
    desk.app.list.view.iter().map(|row| row.0 + 1).collect()
}

#[test]
fn a_decision_stays_where_that_is_wanted() {
    let mut desk = Desk::open(&posts()).keys("ar");
    assert_eq!(desk.app.list.cursor, 0);
    desk.press("af1");
    assert_eq!(desk.app.list.cursor, 1);
}

#[test]
fn a_decision_that_takes_the_place_of_another_says_so() {
    let mut desk = Desk::open(&posts()).keys("sgr");
    let said = |desk: &Desk| desk.app.notice.as_ref().unwrap().text.clone();
    assert_eq!(said(&desk), "Reviewed desk-001, 0 of 3 ticked; was skipped");
    // The first hit of a filter, though it is decided.
    desk.press("/field notes<enter>f2");
    assert!(said(&desk).starts_with("Flagged desk-001: image; was reviewed"), "{}", said(&desk));
    desk.press("gf1");
    assert!(said(&desk).starts_with("Flagged desk-001: facts; was flagged: image"), "{}", said(&desk));
    desk.press("gx");
    assert_eq!(said(&desk), "Unreviewed again; was flagged: facts");
    // A word on nothing that was not there, nor on the same once more.
    desk.press("gr");
    assert!(said(&desk).starts_with("Reviewed desk-001") && !said(&desk).contains("was"), "{}", said(&desk));
    desk.press("gr");
    assert!(said(&desk).starts_with("Reviewed desk-001") && !said(&desk).contains("was"), "{}", said(&desk));
    // Whoever it was.
    let mut theirs = desk.records.clone();
    theirs.iter_mut().for_each(|record| record.by = "ben".to_owned());
    let mut again = Desk::of(desk.app.sources.clone(), &theirs);
    again.press("gs");
    assert_eq!(said(&again), "Skipped desk-001; was reviewed by ben");
}

#[test]
fn the_list_burns_down_and_undo_brings_posts_back() {
    let mut desk = Desk::open(&posts()).keys("rh");
    assert!(desk.screen().contains("Decided posts leave the list; 1 is hidden now"), "{}", desk.screen());
    assert_eq!((shown(&desk), desk.app.list.hidden), (vec![2, 3, 4, 5], 1));
    desk.press("jr");
    assert_eq!(shown(&desk), [2, 4, 5]);
    assert_eq!(desk.app.list.row(), Some(Row(3)), "the cursor goes on");
    assert_snapshot!("hidden_120x40", desk.screen());
    desk.press("u");
    assert_eq!(shown(&desk), [2, 3, 4, 5]);
    assert_eq!(desk.app.list.row(), Some(Row(2)), "undo goes to its post");
    // Without going on, the next post comes under the cursor.
    desk.press("as");
    assert_eq!((shown(&desk), desk.app.list.row()), (vec![2, 4, 5], Some(Row(3))));
    // With a filter: of those that pass, the decided ones are hidden.
    desk.press("/stack:python<enter>");
    assert_eq!((shown(&desk), desk.app.list.hidden), (vec![4], 1));
    desk.press("/<ctrl-u>status:reviewed<enter>");
    assert_eq!((shown(&desk), desk.app.list.hidden), (vec![], 1));
    assert!(desk.screen().contains("everything here is decided, and hidden"), "{}", desk.screen());
    desk.press("h");
    assert_eq!((shown(&desk), desk.app.list.hidden), (vec![1], 0));
    // Many at once.
    desk.press("<esc>h*r<enter>");
    assert_eq!((shown(&desk), desk.app.list.hidden), (vec![], 5));
    desk.press("u");
    assert_eq!((shown(&desk), desk.app.list.hidden), (vec![2, 4, 5], 2));
    // What comes again is hidden again.
    let sources = desk.app.sources.clone();
    let records = desk.records.clone();
    desk.happen(Event::Restarted(sources.clone(), None));
    assert_eq!(shown(&desk), Vec::<u32>::new());
    let mut again = Desk::of(sources, &records);
    again.press("h");
    assert_eq!(shown(&again), [2, 4, 5]);
}

fn long_posts() -> String {
    let mut text = String::new();
    for number in 1..=3 {
        let paragraphs: Vec<String> =
            (1..=60).map(|at| format!("Paragraph {at} of post {number} is here.")).collect();
        let body = paragraphs.join("\\n\\n");
        writeln!(text, r#"{{"id":"p{number}","title":"long {number}","body":"{body}","checklist":["nothing of it","check paragraph 59 itself"]}}"#).unwrap();
    }
    text
}

#[test]
fn one_key_reads_through_the_article_and_on_to_the_next() {
    let mut desk = Desk::open(&long_posts());
    let mut presses = 0;
    while desk.app.list.cursor == 0 {
        let before = desk.app.detail.scroll(Pane::Article);
        desk.press("l");
        presses += 1;
        let is_further = desk.app.detail.scroll(Pane::Article) > before;
        assert!(is_further || desk.app.list.cursor == 1, "after {presses}");
    }
    assert!(presses > 3, "{presses}");
    assert_eq!(desk.app.detail.scroll(Pane::Article), 0);
    // In the article, enter does the same; a decided post is passed over.
    desk.press("kr<enter>");
    assert_eq!(desk.app.focus, Pane::Article);
    for _ in 0..presses {
        desk.press("<enter>");
    }
    assert_eq!(desk.app.list.cursor, 2);
}

#[test]
fn words_are_found_in_the_article_that_is_read() {
    let mut desk = Desk::open(&long_posts()).keys("<tab>/paragraph 40");
    assert!(desk.screen().contains("find in the article: paragraph 40   Place 1 of 1"), "{}", desk.screen());
    assert!(desk.screen().contains("Paragraph 40 of post 1"));
    desk.press("<enter>");
    assert_eq!(desk.app.list.text, "", "the list is not filtered");
    // It goes on being sought in the next article; `n` is no note meanwhile.
    desk.press("]n");
    assert!(desk.screen().contains("Paragraph 40 of post 2"), "{}", desk.screen());
    desk.press("/<ctrl-u>of post<enter>nnN");
    assert!(desk.screen().contains("Place 2 of 60"), "{}", desk.screen());
    desk.press("/<ctrl-u>nowhere");
    assert!(desk.screen().contains("holds nothing of: nowhere"), "{}", desk.screen());
    desk.press("<esc>");
    assert_eq!(desk.app.search.as_ref().unwrap().text, "of post", "as before");
    desk.press("<esc>");
    assert!(desk.app.search.is_none() && desk.app.focus == Pane::Article);
    desk.press("<esc>");
    assert_eq!(desk.app.focus, Pane::List);
}

#[test]
fn an_item_of_the_checklist_leads_to_its_words() {
    let mut desk = Desk::open(&long_posts()).keys("<tab><tab><tab>j");
    assert!(desk.screen().contains("[ ]▸2 check paragraph"), "{}", desk.screen());
    desk.press("<enter>");
    assert_eq!(desk.app.focus, Pane::Article);
    assert!(desk.screen().contains("Place 1 of 60"), "{}", desk.screen());
    desk.press("<tab><tab>k<enter>");
    assert!(desk.screen().contains("holds nothing of: nothing of it"), "{}", desk.screen());
}

#[test]
fn a_problem_leads_to_its_post() {
    let mut text = posts();
    text.push_str("{\"id\":[1],\"title\":\"t\",\"body\":\"b\"}\nnull\n");
    let mut desk = Desk::open(&text);
    let found: Vec<String> = desk.app.problems.iter().map(ToString::to_string).collect();
    let at = desk.app.problems.iter().position(|problem| problem.line == Some(6));
    desk.press("p");
    for _ in 0..at.unwrap_or_else(|| panic!("{found:?}")) {
        desk.press("j");
    }
    desk.press("<enter>");
    assert!(desk.app.popup.is_none());
    assert_eq!(desk.app.list.cursor, 5);
    // A record that is none of the posts has no place to go to.
    desk.press("gpG<enter>");
    assert!(desk.screen().contains("no post"), "{}", desk.screen());
    assert_eq!(desk.app.list.cursor, 0);
}

#[test]
fn giving_the_filter_up_goes_back_to_the_post() {
    for typed in ["score>=1", "stack:python", "nosuch", "stack:", ""] {
        let desk = Desk::open(&posts()).keys(&format!("jj/{typed}<esc>"));
        assert_eq!((desk.app.list.cursor, desk.app.list.text.as_str()), (2, ""), "{typed}");
    }
    // Also to a post of another filter, and from wherever the arrows have led.
    let desk = Desk::open(&posts()).keys("/stack:python<enter>j/<ctrl-u>score>=1<down><down><esc>");
    assert_eq!((desk.app.list.cursor, desk.app.list.text.as_str()), (1, "stack:python"));
}

#[test]
fn hiding_passes_no_post_over() {
    let mut desk = Desk::open(&posts()).keys("rrgh");
    assert_eq!(desk.app.list.row().unwrap().index(), 2, "the next that is not decided");
    desk.press("h");
    assert_eq!(desk.app.list.row().unwrap().index(), 2);
}
