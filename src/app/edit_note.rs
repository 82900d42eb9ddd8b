//! A note that is written in the reviewer's own editor.

use jiff::Timestamp;

use super::decide::Subject;
use super::prompt::MAX_CHARS;
use super::{App, Effect, Line, Prompt};

/// Said where keys come to the desk while the editor has the terminal.
pub(super) const NOT_THE_DESKS: &str =
    "Your editor had the terminal: the keys that came here meanwhile did nothing, press them again";

/// What the editor is at work on.
#[derive(Debug)]
pub(super) struct Editing {
    /// The post that was shown when it was opened.
    subject: Subject,
    /// The prompt it was opened from, as it was.
    prompt: Option<Prompt>,
    /// What it was given.
    text: String,
}

impl App {
    /// Whether the editor has a note. Keys that were typed in one go with the one that has opened it come
    /// to the desk, and are not for it: they could open a second editor, or decide on a post unseen.
    pub(super) fn is_edited(&self) -> bool {
        self.editing.is_some()
    }

    /// Takes the note of the post under the cursor to the editor.
    pub(super) fn edit_note(&mut self) {
        if let Some(subject) = self.subject() {
            let text = self.detail.standing.note.clone().unwrap_or_default();
            self.editing = Some(Editing { subject, prompt: None, text: text.clone() });
            self.ask(Effect::Edit(text));
        }
    }

    /// Takes a note from its prompt to the editor.
    pub(super) fn edit_in_prompt(&mut self, prompt: Prompt) {
        let (subject, text) = match &prompt {
            Prompt::Note { line, subject } => (subject.clone(), line.text().to_owned()),
            Prompt::Flag(flag) => (flag.subject.clone(), flag.why.note.text().to_owned()),
            Prompt::Filter { .. }
            | Prompt::Bulk(_)
            | Prompt::Command(_)
            | Prompt::Search { .. }
            | Prompt::Link(_) => {
                self.prompt = Some(prompt);
                return;
            }
        };
        self.editing = Some(Editing { subject, prompt: Some(prompt), text: text.clone() });
        self.ask(Effect::Edit(text));
    }

    /// The editor has ended. A note that does not come back stays as it was, in its prompt as well.
    pub(super) fn take_edited(&mut self, text: Result<String, String>, now: Timestamp) {
        let Some(Editing { subject, prompt, text: given }) = self.editing.take() else { return };
        self.touch(now);
        match text {
            Err(why) => {
                self.prompt = prompt;
                self.warn(format!("The note is as it was: {why}"));
            }
            Ok(text) => {
                // Somebody else may have written more than fits: what nobody has touched is not cut.
                let is_untouched = plain(&text) == plain(&given);
                let (note, is_cut) = if is_untouched { (given, false) } else { note_of(&text) };
                match prompt {
                    // The reason is still to be given.
                    Some(Prompt::Flag(mut flag)) => {
                        (flag.why.note, flag.why.in_note) = (Line::new(&note), flag.why.has_reason());
                        self.prompt = Some(Prompt::Flag(flag));
                    }
                    _ => {
                        let missed = self.notice.take().filter(|notice| notice.text == NOT_THE_DESKS);
                        self.keep_note(&subject, &note, now);
                        // That the note is kept is seen; that keys were not heard is not.
                        self.notice = missed.or_else(|| self.notice.take());
                    }
                }
                if is_cut {
                    self.warn(format!("The note was cut: it may have {MAX_CHARS} characters"));
                }
            }
        }
    }
}

/// Line breaks of one kind, and no blanks at the ends.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

/// A text as a note: line breaks of one kind, no blanks at its end, no longer than a note may be;
/// whether it had to be cut.
fn note_of(text: &str) -> (String, bool) {
    let text = plain(text);
    let end = text.char_indices().nth(MAX_CHARS).map(|(at, _)| at);
    let kept = end.and_then(|end| text.get(..end)).unwrap_or(&text);
    (kept.trim_end().to_owned(), end.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_a_note() {
        assert_eq!(note_of("\n two\r\nlines \n\n"), ("two\nlines".to_owned(), false));
        assert_eq!(note_of(""), (String::new(), false));
        assert_eq!(note_of(&"é".repeat(MAX_CHARS)), ("é".repeat(MAX_CHARS), false));
        assert_eq!(note_of(&"é".repeat(MAX_CHARS + 1)), ("é".repeat(MAX_CHARS), true));
    }
}
