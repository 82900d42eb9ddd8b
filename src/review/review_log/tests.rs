#![expect(clippy::string_slice, reason = "lines of the log are ASCII")]

use std::os::unix::fs::symlink;

use super::*;
use crate::review::suite::{at, change, writer};
use crate::review::{Reviews, State, find_lost, own_log_of};

struct Desk {
    folder: tempfile::TempDir,
    reviews: Reviews,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), reviews: writer("mara", "a") }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("posts.jsonl.reviews.jsonl")
    }

    fn record(&mut self, post: &str, val: &str) -> Record {
        self.reviews.decide(change(post, "text", val), None, at(0)).unwrap()
    }
}

fn read(path: &Path) -> (Vec<Record>, Vec<String>, Replayed) {
    let (mut records, mut problems) = (Vec::new(), Vec::new());
    let replayed = ReviewLog::open(path)
        .replay(&mut |item| match item {
            Ok(checked) => records.push(checked.record),
            Err(problem) => problems.push(problem.to_string()),
        })
        .unwrap();
    (records, problems, replayed)
}

#[test]
fn nothing_is_created_before_the_first_decision() {
    let mut desk = Desk::new();
    let mut log = ReviewLog::open(&desk.path());
    log.replay(&mut |_| {}).unwrap();
    log.check_writable().unwrap();
    assert!(!desk.path().exists());
    let record = desk.record("p", "reviewed");
    log.append(&record).unwrap();
    log.sync().unwrap();
    assert_eq!(read(&desk.path()).0, [record]);
}

#[test]
fn a_torn_tail_of_every_length_is_sealed_and_costs_nothing_else() {
    let mut desk = Desk::new();
    let (first, torn, last) =
        (desk.record("p", "reviewed"), desk.record("q", "flagged"), desk.record("r", "skipped"));
    let line = torn.to_line();
    for length in 1..line.len() - 1 {
        std::fs::write(desk.path(), format!("{}{}", first.to_line(), &line[..length])).unwrap();
        let mut log = ReviewLog::open(&desk.path());
        log.replay(&mut |_| {}).unwrap();
        log.append(&last).unwrap();
        let (records, problems, _) = read(&desk.path());
        assert_eq!(records, [first.clone(), last.clone()], "torn after {length}");
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains(":2 (byte"), "{problems:?}");
    }
}

#[test]
fn the_lines_of_others_come_with_the_next_append() {
    let mut desk = Desk::new();
    let mut log = ReviewLog::open(&desk.path());
    let first = desk.record("p", "reviewed");
    log.append(&first).unwrap();
    let theirs = writer("tom", "b").decide(change("q", "text", "flagged"), None, at(1)).unwrap();
    ReviewLog::open(&desk.path()).append(&theirs).unwrap();
    let second = desk.record("r", "skipped");
    assert_eq!(log.append(&second).unwrap().others, std::slice::from_ref(&theirs));
    assert_eq!(read(&desk.path()).0, [first, theirs, second]);
}

#[test]
fn a_log_that_was_replaced_is_noticed() {
    let mut desk = Desk::new();
    let mut log = ReviewLog::open(&desk.path());
    log.append(&desk.record("p", "reviewed")).unwrap();
    let theirs = writer("tom", "b").decide(change("q", "text", "flagged"), None, at(1)).unwrap();
    let other = desk.folder.path().join("other");
    std::fs::write(&other, theirs.to_line()).unwrap();
    std::fs::rename(&other, desk.path()).unwrap();
    let second = desk.record("r", "skipped");
    assert_eq!(log.append(&second).unwrap().others, std::slice::from_ref(&theirs));
    assert_eq!(read(&desk.path()).0, [theirs, second.clone()]);
    std::fs::remove_file(desk.path()).unwrap();
    let third = desk.record("r", "reviewed");
    log.append(&third).unwrap();
    assert_eq!(read(&desk.path()).0, [third]);
}

#[test]
fn one_file_a_person_is_read_together() {
    let mut desk = Desk::new();
    let (mine, hers) = (desk.record("p", "reviewed"), desk.record("q", "flagged"));
    std::fs::write(desk.path(), mine.to_line()).unwrap();
    std::fs::write(desk.folder.path().join("posts.jsonl.reviews.li.jsonl"), hers.to_line()).unwrap();
    std::fs::write(desk.folder.path().join("posts.jsonl.bak"), "no log").unwrap();
    assert_eq!(read(&desk.path()).0, [mine, hers]);
}

#[test]
fn what_is_no_log_of_ours_is_never_written_to() {
    let mut desk = Desk::new();
    let record = desk.record("p", "reviewed");
    let target = desk.folder.path().join("target");
    std::fs::write(&target, "precious").unwrap();
    let refused = |path: &Path| {
        let mut log = ReviewLog::open(path);
        assert!(log.check_writable().is_err());
        log.append(&record).unwrap_err().to_string()
    };
    symlink(&target, desk.path()).unwrap();
    assert!(refused(&desk.path()).contains("a symbolic link"));
    std::fs::remove_file(desk.path()).unwrap();
    std::fs::hard_link(&target, desk.path()).unwrap();
    assert!(refused(&desk.path()).contains("hard link"));
    std::fs::remove_file(desk.path()).unwrap();
    std::fs::create_dir(desk.path()).unwrap();
    assert!(refused(&desk.path()).contains("a folder"));
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "precious");
    let nowhere = desk.folder.path().join("no/such/folder/log.jsonl");
    assert!(refused(&nowhere).contains("could not open"), "{}", refused(&nowhere));
    let full = refused(Path::new("/dev/full"));
    assert!(full.contains("a pipe, a socket or a device"), "{full}");
}

#[test]
fn newer_records_make_a_log_read_only() {
    let mut desk = Desk::new();
    let newer = "{\"v\":2,\"id\":\"x\",\"op\":\"set\"}\n";
    std::fs::write(desk.path(), newer).unwrap();
    let mut log = ReviewLog::open(&desk.path());
    assert_eq!(log.replay(&mut |_| {}).unwrap().newer, Some(2));
    assert!(log.check_writable().unwrap_err().to_string().contains("Use a newer copydesk"));
    assert!(log.append(&desk.record("p", "reviewed")).is_err());
    assert_eq!(std::fs::read_to_string(desk.path()).unwrap(), newer);
}

#[test]
fn any_bytes_can_be_replayed() {
    let mut desk = Desk::new();
    let good = desk.record("p", "reviewed");
    let mut bytes = vec![0; 4096];
    bytes.extend_from_slice(b"\n\xff\xfe broken\n\n");
    bytes.extend_from_slice(good.to_line().as_bytes());
    bytes.extend(std::iter::repeat_n(b'x', crate::review::MAX_LINE_BYTES + 10));
    bytes.push(b'\n');
    bytes.extend_from_slice(b"<<<<<<< HEAD\n=======\n>>>>>>> theirs\n");
    std::fs::write(desk.path(), bytes).unwrap();
    let (records, problems, replayed) = read(&desk.path());
    assert_eq!(records, [good]);
    assert_eq!(replayed.records, 1);
    assert_eq!(problems.len(), 6, "{problems:?}");
    assert!(problems[2].contains("more than 8388608 bytes"), "{problems:?}");
    assert!(problems[3].contains("git merge"), "{problems:?}");
}

#[test]
fn a_state_is_the_same_whatever_file_its_lines_stand_in() {
    let mut desk = Desk::new();
    let records: Vec<Record> = (0..20).map(|n| desk.record(&format!("p{n}"), "reviewed")).collect();
    let half = records.len() / 2;
    let lines = |records: &[Record]| records.iter().map(Record::to_line).collect::<String>();
    std::fs::write(desk.path(), lines(&records[half..])).unwrap();
    std::fs::write(desk.folder.path().join("posts.jsonl.reviews-b.jsonl"), lines(&records[..half + 3]))
        .unwrap();
    let mut state = State::default();
    read(&desk.path()).0.into_iter().for_each(|record| {
        let _ = state.absorb(record);
    });
    assert_eq!(state.len(), 20);
}

#[test]
fn a_look_finds_what_others_have_added_in_any_log_of_the_family() {
    let mut desk = Desk::new();
    let mut log = ReviewLog::open(&desk.path());
    log.append(&desk.record("p", "reviewed")).unwrap();
    assert!(log.look().unwrap().others.is_empty());
    let mut tom = writer("tom", "b");
    let (shared, own) = (
        tom.decide(change("q", "text", "flagged"), None, at(1)).unwrap(),
        tom.decide(change("r", "text", "flagged"), None, at(1)).unwrap(),
    );
    ReviewLog::open(&desk.path()).append(&shared).unwrap();
    ReviewLog::open(&own_log_of(&desk.path(), "tom")).append(&own).unwrap();
    assert_eq!(log.look().unwrap().others, [shared, own]);
    assert!(log.look().unwrap().others.is_empty());
    // Half a line is nothing yet.
    let third = tom.decide(change("s", "text", "flagged"), None, at(1)).unwrap();
    let line = third.to_line();
    let before = std::fs::read_to_string(desk.path()).unwrap();
    std::fs::write(desk.path(), format!("{before}{}", &line[..40])).unwrap();
    assert!(log.look().unwrap().others.is_empty());
    std::fs::write(desk.path(), format!("{before}{line}")).unwrap();
    assert_eq!(log.look().unwrap().others, [third]);
}

/// Replaced, rewound, rewritten in place or gone: what this run has decided is written again.
#[test]
fn a_log_that_lost_decisions_of_this_run_gets_them_again() {
    let ways: [fn(&Path, &str); 4] = [
        |path, first| {
            let other = path.with_extension("other");
            std::fs::write(&other, first).unwrap();
            std::fs::rename(other, path).unwrap();
        },
        |path, first| std::fs::write(path, first).unwrap(),
        |path, first| std::fs::write(path, format!("{first}{}\n", " ".repeat(4_096))).unwrap(),
        |path, _| std::fs::remove_file(path).unwrap(),
    ];
    for (way, looks) in ways.into_iter().flat_map(|way| [(way, true), (way, false)]) {
        let mut desk = Desk::new();
        let mut log = ReviewLog::open(&desk.path()).keeping_its_own();
        let records: Vec<Record> = ["p", "q", "r"].map(|post| desk.record(post, "reviewed")).into();
        records.iter().for_each(|record| drop(log.append(record).unwrap()));
        log.sync().unwrap();
        way(&desk.path(), &records[0].to_line());
        let next = desk.record("s", "skipped");
        if looks {
            assert!(log.look().unwrap().is_replaced);
        } else {
            assert!(log.append(&next).unwrap().is_replaced);
        }
        let before = desk.reviews.clone();
        let lost = find_lost(&[&log], &before, std::slice::from_ref(&next.id)).unwrap();
        log.miss(lost.again.into_iter().map(|(_, record)| record).collect());
        if looks {
            assert!(log.missing().len() >= 2);
            log.append(&next).unwrap();
        } else {
            log.append_missing().unwrap();
        }
        assert!(log.missing().is_empty());
        log.sync().unwrap();
        let mut found = read(&desk.path()).0;
        found.sort_by(|a, b| a.id.cmp(&b.id));
        assert_eq!(found, [records, vec![next]].concat());
        assert!(!log.look().unwrap().is_replaced);
    }
}

#[test]
fn a_lock_that_is_held_is_told_with_its_holder_and_waited_for_once() {
    let mut desk = Desk::new();
    let mut log = ReviewLog::open(&desk.path());
    log.append(&desk.record("p", "reviewed")).unwrap();
    let other = std::fs::File::open(desk.path()).unwrap();
    other.lock().unwrap();
    let record = desk.record("q", "reviewed");
    let refused = log.append(&record).unwrap_err().to_string();
    assert!(refused.contains(&format!("(process {})", std::process::id())), "{refused}");
    assert!(log.append(&record).is_err());
    other.unlock().unwrap();
    log.append(&record).unwrap();
    assert_eq!(read(&desk.path()).0.len(), 2);
}
