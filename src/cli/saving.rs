//! Decisions of a command on their way to the review logs. Nothing keeps them when it ends, so what could not be
//! saved is told with its lines, and so is what was saved before it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::opened::Opened;
use crate::model::figures::grouped;
use crate::model::safe;
use crate::review::{Journal, Record, Synced};

/// What was saved so far, and what was not.
#[derive(Debug, Default)]
pub(super) struct Saving {
    /// How many posts each log has got.
    saved: BTreeMap<PathBuf, usize>,
    /// The lines that were not saved, each with its log and its number of posts.
    unsaved: Vec<(PathBuf, String, usize)>,
    /// What went wrong, a sentence each.
    troubles: Vec<String>,
}

impl Saving {
    /// Appends a record to its log and sees it to the disk. Behind one that was not saved none is tried: a step
    /// that is half done should not go on to be it.
    pub(super) fn save(&mut self, opened: &mut Opened, record: &Record) {
        let posts = record.posts().count();
        let Some(log) = opened.logs.get_mut(opened.reviews.log_of(&record.id)) else {
            self.refuse(PathBuf::new(), record, "there is no review log for these posts".to_owned());
            return;
        };
        if !self.unsaved.is_empty() {
            self.unsaved.push((log.path().to_owned(), record.to_line(), posts));
            return;
        }
        let synced = match log.append(record) {
            Ok(_) => log.sync().map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match synced {
            Ok(Synced::InLog) => *self.saved.entry(log.path().to_owned()).or_default() += posts,
            Ok(Synced::Rescued(path)) => {
                self.troubles.push(format!(
                    "the disk refused the review log; what was decided is safe in {}",
                    shown(&path)
                ));
                *self.saved.entry(path).or_default() += posts;
            }
            Err(why) => self.refuse(log.path().to_owned(), record, why),
        }
    }

    fn refuse(&mut self, log: PathBuf, record: &Record, why: String) {
        self.troubles.push(why);
        self.unsaved.push((log, record.to_line(), record.posts().count()));
    }

    /// How many posts are saved.
    pub(super) fn count(&self) -> usize {
        self.saved.values().sum()
    }

    /// The logs that were written to, with how many posts each got where there are several.
    pub(super) fn places(&self) -> String {
        let named = |(log, count): (&PathBuf, &usize)| match self.saved.len() {
            1 => format!("in {}", shown(log)),
            _ => format!("{count} in {}", shown(log)),
        };
        match self.saved.len() {
            0 => "nothing was written".to_owned(),
            _ => self.saved.iter().map(named).collect::<Vec<_>>().join(", "),
        }
    }

    /// An error where not everything is safe; `done` is what was to become of the posts.
    pub(super) fn check(&self, done: &str) -> Result<(), NotSafe> {
        if self.troubles.is_empty() {
            return Ok(());
        }
        let mut told = self.troubles.clone();
        if !self.unsaved.is_empty() {
            told.push(match self.count() {
                0 => "Nothing was written before that".to_owned(),
                before => format!("{} {done} before that, {}", counted(before, "was", "were"), self.places()),
            });
            let left = self.unsaved.iter().map(|(_, _, posts)| posts).sum();
            told.push(format!("{} not {done}; as lines of the review log:", counted(left, "is", "are")));
        }
        let mut last = None;
        for (log, line, _) in &self.unsaved {
            if last.replace(log) != Some(log) {
                told.push(format!("For {}:", shown(log)));
            }
            told.push(line.trim_end().to_owned());
        }
        Err(NotSafe(told.join("\n")))
    }
}

/// Decisions that are not where they should be: why, and their lines.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NotSafe(String);

fn shown(path: &Path) -> String {
    safe(&path.to_string_lossy()).to_string()
}

fn counted(posts: usize, is: &str, are: &str) -> String {
    if posts == 1 { format!("1 post {is}") } else { format!("{} posts {are}", grouped(posts)) }
}
