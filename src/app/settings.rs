//! What a person can choose about the desk.

/// What the terminal's background is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Background {
    /// Light letters on dark.
    #[default]
    Dark,
    /// Dark letters on light.
    Light,
}

/// The settings of the desk.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The reasons for a flag, each chosen by its digit, from 1.
    pub reasons: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let reasons = ["facts", "image", "duplicate", "language", "links", "meta", "unsafe", "style"];
        Self { reasons: reasons.map(str::to_owned).to_vec() }
    }
}
