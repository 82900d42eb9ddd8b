//! Two clones decide, and git merges their logs: torn tails, a log that both have added, one that was
//! compacted meanwhile.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use copydesk::model::{PostId, Status};
use copydesk::review::{Author, Journal, ReviewLog, Reviews, Via, compact};

use crate::Outcome;
use crate::bench::{Found, Random, has, seed};
use crate::program::copydesk;
use crate::writer::decide;

const LOG: &str = "posts.jsonl.reviews.jsonl";

pub(crate) fn run(rounds: usize) -> Outcome {
    if !has("git") {
        return Outcome::Skipped("there is no git".to_owned());
    }
    let seed = seed();
    let mut random = Random::new(seed);
    let (mut records, mut compactions, mut torn) = (0, 0, 0);
    for round in 0..rounds {
        match one(&mut random) {
            Ok(numbers) => {
                records += numbers.0;
                compactions += numbers.1;
                torn += numbers.2;
            }
            Err(what) => return Outcome::Broken(format!("merge {round} (CRASH_SEED={seed}): {what}")),
        }
    }
    Outcome::Held(format!(
        "{rounds} merges of {records} records, {torn} torn tails, {compactions} of the logs compacted on one side: 0 conflicts of git, 0 lost, both clones the same"
    ))
}

fn git(folder: &Path, words: &[&str]) -> Result<(), String> {
    let output = Command::new("git")
        .args(["-c", "user.name=mara", "-c", "user.email=mara@example.org", "-c", "commit.gpgsign=false"])
        .args(words)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "git {words:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}

/// Some decisions of a clone, and perhaps half of another one, as a crash leaves it.
fn clone_decides(log: &Path, by: &str, random: &mut Random) -> usize {
    let mut reviews = Reviews::new(Author { by: by.to_owned(), via: Via::Browse });
    let mut file = ReviewLog::open(log);
    file.replay_into(&mut reviews, &mut |_| {}).unwrap();
    for _ in 0..random.below(12) {
        // Both decide on the same few posts.
        let number = random.below(6);
        let record = decide(&mut reviews, "post", number);
        file.append(&record).unwrap();
    }
    if random.below(3) > 0 {
        return 0;
    }
    let line = decide(&mut reviews, "post", random.below(6)).to_line();
    let torn = fs::OpenOptions::new().create(true).append(true).open(log);
    std::io::Write::write_all(&mut torn.unwrap(), &line.as_bytes()[..=random.below(line.len() - 1)]).unwrap();
    1
}

fn commit(folder: &Path) -> Result<(), String> {
    git(folder, &["add", "-A", "--", ".gitattributes", LOG])
        .or_else(|_| git(folder, &["add", ".gitattributes"]))?;
    git(folder, &["commit", "-q", "--allow-empty", "-m", "decisions"])
}

/// What stands for every post; by file contents alone.
fn standings(logs: &[&Path]) -> BTreeMap<String, (Status, bool)> {
    let mut reviews = Reviews::new(Author { by: "anybody".to_owned(), via: Via::Cli });
    for log in logs {
        ReviewLog::open(log).replay_into(&mut reviews, &mut |_| {}).unwrap();
    }
    let standing = |post: &str| {
        let standing = reviews.state().standing(&PostId::new(post), None, &[]);
        (post.to_owned(), (standing.status, standing.conflict))
    };
    reviews.state().posts().map(standing).collect()
}

fn one(random: &mut Random) -> Result<(usize, usize, usize), String> {
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (folder.path().join("ours"), folder.path().join("theirs"));
    fs::create_dir(&ours).unwrap();
    git(&ours, &["init", "-q", "-b", "main"])?;
    let said = copydesk(&ours).arg("init").output().unwrap();
    if !said.status.success() {
        return Err(format!("copydesk init: {}", String::from_utf8_lossy(&said.stderr)));
    }
    let mut torn = 0;
    // In one of three, both add the log.
    if random.below(3) > 0 {
        torn += clone_decides(&ours.join(LOG), "mara", random);
    }
    commit(&ours)?;
    git(folder.path(), &["clone", "-q", "ours", "theirs"])?;
    torn += clone_decides(&ours.join(LOG), "mara", random);
    torn += clone_decides(&theirs.join(LOG), "tom", random);
    // What must hold in the end: everything that either has, before anything was moved away.
    let (all, merged) = (folder.path().join("all"), ours.join(LOG));
    fs::create_dir(&all).unwrap();
    let copy = |from: &Path, name: &str| {
        let to = all.join(name);
        fs::write(&to, fs::read(from).unwrap_or_default()).unwrap();
        to
    };
    let (one, two) = (copy(&merged, "one"), copy(&theirs.join(LOG), "two"));
    let expected = standings(&[&one, &two]);
    let both = [Found::in_log(&one)?, Found::in_log(&two)?];
    let mut compactions = 0;
    if random.below(2) == 0 && merged.exists() {
        compactions += usize::from(compact(&merged).map_err(|error| error.to_string())?.moved > 0);
    }
    let kept = Found::in_log(&merged)?;
    commit(&ours)?;
    commit(&theirs)?;
    git(&ours, &["pull", "-q", "--no-rebase", "--no-edit", "../theirs", "main"])?;
    git(&theirs, &["pull", "-q", "--no-rebase", "--no-edit", "../ours", "main"])?;
    let found = Found::in_log(&merged)?;
    // What was moved to the archive by hand may be missing, nothing else.
    let was_moved = |id: &String| both[0].ids.contains_key(id) && !kept.ids.contains_key(id);
    let lost: Vec<&String> = both
        .iter()
        .flat_map(|found| found.ids.keys())
        .filter(|id| !found.ids.contains_key(*id) && !was_moved(id))
        .collect();
    if !lost.is_empty() {
        let _kept = folder.keep();
        return Err(format!("{} records lost: {lost:?}", lost.len()));
    }
    let (here, there) = (standings(&[&merged]), standings(&[&theirs.join(LOG)]));
    if here != expected || there != expected {
        let _kept = folder.keep();
        return Err(format!("expected {expected:?}, found {here:?} and {there:?}"));
    }
    Ok((found.ids.len(), compactions, torn))
}
