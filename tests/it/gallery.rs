//! Every screen that matters, at three sizes and in four looks: nothing is cut, covered, pale or told by a
//! colour alone. `COPYDESK_GALLERY=DIR cargo test --test it gallery::` draws all of them to be looked at.

use std::fmt::Write;
use std::path::PathBuf;

use crate::support::svg::{self, Ground};
use crate::support::{Desk, grouped};
use copydesk::app::{Area, Pane};
use copydesk::corpus::Sources;
use copydesk::generate::{Form, Output, Request, write_posts};
use copydesk::model::Status;
use copydesk::ui::{Palette, Theme, ThemeChoice};
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 50)];

/// A screen: the keys that lead to it, and words that are on it at every size.
const SCREENS: [(&str, &str, &[&str]); 7] = [
    ("desk", "", &["title", "score", "Meta", "Checklist 2/", "r reviewed", "? help", "/ 419"]),
    ("facets", "F", &["Facets of all 4", "values", "posts", "share", "enter filter", "esc close"]),
    (
        "bulk",
        "vjjjvf",
        &["Flag 4 posts: why?", "now: 4 unreviewed", "4 language", "reason", "note", "esc give up"],
    ),
    ("palette", ":", &["type letters of a name", "j down", "previous-unreviewed", "the next post"]),
    (
        "help",
        "?",
        &["Help: type what you seek", "Here: the list", "fit to go out", "letters seek", "esc close"],
    ),
    ("numbers", "d", &["Numbers", "unreviewed", "flagged", "Pace of mara", "2026-09-21", "esc close"]),
    (
        "error",
        "/stak:go score>=60",
        &["> stak:go score>=60", "there is no field \"stak\"; did you mean stack?"],
    ),
];

struct Look {
    name: &'static str,
    theme: Theme,
    ground: Ground,
    /// What usual palettes make pale on this background, or the same as it.
    pale: &'static [Color],
}

fn looks() -> [Look; 4] {
    const DARK: &[Color] = &[Color::Black, Color::DarkGray, Color::Blue, Color::Red, Color::Magenta];
    const LIGHT: &[Color] = &[
        Color::White,
        Color::Gray,
        Color::DarkGray,
        Color::Green,
        Color::Yellow,
        Color::Cyan,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightCyan,
    ];
    let dark = Theme::chosen(ThemeChoice::Dark, Palette::Sixteen, false);
    let light = Theme::chosen(ThemeChoice::Light, Palette::Sixteen, false);
    let ascii = Theme { ascii: true, ..dark };
    let look = |name, theme, ground, pale| Look { name, theme, ground, pale };
    [
        look("dark", dark, svg::DARK, DARK),
        look("light", light, svg::LIGHT, LIGHT),
        look("no-color", Theme::plain(), svg::DARK, DARK),
        look("ascii", ascii, svg::DARK, DARK),
    ]
}

/// Posts of the generator, in letters that the ASCII look leaves as they are.
fn posts() -> Vec<u8> {
    let mut made = Vec::new();
    let request = Request { seed: 1, first: 1, count: 420 };
    let mut to = Output { name: "posts".to_owned(), to: &mut made };
    write_posts(&request, Form::Jsonl, &mut to, None, &mut |_| {}).unwrap();
    let text = String::from_utf8(made).unwrap();
    let plain = text.lines().filter(|line| !line.contains("\\u")).flat_map(|line| [line, "\n"]);
    plain
        .collect::<String>()
        .chars()
        .map(|c| if c.is_ascii() { c } else { '-' })
        .collect::<String>()
        .into_bytes()
}

/// A desk on which one post of each status is seen.
fn desk() -> Desk {
    let mut desk = Desk::of(Sources::in_memory(vec![("posts.jsonl".to_owned(), posts())]), &[]);
    desk.press("rjrf2sr12<esc>");
    desk
}

/// The screen as it is read, cell by cell.
fn text_of(buffer: &Buffer) -> String {
    let line = |y| (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (0..buffer.area.height).map(|y| line(y) + "\n").collect()
}

/// The colour of a letter and that behind it, as they are sent.
fn seen(cell: &Cell) -> (Color, Color) {
    if cell.modifier.contains(Modifier::REVERSED) { (cell.bg, cell.fg) } else { (cell.fg, cell.bg) }
}

/// What is wrong with a frame, its corners first.
fn frame_is_closed(buffer: &Buffer, area: Area, ascii: bool) -> Result<(), String> {
    let (right, bottom) = (area.x + area.width - 1, area.y + area.height - 1);
    let at = |x, y| buffer[(x, y)].symbol();
    let corners = [at(area.x, area.y), at(right, area.y), at(area.x, bottom), at(right, bottom)];
    let (expected, sides) =
        if ascii { (["+"; 4], ["|", "#"]) } else { (["╭", "╮", "╰", "╯"], ["│", "┃"]) };
    if corners != expected {
        return Err(format!("corners {corners:?}"));
    }
    for y in area.y + 1..bottom {
        if ![area.x, right].iter().all(|x| sides.contains(&at(*x, y))) {
            return Err(format!("line {y} has {:?} and {:?}", at(area.x, y), at(right, y)));
        }
    }
    let title: String = (area.x..=right).map(|x| at(x, area.y)).collect();
    if title.contains(if ascii { '~' } else { '…' }) {
        Err(format!("a title is cut: {title}"))
    } else {
        Ok(())
    }
}

/// The frames that nothing lies over.
fn open_frames(desk: &Desk, screen: &str) -> Vec<Area> {
    let app = &desk.app;
    match screen {
        "facets" | "help" | "numbers" => vec![app.popup_area()],
        "palette" => match &app.prompt {
            Some(copydesk::app::Prompt::Command(palette)) => vec![app.palette_list(palette).0],
            _ => panic!("the palette is open"),
        },
        "bulk" => match &app.prompt {
            Some(copydesk::app::Prompt::Bulk(prompt)) => {
                // What it is about stays in sight: the article where it is above the box, the list beside it.
                let areas = app.areas();
                let seen = if areas.screen.width < 160 { areas.article } else { areas.list };
                vec![seen, app.box_area(app.bulk_height(prompt))]
            }
            _ => panic!("the question is open"),
        },
        _ => Pane::ALL.map(|pane| app.areas().pane(pane)).to_vec(),
    }
}

fn look_at(
    desk: &mut Desk,
    (name, words): (&str, &[&str]),
    (width, height): (u16, u16),
    look: &Look,
) -> String {
    let frames = open_frames(desk, name);
    let popup = desk.app.popup.map(|_| desk.app.popup_area());
    let buffer = desk.draw_in(&look.theme).clone();
    let shown = text_of(&buffer);
    let what = format!("{name} at {width}x{height}, {}:\n{shown}", look.name);
    for word in words {
        assert!(shown.contains(word), "{word:?} is not on {what}");
    }
    for frame in frames {
        frame_is_closed(&buffer, frame, look.theme.ascii).unwrap_or_else(|error| panic!("{error}: {what}"));
    }
    for cell in &buffer.content {
        let (fore, back) = seen(cell);
        assert!(fore != back || fore == Color::Reset, "{:?} cannot be seen on {what}", cell.symbol());
        assert!(![fore, back].iter().any(|it| look.pale.contains(it)), "{fore:?} {:?} {what}", cell.symbol());
        assert!(!look.theme.ascii || cell.symbol().is_ascii(), "{:?} {what}", cell.symbol());
        let is_coloured = cell.fg != Color::Reset || cell.bg != Color::Reset;
        assert!(look.theme.palette != Palette::None || !is_coloured, "{:?} {what}", cell.symbol());
    }
    // What lies behind a popup is not louder than the popup.
    for (x, y) in (0..width).flat_map(|x| (1..height - 1).map(move |y| (x, y))) {
        let is_behind = popup.is_some_and(|popup| !popup.contains(x, y));
        assert!(!is_behind || buffer[(x, y)].modifier == Modifier::DIM, "{x},{y} {what}");
    }
    let lines: Vec<&str> = shown.lines().collect();
    let is_whole = |line: &str| !line.contains(['…', '~']) || line.contains(" ~");
    assert!(is_whole(lines[0]) && is_whole(lines[lines.len() - 1]), "header or footer is cut: {what}");
    svg::draw(&buffer, look.ground)
}

#[test]
fn every_screen_is_whole_at_every_size_and_in_every_look() {
    let folder = std::env::var_os("COPYDESK_GALLERY").map(PathBuf::from);
    let mut index = "<!doctype html><title>copydesk</title><body style=\"background:#888\">\n".to_owned();
    let mut count = 0;
    for (name, keys, words) in SCREENS {
        for (width, height) in SIZES {
            let mut desk = desk().size(width, height).keys(keys);
            for look in looks() {
                let picture = look_at(&mut desk, (name, words), (width, height), &look);
                let file = format!("{name}-{width}x{height}-{}.svg", look.name);
                writeln!(index, "<h2>{file}</h2><img src=\"{file}\">").unwrap();
                if let Some(folder) = &folder {
                    std::fs::create_dir_all(folder).unwrap();
                    std::fs::write(folder.join(file), picture).unwrap();
                }
                count += 1;
            }
        }
    }
    assert_eq!(count, 84);
    if let Some(folder) = folder {
        std::fs::write(folder.join("index.html"), index).unwrap();
    }
}

#[test]
fn a_status_is_told_by_its_sign_in_every_look() {
    for look in looks() {
        for (width, height) in SIZES {
            let mut desk = desk().size(width, height);
            let shown = text_of(desk.draw_in(&look.theme));
            let list: Vec<char> =
                shown.lines().filter_map(|line| line.chars().nth(2)).filter(|sign| *sign != ' ').collect();
            for status in Status::ALL {
                let sign = match (look.theme.ascii, status) {
                    (false, status) => status.glyph(),
                    (true, Status::Unreviewed) => "o",
                    (true, Status::Reviewed) => "*",
                    (true, Status::Flagged) => "F",
                    (true, _) => ">",
                };
                let sign = sign.chars().next().unwrap();
                assert!(list.contains(&sign), "{status} {}: {shown}", look.name);
            }
        }
    }
}

#[test]
fn heads_stand_over_their_columns_and_tell_the_order() {
    let line =
        |desk: &mut Desk, at| desk.screen().lines().nth(at).unwrap().chars().take(50).collect::<String>();
    let head = |desk: &mut Desk| line(desk, 3);
    let mut desk = desk();
    let at = |line: &str, words: &str| line[..line.find(words).unwrap()].chars().count();
    let (heads, row) = (head(&mut desk), line(&mut desk, 4));
    assert_eq!(at(&heads, "title"), at(&row, "everything"), "{heads}\n{row}");
    assert_eq!(at(&heads, "stack"), at(&row, "rust ser"), "{heads}\n{row}");
    assert_eq!(at(&heads, "score") + "score".len(), at(&row, "82") + "82".len(), "{heads}\n{row}");
    for (query, expected) in [
        ("sort:-score", "score ↓"),
        ("sort:title", "title ↑"),
        ("sort:-lang", "lang ↓"),
        ("sort:-decided", "title, by decided ↓"),
        ("sort:-views", "views ↓"),
        ("sort:revised", "revised ↑"),
    ] {
        desk.press(&format!("/<ctrl-u>{query}<enter>"));
        assert!(head(&mut desk).contains(expected), "{query}: {}", desk.screen());
    }
    let revised = desk.screen();
    assert!(revised.lines().nth(4).unwrap().chars().take(49).collect::<String>().contains("-0"), "{revised}");
    // Where there is little room, posts come first.
    desk.resize(80, 20);
    assert!(!desk.screen().contains("  title"), "{}", desk.screen());
    let counted = grouped(desk.app.list.view.len());
    assert!(desk.screen().contains(&format!("/ {counted}")), "{}", desk.screen());
}

#[test]
fn a_flag_tells_its_reason_where_there_is_room() {
    let mut desk = desk();
    let flagged = |desk: &mut Desk| {
        let screen = desk.screen();
        let line = screen.lines().find(|line| line.starts_with("│ ⚑")).unwrap_or_else(|| panic!("{screen}"));
        line.chars().take(50).collect::<String>()
    };
    assert!(flagged(&mut desk).contains(" image "), "{}", desk.screen());
    assert!(!flagged(&mut desk.size(80, 24)).contains(" image "));
}

#[test]
fn the_article_tells_how_far_it_was_read() {
    let mut desk = Desk::open(&crate::support::posts()).size(80, 24);
    let part = |desk: &mut Desk| {
        let top = desk.screen().lines().nth(1).unwrap().to_owned();
        top.rsplit_once(" % ").map(|(before, _)| before.rsplit(' ').next().unwrap().parse::<u8>().unwrap())
    };
    let first = part(&mut desk).unwrap();
    desk.press("J");
    let next = part(&mut desk).unwrap();
    assert!(0 < first && first < next && next <= 100, "{first} {next}");
    desk.press("<tab>G");
    assert_eq!(part(&mut desk), Some(100));
    // An article that is all there says nothing.
    assert_eq!(part(&mut Desk::open(&crate::support::posts()).size(200, 50)), None);
}
