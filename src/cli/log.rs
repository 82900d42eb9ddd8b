//! `copydesk log`: the history of decisions, of one post or of all.

use std::io::Write;

use jiff::Timestamp;

use super::Ending;
use super::args::{Output, Posts, id, words};
use super::opened::Opened;
use super::output::{Format, csv_line, table, write_json_lines};
use crate::model::{PostId, escaped, safe};
use crate::page::cut;
use crate::review::{Former, Record, State};

const COLUMNS: [&str; 8] = ["at", "by", "post", "key", "value", "why", "note", "record"];

/// Where the key stands among them, and how much of it a table shows. Unit: columns.
const KEY: usize = 3;
/// See above.
const KEY_WIDTH: usize = 24;

/// The history of decisions
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct LogArgs {
    #[command(subcommand)]
    command: Option<LogCommand>,
    #[command(flatten)]
    posts: Posts,
    /// Of this post only, by its id as list --format ids prints it
    #[arg(long, allow_hyphen_values = true, value_parser = id)]
    id: Option<String>,
    /// By this reviewer only
    #[arg(long, value_name = "NAME", allow_hyphen_values = true, value_parser = words)]
    by: Option<String>,
    /// Not before this: 2026-09-21, or 2026-09-21T12:00:00Z
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Before this; a day ends with its last moment
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// What can be done with the log itself.
#[derive(Debug, clap::Subcommand)]
enum LogCommand {
    /// Move what nothing current needs to an archive, and keep a copy of the log as it was. What
    /// stays, stays as it is; undo does not reach behind it
    Compact(Posts),
}

/// A moment, or the end of a day where one is asked for. Days are those of UTC, as they are shown.
fn moment(text: &str, is_end: bool) -> anyhow::Result<Timestamp> {
    if let Ok(moment) = text.parse() {
        return Ok(moment);
    }
    let day: jiff::civil::Date = text.parse().map_err(|_| {
        anyhow::anyhow!(
            "{:?} is no time; expected a day as 2026-09-21 or a moment as 2026-09-21T12:00:00Z",
            safe(text).as_str()
        )
    })?;
    // No time is behind the last day, and none can be told that is.
    let day = if is_end { day.tomorrow().unwrap_or(jiff::civil::Date::MAX) } else { day };
    Ok(jiff::tz::TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX))
}

pub(super) fn run(args: &LogArgs) -> anyhow::Result<Ending> {
    if let Some(LogCommand::Compact(posts)) = &args.command {
        return super::compact::run(posts);
    }
    let since = args.since.as_deref().map(|text| moment(text, false)).transpose()?;
    let until = args.until.as_deref().map(|text| moment(text, true)).transpose()?;
    let opened = Opened::open(&args.posts)?;
    let state = opened.reviews.state();
    let is_asked_for = |record: &Record| {
        args.by.as_ref().is_none_or(|by| record.by == *by)
            && since.is_none_or(|since| record.at >= since)
            && until.is_none_or(|until| record.at < until)
    };
    let mut records: Vec<Record> = match &args.id {
        Some(id) => state.history(&PostId::new(id.as_str())).into_iter().filter(is_asked_for).collect(),
        None => state.records().filter(is_asked_for).collect(),
    };
    // Clocks are for people; between equal ones the id keeps the order of one writer.
    records.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.id.cmp(&b.id)));
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match args.output.format {
        Format::Table => {
            let mut rows: Vec<Vec<String>> =
                records.iter().map(|record| cells(record, state, args.id.as_deref())).collect();
            // One long item of a checklist must not push all the rest aside.
            let keys = rows.iter_mut().filter_map(|row| row.get_mut(KEY));
            keys.for_each(|key| *key = cut(safe(key).as_str(), KEY_WIDTH).into_owned());
            table(&mut out, &COLUMNS, &rows)?;
        }
        Format::Csv => {
            csv_line(&mut out, &COLUMNS.map(str::to_owned))?;
            for record in &records {
                csv_line(&mut out, &cells(record, state, args.id.as_deref()))?;
            }
        }
        Format::Ids => {
            for record in &records {
                say!(out, "{}", escaped(record.id.as_str()))?;
            }
        }
        // A line of the log is JSON already, and safe to print.
        Format::Jsonl => {
            for record in &records {
                write_json_lines(&mut out, &record.to_line())?;
            }
        }
        Format::Json => {
            let lines: Vec<String> =
                records.iter().map(|record| record.to_line().trim_end().to_owned()).collect();
            write_json_lines(&mut out, &format!("[\n{}\n]\n", lines.join(",\n")))?;
        }
    }
    out.flush()?;
    Ok(if records.is_empty() { Ending::Wanting } else { Ending::Fine })
}

/// The cells of a record; of many posts, the one that was asked for is named.
fn cells(record: &Record, state: &State, asked: Option<&str>) -> Vec<String> {
    let first = record.posts().next().map(PostId::as_str).unwrap_or_default();
    let first = asked.unwrap_or(first);
    let more = record.posts().count().saturating_sub(1);
    let undo = match record.undo {
        Some(_) if state.is_redo(record) => " (redo)",
        Some(_) => " (undo)",
        None => "",
    };
    // Of many posts, each was given back its own value; only that of the post that was asked for is known here.
    let Former { val, why, note } = record.value_for(&PostId::new(first));
    let val =
        if asked.is_none() && record.undo.is_some() && more > 0 { "each as before".to_owned() } else { val };
    vec![
        record.at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        record.by.clone(),
        if more == 0 { escaped(first).into_owned() } else { format!("{} and {more} more", escaped(first)) },
        record.key.to_string(),
        format!("{val}{undo}"),
        why.join(", "),
        note.unwrap_or_default(),
        escaped(record.id.as_str()).into_owned(),
    ]
}
