//! A screen as a picture: every cell where it stands, so that no font can shift a frame.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

const CELL_WIDTH: f32 = 8.4;
const CELL_HEIGHT: u16 = 18;
const MARGIN: u16 = 12;

/// The colours of a terminal.
#[derive(Clone, Copy)]
pub struct Ground {
    background: &'static str,
    foreground: &'static str,
    is_light: bool,
}

pub const DARK: Ground = Ground { background: "#16161c", foreground: "#d6d6dc", is_light: false };
pub const LIGHT: Ground = Ground { background: "#fdfdfb", foreground: "#24242a", is_light: true };

/// Draws a buffer as SVG.
pub fn draw(buffer: &Buffer, ground: Ground) -> String {
    let (columns, lines) = (buffer.area.width, buffer.area.height);
    let width = f32::from(columns) * CELL_WIDTH + f32::from(MARGIN * 2);
    let height = lines * CELL_HEIGHT + MARGIN * 2;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height}\" font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"14\">\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{}\"/>\n",
        ground.background
    );
    for y in 0..lines {
        let mut x = 0;
        while x < columns {
            x += draw_run(buffer, ground, x, y, &mut svg);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Draws the cells from `x` on that look alike; how many they are.
fn draw_run(buffer: &Buffer, ground: Ground, x: u16, y: u16, svg: &mut String) -> u16 {
    let first = &buffer[(x, y)];
    let mut text = String::new();
    let mut places = String::new();
    let mut at = x;
    while at < buffer.area.width && alike(first, &buffer[(at, y)]) {
        let symbol = buffer[(at, y)].symbol();
        let width = u16::try_from(symbol.width().max(1)).unwrap();
        if symbol != " " {
            // One place a character: what combines with a letter stands where the letter does.
            for _ in symbol.chars() {
                write!(places, "{:.1} ", column(at)).unwrap();
            }
            text.push_str(symbol);
        }
        at += width;
    }
    let (foreground, background) = colours(first, ground);
    let top = y * CELL_HEIGHT + MARGIN;
    if background != ground.background {
        let width = f32::from(at - x) * CELL_WIDTH;
        writeln!(svg, "<rect x=\"{:.1}\" y=\"{top}\" width=\"{width:.1}\" height=\"{CELL_HEIGHT}\" fill=\"{background}\"/>", column(x)).unwrap();
    }
    if !text.is_empty() {
        let mut style = format!("fill=\"{foreground}\"");
        for (modifier, attribute) in [
            (Modifier::BOLD, " font-weight=\"bold\""),
            (Modifier::UNDERLINED, " text-decoration=\"underline\""),
            (Modifier::DIM, " opacity=\"0.6\""),
        ] {
            if first.modifier.contains(modifier) {
                style.push_str(attribute);
            }
        }
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        writeln!(svg, "<text x=\"{}\" y=\"{}\" {style}>{escaped}</text>", places.trim_end(), top + 13)
            .unwrap();
    }
    at - x
}

fn alike(a: &Cell, b: &Cell) -> bool {
    (a.fg, a.bg, a.modifier) == (b.fg, b.bg, b.modifier)
}

fn column(x: u16) -> f32 {
    f32::from(x) * CELL_WIDTH + f32::from(MARGIN)
}

fn colours(cell: &Cell, ground: Ground) -> (&'static str, &'static str) {
    let foreground = hex(cell.fg, ground.is_light).unwrap_or(ground.foreground);
    let background = hex(cell.bg, ground.is_light).unwrap_or(ground.background);
    if cell.modifier.contains(Modifier::REVERSED) {
        (background, foreground)
    } else {
        (foreground, background)
    }
}

fn hex(colour: Color, is_light: bool) -> Option<&'static str> {
    Some(match (colour, is_light) {
        (Color::Red | Color::LightRed, false) => "#ff7b86",
        (Color::Red, true) => "#b3202c",
        (Color::Green, _) => "#98c379",
        (Color::Yellow, _) => "#e5c07b",
        (Color::Blue, false) => "#7aa2f7",
        (Color::Blue, true) => "#1d4fc4",
        (Color::Magenta | Color::LightMagenta, false) => "#c678dd",
        (Color::Magenta, true) => "#96269c",
        (Color::Cyan, _) => "#56b6c2",
        _ => return None,
    })
}
