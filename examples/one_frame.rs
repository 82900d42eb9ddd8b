//! The least that a program on a terminal can do: one frame, then wait for `q`. The benches time the
//! desk beside it.

use std::io;

use crossterm::event::{self, Event, KeyCode};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{execute, terminal};
use ratatui::backend::CrosstermBackend;
use ratatui::widgets::{Block, Paragraph, Wrap};
use ratatui::{Terminal, TerminalOptions, Viewport};

fn main() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen)?;
    let shown = show();
    execute!(io::stdout(), LeaveAlternateScreen)?;
    disable_raw_mode()?;
    shown
}

fn show() -> io::Result<()> {
    let (width, height) = terminal::size()?;
    let viewport = Viewport::Fixed(ratatui::layout::Rect { x: 0, y: 0, width, height });
    let mut terminal =
        Terminal::with_options(CrosstermBackend::new(io::stdout()), TerminalOptions { viewport })?;
    let text =
        "Measure first. Change one thing. Write down what happened, also when nothing did. ".repeat(60);
    terminal.draw(|frame| {
        let page = Paragraph::new(text.as_str()).wrap(Wrap { trim: true });
        frame.render_widget(page.block(Block::bordered().title(" one frame ")), frame.area());
    })?;
    loop {
        match event::read()? {
            Event::Key(key) if key.code == KeyCode::Char('q') => return Ok(()),
            _ => {}
        }
    }
}
