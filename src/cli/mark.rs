//! `copydesk mark`: decisions without the screen.

use std::collections::{HashMap, VecDeque};

use anyhow::{Context, bail, ensure};
use clap::{ArgGroup, ValueEnum};

use super::args::{Posts, id, words};
use super::opened::Opened;
use super::output::say_done;
use super::saving::Saving;
use super::{Ending, settings};
use crate::app::prompt::MAX_CHARS;
use crate::corpus::Row;
use crate::model::figures::grouped;
use crate::model::{Digest, Outline, PostId, Status, clock, escaped};
use crate::query::{Now, Query};
use crate::review::{Beside, BulkStep, Change, Key, Target, take_for_record};

/// What posts can be marked as.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Mark {
    Reviewed,
    Flagged,
    Skipped,
    Unreviewed,
}

/// Decide on posts
#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("which").required(true).multiple(false))]
pub(super) struct MarkArgs {
    #[command(flatten)]
    posts: Posts,
    /// The id of a post, as list --format ids prints it; may be given several times
    #[arg(long = "id", value_name = "ID", group = "which", allow_hyphen_values = true, value_parser = id)]
    ids: Vec<String>,
    /// Every post that passes this filter
    #[arg(long, value_name = "QUERY", group = "which", allow_hyphen_values = true, value_parser = words)]
    filter: Option<String>,
    /// The status to give them
    #[arg(long, value_enum)]
    status: Mark,
    /// The reason of a flag; may be given several times
    #[arg(long, value_name = "REASON", allow_hyphen_values = true, value_parser = words)]
    why: Vec<String>,
    /// A note
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, value_parser = words)]
    note: Option<String>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &MarkArgs) -> anyhow::Result<Ending> {
    let status = match args.status {
        Mark::Reviewed => Status::Reviewed,
        Mark::Flagged => Status::Flagged,
        Mark::Skipped => Status::Skipped,
        Mark::Unreviewed => Status::Unreviewed,
    };
    ensure!(
        args.why.is_empty() || status == Status::Flagged,
        "--why is the reason of a flag; leave it out or use --status flagged"
    );
    ensure!(
        args.filter.as_ref().is_none_or(|filter| !filter.trim().is_empty()),
        "--filter is empty, which would mark every post; say which, for example --filter status:unreviewed"
    );
    let length = args.note.as_deref().map_or(0, |note| note.chars().count());
    ensure!(
        length <= MAX_CHARS,
        "--note has {} characters, and a note has at most {}; nothing was marked",
        grouped(length),
        grouped(MAX_CHARS)
    );
    settings::before_deciding(&args.posts.desk)?;
    let mut opened = Opened::open(&args.posts)?;
    let query = args.filter.as_ref().map(|filter| opened.query(filter)).transpose()?;
    let filter = query.as_ref().and_then(Query::condition);
    ensure!(
        query.is_none() || filter.is_some(),
        "--filter asks for nothing, which would mark every post; say which, for example --filter status:unreviewed"
    );
    let choose = |opened: &Opened| choose(args, opened, query.as_ref());
    let rows = if args.dry_run { choose(&opened)? } else { opened.choose(choose)? };
    if rows.is_empty() {
        say!(std::io::stdout(), "no post passes the filter; nothing was marked")?;
        return Ok(Ending::Wanting);
    }
    if args.dry_run {
        return dry_run(&opened, &rows, status);
    }
    opened.check_writable()?;
    let (saving, again) = mark(args, &mut opened, &rows, status, filter)?;
    saving.check(&format!("marked {status}"))?;
    let count = saving.count() + again;
    let same = rows.len() - count;
    let rest = if same > 0 { format!(", {same} were so already") } else { String::new() };
    say_done(&format!("{count} marked {status}{rest}; {}", saving.places()));
    Ok(Ending::Fine)
}

/// The posts that were asked for.
fn choose(args: &MarkArgs, opened: &Opened, query: Option<&Query>) -> anyhow::Result<Vec<Row>> {
    if let Some(query) = query {
        return Ok(opened.passing(query)?.iter().collect());
    }
    let found = opened.corpus.rows_with_ids(args.ids.iter().map(String::as_str));
    let mut rows = Vec::with_capacity(args.ids.len());
    for id in &args.ids {
        match found.get(id.as_str()).map_or(&[][..], Vec::as_slice) {
            [] => bail!(
                "no post has the id \"{}\"; nothing was marked. copydesk list PATH --format ids names them all",
                escaped(id)
            ),
            [row] => rows.push(*row),
            several => bail!(
                "{} posts have the id \"{}\"; nothing was marked. Decide on them on the screen, where their texts can be told apart",
                several.len(),
                escaped(id)
            ),
        }
    }
    rows.sort_unstable();
    rows.dedup();
    Ok(rows)
}

fn dry_run(opened: &Opened, rows: &[Row], status: Status) -> anyhow::Result<Ending> {
    let now = Now::before(status, rows, &opened.standings, opened.reviews.by());
    let replaced = now.replaced().map(|what| format!("; it would replace {what}")).unwrap_or_default();
    let count = rows.len();
    say!(std::io::stdout(), "would mark {count} posts {status} (now: {now}{replaced}); nothing was written")?;
    Ok(Ending::Fine)
}

/// One step, in as many lines as the log of each root needs for it; `filter` is what chose the posts. Also gives how many of
/// them have the id and the text of another one, with which they were decided on.
fn mark(
    args: &MarkArgs,
    opened: &mut Opened,
    rows: &[Row],
    status: Status,
    filter: Option<String>,
) -> anyhow::Result<(Saving, usize)> {
    let now = clock::now();
    let mut saving = Saving::default();
    if let [row] = rows {
        let post = opened.read(*row)?;
        let beside = Beside { outline: Some(Outline::of_post(&post)), ..Beside::default() };
        let change = change(args, opened, *row, (post.digest(), post.id), status);
        opened.reviews.turn_to(opened.root_of(*row));
        if let Some(record) = opened.reviews.decide_beside(change, beside, now) {
            saving.save(opened, &record);
        }
        return Ok((saving, 0));
    }
    let mut step = BulkStep::new(filter);
    // In a list of many posts an outline would take up more than everything else, so digests will do.
    opened.read_digests(rows)?;
    let mut left = VecDeque::with_capacity(rows.len());
    let mut same: HashMap<(PostId, Digest), usize> = HashMap::new();
    let mut again = 0;
    for row in rows {
        let post = opened.corpus.get(*row).map(|row| PostId::new(row.id()));
        let read = opened.judged_text(*row).zip(post).context("a post is not there any more")?;
        // A post that is written twice is decided on once, and counted twice.
        let times = same.entry((read.1.clone(), read.0)).or_insert(0_usize);
        *times += 1;
        if *times == 1 {
            left.push_back((opened.root_of(*row), change(args, opened, *row, read, status)));
        }
    }
    while !left.is_empty() {
        let changes = take_for_record(&mut left, |(_, change)| Some(change.post.clone()));
        for record in step.decide(&mut opened.reviews, changes, now) {
            if let Target::Many(targets) = &record.target {
                let times = targets.iter().filter_map(|it| same.get(&(it.post.clone(), it.hash)));
                again += times.map(|times| times - 1).sum::<usize>();
            }
            saving.save(opened, &record);
        }
    }
    Ok((saving, again))
}

fn change(
    args: &MarkArgs,
    opened: &Opened,
    row: Row,
    (hash, post): (Digest, PostId),
    status: Status,
) -> Change {
    Change {
        hash,
        siblings: opened.siblings(row),
        post,
        key: Key::Status,
        val: status.name().to_owned(),
        why: args.why.clone(),
        note: args.note.clone(),
    }
}
