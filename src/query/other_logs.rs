//! Review logs that are not read with the posts and decide on some of them: those of an earlier export, or of a file
//! that had another name.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::corpus::{Corpus, Row, Sources, body};
use crate::model::figures::grouped;
use crate::model::{Digest, PostId, Status};
use crate::review::{Key, Record, ReviewLog, Target};

/// So much of all logs together is read, so that it takes no longer than a second. Unit: bytes.
const MAX_LOG_BYTES: u64 = 64 << 20;

/// The texts of so many posts are compared with those that a log has decided on: where none of them is the same, the
/// ids are the same by chance, as row numbers are.
const SAMPLE: usize = 64;

/// Where there are no more posts than this, and no more bytes, a log is also compared by the texts of all posts.
const FEW_POSTS: usize = 2_048;
/// See above.
const FEW_BYTES: u64 = 16 << 20;

/// A log that decides on posts which are open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherLog {
    /// The log.
    pub path: PathBuf,
    /// The posts that it decides on, by their ids.
    by_id: Vec<Row>,
    /// Posts whose text it decides on under another id.
    by_text: Vec<Row>,
}

/// The texts that a log has last decided on, by the ids of their posts; none for a record that names no text.
type Decided = HashMap<PostId, Option<Digest>>;

/// Those of some logs that decide on some of these posts.
pub fn other_logs(posts: (&Sources, &Corpus), logs: &[PathBuf]) -> Vec<OtherLog> {
    let mut room = MAX_LOG_BYTES;
    let fits = |log: &&PathBuf| {
        let left = fs::metadata(log).ok().and_then(|metadata| room.checked_sub(metadata.len()));
        room = left.unwrap_or(room);
        left.is_some()
    };
    logs.iter().filter(fits).filter_map(|log| OtherLog::look(posts, log)).collect()
}

impl OtherLog {
    fn look((sources, corpus): (&Sources, &Corpus), log: &Path) -> Option<Self> {
        let decided = decided_in(log);
        let digests = |rows: &[Row]| body::digests(sources, corpus, rows).into_iter();
        let text_of = |row: Row| corpus.get(row).and_then(|post| decided.get(post.id()));
        let mut by_id: Vec<Row> =
            corpus.rows_with_ids(decided.keys().map(PostId::as_str)).into_values().flatten().collect();
        by_id.sort_unstable();
        let sample: Vec<Row> = by_id.iter().step_by(by_id.len().div_ceil(SAMPLE).max(1)).copied().collect();
        let is_same = |(row, text): (Row, Option<Digest>)| match text_of(row) {
            Some(Some(decided)) => text == Some(*decided),
            named => named.is_some(),
        };
        if !digests(&sample).any(is_same) {
            by_id.clear();
        }
        let mut by_text = Vec::new();
        if corpus.len() <= FEW_POSTS && sources.total_bytes() <= FEW_BYTES {
            let texts: std::collections::HashSet<Digest> = decided.values().flatten().copied().collect();
            let others: Vec<Row> = corpus.rows().filter(|row| by_id.binary_search(row).is_err()).collect();
            let is_decided = |text: Option<Digest>| text.is_some_and(|text| texts.contains(&text));
            by_text = digests(&others).filter(|(_, text)| is_decided(*text)).map(|(row, _)| row).collect();
        }
        let is_one = !by_id.is_empty() || !by_text.is_empty();
        is_one.then(|| Self { path: log.to_owned(), by_id, by_text })
    }

    /// What is said of it, with the command that uses it: `into` is the log that is read. Only posts count that
    /// `is_open` for decisions; `None` where there are none.
    pub fn told(&self, is_open: impl Fn(Row) -> bool, into: &str) -> Option<String> {
        let count = |rows: &[Row]| rows.iter().filter(|row| is_open(**row)).count();
        let posts = match (count(&self.by_id), count(&self.by_text)) {
            (0, 0) => return None,
            (ids, 0) => format!("{} of these posts", grouped(ids)),
            (0, texts) => format!("{} of these posts, which have other ids there", grouped(texts)),
            (ids, texts) => {
                format!(
                    "{} of these posts and {} more, which have other ids there",
                    grouped(ids),
                    grouped(texts)
                )
            }
        };
        let name = self.path.display();
        Some(format!(
            "the decisions in {name} do not count here; copydesk merge {into} {name} brings them in, on {posts}"
        ))
    }
}

/// The posts that a log has decided on, by the last record about each in the order of the file.
fn decided_in(log: &Path) -> Decided {
    let mut decided = Decided::new();
    // A log that cannot be read decides on nothing, and what is damaged in it is told when it is used.
    let _ = ReviewLog::open(log).replay_alone(&mut |line| {
        if let Some(record) =
            line.ok().map(|checked| checked.record).filter(|record| record.key == Key::Status)
        {
            take_in(record, &mut decided);
        }
    });
    decided
}

fn take_in(record: Record, decided: &mut Decided) {
    let Record { target, val, .. } = record;
    let mut set = |post: PostId, hash: Option<Digest>, val: &str| match Status::from_name(val) {
        Some(Status::Unreviewed) => drop(decided.remove(&post)),
        _ => drop(decided.insert(post, hash)),
    };
    match target {
        Target::One { post, hash, .. } => set(post, hash, &val),
        Target::Many(targets) => targets.into_iter().for_each(|target| {
            let own = target.own.as_ref().map_or(val.as_str(), |own| own.val.as_str());
            set(target.post, Some(target.hash), own);
        }),
    }
}
