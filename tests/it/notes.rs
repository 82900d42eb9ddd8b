//! Notes: what was written last is what is shown, found and exported, whoever wrote it and with which key.

use std::io::Write;
use std::process::Stdio;

use crate::support::shell::{Said, Shell, refused};
use crate::support::{Desk, posts};
use copydesk::app::Event;
use copydesk::corpus::Sources;
use copydesk::review::{LineItem, read_line};

/// How many posts pass, as the title of the list says.
fn found(desk: &mut Desk, query: &str) -> usize {
    desk.press(&format!("/{query}<enter>"));
    let count = desk.app.list.view.len();
    desk.press("<esc>");
    count
}

/// The lines of the screen that begin with a note or tell of one, without borders.
fn notes(desk: &mut Desk) -> Vec<String> {
    let screen = desk.screen();
    let lines = screen.lines().filter_map(|line| line.split_once("││ ").map(|(_, article)| article));
    let lines = lines.map(|line| line.trim_end_matches([' ', '│', '█', '▐']).trim());
    lines
        .filter(|line| line.starts_with("note ") || line.starts_with("earlier "))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_note_of_a_flag_is_corrected() {
    let mut desk = Desk::open(&posts()).keys("f<tab>wrong note<enter>2gg");
    desk.press("e<ctrl-u>corrected<enter>");
    assert!(desk.screen().contains("Changed the note on desk-001; H shows what it was"), "{}", desk.screen());
    assert_eq!(notes(&mut desk), ["note  corrected"]);
    assert_eq!([found(&mut desk, "note:corrected"), found(&mut desk, "note:wrong")], [1, 0]);
    // The flag keeps its note in the history, and an undo brings it back.
    desk.press("u");
    assert_eq!(notes(&mut desk), ["note  wrong note"]);
    desk.press("<ctrl-r>");
    assert_eq!(notes(&mut desk), ["note  corrected"]);
    // A note is taken away as well, also where only the flag has one.
    desk.press("uue<ctrl-u><enter>");
    desk.press("f<tab>another<enter>2gge<ctrl-u><enter>");
    assert!(desk.screen().contains("Took the note on desk-001 away"), "{}", desk.screen());
    assert_eq!(notes(&mut desk), [""; 0]);
    // And what is entered as it was says so and writes nothing.
    let records = desk.records.len();
    desk.press("e<enter>");
    assert!(desk.screen().contains("The note on desk-001 is as it was"), "{}", desk.screen());
    assert_eq!(desk.records.len(), records);
}

#[test]
fn a_note_that_is_kept_says_so() {
    let mut desk = Desk::open(&posts()).keys("ecaption<enter>");
    assert!(desk.screen().contains("Kept the note on desk-001"), "{}", desk.screen());
    assert_eq!(notes(&mut desk), ["note  caption"]);
}

#[test]
fn a_flag_without_a_note_leaves_the_note_and_one_with_a_note_stands_beside_it() {
    let mut desk = Desk::open(&posts()).keys("ecaption A<enter>f2gg");
    assert_eq!(notes(&mut desk), ["note  caption A"]);
    desk.press("uf<tab>B<enter>1gg");
    let told = notes(&mut desk);
    assert_eq!(told[..2], ["note  B", "note  caption A"], "{told:?}");
    assert!(told[2].starts_with("earlier  by mara  2026-"), "{told:?}");
    for (query, count) in [("note:caption", 1), ("note:B", 1), ("is:noted", 1), ("note:other", 0)] {
        assert_eq!(found(&mut desk, query), count, "{query}");
    }
    // What is edited is the one that was written last; the other one is in the history.
    desk.press("e<ctrl-u>C<enter>");
    assert_eq!(notes(&mut desk), ["note  C"]);
    desk.press("u");
    assert_eq!(notes(&mut desk).len(), 3);
}

#[test]
fn lines_correct_the_note_of_a_flag_and_it_is_exported() {
    let shell = Shell::new();
    let mut plain = shell.command("review --plain posts.jsonl");
    let mut child =
        plain.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = "f 2 -- wrong note\nk\ne corrected\ne corrected\nq\n";
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let said = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    for words in
        ["Changed the note on desk-001", "The note is: corrected", "The note on desk-001 is as it was"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    shell.fine("export posts.jsonl --out out.jsonl");
    let exported = shell.read("out.jsonl");
    assert!(exported.contains(r#""note":"corrected""#) && !exported.contains("wrong"), "{exported}");
    let shown = shell.fine("show posts.jsonl --id desk-001");
    assert!(shown.err.contains(", note: corrected") && !shown.err.contains("wrong"), "{}", shown.err);
}

#[test]
fn the_history_says_what_a_bulk_undo_has_made_of_this_post() {
    let mut desk = Desk::open(&posts()).keys("f2gg*");
    desk.press("r<enter>u");
    assert!(desk.said().last().unwrap().contains("(undo)"), "{:?}", desk.said());
    desk.press("ggH");
    let screen = desk.screen();
    let newest = screen.lines().find(|line| line.contains('▸')).unwrap();
    assert!(newest.contains("▸ ⚑ flagged  (undo)  with 4 other posts  image"), "{screen}");
}

/// One that was merged from elsewhere may be longer than one that is written here.
#[test]
fn a_long_note_that_the_editor_leaves_alone_is_not_cut() {
    let long = format!("begins  {}\r\nends", "é ".repeat(5_000));
    let line = format!(
        r#"{{"v":1,"id":"h-1","by":"tom","op":"set","post":"desk-001","key":"note","val":{}}}"#,
        serde_json::to_string(&long).unwrap()
    );
    let LineItem::Record(checked) = read_line(line.as_bytes()).remove(0) else { panic!() };
    let sources = Sources::in_memory(vec![("posts.jsonl".to_owned(), posts().into_bytes())]);
    let mut desk = Desk::of(sources, &[checked.record]);
    assert_eq!(desk.app.detail.standing.note.as_deref(), Some(long.as_str()));
    // An editor may end the last line, and end lines as it likes.
    for text in [long.clone(), format!("{long}\n"), long.replace("\r\n", "\n")] {
        for keys in ["gE", "ge<ctrl-o>"] {
            desk.press(keys);
            desk.happen(Event::Edited(Ok(text.clone())));
            assert!(desk.screen().contains("The note on desk-001 is as it was"), "{}", desk.screen());
            assert_eq!(desk.records.len(), 0);
        }
    }
    desk.press("gE");
    desk.happen(Event::Edited(Ok(format!("{long} and more"))));
    assert!(desk.screen().contains("The note was cut: it may have 4096 characters"), "{}", desk.screen());
    assert_eq!(desk.app.detail.standing.note.as_ref().unwrap().chars().count(), 4_096 - 1);
}

#[test]
fn a_note_of_the_command_line_is_as_long_as_any() {
    let shell = Shell::new();
    let mark = |count: usize| {
        let mut command = shell.command("mark posts.jsonl --id desk-001 --status flagged --note");
        Said::of(command.arg("é".repeat(count)).output().unwrap())
    };
    assert_eq!(mark(4_096).code, 0);
    refused(mark(4_097), "--note has 4,097 characters, and a note has at most 4,096; nothing was marked");
}
