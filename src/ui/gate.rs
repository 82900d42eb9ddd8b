//! The last look at a frame before it is sent: nothing that acts on a terminal is in it, whatever drew it,
//! and text that terminals do not agree about cannot push a frame aside.

use ratatui::buffer::{Buffer, CellDiffOption};

use crate::model::safe;
use crate::model::text::is_disputed;

/// Stands for text that was drawn without being made safe.
const REPLACED: &str = "\u{fffd}";

/// Looks at every cell.
pub(super) fn settle(buffer: &mut Buffer) {
    let width = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(width) {
        let mut is_behind = false;
        for cell in row {
            // A dispute may leave a letter in any cell behind it, so those are sent with each frame.
            if is_behind {
                cell.set_diff_option(CellDiffOption::AlwaysUpdate);
            }
            if is_ascii_letter(cell.symbol()) {
                continue;
            }
            is_behind |= is_disputed(cell.symbol());
            if !safe(cell.symbol()).is_clean() {
                cell.set_symbol(REPLACED);
            }
        }
    }
}

fn is_ascii_letter(symbol: &str) -> bool {
    matches!(symbol.as_bytes(), [b' '..=b'~'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;

    #[test]
    fn what_was_not_made_safe_is_not_sent() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
        for (x, symbol) in (0..).zip(["a", "\u{1b}", "b\u{202e}", "é", "\u{9b}", "\u{200b}", "│", "e\u{301}"])
        {
            buffer[(x, 0)].set_symbol(symbol);
        }
        settle(&mut buffer);
        let symbols: Vec<&str> = buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect();
        assert_eq!(symbols, ["a", REPLACED, REPLACED, "é", REPLACED, REPLACED, "│", "e\u{301}"]);
    }

    #[test]
    fn cells_behind_a_dispute_are_sent_again() {
        let mut buffer = Buffer::with_lines(["ab ❤\u{fe0f} cd│", "abcdefgh│"]);
        settle(&mut buffer);
        let again = |x, y| buffer[(x, y)].diff_option == CellDiffOption::AlwaysUpdate;
        assert!(!again(1, 0) && !again(3, 0) && again(6, 0) && again(8, 0) && !again(8, 1));
    }
}
