//! The one direction of imports, in place of crate walls: a module imports from those below it and
//! from no other, some crates have one home each, and no file grows past its size.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom to the top. `corpus` and `review` do not know each other; `generate` knows posts
/// and their formats, and only the command line knows it. `fuzz` may look into every room, and nobody knows it.
const LAYERS: [&str; 11] =
    ["model", "corpus", "review", "query", "app", "ui", "runtime", "generate", "export", "cli", "fuzz"];
const STRANGERS: [(&str, &str); 12] = [
    ("export", "query"),
    ("export", "app"),
    ("export", "ui"),
    ("export", "runtime"),
    ("export", "generate"),
    ("corpus", "review"),
    ("review", "corpus"),
    ("generate", "review"),
    ("generate", "query"),
    ("generate", "app"),
    ("generate", "ui"),
    ("generate", "runtime"),
];

/// Crates that only some places may name.
const HOMES: [(&str, &[&str]); 15] = [
    ("clap_complete", &["cli/"]),
    ("clap_mangen", &["cli/"]),
    ("url", &["model/link.rs"]),
    ("shell_words", &["runtime/"]),
    ("ratatui", &["ui/", "runtime/"]),
    ("crossterm", &["runtime/"]),
    ("fuzzy_matcher", &["query/fuzzy/"]),
    ("directories", &["cli/config.rs"]),
    ("clap", &["cli/"]),
    ("rayon", &["corpus/", "query/", "review/", "runtime/", "generate/", "export/"]),
    ("notify", &["runtime/"]),
    ("bytemuck", &["corpus/"]),
    ("hashbrown", &["corpus/", "review/"]),
    ("foldhash", &["corpus/"]),
    ("anyhow", &["cli/"]),
];

/// Threads are started in one place.
const THREADS: (&str, &[&str]) = ("thread::", &["runtime/", "review/append.rs"]);

/// What is printed or drawn of strangers' text is made here and nowhere else.
const SAFE_IS_MADE_IN: &str = "model/text.rs";

const MAX_LINES: usize = 500;

struct Source {
    path: String,
    text: String,
}

impl Source {
    fn module(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap()
    }
}

fn sources(root: &Path) -> Vec<Source> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(root, &mut found);
    found.sort();
    let read = |path: PathBuf| Source {
        path: path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(),
        text: fs::read_to_string(&path).unwrap(),
    };
    found.into_iter().map(read).collect()
}

/// The code of a line: no comment, no string.
fn code(line: &str) -> String {
    let mut code = String::new();
    let mut in_string = false;
    // A quote as a character opens no string.
    let line = line.replace("'\"'", "' '");
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if in_string => drop(chars.next()),
            '"' => in_string = !in_string,
            '/' if !in_string && chars.peek() == Some(&'/') => break,
            _ if !in_string => code.push(c),
            _ => {}
        }
    }
    code
}

fn names_crate(code: &str, name: &str) -> bool {
    let path = format!("{name}::");
    code.match_indices(&path).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    }) || code.trim_start().starts_with(&format!("use {name};"))
}

/// Everything that is wrong with some sources.
fn offences(sources: &[Source]) -> Vec<String> {
    let layer = |module: &str| LAYERS.iter().position(|layer| *layer == module);
    let mut found = Vec::new();
    for source in sources {
        let lines = source.text.lines().count();
        if lines > MAX_LINES {
            found.push(format!("{}: {lines} lines, expected at most {MAX_LINES}", source.path));
        }
        for (number, line) in (1..).zip(source.text.lines()) {
            let code = code(line);
            let place = format!("{}:{number}", source.path);
            for (at, _) in code.match_indices("crate::") {
                let target = code[at + "crate::".len()..]
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .next()
                    .unwrap();
                let strange = STRANGERS.contains(&(source.module(), target));
                if let (Some(from), Some(to)) = (layer(source.module()), layer(target))
                    && (to > from || strange)
                {
                    found.push(format!("{place}: {} imports {target}", source.module()));
                }
                if target.starts_with('{') || target.is_empty() {
                    found.push(format!("{place}: name each layer on a line of its own"));
                }
            }
            if code.contains("super::super") {
                found.push(format!("{place}: name the layer, as crate::layer, instead of climbing to it"));
            }
            for (name, homes) in HOMES {
                if names_crate(&code, name) && !homes.iter().any(|home| source.path.starts_with(home)) {
                    found.push(format!("{place}: {name} belongs to {}", homes.join(" ")));
                }
            }
            let (threads, homes) = THREADS;
            if code.contains(threads) && !homes.iter().any(|home| source.path.starts_with(home)) {
                found.push(format!("{place}: threads belong to {}", homes.join(" ")));
            }
            if code.contains("Safe {") && source.path != SAFE_IS_MADE_IN {
                found.push(format!("{place}: safe text is made in {SAFE_IS_MADE_IN} only"));
            }
        }
    }
    found
}

#[test]
fn the_layers_import_downwards() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let sources = sources(&root);
    assert!(sources.len() > 40, "the sources were found");
    let offences = offences(&sources);
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

#[test]
fn an_offence_is_found() {
    let offence = |path: &str, text: &str| {
        let source = Source { path: path.to_owned(), text: text.to_owned() };
        offences(&[source]).len()
    };
    assert_eq!(offence("model/post.rs", "use crate::app::App;"), 1);
    assert_eq!(offence("corpus/mod.rs", "use crate::review::Record;"), 1);
    assert_eq!(offence("generate/mod.rs", "use crate::query::Query;"), 1);
    assert_eq!(offence("ui/mod.rs", "use crate::generate::Plan;"), 1);
    assert_eq!(offence("generate/mod.rs", "use crate::corpus::format;"), 0);
    assert_eq!(offence("app/mod.rs", "rayon::join(a, b);"), 1);
    assert_eq!(offence("app/mod.rs", "use ratatui::Frame;"), 1);
    assert_eq!(offence("app/mod.rs", "let x = std::thread::spawn(|| {});"), 1);
    assert_eq!(offence("query/run.rs", "use fuzzy_matcher::FuzzyMatcher;"), 1);
    assert_eq!(offence("ui/mod.rs", &"\n".repeat(501)), 1);
    assert_eq!(offence("app/mod.rs", "use crate::{model, ui};"), 1);
    assert_eq!(offence("ui/list.rs", "Safe { text, marks }"), 1);
    assert_eq!(offence("model/post.rs", "use super::super::app::App;"), 1);
    assert_eq!(offence("model/post.rs", "let quote = '\"'; let app = crate::app::App;"), 1);
    assert_eq!(offence("ui/mod.rs", "use crate::app::App; // crate::cli"), 0);
    assert_eq!(offence("cli/mod.rs", "let text = \"crate::nothing\";"), 0);
}
