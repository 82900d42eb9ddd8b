//! The loop: take what has happened, change the desk, do what it asks, draw once.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use ratatui::layout::Rect;

use super::background;
use super::drill;
use super::editor::Editor;
use super::input::{self, Gate};
use super::keeper::QueryFiles;
use super::pending::Pending;
use super::saver::{Leftover, Logs};
use super::signals::{self, Watch};
use super::terminal::{self, Screen};
use super::worker;
use super::world::World;
use crate::app::{App, Effect, Event};
use crate::corpus::Cache;
use crate::model::clock;
use crate::ui::{self, Theme};

/// The text of a post comes within this from a disk that is awake; waiting for it spares a frame
/// that would show nothing.
const PATIENCE: Duration = Duration::from_millis(3);

/// Events that are taken in before the next frame, so that a flood of them cannot hide the screen.
const EVENTS_PER_FRAME: usize = 2_048;

/// Everything that a desk on a terminal needs.
#[derive(Debug)]
pub struct Session {
    /// The desk, still empty.
    pub app: App,
    /// How it looks.
    pub theme: Theme,
    /// The terminal is asked whether its background is light.
    pub asks_background: bool,
    /// The review log of each root, in the order of `Sources::roots`.
    pub sidecars: Vec<PathBuf>,
    /// Logs near the posts that are not read with them, and may decide on some of them.
    pub other_logs: Vec<PathBuf>,
    /// Why there is no place for decisions, if there is none.
    pub nowhere: Option<String>,
    /// Where columns are kept from one run to the next.
    pub cache: Option<Cache>,
    /// Where queries are kept.
    pub queries: QueryFiles,
}

/// How a session ended.
#[derive(Debug)]
pub struct Outcome {
    /// What could not be saved.
    pub leftover: Leftover,
    /// What was asked for and not decided, in a sentence.
    pub undecided: Option<String>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// It broke off, by a defect that was reported already.
    pub has_panicked: bool,
}

/// Shows the desk until the reviewer leaves. When it returns, the terminal is as it was before and
/// every decision is on the disk or in the outcome; also after a panic, which was reported then.
pub fn run(session: Session) -> io::Result<Outcome> {
    let Session { mut app, theme, asks_background, sidecars, other_logs, nowhere, cache, queries } = session;
    let (inbox, events) = channel();
    terminal::install_panic_hook();
    let guard = terminal::Guard;
    let (pending, editor) = (Pending::default(), Editor::default());
    // A signal may come in the midst of switching the modes on.
    let watch = signals::watch(&inbox, &pending, &editor)?;
    terminal::set_mouse(app.has_mouse);
    terminal::enter()?;
    if asks_background {
        // Whenever the answer comes, it is told from keys.
        terminal::ask(background::QUESTION);
    }
    let (width, height) = terminal::size();
    let mut screen = terminal::screen(width, height)?;
    app.update(Event::Resize { width, height }, clock::now());
    screen.draw(|frame| ui::draw(frame, &app, &theme))?;

    let logs = Logs { sidecars, nowhere };
    let world = World::start(&app, (logs, other_logs), cache, queries, pending, &inbox)?;
    let gate = Gate::default();
    let (at_gate, watched) = (gate.clone(), watch.clone());
    worker::start("input", inbox, move |inbox| input::read(&at_gate, &watched, inbox))?;
    let asked = VecDeque::new();
    let mut desk = Desk { app, theme, screen, world, gate, editor, watch, asked, goes_on_later: false };
    let ended = catch_unwind(AssertUnwindSafe(|| desk.run(&events)));
    let has_panicked = ended.is_err();
    if has_panicked {
        // What it was about to do: there may be decisions among it.
        desk.save_asked();
    }
    // The saver must not talk to a loop that has gone.
    drop(events);
    let Desk { mut app, world, screen, gate, editor, watch, .. } = desk;
    // What is typed from here on is for the shell.
    gate.shut();
    // It would talk to a terminal that may be gone; the guard gives the terminal back.
    std::mem::forget(screen);
    let mut leftover = world.close(app.take_reviews(), |words| {
        // What is said now is for the shell.
        terminal::finish();
        terminal::say_on_stderr(words);
    });
    editor.end();
    drop(guard);
    let signal = watch.signal().or_else(|| match &ended {
        // The loop has met the end of the terminal before those who watch for it.
        Ok(Err(error)) if error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error()) => {
            Some(signal_hook::consts::SIGHUP)
        }
        _ => None,
    });
    if let (Ok(Err(error)), None) = (&ended, signal) {
        leftover.troubles.push(format!("the terminal could not be drawn on: {error}"));
    }
    Ok(Outcome { leftover, undecided: app.undecided(), signal, has_panicked })
}

struct Desk {
    app: App,
    theme: Theme,
    screen: Screen,
    world: World,
    gate: Gate,
    editor: Editor,
    watch: Watch,
    /// What the desk has asked for and was not done yet.
    asked: VecDeque<Effect>,
    /// The desk has something long to go on with, after the next frame.
    goes_on_later: bool,
}

impl Desk {
    fn run(&mut self, events: &Receiver<Event>) -> io::Result<()> {
        while let Ok(event) = events.recv() {
            let mut goes_on = self.take(event)?;
            for event in events.try_iter().take(EVENTS_PER_FRAME) {
                goes_on &= self.take(event)?;
            }
            let patient_until = Instant::now() + PATIENCE;
            while goes_on && self.app.is_reading() {
                let Ok(event) = events.recv_timeout(patient_until.saturating_duration_since(Instant::now()))
                else {
                    break;
                };
                goes_on &= self.take(event)?;
            }
            if !goes_on {
                return Ok(());
            }
            let Self { app, theme, screen, .. } = self;
            screen.draw(|frame| ui::draw(frame, app, theme))?;
            // Behind the keys that came meanwhile, and never twice before a frame.
            if std::mem::take(&mut self.goes_on_later) {
                let _ = self.world.inbox.send(Event::GoOn);
            }
        }
        Ok(())
    }

    /// Takes one event in and does what the desk asks for; `false` when it is to end.
    fn take(&mut self, event: Event) -> io::Result<bool> {
        drill::in_loop();
        match event {
            Event::Resize { width, height } => self.screen.resize(Rect { x: 0, y: 0, width, height })?,
            Event::Background(background) => self.theme.background = background,
            Event::Resumed => return self.come_back(),
            Event::Edited(_) => {
                // Whatever the editor has done to it.
                let goes_on = self.come_back()?;
                if !self.editor.is_running() {
                    self.gate.open();
                }
                if !goes_on {
                    return Ok(false);
                }
            }
            _ => {}
        }
        self.update(event)
    }

    fn update(&mut self, event: Event) -> io::Result<bool> {
        self.asked.extend(self.app.update(event, clock::now()));
        let mut goes_on = true;
        while let Some(effect) = self.asked.pop_front() {
            let Some(effect) = self.world.perform(effect, &self.app) else { continue };
            match effect {
                Effect::Copy(text) => terminal::copy(&text),
                Effect::GoOn => self.goes_on_later = true,
                Effect::Mouse(on) => terminal::set_mouse(on),
                Effect::Suspend => goes_on &= self.suspend()?,
                Effect::Edit(text) => goes_on &= self.edit(&text)?,
                Effect::Quit => goes_on = false,
                // Done by the workers.
                _ => {}
            }
        }
        Ok(goes_on)
    }

    /// Sees to the decisions that a panic has left undone.
    fn save_asked(&mut self) {
        let left = self.app.take_effects();
        self.world.save_left(self.asked.drain(..).chain(left));
    }

    /// Gives the terminal to the shell, stops, and comes back when the program is continued. While an
    /// editor has the terminal, it is the editor that has stopped.
    fn suspend(&mut self) -> io::Result<bool> {
        let is_lent = terminal::is_lent();
        if !terminal::has_shell() {
            self.editor.go_on();
            let words = "There is no shell to go back to: the program was not started by one";
            return self.update(Event::LogNotice(words.to_owned()));
        }
        if is_lent {
            self.watch.stop()?;
            self.editor.go_on();
            return Ok(true);
        }
        self.gate.shut();
        terminal::leave();
        self.watch.stop()?;
        let goes_on = self.come_back();
        self.gate.open();
        goes_on
    }

    /// Takes the terminal again and draws all of it: nobody knows what has become of it meanwhile.
    fn come_back(&mut self) -> io::Result<bool> {
        if self.editor.is_running() {
            return Ok(true);
        }
        terminal::enter()?;
        let (width, height) = terminal::size();
        self.screen.resize(Rect { x: 0, y: 0, width, height })?;
        Ok(self.update(Event::Resize { width, height })? & self.update(Event::Resumed)?)
    }

    /// Lends the terminal to the reviewer's editor. The loop goes on meanwhile; what it draws is not seen.
    fn edit(&mut self, text: &str) -> io::Result<bool> {
        if self.editor.is_running() {
            let words = "An editor has the terminal already: end it first";
            return self.update(Event::LogNotice(words.to_owned()));
        }
        self.gate.shut();
        terminal::lend();
        match self.editor.start(text, &self.world.inbox) {
            Ok(()) => Ok(true),
            Err(why) => self.take(Event::Edited(Err(why))),
        }
    }
}
