//! One decision on many posts: what it would do is told first; then every post is read, and decided on by
//! exactly the text that was read.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use super::action::Action;
use super::prompt::Said;
use super::{App, Effect, FilterRequest, KeyCode, KeyPress, Prompt, Why};
use crate::corpus::Row;
use crate::model::figures::grouped;
use crate::model::{Digest, PostId, Status};
use crate::query::{Now, Query, View};
use crate::review::{BulkStep, Change, Key, take_for_record};

/// A decision on many posts that is still to be confirmed.
#[derive(Debug)]
pub struct BulkPrompt {
    /// What they would be.
    pub status: Status,
    /// The posts.
    pub rows: Arc<[Row]>,
    /// What they are now, and what of that it would replace.
    pub now: Now,
    /// Marked posts that the filter hides, which are left as they are.
    pub hidden: usize,
    /// The query that chose them instead of marks, as it was typed.
    pub query: Option<String>,
    /// What it asks for, in canonical form; of marks what the list does, if all of it is marked. For the log.
    pub filter: Option<String>,
    /// The reason and the note of a flag.
    pub why: Why,
    /// The reading that the rows are of.
    reading: u64,
}

/// A decision on many posts that is under way.
#[derive(Debug)]
pub struct Bulk {
    pub(super) job: u64,
    status: Status,
    why: Vec<String>,
    note: Option<String>,
    /// The reason and the note in a sentence.
    told: String,
    /// Every post of it.
    rows: Arc<[Row]>,
    /// The rows among those that are read.
    wanted: super::Marks,
    /// Those whose text has to be read yet.
    unread: usize,
    /// Those that are read and still to be decided on.
    ready: VecDeque<Row>,
    is_read: bool,
    step: BulkStep,
    left_out: usize,
    /// Posts that somebody else has decided on since it was confirmed, which are left as they are.
    overtaken: HashSet<PostId>,
    /// Those of them that were left out so far.
    theirs: Vec<PostId>,
}

impl Bulk {
    /// How many posts there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many of them were read so far.
    pub fn read(&self) -> usize {
        self.rows.len().saturating_sub(self.unread)
    }

    /// How many were decided on so far, or were so already.
    pub fn decided(&self) -> usize {
        self.step.decided + self.step.same
    }

    /// How many are not decided on yet.
    pub fn left(&self) -> usize {
        self.unread + self.ready.len()
    }

    /// Nothing was decided yet, so it can be stopped.
    pub fn can_be_stopped(&self) -> bool {
        self.step.is_unmade()
    }
}

/// What a command asks for.
#[derive(Debug)]
pub(super) struct Asked {
    /// What the posts are to be.
    pub(super) status: Status,
    /// The reason and the note of a flag.
    pub(super) why: Why,
    /// Say only what would be done.
    pub(super) is_dry: bool,
    /// The query that chooses them, as it was typed; none: the marks.
    pub(super) query: Option<String>,
    /// What chooses them, in canonical form.
    pub(super) filter: Option<String>,
}

/// The posts of a command are still being looked for.
#[derive(Debug)]
pub(super) struct Seeking {
    generation: u64,
    asked: Asked,
}

impl App {
    /// Does what a command asks for on the marked posts.
    pub(super) fn ask_about_marks(&mut self, mut asked: Asked) -> Result<(), String> {
        self.end_range();
        let rows = self.marked_in_view();
        if rows.is_empty() {
            return Err("mark: no post of the list is marked; mark some, or add where QUERY".to_owned());
        }
        let hidden = self.marks.len() - rows.len();
        asked.filter = self.filter_of_whole(&rows);
        self.answer(asked, rows.into(), hidden);
        Ok(())
    }

    /// What the list asks for, if these posts of it are all that pass. Posts that were marked one by one, or
    /// some of which are hidden, were not chosen by it alone.
    fn filter_of_whole(&self, rows: &[Row]) -> Option<String> {
        let is_whole = rows.len() == self.list.passing.len() && self.list.is_settled();
        self.list.query.condition().filter(|_| is_whole)
    }

    /// Looks for the posts that a command is about.
    pub(super) fn ask_about_query(&mut self, mut asked: Asked, query: Query) -> Result<(), String> {
        if self.loading.is_some() || self.list.waiting || self.is_busy() {
            return Err("mark: not yet, the posts are still being read or searched".to_owned());
        }
        self.list.generation += 1;
        let generation = self.list.generation;
        asked.filter = query.condition();
        self.seeking = Some(Seeking { generation, asked });
        self.ask(Effect::Filter(Box::new(FilterRequest {
            generation,
            query: Arc::new(query),
            sources: self.sources.clone(),
            corpus: self.corpus.clone(),
            standings: self.standings.clone(),
        })));
        Ok(())
    }

    /// An answer of the filter that is for a command and not for the list; whether it was.
    pub(super) fn sought(&mut self, generation: u64, view: Option<&View>) -> bool {
        let Some(seeking) = self.seeking.take_if(|seeking| seeking.generation == generation) else {
            return false;
        };
        let Some(view) = view else {
            self.seeking = Some(seeking);
            return true;
        };
        // They were pressed while something else was on the screen than what they would answer now.
        self.forget_held("The posts are found");
        let count = view.len();
        if !seeking.asked.is_dry && count > 0 && (self.prompt.is_some() || self.popup.is_some()) {
            self.warn(format!(
                "mark: {count} posts were found, and nothing was done, since something else is open; close it and ask again"
            ));
        } else {
            let said = self.notice.take();
            self.answer(seeking.asked, view.iter().collect(), 0);
            self.notice = self.notice.take().or(said);
            self.has_turned = true;
        }
        true
    }

    /// The list is filtered anew, which ends every other search.
    pub(super) fn give_up_seeking(&mut self) {
        if self.seeking.take().is_some() {
            self.warn("mark: the list was filtered meanwhile, so nothing was done; ask again");
        }
    }

    fn answer(&mut self, asked: Asked, rows: Arc<[Row]>, hidden: usize) {
        let Asked { status, why, is_dry, query, filter } = asked;
        if rows.is_empty() {
            self.say("No post passes this query, so nothing was done");
        } else if is_dry {
            let now = self.now_before(status, &rows);
            let replaced = now.replaced().map(|what| format!(", replacing {what}")).unwrap_or_default();
            let count = grouped(rows.len());
            self.say(format!("Nothing was done: {count} posts would be {status} (now: {now}){replaced}"));
        } else {
            self.open_bulk(status, rows, hidden, (query, filter), why);
        }
    }

    /// Asks whether the marked posts that are shown are to get a status.
    pub(super) fn open_bulk_of_marks(&mut self, status: Status, reasons: &str) {
        self.end_range();
        let rows = self.marked_in_view();
        let hidden = self.marks.len() - rows.len();
        if rows.is_empty() {
            let key = self.keymap.names(Action::Clear);
            self.warn(format!(
                "Not decided: the filter hides {}; {key} takes the marks away",
                match hidden {
                    1 => "the only marked post".to_owned(),
                    hidden => format!("all {} marked posts", grouped(hidden)),
                }
            ));
            return;
        }
        let filter = self.filter_of_whole(&rows);
        self.open_bulk(status, rows.into(), hidden, (None, filter), Why::new(reasons, ""));
    }

    /// One decision on many posts is made at a time, and none while a step is taken back, which would overrule
    /// it; says so.
    fn refuses_second_bulk(&mut self) -> bool {
        let decided = self.bulk.as_ref().map(|bulk| (bulk.left(), "decided on"));
        let under_way = decided.or_else(|| Some((self.undoing.as_ref()?.left(), "taken back")));
        if let Some((left, what)) = under_way {
            let left = grouped(left);
            self.warn(format!(
                "Not decided: {left} posts are still being {what}; ask again when that has ended"
            ));
        }
        under_way.is_some()
    }

    /// Asks whether these posts are to get a status. Says so where that cannot be.
    pub(super) fn open_bulk(
        &mut self,
        status: Status,
        rows: Arc<[Row]>,
        hidden: usize,
        (query, filter): (Option<String>, Option<String>),
        why: Why,
    ) {
        if self.refuses_decisions() || self.refuses_second_bulk() {
            return;
        }
        if self.loading.is_some() {
            self.warn("Not yet: many posts are decided on at once when all of them are read");
            return;
        }
        let now = self.now_before(status, &rows);
        let prompt = BulkPrompt { status, rows, now, hidden, query, filter, why, reading: self.reading };
        self.prompt = Some(Prompt::Bulk(Box::new(prompt)));
    }

    pub(super) fn press_in_bulk(&mut self, mut prompt: Box<BulkPrompt>, key: KeyPress) {
        let is_flag = prompt.status == Status::Flagged;
        let said = if is_flag {
            prompt.why.press_for_many(key, &self.settings.reasons)
        } else {
            let is_yes = key.code == KeyCode::Enter || key == KeyPress::char('y');
            Ok(is_yes.then(|| (Vec::new(), None)))
        };
        let (why, note) = match said {
            Ok(Some(said)) => said,
            Ok(None) => {
                self.prompt = Some(Prompt::Bulk(prompt));
                return;
            }
            Err(refused) => {
                self.warn(refused);
                self.prompt = Some(Prompt::Bulk(prompt));
                return;
            }
        };
        if prompt.reading != self.reading {
            self.warn("Not decided: the posts were read again meanwhile; mark them once more");
            return;
        }
        if self.refuses_second_bulk() {
            return;
        }
        if !self.shows_whole(&prompt) {
            self.warn("Not decided: too small a screen to show whole what it would do");
            self.prompt = Some(Prompt::Bulk(prompt));
            return;
        }
        let told =
            if is_flag { format!(" ({})", self.told_why(&why, note.as_deref())) } else { String::new() };
        if is_flag {
            self.last_reasons = Some(why.clone());
        }
        self.start_bulk(&prompt, (why, note), told);
    }

    fn start_bulk(&mut self, prompt: &BulkPrompt, (why, note): Said, told: String) {
        self.jobs += 1;
        // Behind a decision on many posts they would decide on a single one.
        self.forget_held("The decision is under way");
        let rows = Arc::clone(&prompt.rows);
        let mut wanted = super::Marks::default();
        rows.iter().for_each(|row| wanted.set(*row, true));
        self.bulk = Some(Bulk {
            job: self.jobs,
            status: prompt.status,
            why,
            note,
            told,
            unread: rows.len(),
            ready: VecDeque::with_capacity(rows.len()),
            rows: Arc::clone(&rows),
            wanted,
            is_read: false,
            step: BulkStep::new(prompt.filter.clone()),
            left_out: 0,
            overtaken: HashSet::new(),
            theirs: Vec::new(),
        });
        self.ask(Effect::ReadMany { job: self.jobs, rows });
    }

    /// Some of the posts were read.
    pub(super) fn take_many(
        &mut self,
        job: u64,
        digests: Vec<(Row, Option<Digest>)>,
        is_last: bool,
        now: Timestamp,
    ) {
        let Some(mut bulk) = self.bulk.take_if(|bulk| bulk.job == job) else { return };
        for (row, digest) in digests {
            let is_wanted = bulk.wanted.has(row);
            bulk.unread = bulk.unread.saturating_sub(usize::from(is_wanted));
            let known = self.places.digest(row);
            match digest {
                // A post that shares an id with one of them.
                Some(digest) if !is_wanted => self.meet(row, digest),
                // What somebody has seen of it is another text by now.
                Some(digest) if known.is_some_and(|known| known != digest) => bulk.left_out += 1,
                Some(digest) => {
                    self.meet(row, digest);
                    bulk.ready.push_back(row);
                }
                None => bulk.left_out += usize::from(is_wanted),
            }
        }
        bulk.is_read |= is_last;
        self.bulk = Some(bulk);
        self.go_on_with_bulk(now);
    }

    fn meet(&mut self, row: Row, digest: Digest) {
        let Some(id) = self.corpus.get(row).map(|post| PostId::new(post.id())) else { return };
        self.places.set_digest(row, digest);
        self.places.add(&id, row);
    }

    /// Decides on the next stretch, once all are read.
    pub(super) fn go_on_with_bulk(&mut self, now: Timestamp) {
        let Some(mut bulk) = self.bulk.take_if(|bulk| bulk.is_read) else { return };
        let rows = take_for_record(&mut bulk.ready, |row| {
            let post = self.corpus.get(*row).map(|post| PostId::new(post.id()));
            post.filter(|post| self.places.rows(post).len() > 1)
        });
        let (mut changes, mut decided_rows) =
            (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for row in rows {
            let (Some(post), Some(hash)) = (self.corpus.get(row), self.places.digest(row)) else { continue };
            let post = PostId::new(post.id());
            if bulk.overtaken.contains(&post) {
                bulk.theirs.push(post);
                continue;
            }
            let siblings = self.places.siblings(&post, Some(hash));
            let (val, why, note) = (bulk.status.name().to_owned(), bulk.why.clone(), bulk.note.clone());
            let change = Change { post, hash, siblings, key: Key::Status, val, why, note };
            changes.push((self.root_of(row), change));
            decided_rows.push(row);
        }
        for record in bulk.step.decide(&mut self.reviews, changes, now) {
            self.save(record);
        }
        for row in decided_rows {
            self.refresh_standing(row);
            self.marks.set(row, false);
        }
        if bulk.ready.is_empty() {
            self.end_bulk(&bulk);
        } else {
            self.bulk = Some(bulk);
            self.ask(Effect::GoOn);
        }
    }

    fn end_bulk(&mut self, bulk: &Bulk) {
        self.leaving = false;
        let are = if bulk.step.decided == 1 { "post is" } else { "posts are" };
        let mut said = format!("{} {are} {} now{}", grouped(bulk.step.decided), bulk.status, bulk.told);
        if bulk.step.same > 0 {
            said = format!("{said}; {} were so already", grouped(bulk.step.same));
        }
        if bulk.step.decided > 0 {
            said = format!("{said}; {} takes all of it back", self.keymap.names(Action::Undo));
        }
        if self.list.row().is_some_and(|row| bulk.wanted.has(row)) && bulk.status != Status::Unreviewed {
            self.go_on();
        }
        let mut out = Vec::new();
        if bulk.left_out > 0 {
            // What chose them was read before they changed.
            self.ask(Effect::Reread);
            let count = grouped(bulk.left_out);
            out.push(format!("{count}, whose text could not be read or was another than the one shown"));
        }
        if !bulk.theirs.is_empty() {
            let (count, named) = (bulk.theirs.len(), named(&bulk.theirs));
            out.push(format!("{count}, on which somebody else has decided meanwhile ({named})"));
        }
        if out.is_empty() {
            self.say(said);
        } else {
            self.warn(format!("{said}. NOT decided: {}", out.join("; ")));
        }
    }

    /// Somebody else has decided on these posts: a decision on many that was not told of that leaves them
    /// as they are, and says so.
    pub(super) fn overtake_bulk(&mut self, posts: &[PostId]) {
        if let Some(bulk) = &mut self.bulk {
            let is_wanted = |post: &&PostId| self.places.rows(post).iter().any(|row| bulk.wanted.has(*row));
            bulk.overtaken.extend(posts.iter().filter(is_wanted).cloned());
        }
        let rows: HashSet<Row> = posts.iter().flat_map(|post| self.places.rows(post)).copied().collect();
        let Some(Prompt::Bulk(prompt)) = &self.prompt else { return };
        let (gone, kept): (Vec<Row>, Vec<Row>) = prompt.rows.iter().partition(|row| rows.contains(*row));
        let (count, kept) = (gone.len(), Arc::<[Row]>::from(kept));
        if count == 0 {
            return;
        }
        let now = self.now_before(prompt.status, &kept);
        let left_out = gone.iter().filter_map(|row| self.corpus.get(*row));
        let left_out: Vec<PostId> = left_out.map(|post| PostId::new(post.id())).collect();
        let said = format!(
            "Somebody else has just decided on {count} of these posts, which are left as they are: {}",
            named(&left_out)
        );
        match &mut self.prompt {
            Some(Prompt::Bulk(prompt)) if !kept.is_empty() => (prompt.rows, prompt.now) = (kept, now),
            prompt => *prompt = None,
        }
        self.has_turned = true;
        self.warn(said);
    }

    /// Rows get other posts: a decision on many of them is not made any more, or not to its end.
    pub(super) fn drop_bulk(&mut self) {
        if let Some(bulk) = self.bulk.take() {
            self.ask(Effect::StopReading(bulk.job));
            let (decided, left) = (grouped(bulk.step.decided), grouped(bulk.left()));
            self.warn(format!(
                "The posts are read again: {decided} were decided on, {left} were NOT; mark those once more"
            ));
        }
    }
}

/// Some of the posts by their ids, for a sentence.
fn named(posts: &[PostId]) -> String {
    const NAMED: usize = 3;
    let ids: Vec<&str> = posts.iter().take(NAMED).map(PostId::as_str).collect();
    let more = if posts.len() > NAMED { ", …" } else { "" };
    format!("{}{more}", ids.join(", "))
}
