//! What a person can choose about the desk: one row of [`SETTINGS`] each. The file, its documented
//! default, `:set` and the README's table are made from it.

use crate::query::nearest;

/// So many reasons have a digit of their own.
const MAX_REASONS: usize = 9;

/// What the terminal's background is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Background {
    /// Light letters on dark.
    #[default]
    Dark,
    /// Dark letters on light.
    Light,
}

/// The settings of the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Settings {
    /// The reasons for a flag, each chosen by its digit, from 1.
    pub reasons: Vec<String>,
    /// A decision goes on to the next unreviewed post.
    pub auto_advance: bool,
    /// Decided posts leave the list.
    pub hide_decided: bool,
    /// A post is reviewed when all items of its checklist are ticked, or the reviewer says so twice.
    pub require_checklist: bool,
    /// The colours: one of [`THEMES`].
    pub theme: String,
    /// 24-bit colours instead of the terminal's own sixteen.
    pub true_colour: bool,
    /// Frames and signs in ASCII.
    pub ascii: bool,
    /// The mouse chooses posts and panes.
    pub mouse: bool,
    /// The name that decisions are signed with; blank: that of the user.
    pub reviewer: String,
    /// A pause longer than this is not counted as time spent on a post. Unit: seconds.
    pub idle_cutoff_s: u64,
    /// The article is set no wider than this; 0: as wide as its pane. Unit: columns.
    pub wrap_width: u64,
    /// How much of the screen the list takes; 0: what suits its size. Unit: per cent.
    pub list_width: u64,
}

/// The names of the themes.
pub const THEMES: &[&str] = &["auto", "dark", "light", "contrast", "plain"];

impl Default for Settings {
    fn default() -> Self {
        let reasons = ["facts", "image", "duplicate", "language", "links", "meta", "unsafe", "style"];
        Self {
            reasons: reasons.map(str::to_owned).to_vec(),
            auto_advance: true,
            hide_decided: false,
            require_checklist: false,
            theme: "auto".to_owned(),
            true_colour: false,
            ascii: false,
            mouse: true,
            reviewer: String::new(),
            idle_cutoff_s: 60,
            wrap_width: 0,
            list_width: 0,
        }
    }
}

/// What a setting holds, and where it stands in [`Settings`].
#[derive(Clone, Copy, Debug)]
pub enum SettingKind {
    /// On or off.
    Switch(fn(&mut Settings) -> &mut bool),
    /// A whole number from the first to the second.
    Number(fn(&mut Settings) -> &mut u64, u64, u64),
    /// One line.
    Text(fn(&mut Settings) -> &mut String),
    /// One of some words.
    Choice(fn(&mut Settings) -> &mut String, &'static [&'static str]),
    /// Up to nine reasons.
    Reasons(fn(&mut Settings) -> &mut Vec<String>),
}

/// One setting.
#[derive(Debug)]
pub struct SettingRow {
    /// Its name in the file and behind `:set`.
    pub name: &'static str,
    /// What it holds.
    pub kind: SettingKind,
    /// One line for people.
    pub help: &'static str,
    /// It is looked at when the desk opens, and never again.
    pub at_start: bool,
}

const fn row(name: &'static str, kind: SettingKind, help: &'static str) -> SettingRow {
    SettingRow { name, kind, help, at_start: false }
}

const fn at_start(row: SettingRow) -> SettingRow {
    SettingRow { at_start: true, ..row }
}

/// Every setting.
pub const SETTINGS: &[SettingRow] = &[
    row(
        "reasons",
        SettingKind::Reasons(|s| &mut s.reasons),
        "the reasons for a flag; the first nine have digits",
    ),
    row(
        "auto-advance",
        SettingKind::Switch(|s| &mut s.auto_advance),
        "a decision goes on to the next unreviewed post",
    ),
    row(
        "hide-decided",
        SettingKind::Switch(|s| &mut s.hide_decided),
        "decided posts leave the list, which burns down",
    ),
    row(
        "require-checklist",
        SettingKind::Switch(|s| &mut s.require_checklist),
        "reviewed asks first while items of the checklist are not ticked",
    ),
    at_start(row(
        "theme",
        SettingKind::Choice(|s| &mut s.theme, THEMES),
        "the colours: auto (what the terminal says of its background), dark, light, contrast, plain",
    )),
    at_start(row(
        "true-colour",
        SettingKind::Switch(|s| &mut s.true_colour),
        "24-bit colours instead of the terminal's own sixteen",
    )),
    at_start(row("ascii", SettingKind::Switch(|s| &mut s.ascii), "frames and signs in ASCII")),
    at_start(row("mouse", SettingKind::Switch(|s| &mut s.mouse), "the mouse chooses posts and panes")),
    at_start(row(
        "reviewer",
        SettingKind::Text(|s| &mut s.reviewer),
        "who signs decisions; blank: the user. --reviewer comes first",
    )),
    row(
        "idle-cutoff-s",
        SettingKind::Number(|s| &mut s.idle_cutoff_s, 1, 86_400),
        "a pause of more seconds is not counted as reading",
    ),
    row(
        "wrap-width",
        SettingKind::Number(|s| &mut s.wrap_width, 0, 1_000),
        "the article is set no wider than so many columns; 0: as its pane",
    ),
    row(
        "list-width",
        SettingKind::Number(|s| &mut s.list_width, 0, 80),
        "the list takes so many per cent of the screen; 0: what suits its size",
    ),
];

/// A value for a setting, as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingValue {
    /// On or off.
    Switch(bool),
    /// A whole number.
    Number(u64),
    /// One line.
    Text(String),
    /// Several lines.
    Words(Vec<String>),
}

impl SettingRow {
    /// The setting with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|row| row.name == name)
    }

    /// The name of a setting that is near to one that there is not.
    pub fn nearest(name: &str) -> Option<&'static str> {
        nearest(name, SETTINGS.iter().map(|row| row.name))
    }

    /// What it takes, for people.
    pub fn expected(&self) -> String {
        match self.kind {
            SettingKind::Switch(_) => "true or false".to_owned(),
            SettingKind::Number(_, low, high) => format!("a whole number from {low} to {high}"),
            SettingKind::Text(_) => "one line of text in quotes".to_owned(),
            SettingKind::Choice(_, words) => format!("one of: {}", words.join(" ")),
            SettingKind::Reasons(_) => {
                format!("a list of up to {MAX_REASONS} reasons in quotes, none blank or with a comma in it")
            }
        }
    }

    /// Takes a value over; what was expected, where it is none for this setting.
    pub fn set(&self, settings: &mut Settings, value: SettingValue) -> Result<(), String> {
        match (self.kind, value) {
            (SettingKind::Switch(place), SettingValue::Switch(value)) => *place(settings) = value,
            (SettingKind::Number(place, low, high), SettingValue::Number(value))
                if (low..=high).contains(&value) =>
            {
                *place(settings) = value;
            }
            (SettingKind::Text(place), SettingValue::Text(value)) if !value.contains(char::is_control) => {
                *place(settings) = value.trim().to_owned();
            }
            (SettingKind::Choice(place, words), SettingValue::Text(value))
                if words.contains(&value.as_str()) =>
            {
                *place(settings) = value;
            }
            (SettingKind::Reasons(place), SettingValue::Words(words))
                if words.len() <= MAX_REASONS && words.iter().all(|word| is_reason(word)) =>
            {
                *place(settings) = words.iter().map(|word| word.trim().to_owned()).collect();
            }
            _ => return Err(self.expected()),
        }
        Ok(())
    }

    /// The same for a value as it is typed: `on`, `90`, `image, facts`.
    pub fn set_typed(&self, settings: &mut Settings, typed: &str) -> Result<(), String> {
        let typed = typed.trim();
        let value = match self.kind {
            SettingKind::Switch(_) => match typed {
                "on" | "true" | "yes" => SettingValue::Switch(true),
                "off" | "false" | "no" => SettingValue::Switch(false),
                _ => return Err("on or off".to_owned()),
            },
            SettingKind::Number(..) => SettingValue::Number(typed.parse().map_err(|_| self.expected())?),
            SettingKind::Text(_) | SettingKind::Choice(..) => SettingValue::Text(typed.to_owned()),
            SettingKind::Reasons(_) => {
                let words = typed.split(',').map(|word| word.trim().to_owned());
                SettingValue::Words(words.filter(|word| !word.is_empty()).collect())
            }
        };
        self.set(settings, value)
    }

    /// The value that holds, as it is typed behind `:set`.
    pub fn typed(&self, settings: &Settings) -> String {
        let mut settings = settings.clone();
        match self.kind {
            SettingKind::Switch(place) => if *place(&mut settings) { "on" } else { "off" }.to_owned(),
            SettingKind::Number(place, ..) => place(&mut settings).to_string(),
            SettingKind::Text(place) | SettingKind::Choice(place, _) => place(&mut settings).clone(),
            SettingKind::Reasons(place) => place(&mut settings).join(", "),
        }
    }

    /// The value that holds, as it stands in the file.
    pub fn written(&self, settings: &Settings) -> String {
        let mut settings = settings.clone();
        match self.kind {
            SettingKind::Switch(place) => place(&mut settings).to_string(),
            SettingKind::Number(place, ..) => place(&mut settings).to_string(),
            SettingKind::Text(place) | SettingKind::Choice(place, _) => quoted(place(&mut settings)),
            SettingKind::Reasons(place) => {
                let words: Vec<String> = place(&mut settings).iter().map(|word| quoted(word)).collect();
                format!("[{}]", words.join(", "))
            }
        }
    }
}

/// A text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    let escaped = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

/// Reasons are typed one behind the other with commas.
fn is_reason(word: &str) -> bool {
    !word.trim().is_empty() && !word.contains(|c: char| c == ',' || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_takes_what_it_writes_and_refuses_another_kind() {
        for row in SETTINGS {
            let mut settings = Settings::default();
            row.set_typed(&mut settings, &row.typed(&Settings::default())).unwrap();
            assert_eq!(settings, Settings::default(), "{}", row.name);
            let wrong = match row.kind {
                SettingKind::Switch(_) => SettingValue::Number(1),
                SettingKind::Number(_, _, high) => SettingValue::Number(high + 1),
                SettingKind::Text(_) | SettingKind::Choice(..) => SettingValue::Text("a\nb".to_owned()),
                SettingKind::Reasons(_) => SettingValue::Words(vec!["a,b".to_owned()]),
            };
            assert_eq!(row.set(&mut settings, wrong), Err(row.expected()));
            assert!(!row.help.is_empty() && !row.help.ends_with('.'), "{}", row.name);
        }
        let row = SettingRow::find("wrap-width").unwrap();
        let mut settings = Settings::default();
        row.set_typed(&mut settings, " 90 ").unwrap();
        assert_eq!(settings.wrap_width, 90);
        assert!(row.set_typed(&mut settings, "-1").is_err());
        assert_eq!(SettingRow::nearest("auto-advnce"), Some("auto-advance"));
    }
}
