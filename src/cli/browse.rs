//! `copydesk [PATH…]`: the screen.

use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::CommandFactory;

use super::args::{Args, Desk, Look};
use super::opened::{self, author};
use super::output::complain;
use super::unread::{Told, nearby, unread};
use super::{Ending, config, queries, settings};
use crate::app::{App, Config, Event, Settings};
use crate::model::clock;
use crate::query::nearest;
use crate::review::{ReviewLog, Reviews, Via};
use crate::runtime::{self, Leftover, Outcome, Session};
use crate::ui::{Palette, Theme, ThemeChoice};

/// Review posts, as `copydesk PATH…` does
#[derive(Debug, clap::Args)]
pub(super) struct ReviewArgs {
    /// Lines instead of a screen: a command in, an answer out. For screen readers, TERM=dumb and pipes
    #[arg(long)]
    plain: bool,
    /// Files (.jsonl, .json, .txt), or folders. None: the built-in sample
    paths: Vec<PathBuf>,
    #[command(flatten)]
    desk: Desk,
    #[command(flatten)]
    look: Look,
}

pub(super) fn review(args: &ReviewArgs) -> anyhow::Result<Ending> {
    let ReviewArgs { plain, paths, desk, look } = args;
    if !plain {
        return run(paths, desk, look);
    }
    if paths.iter().any(|path| path.as_os_str() == "-") {
        bail!("commands are read from standard input, so posts cannot be; name a file instead of -");
    }
    let session = session(paths, desk, look)?;
    let outcome =
        runtime::run_plainly(session, &mut std::io::stdout()).context("the desk could not be run")?;
    Ok(end(outcome))
}

pub(super) fn run(paths: &[PathBuf], desk: &Desk, look: &Look) -> anyhow::Result<Ending> {
    refuse_mistyped_command(paths)?;
    let reads_stdin = paths.iter().any(|path| path.as_os_str() == "-");
    if !std::io::stdout().is_terminal() || (!reads_stdin && !std::io::stdin().is_terminal()) {
        bail!(
            "there is no terminal to draw on: standard input and output must both be one. \
             Without a terminal, use: copydesk review --plain, list, show, mark, stats, check (see copydesk --help)"
        );
    }
    if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        bail!(
            "this terminal (TERM=dumb) cannot show a screen. Use: copydesk review --plain; \
             or, if the terminal can do more than it says, TERM=xterm-256color copydesk"
        );
    }
    let session = session(paths, desk, look)?;
    Ok(end(runtime::run(session).context("the terminal could not be used")?))
}

/// A first word that is no path may have been meant for a command.
fn refuse_mistyped_command(paths: &[PathBuf]) -> anyhow::Result<()> {
    let word = paths.first().filter(|path| path.symlink_metadata().is_err()).and_then(|path| path.to_str());
    let Some(word) = word.filter(|word| word.chars().all(|c| c.is_ascii_alphabetic())) else { return Ok(()) };
    let commands = Args::command();
    if let Some(near) = nearest(word, commands.get_subcommands().map(clap::Command::get_name)) {
        bail!("there is no file {word}; did you mean the command {near}?");
    }
    Ok(())
}

/// A desk over some posts, still empty.
fn session(paths: &[PathBuf], desk: &Desk, look: &Look) -> anyhow::Result<Session> {
    let (sources, problems) = if paths.is_empty() { opened::sample() } else { opened::sources(paths, desk)? };
    let sidecars = opened::sidecars(&sources, desk)?;
    let nowhere = opened::nowhere(&sources, desk);
    opened::prepare_data_folder(&sources);
    let reviews = Reviews::new(author(desk, Via::Browse)?);
    let (settings_file, Config { settings, keymap, mistakes, .. }) = settings::load(desk)?;
    let (theme, asks_background) = theme(look, &settings);
    let mut app = App::new(sources, reviews, keymap, settings);
    app.tell_mistakes(settings_file, mistakes);
    let logs: Vec<String> = sidecars.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    app.log_name = logs.join(", ");
    let now = clock::now();
    for problem in problems {
        app.update(Event::Problem(problem), now);
    }
    if let Some(why) = sidecars.iter().find_map(|log| ReviewLog::open(log).distrust()) {
        app.update(Event::LogNotice(why), now);
    }
    let unread = unread(&app.sources, &sidecars, desk);
    if let Some(words) = Told::of(&unread, &[], &sidecars, |_| false).in_one() {
        app.update(Event::LogNotice(words), now);
    }
    let other_logs = unread.into_iter().chain(nearby(&app.sources, &sidecars, desk)).collect();
    let queries = queries::files(desk);
    app.take_names(queries::named(&queries));
    app.typed = queries::typed(&queries);
    let cache = config::cache(desk.no_cache);
    if let Some(why) = cache.as_ref().and_then(|cache| cache.distrust(&app.sources)) {
        app.update(Event::LogNotice(why), now);
    }
    if let Some(warning) = config::warning(desk.no_cache) {
        app.update(Event::LogNotice(warning), now);
    }
    Ok(Session { app, theme, asks_background, sidecars, other_logs, nowhere, cache, queries })
}

/// Tells what could not be saved.
fn end(outcome: Outcome) -> Ending {
    let Leftover { unsaved, troubles } = outcome.leftover;
    if let Some(undecided) = &outcome.undecided {
        complain(&format!("copydesk: {undecided}"));
    }
    for trouble in &troubles {
        complain(&format!("copydesk: {trouble}"));
    }
    if !unsaved.is_empty() {
        let count = unsaved.len();
        complain(&format!(
            "copydesk: {count} decisions are not saved. They are, as lines of the review log:\n{}",
            unsaved.concat()
        ));
    }
    if outcome.has_panicked {
        return Ending::Defect;
    }
    if !unsaved.is_empty() || !troubles.is_empty() {
        return Ending::Unsaved;
    }
    outcome.signal.map_or(Ending::Fine, Ending::Signal)
}

/// The theme, and whether the terminal is to be asked for its background.
fn theme(look: &Look, settings: &Settings) -> (Theme, bool) {
    let is_coloured = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let name = look.theme.as_ref().unwrap_or(&settings.theme);
    let choice = ThemeChoice::from_name(name).filter(|_| is_coloured).unwrap_or(ThemeChoice::Plain);
    let palette = if look.true_colour || settings.true_colour { Palette::True } else { Palette::Sixteen };
    (Theme::chosen(choice, palette, look.ascii || settings.ascii), choice == ThemeChoice::Auto)
}
