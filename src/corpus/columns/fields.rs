//! The fields of one post that become a row.

use std::borrow::Cow;

use super::{NONE, NumberColumn};
use crate::model::meta::normal_name;
use crate::model::{Day, Post, Value};

/// The four axes that every score is expected to have, in the order of their columns.
pub const AXES: [(&str, NumberColumn); 4] = [
    ("quality", NumberColumn::Quality),
    ("freshness", NumberColumn::Freshness),
    ("depth", NumberColumn::Depth),
    ("clarity", NumberColumn::Clarity),
];

/// The fields of one post that become a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowFields {
    /// See [`crate::model::PostId`].
    pub id: String,
    /// The title, raw.
    pub title: String,
    /// The stacks.
    pub stack: Vec<String>,
    /// The tools.
    pub tools: Vec<String>,
    /// The language of the code; blank for none.
    pub language: String,
    /// The difficulty; blank for none.
    pub difficulty: String,
    /// The status that the post claims; blank for none.
    pub claimed: String,
    /// The flags that are a plain yes or no.
    pub flags: Vec<(String, bool)>,
    /// The mean of all axes, 0 to 100.
    pub score: Option<f32>,
    /// The axes in the order of [`AXES`], 0 to 100.
    pub axes: [Option<f32>; 4],
    /// The view count.
    pub views: Option<u64>,
    /// The reading time. Unit: minutes.
    pub minutes: Option<u16>,
    /// How many image sources there are.
    pub images: u16,
    /// How many paragraphs the payload claims.
    pub paragraphs: Option<u16>,
    /// What it is about; blank for nothing.
    pub topic: String,
    /// The names of what it speaks of.
    pub entities: Vec<String>,
    /// Where its pictures come from (see [`Post::hosts`]).
    pub hosts: Vec<String>,
    /// Its version; blank for none.
    pub version: String,
    /// What it is called elsewhere; blank for nothing.
    pub reference: String,
    /// The lowest axis, 0 to 100.
    pub lowest: Option<f32>,
    /// When it says it was last looked at.
    pub revised: Option<Day>,
    /// Something of the post contradicts itself.
    pub contradiction: bool,
    /// See [`Post::is_suspicious`].
    pub suspicious: bool,
    /// Something about it was doubtful when it was read.
    pub doubtful: bool,
}

impl RowFields {
    /// The row of a post that was read whole.
    pub fn of_post(post: &Post) -> Self {
        let word = |name| post.text(name).unwrap_or_default().to_owned();
        let list = |name| post.list(name).map(str::to_owned).collect();
        let mut axes = [None; 4];
        for (name, score) in post.score_axes() {
            if let Some(slot) = axis(name).and_then(|at| axes.get_mut(at)) {
                *slot = Some(score);
            }
        }
        Self {
            id: post.id.as_str().to_owned(),
            title: post.title.clone(),
            stack: list("stack"),
            tools: list("tools"),
            language: word("code_language"),
            difficulty: word("difficulty"),
            claimed: post.claimed_status().unwrap_or_default().to_owned(),
            flags: post.flags().map(|(name, value)| (name.to_owned(), value)).collect(),
            score: post.score(),
            axes,
            views: count(post.get("view_count")),
            minutes: count(post.get("reading_time")),
            images: images(post),
            paragraphs: count(post.get("payload").and_then(|payload| payload.get("paragraphs"))),
            topic: word("topic"),
            entities: post.entities().map(str::to_owned).collect(),
            hosts: post.hosts().into_iter().map(Cow::into_owned).collect(),
            version: post.revision("version").unwrap_or_default().to_owned(),
            reference: word("reference"),
            lowest: post.lowest_score(),
            revised: post.revision("last_reviewed").and_then(Day::parse),
            contradiction: !post.contradictions().is_empty(),
            suspicious: post.is_suspicious(),
            doubtful: false,
        }
    }
}

/// The place in [`AXES`] of the axis with this name.
pub(in crate::corpus) fn axis(name: &str) -> Option<usize> {
    let of = |name: &str| AXES.iter().position(|(axis, _)| *axis == name);
    of(name).or_else(|| of(&normal_name(name)))
}

/// How many images a post names, as far as the column can tell.
pub(in crate::corpus) fn images(post: &Post) -> u16 {
    u16::try_from(post.images().count()).unwrap_or(u16::MAX).min(NONE - 1)
}

/// A count as it was written; anything else is none.
pub(in crate::corpus) fn count<T: std::str::FromStr>(value: Option<&Value>) -> Option<T> {
    value.and_then(|value| value.to_string().parse().ok())
}
