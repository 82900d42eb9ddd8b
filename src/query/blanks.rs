//! Comparisons that were written with blanks, which makes them words of a title.

use super::field::Field;

/// The first comparison of a text that has blanks around its sign, as it would have to be written.
///
/// ```
/// use copydesk::query::blanks_apart;
///
/// assert_eq!(blanks_apart("go score >= 70").as_deref(), Some("score>=70"));
/// assert_eq!(blanks_apart("score>=70 a < b"), None);
/// ```
pub fn blanks_apart(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).enumerate().find_map(|(at, pair)| {
        let [name, sign] = pair else { return None };
        let field = Field::find(name)?;
        let number = sign.trim_start_matches(['<', '>', '=']);
        let sign = sign.get(..sign.len() - number.len()).filter(|sign| !sign.is_empty())?;
        let number = if number.is_empty() { *words.get(at + 2)? } else { number };
        Some(format!("{}{sign}{number}", field.name))
    })
}
