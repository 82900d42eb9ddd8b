//! `copydesk generate`: posts made up by rule, to try things out on.

use std::fs::File;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::ValueEnum;

use super::Ending;
use super::kept::refuse_decisions;
use super::progress::Progress;
use crate::generate::{Form, MAX_INDEX, NewFile, NewFolder, Output, Request, write_pages, write_posts};
use crate::model::figures::grouped;
use crate::model::safe;
use crate::runtime::Unfinished;

/// The name of standard output.
const STDOUT: &str = "-";

/// How posts are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Layout {
    /// One JSON object a line
    Jsonl,
    /// One JSON list
    Json,
    /// A folder of pages, one post a file, a thousand files a sub-folder
    Pages,
}

/// Make posts up, to try things out on
///
/// The same seed gives the same posts on every machine, and each post is the same alone or among a
/// million. Four of a hundred have a defect; --truth says which.
#[derive(Debug, clap::Args)]
pub(super) struct GenerateArgs {
    /// How many posts
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MAX_INDEX))]
    count: u64,
    /// What the posts follow from
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The number of the first post
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=MAX_INDEX))]
    first: u64,
    /// How to lay them out
    #[arg(long = "as", value_enum, value_name = "LAYOUT", default_value_t = Layout::Jsonl)]
    layout: Layout,
    /// The file or, for pages, the folder to write; - for standard output
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    /// Also write which post has which defect, as JSONL. Not a file of posts: keep it outside of
    /// their folder
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Replace what is there. Never a review log, its archive or a backup of it
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &GenerateArgs) -> anyhow::Result<Ending> {
    let request = Request { seed: args.seed, first: args.first, count: args.count };
    let is_stdout = args.out.as_os_str() == STDOUT;
    ensure!(
        !is_stdout || args.layout != Layout::Pages,
        "pages are files of a folder and cannot go to standard output; name a folder, or use --as jsonl"
    );
    if let Some(truth) = &args.truth {
        ensure!(
            truth.as_os_str() != STDOUT,
            "--truth is a file of its own; name one, for example --truth truth.jsonl"
        );
        ensure!(
            *truth != args.out,
            "--out and --truth are both {}; the posts and what is wrong with them need a file each",
            safe(&args.out.to_string_lossy())
        );
    }
    if !is_stdout {
        refuse_decisions("--out", &args.out)?;
    }
    if let Some(truth) = &args.truth {
        refuse_decisions("--truth", truth)?;
    }
    let unfinished = Unfinished::watch().context("cannot watch for signals")?;
    let new_file = |path| unfinished.begin(|| NewFile::create(path, args.force), NewFile::unfinished);
    let mut truth = args.truth.as_deref().map(new_file).transpose()?;
    let progress = Progress::new(args.count, "writing post {human_pos} of {human_len} {wide_bar} {eta}");
    let mut report = |done| progress.reach(done);
    let mut truth_output = match (&mut truth, &args.truth) {
        (Some(file), Some(path)) => Some(Output { name: name(path), to: file.file() }),
        _ => None,
    };
    let truth_output = truth_output.as_mut();
    let form = if args.layout == Layout::Json { Form::Json } else { Form::Jsonl };
    if args.layout == Layout::Pages {
        let folder = unfinished.begin(|| NewFolder::create(&args.out, args.force), NewFolder::path)?;
        write_pages(&request, folder.path(), truth_output, &mut report)?;
        folder.finish()?;
    } else if is_stdout {
        // Its own handle: the usual one would look for line ends in every piece.
        let stdout = std::io::stdout().as_fd().try_clone_to_owned().context("cannot use standard output")?;
        let mut output = Output { name: "to standard output".to_owned(), to: &mut File::from(stdout) };
        write_posts(&request, form, &mut output, truth_output, &mut report)?;
    } else {
        let mut file = new_file(&args.out)?;
        let mut output = Output { name: name(&args.out), to: file.file() };
        write_posts(&request, form, &mut output, truth_output, &mut report)?;
        file.finish()?;
    }
    if let Some(truth) = truth {
        truth.finish()?;
    }
    drop(progress);
    if !is_stdout {
        let posts = if args.count == 1 { "post" } else { "posts" };
        let count = grouped(usize::try_from(args.count).unwrap_or(usize::MAX));
        say!(std::io::stdout(), "{count} {posts} in {}", safe(&name(&args.out)))?;
    }
    Ok(Ending::Fine)
}

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
