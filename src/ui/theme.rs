//! What each kind of text looks like. The sixteen colours of the terminal's own palette, so that
//! it fits dark and light backgrounds; nothing is told by a colour alone.

use ratatui::style::{Color, Modifier, Style};

use crate::app::page::Role;

/// The styles of the screen.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    coloured: bool,
}

impl Default for Theme {
    fn default() -> Self {
        Self { coloured: true }
    }
}

impl Theme {
    /// A theme without colours, for `NO_COLOR`.
    pub const fn plain() -> Self {
        Self { coloured: false }
    }

    /// The style of a piece of text.
    pub fn role(&self, role: Role) -> Style {
        match role {
            Role::Text => Style::new(),
            Role::Title => Style::new().add_modifier(Modifier::BOLD),
            Role::Heading => self.colour(Color::Cyan).add_modifier(Modifier::BOLD),
            Role::Quiet | Role::BarRest => self.quiet(),
            // Not blue: many terminals show it too dark to be read.
            Role::Label | Role::Bullet => self.colour(Color::Cyan),
            // Content cannot make this style, so a sign of ours cannot be imitated.
            Role::Sign => self.colour(Color::Magenta).add_modifier(Modifier::REVERSED),
            Role::Found => self.found(),
            Role::Good | Role::Bar => self.colour(Color::Green),
            Role::Warning => self.colour(Color::Yellow),
            Role::Bad => self.colour(Color::Red),
        }
    }

    /// Text that may be overlooked.
    pub fn quiet(&self) -> Style {
        if self.coloured {
            Style::new().fg(Color::DarkGray)
        } else {
            Style::new().add_modifier(Modifier::DIM)
        }
    }

    /// The frame of a pane.
    pub fn frame(&self, focused: bool) -> Style {
        if focused { self.accent() } else { self.quiet() }
    }

    /// What the reviewer is working with now.
    pub fn accent(&self) -> Style {
        self.colour(Color::Cyan)
    }

    /// A piece of the line of the post under the cursor. In focus the line is turned around, and one
    /// colour alone stays readable then.
    pub fn cursor(&self, piece: Style, focused: bool) -> Style {
        let bold = piece.add_modifier(Modifier::BOLD);
        if focused {
            Style { fg: None, ..bold }.remove_modifier(Modifier::DIM).add_modifier(Modifier::REVERSED)
        } else {
            bold
        }
    }

    /// Letters that the filter has found.
    pub fn found(&self) -> Style {
        self.colour(Color::Yellow).add_modifier(Modifier::UNDERLINED)
    }

    /// A key in the footer.
    pub fn key(&self) -> Style {
        self.accent().add_modifier(Modifier::BOLD)
    }

    /// A line that must not be overlooked.
    pub fn alarm(&self) -> Style {
        self.colour(Color::Red).add_modifier(Modifier::BOLD | Modifier::REVERSED)
    }

    fn colour(&self, colour: Color) -> Style {
        if self.coloured { Style::new().fg(colour) } else { Style::new() }
    }
}
