//! Files that other programs obey, planted beside the posts: nothing of them is read, nothing is run, no
//! socket is opened.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::desk;
use crate::terminal::Terminal;

const PLANTED: [(&str, &str); 7] = [
    (".copydesk.toml", "down = \"q\"\n"),
    ("copydesk.toml", "down = \"q\"\n"),
    (".envrc", "touch run-by-envrc\n"),
    (".editorconfig", "root = true\n"),
    (
        ".git/config",
        "[core]\n\tfsmonitor = touch run-by-git\n\tpager = touch run-by-git\n[filter \"x\"]\n\tsmudge = touch run-by-git\n",
    ),
    (".git/HEAD", "ref: refs/heads/main\n"),
    (".gitattributes", "* filter=x\n"),
];

const CALLS: &str = "trace=execve,execveat,socket,connect,open,openat,openat2";

pub(crate) fn run(_rounds: usize) -> Outcome {
    if !Command::new("strace").arg("-V").output().is_ok_and(|said| said.status.success()) {
        return Outcome::Skipped("there is no strace".to_owned());
    }
    let folder = desk::folder(40);
    for (name, text) in PLANTED {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let program = env!("CARGO_BIN_EXE_copydesk");
    let elsewhere = tempfile::tempdir().unwrap();
    let trace = elsewhere.path().join("trace");
    let words = ["strace", "-f", "-qq", "-e", CALLS, "-o", trace.to_str().unwrap(), "--", program];
    if !Command::new("strace")
        .args(["-f", "-qq", "-o"])
        .arg(&trace)
        .arg("true")
        .status()
        .is_ok_and(|status| status.success())
    {
        return Outcome::Skipped("strace may not trace here".to_owned());
    }
    let (mut runs, mut calls) = (0, 0);
    for posts in ["posts.jsonl", "."] {
        let mut screen = Terminal::run(folder.path(), &[&words[..], &[posts]].concat(), &[]);
        screen.until(&["Posts 40", "saved ✓"]);
        // With the keys of the planted files the first would end it.
        screen.keys("jjr/post 3\r");
        screen.until(&["> post 3"]);
        screen.keys("/text:words\r?");
        screen.until(&["esc close"]);
        screen.keys("\u{1b}");
        // An escape with a key behind it would be another key.
        screen.listen(std::time::Duration::from_millis(120));
        screen.keys("q");
        if screen.end() != 0 {
            return Outcome::Broken("the screen did not end well".to_owned());
        }
        let plain: [&[&str]; 4] = [
            &["list", posts, "--filter", "post"],
            &["show", posts, "--id", "p-3"],
            &["check", posts],
            &["mark", posts, "--id", "p-4", "--status", "skipped"],
        ];
        let mut found = vec![look(&trace, posts)];
        for command in plain {
            let said = Command::new(words[0])
                .args(&words[1..])
                .args(command)
                .current_dir(folder.path())
                .env("COPYDESK_CACHE_DIR", folder.path().join("cache"))
                .output()
                .unwrap();
            // Among posts in a folder, a file that holds none is a problem.
            if !matches!((said.status.code(), posts, command[0]), (Some(0), ..) | (Some(1), ".", "check")) {
                return Outcome::Broken(format!(
                    "{command:?}: {}",
                    String::from_utf8_lossy(&[said.stderr, said.stdout].concat())
                ));
            }
            found.push(look(&trace, posts));
        }
        for result in found {
            match result {
                Ok(count) => calls += count,
                Err(why) => return Outcome::Broken(format!("{posts}: {why}")),
            }
            runs += 1;
        }
    }
    Outcome::Held(format!(
        "{runs} runs, {calls} calls looked at: nothing run, no socket, none of {} planted files opened",
        PLANTED.len()
    ))
}

/// How many calls there were, if there was none among them that should not be.
fn look(trace: &Path, posts: &str) -> Result<usize, String> {
    let text = fs::read_to_string(trace).unwrap();
    let mut started = 0;
    for line in text.lines() {
        let call = line.split_once(' ').map_or("", |(_, call)| call.trim_start());
        started += usize::from(call.starts_with("execve"));
        let is_socket = ["AF_INET", "socket(", "connect("].iter().any(|word| call.contains(word));
        let opens = call.starts_with("open");
        // In a folder of posts it is looked at whether there are posts in it, as in any other file.
        let is_candidate = |name: &str| posts == "." && name == "copydesk.toml";
        let mut planted = PLANTED.iter().map(|(name, _)| name).filter(|name| !is_candidate(name));
        let planted = planted.find(|name| opens && call.contains(&format!("{name}\"")));
        if started > 1 || is_socket || planted.is_some() {
            return Err(line.to_owned());
        }
    }
    fs::remove_file(trace).unwrap();
    if started == 1 { Ok(text.lines().count()) } else { Err("the program was not seen".to_owned()) }
}
