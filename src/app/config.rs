//! The file of settings: read so that every mistake is told and costs nothing else, and written out
//! with all that can be said in it.

use std::fmt::Write;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::App;
use super::action::{ACTIONS, Action, Group};
use super::key::KeyPress;
use super::keymap::Keymap;
use super::mended::{Lines, Mended, UNCLOSED, Unread};
use super::settings::{SETTINGS, SettingRow, SettingValue, Settings, quoted};
use crate::corpus::{Problem, Severity};
use crate::query::nearest;

/// What is expected where a line cannot be read at all.
const TOML: &str = "TOML, as config init writes it";

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
}

impl Default for Config {
    fn default() -> Self {
        Self { settings: Settings::default(), keymap: Keymap::built_in(), mistakes: Vec::new() }
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
        Self { mistakes: vec![mistake], ..Self::default() }
    }

    /// Reads a file. What is wrong in it is left out and told, the rest holds.
    pub fn parse(file: &str, text: &str) -> Self {
        let mut config = Self::default();
        let mut reader = Reader { file, text, lines: Lines::of(text), mistakes: Vec::new() };
        let mended = Mended::of(text);
        for Unread { at, why } in mended.unread {
            let found = reader.no_setting(&at, &why);
            reader.mistake(at, found, TOML.to_owned(), None);
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
                (name_text, _) => match SettingRow::find(name_text) {
                    Some(row) => reader.setting(row, value, &mut config.settings),
                    None => reader.mistake(
                        name.span(),
                        format!("an unknown setting {name_text:?}"),
                        "one that copydesk config init lists".to_owned(),
                        nearest(name_text, SETTINGS.iter().map(|row| row.name).chain([KEYS])),
                    ),
                },
            }
        }
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

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    lines: Lines,
    mistakes: Vec<Problem>,
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

    /// The line at a place that cannot be read, as what it is.
    fn no_setting(&self, span: &Range<usize>, message: &str) -> String {
        let line = self.lines.range(self.lines.at(span.start));
        let line = self.text.get(line).unwrap_or_default().trim();
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
                        let expected =
                            "a single sign or one like enter, esc, space, pgdn, ctrl-d, alt-x, f1".to_owned();
                        self.mistake(value.span(), format!("no key: {:?}", error.0), expected, None);
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
mod tests {
    use super::*;

    #[test]
    fn the_documented_file_is_what_is_built_in_with_or_without_its_marks() {
        let text = Config::documented();
        let plain = Config::parse("config.toml", &text);
        assert_eq!(plain.mistakes, []);
        let is_entry = |rest: &&str| rest.contains(" = ") && !rest.contains(": ");
        let uncommented: Vec<&str> =
            text.lines().map(|line| line.strip_prefix("# ").filter(is_entry).unwrap_or(line)).collect();
        let uncommented = uncommented.join("\n");
        let told = Config::parse("config.toml", &uncommented);
        assert_eq!(told.mistakes, []);
        assert!(uncommented.contains("\nreasons = [") && uncommented.contains("\ndown = \"j down\""));
        assert_eq!(told.settings, Settings::default());
        for row in ACTIONS {
            assert_eq!(told.keymap.names(row.action), Keymap::built_in().names(row.action));
        }
        assert_eq!(told.keymap.changes(), Vec::<String>::new());
    }

    #[test]
    fn every_mistake_is_told_with_its_line_and_the_rest_holds() {
        let text = "reasons = [\"typo\", 3]\nauto-advnce = false\nauto-advance = 1\nwrap-width = 90\nwrap-width = 91\n\
                    idle-cutoff-s = 0\n=\n[keys]\ndown = \"jj n\"\nfilter = \"W\"\nflagd = \"f\"\nzoom = \"W\"\n\
                    help = 3\nquit = \"\"\nundo = \"ctrl-z\"\nnote = \"\"\n";
        let config = Config::parse("c.toml", text);
        let told: Vec<String> = config.mistakes.iter().map(ToString::to_string).collect();
        let lines: Vec<Option<u64>> = config.mistakes.iter().map(|mistake| mistake.line).collect();
        assert_eq!(lines, [1, 2, 3, 5, 6, 7, 9, 9, 11, 12, 13, 14, 15].map(Some), "{told:#?}");
        for (at, words) in [
            (0, "c.toml:1"),
            (1, "an unknown setting \"auto-advnce\""),
            (1, "did you mean auto-advance?"),
            (2, "the number 1 for auto-advance, expected true or false"),
            (4, "expected a whole number from 1 to 86400"),
            (6, "no key: \"jj\""),
            (7, "the last key of next-hit given to down, expected next-hit = \"\" as well"),
            (8, "did you mean flagged?"),
            (9, "the key W for zoom, which filter has got above"),
            (11, "a way out"),
            (12, "the last key of suspend given to undo"),
        ] {
            assert!(told[at].contains(words), "{at}: {told:#?}");
        }
        assert_eq!(config.settings.reasons, Settings::default().reasons);
        assert_eq!(config.settings.wrap_width, 90);
        let keymap = &config.keymap;
        assert_eq!(keymap.names(Action::Down), "n", "the key that can be read");
        assert_eq!(keymap.names(Action::NextHit), "", "it was taken from here");
        assert_eq!(
            (keymap.names(Action::Filter), keymap.names(Action::Zoom)),
            ("W".to_owned(), "z".to_owned())
        );
        assert_eq!(keymap.names(Action::Quit), "q ctrl-c");
        assert_eq!(keymap.names(Action::Note), "");
        assert_eq!(keymap.action("ctrl-z".parse().unwrap()), Some(Action::Undo));
        assert_eq!(
            keymap.changes(),
            [
                "down: n (taken from next-hit)",
                "filter: W",
                "undo: ctrl-z (taken from suspend)",
                "note: no key"
            ]
        );
        // Where that is meant, or another key is left, nothing is told.
        for keys in
            ["undo = \"ctrl-z\"\nsuspend = \"\"", "suspend = \"S\"\nundo = \"ctrl-z\"", "undo = \"j\""]
        {
            let config = Config::parse("c.toml", &format!("[keys]\n{keys}\n"));
            assert_eq!(config.mistakes, [], "{keys}");
        }
        let config = Config::parse("c.toml", "[keys]\nup = \"q ctrl-c\"\n");
        assert_eq!(config.keymap.names(Action::Quit), "ctrl-c");
        assert_eq!(config.mistakes.len(), 1);
        // What is no entry costs itself alone.
        let text = "auto advance = false\nreasons = [\"a\"\nreviewer = \"mara\"\n[keys\nup = \"U\"\n[keys]\nreviewed \"x\"\nreviewed = \"R\"\n";
        let config = Config::parse("c.toml", text);
        let lines: Vec<Option<u64>> = config.mistakes.iter().map(|mistake| mistake.line).collect();
        assert_eq!(lines, [1, 2, 4, 7].map(Some), "{:#?}", config.mistakes);
        assert!(config.mistakes[0].to_string().contains("no setting, \"auto advance = false\""));
        assert_eq!(config.settings.reviewer, "mara");
        assert_eq!([config.keymap.names(Action::Reviewed), config.keymap.names(Action::Up)], ["R", "k up"]);
        let config = Config::parse("c.toml", "keys = 3\n\u{1b}[31m = 1");
        assert!(!config.mistakes.is_empty());
        assert!(config.mistakes.iter().all(|mistake| !mistake.to_string().contains('\u{1b}')));
    }
    #[test]
    fn a_file_of_something_else_is_told_from_settings_with_mistakes() {
        let documented = Config::documented();
        for text in ["", "# a word\n", &documented, "theme = 3\nidle = 1\n", "[keys]\nup = \"jj\"\nx\n"] {
            assert!(Config::is_meant_by(text), "{text}");
        }
        let page = "a note\n\nof settings\n\n  mouse = true\n";
        for text in
            ["{\"id\":\"p1\",\"title\":\"a = 1\"}\n", "[package]\nname = \"x\"\n", page, "x", "a = \"b\""]
        {
            assert!(!Config::is_meant_by(text), "{text}");
        }
    }
}
