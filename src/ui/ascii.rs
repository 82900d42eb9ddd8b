//! Frames and signs of our own in ASCII, for terminals and fonts that have no others. The words of the
//! posts stay as they are.

use ratatui::buffer::Buffer;

/// What stands for what. Each is one column wide, so nothing moves.
const SIGNS: &[(&str, &str)] = &[
    ("─", "-"),
    ("│", "|"),
    ("╭╮╰╯┌┐└┘├┤┬┴┼", "+"),
    ("┃", "#"),
    ("█▉▊▋▌", "#"),
    ("▍▎▏", "-"),
    ("▸›↪", ">"),
    ("▣", "@"),
    ("●", "*"),
    ("○", "o"),
    ("⚑", "F"),
    ("»", ">"),
    ("≠", "%"),
    ("⚠", "!"),
    ("✓", "+"),
    ("✗", "x"),
    ("•·", "."),
    ("…", "~"),
    ("—", "-"),
    ("↑", "^"),
    ("↓", "v"),
    ("×", "x"),
];

/// Turns every sign of ours on the screen into ASCII.
pub(super) fn fold(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if cell.symbol().is_ascii() {
            continue;
        }
        if let Some((_, ascii)) = SIGNS.iter().find(|(signs, _)| signs.contains(cell.symbol())) {
            cell.set_symbol(ascii);
        }
    }
}
