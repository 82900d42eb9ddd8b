//! One post, written as a JSON object: what it is depends on the seed and its index alone.

use std::ops::Range;

use super::body::{self, Checklist, Echo};
use super::defect::{Defect, Plan};
use super::random::{Random, Stream};
use super::theme::{Theme, write_padded};
use super::words::{ACTIONS, BRIEFS, HOSTS, PLACEHOLDERS, REVISED, SUMMARIES};

/// What begins every id; the index follows in [`ID_DIGITS`] digits.
const ID_PREFIX: &[u8] = b"inkwell-";

/// So that a list of up to ten million ids is in order as text. Unit: digits.
const ID_DIGITS: usize = 7;

/// Control characters as JSON writes them: escape sequences, a bell, a backspace, a delete, and the
/// one character that begins a sequence alone. NUL is left out: it makes a page a binary file.
const CONTROLS: &[&str] = &["\\u001b[31m", "\\u0007", "\\u0008", "\\u007f", "\\u009b2J", "\\u0001"];

/// What post `index` is known by.
pub(super) fn id(index: u64) -> String {
    let mut id = Vec::new();
    write_id(&mut id, index);
    String::from_utf8_lossy(&id).into_owned()
}

pub(super) fn write_id(out: &mut Vec<u8>, index: u64) {
    out.extend_from_slice(ID_PREFIX);
    write_padded(out, index, ID_DIGITS);
}

/// Writes the post `index` (from 1) of `seed` as one JSON object on one line, without a line end.
/// Says what is wrong with it.
pub(super) fn write(out: &mut Vec<u8>, seed: u64, index: u64) -> Plan {
    let plan = Plan::of(seed, index);
    let original = plan.original().unwrap_or(index);
    // A near duplicate has the words of another post and the numbers of its own.
    let counted = if plan.has(Defect::ExactDuplicate) { original } else { index };
    let theme = Theme::of(seed, original);
    let mut writer = Writer {
        out,
        plan,
        seed,
        index,
        original,
        counted,
        text: Random::new(seed, original, Stream::Text),
        numbers: Random::new(seed, counted, Stream::Numbers),
        flaws: Random::new(seed, index, Stream::Flaws),
        needs_review: false,
        theme,
    };
    writer.post();
    plan
}

/// A post while it is written.
pub(super) struct Writer<'w> {
    pub(super) out: &'w mut Vec<u8>,
    pub(super) plan: Plan,
    pub(super) seed: u64,
    pub(super) index: u64,
    /// The index that its words belong to.
    pub(super) original: u64,
    /// The index that its numbers belong to.
    pub(super) counted: u64,
    pub(super) theme: Theme,
    pub(super) text: Random,
    pub(super) numbers: Random,
    pub(super) flaws: Random,
    /// It asks for a human review.
    pub(super) needs_review: bool,
}

impl Writer<'_> {
    pub(super) fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Writes a text of the vocabulary.
    pub(super) fn words(&mut self, text: &str) {
        self.theme.write(self.out, text, &mut self.text);
    }

    pub(super) fn has(&self, defect: Defect) -> bool {
        self.plan.has(defect)
    }

    fn post(&mut self) {
        self.put("{\"id\":\"");
        self.id();
        let title = self.title();
        let hosts = self.hosts();
        let checklist = Checklist::new(&mut self.text);
        let echo = self.has(Defect::NearDuplicate).then(|| Echo::new(&mut self.flaws));
        self.put("\",\"body\":\"");
        let body = body::write(self.out, &self.theme, &hosts, &checklist, echo, &mut self.text);
        let summary = self.synopsis();
        self.stack_and_tools();
        self.counts(body.minutes);
        self.claims(hosts.len());
        self.put(",\"checklist\":");
        self.list(checklist.items());
        self.entities();
        self.images(&hosts, &body.captions);
        self.payload(body.paragraphs);
        self.notes();
        self.similar();
        self.put("}");
        if self.has(Defect::ControlCharacter) {
            // Last of all, so that nothing that was measured has moved.
            let spot = self.flaws.pick(&[0, 1, 2]);
            self.spoil(match spot {
                0 => title,
                1 => body.opening,
                _ => summary,
            });
        }
    }

    pub(super) fn id(&mut self) {
        write_id(self.out, self.index);
    }

    /// Where it stands is returned.
    fn title(&mut self) -> Range<usize> {
        self.put("\",\"title\":\"");
        let start = self.out.len();
        self.theme.write_title(self.out);
        if self.has(Defect::NearDuplicate) {
            let revised = self.flaws.pick(REVISED);
            self.put(", ");
            self.put(revised);
        }
        start..self.out.len()
    }

    /// The hosts of its pictures, none for a post without.
    fn hosts(&mut self) -> Vec<&'static str> {
        let count = match self.text.below(100) {
            0..30 => 0,
            30..85 => 1,
            85..97 => 2,
            _ => 3,
        };
        let mut hosts: Vec<&str> = (0..count).map(|_| self.text.pick(HOSTS)).collect();
        if self.has(Defect::ImagesMissing) {
            hosts.clear();
        }
        if hosts.is_empty() && (self.has(Defect::TruncatedUrl) || self.has(Defect::PlaceholderImage)) {
            hosts.push(self.text.pick(HOSTS));
        }
        if self.has(Defect::PlaceholderImage)
            && let Some(host) = hosts.first_mut()
        {
            *host = self.flaws.pick(PLACEHOLDERS);
        }
        hosts
    }

    /// Topic, summary, outline and brief; where the summary stands is returned.
    fn synopsis(&mut self) -> Range<usize> {
        self.put("\",\"topic\":\"");
        self.words("%s / %k");
        self.put("\",\"summary\":\"");
        let start = self.out.len();
        let summary = self.text.pick(SUMMARIES);
        self.words(summary);
        let end = self.out.len();
        self.put("\",\"ai_outline\":{\"context\":\"");
        self.words("%w");
        self.put("\",\"problem\":\"");
        self.words("%s");
        self.put("\",\"stack\":\"");
        self.words("%k");
        self.put("\",\"recommended_action\":\"");
        let action = self.text.pick(ACTIONS);
        self.words(action);
        self.put("\"},\"ai_brief\":\"");
        let brief = self.text.pick(BRIEFS);
        self.words(brief);
        start..end
    }

    /// Puts a control character in front of a word, or where the text begins.
    fn spoil(&mut self, text: Range<usize>) {
        let behind_word = |at: &usize| {
            let before = at.checked_sub(1).and_then(|before| self.out.get(before));
            self.out.get(*at) == Some(&b' ') && before.is_some_and(u8::is_ascii_alphanumeric)
        };
        let start = text.start;
        let at = text.filter(behind_word).nth(1).map_or(start, |blank| blank + 1);
        let control = self.flaws.pick(CONTROLS);
        self.out.splice(at..at, control.bytes());
    }
}
