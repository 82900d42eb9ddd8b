//! Stopped and continued by a real shell, by Ctrl-Z and `fg` and by a stop that cannot be caught: the
//! shell finds its terminal whole, and the desk its own.

use std::process::Command;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::Outcome;
use crate::desk;
use crate::modes;
use crate::terminal::Terminal;

pub(crate) fn run(rounds: usize) -> Outcome {
    if !Command::new("bash").arg("--version").output().is_ok_and(|said| said.status.success()) {
        return Outcome::Skipped("there is no bash".to_owned());
    }
    let folder = desk::folder(200);
    let mut shell =
        Terminal::run(folder.path(), &["bash", "--norc", "--noprofile", "-i"], &[("PS1", "shell> ")]);
    shell.until(&["shell> "]);
    shell.keys("stty -g > before\r");
    shell.keys(&format!("{} posts.jsonl\r", env!("CARGO_BIN_EXE_copydesk")));
    shell.until(&["Posts 200", "saved ✓"]);
    let mut hard = 0;
    for round in 1..=rounds {
        shell.keys("jk");
        if round % 5 == 0 {
            // The program cannot give the terminal back, and the shell takes it as it is. What it has before
            // `fg` is what it puts back after it, whatever the program does.
            hard += 1;
            let stopped = foreground(shell.process_id());
            kill_process(stopped, Signal::STOP).unwrap();
            shell.listen(Duration::from_millis(100));
            shell.keys(
                "stty sane; stty $(cat before); printf '\\033[?1049l\\033[?2004l\\033[?25h'; clear; echo rounds-$((500+1))\r",
            );
            shell.until(&["rounds-501"]);
        } else {
            shell.keys("\u{1a}");
            shell.until(&["Stopped"]);
            let faults = modes::faults(&shell);
            // What is the shell's own: it brackets pastes at its prompt, and reads its line raw.
            let foreign = |fault: &String| {
                !fault.contains("2004") && !fault.contains("bracketed") && !fault.contains("before:")
            };
            if let Some(fault) = faults.into_iter().find(foreign) {
                return Outcome::Broken(format!("round {round}: stopped, and {fault}"));
            }
            shell.keys("clear; stty -g > stopped; cmp before stopped && echo same-$((500+1))\r");
            shell.until(&["same-501"]);
        }
        shell.keys("fg\r");
        shell.until(&["Posts 200", "words of"]);
        let screen = shell.screen.screen();
        if !screen.alternate_screen() || !screen.bracketed_paste() || !screen.hide_cursor() {
            return Outcome::Broken(format!("round {round}: continued, and the modes are not on"));
        }
        // The eye needs a moment, and then a decision is taken.
        shell.listen(Duration::from_millis(200));
        shell.keys("r");
        shell.until(&[&format!("reviewed {round} "), "saved ✓"]);
    }
    shell.keys("q");
    shell.until(&["shell> "]);
    shell.keys("clear\r");
    shell.keys("echo code-$?; stty -g > after; cmp before after && echo whole-$((500+1))\r");
    shell.until(&["code-0", "whole-501"]);
    shell.keys("exit\r");
    shell.end();
    let (records, bad) = desk::records(&folder.path().join("posts.jsonl.reviews.jsonl"));
    if records != rounds || bad > 0 {
        return Outcome::Broken(format!("{records} records, {bad} bad lines"));
    }
    Outcome::Held(format!(
        "{rounds} times, {hard} of them by a stop that cannot be caught: the terminal whole each time, {records} decisions in between"
    ))
}

/// The program in the foreground of a shell.
fn foreground(shell: u32) -> Pid {
    let said = Command::new("ps").args(["--ppid", &shell.to_string(), "-o", "pid=,comm="]).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let line = said.lines().find(|line| line.contains("copydesk")).unwrap();
    Pid::from_raw(line.split_whitespace().next().unwrap().parse().unwrap()).unwrap()
}
