//! Signals (a new size is one), and the terminal that goes away. Neither waits for the loop.

use std::io;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread::Builder;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH};
use signal_hook::iterator::Signals;

use super::pending::Pending;
use super::terminal;
use super::worker::Inbox;
use crate::app::Event;

/// How long the loop has to bring the decisions to the disk before the program ends without it.
const GRACE: Duration = Duration::from_secs(1);

/// The signal that ended the program, once one has.
#[derive(Clone, Debug)]
pub(super) struct Ending {
    signal: Arc<AtomicI32>,
    pending: Pending,
}

impl Ending {
    /// The number of the signal.
    pub(super) fn signal(&self) -> Option<i32> {
        Some(self.signal.load(Ordering::SeqCst)).filter(|signal| *signal != 0)
    }

    /// Asks the loop to end; ends the program itself if the loop does not.
    fn end(&self, signal: i32, inbox: &Inbox) -> ! {
        self.signal.store(signal, Ordering::SeqCst);
        let _ = inbox.send(Event::Terminate);
        std::thread::sleep(GRACE);
        terminal::leave();
        let lines = self.pending.lines();
        if !lines.is_empty() {
            let words =
                format!("copydesk: {} decisions could not be saved in time. They are:\n", lines.len());
            // Straight to the descriptor: a lock may be held by a thread that hangs on a dead terminal.
            let text = format!("{words}{}", lines.concat());
            let _ = rustix::io::write(rustix::stdio::stderr(), text.as_bytes());
        }
        std::process::exit(128 + signal);
    }
}

/// Watches for signals and for the end of the terminal.
pub(super) fn watch(inbox: &Inbox, pending: &Pending) -> io::Result<Ending> {
    let ending = Ending { signal: Arc::default(), pending: pending.clone() };
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGWINCH])?;
    let (told, here) = (inbox.clone(), ending.clone());
    Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            if signal != SIGWINCH {
                here.end(signal, &told);
            }
            // crossterm 0.29 loses a change of size that comes together with a key, so its own word
            // on the size is not listened to.
            if let Ok((width, height)) = crossterm::terminal::size() {
                let _ = told.send(Event::Resize { width, height });
            }
        }
    })?;
    let (told, here) = (inbox.clone(), ending.clone());
    Builder::new().name("hang-up".to_owned()).spawn(move || {
        let stdout = io::stdout();
        // Asking for nothing, poll returns for the end of the terminal only.
        while let Ok(_) | Err(rustix::io::Errno::INTR) =
            poll(&mut [PollFd::from_borrowed_fd(stdout.as_fd(), PollFlags::empty())], None)
        {
            let mut state = [PollFd::from_borrowed_fd(stdout.as_fd(), PollFlags::empty())];
            let gone = poll(&mut state, Some(&rustix::event::Timespec::default()));
            let flags = state.first().map_or(PollFlags::empty(), PollFd::revents);
            if gone.is_ok() && flags.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
                here.end(SIGHUP, &told);
            }
        }
    })?;
    Ok(ending)
}
