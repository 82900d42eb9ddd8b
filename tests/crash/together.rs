//! Everything that can happen to a log at once: two compactions, three writers, merges and a screen. What was
//! acknowledged is in the log or in its archive afterwards, and the log alone says what both say together.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use copydesk::review::{Author, ReviewLog, Reviews, Via};

use crate::Outcome;
use crate::bench::{Acks, Found, Mounted, Random, has, seed};
use crate::program::copydesk;
use crate::terminal::Terminal;
use crate::writer::Orders;

const LOG: &str = "posts.jsonl.reviews.jsonl";
const POSTS: usize = 400;
const WRITERS: [&str; 3] = ["ann", "ben", "cleo"];

/// On an ordinary file system; for so many seconds.
pub(crate) fn run(seconds: usize) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let outcome = one(folder.path(), seconds);
    if matches!(outcome, Outcome::Broken(_)) {
        let _kept = folder.keep();
    }
    outcome
}

/// The same on a file system of FUSE, which tells of nothing and cannot exchange two files.
pub(crate) fn on_fuse(seconds: usize) -> Outcome {
    if !has("bindfs") {
        return Outcome::Skipped("there is no bindfs".to_owned());
    }
    if !Path::new("/dev/fuse").exists() {
        return Outcome::Skipped("there is no /dev/fuse".to_owned());
    }
    let folder = tempfile::tempdir().unwrap();
    let [below, mount] = ["below", "mount"].map(|name| folder.path().join(name));
    for folder in [&below, &mount] {
        fs::create_dir(folder).unwrap();
    }
    let device = |path: &Path| fs::metadata(path).map(|metadata| metadata.dev()).unwrap_or_default();
    let before = device(&mount);
    let mut bindfs = Command::new("bindfs");
    let bindfs = bindfs.arg("-f").args([&below, &mount]).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut server = bindfs.spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(5);
    while device(&mount) == before {
        if Instant::now() > until || server.try_wait().unwrap().is_some() {
            let _ = server.kill();
            let said = server.wait_with_output().unwrap();
            let why = String::from_utf8_lossy(&said.stderr).trim().to_owned();
            return Outcome::Skipped(format!("bindfs cannot mount here: {why}"));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let outcome = {
        let _mounted = Mounted(&mount);
        one(&mount, seconds)
    };
    let _ = server.wait();
    if matches!(outcome, Outcome::Broken(_)) {
        let _kept = folder.keep();
    }
    outcome
}

fn one(folder: &Path, seconds: usize) -> Outcome {
    let post =
        |number: usize| format!("{{\"id\":\"p-{number}\",\"title\":\"post {number}\",\"body\":\"words\"}}\n");
    fs::write(folder.join("posts.jsonl"), (0..POSTS).map(post).collect::<String>()).unwrap();
    let log = folder.join(LOG);
    let (seed, ends) = (seed(), AtomicBool::new(false));
    let (compactions, merges, merged) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let goes_on = || !ends.load(Ordering::SeqCst);
    let decided = std::thread::scope(|scope| {
        for (name, number) in WRITERS.iter().zip(1..) {
            scope.spawn(move || {
                let mut orders = Orders::new(folder, name, 60);
                orders.batch = 5;
                let mut random = Random::new(seed + number);
                while goes_on() {
                    assert!(orders.command().status().unwrap().success());
                    std::thread::sleep(Duration::from_millis(u64::try_from(random.below(20)).unwrap()));
                }
            });
        }
        for _ in 0..2 {
            scope.spawn(|| {
                while goes_on() {
                    compact(folder, &compactions);
                }
            });
        }
        scope.spawn(|| {
            while goes_on() {
                let number = merges.load(Ordering::SeqCst);
                let mut orders = Orders::new(folder, "dora", 20);
                orders.log = folder.join(format!("side-{number}.jsonl"));
                assert!(orders.command().status().unwrap().success());
                let name = orders.log.file_name().unwrap().to_str().unwrap().to_owned();
                // Others may hold the lock too long; the same merge can be made again.
                let merge =
                    || copydesk(folder).args(["merge", LOG, &name]).output().unwrap().status.success();
                let is_merged = (0..20).any(|_| merge());
                merged.fetch_add(usize::from(is_merged), Ordering::SeqCst);
                merges.fetch_add(1, Ordering::SeqCst);
                fs::remove_file(&orders.log).unwrap();
            }
        });
        let decided = screen(folder, seconds);
        ends.store(true, Ordering::SeqCst);
        decided
    });
    let decided = match decided {
        Ok(decided) => decided,
        Err(what) => return Outcome::Broken(format!("{what} (CRASH_SEED={seed})")),
    };
    let all = [log.clone(), folder.join(format!("{LOG}.archive"))];
    let mut ids = BTreeSet::new();
    for file in &all {
        match Found::in_log(file) {
            Ok(found) if found.bad_lines == 0 => ids.extend(found.ids.into_keys()),
            Ok(found) => {
                return Outcome::Broken(format!("{} bad lines (CRASH_SEED={seed})", found.bad_lines));
            }
            Err(error) => return Outcome::Broken(error),
        }
    }
    let (mut acknowledged, mut missing) = (0, Vec::new());
    for name in WRITERS.iter().chain(&["dora"]) {
        let acks = Acks::read(&folder.join(format!("acks-{name}")));
        acknowledged += acks.safe.len();
        missing.extend(acks.safe.into_iter().filter(|id| !ids.contains(id)));
    }
    let here = standings(&all[..1]);
    let screen_posts = here.keys().filter(|post| post.starts_with("p-")).count();
    let (merges, merged) = (merges.into_inner(), merged.into_inner());
    if !missing.is_empty() || screen_posts < decided || merged < merges {
        return Outcome::Broken(format!(
            "{} of {acknowledged} acknowledged decisions are missing, {screen_posts} of {decided} of the screen are there, {merged} of {merges} merges were made (CRASH_SEED={seed}): {missing:?}",
            missing.len()
        ));
    }
    let together = standings(&all);
    if here != together {
        let other: Vec<_> =
            here.iter().filter(|(post, standing)| together.get(*post) != Some(*standing)).collect();
        return Outcome::Broken(format!("the log alone says something else (CRASH_SEED={seed}): {other:?}"));
    }
    Outcome::Held(format!(
        "{seconds} s: {} compactions, {merges} merges, {acknowledged} decisions of writers and {decided} of a screen acknowledged, 0 missing; the log says what it says with its archive",
        compactions.into_inner()
    ))
}

fn compact(folder: &Path, compactions: &AtomicUsize) {
    let said = copydesk(folder).args(["log", "compact", "posts.jsonl"]).output().unwrap();
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    // It would only fill the disk.
    if let Some(backup) = said.trim().rsplit_once(": ").map(|(_, backup)| folder.join(backup))
        && said.contains("as it was before")
    {
        compactions.fetch_add(1, Ordering::SeqCst);
        let _ = fs::remove_file(backup);
    }
    std::thread::sleep(Duration::from_millis(30));
}

/// Decides on one post after the other until the time is over; how many were acknowledged.
fn screen(folder: &Path, seconds: usize) -> Result<usize, String> {
    let until = Instant::now() + Duration::from_secs(u64::try_from(seconds).unwrap());
    let mut terminal = Terminal::start(folder, &["posts.jsonl"]);
    terminal.until(&["Posts 400", "saved ✓"]);
    terminal.listen(Duration::from_secs(2));
    let mut decided = 0;
    while Instant::now() < until && decided < POSTS {
        // Not the same key again, which may be one that is held.
        let key = if decided % 2 == 0 { "r" } else { "s" };
        terminal.keys(key);
        decided += 1;
        // A decision that waits while the logs are read anew is made afterwards.
        let reviewed = format!("reviewed {} ", decided.div_ceil(2));
        let skipped = if decided < 2 { String::new() } else { format!("skipped {} ", decided / 2) };
        terminal.until(&[&reviewed, &skipped, "saved ✓"]);
    }
    while Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50));
    }
    terminal.keys("q");
    match terminal.end() {
        // A lock that was waited for too long is told at the end, whatever came of it.
        0 | 3 => Ok(decided),
        code => Err(format!("the screen ended with {code}")),
    }
}

/// What some files say of every post.
fn standings(logs: &[impl AsRef<Path>]) -> BTreeMap<String, (String, bool)> {
    let mut reviews = Reviews::new(Author { by: "anybody".to_owned(), via: Via::Cli });
    for log in logs {
        ReviewLog::open(log.as_ref()).replay_into(&mut reviews, &mut |_| {}).unwrap();
    }
    let state = reviews.state();
    let standing = |post: &str| {
        let standing = state.standing(&copydesk::model::PostId::new(post), None, &[]);
        (post.to_owned(), (standing.status.name().to_owned(), standing.conflict))
    };
    state.posts().map(standing).collect()
}
