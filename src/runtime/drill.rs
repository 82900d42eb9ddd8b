//! Panics on a signal, so that what becomes of a panic can be tried out at any instant. A release
//! build has none of it: there the signals keep their default action.

use super::worker::Inbox;

#[cfg(debug_assertions)]
mod called {
    use std::sync::atomic::AtomicBool;

    /// The main thread is to panic with its next event.
    pub(super) static LOOP: AtomicBool = AtomicBool::new(false);
    /// The reader is to panic with its next request.
    pub(super) static READER: AtomicBool = AtomicBool::new(false);
}

/// The signals: of the main thread, and of a worker.
#[cfg(debug_assertions)]
pub(super) const SIGNALS: &[i32] = &[signal_hook::consts::SIGUSR1, signal_hook::consts::SIGUSR2];
#[cfg(not(debug_assertions))]
pub(super) const SIGNALS: &[i32] = &[];

/// A signal has come.
#[cfg(debug_assertions)]
pub(super) fn call(signal: i32, inbox: &Inbox) {
    use std::sync::atomic::Ordering;
    let which = if signal == signal_hook::consts::SIGUSR1 { &called::LOOP } else { &called::READER };
    which.store(true, Ordering::SeqCst);
    let _ = inbox.send(crate::app::Event::GoOn);
}
#[cfg(not(debug_assertions))]
pub(super) fn call(_signal: i32, _inbox: &Inbox) {}

/// Where the main thread panics.
pub(super) fn in_loop() {
    #[cfg(debug_assertions)]
    assert!(!called::LOOP.load(std::sync::atomic::Ordering::SeqCst), "a drill of the main thread");
}

/// Where the reader panics.
pub(super) fn in_reader() {
    #[cfg(debug_assertions)]
    assert!(!called::READER.swap(false, std::sync::atomic::Ordering::SeqCst), "a drill of the reader");
}
