//! A kill between any two system calls of an append, from a clean and from a torn start.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::bench::{Acks, Found, has};
use crate::writer::Orders;

const COUNT: usize = 2;

/// What a torn start begins with: half a record, as a crash leaves it.
const TORN: &str = "{\"v\":1,\"id\":\"k7q2m9x4wd3tz-0001\",\"at\":\"2026-09-21T12:34:56.789Z\",\"by\":\"ma";

pub(crate) fn run(_rounds: usize) -> Outcome {
    if !has("strace") {
        return Outcome::Skipped("there is no strace".to_owned());
    }
    let (mut points, mut lost, mut refused) = (0, 0, 0);
    for torn in [false, true] {
        let calls = match calls(torn) {
            Ok(calls) => calls,
            Err(why) => return Outcome::Skipped(why),
        };
        for (call, numbers) in calls {
            for number in numbers {
                let folder = tempfile::tempdir().unwrap();
                let orders = begin(folder.path(), torn);
                let inject = format!("inject={call}:signal=SIGKILL:when={number}");
                let mut traced = trace(&orders, &folder.path().join("trace"), &["-e", &inject]);
                if traced.status().unwrap().success() {
                    return Outcome::Broken(format!("the writer survived a kill at {call} {number}"));
                }
                points += 1;
                // The next run goes on, whatever the last one has left.
                refused += usize::from(!orders.command().status().unwrap().success());
                let (acks, found) = (Acks::read(&orders.acks), Found::in_log(&orders.log).unwrap());
                lost += Acks::lost(&acks.written, &found).len() + Acks::lost(&acks.safe, &found).len();
                if acks.safe.len() < COUNT || found.bad_lines > usize::from(torn) {
                    let (safe, bad) = (acks.safe.len(), found.bad_lines);
                    return Outcome::Broken(format!(
                        "{safe} safe, {bad} bad lines after a kill at {call} {number}"
                    ));
                }
            }
        }
    }
    if lost + refused > 0 {
        return Outcome::Broken(format!(
            "{lost} acknowledged decisions lost, {refused} logs refused, of {points} kills"
        ));
    }
    Outcome::Held(format!(
        "{points} kills, one at each system call from the first look at the log to the last acknowledgement: 0 lost, 0 refused"
    ))
}

fn begin(folder: &Path, torn: bool) -> Orders {
    let orders = Orders::new(folder, "mara", COUNT);
    if torn {
        fs::write(&orders.log, TORN).unwrap();
    }
    orders
}

fn trace(orders: &Orders, out: &Path, options: &[&str]) -> Command {
    let plain = orders.command();
    let mut command = Command::new("strace");
    command
        .args(["-f", "-qq", "-o"])
        .arg(out)
        .args(options)
        .arg("--")
        .arg(plain.get_program())
        .args(plain.get_args());
    command
}

/// The system calls of a run from the first one that names the log: of each, the numbers by which
/// strace counts them.
fn calls(torn: bool) -> Result<Vec<(String, Vec<usize>)>, String> {
    let folder = tempfile::tempdir().unwrap();
    let orders = begin(folder.path(), torn);
    let out = folder.path().join("trace");
    if !trace(&orders, &out, &[]).status().is_ok_and(|status| status.success()) {
        return Err("strace may not trace here".to_owned());
    }
    let text = fs::read_to_string(&out).unwrap();
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut found: Vec<(String, Vec<usize>)> = Vec::new();
    let mut begun = false;
    for line in text.lines() {
        let Some((_, rest)) = line.split_once(' ') else { continue };
        let Some((call, _)) = rest.trim_start().split_once('(') else { continue };
        let count = counts.entry(call.to_owned()).or_default();
        *count += 1;
        // The arguments of the program name it too.
        begun |= call != "execve" && rest.contains("reviews.jsonl");
        if begun && call != "exit_group" {
            match found.iter_mut().find(|(known, _)| known == call) {
                Some((_, numbers)) => numbers.push(*count),
                None => found.push((call.to_owned(), vec![*count])),
            }
        }
    }
    Ok(found)
}
