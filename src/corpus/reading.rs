//! How files are read, where the reader has been told.

use super::format::Format;

/// How files are read, where the reader has been told. The default leaves everything to the names and the
/// contents of the files.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Every file is of this format, whatever it looks like. Files that are no text are refused all the same.
    pub format: Option<&'static Format>,
}

impl Reading {
    /// Equal for two that read every file the same way: what is kept of one run is of no use to another one.
    pub(super) fn fingerprint(&self) -> String {
        self.format.map_or_else(String::new, |format| format.name.to_owned())
    }
}
