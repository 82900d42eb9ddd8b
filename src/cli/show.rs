//! `copydesk show`: one post.

use std::io::Write;

use anyhow::bail;
use clap::ValueEnum;

use super::Ending;
use super::args::{Posts, id};
use super::opened::Opened;
use super::output::{Reviewed, complain, write_json, write_page};
use crate::model::{Status, escaped};
use crate::review::{ON_ANOTHER_TEXT, Standing};

/// How to print a post.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum PostFormat {
    /// As a post page, which copydesk reads again
    Text,
    /// As canonical JSON, with what was decided
    Json,
}

/// Show one post
#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    #[command(flatten)]
    posts: Posts,
    /// The id of the post, as list --format ids prints it
    #[arg(long, allow_hyphen_values = true, value_parser = id)]
    id: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t = PostFormat::Text)]
    format: PostFormat,
}

/// Says what was decided, beside the page: what is printed as a page is the post and nothing else.
fn complain_of_decision(standing: &Standing) {
    if standing.decided == Status::Unreviewed && standing.note.is_none() && standing.stale_done.is_empty() {
        return;
    }
    let stale = if standing.stale { ", stale: the text has changed since" } else { "" };
    let why = if standing.why.is_empty() { String::new() } else { format!(": {}", standing.why.join(", ")) };
    let by = if standing.by.is_empty() { String::new() } else { format!(", by {}", standing.by) };
    let noted = |note: &str, is_stale: bool| {
        let stale = if is_stale { format!(" ({ON_ANOTHER_TEXT})") } else { String::new() };
        format!(", note: {note}{stale}")
    };
    let note = standing.note.as_deref().map(|note| noted(note, standing.is_note_stale)).unwrap_or_default();
    let earlier = standing.earlier.as_ref().map(|note| noted(&note.text, note.is_stale)).unwrap_or_default();
    let ticks = match standing.stale_done.len() {
        0 => String::new(),
        1 => format!(", 1 item was ticked {ON_ANOTHER_TEXT}"),
        ticks => format!(", {ticks} items were ticked {ON_ANOTHER_TEXT}"),
    };
    complain(&format!("copydesk: {}{why}{by}{stale}{note}{earlier}{ticks}", standing.decided));
}

pub(super) fn run(args: &ShowArgs) -> anyhow::Result<Ending> {
    let mut opened = Opened::open(&args.posts)?;
    let rows = opened.choose(|opened| Ok(opened.corpus.rows_with_id(&args.id)))?;
    if rows.is_empty() {
        bail!("no post has the id \"{}\"; copydesk list PATH --format ids names them all", escaped(&args.id));
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for row in rows {
        let post = opened.read(row)?;
        match args.format {
            PostFormat::Json => {
                write_json(&mut out, &Reviewed { post: &post, standing: &opened.standing(row) })?;
                say!(out, "")?;
            }
            PostFormat::Text => {
                write_page(&mut out, &post)?;
                out.flush()?;
                complain_of_decision(&opened.standing(row));
            }
        }
    }
    out.flush()?;
    Ok(Ending::Fine)
}
