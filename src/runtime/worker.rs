//! Threads that end in an event, also when they break off.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Sender;
use std::thread::{Builder, JoinHandle};

use crate::app::Event;

/// Where the workers put what they have. Everything in it is kept by the desk anyway, so a bound
/// would save nothing, and nobody ever waits for the loop.
pub(super) type Inbox = Sender<Event>;

/// Starts a worker. Should it panic, the desk is told and goes on without it.
pub(super) fn start<T: Send + 'static>(
    name: &'static str,
    inbox: Inbox,
    work: impl FnOnce(&Inbox) -> T + Send + 'static,
) -> std::io::Result<JoinHandle<Option<T>>> {
    Builder::new().name(name.to_owned()).spawn(move || match catch_unwind(AssertUnwindSafe(|| work(&inbox))) {
        Ok(result) => Some(result),
        Err(panic) => {
            let reason = reason_of(panic.as_ref());
            let text = format!("The {name} broke off ({reason}): a defect of copydesk. Decisions that are marked saved are safe; start again");
            let _ = inbox.send(Event::WorkerFailed { worker: name, text });
            None
        }
    })
}

fn reason_of(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "no reason given",
    }
}
