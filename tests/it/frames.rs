//! Every size of the screen with everything that can be on it: nothing breaks, and nothing is drawn
//! where it has no room.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::support::{Desk, posts};
use copydesk::app::{App, Pane, Popup, PopupKind, Prompt};
use copydesk::ui::{self, Theme};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What can be on the screen, and the keys that bring it there. A new prompt or popup gets a row; the
/// two tests below it fail until it has one.
const SCREENS: [(&str, &str); 40] = [
    ("the desk", ""),
    ("the article", "<tab>"),
    ("the meta box", "<tab><tab>"),
    ("the checklist", "<tab><tab><tab>"),
    ("the list alone", "z"),
    ("the article alone", "<tab>z"),
    ("the meta box alone", "<tab><tab>z"),
    ("the checklist alone", "<tab><tab><tab>z"),
    ("decisions", "rf2sx"),
    ("a filter", "/stack:python"),
    ("a filter with a mistake", "/nosuch:x"),
    ("a filter that nothing passes", "/zzzzzz<enter>"),
    ("fields that could be typed", "/<tab>"),
    ("values that could be typed", "/stack:<tab><tab>"),
    ("nothing that could be typed", "/claimed:aproved<tab>"),
    ("the order", "o"),
    ("a text that is sought", "/text:opening<enter>n"),
    ("a flag", "f"),
    ("the reason of a flag, typed", "fa reason that is longer than the line, and goes on for a while"),
    ("the note of a flag", "f<tab>a note"),
    ("a note", "e"),
    ("a long note", "ea note that is longer than the box, and goes on, and on, and on, for a while yet"),
    ("a refusal", "uuu"),
    ("the help", "?"),
    ("the end of the help", "?<end>"),
    ("the problems", "p"),
    ("the history", "rkH"),
    ("the numbers", "rd"),
    ("the facets", "F"),
    ("the facets, filtered", "/a<enter>F<enter>-llll"),
    ("the named queries", "/score>50<enter>:save good<enter>Q"),
    ("the links", "b"),
    ("a link that is to be opened", "b1"),
    ("marks", "<space><space>"),
    ("a decision on the marked", "*r"),
    ("a flag for the marked", "*f"),
    ("the palette", ":"),
    ("the palette, some letters on", ":mark flagged why=image where sc"),
    ("words in the article", "<tab>/open"),
    ("what is not seen, named", "i"),
];

/// Posts, the first of which has links and a sign that is not seen.
fn with_a_link() -> String {
    let links =
        "\"url\":\"https://example.org/a\",\"more\":\"https://example.org/b\",\"sign\":\"a\u{200d}b\"";
    posts().replacen("\"notes\":", &format!("{links},\"notes\":"), 1)
}

/// A frame of a desk, and whatever was drawn beside it.
fn drawn(app: &App, width: u16, height: u16) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| ui::draw(frame, app, &Theme::default())).unwrap();
    let buffer = terminal.backend().buffer();
    assert_eq!(buffer.area, Rect { x: 0, y: 0, width, height });
    buffer.clone()
}

#[test]
fn every_size_holds_every_screen() {
    let mut frames = 0;
    for (name, script) in SCREENS {
        // A record that cannot be read is among them, so that there is a problem to show.
        let mut desk = Desk::open(&format!("{}{{\"id\":3\n", with_a_link())).keys(script);
        for width in 0..=40 {
            for height in 0..=20 {
                let frame = catch_unwind(AssertUnwindSafe(|| {
                    desk.resize(width, height);
                    drawn(&desk.app, width, height)
                }));
                let Ok(frame) = frame else { panic!("{name} at {width}x{height} broke off") };
                // A letter of two columns in the last one would push what follows off its place.
                for y in 0..height {
                    let last = width.checked_sub(1).map(|x| frame[(x, y)].symbol());
                    let columns = last.map_or(0, unicode_width::UnicodeWidthStr::width);
                    assert!(
                        columns <= 1,
                        "{name} at {width}x{height}: {last:?} in the last column of line {y}"
                    );
                }
                frames += 1;
            }
        }
    }
    assert_eq!(frames, SCREENS.len() * 41 * 21);
}

/// A screen that was every size there is shows the same as one that was always this size.
#[test]
fn a_size_leaves_no_trace() {
    for (name, script) in SCREENS {
        let mut desk = Desk::open(&with_a_link()).keys(script);
        let before = desk.draw().clone();
        for (width, height) in [(1, 1), (40, 20), (0, 0), (200, 60), (79, 13), (3, 90), (120, 40)] {
            desk.resize(width, height);
        }
        assert_eq!(*desk.draw(), before, "{name}");
    }
}

#[test]
fn the_table_has_every_prompt_and_every_popup() {
    let (mut prompts, mut popups, mut alone) = ([false; 7], [false; 7], [false; 4]);
    for (_, script) in SCREENS {
        let desk = Desk::open(&with_a_link()).keys(script);
        let prompt = desk.app.prompt.as_ref().map(|prompt| match prompt {
            Prompt::Filter { .. } => 0,
            Prompt::Flag(_) => 1,
            Prompt::Note { .. } => 2,
            Prompt::Bulk(_) => 3,
            Prompt::Search { .. } => 4,
            Prompt::Command(_) => 5,
            Prompt::Link(_) => 6,
        });
        let popup = desk.app.popup.map(|popup: Popup| match popup.kind {
            PopupKind::Help => 0,
            PopupKind::Problems => 1,
            PopupKind::History => 2,
            PopupKind::Numbers => 3,
            PopupKind::Links => 4,
            PopupKind::Facets => 5,
            PopupKind::Queries => 6,
        });
        prompt.into_iter().for_each(|at| prompts[at] = true);
        popup.into_iter().for_each(|at| popups[at] = true);
        if desk.app.zoomed {
            alone[Pane::ALL.iter().position(|pane| *pane == desk.app.focus).unwrap()] = true;
        }
    }
    assert_eq!((prompts, popups, alone), ([true; 7], [true; 7], [true; 4]));
}
