//! Every record of a log and of those beside it that belong to the same posts.

use std::path::PathBuf;

use super::{Replayed, ReviewLog, is_symlink};
use crate::review::damage::Named;
use crate::review::error::{LogError, LogProblem};
use crate::review::line::Checked;
use crate::review::log_file::{DiskFile, is_absent, not_a_log};
use crate::review::replay::{Position, Sink, replay};
use crate::review::reviews::Reviews;
use crate::review::seen::Seen;
use crate::review::sinks::{EachRecord, Fold};

impl ReviewLog {
    /// Reads every record: of this log and of those beside it that belong to the same posts.
    pub fn replay(
        &mut self,
        on: &mut (dyn FnMut(Result<Checked, LogProblem>) + Send),
    ) -> Result<Replayed, LogError> {
        self.replay_in(&mut EachRecord(on))
    }

    /// The same of this log alone.
    pub fn replay_alone(
        &mut self,
        on: &mut (dyn FnMut(Result<Checked, LogProblem>) + Send),
    ) -> Result<Replayed, LogError> {
        self.replay_alone_in(&mut EachRecord(on))
    }

    /// The same into a sink.
    pub(in crate::review) fn replay_alone_in(&mut self, sink: &mut impl Sink) -> Result<Replayed, LogError> {
        self.read(vec![self.path.clone()], sink)
    }

    /// Every record of the family into a sink.
    pub(in crate::review) fn replay_in(&mut self, sink: &mut impl Sink) -> Result<Replayed, LogError> {
        let paths = self.paths()?;
        self.tell_unread(sink)?;
        self.read(paths, sink)
    }

    /// Tells of what has the name of a log of the family and cannot be read as one.
    fn tell_unread(&self, sink: &mut impl Sink) -> Result<(), LogError> {
        for (path, kind) in self.family.unread()? {
            let advice = "decisions in it do not count; put a file of its own there";
            if path.file_name() != self.path.file_name() {
                sink.problem(LogProblem {
                    path,
                    line: 0,
                    offset: 0,
                    found: kind.to_owned(),
                    advice,
                    named: Named::default(),
                });
            }
        }
        Ok(())
    }

    /// Every record of the family that does not stand in this log, into a sink.
    pub(in crate::review) fn replay_others_in(&mut self, sink: &mut impl Sink) -> Result<Replayed, LogError> {
        let paths = self.paths()?.split_off(1);
        self.tell_unread(sink)?;
        self.read(paths, sink)
    }

    /// The same straight into the decisions, which is a lot quicker for a long log.
    pub fn replay_into(
        &mut self,
        reviews: &mut Reviews,
        on_problem: &mut (dyn FnMut(LogProblem) + Send),
    ) -> Result<Replayed, LogError> {
        self.replay_in(&mut Fold { reviews, on_problem })
    }

    fn read(&mut self, paths: Vec<PathBuf>, sink: &mut impl Sink) -> Result<Replayed, LogError> {
        let mut replayed = Replayed::default();
        for path in paths {
            let failed = |cause| LogError::Io { path: path.clone(), cause };
            match DiskFile::open_to_read(&path) {
                Ok(file) => {
                    let metadata = file.metadata().map_err(failed)?;
                    if !metadata.is_file() {
                        let found = not_a_log(&metadata).unwrap_or("no regular file");
                        return Err(LogError::NotAFile { path, found });
                    }
                    sink.begin(metadata.len());
                    let mut position = Position::default();
                    let seen = Seen::begin(&file).map_err(failed)?;
                    replay(&file, &path, &mut position, sink).map_err(failed)?;
                    replayed.records += position.records;
                    replayed.unchecked += position.unchecked;
                    replayed.newer = replayed.newer.max(position.newer);
                    self.seen.insert(path.clone(), seen.up_to(&file, position).map_err(failed)?);
                }
                Err(error) if is_absent(&error) => {}
                Err(error) if is_symlink(&path) => {
                    drop(error);
                    return Err(LogError::NotAFile {
                        path,
                        found: "a symbolic link (--follow-links uses the file it leads to)",
                    });
                }
                Err(error) => return Err(failed(error)),
            }
        }
        self.newer = replayed.newer;
        Ok(replayed)
    }

    /// This log, and those of its family that are there.
    pub(in crate::review) fn paths(&self) -> Result<Vec<PathBuf>, LogError> {
        let mut paths = vec![self.path.clone()];
        // By name: the folder of a bare name is spelled in two ways.
        let is_other = |path: &PathBuf| path.file_name() != self.path.file_name();
        paths.extend(self.family.members()?.into_iter().filter(is_other));
        Ok(paths)
    }
}
