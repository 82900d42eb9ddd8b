//! What arrives as keys and is none: pastes that hold commands and the mark of their end, answers of the
//! terminal, a flood of the mouse, bytes that are no text. Nothing is decided, nothing ends, and keys
//! behind it count.

use std::fs;

use crate::Outcome;
use crate::desk::{self, Random};
use crate::modes;
use crate::terminal::Terminal;

pub(crate) fn run(rounds: usize) -> Outcome {
    let mut random = Random::new();
    let folder = desk::folder(40);
    let log = folder.path().join("posts.jsonl.reviews.jsonl");
    let mut bytes = 0;
    for round in 0..rounds {
        let mut terminal = Terminal::start(folder.path(), &["posts.jsonl"]);
        terminal.until(&["Posts 40", "saved ✓"]);
        let mega = format!("\u{1b}[200~{}\u{1b}[201~", "rq\r1s".repeat(210_000));
        let mut noise: Vec<Vec<u8>> = vec![
            mega.into_bytes(),
            b"\x1b[200~q\x1b[201~rrr\rq\x1b[200~s\x1b[201~".to_vec(),
            b"\x1b[?1;2c\x1b[0n\x1b[24;80R\x1b[>0;276;0c\x1b]11;rgb:0000/0000/0000\x1b\\".to_vec(),
            b"\x1bP1$r0;1s\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[?2026;2$y\x1b[8;40;120t".to_vec(),
            (0..20_000).flat_map(|n| format!("\u{1b}[<35;{};{}M", n % 120, n % 40).into_bytes()).collect(),
            (0..2_000).flat_map(|n| format!("\u{1b}[<0;{};{}m", n % 120, n % 40).into_bytes()).collect(),
            // No letters, no Return, no control keys: those would be keys.
            (0..4_000).map(|_| u8::try_from(0x80 + random.below(0x80)).unwrap()).collect(),
        ];
        let turn = random.below(noise.len());
        noise.rotate_left(turn);
        for noise in &noise {
            bytes += noise.len();
            terminal.raw_keys(noise);
            // Whatever began in it is over.
            terminal.listen(std::time::Duration::from_millis(150));
        }
        // What is typed behind it counts, from where the cursor was.
        terminal.keys("ggj");
        terminal.until(&["2 / 40"]);
        if terminal.ended().is_some() || fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
            return Outcome::Broken(format!("round {round}: something was taken for a key"));
        }
        // In a prompt a paste is its text, and nothing else.
        terminal.keys("e");
        terminal.until(&["Note on"]);
        terminal.keys("\u{1b}[200~q\r\u{1b}[201~r\u{1b}[201~");
        terminal.until(&["q r"]);
        terminal.keys("\u{1b}");
        terminal.listen(std::time::Duration::from_millis(120));
        terminal.keys("q");
        let code = terminal.end();
        let faults = modes::faults(&terminal);
        if code != 0 || !faults.is_empty() || fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
            return Outcome::Broken(format!("round {round}: ended with {code}; {}", faults.join("; ")));
        }
    }
    Outcome::Held(format!("{rounds} rounds, {bytes} bytes of noise: no key in it, none lost behind it"))
}
