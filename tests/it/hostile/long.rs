//! What only shows at size: short in every run, at full size in the long form, which prints its figures.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Instant;

use crate::hostile::{is_full, run};
use crate::support::terminal::Terminal;

fn words(line: &str) -> Vec<&std::ffi::OsStr> {
    line.split(' ').map(std::ffi::OsStr::new).collect()
}

/// Patterns and words made to take long, typed over many posts: the next key is answered.
#[test]
fn a_bomb_of_a_query_ends_with_the_next_key() {
    let folder = tempfile::tempdir().unwrap();
    let count = if is_full() { "1000000" } else { "20000" };
    run::run(folder.path(), &words(&format!("generate --count {count} --out posts.jsonl")));
    let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
    terminal.until(&["Posts", "saved"]);
    terminal.until(&[&format!("Posts {} ", crate::support::grouped(count.parse().unwrap()))]);
    for (name, bomb) in [
        ("a pattern of 4 KB", format!("text:/({})*z$/", "a|ab|[a-c]+x?|".repeat(280))),
        ("repeats in repeats", "text:/(((.*.*.*)+x)+y)+zq/".to_owned()),
        ("a huge repeat", "text:/(\\pL{1,1000}){1,50}q/".to_owned()),
        ("fuzzy letters", "aeiou".repeat(800)),
        ("many words", "a e i o u n s t r ".repeat(220)),
        ("brackets", "(".repeat(4000)),
        ("nots", "not ".repeat(1000)),
    ] {
        terminal.keys("/");
        terminal.until(&["> "]);
        let start = Instant::now();
        // Its end is on the screen as soon as it was taken in.
        terminal.keys(&format!("\u{1b}[200~{bomb}\u{1b}[201~"));
        let tail: String = bomb.chars().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect();
        terminal.until(&[tail.trim()]);
        let pasted = start.elapsed();
        let start = Instant::now();
        terminal.keys("\u{15}qqqq");
        terminal.until(&["> qqqq"]);
        let answered = start.elapsed();
        terminal.keys("\u{15}\r");
        terminal.until(&["to filter"]);
        println!(
            "{name:<20} over {count} posts: pasted in {pasted:>7.1?}, the next key answered in {answered:>7.1?}"
        );
    }
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
}

/// A log of millions of records, and posts of which none can be read.
#[test]
fn millions_of_bad_things_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let bad = if is_full() { 1_000_000 } else { 20_000 };
    let mut out = BufWriter::new(File::create(folder.join("bad.jsonl")).unwrap());
    (0..bad).for_each(|at| writeln!(out, "{{\"id\":{at},}}").unwrap());
    writeln!(out, "{{\"id\":\"good\"}}").unwrap();
    out.into_inner().unwrap();
    let start = Instant::now();
    let said = run::run(folder, &words("check bad.jsonl --no-cache --max-problems 1000"));
    assert!(
        said.text.contains(&format!("1 post, {} problems", crate::support::grouped(bad))),
        "{}",
        &said.text[said.text.len() - 300..]
    );
    assert!(said.text.contains("more problems are not listed"));
    println!("{bad} bad lines checked in {:.1?}", start.elapsed());
    if is_full() {
        let records = 5_000_000;
        std::fs::write(folder.join("posts.jsonl"), crate::support::posts()).unwrap();
        let mut out = BufWriter::new(File::create(folder.join("posts.jsonl.reviews.jsonl")).unwrap());
        for at in 0..records {
            writeln!(out, "{{\"v\":1,\"id\":\"a-{at:06x}\",\"at\":\"2026-01-01T00:00:00Z\",\"by\":\"li\",\"op\":\"set\",\"post\":\"desk-{at}\",\"key\":\"status\",\"val\":\"reviewed\"}}").unwrap();
        }
        out.into_inner().unwrap();
        let start = Instant::now();
        let said = run::run(folder, &words("check posts.jsonl"));
        assert!(said.text.contains("posts are not among these posts"), "{}", said.text);
        println!("{records} records of a log checked in {:.1?}", start.elapsed());
    }
}
