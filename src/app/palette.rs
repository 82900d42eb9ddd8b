//! `:`: every action, setting and command by its name. What is listed comes from the tables of each.

use jiff::Timestamp;

use super::action::{ACTIONS, Action};
use super::areas::Area;
use super::command::{COMMANDS, CommandRow};
use super::popup::LEAST_BESIDE;
use super::settings::{SETTINGS, SettingKind};
use super::update::{ASTRAY, decides};
use super::{App, Event, KeyCode, KeyPress, Line, Prompt};
use crate::model::Status;
use crate::page::{Page, PageLine, Role};
use crate::query::fuzzy::{Scorer, Word, hits};

/// So many entries are listed at once.
const LISTED: usize = 10;

/// How wide their list is. Unit: columns.
const WIDTH: u16 = 104;

/// So many lines that were run are kept.
const KEPT: usize = 100;

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What is typed for it.
    pub text: String,
    /// The keys that do it as well.
    pub keys: String,
    /// What it does.
    pub help: String,
    /// More has to be typed behind it.
    is_open: bool,
}

/// A command that is being typed, and what it could become.
#[derive(Debug, Default)]
pub struct Palette {
    /// The line.
    pub line: Line,
    /// What fits it, the best first.
    pub entries: Vec<Entry>,
    /// The entry that stands on the line, if one was chosen.
    pub chosen: Option<usize>,
    /// How far back the line is one that was run before.
    back: usize,
}

impl Palette {
    /// Puts an entry on the line.
    pub(super) fn choose_at(&mut self, at: usize) {
        let Some(entry) = self.entries.get(at) else { return };
        let blank = if entry.is_open { " " } else { "" };
        self.line = Line::new(&format!("{}{blank}", entry.text));
        self.chosen = Some(at);
    }

    /// The first entry that a list of so many lines shows.
    pub fn first_listed(&self, lines: usize) -> usize {
        (self.chosen.unwrap_or_default() + 1).saturating_sub(lines)
    }

    fn choose(&mut self, forward: bool) {
        let Some(last) = self.entries.len().checked_sub(1) else { return };
        let next = match (self.chosen, forward) {
            (None, true) => 0,
            (None, false) => last,
            (Some(at), true) => {
                if at >= last {
                    0
                } else {
                    at + 1
                }
            }
            (Some(at), false) => at.checked_sub(1).unwrap_or(last),
        };
        self.choose_at(next);
    }
}

impl App {
    pub(super) fn open_palette(&mut self) {
        let entries = self.entries("");
        self.prompt = Some(Prompt::Command(Palette { entries, ..Palette::default() }));
    }

    pub(super) fn press_in_palette(&mut self, mut palette: Palette, key: KeyPress, now: Timestamp) {
        match key.code {
            KeyCode::Enter => {
                self.run_line(palette, now);
                return;
            }
            KeyCode::Tab => palette.choose(true),
            KeyCode::BackTab => palette.choose(false),
            KeyCode::Up | KeyCode::Down => self.turn_back(&mut palette, key.code == KeyCode::Up),
            KeyCode::Backspace if palette.line.text().is_empty() => return,
            _ => {
                if palette.line.press(key) {
                    self.retype(&mut palette);
                }
            }
        }
        self.prompt = Some(Prompt::Command(palette));
    }

    pub(super) fn retype(&self, palette: &mut Palette) {
        palette.entries = self.entries(palette.line.text());
        (palette.chosen, palette.back) = (None, 0);
    }

    pub(super) fn paste_in_palette(&mut self, text: &str) {
        if let Some(Prompt::Command(mut palette)) = self.prompt.take() {
            if palette.line.paste(text) {
                self.retype(&mut palette);
            }
            self.prompt = Some(Prompt::Command(palette));
        }
    }

    /// To the line that was run before, or to a newer one.
    fn turn_back(&self, palette: &mut Palette, further: bool) {
        let back = if further { palette.back + 1 } else { palette.back.saturating_sub(1) };
        if back > self.lines_run.len() {
            return;
        }
        let line = back.checked_sub(1).and_then(|back| self.lines_run.iter().rev().nth(back));
        palette.line = Line::new(line.map_or("", String::as_str));
        self.retype(palette);
        palette.back = back;
    }

    /// Runs the line as it is typed, or else the best of what fits it.
    fn run_line(&mut self, mut palette: Palette, now: Timestamp) {
        let typed = palette.line.text().trim().to_owned();
        let (name, rest) = typed.split_once(char::is_whitespace).unwrap_or((&typed, ""));
        let command = CommandRow::find(name);
        let action = Action::from_name(&typed).filter(|action| is_offered(*action));
        // A command alone is a beginning; its list says how it goes on.
        let is_whole = action.is_some() || (command.is_some() && !rest.trim().is_empty());
        if !is_whole && !typed.is_empty() {
            let best = palette.entries.first().cloned();
            match best {
                Some(entry) if entry.is_open => {
                    palette.line = Line::new(&format!("{} ", entry.text));
                    self.retype(&mut palette);
                    self.prompt = Some(Prompt::Command(palette));
                }
                Some(entry) => {
                    palette.line = Line::new(&entry.text);
                    palette.entries.clear();
                    self.run_line(palette, now);
                }
                None => {
                    self.warn(format!("Nothing is called {typed:?}"));
                    self.prompt = Some(Prompt::Command(palette));
                }
            }
            return;
        }
        if typed.is_empty() {
            return;
        }
        self.lines_run.retain(|line| *line != typed);
        self.lines_run.push(typed.clone());
        if self.lines_run.len() > KEPT {
            self.lines_run.remove(0);
        }
        match (action, command) {
            (Some(action), _) if self.stood.is_some() && decides(action) => self.say(ASTRAY),
            (Some(action), _) => {
                let event = Event::Act(action);
                if self.refuses_beside_bulk(&event) {
                    return;
                }
                if self.must_wait(&event) { self.hold(event) } else { self.act(action, now) }
            }
            (None, Some(command)) => {
                if let Err(mistake) = command.run(self, rest.trim()) {
                    self.warn(mistake);
                    self.prompt = Some(Prompt::Command(palette));
                }
            }
            (None, None) => {}
        }
    }

    /// What fits a line, the best first.
    fn entries(&self, typed: &str) -> Vec<Entry> {
        let typed = typed.trim_start();
        let (name, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
        let is_behind = typed.contains(char::is_whitespace);
        match CommandRow::find(name).filter(|_| is_behind) {
            Some(command) => {
                let begun: Vec<Entry> = match command.name {
                    "set" => self.setting_entries(),
                    "mark" => mark_entries(),
                    "save" | "forget" => self.name_entries(command.name),
                    _ => Vec::new(),
                };
                let begun: Vec<Entry> = fitting(begun, &format!("{name} {}", rest.trim()));
                let usage = entry(command.usage, String::new(), command.help);
                if begun.is_empty() {
                    vec![Entry {
                        is_open: true,
                        text: command.name.to_owned(),
                        help: format!("{}: {}", usage.text, usage.help),
                        ..usage
                    }]
                } else {
                    begun
                }
            }
            None => {
                let mut all = self.action_entries();
                all.extend(self.setting_entries());
                all.extend(
                    COMMANDS
                        .iter()
                        .map(|row| Entry { is_open: true, ..entry(row.name, String::new(), row.help) }),
                );
                fitting(all, typed)
            }
        }
    }

    /// The queries that have a name, behind a command. None of them is run before it stands on the line.
    fn name_entries(&self, command: &str) -> Vec<Entry> {
        let one = |(name, query): (&str, &str)| {
            let help = if command == "save" { format!("now: {query}") } else { query.to_owned() };
            Entry { is_open: true, ..entry(&format!("{command} {name}"), String::new(), &help) }
        };
        self.names.iter().map(one).collect()
    }

    /// Where the entries are listed, above the last line, and what is wrong with that line, which is said
    /// over them.
    pub fn palette_list(&self, palette: &Palette) -> (Area, Page) {
        let areas = self.areas();
        let width = if areas.screen.width < WIDTH + LEAST_BESIDE { areas.screen.width } else { WIDTH };
        let mut said = Page::new(width.saturating_sub(4));
        if let Some(notice) = &self.notice {
            said.wrap(PageLine::default().own(Role::Warning, " "), Role::Warning, &notice.text);
        }
        let lines = palette.entries.len().min(LISTED) + said.lines.len();
        let height = u16::try_from(lines.max(1) + 2).unwrap_or(u16::MAX);
        let height = height.min(areas.screen.height.saturating_sub(1));
        let y = areas.footer.y.saturating_sub(height);
        (Area { x: areas.screen.x, y, width, height }, said)
    }

    /// The entry at a place of the screen.
    pub(super) fn palette_entry_at(&self, palette: &Palette, x: u16, y: u16) -> Option<usize> {
        let (area, said) = self.palette_list(palette);
        let inner = area.inner();
        let line = usize::from(y.checked_sub(inner.y)?).checked_sub(said.lines.len())?;
        let at = palette.first_listed(usize::from(inner.height).saturating_sub(said.lines.len())) + line;
        (inner.contains(x, y) && at < palette.entries.len()).then_some(at)
    }

    fn action_entries(&self) -> Vec<Entry> {
        let mut help = "";
        let mut entries = Vec::new();
        for row in ACTIONS {
            // A blank help is that of the row above.
            help = if row.help.is_empty() { help } else { row.help };
            if is_offered(row.action) {
                entries.push(entry(row.name, self.keymap.names(row.action), help));
            }
        }
        entries
    }

    fn setting_entries(&self) -> Vec<Entry> {
        let one = |row: &super::settings::SettingRow| {
            let value = row.typed(&self.settings);
            let value = match row.kind {
                SettingKind::Switch(_) if value == "on" => "off".to_owned(),
                SettingKind::Switch(_) => "on".to_owned(),
                _ => value,
            };
            let help = if row.at_start {
                format!("when copydesk starts: {}", self.at_start(row.name))
            } else {
                row.help.to_owned()
            };
            entry(format!("set {} {value}", row.name).trim_end(), String::new(), &help)
        };
        SETTINGS.iter().map(one).collect()
    }
}

/// What `mark` can begin with.
fn mark_entries() -> Vec<Entry> {
    let one = |status: Status| Entry {
        is_open: true,
        ..entry(
            &format!("mark {status}"),
            String::new(),
            "then: why=REASON, note=\"…\", dry-run, where QUERY",
        )
    };
    Status::ALL.into_iter().map(one).collect()
}

fn entry(text: &str, keys: String, help: &str) -> Entry {
    Entry { text: text.to_owned(), keys, help: help.to_owned(), is_open: false }
}

/// The palette in the palette makes no sense.
fn is_offered(action: Action) -> bool {
    action != Action::Command
}

/// Those that every word fits: by the letters of the name first, then by the words of the help.
fn fitting(entries: Vec<Entry>, typed: &str) -> Vec<Entry> {
    let words: Vec<Word> = typed.split_whitespace().map(Word::new).collect();
    let mut scorer = Scorer::default();
    let mut ranked: Vec<(bool, i64, Entry)> = Vec::new();
    for entry in entries {
        let in_name = words.iter().all(|word| hits(&entry.text, word));
        let more = format!("{} {} {}", entry.text, entry.keys, entry.help).to_lowercase();
        if in_name || words.iter().all(|word| more.contains(word.text())) {
            let score = scorer.score(&entry.text, &words);
            let is_it = entry.text == typed.trim();
            ranked.push((!in_name, if is_it { i64::MIN } else { -score }, entry));
        }
    }
    ranked.sort_by_key(|(later, score, _)| (*later, *score));
    ranked.into_iter().map(|(_, _, entry)| entry).collect()
}

impl Entry {
    /// The line that runs it, where nothing has to be typed behind it.
    pub fn line(&self) -> Option<&str> {
        (!self.is_open).then_some(self.text.as_str())
    }
}
