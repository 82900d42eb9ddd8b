//! Links of strangers and the browser, text of strangers and the clipboard.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::terminal::Terminal;
use crate::support::{Desk, posts};
use insta::assert_snapshot;

/// A post with links of all kinds.
const LINKS: &str = r#"{"id":"p-1","title":"links \u001b]52;c;eA==\u0007","body":"Read https://b.example/x, and [this](https://b.example/y?q=1&r=$(touch%20x)).\n\nhttps://user:pw@evil.example/ and https://bücher.example","image_sources":[{"source":"../../../../etc/passwd","url":"javascript:alert(1)"},{"url":"file:///etc/passwd"},{"url":" --new-window"},{"url":"https://i.example/1.png"}]}"#;

/// A post with one link.
fn one(link: &str) -> Desk {
    Desk::open(&format!("{}\n", serde_json::json!({"id": "p", "title": "t", "url": link})))
}

#[test]
fn links_are_listed_shown_whole_and_asked_about() {
    let mut desk = Desk::open(&format!("{LINKS}\n")).size(80, 24);
    desk.press("b");
    assert_snapshot!("links_80x24", desk.screen());
    desk.press("7");
    assert_snapshot!("link_question_80x24", desk.screen());
    assert!(desk.opened.is_empty(), "asked first");
    desk.press("<enter>xr <esc>");
    assert!(desk.opened.is_empty(), "only y opens");
    desk.press("bGk<enter>y");
    assert_eq!(desk.opened, ["https://user:pw@evil.example/"]);
    assert!(desk.screen().contains("Given to the browser: https://user:pw@evil.example/"));
    assert!(desk.records.is_empty(), "no key of the question decides");
}

#[test]
fn a_host_is_asked_about_once_unless_a_name_stands_before_it() {
    let mut desk = Desk::open(&format!("{LINKS}\n"));
    desk.press("b5y");
    desk.press("b6");
    assert_eq!(desk.opened, ["https://b.example/x", "https://b.example/y?q=1&r=$(touch%20x)"]);
    desk.press("b7y");
    desk.press("b7");
    assert_eq!(desk.opened.len(), 3, "asked again");
    assert!(desk.screen().contains("A name stands before the host"));
}

#[test]
fn what_is_no_address_of_the_web_is_never_opened() {
    let long = format!("https://a.example/{}", "x".repeat(100_000));
    for link in [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "ssh://-oProxyCommand=x",
        " --new-window",
        "-h",
        "http://a b",
        "../../../../etc/passwd",
        "/dev/zero",
        r"\\host\x",
        "http://a\u{1b}[2J",
        &long,
    ] {
        let mut desk = one(link);
        desk.press("by");
        assert!(desk.opened.is_empty(), "{link}");
        desk.press("b");
        assert!(desk.screen().contains("Not opened: "), "{link}:\n{}", desk.screen());
    }
    let desk = one("http://xn--80ak6aa92e.example");
    assert!(desk.keys("b").screen().contains("letters that can look like others"));
    let mut desk = Desk::open(&posts());
    desk.press("b");
    assert!(desk.screen().contains("This post names no link"));
}

#[test]
fn the_question_fits_every_screen() {
    for (width, height) in [(1, 1), (2, 40), (20, 5), (40, 10), (79, 23), (200, 50)] {
        let long = format!("https://a.example/{}", "abc/".repeat(500));
        let mut desk = one(&long).size(width, height);
        desk.press("b");
        desk.screen();
        let mut desk = Desk::open(&format!("{LINKS}\n")).size(width, height);
        desk.press("bjjG");
        desk.screen();
    }
    let mut desk = one(&format!("https://a.example/{}END", "abc/".repeat(300))).size(80, 24);
    desk.press("b");
    assert!(desk.screen().contains("END"), "{}", desk.screen());
    desk.resize(60, 20);
    desk.press("y");
    assert!(desk.opened.is_empty(), "what is not seen whole is not opened");
    assert!(desk.screen().contains("too small a screen"), "{}", desk.screen());
    desk.resize(80, 24);
    desk.press("y");
    assert_eq!(desk.opened.len(), 1);
}

#[test]
fn ids_titles_and_addresses_are_sent_and_never_said_to_be_copied() {
    let mut desk = Desk::open(&posts()).keys("yY");
    assert_eq!(desk.copied, ["desk-001", "field notes on caching for python services"]);
    let screen = desk.screen();
    assert!(screen.contains("Sent to the terminal: the title"), "{screen}");
    assert!(!screen.to_lowercase().contains("copied"));
    let mut desk = Desk::open(&format!("{LINKS}\n")).keys("Yb4jjj").keys("<esc>bjjjy<esc>b6c");
    assert_eq!(
        desk.copied,
        ["links ␛]52;c;eA==␇", "https://i.example/1.png", "https://b.example/y?q=1&r=$(touch%20x)"]
    );
    assert!(desk.opened.is_empty());
    let mut odd = Desk::open("{\"id\":\"a\\nrm -rf ~\\n\",\"title\":\"t\"}\n").keys("y");
    assert!(odd.copied.is_empty());
    assert!(odd.screen().contains("Not sent: the id holds characters"));
    let mut long = Desk::open(&format!("{{\"id\":\"a\",\"title\":\"{}\"}}\n", "t".repeat(80_000))).keys("Y");
    assert!(long.copied.is_empty());
    assert!(long.screen().contains("Not sent: the title is longer"));
    desk.screen();
}

/// A browser that writes down what it was given, one argument a line.
fn fake_browser(folder: &Path, ending: u8) -> String {
    let browser = folder.join("my browser");
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" > '{0}/new'\nmv '{0}/new' '{0}/given'\nexit {ending}\n",
        folder.display()
    );
    fs::write(&browser, script).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    format!("'{}' --tab", browser.display())
}

#[test]
fn a_browser_gets_the_address_as_one_argument_and_no_shell_sees_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), format!("{LINKS}\n")).unwrap();
    // It fails at its end, so that the desk has something to say when it has run.
    let browser = fake_browser(folder.path(), 3);
    let mut terminal = Terminal::start_with(folder.path(), &["posts.jsonl"], &[("BROWSER", &browser)]);
    terminal.until(&["Read https://b.example/x"]);
    assert!(!folder.path().join("given").exists(), "nothing is opened by itself");
    terminal.keys("b6");
    terminal.until(&["Open this link?", "https://b.example/y?q=1&r=$(touch%20x)"]);
    terminal.keys("y");
    terminal.until(&["Not opened: ", "my browser has ended with exit status: 3"]);
    let given = fs::read_to_string(folder.path().join("given")).unwrap();
    assert_eq!(given, "--tab\nhttps://b.example/y?q=1&r=$(touch%20x)\n");
    assert!(!folder.path().join("x").exists());
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_browser_that_is_not_there_is_told_and_the_id_goes_out_in_base64() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), format!("{LINKS}\n")).unwrap();
    let mut terminal =
        Terminal::start_with(folder.path(), &["posts.jsonl"], &[("BROWSER", "no-such-browser-anywhere")]);
    terminal.until(&["Read https://b.example/x"]);
    terminal.keys("b4y");
    terminal.until(&["no-such-browser-anywhere cannot be started"]);
    terminal.keys("Y");
    terminal.until(&["Sent to the terminal: the title"]);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    let written = String::from_utf8_lossy(&terminal.written).into_owned();
    // The base64 of `links ␛]52;c;eA==␇`.
    let base64 = "bGlua3Mg4pCbXTUyO2M7ZUE9PeKQhw==";
    assert_eq!(written.matches("\u{1b}]52;").count(), 1);
    assert!(
        written.contains(&format!("\u{1b}]52;c;{base64}\u{1b}\\"))
            || written.contains(&format!("]52;c;{base64}\u{7}"))
    );
}
