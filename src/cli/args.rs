//! What can be said on the command line.

use std::path::PathBuf;

use clap::{CommandFactory, Parser, Subcommand};

use super::output::Format;
use super::{
    browse, cache, check, export, facets, generate, init, list, log, mark, merge, pages, settings, show,
    stats, undo,
};
use crate::app::settings::THEMES;
use crate::corpus::Reading;
use crate::corpus::format::{FORMATS, format_named};
use crate::model::{escaped, unescaped};

/// The desk where posts are read before they go out.
#[derive(Debug, Parser)]
#[command(name = "copydesk", bin_name = "copydesk", version, args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub(super) struct Args {
    /// Posts to review: files (.jsonl, .json, .txt), folders, or - for standard input. None: the
    /// built-in sample
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) desk: Desk,
    #[command(flatten)]
    pub(super) look: Look,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  copydesk                                   the built-in sample, ready to review
  copydesk posts.jsonl                       review a corpus; decisions go to posts.jsonl.reviews.jsonl
  copydesk review --plain posts.jsonl        the same, line by line, without a screen
  copydesk list posts.jsonl --filter 'stack:python score>=70 sort:-score' --limit 20
  copydesk list posts.jsonl --filter status:flagged --format ids
  copydesk show posts.jsonl --id alphanode-013834 --format json
  copydesk mark posts.jsonl --filter 'score<40' --status flagged --why quality --dry-run
  copydesk facets posts.jsonl --field stack --filter 'status:flagged'
  copydesk check posts.jsonl                 every problem in posts and decisions; exit 1 if any
  copydesk export posts.jsonl --filter status:reviewed --out reviewed.jsonl
  copydesk generate --count 10000 --out posts.jsonl --truth truth.jsonl

Environment:
  COPYDESK_REVIEWER   who decides, as --reviewer
  COPYDESK_CONFIG_DIR where the file of settings is, config.toml
  COPYDESK_DATA_DIR   where decisions on the sample and on standard input are kept
  COPYDESK_CACHE_DIR  where the columns of large corpora are kept from one run to the next
  COPYDESK_THEME      as --theme
  NO_COLOR            no colours

Exit codes: 0 fine, 1 found wanting, 2 could not, 3 decisions could not be saved.";

/// What every command that meets decisions understands.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Desk {
    /// Who decides; not authenticated [default: $USER, else the account]
    #[arg(long, value_name = "NAME", env = "COPYDESK_REVIEWER", hide_env_values = true, allow_hyphen_values = true, value_parser = words)]
    pub(super) reviewer: Option<String>,
    /// The review log to use instead of the one beside the posts
    #[arg(long, value_name = "FILE")]
    pub(super) sidecar: Option<PathBuf>,
    /// Read every post again, and keep nothing of it for the next time
    #[arg(long)]
    pub(super) no_cache: bool,
    /// The file of settings to use instead of the one in the config folder
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// If the review log is a symbolic link, read and write the file that it leads to
    #[arg(long)]
    pub(super) follow_links: bool,
    /// Read every file as this format, whatever it looks like
    #[arg(long = "as", value_name = "FORMAT", value_parser = format_names())]
    pub(super) read_as: Option<String>,
    /// Write to a log of your own beside it (posts.jsonl.reviews.NAME.jsonl); all are read together
    #[arg(long)]
    pub(super) own_log: bool,
}

fn format_names() -> Vec<&'static str> {
    FORMATS.iter().map(|format| format.name).collect()
}

impl Desk {
    /// How files are to be read.
    pub(super) fn reading(&self) -> Reading {
        Reading { format: self.read_as.as_deref().and_then(format_named) }
    }
}

/// A value that may begin with `-`, as those of queries, ids and notes do. The name of an option is none: it was
/// meant as that, and the value before it was forgotten.
pub(super) fn words(text: &str) -> Result<String, String> {
    let Some(name) = text.strip_prefix("--") else { return Ok(text.to_owned()) };
    let name = name.split_once('=').map_or(name, |(name, _)| name);
    let command = Args::command();
    let commands = || std::iter::once(&command).chain(command.get_subcommands());
    let mut options = commands().flat_map(clap::Command::get_arguments).filter_map(clap::Arg::get_long);
    if options.any(|option| option == name) {
        return Err(format!("--{name} is an option, and the value before it is missing"));
    }
    Ok(text.to_owned())
}

/// The id of a post or of a record, in the form in which `list` and `log` print it (see [`unescaped`]).
pub(super) fn id(text: &str) -> Result<String, String> {
    let id = words(text).map_err(|why| format!("{why}; an id of this name is written {}", escaped(text)))?;
    Ok(unescaped(&id).into_owned())
}

/// How the screen looks.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Look {
    /// Colours; auto asks the terminal for its background [default: that of the settings]
    #[arg(long, value_name = "NAME", env = "COPYDESK_THEME", hide_env_values = true, value_parser = THEMES.to_vec())]
    pub(super) theme: Option<String>,
    /// 24-bit colours instead of the terminal's own sixteen
    #[arg(long)]
    pub(super) true_colour: bool,
    /// Frames and signs in ASCII
    #[arg(long)]
    pub(super) ascii: bool,
}

/// The posts a command works on.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Posts {
    /// Files (.jsonl, .json, .txt), folders, or - for standard input
    #[arg(required = true)]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) desk: Desk,
}

/// How a command prints.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Output {
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Review posts on the screen, or line by line
    Review(browse::ReviewArgs),
    /// List the posts that pass a filter
    List(list::ListArgs),
    /// Show one post
    Show(show::ShowArgs),
    /// Decide on posts
    Mark(mark::MarkArgs),
    /// Undo your last decision
    Undo(undo::UndoArgs),
    /// The history of decisions
    Log(log::LogArgs),
    /// Counts of what was decided
    Stats(stats::StatsArgs),
    /// Count the posts that have each value of a field
    Facets(facets::FacetsArgs),
    /// Every problem in posts and decisions
    Check(check::CheckArgs),
    /// Write posts out, with what was decided in their revision and flags
    Export(export::ExportArgs),
    /// See or clear what is kept of large corpora from one run to the next
    Cache(cache::CacheArgs),
    /// See, write or check the file of settings
    Config(settings::ConfigArgs),
    /// Make posts up, to try things out on
    Generate(generate::GenerateArgs),
    /// Bring the decisions of other review logs into one
    Merge(merge::MergeArgs),
    /// Have git merge review logs line by line
    Init(init::InitArgs),
    /// Print what a shell needs to complete commands and options
    Completions(pages::CompletionsArgs),
    /// Print a page of the manual
    Man(pages::ManArgs),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }
}
