//! Watches the folders of the review logs, so that nobody has to ask again and again whether
//! somebody else has decided something.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use notify::event::ModifyKind;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::saver::SaveRequest;
use crate::review::Family;

/// Watches as long as it lives.
#[derive(Debug)]
pub(super) struct LogWatch {
    families: Vec<Family>,
    folders: BTreeSet<PathBuf>,
    saver: Sender<SaveRequest>,
    watcher: Option<RecommendedWatcher>,
    /// A watched folder was moved or removed: another one may stand at its path.
    is_astray: Arc<AtomicBool>,
}

impl LogWatch {
    /// Has the saver look whenever something happens to a log of these families.
    pub(super) fn start(families: Vec<Family>, saver: Sender<SaveRequest>) -> Self {
        let folders = families.iter().map(|family| family.folder().to_owned()).collect();
        let mut watch = Self { families, folders, saver, watcher: None, is_astray: Arc::default() };
        watch.renew();
        watch
    }

    /// Watches the folders that stand at the paths now.
    pub(super) fn renew(&mut self) {
        self.is_astray = Arc::default();
        let (families, saver, is_astray) =
            (self.families.clone(), self.saver.clone(), Arc::clone(&self.is_astray));
        let absolute = |folder: &PathBuf| std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
        let folders: Vec<PathBuf> = self.folders.iter().map(absolute).collect();
        let told = move |event: notify::Result<notify::Event>| {
            let concerns_a_log = match event {
                // Reading changes nothing, and the saver's own looks would never end.
                Ok(event) if matches!(event.kind, EventKind::Access(_)) => false,
                Ok(event) => {
                    let is_gone =
                        matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)))
                            && event.paths.iter().any(|path| folders.contains(path));
                    is_astray.fetch_or(is_gone, Ordering::SeqCst);
                    let mut names = event.paths.iter().filter_map(|path| path.file_name());
                    is_gone || names.any(|name| families.iter().any(|family| family.has(name)))
                }
                // Something was missed.
                Err(_) => true,
            };
            if concerns_a_log {
                let _ = saver.send(SaveRequest::Look);
            }
        };
        let watcher = notify::recommended_watcher(told).and_then(|mut watcher| {
            for folder in &self.folders {
                watcher.watch(folder, RecursiveMode::NonRecursive)?;
            }
            Ok(watcher)
        });
        self.watcher = watcher.ok();
    }

    /// Whether the system tells of everything; where it does not, the saver has to ask.
    pub(super) fn works(&self) -> bool {
        self.watcher.is_some()
            && !self.is_astray.load(Ordering::SeqCst)
            && self.folders.iter().all(|folder| tells_of_everything(folder))
    }

    /// Whether the system may have to be asked for a watch again.
    pub(super) fn is_broken(&self) -> bool {
        self.watcher.is_none() || self.is_astray.load(Ordering::SeqCst)
    }
}

/// Whether what happens in a folder happens on this machine alone, so that the system knows all of it.
#[cfg(target_os = "linux")]
fn tells_of_everything(folder: &Path) -> bool {
    /// The kinds of file systems that others change unseen, from `linux/magic.h` and `statfs(2)`: NFS, SMB, CIFS,
    /// SMB2, FUSE, 9P, Ceph, AFS, kAFS, Coda, NCP, Lustre, GFS2, OCFS2, the shared folders of `VirtualBox` and of
    /// `VMware`.
    const REMOTE: [u64; 16] = [
        0x6969,
        0x517B,
        0xFF53_4D42,
        0xFE53_4D42,
        0x6573_5546,
        0x0102_1997,
        0x00C3_6400,
        0x5346_414F,
        0x6B41_4653,
        0x7375_7245,
        0x564C,
        0x0BD0_0BD0,
        0x0116_1970,
        0x7461_636F,
        0x786F_4256,
        0xBACB_ACBC,
    ];
    let kind = rustix::fs::statfs(folder).ok().and_then(|found| u64::try_from(found.f_type).ok());
    kind.is_some_and(|kind| !REMOTE.contains(&kind))
}

/// The same where the kinds of file systems have other numbers: it is asked for, which costs a look every other second.
#[cfg(not(target_os = "linux"))]
fn tells_of_everything(_folder: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_folder_that_is_moved_away_is_not_watched_any_more_until_another_is() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("posts");
        fs::create_dir(&folder).unwrap();
        let log = folder.join("reviews.jsonl");
        let (sender, looks) = channel();
        let mut watch = LogWatch::start(vec![Family::of(&log)], sender);
        assert!(watch.works() && !watch.is_broken());
        fs::rename(&folder, parent.path().join("away")).unwrap();
        assert!(matches!(looks.recv_timeout(Duration::from_secs(30)), Ok(SaveRequest::Look)));
        assert!(!watch.works());
        watch.renew();
        assert!(watch.is_broken(), "there is none");
        fs::create_dir(&folder).unwrap();
        watch.renew();
        assert!(watch.works() && !watch.is_broken());
        fs::write(&log, "x").unwrap();
        assert!(matches!(looks.recv_timeout(Duration::from_secs(30)), Ok(SaveRequest::Look)));
    }
}
