//! Every hostile input: its group, its name, what is expected of it and how it is made.

mod elsewhere;
mod logs;
mod made;
mod paths;
mod records;
mod texts;

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use crate::support::posts;

pub use elsewhere::PROVED_ELSEWHERE;

/// The table, in pieces.
const TABLES: [&[Input]; 5] = [records::INPUTS, texts::INPUTS, made::INPUTS, paths::INPUTS, logs::INPUTS];

/// The table.
pub fn inputs() -> Vec<&'static Input> {
    TABLES.into_iter().flatten().collect()
}

/// How an input is made.
#[derive(Clone, Copy)]
pub enum Make {
    /// A file of `inputs/`; `.log` is a review log beside five sound posts.
    File(&'static str),
    /// By hand, in a folder; gives what is named on the command line.
    Place(fn(&Path) -> Vec<OsString>),
}

/// One input.
pub struct Input {
    pub group: u8,
    pub name: &'static str,
    pub expected: &'static str,
    pub make: Make,
    /// How many posts load; `None`: it is refused whole.
    pub posts: Option<usize>,
    /// How many problems `check` counts, where that is told.
    pub problems: Option<usize>,
    /// What has to be said somewhere, on the screen or by a command.
    pub says: &'static [&'static str],
}

const fn file(
    group: u8,
    name: &'static str,
    expected: &'static str,
    path: &'static str,
    (posts, problems): (Option<usize>, Option<usize>),
    says: &'static [&'static str],
) -> Input {
    Input { group, name, expected, make: Make::File(path), posts, problems, says }
}

const fn place(
    group: u8,
    name: &'static str,
    expected: &'static str,
    make: fn(&Path) -> Vec<OsString>,
    (posts, problems): (Option<usize>, Option<usize>),
    says: &'static [&'static str],
) -> Input {
    Input { group, name, expected, make: Make::Place(make), posts, problems, says }
}

const GOOD: &str = "{\"id\":\"good\",\"title\":\"a sound post\",\"body\":\"one paragraph\"}\n";

/// A good post, then what is written into the file.
fn made(folder: &Path, write: impl FnOnce(&mut std::io::BufWriter<File>)) -> Vec<OsString> {
    let mut out = std::io::BufWriter::new(File::create(folder.join("posts.jsonl")).unwrap());
    out.write_all(GOOD.as_bytes()).unwrap();
    write(&mut out);
    out.flush().unwrap();
    vec!["posts.jsonl".into()]
}

fn one(folder: &Path, post: &str) -> Vec<OsString> {
    made(folder, |out| writeln!(out, "{post}").unwrap())
}

/// A file with good posts under a hostile name.
fn named(folder: &Path, name: &OsStr) -> Vec<OsString> {
    fs::write(folder.join(name), GOOD).unwrap();
    vec![name.to_owned()]
}

fn with_log(folder: &Path, make: impl FnOnce(&Path)) -> Vec<OsString> {
    fs::write(folder.join("posts.jsonl"), posts()).unwrap();
    make(&folder.join("posts.jsonl.reviews.jsonl"));
    vec!["posts.jsonl".into()]
}
