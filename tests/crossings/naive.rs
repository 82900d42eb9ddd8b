//! What a set of lines means, as naively as it can be said: every question looks at every line.

use std::collections::BTreeSet;

use copydesk::model::Status;
use serde_json::Value;

/// What a record says of one post.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) id: String,
    at: String,
    pub(crate) by: String,
    pub(crate) post: String,
    pub(crate) hash: Option<String>,
    key: String,
    pub(crate) val: String,
    why: Vec<String>,
    note: Option<String>,
    prev: Vec<String>,
    undo: Option<String>,
}

/// The lines of a record, one a post.
pub(crate) fn lines_of(record: &Value) -> Vec<Line> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let texts = |value: &Value| value.as_array().into_iter().flatten().map(text).collect::<Vec<_>>();
    let line = |post: &Value, hash: &Value, prev: &Value, own: &Value| {
        let value = if own.is_object() { own } else { record };
        Line {
            id: text(&record["id"]),
            at: text(&record["at"]),
            by: text(&record["by"]),
            post: text(post),
            hash: hash.as_str().map(str::to_owned),
            key: text(&record["key"]),
            val: own.as_str().map_or_else(|| text(&value["val"]), str::to_owned),
            why: if own.is_string() { Vec::new() } else { texts(&value["why"]) },
            note: value["note"].as_str().filter(|_| !own.is_string()).map(str::to_owned),
            prev: texts(prev),
            undo: record["undo"].as_str().map(str::to_owned),
        }
    };
    match record["posts"].as_array() {
        Some(posts) => posts.iter().map(|post| line(&post[0], &post[1], &post[2], &post[3])).collect(),
        None => vec![line(&record["post"], &record["hash"], &record["prev"], &Value::Null)],
    }
}

/// A post as the fold sees it: its id, the digest of its text, and those of the others that have its id.
#[derive(Clone, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) id: &'a str,
    pub(crate) digest: &'a str,
    pub(crate) twins: Vec<&'a str>,
}

impl Asked<'_> {
    fn is_fresh(&self, line: &Line) -> bool {
        line.hash.as_ref().is_none_or(|hash| hash == self.digest)
    }

    /// Whether a line is about the text of this post: the one that it has, or one that it had. A text that
    /// no post has was that of the only post with its id.
    fn concerns(&self, line: &Line) -> bool {
        self.is_fresh(line) || self.twins.is_empty()
    }
}

/// The fold. `lines` are those about one key of the posts with one id.
pub(crate) fn holding<'a>(lines: &[&'a Line], post: &Asked<'_>) -> Vec<&'a Line> {
    fn is_alive(line: &Line, lines: &[&Line]) -> bool {
        !lines.iter().any(|other| other.undo.as_ref() == Some(&line.id) && is_alive(other, lines))
    }
    let is_live = |line: &&&Line| line.undo.is_none() && is_alive(line, lines) && post.concerns(line);
    let live: Vec<&Line> = lines.iter().filter(is_live).copied().collect();
    let mut past: BTreeSet<&str> = BTreeSet::new();
    let mut left: Vec<&str> = live.iter().flat_map(|line| &line.prev).map(String::as_str).collect();
    while let Some(id) = left.pop() {
        if past.insert(id) {
            let named = lines.iter().filter(|line| line.id == id);
            left.extend(named.flat_map(|line| &line.prev).map(String::as_str));
        }
    }
    live.into_iter().filter(|line| !past.contains(line.id.as_str())).collect()
}

/// The ids of the records that hold for anything about a post.
pub(crate) fn held(all: &[&Line], post: &Asked<'_>) -> BTreeSet<String> {
    let about: Vec<&Line> = all.iter().filter(|line| line.post == post.id).copied().collect();
    let keys: BTreeSet<&str> = about.iter().map(|line| line.key.as_str()).collect();
    let of_key = |key| about.iter().filter(move |line| line.key == key).copied().collect::<Vec<_>>();
    keys.into_iter().flat_map(|key| holding(&of_key(key), post)).map(|line| line.id.clone()).collect()
}

/// What is shown of a post.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) status: String,
    pub(crate) decided: String,
    pub(crate) by: String,
    pub(crate) why: Vec<String>,
    pub(crate) note: Option<String>,
    pub(crate) earlier: Option<String>,
    pub(crate) done: BTreeSet<String>,
    pub(crate) stale: bool,
    pub(crate) conflict: bool,
}

fn caution(status: &str) -> usize {
    ["reviewed", "skipped", "unreviewed", "flagged"].iter().position(|known| *known == status).unwrap_or(0)
}

/// The number within an id of our own form: higher than that of every record its writer had seen.
fn number(line: &Line) -> u64 {
    let number = line.id.rsplit_once('-').map_or("", |(_, number)| number);
    if line.id.len() > 22 { 0 } else { u64::from_str_radix(number, 16).unwrap_or(0) }
}

pub(crate) fn shown(all: &[&Line], post: &Asked<'_>) -> Shown {
    let about: Vec<&Line> = all.iter().filter(|line| line.post == post.id).copied().collect();
    let of_key = |key: &str| {
        let lines: Vec<&Line> = about.iter().filter(|line| line.key == key).copied().collect();
        holding(&lines, post)
    };
    let mut shown = Shown { status: "unreviewed".into(), decided: "unreviewed".into(), ..Shown::default() };
    let holding = of_key("status");
    let mut considered: Vec<&Line> = holding.iter().filter(|line| post.is_fresh(line)).copied().collect();
    if considered.is_empty() {
        considered = holding;
    }
    let head = considered.iter().max_by_key(|line| (caution(&line.val), &line.at, &line.id));
    if let Some(head) = head {
        shown.stale = !post.is_fresh(head) && head.val != "unreviewed";
        shown.conflict = considered.iter().any(|line| line.val != head.val);
        shown.status = if shown.stale { Status::Unreviewed.name().into() } else { head.val.clone() };
        (shown.decided, shown.by, shown.why) = (head.val.clone(), head.by.clone(), head.why.clone());
    }
    // The note is the one that was written last, beside the decision or on the post.
    let beside = head.and_then(|head| Some((head, head.note.as_ref().filter(|note| !note.is_empty())?)));
    let on_post = of_key("note").into_iter().max_by_key(|line| (&line.at, &line.id));
    let text = |line: &Line| Some(line.val.clone()).filter(|text| !text.is_empty());
    let made = |line: &Line| (number(line), line.at.clone(), line.id.clone());
    match (beside, on_post) {
        (Some((head, note)), Some(on_post)) if made(head) > made(on_post) => {
            shown.note = Some(note.clone());
            shown.earlier = text(on_post).filter(|earlier| earlier != note);
        }
        (_, Some(on_post)) => shown.note = text(on_post),
        (beside, None) => shown.note = beside.map(|(_, note)| note.clone()),
    }
    // A tick holds for the text that it was made on.
    let keys: BTreeSet<&str> = about.iter().filter_map(|line| line.key.strip_prefix("check:")).collect();
    for item in keys {
        let holding = of_key(&format!("check:{item}"));
        let mut fresh = holding.iter().filter(|line| post.is_fresh(line)).peekable();
        if fresh.peek().is_some() && fresh.all(|line| line.val == "done") {
            shown.done.insert(item.to_owned());
        }
    }
    shown
}
