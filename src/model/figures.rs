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

/// A share in per cent with one decimal; nothing of nothing is 0.
#[expect(clippy::cast_precision_loss, reason = "a share is shown with three digits")]
pub fn percent(part: usize, whole: usize) -> String {
    format!("{:.1} %", if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 })
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
    }
}
