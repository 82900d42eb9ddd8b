//! The file of settings as a shell and the desk see it: every mistake is told, and the rest holds.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::support::program::copydesk;
use crate::support::{Desk, posts};
use copydesk::app::{Config, Event, SETTINGS};
use copydesk::corpus::Sources;
use copydesk::model::Status;

/// Runs `copydesk` with its settings in `folder`: what it printed, and how it ended.
fn run(folder: &Path, words: &str) -> (String, i32) {
    let output = copydesk(folder)
        .args(words.split_whitespace())
        .env("COPYDESK_CONFIG_DIR", folder.join("settings"))
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).unwrap(), output.status.code().unwrap())
}

#[test]
fn the_file_is_written_once_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let file = here.join("settings/config.toml");
    assert_eq!(run(here, "config path"), (format!("{}\n", file.display()), 0));
    let (said, code) = run(here, "config check");
    assert!(code == 2 && said.contains("config init writes one"), "{said}");
    assert_eq!(run(here, "config init").1, 0);
    let text = fs::read_to_string(&file).unwrap();
    for row in SETTINGS {
        assert!(text.contains(&format!("\n# {} = ", row.name)), "{}", row.name);
    }
    assert_eq!(run(here, "config check").1, 0);
    fs::write(&file, "reviewer = \"tom\"\nreviwer = 3\n[keys]\nup = \"jj\"\n").unwrap();
    let (said, code) = run(here, "config init");
    assert!(code == 2 && said.contains("--force"), "{said}");
    assert!(fs::read_to_string(&file).unwrap().starts_with("reviewer = \"tom\""), "nothing was replaced");
    let (said, code) = run(here, "config check");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("config.toml:2 ") && said.contains("did you mean reviewer?"), "{said}");
    assert!(said.contains("config.toml:4 ") && said.ends_with("2 mistakes\n"), "{said}");
    assert_eq!(run(here, "config init --force").1, 0);
    assert_eq!(run(here, "config check").1, 0);
}

#[test]
fn the_named_queries_are_checked_beside_the_settings() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let write = |name: &str, text: &str| fs::write(here.join("settings").join(name), text).unwrap();
    fs::create_dir(here.join("settings")).unwrap();
    let query = "weak = \"score<40\"\nbad = \"stak:go\"\nworse = \"@wek\"\n\"no name\" = \"x\"\nnumber = 3\n";
    write("queries.toml", query);
    // Without settings those that are built in hold, which is no mistake.
    let (said, code) = run(here, "config check");
    assert_eq!(code, 1, "{said}");
    for words in [
        "queries.toml:2 ",
        "did you mean stack?",
        "queries.toml:3 ",
        "did you mean @weak?",
        "queries.toml:4 ",
        "queries.toml:5 ",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(
        said.contains("the built-in settings hold") && said.ends_with("queries.toml: 4 mistakes\n"),
        "{said}"
    );
    // Mistakes of both are told together.
    write("config.toml", "reviwer = 3\n");
    let (said, code) = run(here, "config check");
    assert_eq!((code, said.matches('⚠').count()), (1, 5), "{said}");
    assert!(said.contains("config.toml: 1 mistake\n") && said.ends_with("4 mistakes\n"), "{said}");
    write("config.toml", "");
    assert_eq!(run(here, "config check").1, 1);
    write("queries.toml", "weak = \"score<40\"\n");
    let (said, code) = run(here, "config check");
    assert!(code == 0 && said.ends_with("queries.toml: 0 mistakes\n"), "{said}");
    // It lies beside the settings, wherever those are; whatever it is, nothing is waited for.
    fs::create_dir(here.join("queries.toml")).unwrap();
    fs::write(here.join("mine.toml"), "").unwrap();
    let (said, code) = run(here, "config check --config mine.toml");
    assert!(code == 1 && said.contains("no file") && said.ends_with("queries.toml: 1 mistake\n"), "{said}");
}

#[test]
fn decisions_are_signed_as_the_settings_say() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("posts.jsonl"), posts()).unwrap();
    // Settings beside the posts are nobody's settings.
    fs::write(here.join("config.toml"), "reviewer = \"eve\"\n").unwrap();
    let signed = |by: &str| {
        let log = fs::read_to_string(here.join("posts.jsonl.reviews.jsonl")).unwrap();
        log.lines().last().unwrap().contains(&format!("\"by\":\"{by}\""))
    };
    assert_eq!(run(here, "mark posts.jsonl --id desk-001 --status reviewed").1, 0);
    assert!(signed("mara"));
    fs::create_dir(here.join("settings")).unwrap();
    fs::write(here.join("settings/config.toml"), "reviewer = \"tom\"\n").unwrap();
    assert_eq!(run(here, "mark posts.jsonl --id desk-002 --status reviewed").1, 0);
    assert!(signed("tom"));
    fs::write(here.join("mine.toml"), "reviewer = \"ann\"\n").unwrap();
    assert_eq!(run(here, "mark posts.jsonl --id desk-003 --status reviewed --config mine.toml").1, 0);
    assert!(signed("ann"));
    assert_eq!(run(here, "mark posts.jsonl --id desk-004 --status reviewed --reviewer zoe").1, 0);
    assert!(signed("zoe"));
    let (said, code) = run(here, "mark posts.jsonl --id desk-005 --status reviewed --config none.toml");
    assert!(code == 2 && said.contains("there is no such file"), "{said}");
}

/// A decision that is signed with another name than the file was meant to give stays so for ever.
#[test]
fn nothing_is_decided_where_nobody_knows_who_decides() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("posts.jsonl"), posts()).unwrap();
    fs::create_dir(here.join("settings")).unwrap();
    let log = here.join("posts.jsonl.reviews.jsonl");
    let mark = "mark posts.jsonl --id desk-001 --status";
    for text in [
        &b"reviewr = \"tom\"\n"[..],
        b"reviewer = [\"tom\"]\n",
        b"[desk]\nreviewer = \"tom\"\n",
        b"reviewer: tom\n",
        b"reviewer = \"t\xf6m\"\n",
    ] {
        fs::write(here.join("settings/config.toml"), text).unwrap();
        for command in [&format!("{mark} reviewed"), "undo posts.jsonl"] {
            let (said, code) = run(here, command);
            assert!(code == 2 && said.contains("nobody knows who decides"), "{said}");
            assert!(said.contains("--reviewer NAME; nothing was decided"), "{said}");
        }
        assert!(!log.exists());
        // Reading goes on, and who says who it is decides.
        assert_eq!(run(here, "list posts.jsonl").1, 0);
        let (said, code) = run(here, &format!("{mark} reviewed --reviewer zoe"));
        assert!(code == 0 && said.contains("in the settings: "), "{said}");
        fs::remove_file(&log).unwrap();
    }
    // A mistake elsewhere is told, and costs nothing else.
    let text = "auto advance = false\nidle = 3\nreviewer = \"tom\"\n[keys]\nreviewed = \"R\"\n";
    fs::write(here.join("settings/config.toml"), text).unwrap();
    let (said, code) = run(here, &format!("{mark} flagged"));
    assert!(code == 0 && said.contains("2 mistakes in the settings, the first: "), "{said}");
    assert!(said.contains("config.toml:1 ") && said.contains("copydesk config check tells all"), "{said}");
    assert!(fs::read_to_string(&log).unwrap().contains("\"by\":\"tom\""));
    fs::write(here.join("settings/queries.toml"), "py low = \"x\"\ngood = \"id:desk-001\"\n").unwrap();
    let (said, code) = run(here, "list posts.jsonl --filter @good --format ids");
    assert_eq!((said.as_str(), code), ("desk-001\n", 0));
}

#[test]
fn whatever_stands_in_place_of_the_file_is_one_mistake_and_no_wait() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let name = |kind: &str| here.join(kind).display().to_string();
    fs::File::create(here.join("huge")).unwrap().set_len(1 << 30).unwrap();
    fs::write(here.join("binary"), [0, 159, 146, 150]).unwrap();
    fs::write(here.join("secret"), "").unwrap();
    fs::set_permissions(here.join("secret"), fs::Permissions::from_mode(0o0)).unwrap();
    fs::create_dir(here.join("folder")).unwrap();
    assert!(Command::new("mkfifo").arg(here.join("fifo")).status().unwrap().success());
    for (kind, words) in [
        ("huge", "more than a megabyte"),
        ("binary", "no text"),
        ("folder", "no file"),
        ("fifo", "no file"),
        ("secret", "cannot be read"),
    ] {
        let (said, code) = run(here, &format!("config check --config {}", name(kind)));
        // Who may read everything may read this as well.
        let is_root = kind == "secret" && fs::read(here.join("secret")).is_ok();
        assert!(is_root || (code == 1 && said.contains(words) && said.ends_with("1 mistake\n")), "{said}");
        if kind != "secret" {
            let (said, code) = run(here, &format!("config init --force --config {}", name(kind)));
            assert!(code == 2 && said.contains("is no file") && said.contains("not replaced"), "{said}");
        }
    }
}

#[test]
fn only_settings_are_replaced_by_settings() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("posts.jsonl"), posts()).unwrap();
    fs::write(here.join("page.txt"), "a note\n\nof settings\n\nmouse = true\n").unwrap();
    fs::write(here.join("Cargo.toml"), "[package]\nname = \"mine\"\n").unwrap();
    for name in ["posts.jsonl", "page.txt", "Cargo.toml"] {
        let before = fs::read(here.join(name)).unwrap();
        let (said, code) = run(here, &format!("config init --force --config {name}"));
        assert!(code == 2 && said.contains("is no file of settings"), "{said}");
        assert_eq!(fs::read(here.join(name)).unwrap(), before);
    }
    for text in ["", "# nothing\n", "theme = 3\nidle = 4\n", "[keys]\nup = \"jj\"\nauto advance\n"] {
        fs::write(here.join("mine.toml"), text).unwrap();
        assert_eq!(run(here, "config init --force --config mine.toml").1, 0, "{text}");
        assert!(fs::read_to_string(here.join("mine.toml")).unwrap() == Config::documented());
    }
}

#[test]
fn the_desk_opens_with_what_can_be_read_and_tells_the_rest() {
    let text = "auto-advance = false\nreasons = [\"typo\", \"image\"]\nwrap-width = 30\nidle = 3\n[keys]\nflagged = \"r\"\nzoom = \"zz\"\n";
    let Config { settings, keymap, mistakes, .. } = Config::parse("me/config.toml", text);
    let mut desk = Desk::with(keymap, settings, &posts());
    desk.app.tell_mistakes("me/config.toml".to_owned(), mistakes);
    let screen = desk.screen();
    assert!(
        screen.contains("In the settings: me/config.toml:4") && screen.contains("2 more; p lists them"),
        "{screen}"
    );
    assert!(screen.contains("⚠ 3 problems"), "{screen}");
    desk.press("p");
    let screen = desk.screen();
    assert!(screen.contains("the last key of reviewed given to flagged"), "{screen}");
    assert!(screen.contains("me/config.toml:7") && screen.contains("no key: \"zz\""), "{screen}");
    // `r` flags now, with the reasons of the file, and the cursor stays.
    desk.press("<esc>r1");
    assert_eq!(desk.said(), ["desk-001 status=flagged typo"]);
    assert_eq!(desk.app.standings.count(Status::Flagged), 1);
    assert_eq!(desk.app.list.cursor, 0);
    let article = &desk.app.detail.article;
    assert!(article.lines.iter().all(|line| line.width() <= 30), "{article:?}");
}

#[test]
fn what_is_wrong_with_the_settings_is_still_said_where_the_first_post_is_decided() {
    let sources = Sources::in_memory(vec![("posts.jsonl".to_owned(), posts().into_bytes())]);
    let before = Desk::of(sources.clone(), &[]).keys("r").records;
    let mut desk = Desk::unreplayed(sources);
    desk.app.tell_mistakes("c.toml".to_owned(), Config::parse("c.toml", "idle = 3\n").mistakes);
    desk.happen(Event::Records(0, before));
    desk.happen(Event::Replayed { read_only: None });
    assert_eq!(desk.app.list.cursor, 1, "the first that is still to be read");
    assert!(desk.screen().contains("In the settings: c.toml:1"), "{}", desk.screen());
}
