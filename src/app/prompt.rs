//! Lines that are typed: the filter, the reason of a flag, a note.

use tui_input::{Input, InputRequest};

use super::bulk::BulkPrompt;
use super::decide::Subject;
use super::key::{KeyCode, KeyPress};
use super::palette::Palette;
use super::search::Search;
use crate::model::Link;

/// The longest text that a prompt takes. Unit: characters. A paste of a whole file is cut here.
pub(super) const MAX_CHARS: usize = 4_096;

/// What is being typed, if anything is.
#[derive(Debug)]
pub enum Prompt {
    /// The query. `before` comes back when the prompt is given up.
    Filter {
        /// The line.
        line: Line,
        /// The query that held before.
        before: String,
    },
    /// Why a post is flagged.
    Flag(FlagPrompt),
    /// Whether many posts are decided on at once.
    Bulk(Box<BulkPrompt>),
    /// Words to be found in the article. `before` is sought again when the prompt is given up.
    Search {
        /// The line.
        line: Line,
        /// What was sought before.
        before: Option<Search>,
    },
    /// A command.
    Command(Palette),
    /// A note on a post.
    Note {
        /// The line.
        line: Line,
        /// The post it is for.
        subject: Subject,
    },
    /// Whether a link is to be opened.
    Link(Link),
}

/// Why one post is flagged.
#[derive(Debug)]
pub struct FlagPrompt {
    /// The post it is for.
    pub subject: Subject,
    /// The reason and the note.
    pub why: Why,
}

/// The reason of a flag and a note beside it.
#[derive(Debug, Default)]
pub struct Why {
    /// A reason of the list, or another word.
    pub reason: Line,
    /// More about it.
    pub note: Line,
    /// Whether the note is being typed.
    pub in_note: bool,
    /// The reason was typed in, so that a digit is a part of it and no choice.
    pub is_edited: bool,
}

impl Why {
    /// What was said before, to be changed.
    pub(super) fn new(reasons: &str, note: &str) -> Self {
        Self { reason: Line::new(reasons), note: Line::new(note), in_note: false, is_edited: false }
    }

    /// Edits it. Once it is said: the reasons and the note.
    pub(super) fn press(&mut self, key: KeyPress, known: &[String]) -> Option<(Vec<String>, Option<String>)> {
        let digit = key.typed().and_then(|c| c.to_digit(10)).filter(|_| !self.in_note && !self.is_edited);
        if let Some(reason) = digit.and_then(|digit| known.get((digit as usize).checked_sub(1)?)) {
            return Some((vec![reason.clone()], self.note()));
        }
        match key.code {
            KeyCode::Enter => return Some((self.reasons(), self.note())),
            KeyCode::Tab | KeyCode::BackTab | KeyCode::Up | KeyCode::Down => self.in_note = !self.in_note,
            _ => {
                self.is_edited |= !self.in_note;
                self.line_mut().press(key);
            }
        }
        None
    }

    fn reasons(&self) -> Vec<String> {
        let reasons = self.reason.text().split(',').map(str::trim);
        reasons.filter(|reason| !reason.is_empty()).map(str::to_owned).collect()
    }

    fn note(&self) -> Option<String> {
        Some(self.note.text().trim().to_owned()).filter(|note| !note.is_empty())
    }

    /// The line that is being typed.
    pub(super) fn line_mut(&mut self) -> &mut Line {
        if self.in_note { &mut self.note } else { &mut self.reason }
    }
}

/// A line of text with a cursor.
#[derive(Debug, Default)]
pub struct Line {
    input: Input,
}

impl Line {
    /// A line that holds `text`, the cursor behind it.
    pub fn new(text: &str) -> Self {
        Self { input: Input::new(text.to_owned()) }
    }

    /// The same, the cursor behind so many characters.
    pub fn with_cursor(text: &str, cursor: usize) -> Self {
        Self { input: Input::new(text.to_owned()).with_cursor(cursor) }
    }

    /// What is typed so far.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Where the cursor stands. Unit: characters.
    pub fn cursor(&self) -> usize {
        self.input.cursor()
    }

    /// Edits the line; whether the text has changed.
    pub fn press(&mut self, key: KeyPress) -> bool {
        let request = match (key.code, key.ctrl || key.alt) {
            (KeyCode::Left, false) => InputRequest::GoToPrevChar,
            (KeyCode::Right, false) => InputRequest::GoToNextChar,
            (KeyCode::Left, true) => InputRequest::GoToPrevWord,
            (KeyCode::Right, true) => InputRequest::GoToNextWord,
            (KeyCode::Home, _) => InputRequest::GoToStart,
            (KeyCode::End, _) => InputRequest::GoToEnd,
            (KeyCode::Backspace, false) => InputRequest::DeletePrevChar,
            (KeyCode::Backspace, true) => InputRequest::DeletePrevWord,
            (KeyCode::Delete, _) => InputRequest::DeleteNextChar,
            (KeyCode::Char(c), true) if key.ctrl => match c {
                'a' => InputRequest::GoToStart,
                'e' => InputRequest::GoToEnd,
                'b' => InputRequest::GoToPrevChar,
                'f' => InputRequest::GoToNextChar,
                'h' => InputRequest::DeletePrevChar,
                'd' => InputRequest::DeleteNextChar,
                'w' => InputRequest::DeletePrevWord,
                'u' => InputRequest::DeleteLine,
                'k' => InputRequest::DeleteTillEnd,
                _ => return false,
            },
            _ => match key.typed() {
                Some(c) if self.text().chars().count() < MAX_CHARS => InputRequest::InsertChar(c),
                _ => return false,
            },
        };
        self.input.handle(request).is_some_and(|change| change.value)
    }

    /// Adds pasted text at the cursor, its line breaks as blanks; whether the text has changed.
    pub fn paste(&mut self, text: &str) -> bool {
        let room = MAX_CHARS.saturating_sub(self.text().chars().count());
        let mut changed = false;
        for c in text.chars().take(room) {
            let c = if c.is_control() { ' ' } else { c };
            changed |= self.input.handle(InputRequest::InsertChar(c)).is_some();
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_edited_and_pasted_into() {
        let mut line = Line::new("stack:go");
        assert!(line.press(KeyPress::char(' ')));
        assert!(line.paste("a\nb"));
        assert_eq!(line.text(), "stack:go a b");
        assert!(!line.press(KeyPress::plain(KeyCode::Left)));
        assert!(line.press(KeyPress { code: KeyCode::Char('w'), ctrl: true, alt: false }));
        assert_eq!(line.text(), "stack:go b");
        line.paste(&"x".repeat(1_000_000));
        assert_eq!(line.text().chars().count(), MAX_CHARS);
    }
}
