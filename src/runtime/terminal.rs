//! The one owner of every mode of the terminal. Whatever ends the program, it comes through
//! [`leave`], and leaving twice does nothing.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

/// Alternate screen, bracketed paste, no cursor.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?2004h\x1b[?25l\x1b[2J";

/// Clicks and wheel of the mouse in their modern form, not its every movement.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";

/// The mouse is the terminal's own again.
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// The same in reverse; also puts the style back.
const LEAVE: &[u8] = b"\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l";

/// Room for a frame of a large screen in which everything has changed. Unit: bytes.
const FRAME_BYTES: usize = 256 << 10;

/// Whether the mouse is wanted while the modes are on.
static MOUSE: AtomicBool = AtomicBool::new(true);

/// Whether the modes are switched on.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// The terminal that the frames are drawn on.
pub(super) type Screen = Terminal<CrosstermBackend<BufWriter<File>>>;

/// Switches the modes on.
pub(super) fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    ENTERED.store(true, Ordering::SeqCst);
    write_all(ENTER)?;
    if MOUSE.load(Ordering::SeqCst) { write_all(MOUSE_ON) } else { Ok(()) }
}

/// Takes the mouse from the terminal, or gives it back; also for the next time that the modes are
/// switched on.
pub(super) fn set_mouse(on: bool) -> io::Result<()> {
    MOUSE.store(on, Ordering::SeqCst);
    if ENTERED.load(Ordering::SeqCst) { write_all(if on { MOUSE_ON } else { MOUSE_OFF }) } else { Ok(()) }
}

/// Switches the modes off, if they are on. Takes no lock and trusts no terminal to answer, so that
/// it may be called from any thread at any moment.
pub(super) fn leave() {
    if ENTERED.swap(false, Ordering::SeqCst) {
        // There is nobody left to tell if the terminal is gone.
        let _ = write_all(LEAVE);
        let _ = disable_raw_mode();
    }
}

fn write_all(mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(rustix::stdio::stdout(), bytes) {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(())
}

/// A screen of this size, empty.
pub(super) fn screen(width: u16, height: u16) -> io::Result<Screen> {
    let viewport = Viewport::Fixed(Rect { x: 0, y: 0, width, height });
    // A frame is one write: standard output itself would cut it into small ones.
    let out = BufWriter::with_capacity(FRAME_BYTES, File::from(io::stdout().as_fd().try_clone_to_owned()?));
    Terminal::with_options(CrosstermBackend::new(out), TerminalOptions { viewport })
}

/// Lets a panic of the main thread be seen on a whole terminal; those of workers become events.
pub(super) fn install_panic_hook() {
    let main = std::thread::current().id();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == main {
            leave();
            report(panic);
        }
    }));
}

/// Leaves the terminal when it goes out of scope.
pub(super) struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        leave();
        let _ = io::stdout().flush();
    }
}
