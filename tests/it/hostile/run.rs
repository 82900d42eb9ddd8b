//! Runs an input through every command and the screen, and says what was seen.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use copydesk::corpus::Sources;

use crate::hostile::bytes::offence_in_output;
use crate::hostile::desk;
use crate::hostile::inputs::{Input, Make};
use crate::support;

use crate::support::program::copydesk;

/// Nothing takes longer; a run that does hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a command said.
pub struct Said {
    pub text: String,
    pub code: i32,
}

/// Runs the program in a folder; whatever it prints must be fit for a terminal.
#[track_caller]
pub fn run(folder: &Path, words: &[&OsStr]) -> Said {
    let out = fs::File::create(folder.join(".out")).unwrap();
    let err = fs::File::create(folder.join(".err")).unwrap();
    let mut child = copydesk(folder)
        .args(words)
        .env("COPYDESK_DATA_DIR", folder.join(".data"))
        .env("COPYDESK_CACHE_DIR", folder.join(".cache"))
        .env("COPYDESK_CONFIG_DIR", folder.join(".config"))
        .env("TZ", "garbage/\u{1b}[31m")
        .stdout(out)
        .stderr(err)
        .spawn()
        .unwrap();
    let start = Instant::now();
    let code = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("{words:?} hangs");
        }
        std::thread::yield_now();
    };
    let bytes = [fs::read(folder.join(".out")).unwrap(), fs::read(folder.join(".err")).unwrap()].concat();
    assert_eq!(offence_in_output(&bytes), None, "{words:?}: {}", String::from_utf8_lossy(&bytes));
    let text = String::from_utf8(bytes).unwrap();
    assert!(!text.contains("panicked"), "{words:?}: {text}");
    Said { code: code.unwrap_or_else(|| panic!("{words:?} was killed: {text}")), text }
}

/// A row of the table: what was seen.
pub fn see(input: &Input) -> String {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/hostile/inputs");
    let mut log = None;
    let paths: Vec<OsString> = match input.make {
        Make::File(name) if Path::new(name).extension().is_some_and(|end| end == "log") => {
            fs::write(folder.join("posts.jsonl"), support::posts()).unwrap();
            let path = folder.join("posts.jsonl.reviews.jsonl");
            fs::copy(inputs.join(name), &path).unwrap();
            log = Some(path);
            vec!["posts.jsonl".into()]
        }
        Make::File(name) => {
            let extension = name.rsplit('.').next().unwrap();
            let path = format!("posts.{extension}");
            fs::copy(inputs.join(name), folder.join(&path)).unwrap();
            vec![path.into()]
        }
        Make::Place(make) => make(folder),
    };
    let command = |words: &[&str]| {
        let (first, rest) = words.split_first().unwrap();
        let mut all = vec![OsStr::new(first)];
        all.extend(rest.iter().map(OsStr::new));
        // Behind `--` nothing is an option.
        all.push(OsStr::new("--"));
        all.extend(paths.iter().map(OsString::as_os_str));
        run(folder, &all)
    };
    let check = command(&["check"]);
    let list = command(&["list"]);
    let ids = command(&["list", "--format", "ids"]);
    let mut texts = vec![check.text.clone(), list.text];
    for format in ["csv", "json", "jsonl"] {
        texts.push(command(&["list", "--format", format]).text);
    }
    texts.push(command(&["stats"]).text);
    texts.push(command(&["log"]).text);
    texts.push(command(&["list", "--filter", "is:suspicious", "--format", "ids"]).text);
    if list.code != 2 {
        for id in ids.text.lines().skip(1).take(3) {
            for format in ["text", "json"] {
                texts.push(command(&["show", "--format", format, "--id", id]).text);
            }
        }
        let named: Vec<std::path::PathBuf> = paths.iter().map(|path| folder.join(path)).collect();
        if let Ok((sources, _)) = Sources::open(&named) {
            texts.push(desk::look(sources, log.as_deref()));
        }
    }
    let all = texts.join("\n");
    for words in input.says {
        assert!(all.contains(words), "{} {}: never said {words:?}:\n{}", input.group, input.name, check.text);
    }
    let last = check.text.lines().last().unwrap_or_default().to_owned();
    if let (Some(posts), false) = (input.posts, check.code == 2) {
        let expected = format!("{} post{}, ", support::grouped(posts), if posts == 1 { "" } else { "s" });
        assert!(last.starts_with(&expected), "{} {}: {}", input.group, input.name, check.text);
    }
    assert_eq!(input.posts.is_none(), check.code == 2, "{} {}: {}", input.group, input.name, check.text);
    if let Some(problems) = input.problems {
        let words = match problems {
            0 => "no problem".to_owned(),
            1 => "1 problem".to_owned(),
            _ => format!("{problems} problems"),
        };
        assert!(last.ends_with(&words), "{} {}: {}", input.group, input.name, check.text);
    }
    let first = check.text.lines().next().unwrap_or_default();
    if check.code == 2 || first == last { first.to_owned() } else { format!("{last}: {first}") }
}
