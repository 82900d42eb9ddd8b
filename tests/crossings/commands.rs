//! What each operation does: through the same entries of the library as the commands and the screen.

use std::collections::VecDeque;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use copydesk::model::PostId;
use copydesk::review::{
    Author, Beside, BulkStep, Change, Journal, Key, Record, RecordId, ReviewLog, Reviews, Via, compact,
    merge, take_for_record,
};
use serde_json::json;

use crate::posts::{FILES, POSTS, Post, Posts, files_of};
use crate::screen::Screen;
use crate::script::{Op, PLACES, Random};
use crate::world::World;

/// What a command reads before it does anything.
struct Opened {
    posts: Rc<Posts>,
    reviews: Reviews,
    logs: Vec<ReviewLog>,
}

fn place_of(word: &str) -> usize {
    PLACES.iter().position(|place| *place == word).unwrap()
}

fn file_of(word: &str) -> usize {
    FILES.iter().position(|file| *file == word).unwrap()
}

/// The number behind a letter, or alone.
fn number_of(word: &str) -> usize {
    word.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse().unwrap()
}

impl World {
    /// Does what an operation says. What it cannot do, because there is no such post or log, it leaves.
    pub(crate) fn perform(&mut self, op: &Op) -> Result<(), String> {
        self.counts.ops += 1;
        match (op.name(), op.words().as_slice()) {
            ("mark", [who, place, opened, log, post, status, beside]) => {
                self.decide((who, place, opened, log), post, Key::Status, status, beside);
            }
            ("note", [who, place, opened, log, post, text]) => {
                let text = if *text == "none" { "" } else { *text };
                self.decide((who, place, opened, log), post, Key::Note, text, "alone");
            }
            ("tick", [who, place, opened, log, post, item, tick]) => {
                let key = Key::Check(format!("{item}#1"));
                self.decide((who, place, opened, log), post, key, tick, "alone");
            }
            ("bulk", [who, place, opened, log, which, status, beside]) => {
                self.decide_many((who, place, opened, log), which, status, beside);
            }
            ("undo", [who, place, opened, log]) => self.take_back((who, place, opened, log), false),
            ("redo", [who, place, opened, log]) => self.take_back((who, place, opened, log), true),
            ("undo-id", [who, place, opened, log, at]) => {
                self.take_back_by_id((who, place, opened, log), number_of(at));
            }
            ("edit" | "edit-twin", [post, version]) => self.corpora.edit(number_of(post), number_of(version)),
            ("drop" | "drop-twin", [post]) => self.corpora.drop_or_put_back(number_of(post)),
            ("export-again", [file, order]) => self.corpora.write_again(file_of(file), number_of(order)),
            ("merge", [place, file]) => self.merge(place_of(place), file_of(file)),
            ("shuffle", [place, file, member, seed]) => {
                let log = self.member(place_of(place), file_of(file), member);
                shuffle(&log, number_of(seed));
            }
            ("glue", [place, file, member]) => {
                glue(&self.member(place_of(place), file_of(file), member));
            }
            ("compact", [place, file, member]) => {
                let (place, file) = (place_of(place), file_of(file));
                let log = self.member(place, file, member);
                if log.exists() && compact(&log).is_ok_and(|compacted| compacted.moved > 0) {
                    self.compacted.insert((place, file));
                }
            }
            ("hand", [place, file, post, status]) => {
                self.write_by_hand(place_of(place), file_of(file), number_of(post), status);
            }
            ("damage", [place, file, member, line, byte, bit]) => {
                let at = [line, byte, bit].map(|word| number_of(word));
                self.damage(place_of(place), file_of(file), member, at);
            }
            ("replace", [place, file, member, back]) => {
                self.replace(place_of(place), file_of(file), member, back);
            }
            (name, [screen, words @ ..]) => self.on_screen(name, number_of(screen), words)?,
            (name, words) => unreachable!("{name} {words:?}"),
        }
        self.look_at_logs();
        Ok(())
    }

    fn open(&mut self, (who, place, opened, log): (&str, &str, &str, &str)) -> Opened {
        let posts = self.corpora.read(opened);
        let author = Author { by: who.to_owned(), via: Via::Cli };
        let mut reviews = Reviews::with_writer(author, self.next_writer());
        let member = if log == "own" { who } else { log };
        let mut logs = Vec::new();
        for (root, file) in files_of(opened).into_iter().enumerate() {
            let mut log = ReviewLog::open(&self.member(place_of(place), file, member));
            reviews.turn_to(root);
            log.replay_into(&mut reviews, &mut |_| {}).unwrap();
            logs.push(log);
        }
        Opened { posts, reviews, logs }
    }

    /// Brings records to their logs; behind one that is refused none is tried.
    fn save(&mut self, opened: &mut Opened, records: &[Record]) {
        for record in records {
            let log = &mut opened.logs[opened.reviews.log_of(&record.id)];
            if log.append(record).is_err() {
                self.counts.refused += 1;
                return;
            }
            log.sync().unwrap();
            let path = log.path().to_owned();
            self.acknowledge(&path, record);
        }
    }

    fn decide(&mut self, whose: (&str, &str, &str, &str), post: &str, key: Key, val: &str, beside: &str) {
        let mut opened = self.open(whose);
        let posts = Rc::clone(&opened.posts);
        let Some(post) = posts.numbered(number_of(post)) else { return };
        let now = self.now(whose.0);
        let change = change(&posts, post, key, val, beside);
        opened.reviews.turn_to(post.root);
        let record = opened.reviews.decide_beside(change, Beside::default(), now);
        self.save(&mut opened, record.as_slice());
    }

    fn decide_many(&mut self, whose: (&str, &str, &str, &str), which: &str, status: &str, beside: &str) {
        let mut opened = self.open(whose);
        let posts = Rc::clone(&opened.posts);
        let now = self.now(whose.0);
        let is_meant = |post: &&Post| match which {
            "odd" => post.number % 2 == 1,
            "even" => post.number.is_multiple_of(2),
            "twins" => !posts.siblings(post).is_empty(),
            _ => true,
        };
        let meant = posts.rows.iter().filter(is_meant);
        let mut left: VecDeque<(usize, Change)> =
            meant.map(|post| (post.root, change(&posts, post, Key::Status, status, beside))).collect();
        let (mut step, mut records) = (BulkStep::new(Some("a filter".to_owned())), Vec::new());
        while !left.is_empty() {
            let changes = take_for_record(&mut left, |(_, change)| Some(change.post.clone()));
            records.extend(step.decide(&mut opened.reviews, changes, now));
        }
        self.save(&mut opened, &records);
    }

    fn take_back(&mut self, whose: (&str, &str, &str, &str), is_redo: bool) {
        let mut opened = self.open(whose);
        let now = self.now(whose.0);
        let records = if is_redo { opened.reviews.redo(now) } else { opened.reviews.undo(now) };
        self.save(&mut opened, &records.unwrap_or_default());
    }

    /// `at`: how many records were made since.
    fn take_back_by_id(&mut self, whose: (&str, &str, &str, &str), at: usize) {
        let there: std::collections::BTreeSet<String> =
            self.lines(place_of(whose.1), whose.2).into_iter().map(|line| line.id.clone()).collect();
        let Some(id) = self.made.iter().rev().filter(|id| there.contains(*id)).nth(at).cloned() else {
            return;
        };
        let mut opened = self.open(whose);
        let now = self.now(whose.0);
        if let Ok(records) = opened.reviews.undo_record(&RecordId::new(id), None, now) {
            self.save(&mut opened, &records);
        }
    }

    /// Brings what the other place has into the log that all share.
    fn merge(&mut self, place: usize, file: usize) {
        let other = 1 - place;
        let from: Vec<PathBuf> = self.family(other, file).into_iter().filter(|log| log.exists()).collect();
        let into = self.sidecar(place, file);
        if from.is_empty() || merge(&into, &from).is_err() {
            return;
        }
        for log in from {
            let theirs = self.acknowledged.get(&log).cloned().unwrap_or_default();
            self.acknowledged.entry(into.clone()).or_default().extend(theirs);
        }
        if self.compacted.contains(&(place, file)) || self.compacted.contains(&(other, file)) {
            self.meet_old_copy(place, file);
        }
    }

    fn write_by_hand(&mut self, place: usize, file: usize, number: usize, status: &str) {
        let log = self.sidecar(place, file);
        let now = self.now("hand");
        let id = format!("5f0c1e1a-7b1c-4c3e-9d55-{:012x}", 0xbeef_0000_u64 + self.made.len() as u64);
        let value = json!({
            "v": 1, "id": id, "at": now.to_string(), "by": "hand", "op": "set", "post": POSTS[number].0,
            "key": "status", "val": status,
        });
        let is_torn = fs::read(&log).is_ok_and(|bytes| bytes.last().is_some_and(|last| *last != b'\n'));
        let mut out = fs::OpenOptions::new().append(true).create(true).open(&log).unwrap();
        out.write_all(format!("{}{value}\n", if is_torn { "\n" } else { "" }).as_bytes()).unwrap();
        self.acknowledge_value(&log, value);
    }

    /// Flips a bit of a line, or tears the end off.
    fn damage(&mut self, place: usize, file: usize, member: &str, [line, byte, bit]: [usize; 3]) {
        let log = self.member(place, file, member);
        let Ok(mut bytes) = fs::read(&log) else { return };
        let before = self.stands(&bytes).ids;
        if bit == 7 {
            bytes.truncate(bytes.len().saturating_sub(2 + 37 * (line * 8 + byte)));
        } else {
            let mut random = Random::new((line * 64 + byte * 8 + bit) as u64);
            let at = random.below(bytes.len());
            let flipped = bytes.get(at).map_or(b'\n', |old| old ^ (1 << bit));
            // No line is made of two, nor one of two; and what was written by hand has no checksum that could tell.
            let line = bytes.split(|byte| *byte == b'\n').scan(0, |end, line| {
                *end += line.len() + 1;
                Some((*end, line))
            });
            let line = line.into_iter().find(|(end, _)| *end > at).map_or(&[][..], |(_, line)| line);
            let is_by_hand = String::from_utf8_lossy(line).contains("\"by\":\"hand\"");
            if flipped == b'\n' || bytes[at] == b'\n' || is_by_hand {
                return;
            }
            bytes[at] = flipped;
        }
        fs::write(&log, &bytes).unwrap();
        let after = self.stands(&bytes).ids;
        let acknowledged = self.acknowledged.entry(log).or_default();
        acknowledged.retain(|id| !before.contains(id) || after.contains(id));
        self.has_unseen_damage |= place == 0 && self.screens.iter().any(Option::is_some);
        if self.compacted.contains(&(place, file)) {
            self.meet_old_copy(place, file);
        }
    }

    /// The log is what it was some changes ago, or gone.
    fn replace(&mut self, place: usize, file: usize, member: &str, back: &str) {
        let log = self.member(place, file, member);
        let Some(moments) = self.before.get(&log) else { return };
        if back == "gone" {
            let _ = fs::remove_file(&log);
            self.acknowledged.remove(&log);
        } else {
            let number = number_of(back);
            let Some((bytes, acknowledged)) = moments.iter().rev().nth(number).cloned() else { return };
            // Some programs write a file anew, others into it.
            if number == 1 {
                fs::write(&log, bytes).unwrap();
            } else {
                put(&log, &bytes);
            }
            self.acknowledged.insert(log, acknowledged);
        }
        if self.compacted.contains(&(place, file)) {
            self.meet_old_copy(place, file);
        }
    }

    fn on_screen(&mut self, name: &str, at: usize, words: &[&'static str]) -> Result<(), String> {
        match (name, words) {
            ("open", [who, opened, log]) => {
                self.close(at)?;
                let posts = self.corpora.read(opened);
                let member = if *log == "own" { who } else { log };
                let files = files_of(opened);
                let sidecars: Vec<PathBuf> =
                    files.into_iter().map(|file| self.member(0, file, member)).collect();
                let (writer, now) = (self.next_writer(), self.now(who));
                self.screens[at] = Some(Screen::open(&posts, opened, &sidecars, (who, writer), now));
                self.counts.screens += 1;
            }
            ("keys" | "back-keys", [keys]) => {
                let now = self.now("screen");
                if let Some(screen) = &mut self.screens[at] {
                    screen.press(keys, now);
                }
            }
            ("look", []) => self.screens[at].iter_mut().for_each(Screen::look),
            ("follow", []) => self.follow(at),
            ("quit", []) => self.close(at)?,
            (name, words) => unreachable!("{name} {words:?}"),
        }
        self.take_acknowledged(at);
        if self.screens[at].as_ref().is_some_and(|screen| screen.asks_to_reread) {
            self.follow(at);
        }
        Ok(())
    }

    fn follow(&mut self, at: usize) {
        if let Some(screen) = &mut self.screens[at] {
            let posts = self.corpora.read(screen.opened);
            screen.follow(&posts);
        }
    }

    /// A screen is left: what it shows last is what stands in the files, and it brings nothing back.
    pub(crate) fn close(&mut self, at: usize) -> Result<(), String> {
        self.follow(at);
        let Some(mut screen) = self.screens[at].take() else { return Ok(()) };
        screen.look();
        let opened = screen.opened;
        let shown: Vec<_> = screen.standings().into_iter().map(|(_, standing)| standing).collect();
        let before = self.held(0, opened);
        let unsaved = screen.quit();
        let written = screen.take_acknowledged();
        written.iter().for_each(|(log, record)| self.acknowledge(log, record));
        self.look_at_logs();
        let after = self.held(0, opened);
        let back = after.difference(&before).find(|id| !id.starts_with(&screen.writer));
        if let Some(id) = back {
            return Err(format!("the screen over {opened} brings {id} back when it is left"));
        }
        self.counts.refused += unsaved.len();
        // What a replaced log has lost is shown as not saved, and is written when it is left.
        if self.has_unseen_damage || !unsaved.is_empty() {
            return Ok(());
        }
        let posts = self.corpora.read(opened);
        self.compare(0, opened, &posts, &shown).map_err(|what| format!("the screen over {opened}: {what}"))
    }
}

fn change(posts: &Posts, post: &Post, key: Key, val: &str, beside: &str) -> Change {
    let is_flag = val == "flagged";
    Change {
        post: PostId::new(post.id.as_str()),
        hash: post.digest,
        siblings: posts.siblings(post),
        key,
        val: val.to_owned(),
        why: if beside == "facts" && is_flag { vec!["facts".to_owned()] } else { Vec::new() },
        note: match beside {
            "noted" => Some("beside".to_owned()),
            "blank" => Some(String::new()),
            _ => None,
        },
    }
}

/// Replaces a file by another one.
fn put(path: &Path, bytes: &[u8]) {
    let other = path.with_extension("new");
    fs::write(&other, bytes).unwrap();
    fs::rename(other, path).unwrap();
}

/// The same lines in another order, some of them twice.
fn shuffle(log: &Path, seed: usize) {
    let Ok(text) = fs::read(log) else { return };
    let mut lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let mut random = Random::new(seed as u64 + 1);
    for at in (1..lines.len()).rev() {
        lines.swap(at, random.below(at + 1));
    }
    if seed % 3 == 1 {
        lines.extend_from_within(..lines.len() / 2);
    }
    let mut bytes = lines.join(&b'\n');
    if !bytes.is_empty() {
        bytes.push(b'\n');
    }
    put(log, &bytes);
}

/// The first two lines on one, as git leaves them where a line end was missing.
fn glue(log: &Path) {
    let Ok(mut bytes) = fs::read(log) else { return };
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
    // Where the first of two on a line is damaged, nobody can tell where it ends.
    let is_whole = |line: &[u8]| serde_json::from_slice::<serde_json::Value>(line).is_ok();
    if let [first, second, ..] = ends.collect::<Vec<_>>()[..]
        && is_whole(&bytes[..first])
        && is_whole(&bytes[first + 1..second])
    {
        bytes.remove(first);
        put(log, &bytes);
    }
}
