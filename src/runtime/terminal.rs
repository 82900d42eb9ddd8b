//! The one owner of every mode of the terminal. Whatever ends the program, it comes through
//! [`leave`] or [`finish`], and leaving twice does nothing.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;
use nix::unistd::{getpgrp, getppid, getsid, tcgetpgrp};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{LocalModes, OptionalActions, Termios, isatty, tcgetattr, tcgetwinsize, tcsetattr};

use super::addressed::Addressed;

/// Alternate screen, all of it to scroll, plain style, bracketed paste, no cursor.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[r\x1b[0m\x1b[?2004h\x1b[?25l\x1b[2J";

/// Clicks and wheel of the mouse in their modern form, not its every movement.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";

/// The mouse is the terminal's own again.
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// The same in reverse; also puts the style back.
const LEAVE: &[u8] = b"\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l";

/// A terminal that takes nothing for so long is not waited for: its window may hang, and the program
/// must still end.
const PATIENCE: Duration = Duration::from_millis(300);

/// Room for a frame of a large screen in which everything has changed. Unit: bytes.
const FRAME_BYTES: usize = 256 << 10;

/// The size of a terminal that does not know its own. Unit: columns, lines.
const USUAL: (u16, u16) = (80, 24);

/// More than a wall of screens shows in letters that can be read; their two million cells take some 200 MiB.
const MOST_COLUMNS: u16 = 2_000;
const MOST_LINES: u16 = 1_000;

/// Whether the mouse is wanted while the modes are on.
static MOUSE: AtomicBool = AtomicBool::new(true);

/// An editor has had the terminal.
static WAS_LENT: AtomicBool = AtomicBool::new(false);

/// Whose the terminal is.
enum Hold {
    /// The shell's.
    Given,
    /// The desk's. What it was like before.
    Taken(Termios),
    /// An editor's, for a while. What it was like before the desk.
    Lent(Termios),
    /// The shell's, for good.
    Over,
}

static HOLD: Mutex<Hold> = Mutex::new(Hold::Given);

/// What the terminal was like before, for whoever cannot have the hold. Never held for long.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// The terminal that the frames are drawn on.
pub(super) type Screen = Terminal<Addressed<CrosstermBackend<BufWriter<Frames>>>>;

/// Where keys come from: standard input, or the terminal itself where posts come in there.
pub(super) fn tty() -> io::Result<&'static OwnedFd> {
    static TTY: OnceLock<OwnedFd> = OnceLock::new();
    if let Some(tty) = TTY.get() {
        return Ok(tty);
    }
    let opened = if isatty(io::stdin()) {
        io::stdin().as_fd().try_clone_to_owned()?
    } else {
        File::options().read(true).write(true).open("/dev/tty")?.into()
    };
    Ok(TTY.get_or_init(|| opened))
}

/// The columns and lines of the terminal that are drawn on; the usual ones where it does not know.
pub(super) fn size() -> (u16, u16) {
    match tcgetwinsize(io::stdout()) {
        Ok(size) => usable(size.ws_col, size.ws_row),
        Err(_) => USUAL,
    }
}

/// Of a larger terminal the left top is drawn on: every cell costs memory, and any size can be claimed.
fn usable(columns: u16, lines: u16) -> (u16, u16) {
    match (columns, lines) {
        (0, _) | (_, 0) => USUAL,
        (columns, lines) => (columns.min(MOST_COLUMNS), lines.min(MOST_LINES)),
    }
}

/// Switches the modes on, also where they are on already: somebody may have changed them while the
/// program was stopped. What the terminal was like before is what it is like now, unless it was lent
/// to an editor, which may have left it in any state.
pub(super) fn enter() -> io::Result<()> {
    let tty = tty()?;
    let mut hold = HOLD.lock().unwrap_or_else(PoisonError::into_inner);
    let before = match &*hold {
        Hold::Given => tcgetattr(tty)?,
        Hold::Taken(before) | Hold::Lent(before) => before.clone(),
        Hold::Over => return Err(io::Error::other("the program is ending")),
    };
    let mut raw = before.clone();
    raw.make_raw();
    *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(before.clone());
    *hold = Hold::Taken(before);
    tcsetattr(tty, OptionalActions::Now, &raw)?;
    write_in_time(ENTER)?;
    write_in_time(if MOUSE.load(Ordering::SeqCst) { MOUSE_ON } else { MOUSE_OFF })
}

/// Takes the mouse from the terminal, or gives it back; also for the next time that the modes are
/// switched on.
pub(super) fn set_mouse(on: bool) {
    MOUSE.store(on, Ordering::SeqCst);
    ask(if on { MOUSE_ON } else { MOUSE_OFF });
}

/// Sends something to the terminal while it is ours. One that takes nothing is not waited for.
pub(super) fn ask(what: &[u8]) {
    if matches!(wait_for_hold().as_deref(), Some(Hold::Taken(_))) {
        let _ = write_in_time(what);
    }
}

/// Gives the terminal back to the shell, if it has it not already.
pub(super) fn leave() {
    give(&mut wait_for_hold(), Hold::Given);
}

/// Gives it back for good: nothing switches a mode on any more. May be called from any thread at any
/// moment; waits neither for the loop nor for a terminal that hangs.
pub(super) fn finish() {
    give(&mut wait_for_hold(), Hold::Over);
}

/// Says something on standard error, straight to the descriptor: a lock may be held by a thread that hangs.
pub(super) fn say_on_stderr(words: &str) {
    let _ = rustix::io::write(rustix::stdio::stderr(), words.as_bytes());
}

/// Lends the terminal to an editor: as the shell had it, until [`enter`].
pub(super) fn lend() {
    let mut hold = wait_for_hold();
    if let Some(Hold::Taken(before)) = hold.as_deref() {
        let before = before.clone();
        WAS_LENT.store(true, Ordering::SeqCst);
        give(&mut hold, Hold::Lent(before));
    }
}

/// Whether an editor has it.
pub(super) fn is_lent() -> bool {
    matches!(wait_for_hold().as_deref(), Some(Hold::Lent(_)))
}

/// Whether a signal that the terminal itself has made was meant for an editor. It may be heard of when the
/// editor is gone already: while the terminal is ours, no key makes one.
pub(super) fn is_signal_of_editor() -> bool {
    match wait_for_hold().as_deref() {
        Some(Hold::Lent(_)) => true,
        Some(Hold::Taken(_)) => WAS_LENT.load(Ordering::SeqCst),
        _ => false,
    }
}

/// Whether somebody would be there after a stop: a shell that has started the program as a job.
/// Without one nobody could continue it, and the system itself lets no Ctrl-Z stop it then.
pub(super) fn has_shell() -> bool {
    let session = getsid(None);
    // Of a container nobody sees who leads a session from outside: the system then gives 0 for it.
    session != Ok(getpgrp()) && getsid(Some(getppid())) == session
}

/// The hold, but not for ever: who has it may wait for a terminal that hangs.
fn wait_for_hold() -> Option<MutexGuard<'static, Hold>> {
    let until = Instant::now() + PATIENCE;
    loop {
        match HOLD.try_lock() {
            Ok(hold) => return Some(hold),
            Err(TryLockError::Poisoned(hold)) => return Some(hold.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() > until => return None,
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(2)),
        }
    }
}

/// Puts everything back as it was. Nobody is left to be told if the terminal is gone.
fn give(hold: &mut Option<MutexGuard<'static, Hold>>, next: Hold) {
    let Ok(tty) = tty() else { return };
    // A shell that has gone on without us has put its own modes in place, and would stop us for touching them.
    let is_ours = tcgetpgrp(tty) == Ok(getpgrp());
    let before = match hold.as_deref_mut() {
        // Somebody holds it who waits for a terminal that takes nothing.
        None => BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take(),
        Some(hold @ (Hold::Given | Hold::Over)) => {
            if matches!(next, Hold::Over) {
                *hold = Hold::Over;
            }
            return;
        }
        Some(hold) => match std::mem::replace(hold, next) {
            Hold::Taken(before) | Hold::Lent(before) => Some(before),
            Hold::Given | Hold::Over => None,
        },
    };
    let stops = || tcgetattr(tty).is_ok_and(|now| now.local_modes.contains(LocalModes::TOSTOP));
    if is_ours || !stops() {
        let _ = write_in_time(LEAVE);
    }
    if let Some(before) = before.filter(|_| is_ours) {
        let _ = tcsetattr(tty, OptionalActions::Now, &before);
    }
}

/// Writes something short, if the terminal takes it.
fn write_in_time(mut bytes: &[u8]) -> io::Result<()> {
    let stdout = io::stdout();
    let patience = Timespec { tv_sec: 0, tv_nsec: PATIENCE.subsec_nanos().into() };
    while !bytes.is_empty() {
        let mut ready = [PollFd::from_borrowed_fd(stdout.as_fd(), PollFlags::OUT)];
        match poll(&mut ready, Some(&patience)) {
            Ok(0) => return Err(io::ErrorKind::TimedOut.into()),
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(errno) => return Err(errno.into()),
        }
        match rustix::io::write(&stdout, bytes) {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(())
}

/// The terminal as a place for frames; what is drawn while it is somebody else's goes nowhere.
#[derive(Debug)]
pub(super) struct Frames(File);

impl Write for Frames {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let hold = HOLD.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*hold, Hold::Taken(_)) { self.0.write(bytes) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A screen of this size, empty.
pub(super) fn screen(width: u16, height: u16) -> io::Result<Screen> {
    let viewport = Viewport::Fixed(Rect { x: 0, y: 0, width, height });
    // A frame is one write: standard output itself would cut it into small ones.
    let frames = Frames(File::from(io::stdout().as_fd().try_clone_to_owned()?));
    let out = BufWriter::with_capacity(FRAME_BYTES, frames);
    Terminal::with_options(Addressed(CrosstermBackend::new(out)), TerminalOptions { viewport })
}

/// Sends text to the clipboard of the terminal (OSC 52), between two frames and in base64, so that
/// nothing of it acts.
pub(super) fn copy(text: &str) {
    let mut sent = String::new();
    // Writing to a String cannot fail.
    let _ = CopyToClipboard::to_clipboard_from(text).write_ansi(&mut sent);
    ask(sent.as_bytes());
}

/// Lets a panic of the main thread be seen on a whole terminal; those of workers become events.
pub(super) fn install_panic_hook() {
    let main = std::thread::current().id();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == main {
            finish();
            report(panic);
        }
    }));
}

/// Gives the terminal back when it goes out of scope.
pub(super) struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        finish();
        let _ = io::stdout().flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_that_is_claimed_is_drawn_on_as_far_as_memory_allows() {
        for (claimed, drawn) in [
            ((80, 24), (80, 24)),
            ((1, 1), (1, 1)),
            ((0, 50), USUAL),
            ((50, 0), USUAL),
            ((700, 1_001), (700, 1_000)),
            ((u16::MAX, u16::MAX), (2_000, 1_000)),
        ] {
            assert_eq!(usable(claimed.0, claimed.1), drawn);
        }
    }
}
