//! Keeps named queries and the queries that were typed. Nobody waits for it, and what it cannot do costs
//! one sentence.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;

use super::worker::Inbox;
use crate::app::{Event, NamesFile, Typed};
use crate::model::safe;

/// A file that is longer was not written here. Unit: bytes.
const MAX_BYTES: u64 = 1 << 20;

/// Where queries are kept; `None`: nowhere.
#[derive(Clone, Debug, Default)]
pub struct QueryFiles {
    /// The named ones, as TOML.
    pub named: Option<PathBuf>,
    /// Those that were typed, a line of JSON each, the newest last.
    pub typed: Option<PathBuf>,
}

/// Something to keep.
#[derive(Debug)]
pub(super) enum Keep {
    /// A query under a name; `None`: the name is forgotten.
    Named(String, Option<String>),
    /// A query that was typed.
    Typed(String),
}

/// Keeps what it is given until nobody gives any more.
pub(super) fn run(files: &QueryFiles, given: &Receiver<Keep>, inbox: &Inbox) {
    let mut has_warned = false;
    for keep in given {
        let (kept, path) = match &keep {
            Keep::Named(name, query) => {
                let change = |text: &str| NamesFile::changed(text, name, query.as_deref());
                (files.named.as_deref().map(|path| change_file(path, change)), &files.named)
            }
            Keep::Typed(query) => {
                let change = |text: &str| {
                    let mut typed = Typed::read(text);
                    typed.add(query);
                    Ok(typed.written())
                };
                (files.typed.as_deref().map(|path| change_file(path, change)), &files.typed)
            }
        };
        let why = match kept {
            Some(Ok(())) => continue,
            Some(Err(why)) => why,
            None => "there is no home folder".to_owned(),
        };
        let is_named = matches!(keep, Keep::Named(..));
        if is_named || !has_warned {
            has_warned |= !is_named;
            let file = path.as_deref().map(|path| format!(" in {}", safe(&path.to_string_lossy())));
            let what = if is_named { "The name" } else { "What is typed" };
            let text =
                format!("{what} holds until you leave, and was not kept{}: {why}", file.unwrap_or_default());
            let _ = inbox.send(Event::LogNotice(text));
        }
    }
}

/// Replaces a file by what its text becomes: all of it or nothing. Why not, as half a sentence.
fn change_file(path: &Path, change: impl Fn(&str) -> Result<String, String>) -> Result<(), String> {
    let told = |error: std::io::Error| error.to_string();
    // A link stays one: what it leads to is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().ok_or("it has no folder")?;
    let text = match fs::metadata(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(folder).map_err(told)?;
            String::new()
        }
        Err(error) => return Err(told(error)),
        Ok(metadata) if !metadata.is_file() => return Err("it is no file".to_owned()),
        Ok(metadata) if metadata.len() > MAX_BYTES => return Err("it has more than a megabyte".to_owned()),
        Ok(_) => fs::read_to_string(&path).map_err(told)?,
    };
    let changed = change(&text)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(told)?;
    file.write_all(changed.as_bytes()).map_err(told)?;
    file.as_file().sync_all().map_err(told)?;
    if let Ok(metadata) = fs::metadata(&path) {
        fs::set_permissions(file.path(), metadata.permissions()).map_err(told)?;
    }
    file.persist(&path).map_err(|error| error.error.to_string())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn what_is_given_is_kept_and_what_cannot_be_costs_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let named = folder.path().join("new/queries.toml");
        let files = QueryFiles { named: Some(named.clone()), typed: Some(folder.path().join("new")) };
        let ((give, given), (inbox, events)) = (channel(), channel());
        for keep in [
            Keep::Named("a".to_owned(), Some("stack:go".to_owned())),
            Keep::Named("b".to_owned(), Some("x".to_owned())),
            Keep::Named("a".to_owned(), None),
            Keep::Typed("one".to_owned()),
            Keep::Typed("two".to_owned()),
        ] {
            give.send(keep).unwrap();
        }
        drop(give);
        run(&files, &given, &inbox);
        drop(inbox);
        assert_eq!(fs::read_to_string(&named).unwrap(), "b = \"x\"\n");
        let told: Vec<Event> = events.iter().collect();
        assert!(matches!(told.as_slice(), [Event::LogNotice(why)] if why.contains("no file")), "{told:?}");
        let typed = folder.path().join("typed.jsonl");
        let files = QueryFiles { named: None, typed: Some(typed.clone()) };
        let ((give, given), (inbox, _events)) = (channel(), channel());
        for query in ["one", "two \"x\"", "one"] {
            give.send(Keep::Typed(query.to_owned())).unwrap();
        }
        drop(give);
        run(&files, &given, &inbox);
        assert_eq!(fs::read_to_string(&typed).unwrap(), "\"two \\\"x\\\"\"\n\"one\"\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside them");
    }
}
