//! In which of several logs each record stands.

/// The logs of records, as runs of records that came one after another. Records and logs are numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Origins {
    /// The first record of each run, and its log. What stands before them is of the first log.
    runs: Vec<(u32, usize)>,
    /// Where the next record stands.
    log: usize,
}

impl Origins {
    /// Records that come from here on stand in this log.
    pub(super) fn turn_to(&mut self, log: usize) {
        self.log = log;
    }

    /// A record has come, the newest of all.
    pub(super) fn add(&mut self, record: u32) {
        if self.runs.last().map_or(0, |(_, log)| *log) != self.log {
            self.runs.push((record, self.log));
        }
    }

    /// The log that a record stands in.
    pub(super) fn of(&self, record: u32) -> usize {
        let next = self.runs.partition_point(|(first, _)| *first <= record);
        next.checked_sub(1).and_then(|run| self.runs.get(run)).map_or(0, |(_, log)| *log)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_is_known_by_its_log() {
        let logs = [0, 0, 2, 2, 1, 0, 0, 3];
        let mut origins = Origins::default();
        for (record, log) in (0..).zip(logs) {
            origins.turn_to(log);
            origins.add(record);
        }
        let found: Vec<usize> = (0..8).map(|record| origins.of(record)).collect();
        assert_eq!(found, logs);
        assert_eq!(origins.runs.len(), 4);
        assert_eq!(Origins::default().of(5), 0);
    }
}
