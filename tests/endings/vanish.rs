//! The terminal goes away, as with a closed window or a line that breaks, also from under a program that
//! was told not to mind a hang-up: it is gone within a second, has used next to no processor for it, and
//! every decision that it had acknowledged is in the log.

use std::fs;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::desk::{self, Random};
use crate::terminal::Terminal;

/// As long as a program may take to notice.
const SOON: Duration = Duration::from_secs(1);
/// What it may use for that. Unit: ticks of 10 ms.
const TICKS: u64 = 10;

pub(crate) fn run(rounds: usize) -> Outcome {
    let mut random = Random::new();
    let (mut slowest, mut most, mut decisions) = (Duration::ZERO, 0, 0);
    for round in 0..rounds {
        let folder = desk::folder(200);
        let program = env!("CARGO_BIN_EXE_copydesk");
        // As nohup does it, which itself would take the output away.
        let deaf = ["sh", "-c", "trap '' HUP; exec \"$0\" \"$@\"", program, "posts.jsonl"];
        let words = if round % 2 == 0 { &deaf[3..] } else { &deaf[..] };
        let mut terminal = Terminal::run(folder.path(), words, &[]);
        terminal.until(&["Posts 200", "saved ✓"]);
        // A key that does nothing, so that the other one is not held down.
        terminal.keys(&"rR".repeat(1 + random.below(20)));
        while acknowledged(&terminal.screen.screen().contents()) == 0 {
            terminal.listen(Duration::from_millis(1));
        }
        terminal.listen(Duration::from_millis(u64::try_from(random.below(40)).unwrap()));
        let seen = acknowledged(&terminal.screen.screen().contents());
        let process = terminal.process_id();
        let before = ticks(process).unwrap();
        let mut child = terminal.cut_off();
        let start = Instant::now();
        let used = loop {
            let state = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
            if state.rsplit_once(") ").unwrap().1.starts_with('Z') {
                break ticks(process).unwrap() - before;
            }
            if start.elapsed() > 5 * SOON {
                let _ = child.kill();
                return Outcome::Broken(format!("round {round}: still there after {:?}", start.elapsed()));
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        let passed = start.elapsed();
        let ended = child.wait().unwrap();
        let (records, bad) = desk::records(&folder.path().join("posts.jsonl.reviews.jsonl"));
        if passed > SOON || used > TICKS || ended.exit_code() != 129 || records < seen || bad > 0 {
            return Outcome::Broken(format!(
                "round {round}: gone after {passed:?} with {used}0 ms of processors, {ended:?}; {records} records and \
                 {bad} bad lines, {seen} acknowledged"
            ));
        }
        (slowest, most, decisions) = (slowest.max(passed), most.max(used), decisions + seen);
    }
    Outcome::Held(format!(
        "{rounds} times gone, after at most {} ms and with at most {most}0 ms of processors; {decisions} acknowledged decisions, all in the log",
        slowest.as_millis()
    ))
}

/// How many decisions the screen says are in the file.
fn acknowledged(screen: &str) -> usize {
    let number = |after: &str| -> Option<usize> {
        let rest = screen.split_once(after)?.1;
        rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
    };
    number("reviewed ").unwrap_or(0).saturating_sub(number("saving ").unwrap_or(0))
}

/// What a process has used of the processors so far, also when it has ended and nobody has asked yet.
fn ticks(process: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some(fields[11].parse::<u64>().ok()? + fields[12].parse::<u64>().ok()?)
}
