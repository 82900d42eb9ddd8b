//! Reads the posts, in the background, from the first on.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::worker::Inbox;
use crate::app::Event;
use crate::corpus::{Loaded, Sources, load};

/// Reads every source; ends early when nobody listens any more.
pub(super) fn read(sources: &Sources, inbox: &Inbox) {
    load(sources, &mut |loaded| {
        let event = match loaded {
            Loaded::Segment(segment) => Event::Segment(Arc::new(segment)),
            Loaded::Problem(problem) => Event::Problem(problem),
            Loaded::Progress { bytes, total, .. } => Event::Progress { bytes, total },
        };
        match inbox.send(event) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    });
    let _ = inbox.send(Event::Loaded);
}
