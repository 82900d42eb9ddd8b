//! `kill -9` of the program itself, on its screen, while keys come in: what it has marked as saved is
//! there when it is opened again.

use std::fs;
use std::process::Command;

use crate::Outcome;
use crate::bench::{Found, Random, seed};
use crate::terminal::Terminal;

const POSTS: usize = 300;

pub(crate) fn run(rounds: usize) -> Outcome {
    let mut random = Random::new(seed());
    let (mut decided, mut torn) = (0, 0);
    for _ in 0..rounds {
        let folder = tempfile::tempdir().unwrap();
        let post = |number: usize| {
            format!("{{\"id\":\"p-{number}\",\"title\":\"post {number}\",\"body\":\"words\"}}\n")
        };
        fs::write(folder.path().join("posts.jsonl"), (0..POSTS).map(post).collect::<String>()).unwrap();
        let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
        terminal.until(&["Posts 300", "saved ✓"]);
        // All of these are safe before the next ones are typed, in the midst of which it dies.
        let first = 1 + random.below(20);
        // A key that does nothing, so that the other one is not held down.
        terminal.keys(&"rR".repeat(first));
        terminal.until(&[&format!("reviewed {first} "), "saved ✓"]);
        terminal.keys(&"rR".repeat(random.below(100)));
        std::thread::sleep(std::time::Duration::from_micros(u64::try_from(random.below(30_000)).unwrap()));
        let process = terminal.process_id().to_string();
        assert!(Command::new("kill").args(["-9", &process]).status().unwrap().success());
        terminal.end();
        let found = Found::in_log(&folder.path().join("posts.jsonl.reviews.jsonl")).unwrap();
        if found.ids.len() < first || found.bad_lines > 1 {
            return Outcome::Broken(format!(
                "{} of {first} decisions with a tick are there, {} bad lines",
                found.ids.len(),
                found.bad_lines
            ));
        }
        let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
        terminal.until(&[&format!("reviewed {} ", found.ids.len()), "saved ✓"]);
        terminal.keys("q");
        if terminal.end() != 0 {
            return Outcome::Broken("it did not open well afterwards".to_owned());
        }
        decided += found.ids.len();
        torn += found.bad_lines;
    }
    Outcome::Held(format!(
        "{rounds} kills, {decided} decisions there again when it is opened, none with a tick lost; {torn} torn lines"
    ))
}
