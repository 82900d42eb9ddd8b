//! Sizes at random with keys arriving in between: no panic, no key lost, and the last frame is the one
//! that a program shows which never had another size.

use std::time::Duration;

use crate::Outcome;
use crate::desk::{self, Random};
use crate::terminal::Terminal;

const POSTS: usize = 30;

pub(crate) fn run(rounds: usize) -> Outcome {
    let mut random = Random::new();
    let folder = desk::folder(POSTS);
    let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
    terminal.until(&["Posts 30", "saved ✓"]);
    let (mut cursor, mut keys) = (0_usize, 0);
    for _ in 0..rounds {
        terminal.resize_unseen(
            u16::try_from(1 + random.below(220)).unwrap(),
            u16::try_from(1 + random.below(70)).unwrap(),
        );
        for _ in 0..random.below(6) {
            let down = random.below(2) == 0;
            cursor = if down { (cursor + 1).min(POSTS - 1) } else { cursor.saturating_sub(1) };
            terminal.keys(if down { "j" } else { "k" });
            keys += 1;
        }
        terminal.listen(Duration::from_millis(u64::try_from(random.below(4)).unwrap()));
    }
    terminal.resize_unseen(120, 40);
    terminal.screen = vt100::Parser::new(40, 120, 0);
    terminal.until(&[&format!("{} / 30", cursor + 1), &format!("words of {}", cursor + 1)]);
    terminal.listen(Duration::from_millis(200));
    let mut fresh = Terminal::start(folder.path(), &["posts.jsonl"]);
    fresh.until(&["Posts 30", "saved ✓"]);
    fresh.keys(&"j".repeat(cursor));
    fresh.until(&[&format!("{} / 30", cursor + 1), &format!("words of {}", cursor + 1)]);
    fresh.listen(Duration::from_millis(200));
    let (last, first) = (cells(&terminal), cells(&fresh));
    if let Some(at) = (0..last.len()).find(|at| last[*at] != first[*at]) {
        let (x, y) = (at % 120, at / 120);
        return Outcome::Broken(format!("column {x} of line {y} is {} instead of {}", last[at], first[at]));
    }
    for terminal in [&mut terminal, &mut fresh] {
        terminal.keys("q");
        let code = terminal.end();
        if code != 0 {
            return Outcome::Broken(format!("it ended with {code}"));
        }
    }
    Outcome::Held(format!(
        "{rounds} sizes, {keys} keys, none lost; the last frame is that of a fresh program"
    ))
}

/// Every cell with its style; a blank is a blank, whether it was written or wiped.
fn cells(terminal: &Terminal) -> Vec<String> {
    let screen = terminal.screen.screen();
    let cell = |at: u16| {
        let cell = screen.cell(at / 120, at % 120).unwrap();
        let (fg, bg) = (cell.fgcolor(), cell.bgcolor());
        let style = (cell.bold(), cell.dim(), cell.italic(), cell.underline(), cell.inverse());
        match cell.contents().trim() {
            "" if !cell.inverse() => format!("blank {bg:?}"),
            text => format!("{text:?} {fg:?} {bg:?} {style:?}"),
        }
    };
    (0..40 * 120).map(cell).collect()
}
