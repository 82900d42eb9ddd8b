//! Themes, signs in ASCII, the border of the list and the mouse.

use crate::support::{Desk, posts};
use copydesk::app::{Areas, Effect, Event, Keymap, Mouse, MouseKind, Pane, Settings};
use copydesk::ui::{self, Palette, Theme, ThemeChoice};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Color;

/// Key scripts that together open everything there is to see.
const SCRIPTS: [&str; 9] = ["rfjz", "f", "?", "?G", "p", "H", "rd", "/nosuch:", "s/stack:go score>="];

fn drawn(desk: &Desk, theme: &Theme, (width, height): (u16, u16)) -> ratatui::buffer::Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| ui::draw(frame, &desk.app, theme)).unwrap();
    terminal.backend().buffer().clone()
}

#[test]
fn every_sign_of_ours_has_an_ascii_one_where_it_is() {
    let theme = Theme { ascii: true, ..Theme::default() };
    for size in [(120, 40), (80, 24), (200, 50), (40, 12)] {
        for script in SCRIPTS {
            let desk = Desk::open(&posts()).size(size.0, size.1).keys(script);
            let (ascii, usual) = (drawn(&desk, &theme, size), drawn(&desk, &Theme::default(), size));
            for (cell, before) in ascii.content.iter().zip(&usual.content) {
                assert!(cell.symbol().is_ascii(), "{:?} after {script}", cell.symbol());
                assert_eq!(cell.fg, before.fg, "only signs change");
            }
        }
    }
}

#[test]
fn a_theme_without_colours_colours_no_cell() {
    for theme in [Theme::plain(), Theme::chosen(ThemeChoice::Contrast, Palette::True, false)] {
        for script in SCRIPTS {
            let desk = Desk::open(&posts()).keys(script);
            let buffer = drawn(&desk, &theme, (120, 40));
            assert!(buffer.content.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
        }
    }
}

#[test]
fn themes_keep_to_their_palette() {
    let desk = Desk::open(&posts()).keys("rf2j");
    let colours = |choice, palette| -> Vec<Color> {
        drawn(&desk, &Theme::chosen(choice, palette, false), (120, 40))
            .content
            .iter()
            .map(|cell| cell.fg)
            .collect()
    };
    let (dark, light) =
        (colours(ThemeChoice::Dark, Palette::Sixteen), colours(ThemeChoice::Light, Palette::Sixteen));
    assert_ne!(dark, light);
    assert!(dark.iter().chain(&light).all(|colour| !matches!(colour, Color::Rgb(..))));
    // Yellow and cyan cannot be read on white.
    assert!(!light.iter().any(|colour| matches!(colour, Color::Yellow | Color::Cyan)));
    assert!(colours(ThemeChoice::Dark, Palette::True).iter().any(|colour| matches!(colour, Color::Rgb(..))));
}

#[test]
fn the_border_of_the_list_is_dragged_and_pushed() {
    let mut desk = Desk::open(&posts());
    let list = |desk: &Desk| desk.app.areas().list.width;
    let usual = list(&desk);
    desk.press(">");
    assert!(list(&desk) > usual);
    desk.press("<");
    let mouse = |desk: &mut Desk, kind, x| desk.happen(Event::Mouse(Mouse { kind, x, y: 5 }));
    let border = list(&desk);
    mouse(&mut desk, MouseKind::Click, border);
    mouse(&mut desk, MouseKind::Release, 80);
    assert_eq!(list(&desk), 120 * 66 / 100, "80 columns are 66 per cent");
    // A click elsewhere drags nothing, and no border leaves the screen.
    mouse(&mut desk, MouseKind::Click, 10);
    mouse(&mut desk, MouseKind::Release, 60);
    assert_eq!(list(&desk), 120 * 66 / 100);
    desk.press("<<<<<<<<<<<<<<<<<<<<<<<<");
    assert_eq!(list(&desk), 120 * 15 / 100);
    desk.press(">>>>>>>>>>>>>>>>>>>>>>>>");
    assert_eq!(list(&desk), 120 * 80 / 100);
    assert!(desk.screen().contains("list-width = 80 in the settings keeps it so"), "{}", desk.screen());
    // The settings have it from the start, and have it again.
    desk.press(":set list-width 50<enter>");
    assert_eq!(list(&desk), 60);
    desk.press(">:set list-width 0<enter>");
    assert_eq!(list(&desk), usual);
    let settings = Settings { list_width: 30, ..Settings::default() };
    assert_eq!(list(&Desk::with(Keymap::built_in(), settings, &posts())), 36);
    let mut zoomed = Desk::open(&posts()).keys("z>");
    assert!(zoomed.screen().contains("no border"));
    assert_eq!(zoomed.app.areas(), Areas::of(120, 40, Pane::List, true, None));
}

#[test]
fn the_mouse_is_given_back_by_a_key() {
    let mut desk = Desk::open(&posts());
    let now = jiff::Timestamp::UNIX_EPOCH;
    let press = |desk: &mut Desk| {
        let effects = desk.app.update(Event::Key(copydesk::app::KeyPress::char('m')), now);
        matches!(effects[..], [Effect::Mouse(on)] if on == desk.app.has_mouse)
    };
    assert!(press(&mut desk) && !desk.app.has_mouse);
    assert!(press(&mut desk) && desk.app.has_mouse);
}

#[test]
fn a_terminal_that_is_light_is_believed_and_its_answer_is_no_key() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let mut terminal =
        crate::support::terminal::Terminal::start(folder.path(), &["--theme", "auto", "posts.jsonl"]);
    terminal.until(&["Posts 5", "saved ✓"]);
    assert!(String::from_utf8_lossy(&terminal.written).contains("\u{1b}]11;?\u{1b}\\"));
    // Typed before the answer, and behind it.
    terminal.keys("j\u{1b}]11;rgb:ffff/ffff/ffff\u{1b}\\\u{1b}[?62;22cj");
    terminal.until(&["3 / 5"]);
    let name = terminal.screen.screen().cell(0, 1).unwrap();
    assert_eq!((name.contents(), name.fgcolor()), ("c", vt100::Color::Idx(4)), "blue, and not cyan");
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    assert!(!folder.path().join("posts.jsonl.reviews.jsonl").exists(), "no letter of it decided anything");
}
