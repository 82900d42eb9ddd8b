//! A line that was typed in plain mode, as what it asks for.

use crate::app::{ACTIONS, Action, KeyCode, KeyPress, Keymap, Part};

/// What a line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Do this with the post under the cursor, or go to another one.
    Act(Action),
    /// Flag it, for these reasons and with this note; asks where no reasons are given.
    Flag(Option<Flag>),
    /// Write a note on it; asks where none is given.
    Note(Option<String>),
    /// Take another query.
    Filter(String),
    /// Say a part of the post again.
    Say(Part),
    /// Say where the cursor stands.
    Where,
    /// Say what there is to type.
    Help,
}

/// What is wrong with the post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flag {
    pub(super) reasons: String,
    pub(super) note: Option<String>,
}

/// What cannot be reached by an action, or has words behind it.
pub(super) const WORDS: [(&str, &str); 8] = [
    ("Enter", "the next post"),
    ("/ QUERY", "take only posts that pass; / alone takes all again"),
    ("f REASON, REASON -- NOTE", "flag at once, with a note if there is one"),
    ("e TEXT", "a note on the post"),
    ("article", "the article again"),
    ("meta", "what the post says of itself"),
    ("checklist", "the checklist, each item with its number"),
    ("where", "which post this is, of how many"),
];

/// The actions that make sense without a screen.
pub(super) fn is_plain(action: Action) -> bool {
    use Action::{
        Bottom, Changes, Clear, Down, Filter, Flagged, Help, History, NextUnreviewed, Note, Numbers,
        PreviousUnreviewed, Problems, Quit, Redo, Reviewed, Skipped, TakeOver, Tick, Top, Undo, Unreviewed,
        Up,
    };
    matches!(
        action,
        Down | Up
            | Top
            | Bottom
            | NextUnreviewed
            | PreviousUnreviewed
            | Reviewed
            | Flagged
            | Skipped
            | Unreviewed
            | Tick(_)
            | Note
            | Undo
            | Redo
            | History
            | Changes
            | TakeOver
            | Filter
            | Clear
            | Problems
            | Numbers
            | Help
            | Quit
    )
}

impl Command {
    /// Whether it decides something on the post under the cursor, or asks what to decide.
    pub(super) fn decides(&self) -> bool {
        use Action::{Reviewed, Skipped, TakeOver, Tick, Unreviewed};
        match self {
            Self::Act(action) => {
                matches!(action, Reviewed | Skipped | Unreviewed | Tick(_) | TakeOver)
            }
            Self::Flag(_) | Self::Note(_) => true,
            Self::Filter(_) | Self::Say(_) | Self::Where | Self::Help => false,
        }
    }

    /// Reads a line; a sentence about one that means nothing.
    pub(super) fn of(line: &str, keymap: &Keymap) -> Result<Self, String> {
        let line = line.trim();
        if line.is_empty() {
            return Ok(Self::Act(Action::Down));
        }
        if let Some(query) = line.strip_prefix('/') {
            return Ok(Self::Filter(query.trim().to_owned()));
        }
        let (word, rest) =
            line.split_once(char::is_whitespace).map_or((line, ""), |(word, rest)| (word, rest.trim()));
        let given = Some(rest.to_owned()).filter(|rest| !rest.is_empty());
        match word {
            "article" => return Ok(Self::Say(Part::Article)),
            "meta" => return Ok(Self::Say(Part::Meta)),
            "checklist" => return Ok(Self::Say(Part::Checklist)),
            "where" => return Ok(Self::Where),
            _ => {}
        }
        let key = word.parse::<KeyPress>().ok().and_then(|key| keymap.action(key));
        let action = key.or_else(|| Action::from_name(word)).filter(|action| is_plain(*action));
        match action {
            Some(Action::Flagged) => Ok(Self::Flag(given.map(|given| Flag::of(&given)))),
            Some(Action::Note) => Ok(Self::Note(given)),
            Some(Action::Filter) => Ok(Self::Filter(rest.to_owned())),
            Some(Action::Help) => Ok(Self::Help),
            Some(_) if given.is_some() => {
                Err(format!("Nothing was done: {word} takes no words behind it, and there are some"))
            }
            Some(action) => Ok(Self::Act(action)),
            None => Err(format!(
                "Nothing was done: there is no command {word:?}. Type ? and Enter for all of them"
            )),
        }
    }
}

impl Flag {
    /// `reason, reason -- note`.
    pub(super) fn of(text: &str) -> Self {
        let (reasons, note) = text.split_once("--").map_or((text, ""), |(reasons, note)| (reasons, note));
        let note = Some(note.trim().to_owned()).filter(|note| !note.is_empty());
        Self { reasons: reasons.trim().to_owned(), note }
    }
}

/// A key that the keymap gives to an action.
pub(super) fn key_of(action: Action, keymap: &Keymap) -> Option<KeyPress> {
    keymap.keys(action).first().copied()
}

/// Rubs out the line of a prompt.
pub(super) const RUB_OUT: KeyPress = KeyPress { code: KeyCode::Char('u'), ctrl: true, alt: false };

/// What an action does where there are lines and no panes, if that is told in other words.
const fn in_plain_words(action: Action) -> Option<&'static str> {
    Some(match action {
        Action::Down => "the next post",
        Action::Up => "the post before",
        Action::Top => "the first post",
        Action::Bottom => "the last post",
        Action::NextUnreviewed => "the next unreviewed post",
        Action::PreviousUnreviewed => "the unreviewed post before",
        Action::Flagged => "something is wrong: asks why; or say it behind the f",
        Action::Tick(_) => "tick the item with this number, or take the tick away",
        Action::History => "what was decided on the post so far",
        Action::Changes => "tell what has changed in a stale post since it was decided on, and back",
        Action::Filter => "take only posts that pass the query behind it; without one all",
        Action::Clear => "all posts again, without the filter",
        Action::Help => "these commands",
        _ => return None,
    })
}

/// Every command, a line each.
pub(super) fn help(keymap: &Keymap) -> Vec<String> {
    let words = WORDS.iter().map(|(word, help)| format!("{word}: {help}"));
    let rows = ACTIONS.iter().filter(|row| is_plain(row.action) && !row.help.is_empty());
    let rows = rows.filter_map(|row| {
        let key = key_of(row.action, keymap)?;
        let key = if row.action == Action::Tick(1) { format!("{key} to 9") } else { key.to_string() };
        let help = in_plain_words(row.action).unwrap_or(row.help);
        Some(format!("{key}, or {}: {help}", row.name))
    });
    words.chain(rows).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_by_keys_and_by_names() {
        let keymap = Keymap::built_in();
        let flag = |reasons: &str, note: Option<&str>| {
            Command::Flag(Some(Flag { reasons: reasons.to_owned(), note: note.map(str::to_owned) }))
        };
        for (line, command) in [
            ("", Command::Act(Action::Down)),
            ("r", Command::Act(Action::Reviewed)),
            ("reviewed", Command::Act(Action::Reviewed)),
            ("ctrl-r", Command::Act(Action::Redo)),
            ("3", Command::Act(Action::Tick(3))),
            ("f", Command::Flag(None)),
            ("f image, links -- see the second one", flag("image, links", Some("see the second one"))),
            ("flagged facts", flag("facts", None)),
            ("e check the date", Command::Note(Some("check the date".to_owned()))),
            ("/ stack:go  score>=60", Command::Filter("stack:go  score>=60".to_owned())),
            ("/", Command::Filter(String::new())),
            ("  meta ", Command::Say(Part::Meta)),
            ("?", Command::Help),
        ] {
            assert_eq!(Command::of(line, &keymap), Ok(command), "{line}");
        }
        for line in ["reviewd", "z", "rf", "r now", "\u{1b}[A", "copydesk"] {
            assert!(Command::of(line, &keymap).unwrap_err().starts_with("Nothing was done"), "{line}");
        }
    }

    #[test]
    fn every_command_is_told() {
        let help = help(&Keymap::built_in()).join("\n");
        for row in
            ACTIONS.iter().filter(|row| is_plain(row.action) && !matches!(row.action, Action::Tick(2..)))
        {
            assert!(help.contains(&format!("or {}:", row.name)), "{}", row.name);
        }
    }
}
