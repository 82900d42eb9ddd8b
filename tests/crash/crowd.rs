//! Eight processes that decide on one log, and are killed at random.

use std::process::Child;
use std::time::Duration;

use crate::Outcome;
use crate::bench::{Acks, Found, Random, seed};
use crate::writer::Orders;

const PROCESSES: usize = 8;

/// `decisions`: of each process.
pub(crate) fn run(decisions: usize) -> Outcome {
    let seed = seed();
    let mut random = Random::new(seed);
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..PROCESSES).map(|number| format!("person{number}")).collect();
    let mut orders: Vec<Orders> =
        names.iter().map(|name| Orders::new(folder.path(), name, decisions)).collect();
    orders.iter_mut().for_each(|orders| orders.batch = 10);
    let mut children: Vec<Option<Child>> =
        orders.iter().map(|orders| Some(orders.command().spawn().unwrap())).collect();
    let mut kills = 0;
    while children.iter().any(Option::is_some) {
        std::thread::sleep(Duration::from_millis(u64::try_from(random.below(6)).unwrap()));
        let victim = random.below(PROCESSES);
        let (orders, child) = (&mut orders[victim], &mut children[victim]);
        let Some(running) = child else { continue };
        let has_ended = running.try_wait().unwrap().is_some();
        if !has_ended {
            running.kill().unwrap();
            running.wait().unwrap();
            kills += 1;
        }
        // It goes on where it was, until it has made all of its decisions.
        let made = Acks::read(&orders.acks).written.len();
        orders.count = decisions.saturating_sub(made);
        *child = (orders.count > 0).then(|| orders.command().spawn().unwrap());
    }
    let found = match Found::in_log(&orders[0].log) {
        Ok(found) => found,
        Err(error) => return Outcome::Broken(error),
    };
    let acks: Vec<Acks> = orders.iter().map(|orders| Acks::read(&orders.acks)).collect();
    let lost: usize = acks.iter().map(|acks| Acks::lost(&acks.written, &found).len()).sum();
    let written: usize = acks.iter().map(|acks| acks.written.len()).sum();
    let repeated = found.ids.values().filter(|times| **times > 1).count();
    // A record that ran into another would be a bad line for which nobody was killed.
    if lost > 0 || repeated > 0 || found.bad_lines > kills || written < PROCESSES * decisions {
        let _kept = folder.keep();
        return Outcome::Broken(format!(
            "{lost} of {written} acknowledged decisions lost, {repeated} twice, {} bad lines of {kills} kills (CRASH_SEED={seed})",
            found.bad_lines
        ));
    }
    Outcome::Held(format!(
        "{PROCESSES} processes x {decisions} decisions, {kills} kills, {written} acknowledged, 0 lost, 0 interleaved; {} torn lines sealed",
        found.bad_lines
    ))
}
