//! `copydesk check`: every problem in posts and decisions.

use std::io::Write;

use super::Ending;
use super::args::Posts;
use super::opened::Opened;
use crate::corpus::{Row, Severity};
use crate::model::figures::grouped;
use crate::model::safe;

/// Every problem in posts and decisions
#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    posts: Posts,
}

pub(super) fn run(args: &CheckArgs) -> anyhow::Result<Ending> {
    let opened = Opened::open(&args.posts)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut found = 0_usize;
    for problem in &opened.problems {
        found += 1;
        let sign = if problem.severity == Severity::Rejected { "✗" } else { "⚠" };
        writeln!(out, "{sign} {problem}")?;
        if !problem.excerpt.is_empty() {
            writeln!(out, "  {}", safe(&problem.excerpt))?;
        }
    }
    for problem in &opened.log_problems {
        found += 1;
        writeln!(out, "✗ {problem}")?;
    }
    for (id, rows) in opened.equal_ids() {
        found += 1;
        let places: Vec<String> = rows.iter().map(|row| place(&opened, *row)).collect();
        writeln!(
            out,
            "⚠ {} posts have the id {}: {}; a decision holds for the one whose text it was made on",
            rows.len(),
            safe(id),
            safe(&places.join(", "))
        )?;
    }
    for row in opened.corpus.rows().filter(|row| opened.standings.get(*row).conflict) {
        found += 1;
        let id = opened.corpus.get(row).map_or("", |post| post.id());
        let status = opened.standings.get(row).decided;
        writeln!(
            out,
            "⚠ people have decided differently on {}; {status} counts until somebody decides again",
            safe(id)
        )?;
    }
    if opened.unchecked > 0 {
        writeln!(
            out,
            "· {} records of the log carry no checksum; they hold, and damage to them would not be noticed",
            grouped(usize::try_from(opened.unchecked).unwrap_or(usize::MAX))
        )?;
    }
    let orphans = opened.orphans().count();
    if orphans > 0 {
        writeln!(
            out,
            "· {} decided posts are not among these posts; their decisions are kept",
            grouped(orphans)
        )?;
    }
    let problems = match found {
        0 => "no problem".to_owned(),
        _ => counted(found, "problem"),
    };
    writeln!(out, "{}, {problems}", counted(opened.corpus.len(), "post"))?;
    out.flush()?;
    Ok(if found == 0 { Ending::Fine } else { Ending::Wanting })
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
