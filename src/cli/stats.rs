//! `copydesk stats`: counts of what was decided.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use super::Ending;
use super::args::{Output, Posts};
use super::opened::Opened;
use super::output::{Format, csv_line, table, write_json};
use crate::app::numbers::{FEW, duration};
use crate::model::Status;
use crate::model::figures::percent;
use crate::query::tally::{ByStatus, Scores, Tally};
use crate::review::{self, Day, Spread};

/// Counts of what was decided
#[derive(Debug, clap::Args)]
pub(super) struct StatsArgs {
    #[command(flatten)]
    posts: Posts,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Default, Serialize)]
struct Numbers {
    posts: usize,
    problems: usize,
    /// Posts by their effective status.
    status: BTreeMap<String, usize>,
    stale: usize,
    conflict: usize,
    /// Posts by each of their stacks and their effective status.
    stack: BTreeMap<String, BTreeMap<&'static str, usize>>,
    /// Scores by effective status, in steps of 10 from 0 to 100; the last count is of posts without one.
    scores: BTreeMap<&'static str, Scores>,
    /// How the reviewer who asks decides.
    pace: Pace,
    /// Posts by what they claim of themselves.
    claimed: BTreeMap<String, usize>,
    /// Flagged posts by the reason given.
    why: BTreeMap<String, usize>,
    /// Decided posts by who decided last.
    by: BTreeMap<String, usize>,
    /// Decided posts that are not among the posts any more.
    orphans: usize,
}

/// How one person decides. Days and hours are those of UTC.
#[derive(Debug, Default, Serialize)]
struct Pace {
    by: String,
    days: Vec<Day>,
    /// Decisions on single posts in each hour of the last of these days.
    hours: [usize; 24],
    /// The time that the last posts took; none before the first.
    post: Option<Spread>,
    /// How long the unreviewed posts take if it goes on like this, at least and at most. Unit: hours.
    left_hours: Option<[f64; 2]>,
}

pub(super) fn run(args: &StatsArgs) -> anyhow::Result<Ending> {
    let opened = Opened::open(&args.posts)?;
    let numbers = count(&opened);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match args.output.format {
        Format::Json | Format::Jsonl => {
            write_json(&mut out, &numbers)?;
            say!(out, "")?;
        }
        Format::Csv => {
            csv_line(&mut out, &["what", "value", "posts"].map(str::to_owned))?;
            for row in rows(&numbers) {
                let cells: Vec<String> = row.into_iter().take(3).collect();
                csv_line(&mut out, &cells)?;
            }
        }
        Format::Table | Format::Ids => {
            table(&mut out, &["what", "value", "posts", "share"], &rows(&numbers))?;
        }
    }
    out.flush()?;
    Ok(Ending::Fine)
}

fn count(opened: &Opened) -> Numbers {
    let mut numbers = Numbers {
        posts: opened.corpus.len(),
        problems: opened.problems.len() + opened.problems_beyond,
        ..Numbers::default()
    };
    for status in Status::ALL {
        numbers.status.insert(status.to_string(), opened.standings.count(status));
    }
    let tally = Tally::of(&opened.corpus, &opened.standings);
    for status in Status::ALL {
        numbers.scores.insert(status.name(), tally.scores(status));
    }
    let by_status = |counts: &ByStatus| {
        Status::ALL.into_iter().map(|status| (status.name(), counts.of(status))).collect()
    };
    numbers.stack = tally.stacks.iter().map(|(word, counts)| (word.clone(), by_status(counts))).collect();
    numbers.pace = pace(opened);
    for row in opened.corpus.rows() {
        let Some(post) = opened.corpus.get(row) else { continue };
        let claimed = if post.claimed().is_empty() { "—" } else { post.claimed() };
        *numbers.claimed.entry(claimed.to_owned()).or_default() += 1;
        let badge = opened.standings.get(row);
        numbers.stale += usize::from(badge.stale);
        numbers.conflict += usize::from(badge.conflict);
        if badge.decided == Status::Unreviewed {
            continue;
        }
        let standing = opened.standing(row);
        *numbers.by.entry(standing.by).or_default() += 1;
        if badge.status == Status::Flagged {
            for why in standing.why {
                *numbers.why.entry(why).or_default() += 1;
            }
        }
    }
    numbers.orphans = opened.orphans().count();
    numbers
}

fn pace(opened: &Opened) -> Pace {
    const HOUR_MS: f64 = 3_600_000.0;
    let by = opened.reviews.by().to_owned();
    let review::Pace { days, hours, recent_ms } = opened.reviews.state().pace(&by);
    let post = Spread::of(&recent_ms);
    let left = post.map(|post| post.left_ms(opened.standings.count(Status::Unreviewed)));
    Pace { by, days, hours, post, left_hours: left.map(|(low, high)| [low / HOUR_MS, high / HOUR_MS]) }
}

fn rows(numbers: &Numbers) -> Vec<Vec<String>> {
    let row = |what: &str, value: &str, count: usize| {
        vec![what.to_owned(), value.to_owned(), count.to_string(), percent(count, numbers.posts)]
    };
    let mut rows = vec![row("posts", "", numbers.posts)];
    let groups = [
        ("status", &numbers.status),
        ("claimed", &numbers.claimed),
        ("why", &numbers.why),
        ("by", &numbers.by),
    ];
    for (what, counts) in groups {
        rows.extend(counts.iter().map(|(value, count)| row(what, value, *count)));
    }
    for (stack, counts) in &numbers.stack {
        rows.push(row("stack", stack, counts.values().sum()));
    }
    for Day { day, single, bulk } in &numbers.pace.days {
        // Posts may be decided on more than once, so their share of all would say nothing.
        let count = (single + bulk).to_string();
        rows.push(vec!["decisions".to_owned(), day.to_string(), count, String::new()]);
    }
    if let Some(post) = numbers.pace.post.filter(|post| post.of >= FEW) {
        let pace =
            format!("{} a post, the median of the last {}", duration(f64::from(post.median_ms)), post.of);
        rows.push(vec!["pace".to_owned(), pace, String::new(), String::new()]);
        let unreviewed = numbers.status.get(Status::Unreviewed.name()).copied().unwrap_or_default();
        let (low, high) = post.left_ms(unreviewed);
        let left = format!("{} to {}", duration(low), duration(high));
        rows.push(vec!["left".to_owned(), left, unreviewed.to_string(), percent(unreviewed, numbers.posts)]);
    }
    rows.push(row("stale", "", numbers.stale));
    rows.push(row("conflict", "", numbers.conflict));
    rows.push(row("orphans", "", numbers.orphans));
    rows.push(row("problems", "", numbers.problems));
    rows
}
