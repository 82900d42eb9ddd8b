//! The named queries and those that were typed: where they are kept, and reading them.

use super::args::Desk;
use super::{config, settings};
use crate::app::{NamesFile, Typed};
use crate::runtime::QueryFiles;

/// The file of named queries, beside that of the settings.
const NAMED: &str = "queries.toml";
/// The queries that were typed, in the data folder.
const TYPED: &str = "queries.jsonl";

/// Where they are kept.
pub(super) fn files(desk: &Desk) -> QueryFiles {
    let settings = settings::path(desk.config.as_deref());
    QueryFiles {
        named: settings.map(|path| path.with_file_name(NAMED)),
        typed: config::data_dir().map(|folder| folder.join(TYPED)),
    }
}

/// The named queries.
pub(super) fn named(files: &QueryFiles) -> NamesFile {
    let Some(path) = &files.named else { return NamesFile::default() };
    let name = path.to_string_lossy();
    match settings::read_text(path) {
        Ok(text) => text.map(|text| NamesFile::parse(&name, &text)).unwrap_or_default(),
        Err(found) => NamesFile::unread(&name, &found),
    }
}

/// The queries that were typed. A file that cannot be read is none.
pub(super) fn typed(files: &QueryFiles) -> Typed {
    let text = files.typed.as_deref().and_then(|path| settings::read_text(path).ok().flatten());
    text.map(|text| Typed::read(&text)).unwrap_or_default()
}
