//! Days of the calendar, as dates in posts name them.

use std::fmt;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

/// A day, counted from the first of January 1970. Days before it or behind the year 2149 are no days
/// that a post was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Day(pub u16);

impl Day {
    /// The last day there is.
    pub const LAST: Self = Self(u16::MAX - 1);

    /// The day of a text that begins as `2024-07-31` does, with nothing behind it, or with a time.
    /// Anything else, the 31st of June among it, is no day.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.trim().as_bytes().split_at_checked(10)?;
        if !matches!(rest.first(), None | Some(b'T' | b't' | b' ')) {
            return None;
        }
        let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = date else { return None };
        let number = |digits: &[&u8]| {
            digits.iter().try_fold(0_u16, |sum, digit| {
                digit.is_ascii_digit().then(|| sum * 10 + u16::from(**digit - b'0'))
            })
        };
        Self::of(number(&[y0, y1, y2, y3])?, number(&[m0, m1])?, number(&[d0, d1])?)
    }

    /// A day by its year, month and day of the month, if there is one.
    pub fn of(year: u16, month: u16, day: u16) -> Option<Self> {
        let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        if !(1970..2150).contains(&year) || !(1..=days).contains(&day) {
            return None;
        }
        // Years begin in March here, so that the odd day is the last of a year.
        let (year, month) =
            if month > 2 { (i32::from(year), month - 3) } else { (i32::from(year) - 1, month + 9) };
        let of_year = year * 365 + year / 4 - year / 100 + year / 400;
        let since = of_year + i32::from((153 * month + 2) / 5 + day) - 719_469;
        u16::try_from(since).ok().map(Self).filter(|day| *day <= Self::LAST)
    }

    /// The day of a moment, in UTC; the nearest there is.
    pub fn of_timestamp(at: Timestamp) -> Self {
        let days = at.as_second().div_euclid(24 * 60 * 60);
        Self(u16::try_from(days.clamp(0, Self::LAST.0.into())).unwrap_or_default())
    }

    /// The day that was so long ago; the first there is where that would be before it. A month that is
    /// too short for the day ends it.
    pub fn before(self, months: u32, days: u32) -> Self {
        // Longer ago than this is before the first day anyway.
        let ago = |number: u32| i64::from(number.min(100_000));
        let back = |date: Date| {
            let date = date.checked_sub(ago(months).months()).ok()?;
            date.checked_sub(ago(days).days()).ok()
        };
        self.date().and_then(back).and_then(Self::of_date).unwrap_or(Self(0))
    }

    fn date(self) -> Option<Date> {
        jiff::civil::date(1970, 1, 1).checked_add(i64::from(self.0).days()).ok()
    }

    fn of_date(date: Date) -> Option<Self> {
        let number = |part: i8| u16::try_from(part).ok();
        Self::of(u16::try_from(date.year()).ok()?, number(date.month())?, number(date.day())?)
    }
}

/// As `2024-07-31`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().map_or(Ok(()), |date| write!(f, "{date}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_is_read_as_it_is_written() {
        for number in 0..=Day::LAST.0 {
            let text = Day(number).to_string();
            assert_eq!(Day::parse(&text), Some(Day(number)), "{text}");
        }
    }

    #[test]
    fn odd_dates_are_no_days() {
        for text in [
            "2024-06-31",
            "2023-02-29",
            "2024-7-31",
            "1969-12-31",
            "31.07.2024",
            "2024-07-31x",
            "",
            "日日日日",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
        for text in ["2024-07-31T10:00:00Z", "2024-07-31 10:00", " 2024-07-31 "] {
            assert_eq!(Day::parse(text), Day::of(2024, 7, 31), "{text}");
        }
    }

    #[test]
    fn days_go_back_by_the_calendar() {
        let day = |text| Day::parse(text).unwrap();
        assert_eq!(day("2024-03-31").before(1, 0), day("2024-02-29"));
        assert_eq!(day("2024-03-31").before(24, 3), day("2022-03-28"));
        assert_eq!(day("1971-01-01").before(u32::MAX, 0), Day(0));
        assert_eq!(Day::of_timestamp("2024-07-31T23:59:59Z".parse().unwrap()), day("2024-07-31"));
        assert_eq!(Day::of_timestamp(Timestamp::MIN), Day(0));
    }
}
