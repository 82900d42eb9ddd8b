//! A program in a real pseudo-terminal, timed from outside: a thread stamps what it writes as it
//! comes, so that looking at the screen does not bend the times.

use std::fs;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};

use super::{anonymous_bytes, kib};

/// Nothing that is measured takes longer.
const PATIENCE: Duration = Duration::from_secs(120);

/// How often memory is looked at while a program loads.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// What a terminal is asked, and what this one answers.
const ANSWERS: [(&[u8], &[u8]); 4] = [
    (b"\x1b[6n", b"\x1b[1;1R"),
    (b"\x1b[c", b"\x1b[?62;22c"),
    (b"\x1b]11;?\x1b\\", b"\x1b]11;rgb:1010/1010/1010\x1b\\"),
    (b"\x1b]11;?\x07", b"\x1b]11;rgb:1010/1010/1010\x07"),
];

type Keys = Arc<Mutex<Box<dyn Write + Send>>>;

/// A program on a screen of 120 × 40.
pub struct Screen {
    screen: vt100::Parser,
    child: Box<dyn Child + Send + Sync>,
    keys: Keys,
    output: Receiver<(Instant, Vec<u8>)>,
    started: Instant,
    /// From the start to the first sign on the screen.
    pub first_sign: Option<Duration>,
    last: Instant,
    peak: Arc<AtomicU64>,
    ended: Arc<AtomicBool>,
    looker: Option<JoinHandle<()>>,
}

/// What came of a key.
#[derive(Clone, Copy, Debug)]
pub struct Settled {
    /// From the key to the first byte: a frame is written in one piece.
    pub first: Duration,
    /// From the key to the last byte before the screen was still.
    pub after: Duration,
    /// What the program worked meanwhile, on all processors.
    pub worked: Duration,
}

impl Screen {
    /// Starts a program.
    pub fn start(program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 40, cols: 120, pixel_width: 1_200, pixel_height: 800 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.cwd(std::env::current_dir().unwrap());
        for name in ["LINES", "COLUMNS", "NO_COLOR"] {
            command.env_remove(name);
        }
        for (name, value) in [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LC_ALL", "C.UTF-8")] {
            command.env(name, value);
        }
        environment.iter().for_each(|(name, value)| command.env(name, value));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys: Keys = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let (sender, output) = channel();
        let replies = Arc::clone(&keys);
        std::thread::spawn(move || {
            let mut buffer = vec![0; 256 << 10];
            while let Ok(count) = reader.read(&mut buffer) {
                let now = Instant::now();
                let bytes = buffer.get(..count).unwrap_or_default();
                for (question, reply) in ANSWERS {
                    if memchr::memmem::find(bytes, question).is_some() {
                        let _ = replies.lock().unwrap().write_all(reply);
                    }
                }
                if count == 0 || sender.send((now, bytes.to_vec())).is_err() {
                    return;
                }
            }
        });
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let (peak, ended) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let process = child.process_id().unwrap().to_string();
        let looker = {
            let (peak, ended) = (Arc::clone(&peak), Arc::clone(&ended));
            std::thread::spawn(move || {
                while !ended.load(Ordering::Relaxed) {
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bytes")]
                    peak.fetch_max(anonymous_bytes(&process) as u64, Ordering::Relaxed);
                    std::thread::sleep(LOOK_EVERY);
                }
            })
        };
        let screen = vt100::Parser::new(40, 120, 0);
        Self {
            screen,
            child,
            keys,
            output,
            started,
            first_sign: None,
            last: started,
            peak,
            ended,
            looker: Some(looker),
        }
    }

    fn process(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// The screen as text.
    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Takes what comes until `until`; when it came.
    fn take(&mut self, until: Instant) -> Option<Instant> {
        let left = until.saturating_duration_since(Instant::now());
        match self.output.recv_timeout(left) {
            Ok((at, bytes)) => {
                self.screen.process(&bytes);
                self.last = at;
                if self.first_sign.is_none() && !self.text().trim().is_empty() {
                    self.first_sign = Some(at - self.started);
                }
                Some(at)
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => panic!("the program has ended:\n{}", self.text()),
        }
    }

    /// From the start until the screen shows what it should.
    pub fn until(&mut self, what: &str, shows: impl Fn(&str) -> bool) -> Duration {
        let end = Instant::now() + PATIENCE;
        while !shows(&self.text()) {
            assert!(self.take(end).is_some(), "never saw {what}:\n{}", self.text());
        }
        self.last - self.started
    }

    /// Waits until nothing has been written for so long.
    pub fn still(&mut self, for_so_long: Duration) {
        while self.take(Instant::now() + for_so_long).is_some() {}
    }

    /// Presses keys in one write and waits until nothing has been written for so long.
    pub fn press(&mut self, keys: &str, still_for: Duration) -> Settled {
        let worked = self.worked();
        let pressed = Instant::now();
        {
            let mut writer = self.keys.lock().unwrap();
            writer.write_all(keys.as_bytes()).unwrap();
            writer.flush().unwrap();
        }
        let mut last = pressed;
        let mut first = None;
        while let Some(at) = self.take(last + still_for) {
            // What was on its way before the key is not of it.
            last = last.max(at);
            first = first.or((at >= pressed).then_some(at));
        }
        Settled {
            first: first.unwrap_or(pressed) - pressed,
            after: last - pressed,
            worked: self.worked().saturating_sub(worked),
        }
    }

    /// The tables of `/proc` that the threads have under this name, those that run.
    fn of_threads(&self, name: &str) -> Vec<String> {
        let threads = fs::read_dir(format!("/proc/{}/task", self.process())).into_iter().flatten().flatten();
        threads.filter_map(|thread| fs::read_to_string(thread.path().join(name)).ok()).collect()
    }

    /// What the threads that run have worked so far.
    pub fn worked(&self) -> Duration {
        let tables = self.of_threads("schedstat");
        let nanos = |table: &String| table.split_whitespace().next()?.parse::<u64>().ok();
        Duration::from_nanos(tables.iter().filter_map(nanos).sum())
    }

    /// How often the threads have gone to sleep and were woken.
    pub fn wakes(&self) -> f64 {
        self.of_threads("status").iter().map(|table| kib(table, "voluntary_ctxt_switches:")).sum()
    }

    /// Its own memory now, files not counted. Unit: bytes.
    pub fn memory(&self) -> f64 {
        let table = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.process())).unwrap_or_default();
        kib(&table, "Anonymous:") * 1_024.0
    }

    /// The most it had so far. Unit: bytes.
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    pub fn peak(&self) -> f64 {
        self.memory().max(self.peak.load(Ordering::Relaxed) as f64)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(looker) = self.looker.take() {
            let _ = looker.join();
        }
    }
}
