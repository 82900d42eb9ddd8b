//! The loop: take what has happened, change the desk, do what it asks, draw once.

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use ratatui::layout::Rect;

use super::filter::{self, Filter};
use super::loader::Ping;
use super::pending::Pending;
use super::reader::{self, Posts, ReadRequest};
use super::saver::{self, Leftover, SaveRequest};
use super::signals;
use super::terminal::{self, Screen};
use super::worker::{self, Inbox};
use super::{input, loader, watch};
use crate::app::{App, Effect, Event};
use crate::corpus::Cache;
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
    /// Where columns are kept from one run to the next.
    pub cache: Option<Cache>,
}

/// How a session ended.
#[derive(Debug)]
pub struct Outcome {
    /// What could not be saved.
    pub leftover: Leftover,
    /// The signal that ended it.
    pub signal: Option<i32>,
}

/// Shows the desk until the reviewer leaves. When it returns, the terminal is as it was before and
/// every decision is on the disk or in the outcome.
pub fn run(session: Session) -> io::Result<Outcome> {
    let Session { mut app, theme, asks_background, sidecars, cache } = session;
    let (inbox, events) = channel();
    terminal::install_panic_hook();
    let guard = terminal::Guard;
    terminal::set_mouse(app.has_mouse)?;
    terminal::enter()?;
    let pending = Pending::default();
    let ending = signals::watch(&inbox, &pending)?;
    let (width, height) = crossterm::terminal::size()?;
    let mut screen = terminal::screen(width, height)?;
    app.update(Event::Resize { width, height }, Timestamp::now());
    screen.draw(|frame| ui::draw(frame, &app, &theme))?;

    let world = World::start(&app, sidecars, cache, pending, asks_background, &inbox)?;
    let mut desk = Desk { app, theme, screen, world, goes_on_later: false };
    let ended = desk.run(&events);
    // The saver must not talk to a loop that has gone.
    drop(events);
    let Desk { world, screen, .. } = desk;
    // It would talk to a terminal that may be gone; the guard gives the terminal back.
    std::mem::forget(screen);
    let mut leftover = world.close();
    drop(guard);
    if let (Err(error), None) = (ended, ending.signal()) {
        leftover.troubles.push(format!("the terminal could not be drawn on: {error}"));
    }
    Ok(Outcome { leftover, signal: ending.signal() })
}

/// The workers.
struct World {
    filter: Filter,
    loader: Sender<Ping>,
    reader: Sender<ReadRequest>,
    saver: Sender<SaveRequest>,
    inbox: Inbox,
    pending: Pending,
    saving: JoinHandle<Option<Leftover>>,
}

impl World {
    fn start(
        app: &App,
        sidecars: Vec<PathBuf>,
        cache: Option<Cache>,
        pending: Pending,
        asks_background: bool,
        inbox: &Inbox,
    ) -> io::Result<Self> {
        let unsafe_yet = pending.clone();
        let (saver, saves) = channel();
        let (to_self, reviews) = (saver.clone(), app.reviews.clone());
        let saving = worker::start("saver", inbox.clone(), move |inbox| {
            saver::run(&sidecars, reviews, (&saves, to_self), &unsafe_yet, inbox)
        })?;
        let sources = app.sources.clone();
        let (loader, pings) = channel();
        let watcher = loader.clone();
        worker::start("loader", inbox.clone(), move |inbox| {
            // Watched before they are read: nothing that happens meanwhile is missed.
            let watcher = watch::watch(&sources, watcher);
            loader::run(sources, cache, watcher.is_some(), &pings, inbox);
        })?;
        let (reader, reads) = channel();
        worker::start("reader", inbox.clone(), move |inbox| reader::run(&reads, inbox))?;
        let (filter, work) = filter::pair();
        worker::start("filter", inbox.clone(), move |inbox| work.run(inbox))?;
        worker::start("input", inbox.clone(), move |inbox| input::read(asks_background, inbox))?;
        Ok(Self { filter, loader, reader, saver, inbox: inbox.clone(), pending, saving })
    }

    /// Waits until everything is on the disk, or is known not to be.
    fn close(self) -> Leftover {
        let _ = self.saver.send(SaveRequest::End);
        let ended = self.saving.join().ok().flatten();
        // A saver that broke off says nothing; what it had not finished is known all the same.
        ended.unwrap_or_else(|| Leftover { unsaved: self.pending.lines(), ..Leftover::default() })
    }
}

struct Desk {
    app: App,
    theme: Theme,
    screen: Screen,
    world: World,
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
        match event {
            Event::Resize { width, height } => self.screen.resize(Rect { x: 0, y: 0, width, height })?,
            Event::Background(background) => self.theme.background = background,
            _ => {}
        }
        let mut goes_on = true;
        for effect in self.app.update(event, Timestamp::now()) {
            // A worker that has broken off was reported; the others go on.
            match effect {
                Effect::Filter(request) => self.world.filter.ask(request),
                Effect::Prepare => self.world.filter.prepare(self.app.corpus.clone()),
                Effect::Read(row, reading) => {
                    let _ = self.world.reader.send(ReadRequest::Show(row, self.posts(reading)));
                }
                Effect::Verify(rows, reading) => {
                    let _ = self.world.reader.send(ReadRequest::Verify(rows, self.posts(reading)));
                }
                Effect::Reread => drop(self.world.loader.send(Ping::Reread)),
                Effect::Save { root, record } => {
                    self.world.pending.add((*record).clone());
                    let _ = self.world.saver.send(SaveRequest::Save(root, record));
                }
                Effect::GoOn => self.goes_on_later = true,
                Effect::Mouse(on) => terminal::set_mouse(on)?,
                Effect::Suspend => self.suspend()?,
                Effect::Quit => goes_on = false,
            }
        }
        Ok(goes_on)
    }

    fn posts(&self, reading: u64) -> Posts {
        Posts { sources: self.app.sources.clone(), corpus: self.app.corpus.clone(), reading }
    }

    /// Gives the terminal to the shell, stops, and comes back when the program is continued.
    fn suspend(&mut self) -> io::Result<()> {
        terminal::leave();
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        terminal::enter()?;
        let (width, height) = crossterm::terminal::size()?;
        self.screen.resize(Rect { x: 0, y: 0, width, height })?;
        self.app.update(Event::Resize { width, height }, Timestamp::now());
        Ok(())
    }
}
