//! What a terminal sends: any bytes, in pieces.

use std::time::{Duration, Instant};

use crate::app::Event;
use crate::runtime::Keys;

/// A byte that says for how long nothing comes, in steps of 20 ms; it stands in no sequence.
const PAUSE: u8 = 0xff;

/// Nothing is waited for longer while nothing comes.
const LONGEST: Duration = Duration::from_secs(2);

/// It comes to rest whatever was sent, and no byte is more than one key.
pub fn input(bytes: &[u8]) {
    let mut keys = Keys::default();
    let mut now = Instant::now();
    let mut told = 0;
    let mut count = |events: Vec<Event>| {
        told += events.iter().filter(|event| matches!(event, Event::Key(_) | Event::UnsureKey(..))).count();
    };
    for piece in bytes.split(|byte| *byte == PAUSE) {
        let (pause, sent) = piece.split_first().map_or((0, piece), |(pause, sent)| (*pause, sent));
        let end = now + Duration::from_millis(u64::from(pause) * 20);
        while let Some(patience) = keys.patience(now).filter(|patience| now + *patience <= end) {
            now += patience;
            count(keys.take(&[], now));
        }
        now = end;
        count(keys.take(sent, now));
    }
    let end = now + LONGEST;
    while let Some(patience) = keys.patience(now) {
        now += patience;
        assert!(now <= end, "it comes to rest");
        count(keys.take(&[], now));
    }
    assert!(told <= bytes.len(), "{told} keys of {} bytes", bytes.len());
}
