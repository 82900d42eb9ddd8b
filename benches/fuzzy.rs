//! How long fuzzy words take over many titles: fuzzy-matcher itself beside the kernel that gives the
//! same scores. Run with `cargo bench --bench fuzzy`.

#![allow(clippy::print_stdout, clippy::indexing_slicing, clippy::string_slice, clippy::cast_precision_loss)]

use std::collections::HashSet;
use std::hint::black_box;
use std::time::Instant;

use copydesk::query::fuzzy::{Scorer, Word, hits};
use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

const TITLES: usize = 400_000;
/// fuzzy-matcher is timed over fewer, or it would take most of the time.
const TITLES_OF_THE_CRATE: usize = 20_000;
const WORDS: [&str; 10] = ["a", "r", "re", "sl", "red", "redi", "redis", "cac", "slow", "postgres"];

const FORMS: [&str; 8] = [
    "a short guide to {0} {1} {2} in {3} {4} {5}",
    "How We {6} {0} {1} {2} for {3} {4} Without {1} {7}",
    "{7} and {1} {2}: what {0} {3} teams learned {5}",
    "Field Notes on {0} {1} {2} With {3} {5}",
    "Why your {3} {4} needs {0} {1} {2} before {7} {5}",
    "{0} {1} {2}, {7}, and the cost of {1} in {3}",
    "Debugging {0} {1} {2} ({3}, {4}) {5}",
    "The case against {0} {7}: {1} {2} in {3} at scale",
];
const VOCABULARY: [&[&str]; 8] = [
    &["slow", "quiet", "boring", "reliable", "cheap", "strict", "incremental", "careful", "partial", "safe"],
    &["query", "cache", "deploy", "schema", "retry", "alert", "migration", "backup", "queue", "index"],
    &["triage", "reviews", "budgets", "drills", "stampedes", "rollouts", "audits", "timeouts", "limits"],
    &["Python", "Redis", "PostgreSQL", "Rust", "Kafka", "TypeScript", "gRPC", "Kubernetes", "SQLite", "Go"],
    &["services", "pipelines", "monoliths", "workers", "clusters", "clients", "dashboards", "handlers"],
    &["on a small team", "after a rewrite", "at 3am", "under load", "in production", "before launch"],
    &["Stopped", "Measured", "Rebuilt", "Halved", "Replaced", "Survived", "Simplified", "Retired"],
    &["rate limiting", "leader election", "feature flags", "cold starts", "on-call fatigue", "dead code"],
];

/// Numbers that look random and are the same each time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % end
    }
}

/// The parts of a text in which titles stand one behind the other, as a corpus keeps them.
fn slices<'a>(column: &'a str, titles: &[impl AsRef<str>]) -> Vec<&'a str> {
    let mut start = 0;
    let slice = |title: &_| {
        let end = start + AsRef::<str>::as_ref(title).len();
        &column[std::mem::replace(&mut start, end)..end]
    };
    titles.iter().map(slice).collect()
}

fn titles() -> Vec<String> {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let mut seen = HashSet::new();
    let mut titles = Vec::new();
    while titles.len() < TITLES {
        let mut title = FORMS[numbers.below(FORMS.len())].to_owned();
        for (place, choices) in VOCABULARY.iter().enumerate() {
            title = title.replace(&format!("{{{place}}}"), choices[numbers.below(choices.len())]);
        }
        // Parts are few, posts are many: a series has numbers.
        if !seen.insert(title.clone()) {
            title = format!("{title}, part {}", numbers.below(10_000));
            if !seen.insert(title.clone()) {
                continue;
            }
        }
        titles.push(title);
    }
    titles
}

/// Nanoseconds for each of some titles, the best of five runs.
fn time<T>(count: usize, mut work: impl FnMut() -> T) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        black_box(work());
        best = best.min(start.elapsed().as_nanos() as f64);
    }
    best / count.max(1) as f64
}

fn main() {
    let titles = titles();
    let length: usize = titles.iter().map(String::len).sum();
    println!("{} titles of {} characters", titles.len(), length / titles.len());
    let column = titles.concat();
    let titles = slices(&column, &titles);
    let all = titles.len();
    println!("word      hits    hits ns  score ns  all ns  crate ns (a title; scores: a hit)");
    for text in WORDS {
        let words = [Word::new(text)];
        let word = &words[0];
        let of_hits: Vec<&str> = titles.iter().copied().filter(|title| hits(title, word)).collect();
        let hits_ns = time(all, || titles.iter().filter(|title| hits(title, word)).count());
        let mut scorer = Scorer::default();
        let score_ns =
            time(of_hits.len(), || of_hits.iter().map(|title| scorer.score(title, &words)).sum::<i64>());
        let all_ns = time(all, || {
            let of_hits = titles.iter().filter(|title| hits(title, word));
            of_hits.map(|title| scorer.score(title, &words)).sum::<i64>()
        });
        let some = &of_hits[..of_hits.len().min(TITLES_OF_THE_CRATE)];
        let fresh = || SkimMatcherV2::default().ignore_case();
        let of_crate = |title: &str| fresh().fuzzy_match(title, text).unwrap_or_default();
        let crate_ns = time(some.len(), || some.iter().map(|title| of_crate(title)).sum::<i64>());
        assert!(some.iter().all(|title| of_crate(title) == scorer.score(title, &words)), "{text}");
        println!("{text:9} {:6}  {hits_ns:6.1}  {score_ns:8.1}  {all_ns:6.1}  {crate_ns:8.1}", of_hits.len());
    }
}
