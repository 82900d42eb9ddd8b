//! Gives a link to the browser of the reviewer: as one argument, to a program, through no shell.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use super::worker::{self, Inbox};
use crate::app::Event;
use crate::model::{Link, safe};

/// The usual opener of the system.
const OPENER: &str = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };

/// Where the address goes in `$BROWSER`, if it says so.
const PLACE: &str = "%s";

/// Starts the browser in a thread of its own, which tells the desk if it fails.
pub(super) fn open(link: Link, inbox: &Inbox) {
    let started = worker::start("browser", inbox.clone(), move |inbox| {
        if let Err(why) = run(&link) {
            let _ = inbox.send(Event::NotOpened(why));
        }
    });
    if let Err(error) = started {
        let _ = inbox.send(Event::NotOpened(format!("Not opened: no thread for the browser ({error})")));
    }
}

/// Runs the browser to its end: some stay until their window is closed.
fn run(link: &Link) -> Result<(), String> {
    let words = words(std::env::var_os("BROWSER"))?;
    let advice = "set BROWSER to a program that is there, or copy the address";
    let (name, arguments) = words.split_first().ok_or("Not opened: there is no browser")?;
    let shown = safe(name).to_string();
    let status = Command::new(name)
        .args(with_address(arguments, link.as_str()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // A window that is closed takes its terminal's programs with it, but not the browser.
        .process_group(0)
        .status()
        .map_err(|error| format!("Not opened: {shown} cannot be started ({error}); {advice}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("Not opened: {shown} has ended with {status}; {advice}"))
    }
}

/// The words of `$BROWSER`, split as a shell would and expanded by nobody.
fn words(browser: Option<OsString>) -> Result<Vec<String>, String> {
    let Some(browser) = browser.filter(|browser| !browser.is_empty()) else {
        return Ok(vec![OPENER.to_owned()]);
    };
    let text = browser.to_str().ok_or("Not opened: BROWSER is no text")?;
    let words = shell_words::split(text)
        .map_err(|_| "Not opened: a quotation mark in BROWSER is not closed".to_owned())?;
    Ok(if words.is_empty() { vec![OPENER.to_owned()] } else { words })
}

/// The address where `%s` stands, or else behind the other arguments.
fn with_address(arguments: &[String], address: &str) -> Vec<String> {
    let mut given: Vec<String> = arguments.iter().map(|word| word.replace(PLACE, address)).collect();
    if !arguments.iter().any(|word| word.contains(PLACE)) {
        given.push(address.to_owned());
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_is_split_as_arguments_and_the_address_is_one() {
        let split = |text: &str| words(Some(text.into()));
        assert_eq!(split("a 'b c' --new").unwrap(), ["a", "b c", "--new"]);
        assert_eq!(split("$(x) `y` ~").unwrap(), ["$(x)", "`y`", "~"]);
        assert_eq!(split(" ").unwrap(), [OPENER]);
        assert_eq!(words(None).unwrap(), [OPENER]);
        assert!(split("a 'b").unwrap_err().contains("BROWSER"));
        let given = |words: &[&str]| {
            with_address(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), "A")
        };
        assert_eq!(given(&["-x"]), ["-x", "A"]);
        assert_eq!(given(&["--url=%s", "-x"]), ["--url=A", "-x"]);
    }
}
