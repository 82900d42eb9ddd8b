//! What the desk answers beside the list, timed from outside in a real pseudo-terminal: facets, completion,
//! the question of a bulk decision, numbers. `cargo bench --bench answers -- [POSTS…]`.
//!
//! A third of the posts are decided on first, and everything is asked of all posts and of a part of them.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod measure;

use std::time::Duration;

use copydesk::model::figures::grouped;
use measure::screen::{Screen, Settled};
use measure::{Corpus, Goal, Line, median, runs};

/// Longer than anything that goes on without being seen.
const PREPARED: Duration = Duration::from_secs(2);

/// The screen is still when nothing has been written for so long.
const STILL: Duration = Duration::from_millis(400);

/// All posts, most of them, and about half of them.
const VIEWS: [(&str, &str); 3] =
    [("all posts", ""), ("`score>=50`", "score>=50 "), ("`score>=65`", "score>=65 ")];

fn main() {
    measure::head();
    for corpus in measure::corpora() {
        corpus.warm_up();
        let mut figures = Vec::new();
        for _ in 0..runs(3) {
            one_run(&corpus, &mut figures);
        }
        let mut names: Vec<String> = Vec::new();
        for (name, _) in &figures {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let most = if corpus.posts >= 100_000 { Goal::AtMost(50.0) } else { Goal::Known };
        for name in names {
            let of = |part: fn(&Settled) -> Duration| {
                median(
                    figures
                        .iter()
                        .filter(|(other, _)| *other == name)
                        .map(|(_, settled)| part(settled))
                        .collect(),
                )
            };
            let (first, after, worked) = (of(|s| s.first), of(|s| s.after), of(|s| s.worked));
            let what = format!("{} posts: {name}, to the settled screen", corpus.name());
            Line {
                goal: 15,
                what,
                ours: after.into(),
                beside: Some(("its first frame", first.into())),
                reach: most,
            }
            .say();
            let what = format!("{} posts: {name}, work of the processors", corpus.name());
            Line { goal: 15, what, ours: worked.into(), beside: None, reach: Goal::Known }.say();
        }
    }
}

/// The program, and what was measured of it.
struct Desk<'f> {
    screen: Screen,
    figures: &'f mut Vec<(String, Settled)>,
}

impl Desk<'_> {
    /// Keys in one write, and what the screen must show in the end.
    fn press(&mut self, keys: &str, shows: &str) -> Settled {
        let before = self.screen.text();
        let settled = self.screen.press(keys, STILL);
        let text = self.screen.text();
        assert!(text.contains(shows) && text != before, "expected {shows} after {keys:?}:\n{text}");
        settled
    }

    fn time(&mut self, name: String, keys: &str, shows: &str) {
        let settled = self.press(keys, shows);
        self.figures.push((name, settled));
    }
}

fn one_run(corpus: &Corpus, figures: &mut Vec<(String, Settled)>) {
    let folder = tempfile::tempdir_in(measure::folder()).unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (kept, log) = (path("kept"), path("log.jsonl"));
    let environment =
        ["COPYDESK_CACHE_DIR", "COPYDESK_DATA_DIR", "COPYDESK_CONFIG_DIR"].map(|name| (name, kept.as_str()));
    let posts = corpus.path.to_string_lossy();
    let screen = Screen::start(env!("CARGO_BIN_EXE_copydesk"), &[&posts, "--sidecar", &log], &environment);
    let mut desk = Desk { screen, figures };
    let all = format!("{} posts", grouped(corpus.posts));
    desk.screen.until(&all, |text| text.contains(&all) && !text.contains("reading "));
    desk.screen.still(PREPARED);
    desk.press(":mark flagged why=image where stack:python or stack:go\r", "flagged");
    desk.screen.press("\r", STILL);
    desk.screen.until("the decisions", |text| !text.contains("to decide on") && text.contains("saved ✓"));
    desk.screen.still(PREPARED);
    for (view, query) in VIEWS {
        desk.press(&format!("/\x15{query}"), "Posts");
        desk.press("\r", "Posts");
        desk.time(format!("`F`, every field counted, {view}"), "F", "stack");
        desk.time(format!("Enter in `F`, {view}"), "\r", "✓");
        desk.time(format!("Enter once more, {view}"), "\r", "stack");
        desk.press("\x1b", "Posts");
        for (field, letter) in [("stack", "p"), ("topic", "c"), ("host", "e"), ("status", "f")] {
            desk.press(&format!("/\x15{query}{field}:"), field);
            desk.time(format!("Tab, the values of `{field}:`, {view}"), "\t", field);
            desk.time(format!("a letter of `{field}:`, {view}"), letter, field);
            // Back to the view, whether there was still a menu or not.
            desk.press(&format!("\x15{query}"), "Posts");
            desk.screen.press("\x1b", STILL);
            desk.screen.press(&format!("/\x15{query}\r"), STILL);
        }
        desk.time(format!("`*`, all marked, {view}"), "*", "marked");
        desk.time(format!("`r`, the question of a bulk decision, {view}"), "r", "now");
        desk.press("\x1b", "marked");
        desk.press("\x1b", "Posts");
        desk.press(":mark reviewed where score>=90", "mark");
        desk.time(format!("Enter on `:mark … where`, {view}"), "\r", "now");
        desk.press("\x1b", "Posts");
        desk.time(format!("`d`, numbers, {view}"), "d", "reviewed");
        desk.press("\x1b", "Posts");
    }
}
