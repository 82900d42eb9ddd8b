//! Progress on standard error, of nothing that is over at once, and for people only.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that takes longer than this shows its progress. Unit: see the type.
const QUIET_FOR: Duration = Duration::from_secs(1);

/// How far some work is.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Nothing of so much is done yet. The template is one of indicatif's.
    pub(super) fn new(total: u64, template: &str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// So much is done.
    pub(super) fn reach(&self, done: u64) {
        let bar = &self.0;
        if bar.is_hidden() && bar.elapsed() > QUIET_FOR && std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.set_position(done);
    }
}

/// However the work ends, its line is gone before anything else is said.
impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
