//! The posts of a step that it cannot be taken back on, and what is said of them.

use super::undo::{UndoRefused, short};
use crate::model::PostId;
use crate::model::figures::grouped;

/// So many posts are named.
const NAMED: usize = 3;

/// The posts of a step that it cannot be taken back on: others have decided on them since, or what held before
/// is not in the log any more.
#[derive(Clone, Debug, Default)]
pub struct LeftOut {
    /// How many there are.
    pub count: usize,
    /// What is in the way on the first of them.
    pub why: Option<UndoRefused>,
    /// The first of them.
    named: Vec<PostId>,
}

impl LeftOut {
    pub(super) fn add(&mut self, post: &PostId, why: UndoRefused) {
        self.count += 1;
        self.why.get_or_insert(why);
        if self.named.len() < NAMED {
            self.named.push(post.clone());
        }
    }

    /// What is in the way: on the first of them, and on how many more.
    pub fn in_the_way(&self) -> String {
        let why = self.why.as_ref().and_then(UndoRefused::in_the_way).unwrap_or_default();
        match self.count.saturating_sub(1) {
            0 => why,
            1 => format!("{why}, and 1 more post is in the way ({})", self.names(1)),
            more => format!("{why}, and {} more posts are in the way ({})", grouped(more), self.names(1)),
        }
    }

    /// What has become of them, where the rest was taken back.
    pub fn told(&self) -> String {
        let why = self.why.as_ref().and_then(UndoRefused::in_the_way).unwrap_or_default();
        match self.count {
            1 => format!("Left as it is: {why}"),
            count => format!("{} posts are left as they are ({}): {why}", grouped(count), self.names(0)),
        }
    }

    /// Some of them by their ids, without so many of the first.
    fn names(&self, without: usize) -> String {
        let ids: Vec<String> = self.named.iter().skip(without).map(|post| short(post.as_str())).collect();
        format!("{}{}", ids.join(", "), if self.count > NAMED { ", …" } else { "" })
    }
}
