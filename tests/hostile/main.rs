//! Hostile posts, names, logs and settings: nothing of them acts on the terminal, hides, runs anything or
//! takes the program down.
//!
//! The table of what was tried is kept in docs/HOSTILE.md; `COPYDESK_UPDATE=1 cargo test --test hostile`
//! makes it anew. `COPYDESK_HOSTILE=full cargo test --release --test hostile -- --nocapture` is the long form.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::too_many_lines,
    unreachable_pub
)]

mod bytes;
mod desk;
mod inputs;
mod oracle;
mod run;
mod sanitiser;
#[path = "../support/mod.rs"]
mod support;

use std::fmt::Write;
use std::path::Path;

use inputs::{INPUTS, PROVED_ELSEWHERE};

const HEAD: &str = "# Hostile inputs, and what became of them

Made by `COPYDESK_UPDATE=1 cargo test --test hostile`. Each input goes through `check`, `list` in every format, `show`, `stats`
and `log`, and through the screen: every post, pane, popup and prompt, in six sizes. Of each output every byte is looked at:
nothing that acts on a terminal or hides text may be in it. \"Seen\" is what `check` says.

| | input | expected | seen |
|---|---|---|---|
";

fn is_full() -> bool {
    std::env::var("COPYDESK_HOSTILE").is_ok_and(|form| form == "full")
}

#[test]
fn every_input_behaves() {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let seen = std::sync::Mutex::new(Vec::new());
    let work = || {
        while let Some(input) = INPUTS.get(next.fetch_add(1, std::sync::atomic::Ordering::SeqCst)) {
            let start = std::time::Instant::now();
            let outcome = std::panic::catch_unwind(|| run::see(input));
            println!("{:>8.1?} {} {}", start.elapsed(), input.group, input.name);
            let mut seen = seen.lock().unwrap();
            seen.push((input.group, input.name, outcome.map_err(|why| said(&*why))));
        }
    };
    std::thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(work))));
    let seen = seen.into_inner().unwrap();
    let mut rows: Vec<(u8, String)> = Vec::new();
    let failures: Vec<String> = seen.iter().filter_map(|(.., seen)| seen.clone().err()).collect();
    assert!(failures.is_empty(), "{} inputs:\n{}", failures.len(), failures.join("\n---\n"));
    for input in INPUTS {
        let seen = seen.iter().find(|(group, name, _)| (*group, *name) == (input.group, input.name));
        let seen = seen.and_then(|(.., seen)| seen.clone().ok()).unwrap();
        let cell = |text: &str| text.replace('|', "\\|");
        let seen: String = seen.chars().take(150).collect();
        rows.push((
            input.group,
            format!(
                "| {} | {} | {} | {} |",
                input.group,
                cell(input.name),
                cell(input.expected),
                cell(&seen)
            ),
        ));
    }
    for (group, name, expected, proof) in PROVED_ELSEWHERE {
        rows.push((*group, format!("| {group} | {name} | {expected} | {proof} |")));
    }
    rows.sort_by_key(|(group, _)| *group);
    let groups: std::collections::BTreeSet<u8> = rows.iter().map(|(group, _)| *group).collect();
    assert_eq!(groups.into_iter().collect::<Vec<_>>(), (1..=75).collect::<Vec<_>>(), "every group has a row");
    let mut made = HEAD.to_owned();
    rows.iter().for_each(|(_, row)| writeln!(made, "{row}").unwrap());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/HOSTILE.md");
    if std::env::var_os("COPYDESK_UPDATE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "docs/HOSTILE.md is stale: COPYDESK_UPDATE=1 cargo test --test hostile");
}

fn said(why: &(dyn std::any::Any + Send)) -> String {
    let text = why.downcast_ref::<String>().cloned();
    text.or_else(|| why.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}
