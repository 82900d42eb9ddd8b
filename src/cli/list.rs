//! `copydesk list`: the posts that pass a filter.

use std::io::Write;

use super::Ending;
use super::args::{Output, Posts, words};
use super::opened::Opened;
use super::output::{Format, Reviewed, csv_line, table, write_json_lines};
use crate::corpus::Row;
use crate::model::escaped;

/// The columns of the table and of CSV.
const COLUMNS: [&str; 7] = ["status", "score", "stack", "claimed", "why", "id", "title"];

/// List the posts that pass a filter
#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    posts: Posts,
    /// What passes, in the language of the screen: stack:python score>=70 -status:reviewed
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true, value_parser = words)]
    filter: Option<String>,
    /// The order: -score,title
    #[arg(long, value_name = "KEYS", allow_hyphen_values = true, value_parser = words)]
    sort: Option<String>,
    /// At most so many posts
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(args: &ListArgs) -> anyhow::Result<Ending> {
    let opened = Opened::open(&args.posts)?;
    let view = opened.filter(args.filter.as_deref(), args.sort.as_deref())?;
    let rows = view.iter().take(args.limit.unwrap_or(usize::MAX));
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match args.output.format {
        Format::Table => {
            let rows: Vec<Vec<String>> = rows.map(|row| cells(&opened, row)).collect();
            table(&mut out, &COLUMNS, &rows)?;
        }
        Format::Csv => {
            csv_line(&mut out, &COLUMNS.map(str::to_owned))?;
            for row in rows {
                csv_line(&mut out, &cells(&opened, row))?;
            }
        }
        Format::Ids => {
            for row in rows {
                let id = opened.corpus.get(row).map_or("", |row| row.id());
                say!(out, "{}", escaped(id))?;
            }
        }
        Format::Jsonl => {
            for row in rows {
                write_json(&mut out, &opened, row)?;
                say!(out, "")?;
            }
        }
        Format::Json => {
            write_json_lines(&mut out, "[")?;
            for (at, row) in rows.enumerate() {
                say!(out, "{}", if at == 0 { "" } else { "," })?;
                write_json(&mut out, &opened, row)?;
            }
            say!(out, "\n]")?;
        }
    }
    out.flush()?;
    Ok(if view.is_empty() { Ending::Wanting } else { Ending::Fine })
}

fn write_json(out: &mut impl Write, opened: &Opened, row: Row) -> anyhow::Result<()> {
    let (post, standing) = (opened.read(row)?, opened.standing(row));
    super::output::write_json(out, &Reviewed { post: &post, standing: &standing })
}

fn cells(opened: &Opened, row: Row) -> Vec<String> {
    let Some(post) = opened.corpus.get(row) else { return Vec::new() };
    let badge = opened.standings.get(row);
    let mut status = badge.status.name().to_owned();
    if badge.conflict {
        status.push_str(" (conflict)");
    } else if badge.stale {
        status.push_str(" (stale)");
    }
    vec![
        status,
        post.score().map_or_else(String::new, |score| format!("{:.0}", score.floor())),
        post.stack().collect::<Vec<_>>().join(", "),
        post.claimed().to_owned(),
        opened.standing(row).why.join(", "),
        escaped(post.id()).into_owned(),
        post.title().to_owned(),
    ]
}
