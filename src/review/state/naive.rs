//! Random histories against a fold that is nothing but the rules, written down.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::review::suite::{at, change, writer};
use crate::review::{Change, Reviews, Target};

const POSTS: [&str; 3] = ["p0", "p1", "p2"];

fn alive(record: &Record, about: &[&Record]) -> bool {
    !about.iter().any(|undo| undo.undo.as_ref() == Some(&record.id) && alive(undo, about))
}

/// What holds for a key of a post: the lines of the records.
fn naive(records: &[Record], post: &str, key: &Key) -> BTreeSet<String> {
    let post = PostId::new(post);
    let about: Vec<&Record> =
        records.iter().filter(|record| record.key == *key && record.posts().any(|it| *it == post)).collect();
    let prev = |record: &Record| match &record.target {
        Target::One { prev, .. } => prev.clone(),
        Target::Many(targets) => targets.iter().find(|it| it.post == post).unwrap().prev.clone(),
    };
    let live = about.iter().filter(|record| record.undo.is_none() && alive(record, &about));
    let mut left: Vec<RecordId> = live.clone().flat_map(|record| prev(record)).collect();
    let mut past = BTreeSet::new();
    while let Some(id) = left.pop() {
        if past.insert(id.clone()) {
            left.extend(about.iter().filter(|record| record.id == id).flat_map(|record| prev(record)));
        }
    }
    live.filter(|record| !past.contains(&record.id)).map(|record| record.to_line()).collect()
}

fn fold(records: impl IntoIterator<Item = Record>) -> State {
    let mut state = State::default();
    for record in records {
        state.absorb(record);
    }
    state
}

/// The same by the program.
fn folded(state: &State, post: &str, key: &Key) -> BTreeSet<String> {
    let record = |head: &Current<'_>| state.store.record(head.place.record).unwrap().to_line();
    state.holding(&PostId::new(post), key, None, &[]).iter().map(record).collect()
}

/// A step of a history: who, on which post, what, how many of the records of all others they see before.
type Step = (usize, usize, u8, prop::sample::Index, bool);

fn step() -> impl Strategy<Value = Step> {
    (0..4usize, 0..3usize, 0..16u8, any::<prop::sample::Index>(), prop::bool::weighted(0.7))
}

/// What four writers make of some steps; two of them are one person in two clones.
fn history(steps: &[Step]) -> Vec<Record> {
    let mut people = [writer("mara", "a"), writer("mara", "b"), writer("tom", "c"), writer("li", "d")];
    let mut records: Vec<Record> = Vec::new();
    for ((who, post, what, at_random, sees), seconds) in steps.iter().zip(0..) {
        let person: &mut Reviews = &mut people[*who];
        let seen = if *sees { records.len() } else { at_random.index(records.len() + 1) };
        for record in &records[..seen] {
            person.absorb(record.clone());
        }
        let now = at(seconds);
        let on = |val: &str| change(POSTS[*post], "text", val);
        let many =
            |val: &str, count: usize| POSTS[..count].iter().map(|it| change(it, "text", val)).collect();
        let chosen = (!records.is_empty()).then(|| records[at_random.index(records.len())].clone());
        let mut made: Vec<Record> = match what {
            0..4 => {
                person.decide(on(Status::ALL[usize::from(*what)].name()), None, now).into_iter().collect()
            }
            4 => person.decide_many(many("reviewed", 3), None, now).into_iter().collect(),
            5 => person.decide_many(many("flagged", 2), None, now).into_iter().collect(),
            6 => {
                let first = person.decide_many(many("skipped", 1), None, now);
                let more = vec![change(POSTS[2], "text", "skipped")];
                let more = person.decide_more(more, None, first.as_ref().map(|record| &record.id), now);
                first.into_iter().chain(more).collect()
            }
            7 => {
                let note = Change { key: Key::Note, ..on(&format!("note {seconds}")) };
                person.decide(note, None, now).into_iter().collect()
            }
            8 => {
                let val = if seconds % 3 == 0 { "open" } else { "done" };
                let tick = Change { key: Key::Check("item#1".to_owned()), ..on(val) };
                person.decide(tick, None, now).into_iter().collect()
            }
            9 | 10 => person.undo(now).unwrap_or_default(),
            11 => person.redo(now).unwrap_or_default(),
            12 => chosen.and_then(|it| person.undo_record(&it.id, None, now).ok()).unwrap_or_default(),
            // Of many posts, some.
            13 => {
                let mut undone = person.undo(now).unwrap_or_default();
                for record in &mut undone {
                    if let Target::Many(targets) = &mut record.target {
                        targets.truncate(1 + at_random.index(2));
                    }
                }
                // Another run goes on from what the log has.
                let by = person.by().to_owned();
                *person = writer(&by, &format!("w{seconds}"));
                undone
            }
            // The same id says something else as well: a writer that was copied, a line that was changed.
            14 => chosen.map(|it| Record { val: "skipped".to_owned(), ..it }).into_iter().collect(),
            _ => chosen
                .map(|it| Record { key: Key::Status, target: on_one(POSTS[*post]), undo: None, ..it })
                .into_iter()
                .collect(),
        };
        records.append(&mut made);
    }
    records
}

fn on_one(post: &str) -> Target {
    Target::One { post: PostId::new(post), hash: Some(Digest::of_bytes(b"text")), prev: Vec::new() }
}

proptest! {
    /// What holds is what the rules say: in any order, with any line twice, read at once or record by record, and when
    /// what is not needed has left the log.
    #[test]
    fn what_holds_is_what_the_rules_say(
        steps in prop::collection::vec(step(), 0..40), order in prop::collection::vec(any::<u32>(), 200),
    ) {
        let records = history(&steps);
        let mut shuffled: Vec<(u32, &Record)> = order.into_iter().zip(records.iter().chain(&records)).collect();
        shuffled.sort_by_key(|(place, _)| *place);
        let state = fold(records.iter().cloned());
        let in_any_order = fold(shuffled.into_iter().map(|(_, record)| record.clone()));
        let needed = state.needed();
        let short = fold(state.records().filter(|record| needed.has(record.id.as_str())));
        let (mut asked, mut in_between) = (State::default(), Vec::new());
        for record in &records {
            asked.absorb(record.clone());
            in_between.push(folded(&asked, POSTS[0], &Key::Status));
        }
        for (count, found) in (1..).zip(in_between) {
            prop_assert_eq!(found, naive(&records[..count], POSTS[0], &Key::Status), "{} records", count);
        }
        for key in [Key::Status, Key::Note, Key::Check("item#1".to_owned())] {
            for post in POSTS {
                let expected = naive(&records, post, &key);
                for state in [&state, &in_any_order, &asked, &short] {
                    prop_assert_eq!(&folded(state, post, &key), &expected);
                }
            }
        }
    }
}
