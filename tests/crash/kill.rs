//! `kill -9` at random instants while a process decides.

use std::time::Duration;

use crate::Outcome;
use crate::bench::{Acks, Found, Random, seed};
use crate::writer::Orders;

/// Kills into one log before another is begun, so that reading it back stays quick.
const KILLS_A_LOG: usize = 50;

pub(crate) fn run(rounds: usize) -> Outcome {
    let seed = seed();
    let mut random = Random::new(seed);
    let (mut written, mut safe, mut torn) = (0, 0, 0);
    let mut left = rounds;
    while left > 0 {
        let kills = left.min(KILLS_A_LOG);
        left -= kills;
        let folder = tempfile::tempdir().unwrap();
        let orders = Orders::new(folder.path(), "mara", usize::MAX);
        for _ in 0..kills {
            let mut orders = orders.clone();
            // Syncs are slow: now and then there are many writes to be hit between two.
            orders.batch = [1, 20, 500][random.below(3)];
            let mut child = orders.command().spawn().unwrap();
            std::thread::sleep(Duration::from_micros(u64::try_from(random.below(25_000)).unwrap()));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let (acks, found) = (Acks::read(&orders.acks), Found::in_log(&orders.log));
        let found = match found {
            Ok(found) => found,
            Err(error) => return Outcome::Broken(error),
        };
        // The system survives a kill: what is in the file must be there as well as what is synced.
        let lost = [Acks::lost(&acks.written, &found), Acks::lost(&acks.safe, &found)].concat();
        if !lost.is_empty() || found.bad_lines > kills || found.unchecked > 0 {
            let _kept = folder.keep();
            return Outcome::Broken(format!(
                "{} of {} acknowledged decisions lost, {} bad lines of {kills} kills (CRASH_SEED={seed}): {lost:?}",
                lost.len(),
                acks.written.len(),
                found.bad_lines
            ));
        }
        written += acks.written.len();
        safe += acks.safe.len();
        torn += found.bad_lines;
    }
    Outcome::Held(format!(
        "{rounds} kills, {written} decisions acknowledged as written and {safe} as on the disk, 0 lost; {torn} torn lines sealed"
    ))
}
