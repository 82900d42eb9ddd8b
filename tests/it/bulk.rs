//! Marks, and decisions on many posts at once: what is told before, what is written, what comes back.

use crate::support::shell::Shell;
use crate::support::terminal::Terminal;
use crate::support::{Desk, posts};
use copydesk::app::Event;
use copydesk::corpus::{Row, Sources};
use copydesk::model::{Digest, Status};
use copydesk::review::{LineItem, Target, Via, read_line};
use insta::assert_snapshot;

fn statuses(desk: &Desk) -> Vec<Status> {
    desk.app.corpus.rows().map(|row| desk.app.standings.get(row).status).collect()
}

use Status::{Flagged as F, Reviewed as R, Skipped as S, Unreviewed as U};

#[test]
fn marked_posts_are_decided_on_after_a_prompt_and_come_back_in_one_step() {
    let mut desk = Desk::open(&posts()).keys("rs");
    assert_eq!(statuses(&desk), [R, S, U, U, U]);
    // The first, the second, the fourth; the cursor goes down by itself.
    desk.press("g<space><space>j<space>");
    assert_eq!(desk.app.marks.len(), 3);
    let screen = desk.screen();
    assert!(screen.contains("Posts 5  3 marked"), "{screen}");
    assert_eq!(screen.matches('▌').count(), 3, "{screen}");
    desk.press("f");
    assert_snapshot!("bulk_flag_120x40", desk.screen());
    assert_eq!(desk.records.len(), 2, "nothing is done before it is confirmed");
    desk.press("<esc>");
    assert_eq!((desk.records.len(), desk.app.marks.len()), (2, 3), "the marks stay");
    desk.press("f<tab>as a set<tab>2<enter>");
    assert_eq!(desk.said()[2..], ["desk-001,desk-002,desk-004 status=flagged image \"as a set\""]);
    assert_eq!(statuses(&desk), [F, F, U, F, U]);
    assert!(desk.app.marks.is_empty(), "what was decided on is not marked any more");
    let bulk = &desk.records[2];
    assert_eq!(bulk.via, Some(Via::Bulk));
    let Target::Many(targets) = &bulk.target else { panic!("several posts in one record") };
    let digest = |row: u32| {
        let place = desk.app.corpus.get(Row(row)).unwrap();
        copydesk::corpus::body::read(&desk.app.sources, place).unwrap().digest()
    };
    let hashes: Vec<Digest> = targets.iter().map(|target| target.hash).collect();
    assert_eq!(hashes, [digest(0), digest(1), digest(3)], "exactly the texts that were read");
    // As a line of the log it says the same.
    let items = read_line(bulk.to_line().trim_end().as_bytes());
    assert!(matches!(items.as_slice(), [LineItem::Record(checked)] if checked.record == *bulk), "{items:?}");
    desk.press("u");
    assert_eq!(statuses(&desk), [R, S, U, U, U], "each as it was");
    desk.press("<ctrl-r>");
    assert_eq!(statuses(&desk), [F, F, U, F, U]);
    // Also in the next run.
    let sources = Sources::in_memory(vec![("posts.jsonl".to_owned(), posts().into_bytes())]);
    let mut again = Desk::of(sources, &desk.records);
    assert_eq!(statuses(&again), [F, F, U, F, U]);
    again.press("u");
    assert_eq!(statuses(&again), [R, S, U, U, U]);
}

#[test]
fn ranges_everything_and_the_way_back() {
    let mut desk = Desk::open(&posts()).keys("jvjj");
    assert_eq!(desk.screen().matches('▌').count(), 3, "the range is seen before it ends");
    let screen = desk.screen();
    assert!(screen.contains("3 marked"), "it is counted as well: {screen}");
    desk.press("<esc>gjvjj<space>");
    assert_eq!((desk.app.marks.len(), desk.app.list.cursor), (3, 3), "the key that marks ends it as well");
    desk.press("<esc>gjvjj");
    let screen = desk.screen();
    assert!(screen.contains("v end the range  space too"), "{screen}");
    desk.press("v");
    assert_eq!(desk.app.marks.len(), 3);
    desk.press("gvjj");
    assert!(desk.screen().contains("4 marked"), "none is counted twice: {}", desk.screen());
    desk.press("<esc>");
    // A decision ends the range that is open.
    desk.press("<esc>Gvkr");
    assert!(desk.screen().contains("2 posts reviewed?"), "{}", desk.screen());
    desk.press("y");
    assert_eq!(desk.said(), ["desk-004,desk-005 status=reviewed"]);
    desk.press("*");
    assert_eq!(desk.app.marks.len(), 5);
    desk.press("*");
    assert_eq!(desk.app.marks.len(), 0);
    // Esc: the range, the marks, then the filter.
    desk.press("/python<enter>*gv<esc>");
    assert_eq!((desk.app.marks.len(), desk.app.list.text.as_str()), (1, "python"));
    desk.press("<esc>");
    assert_eq!((desk.app.marks.len(), desk.app.list.text.as_str()), (0, "python"));
    desk.press("<esc>");
    assert_eq!(desk.app.list.text, "");
}

#[test]
fn what_the_filter_hides_is_told_and_left_alone() {
    let mut desk = Desk::open(&posts()).keys("*/stack:python<enter>s");
    let screen = desk.screen();
    assert!(screen.contains("2 posts skipped?") && screen.contains("now: 2 unreviewed"), "{screen}");
    assert!(screen.contains("3 more are marked and hidden by the filter"), "{screen}");
    desk.press("<enter>");
    assert_eq!(statuses(&desk), [S, U, U, S, U]);
    assert_eq!(desk.app.marks.len(), 3, "those stay marked");
    assert_eq!(desk.records[0].filter.as_deref(), Some("stack:python"));
    desk.press("r");
    assert!(desk.screen().contains("the filter hides all 3 marked posts"), "{}", desk.screen());
    assert!(desk.app.prompt.is_none());
    // Where some are so already, only the others are in the record.
    desk.press("<esc>/<ctrl-u><enter>*s<enter>");
    assert_eq!(desk.said().last().unwrap(), "desk-002,desk-003,desk-005 status=skipped");
    assert!(desk.screen().contains("2 were so already"), "{}", desk.screen());
}

#[test]
fn the_log_names_a_filter_only_if_it_chose_the_posts() {
    // Two posts that were marked by hand, and the list of all five, of three with more, of those two.
    for (query, filter) in
        [("", None), ("score>60 sort:title", None), ("cursors or  score=41", Some("cursors or score=41"))]
    {
        let mut desk = Desk::open(&posts())
            .keys(&format!("/score=41 or cursors<enter><space><space>/<ctrl-u>{query}<enter>"));
        desk.press("s<enter>");
        let marked = desk.app.list.view.len();
        assert_eq!(desk.records[0].filter.as_deref(), filter, "{query}: {marked}");
    }
    // What passes and is hidden was left alone, so the query tells too many.
    let desk = Desk::open(&posts()).keys("rh/score>0<enter>*s<enter>");
    assert_eq!(desk.records[1].posts().count(), 4);
    assert_eq!(desk.records[1].filter, None);
}

#[test]
fn a_post_whose_text_has_changed_is_left_out_and_told() {
    let mut desk = Desk::open(&posts());
    desk.holds_many = true;
    desk.press("*r<enter>");
    let (job, rows) = desk.many.clone().unwrap();
    let screen = desk.screen();
    assert!(screen.contains("reading 0 of 5 posts to decide on; esc stops"), "{screen}");
    let mut events = desk.read_many(job, &rows);
    // The first post was seen on the screen with another text; the second cannot be read.
    if let Event::ReadMany { digests, .. } = &mut events[0] {
        digests[0].1 = Some(Digest::of_bytes(b"another text"));
        digests[1].1 = None;
    }
    events.into_iter().for_each(|event| desk.happen(event));
    assert_eq!(desk.said(), ["desk-003,desk-004,desk-005 status=reviewed"]);
    let screen = desk.screen();
    assert!(screen.contains("3 posts are reviewed now") && screen.contains("NOT decided: 2"), "{screen}");
    assert_eq!(desk.app.marks.len(), 2);
}

#[test]
fn it_can_be_stopped_and_nothing_is_decided_in_between() {
    let mut desk = Desk::open(&posts());
    desk.holds_many = true;
    desk.press("*r<enter>");
    let (job, rows) = desk.many.clone().unwrap();
    let events = desk.read_many(job, &rows);
    // A decision on one post is refused, a look at another is not.
    desk.press("jjs");
    assert_eq!((desk.records.len(), desk.app.list.cursor), (0, 2));
    desk.press("<esc>");
    assert!(desk.many.is_none() && desk.app.bulk.is_none());
    events.into_iter().for_each(|event| desk.happen(event));
    assert!(desk.records.is_empty(), "an old answer means nothing");
    // Marks are still there.
    assert_eq!(desk.app.marks.len(), 5);
    desk.press("s");
    assert!(desk.screen().contains("5 posts skipped?"), "{}", desk.screen());
    // The posts come again: nothing is known of the marked ones.
    desk.press("<enter>");
    let sources = desk.app.sources.clone();
    desk.happen(Event::Restarted(sources, None));
    assert!(desk.app.bulk.is_none() && desk.app.marks.is_empty());
    assert!(desk.screen().contains("read again"), "{}", desk.screen());
    assert_eq!(desk.records.len(), 0);
}

#[test]
fn nothing_else_is_decided_beside_it_nor_after_it_by_a_key_of_before() {
    // The keys that decide, of a popup and of the palette too.
    for keys in ["s", "r", "x", "f", ".", "e", "E", "n", "u", "1", "t", ":skipped<enter>"] {
        let mut desk = Desk::open(&posts()).keys("rg");
        desk.holds_many = true;
        desk.press("*s<enter>");
        let (job, rows) = desk.many.clone().unwrap();
        desk.press(keys);
        let screen = desk.screen();
        assert!(
            screen.contains("Not decided: a decision on 5 posts is under way; esc stops it"),
            "{keys}: {screen}"
        );
        assert!(desk.app.prompt.is_none(), "{keys}");
        desk.read_many(job, &rows).into_iter().for_each(|event| desk.happen(event));
        assert_eq!(desk.records.len(), 2, "{keys}");
        assert_eq!(statuses(&desk), [S; 5], "{keys}");
    }
    // In one go with the key that starts it, while what is under the cursor is still being read.
    let mut desk = Desk::unreplayed(Sources::in_memory(vec![("a.jsonl".to_owned(), posts().into_bytes())]));
    desk.press("*r<enter>ss");
    desk.happen(Event::Replayed { read_only: None });
    assert_eq!(desk.records.len(), 1, "{:?}", desk.said());
    assert_eq!(statuses(&desk), [R; 5]);
}

#[test]
fn who_leaves_meanwhile_is_told_what_becomes_of_it() {
    let mut desk = Desk::open(&posts());
    desk.holds_many = true;
    desk.press("*r<enter>q");
    let screen = desk.screen();
    assert!(
        screen.contains("reading 0 of 5 posts to decide on; q again leaves and decides nothing, esc stops"),
        "{screen}"
    );
    let (job, rows) = desk.many.clone().unwrap();
    let mut events = desk.read_many(job, &rows);
    desk.happen(events.remove(0));
    assert!(desk.screen().contains("reading 2 of 5 posts to decide on; q again"), "{}", desk.screen());
    // Whoever goes on working is asked again.
    desk.press("jq");
    assert!(!desk.ended && desk.screen().contains("q again leaves"), "{}", desk.screen());
    desk.press("q");
    assert!(desk.ended && desk.records.is_empty());
    let told = desk.app.undecided();
    assert_eq!(told.as_deref(), Some("the decision on 5 posts was not made: none of them was decided on"));
    // At its end nothing keeps anybody.
    let mut desk = Desk::open(&posts());
    desk.holds_many = true;
    desk.press("*r<enter>q");
    let (job, rows) = desk.many.clone().unwrap();
    desk.read_many(job, &rows).into_iter().for_each(|event| desk.happen(event));
    assert!(desk.screen().contains("5 posts are reviewed now"), "{}", desk.screen());
    assert_eq!(desk.app.undecided(), None);
    desk.press("q");
    assert!(desk.ended);
}

#[test]
fn who_leaves_with_decisions_that_are_not_saved_is_told_so_first() {
    let mut desk = Desk::open(&posts()).keys("a");
    let now = jiff::Timestamp::UNIX_EPOCH;
    // Nobody writes them.
    desk.app.update(Event::Key("r".parse().unwrap()), now);
    desk.happen(Event::NotSaved { why: "the disk is full".to_owned() });
    desk.press("qj");
    assert!(desk.screen().contains("1 NOT SAVED: the disk is full"), "{}", desk.screen());
    desk.press("q");
    let screen = desk.screen();
    assert!(
        screen.contains(
            "1 decision is NOT SAVED: the disk is full. q again leaves and prints what is not saved"
        ),
        "{screen}"
    );
    assert!(!desk.ended);
    desk.press("q");
    assert!(desk.ended);
    // With a decision on many posts under way both are told.
    let mut desk = Desk::open(&posts()).keys("a");
    desk.holds_many = true;
    desk.app.update(Event::Key("r".parse().unwrap()), now);
    desk.happen(Event::NotSaved { why: "the disk is full".to_owned() });
    desk.press("*s<enter>q");
    let screen = desk.screen();
    assert!(screen.contains("reading 0 of 5") && screen.contains("1 decision is NOT SAVED"), "{screen}");
    desk.press("s");
    let screen = desk.screen();
    assert!(screen.contains("NOT SAVED: the disk is full. Not decided: a decision on 5 posts"), "{screen}");
}

#[test]
fn posts_with_one_id_are_told_apart_by_their_texts() {
    let post = |body: &str| format!("{{\"id\":\"same\",\"title\":\"t\",\"body\":\"{body}\"}}\n");
    let text = format!("{}{}{}", post("one"), post("two"), post("three"));
    // Marked alone, the others stay as they are.
    let desk = Desk::open(&text).keys("j<space>r<enter>");
    assert_eq!(statuses(&desk), [U, R, U]);
    // All of them: each is decided on, and all come back together.
    let mut desk = Desk::open(&text).keys("*s<enter>");
    assert_eq!(statuses(&desk), [S, S, S]);
    assert_eq!(desk.records.len(), 3, "a record names a post once");
    desk.press("u");
    assert_eq!(statuses(&desk), [U, U, U]);
    assert_eq!(desk.records.len(), 6);
    desk.press("<ctrl-r>");
    assert_eq!(statuses(&desk), [S, S, S]);
}

#[test]
fn more_posts_than_a_record_holds_are_still_one_step() {
    const POSTS: usize = 12_001;
    let post = |number: usize| format!("{{\"id\":\"p-{number}\",\"title\":\"t\",\"body\":\"words\"}}\n");
    let text: String = (0..POSTS).map(post).collect();
    let mut desk = Desk::open(&text).keys("jr*");
    desk.holds_many = true;
    desk.press("r<enter>");
    let (job, rows) = desk.many.clone().unwrap();
    let digests = rows.iter().map(|row| {
        let place = desk.app.corpus.get(*row).unwrap();
        (*row, Some(copydesk::corpus::body::read(&desk.app.sources, place).unwrap().digest()))
    });
    let event = Event::ReadMany { job, digests: digests.collect(), is_last: true };
    desk.happen(event);
    assert_eq!(desk.app.standings.count(R), POSTS);
    assert_eq!(desk.records.len(), 4);
    desk.press("u");
    assert_eq!(desk.app.standings.count(R), 1, "all but the one of before");
    let all = desk.records.clone();
    let mut again = Desk::of(Sources::in_memory(vec![("posts.jsonl".to_owned(), text.into_bytes())]), &all);
    again.press("<ctrl-r>");
    assert_eq!(again.app.standings.count(R), POSTS);
}

#[test]
fn the_last_reason_is_given_again() {
    let mut desk = Desk::open(&posts()).keys(".");
    assert!(desk.screen().contains("Nothing was flagged in this run yet"), "{}", desk.screen());
    desk.press("f2.");
    assert_eq!(desk.said(), ["desk-001 status=flagged image", "desk-002 status=flagged image"]);
    assert!(desk.screen().contains("Flagged desk-002: image"), "{}", desk.screen());
    desk.press("<space><space>.");
    let screen = desk.screen();
    assert!(screen.contains("Flag 2 posts: why?") && screen.contains("reason  image"), "{screen}");
    desk.press("<enter>");
    assert_eq!(desk.said().last().unwrap(), "desk-003,desk-004 status=flagged image");
}

#[test]
fn a_flag_on_many_posts_leaves_the_note_of_each() {
    let tom = "{\"v\":1,\"id\":\"tomtomtomtomt-0001\",\"prev\":[],\"at\":\"2026-01-01T00:00:00.000Z\",\"by\":\"tom\",\"op\":\"set\",\"post\":\"desk-003\",\"key\":\"status\",\"val\":\"reviewed\"}";
    let items = read_line(tom.as_bytes());
    let [LineItem::Record(checked)] = items.as_slice() else { panic!("{items:?}") };
    let sources = || Sources::in_memory(vec![("posts.jsonl".to_owned(), posts().into_bytes())]);
    let mut desk = Desk::of(sources(), std::slice::from_ref(&checked.record));
    desk.press("f<tab>the caption<enter>2");
    let of_first = |desk: &mut Desk| {
        desk.press("g");
        let standing = desk.app.detail.standing.clone();
        (standing.why.join(","), standing.note)
    };
    let image = ("image".to_owned(), Some("the caption".to_owned()));
    assert_eq!(of_first(&mut desk), image);
    desk.press("*f");
    let screen = desk.screen();
    assert!(screen.contains("now: 3 unreviewed, 1 reviewed, 1 flagged"), "{screen}");
    assert!(screen.contains("it replaces 1 decision of others, 1 flag with its reasons"), "{screen}");
    desk.press("4<enter>");
    assert_eq!(statuses(&desk), [F; 5]);
    let language = ("language".to_owned(), image.1.clone());
    assert_eq!(of_first(&mut desk), language);
    assert_eq!(desk.app.detail.standing.note.as_deref(), Some("the caption"));
    desk.press("j");
    assert_eq!(desk.app.detail.standing.note, None, "only where there was one");
    // The log says so too.
    let mut again = Desk::of(sources(), &desk.records);
    assert_eq!(of_first(&mut again), language);
    desk.press("u");
    assert_eq!(of_first(&mut desk), image);
    desk.press("<ctrl-r>");
    assert_eq!(of_first(&mut desk), language);
    // With the last reason again, too; and what is deleted in the question is gone.
    desk.press("jf5");
    desk.press("g.");
    assert_eq!(of_first(&mut desk), ("links".to_owned(), image.1));
    desk.press("f<tab><ctrl-u><enter>");
    assert_eq!(of_first(&mut desk), ("links".to_owned(), None));
}

#[test]
fn the_keys_of_the_question_are_whole_where_the_screen_is_narrow() {
    for (width, words) in [(120, "enter do it  y too  esc give up"), (40, "enter do it  esc give up")] {
        let mut desk = Desk::open(&posts()).size(width, 24).keys("*r");
        let screen = desk.screen();
        assert!(screen.lines().last().unwrap().contains(words), "{screen}");
    }
    // With thousands of posts as well.
    let post = |number: usize| format!("{{\"id\":\"p-{number}\",\"title\":\"t\",\"body\":\"words\"}}\n");
    let mut desk = Desk::open(&(0..13_834).map(post).collect::<String>()).size(40, 24).keys("*r");
    let screen = desk.screen();
    assert!(screen.lines().last().unwrap().contains("enter do it  esc give up"), "{screen}");
}

#[test]
fn a_number_that_no_reason_has_flags_nothing() {
    for begins in ["f", "*f"] {
        let mut desk = Desk::open(&posts()).keys(&format!("{begins}9<enter>"));
        assert!(desk.screen().contains("Not flagged: no reason has the number 9"), "{}", desk.screen());
        assert!(desk.records.is_empty() && desk.app.prompt.is_some(), "{begins}");
        desk.press("<ctrl-u>odd, 2<enter>");
        assert!(desk.said()[0].ends_with("status=flagged odd,image"), "{:?}", desk.said());
    }
}

#[test]
fn the_program_itself_decides_on_thousands_and_takes_them_back_the_next_day() {
    let folder = tempfile::tempdir().unwrap();
    let post = |number: usize| {
        let stack = ["python", "go", "rust"][number % 3];
        format!(
            "{{\"id\":\"p-{number}\",\"title\":\"post {number}\",\"body\":\"some words {number}\",\"stack\":[\"{stack}\"]}}\n"
        )
    };
    let text: String = (0..13_834).map(post).collect();
    std::fs::write(folder.path().join("posts.jsonl"), text).unwrap();
    let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
    terminal.until(&["Posts 13,834", "saved ✓", "some words"]);
    // The second is decided already.
    terminal.keys("/stack:python\r");
    terminal.until(&["Posts 4,612 of 13,834"]);
    terminal.keys("js");
    terminal.until(&["skipped 1 ", "saved ✓"]);
    terminal.keys("*r");
    terminal.until(&["4,612 posts reviewed?", "4,611 unreviewed, 1 skipped"]);
    terminal.keys("y");
    terminal.until(&["reviewed 4,612", "4,612 posts are reviewed now", "saved ✓"]);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    let log = std::fs::read_to_string(folder.path().join("posts.jsonl.reviews.jsonl")).unwrap();
    assert_eq!(log.lines().count(), 2);
    let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
    terminal.until(&["reviewed 4,612", "saved ✓"]);
    terminal.keys("u");
    terminal.until(&["Undone: 4,612 posts", "reviewed 0 ", "skipped 1 ", "saved ✓"]);
    terminal.keys(":redo\r");
    terminal.until(&["reviewed 4,612", "saved ✓"]);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn what_was_not_decided_is_told_when_the_terminal_is_the_shells_again() {
    let folder = tempfile::tempdir().unwrap();
    let post = |number: usize| format!("{{\"id\":\"p-{number}\",\"title\":\"t\",\"body\":\"some words\"}}\n");
    std::fs::write(folder.path().join("posts.jsonl"), (0..13_834).map(post).collect::<String>()).unwrap();
    let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
    terminal.until(&["Posts 13,834", "saved ✓", "some words"]);
    terminal.keys("*r");
    terminal.until(&["13,834 posts reviewed?"]);
    terminal.keys("\rqq");
    assert_eq!(terminal.end(), 0);
    let log = std::fs::read_to_string(folder.path().join("posts.jsonl.reviews.jsonl")).unwrap_or_default();
    // A machine that reads all of them between two keys has decided on them.
    let shown = terminal.screen.screen().contents();
    let said = shown.contains("the decision on 13,834 posts was not");
    assert_eq!(said, log.lines().count() < 3, "{shown}");
}

#[test]
fn one_post_of_another_log_belongs_to_the_step_too() {
    let shell = Shell::empty();
    let post =
        |name: &str| format!("{{\"id\":\"{name}\",\"title\":\"t\",\"body\":\"b\",\"stack\":[\"go\"]}}\n");
    shell.write("a.jsonl", post("a-1") + &post("a-2"));
    shell.write("b.jsonl", post("b-1"));
    shell.fine("mark a.jsonl b.jsonl --filter stack:go --status reviewed");
    let reviewed = "list a.jsonl b.jsonl --filter status:reviewed --format ids";
    assert_eq!(shell.run(reviewed).out.lines().count(), 3);
    assert!(shell.fine("undo a.jsonl b.jsonl").out.contains("3 posts"));
    assert_eq!(shell.run(reviewed).out.lines().count(), 0);
}
