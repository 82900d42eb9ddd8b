//! What each event does to the desk.

use jiff::Timestamp;

use super::KeyCode;
use super::action::{Action, Group};
use super::detail::Setting;
use super::divider::DIVIDER_STEP;
use super::edit_note::NOT_THE_DESKS;
use super::{App, Effect, Event, KeyPress, Loading, Mouse, MouseKind, Pane, Popup, PopupKind, Prompt};
use crate::model::Status;

/// Lines that one turn of the wheel scrolls.
const WHEEL_LINES: isize = 3;

/// Said where a decision could be meant for another post.
pub(super) const ASTRAY: &str =
    "Not decided: the posts are being read again; look at the post once more, then decide";

impl App {
    /// Takes an event in and says what the world should do about it. `now` is the clock for
    /// everything that is dated by it.
    pub fn update(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        let is_own = self.is_own(&event);
        let mut is_due = is_own || matches!(event, Event::GoOn);
        if !self.is_too_early(&event, now) {
            self.take_in(event, now);
        }
        if is_due {
            self.bring_in_line();
        }
        self.meet_turn(is_own, now);
        while !self.is_busy() {
            let Some(held) = self.held.pop_front() else { break };
            self.take_in(held, now);
            is_due = true;
        }
        if is_due {
            self.bring_in_line();
        } else if self.is_out_of_line() {
            // Once a frame, however much is met before it.
            self.ask(Effect::GoOn);
        }
        if self.must_read_logs && !self.is_amid_step() {
            self.must_read_logs = false;
            self.ask(Effect::ReadLogs);
        }
        self.note_shown();
        let setting = Setting {
            whole_meta: self.zoomed && self.focus == Pane::Meta,
            marks_item: self.focus == Pane::Checklist,
            widest: self.settings.wrap_width,
        };
        self.detail.set_pages(&self.areas(), setting, &self.list.query, self.search.as_ref());
        self.go_to_first_hit();
        if self.effects.iter().any(|effect| matches!(effect, Effect::Quit)) {
            self.finish_undoing(now);
        }
        std::mem::take(&mut self.effects)
    }

    pub(super) fn take_in(&mut self, event: Event, now: Timestamp) {
        self.meet_tick_question(&event);
        match event {
            Event::UnsureKey(key, doubt) => self.press_unsure(key, doubt, now),
            Event::Key(_) | Event::Act(_) | Event::Paste(_) | Event::Mouse(_) if self.is_edited() => {
                self.say(NOT_THE_DESKS);
            }
            Event::Key(key) if self.is_astray(key) => self.say(ASTRAY),
            Event::Key(key) if self.stops_bulk(key) => self.stop_bulk(),
            event if self.refuses_beside_bulk(&event) => {}
            Event::Key(_) | Event::Act(_) | Event::Paste(_) | Event::Mouse(_) if self.must_wait(&event) => {
                self.hold(event);
            }
            Event::Key(key) => self.press(key, now),
            Event::Act(action) => self.act(action, now),
            Event::Paste(text) => self.paste(&text),
            Event::Mouse(mouse) => self.mouse(mouse, now),
            Event::Resize { width, height } => {
                self.meet_size((width, height), now);
                let rows = self.areas().list_rows();
                self.list.keep_in_sight(rows);
            }
            Event::Segment(segment) => self.add_posts(segment),
            Event::Restarted(sources, left_out) => self.restart(sources, left_out),
            Event::Grown(sources, covered) => self.grow(sources, covered),
            Event::Gone(why) => self.warn(format!("{why}. What was read of it stays in the list")),
            Event::Problem(problem) => self.add_problem(problem),
            Event::Progress { bytes, total } => {
                let since = self.loading.and_then(|loading| loading.since).unwrap_or(now);
                let bytes_per_s = Loading::rate(bytes, since, now);
                self.loading = Some(Loading { bytes, total, bytes_per_s, since: Some(since) });
            }
            Event::Loaded => {
                self.loading = None;
                self.give_up_stood();
                self.ask(Effect::Prepare);
                self.verify_decided();
                self.seek_orphans();
            }
            Event::Searching { generation, found } => self.searching(generation, found),
            Event::Filtered { generation, view } => self.filtered(generation, view),
            Event::Counted { generation, answer, is_last } => self.counted(generation, answer, is_last),
            Event::Body { row, reading, post } if reading == self.reading => {
                self.touch(now);
                self.show(row, post);
            }
            Event::Digests { reading, digests, has_changed } if reading == self.reading => {
                if has_changed && self.loading.is_none() {
                    self.ask(Effect::Reread);
                }
                self.verified(digests);
            }
            Event::OtherLogs { reading, logs } if reading == self.reading => self.tell_other_logs(&logs),
            // Of rows that have other posts now; and what only the looks depend on.
            Event::Body { .. }
            | Event::Digests { .. }
            | Event::OtherLogs { .. }
            | Event::Background(_)
            | Event::Woken => {}
            Event::Records(root, records) => self.absorb(root, records),
            Event::LogNotice(text) | Event::NotOpened(text) => self.warn(text),
            Event::WorkerFailed { worker, text } => {
                self.failed.push(worker);
                self.nearest = None;
                self.warn(text);
            }
            Event::Past(past) => self.take_past(*past),
            Event::ReadAnew(anew, read_only) => self.take_anew(*anew, read_only),
            Event::Lost(count, why) => self.saving.set_lost(count, why),
            Event::ReadMany { job, digests, is_last } => self.take_many(job, digests, is_last, now),
            Event::GoOn => {
                self.settle();
                self.go_on_undoing(now);
                self.seek_orphans();
                self.go_on_with_bulk(now);
            }
            Event::Replayed { read_only } => self.end_replay(read_only),
            Event::Written(id) => self.saving.written(&id),
            Event::Synced => self.saving.synced(),
            Event::NotSaved { why } => self.saving.failed(why),
            Event::SetAside(id, why) => self.saving.set_aside(&id, why),
            Event::Edited(text) => self.take_edited(text, now),
            // What went wrong with the note comes first.
            Event::EditorChosen(text) => {
                if self.notice.is_none() {
                    self.say(text);
                }
            }
            Event::Stop => self.ask(Effect::Suspend),
            Event::Resumed => self.become_unsteady(now),
            Event::Terminate => self.ask(Effect::Quit),
        }
    }

    /// Something that a decision is about has still to come: the first posts, the decisions of
    /// before, the posts of the newest query, the text under the cursor, or the texts of other posts
    /// with the same id.
    pub(super) fn is_busy(&self) -> bool {
        let twins = self.detail.post.as_ref().is_some_and(|post| self.places.are_twins_unmet(&post.id));
        let reads = self.is_reading() || twins;
        let seeks = self.seeking.is_some() || self.list.is_turning();
        let loads = self.loading.is_some() && self.corpus.is_empty();
        // What a worker that has broken off was asked for never comes.
        let comes = |worker| !self.failed.contains(&worker);
        !self.replayed
            || self.bulk.is_some()
            || self.undoing.is_some()
            || (reads && comes("reader"))
            || (seeks && comes("filter"))
            || (loads && comes("loader"))
    }

    /// The key would decide on a post while the cursor is still on its way back to where it stood: nobody
    /// could tell which of the two was meant.
    fn is_astray(&self, key: KeyPress) -> bool {
        let is_free = self.prompt.is_none() && self.popup.is_none();
        self.stood.is_some()
            && is_free
            && self
                .keymap
                .action(key)
                .is_some_and(|action| decides(action) || marks(action) || self.is_for_note(action))
    }

    /// The key goes from hit to hit, and where nothing is sought it is the one for a note.
    pub(super) fn is_for_note(&self, action: Action) -> bool {
        action == Action::NextHit && self.list.query.texts().is_empty() && self.search.is_none()
    }

    /// What an event does on the desk; nothing where it is typed into a prompt.
    pub(super) fn action_of(&self, event: &Event) -> Option<Action> {
        match event {
            Event::Key(key) if self.prompt.is_none() => self.keymap.action(*key),
            Event::Act(action) => Some(*action),
            _ => None,
        }
    }

    /// A decision needs the text that it is about and the decisions of before; a step through the
    /// posts needs posts. Keys behind one that waits keep their order.
    pub(super) fn must_wait(&self, event: &Event) -> bool {
        if !self.is_busy() {
            return false;
        }
        let needs = self.action_of(event).is_some_and(|action| match self.popup.map(|popup| popup.kind) {
            None => {
                reads(action)
                    || decides(action)
                    || self.is_for_note(action)
                    || ((moves(action) || marks(action))
                        && (self.corpus.is_empty() || self.list.is_turning()))
            }
            Some(PopupKind::History) => action == Action::Undo,
            Some(
                PopupKind::Help
                | PopupKind::Problems
                | PopupKind::Numbers
                | PopupKind::Links
                | PopupKind::Facets
                | PopupKind::Queries,
            ) => false,
        });
        needs || !self.held.is_empty()
    }

    fn press(&mut self, key: KeyPress, now: Timestamp) {
        self.touch(now);
        self.notice = None;
        self.touched = true;
        if let Some(prompt) = self.prompt.take() {
            self.press_in_prompt(prompt, key, now);
        } else if let Some(popup) = self.popup {
            self.press_in_popup(popup, key, now);
        } else if let Some(action) = self.keymap.action(key) {
            if action != Action::Quit {
                self.leaving = false;
            }
            self.act(action, now);
        }
    }

    pub(super) fn act(&mut self, action: Action, now: Timestamp) {
        match action {
            Action::Down => self.move_by(1),
            Action::Up => self.move_by(-1),
            Action::PageDown => self.move_by(self.page_lines()),
            Action::PageUp => self.move_by(-self.page_lines()),
            Action::HalfPageDown => self.move_by((self.page_lines() / 2).max(1)),
            Action::HalfPageUp => self.move_by(-(self.page_lines() / 2).max(1)),
            Action::Top => self.move_by(isize::MIN),
            Action::Bottom => self.move_by(isize::MAX),
            Action::NextUnreviewed => self.go_to_unreviewed(true),
            Action::PreviousUnreviewed => self.go_to_unreviewed(false),
            Action::NextPane => self.turn_focus(1),
            Action::PreviousPane => self.turn_focus(Pane::ALL.len() - 1),
            Action::Open => self.open(),
            Action::Zoom => self.zoomed = !self.zoomed,
            Action::ScrollDown => self.scroll_article(true),
            Action::ScrollUp => self.scroll_article(false),
            Action::Reviewed => self.decide_status(Status::Reviewed, now),
            Action::Skipped => self.decide_status(Status::Skipped, now),
            Action::Unreviewed => self.decide_status(Status::Unreviewed, now),
            Action::Flagged => self.open_flag_prompt(),
            Action::FlagAgain => self.flag_again(now),
            Action::Mark => self.mark(),
            Action::MarkRange => self.mark_range(),
            Action::MarkAll => self.mark_all(),
            Action::Tick(item) => self.tick(item, now),
            Action::NextHit if self.is_for_note(action) => self.open_note_prompt(),
            Action::NextHit => self.go_to_hit(true),
            Action::PreviousHit => self.go_to_hit(false),
            Action::Reveal => self.toggle_reveal(),
            Action::Note => self.open_note_prompt(),
            Action::EditNote => self.edit_note(),
            Action::Undo => self.undo(now),
            Action::Redo => self.redo(now),
            Action::History => self.open_history(),
            Action::Changes => self.toggle_changes(),
            Action::TakeOver => self.take_over(now),
            Action::Filter if self.focus == Pane::Article => self.open_search(),
            Action::Filter => self.open_filter(""),
            Action::Sort => self.open_sort(),
            Action::Clear => self.step_back(),
            Action::Problems => self.popup = Some(Popup::new(PopupKind::Problems)),
            Action::Wider => self.move_divider(DIVIDER_STEP),
            Action::Narrower => self.move_divider(-DIVIDER_STEP),
            Action::Mouse => self.toggle_mouse(),
            Action::Facets => self.open_facets(),
            Action::Queries => self.open_named(),
            Action::Numbers => self.open_numbers(),
            Action::Command => self.open_palette(),
            Action::AutoAdvance => self.turn_auto_advance(),
            Action::HideDecided => self.turn_hide_decided(),
            Action::ReadOn => self.read_on(),
            Action::OpenLink => self.open_links(),
            Action::Copy => self.copy_id(),
            Action::CopyTitle => self.copy_title(),
            Action::Help => self.open_help(),
            Action::Suspend => self.ask(Effect::Suspend),
            Action::Quit => self.quit(),
        }
    }

    /// One thing back: from the zoom, from another pane, from the marks, from the filter.
    fn step_back(&mut self) {
        if self.search.is_some() && self.focus == Pane::Article {
            self.set_search(None);
        } else if self.zoomed {
            self.zoomed = false;
        } else if self.focus != Pane::List {
            self.focus = Pane::List;
        } else if self.has_marks() {
            self.clear_marks();
        } else if !self.list.text.is_empty() {
            self.set_query(String::new());
        }
    }

    pub(super) fn press_in_popup(&mut self, mut popup: Popup, key: KeyPress, now: Timestamp) {
        if popup.kind == PopupKind::Links && self.press_in_links(popup.scroll, key) {
            return;
        }
        if popup.kind == PopupKind::Facets && self.press_in_facets(popup.scroll, key) {
            return;
        }
        if popup.kind == PopupKind::Queries && self.press_in_named(popup.scroll, key) {
            return;
        }
        if popup.kind == PopupKind::Help && self.seeks_in_help(&mut popup, key) {
            self.popup = Some(popup);
            return;
        }
        let action = self.keymap.action(key);
        let page = isize::try_from(self.popup_text().height).unwrap_or(1);
        let by = match action {
            Some(Action::Down | Action::ScrollDown) => 1,
            Some(Action::Up | Action::ScrollUp) => -1,
            Some(Action::PageDown) => page,
            Some(Action::PageUp) => -page,
            Some(Action::HalfPageDown) => page / 2,
            Some(Action::HalfPageUp) => -page / 2,
            Some(Action::Top) => isize::MIN,
            Some(Action::Bottom) => isize::MAX,
            Some(Action::Undo) if popup.kind == PopupKind::History => {
                self.undo_step(popup.scroll, now);
                return;
            }
            Some(Action::Open) if popup.kind == PopupKind::Problems => {
                self.go_to_problem(popup.scroll);
                return;
            }
            Some(
                Action::Clear
                | Action::Quit
                | Action::Help
                | Action::Problems
                | Action::History
                | Action::Numbers
                | Action::Facets
                | Action::Queries
                | Action::Open,
            ) => {
                self.close_popup();
                return;
            }
            _ => return,
        };
        popup.scroll_by(by, self.last_scroll(popup.kind));
        self.popup = Some(popup);
    }

    fn press_in_prompt(&mut self, prompt: Prompt, key: KeyPress, now: Timestamp) {
        let given_up = key.code == KeyCode::Esc || (key.ctrl && matches!(key.code, KeyCode::Char('c' | 'g')));
        match prompt {
            Prompt::Filter { line, before } if given_up => self.give_filter_up(line, before),
            Prompt::Search { before, .. } if given_up => self.set_search(before),
            _ if given_up => {}
            prompt @ (Prompt::Flag(_) | Prompt::Note { .. }) if opens_editor(key) => {
                self.edit_in_prompt(prompt);
            }
            Prompt::Filter { line, before } => self.press_in_filter(line, before, key),
            Prompt::Flag(prompt) => self.press_in_flag(prompt, key, now),
            Prompt::Bulk(prompt) => self.press_in_bulk(prompt, key),
            Prompt::Search { line, before } => self.press_in_search(line, before, key),
            Prompt::Command(palette) => self.press_in_palette(palette, key, now),
            Prompt::Note { line, subject } => self.press_in_note(line, subject, key, now),
            Prompt::Link(link) => self.press_in_link(link, key),
        }
    }

    fn paste(&mut self, text: &str) {
        match &mut self.prompt {
            Some(Prompt::Filter { .. }) => self.paste_in_filter(text),
            Some(Prompt::Flag(prompt)) => prompt.why.paste(text),
            Some(Prompt::Bulk(prompt)) if prompt.status == Status::Flagged => prompt.why.paste(text),
            Some(Prompt::Bulk(_) | Prompt::Link(_)) => {}
            Some(Prompt::Search { .. }) => self.paste_in_search(text),
            Some(Prompt::Command(_)) => self.paste_in_palette(text),
            Some(Prompt::Note { line, .. }) => {
                line.paste(text);
            }
            None => self.say("Pasted text is never a command; open a prompt first, for example the filter"),
        }
    }

    fn mouse(&mut self, mouse: Mouse, now: Timestamp) {
        self.touch(now);
        let areas = self.areas();
        let lines = match mouse.kind {
            MouseKind::WheelUp => -WHEEL_LINES,
            MouseKind::WheelDown => WHEEL_LINES,
            MouseKind::Click => return self.click(mouse, &areas, now),
            MouseKind::Release => return self.drop_divider(mouse.x),
        };
        if let Some(mut popup) = self.popup {
            popup.scroll_by(lines, self.last_scroll(popup.kind));
            self.popup = Some(popup);
            return;
        }
        match areas.pane_at(mouse.x, mouse.y) {
            Some(Pane::List) if self.prompt.is_none() => self.move_cursor_by(lines),
            Some(pane) => self.detail.scroll_by(pane, lines, &areas),
            None => {}
        }
    }
}

/// The key that takes a note from its prompt to the editor.
fn opens_editor(key: KeyPress) -> bool {
    key.ctrl && key.code == KeyCode::Char('o')
}

pub(super) fn decides(action: Action) -> bool {
    action.row().is_some_and(|row| row.group == Group::Decide)
}

/// It is about the text under the cursor.
fn reads(action: Action) -> bool {
    matches!(action, Action::OpenLink | Action::Copy | Action::CopyTitle)
}

fn moves(action: Action) -> bool {
    action.row().is_some_and(|row| row.group == Group::Move)
}

fn marks(action: Action) -> bool {
    action.row().is_some_and(|row| row.group == Group::Mark)
}
