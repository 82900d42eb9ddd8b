use super::*;

#[test]
fn the_documented_file_is_what_is_built_in_with_or_without_its_marks() {
    let text = Config::documented();
    let plain = Config::parse("config.toml", &text);
    assert_eq!(plain.mistakes, []);
    let is_entry = |rest: &&str| rest.contains(" = ") && !rest.contains(": ");
    let uncommented: Vec<&str> =
        text.lines().map(|line| line.strip_prefix("# ").filter(is_entry).unwrap_or(line)).collect();
    let uncommented = uncommented.join("\n");
    let told = Config::parse("config.toml", &uncommented);
    assert_eq!(told.mistakes, []);
    assert!(uncommented.contains("\nreasons = [") && uncommented.contains("\ndown = \"j down\""));
    assert_eq!(told.settings, Settings::default());
    for row in ACTIONS {
        assert_eq!(told.keymap.names(row.action), Keymap::built_in().names(row.action));
    }
    assert_eq!(told.keymap.changes(), Vec::<String>::new());
}

#[test]
fn every_mistake_is_told_with_its_line_and_the_rest_holds() {
    let text = "reasons = [\"typo\", 3]\nauto-advnce = false\nauto-advance = 1\nwrap-width = 90\nwrap-width = 91\n\
                idle-cutoff-s = 0\n=\n[keys]\ndown = \"jj n\"\nfilter = \"W\"\nflagd = \"f\"\nzoom = \"W\"\n\
                help = 3\nquit = \"\"\nundo = \"ctrl-z\"\nnote = \"\"\n";
    let config = Config::parse("c.toml", text);
    let told: Vec<String> = config.mistakes.iter().map(ToString::to_string).collect();
    let lines: Vec<Option<u64>> = config.mistakes.iter().map(|mistake| mistake.line).collect();
    assert_eq!(lines, [1, 2, 3, 5, 6, 7, 9, 9, 11, 12, 13, 14, 15].map(Some), "{told:#?}");
    for (at, words) in [
        (0, "c.toml:1"),
        (1, "an unknown setting \"auto-advnce\""),
        (1, "did you mean auto-advance?"),
        (2, "the number 1 for auto-advance, expected true or false"),
        (4, "expected a whole number from 1 to 86400"),
        (6, "no key: \"jj\""),
        (7, "the last key of next-hit given to down, expected next-hit = \"\" as well"),
        (8, "did you mean flagged?"),
        (9, "the key W for zoom, which filter has got above"),
        (11, "a way out"),
        (12, "the last key of suspend given to undo"),
    ] {
        assert!(told[at].contains(words), "{at}: {told:#?}");
    }
    assert_eq!(config.settings.reasons, Settings::default().reasons);
    assert_eq!(config.settings.wrap_width, 90);
    let keymap = &config.keymap;
    assert_eq!(keymap.names(Action::Down), "n", "the key that can be read");
    assert_eq!(keymap.names(Action::NextHit), "", "it was taken from here");
    assert_eq!((keymap.names(Action::Filter), keymap.names(Action::Zoom)), ("W".to_owned(), "z".to_owned()));
    assert_eq!(keymap.names(Action::Quit), "q ctrl-c");
    assert_eq!(keymap.names(Action::Note), "");
    assert_eq!(keymap.action("ctrl-z".parse().unwrap()), Some(Action::Undo));
    assert_eq!(
        keymap.changes(),
        ["down: n (taken from next-hit)", "filter: W", "undo: ctrl-z (taken from suspend)", "note: no key"]
    );
    // Where that is meant, or another key is left, nothing is told.
    for keys in ["undo = \"ctrl-z\"\nsuspend = \"\"", "suspend = \"S\"\nundo = \"ctrl-z\"", "undo = \"j\""] {
        let config = Config::parse("c.toml", &format!("[keys]\n{keys}\n"));
        assert_eq!(config.mistakes, [], "{keys}");
    }
    let config = Config::parse("c.toml", "[keys]\nup = \"q ctrl-c\"\n");
    assert_eq!(config.keymap.names(Action::Quit), "ctrl-c");
    assert_eq!(config.mistakes.len(), 1);
    // What is no entry costs itself alone.
    let text = "auto advance = false\nreasons = [\"a\"\nreviewer = \"mara\"\n[keys\nup = \"U\"\n[keys]\nreviewed \"x\"\nreviewed = \"R\"\n";
    let config = Config::parse("c.toml", text);
    let lines: Vec<Option<u64>> = config.mistakes.iter().map(|mistake| mistake.line).collect();
    assert_eq!(lines, [1, 2, 4, 7].map(Some), "{:#?}", config.mistakes);
    assert!(config.mistakes[0].to_string().contains("no setting, \"auto advance = false\""));
    assert_eq!(config.settings.reviewer, "mara");
    assert_eq!([config.keymap.names(Action::Reviewed), config.keymap.names(Action::Up)], ["R", "k up"]);
    let config = Config::parse("c.toml", "keys = 3\n\u{1b}[31m = 1");
    assert!(!config.mistakes.is_empty());
    assert!(config.mistakes.iter().all(|mistake| !mistake.to_string().contains('\u{1b}')));
}
#[test]
fn a_file_of_something_else_is_told_from_settings_with_mistakes() {
    let documented = Config::documented();
    for text in ["", "# a word\n", &documented, "theme = 3\nidle = 1\n", "[keys]\nup = \"jj\"\nx\n"] {
        assert!(Config::is_meant_by(text), "{text}");
    }
    let page = "a note\n\nof settings\n\n  mouse = true\n";
    for text in ["{\"id\":\"p1\",\"title\":\"a = 1\"}\n", "[package]\nname = \"x\"\n", page, "x", "a = \"b\""]
    {
        assert!(!Config::is_meant_by(text), "{text}");
    }
}
#[test]
fn it_is_told_where_nobody_knows_who_signs() {
    for (text, line) in [
        ("reviewr = \"mara\"", 1),
        ("reviewer = [\"mara\"]", 1),
        ("reviewer = 3", 1),
        ("theme = 3\nreviewer mara", 2),
        ("reviewer: mara", 1),
        ("reviewer = mara", 1),
        ("reviewer = \"mara", 1),
        ("reviewer = ", 1),
        ("reviewer = \"mara\"\nreviewer = \"tom\"", 2),
        ("Reviewer = \"mara\"", 1),
        ("[desk]\nreviewer = \"mara\"", 1),
        ("desk.reviewer = \"mara\"", 1),
        ("[desk\nreviewer = \"mara\"", 1),
        ("[keys]\nup = \"U\"\nreviewer = \"mara\"", 3),
    ] {
        let config = Config::parse("c.toml", text);
        assert_eq!(config.doubt.as_ref().and_then(|doubt| doubt.line), Some(line), "{text}: {config:#?}");
        assert!(config.mistakes.iter().any(|mistake| mistake.line == Some(line)), "{text}");
    }
    for text in [
        "",
        "reviewer = \"mara\"\ntheme = 3\nx y\n[desk]\nname = 1",
        "auto advance = 1\nreviewer = 'mara'",
        "[keys]\nreviewed = \"jj\"\nreviewd = \"R\"",
        "[keys]\nreviewed \"R\"",
        "reasons = [\"a\"\nreviewer = \"x\"",
    ] {
        assert_eq!(Config::parse("c.toml", text).doubt, None, "{text}");
    }
    assert!(Config::unread("c.toml", "bytes that are no text", "").doubt.is_some());
}

#[test]
fn a_key_that_no_terminal_sends_is_told_with_the_one_that_comes() {
    let config = Config::parse("c.toml", "[keys]\nzoom = \"ctrl-i\"\nundo = \"U ctrl-[\"\n");
    let told: Vec<String> = config.mistakes.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(
        told[0].contains("c.toml:2") && told[0].contains("\"ctrl-i\", which arrives as tab, expected tab"),
        "{told:#?}"
    );
    assert!(told[1].contains("\"ctrl-[\", which arrives as esc"), "{told:#?}");
    assert_eq!([config.keymap.names(Action::Zoom), config.keymap.names(Action::Undo)], ["z", "U"]);
}

#[test]
fn what_a_terminal_sends_begins_with_no_key_that_decides() {
    let config = Config::parse("c.toml", "[keys]\nreviewed = \"esc\"\nzoom = \"alt-[\"\nhelp = \"esc\"\n");
    let told: Vec<String> = config.mistakes.iter().map(ToString::to_string).collect();
    assert!(
        told[0].contains("esc for reviewed, though all that a terminal sends begins with it"),
        "{told:#?}"
    );
    assert!(told[1].contains("\"alt-[\", which is what longer sequences"), "{told:#?}");
    assert_eq!(config.keymap.names(Action::Reviewed), "r");
    assert_eq!(config.keymap.names(Action::Help), "esc");
}
