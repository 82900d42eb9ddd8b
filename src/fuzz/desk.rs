//! The desk: any keys, mouse, pastes and sizes in any order, answered at once or late.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use jiff::{SignedDuration, Timestamp};

use crate::app::{App, Effect, Event, KeyCode, KeyPress, Keymap, Mouse, MouseKind, Settings};
use crate::corpus::{Loaded, Row, Sources, body, load};
use crate::model::{Day, Digest};
use crate::query::{self, Counter, Posts};
use crate::review::{Author, Reviews, Via};

/// Posts with links, hidden characters, twins and a record that cannot be read.
const POSTS: &str = r#"{"id":"a","title":"one cache","body":"Read https://a.example/x now.\n\nA heading\n\n  • one\n  • two","stack":["go"],"score":70,"checklist":["x","y"],"image_sources":[{"url":"javascript:x"}]}
{"id":"b","title":"two\u202e","body":"text","checklist":["x"]}
{"id":"b","title":"another two","body":"other text"}
null
{"id":"c","title":"one cache","body":"https://c.example/"}
"#;

/// Keys that are no signs.
const NAMED: [KeyCode; 14] = [
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::Backspace,
    KeyCode::Delete,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::PageUp,
    KeyCode::PageDown,
];

/// No longer script is played. Unit: bytes, an event each.
const MAX_EVENTS: usize = 512;

/// Any script ends; the cursor stays on a post of the view, every decision is sent to the log once, and
/// what leaves the program is an address of the web or text that does not act.
pub fn desk(bytes: &[u8]) {
    let mut script = Script::new();
    for byte in bytes.iter().take(MAX_EVENTS) {
        script.play(*byte);
    }
    script.answer();
    assert_eq!(script.saved, script.app.reviews.state().len());
}

struct Script {
    app: App,
    now: Timestamp,
    answers: VecDeque<Event>,
    /// Answers come when they are asked for and not at once.
    is_slow: bool,
    saved: usize,
    counter: Counter,
}

impl Script {
    fn new() -> Self {
        let sources = Sources::in_memory(vec![("posts.jsonl".to_owned(), POSTS.as_bytes().to_vec())]);
        let author = Author { by: "mara".to_owned(), via: Via::Browse };
        let reviews = Reviews::with_writer(author, "writer".to_owned());
        let app = App::new(sources.clone(), reviews, Keymap::built_in(), Settings::default());
        let answers = VecDeque::from([Event::Resize { width: 100, height: 30 }]);
        let mut script = Self {
            app,
            now: Timestamp::UNIX_EPOCH,
            answers,
            is_slow: false,
            saved: 0,
            counter: Counter::default(),
        };
        load(&sources, &mut |loaded| {
            script.answers.extend(match loaded {
                Loaded::Segment(segment) => Some(Event::Segment(segment)),
                Loaded::Problem(problem) => Some(Event::Problem(problem)),
                Loaded::Progress { bytes, total } => Some(Event::Progress { bytes, total }),
                Loaded::Restart => None,
            });
            ControlFlow::Continue(())
        });
        script.answers.extend([Event::Loaded, Event::Replayed { read_only: None }]);
        script.answer();
        script
    }

    fn play(&mut self, byte: u8) {
        self.now = self.now.checked_add(SignedDuration::from_millis(700)).unwrap_or(self.now);
        let small = u16::from(byte & 0x1f);
        let event = match byte {
            b' '..=b'~' => Event::Key(KeyPress::char(char::from(byte))),
            0xfd => return self.answer(),
            0xfe => {
                self.is_slow = !self.is_slow;
                return;
            }
            0x80..=0x99 => {
                let code = KeyCode::Char(char::from(b'a' + (byte & 0x1f)));
                Event::Key(KeyPress { code, ctrl: true, alt: false })
            }
            0xa0..=0xbf => Event::Resize { width: small * 6, height: small * small / 8 },
            0xc0..=0xdf => {
                let kind = match byte % 3 {
                    0 => MouseKind::WheelDown,
                    1 => MouseKind::WheelUp,
                    _ => MouseKind::Click,
                };
                Event::Mouse(Mouse { kind, x: small * 3, y: small })
            }
            0xe0..=0xef => Event::Paste("q\nr stack:\u{1b}[201~é".to_owned()),
            _ => match NAMED.get(usize::from(byte & 0x0f)) {
                Some(code) => Event::Key(KeyPress::plain(*code)),
                None => Event::GoOn,
            },
        };
        self.happen(event);
        if !self.is_slow {
            self.answer();
        }
    }

    /// Everything that was asked for comes, and what is asked for then.
    fn answer(&mut self) {
        while let Some(event) = self.answers.pop_front() {
            self.happen(event);
        }
    }

    fn happen(&mut self, event: Event) {
        for effect in self.app.update(event, self.now) {
            self.perform(effect);
        }
        let len = self.app.list.view.len();
        assert!(self.app.list.cursor < len.max(1), "{} of {len}", self.app.list.cursor);
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Filter(request) => {
                let posts = Posts {
                    sources: &request.sources,
                    corpus: &request.corpus,
                    standings: &request.standings,
                    today: Day::of_timestamp(self.now),
                };
                let view = query::run(&request.query, posts, &|| false);
                let generation = request.generation;
                self.answers.extend(view.map(|view| Event::Filtered { generation, view }));
            }
            Effect::Count(request) => {
                let posts = Posts {
                    sources: &request.sources,
                    corpus: &request.corpus,
                    standings: &request.standings,
                    today: Day::of_timestamp(self.now),
                };
                let answers = &mut self.answers;
                self.counter.answer(&request.question, posts, &|| false, &mut |answer, is_last| {
                    answers.push_back(request.answered(answer, is_last));
                });
            }
            Effect::Read(row, reading) => {
                let Some(place) = self.app.corpus.get(row) else { unreachable!("{row:?} is asked for") };
                let post = body::read(&self.app.sources, place).map(|post| Box::new(post.into()));
                self.answers.push_back(Event::Body { row, reading, post });
            }
            Effect::Verify(rows, reading) => {
                let digests = self.digests(&rows);
                self.answers.push_back(Event::Digests { reading, digests, has_changed: false });
            }
            Effect::ReadMany { job, rows } => {
                let digests = self.digests(&rows);
                self.answers.push_back(Event::ReadMany { job, digests, is_last: true });
            }
            Effect::Save { record, .. } => {
                self.saved += 1;
                self.answers.extend([Event::Written(record.id.clone()), Event::Synced]);
            }
            Effect::GoOn => self.answers.push_back(Event::GoOn),
            Effect::Edit(text) => self.answers.push_back(Event::Edited(Ok(format!("{text} more")))),
            Effect::OpenLink(link) => assert!(link.as_str().starts_with("http"), "{link:?}"),
            Effect::Copy(text) => assert!(!text.contains(char::is_control), "{text:?}"),
            Effect::SaveName { .. }
            | Effect::KeepTyped(_)
            | Effect::Mouse(_)
            | Effect::Prepare
            | Effect::FindOtherLogs(_)
            | Effect::Reread
            | Effect::FindLost(_)
            | Effect::ReadLogs
            | Effect::WriteLost
            | Effect::StopReading(_)
            | Effect::Suspend
            | Effect::Quit => {}
        }
    }

    fn digests(&self, rows: &[Row]) -> Vec<(Row, Option<Digest>)> {
        let digest = |row: &Row| {
            let place = self.app.corpus.get(*row)?;
            body::read(&self.app.sources, place).ok().map(|post| post.digest())
        };
        rows.iter().map(|row| (*row, digest(row))).collect()
    }
}
