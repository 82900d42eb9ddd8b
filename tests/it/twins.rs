//! Two posts with one id on the screen: what is decided on the one is never shown on the other.

use crate::support::Desk;
use copydesk::app::Event;
use copydesk::corpus::Sources;

const TWINS: &str =
    "{\"id\":\"x\",\"title\":\"one\",\"body\":\"one\"}\n{\"id\":\"x\",\"title\":\"two\",\"body\":\"two\"}\n";

#[test]
fn posts_with_one_id_keep_their_decisions_apart_also_when_the_log_is_slow() {
    let first = Desk::open(TWINS).keys("r");
    let mut desk = Desk::open(TWINS);
    desk.happen(Event::Records(0, first.records.clone()));
    assert!(desk.screen().contains("● one") && desk.screen().contains("○ two"), "{}", desk.screen());
    desk.press("Gs");
    let copydesk::review::Target::One { prev, .. } = &desk.records[0].target else { panic!("one post") };
    assert!(prev.is_empty(), "what was decided on the other text is not its past");
    assert!(desk.screen().contains("● one") && desk.screen().contains("» two"), "{}", desk.screen());
}

#[test]
fn a_key_behind_the_first_decision_on_an_id_of_two_posts_is_taken() {
    let desk = Desk::open(TWINS).keys("ea note<enter>r");
    assert_eq!(desk.said(), ["x note=a note", "x status=reviewed"]);
}

#[test]
fn a_note_on_one_of_two_posts_with_an_id_is_not_shown_on_the_other_when_it_is_read_first() {
    let noted = Desk::open(TWINS).keys("Gea note<enter>");
    let sources = Sources::in_memory(vec![("posts.jsonl".to_owned(), TWINS.as_bytes().to_vec())]);
    let mut desk = Desk::of(sources, &noted.records);
    assert_eq!(desk.app.detail.standing.note, None);
    assert_eq!(desk.press_and("G").app.detail.standing.note.as_deref(), Some("a note"));
}

#[test]
fn a_post_that_is_written_twice_is_decided_on_once_and_counted_twice() {
    let shell = crate::support::shell::Shell::empty();
    let post = |id: &str, body: &str| format!("{{\"id\":\"{id}\",\"title\":\"t\",\"body\":\"{body}\"}}\n");
    let text = [post("a", "trams"), post("b", "ferries"), post("a", "trams"), post("a", "buses")].concat();
    shell.write("p.jsonl", text);
    assert!(
        shell
            .fine("mark p.jsonl --filter text:trams --status flagged --why duplicate")
            .out
            .starts_with("2 marked")
    );
    let said = shell.fine("mark p.jsonl --filter status:unreviewed --status reviewed").out;
    assert!(said.starts_with("2 marked reviewed;"), "{said}");
    assert_eq!(shell.read("p.jsonl.reviews.jsonl").lines().count(), 2);
}
