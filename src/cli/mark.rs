//! `copydesk mark`: decisions without the screen.

use std::collections::BTreeMap;

use anyhow::{bail, ensure};
use clap::{ArgGroup, ValueEnum};

use super::Ending;
use super::args::Posts;
use super::opened::Opened;
use crate::corpus::Row;
use crate::model::{Outline, Status, safe};
use crate::review::{Beside, Change, Key, POSTS_PER_RECORD};

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
    /// The id of a post; may be given several times
    #[arg(long = "id", value_name = "ID", group = "which")]
    ids: Vec<String>,
    /// Every post that passes this filter
    #[arg(long, value_name = "QUERY", group = "which")]
    filter: Option<String>,
    /// The status to give them
    #[arg(long, value_enum)]
    status: Mark,
    /// The reason of a flag; may be given several times
    #[arg(long, value_name = "REASON")]
    why: Vec<String>,
    /// A note
    #[arg(long, value_name = "TEXT")]
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
    let mut opened = Opened::open(&args.posts)?;
    let rows = rows(args, &opened)?;
    if rows.is_empty() {
        say!(std::io::stdout(), "no post passes the filter; nothing was marked")?;
        return Ok(Ending::Wanting);
    }
    if args.dry_run {
        return dry_run(&opened, &rows, status);
    }
    opened.check_writable()?;
    let marked = mark(args, &mut opened, &rows, status)?;
    let same = rows.len() - marked;
    let rest = if same > 0 { format!(", {same} were so already") } else { String::new() };
    let logs: Vec<String> = opened.logs.iter().map(|log| log.path().to_string_lossy().into_owned()).collect();
    say!(std::io::stdout(), "{marked} marked {status}{rest}; in {}", safe(&logs.join(", ")))?;
    Ok(Ending::Fine)
}

fn rows(args: &MarkArgs, opened: &Opened) -> anyhow::Result<Vec<Row>> {
    if let Some(filter) = &args.filter {
        return Ok(opened.filter(Some(filter), None)?.iter().collect());
    }
    let mut rows = Vec::new();
    for id in &args.ids {
        match opened.rows_of(id).as_slice() {
            [] => bail!(
                "no post has the id {:?}; nothing was marked. copydesk list PATH --format ids names them all",
                safe(id).as_str()
            ),
            [row] => rows.push(*row),
            several => bail!(
                "{} posts have the id {:?}; nothing was marked. Decide on them on the screen, where their texts can be told apart",
                several.len(),
                safe(id).as_str()
            ),
        }
    }
    rows.sort_unstable();
    rows.dedup();
    Ok(rows)
}

fn dry_run(opened: &Opened, rows: &[Row], status: Status) -> anyhow::Result<Ending> {
    let mut now: BTreeMap<Status, usize> = BTreeMap::new();
    for row in rows {
        *now.entry(opened.standings.get(*row).status).or_default() += 1;
    }
    let now: Vec<String> = now.iter().map(|(status, count)| format!("{count} {status}")).collect();
    say!(
        std::io::stdout(),
        "would mark {} posts {status} (now: {}); nothing was written",
        rows.len(),
        now.join(", ")
    )?;
    Ok(Ending::Fine)
}

/// One step, in as many lines as the log of each root needs for it; how many posts it changed.
fn mark(args: &MarkArgs, opened: &mut Opened, rows: &[Row], status: Status) -> anyhow::Result<usize> {
    let mut by_root: BTreeMap<usize, Vec<Change>> = BTreeMap::new();
    // In a list of many posts it would take up more than everything else.
    let mut outline = None;
    for row in rows {
        let post = opened.read(*row)?;
        outline = (rows.len() == 1).then(|| Outline::of_post(&post));
        by_root.entry(opened.root_of(*row)).or_default().push(Change {
            hash: post.digest(),
            siblings: opened.siblings(*row),
            post: post.id,
            key: Key::Status,
            val: status.name().to_owned(),
            why: args.why.clone(),
            note: args.note.clone(),
        });
    }
    let mut marked = 0;
    let mut step = None;
    let now = jiff::Timestamp::now();
    for (root, changes) in by_root {
        for changes in changes.chunks(POSTS_PER_RECORD) {
            let record = match changes {
                // The rest of many posts belongs to their step, also where it is one.
                [change] if rows.len() == 1 => {
                    let beside = Beside { outline: outline.take(), ..Beside::default() };
                    opened.reviews.decide_beside(change.clone(), beside, now)
                }
                changes => {
                    opened.reviews.decide_more(changes.to_vec(), args.filter.clone(), step.as_ref(), now)
                }
            };
            if let Some(record) = record {
                step.get_or_insert_with(|| record.id.clone());
                marked += record.posts().count();
                opened.save(root, &record)?;
            }
        }
    }
    Ok(marked)
}
