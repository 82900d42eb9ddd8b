//! Where the parts of the screen stand. Whole numbers only, so that keys, mouse and drawing agree.
//!
//! ```text
//! ┌ header ──────────────────────────────┐   ┌ header ─────────────────┐   ┌ header ──────────────────────┐
//! │ list        │ article                │   │ list      │ article     │   │ list   │ article    │ meta   │
//! │             │                        │   │           │             │   │        │            │        │
//! │             ├────────────┬───────────┤   │           ├─────────────┤   │        │            │        │
//! │             │ meta       │ checklist │   ├───────────┤ meta        │   │        │            ├────────┤
//! │             │            │           │   │ checklist │             │   │        │            │ check… │
//! └ footer ──────────────────────────────┘   └ footer ─────────────────┘   └ footer ──────────────────────┘
//!   two columns (from 100 wide)                small (from 60 × 14)          three columns (from 160 wide)
//! ```
//! Smaller screens show one pane at a time.

/// From here on there are three columns. Unit: columns of the terminal, as all here.
const THREE_COLUMNS: u16 = 160;
/// From here on the checklist stands beside the meta box.
const TWO_COLUMNS: u16 = 100;
/// Below this, one pane at a time.
const SMALL_WIDTH: u16 = 60;
/// Below this many lines, one pane at a time.
const SMALL_HEIGHT: u16 = 14;
/// From here on the columns of the list have heads. Unit: lines within its frame.
const HEAD_FROM: u16 = 12;

/// A pane shows something of a post from so many columns within its frame on: in the list, signs and figures
/// take half of them.
const SEEN_FROM: u16 = 16;

/// A part of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// Its left column, from 0.
    pub x: u16,
    /// Its top line, from 0.
    pub y: u16,
    /// Unit: columns.
    pub width: u16,
    /// Unit: lines.
    pub height: u16,
}

impl Area {
    /// Whether a cell is in it.
    pub fn contains(self, x: u16, y: u16) -> bool {
        (self.x..self.x.saturating_add(self.width)).contains(&x)
            && (self.y..self.y.saturating_add(self.height)).contains(&y)
    }

    /// What a frame around it leaves.
    pub fn inner(self) -> Self {
        Self {
            x: self.x.saturating_add(1),
            y: self.y.saturating_add(1),
            width: self.width.saturating_sub(2),
            height: self.height.saturating_sub(2),
        }
    }

    /// An area in the middle of this one, no larger than it.
    pub fn centred(self, width: u16, height: u16) -> Self {
        let (width, height) = (width.min(self.width), height.min(self.height));
        let x = self.x.saturating_add((self.width - width) / 2);
        let y = self.y.saturating_add((self.height - height) / 2);
        Self { x, y, width, height }
    }

    fn split_columns(self, left: u16) -> (Self, Self) {
        let left = left.min(self.width);
        let right = Self { x: self.x.saturating_add(left), width: self.width - left, ..self };
        (Self { width: left, ..self }, right)
    }

    fn split_lines(self, top: u16) -> (Self, Self) {
        let top = top.min(self.height);
        let below = Self { y: self.y.saturating_add(top), height: self.height - top, ..self };
        (Self { height: top, ..self }, below)
    }
}

/// A pane that can be in focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pane {
    /// The posts.
    #[default]
    List,
    /// The article.
    Article,
    /// The meta box.
    Meta,
    /// The checklist.
    Checklist,
}

impl Pane {
    /// In the order of the Tab key.
    pub const ALL: [Self; 4] = [Self::List, Self::Article, Self::Meta, Self::Checklist];
}

/// Where everything stands. A pane that is not shown has no width and no height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// The whole screen.
    pub screen: Area,
    /// The line at the top.
    pub header: Area,
    /// The posts, with their frame.
    pub list: Area,
    /// The article, with its frame.
    pub article: Area,
    /// The meta box, with its frame.
    pub meta: Area,
    /// The checklist, with its frame.
    pub checklist: Area,
    /// The line at the bottom.
    pub footer: Area,
}

impl Areas {
    /// The areas of a screen of this size. `alone`: the pane that fills it, if one was zoomed.
    /// `focus` is the pane that a screen too small for all of them shows. `list_share`: how much of
    /// the width the list takes, where that was chosen. Unit: per cent.
    pub fn of(width: u16, height: u16, focus: Pane, alone: bool, list_share: Option<u16>) -> Self {
        let list_width = |usual: u16, most: u16| match list_share {
            Some(chosen) => share(width, chosen),
            None => share(width, usual).min(most),
        };
        let screen = Area { x: 0, y: 0, width, height };
        let (header, rest) = screen.split_lines(u16::from(height >= 3));
        let (body, footer) = rest.split_lines(rest.height.saturating_sub(u16::from(height >= 2)));
        let mut areas = Self { screen, header, footer, ..Self::default() };
        if alone || width < SMALL_WIDTH || height < SMALL_HEIGHT {
            *areas.pane_mut(focus) = body;
        } else if width >= THREE_COLUMNS {
            let (list, rest) = body.split_columns(list_width(34, 80));
            let (article, side) = rest.split_columns(share(rest.width, 60));
            let (meta, checklist) = side.split_lines(share(side.height, 72));
            areas = Self { list, article, meta, checklist, ..areas };
        } else if width >= TWO_COLUMNS {
            let (list, right) = body.split_columns(list_width(42, width));
            let (article, below) = right.split_lines(share(body.height, 55));
            let (meta, checklist) = below.split_columns(share(below.width, 62));
            areas = Self { list, article, meta, checklist, ..areas };
        } else {
            let (left, right) = body.split_columns(list_width(44, width));
            let (list, checklist) = left.split_lines(share(body.height, 68));
            let (article, meta) = right.split_lines(share(body.height, 58));
            areas = Self { list, article, meta, checklist, ..areas };
        }
        areas
    }

    /// The area of a pane, with its frame.
    pub fn pane(&self, pane: Pane) -> Area {
        match pane {
            Pane::List => self.list,
            Pane::Article => self.article,
            Pane::Meta => self.meta,
            Pane::Checklist => self.checklist,
        }
    }

    fn pane_mut(&mut self, pane: Pane) -> &mut Area {
        match pane {
            Pane::List => &mut self.list,
            Pane::Article => &mut self.article,
            Pane::Meta => &mut self.meta,
            Pane::Checklist => &mut self.checklist,
        }
    }

    /// The pane that a cell belongs to.
    pub fn pane_at(&self, x: u16, y: u16) -> Option<Pane> {
        Pane::ALL.into_iter().find(|pane| self.pane(*pane).contains(x, y))
    }

    /// How many lines of the list, below that of the query, are heads of its columns: one, where that
    /// leaves room for posts.
    pub fn list_head(&self) -> u16 {
        u16::from(self.list.inner().height >= HEAD_FROM)
    }

    /// How many posts the list shows. Its first line is the query.
    pub fn list_rows(&self) -> usize {
        usize::from(self.list.inner().height.saturating_sub(1 + self.list_head()))
    }
}

impl Areas {
    /// Whether something of a post can be read: its title, its text, what is said of it.
    pub fn show_post(&self) -> bool {
        let is_wide = |pane: Pane| self.pane(pane).inner().width >= SEEN_FROM;
        let has_lines = |pane: Pane| match pane {
            Pane::List => self.list_rows() > 0,
            pane => self.pane(pane).inner().height > 0,
        };
        Pane::ALL.into_iter().any(|pane| is_wide(pane) && has_lines(pane))
    }
}

fn share(whole: u16, percent: u16) -> u16 {
    u16::try_from(u32::from(whole) * u32::from(percent) / 100).unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_size_breaks_and_nothing_overlaps() {
        for width in (0..260).chain([1000, u16::MAX]) {
            for height in (0..70).chain([u16::MAX]) {
                for focus in Pane::ALL {
                    for alone in [false, true] {
                        let share = Some(height % 101).filter(|_| width % 3 == 0);
                        let areas = Areas::of(width, height, focus, alone, share);
                        let parts = [
                            areas.header,
                            areas.list,
                            areas.article,
                            areas.meta,
                            areas.checklist,
                            areas.footer,
                        ];
                        let cells: u64 = parts.iter().map(|a| u64::from(a.width) * u64::from(a.height)).sum();
                        assert_eq!(cells, u64::from(width) * u64::from(height), "{width}x{height}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_post_is_seen_from_its_first_line_on() {
        for (width, height, in_list, in_article) in [
            (0, 0, false, false),
            (1, 1, false, false),
            (200, 4, false, false),
            (200, 5, false, true),
            (200, 6, true, true),
            (17, 50, false, false),
            (18, 50, true, true),
            (80, 24, true, true),
        ] {
            for (pane, expected) in [(Pane::List, in_list), (Pane::Article, in_article)] {
                let areas = Areas::of(width, height, pane, false, None);
                assert_eq!(areas.show_post(), expected, "{pane:?} at {width}x{height}");
            }
        }
    }

    #[test]
    fn everything_is_on_the_screen_at_the_usual_sizes() {
        for (width, height) in [(80, 24), (120, 40), (200, 50)] {
            let areas = Areas::of(width, height, Pane::List, false, None);
            for pane in Pane::ALL {
                let inner = areas.pane(pane).inner();
                assert!(inner.width >= 25 && inner.height >= 4, "{pane:?} at {width}x{height}: {inner:?}");
            }
        }
    }
}
