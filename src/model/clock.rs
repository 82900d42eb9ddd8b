//! The clock of the system, which anybody may have set to anything.

use std::time::SystemTime;

use jiff::Timestamp;

/// The time now. A clock that is set to a time that cannot be written as a date (behind the year 9999, or before
/// the year -9999) shows the nearest one.
pub fn now() -> Timestamp {
    nearest(SystemTime::now())
}

fn nearest(time: SystemTime) -> Timestamp {
    let limit = if time < SystemTime::UNIX_EPOCH { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::try_from(time).unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn any_clock_shows_a_time() {
        let behind = |seconds: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(nearest(behind(1_790_000_000)), Timestamp::from_second(1_790_000_000).unwrap());
        // The last day of the year 9999, and 31 December of the year 292,277,026,596.
        for seconds in [253_402_214_401, i64::MAX as u64] {
            assert_eq!(nearest(behind(seconds)), Timestamp::MAX);
        }
        let before = SystemTime::UNIX_EPOCH - Duration::from_secs(400_000_000_000);
        assert_eq!(nearest(before), Timestamp::MIN);
    }
}
