//! What shells and `man` are told about the program, and that they understand it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::support::program::copydesk;

fn run(arguments: &[&str]) -> Output {
    copydesk(&std::env::temp_dir()).args(arguments).output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    assert!(output.stderr.is_empty());
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that the program names in its help.
fn commands() -> Vec<String> {
    let help = printed(&["--help"]);
    let list = help.split_once("Commands:\n").unwrap().1;
    let lines = list.lines().take_while(|line| line.starts_with("  "));
    let names =
        lines.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn every_shell_hears_of_every_command() {
    let commands = commands();
    assert!(commands.len() > 10, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = printed(&["completions", shell]);
        for command in &commands {
            assert!(script.contains(command.as_str()), "{shell} does not know {command}");
        }
        assert!(script.contains("filter"), "{shell}: options too");
    }
    assert_eq!(run(&["completions", "cmd"]).status.code(), Some(2));
}

#[test]
fn bash_completes_a_command() {
    let script = printed(&["completions", "bash"]);
    let asked = format!(
        "{script}\nCOMP_WORDS=(copydesk exp) COMP_CWORD=1\n_copydesk copydesk exp copydesk\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n"
    );
    let bash =
        Command::new("bash").args(["--norc", "-s"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut bash) = bash else {
        println!("SKIP: no bash here");
        return;
    };
    bash.stdin.take().unwrap().write_all(asked.as_bytes()).unwrap();
    let output = bash.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "export");
}

#[test]
fn the_manual_has_a_page_for_the_program_and_one_for_each_command() {
    let page = printed(&["man"]);
    assert!(page.contains(".TH copydesk 1"), "{page}");
    for command in commands() {
        assert!(page.contains(&format!("copydesk\\-{command}(1)")), "{command} is not in the page");
        let own = printed(&["man", &command]);
        assert!(own.contains(&format!(".TH copydesk-{command} 1")), "{own}");
        assert!(own.contains(&format!("copydesk {command}")), "{own}");
    }
    let output = run(&["man", "exprot"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no command \"exprot\""));
}
