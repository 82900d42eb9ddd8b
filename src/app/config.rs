//! The file of settings: read so that every mistake is told and costs nothing else, and written out
//! with all that can be said in it.

use std::fmt::Write;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::App;
use super::action::{ACTIONS, Action, Group};
use super::key::{KeyCode, KeyError, KeyPress};
use super::keymap::Keymap;
use super::mended::{Lines, Mended, UNCLOSED, Unread};
use super::settings::{SETTINGS, SettingRow, SettingValue, Settings, quoted};
use super::update::decides;
use crate::corpus::{Problem, Severity};
use crate::query::nearest;

/// What is expected where a line cannot be read at all.
const TOML: &str = "TOML, as config init writes it";

/// The setting that decisions are signed with.
const REVIEWER: &str = "reviewer";

/// The table of keys in the file.
const KEYS: &str = "keys";

/// What a file of settings says.
#[derive(Debug)]
pub struct Config {
    /// The settings; where the file says nothing or something wrong, as they are built in.
    pub settings: Settings,
    /// The keys, likewise.
    pub keymap: Keymap,
    /// Every mistake, in the order of the file.
    pub mistakes: Vec<Problem>,
    /// The first one that leaves open who is to sign decisions. Who sits at the desk sees it; a command must ask.
    pub doubt: Option<Problem>,
}

impl Default for Config {
    fn default() -> Self {
        Self { settings: Settings::default(), keymap: Keymap::built_in(), mistakes: Vec::new(), doubt: None }
    }
}

impl Config {
    /// Nothing could be read; why, as half a sentence, and what to do.
    pub fn unread(file: &str, found: &str, advice: &str) -> Self {
        let mistake = Problem {
            file: file.to_owned(),
            line: None,
            offset: 0,
            severity: Severity::Doubt,
            found: found.to_owned(),
            expected: "a file of settings (TOML)".to_owned(),
            advice: advice.to_owned(),
            excerpt: String::new(),
        };
        Self { doubt: Some(mistake.clone()), mistakes: vec![mistake], ..Self::default() }
    }

    /// Reads a file. What is wrong in it is left out and told, the rest holds.
    pub fn parse(file: &str, text: &str) -> Self {
        let mut config = Self::default();
        let mut reader = Reader { file, text, lines: Lines::of(text), mistakes: Vec::new(), doubt: None };
        let mended = Mended::of(text);
        for Unread { at, why } in mended.unread {
            let found = reader.no_setting(&at, &why);
            let is_of_reviewer = names_the_reviewer(reader.first_word(&at));
            reader.mistake(at, found, TOML.to_owned(), None);
            reader.doubt(is_of_reviewer || !mended.is_whole);
        }
        let (table, _) = DeTable::parse_recoverable(&mended.text);
        for (name, value) in in_order(table.get_ref()) {
            match (name.get_ref().as_ref(), value.get_ref()) {
                (KEYS, DeValue::Table(keys)) => reader.keys(keys, &mut config.keymap),
                (KEYS, _) => reader.mistake(
                    value.span(),
                    kind_of(value.get_ref()),
                    "a table: [keys] and below it action = \"keys\"".to_owned(),
                    None,
                ),
                (name_text, found) => match SettingRow::find(name_text) {
                    Some(row) => reader.setting(row, value, &mut config.settings),
                    None => {
                        reader.mistake(
                            name.span(),
                            format!("an unknown setting {name_text:?}"),
                            "one that copydesk config init lists".to_owned(),
                            nearest(name_text, names()),
                        );
                        let below = found.as_table().into_iter().flatten().map(|(name, _)| name.get_ref());
                        let is_of_reviewer =
                            [name.get_ref()].into_iter().chain(below).any(|name| names_the_reviewer(name));
                        reader.doubt(is_of_reviewer);
                    }
                },
            }
        }
        config.doubt = reader.doubt;
        reader.mistakes.sort_by_key(|mistake| mistake.offset);
        // What else is found on a line that is no TOML follows from that.
        reader.mistakes.dedup_by(|next, first| next.line == first.line && first.expected == TOML);
        config.mistakes = reader.mistakes;
        config
    }

    /// Whether a text is meant to be a file of settings: most of what stands in it is, or nothing does.
    pub fn is_meant_by(text: &str) -> bool {
        let mended = Mended::of(text);
        let (table, _) = DeTable::parse_recoverable(&mended.text);
        let mut known = 0;
        for (name, value) in table.get_ref() {
            match (name.get_ref().as_ref(), value.get_ref()) {
                (KEYS, DeValue::Table(keys)) => known += 1 + keys.len(),
                (name, _) => known += usize::from(SettingRow::find(name).is_some()),
            }
        }
        let is_blank = table.get_ref().is_empty() && mended.unread.is_empty();
        is_blank || known > mended.unread.len()
    }

    /// A file that says all that can be said, with what is built in.
    pub fn documented() -> String {
        let mut text = String::from(
            "# The settings of copydesk. Each stands here as it is built in; take the # away to change it.\n\
             # copydesk config check tells every mistake in this file.\n",
        );
        let settings = Settings::default();
        for row in SETTINGS {
            let _ = write!(
                text,
                "\n# {}: {}.\n# {} = {}\n",
                row.help,
                row.expected(),
                row.name,
                row.written(&settings)
            );
        }
        text.push_str(
            "\n# Keys: an action, and the keys that do it, separated by blanks; \"\" takes its keys away. A key that\n\
             # is given to another action is taken from the one that has it; if that has none left, it is told. A key\n\
             # is a single sign, or enter esc tab shift-tab space backspace del up down left right home end pgup pgdn\n\
             # f1..f12, with ctrl- or alt- before it.\n\n[keys]\n",
        );
        let keymap = Keymap::built_in();
        for group in Group::ALL {
            let _ = write!(text, "\n# {}\n", group.title());
            for row in ACTIONS.iter().filter(|row| row.group == group) {
                let keys = quoted(&keymap.names(row.action));
                let help = if row.help.is_empty() { String::new() } else { format!("  # {}", row.help) };
                let _ = writeln!(text, "# {} = {keys}{help}", row.name);
            }
        }
        text
    }
}

impl App {
    /// Tells what is wrong in the file of settings; each mistake is among the problems.
    pub fn tell_mistakes(&mut self, file: String, mistakes: Vec<Problem>) {
        self.settings_file = file;
        if let Some(first) = mistakes.first() {
            let lists = self.keymap.keys(Action::Problems).first().map(|key| format!("; {key} lists them"));
            let more = match mistakes.len() {
                1 => String::new(),
                count => format!("; {} more{}", count - 1, lists.unwrap_or_default()),
            };
            self.warn(format!("In the settings: {first}{more}"));
        }
        self.problems.extend(mistakes);
    }
}

/// The entries of a table as they stand in the file.
fn in_order<'a, 'i>(
    table: &'a DeTable<'i>,
) -> Vec<(&'a Spanned<std::borrow::Cow<'i, str>>, &'a Spanned<DeValue<'i>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

/// What stands where something else was expected.
fn kind_of(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("the text {text:?}"),
        DeValue::Integer(number) => format!("the number {}", number.as_str()),
        DeValue::Float(number) => format!("the number {}", number.as_str()),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(value) => format!("the date {value}"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// The names that may stand at the top of the file.
fn names() -> impl Iterator<Item = &'static str> {
    SETTINGS.iter().map(|row| row.name).chain([KEYS])
}

/// Whether a name is that of the reviewer, or is nearest to it of all. One letter less, it is an action.
fn names_the_reviewer(name: &str) -> bool {
    nearest(name, names()) == Some(REVIEWER) && name != "reviewed"
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    lines: Lines,
    mistakes: Vec<Problem>,
    doubt: Option<Problem>,
}

impl Reader<'_> {
    fn mistake(&mut self, span: Range<usize>, found: String, expected: String, near: Option<&str>) {
        let line = 1 + self.lines.at(span.start);
        self.mistakes.push(Problem {
            file: self.file.to_owned(),
            line: u64::try_from(line).ok(),
            offset: u64::try_from(span.start).unwrap_or(u64::MAX),
            severity: Severity::Doubt,
            found,
            expected,
            advice: near.map_or_else(String::new, |near| format!("did you mean {near}?")),
            excerpt: String::new(),
        });
    }

    /// Takes the last mistake for one that leaves open who signs.
    fn doubt(&mut self, is_one: bool) {
        if is_one && self.doubt.is_none() {
            self.doubt = self.mistakes.last().cloned();
        }
    }

    /// The line of a place.
    fn line(&self, span: &Range<usize>) -> &str {
        self.text.get(self.lines.range(self.lines.at(span.start))).unwrap_or_default().trim()
    }

    /// The name that a line begins with.
    fn first_word(&self, span: &Range<usize>) -> &str {
        let line = self.line(span).trim_start_matches(['"', '\'', '#', ' ']);
        line.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').next().unwrap_or_default()
    }

    /// The line at a place that cannot be read, as what it is.
    fn no_setting(&self, span: &Range<usize>, message: &str) -> String {
        let line = self.line(span);
        if message == UNCLOSED {
            format!("a list that is not closed, in {line:?}")
        } else if message.contains("string") {
            format!("a text whose quotes do not fit, in {line:?}")
        } else if message.contains("duplicate") {
            format!("a second value for the same name, in {line:?}")
        } else {
            format!("a line that is no setting, {line:?}")
        }
    }

    fn setting(&mut self, row: &SettingRow, value: &Spanned<DeValue<'_>>, settings: &mut Settings) {
        let given = match value.get_ref() {
            DeValue::Boolean(value) => Some(SettingValue::Switch(*value)),
            DeValue::Integer(number) => {
                let digits = number.as_str().replace('_', "");
                u64::from_str_radix(&digits, number.radix()).ok().map(SettingValue::Number)
            }
            DeValue::String(text) => Some(SettingValue::Text(text.to_string())),
            DeValue::Array(items) => {
                let words = items.iter().map(|item| item.get_ref().as_str().map(str::to_owned));
                words.collect::<Option<Vec<String>>>().map(SettingValue::Words)
            }
            _ => None,
        };
        let is_taken = given.is_some_and(|given| row.set(settings, given).is_ok());
        if !is_taken {
            let found = format!("{} for {}", kind_of(value.get_ref()), row.name);
            self.mistake(value.span(), found, row.expected(), None);
            self.doubt(row.name == REVIEWER);
        }
    }

    fn keys(&mut self, keys: &DeTable<'_>, keymap: &mut Keymap) {
        let mut given: Vec<(KeyPress, &'static str)> = Vec::new();
        let mut named: Vec<(Action, Range<usize>)> = Vec::new();
        for (name, value) in in_order(keys) {
            let name_text = name.get_ref().as_ref();
            let Some(action) = Action::from_name(name_text) else {
                let names = ACTIONS.iter().map(|row| row.name);
                let near = nearest(name_text, names);
                self.mistake(
                    name.span(),
                    format!("an unknown action {name_text:?}"),
                    "one that ? lists".to_owned(),
                    near,
                );
                self.doubt(name_text == REVIEWER);
                continue;
            };
            let row_name = action.row().map_or("", |row| row.name);
            let Some(text) = value.get_ref().as_str() else {
                let found = format!("{} for {name_text}", kind_of(value.get_ref()));
                self.mistake(value.span(), found, "keys in quotes, separated by blanks".to_owned(), None);
                continue;
            };
            let mut keys = Vec::new();
            let mut is_whole = true;
            for key_name in text.split_whitespace() {
                match key_name.parse::<KeyPress>() {
                    Ok(key) if key == KeyPress::plain(KeyCode::Esc) && decides(action) => {
                        let found =
                            format!("esc for {row_name}, though all that a terminal sends begins with it");
                        self.mistake(value.span(), found, "another key".to_owned(), None);
                        is_whole = false;
                    }
                    Ok(key) => {
                        match given.iter().find(|(other, owner)| *other == key && *owner != row_name) {
                            Some((_, owner)) => {
                                let found =
                                    format!("the key {key} for {row_name}, which {owner} has got above");
                                self.mistake(value.span(), found, "one action for each key".to_owned(), None);
                                is_whole = false;
                            }
                            None => keys.push(key),
                        }
                    }
                    Err(error) => {
                        let (found, expected) = match error {
                            KeyError::Unknown(name) => (
                                format!("no key: {name:?}"),
                                "a single sign or one like enter, esc, space, pgdn, ctrl-d, alt-x, f1"
                                    .to_owned(),
                            ),
                            KeyError::Another { name, arrives } => {
                                (format!("{name:?}, which arrives as {arrives}"), arrives.to_string())
                            }
                            KeyError::Begins(name) => (
                                format!("{name:?}, which is what longer sequences of a terminal begin with"),
                                "another key".to_owned(),
                            ),
                        };
                        self.mistake(value.span(), found, expected, None);
                        is_whole = false;
                    }
                }
            }
            if keys.is_empty() && (action == Action::Quit || !is_whole) {
                // What cannot be read takes nothing away, and there is always a way out.
                if is_whole {
                    let expected = "at least one key, so that there is a way out".to_owned();
                    self.mistake(value.span(), "no key for quit".to_owned(), expected, None);
                }
                continue;
            }
            given.extend(keys.iter().map(|key| (*key, row_name)));
            keymap.give(action, keys);
            named.push((action, value.span()));
        }
        self.left_without_keys(&named, keymap);
        if keymap.keys(Action::Quit).is_empty() {
            let found = "every key of quit given to another action".to_owned();
            self.mistake(
                0..0,
                found,
                "at least one, so that there is a way out; ctrl-c stays with it".to_owned(),
                None,
            );
            keymap.give(Action::Quit, vec![KeyPress { ctrl: true, ..KeyPress::char('c') }]);
        }
    }

    /// Tells of actions that have no key any more, because others have got theirs, and that the file does not
    /// name itself.
    fn left_without_keys(&mut self, named: &[(Action, Range<usize>)], keymap: &Keymap) {
        let is_named = |action| named.iter().any(|(named, _)| *named == action);
        for row in ACTIONS.iter().filter(|row| keymap.keys(row.action).is_empty() && !is_named(row.action)) {
            let taker = keymap.taker(row.action).filter(|_| row.action != Action::Quit);
            let Some((taker, span)) = named.iter().find(|(named, _)| Some(*named) == taker) else { continue };
            let name = row.name;
            let found = format!("the last key of {name} given to {}", taker.row().map_or("", |row| row.name));
            self.mistake(
                span.clone(),
                found,
                format!("{name} = \"\" as well, if it is to have no key"),
                None,
            );
        }
    }
}

#[cfg(test)]
mod tests;
