//! The file of named queries: `py-low = "stack:python score<40"`, a line each. A person may edit it, so
//! a change touches the one entry it is about and nothing else.

use toml::de::{DeTable, DeValue};

use super::App;
use super::mended::{Lines, Mended, Unread};
use super::settings::quoted;
use crate::corpus::{Problem, Severity};
use crate::query::{Names, Query};

/// What a file says, and every mistake in it.
#[derive(Debug, Default)]
pub struct NamesFile {
    /// The queries; one that is no query is among them, so that whoever uses it is told.
    pub names: Names,
    /// What is wrong.
    pub mistakes: Vec<Problem>,
}

impl NamesFile {
    /// Nothing could be read; why, as half a sentence.
    pub fn unread(file: &str, found: &str) -> Self {
        let mistake =
            mistake(file, (0, 0), found.to_owned(), "a file of named queries (TOML)", String::new());
        Self { names: Names::default(), mistakes: vec![mistake] }
    }

    /// Reads a file. What is wrong in it is left out and told, the rest holds.
    pub fn parse(file: &str, text: &str) -> Self {
        let expected = "name = \"query\", with a name of letters, digits, - and _";
        let mended = Mended::of(text);
        let lines = Lines::of(text);
        let mistake = |at: usize, found: String, expected: &str, advice: String| {
            mistake(file, (lines.at(at), at), found, expected, advice)
        };
        let mut mistakes: Vec<Problem> = Vec::new();
        for Unread { at, why } in mended.unread {
            mistakes.push(mistake(at.start, why, expected, String::new()));
        }
        let (table, _) = DeTable::parse_recoverable(&mended.text);
        let mut names = Names::default();
        for (name, value) in table.get_ref() {
            let (at, name) = (name.span().start, name.get_ref().as_ref());
            match value.get_ref() {
                DeValue::String(query) if Names::is_name(name) => drop(names.insert(name, query.as_ref())),
                DeValue::String(_) => {
                    mistakes.push(mistake(at, format!("no name: {name:?}"), expected, String::new()));
                }
                _ => mistakes.push(mistake(at, format!("no query for {name:?}"), expected, String::new())),
            }
        }
        for (name, value) in table.get_ref() {
            let Some(query) = names.get(name.get_ref()) else { continue };
            if let Err(error) = Query::parse_with(query, &names) {
                let near = error.suggestion.clone().map(|near| format!("did you mean {near}?"));
                let found = format!("in {:?}: {}", name.get_ref(), error.message);
                mistakes.push(mistake(value.span().start, found, "a query", near.unwrap_or_default()));
            }
        }
        mistakes.sort_by_key(|mistake| mistake.offset);
        mistakes.dedup_by(|next, first| next.line == first.line);
        Self { names, mistakes }
    }

    /// The text of the file with another query for a name, or without the name. Everything else in it
    /// stays as it is. Why not, as half a sentence.
    pub fn changed(text: &str, name: &str, query: Option<&str>) -> Result<String, String> {
        let mended = Mended::of(text);
        let (table, _) = DeTable::parse_recoverable(&mended.text);
        let entry = table.get_ref().iter().find(|(known, _)| known.get_ref() == name);
        let has_table = table.get_ref().values().any(|value| matches!(value.get_ref(), DeValue::Table(_)));
        let changed = match (entry, query) {
            (Some((_, value)), Some(query)) => {
                let mut changed = text.to_owned();
                let span = value.span();
                if changed.get(span.clone()).is_none() {
                    return Err("the entry could not be found".to_owned());
                }
                changed.replace_range(span, &quoted(query));
                changed
            }
            (Some((known, value)), None) => {
                let before = text.get(..known.span().start).unwrap_or_default();
                let start = before.rfind('\n').map_or(0, |at| at + 1);
                let behind = text.get(value.span().end..).unwrap_or_default();
                let end = behind.find('\n').map_or(text.len(), |at| value.span().end + at + 1);
                let (before, behind) = (text.get(..start), text.get(end..));
                format!("{}{}", before.unwrap_or_default(), behind.unwrap_or_default())
            }
            (None, Some(query)) => {
                let key = if name.is_ascii() { name.to_owned() } else { quoted(name) };
                let line = format!("{key} = {}\n", quoted(query));
                // Behind the head of a table it would belong to that.
                if has_table {
                    format!("{line}{text}")
                } else if text.is_empty() || text.ends_with('\n') {
                    format!("{text}{line}")
                } else {
                    format!("{text}\n{line}")
                }
            }
            (None, None) => text.to_owned(),
        };
        let read = Self::parse("", &changed).names;
        let (others, before) = (
            |names: &Names| {
                let mut names = names.clone();
                names.remove(name);
                names
            },
            Self::parse("", text).names,
        );
        if read.get(name) != query || others(&read) != others(&before) {
            return Err("a mistake in it is in the way; mend that first".to_owned());
        }
        Ok(changed)
    }
}

/// A mistake on a line, from 0, at a place of the file.
fn mistake(file: &str, (line, at): (usize, usize), found: String, expected: &str, advice: String) -> Problem {
    Problem {
        file: file.to_owned(),
        line: u64::try_from(line + 1).ok(),
        offset: u64::try_from(at).unwrap_or(u64::MAX),
        severity: Severity::Doubt,
        found,
        expected: expected.to_owned(),
        advice,
        excerpt: String::new(),
    }
}

impl App {
    /// Takes the named queries; each mistake is among the problems.
    pub fn take_names(&mut self, file: NamesFile) {
        self.names = file.names;
        if let Some(first) = file.mistakes.first() {
            self.warn(format!("In the named queries: {first}"));
        }
        self.problems.extend(file.mistakes);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_entry_changes_and_the_rest_stays_as_a_person_wrote_it() {
        let text = "# mine\nweak = 'score<40' # for mondays\n\n\"py-low\"   = \"stack:python @weak\"\n";
        let file = NamesFile::parse("q.toml", text);
        assert_eq!(file.mistakes, []);
        assert_eq!(file.names.get("py-low"), Some("stack:python @weak"));
        let changed = NamesFile::changed(text, "weak", Some("score<30 \"a b\"")).unwrap();
        assert!(
            changed.starts_with("# mine\nweak = ") && changed.contains(" # for mondays\n\n\"py-low\"   = ")
        );
        assert_eq!(NamesFile::parse("", &changed).names.get("weak"), Some("score<30 \"a b\""));
        let changed = NamesFile::changed(text, "weak", None).unwrap();
        assert_eq!(changed, "# mine\n\n\"py-low\"   = \"stack:python @weak\"\n");
        let changed = NamesFile::changed("a = \"b\"", "c", Some("d")).unwrap();
        assert_eq!(changed, "a = \"b\"\nc = \"d\"\n");
        let changed = NamesFile::changed("[x]\na = \"b\"", "c", Some("d")).unwrap();
        assert!(changed.starts_with("c = "), "{changed}");
    }

    #[test]
    fn every_mistake_is_told_with_its_line_and_the_rest_holds() {
        let text = "good = \"stack:go\"\nnumber = 3\n\"no name\" = \"x\"\nbad = \"nosuch:x\"\nloop = \"@loop\"\n=\nlast = \"x\"\n";
        let file = NamesFile::parse("q.toml", text);
        let lines: Vec<u64> = file.mistakes.iter().filter_map(|mistake| mistake.line).collect();
        assert_eq!(lines, [2, 3, 4, 5, 6], "{:#?}", file.mistakes);
        assert_eq!(file.names.get("good"), Some("stack:go"));
        assert_eq!(file.names.get("last"), Some("x"));
        assert_eq!(file.names.get("number"), None);
        let text = "py low = \"x\"\nweak = \"score<40\"\n";
        let file = NamesFile::parse("q.toml", text);
        assert_eq!((file.names.get("weak"), file.mistakes.len()), (Some("score<40"), 1));
        let changed = NamesFile::changed(text, "weak", Some("score<30")).unwrap();
        assert_eq!(changed, text.replace("40", "30"));
        assert_eq!(NamesFile::changed(text, "new", Some("x")).unwrap(), format!("{text}new = \"x\"\n"));
    }

    proptest! {
        #[test]
        fn whatever_is_put_in_is_read_again_and_taken_out(
            before in "(a = \"x\"\n|# c\n|a b\n|b = \\[1\n|\\[u\n|=\n|\\[t\\]\n|b = 1\n|é = '[a-z]'\n){0,5}", name in "[a-c]|é|x-1", query in "[ -~é\n]{0,9}",
        ) {
            if let Ok(put) = NamesFile::changed(&before, &name, Some(&query)) {
                let read = NamesFile::parse("", &put).names;
                prop_assert_eq!(read.get(&name), Some(query.as_str()));
                if let Ok(out) = NamesFile::changed(&put, &name, None) {
                    let read = NamesFile::parse("", &out).names;
                    prop_assert_eq!(read.get(&name), None);
                }
            }
        }
    }
}
