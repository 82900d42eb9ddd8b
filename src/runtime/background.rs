//! Asks the terminal whether its background is dark or light. The answer comes among the keys, whenever
//! it does, and is told from them there; a terminal that does not answer is taken to be dark.

use crate::app::Background;

/// What colour is the background (OSC 11)?
pub(super) const QUESTION: &[u8] = b"\x1b]11;?\x1b\\";

/// What an answer says, without its opening and its end.
pub(super) fn answer(text: &[u8]) -> Option<Background> {
    background(std::str::from_utf8(text).ok()?.strip_prefix("11;")?)
}

/// `rgb:RRRR/GGGG/BBBB` with one to four digits each.
fn background(text: &str) -> Option<Background> {
    let (_, channels) = text.split_once(':')?;
    let mut shares = channels.split('/').take(3).map(|digits| {
        let most = 16_u32.checked_pow(u32::try_from(digits.len()).ok()?)?.checked_sub(1)?;
        let value = u32::from_str_radix(digits, 16).ok()?;
        (most > 0).then(|| f64::from(value) / f64::from(most))
    });
    let (red, green, blue) = (shares.next()??, shares.next()??, shares.next()??);
    // How bright the three are, by ITU-R BT.601.
    let is_light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5;
    Some(if is_light { Background::Light } else { Background::Dark })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_light_or_dark() {
        for (text, expected) in [
            ("11;rgb:ffff/fafa/f0f0", Some(Background::Light)),
            ("11;rgb:14/14/1a", Some(Background::Dark)),
            ("11;rgb:0/0/0", Some(Background::Dark)),
            ("11;rgba:ffff/ffff/ffff/ffff", Some(Background::Light)),
            ("11;rgb:zz/1/1", None),
            ("11;rgb:ff", None),
            ("11;?", None),
            ("10;rgb:ffff/ffff/ffff", None),
            ("", None),
        ] {
            assert_eq!(answer(text.as_bytes()), expected, "{text}");
        }
    }
}
