//! A long history is set against the posts a stretch at a time, and nobody decides before it is.

use crate::support::Desk;
use copydesk::app::{Effect, Event, KeyPress};
use copydesk::corpus::Sources;
use copydesk::model::{Digest, PostId, Status};
use copydesk::review::{Author, Change, Key, Reviews, Via};
use jiff::Timestamp;

fn change(post: &str, val: &str) -> Change {
    Change {
        post: PostId::new(post),
        hash: Digest::of_bytes(b"another text"),
        siblings: Vec::new(),
        key: Key::Status,
        val: val.to_owned(),
        why: Vec::new(),
        note: None,
    }
}

#[test]
fn a_long_history_never_holds_the_desk_up_and_is_never_overlooked() {
    const POSTS: usize = 5_000;
    let post = |number: usize| format!("{{\"id\":\"p-{number}\",\"title\":\"t\",\"body\":\"words\"}}\n");
    let posts: String = (0..POSTS).map(post).collect();
    let sources = Sources::in_memory(vec![("posts.jsonl".to_owned(), posts.into_bytes())]);
    let author = Author { by: "mara".to_owned(), via: Via::Browse };
    let mut past = Reviews::with_writer(author, "earlier".to_owned());
    for number in 0..POSTS {
        past.decide(change(&format!("p-{number}"), "reviewed"), None, Timestamp::UNIX_EPOCH).unwrap();
    }
    let mut desk = Desk::unreplayed(sources);
    let app = &mut desk.app;
    let now = Timestamp::UNIX_EPOCH;
    let goes_on = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::GoOn));
    assert!(goes_on(&app.update(Event::Past(Box::new(past)), now)));
    app.update(Event::Replayed { read_only: None }, now);
    // A decision that is made meanwhile waits for the rest.
    app.update(Event::Key(KeyPress::char('s')), now);
    assert_eq!(app.saving.unwritten(), 0);
    let mut stretches = 1;
    while goes_on(&app.update(Event::GoOn, now)) {
        stretches += 1;
    }
    assert!(stretches >= 4, "{stretches}");
    // The key that waited has skipped one; the rest is as it was.
    let decided = |status: Status| {
        let rows = (0..POSTS).map(|row| copydesk::corpus::Row(u32::try_from(row).unwrap()));
        rows.filter(|row| app.standings.get(*row).decided == status).count()
    };
    assert_eq!((decided(Status::Reviewed), decided(Status::Skipped)), (POSTS - 1, 1));
    assert_eq!(app.saving.unwritten(), 1);
}
