//! Watches the folders of the review logs, so that nobody has to ask again and again whether
//! somebody else has decided something.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc::Sender;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::saver::SaveRequest;
use crate::review::Family;

/// Watches as long as it lives.
#[derive(Debug)]
pub(super) struct LogWatch(Option<RecommendedWatcher>);

impl LogWatch {
    /// Has the saver look whenever something happens to a log of these families.
    pub(super) fn start(families: Vec<Family>, saver: Sender<SaveRequest>) -> Self {
        let folders: BTreeSet<PathBuf> = families.iter().map(|family| family.folder().to_owned()).collect();
        let told = move |event: notify::Result<notify::Event>| {
            let concerns_a_log = match event {
                // Reading changes nothing, and the saver's own looks would never end.
                Ok(event) if matches!(event.kind, EventKind::Access(_)) => false,
                Ok(event) => event
                    .paths
                    .iter()
                    .filter_map(|path| path.file_name())
                    .any(|name| families.iter().any(|family| family.has(name))),
                // Something was missed.
                Err(_) => true,
            };
            if concerns_a_log {
                let _ = saver.send(SaveRequest::Look);
            }
        };
        let watch = notify::recommended_watcher(told).and_then(|mut watcher| {
            for folder in &folders {
                watcher.watch(folder, RecursiveMode::NonRecursive)?;
            }
            Ok(watcher)
        });
        Self(watch.ok())
    }

    /// Whether the system tells; where it does not, the saver has to ask.
    pub(super) fn works(&self) -> bool {
        self.0.is_some()
    }
}
