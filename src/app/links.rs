//! The links of the post under the cursor: listed, shown whole and asked about, and then opened by the
//! browser; and what is sent to the clipboard of the terminal.

use std::collections::HashSet;

use super::areas::Area;
use super::key::{KeyCode, KeyPress};
use super::{Action, App, Effect, Popup, PopupKind, Prompt};
use crate::model::{Link, NoLink, links_of, safe};
use crate::page::{Page, PageLine, Role, first_shown};

/// Terminals take about 100,000 bytes at most, in base64, which makes four of three. Unit: bytes.
const MAX_COPY_BYTES: usize = 74_000;

/// How wide the question is. Unit: columns.
const QUESTION_WIDTH: u16 = 76;

/// An address as the post names it, and as it would be opened.
#[derive(Clone, Debug)]
pub struct Named {
    /// As it is written, raw.
    pub text: String,
    /// As it is opened, or why it is not.
    pub link: Result<Link, NoLink>,
}

/// The links of a post, while they are looked at.
#[derive(Debug, Default)]
pub struct Links {
    /// In the order of the post.
    pub found: Vec<Named>,
    /// The hosts that the reviewer has said yes to since the program was started.
    trusted: HashSet<String>,
}

impl Links {
    /// The link on a line of such a box.
    pub(super) fn row_at(&self, chosen: usize, height: usize, line: usize) -> Option<usize> {
        let row = first_shown(chosen, height, self.found.len()) + line;
        (row < self.found.len()).then_some(row)
    }

    /// The lines of a box of this size around the link that is chosen; no other link is set.
    pub fn page(&self, chosen: usize, width: u16, height: usize) -> Page {
        let mut page = Page::new(width);
        let first = first_shown(chosen, height, self.found.len());
        for (at, named) in self.found.iter().enumerate().skip(first).take(height) {
            let digit = if at < 9 { (at + 1).to_string() } else { " ".to_owned() };
            let sign = if at == chosen { "▸ " } else { "  " };
            let line = PageLine::default().own(Role::Label, sign).own(Role::Label, format!("{digit} "));
            let room = usize::from(width).saturating_sub(line.width());
            page.push(match &named.link {
                Ok(link) => {
                    let role = if at == chosen { Role::Chosen } else { Role::Text };
                    line.own(role, crate::page::cut(link.as_str(), room))
                }
                Err(why) => {
                    let text = format!("{} ({why})", safe(crate::page::cut(&named.text, room).as_ref()));
                    line.own(Role::Quiet, crate::page::cut(&text, room))
                }
            });
        }
        page
    }
}

/// What is asked before a link is opened, and the box for it, with its frame.
pub fn question(link: &Link, screen: Area) -> (Page, Area) {
    // The line at the bottom says which keys there are.
    let above = Area { height: screen.height.saturating_sub(1), ..screen };
    let area = above.centred(QUESTION_WIDTH, u16::MAX);
    let mut page = Page::new(area.inner().width);
    page.wrap(PageLine::default().own(Role::Label, "host  "), Role::Title, &link.host());
    if link.is_in_punycode() {
        page.wrap(
            PageLine::default(),
            Role::Warning,
            "The host is written in letters that can look like others.",
        );
    }
    if link.names_a_user() {
        page.wrap(PageLine::default(), Role::Warning, "A name stands before the host, and is sent to it.");
    }
    page.gap();
    page.wrap(PageLine::default(), Role::Text, link.as_str());
    let height = u16::try_from(page.lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    (page, above.centred(QUESTION_WIDTH, height))
}

/// Whether the question shows the link to its last letter.
fn is_whole(link: &Link, screen: Area) -> bool {
    let (page, area) = question(link, screen);
    page.lines.len() <= usize::from(area.inner().height) && area.inner().width > 0
}

impl App {
    /// Lists the links of the post under the cursor, or asks about the only one.
    pub(super) fn open_links(&mut self) {
        let Some(post) = self.detail.post.clone() else {
            self.say("There is no text under the cursor yet");
            return;
        };
        let named = |text: &str| Named { text: text.to_owned(), link: Link::parse(text) };
        self.links.found = links_of(&post).into_iter().map(named).collect();
        match self.links.found.as_slice() {
            [] => self.say("This post names no link"),
            [_] => self.choose_link(0),
            _ => self.popup = Some(Popup::new(PopupKind::Links)),
        }
    }

    /// A key while the links are listed; whether it meant something here.
    pub(super) fn press_in_links(&mut self, chosen: usize, key: KeyPress) -> bool {
        match (key.typed(), self.keymap.action(key)) {
            (Some(digit @ '1'..='9'), _) => {
                let at = digit.to_digit(10).map_or(0, |digit| digit as usize - 1);
                if at < self.links.found.len() {
                    self.popup = None;
                    self.choose_link(at);
                }
            }
            (_, Some(Action::Open | Action::OpenLink)) => {
                self.popup = None;
                self.choose_link(chosen);
            }
            (_, Some(Action::Copy)) => match self.links.found.get(chosen).map(|named| named.link.clone()) {
                Some(Ok(link)) => self.copy("the address", link.as_str()),
                _ => self.say("This is no address, and is not sent anywhere"),
            },
            _ => return false,
        }
        true
    }

    /// Asks about a link, once a host.
    fn choose_link(&mut self, at: usize) {
        match self.links.found.get(at).map(|named| named.link.clone()) {
            None => {}
            Some(Err(why)) => {
                let text = self.links.found.get(at).map_or("", |named| named.text.as_str());
                let text = crate::page::cut(text, 200).into_owned();
                self.warn(format!("Not opened: {why}: {text}"));
            }
            Some(Ok(link)) if !link.names_a_user() && self.links.trusted.contains(&link.host()) => {
                self.open_link(link);
            }
            Some(Ok(link)) => self.prompt = Some(Prompt::Link(link)),
        }
    }

    /// The answer to the question.
    pub(super) fn press_in_link(&mut self, link: Link, key: KeyPress) {
        match key.typed() {
            Some('y' | 'Y') if !is_whole(&link, self.areas().screen) => {
                self.warn("Not opened: too small a screen to show it whole");
                self.prompt = Some(Prompt::Link(link));
            }
            Some('y' | 'Y') => {
                self.links.trusted.insert(link.host());
                self.open_link(link);
            }
            Some('c') => self.copy("the address", link.as_str()),
            Some('n' | 'N' | 'q') => {}
            // Enter is pressed too easily to open something.
            _ if key.code == KeyCode::Esc => {}
            _ => self.prompt = Some(Prompt::Link(link)),
        }
    }

    fn open_link(&mut self, link: Link) {
        self.say(format!("Given to the browser: {}", link.as_str()));
        self.ask(Effect::OpenLink(Box::new(link)));
    }

    /// Sends the id of the post under the cursor to the clipboard of the terminal.
    pub(super) fn copy_id(&mut self) {
        let Some(id) = self.list.row().and_then(|row| self.corpus.get(row)).map(|row| row.id().to_owned())
        else {
            self.say("There is no post under the cursor");
            return;
        };
        // What is pasted may act where it is pasted, and an id that is not itself is of no use.
        if safe(&id).is_clean() {
            self.copy("the id", &id);
        } else {
            self.warn("Not sent: the id holds characters that could act where it is pasted");
        }
    }

    /// Sends the title of the post under the cursor, as it is shown.
    pub(super) fn copy_title(&mut self) {
        let title = self.list.row().and_then(|row| self.corpus.get(row)).map(|row| row.title().to_owned());
        match title {
            Some(title) => self.copy("the title", safe(&title).as_str()),
            None => self.say("There is no post under the cursor"),
        }
    }

    /// Sends text that does not act to the clipboard of the terminal. Whether it arrives nobody knows.
    fn copy(&mut self, what: &str, text: &str) {
        if text.len() > MAX_COPY_BYTES {
            self.warn(format!(
                "Not sent: {what} is longer than the {MAX_COPY_BYTES} bytes that terminals take"
            ));
            return;
        }
        self.say(format!("Sent to the terminal: {what}, {}", crate::page::cut(text, 60)));
        self.ask(Effect::Copy(text.to_owned()));
    }
}
