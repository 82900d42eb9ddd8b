//! Where copydesk keeps what is not beside the posts, and who the reviewer is.

use std::path::PathBuf;

use directories::ProjectDirs;

/// The folder for data that must not be lost: the decisions on the built-in sample.
/// `COPYDESK_DATA_DIR` comes first; `None` where there is no home.
pub(super) fn data_dir() -> Option<PathBuf> {
    match std::env::var_os("COPYDESK_DATA_DIR").filter(|dir| !dir.is_empty()) {
        Some(dir) => Some(PathBuf::from(dir)),
        None => ProjectDirs::from("", "", "copydesk").map(|dirs| dirs.data_dir().to_owned()),
    }
}

/// The name that decisions are signed with.
pub(super) fn reviewer(given: Option<&str>) -> String {
    let user = || std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).ok();
    given
        .map(str::to_owned)
        .or_else(user)
        .filter(|name| !name.trim().is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}
