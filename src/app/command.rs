//! What can be typed behind `:` besides the names of actions.

use super::bulk::Asked;
use super::settings::{SETTINGS, SettingKind, SettingRow};
use super::{App, Why};
use crate::model::Status;
use crate::query::{Query, nearest};

/// One command.
pub struct CommandRow {
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub usage: &'static str,
    /// One line for people.
    pub help: &'static str,
    /// Does it with what stands behind the name; what is wrong with that, where something is.
    run: fn(&mut App, &str) -> Result<(), String>,
}

impl std::fmt::Debug for CommandRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CommandRow({})", self.name)
    }
}

const fn row(
    name: &'static str,
    usage: &'static str,
    help: &'static str,
    run: fn(&mut App, &str) -> Result<(), String>,
) -> CommandRow {
    CommandRow { name, usage, help, run }
}

/// Every command.
pub const COMMANDS: &[CommandRow] = &[
    row("set", "set NAME VALUE", "change a setting until you leave; the file stays as it is", App::set),
    row(
        "mark",
        "mark STATUS [why=REASON,…] [note=\"…\"] [dry-run] [where QUERY]",
        "decide on every post that passes a query, or on the marked ones",
        App::mark_command,
    ),
    row("save", "save NAME", "give the filter a name: @NAME stands for it in any query", App::save_command),
    row("forget", "forget NAME", "take the name of a query away", App::forget_command),
];

impl CommandRow {
    /// The command with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        COMMANDS.iter().find(|row| row.name == name)
    }

    /// Does it.
    pub(super) fn run(&self, app: &mut App, rest: &str) -> Result<(), String> {
        (self.run)(app, rest)
    }
}

/// What `:mark` is to do.
#[derive(Debug)]
struct MarkCommand {
    status: Status,
    reasons: String,
    note: String,
    is_dry: bool,
    /// The query as it was typed; none: the marked posts.
    query: Option<String>,
}

impl MarkCommand {
    /// Reads what stands behind `mark`.
    fn parse(text: &str) -> Result<Self, String> {
        let (word, mut rest) = next_word(text);
        let names = Status::ALL.map(Status::name);
        let status =
            Status::from_name(&word).filter(|status| Status::ALL.contains(status)).ok_or_else(|| {
                let near = nearest(&word, names.into_iter()).map(|near| format!("; did you mean {near}?"));
                format!("mark {word:?}: expected one of {}{}", names.join(" "), near.unwrap_or_default())
            })?;
        let mut command =
            Self { status, reasons: String::new(), note: String::new(), is_dry: false, query: None };
        while !rest.is_empty() {
            let (word, behind) = next_word(rest);
            match (word.as_str(), word.split_once('=')) {
                ("where", _) => {
                    let query = behind.trim();
                    let shorter = query.strip_suffix("dry-run").filter(|q| q.is_empty() || q.ends_with(' '));
                    command.is_dry |= shorter.is_some();
                    command.query = Some(shorter.unwrap_or(query).trim().to_owned());
                    break;
                }
                ("dry-run", _) => command.is_dry = true,
                (_, Some(("why", reasons))) => command.reasons = reasons.to_owned(),
                (_, Some(("note", note))) => command.note = note.to_owned(),
                _ => {
                    return Err(format!(
                        "mark: found {word:?}, expected why=…, note=\"…\", dry-run or where QUERY"
                    ));
                }
            }
            rest = behind;
        }
        if command.status != Status::Flagged && !(command.reasons.is_empty() && command.note.is_empty()) {
            return Err(format!("mark {status}: only a flag has a reason and a note"));
        }
        if command.query.as_ref().is_some_and(String::is_empty) {
            return Err("mark … where: no query, which would be every post; say which, as status:unreviewed"
                .to_owned());
        }
        Ok(command)
    }
}

/// The next word, a part in quotes taken together, and what stands behind it.
fn next_word(text: &str) -> (String, &str) {
    let text = text.trim_start();
    let mut word = String::new();
    let mut is_quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            c if c.is_whitespace() && !is_quoted => {
                return (word, text.get(at..).unwrap_or_default().trim_start());
            }
            c => word.push(c),
        }
    }
    (word, "")
}

impl App {
    fn set(&mut self, rest: &str) -> Result<(), String> {
        let (name, value) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
        let row = SettingRow::find(name).ok_or_else(|| {
            let near = SettingRow::nearest(name).map(|near| format!("; did you mean {near}?"));
            let names: Vec<&str> = SETTINGS.iter().map(|row| row.name).collect();
            format!(
                "set: there is no {name:?}, expected one of {}{}",
                names.join(" "),
                near.unwrap_or_default()
            )
        })?;
        if row.at_start {
            return Err(format!("set {name}: it is looked at when copydesk starts; {}", self.at_start(name)));
        }
        // A switch alone is turned, whatever else is told.
        let value = match (row.kind, value.trim()) {
            (SettingKind::Switch(_), "") => {
                if row.typed(&self.settings) == "on" {
                    "off"
                } else {
                    "on"
                }
            }
            (_, "") if !matches!(row.kind, SettingKind::Text(_)) => {
                self.say(format!("{name} is {}", row.typed(&self.settings)));
                return Ok(());
            }
            (_, value) => value,
        };
        row.set_typed(&mut self.settings, value)
            .map_err(|expected| format!("set {name}: found {value:?}, expected {expected}"))?;
        if name == "list-width" {
            self.list_share = None;
        }
        self.settings_changed();
        self.say(format!("{name} is {} until you leave", row.typed(&self.settings)));
        Ok(())
    }

    /// Where a setting is chosen that is looked at when copydesk starts.
    pub(super) fn at_start(&self, name: &str) -> String {
        let file = if self.settings_file.is_empty() { "the file of settings" } else { &self.settings_file };
        let option = match name {
            "theme" | "true-colour" | "ascii" | "reviewer" => format!(", or start with --{name}"),
            _ => String::new(),
        };
        format!("put it into {file}{option}")
    }

    /// What hangs on a setting follows it.
    pub(super) fn settings_changed(&mut self) {
        self.detail.unset();
        self.burn_down();
    }

    fn mark_command(&mut self, rest: &str) -> Result<(), String> {
        let MarkCommand { status, reasons, note, is_dry, query } = MarkCommand::parse(rest)?;
        let why = Why::new(&reasons, &note);
        let asked = Asked { status, why, is_dry, query: query.clone(), filter: None };
        let Some(query) = query else {
            return self.ask_about_marks(asked);
        };
        let parsed =
            Query::parse_with(&query, &self.names).map_err(|error| format!("mark … where: {error}"))?;
        self.ask_about_query(asked, parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_or_its_mistake_is_told() {
        let command =
            MarkCommand::parse("flagged why=image,facts note=\"as a set\" where host:x stack:go dry-run")
                .unwrap();
        assert_eq!((command.status, command.is_dry), (Status::Flagged, true));
        assert_eq!((command.reasons.as_str(), command.note.as_str()), ("image,facts", "as a set"));
        assert_eq!(command.query.as_deref(), Some("host:x stack:go"));
        let command = MarkCommand::parse("  reviewed dry-run where \"dry-run").unwrap();
        assert_eq!((command.is_dry, command.query.as_deref()), (true, Some("\"dry-run")));
        assert_eq!(MarkCommand::parse("skipped").unwrap().query, None);
        for (text, expected) in [
            ("", "expected one of unreviewed"),
            ("flaged where x", "did you mean flagged?"),
            ("flagged stack:go", "expected why="),
            ("reviewed why=image", "only a flag"),
            ("reviewed where  ", "no query"),
            ("reviewed where dry-run", "no query"),
        ] {
            let error = MarkCommand::parse(text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
