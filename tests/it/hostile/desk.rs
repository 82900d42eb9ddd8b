//! The screen without a terminal over hostile posts: every pane, popup and prompt is drawn and looked at.

use std::path::Path;

use copydesk::app::Area;
use copydesk::corpus::Sources;
use copydesk::review::{Record, ReviewLog};
use ratatui::buffer::Buffer;

use crate::hostile::bytes::forbidden_in;
use crate::support::Desk;

/// So many posts of a corpus are gone through.
const POSTS: usize = 48;

/// What is pressed at each post: scrolling, panes, the meta box alone, names of what is not seen, a tick,
/// a note that is given up.
const AT_EACH: &str = "JJK<tab><tab>zGgz<esc>ii1uef<esc><esc>";

/// And once: help, problems, history, queries.
const ONCE: &str = "?G<esc>pjjG<esc>HG<esc>/is:suspicious<enter><esc>/\u{202e}<enter><esc>/text:/./<enter>nN<esc>osort<esc>g";

/// Opens posts (and a log beside them), goes through everything, and gives all that was seen as text.
pub fn look(sources: Sources, log: Option<&Path>) -> String {
    let mut seen = String::new();
    for (width, height) in [(120, 40), (80, 24)] {
        let mut desk = Desk::of(sources.clone(), &log.map(records).unwrap_or_default()).size(width, height);
        for _ in 0..desk.app.corpus.len().min(POSTS) {
            for key in keys_of(AT_EACH) {
                desk.press(key);
                judge(&mut desk);
            }
            seen.push_str(&desk.screen());
            desk.press("j");
        }
        for key in keys_of(ONCE) {
            desk.press(key);
            judge(&mut desk);
            if key == "p" || key == "j" {
                seen.push_str(&desk.screen());
            }
        }
        for (width, height) in [(1, 1), (20, 5), (59, 13), (200, 60)] {
            desk.resize(width, height);
            judge(&mut desk);
        }
    }
    seen
}

fn records(log: &Path) -> Vec<Record> {
    let mut records = Vec::new();
    ReviewLog::open(log).replay(&mut |read| records.extend(read.map(|checked| checked.record))).unwrap();
    records
}

/// Signs one by one, names in `<>` as one.
fn keys_of(script: &'static str) -> impl Iterator<Item = &'static str> {
    let mut rest = script;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let length = if first == '<' { rest.find('>')? + 1 } else { first.len_utf8() };
        let (key, after) = rest.split_at(length);
        rest = after;
        Some(key)
    })
}

#[track_caller]
fn judge(desk: &mut Desk) {
    let areas = desk.app.areas();
    let is_covered = desk.app.popup.is_some() || desk.app.prompt.is_some() || desk.app.notice.is_some();
    let buffer = desk.draw().clone();
    for cell in buffer.content() {
        assert_eq!(forbidden_in(cell.symbol()), None, "{:?}", cell.symbol());
    }
    if !is_covered {
        for area in [areas.list, areas.article, areas.meta, areas.checklist] {
            assert_frame(&buffer, area);
        }
    }
}

/// The frame stands where the areas say.
#[track_caller]
fn assert_frame(buffer: &Buffer, area: Area) {
    if area.width < 2 || area.height < 2 {
        return;
    }
    let (right, bottom) = (area.x + area.width - 1, area.y + area.height - 1);
    let at = |x: u16, y: u16| buffer[(x, y)].symbol().to_owned();
    let corners = [at(area.x, area.y), at(right, area.y), at(area.x, bottom), at(right, bottom)];
    assert_eq!(corners, ["╭", "╮", "╰", "╯"], "{area:?}");
    for y in area.y + 1..bottom {
        assert_eq!(at(area.x, y), "│");
        assert!(["│", "┃"].contains(&at(right, y).as_str()), "{:?}", at(right, y));
    }
    for x in area.x + 1..right {
        assert_eq!(at(x, bottom), "─");
    }
}
