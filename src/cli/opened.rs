//! A corpus and its decisions, read whole: what every command without a screen works on.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::args::{Desk, Posts};
use super::output::complain;
use super::progress::Progress;
use super::unread::{Told, nearby, unread};
use super::{config, queries, settings};
use crate::app::Settings;
use crate::corpus::body::BodyError;
use crate::corpus::problem::MAX_KEPT;
use crate::corpus::{
    Cache, Corpus, Loaded, Problem, RootKind, Row, RowRef, Source, Sources, body, is_review_log, load_cached,
};
use crate::model::figures::grouped;
use crate::model::{Day, Digest, Post, PostId, clock, safe};
use crate::query::{self, Names, Query, Standings, View};
use crate::review::{Author, LogProblem, ReviewLog, Reviews, Standing, Via, own_log_of, sidecar_of};

/// The built-in sample: page files and a JSONL.
const SAMPLE: &[(&str, &str)] = &[
    ("posts.jsonl", include_str!("../../assets/sample/posts.jsonl")),
    (
        "001-reading-a-terraform-plan.txt",
        include_str!("../../assets/sample/pages/001-reading-a-terraform-plan.txt"),
    ),
    ("003-queue-backpressure.txt", include_str!("../../assets/sample/pages/003-queue-backpressure.txt")),
    (
        "007-the-index-nobody-used.txt",
        include_str!("../../assets/sample/pages/007-the-index-nobody-used.txt"),
    ),
    ("012-dear-ctx.txt", include_str!("../../assets/sample/pages/012-dear-ctx.txt")),
    ("018-kinyoubi-no-deploy.txt", include_str!("../../assets/sample/pages/018-kinyoubi-no-deploy.txt")),
    (
        "021-error-messages-in-rust.txt",
        include_str!("../../assets/sample/pages/021-error-messages-in-rust.txt"),
    ),
    ("024-migration-diary.txt", include_str!("../../assets/sample/pages/024-migration-diary.txt")),
    ("029-the-deleting-commit.txt", include_str!("../../assets/sample/pages/029-the-deleting-commit.txt")),
    ("033-on-call-handbook.txt", include_str!("../../assets/sample/pages/033-on-call-handbook.txt")),
    ("038-let-it-crash.txt", include_str!("../../assets/sample/pages/038-let-it-crash.txt")),
    (
        "042-forms-are-conversations.txt",
        include_str!("../../assets/sample/pages/042-forms-are-conversations.txt"),
    ),
];

/// The name of the review log of the sample in the data folder.
const SAMPLE_LOG: &str = "sample.reviews.jsonl";

/// The sources of the built-in sample.
pub(super) fn sample() -> (Sources, Vec<Problem>) {
    let pages = SAMPLE.iter().skip(1).chain(SAMPLE.first());
    let files = pages.map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
    (Sources::in_memory(files), Vec::new())
}

/// The sources at some paths.
pub(super) fn sources(paths: &[PathBuf], desk: &Desk) -> anyhow::Result<(Sources, Vec<Problem>)> {
    if let Some(log) = paths.iter().find(|path| is_review_log(path) && path.is_file()) {
        anyhow::bail!(
            "{} is a review log and no posts; name the posts it belongs to, for example: copydesk log POSTS",
            safe(&log.to_string_lossy())
        );
    }
    Ok(Sources::open_as(paths, &desk.reading())?)
}

/// The review log of each root.
pub(super) fn sidecars(sources: &Sources, desk: &Desk) -> anyhow::Result<Vec<PathBuf>> {
    let given = desk.sidecar.as_deref();
    if let Some(given) = given {
        refuse_posts_as_log(sources, given)?;
    }
    let beside = |root: &crate::corpus::Root| match root.kind {
        RootKind::File => sidecar_of(&root.path, false),
        RootKind::Folder => sidecar_of(&root.path, true),
        RootKind::Builtin => data_folder().join(SAMPLE_LOG),
        RootKind::Stdin => data_folder().join("stdin.reviews.jsonl"),
    };
    let reviewer = author(desk, Via::Cli)?.by;
    let sidecar = |root| {
        let shared = given.map_or_else(|| beside(root), Path::to_owned);
        if desk.own_log { own_log_of(&shared, &reviewer) } else { shared }
    };
    let logs = sources.roots().iter().map(sidecar);
    if desk.follow_links { logs.map(|log| followed(sources, log)).collect() } else { Ok(logs.collect()) }
}

/// What a log leads to, if it is a link. A link may lead anywhere, so that must be a log already, or empty.
fn followed(sources: &Sources, log: PathBuf) -> anyhow::Result<PathBuf> {
    if !log.is_symlink() {
        return Ok(log);
    }
    let shown = || safe(&log.to_string_lossy()).to_string();
    let target = std::fs::canonicalize(&log).with_context(|| {
        format!("the review log {} is a link to nothing that could be written to", shown())
    })?;
    refuse_posts_as_log(sources, &target)?;
    Ok(target)
}

/// The data folder; where there is none, one that is not there and that nobody makes.
fn data_folder() -> PathBuf {
    config::data_dir().unwrap_or_else(|| PathBuf::from("/nonexistent"))
}

/// Why decisions can go nowhere, if they cannot: they belong into the data folder, and there is none.
pub(super) fn nowhere(sources: &Sources, desk: &Desk) -> Option<String> {
    let is_needed =
        desk.sidecar.is_none() && sources.roots().iter().any(|root| kept_in_data_folder(root.kind));
    (is_needed && config::data_dir().is_none()).then(|| {
        "there is no home folder to keep them in. Set HOME or COPYDESK_DATA_DIR, or name a file with --sidecar"
            .to_owned()
    })
}

fn kept_in_data_folder(kind: RootKind) -> bool {
    matches!(kind, RootKind::Builtin | RootKind::Stdin)
}

/// A log that is named by mistake must not be posts, or any other file that is not ours.
fn refuse_posts_as_log(sources: &Sources, log: &Path) -> anyhow::Result<()> {
    let Ok(metadata) = std::fs::metadata(log) else { return Ok(()) };
    let is_log = |metadata: &std::fs::Metadata| (metadata.dev(), metadata.ino());
    let posts = sources.iter().filter_map(|source| std::fs::metadata(source.path()).ok());
    anyhow::ensure!(
        !posts.into_iter().any(|posts| is_log(&posts) == is_log(&metadata)),
        "the review log {} is a file of posts, and posts are never written to; name another file",
        safe(&log.to_string_lossy())
    );
    anyhow::ensure!(
        !metadata.is_file() || metadata.len() == 0 || ReviewLog::open(log).looks_like_a_log(),
        "{} holds no record of a review log, so nothing is added to it; name another file with --sidecar",
        safe(&log.to_string_lossy())
    );
    Ok(())
}

/// Says on standard error which lines of review logs make no record.
pub(super) fn tell_damage(problems: &[LogProblem]) {
    /// So many are said each by itself.
    const MOST: usize = 5;
    for problem in problems.iter().take(MOST) {
        complain(&format!("copydesk: {problem}"));
    }
    match problems.len().saturating_sub(MOST) {
        0 => {}
        more => complain(&format!(
            "copydesk: {} more lines like it; copydesk check names them all",
            grouped(more)
        )),
    }
}

/// Makes the data folder where decisions are kept there. Where that fails, the log says so when it
/// is written to.
pub(super) fn prepare_data_folder(sources: &Sources) {
    if sources.roots().iter().any(|root| kept_in_data_folder(root.kind))
        && let Some(folder) = config::data_dir()
    {
        let _ = std::fs::create_dir_all(folder);
    }
}

/// Who decides, and how.
pub(super) fn author(desk: &Desk, via: Via) -> anyhow::Result<Author> {
    let by = match desk.reviewer.as_deref() {
        Some(given) => config::reviewer(Some(given), &Settings::default()),
        None => config::reviewer(None, &settings::load(desk)?.1.settings),
    };
    Ok(Author { by, via })
}

/// Whether a post could not be read because its record is another one than its row was made of.
fn is_outdated(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(BodyError::Changed { .. }))
}

/// A corpus and its decisions.
pub(super) struct Opened {
    pub(super) sources: Sources,
    pub(super) corpus: Corpus,
    pub(super) problems: Vec<Problem>,
    /// How many more there are than were to be kept.
    pub(super) problems_beyond: usize,
    /// So many problems are kept at most.
    max_problems: usize,
    /// So many of them are files that are left out, which no record tells of.
    left_out: usize,
    /// The queries that have a name.
    names: Names,
    /// Where columns are kept from one run to the next.
    cache: Option<Cache>,
    pub(super) reviews: Reviews,
    pub(super) logs: Vec<ReviewLog>,
    pub(super) log_problems: Vec<LogProblem>,
    /// What is to be said of logs near the posts that are not read with them.
    pub(super) unread: Told,
    /// Records that carry no checksum.
    pub(super) unchecked: u64,
    pub(super) standings: Standings,
    /// The posts that were decided on, each with the digest of its text now.
    digests: HashMap<Row, Digest>,
    /// The ids that more than one post has, each with its rows.
    twins: HashMap<String, Vec<Row>>,
    /// The digests of those of them that were asked about.
    twin_digests: RefCell<HashMap<Row, Digest>>,
}

impl Opened {
    /// Reads everything, and says on standard error what of the decisions could not be read.
    pub(super) fn open(posts: &Posts) -> anyhow::Result<Self> {
        let opened = Self::open_keeping(posts, MAX_KEPT)?;
        tell_damage(&opened.log_problems);
        if let Some(words) = opened.unread.in_one() {
            complain(&format!("copydesk: {words}"));
        }
        Ok(opened)
    }

    /// Reads everything, and keeps so many problems at most.
    pub(super) fn open_keeping(posts: &Posts, max_problems: usize) -> anyhow::Result<Self> {
        let (sources, problems) = sources(&posts.paths, &posts.desk)?;
        let reviews = Reviews::new(author(&posts.desk, Via::Cli)?);
        let sidecars = sidecars(&sources, &posts.desk)?;
        let mut opened = Self {
            unread: Told::default(),
            sources,
            corpus: Corpus::default(),
            left_out: problems.len(),
            max_problems,
            problems,
            problems_beyond: 0,
            names: queries::named(&queries::files(&posts.desk)).names,
            cache: config::cache(posts.desk.no_cache),
            reviews,
            logs: sidecars.iter().map(|path| ReviewLog::open(path)).collect(),
            log_problems: Vec::new(),
            unchecked: 0,
            standings: Standings::default(),
            digests: HashMap::new(),
            twins: HashMap::new(),
            twin_digests: RefCell::default(),
        };
        opened.replay()?;
        if let Some(why) = opened.cache.as_ref().and_then(|cache| cache.distrust(&opened.sources)) {
            complain(&format!("copydesk: {why}"));
        }
        opened.load();
        match opened.judge() {
            Err(error) if is_outdated(&error) => opened.read_again()?,
            judged => judged?,
        }
        opened.look_around(&posts.desk);
        Ok(opened)
    }

    /// The rows that `choose` gives, after a look whether they are still the posts that it chose. Where some are
    /// not, all posts are read again, and it chooses anew.
    pub(super) fn choose(
        &mut self,
        choose: impl Fn(&Self) -> anyhow::Result<Vec<Row>>,
    ) -> anyhow::Result<Vec<Row>> {
        let rows = choose(self)?;
        match self.read_digests(&rows) {
            Err(error) if is_outdated(&error) => {
                self.read_again()?;
                choose(self)
            }
            read => read.map(|()| rows),
        }
    }

    /// Removes what the cache has of these posts, so that the next run reads them.
    pub(super) fn forget_cache(&self) {
        if let Some(cache) = &self.cache {
            cache.forget(&self.sources);
        }
    }

    /// Reads all posts again: some were changed in place since their columns were kept.
    fn read_again(&mut self) -> anyhow::Result<()> {
        self.forget_cache();
        complain(
            "copydesk: posts were changed in place since they were read last; all of them are read again",
        );
        self.digests.clear();
        self.twin_digests.borrow_mut().clear();
        self.load();
        self.judge()
    }

    /// Looks for logs near the posts that are not read with them.
    fn look_around(&mut self, desk: &Desk) {
        let logs = self.log_paths();
        let unread = unread(&self.sources, &logs, desk);
        let mut candidates = unread.clone();
        candidates.extend(nearby(&self.sources, &logs, desk));
        let others = query::other_logs((&self.sources, &self.corpus), &candidates);
        let state = self.reviews.state();
        let is_open = |row| self.corpus.get(row).is_some_and(|post| !state.has(post.id()));
        self.unread = Told::of(&unread, &others, &logs, is_open);
    }

    /// Where the logs are, by root.
    pub(super) fn log_paths(&self) -> Vec<PathBuf> {
        self.logs.iter().map(|log| log.path().to_owned()).collect()
    }

    fn replay(&mut self) -> anyhow::Result<()> {
        let Self { logs, reviews, log_problems, unchecked, .. } = self;
        for (root, log) in logs.iter_mut().enumerate() {
            reviews.turn_to(root);
            let replayed = log
                .replay_into(reviews, &mut |problem| log_problems.push(problem))
                .context("the decisions could not be read")?;
            *unchecked += replayed.unchecked;
        }
        Ok(())
    }

    fn load(&mut self) {
        let progress =
            Progress::new(self.sources.total_bytes(), "reading {bytes} of {total_bytes} {wide_bar} {eta}");
        let Self { sources, corpus, problems, problems_beyond, max_problems, left_out, cache, .. } = self;
        *corpus = Corpus::default();
        problems.truncate(*left_out);
        *problems_beyond = 0;
        load_cached(sources, cache.as_ref(), &mut |loaded| {
            match loaded {
                Loaded::Segment(segment) => drop(corpus.push(segment)),
                Loaded::Problem(problem) if problems.len() < *max_problems => problems.push(problem),
                Loaded::Problem(_) => *problems_beyond += 1,
                Loaded::Restart => {
                    *corpus = Corpus::default();
                    problems.truncate(*left_out);
                    *problems_beyond = 0;
                }
                Loaded::Progress { bytes, .. } => progress.reach(bytes),
            }
            ControlFlow::Continue(())
        });
        drop(progress);
        self.standings = Standings::default();
        self.standings.resize(self.corpus.len());
        self.twins = self.corpus.equal_ids().into_iter().collect();
    }

    /// Sets every decision against the text as it is now.
    fn judge(&mut self) -> anyhow::Result<()> {
        if self.reviews.state().is_empty() {
            return Ok(());
        }
        let state = self.reviews.state();
        let is_decided = |row: &Row| self.corpus.get(*row).is_some_and(|post| state.has(post.id()));
        let decided: Vec<Row> = self.corpus.rows().filter(is_decided).collect();
        self.read_digests(&decided)?;
        for row in decided {
            let standing = self.standing(row);
            self.standings.judge(row, &standing);
        }
        Ok(())
    }

    /// Reads these posts, as far as that was not done yet, for their digests. Fails with the first that
    /// cannot be read.
    pub(super) fn read_digests(&mut self, rows: &[Row]) -> anyhow::Result<()> {
        let unread: Vec<Row> = rows.iter().copied().filter(|row| !self.digests.contains_key(row)).collect();
        for (row, digest) in body::read_many(&self.sources, &self.corpus, &unread) {
            self.digests.insert(row, digest?);
        }
        Ok(())
    }

    /// The digest of another text under the id of this post, if there is one.
    pub(super) fn siblings(&self, row: Row) -> Vec<Digest> {
        let id = self.corpus.get(row).map_or("", |row| row.id());
        let (own, is_other) = (self.digest(row), |twin: &&Row| **twin != row);
        let mut twins = self.twins.get(id).into_iter().flatten().filter(is_other);
        twins.find_map(|twin| self.digest(*twin).filter(|digest| Some(*digest) != own)).into_iter().collect()
    }

    fn digest(&self, row: Row) -> Option<Digest> {
        if let Some(digest) = self.digests.get(&row).or(self.twin_digests.borrow().get(&row)) {
            return Some(*digest);
        }
        let digest = self.read(row).ok()?.digest();
        self.twin_digests.borrow_mut().insert(row, digest);
        Some(digest)
    }

    /// The ids that more than one post has, in the order of their first post.
    pub(super) fn equal_ids(&self) -> Vec<(&str, &[Row])> {
        let mut equal: Vec<_> = self.twins.iter().map(|(id, rows)| (id.as_str(), rows.as_slice())).collect();
        equal.sort_by_key(|(_, rows)| rows.first());
        equal
    }

    /// What queries are run over.
    pub(super) fn posts(&self) -> query::Posts<'_> {
        let Self { sources, corpus, standings, .. } = self;
        query::Posts { sources, corpus, standings, today: Day::of_timestamp(clock::now()) }
    }

    /// The posts that pass a filter, in its order.
    pub(super) fn filter(&self, query: Option<&str>, sort: Option<&str>) -> anyhow::Result<View> {
        let mut text = query.unwrap_or_default().to_owned();
        if let Some(sort) = sort {
            text.push_str(" sort:");
            text.push_str(sort);
        }
        self.passing(&self.query(&text)?)
    }

    /// What a filter means, the queries in it that have a name included.
    pub(super) fn query(&self, text: &str) -> anyhow::Result<Query> {
        Query::parse_with(text, &self.names)
            .map_err(|error| anyhow::anyhow!("the filter was not understood: {}", error.explain(text)))
    }

    /// The posts that pass a query.
    pub(super) fn passing(&self, query: &Query) -> anyhow::Result<View> {
        crate::query::run(query, self.posts(), &|| false).context("the filter was stopped")
    }

    /// The whole post of a row.
    pub(super) fn read(&self, row: Row) -> anyhow::Result<Post> {
        let place = self.corpus.get(row).context("there is no such post")?;
        let read = body::read(&self.sources, place);
        if matches!(read, Err(BodyError::Changed { .. })) {
            self.forget_cache();
        }
        Ok(read?)
    }

    /// The text that a row was judged by; `None` where nothing was decided about it.
    pub(super) fn judged_text(&self, row: Row) -> Option<Digest> {
        self.digests.get(&row).copied()
    }

    /// What was decided about a row.
    pub(super) fn standing(&self, row: Row) -> Standing {
        let id = self.corpus.get(row).map(|row| PostId::new(row.id()));
        let digest = self.digests.get(&row).copied();
        id.filter(|id| self.reviews.state().has(id.as_str()))
            .map(|id| self.reviews.state().standing(&id, digest, &self.siblings(row)))
            .unwrap_or_default()
    }

    /// The posts that a damaged line of the logs may have been about. What counts for them may not be all that was
    /// decided, so nothing that publishes lets them through.
    pub(super) fn held_back(&self) -> impl Fn(Row) -> bool {
        let held = self.reviews.held_back();
        move |row| {
            let id = self.corpus.get(row).map(|row| PostId::new(row.id()));
            id.is_some_and(|id| held.has(&id, self.digests.get(&row).copied()))
        }
    }

    /// The number of the root that a row came from.
    pub(super) fn root_of(&self, row: Row) -> usize {
        let source = self.corpus.get(row).map(RowRef::source);
        source.and_then(|source| self.sources.get(source)).map_or(0, Source::root)
    }

    /// Whether every log can be written, before anything is.
    pub(super) fn check_writable(&self) -> anyhow::Result<()> {
        prepare_data_folder(&self.sources);
        Ok(self.logs.iter().try_for_each(ReviewLog::check_writable)?)
    }

    /// The posts that were decided on and are not in the corpus.
    pub(super) fn orphans(&self) -> impl Iterator<Item = &str> {
        let ids: HashSet<&str> =
            self.corpus.rows().filter_map(|row| self.corpus.get(row)).map(RowRef::id).collect();
        self.reviews.state().posts().filter(move |post| !ids.contains(post))
    }
}
