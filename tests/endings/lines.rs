//! Signals to plain mode, while it waits for a line and while it saves: it is gone within a second, says by
//! its exit code why, and every decision that it had called saved is in the log.

use std::io::{Read, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::Outcome;
use crate::desk::{self, Random};
use crate::program::copydesk;

const SIGNALS: [Signal; 3] = [Signal::TERM, Signal::HUP, Signal::INT];
/// As long as it may take to end.
const SOON: Duration = Duration::from_secs(1);
const POSTS: usize = 60;

pub(crate) fn run(rounds: usize) -> Outcome {
    let mut random = Random::new();
    let (mut slowest, mut decisions) = (Duration::ZERO, 0);
    for round in 0..rounds {
        let signal = SIGNALS[round % SIGNALS.len()];
        let is_saving = round / SIGNALS.len() % 2 == 1;
        let folder = desk::folder(POSTS);
        let mut child = copydesk(folder.path())
            .args(["review", "--plain", "posts.jsonl", "--no-cache"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (mut lines, mut out) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut said = Vec::new();
        hear(&mut out, &mut said, "Command, or ? for help: ", 1);
        let wanted = 1 + random.below(POSTS / 2);
        // All at once and more than is waited for, or no more than is answered.
        let typed = if is_saving { POSTS - 1 } else { wanted };
        lines.write_all("r\n".repeat(typed).as_bytes()).unwrap();
        hear(&mut out, &mut said, "reviewed now. Saved.", wanted);
        if !is_saving {
            hear(&mut out, &mut said, "Command, or ? for help: ", wanted + 1);
        }
        let start = Instant::now();
        kill_process(Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap(), signal).unwrap();
        out.read_to_end(&mut said).unwrap();
        let code = child.wait().unwrap().code();
        let passed = start.elapsed();
        let acknowledged = count(&said, "reviewed now. Saved.");
        let (records, bad) = desk::records(&folder.path().join("posts.jsonl.reviews.jsonl"));
        if code != Some(128 + signal.as_raw()) || passed > SOON || records < acknowledged || bad > 0 {
            return Outcome::Broken(format!(
                "round {round}, {signal:?}: ended with {code:?} after {passed:?}; {records} records and {bad} bad \
                 lines, {acknowledged} acknowledged"
            ));
        }
        (slowest, decisions) = (slowest.max(passed), decisions + acknowledged);
    }
    Outcome::Held(format!(
        "{rounds} sessions gone after at most {} ms; {decisions} acknowledged decisions, all in the log",
        slowest.as_millis()
    ))
}

/// Reads until something was said so often.
fn hear(out: &mut impl Read, said: &mut Vec<u8>, words: &str, times: usize) {
    let mut buffer = [0; 4096];
    while count(said, words) < times {
        let read = out.read(&mut buffer).unwrap();
        assert!(read > 0, "no {words:?} in {}", String::from_utf8_lossy(said));
        said.extend(&buffer[..read]);
    }
}

fn count(said: &[u8], words: &str) -> usize {
    String::from_utf8_lossy(said).matches(words).count()
}
