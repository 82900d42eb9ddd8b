//! An hour at the desk, in a real pseudo-terminal over a corpus of real size: after every step the log
//! and the screen say the same, and a decision takes as many keys as it should.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::support::grouped;
use crate::support::program::copydesk;
use crate::support::terminal::Terminal;
use copydesk::model::{PostId, Status};
use copydesk::review::{LineItem, State, read_line};

const POSTS: usize = 13_834;

/// Decisions on single posts.
const SINGLE: usize = 200;

/// Posts of the bulk action.
const BULK: usize = 400;

/// Somebody at the desk.
struct Reviewer {
    folder: PathBuf,
    terminal: Terminal,
    /// The keys that decisions took.
    keys: usize,
}

/// How many posts have each status that can be seen at the top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    reviewed: usize,
    flagged: usize,
}

/// What a command prints.
fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = copydesk(folder).args(arguments).output().unwrap();
    assert!(output.stderr.is_empty() || output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The posts that pass a query, by the command line.
fn passing(folder: &Path, query: &str) -> usize {
    printed(folder, &["list", "posts.jsonl", "--filter", query, "--format", "ids"]).lines().count()
}

impl Reviewer {
    fn sit_down(folder: &Path) -> Self {
        let mut terminal = Terminal::start(folder, &["posts.jsonl"]);
        terminal.until(&["Posts 13,834", "saved ✓"]);
        Self { folder: folder.to_owned(), terminal, keys: 0 }
    }

    fn press(&mut self, keys: &str) {
        self.keys += keys.chars().count();
        self.terminal.keys(keys);
    }

    /// What the log adds up to.
    fn log(&self) -> Counts {
        let log = fs::read(self.folder.join("posts.jsonl.reviews.jsonl")).unwrap_or_default();
        let mut state = State::default();
        for item in log.split(|byte| *byte == b'\n').flat_map(read_line) {
            match item {
                LineItem::Record(checked) if checked.is_checked => drop(state.absorb(checked.record)),
                other => panic!("a line that is no record: {other:?}"),
            }
        }
        let status = |post: &str| state.standing(&PostId::new(post), None, &[]).status;
        let posts: Vec<Status> = state.posts().map(status).collect();
        let count = |wanted| posts.iter().filter(|status| **status == wanted).count();
        Counts { reviewed: count(Status::Reviewed), flagged: count(Status::Flagged) }
    }

    /// Waits until the screen says so, and sees that the log says the same.
    #[track_caller]
    fn agrees(&mut self, expected: Counts) {
        let Counts { reviewed, flagged } = expected;
        let words = [format!("reviewed {} (", grouped(reviewed)), format!("flagged {} ", grouped(flagged))];
        self.terminal.until(&[&words[0], &words[1], "saved ✓"]);
        assert_eq!(self.log(), expected);
    }

    /// Types a query and sees that as many posts are listed as the command line finds.
    #[track_caller]
    fn filter(&mut self, query: &str) -> usize {
        let count = passing(&self.folder, query);
        self.terminal.keys(&format!("/\u{15}{query}"));
        self.terminal.until(&[&format!("Posts {} of 13,834", grouped(count))]);
        self.terminal.keys("\r");
        count
    }

    /// What has come under the cursor by itself must be looked at before the next key decides, and the same key
    /// at once is taken for one that is held.
    fn look(&mut self) {
        self.terminal.listen(Duration::from_millis(200));
    }

    fn leave(mut self) {
        self.terminal.keys("q");
        assert_eq!(self.terminal.end(), 0);
    }
}

#[test]
fn an_hour_at_the_desk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    printed(path, &["generate", "--count", &POSTS.to_string(), "--seed", "1", "--out", "posts.jsonl"]);
    let posts = fs::read(path.join("posts.jsonl")).unwrap();
    let mut desk = Reviewer::sit_down(path);
    desk.agrees(Counts::default());

    // The most frequent stack, by its facet, and the whole list again.
    desk.terminal.keys("F");
    desk.terminal.until(&["Facets of all 13,834 posts", "% "]);
    desk.terminal.keys("\r");
    let text = desk.terminal.until(&["Facets of ", "posts: stack="]);
    let facet = text.split("Facets of ").nth(1).unwrap();
    let (count, query) = facet.split_once(" posts: ").unwrap();
    let query = query.split(" ─").next().unwrap().trim();
    assert_eq!(count, grouped(passing(path, query)), "{query}");
    desk.terminal.keys("\r");
    desk.terminal.until(&["Facets of all 13,834 posts"]);
    desk.terminal.keys("\u{1b}");
    desk.terminal.until(&["Checklist"]);

    // A bulk of 400, taken back, done again, taken back.
    let listed = desk.filter("is:contradiction sort:id");
    assert!(listed >= 20, "{listed}");
    let listed = desk.filter("score<60 sort:score,id");
    assert!(listed > BULK, "{listed}");
    desk.terminal.keys("v");
    desk.terminal.keys(&"j".repeat(BULK - 1));
    desk.terminal.until(&[&format!("{BULK} / "), &format!("{BULK} marked")]);
    desk.terminal.keys("f");
    desk.terminal.until(&[&format!("Flag {BULK} posts"), &format!("now: {BULK} unreviewed"), "one step"]);
    desk.terminal.keys("2\r");
    desk.agrees(Counts { flagged: BULK, ..Counts::default() });
    desk.look();
    desk.terminal.keys("u");
    desk.agrees(Counts::default());
    desk.look();
    desk.terminal.keys("\u{12}");
    desk.agrees(Counts { flagged: BULK, ..Counts::default() });
    desk.look();
    desk.terminal.keys("u");
    desk.agrees(Counts::default());
    // What was listed is what was hit: nothing else is in the log.
    let log = fs::read_to_string(path.join("posts.jsonl.reviews.jsonl")).unwrap();
    assert_eq!(log.lines().count(), 4, "flagged, undone, done again, undone");

    // Two hundred single decisions, a reason for every second: one key and two.
    let listed = desk.filter("stack:python -is:decided sort:-score,id");
    assert!(listed > SINGLE, "{listed}");
    desk.keys = 0;
    let mut counts = Counts::default();
    for number in 0..SINGLE {
        if number % 2 == 0 {
            desk.press("r");
            counts.reviewed += 1;
        } else {
            desk.press("f");
            desk.press(["1", "2", "5"][number % 3]);
            counts.flagged += 1;
        }
        desk.agrees(counts);
    }
    assert_eq!(desk.keys, SINGLE / 2 + SINGLE, "one key for reviewed, two for flagged with a reason");

    // A query gets a name, and is asked for by it.
    desk.filter("stack:python score<60");
    desk.terminal.keys(":save py-low\r");
    desk.terminal.until(&["py-low"]);
    desk.leave();

    // The next day.
    let mut desk = Reviewer::sit_down(path);
    desk.agrees(counts);
    desk.filter("@py-low");
    desk.terminal.keys("/\u{15}\r");
    desk.terminal.until(&["Posts 13,834 ", "/ to filter"]);
    desk.terminal.keys("u");
    counts.flagged -= 1;
    desk.agrees(counts);
    desk.look();
    desk.terminal.keys("u");
    counts.reviewed -= 1;
    desk.agrees(counts);
    desk.terminal.keys("\u{12}");
    counts.reviewed += 1;
    desk.agrees(counts);
    assert_eq!(passing(path, "status:flagged"), counts.flagged);
    assert_eq!(passing(path, "why:image"), passing(path, "why:image status:flagged"));
    desk.leave();
    assert!(fs::read(path.join("posts.jsonl")).unwrap() == posts, "the posts are never written");
}
