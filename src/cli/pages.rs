//! `copydesk completions` and `copydesk man`: what a shell and `man` are told, made from the command line
//! itself.

use std::io::Write;

use anyhow::Context;
use clap::{Command, CommandFactory};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::Ending;
use super::args::Args;
use super::output::write_own;
use crate::model::safe;

/// The name of the program.
const NAME: &str = "copydesk";

/// Print what a shell needs to complete commands and options
///
/// For bash: copydesk completions bash > ~/.local/share/bash-completion/completions/copydesk
#[derive(Debug, clap::Args)]
pub(super) struct CompletionsArgs {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Print a page of the manual
///
/// To read it: copydesk man | man -l -
#[derive(Debug, clap::Args)]
pub(super) struct ManArgs {
    /// The page of this command instead of the page of the program
    command: Option<String>,
}

pub(super) fn completions(args: &CompletionsArgs) -> anyhow::Result<Ending> {
    let mut script = Vec::new();
    generate(args.shell, &mut Args::command(), NAME, &mut script);
    print(&script)
}

pub(super) fn man(args: &ManArgs) -> anyhow::Result<Ending> {
    let page = page_of(args.command.as_deref())?;
    let mut text = Vec::new();
    Man::new(page).render(&mut text).context("the page cannot be made")?;
    print(&text)
}

/// The command that a page is about, under its whole name.
fn page_of(name: Option<&str>) -> anyhow::Result<Command> {
    let program = Args::command();
    let Some(name) = name else { return Ok(program) };
    let names: Vec<&str> = program.get_subcommands().map(Command::get_name).collect();
    let unknown =
        || format!("there is no command {:?}; expected one of: {}", safe(name).as_str(), names.join(" "));
    let command = program.find_subcommand(name).with_context(unknown)?.clone();
    let whole = format!("{NAME}-{}", command.get_name());
    let usage = format!("{NAME} {}", command.get_name());
    Ok(command.display_name(whole).bin_name(usage))
}

fn print(text: &[u8]) -> anyhow::Result<Ending> {
    let mut out = std::io::stdout().lock();
    write_own(&mut out, text)?;
    out.flush()?;
    Ok(Ending::Fine)
}
