//! How far the reviewing has got: what was decided, at which pace, and how long the rest will take.

use super::{App, Popup, PopupKind};
use crate::model::figures::{grouped, percent};
use crate::model::{Status, safe};
use crate::page::{Page, PageLine, Role, bar, cut, fit, status_role};
use crate::query::tally::{ByStatus, SCORE_STEPS, Tally};
use crate::review::{Day, Key, Pace, RECENT, Record, Spread, Target};

/// Of fewer posts nothing is told: chance would tell most of it.
pub const FEW: usize = 10;

/// Days with decisions that are shown, the last ones.
const DAYS: usize = 14;

/// How often a decision may have been taken back and made again for its time to be found.
const MAX_TURNS: usize = 100;

/// Stacks and reasons that are shown, the most frequent ones.
const STACKS: usize = 12;

/// What stands before a bar. Unit: columns.
const LABEL: usize = 22;

/// For a count, and for a share behind it. Unit: columns.
const COUNT: usize = 9;
const SHARE: usize = 9;

/// The longest bar. Unit: cells.
const MAX_BAR: usize = 28;

/// What was counted when it was opened.
#[derive(Clone, Debug)]
pub struct Numbers {
    by: String,
    pace: Pace,
    tally: Tally,
    posts: ByStatus,
    /// Unreviewed posts of the view, where there is a filter.
    in_view: Option<usize>,
}

impl App {
    /// Counts, and shows what was counted.
    pub(super) fn open_numbers(&mut self) {
        let by = self.reviews.by().to_owned();
        let unreviewed = |view: &crate::query::View| {
            view.iter().filter(|row| self.standings.get(*row).status == Status::Unreviewed).count()
        };
        let numbers = Numbers {
            pace: self.reviews.state().pace(&by),
            tally: Tally::of(&self.corpus, &self.standings),
            posts: ByStatus::of_all(&self.standings),
            in_view: (!self.list.query.is_empty()).then(|| unreviewed(&self.list.view)),
            by,
        };
        self.numbers = Some(Box::new(numbers));
        self.popup = Some(Popup::new(PopupKind::Numbers));
    }

    /// How long the last posts took; `None` before the first.
    pub fn pace(&self) -> Option<Spread> {
        let times: Vec<u32> = self.recent_ms.iter().copied().collect();
        Spread::of(&times)
    }

    /// The post under the cursor was decided on.
    pub(super) fn count_time(&mut self) {
        if self.recent_ms.len() == RECENT {
            self.recent_ms.pop_front();
        }
        self.recent_ms.push_back(u32::try_from(self.attention.spent_ms).unwrap_or(u32::MAX));
    }

    /// A decision was taken back by this record, or made again: the time that it took counts no more, or
    /// again.
    pub(super) fn recount_time(&mut self, record: &Record) {
        let Some(mut taken_back) = record.undo.clone() else { return };
        if !matches!(record.target, Target::One { .. }) {
            return;
        }
        let mut is_undone = true;
        for _ in 0..MAX_TURNS {
            let Some(decision) = self.reviews.state().record(&taken_back) else { return };
            if let Some(before) = decision.undo {
                (taken_back, is_undone) = (before, !is_undone);
                continue;
            }
            let time =
                decision.ms.filter(|_| decision.key == Key::Status && decision.by == self.reviews.by());
            let Some(time) = time.map(|ms| u32::try_from(ms).unwrap_or(u32::MAX)) else { return };
            if !is_undone {
                self.recent_ms.push_back(time);
                let beyond = self.recent_ms.len().saturating_sub(RECENT);
                self.recent_ms.drain(..beyond);
            } else if let Some(at) = self.recent_ms.iter().rposition(|ms| *ms == time) {
                self.recent_ms.remove(at);
            }
            return;
        }
    }
}

impl Numbers {
    /// The lines that tell it.
    pub fn page(&self, width: u16) -> Page {
        let mut page = Page::new(width);
        self.set_counts(&mut page);
        self.set_pace(&mut page);
        self.set_days(&mut page);
        self.set_scores(&mut page);
        self.set_reasons(&mut page);
        self.set_stacks(&mut page);
        page
    }

    fn set_counts(&self, page: &mut Page) {
        heading(page, "Decided");
        let most = self.posts.all();
        for status in Status::ALL {
            let count = self.posts.of(status);
            let share = format!("{:>SHARE$}", percent(count, most));
            let label = format!("{} {status}", status.glyph());
            chart_line(page, &label, status_role(status), count, most, &share);
        }
        for (sign, word, count) in [("~", "stale", self.tally.stale), ("≠", "conflict", self.tally.conflict)]
        {
            if count > 0 {
                chart_line(page, &format!("{sign} {word}"), Role::Warning, count, most, "");
            }
        }
    }

    fn set_pace(&self, page: &mut Page) {
        heading(page, &format!("Pace of {}", safe(&self.by)));
        let mut say = |label: &str, text: String| {
            page.wrap(PageLine::default().own(Role::Label, fit(label, LABEL)), Role::Text, &text);
        };
        let Some(spread) = Spread::of(&self.pace.recent_ms) else {
            say("a post", "not known yet: decide on some posts first".to_owned());
            return;
        };
        if spread.of < FEW {
            say("a post", format!("told after {FEW} decisions; so far there are {}", spread.of));
            return;
        }
        let [median, low, high] =
            [spread.median_ms, spread.p10_ms, spread.p90_ms].map(|ms| duration(f64::from(ms)));
        say(
            "a post",
            format!(
                "{median}, the median of the last {}; one in ten took at most {low}, one in ten {high} or more",
                spread.of
            ),
        );
        say("left", left(&spread, self.posts.of(Status::Unreviewed)));
        if let Some(in_view) = self.in_view {
            say("left in this view", left(&spread, in_view));
        }
    }

    fn set_days(&self, page: &mut Page) {
        let days = self.pace.days.get(self.pace.days.len().saturating_sub(DAYS)..).unwrap_or_default();
        let Some(last) = days.last() else { return };
        heading(page, "Posts a day, one by one and in bulk");
        let most = days.iter().map(|day| day.single).max().unwrap_or_default();
        for Day { day, single, bulk } in days {
            let more = if *bulk > 0 { format!("  + {} in bulk", grouped(*bulk)) } else { String::new() };
            chart_line(page, &day.to_string(), Role::Label, *single, most, &more);
        }
        let hours: Vec<usize> =
            (0..24).filter(|hour| self.pace.hours.get(*hour).is_some_and(|n| *n > 0)).collect();
        let (Some(from), Some(to)) = (hours.first(), hours.last()) else { return };
        heading(page, &format!("Posts an hour on {} (UTC)", last.day));
        let most = self.pace.hours.iter().copied().max().unwrap_or_default();
        for (hour, count) in self.pace.hours.iter().enumerate().skip(*from).take(to - from + 1) {
            chart_line(page, &format!("{hour:02}:00"), Role::Label, *count, most, "");
        }
    }

    /// Two histograms beside each other, each in shares of its own: what is flagged more often shows.
    fn set_scores(&self, page: &mut Page) {
        let (reviewed, flagged) = (self.tally.scores(Status::Reviewed), self.tally.scores(Status::Flagged));
        let (all_reviewed, all_flagged) = (reviewed.iter().sum::<usize>(), flagged.iter().sum::<usize>());
        if all_reviewed + all_flagged == 0 {
            return;
        }
        heading(page, "Score of the reviewed, and of the flagged");
        let half = page.width().saturating_sub(LABEL + 2) / 2;
        let share =
            |counts: &[usize], all: usize| counts.iter().map(|count| ratio(*count, all)).fold(0.0, f64::max);
        let most = share(&reviewed, all_reviewed).max(share(&flagged, all_flagged));
        let width = 100 / SCORE_STEPS;
        let of = [Status::Reviewed, Status::Flagged]
            .map(|status| (fit(&format!("{} {status}", status.glyph()), half), status_role(status)));
        let heads = of
            .into_iter()
            .fold(PageLine::default().own(Role::Label, fit("", LABEL)), |line, (head, role)| {
                line.own(role, head)
            });
        page.push(heads);
        for (step, (some, others)) in reviewed.iter().zip(&flagged).enumerate() {
            if step == SCORE_STEPS && some + others == 0 {
                continue;
            }
            let label = match step {
                SCORE_STEPS => "no score".to_owned(),
                step if step + 1 == SCORE_STEPS => format!("{} to 100", step * width),
                step => format!("{} to {}", step * width, (step + 1) * width - 1),
            };
            let mut line = PageLine::default().own(Role::Label, fit(&format!("  {label}"), LABEL));
            for (count, all, role) in [
                (*some, all_reviewed, status_role(Status::Reviewed)),
                (*others, all_flagged, status_role(Status::Flagged)),
            ] {
                let cells = half.saturating_sub(10).min(MAX_BAR);
                let filled = if most > 0.0 { ratio(count, all) / most } else { 0.0 };
                let (filled, _) = bar(filled, u32::try_from(cells).unwrap_or_default());
                let said = if count > 0 { format!(" {}", grouped(count)) } else { String::new() };
                let text = fit(&format!("{filled}{said}"), half);
                line = line.own(role, text);
            }
            page.push(line);
        }
    }

    fn set_reasons(&self, page: &mut Page) {
        let reasons = self.tally.reasons.get(..STACKS.min(self.tally.reasons.len())).unwrap_or_default();
        if reasons.is_empty() {
            return;
        }
        heading(page, "Flagged because");
        let flagged = self.posts.of(Status::Flagged);
        for (reason, count) in reasons {
            let label = cut(safe(reason).as_str(), LABEL - 3).into_owned();
            let share = format!("{:>SHARE$}", percent(*count, flagged));
            chart_line(page, &label, status_role(Status::Flagged), *count, flagged, &share);
        }
        let more = self.tally.reasons.len() - reasons.len();
        if more > 0 {
            page.push(PageLine::default().own(Role::Quiet, format!("  and {} more", grouped(more))));
        }
    }

    fn set_stacks(&self, page: &mut Page) {
        let stacks = self.tally.stacks.get(..STACKS.min(self.tally.stacks.len())).unwrap_or_default();
        if stacks.is_empty() {
            return;
        }
        heading(page, "Decided of each stack");
        for (stack, counts) in stacks {
            let (all, left) = (counts.all(), counts.of(Status::Unreviewed));
            let flagged = counts.of(Status::Flagged);
            let flagged = if flagged > 0 {
                format!("  {} {}", Status::Flagged.glyph(), grouped(flagged))
            } else {
                String::new()
            };
            let said = format!(" of {:<COUNT$}{flagged}", grouped(all));
            let label = cut(safe(stack).as_str(), LABEL - 3).into_owned();
            chart_line(page, &label, Role::Label, all - left, all, &said);
        }
        let more = self.tally.stacks.len() - stacks.len();
        if more > 0 {
            page.push(PageLine::default().own(Role::Quiet, format!("  and {} more", grouped(more))));
        }
    }
}

fn heading(page: &mut Page, title: &str) {
    page.gap();
    page.push(PageLine::default().own(Role::Heading, title));
}

/// A label, a bar for `count` of `most`, the count, and what is said behind it.
fn chart_line(page: &mut Page, label: &str, role: Role, count: usize, most: usize, said: &str) {
    let in_role = if role == Role::Label { Role::Bar } else { role };
    let room = page.width().saturating_sub(LABEL + 24).min(MAX_BAR);
    let (filled, rest) = bar(ratio(count, most), u32::try_from(room).unwrap_or_default());
    page.push(
        PageLine::default()
            .own(role, fit(&format!("  {label}"), LABEL))
            .own(in_role, filled)
            .own(Role::BarRest, rest)
            .own(Role::Text, format!(" {:>COUNT$}{said}", grouped(count))),
    );
}

fn left(spread: &Spread, posts: usize) -> String {
    if posts == 0 {
        return "nothing: every post is decided on".to_owned();
    }
    let (low, high) = spread.left_ms(posts);
    let band = format!("{} to {}", duration(low), duration(high));
    format!(
        "{} unreviewed {}: {band} at this pace",
        grouped(posts),
        if posts == 1 { "post" } else { "posts" }
    )
}

/// A time as people say it: `21 s`, `12 min`, `61 h`. Unit of the time: milliseconds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time that somebody may live to see"
)]
pub fn duration(ms: f64) -> String {
    let seconds = ms / 1000.0;
    match seconds {
        ..10.0 => format!("{seconds:.1} s"),
        10.0..120.0 => format!("{seconds:.0} s"),
        120.0..7_200.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{} h", grouped((seconds / 3600.0).round() as usize)),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a bar has some hundred steps")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
