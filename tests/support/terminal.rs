//! The real program in a real pseudo-terminal, looked at through a terminal emulator.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

use super::program::{UNHEARD, home};

/// Nothing that a machine under load does takes this long; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program on a screen.
pub struct Terminal {
    pub screen: vt100::Parser,
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    /// The modes of the terminal before the program was started.
    before: String,
    /// Everything that the program has written.
    pub written: Vec<u8>,
}

/// Opened to be looked at, and not to become the terminal of whoever looks.
const NOT_OURS: i32 = 0o400;

/// Every mode, speed and special sign of a terminal.
fn said(modes: &Termios) -> String {
    format!("{modes:?}")
}

impl Terminal {
    /// Starts `copydesk` with some arguments in a folder.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::start_with(folder, arguments, &[])
    }

    /// The same with some variables of the environment; an empty one is taken away.
    pub fn start_with(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let words = [&[env!("CARGO_BIN_EXE_copydesk")], arguments].concat();
        Self::run(folder, &words, environment)
    }

    /// Runs any program.
    pub fn run(folder: &Path, words: &[&str], environment: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        // Some modes are not the usual ones, so that putting the usual ones back is not enough.
        let tty = File::options().read(true).custom_flags(NOT_OURS).open(pair.master.tty_name().unwrap());
        let tty = tty.unwrap();
        let mut odd = tcgetattr(&tty).unwrap();
        odd.special_codes[SpecialCodeIndex::VERASE] = 8;
        odd.special_codes[SpecialCodeIndex::VMIN] = 3;
        odd.local_modes.remove(LocalModes::ECHOK);
        tcsetattr(&tty, OptionalActions::Now, &odd).unwrap();
        let before = said(&tcgetattr(&tty).unwrap());
        let mut command = CommandBuilder::new(words[0]);
        command.args(&words[1..]);
        command.cwd(folder);
        command.env("TERM", "xterm-256color");
        UNHEARD.iter().for_each(|name| command.env_remove(name));
        home(folder).iter().for_each(|(name, value)| command.env(name, value));
        // The terminal here answers no questions.
        command.env("COPYDESK_THEME", "dark");
        for (name, value) in environment {
            if value.is_empty() { command.env_remove(name) } else { command.env(name, value) }
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 65536];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 || sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let screen = vt100::Parser::new(40, 120, 0);
        Self { screen, child, master: pair.master, keys, output, before, written: Vec::new() }
    }

    /// Whether the modes of the terminal are what they were before, byte for byte; else what is another.
    pub fn modes_are_as_before(&self) -> Result<(), String> {
        let tty = File::options().read(true).custom_flags(NOT_OURS).open(self.master.tty_name().unwrap());
        let now = said(&tcgetattr(tty.unwrap()).unwrap());
        if now == self.before { Ok(()) } else { Err(format!("before: {}\nnow:    {now}", self.before)) }
    }

    /// Has Ctrl-C make a signal again, as it does while the modes of a shell hold.
    pub fn make_signals(&self) {
        let tty = File::options().read(true).custom_flags(NOT_OURS).open(self.master.tty_name().unwrap());
        let tty = tty.unwrap();
        let mut modes = tcgetattr(&tty).unwrap();
        modes.local_modes.insert(LocalModes::ISIG);
        tcsetattr(&tty, OptionalActions::Now, &modes).unwrap();
    }

    /// Sends the program a signal.
    pub fn signal(&self, signal: Signal) {
        let process = Pid::from_raw(i32::try_from(self.process_id()).unwrap()).unwrap();
        kill_process(process, signal).unwrap();
    }

    /// Takes in what the program writes for so long.
    pub fn listen(&mut self, duration: Duration) {
        let end = Instant::now() + duration;
        while let Ok(bytes) = self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
            self.take(&bytes);
        }
    }

    /// How the program has ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Waits until the screen shows all of some words, and gives it.
    #[track_caller]
    pub fn until(&mut self, words: &[&str]) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let text = self.screen.screen().contents();
            if words.iter().all(|word| text.contains(word)) {
                return text;
            }
            let left = end.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.take(&bytes),
                Err(error) => panic!("never saw {words:?} ({error}):\n{text}"),
            }
        }
    }

    /// Looks at the screen each time the program has written nothing for `quiet`, until `enough` says so
    /// or `patience` is at its end; the last screen and how long it took, if it did.
    pub fn watch(
        &mut self,
        quiet: Duration,
        patience: Duration,
        mut enough: impl FnMut(&str) -> bool,
    ) -> Result<Duration, String> {
        let start = Instant::now();
        loop {
            match self.output.recv_timeout(quiet) {
                Ok(bytes) => self.take(&bytes),
                Err(_) => {
                    let text = self.screen.screen().contents();
                    if enough(&text) {
                        return Ok(start.elapsed());
                    }
                    if start.elapsed() > patience {
                        return Err(text);
                    }
                }
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.screen.process(bytes);
        self.written.extend_from_slice(bytes);
    }

    /// Types.
    pub fn keys(&mut self, keys: &str) {
        self.raw_keys(keys.as_bytes());
    }

    /// Sends bytes as if they were typed, a piece at a time, as fast as they are taken.
    pub fn raw_keys(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(1 << 10) {
            self.keys.write_all(piece).unwrap();
            while let Ok(output) = self.output.try_recv() {
                self.take(&output);
            }
        }
        self.keys.flush().unwrap();
    }

    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.screen.screen_mut().set_size(rows, cols);
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    /// Another size, of which the emulator learns nothing: it breaks at the smallest ones.
    pub fn resize_unseen(&mut self, cols: u16, rows: u16) {
        self.screen = vt100::Parser::new(250, 250, 0);
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    pub fn process_id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Takes the terminal away and leaves the program to itself.
    pub fn cut_off(self) -> Box<dyn Child + Send + Sync> {
        let Self { child, master, mut keys, output, .. } = self;
        // As below.
        drop(output);
        let _ = keys.write_all(b"j");
        drop((master, keys));
        child
    }

    /// Takes the terminal away, as a closed window does; the exit code of the program.
    pub fn vanish(self) -> u32 {
        let Self { mut child, master, mut keys, output, .. } = self;
        // The thread that reads holds the terminal as well: nobody listens to it any more, so it ends
        // with the next frame, for which a key is pressed.
        drop(output);
        keys.write_all(b"j").unwrap();
        drop((master, keys));
        child.wait().unwrap().exit_code()
    }

    /// Waits for the end of the program and for nothing else; its exit code.
    pub fn end_at_once(&mut self) -> u32 {
        self.child.wait().unwrap().exit_code()
    }

    /// Waits for the end of the program; its exit code.
    pub fn end(&mut self) -> u32 {
        self.end_with().exit_code()
    }

    /// Waits for the end of the program, and how it was.
    pub fn end_with(&mut self) -> ExitStatus {
        let status = self.child.wait().unwrap();
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(200)) {
            self.take(&bytes);
        }
        status
    }
}
