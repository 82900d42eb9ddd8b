//! Where the records of a log go.

use super::draft::Draft;
use super::error::LogProblem;
use super::line::Checked;
use super::record::Record;
use super::replay::Sink;
use super::reviews::Reviews;
use super::state::State;

/// Every record as one of its own.
pub(super) struct EachRecord<'a>(pub(super) &'a mut (dyn FnMut(Result<Checked, LogProblem>) + Send));

impl Sink for EachRecord<'_> {
    fn record(&mut self, draft: &Draft<'_>, is_checked: bool) {
        (self.0)(Ok(Checked { record: draft.clone().into_record(), is_checked }));
    }

    fn problem(&mut self, problem: LogProblem) {
        (self.0)(Err(problem));
    }
}

/// Everything straight into the decisions.
pub(super) struct Fold<'a> {
    pub(super) reviews: &'a mut Reviews,
    pub(super) on_problem: &'a mut (dyn FnMut(LogProblem) + Send),
}

impl Sink for Fold<'_> {
    fn begin(&mut self, bytes: u64) {
        self.reviews.begin_file(likely_records(bytes));
    }

    fn record(&mut self, draft: &Draft<'_>, _is_checked: bool) {
        self.reviews.absorb_draft(draft);
    }

    fn problem(&mut self, problem: LogProblem) {
        self.reviews.doubt(&problem.named);
        (self.on_problem)(problem);
    }
}

/// Everything into a state alone, and what makes no record beside it.
pub(super) struct Absorb<'a>(pub(super) &'a mut State, pub(super) &'a mut Vec<LogProblem>);

impl Sink for Absorb<'_> {
    fn begin(&mut self, bytes: u64) {
        self.0.reserve(likely_records(bytes));
    }

    fn record(&mut self, draft: &Draft<'_>, _is_checked: bool) {
        self.0.absorb_draft(draft);
    }

    fn problem(&mut self, problem: LogProblem) {
        self.1.push(problem);
    }
}

/// How many records a file of so many bytes holds, most likely.
fn likely_records(bytes: u64) -> usize {
    /// A decision without a note takes up about so much. Unit: bytes.
    const RECORD_BYTES: u64 = 240;
    /// No more room than this is made on the word of a file's size. Unit: records.
    const MOST: u64 = 8_000_000;
    usize::try_from((bytes / RECORD_BYTES).min(MOST)).unwrap_or(0)
}

/// What others have added.
pub(super) struct Others<'a>(pub(super) &'a mut Vec<Record>, pub(super) &'a mut Vec<LogProblem>);

impl Sink for Others<'_> {
    fn record(&mut self, draft: &Draft<'_>, _is_checked: bool) {
        self.0.push(draft.clone().into_record());
    }

    fn problem(&mut self, problem: LogProblem) {
        self.1.push(problem);
    }
}
