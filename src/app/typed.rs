//! The queries that were typed, to come back to.

use super::{App, Effect, Line};

/// So many are kept.
const KEPT: usize = 100;

/// Queries that were typed, each once, the newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    queries: Vec<String>,
    /// How far back the line of the filter is.
    back: usize,
    /// What stood there before.
    draft: String,
}

impl Typed {
    /// Reads what was kept: a text as JSON on each line. A line that is none is left out.
    pub fn read(text: &str) -> Self {
        let mut typed = Self::default();
        text.lines()
            .filter_map(|line| serde_json::from_str::<String>(line).ok())
            .for_each(|query| typed.add(&query));
        typed
    }

    /// As it is read.
    pub fn written(&self) -> String {
        let line = |query: &String| serde_json::Value::from(query.as_str()).to_string() + "\n";
        self.queries.iter().map(line).collect()
    }

    /// Takes a query as the newest.
    pub fn add(&mut self, query: &str) {
        let query = query.trim();
        if query.is_empty() {
            return;
        }
        self.queries.retain(|known| known != query);
        self.queries.push(query.to_owned());
        let beyond = self.queries.len().saturating_sub(KEPT);
        self.queries.drain(..beyond);
    }

    /// A line begins anew.
    pub(super) fn begin(&mut self) {
        (self.back, self.draft) = (0, String::new());
    }

    /// The query before, or a newer one, in place of what is on the line.
    fn turn(&mut self, line: &str, further: bool) -> Option<String> {
        if self.back == 0 {
            line.clone_into(&mut self.draft);
        }
        // What is on the line already is passed over.
        let mut back = self.back;
        loop {
            back = if further { back + 1 } else { back.checked_sub(1)? };
            let query = match back.checked_sub(1) {
                None => &self.draft,
                Some(at) => self.queries.iter().rev().nth(at)?,
            };
            if query != line || back == 0 {
                self.back = back;
                return Some(query.clone());
            }
        }
    }
}

impl App {
    /// Puts a query that was typed before on the line of the filter.
    pub(super) fn turn_typed(&mut self, line: &mut Line, further: bool) {
        if let Some(query) = self.typed.turn(line.text(), further) {
            *line = Line::new(&query);
            self.forget_menu();
            self.set_query(query);
        }
    }

    /// A query was typed to its end.
    pub(super) fn keep_typed(&mut self, query: &str) {
        self.typed.add(query);
        if !query.trim().is_empty() {
            self.ask(Effect::KeepTyped(query.trim().to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_kept_once_and_turned_through() {
        let mut typed = Typed::read("\"one\"\nno json\n3\n\"two\\n\"\n\"one\"\n\n");
        assert_eq!(typed.written(), "\"two\"\n\"one\"\n");
        for number in 0..200 {
            typed.add(&number.to_string());
        }
        assert_eq!(Typed::read(&typed.written()), typed);
        assert_eq!(typed.written().lines().count(), KEPT);
        assert_eq!(typed.turn("draft", true).as_deref(), Some("199"));
        assert_eq!(typed.turn("199", true).as_deref(), Some("198"));
        assert_eq!(typed.turn("198", false).as_deref(), Some("199"));
        assert_eq!(typed.turn("199", false).as_deref(), Some("draft"));
        assert_eq!(typed.turn("draft", false), None);
        for _ in 0..200 {
            typed.turn("", true);
        }
        assert_eq!(typed.turn("", false).as_deref(), Some("101"));
    }
}
