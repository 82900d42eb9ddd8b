//! Plain mode: lines in, lines out, the same log.

use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::{env, fs};

use crate::support::posts;
use crate::support::program::{CONTAINED, copydesk, has_containers};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};

/// Starts plain mode over the posts of a folder.
fn start(folder: &Path) -> Child {
    copydesk(folder)
        .args(["review", "--plain", "posts.jsonl"])
        .env("TERM", "dumb")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A job of its own, as a shell makes one.
        .process_group(0)
        .spawn()
        .unwrap()
}

/// Runs plain mode over the posts of a folder with these lines.
fn plain(folder: &Path, lines: &str) -> Output {
    let mut child = start(folder);
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// A session in which each line answers what was said.
struct Session {
    child: Child,
    lines: ChildStdin,
    out: Option<ChildStdout>,
}

impl Session {
    fn start(folder: &Path) -> Self {
        let mut child = start(folder);
        let (lines, out) = (child.stdin.take().unwrap(), child.stdout.take());
        let mut session = Self { child, lines, out };
        session.until("Command, or ? for help: ");
        session
    }

    fn id(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap()
    }

    /// Waits until something is said; gives all that was said until then.
    fn until(&mut self, words: &str) -> String {
        let out = self.out.as_mut().unwrap();
        let (mut said, mut buffer) = (Vec::new(), [0; 4096]);
        let long = Timespec { tv_sec: 60, tv_nsec: 0 };
        while !String::from_utf8_lossy(&said).contains(words) {
            let ready = poll(&mut [PollFd::new(&*out, PollFlags::IN)], Some(&long)).unwrap();
            let count = if ready == 0 { 0 } else { out.read(&mut buffer).unwrap() };
            said.extend(&buffer[..count]);
            if count == 0 {
                let _ = self.child.kill();
                panic!("no {words:?} in {}", String::from_utf8_lossy(&said));
            }
        }
        String::from_utf8(said).unwrap()
    }

    /// Types a line; gives what was said until the next is asked for.
    fn line(&mut self, line: &str) -> String {
        writeln!(self.lines, "{line}").unwrap();
        self.until("Command, or ? for help: ")
    }

    /// Sends it a signal.
    fn signal(&self, signal: Signal) {
        kill_process(self.id(), signal).unwrap();
    }

    /// Waits until it has stopped. Says what it ended with if it ends instead.
    fn stopped(&mut self) {
        let either = WaitIdOptions::STOPPED | WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let state = waitid(WaitId::Pid(self.id()), either).unwrap().unwrap();
        if !state.stopped() {
            let mut said = String::new();
            self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            panic!("it has ended and not stopped: {:?}, {said}", self.child.wait());
        }
        // It is told of a stop only once.
        waitid(WaitId::Pid(self.id()), WaitIdOptions::STOPPED).unwrap();
    }

    fn code(mut self) -> Option<i32> {
        drop(self.lines);
        self.child.wait().unwrap().code()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The statuses and the rest of what stands in the log.
fn log(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("posts.jsonl.reviews.jsonl")).unwrap_or_default();
    let field = |record: &serde_json::Value, name: &str| record[name].as_str().unwrap_or_default().to_owned();
    let line = |line: &str| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let why = record["why"]
            .as_array()
            .map(|why| why.iter().map(std::string::ToString::to_string).collect::<String>());
        let why = why.unwrap_or_default();
        format!(
            "{} {}={} {why} {}",
            field(&record, "post"),
            field(&record, "key"),
            field(&record, "val"),
            field(&record, "note")
        )
        .trim_end()
        .to_owned()
    };
    text.lines().map(line).collect()
}

#[test]
fn a_number_is_always_the_reason_with_that_number() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let output = plain(
        folder.path(),
        "f 2, 1\nf 2 -- look at the second\nf odd, 2\nf 9\nf 0 -- not this\nf\n99\nwhere\nf\n1, 2\nq\n",
    );
    assert!(output.status.success(), "{output:?}");
    let said = said(&output);
    assert!(said.contains("Not flagged: no reason has the number 9; there are 1 to "), "{said}");
    assert!(!said.contains("new reason 2") && !said.contains("new reason 9"), "{said}");
    assert_eq!(
        log(folder.path()),
        [
            "desk-001 status=flagged \"image\"\"facts\"",
            "desk-002 status=flagged \"image\" look at the second",
            "desk-003 status=flagged \"odd\"\"image\"",
            "desk-004 status=flagged \"facts\"\"image\"",
        ]
    );
}

#[test]
fn a_session_of_lines_is_a_session() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let output = plain(
        folder.path(),
        "r\nf image, links -- the second one\n2\nf\n4\nu\n/stack:python\ne look again\nwhere\nq\n",
    );
    assert!(output.status.success(), "{output:?}");
    let said = said(&output);
    for words in [
        "field notes on caching for python services",
        "desk-001 is reviewed now. Saved.",
        "Flagged desk-002: image, links",
        "[x] 2 check the links",
        "4 language",
        "Why? A number",
        "desk-003 is flagged now. Saved.",
        "Undone: desk-003",
        "Post 1 of 2;",
        "The note is: look again",
    ] {
        assert!(said.contains(words), "{words}:\n{said}");
    }
    assert_eq!(
        log(folder.path()),
        [
            "desk-001 status=reviewed",
            "desk-002 status=flagged \"image\"\"links\" the second one",
            "desk-003 check:check the links#1=done",
            "desk-003 status=flagged \"language\"",
            "desk-003 status=unreviewed",
            "desk-001 note=look again",
        ]
    );
}

#[test]
fn what_means_nothing_does_nothing_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let output = plain(folder.path(), "rf\nreviewed now\n/stakc:go\nf\n");
    assert!(output.status.success(), "{output:?}");
    let said = said(&output);
    assert!(said.contains("there is no command \"rf\""), "{said}");
    assert!(said.contains("takes no words behind it"), "{said}");
    assert!(said.contains("The filter is as it was") && said.contains("stack"), "{said}");
    // The end of the lines answers nothing.
    assert!(said.ends_with("Enter for no reason: "), "{said}");
    assert!(log(folder.path()).is_empty());
}

#[test]
fn nothing_of_a_post_acts_and_nothing_is_decided_where_nothing_can_be_saved() {
    let folder = tempfile::tempdir().unwrap();
    let post =
        r#"{"id":"a\u001b[2Jb","title":"t\u001b]0;x\u0007","body":"\u202eb\u009b31m","stack":["\u0008"]}"#;
    fs::write(folder.path().join("posts.jsonl"), post).unwrap();
    fs::create_dir(folder.path().join("posts.jsonl.reviews.jsonl")).unwrap();
    let output = plain(folder.path(), "meta\nr\nf \u{1b}[31m\n?\nH\nd\np\n");
    let said = said(&output);
    assert!(!said.contains(|c: char| c.is_control() && c != '\n'), "{said:?}");
    assert!(!said.contains('\u{202e}') && said.contains("<U+202E>"), "{said}");
    assert!(said.contains("Nothing can be decided") && !said.contains("is reviewed now"), "{said}");
}

#[test]
fn posts_are_not_read_from_where_commands_come() {
    let output = copydesk(&std::env::temp_dir()).args(["review", "--plain", "-"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("name a file"), "{output:?}");
}

/// The posts change while a line is waited for: what is typed then decides nothing on a post that was
/// not said.
#[test]
fn nothing_is_decided_on_a_post_that_was_not_said() {
    let without_first = posts().split_once('\n').unwrap().1.to_owned();
    let other_text = posts().replacen("field notes", "other notes", 1);
    for (posts_now, id) in [(without_first, "desk-002"), (other_text, "desk-001")] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
        let mut session = Session::start(folder.path());
        fs::write(folder.path().join("new"), posts_now).unwrap();
        fs::rename(folder.path().join("new"), folder.path().join("posts.jsonl")).unwrap();
        session.until("The posts were read again");
        for line in ["r", "f image"] {
            // The second one is a decision on what was said then.
            let said = session.line(line);
            assert_eq!(said.contains("Nothing was decided"), line == "r", "{said}");
        }
        assert_eq!(session.code(), Some(0));
        assert_eq!(log(folder.path()), [format!("{id} status=flagged \"image\"")]);
    }
}

#[test]
fn any_keymap_will_do() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    fs::create_dir(folder.path().join("config")).unwrap();
    // No key closes what lies over the desk.
    let keys = "[keys]\nclear = \"\"\nopen = \"\"\nskipped = \"esc\"\n";
    fs::write(folder.path().join("config/config.toml"), keys).unwrap();
    let output = plain(folder.path(), "p\nH\n#\nr\nskipped\nq\n");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(log(folder.path()), ["desk-001 status=reviewed", "desk-002 status=skipped"]);
}

#[test]
fn it_stops_for_the_shell_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let mut session = Session::start(folder.path());
    // What it asks for is asked once more, by whichever stop.
    for (line, signal) in
        [(None, Signal::TSTP), (None, Signal::STOP), (Some("f"), Signal::TSTP), (Some("e"), Signal::TSTP)]
    {
        let question = match line {
            None => "Command, or ? for help: ",
            Some("f") => "Enter for no reason: ",
            Some(_) => "takes it away: ",
        };
        if let Some(line) = line {
            writeln!(session.lines, "{line}").unwrap();
            session.until(question);
        }
        session.signal(signal);
        session.stopped();
        session.signal(Signal::CONT);
        let said = session.until(question);
        assert_eq!(said.matches(": ").count(), 1, "{said}");
        if line.is_some() {
            session.line("-");
        }
    }
    assert_eq!(log(folder.path()), ["desk-001 status=flagged \"-\""]);
    session.line("k");
    assert!(session.line("r").contains("desk-001 is reviewed now. Saved."));
    assert_eq!(session.code(), Some(0));
}

#[test]
fn a_shell_in_a_container_is_a_shell() {
    if has_containers() {
        let mut command = Command::new(CONTAINED[0]);
        command.args(&CONTAINED[1..]).arg(env::current_exe().unwrap());
        let output = command.args(["--exact", "plain::it_stops_for_the_shell_and_goes_on"]).output().unwrap();
        assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
    }
}

#[test]
fn a_reader_that_has_heard_enough_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let mut session = Session::start(folder.path());
    session.line("r");
    session.out = None;
    // Without a line that would end it.
    assert_eq!(session.child.wait().unwrap().code(), Some(0));
    assert_eq!(log(folder.path()), ["desk-001 status=reviewed"]);
}

#[cfg(debug_assertions)]
#[test]
fn a_defect_costs_no_decision() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let mut session = Session::start(folder.path());
    session.line("r");
    session.signal(Signal::USR1);
    assert_eq!(session.child.wait().unwrap().code(), Some(101));
    let mut said = String::new();
    session.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains("a drill of the main thread"), "{said}");
    assert_eq!(log(folder.path()), ["desk-001 status=reviewed"]);
}

#[test]
fn a_line_without_end_is_told_and_costs_itself_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let mut session = Session::start(folder.path());
    // Nobody has seen its end yet.
    session.lines.write_all(&vec![b'r'; 1 << 20]).unwrap();
    let said = session.until("Command, or ? for help: ");
    assert!(said.contains("Nothing was done: the line is longer than 65,536 bytes"), "{said}");
    session.lines.write_all(b"rrr\nr\n").unwrap();
    let said = session.until("Command, or ? for help: ");
    assert!(said.contains("Reviewed desk-001"), "{said}");
    assert_eq!(session.code(), Some(0));
}
