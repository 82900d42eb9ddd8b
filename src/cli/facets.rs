//! `copydesk facets`: how many posts have each value of a field.

use std::io::Write;

use serde::Serialize;

use super::Ending;
use super::args::{Output, Posts, words};
use super::opened::Opened;
use super::output::{Format, csv_line, table, write_json};
use crate::model::figures::percent;
use crate::query::{FIELDS, Facet, FacetValue, Facets, Field};

/// The columns of the table and of CSV.
const COLUMNS: [&str; 4] = ["value", "posts", "share", "filter"];

/// Count the posts that have each value of a field
#[derive(Debug, clap::Args)]
pub(super) struct FacetsArgs {
    #[command(flatten)]
    posts: Posts,
    /// The field, by its name in a query: stack, score, by
    #[arg(long, value_name = "FIELD", value_parser = field)]
    field: &'static Field,
    /// Which posts are counted, in the language of the screen
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true, value_parser = words)]
    filter: Option<String>,
    /// At most so many values
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    output: Output,
}

/// A field whose values can be counted.
fn field(name: &str) -> Result<&'static Field, String> {
    Field::find(name).filter(|field| field.has_facet()).ok_or_else(|| {
        let names = FIELDS.iter().filter(|field| field.has_facet()).map(|field| field.name);
        format!("expected one of: {}", names.collect::<Vec<_>>().join(" "))
    })
}

/// What is printed as JSON.
#[derive(Serialize)]
struct Counted {
    field: &'static str,
    posts: usize,
    missing: usize,
    different: usize,
    values: Vec<One>,
}

#[derive(Serialize)]
struct One {
    value: String,
    posts: usize,
    filter: String,
}

pub(super) fn run(args: &FacetsArgs) -> anyhow::Result<Ending> {
    let opened = Opened::open(&args.posts)?;
    let view = opened.filter(args.filter.as_deref(), None)?;
    let facet = Facets::default().facet(args.field, opened.posts(), &view, args.limit, &|| false);
    let Some(facet) = facet else { return Ok(Ending::Wanting) };
    // Posts without a value have a filter where the field is one of texts.
    let missing_filter = facet.missing_term();
    let Facet { field, values, missing, different } = facet;
    let cells = |FacetValue { label, term, posts }: &FacetValue| {
        vec![label.clone(), posts.to_string(), percent(*posts, view.len()), term.clone()]
    };
    let none = || {
        let filter = missing_filter.clone().unwrap_or_default();
        vec![String::new(), missing.to_string(), percent(missing, view.len()), filter]
    };
    let rows = || values.iter().map(cells).chain((missing > 0).then(none));
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match args.output.format {
        Format::Json | Format::Jsonl => {
            let one = |FacetValue { label, term, posts }| One { value: label, posts, filter: term };
            let values = values.into_iter().map(one);
            let counted = Counted {
                field: field.name,
                posts: view.len(),
                missing,
                different,
                values: values.collect(),
            };
            write_json(&mut out, &counted)?;
            say!(out, "")?;
        }
        Format::Csv => {
            csv_line(&mut out, &COLUMNS.map(str::to_owned))?;
            rows().try_for_each(|cells: Vec<String>| csv_line(&mut out, &cells))?;
        }
        Format::Table | Format::Ids => table(&mut out, &COLUMNS, &rows().collect::<Vec<_>>())?,
    }
    out.flush()?;
    Ok(if view.is_empty() { Ending::Wanting } else { Ending::Fine })
}
