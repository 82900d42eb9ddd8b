//! Signals (a new size is one), and the terminal that goes away. Neither waits for the loop.

use std::io;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::thread::Builder;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::termios::isatty;
use signal_hook::consts::{
    SIGCONT, SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2, SIGWINCH,
};
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::iterator::exfiltrator::origin::Origin;
use signal_hook::low_level::siginfo::Cause;

use super::drill;
use super::editor::Editor;
use super::pending::Pending;
use super::terminal;
use super::worker::Inbox;
use crate::app::Event;

/// How long the loop has to bring the decisions to the disk before the program ends without it.
const GRACE: Duration = Duration::from_millis(700);

/// What the threads that watch share with the loop.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    /// The signal that ended the program.
    signal: Arc<AtomicI32>,
    /// The loop stops the program itself, and sees to the terminal when it goes on.
    stopping: Arc<AtomicBool>,
    pending: Pending,
    editor: Editor,
    inbox: Inbox,
}

impl Watch {
    /// The number of the signal that ended the program, once one has.
    pub(super) fn signal(&self) -> Option<i32> {
        Some(self.signal.load(Ordering::SeqCst)).filter(|signal| *signal != 0)
    }

    /// Stops the program until the shell has it go on.
    pub(super) fn stop(&self) -> io::Result<()> {
        self.stopping.store(true, Ordering::SeqCst);
        signal_hook::low_level::emulate_default_handler(SIGTSTP)
    }

    /// The terminal is gone.
    pub(super) fn hang_up(&self) -> ! {
        self.end(SIGHUP)
    }

    /// Asks the loop to end; ends the program itself if the loop does not.
    fn end(&self, signal: i32) -> ! {
        self.signal.store(signal, Ordering::SeqCst);
        let _ = self.inbox.send(Event::Terminate);
        std::thread::sleep(GRACE);
        self.editor.end();
        terminal::finish();
        let lines = self.pending.lines();
        if !lines.is_empty() {
            let words =
                format!("copydesk: {} decisions could not be saved in time. They are:\n", lines.len());
            terminal::say_on_stderr(&format!("{words}{}", lines.concat()));
        }
        std::process::exit(128 + signal);
    }

    fn take(&self, origin: &Origin) {
        match origin.signal {
            // crossterm 0.29 loses a change of size that comes together with a key, so sizes are not
            // left to it.
            SIGWINCH => {
                let (width, height) = terminal::size();
                let _ = self.inbox.send(Event::Resize { width, height });
            }
            SIGCONT => {
                if !self.stopping.swap(false, Ordering::SeqCst) {
                    let _ = self.inbox.send(Event::Resumed);
                }
            }
            // An editor that stops is waited for, and then the program stops with it.
            SIGTSTP if terminal::is_lent() => {}
            SIGTSTP => drop(self.inbox.send(Event::Stop)),
            // What a write of our own to a closed pipe brings is told by the write itself.
            SIGPIPE if is_from_us(origin) => {}
            // Keys of the editor.
            SIGINT | SIGQUIT if matches!(origin.cause, Cause::Kernel) && terminal::is_signal_of_editor() => {}
            SIGUSR1 | SIGUSR2 => drill::call(origin.signal, &self.inbox),
            signal => self.end(signal),
        }
    }
}

fn is_from_us(origin: &Origin) -> bool {
    let own = rustix::process::getpid().as_raw_nonzero().get();
    origin.process.is_some_and(|process| process.pid == own)
}

/// Watches for signals and for the end of the terminal.
pub(super) fn watch(inbox: &Inbox, pending: &Pending, editor: &Editor) -> io::Result<Watch> {
    let watch = Watch {
        signal: Arc::default(),
        stopping: Arc::default(),
        pending: pending.clone(),
        editor: editor.clone(),
        inbox: inbox.clone(),
    };
    let known = [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTSTP, SIGCONT, SIGWINCH];
    let mut signals = SignalsInfo::<WithOrigin>::new(known.iter().chain(drill::SIGNALS))?;
    let here = watch.clone();
    Builder::new().name("signals".to_owned()).spawn(move || {
        signals.forever().for_each(|origin| here.take(&origin));
    })?;
    let here = watch.clone();
    Builder::new().name("hang-up".to_owned()).spawn(move || {
        let stdout = io::stdout();
        // A reader that has seen enough is no hang-up.
        let is_terminal = isatty(&stdout);
        // Asking for nothing, poll returns for the end of the terminal only.
        while let Ok(_) | Err(rustix::io::Errno::INTR) =
            poll(&mut [PollFd::from_borrowed_fd(stdout.as_fd(), PollFlags::empty())], None)
        {
            let mut state = [PollFd::from_borrowed_fd(stdout.as_fd(), PollFlags::empty())];
            let gone = poll(&mut state, Some(&rustix::event::Timespec::default()));
            let flags = state.first().map_or(PollFlags::empty(), PollFd::revents);
            if gone.is_ok() && flags.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
                if is_terminal {
                    here.hang_up();
                }
                let _ = here.inbox.send(Event::Terminate);
                return;
            }
        }
    })?;
    Ok(watch)
}
