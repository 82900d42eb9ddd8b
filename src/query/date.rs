//! Days and ages in a query: `2019-03`, `2y3m`.

use std::fmt;
use std::ops::RangeInclusive;

use crate::model::Day;

/// How long ago: a number of months by the calendar, and of days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Age {
    /// Unit: months.
    pub months: u32,
    /// Unit: days.
    pub days: u32,
}

/// The greatest number in an age. Nobody means more, and sums of these stay small.
const MAX_NUMBER: u32 = 100_000;

impl Age {
    /// Reads years, months, weeks and days, in any order: `2y3m`, `10d`, `2y 3m 10d`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut age = Self::default();
        let mut number: Option<u32> = None;
        for c in text.chars().filter(|c| *c != ' ') {
            if let Some(digit) = c.to_digit(10) {
                let more = number.unwrap_or_default() * 10 + digit;
                number = Some(more).filter(|number| *number <= MAX_NUMBER);
                number?;
                continue;
            }
            let count = number.take()?;
            match c.to_ascii_lowercase() {
                'y' => age.months = age.months.checked_add(count * 12)?,
                'm' => age.months = age.months.checked_add(count)?,
                'w' => age.days = age.days.checked_add(count * 7)?,
                'd' => age.days = age.days.checked_add(count)?,
                _ => return None,
            }
        }
        (number.is_none() && !text.trim().is_empty()).then_some(age)
    }

    fn before(self, today: Day) -> Day {
        today.before(self.months, self.days)
    }
}

/// As `2y3m10d`.
impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [(self.months / 12, 'y'), (self.months % 12, 'm'), (self.days, 'd')];
        if parts.iter().all(|(number, _)| *number == 0) {
            return f.write_str("0d");
        }
        parts
            .iter()
            .filter(|(number, _)| *number > 0)
            .try_for_each(|(number, unit)| write!(f, "{number}{unit}"))
    }
}

/// Some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateRange {
    /// From a day to a day, both of which belong to it; an end that is not given is open.
    Days {
        /// The first day.
        from: Option<Day>,
        /// The last day.
        to: Option<Day>,
    },
    /// At least so long ago, or longer where `is_strict`.
    Older {
        /// How long.
        than: Age,
        /// The day itself does not belong to it.
        is_strict: bool,
    },
    /// At most so long ago, or less long where `is_strict`. Days to come are no time ago.
    Younger {
        /// How long.
        than: Age,
        /// The day itself does not belong to it.
        is_strict: bool,
    },
    /// Between so long ago and so long ago.
    Between {
        /// The less long.
        least: Age,
        /// The longer.
        most: Age,
    },
}

impl DateRange {
    /// Every day that is known.
    pub const ANY: Self = Self::Days { from: None, to: None };

    /// The first and the last day it holds, as of today.
    pub fn days(self, today: Day) -> RangeInclusive<u16> {
        let (first, last) = match self {
            Self::Days { from, to } => (from, to),
            Self::Older { than, is_strict } => {
                let day = than.before(today);
                (None, if is_strict { day.0.checked_sub(1).map(Day) } else { Some(day) })
            }
            Self::Younger { than, is_strict } => {
                (Some(Day(than.before(today).0 + u16::from(is_strict))), None)
            }
            Self::Between { least, most } => (Some(most.before(today)), Some(least.before(today))),
        };
        let is_none = last.is_none() && matches!(self, Self::Older { .. });
        if is_none {
            // Nothing is before the first day.
            return RangeInclusive::new(1, 0);
        }
        first.unwrap_or(Day(0)).0..=last.unwrap_or(Day::LAST).0
    }

    /// Whether a day is in it, as of today.
    pub fn contains(self, day: Day, today: Day) -> bool {
        self.days(today).contains(&day.0)
    }

    /// Writes it as a test of a field.
    pub(super) fn write(self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days { from: Some(from), to: Some(to) } if from == to => write!(f, "{name}={from}"),
            Self::Days { from: Some(from), to: Some(to) } => write!(f, "{name}:{from}..{to}"),
            Self::Days { from: Some(from), to: None } => write!(f, "{name}>={from}"),
            Self::Days { from: None, to: Some(to) } => write!(f, "{name}<={to}"),
            Self::Days { from: None, to: None } => write!(f, "{name}:.."),
            Self::Older { than, is_strict } => {
                write!(f, "{name}{}{than}", if is_strict { ">" } else { ">=" })
            }
            Self::Younger { than, is_strict } => {
                write!(f, "{name}{}{than}", if is_strict { "<" } else { "<=" })
            }
            Self::Between { least, most } => write!(f, "{name}:{least}..{most}"),
        }
    }

    /// Reads a comparison and what stands behind it; what is wrong with it otherwise.
    pub(super) fn parse(sign: &str, value: &str) -> Result<Self, DateMistake> {
        if let Some((low, high)) = value.split_once("..").filter(|_| matches!(sign, ":" | "=")) {
            let end = |text: &str| if text.trim().is_empty() { Ok(None) } else { End::parse(text).map(Some) };
            return match (end(low)?, end(high)?) {
                (Some(End::Age(least)), Some(End::Age(most))) => Ok(Self::Between { least, most }),
                (Some(End::Age(than)), None) => Ok(Self::Older { than, is_strict: false }),
                (None, Some(End::Age(than))) => Ok(Self::Younger { than, is_strict: false }),
                (from, to) => {
                    let (from, to) = (from.map(End::days).transpose()?, to.map(End::days).transpose()?);
                    Ok(Self::Days { from: from.map(|days| days.0), to: to.map(|days| days.1) })
                }
            };
        }
        let is_strict = matches!(sign, "<" | ">");
        let (first, last) = match (End::parse(value)?, sign) {
            (End::Age(than), "<" | "<=") => return Ok(Self::Younger { than, is_strict }),
            (End::Age(than), ">" | ">=") => return Ok(Self::Older { than, is_strict }),
            (End::Age(_), _) => return Err(DateMistake::LoneAge),
            (End::Days(first, last), _) => (first, last),
        };
        let (from, to) = match sign {
            "<" => (None, Some(Day(first.0.checked_sub(1).ok_or(DateMistake::NoDay)?))),
            "<=" => (None, Some(last)),
            ">" if last < Day::LAST => (Some(Day(last.0 + 1)), None),
            ">" => return Err(DateMistake::NoDay),
            ">=" => (Some(first), None),
            _ => (Some(first), Some(last)),
        };
        Ok(Self::Days { from, to })
    }
}

/// Why a text is no range of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DateMistake {
    /// It is neither a day nor an age.
    NoDay,
    /// It is an age, which is no day by itself.
    LoneAge,
    /// One end is a day and the other an age.
    Mixed,
}

/// One end of a range.
enum End {
    /// A day, or the first and the last day of a month or a year.
    Days(Day, Day),
    Age(Age),
}

impl End {
    fn parse(text: &str) -> Result<Self, DateMistake> {
        let text = text.trim();
        let mut parts = text.split('-');
        let mut number = |digits: usize| match parts.next() {
            None => Ok(None),
            Some(part) if part.len() == digits => {
                part.parse::<u16>().map(Some).map_err(|_| DateMistake::NoDay)
            }
            Some(_) => Err(DateMistake::NoDay),
        };
        if let Some(age) = Age::parse(text) {
            return Ok(Self::Age(age));
        }
        let (year, month, day) = (number(4)?.ok_or(DateMistake::NoDay)?, number(2)?, number(2)?);
        if parts.next().is_some() {
            return Err(DateMistake::NoDay);
        }
        let first = Day::of(year, month.unwrap_or(1), day.unwrap_or(1)).ok_or(DateMistake::NoDay)?;
        let next = match (month, day) {
            (_, Some(_)) => return Ok(Self::Days(first, first)),
            (Some(month @ 1..12), None) => Day::of(year, month + 1, 1),
            _ => Day::of(year + 1, 1, 1),
        };
        Ok(Self::Days(first, next.map_or(Day::LAST, |next| Day(next.0 - 1))))
    }

    fn days(self) -> Result<(Day, Day), DateMistake> {
        match self {
            Self::Days(first, last) => Ok((first, last)),
            Self::Age(_) => Err(DateMistake::Mixed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(sign: &str, value: &str) -> String {
        let today = Day::parse("2024-06-30").unwrap();
        let days = DateRange::parse(sign, value).map(|range| range.days(today));
        days.map_or_else(
            |mistake| format!("{mistake:?}"),
            |days| format!("{} {}", Day(*days.start()), Day((*days.end()).min(Day::LAST.0))),
        )
    }

    #[test]
    fn dates_and_ages_are_days() {
        let last = Day::LAST.to_string();
        for (sign, value, expected) in [
            (":", "2019", "2019-01-01 2019-12-31".to_owned()),
            (":", "2019-02", "2019-02-01 2019-02-28".to_owned()),
            ("=", "2019-12", "2019-12-01 2019-12-31".to_owned()),
            (":", "2018-01-01..2019", "2018-01-01 2019-12-31".to_owned()),
            ("<", "2019", "1970-01-01 2018-12-31".to_owned()),
            ("<=", "2019", "1970-01-01 2019-12-31".to_owned()),
            (">", "2019-02", format!("2019-03-01 {last}")),
            (">=", "2019-02-03", format!("2019-02-03 {last}")),
            (":", "..", format!("1970-01-01 {last}")),
            (":", "..2y", format!("2022-06-30 {last}")),
            ("<=", "2y 3m 10d", format!("2022-03-20 {last}")),
            ("<", "1w", format!("2024-06-24 {last}")),
            (":", "2y..", "1970-01-01 2022-06-30".to_owned()),
            (">", "1d", "1970-01-01 2024-06-28".to_owned()),
            (":", "1m..2m", "2024-04-30 2024-05-30".to_owned()),
            (":", "2y", "LoneAge".to_owned()),
            (":", "2019..2y", "Mixed".to_owned()),
            (":", "2019-13", "NoDay".to_owned()),
            ("<", "soon", "NoDay".to_owned()),
            ("<", "20x", "NoDay".to_owned()),
            ("<", "2y3", "NoDay".to_owned()),
        ] {
            assert_eq!(held(sign, value), expected, "{sign}{value}");
        }
        assert!(DateRange::parse(">", "900y").unwrap().days(Day(5)).is_empty());
    }
}
