//! Harnesses: each has a short form for every run of the tests, and a long one by its name and a number.

use std::process::ExitCode;

/// What a harness found: a line of numbers, why it could not run, or what is wrong.
pub enum Outcome {
    Held(String),
    Skipped(String),
    Broken(String),
}

pub struct Harness {
    pub name: &'static str,
    pub what: &'static str,
    /// Rounds of the short form.
    pub rounds: usize,
    pub run: fn(usize) -> Outcome,
}

/// Runs those that are named, or all.
pub fn run(harnesses: &[Harness], words: &[String]) -> ExitCode {
    // Words of the test runner that mean nothing here.
    let words: Vec<&String> = words.iter().filter(|word| !word.starts_with('-')).collect();
    let rounds = words.iter().find_map(|word| word.parse::<usize>().ok());
    let names: Vec<&&String> = words.iter().filter(|word| word.parse::<usize>().is_err()).collect();
    let mut has_broken = false;
    for harness in
        harnesses.iter().filter(|harness| names.is_empty() || names.iter().any(|name| **name == harness.name))
    {
        let (sign, text) = match (harness.run)(rounds.unwrap_or(harness.rounds)) {
            Outcome::Held(text) => ("ok  ", text),
            Outcome::Skipped(why) => ("SKIP", why),
            Outcome::Broken(what) => {
                has_broken = true;
                ("FAIL", what)
            }
        };
        println!("{sign} {:<7} {}: {text}", harness.name, harness.what);
    }
    if has_broken { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
