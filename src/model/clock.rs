//! The clock of the system, which anybody may have set to anything.

use std::time::SystemTime;

use jiff::Timestamp;

/// The time now. A clock that is set to a time that cannot be written as a date (behind the year 9999, or before
/// the year -9999) shows the nearest one.
pub fn now() -> Timestamp {
    nearest(SystemTime::now())
}

/// The time that is so many milliseconds behind the beginning of 1970, or the nearest there is. jiff 1.0 refuses
/// those of its last second.
pub fn of_millisecond(ms: i64) -> Timestamp {
    let (first, last) = (Timestamp::MIN.as_second() * 1_000, Timestamp::MAX.as_second() * 1_000);
    Timestamp::from_millisecond(ms.clamp(first, last)).unwrap_or_default()
}

fn nearest(time: SystemTime) -> Timestamp {
    let limit = if time < SystemTime::UNIX_EPOCH { i64::MIN } else { i64::MAX };
    let time = Timestamp::try_from(time).ok();
    time.filter(|time| time.as_second() < Timestamp::MAX.as_second()).unwrap_or_else(|| of_millisecond(limit))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn any_clock_shows_a_time() {
        let behind = |seconds: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(nearest(behind(1_790_000_000)), Timestamp::from_second(1_790_000_000).unwrap());
        let last = Timestamp::from_second(Timestamp::MAX.as_second()).unwrap();
        // The last second that is a date, and 31 December of the year 292,277,026,596.
        for seconds in [253_402_207_200, 253_402_207_201, i64::MAX as u64] {
            assert_eq!(nearest(behind(seconds) + Duration::from_millis(700)), last);
        }
        let before = SystemTime::UNIX_EPOCH - Duration::from_secs(400_000_000_000);
        assert_eq!(nearest(before), Timestamp::MIN);
    }

    #[test]
    fn every_time_is_the_same_in_milliseconds() {
        for ms in [0, -1, 1_790_000_000_789, 253_402_207_199_999] {
            assert_eq!(of_millisecond(ms).as_millisecond(), ms);
        }
        for time in [Timestamp::MIN, Timestamp::MAX] {
            assert_eq!(of_millisecond(time.as_millisecond()).as_second(), time.as_second());
        }
        assert_eq!(of_millisecond(i64::MIN), Timestamp::MIN);
    }
}
