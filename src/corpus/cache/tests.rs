//! What comes from the cache is what reading gives, whatever happened in between.

use std::fs::OpenOptions;
use std::ops::ControlFlow;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use super::*;
use crate::corpus::format::format_named;
use crate::corpus::{Corpus, Loaded, Reading, Row, body, load, load_cached};

/// A folder with a file of posts and a cache.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn posts(&self) -> PathBuf {
        self.folder.path().join("posts.jsonl")
    }

    fn cache(&self) -> Cache {
        Cache::new(self.folder.path().join("cache"), DEFAULT_LIMIT_BYTES)
    }

    fn sources(&self) -> Sources {
        Sources::open(&[self.posts()]).unwrap().0
    }

    fn write(&self, text: &str) {
        fs::write(self.posts(), text).unwrap();
    }

    fn append(&self, text: &str) {
        OpenOptions::new().append(true).open(self.posts()).unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// Rows and problems with the cache, which must be those without; how many records were read.
    #[track_caller]
    fn check(&self) -> usize {
        let sources = self.sources();
        let (mut read, mut plain) = (Gathered::default(), Gathered::default());
        let stored = self.cache().find(&sources);
        load_cached(&sources, Some(&self.cache()), &mut |loaded| read.take(loaded));
        load(&sources, &mut |loaded| plain.take(loaded));
        assert_eq!(read.corpus.len(), plain.corpus.len());
        for row in plain.corpus.rows() {
            let of = |gathered: &Gathered| {
                let row = gathered.corpus.get(row).unwrap();
                (row.id().to_owned(), row.title().to_owned(), row.place(), row.score())
            };
            assert_eq!(of(&read), of(&plain), "{row:?}");
        }
        assert_eq!(read.problems, plain.problems);
        let last = read.corpus.get(Row(u32::try_from(read.corpus.len()).unwrap() - 1)).unwrap();
        assert_eq!(body::read(&sources, last).unwrap().id.as_str(), last.id());
        match stored {
            Some(stored) if stored.grown().is_none() => 0,
            Some(stored) => {
                let mut kept = 0;
                let _ = stored.segments(&mut |segment| {
                    kept += segment.len();
                    ControlFlow::Continue(())
                });
                plain.corpus.len() - kept
            }
            None => plain.corpus.len(),
        }
    }
}

#[derive(Default)]
struct Gathered {
    corpus: Corpus,
    problems: Vec<Problem>,
}

impl Gathered {
    fn take(&mut self, loaded: Loaded) -> ControlFlow<()> {
        match loaded {
            Loaded::Segment(segment) => drop(self.corpus.push(segment)),
            Loaded::Problem(problem) => self.problems.push(problem),
            Loaded::Restart => *self = Self::default(),
            Loaded::Progress { .. } => {}
        }
        ControlFlow::Continue(())
    }
}

fn lines(numbers: std::ops::Range<u32>) -> String {
    let line = |n: u32| match n % 1_000 {
        7 => "{broken\n".to_owned(),
        _ => format!(
            "{{\"id\":\"p-{n}\",\"title\":\"title {}\",\"score\":{},\"body\":\"{}\"}}\n",
            n % 50,
            n % 101,
            "x".repeat(900)
        ),
    };
    numbers.map(line).collect()
}

#[test]
fn a_corpus_that_did_not_change_is_not_read_again() {
    let place = Place::new();
    place.write(&lines(0..6_000));
    assert_eq!(place.check(), 5_994, "nothing is stored yet");
    assert_eq!(place.check(), 0);
    let folder = place.cache().folder().metadata().unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
    let entries = place.cache().entries();
    assert_eq!(entries.len(), 1);
    assert!(entries[0].of.as_deref().unwrap().ends_with("posts.jsonl"));
    place.cache().clear().unwrap();
    assert_eq!(place.cache().entries().len(), 0);
    assert_eq!(place.check(), 5_994);
}

#[test]
fn posts_that_were_added_are_read_alone() {
    let place = Place::new();
    place.write(&lines(0..6_000));
    place.check();
    place.append(&lines(6_000..6_010));
    assert_eq!(place.check(), 9);
    assert_eq!(place.check(), 0, "and are stored then");
    place.append("{\"id\":\"half");
    assert_eq!(place.check(), 0, "a problem, and no post");
    place.append("-a-post\",\"title\":\"now it is whole\"}");
    assert_eq!(place.check(), 1);
    place.append("\n{\"id\":\"next\"}\n");
    assert_eq!(place.check(), 2, "the line that had no end, and the next");
    assert_eq!(place.check(), 0);
}

#[test]
fn a_corpus_that_changed_is_read_again() {
    let place = Place::new();
    place.write(&lines(0..6_000));
    let all = place.check();
    let metadata = place.posts().metadata().unwrap();
    // The same length and the same time of change, and another text.
    let text = lines(0..6_000).replace("title 0", "other 0");
    place.write(&text);
    let file = OpenOptions::new().write(true).open(place.posts()).unwrap();
    file.set_modified(metadata.modified().unwrap()).unwrap();
    assert_eq!(place.posts().metadata().unwrap().len(), metadata.len());
    assert_eq!(place.check(), all);
    place.write(&lines(3_000..9_000));
    assert_eq!(place.check(), all);
    place.write(&lines(0..5_500));
    assert!(place.check() > 5_000);
}

#[test]
fn a_damaged_cache_is_thrown_away_without_a_word() {
    let place = Place::new();
    place.write(&lines(0..6_000));
    place.check();
    let path = place.cache().entries()[0].path.clone();
    let good = fs::read(&path).unwrap();
    for step in 0..20 {
        let mut bad = good.clone();
        let at = bad.len() * step / 200;
        bad[at] ^= 1 << (step % 8);
        fs::write(&path, &bad).unwrap();
        place.check();
    }
    for len in [0, 10, good.len() / 2, good.len() - 1] {
        fs::write(&path, &good[..len]).unwrap();
        assert_eq!(place.check(), 5_994);
    }
}

#[test]
fn there_is_a_bound_and_the_oldest_goes() {
    let place = Place::new();
    place.write(&lines(0..6_000));
    place.check();
    let entry = place.cache().entries().remove(0);
    let small = Cache { limit_bytes: entry.bytes + entry.bytes / 2, ..place.cache() };
    let other = place.folder.path().join("other.jsonl");
    fs::write(&other, lines(0..6_000)).unwrap();
    let sources = Sources::open(&[other]).unwrap().0;
    load_cached(&sources, Some(&small), &mut |_| ControlFlow::Continue(()));
    let entries = place.cache().entries();
    assert_eq!(entries.len(), 1);
    assert_ne!(entries[0].path, entry.path);
    assert_eq!(entries[0].path.metadata().unwrap().mode() & 0o777, 0o600);
    let none = Cache { limit_bytes: 10, ..place.cache() };
    place.cache().clear().unwrap();
    load_cached(&sources, Some(&none), &mut |_| ControlFlow::Continue(()));
    assert_eq!(place.cache().entries().len(), 0);
}

#[test]
fn what_was_read_in_another_way_is_of_no_use() {
    let place = Place::new();
    place.write(&lines(0..6_000));
    place.check();
    let page = Reading { format: format_named("page") };
    let sources = Sources::open_as(&[place.posts()], &page).unwrap().0;
    assert!(place.cache().find(&sources).is_none());
}

#[test]
fn where_no_cache_can_be_there_is_none() {
    let place = Place::new();
    place.write(&lines(0..6_000));
    fs::write(place.folder.path().join("cache"), "a file").unwrap();
    assert_eq!(place.check(), 5_994);
    assert_eq!(place.check(), 5_994);
}

#[test]
fn a_warm_corpus_is_opened_without_reading_a_record() {
    let place = Place::new();
    place.write(&lines(0..6_000));
    place.check();
    let modified = place.posts().metadata().unwrap().modified().unwrap();
    // Every record between the samples is spoilt, which nobody who reads records could miss.
    let mut bytes = fs::read(place.posts()).unwrap();
    let last = bytes.len() - (4 << 10);
    let sampled =
        |at: usize| (0..16).any(|n| (last / 15 * n..last / 15 * n + (4 << 10)).contains(&at)) || at >= last;
    let spoilt: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'{' && !sampled(*at)).collect();
    assert!(spoilt.len() > 5_000);
    spoilt.into_iter().for_each(|at| bytes[at] = b'!');
    fs::write(place.posts(), &bytes).unwrap();
    OpenOptions::new().write(true).open(place.posts()).unwrap().set_modified(modified).unwrap();
    let mut warm = Gathered::default();
    load_cached(&place.sources(), Some(&place.cache()), &mut |loaded| warm.take(loaded));
    assert_eq!((warm.corpus.len(), warm.problems.len()), (5_994, 6));
    // And whoever opens one of them is told.
    let row = warm.corpus.get(Row(3_000)).unwrap();
    assert!(matches!(body::read(&place.sources(), row), Err(body::BodyError::Changed { .. })));
}

#[test]
fn a_record_that_was_changed_in_place_is_noticed_by_whoever_reads_it() {
    let place = Place::new();
    let body = "w".repeat(700);
    let line = |n| {
        format!("{{\"id\":\"{n}\",\"title\":\"t\",\"score\":20,\"stack\":[\"go\"],\"body\":\"{body}\"}}\n")
    };
    let text = (0..6_000).map(line).collect::<Vec<_>>().concat();
    place.write(&text);
    place.check();
    for (old, new) in [("\"score\":20", "\"score\":11"), ("\"go\"", "\"js\"")] {
        // As long as it was, and the file has grown besides: so it counts as the same one.
        let (before, behind) = text.split_at(text.find("\"id\":\"10\"").unwrap());
        place.write(&format!("{before}{}", behind.replacen(old, new, 1)));
        place.append("{\"id\":\"new\"}\n");
        let (sources, mut read) = (place.sources(), Gathered::default());
        assert!(place.cache().find(&sources).is_some_and(|stored| stored.grown().is_some()));
        load_cached(&sources, Some(&place.cache()), &mut |loaded| read.take(loaded));
        let row = |at| read.corpus.get(Row(at)).unwrap();
        assert!(matches!(body::read(&sources, row(10)), Err(body::BodyError::Changed { .. })), "{new}");
        assert!(body::read(&sources, row(9)).is_ok() && body::read(&sources, row(6_000)).is_ok());
        place.cache().forget(&sources);
        place.write(&text);
        place.check();
    }
}

#[test]
fn a_cache_that_somebody_else_could_have_written_is_not_used() {
    let place = Place::new();
    place.write(&lines(0..6_000));
    place.check();
    let (cache, sources) = (place.cache(), place.sources());
    let path = cache.entries().remove(0).path;
    let allow = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    for mode in [0o620, 0o602] {
        allow(mode);
        assert!(cache.find(&sources).is_none());
        assert!(cache.distrust(&sources).unwrap().contains("others may write to it"));
        assert_eq!(cache.entries()[0].distrust, Some("others may write to it"));
    }
    allow(0o600);
    assert!(cache.find(&sources).is_some() && cache.distrust(&sources).is_none());
    // Only root can give a file away.
    if std::os::unix::fs::chown(&path, Some(4_242), None).is_ok() && path.metadata().unwrap().uid() == 4_242 {
        assert!(cache.find(&sources).is_none());
        assert!(cache.distrust(&sources).unwrap().contains("it belongs to another user"));
    }
    let aside = place.folder.path().join("aside");
    fs::rename(&path, &aside).unwrap();
    std::os::unix::fs::symlink(&aside, &path).unwrap();
    assert!(cache.find(&sources).is_none() && path.is_symlink());
    // Posts are read, and the link gives way to a file of our own.
    place.check();
    assert!(!path.is_symlink() && cache.find(&sources).is_some());
}
