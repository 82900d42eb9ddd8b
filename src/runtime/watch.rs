//! Tells when something happens to the files of posts. Nothing runs while nothing happens.

use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::Instant;

use notify::event::ModifyKind;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::loader::Ping;
use crate::corpus::{RootKind, Sources, is_review_log};

/// Watches until it is dropped. `None` where the system cannot, and then somebody has to look.
pub(super) fn watch(sources: &Sources, pings: Sender<Ping>) -> Option<RecommendedWatcher> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut watched: Vec<(PathBuf, RecursiveMode)> = Vec::new();
    for root in sources.roots() {
        match root.kind {
            RootKind::File => {
                // A file that is replaced is another file: its folder is what tells.
                let folder = root.path.parent().filter(|folder| !folder.as_os_str().is_empty());
                watched.push((folder.unwrap_or(Path::new(".")).to_owned(), RecursiveMode::NonRecursive));
                files.push(root.path.clone());
                // The posts may stand behind a link.
                if let Ok(real) = root.path.canonicalize()
                    && let Some(folder) = real.parent()
                {
                    watched.push((folder.to_owned(), RecursiveMode::NonRecursive));
                    files.push(real);
                }
            }
            RootKind::Folder => {
                // Events name files as they are, however the folder was named.
                let folder = root.path.canonicalize().unwrap_or_else(|_| root.path.clone());
                watched.push((folder.clone(), RecursiveMode::Recursive));
                folders.push(folder);
            }
            RootKind::Stdin | RootKind::Builtin => {}
        }
    }
    let is_ours = move |path: &Path| {
        let in_folder = folders.iter().any(|folder| path.starts_with(folder)) && !is_review_log(path);
        in_folder || files.iter().any(|file| file.file_name() == path.file_name())
    };
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // What was missed may be anything.
        let Some(event) = event.ok().filter(|event| !event.need_rescan()) else {
            let _ = pings.send(Ping::Changed);
            return;
        };
        let ping = match event.kind {
            EventKind::Access(_) => return,
            EventKind::Modify(ModifyKind::Data(_)) => Ping::Written(Instant::now()),
            _ => Ping::Changed,
        };
        if event.paths.iter().any(|path| is_ours(path)) {
            // The loader ends with the program only.
            let _ = pings.send(ping);
        }
    })
    .ok()?;
    watched.iter().try_for_each(|(path, mode)| watcher.watch(path, *mode)).ok()?;
    Some(watcher)
}
