//! Says where each cell stands that comes behind one whose width terminals do not agree about, so that
//! nothing else is pushed aside.

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use crate::model::text::is_disputed;

/// A backend that takes cells in runs and gives the place of each.
#[derive(Debug)]
pub(super) struct Addressed<B>(pub(super) B);

impl<B: Backend> Backend for Addressed<B> {
    type Error = B::Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), B::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        // A run ends with a disputed cell: the backend begins each with a place.
        while content.peek().is_some() {
            let mut ended = false;
            let run = std::iter::from_fn(|| {
                let next = if ended { None } else { content.next() };
                ended = next.is_none_or(|(_, _, cell)| is_disputed(cell.symbol()));
                next
            });
            self.0.draw(run)?;
        }
        Ok(())
    }

    fn append_lines(&mut self, count: u16) -> Result<(), B::Error> {
        self.0.append_lines(count)
    }

    fn hide_cursor(&mut self) -> Result<(), B::Error> {
        self.0.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), B::Error> {
        self.0.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position, B::Error> {
        self.0.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), B::Error> {
        self.0.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), B::Error> {
        self.0.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> Result<(), B::Error> {
        self.0.clear_region(region)
    }

    fn size(&self) -> Result<Size, B::Error> {
        self.0.size()
    }

    fn window_size(&mut self) -> Result<WindowSize, B::Error> {
        self.0.window_size()
    }

    fn flush(&mut self) -> Result<(), B::Error> {
        self.0.flush()
    }
}
