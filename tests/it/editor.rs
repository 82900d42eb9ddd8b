//! A note in the reviewer's own editor, and surroundings in which a screen is hard to come by: the real
//! program in a real pseudo-terminal.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::posts;
use crate::support::terminal::Terminal;

/// A folder with posts and an editor that is a script. `$file` is the last word it is given.
fn with_editor(name: &str, script: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let path = folder.path().join(name);
    fs::write(&path, format!("#!/bin/sh\nfor file; do :; done\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let editor = path.to_str().unwrap().to_owned();
    (folder, editor)
}

fn open(folder: &Path, editor: &str) -> Terminal {
    let environment = [("VISUAL", editor), ("EDITOR", "false")];
    let mut terminal = Terminal::start_with(folder, &["posts.jsonl"], &environment);
    terminal.until(&["Posts 5", "saved ✓"]);
    terminal
}

fn leave(mut terminal: Terminal) {
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.modes_are_as_before().unwrap();
    assert!(!terminal.screen.screen().alternate_screen());
}

fn log(folder: &Path) -> String {
    fs::read_to_string(folder.join("posts.jsonl.reviews.jsonl")).unwrap_or_default()
}

#[test]
fn a_note_is_written_in_the_editor() {
    let script = "stat -c %a \"$(dirname \"$file\")\" \"$file\" > modes; printf '%s\\n' \"$#\" \"$1\" > words; \
                  stty -a > during; printf 'first line\\nsecond\\n' > \"$file\"";
    let (folder, editor) = with_editor("my editor", script);
    let mut terminal = open(folder.path(), &format!("'{editor}' 'a word  of two'"));
    terminal.keys("E");
    terminal.until(&["note  first line", "note  second", "saved ✓"]);
    // Keys are the desk's again, and another screen decides nothing at once.
    terminal.keys("j");
    terminal.until(&["2 / 5"]);
    leave(terminal);
    assert!(log(folder.path()).contains(r#""key":"note","val":"first line\nsecond""#));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("modes"), "700\n600\n");
    assert!(read("during").contains(" icanon"), "the editor finds the terminal as a shell has it");
    assert_eq!(read("words"), "2\na word  of two\n", "split as words, without a shell");
}

#[test]
fn an_editor_that_fails_leaves_the_note_as_it_was() {
    for (script, why) in [
        ("echo no > \"$file\"; exit 3", "ended with exit status: 3"),
        ("echo no > \"$file\"; kill -9 $$", "ended with signal: 9"),
        ("rm \"$file\"", "left no file"),
        ("rm \"$file\"; ln -s /etc/passwd \"$file\"", "left something that is no file"),
        ("printf '\\377\\376' > \"$file\"", "not UTF-8"),
        ("head -c 2000000 /dev/zero > \"$file\"", "more than 1 MiB"),
        ("stty raw -echo; exit 1", "ended with exit status: 1"),
    ] {
        let (folder, editor) = with_editor("editor", script);
        let mut terminal = open(folder.path(), &editor);
        terminal.keys("E");
        terminal.until(&["The note is as it was", why.split(' ').next().unwrap()]);
        let said = terminal.screen.screen().contents().replace('\n', " ");
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(why), "{why}: {said}");
        leave(terminal);
        assert_eq!(log(folder.path()), "", "{why}");
    }
    for (editor, why) in [("/nowhere/vim", "could not be started"), ("'open", "could not be understood")] {
        let (folder, _) = with_editor("editor", "");
        let mut terminal = open(folder.path(), editor);
        terminal.keys("E");
        terminal.until(&["The note is as it was: VISUAL", why]);
        leave(terminal);
    }
}

/// A signal that an editor was to get may come when the editor is gone.
#[test]
fn a_late_ctrl_c_of_an_editor_ends_nothing() {
    let (folder, editor) = with_editor("editor", "echo words > \"$file\"");
    let mut terminal = open(folder.path(), &editor);
    terminal.keys("E");
    terminal.until(&["note  words", "saved ✓"]);
    terminal.make_signals();
    terminal.keys("\u{3}");
    terminal.keys("j");
    terminal.until(&["2 / 5"]);
    leave(terminal);
}

#[test]
fn only_vim_gets_the_words_of_vim() {
    for (name, expected) in
        [("vim", "words -n -i NONE +set nomodeline"), ("vimless", "words"), ("ed", "words")]
    {
        let script =
            "text=words; while [ $# -gt 1 ]; do text=\"$text $1\"; shift; done; echo \"$text\" > \"$file\"";
        let (folder, editor) = with_editor(name, script);
        let mut terminal = open(folder.path(), &editor);
        terminal.keys("E");
        terminal.until(&["note  words", "saved ✓"]);
        leave(terminal);
        assert!(log(folder.path()).contains(&format!("\"val\":\"{expected}\"")), "{name}");
    }
}

/// What is typed while the editor has the terminal is the editor's, and what the saver has to do is done.
#[test]
fn the_keys_are_the_editors() {
    let (folder, editor) = with_editor("editor", "echo ready; read line; echo \"$line\" > \"$file\"");
    let mut terminal = open(folder.path(), &editor);
    terminal.keys("rE");
    terminal.until(&["ready"]);
    assert!(!terminal.screen.screen().alternate_screen());
    // The decision before it comes to the disk meanwhile.
    for _ in 0..500 {
        if !log(folder.path()).is_empty() {
            break;
        }
        terminal.listen(std::time::Duration::from_millis(10));
    }
    assert!(log(folder.path()).contains("\"val\":\"reviewed\""));
    terminal.keys("qrrr is what I typed\r");
    terminal.until(&["note  qrrr is what I typed", "saved ✓"]);
    leave(terminal);
    assert_eq!(log(folder.path()).lines().count(), 2);
}

/// Keys that come in one go with the one that opens the editor open no second one, and decide nothing.
#[test]
fn one_editor_at_a_time() {
    let script = "echo start >> starts; echo ready for $(cat starts); read line; echo \"$line\" > \"$file\"";
    let (folder, editor) = with_editor("editor", script);
    let mut terminal = open(folder.path(), &editor);
    terminal.keys("EErb\u{1a}");
    terminal.until(&["ready for start"]);
    terminal.keys("kept\r");
    terminal.until(&["note  kept", "saved ✓", "Your editor had the terminal"]);
    assert_eq!(fs::read_to_string(folder.path().join("starts")).unwrap(), "start\n");
    // The second time, from a prompt.
    terminal.keys("f");
    terminal.until(&["why?"]);
    terminal.keys("\u{f}\u{f}1\r");
    terminal.until(&["ready for start start"]);
    terminal.keys("a\r");
    terminal.until(&["why?", "Your editor had the terminal"]);
    terminal.keys("\u{3}");
    leave(terminal);
    assert_eq!(fs::read_to_string(folder.path().join("starts")).unwrap(), "start\nstart\n");
    let log = log(folder.path());
    assert!(log.contains(r#""val":"kept""#) && log.lines().count() == 1, "{log}");
}

#[test]
fn a_dumb_terminal_is_told_what_to_do_instead() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let mut terminal = Terminal::start_with(folder.path(), &["posts.jsonl"], &[("TERM", "dumb")]);
    assert_eq!(terminal.end(), 2);
    let said = String::from_utf8_lossy(&terminal.written).into_owned();
    assert!(
        said.contains("TERM=dumb") && said.contains("copydesk review --plain") && !said.contains('\u{1b}'),
        "{said}"
    );
}

#[test]
fn folders_that_are_not_there_cost_one_warning() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let file = folder.path().join("file/below");
    let file = file.to_str().unwrap();
    let none = [("COPYDESK_DATA_DIR", ""), ("COPYDESK_CACHE_DIR", "")];
    for (environment, words) in [
        (
            &[("XDG_CACHE_HOME", "relative"), ("XDG_DATA_HOME", "also")][..],
            "XDG_DATA_HOME and XDG_CACHE_HOME must be",
        ),
        (&[("XDG_CACHE_HOME", file)], "The cache folder"),
        (&[("HOME", file), ("XDG_CACHE_HOME", ""), ("XDG_DATA_HOME", "")], "The cache folder"),
    ] {
        let environment = [&none[..], environment].concat();
        let mut terminal = Terminal::start_with(folder.path(), &["posts.jsonl"], &environment);
        terminal.until(&["Posts 5", "saved ✓", words]);
        // The desk is whole, and the warning goes with the next key.
        terminal.keys("r");
        terminal.until(&["reviewed 1 ", "saved ✓", "Reviewed "]);
        leave(terminal);
        fs::remove_file(folder.path().join("posts.jsonl.reviews.jsonl")).unwrap();
    }
    assert!(!folder.path().join("relative").exists() && !folder.path().join("also").exists());
}

#[test]
fn decisions_on_the_sample_that_can_go_nowhere_are_refused_before_the_first_key() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let file = folder.path().join("file/below");
    let environment = [("COPYDESK_DATA_DIR", file.to_str().unwrap())];
    let mut terminal = Terminal::start_with(folder.path(), &[], &environment);
    terminal.until(&["Posts 27", "Decisions cannot be saved, so none are taken"]);
    terminal.keys("r");
    terminal.until(&["Not decided"]);
    assert!(!terminal.screen.screen().contents().contains("reviewed 1 "));
    leave(terminal);
    // A folder behind a link is as good as any.
    fs::create_dir(folder.path().join("real")).unwrap();
    std::os::unix::fs::symlink("real", folder.path().join("link")).unwrap();
    let link = folder.path().join("link/data");
    let mut terminal =
        Terminal::start_with(folder.path(), &[], &[("COPYDESK_DATA_DIR", link.to_str().unwrap())]);
    terminal.until(&["Posts 27", "saved ✓"]);
    terminal.keys("r");
    terminal.until(&["reviewed 1 ", "saved ✓"]);
    leave(terminal);
    assert!(folder.path().join("real/data/sample.reviews.jsonl").exists());
}
