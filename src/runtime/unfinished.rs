//! What is in the making goes when a signal ends the program.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// A folder that is still being filled while it is removed is tried so often.
const TRIES: usize = 20;

/// The hidden files and folders that a command is making.
#[derive(Clone, Debug)]
pub struct Unfinished(Arc<Mutex<Vec<PathBuf>>>);

impl Unfinished {
    /// Begins to watch for signals. One that was ignored when the program was started stays ignored, as
    /// `nohup` wants it. From here on such a signal ends the program with 128 and its number.
    pub fn watch() -> io::Result<Self> {
        let unfinished = Self(Arc::default());
        let ignored = ignored();
        let known = [SIGTERM, SIGINT, SIGHUP].into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0);
        let mut signals = Signals::new(known)?;
        let here = Arc::clone(&unfinished.0);
        Builder::new().name("signals".to_owned()).spawn(move || {
            if let Some(signal) = signals.forever().next() {
                // Held to the end: nothing is begun any more, and no command ends by itself.
                let paths = here.lock().unwrap_or_else(PoisonError::into_inner);
                paths.iter().for_each(|path| remove(path));
                std::process::exit(128 + signal);
            }
        })?;
        Ok(unfinished)
    }

    /// Begins something that lies at `place` until it is finished; a signal comes before it or after.
    pub fn begin<T, E>(
        &self,
        make: impl FnOnce() -> Result<T, E>,
        place: impl FnOnce(&T) -> &Path,
    ) -> Result<T, E> {
        let mut paths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let made = make()?;
        paths.push(place(&made).to_owned());
        Ok(made)
    }
}

impl Drop for Unfinished {
    /// A command fails when what it fills is removed under it: the signal says how the program ends, not that.
    fn drop(&mut self) {
        drop(self.0.lock());
    }
}

/// What was finished meanwhile is not there any more under this name.
fn remove(path: &Path) {
    if !path.is_dir() {
        let _ = fs::remove_file(path);
        return;
    }
    for _ in 0..TRIES {
        if fs::remove_dir_all(path).is_ok() {
            return;
        }
    }
}

/// The signals that are ignored, a bit each; none where the system does not tell.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}
