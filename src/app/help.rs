//! The help: what applies here first, then every key and every field, from the tables that the program
//! itself uses; only the lines with the words that are sought.

use super::action::{Action, ActionRow, Group};
use super::command::COMMANDS;
use super::popup::group_rows;
use super::settings::SETTINGS;
use super::{App, KeyCode, KeyPress, Line, Popup, PopupKind};
use crate::model::Status;
use crate::page::{Page, PageLine, Role, fit};
use crate::query::FIELDS;

/// The columns of the help: a key or a field, then what it does.
const KEY_WIDTH: usize = 18;

/// A heading and what stands below it.
struct Section {
    title: String,
    lines: Vec<HelpLine>,
}

struct HelpLine {
    /// A key or a field.
    key: String,
    /// What it does.
    help: String,
    /// Other words that people look for it by, which are not shown.
    also: String,
}

fn section(title: &str, lines: impl IntoIterator<Item = HelpLine>) -> Section {
    Section { title: title.to_owned(), lines: lines.into_iter().collect() }
}

fn said(key: impl Into<String>, help: impl Into<String>) -> HelpLine {
    HelpLine { key: key.into(), help: help.into(), also: String::new() }
}

fn owned((key, help): &(&str, &str)) -> HelpLine {
    said(*key, *help)
}

const QUERY: &[(&str, &str)] = &[
    ("word word", "titles that hold the letters of each word, in their order; best first"),
    ("\"exact words\"", "titles that hold exactly these words"),
    ("-term  not term", "what does not match; or, and, ( ) combine"),
    ("field=value", "the whole of a value, not a word or a part of it; field=\"\" where there is none"),
    ("sort:-score,title", "the order; - turns a key around"),
];

const SIGNS: &[(&str, &str)] = &[
    ("~", "stale: the text has changed since it was decided on"),
    ("≠", "conflict: two people decided differently, side by side"),
    ("▌", "marked; the next decision is for all marked posts of the list"),
    ("saved ✓", "every decision is on the disk; · written, and not yet known to be there"),
];

/// The name of an action, and other words for it.
fn called(action: Action) -> String {
    format!("{} {}", action.row().map_or("", |row| row.name), action.also())
}

/// What is done outside of the desk; and other words for it.
const OUTSIDE: &[(&str, &str, &str)] = &[
    (
        "copydesk export",
        "write posts out, with what was decided in their revision and flags",
        "save json download",
    ),
    ("copydesk stats", "counts of what was decided", "statistics numbers pace"),
    ("copydesk log", "the history of decisions", "history audit who when"),
    ("copydesk mark", "decide on posts without the desk", "bulk batch script"),
    ("copydesk config", "see, write or check the file of settings", "preferences options"),
    ("copydesk --help", "all that there is on the command line", "commands"),
];

/// Other words for a setting.
fn also_set(name: &str) -> &'static str {
    match name {
        "theme" | "true-colour" => "themes theme colours colors dark light",
        "require-checklist" => "tick check items todo",
        "reviewer" => "name user",
        "idle-cutoff-s" => "pace time",
        "wrap-width" => "column line",
        "list-width" => "border divider layout column",
        _ => "",
    }
}

impl App {
    /// The help in lines of a width.
    pub fn help_page(&self, width: u16) -> Page {
        let mut page = Page::new(width);
        let sought = self.help_sought.text().to_lowercase();
        let words: Vec<&str> = sought.split_whitespace().collect();
        for section in self.sections() {
            let title = section.title.to_lowercase();
            let holds = |HelpLine { key, help, also }: &&HelpLine| {
                let line = format!("{} {} {also}", key.to_lowercase(), help.to_lowercase());
                words.iter().all(|word| line.contains(word) || title.contains(word))
            };
            let lines: Vec<_> = section.lines.iter().filter(holds).collect();
            if lines.is_empty() {
                continue;
            }
            page.gap();
            page.wrap(PageLine::default(), Role::Heading, &section.title);
            for HelpLine { key, help, .. } in lines {
                let opening = PageLine::default().own(Role::Label, fit(key, KEY_WIDTH)).own(Role::Text, "  ");
                page.wrap(opening, Role::Text, help);
            }
        }
        if page.lines.is_empty() {
            page.wrap(PageLine::default(), Role::Quiet, "No line of the help holds these words.");
        }
        page
    }

    fn sections(&self) -> Vec<Section> {
        let place = self.place();
        let here = place.keys().iter().map(|key| {
            let help =
                if key.help.is_empty() { key.action.row().map_or("", |row| row.help) } else { key.help };
            let keys = self.keymap.names(key.action);
            HelpLine { key: keys, help: help.to_owned(), also: called(key.action) }
        });
        let mut sections = vec![section(place.title(), here)];
        for group in Group::ALL {
            let rows = group_rows(&self.keymap, group).into_iter();
            let line = |(key, row): (String, &ActionRow)| HelpLine {
                key,
                help: row.help.to_owned(),
                also: called(row.action),
            };
            sections.push(section(group.title(), rows.map(line)));
        }
        let behind = self.keymap.names(Action::Command);
        let commands =
            COMMANDS.iter().map(|row| said(format!(":{}", row.name), format!("{}: {}", row.usage, row.help)));
        sections.push(section(&format!("Commands, behind {behind}"), commands));
        let changes = self.keymap.changes();
        if !changes.is_empty() {
            let lines = changes.into_iter().map(|change| {
                let (action, keys) = change.split_once(": ").unwrap_or((&change, ""));
                said(action, keys)
            });
            sections.push(section("Keys of your own", lines));
        }
        let fields = FIELDS.iter().map(|field| (field.example, field.help));
        sections.push(section("Query", QUERY.iter().copied().chain(fields).map(|line| owned(&line))));
        let statuses = Status::ALL.into_iter().map(|status| (status.glyph(), status.name()));
        sections.push(section("Signs", statuses.chain(SIGNS.iter().copied()).map(|line| owned(&line))));
        let settings = SETTINGS.iter().map(|row| {
            let at_start = if row.at_start { "; looked at when copydesk starts" } else { "" };
            HelpLine {
                also: also_set(row.name).to_owned(),
                ..said(row.name, format!("{}{at_start}", row.help))
            }
        });
        sections.push(section("Settings, in the file of settings or by :set", settings));
        let outside = OUTSIDE
            .iter()
            .map(|(key, help, also)| HelpLine { also: (*also).to_owned(), ..said(*key, *help) });
        sections.push(section("On the command line", outside));
        let files = [("the log", &self.log_name), ("the settings", &self.settings_file)];
        let files = files.into_iter().filter(|(_, name)| !name.is_empty());
        sections.push(section("Files", files.map(|(what, name)| said(what, name.as_str()))));
        sections
    }

    pub(super) fn open_help(&mut self) {
        self.help_sought = Line::default();
        self.popup = Some(Popup::new(PopupKind::Help));
    }

    /// Letters seek in the help, whatever else they do; whether this key was one for that. Behind `/` the
    /// help's own letter is one as well.
    pub(super) fn seeks_in_help(&mut self, popup: &mut Popup, key: KeyPress) -> bool {
        let is_blank = self.help_sought.text().is_empty();
        let is_own = match key.code {
            KeyCode::Esc | KeyCode::Backspace => !is_blank,
            KeyCode::Char('/') if is_blank => {
                // A blank seeks nothing, and is typed all the same.
                self.help_sought = Line::new(" ");
                return true;
            }
            KeyCode::Char('?' | ' ') if is_blank => false,
            KeyCode::Char(_) => {
                key.typed().is_some() || (!is_blank && key.ctrl && key.code != KeyCode::Char('c'))
            }
            // It opens nothing, and what closes it is told.
            KeyCode::Enter => return true,
            _ => false,
        };
        if is_own {
            if key.code == KeyCode::Esc {
                self.help_sought = Line::default();
            } else {
                self.help_sought.press(key);
            }
            popup.scroll = 0;
        }
        is_own
    }
}
