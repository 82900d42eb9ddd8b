//! Keys, pastes and the mouse, as events of the desk. The size of the terminal comes as a signal.

use crossterm::event::{
    self, Event as TerminalEvent, KeyCode as Code, KeyEvent, KeyEventKind, KeyModifiers, MouseButton,
    MouseEvent, MouseEventKind,
};

use super::background::{self, Answer};
use super::late_answer::LateAnswer;
use super::worker::Inbox;
use crate::app::{Event, KeyCode, KeyPress, Mouse, MouseKind};

/// Reads the terminal until it ends or nobody listens any more. Before that it may be asked for its
/// background.
pub(super) fn read(asks_background: bool, inbox: &Inbox) {
    if asks_background {
        let Answer { background, keys, .. } = background::ask();
        let background = background.map(Event::Background);
        background
            .into_iter()
            .chain(keys.into_iter().map(Event::Key))
            .for_each(|event| drop(inbox.send(event)));
    }
    let mut late = LateAnswer::default();
    while let Ok(event) = event::read() {
        let events = match translate(event) {
            Some(Event::Key(key)) => late.pass(key).into_iter().map(Event::Key).collect(),
            other => Vec::from_iter(other),
        };
        for event in events {
            if inbox.send(event).is_err() {
                return;
            }
        }
    }
    let _ = inbox.send(Event::Terminate);
}

fn translate(event: TerminalEvent) -> Option<Event> {
    match event {
        TerminalEvent::Key(key) if key.kind != KeyEventKind::Release => key_press(key).map(Event::Key),
        TerminalEvent::Paste(text) => Some(Event::Paste(text)),
        TerminalEvent::Mouse(mouse) => self::mouse(mouse).map(Event::Mouse),
        _ => None,
    }
}

fn key_press(key: KeyEvent) -> Option<KeyPress> {
    let code = match key.code {
        Code::Char(c) => KeyCode::Char(c),
        Code::Enter => KeyCode::Enter,
        Code::Esc => KeyCode::Esc,
        Code::Tab => KeyCode::Tab,
        Code::BackTab => KeyCode::BackTab,
        Code::Backspace => KeyCode::Backspace,
        Code::Delete => KeyCode::Delete,
        Code::Up => KeyCode::Up,
        Code::Down => KeyCode::Down,
        Code::Left => KeyCode::Left,
        Code::Right => KeyCode::Right,
        Code::Home => KeyCode::Home,
        Code::End => KeyCode::End,
        Code::PageUp => KeyCode::PageUp,
        Code::PageDown => KeyCode::PageDown,
        Code::F(number) => KeyCode::Function(number),
        _ => return None,
    };
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    Some(KeyPress { code, ctrl, alt })
}

fn mouse(mouse: MouseEvent) -> Option<Mouse> {
    let kind = match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => MouseKind::Click,
        MouseEventKind::Up(MouseButton::Left) => MouseKind::Release,
        MouseEventKind::ScrollUp => MouseKind::WheelUp,
        MouseEventKind::ScrollDown => MouseKind::WheelDown,
        _ => return None,
    };
    Some(Mouse { kind, x: mouse.column, y: mouse.row })
}
