//! The checksum at the end of a line. Most single-bit flips in a record still parse as JSON, so
//! only a checksum tells a damaged decision from a true one.

/// What stands before the checksum.
const OPENING: &str = ",\"crc\":\"";
/// What stands behind it.
const CLOSING: &str = "\"}";
/// Eight hex digits.
const DIGITS: usize = 8;

/// The checksum of everything before it: CRC-32C in hex.
pub(super) fn of(bytes: &[u8]) -> String {
    format!("{:08x}", crc32c::crc32c(bytes))
}

/// Puts its checksum at the end of a JSON object.
pub(super) fn seal(object: &str) -> String {
    let body = object.strip_suffix('}').unwrap_or(object);
    format!("{body}{OPENING}{}{CLOSING}", of(body.as_bytes()))
}

/// The same where a checksum that is wrong now stands there. `None` where none does.
pub(super) fn seal_anew(object: &str) -> Option<String> {
    let at = object.len().checked_sub(OPENING.len() + DIGITS + CLOSING.len())?;
    let (body, tail) = object.split_at_checked(at)?;
    tail.starts_with(OPENING).then(|| seal(&format!("{body}}}")))
}

/// Whether an object carries, at its very end and in our spelling, the checksum of its bytes.
pub(super) fn is_intact(object: &[u8]) -> bool {
    let tail = OPENING.len() + DIGITS + CLOSING.len();
    let Some((body, tail)) = object.len().checked_sub(tail).and_then(|at| object.split_at_checked(at)) else {
        return false;
    };
    let found = tail.strip_prefix(OPENING.as_bytes()).and_then(|tail| tail.strip_suffix(CLOSING.as_bytes()));
    let crc = crc32c::crc32c(body);
    let digit = |at: u32| b"0123456789abcdef".get((crc >> (28 - 4 * at) & 15) as usize);
    found.is_some_and(|found| (0..).zip(found).all(|(at, byte)| digit(at) == Some(byte)))
}

/// Whether a field that this version does not know looks like a checksum whose name was damaged.
pub(super) fn looks_damaged(name: &str, value: Option<&str>) -> bool {
    let near = name.len() <= "crc".len() + 1;
    near && value
        .is_some_and(|value| value.len() == DIGITS && value.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
