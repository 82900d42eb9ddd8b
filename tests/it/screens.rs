//! Key scripts over the whole desk, and what the screen shows then.

use crate::support::{Desk, posts};
use copydesk::app::Event;
use copydesk::corpus::Sources;
use insta::assert_snapshot;
use ratatui::style::Modifier;

#[test]
fn first_screen() {
    assert_snapshot!("first_120x40", Desk::open(&posts()).screen());
    assert_snapshot!("first_80x24", Desk::open(&posts()).size(80, 24).screen());
    assert_snapshot!("first_200x50", Desk::open(&posts()).size(200, 50).screen());
}

#[test]
fn filter() {
    let typed = "/stack:python score>=70";
    assert_snapshot!("filter_120x40", Desk::open(&posts()).keys(typed).screen());
    assert_snapshot!("filter_80x24", Desk::open(&posts()).size(80, 24).keys(typed).screen());
}

#[test]
fn flag_prompt() {
    assert_snapshot!("flag_120x40", Desk::open(&posts()).keys("f<tab>a note").screen());
    assert_snapshot!("flag_80x24", Desk::open(&posts()).size(80, 24).keys("fodd").screen());
}

#[test]
fn help() {
    assert_snapshot!("help_120x40", Desk::open(&posts()).keys("?").screen());
    assert_snapshot!("help_80x24", Desk::open(&posts()).size(80, 24).keys("?<pgdn>").screen());
}

#[test]
fn problems() {
    let broken = format!("{}{{\"id\":\"x\",\"title\":\"never fini\nnull\n", posts());
    assert_snapshot!("problems_120x40", Desk::open(&broken).keys("p").screen());
    assert_snapshot!("problems_80x24", Desk::open(&broken).size(80, 24).keys("p").screen());
}

/// What two people did on the first post, with a bulk action and a step that was undone.
fn with_a_history() -> Desk {
    let mut desk = Desk::open(&posts()).keys("rgf1ge look at the image again<enter>u1j1");
    let author = copydesk::review::Author { by: "to\u{202e}m".to_owned(), via: copydesk::review::Via::Cli };
    let mut tom = copydesk::review::Reviews::with_writer(author, "tom".to_owned());
    assert!(desk.records.iter().all(|record| tom.absorb(record.clone())));
    let digest = |row: u32| {
        let place = desk.app.corpus.get(copydesk::corpus::Row(row)).unwrap();
        copydesk::corpus::body::read(&desk.app.sources, place).unwrap().digest()
    };
    let change = |row: u32| copydesk::review::Change {
        post: copydesk::model::PostId::new(format!("desk-00{}", row + 1)),
        hash: digest(row),
        siblings: Vec::new(),
        key: copydesk::review::Key::Status,
        val: "skipped".to_owned(),
        why: Vec::new(),
        note: Some("later".to_owned()),
    };
    let now = jiff::Timestamp::from_second(1_790_000_900).unwrap();
    let bulk = tom.decide_many(vec![change(0), change(3)], Some("stack:python".to_owned()), now).unwrap();
    desk.happen(Event::Records(0, vec![bulk]));
    desk.press("g");
    desk
}

#[test]
fn history() {
    assert_snapshot!("history_120x40", with_a_history().keys("H").screen());
    assert_snapshot!("history_80x24", with_a_history().size(80, 24).keys("HjjG").screen());
    assert!(Desk::open(&posts()).keys("H").screen().contains("Nothing was decided on this post yet"));
}

#[test]
fn a_step_of_the_history_is_undone_out_of_order_or_the_reason_is_said() {
    // A note, then other posts; the note is taken back from the history of its post.
    let mut desk = Desk::open(&posts()).keys("e first<enter>rrgHj");
    assert!(desk.screen().contains("History of desk-001: 2 of 2"), "{}", desk.screen());
    desk.press("u");
    assert_eq!(desk.said().last().unwrap(), "desk-001 note= (undo)");
    assert!(desk.screen().contains("✗ undone since"), "{}", desk.screen());
    assert_eq!(desk.app.list.cursor, 0, "the cursor stays where it is");
    // The step is still the chosen one, and cannot be undone twice.
    let records = desk.records.len();
    desk.press("u");
    assert_eq!(desk.records.len(), records);
    assert!(desk.screen().contains("Not undone: this is undone already"), "{}", desk.screen());
    // The undo can be undone, and closing leads back to the desk.
    desk.press("gu");
    assert_eq!(desk.said().last().unwrap(), "desk-001 note=first (undo)");
    desk.press("Hj");
    assert!(desk.app.popup.is_none() && desk.app.history.is_none());
    assert_eq!(desk.app.list.cursor, 1);
    // What others have decided since holds.
    let mut desk = with_a_history().keys("HGu");
    let told = "Undone. Nothing changes on desk-001: to<U+202E>m has since decided skipped";
    assert!(desk.screen().contains(told), "{}", desk.screen());
    // What they decide meanwhile appears.
    let records = desk.records.clone();
    let mut other = Desk::open(&posts()).keys("H");
    other.happen(Event::Records(0, records[..1].to_vec()));
    assert!(other.screen().contains("History of desk-001: 1 of 1"), "{}", other.screen());
}

#[test]
fn a_long_history_is_scrolled_with_the_chosen_step_in_sight() {
    let mut desk = Desk::open(&posts());
    for _ in 0..60 {
        desk.press("gsgr");
    }
    desk.press("gH");
    assert!(desk.screen().contains("1 of 120"), "{}", desk.screen());
    for (keys, chosen) in [("jjj", 4), ("G", 120), ("k", 119), ("<pgup>", 80), ("g", 1)] {
        desk.press(keys);
        let screen = desk.screen();
        let expected = format!("History of desk-001: {chosen} of 120");
        assert!(keys == "<pgup>" || screen.contains(&expected), "{keys}: {screen}");
        assert_eq!(screen.matches('▸').count(), 1, "{keys}: {screen}");
    }
}

#[test]
fn very_narrow() {
    assert_snapshot!("narrow_list", Desk::open(&posts()).size(30, 10).screen());
    assert_snapshot!("narrow_article", Desk::open(&posts()).size(30, 10).keys("<tab>").screen());
}

#[test]
fn every_size_can_be_drawn() {
    let mut desk = Desk::open(&posts());
    for script in ["", "f", "<esc>?", "<esc>p", "<esc>rgH", "<esc>n", "<esc>/a b", "<esc><tab><tab>z"] {
        desk.press(script);
        for width in (0..=40).chain([60, 100, 161]) {
            for height in 0..=20 {
                desk.resize(width, height);
                desk.draw();
            }
        }
    }
}

#[test]
fn a_mistake_in_the_query_is_underlined_and_the_posts_stay() {
    let mut desk = Desk::open(&posts()).keys("/");
    desk.happen(Event::Paste("stakc:go".to_owned()));
    let buffer = desk.draw().clone();
    let line: String = (0..60).map(|x| buffer[(x, 2)].symbol()).collect();
    let at = u16::try_from(line.chars().position(|c| c == 's').unwrap()).unwrap();
    for x in at..at + 5 {
        assert!(buffer[(x, 2)].modifier.contains(Modifier::UNDERLINED), "column {x} of {line:?}");
    }
    assert!(!buffer[(at + 5, 2)].modifier.contains(Modifier::UNDERLINED));
    desk.press("<enter>");
    let screen = desk.screen();
    assert!(screen.contains("did you mean stack?"), "{screen}");
    assert!(screen.contains("field notes on caching"), "{screen}");
}

#[test]
fn letters_that_were_found_are_marked() {
    let mut desk = Desk::open(&posts()).keys("/cach");
    let buffer = desk.draw();
    let marked: String = (0..46)
        .filter(|x| buffer[(*x, 4)].modifier.contains(Modifier::UNDERLINED))
        .map(|x| buffer[(x, 4)].symbol())
        .collect();
    assert_eq!(marked, "cach");
}

#[test]
fn a_session_of_decisions_is_written_as_it_was_made() {
    let mut desk = Desk::open(&posts()).keys("/stack:python<enter>r").keys("f2");
    assert_eq!(desk.said(), ["desk-001 status=reviewed", "desk-004 status=flagged image"]);
    desk.press("<esc>12u");
    desk.press("jn look again<enter>");
    assert_eq!(
        desk.said()[2..],
        [
            "desk-004 check:read it aloud#1=done",
            "desk-004 check:check the links#1=done",
            "desk-004 check:check the links#1=open (undo)",
            "desk-005 note=look again",
        ]
    );
    assert_eq!(desk.log.synced(), 6);
    let screen = desk.screen();
    assert!(screen.contains("saved ✓"), "{screen}");
    // The next run stands where this one was left.
    let sources = Sources::in_memory(vec![("posts.jsonl".to_owned(), posts().into_bytes())]);
    let mut again = Desk::of(sources, &desk.records);
    let screen = again.screen();
    assert!(screen.contains("● field notes") && screen.contains("⚑ feature flags"), "{screen}");
    assert_eq!(again.app.list.cursor, 1, "at the first post that is still to be read");
    again.press("gjjj");
    assert!(again.screen().contains("[x] 1 read it aloud"), "{}", again.screen());
    again.press("uuu<ctrl-r>");
    assert_eq!(
        again.said(),
        [
            "desk-005 note= (undo)",
            "desk-004 check:read it aloud#1=open (undo)",
            "desk-004 status=unreviewed (undo)",
            "desk-004 status=flagged image (undo)",
        ]
    );
}

#[test]
fn deciding_twice_is_deciding_once() {
    let desk = Desk::open(&posts()).keys("rgrgr");
    assert_eq!(desk.said(), ["desk-001 status=reviewed"]);
}

#[test]
fn the_cursor_goes_to_the_next_unreviewed_post_and_around() {
    let mut desk = Desk::open(&posts()).keys("jjsrG");
    desk.press("r");
    assert_eq!(
        desk.said(),
        ["desk-003 status=skipped", "desk-004 status=reviewed", "desk-005 status=reviewed"]
    );
    assert_eq!(desk.app.list.cursor, 0);
}

#[test]
fn keys_that_come_before_their_post_wait_for_it() {
    let mut desk = Desk::open(&posts());
    desk.happen(Event::Key("j".parse().unwrap()));
    // The text of the next post is never answered here: the desk is asked directly.
    let now = jiff::Timestamp::from_second(1_790_000_000).unwrap();
    let asked = desk.app.update(Event::Key("j".parse().unwrap()), now);
    assert!(desk.app.is_reading());
    assert!(desk.app.update(Event::Key("r".parse().unwrap()), now).is_empty());
    assert!(desk.app.update(Event::Key("k".parse().unwrap()), now).is_empty());
    let copydesk::app::Effect::Read(row, reading) = asked[0] else { panic!("{asked:?}") };
    let place = desk.app.corpus.get(row).unwrap();
    let post = copydesk::corpus::body::read(&desk.app.sources, place).map(|post| Box::new(post.into()));
    desk.happen(Event::Body { row, reading, post });
    assert_eq!(desk.said(), ["desk-003 status=reviewed"]);
    assert_eq!(desk.app.list.cursor, 2, "the k came behind the r");
}

#[test]
fn a_decision_waits_for_the_posts_of_its_query() {
    let mut desk = Desk::open(&posts());
    let now = jiff::Timestamp::from_second(1_790_000_000).unwrap();
    desk.press("/");
    let asked = desk.app.update(Event::Paste("stack:go".to_owned()), now);
    let Some(copydesk::app::Effect::Filter(request)) = asked.into_iter().next() else { panic!("a request") };
    for key in ["enter", "r"] {
        let asked = desk.app.update(Event::Key(key.parse().unwrap()), now);
        // A query that is kept is remembered; nothing is decided.
        let is_kept = |effect: &copydesk::app::Effect| matches!(effect, copydesk::app::Effect::KeepTyped(_));
        assert!(asked.iter().all(is_kept), "{key}");
    }
    let view = crate::support::run_query(&request);
    desk.happen(Event::Filtered { generation: request.generation, view });
    assert_eq!(desk.said(), ["desk-002 status=reviewed"]);
}

#[test]
fn a_decision_goes_to_the_log_of_the_file_that_its_post_is_in() {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<_> = ["a.jsonl", "b.jsonl"].iter().map(|name| folder.path().join(name)).collect();
    std::fs::write(&paths[0], "{\"id\":\"x\",\"title\":\"one\",\"body\":\"one\"}\n").unwrap();
    std::fs::write(&paths[1], "{\"id\":\"x\",\"title\":\"two\",\"body\":\"two\"}\n").unwrap();
    let (sources, _) = Sources::open(&paths).unwrap();
    let desk = Desk::of(sources, &[]).keys("Grgsu");
    assert_eq!(desk.said(), ["x status=reviewed", "x status=skipped", "x status=unreviewed (undo)"]);
    assert_eq!(desk.roots, [1, 0, 0]);
}

#[test]
fn a_view_of_decisions_follows_those_that_come_later() {
    let before = Desk::open(&posts()).keys("f1");
    let mut desk = Desk::open(&posts()).keys("/status:flagged<enter>");
    assert_eq!(desk.app.list.view.len(), 0);
    desk.happen(Event::Records(0, before.records.clone()));
    assert_eq!(desk.app.list.view.len(), 1);
}

#[test]
fn nothing_is_decided_where_nothing_can_be_saved() {
    let mut desk = Desk::open(&posts());
    desk.happen(Event::Replayed { read_only: Some("the folder is read-only".to_owned()) });
    assert!(desk.screen().contains("the folder is read-only"));
    desk.press("rf1nxu1<ctrl-r>j");
    assert!(desk.records.is_empty());
    assert!(desk.screen().contains("read-only"));
    assert_eq!(desk.app.list.cursor, 1, "browsing goes on");
}

#[test]
fn decisions_that_are_not_saved_keep_the_desk_open_once() {
    let mut desk = Desk::open(&posts());
    let now = jiff::Timestamp::from_second(1_790_000_000).unwrap();
    desk.app.update(Event::Key("r".parse().unwrap()), now);
    desk.happen(Event::NotSaved { why: "the disk is full".to_owned() });
    assert!(desk.screen().contains("NOT SAVED"));
    desk.press("q");
    assert!(!desk.ended);
    assert!(desk.screen().contains("the disk is full"));
    desk.press("q");
    assert!(desk.ended);
}

#[test]
fn pasted_text_is_text() {
    let mut desk = Desk::open(&posts());
    desk.happen(Event::Paste("qrfx\u{1b}[31m".to_owned()));
    assert!(!desk.ended && desk.records.is_empty());
    desk.press("/");
    desk.happen(Event::Paste("stack:go\nservices".to_owned()));
    assert_eq!(desk.app.list.text, "stack:go services");
}

#[test]
fn text_that_acts_is_shown_and_obeyed_by_nobody() {
    let hostile = r#"{"id":"x\u001b[2J","title":"safe\u202egnp.exe \u001b]0;owned\u0007","body":"a\u009b31mb\u0000\rc","stack":["\u202ego"]}"#;
    let mut desk = Desk::open(hostile);
    let screen = desk.screen();
    assert!(screen.contains("<U+202E>") && screen.contains("␛") && screen.contains("␀␍c"), "{screen}");
    assert!(!screen.contains(|c: char| c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}')));
}

#[test]
fn what_text_seeks_is_marked_in_the_article_and_gone_to() {
    let filler = "plain words in between. ".repeat(60);
    let body =
        format!("a first needle here\\n\\n{filler}\\n\\nthe second Needle\\n\\n{filler}\\n\\nno third");
    let text = format!(
        "{{\"id\":\"a\",\"title\":\"nothing\",\"body\":\"hay\"}}\n{{\"id\":\"b\",\"title\":\"hay\",\"body\":\"{body}\"}}\n"
    );
    let mut desk = Desk::open(&text).keys("/text:needle<enter>");
    assert!(desk.screen().contains("Posts 1 of 2"), "{}", desk.screen());
    let found = |desk: &mut Desk| {
        let style = copydesk::ui::Theme::default().found();
        let buffer = desk.draw();
        let cells = buffer
            .content()
            .iter()
            .filter(|cell| Some(cell.fg) == style.fg && cell.modifier == style.add_modifier);
        cells.map(ratatui::buffer::Cell::symbol).collect::<String>()
    };
    assert_eq!(found(&mut desk), "needle");
    desk.press("n");
    assert!(desk.screen().contains("Place 1 of 2"));
    desk.press("n");
    assert!(desk.screen().contains("the second Needle") && desk.screen().contains("Place 2 of 2"));
    assert_eq!(found(&mut desk), "Needle");
    desk.press("n");
    assert!(desk.screen().contains("a first needle"), "from the last on to the first");
    desk.press("N");
    assert!(desk.screen().contains("the second Needle"), "and back");
    desk.press("<esc>n");
    let is_note = matches!(desk.app.prompt, Some(copydesk::app::Prompt::Note { .. }));
    assert!(is_note, "without text: it is a note again");
}

#[test]
fn a_pattern_that_cannot_be_read_leaves_the_posts_as_they_are() {
    let mut desk = Desk::open(&posts()).keys("/text:/a(/");
    assert!(desk.app.list.error.as_ref().is_some_and(|error| error.to_string().contains("unclosed group")));
    assert!(desk.screen().contains("Posts "), "{}", desk.screen());
    desk.press("<backspace>");
    assert!(desk.app.list.error.as_ref().is_some_and(|error| error.incomplete), "not finished yet");
}

#[test]
fn no_more_rows_are_built_than_the_screen_has_lines() {
    let lines = (0..5_000).map(|n| format!("{{\"id\":{n},\"title\":\"post {n}\"}}\n"));
    let mut desk = Desk::open(&lines.collect::<String>());
    for (width, height) in [(120, 40), (80, 24), (200, 50), (30, 10)] {
        desk.resize(width, height);
        let shown = desk.screen().matches("○ post").count();
        let rows = desk.app.areas().list_rows();
        assert!((1..=rows).contains(&shown), "{shown} of {rows}");
        assert_eq!(copydesk::ui::rows_of_frame(&desk.app).len(), rows);
    }
}

#[test]
fn no_more_bodies_are_read_than_are_shown() {
    let lines = (0..5_000).map(|n| format!("{{\"id\":{n},\"title\":\"post {n}\",\"body\":\"b\"}}\n"));
    let mut desk = Desk::open(&lines.collect::<String>());
    assert_eq!(desk.reads, 1, "the first post");
    desk.press("jjjk");
    assert_eq!(desk.reads, 5);
    desk.press("/post 4<enter>");
    let shown = desk.reads;
    desk.press("zJKz<tab><tab>?<esc>");
    desk.resize(80, 24);
    assert_eq!(desk.reads, shown, "the same post is not read again");
    desk.press("/sort:-id<esc>");
    assert!(desk.reads <= shown + 10, "a letter shows one post at most");
}

/// So many posts, each with its number.
fn numbered(count: u32) -> String {
    let line = |n| format!("{{\"id\":\"i{n}\",\"title\":\"post {n}\",\"body\":\"b\"}}\n");
    (0..count).map(line).collect::<Vec<_>>().concat()
}

/// The same posts from another reading, as a file that was replaced gives them.
fn read_again(desk: &mut Desk, text: &str) -> Vec<Event> {
    let sources =
        copydesk::corpus::Sources::in_memory(vec![("posts.jsonl".to_owned(), text.as_bytes().to_vec())]);
    let mut events = Vec::new();
    copydesk::corpus::load(&sources, &mut |loaded| {
        if let copydesk::corpus::Loaded::Segment(segment) = loaded {
            events.push(Event::Segment(segment));
        }
        std::ops::ControlFlow::Continue(())
    });
    desk.happen(Event::Restarted(sources, None));
    events
}

#[test]
fn a_decision_is_never_made_on_another_post_than_was_seen() {
    let text = numbered(300);
    let mut desk = Desk::open(&text).keys("G");
    assert!(desk.screen().contains("i299"));
    let events = read_again(&mut desk, &text);
    // Before and while the posts come again.
    desk.press("r");
    let mut events = events.into_iter();
    desk.happen(events.next().unwrap());
    desk.press("r");
    assert_eq!(desk.said(), Vec::<String>::new(), "nobody has seen the first post");
    events.for_each(|event| desk.happen(event));
    desk.happen(Event::Loaded);
    assert_eq!(desk.said(), Vec::<String>::new(), "nor decided on what came back");
    assert!(desk.screen().contains("i299"));
    desk.press("r");
    assert_eq!(desk.said(), ["i299 status=reviewed"]);
}

#[test]
fn keys_held_for_posts_of_before_are_given_back() {
    let text = numbered(3);
    let mut desk = Desk::open(&text);
    let now = jiff::Timestamp::from_second(1_790_000_000).unwrap();
    // The text of the second post is still being read when the file is replaced.
    let asked = desk.app.update(Event::Key("j".parse().unwrap()), now);
    assert!(matches!(asked[0], copydesk::app::Effect::Read(..)));
    assert!(desk.app.update(Event::Key("r".parse().unwrap()), now).is_empty());
    for event in read_again(&mut desk, &text) {
        desk.happen(event);
    }
    desk.happen(Event::Loaded);
    assert_eq!(desk.said(), Vec::<String>::new());
    assert_eq!(desk.app.list.cursor, 1, "the cursor is where it was");
    desk.press("r");
    assert_eq!(desk.said(), ["i1 status=reviewed"]);
}

#[test]
fn an_answer_that_counts_for_nothing_is_asked_for_again() {
    let text = "{\"id\":\"a\",\"title\":\"a\",\"body\":\"b\"}\n{\"id\":\"b\",\"title\":\"b\",\"body\":\"b\"}\n{\"id\":\"c\"}";
    let mut desk = Desk::open(text);
    let now = jiff::Timestamp::from_second(1_790_000_000).unwrap();
    let asked = desk.app.update(Event::Key("j".parse().unwrap()), now);
    let copydesk::app::Effect::Read(row, reading) = asked[0] else { panic!("{asked:?}") };
    // The last line had no end, and more was written behind it.
    let covered = text.rfind('\n').unwrap() as u64 + 1;
    let sources = desk.app.sources.clone();
    let asked = desk.app.update(Event::Grown(sources, covered), now);
    let again = asked.iter().find_map(|effect| match effect {
        copydesk::app::Effect::Read(row, reading) => Some((*row, *reading)),
        _ => None,
    });
    let (row_again, reading_again) = again.unwrap_or_else(|| panic!("{asked:?}"));
    assert!(row_again == row && reading_again > reading);
}
