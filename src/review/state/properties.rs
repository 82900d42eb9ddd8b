//! What must hold of any history, whatever happens to the lines that it was written in.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::review::suite::{at, change, writer};
use crate::review::{Change, LineItem, ReviewLog, Reviews, Target, read_line};

const POSTS: [&str; 3] = ["p0", "p1", "p2"];
/// Ten years. Unit: seconds.
const SKEW: i64 = 315_360_000;

/// A step of a history: who, on which post, what, and whether they see what was done so far.
type Step = (u8, u8, u8, bool);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((0..3u8, 0..3u8, 0..9u8, any::<bool>()), 0..30)
}

/// What three people make of some steps, each with a clock that is off by up to ten years.
fn history(steps: &[Step]) -> Vec<Record> {
    let mut people = [writer("mara", "a"), writer("tom", "b"), writer("li", "c")];
    let mut records: Vec<Record> = Vec::new();
    for ((who, post, what, sees), seconds) in steps.iter().zip(0..) {
        let person = &mut people[usize::from(*who)];
        if *sees {
            for record in &records {
                person.absorb(record.clone());
            }
        }
        let now = at(seconds + (i64::from(*who) - 1) * SKEW);
        let post = POSTS[usize::from(*post)];
        let status = |what: u8| Status::ALL[usize::from(what % 4)].name();
        records.extend(match what {
            0..4 => person.decide(change(post, "text", status(*what)), Some(u64::from(*what)), now),
            4 => {
                let all = POSTS.map(|post| change(post, "text", "reviewed"));
                person.decide_many(all.to_vec(), Some("score<40".to_owned()), now)
            }
            5 => {
                let mut flagged = change(post, "text", "flagged");
                (flagged.why, flagged.note) = (vec!["image".to_owned()], Some(format!("note {seconds}")));
                person.decide(flagged, None, now)
            }
            6 => person.decide(Change { key: Key::Note, ..change(post, "text", "some words") }, None, now),
            7 => person.undo(now).ok().map(|mut records| records.remove(0)),
            _ => person.redo(now).ok().map(|mut records| records.remove(0)),
        });
    }
    records
}

fn standings(state: &State) -> Vec<Standing> {
    let digest = Some(Digest::of_bytes(b"text"));
    POSTS.iter().map(|post| state.standing(&PostId::new(*post), digest, &[])).collect()
}

fn fold(records: &[Record]) -> State {
    let mut state = State::default();
    for record in records {
        state.absorb(record.clone());
    }
    state
}

/// The records that a folder of logs holds, by the reader that the program uses.
fn read_folder(files: &[String]) -> State {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("posts.jsonl.reviews.jsonl");
    for (number, text) in files.iter().enumerate() {
        let part = if number == 0 { String::new() } else { format!(".{number}") };
        std::fs::write(folder.path().join(format!("posts.jsonl.reviews{part}.jsonl")), text).unwrap();
    }
    let mut reviews = writer("anybody", "x");
    ReviewLog::open(&path).replay_into(&mut reviews, &mut |_| {}).unwrap();
    reviews.state().clone()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Shuffled, repeated, and spread over five files, the lines say the same.
    #[test]
    fn lines_may_stand_anywhere(steps in steps(), places in prop::collection::vec((0..5usize, any::<u32>()), 60)) {
        let records = history(&steps);
        let mut spread: Vec<(usize, u32, &Record)> = records
            .iter()
            .chain(records.iter().step_by(3))
            .zip(places)
            .map(|(record, (file, order))| (file, order, record))
            .collect();
        spread.sort_by_key(|(_, order, _)| *order);
        let mut files = vec![String::new(); 5];
        for (file, _, record) in spread {
            files[file].push_str(&record.to_line());
        }
        let found = read_folder(&files);
        prop_assert_eq!(found.len(), records.len());
        prop_assert_eq!(standings(&found), standings(&fold(&records)));
    }

    /// Records that share an id and say different things, in any order and repeated, say the same.
    #[test]
    fn records_of_one_id_may_come_in_any_order(
        steps in steps(),
        twins in prop::collection::vec((any::<prop::sample::Index>(), 0..6u8), 0..8),
        order in prop::collection::vec(any::<u32>(), 120),
    ) {
        let mut records = history(&steps);
        let originals = records.len();
        for (at, what) in twins.into_iter().filter(|_| originals > 0) {
            let mut twin = records[at.index(originals)].clone();
            match what {
                0..3 => Status::ALL[usize::from(what)].name().clone_into(&mut twin.val),
                3 => twin.note = Some("changed by hand".to_owned()),
                4 => twin.target = Target::One {
                    post: PostId::new(POSTS[0]), hash: Some(Digest::of_bytes(b"text")), prev: Vec::new(),
                },
                _ => twin.by = "somebody".to_owned(),
            }
            records.push(twin);
        }
        let mut shuffled: Vec<(u32, &Record)> =
            order.into_iter().zip(records.iter().chain(&records)).collect();
        prop_assert_eq!(shuffled.len(), records.len() * 2);
        shuffled.sort_by_key(|(place, _)| *place);
        let shuffled: Vec<Record> = shuffled.into_iter().map(|(_, record)| record.clone()).collect();
        let (one, other) = (fold(&records), fold(&shuffled));
        prop_assert_eq!(one.len(), other.len());
        prop_assert_eq!(standings(&one), standings(&other));
        prop_assert_eq!(one.shared_ids(), other.shared_ids());
        let became = |state: &State, post| {
            let steps = state.steps(&PostId::new(post)).into_iter();
            let mut became: Vec<_> =
                steps.map(|step| (step.record.to_line(), step.is_undone, step.is_current)).collect();
            became.sort();
            became
        };
        for post in POSTS {
            prop_assert_eq!(became(&one, post), became(&other, post));
        }
    }

    /// Lines that are gone, and lines in which a bit was turned, take nothing else with them.
    #[test]
    fn damage_costs_the_line_it_is_in(
        steps in steps(),
        fates in prop::collection::vec((0..4u8, any::<prop::sample::Index>(), 0..8u8), 30),
    ) {
        let records = history(&steps);
        let (mut text, mut intact) = (Vec::new(), Vec::new());
        for (record, (fate, at, bit)) in records.iter().zip(fates) {
            let mut line = record.to_line().into_bytes();
            match fate {
                0 => continue,
                1 => {
                    let at = at.index(line.len() - 1);
                    line[at] ^= 1 << bit;
                    // One more line end makes two bad lines; a flip in the time may spell the same.
                    let survives = line.split(|byte| *byte == b'\n').flat_map(read_line).any(|item| {
                        matches!(item, LineItem::Record(checked) if checked.record == *record)
                    });
                    if survives {
                        intact.push(record.clone());
                    }
                }
                _ => intact.push(record.clone()),
            }
            text.extend(line);
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reviews.jsonl");
        std::fs::write(&path, text).unwrap();
        let mut reviews = writer("anybody", "x");
        ReviewLog::open(&path).replay_into(&mut reviews, &mut |_| {}).unwrap();
        prop_assert_eq!(reviews.state().len(), intact.len(), "a damaged line was believed, or a sound one was not");
        prop_assert_eq!(standings(reviews.state()), standings(&fold(&intact)));
    }

    /// Whoever sees everything and decides has decided, whatever the clocks say.
    #[test]
    fn the_last_word_is_the_last_word(steps in steps(), who in 0..3u8, post in 0..3usize, what in 0..4usize) {
        let records = history(&steps);
        let name = ["a", "b", "c"][usize::from(who)];
        let mut person = writer(["mara", "tom", "li"][usize::from(who)], &format!("later{name}"));
        for record in &records {
            person.absorb(record.clone());
        }
        let wanted = Status::ALL[what];
        let mut last = change(POSTS[post], "text", wanted.name());
        last.note = Some("the last word".to_owned());
        person.decide(last, None, at((i64::from(who) - 1) * SKEW * 2)).unwrap();
        let standing = &standings(person.state())[post];
        prop_assert_eq!((standing.status, standing.conflict), (wanted, false));
        prop_assert_eq!(standing.note.as_deref(), Some("the last word"));
    }

    /// Whoever sees everything, decides and takes that back leaves all as it was: who, when, why, notes, conflicts.
    #[test]
    fn an_undo_leaves_no_trace(
        steps in steps(), who in 0..3usize, post in 0..3usize, what in 0..6usize, shuffle in prop::collection::vec(any::<u32>(), 40),
    ) {
        let mut person = writer(["mara", "tom", "li"][who], "later");
        for record in history(&steps) {
            person.absorb(record);
        }
        let before = standings(person.state());
        let mut flagged = change(POSTS[post], "text", "flagged");
        flagged.note = Some("the last word".to_owned());
        let made = match what {
            0..3 => person.decide(change(POSTS[post], "text", Status::ALL[what].name()), None, at(9_000)),
            3 => person.decide(Change { key: Key::Note, ..change(POSTS[post], "text", "") }, None, at(9_000)),
            4 => person.decide(flagged, None, at(9_000)),
            _ => person.decide_many(POSTS.map(|post| change(post, "text", "skipped")).to_vec(), None, at(9_000)),
        };
        if made.is_none() {
            return Ok(());
        }
        let after = standings(person.state());
        prop_assert_ne!(&before, &after);
        for turn in 0..2 {
            person.undo(at(9_001 + turn)).unwrap();
            prop_assert_eq!(&standings(person.state()), &before);
            person.redo(at(9_001 + turn)).unwrap();
            prop_assert_eq!(&standings(person.state()), &after);
        }
        person.undo(at(9_010)).unwrap();
        // So it is in any order, and when the log is made short.
        let mut records: Vec<(u32, Record)> = person.state().records().enumerate()
            .map(|(at, record)| (shuffle[at % shuffle.len()], record)).collect();
        records.sort_by_key(|(place, _)| *place);
        let records: Vec<Record> = records.into_iter().map(|(_, record)| record).collect();
        prop_assert_eq!(&standings(&fold(&records)), &before);
        let needed = person.state().needed();
        let needed: Vec<Record> =
            records.into_iter().filter(|record| needed.has(record.id.as_str())).collect();
        prop_assert_eq!(&standings(&fold(&needed)), &before);
    }

    /// Undo and redo of one person, bulk actions among them, against a plain list of maps.
    #[test]
    fn undo_and_redo_walk_a_list_of_maps(steps in prop::collection::vec((0..3usize, 0..10u8), 0..50)) {
        let mut reviews: Reviews = writer("mara", "a");
        let mut maps: Vec<HashMap<&str, Status>> = vec![HashMap::new()];
        let mut now = 0;
        for (seconds, (post, what)) in (0..).zip(steps) {
            let post = POSTS[post];
            let held = |map: &HashMap<&str, Status>, post: &str| map.get(post).copied().unwrap_or_default();
            let mut map = maps[now].clone();
            let made = match what {
                0..4 => {
                    let wanted = Status::ALL[usize::from(what)];
                    map.insert(post, wanted);
                    reviews.decide(change(post, "text", wanted.name()), None, at(-seconds)).is_some()
                }
                4 | 5 => {
                    let wanted = if what == 4 { Status::Reviewed } else { Status::Skipped };
                    map.extend(POSTS.map(|post| (post, wanted)));
                    let all = POSTS.map(|post| change(post, "text", wanted.name()));
                    reviews.decide_many(all.to_vec(), None, at(-seconds)).is_some()
                }
                6..8 => {
                    prop_assert_eq!(reviews.undo(at(seconds)).is_ok(), now > 0);
                    now = now.saturating_sub(1);
                    false
                }
                _ => {
                    prop_assert_eq!(reviews.redo(at(seconds)).is_ok(), now + 1 < maps.len());
                    now = (now + 1).min(maps.len() - 1);
                    false
                }
            };
            if what < 6 {
                prop_assert_eq!(made, POSTS.iter().any(|post| held(&map, post) != held(&maps[now], post)));
            }
            if made {
                maps.truncate(now + 1);
                maps.push(map);
                now += 1;
            }
            for (standing, post) in standings(reviews.state()).iter().zip(POSTS) {
                prop_assert_eq!((standing.status, standing.conflict), (held(&maps[now], post), false));
            }
        }
    }
}
