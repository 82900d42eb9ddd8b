//! Bars made of blocks.

/// A bar of some cells for a share from 0 to 1, in eighths of a cell, and the cells it leaves. What is
/// more than nothing is seen.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of some cells")]
pub fn bar(share: f64, cells: u32) -> (String, String) {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (share.clamp(0.0, 1.0) * f64::from(cells * 8)).round() as usize;
    let eighths = if share > 0.0 && cells > 0 { eighths.max(1) } else { eighths };
    let part = EIGHTHS.get(eighths % 8).copied().unwrap_or_default();
    let used = eighths / 8 + usize::from(!part.is_empty());
    (format!("{}{part}", "█".repeat(eighths / 8)), " ".repeat((cells as usize).saturating_sub(used)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_and_what_it_leaves_fill_the_cells() {
        for cells in 0..12 {
            for hundredths in -10..=110 {
                let (bar, rest) = bar(f64::from(hundredths) / 100.0, cells);
                assert_eq!(bar.chars().count() + rest.len(), cells as usize, "{hundredths} of {cells}");
                assert!(cells == 0 || bar.is_empty() == (hundredths <= 0));
            }
        }
        assert_eq!(bar(0.5, 5), ("██▌".to_owned(), "  ".to_owned()));
    }
}
