//! A write of every length: one that is short, and one in which the process dies.

use std::fs;

use crate::Outcome;
use crate::bench::{Acks, Found};
use crate::shim;
use crate::writer::Orders;

/// Decisions before the one that is torn. The clean start has none.
const BEFORE: usize = 2;
/// Decisions of a run.
const COUNT: usize = 4;

pub(crate) fn run(_rounds: usize) -> Outcome {
    let tools = tempfile::tempdir().unwrap();
    let library = match shim::build(tools.path()) {
        Ok(library) => library,
        Err(why) => return Outcome::Skipped(why),
    };
    // The longest of the first lines tells how many lengths there are.
    let plain = tempfile::tempdir().unwrap();
    let orders = Orders::new(plain.path(), "mara", COUNT);
    assert!(orders.command().status().unwrap().success());
    let lines = fs::read_to_string(&orders.log).unwrap();
    let longest = lines.lines().map(str::len).max().unwrap() + 1;

    let (mut shorts, mut crashes, mut lost, mut half, mut more) = (0, 0, 0, 0, 0);
    for bytes in 0..=longest {
        for dies in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let orders = Orders::new(folder.path(), "mara", COUNT);
            let (nth, length) = ((BEFORE + 1).to_string(), bytes.to_string());
            let mut command = orders.command();
            let settings = [
                ("CALL", "write"),
                ("ON", "reviews.jsonl"),
                ("NTH", &nth),
                ("BYTES", &length),
                ("ERRNO", "0"),
                ("KILL", if dies { "1" } else { "0" }),
            ];
            shim::load(&mut command, &library, &settings);
            let status = command.status().unwrap();
            let alive = status.success();
            if alive == dies {
                return Outcome::Broken(format!(
                    "the writer ended with {status} after a write of {bytes} bytes"
                ));
            }
            let at_once = match Found::in_log(&orders.log) {
                Ok(found) => found,
                Err(error) => return Outcome::Broken(error),
            };
            if dies {
                crashes += 1;
                // The next run seals the torn line and goes on.
                assert!(orders.command().status().unwrap().success());
            } else {
                // While it is alive no half record stays.
                half += at_once.bad_lines;
                shorts += 1;
            }
            let acks = Acks::read(&orders.acks);
            let found = Found::in_log(&orders.log).unwrap();
            lost += Acks::lost(&acks.written, &found).len() + Acks::lost(&acks.safe, &found).len();
            more += found.bad_lines.saturating_sub(usize::from(dies));
            let expected = if dies { BEFORE + COUNT } else { COUNT };
            if acks.safe.len() != expected {
                return Outcome::Broken(format!(
                    "{} decisions of {expected} are safe, at {bytes} bytes",
                    acks.safe.len()
                ));
            }
        }
    }
    if lost + half + more > 0 {
        return Outcome::Broken(format!(
            "{lost} acknowledged decisions lost, {half} half records while alive, {more} bad lines too many"
        ));
    }
    Outcome::Held(format!(
        "{shorts} short writes and {crashes} crashes, one of every length up to {longest} bytes: 0 lost, 0 half records while alive"
    ))
}
