//! Pages as lines of the terminal.

use ratatui::text::{Line, Span};

use super::Theme;
use crate::page::{PageLine, Role, pieces_of};

/// A line of a page in the styles of the theme.
pub(super) fn line<'a>(page_line: &'a PageLine, theme: &Theme) -> Line<'a> {
    let spans =
        page_line.pieces.iter().map(|piece| Span::styled(piece.text.as_str(), theme.role(piece.role)));
    spans.collect()
}

/// A stranger's text in the styles of the theme.
pub(super) fn foreign(text: &str, role: Role, theme: &Theme) -> Vec<Span<'static>> {
    pieces_of(text, role).into_iter().map(|piece| Span::styled(piece.text, theme.role(piece.role))).collect()
}
