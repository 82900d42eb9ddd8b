//! What each kind of text looks like. Nothing is told by a colour alone, so every theme can be read
//! without any.

use ratatui::style::{Color, Modifier, Style};

use crate::app::Background;
use crate::page::Role;

/// Which colours there are to choose from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Palette {
    /// The sixteen of the terminal's own palette.
    #[default]
    Sixteen,
    /// 24 bits each, for terminals that have them.
    True,
    /// None.
    None,
}

/// The styles of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    /// The colours that are used.
    pub palette: Palette,
    /// What they must be told apart from.
    pub background: Background,
    /// Nothing is dim, and what matters is bold.
    pub contrast: bool,
    /// Signs and frames of our own are ASCII.
    pub ascii: bool,
}

/// What a person can ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// What the terminal says of its background.
    #[default]
    Auto,
    /// For a dark background.
    Dark,
    /// For a light background.
    Light,
    /// High contrast, on either.
    Contrast,
    /// No colours.
    Plain,
}

impl ThemeChoice {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Auto, Self::Dark, Self::Light, Self::Contrast, Self::Plain];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Contrast => "contrast",
            Self::Plain => "plain",
        }
    }

    /// The theme with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// What a colour is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ink {
    Accent,
    Quiet,
    Good,
    Warning,
    Bad,
    Sign,
}

/// Each ink on a dark and on a light background: of the sixteen, and in full. The full ones have a
/// contrast of at least 4.5 to 1 against the backgrounds `#1e1e1e` and `#fafafa` (WCAG 2.2, 1.4.3). Of the
/// sixteen those are left out that usual palettes make pale: green, yellow and cyan on white, red and magenta on
/// black, and the grey, which in some is the background itself.
const INKS: [(Ink, [Color; 2], [Color; 2]); 6] = [
    (Ink::Accent, [Color::Cyan, Color::Blue], [Color::Rgb(0x6c, 0xc7, 0xd9), Color::Rgb(0x00, 0x5f, 0x87)]),
    (Ink::Quiet, [Color::Reset, Color::Reset], [Color::Rgb(0x8f, 0x93, 0x99), Color::Rgb(0x65, 0x69, 0x70)]),
    (Ink::Good, [Color::Green, Color::Blue], [Color::Rgb(0x8c, 0xc2, 0x65), Color::Rgb(0x2b, 0x6e, 0x1a)]),
    (
        Ink::Warning,
        [Color::Yellow, Color::Magenta],
        [Color::Rgb(0xe2, 0xb8, 0x6b), Color::Rgb(0x8a, 0x4b, 0x08)],
    ),
    (Ink::Bad, [Color::LightRed, Color::Red], [Color::Rgb(0xf0, 0x7a, 0x80), Color::Rgb(0xb3, 0x1d, 0x28)]),
    (
        Ink::Sign,
        [Color::LightMagenta, Color::Magenta],
        [Color::Rgb(0xd3, 0x8a, 0xe8), Color::Rgb(0x8a, 0x24, 0x9e)],
    ),
];

impl Theme {
    /// A theme without colours, for `NO_COLOR`.
    pub const fn plain() -> Self {
        Self { palette: Palette::None, background: Background::Dark, contrast: false, ascii: false }
    }

    /// The theme that was chosen, with these colours where it has any.
    pub fn chosen(choice: ThemeChoice, palette: Palette, ascii: bool) -> Self {
        let background = if choice == ThemeChoice::Light { Background::Light } else { Background::Dark };
        let palette = if choice == ThemeChoice::Plain { Palette::None } else { palette };
        Self { palette, background, contrast: choice == ThemeChoice::Contrast, ascii }
    }

    /// The style of a piece of text.
    pub fn role(&self, role: Role) -> Style {
        match role {
            Role::Text => Style::new(),
            Role::Heading => self.accent().add_modifier(Modifier::BOLD),
            Role::Quiet | Role::BarRest => self.quiet(),
            Role::Label | Role::Bullet => self.accent(),
            // Content cannot make this style, so a sign of ours cannot be imitated.
            Role::Sign => self.ink(Ink::Sign).add_modifier(Modifier::REVERSED),
            Role::Title | Role::Strong => Style::new().add_modifier(Modifier::BOLD),
            Role::Emphasis => Style::new().add_modifier(Modifier::ITALIC),
            Role::StrongEmphasis => Style::new().add_modifier(Modifier::BOLD | Modifier::ITALIC),
            Role::Code => self.code(),
            Role::Link => self.accent().add_modifier(Modifier::UNDERLINED),
            Role::Deleted => Style::new().add_modifier(Modifier::CROSSED_OUT),
            Role::Found => self.found(),
            Role::Chosen => self.cursor(Style::new(), true),
            Role::Good | Role::Bar => self.ink(Ink::Good),
            Role::Warning => self.ink(Ink::Warning),
            Role::Bad => self.ink(Ink::Bad),
        }
    }

    /// Text that may be overlooked.
    pub fn quiet(&self) -> Style {
        match (self.contrast, self.palette) {
            (true, _) => Style::new(),
            (false, Palette::None | Palette::Sixteen) => Style::new().add_modifier(Modifier::DIM),
            (false, Palette::True) => self.ink(Ink::Quiet),
        }
    }

    /// The frame of a pane.
    pub fn frame(&self, focused: bool) -> Style {
        match (focused, self.contrast) {
            (true, true) => self.accent().add_modifier(Modifier::BOLD | Modifier::REVERSED),
            // Without colours the frame in focus is told from the others by not being dim.
            (true, false) => self.accent(),
            (false, _) => self.quiet(),
        }
    }

    /// The piece of a frame that shows which part is on the screen: told from the frame in focus and not.
    pub fn thumb(&self) -> Style {
        Style::new().fg(Color::Reset).remove_modifier(Modifier::DIM)
    }

    /// What the reviewer is working with now.
    pub fn accent(&self) -> Style {
        self.ink(Ink::Accent)
    }

    /// A piece of the line of the post under the cursor. In focus the line is turned around, and one
    /// colour alone stays readable then.
    pub fn cursor(&self, piece: Style, focused: bool) -> Style {
        let bold = piece.remove_modifier(Modifier::DIM).add_modifier(Modifier::BOLD);
        if focused { Style { fg: None, ..bold }.add_modifier(Modifier::REVERSED) } else { bold }
    }

    /// What lies behind a box: to be told from it at a glance.
    pub fn behind(&self) -> Option<Style> {
        let loud = Modifier::BOLD | Modifier::REVERSED | Modifier::UNDERLINED;
        let quiet = Style::new().fg(Color::Reset).remove_modifier(loud).patch(self.quiet());
        (!self.contrast).then_some(quiet)
    }

    /// Letters that the filter has found.
    pub fn found(&self) -> Style {
        self.ink(Ink::Warning).add_modifier(Modifier::UNDERLINED)
    }

    /// Code. Its words are told from prose by their place or by their colour; where there is none, they are
    /// no different.
    pub fn code(&self) -> Style {
        self.ink(Ink::Good)
    }

    /// A key in the footer.
    pub fn key(&self) -> Style {
        self.accent().add_modifier(Modifier::BOLD)
    }

    /// A line that must not be overlooked.
    pub fn alarm(&self) -> Style {
        self.ink(Ink::Bad).add_modifier(Modifier::BOLD | Modifier::REVERSED)
    }

    fn ink(&self, ink: Ink) -> Style {
        let row = INKS.iter().find(|(known, ..)| *known == ink);
        let colours = row.and_then(|(_, sixteen, full)| match self.palette {
            Palette::Sixteen => Some(sixteen),
            Palette::True => Some(full),
            Palette::None => None,
        });
        let [dark, light] = colours.map_or([None; 2], |colours| colours.map(Some));
        let colour = if self.background == Background::Light { light } else { dark };
        let style = colour.map_or_else(Style::new, |colour| Style::new().fg(colour));
        match (self.contrast, ink) {
            // Colours of a palette may be faint; weight is not.
            (true, Ink::Accent | Ink::Warning | Ink::Bad) => {
                Style { fg: None, ..style }.add_modifier(Modifier::BOLD)
            }
            (true, _) => Style { fg: None, ..style },
            (false, _) => style,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::settings::THEMES;

    /// The contrast of two colours by WCAG 2.2.
    fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
        let luminance = |colour: [u8; 3]| {
            let channel = |value: u8| {
                let share = f64::from(value) / 255.0;
                if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
            };
            let [red, green, blue] = colour.map(channel);
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (a, b) = (luminance(one), luminance(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn full_colours_can_be_read_on_their_background() {
        for (ink, _, full) in INKS {
            for (colour, background) in full.into_iter().zip([[0x1e; 3], [0xfa; 3]]) {
                let Color::Rgb(red, green, blue) = colour else { panic!("{ink:?} is a full colour") };
                let contrast = contrast([red, green, blue], background);
                assert!(contrast >= 4.5, "{ink:?} on {background:?}: {contrast:.2}");
            }
        }
    }

    /// What terminals make of the sixteen, and of their background: dark, then light.
    const PALETTES: [(&str, [u32; 6], [u32; 4]); 6] = [
        (
            "xterm",
            [0x00_0000, 0x00_cdcd, 0x00_cd00, 0xcd_cd00, 0xff_0000, 0xff_00ff],
            [0xff_ffff, 0x00_00ee, 0xcd_00cd, 0xcd_0000],
        ),
        (
            "console",
            [0x00_0000, 0x00_aaaa, 0x00_aa00, 0xaa_5500, 0xff_5555, 0xff_55ff],
            [0xff_ffff, 0x00_00aa, 0xaa_00aa, 0xaa_0000],
        ),
        (
            "Tango",
            [0x2e_3436, 0x06_989a, 0x4e_9a06, 0xc4_a000, 0xef_2929, 0xad_7fa8],
            [0xff_ffff, 0x34_65a4, 0x75_507b, 0xcc_0000],
        ),
        (
            "macOS",
            [0x00_0000, 0x00_a6b2, 0x00_a600, 0x99_9900, 0xe5_0000, 0xe5_00e5],
            [0xff_ffff, 0x00_00b2, 0xb2_00b2, 0x99_0000],
        ),
        (
            "VS Code",
            [0x1e_1e1e, 0x11_a8cd, 0x0d_bc79, 0xe5_e510, 0xf1_4c4c, 0xd6_70d6],
            [0xff_ffff, 0x04_51a5, 0xbc_05bc, 0xcd_3131],
        ),
        (
            "Solarized",
            [0x00_2b36, 0x2a_a198, 0x85_9900, 0xb5_8900, 0xcb_4b16, 0x6c_71c4],
            [0xfd_f6e3, 0x26_8bd2, 0xd3_3682, 0xdc_322f],
        ),
    ];

    /// The contrast that signs and large letters need at least (WCAG 2.2, 1.4.11); small ones have more in most
    /// palettes, and nobody chooses their own palette to be less.
    const LEAST: f64 = 2.95;

    #[test]
    fn the_sixteen_can_be_read_in_usual_palettes() {
        const DARK: [Color; 5] =
            [Color::Cyan, Color::Green, Color::Yellow, Color::LightRed, Color::LightMagenta];
        const LIGHT: [Color; 3] = [Color::Blue, Color::Magenta, Color::Red];
        let bytes = |colour: u32| [colour >> 16, colour >> 8, colour].map(|part| (part & 0xff) as u8);
        let look = |name: &str, known: &[Color], shown: &[u32], colour: Color| {
            let at = known.iter().position(|known| *known == colour);
            let at = at.unwrap_or_else(|| panic!("{colour:?} is pale in some palettes"));
            let contrast = contrast(bytes(shown[at + 1]), bytes(shown[0]));
            assert!(contrast >= LEAST, "{name}: {colour:?} has {contrast:.2}");
        };
        for (name, dark, light) in PALETTES {
            for (_, [on_dark, on_light], _) in INKS.into_iter().filter(|(ink, ..)| *ink != Ink::Quiet) {
                look(name, &DARK, &dark, on_dark);
                look(name, &LIGHT, &light, on_light);
            }
        }
    }

    #[test]
    fn without_colours_nothing_is_coloured_and_roles_that_matter_still_differ() {
        for theme in [Theme::plain(), Theme::chosen(ThemeChoice::Contrast, Palette::Sixteen, false)] {
            for role in [Role::Text, Role::Sign, Role::Found, Role::Bad, Role::Title] {
                assert_eq!(theme.role(role).fg, None, "{role:?}");
            }
            assert_ne!(theme.role(Role::Sign), theme.role(Role::Text));
            assert_ne!(theme.role(Role::Found), theme.role(Role::Text));
            assert_ne!(theme.frame(true), theme.frame(false));
        }
    }

    #[test]
    fn themes_are_known_by_their_names() {
        assert_eq!(ThemeChoice::ALL.map(ThemeChoice::name), THEMES);
        for choice in ThemeChoice::ALL {
            assert_eq!(ThemeChoice::from_name(choice.name()), Some(choice));
        }
    }
}
