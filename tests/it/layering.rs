//! The one direction of imports, in place of crate walls: a module imports from those below it and
//! from no other, some crates have one home each, and no file grows past its size.

use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom to the top. `corpus` and `review` do not know each other; `generate` knows posts
/// and their formats, and only the command line knows it. `fuzz` may look into every room, and nobody knows it.
const LAYERS: [&str; 12] = [
    "model", "corpus", "review", "query", "page", "app", "ui", "runtime", "generate", "export", "cli", "fuzz",
];
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

/// The clock is asked in one place: it may show a time that is no date.
const CLOCK: (&str, &str) = ("Timestamp::now", "model/clock.rs");

/// What is printed or drawn of strangers' text is made here and nowhere else.
const SAFE_IS_MADE_IN: &str = "model/text.rs";

const MAX_LINES: usize = 500;

/// A command says something by `say!`, `complain` and what prints JSON, CSV and tables, all of one file;
/// whoever writes in another way in `cli/` writes to a file.
const OUTPUT: &str = "cli/output.rs";
const WRITES: [&str; 6] = ["write!(", "writeln!(", "print!(", "println!(", "write_all(", "io::write("];
const WRITERS_TO_FILES: [&str; 2] = ["cli/init.rs", "cli/settings.rs"];

/// The other places that write to the terminal: its modes, lines of the log, which are JSON with everything
/// escaped that acts, and the plain mode, which makes each line safe.
const WRITERS_TO_THE_TERMINAL: [&str; 3] = ["runtime/terminal.rs", "runtime/signals.rs", "runtime/plain.rs"];

/// What text is drawn by. Its first argument is a literal, or made by one of [`GATES`], or reviewed by hand.
const DRAWS: [&str; 6] =
    ["Span::raw(", "Span::styled(", "Paragraph::new(", "Line::raw(", ".title(", "set_string("];
/// What makes text safe, or is no text of strangers: counts, shares, names of the program's own.
const GATES: [&str; 10] = [
    "duration(",
    "safe(",
    "revealed(",
    "foreign(",
    "fit(",
    "grouped(",
    "percent(",
    ".glyph()",
    ".repeat(",
    "status_role(",
];
/// Reviewed: text of our own, or made safe where it was made.
const REVIEWED: [(&str, &str); 31] = [
    ("ui/text.rs", "piece.text.as_str()"),
    ("ui/text.rs", "piece.text"),
    ("ui/header.rs", "text"),
    ("ui/header.rs", "BRAND"),
    ("ui/list.rs", "format!(text )"),
    ("ui/page_pane.rs", "cut(title, room).into_owned()"),
    ("ui/page_pane.rs", "title"),
    ("ui/footer.rs", "key.to_owned()"),
    ("ui/footer.rs", "format!(word )"),
    ("ui/columns.rs", "words"),
    ("ui/columns.rs", "format!(figure )"),
    ("ui/list.rs", "TextLine::from(spans)"),
    ("ui/list.rs", "glyph"),
    ("ui/list.rs", "text"),
    ("ui/list.rs", "piece"),
    ("ui/list.rs", "std::mem::take(&mut piece)"),
    ("ui/prompt.rs", "format!(, at * a_line + within + 1)"),
    ("ui/prompt.rs", "format!(, cut(shown.as_str(), 13))"),
    ("ui/prompt.rs", "label.to_owned()"),
    ("ui/prompt.rs", "text"),
    ("ui/popup.rs", "text"),
    ("ui/header.rs", "format!(, grouped(count))"),
    ("ui/list.rs", "sign"),
    ("ui/list.rs", "hint"),
    ("ui/list.rs", "why"),
    ("ui/page_pane.rs", "Line::from(part).right_aligned()"),
    ("ui/palette.rs", "cut(&name, width.saturating_sub(2)).into_owned()"),
    ("ui/palette.rs", "sign"),
    ("ui/palette.rs", "keys"),
    ("ui/palette.rs", "help"),
    ("ui/palette.rs", "TextLine::from(spans)"),
];

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
    stripped(line, false)
}

/// The code of a line: no comment, and of strings only the `{names}` that are put into them.
fn stripped(line: &str, with_names: bool) -> String {
    let mut code = String::new();
    let mut in_string = false;
    // A quote as a character opens no string.
    let line = line.replace("'\"'", "' '");
    let mut chars = line.chars().peekable();
    let mut in_name = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' if in_string => drop(chars.next()),
            '"' => in_string = !in_string,
            '/' if !in_string && chars.peek() == Some(&'/') => break,
            _ if !in_string => code.push(c),
            '{' => in_name = with_names && chars.peek().is_some_and(|c| c.is_alphabetic()),
            c if in_name && (c.is_alphanumeric() || c == '_') => code.push(c),
            _ if in_name => {
                in_name = false;
                code.push(' ');
            }
            _ => {}
        }
    }
    code
}

/// Text that is drawn and that nothing makes safe, as far as the code of a file tells.
fn ungated(path: &str, code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for draw in DRAWS {
        for (at, _) in code.match_indices(draw) {
            let argument = first_argument(&code[at + draw.len()..]);
            let is_gated = argument.is_empty() || GATES.iter().any(|gate| argument.contains(gate));
            if !is_gated && !REVIEWED.contains(&(path, &argument)) {
                found.push(format!("{path}: {draw}{argument}: make it safe, or say in REVIEWED why it is"));
            }
        }
    }
    found
}

/// What stands before the first comma of a call that is not in brackets; blank for a literal.
fn first_argument(call: &str) -> String {
    let mut depth = 0_usize;
    let mut argument = String::new();
    for c in call.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' | ',' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        argument.push(c);
    }
    argument.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The code of a file without its tests.
fn code_of(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines().map(|line| stripped(line, true)).collect::<Vec<_>>().join("\n")
}

fn names_crate(code: &str, name: &str) -> bool {
    let path = format!("{name}::");
    code.match_indices(&path).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    }) || code.trim_start().starts_with(&format!("use {name};"))
}

/// A file that has grown too long.
fn too_long(source: &Source) -> Option<String> {
    let lines = source.text.lines().count();
    (lines > MAX_LINES).then(|| format!("{}: {lines} lines, expected at most {MAX_LINES}", source.path))
}

/// Everything that is wrong with some sources.
fn offences(sources: &[Source]) -> Vec<String> {
    let layer = |module: &str| LAYERS.iter().position(|layer| *layer == module);
    let mut found = Vec::new();
    for source in sources {
        found.extend(too_long(source));
        let whole = code_of(&source.text);
        if source.module() == "ui" {
            found.extend(ungated(&source.path, &whole));
        }
        let writes_freely = source.path == OUTPUT || WRITERS_TO_FILES.contains(&source.path.as_str());
        for write in WRITES {
            let is_terminal = match source.module() {
                "cli" => !writes_freely,
                // The saver has a method of that name.
                "runtime" => {
                    write != "write_all(" && !WRITERS_TO_THE_TERMINAL.contains(&source.path.as_str())
                }
                _ => false,
            };
            if is_terminal && whole.contains(write) {
                found.push(format!("{}: {write}: say it by say! or complain of {OUTPUT}", source.path));
            }
        }
        if whole.contains(".draw(|") && !whole.contains("ui::draw(frame") {
            found.push(format!("{}: a frame is drawn by ui::draw, which looks at it last", source.path));
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
            let (now, home) = CLOCK;
            if code.contains(now) && source.path != home {
                found.push(format!("{place}: the clock is asked in {home} only"));
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
fn no_file_of_tests_is_too_long() {
    for folder in ["tests", "benches", "fuzz/fuzz_targets"] {
        let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
        assert!(!sources.is_empty(), "{folder}: the sources were found");
        let offences: Vec<String> = sources.iter().filter_map(too_long).collect();
        assert!(offences.is_empty(), "{}", offences.join("\n"));
    }
    let long = Source { path: "tests/a.rs".to_owned(), text: "\n".repeat(MAX_LINES + 1) };
    assert!(too_long(&long).is_some());
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
    assert_eq!(offence("app/mod.rs", "let now = jiff::Timestamp::now();"), 1);
    assert_eq!(offence("query/run.rs", "use fuzzy_matcher::FuzzyMatcher;"), 1);
    assert_eq!(offence("ui/mod.rs", &"\n".repeat(501)), 1);
    assert_eq!(offence("app/mod.rs", "use crate::{model, ui};"), 1);
    assert_eq!(offence("ui/list.rs", "Safe { text, marks }"), 1);
    assert_eq!(offence("ui/list.rs", "Span::raw(post.title())"), 1);
    assert_eq!(offence("ui/list.rs", "Span::styled(\n  format!(\"{x} {}\", post.id()), style)"), 1);
    assert_eq!(offence("ui/list.rs", "Span::raw(format!(\" {title} \"))"), 1);
    assert_eq!(offence("ui/popup.rs", "Block::new().title(name)"), 1);
    assert_eq!(offence("ui/list.rs", "Span::raw(\" a, b \"); Span::raw(safe(post.title()))"), 0);
    assert_eq!(offence("cli/show.rs", "writeln!(out, \"{}\", post.title())?;"), 1);
    assert_eq!(offence("cli/show.rs", "std::io::stdout().write_all(post.title())?;"), 1);
    assert_eq!(offence("cli/show.rs", "say!(out, \"{}\", post.title())?;"), 0);
    assert_eq!(offence("runtime/run.rs", "rustix::io::write(fd, title)"), 1);
    assert_eq!(offence("runtime/run.rs", "screen.draw(|frame| frame.render_widget(x, y))"), 1);
    assert_eq!(offence("model/post.rs", "use super::super::app::App;"), 1);
    assert_eq!(offence("model/post.rs", "let quote = '\"'; let app = crate::app::App;"), 1);
    assert_eq!(offence("ui/mod.rs", "use crate::app::App; // crate::cli"), 0);
    assert_eq!(offence("cli/mod.rs", "let text = \"crate::nothing\";"), 0);
}
