//! The real program over everything hostile at once, in a pseudo-terminal, looked at through an emulator and,
//! byte by byte, without one.

use std::fs;
use std::path::Path;
use std::time::Duration;

use copydesk::app::{Area, Areas, Pane};

use crate::hostile::bytes::offence_on_screen;
use crate::hostile::inputs::{Make, inputs};
use crate::support::terminal::Terminal;

/// How long the program must have written nothing before the screen is looked at.
const QUIET: Duration = Duration::from_millis(25);
const PATIENCE: Duration = Duration::from_secs(60);

/// The fixtures that are JSONL with at least a post.
fn corpus(folder: &Path) -> usize {
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/hostile/inputs");
    let mut all = Vec::new();
    let mut posts = 0;
    for input in self::inputs() {
        if let (Make::File(name), Some(count)) = (input.make, input.posts)
            && Path::new(name).extension().is_some_and(|end| end == "jsonl")
            && !name.contains("cut-")
            && count > 1
            && count < 20
        {
            all.extend(fs::read(inputs.join(name)).unwrap());
            all.push(b'\n');
            posts += count;
        }
    }
    fs::write(folder.join("posts.jsonl"), all).unwrap();
    // Its decisions are hostile as well.
    let log = fs::read_to_string(inputs.join("61-hostile.log")).unwrap();
    fs::write(
        folder.join("posts.jsonl.reviews.jsonl"),
        log.replace("desk-001", "h").replace("desk-002", "good"),
    )
    .unwrap();
    posts
}

/// The frames stand where the areas say, whatever is in them; the modes of the terminal are ours.
#[track_caller]
fn judge(terminal: &Terminal, (width, height): (u16, u16), (focus, zoomed): (Pane, bool)) {
    let screen = terminal.screen.screen();
    assert!(screen.alternate_screen() && screen.bracketed_paste());
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::PressRelease);
    assert!(!screen.application_cursor() && !screen.application_keypad());
    let areas = Areas::of(width, height, focus, zoomed, None);
    for area in [areas.list, areas.article, areas.meta, areas.checklist] {
        assert_frame(screen, area);
    }
}

#[track_caller]
fn assert_frame(screen: &vt100::Screen, area: Area) {
    if area.width < 2 || area.height < 2 {
        return;
    }
    let (right, bottom) = (area.x + area.width - 1, area.y + area.height - 1);
    let at = |x: u16, y: u16| screen.cell(y, x).map(|cell| cell.contents().to_owned()).unwrap_or_default();
    let row = |y: u16| screen.rows(0, 400).nth(usize::from(y)).unwrap_or_default();
    for (x, y, sign) in
        [(area.x, area.y, "╭"), (right, area.y, "╮"), (area.x, bottom, "╰"), (right, bottom, "╯")]
    {
        assert_eq!(at(x, y), sign, "column {x} of {:?}", row(y));
    }
    for y in area.y + 1..bottom {
        assert_eq!(at(area.x, y), "│", "line {y}: {:?}", row(y));
        assert!(["│", "┃"].contains(&at(right, y).as_str()), "column {right}, line {y}: {:?}", row(y));
    }
    for x in area.x + 1..right {
        assert_eq!(at(x, bottom), "─", "column {x} of {:?}", row(bottom));
    }
}

fn press(terminal: &mut Terminal, keys: &str) {
    terminal.keys(keys);
    terminal.watch(QUIET, PATIENCE, |_| true).unwrap();
}

/// Goes through every post, pane, popup and prompt.
fn tour(size: (u16, u16)) {
    let folder = tempfile::tempdir().unwrap();
    let posts = corpus(folder.path());
    let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
    terminal.until(&["Posts", "saved"]);
    terminal.resize(size.0, size.1);
    let list = (Pane::List, false);
    press(&mut terminal, "?");
    // An ESC alone would be waited for: more may come behind it.
    press(&mut terminal, "?");
    for _ in 0..posts {
        press(&mut terminal, "J");
        judge(&terminal, size, list);
        press(&mut terminal, "K");
        judge(&terminal, size, list);
        press(&mut terminal, "j");
        judge(&terminal, size, list);
    }
    press(&mut terminal, "G");
    press(&mut terminal, "z");
    judge(&terminal, size, (Pane::List, true));
    press(&mut terminal, "zi");
    // The next key takes the sentence away that lies over the frames.
    press(&mut terminal, "k");
    judge(&terminal, size, list);
    for keys in ["p", "G", "k", "q", "H", "H", "e\u{3}", "f\u{3}", "k"] {
        press(&mut terminal, keys);
    }
    judge(&terminal, size, list);
    // Hostile words as a filter, pasted: they are text, whatever they hold.
    press(&mut terminal, "/");
    press(&mut terminal, "\u{1b}[200~q\u{202e}\u{7}\u{9b}31m\u{200b}x\u{1b}[201~");
    press(&mut terminal, "\u{15}");
    press(&mut terminal, "is:suspicious\r");
    press(&mut terminal, "jjjkkk");
    judge(&terminal, size, list);
    // A paste without a prompt does nothing, not even with a `q` in it.
    press(&mut terminal, "\u{1b}[200~qqq\u{1b}[201~");
    // Replies of a terminal, floods of the mouse, keys that are none.
    press(&mut terminal, "\u{1b}[?1;2c\u{1b}P>|xterm\u{1b}\\\u{1b}]11;rgb:0000/0000/0000\u{1b}\\");
    press(&mut terminal, &"\u{1b}[<64;10;10M".repeat(500));
    press(&mut terminal, "/\u{15}\r");
    press(&mut terminal, "g");
    judge(&terminal, size, list);
    terminal.keys("q");
    let code = terminal.end();
    assert_eq!(code, 0, "{}", terminal.screen.screen().contents());
    let screen = terminal.screen.screen();
    assert!(!screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor());
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    assert_eq!(offence_on_screen(&terminal.written), None);
    assert_eq!(screen.contents().trim(), "");
}

#[test]
fn the_screen_stays_whole() {
    tour((120, 40));
    tour((80, 24));
}
