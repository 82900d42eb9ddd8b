//! Reads the posts, in the background, from the first on; then follows the files.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::worker::Inbox;
use crate::app::Event;
use crate::corpus::{Cache, KnownTexts, Loaded, Prefix, Sources, load_behind, load_cached};

/// A file that is being written is looked at when nothing has happened to it for so long, or for
/// [`AT_MOST`] in all.
const QUIET: Duration = Duration::from_millis(60);
const AT_MOST: Duration = Duration::from_millis(600);

/// Files that nobody watches are looked at so often.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// After a reading nothing is read for so many times as long as it took, and no longer than [`LONGEST_REST`]: where
/// something changes all the time, the list must come to rest.
const RESTS: u32 = 4;
const LONGEST_REST: Duration = Duration::from_secs(60);

/// Why the files should be looked at.
/// The later of two says more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ping {
    /// Something has happened to them.
    Changed,
    /// They were written to just then.
    Written(Instant),
    /// A post was not where it should be, so they have changed, whatever they look like.
    Reread,
}

/// Reads every source, then what is added to them, or everything again, until nobody listens any more.
pub(super) fn run(
    sources: Sources,
    cache: Option<Cache>,
    is_watched: bool,
    pings: &Receiver<Ping>,
    inbox: &Inbox,
) {
    let mut loader =
        Loader { sources, cache, inbox, prefix: None, known: KnownTexts::default(), read: Instant::now() };
    loader.read_all();
    // What happened before anybody watched.
    loader.look_again(Ping::Changed);
    let mut rests_until = rests_until(loader.read, Instant::now());
    loop {
        let ping = if is_watched {
            pings.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            pings.recv_timeout(LOOK_EVERY)
        };
        let mut why = match ping {
            Ok(ping) => ping,
            Err(RecvTimeoutError::Timeout) => Ping::Changed,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let until = Instant::now() + AT_MOST;
        while let Ok(ping) = pings.recv_timeout(QUIET.min(until.saturating_duration_since(Instant::now()))) {
            why = why.max(ping);
        }
        // Whoever looks at a post that is not where it was does not wait.
        while why != Ping::Reread
            && let Some(left) =
                rests_until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
        {
            match pings.recv_timeout(left) {
                Ok(ping) => why = why.max(ping),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        let begun = Instant::now();
        loader.look_again(why);
        rests_until = self::rests_until(begun, Instant::now());
    }
}

/// Until when nothing is read after a reading.
fn rests_until(begun: Instant, ended: Instant) -> Instant {
    ended + ended.saturating_duration_since(begun).saturating_mul(RESTS).min(LONGEST_REST)
}

struct Loader<'a> {
    sources: Sources,
    cache: Option<Cache>,
    inbox: &'a Inbox,
    /// What is known of a file that may grow.
    prefix: Option<Prefix>,
    /// How many different titles and topics were given away.
    known: KnownTexts,
    /// When the files began to be read.
    read: Instant,
}

impl Loader<'_> {
    fn read_all(&mut self) {
        self.known = KnownTexts::default();
        self.read = Instant::now();
        let Self { sources, inbox, known, .. } = self;
        self.prefix =
            load_cached(sources, self.cache.as_ref(), &mut |loaded| give(loaded, sources, known, inbox));
        self.end();
    }

    fn end(&mut self) {
        let _ = self.inbox.send(Event::Loaded);
    }

    /// Looks at the files again, and reads what is new.
    fn look_again(&mut self, why: Ping) {
        let (sources, problems) = match self.sources.reopen() {
            None => return,
            Some(Ok(opened)) => opened,
            Some(Err(error)) => {
                let _ = self.inbox.send(Event::Gone(error.to_string()));
                return;
            }
        };
        // A file that was written to after it was read is another one, even if its length and its time
        // of change are the old ones.
        let is_same = sources.are(&self.sources);
        let is_distrusted = match why {
            Ping::Changed => false,
            Ping::Written(at) => is_same && at > self.read,
            Ping::Reread => true,
        };
        if is_same && !is_distrusted {
            return;
        }
        let grown = self.prefix.take().filter(|prefix| !is_distrusted && prefix.is_in(&sources));
        self.sources = sources;
        if let Some(prefix) = grown {
            let _ = self.inbox.send(Event::Grown(self.sources.clone(), prefix.covered));
            let Self { sources, inbox, known, .. } = self;
            let before = *known;
            self.read = Instant::now();
            self.prefix =
                load_behind(sources, &prefix, before, &mut |loaded| give(loaded, sources, known, inbox));
            self.end();
            return;
        }
        let _ = self.inbox.send(Event::Restarted(self.sources.clone(), Some(problems)));
        if let Some(cache) = self.cache.as_ref().filter(|_| is_distrusted) {
            cache.forget(&self.sources);
        }
        self.read_all();
    }
}

fn give(loaded: Loaded, sources: &Sources, known: &mut KnownTexts, inbox: &Inbox) -> ControlFlow<()> {
    let event = match loaded {
        Loaded::Segment(segment) => {
            *known = segment.known();
            Event::Segment(segment)
        }
        Loaded::Problem(problem) => Event::Problem(problem),
        Loaded::Restart => Event::Restarted(sources.clone(), None),
        Loaded::Progress { bytes, total } => Event::Progress { bytes, total },
    };
    match inbox.send(event) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where something changes all the time, a fifth of the time is spent reading.
    #[test]
    fn a_long_reading_is_followed_by_a_longer_rest() {
        let begun = Instant::now();
        for (took_ms, rest_ms) in
            [(0, 0), (5, 20), (2_000, 8_000), (30_000, 60_000), (u64::MAX >> 20, 60_000)]
        {
            let ended = begun + Duration::from_millis(took_ms);
            assert_eq!(rests_until(begun, ended), ended + Duration::from_millis(rest_ms));
        }
    }
}
