//! Plain mode: a line in, some lines out, for screen readers and for terminals that show no screen.
//! The desk, its workers and its log are those of the screen.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::os::fd::AsFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

use super::drill;
use super::editor::Editor;
use super::lines::{Line, Lines, MAX_BYTES};
use super::pending::Pending;
use super::plain_command::{Command, Flag, RUB_OUT, help, key_of};
use super::run::{Outcome, Session};
use super::saver::Logs;
use super::signals::{self, Watch};
use super::terminal;
use super::worker::{self, Inbox};
use super::world::World;
use crate::app::{Action, App, Effect, Event, KeyCode, KeyPress, Part, Prompt, SaveMark};
use crate::corpus::Row;
use crate::model::figures::grouped;
use crate::model::{Digest, clock, safe};
use crate::query::Badge;

/// Text is set in lines of so many columns, as most terminals have. Nothing depends on it.
const WIDTH: u16 = 80;

/// So many lines are read ahead; whoever writes more waits.
const LINES_AHEAD: usize = 64;

/// Said instead of a decision on a post that was not said.
const ANOTHER_NOW: &str =
    "Nothing was decided: the posts were read again. This is the post now; type it again if it is meant";

/// Asks for lines and answers, until there are no more or the reviewer leaves. When it returns, every
/// decision is on the disk or in the outcome.
pub fn run(session: Session, out: &mut dyn Write) -> io::Result<Outcome> {
    let Session { mut app, sidecars, other_logs, nowhere, cache, queries, .. } = session;
    let (inbox, events) = channel();
    terminal::install_panic_hook();
    let (pending, editor) = (Pending::default(), Editor::default());
    let watch = signals::watch(&inbox, &pending, &editor)?;
    app.update(Event::Resize { width: WIDTH, height: WIDTH }, clock::now());
    let world =
        World::start(&app, (Logs { sidecars, nowhere }, other_logs), cache, queries, pending, &inbox)?;
    let (sender, lines) = sync_channel(LINES_AHEAD);
    worker::start("input", inbox, move |inbox| read_lines(&sender, inbox))?;
    let asked = VecDeque::new();
    let mut desk = Plain {
        app,
        world,
        watch: watch.clone(),
        out,
        asked,
        said: None,
        noted: None,
        told: false,
        was_stopped: false,
        ended: false,
    };
    let ended = catch_unwind(AssertUnwindSafe(|| desk.run(&events, &lines)));
    let has_panicked = ended.is_err();
    if has_panicked {
        let left = desk.app.take_effects();
        desk.world.save_left(desk.asked.drain(..).chain(left));
    }
    drop(events);
    let undecided = desk.app.undecided();
    let mut leftover = desk.world.close(desk.app.take_reviews(), terminal::say_on_stderr);
    if let (Ok(Err(error)), None) = (ended, watch.signal())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        leftover.troubles.push(format!("the answers could not be written: {error}"));
    }
    Ok(Outcome { leftover, undecided, signal: watch.signal(), has_panicked })
}

/// Hands the lines of standard input on; `None` behind the last. Its lock would be held for ever.
fn read_lines(lines: &SyncSender<Option<Line>>, inbox: &Inbox) {
    let stdin = io::stdin().as_fd().try_clone_to_owned().map(File::from);
    for line in stdin.into_iter().flat_map(|stdin| Lines::new(BufReader::new(stdin))) {
        if lines.send(Some(line)).is_err() {
            return;
        }
        let _ = inbox.send(Event::Woken);
    }
    let _ = lines.send(None);
    let _ = inbox.send(Event::Woken);
}

struct Plain<'a> {
    app: App,
    world: World,
    watch: Watch,
    out: &'a mut dyn Write,
    asked: VecDeque<Effect>,
    /// The post that was said last.
    said: Option<Said>,
    /// The note that was there then, and on which post.
    noted: Option<(Option<String>, Option<String>)>,
    /// The reviewer knows that it is another one now.
    told: bool,
    /// It was stopped and went on since it has last asked for something.
    was_stopped: bool,
    ended: bool,
}

/// A post as it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    row: Row,
    id: String,
    /// Of what was said; none where the post cannot be shown.
    digest: Option<Digest>,
}

impl Said {
    /// Whether it is the same text under the same id, wherever it stands now.
    fn is_of(&self, other: &Self) -> bool {
        (&self.id, self.digest) == (&other.id, other.digest)
    }
}

impl Plain<'_> {
    fn run(&mut self, events: &Receiver<Event>, lines: &Receiver<Option<Line>>) -> io::Result<()> {
        self.say("Reading the posts.")?;
        self.settle(events)?;
        self.answer(None)?;
        while !self.ended {
            match lines.try_recv() {
                Ok(Some(line)) => {
                    // What has become of the posts comes before what is said of them.
                    events.try_iter().for_each(|event| self.update(event));
                    self.settle(events)?;
                    if self.ended {
                        return Ok(());
                    }
                    let before = self.here().map(|here| (self.app.standings.get(here.row), here));
                    match line {
                        Line::Text(line) => self.take_line(line.trim_end_matches('\r'))?,
                        Line::TooLong => self.say(&format!(
                            "Nothing was done: the line is longer than {} bytes. The rest of it is passed over",
                            grouped(MAX_BYTES)
                        ))?,
                    }
                    self.settle(events)?;
                    if !self.ended {
                        self.answer(before)?;
                    }
                }
                Ok(None) => return Ok(()),
                Err(_) => match events.recv() {
                    Ok(event) => {
                        self.was_stopped |= matches!(event, Event::Resumed);
                        self.update(event);
                        self.tell_of_another()?;
                        // What stands on the terminal now is what the shell was told.
                        if self.was_stopped && !self.ended {
                            self.ask_for_it()?;
                        }
                    }
                    Err(_) => return Ok(()),
                },
            }
        }
        Ok(())
    }

    /// Says once, while a line is waited for, that the post under the cursor is another one now.
    fn tell_of_another(&mut self) -> io::Result<()> {
        if self.told || self.ended || !self.app.is_settled() || self.is_said() {
            return Ok(());
        }
        self.told = true;
        self.say("")?;
        self.say("The posts were read again, and the one here is another now. Type where to have it said.")?;
        self.out.flush()
    }

    /// Waits until everything has come that the last line has brought about.
    fn settle(&mut self, events: &Receiver<Event>) -> io::Result<()> {
        while !self.ended && !self.app.is_settled() {
            let Ok(event) = events.recv() else { return Ok(()) };
            self.update(event);
        }
        self.out.flush()
    }

    /// The post under the cursor.
    fn here(&self) -> Option<Said> {
        let row = self.app.list.row()?;
        let id = self.app.corpus.get(row)?.id().to_owned();
        Some(Said { row, id, digest: self.app.detail.digest })
    }

    /// Whether the post under the cursor is the one that was said last.
    fn is_said(&self) -> bool {
        match (&self.said, self.here()) {
            (Some(said), Some(here)) => said.is_of(&here),
            // There is nothing to decide on, and the desk says so.
            (_, None) => true,
            (None, Some(_)) => false,
        }
    }

    fn update(&mut self, event: Event) {
        drill::in_loop();
        self.asked.extend(self.app.update(event, clock::now()));
        while let Some(effect) = self.asked.pop_front() {
            match self.world.perform(effect, &self.app) {
                Some(Effect::GoOn) => drop(self.world.inbox.send(Event::GoOn)),
                Some(Effect::Quit) => self.ended = true,
                // The program stops here, and goes on from here. Without a shell nobody would see to that.
                Some(Effect::Suspend) if terminal::has_shell() => {
                    self.was_stopped |= self.watch.stop().is_ok();
                }
                Some(Effect::Edit(_)) => {
                    let why = "there is no terminal for an editor".to_owned();
                    let _ = self.world.inbox.send(Event::Edited(Err(why)));
                }
                // There is no terminal to do it with.
                _ => {}
            }
        }
    }

    fn press(&mut self, key: KeyPress) {
        self.update(Event::Key(key));
    }

    /// Does what a line asks for. While something is asked, the line is the answer.
    fn take_line(&mut self, line: &str) -> io::Result<()> {
        // Lines are about what was said, and that is looked at below.
        self.app.is_said();
        match self.app.prompt {
            Some(Prompt::Flag(_)) => {
                self.answer_flag(&Flag::of(line));
                return Ok(());
            }
            Some(Prompt::Note { .. }) => {
                self.answer_note(line.trim());
                return Ok(());
            }
            _ => {}
        }
        let command = match Command::of(line, &self.app.keymap) {
            Ok(command) => command,
            Err(sentence) => return self.say(&sentence),
        };
        if command.decides() && !self.is_said() {
            return self.say(ANOTHER_NOW);
        }
        match command {
            Command::Act(action) => {
                self.act(action)?;
                if matches!(action, Action::Tick(_)) {
                    self.say_part(Part::Checklist)?;
                }
            }
            Command::Flag(flag) => {
                self.act(Action::Flagged)?;
                if let (Some(flag), Some(Prompt::Flag(_))) = (flag, &self.app.prompt) {
                    self.answer_flag(&flag);
                }
            }
            Command::Note(note) => {
                self.act(Action::Note)?;
                if let (Some(note), Some(Prompt::Note { .. })) = (note, &self.app.prompt) {
                    self.answer_note(&note);
                }
            }
            Command::Filter(query) => {
                let before = self.app.list.text.clone();
                self.app.set_query(query);
                if let Some(error) = &self.app.list.error {
                    let sentence = format!("The filter is as it was: {error}");
                    self.app.set_query(before);
                    self.say(&sentence)?;
                }
                // What it asks for is handed out with the next event.
                self.update(Event::Woken);
                self.said = None;
            }
            Command::Say(part) => self.say_part(part)?,
            Command::Where => {}
            Command::Help => {
                for line in help(&self.app.keymap) {
                    self.say(&line)?;
                }
            }
        }
        Ok(())
    }

    fn act(&mut self, action: Action) -> io::Result<()> {
        match key_of(action, &self.app.keymap) {
            Some(key) => self.press(key),
            None => self.say("Nothing was done: the keymap has no key for it")?,
        }
        if let Some(lines) = self.app.popup_lines(WIDTH) {
            for line in lines {
                self.say(&line)?;
            }
            self.app.close_popup();
        }
        Ok(())
    }

    fn answer_flag(&mut self, flag: &Flag) {
        if let Some(note) = &flag.note {
            self.press(KeyPress::plain(KeyCode::Tab));
            self.press(RUB_OUT);
            self.update(Event::Paste(note.clone()));
            self.press(KeyPress::plain(KeyCode::Tab));
        }
        self.press(RUB_OUT);
        self.update(Event::Paste(flag.reasons.clone()));
        self.press(KeyPress::plain(KeyCode::Enter));
        if matches!(self.app.prompt, Some(Prompt::Flag(_))) {
            // It was refused, with a word. The next line is another command, and no reason.
            let refused = self.app.notice.take();
            self.press(KeyPress::plain(KeyCode::Esc));
            self.app.notice = refused;
        }
    }

    fn answer_note(&mut self, note: &str) {
        if note.is_empty() {
            self.press(KeyPress::plain(KeyCode::Esc));
            return;
        }
        self.press(RUB_OUT);
        if note != "-" {
            self.update(Event::Paste(note.to_owned()));
        }
        self.press(KeyPress::plain(KeyCode::Enter));
    }

    /// Says what has come of a line, and asks for the next.
    fn answer(&mut self, before: Option<(Badge, Said)>) -> io::Result<()> {
        if let Some(notice) = self.app.notice.take() {
            self.say(safe(&notice.text).as_str())?;
        }
        if let Some(line) = self.app.leaving_line() {
            self.say(&line)?;
        }
        match &self.app.prompt {
            Some(Prompt::Flag(_)) => return self.ask_for_it(),
            Some(Prompt::Note { line, .. }) => {
                let note = note_line(Some(line.text()));
                self.say(&note)?;
                return self.ask_for_it();
            }
            _ => {}
        }
        if let Some((badge, post)) = before {
            self.say_change(&post, badge)?;
        }
        let here = self.here();
        let id = here.as_ref().map(|here| here.id.clone());
        let note = self.app.detail.standing.note.clone();
        if self.noted.as_ref() != Some(&(id.clone(), note.clone())) {
            let is_same_post = self.noted.as_ref().is_some_and(|(noted, _)| *noted == id);
            self.noted = Some((id, note.clone()));
            if is_same_post {
                self.say(&note_line(note.as_deref()))?;
            }
        }
        self.told = false;
        if here != self.said {
            self.said = here;
            self.say_part(Part::Article)?;
        }
        let place = self.app.place_line();
        self.say(&place)?;
        self.ask_for_it()
    }

    /// Asks for the next line.
    fn ask_for_it(&mut self) -> io::Result<()> {
        self.was_stopped = false;
        match &self.app.prompt {
            Some(Prompt::Flag(_)) => self.ask_reason(),
            Some(Prompt::Note { .. }) => self.ask("The note? Enter leaves it as it is, - takes it away: "),
            _ => self.ask("Command, or ? for help: "),
        }
    }

    /// What was decided on a post, if that is another thing now.
    fn say_change(&mut self, said: &Said, before: Badge) -> io::Result<()> {
        let now = self.app.standings.get(said.row);
        let post = self.app.corpus.get(said.row).filter(|post| now != before && post.id() == said.id);
        let Some(post) = post else { return Ok(()) };
        let saved = if self.app.saving.mark() == SaveMark::Saved { "Saved." } else { "NOT saved yet." };
        let line = format!("{} is {} now. {saved}", safe(post.id()), now.status);
        self.say(&line)
    }

    fn ask_reason(&mut self) -> io::Result<()> {
        let reasons = self.app.settings.reasons.clone();
        for (number, reason) in (1..).zip(&reasons) {
            self.say(&format!("{number} {}", safe(reason)))?;
        }
        self.ask("Why? A number, or words with commas between them, -- and a note; Enter for no reason: ")
    }

    fn say_part(&mut self, part: Part) -> io::Result<()> {
        for line in self.app.part_lines(part, WIDTH) {
            self.say(&line)?;
        }
        Ok(())
    }

    fn say(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{}", safe(line))
    }

    fn ask(&mut self, question: &str) -> io::Result<()> {
        write!(self.out, "{}", safe(question))?;
        self.out.flush()
    }
}

fn note_line(note: Option<&str>) -> String {
    match note.unwrap_or_default() {
        "" => "There is no note.".to_owned(),
        text => format!("The note is: {}", safe(text)),
    }
}
