//! Everything that a terminal sends, and everything that it should not.

use proptest::prelude::*;

use std::collections::HashSet;

use super::*;

/// The events of some bytes that come at once and are followed by silence, as words.
fn said(bytes: &[u8]) -> Vec<String> {
    let mut typed = Typed::new();
    let mut events = typed.take(bytes);
    events.extend(typed.rest());
    events
}

/// Bytes that come one after the other, with pauses that nobody waits for.
struct Typed {
    keys: Keys,
    now: Instant,
}

impl Typed {
    fn new() -> Self {
        Self { keys: Keys::default(), now: Instant::now() }
    }

    fn take(&mut self, bytes: &[u8]) -> Vec<String> {
        words(&self.keys.take(bytes, self.now))
    }

    /// Nothing comes for so long.
    fn quiet(&mut self, ms: u64) -> Vec<String> {
        let end = self.now + Duration::from_millis(ms);
        let mut events = Vec::new();
        while let Some(patience) = self.keys.patience(self.now).filter(|patience| self.now + *patience <= end)
        {
            self.now += patience;
            events.extend(self.take(&[]));
        }
        self.now = end;
        events
    }

    /// Nothing comes any more.
    fn rest(&mut self) -> Vec<String> {
        let events = self.quiet(10_000);
        assert_eq!(self.keys.patience(self.now), None, "it comes to rest");
        events
    }
}

fn words(events: &[Event]) -> Vec<String> {
    let word = |event: &Event| match event {
        Event::Key(key) => key.to_string(),
        Event::UnsureKey(key, Doubt::Sent) => format!("{key}?"),
        Event::UnsureKey(key, Doubt::Held) => format!("{key}+"),
        Event::Paste(text) => format!("paste {text:?}"),
        Event::LogNotice(_) => "notice".to_owned(),
        Event::Mouse(mouse) => format!("{:?} {},{}", mouse.kind, mouse.x, mouse.y),
        Event::Background(background) => format!("{background:?}"),
        other => panic!("{other:?}"),
    };
    events.iter().map(word).collect()
}

#[test]
fn keys_are_what_they_are() {
    for (bytes, expected) in [
        (&b"j"[..], "j"),
        (b"G", "G"),
        ("é日𝄞".as_bytes(), "é 日 𝄞"),
        (b"\r\t\x7f", "enter tab backspace"),
        (b"\n\x03\x1a\x00\x1f", "ctrl-j ctrl-c ctrl-z ctrl-space ctrl-7"),
        (b"\x1b", "esc"),
        (b"\x1b\x1b", "esc esc+"),
        (b"\x1bx\x1b\x04", "alt-x ctrl-alt-d"),
        (b"\x1b[A\x1bOB\x1b[H\x1b[4~\x1b[5~\x1b[6~\x1b[3~", "up down home end pgup pgdn del"),
        (b"\x1b[Z\x1b[1;5C\x1b[1;3D\x1b[1;2A", "shift-tab ctrl-right alt-left up"),
        (b"\x1bOP\x1b[15~\x1b[24~\x1b[[B\x1b[1;5P", "f1 f5 f12 f2 ctrl-f1"),
        // They begin what a terminal itself sends.
        (b"\x1b[", ""),
        (b"\x1bO", ""),
        (b"\x1b]", ""),
        (
            b"\x1b[<0;3;4M\x1b[<0;3;4m\x1b[<64;1;1M\x1b[<65;1;1M",
            "Click 2,3 Release 2,3 WheelUp 0,0 WheelDown 0,0",
        ),
        (b"\x1b[M !!q", "Click 0,0 q"),
    ] {
        assert_eq!(said(bytes).join(" "), expected, "{:?}", bytes.escape_ascii().to_string());
    }
}

#[test]
fn answers_of_the_terminal_and_noise_are_no_keys() {
    for bytes in [
        &b"\x1b[?1;2c"[..],
        b"\x1b[>41;354;0c",
        b"\x1b[0n",
        b"\x1b[12;40R",
        b"\x1b[1;5R",
        b"\x1b[?2004;1$y",
        b"\x1b[8;24;80t",
        b"\x1b[I\x1b[O",
        b"\x1b]10;rgb:ffff/ffff/ffff\x07",
        b"\x1b]4;1;rgb:ffff/ffff/ffff\x1b\\",
        b"\x1bP>|xterm(390)\x1b\\",
        b"\x1b_Gi=1;OK\x1b\\",
        b"\x1b[?62;q\xff",
        b"\xff\xfe\xc0\x80\xed\xa0\x80\xf5\x90",
        b"\x1b[99999999999999999999~",
        b"\x1b[<9999999;99999;1M",
        b"\x1b[<2;3;4m\x1b[<35;3;4M\x1b[<32;1;1M",
        b"\x1b[201~",
        b"\xe6\x97",
    ] {
        assert_eq!(said(bytes), [""; 0], "{:?}", bytes.escape_ascii().to_string());
    }
    // What comes behind them counts.
    assert_eq!(said(b"\x1b[?1;2cj\x1b]11;rgb:0/0/0\x07k\xffq\x1b[12;\x1b[A"), ["j", "Dark", "k", "q", "up"]);
}

#[test]
fn the_answer_about_the_background_is_told_from_keys() {
    for (bytes, expected) in [
        (&b"r\x1b]11;rgb:ffff/fafa/f0f0\x1b\\f"[..], "r Light f"),
        (b"\x1b]11;rgb:14/14/1a\x07r", "Dark r"),
        (b"\x1b]11;rgb:zz/1/1\x07j", "j"),
        (b"\x1b]11;rgb:ff\x1b[Bj", "down j"),
    ] {
        assert_eq!(said(bytes).join(" "), expected);
    }
}

#[test]
fn a_paste_is_text_whatever_it_holds() {
    assert_eq!(said(b"\x1b[200~q\x1b[31m\x03\x1b[201~j"), ["paste \"q\\u{1b}[31m\\u{3}\"", "j"]);
    assert_eq!(said(b"\x1b[200~\x1b[201~"), ["paste \"\""]);
    assert_eq!(
        said(b"\x1b[200~a\x1b[201~qqqrrr\x1b[201~j"),
        ["paste \"aqqqrrr\"", "j"],
        "a text that holds the mark of its end ends with the last one"
    );
    assert_eq!(said(b"\x1b[200~a\x1b[201~rr\x1b[200~b\x1b[201~"), ["paste \"arr\\u{1b}[200~b\""]);
    assert_eq!(said(b"\x1b[200~unfinished q"), ["paste \"unfinished q\"", "notice"]);
    let mut long = b"\x1b[200~".to_vec();
    long.extend(vec![b'q'; 1 << 20]);
    long.extend(b"\x1b[201~u");
    let events = said(&long);
    assert_eq!((events.len(), events[0].len(), events[1].as_str()), (2, paste::MAX_BYTES + 8, "u"));
}

#[test]
fn what_comes_in_pieces_waits_for_its_end() {
    let mut typed = Typed::new();
    assert!(typed.take(b"\x1b").is_empty());
    assert_eq!(typed.keys.patience(typed.now), Some(ESCAPE_ALONE));
    assert_eq!(typed.take(b"[Aj"), ["up", "j"]);
    assert_eq!(typed.keys.patience(typed.now), None);
    assert!(typed.take("日".as_bytes().split_at(1).0).is_empty());
    assert_eq!(typed.take("日".as_bytes().split_at(1).1), ["日"]);
    assert!(typed.take(b"\x1b[200~a\x1b[20").is_empty() && typed.quiet(900).is_empty());
    assert!(typed.take(b"1~").is_empty());
    assert_eq!(typed.keys.patience(typed.now), Some(paste::AFTER));
    assert_eq!(typed.rest(), ["paste \"a\""]);
}

#[test]
fn what_never_ends_is_dropped_and_keys_count_again() {
    for kind in ["]", "P", "X", "^", "_"] {
        // Keys of a person that look like the beginning of an answer.
        let mut typed = Typed::new();
        assert!(typed.take(format!("\u{1b}{kind}rr").as_bytes()).is_empty());
        assert!(typed.quiet(150).is_empty(), "nothing of it decides");
        assert_eq!(typed.take(b"r"), ["r"], "{kind}");
        // A key that is held comes without a pause.
        assert!(typed.take(format!("\u{1b}{kind}").as_bytes()).is_empty());
        let heard = (0..100).position(|_| {
            typed.quiet(25);
            !typed.take(b"j").is_empty()
        });
        assert!(heard.is_some_and(|count| count <= 81), "{kind} {heard:?}");
    }
    // A sequence of a key, and a letter that was cut.
    let mut typed = Typed::new();
    assert!(typed.take(b"\x1b[1").is_empty() && typed.quiet(1_100).is_empty());
    assert_eq!(typed.take(b"j"), ["j"]);
    assert!(typed.take(b"\xe6\x97").is_empty() && typed.quiet(1_100).is_empty());
    assert_eq!(typed.take(b"k"), ["k"]);
}

#[test]
fn an_answer_in_two_pieces_decides_nothing() {
    for end in ["\u{7}", "\u{1b}\\"] {
        let mut typed = Typed::new();
        assert!(typed.take(b"\x1b]11;rg").is_empty() && typed.quiet(900).is_empty());
        assert_eq!(typed.take(format!("b:ffff/ffff/ffff{end}j").as_bytes()), ["Light", "j"]);
        // Later than anybody waits for it.
        assert!(typed.take(b"\x1b]11;").is_empty() && typed.quiet(60_000).is_empty());
        assert_eq!(typed.take(format!("rgb:ffff/ffff/ffff{end}j").as_bytes()), ["Light", "j"]);
        assert_eq!(typed.take(b"rf"), ["r", "f"], "once");
    }
}

#[test]
fn control_and_c_gets_through() {
    for begun in [
        "\u{1b}",
        "\u{1b}]",
        "\u{1b}]11;r",
        "\u{1b}P1",
        "\u{1b}_",
        "\u{1b}[",
        "\u{1b}[1;",
        "\u{1b}[M",
        "\u{1b}[M!",
        "\u{1b}[[",
        "\u{1b}O",
    ] {
        for (end, key) in [("\u{3}", "ctrl-c"), ("\u{18}", "ctrl-x"), ("\u{1a}", "ctrl-z")] {
            let said = said(format!("{begun}{end}j").as_bytes());
            assert!(said.ends_with(&[key.to_owned(), "j".to_owned()]), "{begun:?} {said:?}");
        }
    }
}

#[test]
fn a_paste_whose_end_is_late_is_no_keys_until_it_comes() {
    let mut typed = Typed::new();
    assert!(typed.take(b"\x1b[200~rrr\x03").is_empty() && typed.quiet(900).is_empty());
    assert!(typed.take(b"more").is_empty() && typed.quiet(900).is_empty());
    assert_eq!(typed.quiet(200), ["paste \"rrr\\u{3}more\"", "notice"]);
    assert!(typed.take(b"r\x03r").is_empty() && typed.quiet(60_000).is_empty(), "the rest of it");
    assert!(typed.take(b"rrr\x1b[201~k").is_empty());
    assert_eq!(typed.quiet(100), ["k"]);
    assert!(typed.take(b"\x1b[200~a\x1b[20").is_empty());
    assert_eq!(typed.quiet(1_100), ["paste \"a\"", "notice"]);
    assert!(typed.take(b"1~").is_empty(), "a mark that was cut");
    assert_eq!(typed.quiet(100), [""; 0]);
    assert_eq!(typed.take(b"j"), ["j"]);
}

#[test]
fn a_person_goes_on_behind_a_paste_that_never_ends() {
    for key in ["\u{1b}", "\u{3}"] {
        let mut typed = Typed::new();
        typed.take(b"\x1b[200~rrr");
        assert_eq!(typed.quiet(1_100).len(), 2);
        assert!(typed.take(b"r").is_empty() && typed.quiet(5_000).is_empty());
        assert!(typed.take(key.as_bytes()).is_empty() && typed.quiet(100).is_empty());
        assert_eq!(typed.take(b"r"), ["r"], "{key:?}");
    }
}

#[test]
fn the_end_of_a_paste_whose_beginning_somebody_else_has_read_is_no_keys() {
    assert_eq!(said(b"rrr\x1b[201~rr\x1b[201~k"), ["k"]);
    assert_eq!(said(b"r\x1b[201~\x1b[200~a\x1b[201~"), ["paste \"a\""]);
}

#[test]
fn keys_behind_a_paste_wait_no_longer_than_for_its_end() {
    let mut typed = Typed::new();
    assert!(typed.take(b"\x1b[200~a\x1b[201~").is_empty());
    assert!(typed.quiet(60).is_empty());
    assert!(typed.take(b"\x1b[<65;1;1Mj").is_empty());
    assert_eq!(typed.quiet(60), ["paste \"a\"", "WheelDown 0,0", "j"]);
    // Also where there is never a pause.
    assert!(typed.take(b"\x1b[200~a\x1b[201~").is_empty());
    let said: Vec<_> = (0..4)
        .flat_map(|_| {
            typed.now += Duration::from_millis(40);
            typed.take(b"j")
        })
        .collect();
    assert_eq!(said, ["paste \"a\"", "j+", "j+", "j+", "j+"]);
}

#[test]
fn a_key_that_is_held_is_told_from_one_that_is_pressed_again() {
    let mut typed = Typed::new();
    assert_eq!(typed.take(b"r"), ["r"]);
    let mut after = |ms: u64, key: &str| {
        typed.quiet(ms);
        typed.take(key.as_bytes()).join(" ")
    };
    // As it repeats: after half a second, then thirty times a second.
    assert_eq!(after(500, "r"), "r");
    assert_eq!(
        (after(33, "r"), after(149, "r"), after(33, "rr")),
        ("r+".into(), "r+".into(), "r+ r+".into())
    );
    assert_eq!(after(150, "r"), "r");
    assert_eq!(after(33, "srs"), "s r s", "other keys stand between");
    assert_eq!((after(0, "\x1b[B"), after(33, "\x1b[B")), ("down".into(), "down+".into()));
}

proptest! {
    /// However the bytes are cut, the same events come.
    #[test]
    fn cuts_change_nothing(
        pieces in prop::collection::vec(prop::sample::select(vec![
            &b"j"[..], b"\x1b[A", b"\x1b[<0;1;1M", "日".as_bytes(), b"\x1b[?1;2c", b"\x1b]11;x\x07", b"\xff",
            b"\x1b[200~q\x1b[201~", b"\x1bOP", b"\r", b"\x1b[M !!",
        ]), 0..12),
        cuts in prop::collection::vec(1..9_usize, 1..40),
    ) {
        let bytes = pieces.concat();
        let whole = said(&bytes);
        let mut typed = Typed::new();
        let (mut events, mut rest, mut cuts) = (Vec::new(), bytes.as_slice(), cuts.iter().cycle());
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rest.len().min(*cuts.next().unwrap()));
            events.extend(typed.take(piece));
            rest = after;
        }
        events.extend(typed.rest());
        prop_assert_eq!(events, whole);
    }

    /// Nothing breaks it, and it always comes to rest.
    #[test]
    fn any_bytes_are_survived(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..20)) {
        let mut typed = Typed::new();
        for piece in pieces {
            typed.take(&piece);
        }
        typed.rest();
    }
}

/// The keymap takes the keys that come from here, and with Control no others.
#[test]
fn a_keymap_has_the_keys_that_a_terminal_sends() {
    let signs: Vec<char> = (' '..='~').chain(['é']).collect();
    for alt in [false, true] {
        let mut come = HashSet::new();
        for byte in (0..=0x7f).filter(|byte| *byte != ESC) {
            let bytes = if alt { vec![ESC, byte] } else { vec![byte] };
            let (mut keys, now) = (Keys::default(), Instant::now());
            let mut events = keys.take(&bytes, now);
            events.extend(keys.take(&[], now + LONGEST));
            // The one or two that break off, and those that begin an answer of the terminal.
            let [Event::Key(key)] = events.as_slice() else { continue };
            assert_eq!(key.to_string().parse(), Ok(*key), "{bytes:?}");
            come.insert(*key);
        }
        for sign in &signs {
            let key = KeyPress { code: KeyCode::Char(*sign), ctrl: true, alt };
            let is_taken = key.to_string().parse::<KeyPress>().is_ok();
            assert_eq!(is_taken, come.contains(&key), "{key}");
        }
    }
}
