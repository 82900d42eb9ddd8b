//! The folder in which everything happens, what was acknowledged in it, and what must hold of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use copydesk::corpus::Row;
use copydesk::export::exported_status;
use copydesk::model::Status;
use copydesk::query::{self, Query, Standings};
use copydesk::review::{
    Author, LogProblem, Record, ReviewLog, Reviews, Standing, Via, own_log_of, sidecar_of,
};
use jiff::Timestamp;
use serde_json::Value;

use crate::naive::{Line, Shown, held, lines_of, shown};
use crate::posts::{Corpora, FILES, Posts, files_of};
use crate::screen::Screen;
use crate::script::{PEOPLE, PLACES};

/// What was counted over all sequences.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) ops: usize,
    pub(crate) records: usize,
    pub(crate) compared: usize,
    pub(crate) screens: usize,
    pub(crate) refused: usize,
    /// Where an old copy came back that had never met what was compacted away.
    pub(crate) forgotten: usize,
}

/// The lines that stand in a file as they were acknowledged, and the numbers of those that do not.
pub(crate) struct Stands {
    pub(crate) ids: BTreeSet<String>,
    bad: Vec<u64>,
}

/// What a log held at some time: its bytes, and the records that had been acknowledged in it.
type Moment = (Vec<u8>, BTreeSet<String>);

pub(crate) struct World {
    _folder: tempfile::TempDir,
    pub(crate) corpora: Corpora,
    places: [PathBuf; PLACES.len()],
    clock: i64,
    writers: usize,
    /// Every record that was ever acknowledged, by its id.
    pub(crate) known: HashMap<String, (Value, Vec<Line>)>,
    /// In their order.
    pub(crate) made: Vec<String>,
    /// What was acknowledged in each log, and was not taken out of it by damage or by replacing the log.
    pub(crate) acknowledged: BTreeMap<PathBuf, BTreeSet<String>>,
    /// What each log held before, the newest last.
    pub(crate) before: BTreeMap<PathBuf, Vec<Moment>>,
    /// The places and files of which some lines were moved away.
    pub(crate) compacted: BTreeSet<(usize, usize)>,
    pub(crate) screens: [Option<Screen>; 2],
    /// A screen cannot know of damage to what it has read.
    pub(crate) has_unseen_damage: bool,
    pub(crate) counts: Counts,
}

impl Counts {
    pub(crate) fn add(&mut self, more: &Self) {
        self.ops += more.ops;
        self.records += more.records;
        self.compared += more.compared;
        self.screens += more.screens;
        self.refused += more.refused;
        self.forgotten += more.forgotten;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ops, records, compared, refused, forgotten, .. } = self;
        write!(
            f,
            "{ops} operations, {records} records, {compared} posts compared, {refused} records refused, {forgotten} old copies that had not met a compaction"
        )
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let builder = tempfile::Builder::new().prefix("crossings-").to_owned();
        let folder = if memory.is_dir() { builder.tempdir_in(memory) } else { builder.tempdir() };
        let folder = folder.unwrap();
        let places = PLACES.map(|place| folder.path().join(place));
        places.iter().for_each(|place| fs::create_dir(place).unwrap());
        let corpora = Corpora::new(&places[0]);
        Self {
            _folder: folder,
            corpora,
            places,
            clock: 0,
            writers: 0,
            known: HashMap::new(),
            made: Vec::new(),
            acknowledged: BTreeMap::new(),
            before: BTreeMap::new(),
            compacted: BTreeSet::new(),
            screens: [None, None],
            has_unseen_damage: false,
            counts: Counts::default(),
        }
    }

    /// Everything as in the beginning.
    pub(crate) fn reset(&mut self) {
        self.screens = [None, None];
        for place in &self.places {
            for entry in fs::read_dir(place).unwrap() {
                fs::remove_file(entry.unwrap().path()).unwrap();
            }
        }
        self.corpora.reset();
        (self.clock, self.writers, self.has_unseen_damage) = (0, 0, false);
        self.known.clear();
        self.made.clear();
        self.acknowledged.clear();
        self.before.clear();
        self.compacted.clear();
    }

    /// The time on the clock of a person: one is ten years behind.
    pub(crate) fn now(&mut self, by: &str) -> Timestamp {
        self.clock += 1;
        let behind = if by == "bo" { 315_360_000 } else { 0 };
        Timestamp::from_second(1_790_000_000 + self.clock * 60 - behind).unwrap()
    }

    pub(crate) fn next_writer(&mut self) -> String {
        self.writers += 1;
        format!("k7q2m9x4w{:04}", self.writers)
    }

    pub(crate) fn sidecar(&self, place: usize, file: usize) -> PathBuf {
        sidecar_of(&self.places[place].join(format!("{}.jsonl", FILES[file])), false)
    }

    /// A log of a family: the one that all share or one's own.
    pub(crate) fn member(&self, place: usize, file: usize, member: &str) -> PathBuf {
        let shared = self.sidecar(place, file);
        if member == "shared" { shared } else { own_log_of(&shared, member) }
    }

    /// Every log that a family may have.
    pub(crate) fn family(&self, place: usize, file: usize) -> Vec<PathBuf> {
        ["shared"].iter().chain(&PEOPLE).map(|member| self.member(place, file, member)).collect()
    }

    fn logs(&self) -> Vec<PathBuf> {
        let families = (0..PLACES.len()).flat_map(|place| (0..FILES.len()).map(move |file| (place, file)));
        families.flat_map(|(place, file)| self.family(place, file)).collect()
    }

    /// A record stands in a log, and whoever made it was told so.
    pub(crate) fn acknowledge(&mut self, log: &Path, record: &Record) {
        self.acknowledge_value(log, serde_json::from_str(&record.to_line()).unwrap());
    }

    pub(crate) fn acknowledge_value(&mut self, log: &Path, value: Value) {
        let id = value["id"].as_str().unwrap().to_owned();
        self.acknowledged.entry(log.to_owned()).or_default().insert(id.clone());
        self.counts.records += 1;
        self.made.push(id.clone());
        self.known.insert(id, (value.clone(), lines_of(&value)));
    }

    pub(crate) fn take_acknowledged(&mut self, screen: usize) {
        let made = self.screens[screen].as_mut().map(Screen::take_acknowledged).unwrap_or_default();
        made.iter().for_each(|(log, record)| self.acknowledge(log, record));
    }

    /// Whether a line says what was acknowledged under its id; which one, if it is one.
    fn intact(&self, value: &Value) -> Option<String> {
        let id = value["id"].as_str()?;
        self.known
            .get(id)
            .filter(|(known, _)| known == value || *known == respelled(value))
            .map(|_| id.to_owned())
    }

    pub(crate) fn stands(&self, bytes: &[u8]) -> Stands {
        let mut stands = Stands { ids: BTreeSet::new(), bad: Vec::new() };
        for (line, number) in bytes.split(|byte| *byte == b'\n').zip(1..) {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let values = serde_json::Deserializer::from_slice(line).into_iter::<Value>();
            let ids: Vec<Option<String>> =
                values.map(|value| value.ok().and_then(|value| self.intact(&value))).collect();
            if ids.iter().any(Option::is_none) {
                stands.bad.push(number);
            }
            stands.ids.extend(ids.into_iter().flatten());
        }
        stands
    }

    /// Looks at every log after an operation: what was written again stands there, and what holds now is
    /// kept, so that it can come back.
    pub(crate) fn look_at_logs(&mut self) {
        for log in self.logs() {
            let bytes = fs::read(&log).unwrap_or_default();
            let moments = self.before.get(&log);
            let last = moments.and_then(|moments| moments.last()).map_or(&[][..], |(bytes, _)| bytes);
            if last == bytes {
                continue;
            }
            let stands = self.stands(&bytes);
            let acknowledged = self.acknowledged.entry(log.clone()).or_default();
            acknowledged.extend(stands.ids);
            let moment = (bytes, acknowledged.clone());
            self.before.entry(log).or_default().push(moment);
        }
    }

    /// The records that were acknowledged in the logs of some files.
    pub(crate) fn lines(&self, place: usize, opened: &str) -> Vec<&Line> {
        let logs = files_of(opened).into_iter().flat_map(|file| self.family(place, file));
        let ids: BTreeSet<&String> =
            logs.flat_map(|log| self.acknowledged.get(&log).into_iter().flatten()).collect();
        ids.into_iter().flat_map(|id| &self.known[id].1).collect()
    }

    /// The same by what stands in the files.
    fn lines_in_files(&self, place: usize, opened: &str) -> Vec<&Line> {
        self.standing_in(place, opened).iter().flat_map(|id| &self.known[id].1).collect()
    }

    /// The records that hold for any post of some files.
    pub(crate) fn held(&mut self, place: usize, opened: &str) -> BTreeSet<String> {
        let posts = self.corpora.read(opened);
        let (digests, lines) = (posts.digests(), self.lines(place, opened));
        (0..posts.rows.len()).flat_map(|at| held(&lines, &posts.asked(at, &digests))).collect()
    }

    /// An old copy of a log has come back, and what was compacted away is missed: that is not promised, as
    /// the documents say. From here on what stands in the files is what there is.
    pub(crate) fn meet_old_copy(&mut self, place: usize, file: usize) {
        let opened = FILES[file];
        let posts = self.corpora.read(opened);
        let digests = posts.digests();
        let all = |lines: &[&Line]| -> Vec<Shown> {
            (0..posts.rows.len()).map(|at| shown(lines, &posts.asked(at, &digests))).collect()
        };
        if all(&self.lines(place, opened)) == all(&self.lines_in_files(place, opened)) {
            return;
        }
        self.counts.forgotten += 1;
        for log in self.family(place, file) {
            let stands = self.stands(&fs::read(&log).unwrap_or_default());
            self.acknowledged.insert(log, stands.ids);
        }
    }

    /// Reads everything afresh and compares it with the fold, and looks for what is missing.
    pub(crate) fn check(&mut self) -> Result<(), String> {
        for (place, opened) in [(0, "a"), (0, "b"), (0, "ab"), (1, "a"), (1, "ab")] {
            self.check_opened(place, opened).map_err(|what| format!("{} {opened}: {what}", PLACES[place]))?;
        }
        self.check_missing()
    }

    fn check_opened(&mut self, place: usize, opened: &str) -> Result<(), String> {
        let posts = self.corpora.read(opened);
        let (reviews, problems) = self.replay(place, opened)?;
        let standings: Vec<Standing> = posts
            .rows
            .iter()
            .map(|post| reviews.state().standing(&post.id, Some(post.digest), &posts.siblings(post)))
            .collect();
        self.compare(place, opened, &posts, &standings)?;
        check_lists(&posts, &standings)?;
        self.check_named(place, opened, &problems)
    }

    fn replay(&self, place: usize, opened: &str) -> Result<(Reviews, Vec<LogProblem>), String> {
        let author = Author { by: "anybody".to_owned(), via: Via::Cli };
        let mut reviews = Reviews::with_writer(author, "reader".to_owned());
        let mut problems = Vec::new();
        for (root, file) in files_of(opened).into_iter().enumerate() {
            reviews.turn_to(root);
            ReviewLog::open(&self.sidecar(place, file))
                .replay_into(&mut reviews, &mut |problem| problems.push(problem))
                .map_err(|error| format!("not read: {error}"))?;
        }
        Ok((reviews, problems))
    }

    /// Compares what is shown of each post with what the fold says.
    pub(crate) fn compare(
        &mut self,
        place: usize,
        opened: &str,
        posts: &Posts,
        standings: &[Standing],
    ) -> Result<(), String> {
        let digests = posts.digests();
        let lines = self.lines(place, opened);
        for (at, standing) in standings.iter().enumerate() {
            let expected = shown(&lines, &posts.asked(at, &digests));
            let seen = shown_by(standing);
            if seen != expected {
                let post = &posts.rows[at];
                let about = lines.iter().filter(|line| line.post == post.id.as_str());
                let about: Vec<String> = about.map(|line| format!("\n    {line:?}")).collect();
                return Err(format!(
                    "p{} ({}, {})\n  expected {expected:?}\n  seen     {seen:?}\n  of{}",
                    post.number,
                    post.id,
                    post.digest,
                    about.concat()
                ));
            }
            let goes_out =
                if expected.conflict || expected.stale { "unreviewed" } else { expected.status.as_str() };
            let exported = exported_status(standing);
            if exported.name() != goes_out {
                return Err(format!("p{at} is exported as {exported:?} and not as {goes_out}"));
            }
        }
        self.counts.compared += standings.len();
        Ok(())
    }

    /// Every damaged line is named, and no other.
    fn check_named(&self, place: usize, opened: &str, problems: &[LogProblem]) -> Result<(), String> {
        let named: BTreeSet<(PathBuf, u64)> =
            problems.iter().map(|problem| (problem.path.clone(), problem.line)).collect();
        let mut bad = BTreeSet::new();
        for log in files_of(opened).into_iter().flat_map(|file| self.family(place, file)) {
            let stands = self.stands(&fs::read(&log).unwrap_or_default());
            bad.extend(stands.bad.into_iter().map(|line| (log.clone(), line)));
        }
        if named == bad {
            return Ok(());
        }
        Err(format!("damaged lines: {bad:?}, named are {named:?}"))
    }

    /// What was acknowledged stands in a log or in an archive.
    fn check_missing(&self) -> Result<(), String> {
        let mut there = BTreeSet::new();
        for place in &self.places {
            for entry in fs::read_dir(place).unwrap() {
                let path = entry.unwrap().path();
                let is_log = path.to_string_lossy().contains(".reviews") && !is_backup(&path);
                if is_log {
                    there.extend(self.stands(&fs::read(&path).unwrap()).ids);
                }
            }
        }
        let acknowledged: BTreeSet<&String> = self.acknowledged.values().flatten().collect();
        let missing: Vec<&&String> = acknowledged.iter().filter(|id| !there.contains(**id)).collect();
        if missing.is_empty() { Ok(()) } else { Err(format!("missing: {missing:?}")) }
    }

    /// Everything that stands in the logs, for whoever looks for a fault.
    pub(crate) fn files(&self) -> String {
        let there = |log: PathBuf| {
            Some(format!("{}:\n{}", log.display(), String::from_utf8_lossy(&fs::read(&log).ok()?)))
        };
        self.logs().into_iter().filter_map(there).collect()
    }

    /// The records that stand in the logs of some files.
    pub(crate) fn standing_in(&self, place: usize, opened: &str) -> BTreeSet<String> {
        let logs = files_of(opened).into_iter().flat_map(|file| self.family(place, file));
        logs.flat_map(|log| self.stands(&fs::read(log).unwrap_or_default()).ids).collect()
    }
}

/// A record in the spelling that it is written in: a flipped bit may leave the same time or the same digest.
fn respelled(value: &Value) -> Value {
    let mut value = value.clone();
    let change = |value: &mut Value, how: fn(&str) -> String| {
        if let Some(text) = value.as_str() {
            *value = how(text).into();
        }
    };
    if value["at"].is_string() {
        change(&mut value["at"], |at| at.to_uppercase().replace(',', "."));
    }
    if value["hash"].is_string() {
        change(&mut value["hash"], str::to_lowercase);
    }
    for post in value.get_mut("posts").and_then(Value::as_array_mut).into_iter().flatten() {
        post.get_mut(1).into_iter().for_each(|hash| change(hash, str::to_lowercase));
    }
    value
}

fn is_backup(path: &Path) -> bool {
    path.to_string_lossy().contains(".backup-")
}

/// What the program shows of a post.
fn shown_by(standing: &Standing) -> Shown {
    Shown {
        status: standing.status.name().to_owned(),
        decided: standing.decided.name().to_owned(),
        by: standing.by.clone(),
        why: standing.why.clone(),
        note: standing.note.clone(),
        earlier: standing.earlier.as_ref().map(|note| note.text.clone()),
        done: standing.done.clone(),
        stale: standing.stale,
        conflict: standing.conflict,
    }
}

/// Whether a post passes a query, by what is shown of it.
type Passes<'a> = &'a dyn Fn(&Standing) -> bool;

/// What `list` finds is what each post is shown as.
fn check_lists(posts: &Posts, standings: &[Standing]) -> Result<(), String> {
    let mut all = Standings::default();
    all.resize(posts.corpus.len());
    for (post, standing) in posts.rows.iter().zip(standings) {
        all.judge(post.row, standing);
    }
    let asked = query::Posts {
        sources: &posts.sources,
        corpus: &posts.corpus,
        standings: &all,
        today: copydesk::model::Day(20_000),
    };
    let is = |wanted: Status| move |standing: &Standing| standing.status == wanted;
    let queries: [(&str, Passes<'_>); 6] = [
        ("status:reviewed", &is(Status::Reviewed)),
        ("status:flagged", &is(Status::Flagged)),
        ("status:skipped", &is(Status::Skipped)),
        ("status:unreviewed", &is(Status::Unreviewed)),
        ("is:stale", &|standing| standing.stale),
        ("is:conflict", &|standing| standing.conflict),
    ];
    for (text, passes) in queries {
        let view = query::run(&Query::parse(text).unwrap(), asked, &|| false).unwrap();
        let found: Vec<usize> = view.iter().map(Row::index).collect();
        let expected: Vec<usize> = (0..standings.len()).filter(|at| passes(&standings[*at])).collect();
        if found != expected {
            return Err(format!("{text} finds {found:?} and not {expected:?}"));
        }
    }
    Ok(())
}
