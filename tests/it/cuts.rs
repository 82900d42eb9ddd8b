//! What a terminal sends, in pieces with real pauses between them: none of it decides.

use std::fs;
use std::time::Duration;

use crate::support::posts;
use crate::support::terminal::Terminal;

/// Answers, reports and keys, and where they are cut.
const SENT: [(&[u8], &[usize]); 8] = [
    (b"\x1b]11;rgb:ffff/fafa/f0f0\x1b\\", &[1, 2, 3, 4, 5, 24]),
    (b"\x1b]11;rgb:1111/1111/1111\x07", &[1, 3, 10]),
    (b"\x9d11;rgb:ffff/fafa/f0f0\x9c", &[1, 2]),
    // GNU screen answers the one question itself and passes the other one on.
    (b"\x1b[?1;2c\x1b]11;rgb:1111/1111/1111\x07", &[1, 2, 8, 9]),
    (b"\x1b[<0;31;12M\x1b[<0;31;12m", &[1, 2, 3, 4, 12, 13]),
    (b"\x1b[12;40R", &[1, 2, 3]),
    (b"\x1b[15~", &[1, 2, 3]),
    (b"\x1b[200~rr12\x1b[201~", &[1, 2, 4, 8]),
];

#[test]
fn what_the_terminal_sends_in_pieces_decides_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    for pause in [30, 100, 600] {
        let mut terminal = Terminal::start_with(folder.path(), &["posts.jsonl"], &[("COPYDESK_THEME", "")]);
        terminal.until(&["Posts 5", "saved ✓"]);
        for (sent, cuts) in SENT {
            // A long pause for a few of them.
            for cut in cuts.iter().take(if pause > 100 { 2 } else { usize::MAX }) {
                terminal.raw_keys(&sent[..*cut]);
                terminal.listen(Duration::from_millis(pause));
                terminal.raw_keys(&sent[*cut..]);
                terminal.listen(Duration::from_millis(150));
            }
        }
        terminal.until(&["reviewed 0 ", "flagged 0 ", "saved ✓"]);
        terminal.keys("q");
        assert_eq!(terminal.end(), 0);
        let logs = fs::read_dir(folder.path())
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains("reviews"));
        assert_eq!(logs.count(), 0, "{pause} ms");
    }
}

#[test]
fn keys_behind_escape_are_obeyed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), posts()).unwrap();
    let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
    terminal.until(&["Posts 5", "saved ✓"]);
    for (number, keys) in ["r", "]r", "[r"].into_iter().enumerate() {
        terminal.keys("\u{1b}");
        for key in keys.chars() {
            terminal.listen(Duration::from_millis(60));
            terminal.keys(&key.to_string());
        }
        terminal.until(&[&format!("reviewed {} ", number + 1), "saved ✓"]);
    }
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
}
