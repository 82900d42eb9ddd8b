//! Signals to commands without a screen, at random instants: what they leave behind is whole, and the
//! next run goes on.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::Outcome;
use crate::desk::{self, Random};
use crate::program::copydesk;

const SIGNALS: [Signal; 6] =
    [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT, Signal::PIPE, Signal::KILL];

/// Those that leave no time to tidy up.
const ABRUPT: [Signal; 3] = [Signal::KILL, Signal::QUIT, Signal::PIPE];

pub(crate) fn run(rounds: usize) -> Outcome {
    let mut random = Random::new();
    let folder = desk::folder(300);
    desk::add_large(folder.path(), 1_500);
    let posts = fs::read(folder.path().join("posts.jsonl")).unwrap();
    let log = folder.path().join("posts.jsonl.reviews.jsonl");
    let command = |words: &[&str]| {
        let mut command = copydesk(folder.path());
        command.args(words).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    };
    let (mut ended, mut records, mut unfinished) = (0, 0, 0);
    for round in 0..rounds {
        let status = ["reviewed", "flagged", "skipped"][round % 3];
        let commands: [&[&str]; 4] = [
            &["mark", "posts.jsonl", "--filter", "post", "--status", status],
            &["check", "posts.jsonl", "large.jsonl"],
            &["list", "large.jsonl", "--format", "jsonl"],
            &["generate", "--count", "300", "--out", "made.jsonl", "--force"],
        ];
        let mut child = command(commands[round % 4]).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(u64::try_from(random.below(60_000)).unwrap()));
        let process = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
        let signal = SIGNALS[random.below(SIGNALS.len())];
        // It may have ended already.
        let _ = kill_process(process, signal);
        let mut said = Vec::new();
        child.stdout.take().unwrap().read_to_end(&mut said).unwrap();
        ended += usize::from(!child.wait().unwrap().success());
        let (now, bad) = desk::records(&log);
        // Marked in one step: all of it is there or nothing.
        let torn = fs::read(&log).is_ok_and(|log| log.last().is_some_and(|last| *last != b'\n'));
        if bad > usize::from(torn) || now < records {
            return Outcome::Broken(format!("round {round}: {now} records after {records}, {bad} bad lines"));
        }
        records = now;
        let left = take_unfinished(folder.path());
        if left > 0 && !ABRUPT.contains(&signal) {
            return Outcome::Broken(format!("round {round}: {signal:?} has left an unfinished file"));
        }
        unfinished += left;
    }
    // A reader that has seen enough is no error.
    let mut list = command(&["list", "large.jsonl", "--format", "jsonl"]).spawn().unwrap();
    let mut first = [0; 100];
    list.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let code = list.wait().unwrap().code();
    if code != Some(0) {
        return Outcome::Broken(format!("a pipe that was closed ended with {code:?}"));
    }
    let marked = command(&["mark", "posts.jsonl", "--id", "p-1", "--status", "skipped", "--note", "last"]);
    let after =
        [marked, command(&["check", "posts.jsonl"])].map(|mut command| command.status().unwrap().code());
    if after[0] != Some(0) || fs::read(folder.path().join("posts.jsonl")).unwrap() != posts {
        return Outcome::Broken(format!("the next run ended with {after:?}, or the posts are others"));
    }
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    let expected = ["posts.jsonl", "posts.jsonl.reviews.jsonl", "large.jsonl", "made.jsonl", "cache"];
    let made = fs::read_to_string(folder.path().join("made.jsonl")).unwrap_or_default();
    if !matches!(made.lines().count(), 0 | 300) {
        return Outcome::Broken("a file was made by half".to_owned());
    }
    let odd: Vec<_> =
        left.iter().filter(|name| !expected.iter().any(|known| *known == name.as_os_str())).collect();
    if !odd.is_empty() {
        return Outcome::Broken(format!("left behind: {odd:?}"));
    }
    drop(File::open(&log));
    Outcome::Held(format!(
        "{rounds} commands, {ended} of them ended by a signal: {records} records whole, {unfinished} unfinished files where the end was abrupt, a closed pipe is no error"
    ))
}

/// Takes away the files that were being made, which lie under names of their own; how many there were.
fn take_unfinished(folder: &Path) -> usize {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let unfinished = files.filter(|file| file.file_name().to_string_lossy().starts_with(".made.jsonl."));
    unfinished.map(|file| fs::remove_file(file.path()).unwrap()).count()
}
