//! Everything that a terminal sends, and everything that it should not.

use proptest::prelude::*;

use super::*;

/// The events of some bytes that come at once and are followed by silence, as words.
fn said(bytes: &[u8]) -> Vec<String> {
    let mut keys = Keys::default();
    let mut events = keys.take(bytes);
    while keys.patience().is_some() {
        events.extend(keys.take(&[]));
    }
    words(&events)
}

fn words(events: &[Event]) -> Vec<String> {
    let word = |event: &Event| match event {
        Event::Key(key) => key.to_string(),
        Event::Paste(text) => format!("paste {text:?}"),
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
        (b"\x1b\x1b", "esc esc"),
        (b"\x1bx\x1b\x04", "alt-x ctrl-alt-d"),
        (b"\x1b[A\x1bOB\x1b[H\x1b[4~\x1b[5~\x1b[6~\x1b[3~", "up down home end pgup pgdn del"),
        (b"\x1b[Z\x1b[1;5C\x1b[1;3D\x1b[1;2A", "shift-tab ctrl-right alt-left up"),
        (b"\x1bOP\x1b[15~\x1b[24~\x1b[[B\x1b[1;5P", "f1 f5 f12 f2 ctrl-f1"),
        (b"\x1b[", "alt-["),
        (b"\x1bO", "alt-O"),
        (b"\x1b]", "alt-]"),
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
    assert_eq!(said(b"\x1b[200~unfinished q"), [""; 0]);
    let mut long = b"\x1b[200~".to_vec();
    long.extend(vec![b'q'; 1 << 20]);
    long.extend(b"\x1b[201~u");
    let events = said(&long);
    assert_eq!((events.len(), events[0].len(), events[1].as_str()), (2, MAX_PASTE + 8, "u"));
}

#[test]
fn what_comes_in_pieces_waits_for_its_end() {
    let mut keys = Keys::default();
    assert!(words(&keys.take(b"\x1b")).is_empty() && keys.patience() == Some(ESCAPE_ALONE));
    assert_eq!(words(&keys.take(b"[Aj")), ["up", "j"]);
    assert_eq!(keys.patience(), None);
    assert!(words(&keys.take("日".as_bytes().split_at(1).0)).is_empty());
    assert_eq!(words(&keys.take("日".as_bytes().split_at(1).1)), ["日"]);
    assert!(words(&keys.take(b"\x1b[200~a\x1b[20")).is_empty() && keys.patience().is_none());
    assert!(words(&keys.take(b"1~")).is_empty() && keys.patience() == Some(AFTER_PASTE));
    assert_eq!(words(&keys.take(b"")), ["paste \"a\""]);
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
        let mut keys = Keys::default();
        let (mut events, mut rest, mut cuts) = (Vec::new(), bytes.as_slice(), cuts.iter().cycle());
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rest.len().min(*cuts.next().unwrap()));
            events.extend(keys.take(piece));
            rest = after;
        }
        while keys.patience().is_some() {
            events.extend(keys.take(&[]));
        }
        prop_assert_eq!(words(&events), whole);
    }

    /// Nothing breaks it, and it always comes to rest.
    #[test]
    fn any_bytes_are_survived(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..20)) {
        let mut keys = Keys::default();
        for piece in pieces {
            keys.take(&piece);
        }
        let mut rounds = 0;
        while keys.patience().is_some() {
            keys.take(&[]);
            rounds += 1;
            prop_assert!(rounds < 1_000);
        }
    }
}
