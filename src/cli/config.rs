//! Where copydesk keeps what is not beside the posts, and who the reviewer is.

use std::path::PathBuf;

use directories::ProjectDirs;

use crate::app::Settings;
use crate::corpus::Cache;
use crate::corpus::cache::DEFAULT_LIMIT_BYTES;

/// The folder for data that must not be lost: the decisions on the built-in sample.
/// `COPYDESK_DATA_DIR` comes first; `None` where there is no home.
pub(super) fn data_dir() -> Option<PathBuf> {
    match std::env::var_os("COPYDESK_DATA_DIR").filter(|dir| !dir.is_empty()) {
        Some(dir) => Some(PathBuf::from(dir)),
        None => ProjectDirs::from("", "", "copydesk").map(|dirs| dirs.data_dir().to_owned()),
    }
}

/// The folder for what can be made again: the columns of large corpora. `COPYDESK_CACHE_DIR` comes
/// first; `None` where there is no home.
fn cache_dir() -> Option<PathBuf> {
    match std::env::var_os("COPYDESK_CACHE_DIR").filter(|dir| !dir.is_empty()) {
        Some(dir) => Some(PathBuf::from(dir)),
        None => ProjectDirs::from("", "", "copydesk").map(|dirs| dirs.cache_dir().to_owned()),
    }
}

/// The folder for the file of settings. `COPYDESK_CONFIG_DIR` comes first; `None` where there is no home.
pub(super) fn config_dir() -> Option<PathBuf> {
    match std::env::var_os("COPYDESK_CONFIG_DIR").filter(|dir| !dir.is_empty()) {
        Some(dir) => Some(PathBuf::from(dir)),
        None => ProjectDirs::from("", "", "copydesk").map(|dirs| dirs.config_dir().to_owned()),
    }
}

/// The cache, unless there is none or none is wanted.
pub(super) fn cache(unwanted: bool) -> Option<Cache> {
    cache_dir().filter(|_| !unwanted).map(|folder| Cache::new(folder, DEFAULT_LIMIT_BYTES))
}

/// What is odd about the folders, in one sentence; the program goes on without what it concerns.
pub(super) fn warning(without_cache: bool) -> Option<String> {
    let of =
        |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| !path.as_os_str().is_empty());
    let is_relative = |name: &&str| of(name).is_some_and(|path| path.is_relative());
    let relative: Vec<&str> = ["XDG_DATA_HOME", "XDG_CACHE_HOME"].into_iter().filter(is_relative).collect();
    if !relative.is_empty() {
        return Some(format!(
            "{} must be an absolute path, so the usual folder is used",
            relative.join(" and ")
        ));
    }
    let folder = cache_dir().filter(|_| !without_cache)?;
    let there =
        folder.ancestors().find(|folder| folder.exists()).filter(|path| !path.as_os_str().is_empty())?;
    let writable = rustix::fs::access(there, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK);
    let why = if there.is_dir() { writable.err()?.to_string() } else { "not a folder".to_owned() };
    Some(format!(
        "The cache folder {} cannot be used ({}: {why}), so large corpora are read anew each time. \
         COPYDESK_CACHE_DIR names another, --no-cache does without",
        folder.to_string_lossy(),
        there.to_string_lossy()
    ))
}

/// The name of the account, where the system lists it in a file.
fn account() -> Option<String> {
    let accounts = std::fs::read("/etc/passwd").ok()?;
    name_of(&String::from_utf8_lossy(&accounts), rustix::process::getuid().as_raw())
}

/// The name of a user in a file of accounts.
fn name_of(accounts: &str, user: u32) -> Option<String> {
    accounts.lines().find_map(|line| {
        let mut parts = line.split(':');
        let name = parts.next().filter(|name| !name.is_empty())?;
        (parts.nth(1)?.parse() == Ok(user)).then(|| name.to_owned())
    })
}

/// The name that decisions are signed with: the one that was given, that of the settings, that of the
/// environment, that of the account.
pub(super) fn reviewer(given: Option<&str>, settings: &Settings) -> String {
    let user = || {
        let names = ["USER", "LOGNAME"].into_iter().filter_map(|name| std::env::var(name).ok());
        names.chain(account()).find(|name| !name.trim().is_empty())
    };
    let set = || Some(settings.reviewer.clone()).filter(|name| !name.trim().is_empty());
    given
        .map(str::to_owned)
        .or_else(set)
        .or_else(user)
        .filter(|name| !name.trim().is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_number() {
        let accounts =
            "root:x:0:0:root:/root:/bin/sh\n# none\n+::::::\nmara:x:1000:1000::/home/mara:/bin/sh\n";
        assert_eq!(name_of(accounts, 1000).as_deref(), Some("mara"));
        assert_eq!(name_of(accounts, 0).as_deref(), Some("root"));
        assert_eq!(name_of(accounts, 1), None);
    }
}
