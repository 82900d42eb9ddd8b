//! A file of posts that changes under an open desk, in every way that files change.
//!
//! The short form makes 60 changes; `COPYDESK_CHANGES=500 cargo test --release --test it follow::` makes 500
//! and prints how long the slowest took to be shown.

use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use crate::support::terminal::Terminal;

/// A screen that has not changed for so long is looked at.
const QUIET: Duration = Duration::from_millis(40);

/// How long a change may take to be shown on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(30);

/// Numbers that look random and are the same each time (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }
}

/// The file, and what is in it.
struct Posts {
    path: PathBuf,
    /// The token of each whole post.
    tokens: Vec<String>,
    /// Counts up with every post that was ever written.
    written: u32,
    /// The rest of a line of which only the start stands in the file.
    rest: Option<(String, String)>,
}

impl Posts {
    fn line(&mut self) -> (String, String) {
        self.written += 1;
        let token = format!("t{:06}", self.written);
        let filler = "words that fill the body. ".repeat(20);
        let line = format!(
            "{{\"id\":\"id-{token}\",\"title\":\"post {token} here\",\"body\":\"body {token} there\\n\\n{filler}\"}}\n"
        );
        (token, line)
    }

    /// So many new posts.
    fn lines(&mut self, count: usize) -> String {
        let mut text = String::new();
        for _ in 0..count {
            let (token, line) = self.line();
            self.tokens.push(token);
            text.push_str(&line);
        }
        text
    }

    fn append(&mut self, text: &str) {
        OpenOptions::new().append(true).open(&self.path).unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// One change; how it is called.
    fn change(&mut self, numbers: &mut Numbers) -> &'static str {
        if let Some((token, rest)) = self.rest.take() {
            self.tokens.push(token);
            self.append(&rest);
            return "the rest of a line";
        }
        match numbers.below(7) {
            0 => {
                let count = 1 + numbers.below(20);
                let text = self.lines(usize::try_from(count).unwrap());
                self.append(&text);
                "posts were added"
            }
            1 => {
                let (token, line) = self.line();
                let cut = usize::try_from(1 + numbers.below(line.len() as u64 - 2)).unwrap();
                self.append(&line[..cut]);
                // A line may be whole but for its line end, and is a post then already.
                self.rest = Some((token, line[cut..].to_owned()));
                "half a line was added"
            }
            2 => {
                self.tokens.clear();
                let text = self.lines(150);
                let aside = self.path.with_extension("aside");
                fs::write(&aside, text).unwrap();
                fs::rename(&aside, &self.path).unwrap();
                "the file was replaced"
            }
            3 => {
                let text = fs::read_to_string(&self.path).unwrap();
                let half = self.tokens.len().div_ceil(2).max(60).min(self.tokens.len());
                let kept: String = text.split_inclusive('\n').take(half).collect();
                OpenOptions::new().write(true).open(&self.path).unwrap().set_len(kept.len() as u64).unwrap();
                self.tokens.truncate(half);
                "the file was cut"
            }
            4 => {
                self.tokens.clear();
                let text = self.lines(120);
                fs::write(&self.path, text).unwrap();
                "the file was written anew"
            }
            5 => {
                fs::remove_file(&self.path).unwrap();
                self.tokens.clear();
                let text = self.lines(130);
                fs::write(&self.path, text).unwrap();
                "the file was deleted and made again"
            }
            _ => {
                let before = fs::metadata(&self.path).unwrap();
                let count = self.tokens.len();
                self.tokens.clear();
                let text = self.lines(count);
                assert_eq!(text.len() as u64, before.len());
                fs::write(&self.path, text).unwrap();
                let file = OpenOptions::new().write(true).open(&self.path).unwrap();
                file.set_modified(before.modified().unwrap()).unwrap();
                "other posts of the same size and time"
            }
        }
    }
}

/// The token behind a word on the article's side of the screen.
fn token_behind(screen: &str, word: &str) -> Option<String> {
    let article = screen.lines().filter_map(|line| line.char_indices().nth(52).map(|(at, _)| &line[at..]));
    let text: String = article.collect::<Vec<_>>().join("\n");
    let at = text.find(word)? + word.len();
    text.get(at..at + 7).map(str::to_owned)
}

#[test]
fn whatever_happens_to_the_file_the_desk_shows_what_is_there() {
    let changes: u32 = std::env::var("COPYDESK_CHANGES").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("posts.jsonl");
    let mut posts = Posts { path: path.clone(), tokens: Vec::new(), written: 0, rest: None };
    let text = posts.lines(100);
    fs::write(&path, text).unwrap();
    let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
    terminal.until(&["Posts 100", "saved ✓", "body t"]);
    let mut numbers = Numbers(7);
    let mut slowest = (Duration::ZERO, "");
    for number in 0..changes {
        let what = posts.change(&mut numbers);
        let there: HashSet<&str> = posts.tokens.iter().map(String::as_str).collect();
        // Whether half a line is a post already is the reader's to say.
        let half = posts.rest.as_ref().map(|(token, _)| token.as_str());
        let counts = [posts.tokens.len(), posts.tokens.len() + 1].map(|count| format!("Posts {count} "));
        terminal.keys(["j", "k", "G", "g", "\x04"][usize::try_from(numbers.below(5)).unwrap()]);
        let shown = terminal.watch(QUIET, PATIENCE, |screen| {
            let (title, body) = (token_behind(screen, "post "), token_behind(screen, "body "));
            if let (Some(title), Some(body)) = (&title, &body) {
                assert_eq!(title, body, "a body belongs to another title:\n{screen}");
            }
            let counted = if half.is_some() { &counts[..] } else { &counts[..1] };
            counted.iter().any(|count| screen.contains(count))
                && body.is_some_and(|body| there.contains(body.as_str()) || half == Some(body.as_str()))
        });
        match shown {
            Ok(took) if took > slowest.0 => slowest = (took, what),
            Ok(_) => {}
            Err(screen) => panic!("change {number} ({what}) was not shown; expected {counts:?}:\n{screen}"),
        }
    }
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    println!("{changes} changes, the slowest shown after {:?} ({})", slowest.0, slowest.1);
}

#[test]
fn a_folder_is_followed_however_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let posts = folder.path().join("posts");
    fs::create_dir(&posts).unwrap();
    let line = |n: u32| format!("{{\"id\":\"{n}\",\"title\":\"post {n}\",\"body\":\"b\"}}\n");
    fs::write(posts.join("a.jsonl"), line(1)).unwrap();
    for name in ["posts", "./posts", posts.to_str().unwrap()] {
        let mut terminal = Terminal::start(folder.path(), &[name]);
        let count = fs::read_dir(&posts)
            .unwrap()
            .filter(|e| e.as_ref().unwrap().path().extension().is_some())
            .count();
        terminal.until(&[&format!("Posts {count} "), "saved ✓"]);
        // Its name is like that of a log, and it is none.
        fs::write(
            posts.join(format!("product-reviews-{count}.jsonl")),
            line(10 + u32::try_from(count).unwrap()),
        )
        .unwrap();
        terminal.until(&[&format!("Posts {} ", count + 1)]);
        terminal.keys("q");
        assert_eq!(terminal.end(), 0);
    }
}
