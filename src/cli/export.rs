//! `copydesk export`: posts with their decisions written into them.

use std::fs::{self, File};
use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use clap::ValueEnum;

use super::Ending;
use super::args::{Posts, words};
use super::kept::refuse_decisions;
use super::opened::Opened;
use super::output::complain;
use super::progress::Progress;
use crate::corpus::body::BodyError;
use crate::corpus::{RootKind, Row, Severity, Source};
use crate::export::{self, Decided, ExportError, Form, Tally};
use crate::generate::NewFile;
use crate::model::figures::grouped;
use crate::model::safe;
use crate::review::{ReviewLog, folder_of};
use crate::runtime::Unfinished;

/// The name of standard output.
const STDOUT: &str = "-";

/// How posts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Layout {
    /// One JSON object a line: everything of every post
    Jsonl,
    /// One JSON list of the same
    Json,
    /// A line a post for a spreadsheet: the columns that README.md names
    Csv,
}

/// Write posts out, with what was decided in their `revision` and `flags`
///
/// Only a decision on the very text, that nobody contradicts, is one: every other post goes out as
/// unreviewed, whatever it claims. Nothing that passes the filter is left out, or else there is no file.
#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    posts: Posts,
    /// What passes, in the language of the screen: status:reviewed
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true, value_parser = words)]
    filter: Option<String>,
    /// The order: -score,title
    #[arg(long, value_name = "KEYS", allow_hyphen_values = true, value_parser = words)]
    sort: Option<String>,
    /// The file to write; - for standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// How to write it [default: by the ending of FILE; jsonl where it has none]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Layout>,
    /// Replace what is there. Never the posts, nor any review log, its archive or a backup of it
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &ExportArgs) -> anyhow::Result<Ending> {
    let opened = Opened::open(&args.posts)?;
    let is_stdout = args.out.as_os_str() == STDOUT;
    if !is_stdout {
        refuse_what_is_kept(&opened, &args.out)?;
    }
    let layout = layout(args)?;
    let view = opened.filter(args.filter.as_deref(), args.sort.as_deref())?;
    let is_held_back = opened.held_back();
    let (held, rows): (Vec<Row>, Vec<Row>) = view.iter().partition(|row| is_held_back(*row));
    tell_held(&opened, &held);
    if rows.is_empty() {
        say!(anstream::stderr(), "no post passes, so nothing was written")?;
        return Ok(Ending::Wanting);
    }
    let form = match layout {
        Layout::Jsonl => Form::Jsonl,
        Layout::Json => Form::Json,
        Layout::Csv => Form::Csv,
    };
    let tally = if is_stdout {
        // Its own handle: the usual one would look for line ends in every piece.
        let stdout = std::io::stdout().as_fd().try_clone_to_owned().context("cannot use standard output")?;
        write(&opened, &rows, form, &mut File::from(stdout))?
    } else {
        let unfinished = Unfinished::watch().context("cannot watch for signals")?;
        let mut file = unfinished.begin(|| NewFile::create(&args.out, args.force), NewFile::unfinished)?;
        let tally = write(&opened, &rows, form, file.file())?;
        file.finish_on_disk()?;
        tally
    };
    tell(&opened, &args.out, tally)?;
    Ok(if held.is_empty() { Ending::Fine } else { Ending::Wanting })
}

/// Names the posts that are left out because a damaged line may have been about them.
fn tell_held(opened: &Opened, held: &[Row]) {
    /// So many are named.
    const MOST: usize = 20;
    if held.is_empty() {
        return;
    }
    let ids = held
        .iter()
        .take(MOST)
        .filter_map(|row| opened.corpus.get(*row))
        .map(|post| safe(post.id()).to_string());
    let mut ids: Vec<String> = ids.collect();
    if held.len() > MOST {
        ids.push(format!("and {} more", grouped(held.len() - MOST)));
    }
    complain(&format!(
        "copydesk: {} held back, because a damaged line of the review log is about {}: {}. Decide on {} again, or remove the line",
        if held.len() == 1 { "1 post is".to_owned() } else { format!("{} posts are", grouped(held.len())) },
        if held.len() == 1 { "it" } else { "them" },
        ids.join(", "),
        if held.len() == 1 { "it" } else { "them" },
    ));
}

fn write(opened: &Opened, rows: &[Row], form: Form, out: &mut (impl Write + Send)) -> anyhow::Result<Tally> {
    let progress =
        Progress::new(rows.len() as u64, "writing post {human_pos} of {human_len} {wide_bar} {eta}");
    let posts = rows.iter().map(|row| Decided {
        row: *row,
        standing: opened.standing(*row),
        text: opened.judged_text(*row),
    });
    let posts_of = (&opened.sources, &opened.corpus);
    let written = export::write(posts_of, posts, form, out, &mut |done| progress.reach(done as u64));
    if matches!(written, Err(ExportError::Body(BodyError::Changed { .. }))) {
        opened.forget_cache();
    }
    Ok(written?)
}

/// What was written, on standard error: standard output may be the posts.
fn tell(opened: &Opened, out: &Path, tally: Tally) -> anyhow::Result<()> {
    let mut stderr = anstream::stderr().lock();
    let Tally { posts, reviewed, flagged, skipped, stale, conflict } = tally;
    let unreviewed = posts - reviewed - flagged - skipped;
    let place = if out.as_os_str() == STDOUT { "standard output" } else { &*out.to_string_lossy() };
    say!(
        stderr,
        "{} in {}: {} reviewed, {} flagged, {} skipped, {} unreviewed",
        counted(posts),
        safe(place),
        grouped(reviewed),
        grouped(flagged),
        grouped(skipped),
        grouped(unreviewed)
    )?;
    if stale > 0 {
        say!(stderr, "{} of them because the text has changed since the decision", grouped(stale))?;
    }
    if conflict > 0 {
        say!(stderr, "{} of them because people have decided differently", grouped(conflict))?;
    }
    let lost = opened.problems.iter().filter(|problem| problem.severity == Severity::Rejected);
    match lost.count() {
        0 => {}
        lost => say!(
            stderr,
            "{} records could not be read and are not among them; copydesk check names them",
            grouped(lost)
        )?,
    }
    Ok(())
}

fn counted(posts: usize) -> String {
    format!("{} {}", grouped(posts), if posts == 1 { "post" } else { "posts" })
}

/// How to write: as it was said, or as the ending of the file says. An ending that says nothing is refused.
fn layout(args: &ExportArgs) -> anyhow::Result<Layout> {
    let ending = args.out.extension().map(|ending| ending.to_string_lossy());
    match (args.format.or_else(|| layout_of(&args.out)), ending) {
        (Some(layout), _) => Ok(layout),
        (None, None) => Ok(Layout::Jsonl),
        (None, Some(ending)) => bail!(
            "--out {}: the ending .{} says no format; name one with --format: jsonl, json or csv",
            safe(&args.out.to_string_lossy()),
            safe(&ending)
        ),
    }
}

fn layout_of(out: &Path) -> Option<Layout> {
    let ending = out.extension()?.to_str()?;
    Layout::value_variants().iter().copied().find(|layout| {
        layout.to_possible_value().is_some_and(|value| value.get_name().eq_ignore_ascii_case(ending))
    })
}

/// Posts and review logs are never written to, by whatever name: not through a link, not by a second
/// name of the same file, and nothing is put among the posts of a folder.
fn refuse_what_is_kept(opened: &Opened, out: &Path) -> anyhow::Result<()> {
    let shown = || safe(&out.to_string_lossy()).to_string();
    ensure!(out.file_name().is_some(), "--out {} names no file; name one", shown());
    let folder = fs::canonicalize(folder_of(out))
        .with_context(|| format!("cannot write {}; the folder it is to stand in must be there", shown()))?;
    let is_log = |log: &ReviewLog| {
        let is_named = |name| log.path().file_name() == Some(name) || log.family().has(name);
        log.family().is_beside(out) && out.file_name().is_some_and(is_named)
    };
    ensure!(
        !opened.logs.iter().any(is_log),
        "--out {} is the name of a review log, and would be read as one; name another file",
        shown()
    );
    refuse_decisions("--out", out)?;
    for root in opened.sources.roots().iter().filter(|root| root.kind == RootKind::Folder) {
        if fs::canonicalize(&root.path).is_ok_and(|root| folder.starts_with(root)) {
            bail!(
                "--out {} stands among the posts of {}, and would be read as some of them; name a file elsewhere",
                shown(),
                safe(&root.path.to_string_lossy())
            );
        }
    }
    let Ok(there) = fs::metadata(out) else { return Ok(()) };
    let kept = opened.sources.iter().map(Source::path).chain(opened.logs.iter().map(ReviewLog::path));
    let is_there = |path: &Path| {
        fs::metadata(path).is_ok_and(|kept| (kept.dev(), kept.ino()) == (there.dev(), there.ino()))
    };
    ensure!(
        !kept.into_iter().any(is_there),
        "--out {} is a file of the posts or of their decisions, and those are never written to; name another file",
        shown()
    );
    Ok(())
}
