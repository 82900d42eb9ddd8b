//! The fields of a post that are lists, numbers and claims.

use std::ops::Range;

use super::defect::{Defect, earlier_sound};
use super::post::Writer;
use super::random::Deck;
use super::theme::{Theme, write_hex, write_number, write_padded};
use super::words::{NOTES, PLACEHOLDERS, TOOLS};

/// The newest year of a last look. A constant, so that a corpus is the same next year.
const LAST_YEAR: u32 = 2025;

/// The days of each month; a leap day is a date that some programs refuse.
const DAYS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// What a post says of its own status, the more frequent ones first.
const CLAIMS: &[&str] =
    &["draft", "reviewed", "needs work", "in review", "approved", "published", "outdated"];
/// Those that do not say that somebody has read it.
const OPEN_CLAIMS: &[&str] = &["draft", "needs work", "in review", "outdated"];
/// Those that do.
const REVIEWED_CLAIMS: &[&str] = &["reviewed", "approved", "published"];

/// How hard a text is to read, and how that moves its depth.
const DIFFICULTIES: &[(&str, i64)] =
    &[("beginner", -9), ("intermediate", 0), ("intermediate", 0), ("advanced", 9)];

const AXES: [&str; 4] = ["quality", "freshness", "depth", "clarity"];

/// The sizes that pictures come in.
const SIZES: &[&str] = &["1200x630", "1600x900", "800x600", "1024x768"];

impl Writer<'_> {
    /// Writes a list of texts.
    pub(super) fn list(&mut self, items: impl Iterator<Item = &'static str>) {
        let mut before = "[\"";
        for item in items {
            self.put(before);
            self.words(item);
            before = "\",\"";
        }
        self.put(if before == "[\"" { "[]" } else { "\"]" });
    }

    pub(super) fn stack_and_tools(&mut self) {
        let stack = self.theme.stack;
        self.put("\",\"stack\":");
        let names = [stack.name, stack.area, stack.language];
        // Only what is there: the area of some stacks is not worth a word to their writers.
        let count = 2 + usize::from(self.text.percent(60));
        self.list(names.into_iter().take(count));
        self.put(",\"tools\":");
        let mut more = Deck::new(TOOLS, &mut self.text);
        let extra = self.text.between(1, 3);
        let more = (0..extra).map(move |_| more.draw()).filter(|tool| !stack.tools.contains(tool));
        self.list(stack.tools.iter().copied().chain(more));
        self.put(",\"code_language\":\"");
        self.put(stack.language);
    }

    fn number(&mut self, number: u64) {
        write_number(self.out, number);
    }

    /// Everything that is counted or scored, and when it was last looked at.
    pub(super) fn counts(&mut self, minutes: u64) {
        let (difficulty, deeper) = self.numbers.pick(DIFFICULTIES);
        self.put("\",\"difficulty\":\"");
        self.put(difficulty);
        self.put("\",\"reading_time\":");
        let wrong = if self.has(Defect::WrongReadingTime) { self.flaws.between(7, 40) } else { 0 };
        self.number(minutes + u64::from(wrong));
        self.put(",\"view_count\":");
        // A long tail: each bit more is as likely as the last.
        let bits = self.numbers.between(4, 20);
        let views = self.numbers.below(1 << bits);
        self.number(u64::from(views));
        let age = self.numbers.below(10).min(self.numbers.below(10));
        self.scores(age, deeper);
        self.revision(age);
    }

    /// A number around 0, roughly bell-shaped, at most four times `reach` away.
    fn bell(&mut self, reach: u32) -> i64 {
        let sum: u32 = (0..4).map(|_| self.numbers.below(2 * reach + 1)).sum();
        i64::from(sum) - 4 * i64::from(reach)
    }

    /// The axes hang together: a good text is mostly good in each way, and an old one is not fresh.
    fn scores(&mut self, age: u32, deeper: i64) {
        let level = 64 + self.bell(10);
        let out_of_range = self.has(Defect::ScoreOutOfRange).then(|| self.flaws.pick(&AXES));
        let mut before = ",\"score\":{\"";
        for axis in AXES {
            let mean = match axis {
                "freshness" => (level + 2 * (96 - 9 * i64::from(age))) / 3,
                "depth" => level + deeper,
                _ => level,
            };
            let own = self.bell(5);
            self.put(before);
            self.put(axis);
            self.put("\":");
            let score = (mean + own).clamp(0, 100).unsigned_abs();
            if out_of_range == Some(axis) {
                let far = u64::from(self.flaws.between(1, 60));
                if self.flaws.percent(30) {
                    self.put("-");
                    self.number(far);
                } else {
                    self.number(100 + far);
                }
            } else {
                self.number(score);
            }
            before = ",\"";
        }
    }

    fn revision(&mut self, age: u32) {
        self.put("},\"revision\":{\"status\":\"");
        self.needs_review = self.numbers.percent(55);
        let claim =
            if self.needs_review { self.numbers.pick(OPEN_CLAIMS) } else { self.numbers.pick_early(CLAIMS) };
        if self.has(Defect::ClaimedReviewed) {
            self.needs_review = true;
            let claim = self.flaws.pick(REVIEWED_CLAIMS);
            self.put(claim);
        } else {
            self.put(claim);
        }
        self.put("\",\"version\":\"");
        for (end, separator) in [(4, "."), (12, "."), (20, "")] {
            let part = self.numbers.below(end);
            self.number(u64::from(part));
            self.put(separator);
        }
        self.put("\",\"last_reviewed\":\"");
        let month = self.numbers.below(12);
        let day = self.numbers.below(DAYS.get(month as usize).copied().unwrap_or(28));
        self.number(u64::from(LAST_YEAR - age));
        for part in [month, day] {
            self.put("-");
            write_padded(self.out, u64::from(part) + 1, 2);
        }
    }

    /// Reference, hash and flags.
    pub(super) fn claims(&mut self, images: usize) {
        self.put("\"},\"reference\":\"ink-ref-");
        write_padded(self.out, self.counted, 7);
        self.put("-");
        let check = self.numbers.below(10_000);
        write_padded(self.out, u64::from(check), 4);
        self.put("\",\"hash\":\"");
        for width in [16, 8] {
            let digits = self.numbers.next();
            write_hex(self.out, digits, width);
        }
        let in_style = self.numbers.percent(70);
        let flags = [
            ("\",\"flags\":{\"ai_generated_style\":", in_style),
            (",\"has_images\":", images > 0 || self.has(Defect::ImagesMissing)),
            (",\"image_heavy\":", images > 1),
            (",\"needs_human_review\":", self.needs_review),
        ];
        for (name, is_set) in flags {
            self.put(name);
            self.put(if is_set { "true" } else { "false" });
        }
        self.put("}");
    }

    pub(super) fn entities(&mut self) {
        let tool = self.text.pick(self.theme.stack.tools);
        let all = [("%k", "stack"), ("%a", "area"), ("%s", "problem"), (tool, "tool")];
        let count = self.text.between(2, 4) as usize;
        let mut before = ",\"entities\":[{\"name\":\"";
        for (name, kind) in all.into_iter().take(count) {
            self.put(before);
            self.words(name);
            self.put("\",\"type\":\"");
            self.put(kind);
            before = "\"},{\"name\":\"";
        }
        self.put("\"}]");
    }

    /// The pictures of the body once more, each with its address.
    pub(super) fn images(&mut self, hosts: &[&str], captions: &[Range<usize>]) {
        let mut before = ",\"image_sources\":[{\"source\":\"";
        for (number, (host, caption)) in hosts.iter().zip(captions).enumerate() {
            self.put(before);
            self.put(host);
            self.put("\",\"url\":\"");
            let start = self.out.len();
            self.address(host, number);
            if number == 0 && self.has(Defect::TruncatedUrl) {
                // The extension and some letters before it, but never the host.
                let lost = self.flaws.between(6, 16) as usize;
                self.out.truncate((self.out.len() - lost).max(start));
            }
            self.put("\",\"caption\":\"");
            self.out.extend_from_within(caption.clone());
            before = "\"},{\"source\":\"";
        }
        self.put(if hosts.is_empty() { ",\"image_sources\":[]" } else { "\"}]" });
    }

    fn address(&mut self, host: &str, number: usize) {
        self.put("https://");
        self.put(host);
        self.put("/");
        let size = self.text.pick(SIZES);
        if PLACEHOLDERS.contains(&host) {
            self.put(size);
            self.put("/1f2937/f9fafb/");
            self.slug(self.theme.object);
            self.put(".png");
            return;
        }
        let year = LAST_YEAR - self.text.below(10);
        self.number(u64::from(year));
        self.put("/");
        let month = self.text.between(1, 12);
        write_padded(self.out, u64::from(month), 2);
        self.put("/");
        self.slug(self.theme.object);
        self.put("-");
        self.slug(self.theme.stack.name);
        self.put("-");
        self.number(number as u64 + 1);
        self.put("-");
        self.put(size);
        let extension = self.text.pick(&[".png", ".webp", ".jpg", ".svg"]);
        self.put(extension);
    }

    fn slug(&mut self, text: &str) {
        self.out.extend(text.bytes().map(|byte| if byte == b' ' { b'-' } else { byte }));
    }

    pub(super) fn payload(&mut self, paragraphs: u64) {
        self.put(",\"payload\":{\"source_id\":\"");
        self.id();
        self.put("\",\"generator\":\"copydesk generate\",\"paragraphs\":");
        let wrong = if self.has(Defect::WrongParagraphs) { self.flaws.between(2, 9) } else { 0 };
        self.number(paragraphs + u64::from(wrong));
        self.put(",\"scenario\":\"");
        self.words("%w");
        self.put("\",\"seed\":");
        self.number(self.seed);
    }

    pub(super) fn notes(&mut self) {
        self.put("},\"notes\":");
        let mut notes = Deck::new(NOTES, &mut self.text);
        let count = self.text.between(1, 3);
        self.list((0..count).map(move |_| notes.draw()));
    }

    /// Titles of earlier posts.
    pub(super) fn similar(&mut self) {
        let count = self.text.below(4);
        let mut last = self.original;
        let mut before = ",\"similar\":[\"";
        for _ in 0..count {
            // Each is before the last, so that none comes twice.
            if last == 1 {
                break;
            }
            last = earlier_sound(self.seed, last, &mut self.text);
            self.put(before);
            Theme::of(self.seed, last).write_title(self.out);
            before = "\",\"";
        }
        self.put(if before == "\",\"" { "\"]" } else { ",\"similar\":[]" });
    }
}
