//! Keys, pastes and the mouse, as events of the desk. The size of the terminal comes as a signal.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::keys::Keys;
use super::signals::Watch;
use super::terminal;
use super::worker::Inbox;

/// What is read at once. Unit: bytes.
const READ_BYTES: usize = 64 << 10;

/// Shut while the terminal is somebody else's: what is typed then is not for the desk. A clone is the
/// same gate.
#[derive(Clone, Debug, Default)]
pub(super) struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// From here on nothing is read, and nothing is in the midst of being read: reading happens with
    /// the lock held, and never waits.
    pub(super) fn shut(&self) {
        *self.lock() = true;
    }

    /// Lets the reading go on.
    pub(super) fn open(&self) {
        *self.lock() = false;
        self.0.1.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lock, if the gate is open; else waits until it is, and whoever asked must look again.
    fn pass(&self) -> Option<MutexGuard<'_, bool>> {
        let mut is_shut = self.lock();
        if !*is_shut {
            return Some(is_shut);
        }
        while *is_shut {
            is_shut = self.0.1.wait(is_shut).unwrap_or_else(PoisonError::into_inner);
        }
        None
    }
}

/// Reads the terminal until it ends or nobody listens any more.
pub(super) fn read(gate: &Gate, watch: &Watch, inbox: &Inbox) {
    let Ok(tty) = terminal::tty() else { watch.hang_up() };
    let mut keys = Keys::default();
    let mut buffer = vec![0; READ_BYTES];
    loop {
        let read = match wait(tty, keys.patience(Instant::now())) {
            Ok(Some(flags)) => {
                let Some(open) = gate.pass() else { continue };
                let read =
                    if flags.contains(PollFlags::IN) { rustix::io::read(tty, &mut buffer) } else { Ok(0) };
                drop(open);
                match read {
                    Ok(0) | Err(rustix::io::Errno::IO | rustix::io::Errno::BADF) => watch.hang_up(),
                    Ok(count) => count,
                    Err(_) => continue,
                }
            }
            // It was quiet for as long as an unfinished key is waited for.
            Ok(None) => 0,
            Err(_) => watch.hang_up(),
        };
        for event in keys.take(buffer.get(..read).unwrap_or_default(), Instant::now()) {
            if inbox.send(event).is_err() {
                return;
            }
        }
    }
}

/// What the terminal has for us; `None` if it has nothing for so long.
fn wait(tty: &OwnedFd, patience: Option<Duration>) -> io::Result<Option<PollFlags>> {
    let patience = patience.and_then(|patience| Timespec::try_from(patience).ok());
    let mut ready = [PollFd::new(tty, PollFlags::IN)];
    loop {
        match poll(&mut ready, patience.as_ref()) {
            Ok(0) => return Ok(None),
            Ok(_) => return Ok(ready.first().map(PollFd::revents)),
            Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
}
