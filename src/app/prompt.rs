//! Lines that are typed: the filter, the reason of a flag, a note.

use tui_input::{Input, InputRequest};

use super::bulk::BulkPrompt;
use super::decide::Subject;
use super::key::{KeyCode, KeyPress};
use super::palette::Palette;
use super::search::Search;
use crate::model::Link;

/// The longest text that a prompt takes, and so the longest note. Unit: characters. A paste of a whole file is cut here.
pub const MAX_CHARS: usize = 4_096;

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
    /// The reason is that of before: the first letter that is typed takes its place.
    pub is_selected: bool,
    /// The reasons of before that still stand on the line: of those a number is no choice.
    before: Vec<String>,
}

/// Reasons and a note that are said.
pub(super) type Said = (Vec<String>, Option<String>);

impl Why {
    /// What was said before, to be changed.
    pub(super) fn new(reasons: &str, note: &str) -> Self {
        let is_selected = !reasons.is_empty();
        let before = words(reasons).map(str::to_owned).collect();
        Self { reason: Line::new(reasons), note: Line::new(note), is_selected, before, ..Self::default() }
    }

    /// Edits it. Once it is said: the reasons and the note. A digit says it at once. An error is a sentence
    /// about a number that no reason has.
    pub(super) fn press(&mut self, key: KeyPress, known: &[String]) -> Result<Option<Said>, String> {
        if let Some(reason) = self.chosen(key, known) {
            return Ok(Some((vec![reason.clone()], self.note())));
        }
        if self.goes_to_reason(key) {
            self.in_note = false;
            return Ok(None);
        }
        match key.code {
            KeyCode::Enter => return Ok(Some((self.reasons(known)?, self.note()))),
            KeyCode::Tab | KeyCode::BackTab | KeyCode::Up | KeyCode::Down => self.in_note = !self.in_note,
            _ if self.in_note => {
                self.note.press(key);
            }
            _ => {
                self.begin_reason(key.typed().is_some()).press(key);
                if !self.has_reason() {
                    self.before.clear();
                }
            }
        }
        Ok(None)
    }

    /// The same for many posts, where a digit only fills in the reason.
    pub(super) fn press_for_many(&mut self, key: KeyPress, known: &[String]) -> Result<Option<Said>, String> {
        if let Some(reason) = self.chosen(key, known) {
            (self.reason, self.is_selected) = (Line::new(reason), false);
            self.before = vec![reason.clone()];
            return Ok(None);
        }
        self.press(key, known)
    }

    /// The reason that a digit stands for.
    fn chosen<'a>(&self, key: KeyPress, known: &'a [String]) -> Option<&'a String> {
        let digit = key.typed().and_then(|c| c.to_digit(10)).filter(|_| !self.in_note && !self.is_edited);
        known.get((digit? as usize).checked_sub(1)?)
    }

    /// The key ends the note where the reason is still to be given.
    pub(super) fn goes_to_reason(&self, key: KeyPress) -> bool {
        key.code == KeyCode::Enter && self.in_note && self.has_note() && !self.has_reason()
    }

    /// Whether a reason is filled in.
    pub fn has_reason(&self) -> bool {
        !self.reason.text().trim().is_empty()
    }

    /// Whether a note is.
    pub fn has_note(&self) -> bool {
        !self.note.text().trim().is_empty()
    }

    /// The line of the reason, to be edited; blank where a letter takes the place of the old one.
    fn begin_reason(&mut self, is_letter: bool) -> &mut Line {
        if std::mem::take(&mut self.is_selected) && is_letter {
            self.reason = Line::default();
            self.before.clear();
        }
        self.is_edited = true;
        &mut self.reason
    }

    /// Adds pasted text to the line that is being typed.
    pub(super) fn paste(&mut self, text: &str) {
        if self.in_note {
            self.note.paste(text);
        } else {
            self.begin_reason(true).paste(text);
        }
    }

    /// The reasons on the line: a number that was typed stands for the reason with that number.
    fn reasons(&self, known: &[String]) -> Result<Vec<String>, String> {
        let reason = |word: &str| {
            let is_of_before = self.before.iter().any(|before| before == word);
            if is_of_before { Ok(word.to_owned()) } else { numbered(word, known) }
        };
        words(self.reason.text()).map(reason).collect()
    }

    fn note(&self) -> Option<String> {
        Some(self.note.text().trim().to_owned()).filter(|note| !note.is_empty())
    }
}

/// The words between commas.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|word| !word.is_empty())
}

/// The reason with this number, or the word itself where it is none; a sentence about a number that no
/// reason has.
fn numbered(word: &str, known: &[String]) -> Result<String, String> {
    if !word.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(word.to_owned());
    }
    let reason = word.parse::<usize>().ok().and_then(|number| known.get(number.checked_sub(1)?));
    let is_listed = || known.iter().any(|known| known == word).then(|| word.to_owned());
    reason.cloned().or_else(is_listed).ok_or_else(|| {
        let there_are = match known.len() {
            0 => "none is listed".to_owned(),
            1 => "there is only 1".to_owned(),
            count => format!("there are 1 to {count}"),
        };
        format!("Not flagged: no reason has the number {word}; {there_are}")
    })
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
    fn a_number_is_the_reason_with_that_number() {
        let known = ["facts", "image", "404"].map(str::to_owned);
        let said = |mut why: Why, keys: &str| {
            keys.chars().for_each(|c| assert_eq!(why.press(KeyPress::char(c), &known), Ok(None), "{keys}"));
            why.press(KeyPress::plain(KeyCode::Enter), &known).map(|said| said.unwrap().0.join("+"))
        };
        for (before, keys, reasons) in [
            ("", "image, 1", "image+facts"),
            ("", ", 2, 1", "image+facts"),
            ("", "x,404", "x+404"),
            ("", "a 2nd look", "a 2nd look"),
            // What was given before stays what it is, and what takes its place does not.
            ("7", "", "7"),
            ("7", ",2", "image"),
        ] {
            assert_eq!(said(Why::new(before, ""), keys).as_deref(), Ok(reasons), "{before}|{keys}");
        }
        let mut why = Why::new("7", "");
        assert_eq!(why.press(KeyPress::plain(KeyCode::End), &known), Ok(None));
        assert_eq!(said(why, ",1").as_deref(), Ok("7+facts"));
        for keys in ["9", "x, 0", "x,99999999999999999999"] {
            let error = said(Why::default(), keys).unwrap_err();
            assert!(error.contains("there are 1 to 3"), "{error}");
        }
    }

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
