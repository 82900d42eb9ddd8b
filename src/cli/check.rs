//! `copydesk check`: every problem in posts and decisions.

use std::io::Write;

use super::Ending;
use super::args::Posts;
use super::opened::Opened;
use crate::corpus::problem::MAX_KEPT;
use crate::corpus::{Row, Severity};
use crate::model::figures::grouped;
use crate::model::{escaped, revealed, safe};
use crate::review::ReviewLog;

/// So many places of posts with one id are named.
const MAX_PLACES: usize = 8;

/// Every problem in posts and decisions
#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    posts: Posts,
    /// List at most so many problems of posts; the others are counted
    #[arg(long, value_name = "N", default_value_t = MAX_KEPT)]
    max_problems: usize,
}

pub(super) fn run(args: &CheckArgs) -> anyhow::Result<Ending> {
    let opened = Opened::open_keeping(&args.posts, args.max_problems)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut found = 0_usize;
    for problem in &opened.problems {
        found += 1;
        let sign = if problem.severity == Severity::Rejected { "✗" } else { "⚠" };
        say!(out, "{sign} {problem}")?;
        if !problem.excerpt.is_empty() {
            say!(out, "  {}", safe(&problem.excerpt))?;
        }
    }
    if opened.problems_beyond > 0 {
        found += opened.problems_beyond;
        say!(
            out,
            "✗ {} more problems are not listed, expected at most {}; --max-problems N lists more",
            grouped(opened.problems_beyond),
            grouped(args.max_problems)
        )?;
    }
    found += tell_logs(&opened, &mut out)?;
    found += tell_posts(&opened, &mut out)?;
    if opened.unchecked > 0 {
        say!(
            out,
            "· {} records of the log carry no checksum; they hold, and damage to them would not be noticed",
            grouped(usize::try_from(opened.unchecked).unwrap_or(usize::MAX))
        )?;
    }
    for why in opened.logs.iter().filter_map(ReviewLog::distrust) {
        say!(out, "· {why}")?;
    }
    for sentence in &opened.unread.others {
        say!(out, "· {sentence}")?;
    }
    let orphans = opened.orphans().count();
    if orphans > 0 {
        say!(
            out,
            "· {} decided posts are not among these posts; their decisions are kept",
            grouped(orphans)
        )?;
    }
    let problems = match found {
        0 => "no problem".to_owned(),
        _ => counted(found, "problem"),
    };
    say!(out, "{}, {problems}", counted(opened.corpus.len(), "post"))?;
    out.flush()?;
    Ok(if found == 0 { Ending::Fine } else { Ending::Wanting })
}

/// What is wrong with the logs; how many problems that are.
fn tell_logs(opened: &Opened, out: &mut impl Write) -> anyhow::Result<usize> {
    let mut found = 0;
    for problem in &opened.log_problems {
        found += 1;
        say!(*out, "✗ {problem}")?;
    }
    for sentence in &opened.unread.unread {
        found += 1;
        say!(*out, "⚠ {sentence}")?;
    }
    for (id, count) in opened.reviews.state().shared_ids() {
        found += 1;
        say!(
            *out,
            "⚠ {} records have the id {} and say different things; all of them count. Was a running copydesk copied, or a line changed by hand?",
            grouped(count),
            escaped(id.as_str())
        )?;
    }
    Ok(found)
}

/// What is wrong between posts, and between their decisions; how many problems that are.
fn tell_posts(opened: &Opened, out: &mut impl Write) -> anyhow::Result<usize> {
    let mut found = 0;
    for (id, rows) in opened.equal_ids() {
        found += 1;
        let mut places: Vec<String> = rows.iter().take(MAX_PLACES).map(|row| place(opened, *row)).collect();
        if rows.len() > MAX_PLACES {
            places.push(format!("and {} more", grouped(rows.len() - MAX_PLACES)));
        }
        say!(
            *out,
            "⚠ {} posts have the id {}: {}; a decision holds for the one whose text it was made on",
            rows.len(),
            escaped(id),
            safe(&places.join(", "))
        )?;
    }
    for rows in opened.corpus.look_alikes() {
        found += 1;
        let id = |row: &Row| opened.corpus.get(*row).map_or("", |post| post.id());
        let ids: Vec<String> = rows
            .iter()
            .take(MAX_PLACES)
            .map(|row| format!("{} ({})", revealed(id(row)), place(opened, *row)))
            .collect();
        say!(
            *out,
            "⚠ {} ids look alike and are not the same: {}; is one meant to pass for another?",
            rows.len(),
            ids.join(", ")
        )?;
    }
    for row in opened.corpus.rows().filter(|row| opened.standings.get(*row).conflict) {
        found += 1;
        let id = opened.corpus.get(row).map_or("", |post| post.id());
        let status = opened.standings.get(row).decided;
        say!(
            *out,
            "⚠ people have decided differently on {}; {status} counts until somebody decides again",
            escaped(id)
        )?;
    }
    Ok(found)
}

/// `1 post`, `2 posts`.
fn counted(count: usize, what: &str) -> String {
    format!("{} {what}{}", grouped(count), if count == 1 { "" } else { "s" })
}

fn place(opened: &Opened, row: Row) -> String {
    let Some(post) = opened.corpus.get(row) else { return String::new() };
    let name = opened.sources.get(post.source()).map_or("", |source| source.name());
    format!("{name}:{}", post.place().line)
}
