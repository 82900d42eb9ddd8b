//! The named queries and those that were typed: where they are kept, and reading them.

use std::path::{Path, PathBuf};

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
        named: settings.map(|path| beside(&path)),
        typed: config::data_dir().map(|folder| folder.join(TYPED)),
    }
}

/// The file of named queries that belongs to a file of settings.
pub(super) fn beside(settings: &Path) -> PathBuf {
    settings.with_file_name(NAMED)
}

/// The named queries.
pub(super) fn named(files: &QueryFiles) -> NamesFile {
    files.named.as_deref().and_then(read).unwrap_or_default()
}

/// What a file of named queries says, `None` where there is none.
pub(super) fn read(path: &Path) -> Option<NamesFile> {
    let name = path.to_string_lossy();
    match settings::read_text(path) {
        Ok(text) => text.map(|text| NamesFile::parse(&name, &text)),
        Err(found) => Some(NamesFile::unread(&name, &found)),
    }
}

/// The queries that were typed. A file that cannot be read is none.
pub(super) fn typed(files: &QueryFiles) -> Typed {
    let text = files.typed.as_deref().and_then(|path| settings::read_text(path).ok().flatten());
    text.map(|text| Typed::read(&text)).unwrap_or_default()
}
