//! Counts and shares as people read them.

/// A count with its thousands set apart: `13,834`.
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share in per cent with one decimal; nothing of nothing is 0. What is not nothing is not rounded to
/// nothing, and what is not all of it not to all.
#[expect(clippy::cast_precision_loss, reason = "a share is shown with three digits")]
pub fn percent(part: usize, whole: usize) -> String {
    let share = if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 };
    match share {
        share if part > 0 && share < 0.05 => "<0.1 %".to_owned(),
        share if part < whole && share >= 99.95 => ">99.9 %".to_owned(),
        share => format!("{share:.1} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_set_in_thousands() {
        for (count, text) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (13834, "13,834"), (1_000_000, "1,000,000")]
        {
            assert_eq!(grouped(count), text);
        }
        assert_eq!(percent(1204, 13834), "8.7 %");
        assert_eq!(percent(0, 0), "0.0 %");
        assert_eq!(percent(0, 13834), "0.0 %");
        assert_eq!(percent(1, 13834), "<0.1 %");
        assert_eq!(percent(13833, 13834), ">99.9 %");
        assert_eq!(percent(13834, 13834), "100.0 %");
    }
}
