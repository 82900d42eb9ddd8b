//! What a terminal sends, cut in pieces with pauses between them: nothing of it decides. And what a person
//! types in the same order is still obeyed.

use super::*;
use crate::app::Background;

/// What terminals send without a key of a person: answers, reports, and whole pastes.
const SENT: [&[u8]; 35] = [
    // The colour of the background, in every form.
    b"\x1b]11;rgb:ffff/fafa/f0f0\x1b\\",
    b"\x1b]11;rgb:11/11/1f\x07",
    b"\x1b]11;rgba:ffff/ffff/ffff/ffff\x1b\\",
    b"\x9d11;rgb:ffff/fafa/f0f0\x9c",
    b"\xc2\x9d11;rgb:ffff/fafa/f0f0\xc2\x9c",
    b"\x1b]10;rgb:1111/1111/1111\x1b\\",
    b"\x1b]4;1;rgb:cdcd/0000/0000\x07",
    // The colour behind an answer that should have been the last one, as GNU screen sends it.
    b"\x1b[?1;2c\x1b]11;rgb:1111/1111/1111\x07",
    // What it is, what it can do, where the cursor stands, how large it is.
    b"\x1b[?62;4;22c",
    b"\x1b[>41;354;0c",
    b"\x9b?1;2c",
    b"\xc2\x9b?1;2c",
    b"\x1bP!|00000000\x1b\\",
    b"\x1bP>|xterm(379)\x1b\\",
    b"\x1bP1$r0m\x1b\\",
    b"\x1bP1+r544e=787465726d\x1b\\",
    b"\x1b_Gi=1;OK\x1b\\",
    b"\x1b[0n",
    b"\x1b[?997;1n",
    b"\x1b[12;40R",
    b"\x1b[?2004;1$y",
    b"\x1b[?1u",
    b"\x1b[8;24;80t",
    b"\x1b[1t",
    // Focus, mouse in each form, keys in the kitty protocol.
    b"\x1b[I\x1b[O",
    b"\x1b[<0;31;12M\x1b[<0;31;12m",
    b"\x1b[<65;123;45M",
    b"\x9b<0;31;12M",
    b"\x1b[M !2",
    b"\x1b[32;31;12M",
    b"\x1b[97u",
    b"\x1b[114;1:2u",
    // Pastes.
    b"\x1b[200~r1\x1b[201~",
    b"\x1b[200~\x1b[201~",
    b"\x9b200~rr\x9b201~",
];

/// Keys of a person that are more than a byte.
const LONG_KEYS: [&[u8]; 10] = [
    b"\x1b[A",
    b"\x1bOB",
    b"\x1b[1;5C",
    b"\x1b[15~",
    b"\x1b[3~",
    b"\x1bOS",
    b"\x1b[[B",
    b"\x1b[5^",
    b"\x1b[Z",
    b"\x9b6~",
];

/// Sends the pieces, each after its pause in milliseconds; then it is quiet, and `r` is pressed.
fn sent(pieces: &[(u64, &[u8])]) -> Vec<Event> {
    let mut line = Line { keys: Keys::default(), now: Instant::now(), events: Vec::new() };
    for (pause, piece) in pieces {
        line.quiet(*pause);
        line.take(piece);
    }
    line.quiet(20_000);
    assert_eq!(line.keys.patience(line.now), None, "it comes to rest");
    line.take(b"r");
    line.events
}

struct Line {
    keys: Keys,
    now: Instant,
    events: Vec<Event>,
}

impl Line {
    fn take(&mut self, bytes: &[u8]) {
        self.events.extend(self.keys.take(bytes, self.now));
    }

    fn quiet(&mut self, ms: u64) {
        let end = self.now + Duration::from_millis(ms);
        while let Some(patience) = self.keys.patience(self.now).filter(|patience| self.now + *patience <= end)
        {
            self.now += patience;
            self.take(&[]);
        }
        self.now = end;
    }
}

/// Only the `r` at the end decides; Escape, a colour, a whole click, wheel or key are what they are.
fn check(pieces: &[(u64, &[u8])]) {
    let mut events = sent(pieces);
    let told = || {
        let pieces =
            pieces.iter().map(|(pause, piece)| format!("{pause} ms {:?}", piece.escape_ascii().to_string()));
        pieces.collect::<Vec<_>>().join(", ")
    };
    match events.pop() {
        Some(Event::Key(key)) if key == KeyPress::char('r') => {}
        other => panic!("{}: then r: {other:?} behind {events:?}", told()),
    }
    for event in &events {
        let may_decide = matches!(event, Event::Key(key) if matches!(key.code, KeyCode::Char(_)));
        assert!(!may_decide, "{}: {events:?}", told());
    }
}

const PAUSES: [u64; 6] = [0, 29, 30, 100, 600, 1_900];

fn all() -> impl Iterator<Item = &'static [u8]> {
    SENT.into_iter().chain(LONG_KEYS)
}

#[test]
fn no_cut_with_any_pause_decides() {
    for answer in all() {
        for cut in 0..answer.len() {
            let (start, end) = answer.split_at(cut);
            for pause in PAUSES.into_iter().chain([2_500, 60_000]) {
                check(&[(0, start), (pause, end)]);
            }
        }
    }
}

#[test]
fn no_two_cuts_decide() {
    for answer in all() {
        for first in 1..answer.len() {
            for second in first + 1..answer.len() {
                for pauses in [30, 100, 600].map(|one| [30, 100, 600].map(|two| (one, two))).concat() {
                    let pieces = [(0, &answer[..first]), (pauses.0, &answer[first..second])];
                    check(&[pieces[0], pieces[1], (pauses.1, &answer[second..])]);
                }
            }
        }
    }
}

#[test]
fn nothing_decides_a_byte_at_a_time() {
    for answer in all() {
        for pause in PAUSES {
            let pieces: Vec<_> = answer.chunks(1).map(|byte| (pause, byte)).collect();
            check(&pieces);
        }
    }
}

/// GNU screen answers one question itself and passes the other one on.
#[test]
fn the_colour_may_come_behind_everything_else_and_much_later() {
    let colour = b"\x1b]11;rgb:ffff/fafa/f0f0\x07";
    for pause in PAUSES.into_iter().chain([60_000]) {
        for cut in 0..colour.len() {
            let (start, end) = colour.split_at(cut);
            let pieces: [(u64, &[u8]); 3] = [(0, b"\x1b[?1;2c"), (pause, start), (600, end)];
            check(&pieces);
            let is_light = |event: &Event| matches!(event, Event::Background(Background::Light));
            assert_eq!(sent(&pieces).iter().filter(|event| is_light(event)).count(), 1, "{pause} {cut}");
        }
    }
}

/// What comes of keys, each typed after its pause, and of the silence behind the last one.
fn typed(keys: &[(u64, &str)]) -> String {
    let mut line = Line { keys: Keys::default(), now: Instant::now(), events: Vec::new() };
    for (pause, key) in keys {
        line.quiet(*pause);
        line.take(key.as_bytes());
        let patience = line.keys.patience(line.now);
        assert!(patience.is_none_or(|patience| patience <= PATIENCE), "{keys:?} waits for {patience:?}");
    }
    line.quiet(100);
    assert_eq!(line.keys.patience(line.now), None, "{keys:?}");
    let words = line.events.iter().map(|event| match event {
        Event::Key(key) => key.to_string(),
        Event::UnsureKey(key, Doubt::Sent) => format!("{key}?"),
        Event::UnsureKey(key, Doubt::Held) => format!("{key}+"),
        other => panic!("{other:?}"),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_person_is_obeyed_behind_escape() {
    for (keys, expected) in [
        (&[(0, "\x1b"), (31, "r")][..], "esc r"),
        (&[(0, "\x1b"), (300, "1"), (10, "r")], "esc 1 r"),
        (&[(0, "\x1b"), (5_000, "/"), (100, "1")], "esc / 1"),
        (&[(0, "\x1b"), (31, "\x1b"), (31, "r")], "esc esc+ r"),
        // These begin sequences.
        (&[(0, "\x1b"), (200, "]"), (300, "r")], "esc ]? r"),
        (&[(0, "\x1b"), (200, "["), (50, "r")], "esc [? r"),
        (&[(0, "\x1b"), (200, "["), (200, "["), (200, "["), (200, "r")], "esc [? [? [ r"),
        (&[(0, "\x1b"), (200, "O"), (200, "x")], "esc O?"),
        // Digits may be the rest of one, unless they come later, alone.
        (&[(0, "\x1b"), (200, "["), (500, "1"), (500, "j"), (500, "1")], "esc [? 1? j 1"),
        (&[(0, "\x1b"), (200, "]"), (500, "1"), (3_000, "1")], "esc ]? 1? 1"),
        (&[(0, "\x1b"), (200, "["), (3_000, "1"), (300, "2")], "esc [? 1 2"),
        (&[(0, "\x1b"), (3_000, "["), (300, "1")], "esc [? 1?"),
        (&[(0, "\x1b"), (200, "["), (500, "1"), (500, "\x1b"), (50, "1")], "esc [? 1? esc 1"),
        // A key of a person in two pieces does what it does, if it decides nothing.
        (&[(0, "\x1b"), (40, "[B")], "esc down?"),
        (&[(0, "\x1b"), (40, "["), (200, "B"), (0, "r")], "esc [? down? r"),
    ] {
        assert_eq!(typed(keys), expected, "{keys:?}");
    }
}
