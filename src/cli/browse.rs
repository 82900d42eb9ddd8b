//! `copydesk [PATH…]`: the screen.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};

use super::Ending;
use super::args::Desk;
use super::config;
use super::opened::{self, author};
use crate::app::{App, Event, Keymap, Settings};
use crate::review::{Reviews, Via};
use crate::runtime::{self, Session};
use crate::ui::Theme;

pub(super) fn run(paths: &[PathBuf], desk: &Desk) -> anyhow::Result<Ending> {
    let reads_stdin = paths.iter().any(|path| path.as_os_str() == "-");
    if !std::io::stdout().is_terminal() || (!reads_stdin && !std::io::stdin().is_terminal()) {
        bail!(
            "there is no terminal to draw on: standard input and output must both be one. \
             Without a terminal, use: copydesk list, show, mark, stats, check (see copydesk --help)"
        );
    }
    let (sources, problems) = if paths.is_empty() { opened::sample() } else { opened::sources(paths)? };
    let sidecars = opened::sidecars(&sources, desk.sidecar.as_deref());
    if paths.is_empty()
        && desk.sidecar.is_none()
        && let Some(folder) = config::data_dir()
    {
        // Where this fails, the desk says that decisions cannot be saved, and why.
        let _ = std::fs::create_dir_all(folder);
    }
    let reviews = Reviews::new(author(desk, Via::Browse));
    let mut app = App::new(sources, reviews, Keymap::built_in(), Settings::default());
    let logs: Vec<String> = sidecars.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    app.log_name = logs.join(", ");
    let now = jiff::Timestamp::now();
    for problem in problems {
        app.update(Event::Problem(problem), now);
    }
    let coloured = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let theme = if coloured { Theme::default() } else { Theme::plain() };
    let outcome = runtime::run(Session { app, theme, sidecars }).context("the terminal could not be used")?;
    let leftover = outcome.leftover;
    if !leftover.unsaved.is_empty() {
        let why = leftover.why.unwrap_or_default();
        let mut stderr = anstream::stderr().lock();
        let count = leftover.unsaved.len();
        writeln!(
            stderr,
            "copydesk: {count} decisions could not be saved: {why}\nThey are, as lines of the review log:"
        )?;
        for line in leftover.unsaved {
            write!(stderr, "{line}")?;
        }
        return Ok(Ending::Unsaved);
    }
    if leftover.disk_failed {
        return Ok(Ending::Unsaved);
    }
    Ok(outcome.signal.map_or(Ending::Fine, Ending::Signal))
}
