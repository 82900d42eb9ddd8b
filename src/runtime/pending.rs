//! The decisions that are not known to be on the disk, where any thread can still print them.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::review::{Record, RecordId};

/// The decisions of this run that are not known to be on the disk. A clone is the same list.
#[derive(Clone, Debug, Default)]
pub struct Pending(Arc<Mutex<Vec<Arc<Record>>>>);

impl Pending {
    /// A decision was made.
    pub fn add(&self, record: Arc<Record>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(record);
    }

    /// These are on the disk now.
    pub(super) fn remove(&self, safe: &[Arc<Record>]) {
        if safe.is_empty() {
            return;
        }
        let safe: HashSet<&RecordId> = safe.iter().map(|record| &record.id).collect();
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        records.retain(|record| !safe.contains(&record.id));
    }

    /// Their ids.
    pub(super) fn ids(&self) -> Vec<RecordId> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|record| record.id.clone()).collect()
    }

    /// The lines of the log that they are.
    pub(super) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|record| record.to_line()).collect()
    }
}
