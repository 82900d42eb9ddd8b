//! The reviewer's own editor, for a note: started as words without a shell, on a private file.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use tempfile::TempDir;

use super::terminal;
use super::worker::{self, Inbox};
use crate::app::Event;

/// The editors of those who have chosen none: the first that is there.
const USUAL: [&str; 2] = ["nano", "vi"];

/// Said of it where something went wrong.
const NOT_CHOSEN: &str = "the usual editor, as neither VISUAL nor EDITOR is set,";

/// A file that is larger is no note. Unit: bytes.
const MAX_BYTES: u64 = 1 << 20;

/// How long an editor has to end by itself when the program ends.
const GRACE: Duration = Duration::from_millis(300);

/// What keeps vim from leaving the note in a swap file or its history, and from obeying lines of it.
const VIM_WORDS: [&str; 4] = ["-n", "-i", "NONE", "+set nomodeline"];

/// The editor that is running, if one is. A clone is the same one.
#[derive(Clone, Debug, Default)]
pub(super) struct Editor(Arc<Mutex<Option<Child>>>);

impl Editor {
    /// Starts the editor on a text; its end comes as [`Event::Edited`]. The terminal must be lent.
    /// The sentence says why it could not be started.
    pub(super) fn start(&self, text: &str, inbox: &Inbox) -> Result<(), String> {
        if self.is_running() {
            return Err("an editor is running already".to_owned());
        }
        let (source, words) = chosen();
        let words = shell_words::split(&words)
            .map_err(|error| format!("{source} could not be understood ({error}): {words}"))?;
        let Some((program, arguments)) = words.split_first() else {
            return Err(format!("{source} names no program"));
        };
        let (folder, path) =
            private_file(text).map_err(|error| format!("no file could be made for it: {error}"))?;
        let tty = terminal::tty().and_then(OwnedFd::try_clone);
        let tty = tty.map_err(|error| format!("the terminal could not be handed on: {error}"))?;
        let vim_words = if is_vim(program) { &VIM_WORDS[..] } else { &[] };
        let child = Command::new(program)
            .args(arguments)
            .args(vim_words)
            .arg(&path)
            .stdin(Stdio::from(tty))
            .spawn()
            .map_err(|error| format!("{source} ({program}) could not be started: {error}"))?;
        let process = child.id();
        *self.lock() = Some(child);
        let (here, program) = (self.clone(), program.clone());
        let started = worker::start("editor", inbox.clone(), move |inbox| {
            let text = here.wait(process, inbox).and_then(|status| read_back(status, &program, &path));
            drop(folder);
            let is_whole = text.is_ok();
            let _ = inbox.send(Event::Edited(text));
            if is_whole && source == NOT_CHOSEN {
                let told = format!("Written with {program}, as neither VISUAL nor EDITOR is set");
                let _ = inbox.send(Event::EditorChosen(told));
            }
        });
        if let Err(error) = started {
            self.end();
            self.lock().take().map(|mut child| child.wait());
            return Err(format!("nobody could wait for it: {error}"));
        }
        Ok(())
    }

    /// Whether one is running.
    pub(super) fn is_running(&self) -> bool {
        self.lock().is_some()
    }

    /// Lets an editor that was stopped go on.
    pub(super) fn go_on(&self) {
        self.send(Signal::CONT);
    }

    /// Ends the editor, if one is running: it is asked first.
    pub(super) fn end(&self) {
        self.send(Signal::TERM);
        self.send(Signal::CONT);
        let until = Instant::now() + GRACE;
        while self.lock().is_some() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
        self.send(Signal::KILL);
    }

    fn lock(&self) -> MutexGuard<'_, Option<Child>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// While the lock is held, nobody has waited for the process, so its number is its own.
    fn send(&self, signal: Signal) {
        if let Some(process) = self.lock().as_ref().and_then(|child| pid(child.id())) {
            let _ = kill_process(process, signal);
        }
    }

    /// Waits for its end. An editor that stops itself stops the desk with it.
    fn wait(&self, process: u32, inbox: &Inbox) -> Result<ExitStatus, String> {
        let id = WaitId::Pid(pid(process).ok_or("the editor has no number")?);
        loop {
            let options = WaitIdOptions::EXITED | WaitIdOptions::STOPPED | WaitIdOptions::NOWAIT;
            match waitid(id.clone(), options) {
                Ok(Some(status)) if status.stopped() => {
                    let _ = waitid(id.clone(), WaitIdOptions::STOPPED | WaitIdOptions::NOHANG);
                    let _ = inbox.send(Event::Stop);
                }
                Ok(Some(_)) => break,
                Ok(None) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(format!("the editor could not be waited for: {error}")),
            }
        }
        let child = self.lock().take();
        let status = child.ok_or("the editor is gone")?.wait();
        status.map_err(|error| format!("the editor could not be waited for: {error}"))
    }
}

fn pid(process: u32) -> Option<Pid> {
    i32::try_from(process).ok().and_then(Pid::from_raw)
}

/// Where the choice comes from, and its words.
fn chosen() -> (&'static str, String) {
    let of = |name: &'static str| {
        let words = std::env::var(name).ok().filter(|words| !words.trim().is_empty());
        words.map(|words| (name, words))
    };
    let usual = || USUAL.into_iter().find(|program| found(program).is_some()).unwrap_or("vi");
    of("VISUAL").or_else(|| of("EDITOR")).unwrap_or_else(|| (NOT_CHOSEN, usual().to_owned()))
}

/// Whether a program is vim, by its name; `vi` is many programs, and what it is a link to tells which.
fn is_vim(program: &str) -> bool {
    let name = |path: &Path| path.file_name().map(OsString::from).unwrap_or_default();
    let is_vims = |name: &OsString| {
        let name = name.to_string_lossy();
        ["vim", "nvim"]
            .iter()
            .any(|vim| name.strip_prefix(vim).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
    };
    let called = name(Path::new(program));
    if is_vims(&called) {
        return true;
    }
    let real = found(program).and_then(|path| path.canonicalize().ok()).map(|path| name(&path));
    called == "vi" && real.is_none_or(|real| real == "vi" || is_vims(&real))
}

/// Where a program stands, as the system looks for it.
fn found(program: &str) -> Option<PathBuf> {
    if program.contains('/') {
        return Some(PathBuf::from(program));
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// A file that nobody else can read, in a folder that nobody else can enter.
fn private_file(text: &str) -> io::Result<(TempDir, PathBuf)> {
    let folder = tempfile::Builder::new()
        .prefix("copydesk-note-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir()?;
    let path = folder.path().join("note.txt");
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    file.write_all(text.as_bytes())?;
    if !text.is_empty() && !text.ends_with('\n') {
        file.write_all(b"\n")?;
    }
    Ok((folder, path))
}

/// What the editor has left, or why the note stays as it was.
fn read_back(status: ExitStatus, program: &str, path: &Path) -> Result<String, String> {
    if !status.success() {
        return Err(format!("{program} ended with {status}"));
    }
    let is_file = fs::symlink_metadata(path).map(|found| found.is_file());
    match is_file {
        Ok(true) => {}
        Ok(false) => return Err(format!("{program} left something that is no file")),
        Err(error) => return Err(format!("{program} left no file: {error}")),
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| format!("what {program} wrote could not be read: {error}"))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("{program} left more than 1 MiB, which is no note"));
    }
    String::from_utf8(bytes).map_err(|_| format!("{program} left something that is not UTF-8"))
}
