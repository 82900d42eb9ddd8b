//! Every way to end the program, at every instant: the terminal is what it was before, byte for byte,
//! and the exit code says how it ended.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use rustix::process::Signal;

use crate::Outcome;
use crate::desk;
use crate::modes;
use crate::terminal::Terminal;

/// What ends the program.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// The key that leaves.
    Leave,
    /// Control and C.
    Interrupt,
    Killed(Signal),
    /// A panic of the main thread.
    Panic,
    /// A panic of a worker, and then the key that leaves.
    PanicOfWorker,
    /// Stopped and continued from outside, and then the key that leaves.
    Stopped,
}

const WAYS: [Way; 10] = [
    Way::Leave,
    Way::Interrupt,
    Way::Killed(Signal::TERM),
    Way::Killed(Signal::HUP),
    Way::Killed(Signal::INT),
    Way::Killed(Signal::QUIT),
    Way::Killed(Signal::PIPE),
    Way::Panic,
    Way::PanicOfWorker,
    Way::Stopped,
];

/// When it is ended.
struct Instant {
    name: &'static str,
    /// Milliseconds after the start, where nothing is waited for.
    starting: Option<u64>,
    /// Posts of real size are read as well.
    is_large: bool,
    /// What is typed once the posts are there.
    keys: &'static str,
    /// What is waited for then.
    shows: &'static str,
    /// Keys that lead back to the list.
    back: &'static [&'static str],
}

const fn at(
    name: &'static str,
    keys: &'static str,
    shows: &'static str,
    back: &'static [&'static str],
) -> Instant {
    Instant { name, starting: None, is_large: false, keys, shows, back }
}

const fn large(instant: Instant) -> Instant {
    Instant { is_large: true, ..instant }
}

const fn starting(name: &'static str, ms: u64) -> Instant {
    Instant { starting: Some(ms), ..at(name, "", "", &[]) }
}

const ESC: &str = "\u{1b}";

const INSTANTS: [Instant; 20] = [
    at("at rest", "", "saved ✓", &[]),
    at("in the editor", "E", "editor is ready", &[]),
    starting("starting, 2 ms", 2),
    at("saving", "rrrrrrrrrr", "reviewed", &[]),
    large(at("loading", "", "Posts", &[])),
    at("in the prompt of a flag", "f", "why?", &[ESC]),
    starting("starting, 0 ms", 0),
    starting("starting, 5 ms", 5),
    starting("starting, 10 ms", 10),
    starting("starting, 20 ms", 20),
    large(at("filtering", "/python", "> python", &[ESC])),
    large(at("searching texts", "/text:/n[aeiou]+ze/", "text:", &[ESC])),
    large(at("saving while loading", "rs", "", &[])),
    at("in the filter", "/post", "> post", &[ESC]),
    at("in the note of a flag", "f\tnote", "note", &[ESC]),
    at("in a note", "ewords", "words", &[ESC]),
    at("in the help", "?", "esc close", &[ESC]),
    at("in the history", "rkH", "undo this step", &[ESC]),
    at("alone on the screen", "\tz", "post 1", &[ESC]),
    at("in the midst of a paste", "/\u{1b}[200~pasted", "", &["\u{1b}[201~", ESC]),
];

/// A build that can be told to panic.
const CAN_PANIC: bool = cfg!(debug_assertions);

pub(crate) fn run(rounds: usize) -> Outcome {
    let folder = desk::folder(40);
    desk::add_large(folder.path(), 3_000);
    let editor = folder.path().join("editor");
    fs::write(&editor, "#!/bin/sh\necho editor is ready\nread line\n").unwrap();
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).unwrap();
    let (mut ended, mut wrong) = (0, Vec::new());
    for instant in INSTANTS.iter().take(rounds) {
        for way in WAYS {
            if !CAN_PANIC && matches!(way, Way::Panic | Way::PanicOfWorker) {
                continue;
            }
            ended += 1;
            let faults = end(folder.path(), editor.to_str().unwrap(), instant, way);
            wrong.extend(faults.iter().map(|fault| format!("{way:?} {}: {fault}", instant.name)));
        }
    }
    let left_out =
        if CAN_PANIC { "" } else { "; the two panics are left out, a release build cannot be told to" };
    if wrong.is_empty() {
        Outcome::Held(format!("{ended} of {ended} ended well and left the terminal as it was{left_out}"))
    } else {
        Outcome::Broken(format!("of {ended}:\n{}", wrong.join("\n")))
    }
}

/// What is wrong after one way to end at one instant.
fn end(folder: &Path, editor: &str, instant: &Instant, way: Way) -> Vec<String> {
    let _ = fs::remove_file(folder.join("posts.jsonl.reviews.jsonl"));
    let files: &[&str] =
        if instant.is_large { &["--no-cache", "posts.jsonl", "large.jsonl"] } else { &["posts.jsonl"] };
    let mut terminal = Terminal::start_with(folder, files, &[("VISUAL", editor)]);
    match instant.starting {
        Some(ms) => std::thread::sleep(Duration::from_millis(ms)),
        None => {
            terminal.until(&["Posts", "post 1"]);
            if instant.keys.contains(['r', 'E', 'f', 'e']) {
                // Decided once everything is known.
                terminal.until(&["saved ✓"]);
            }
            terminal.keys(instant.keys);
            terminal.until(&[instant.shows]);
        }
    }
    let code = go(&mut terminal, instant, way);
    let mut faults = modes::faults(&terminal);
    if let Err(fault) = code {
        faults.push(fault);
    }
    let (_, bad) = desk::records(&folder.join("posts.jsonl.reviews.jsonl"));
    if bad > 0 {
        faults.push(format!("{bad} bad lines in the log"));
    }
    faults
}

/// Ends the program; what is wrong with its exit code.
fn go(terminal: &mut Terminal, instant: &Instant, way: Way) -> Result<(), String> {
    let is_starting = instant.starting.is_some();
    match way {
        Way::Killed(signal) => {
            terminal.signal(signal);
            // Before the program listens to it, it is ignored, as in every program of this language.
            while is_starting && signal == Signal::PIPE && !ends_soon(terminal) {
                if terminal.screen.screen().contents().contains("post 1") {
                    terminal.signal(signal);
                    break;
                }
            }
        }
        Way::Panic => {
            terminal.signal(Signal::USR1);
        }
        Way::PanicOfWorker => {
            terminal.signal(Signal::USR2);
            if is_starting && ends_soon(terminal) {
                return Ok(());
            }
            leave(terminal, instant, "jq");
        }
        Way::Stopped => {
            terminal.signal(Signal::STOP);
            std::thread::sleep(Duration::from_millis(5));
            terminal.signal(Signal::CONT);
            leave(terminal, instant, "q");
        }
        Way::Leave => leave(terminal, instant, "q"),
        Way::Interrupt => leave(terminal, instant, "\u{3}"),
    }
    let ended = terminal.end_with();
    // Before the first mode is switched on, the signal itself may have ended it.
    let died = is_starting && ended.signal().is_some();
    let expected = match way {
        Way::Killed(signal) => 128 + u32::try_from(signal.as_raw()).unwrap(),
        Way::Panic => 101,
        // A terminal that is not raw yet makes a signal of it.
        Way::Interrupt if is_starting && ended.exit_code() == 130 => 130,
        Way::Interrupt | Way::Leave | Way::PanicOfWorker | Way::Stopped => 0,
    };
    if died || (ended.exit_code() == expected && ended.signal().is_none()) {
        Ok(())
    } else {
        Err(format!("ended with {ended:?} instead of {expected}"))
    }
}

fn ends_soon(terminal: &mut Terminal) -> bool {
    terminal.listen(Duration::from_millis(300));
    terminal.ended().is_some()
}

/// Goes back to the list and presses a key there.
fn leave(terminal: &mut Terminal, instant: &Instant, keys: &str) {
    if instant.name == "in the editor" {
        terminal.keys(if keys == "\u{3}" { keys } else { "\r" });
        terminal.until(&["Posts", "post 1"]);
    }
    for key in instant.back {
        terminal.keys(key);
        // An escape with a key behind it would be another key.
        terminal.listen(Duration::from_millis(120));
    }
    terminal.keys(keys);
}
