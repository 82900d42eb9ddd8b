//! What people do in a sequence, as a script that can be read, kept and run again.

use std::fmt;
use std::str::FromStr;

/// Numbers that look random, and are the same for the same seed.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        // Seeds that are close together must not give sequences that are.
        let mixed = (seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        Self((mixed ^ (mixed >> 29)) | 1)
    }

    /// From 0 up to and without `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % end.max(1)
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

pub(crate) const PEOPLE: [&str; 3] = ["ann", "bo", "cy"];
const WHO: &[&str] = &PEOPLE;
/// Two copies of the logs beside the same posts, as two clones have them. Screens are open in the first.
pub(crate) const PLACES: [&str; 2] = ["main", "side"];
const PLACE: &[&str] = &["main", "main", "main", "side"];
/// The files that a command is given.
const OPENED: &[&str] = &["a", "b", "ab"];
const FILE: &[&str] = &["a", "a", "b"];
/// The log that all share, or one's own.
const LOG: &[&str] = &["shared", "shared", "own"];
/// A log among those of a file.
const MEMBER: &[&str] = &["shared", "shared", "shared", "ann", "bo", "cy"];
const POST: &[&str] = &["p0", "p1", "p2", "p3", "p4", "p5", "p6"];
/// Posts that share their id with none, and those that do.
const ALONE: &[&str] = &["p0", "p4", "p6"];
const TWIN: &[&str] = &["p1", "p2", "p3", "p5"];
const STATUS: &[&str] = &["reviewed", "reviewed", "flagged", "flagged", "skipped", "unreviewed"];
const BESIDE: &[&str] = &["alone", "alone", "facts", "noted", "blank"];
const TEXT: &[&str] = &["one", "two", "none"];
const ITEM: &[&str] = &["first", "second"];
const TICK: &[&str] = &["done", "done", "open"];
const MANY: &[&str] = &["all", "odd", "even", "twins"];
const NUMBER: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7"];
const VERSION: &[&str] = &["v0", "v1", "v2", "v3"];
const BACK: &[&str] = &["gone", "1", "1", "2", "3", "5"];
const SCREEN: &[&str] = &["s0", "s0", "s1"];
const KEYS: &[&str] = &[
    "r",
    "s",
    "x",
    "f2",
    "f3",
    ".",
    "1",
    "2",
    "jr",
    "Gr",
    "gs",
    "j",
    "k",
    "G",
    "g",
    "enote<enter>",
    "e<ctrl-u><enter>",
    "*r<enter>",
    "*s<enter>",
    "*f1<enter>",
    "<space>j<space>s<enter>",
    "t",
];
/// Keys that take back.
const BACK_KEYS: &[&str] = &["u", "u", "uu", "<ctrl-r>", "<ctrl-r>", "Hu<esc>", "Hju<esc>"];

/// A kind of operation: its name, how often it comes, and the words behind the name.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    often: usize,
    words: &'static [&'static [&'static str]],
}

const fn kind(name: &'static str, often: usize, words: &'static [&'static [&'static str]]) -> Kind {
    Kind { name, often, words }
}

pub(crate) const KINDS: [Kind; 25] = [
    kind("mark", 30, &[WHO, PLACE, OPENED, LOG, POST, STATUS, BESIDE]),
    kind("note", 4, &[WHO, PLACE, OPENED, LOG, POST, TEXT]),
    kind("tick", 4, &[WHO, PLACE, OPENED, LOG, POST, ITEM, TICK]),
    kind("bulk", 8, &[WHO, PLACE, OPENED, LOG, MANY, STATUS, BESIDE]),
    kind("undo", 14, &[WHO, PLACE, OPENED, LOG]),
    kind("redo", 6, &[WHO, PLACE, OPENED, LOG]),
    kind("undo-id", 6, &[WHO, PLACE, OPENED, LOG, NUMBER]),
    kind("edit", 4, &[ALONE, VERSION]),
    kind("edit-twin", 5, &[TWIN, VERSION]),
    kind("drop", 1, &[ALONE]),
    kind("drop-twin", 1, &[TWIN]),
    kind("export-again", 3, &[FILE, NUMBER]),
    kind("merge", 8, &[PLACE, FILE]),
    kind("shuffle", 4, &[PLACE, FILE, MEMBER, NUMBER]),
    kind("glue", 1, &[PLACE, FILE, MEMBER]),
    kind("compact", 8, &[PLACE, FILE, MEMBER]),
    kind("hand", 2, &[PLACE, FILE, POST, STATUS]),
    kind("damage", 3, &[PLACE, FILE, MEMBER, NUMBER, NUMBER, NUMBER]),
    kind("replace", 4, &[PLACE, FILE, MEMBER, BACK]),
    kind("open", 0, &[SCREEN, WHO, OPENED, LOG]),
    kind("keys", 0, &[SCREEN, KEYS]),
    kind("back-keys", 0, &[SCREEN, BACK_KEYS]),
    kind("look", 0, &[SCREEN]),
    kind("follow", 0, &[SCREEN]),
    kind("quit", 0, &[SCREEN]),
];

/// The operations that come only where a screen is open, and how often.
const ON_SCREEN: [(&str, usize); 6] =
    [("open", 2), ("keys", 45), ("back-keys", 15), ("look", 14), ("follow", 4), ("quit", 3)];

/// One operation: its kind, and which of the possible words stand behind it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Op {
    kind: usize,
    picks: Vec<usize>,
}

impl Op {
    fn random(kind: usize, random: &mut Random) -> Self {
        let picks = KINDS[kind].words.iter().map(|words| random.below(words.len())).collect();
        Self { kind, picks }
    }

    pub(crate) fn name(&self) -> &'static str {
        KINDS[self.kind].name
    }

    /// The words behind the name.
    pub(crate) fn words(&self) -> Vec<&'static str> {
        self.picks.iter().zip(KINDS[self.kind].words).map(|(pick, words)| words[*pick]).collect()
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name())?;
        self.words().into_iter().try_for_each(|word| write!(f, " {word}"))
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut given = text.split_whitespace();
        let name = given.next().ok_or("an operation is expected")?;
        let kind = kind_of(name).ok_or_else(|| format!("there is no operation {name}"))?;
        let mut picks = Vec::new();
        for words in KINDS[kind].words {
            let word = given.next().ok_or_else(|| format!("{text}: one of {words:?} is missing"))?;
            let pick = words.iter().position(|known| *known == word);
            picks.push(pick.ok_or_else(|| format!("{text}: {word} is none of {words:?}"))?);
        }
        if given.next().is_some() { Err(format!("{text}: too many words")) } else { Ok(Self { kind, picks }) }
    }
}

fn kind_of(name: &str) -> Option<usize> {
    KINDS.iter().position(|kind| kind.name == name)
}

/// A script as text: operations with `;` or line ends between them.
pub(crate) fn parse(text: &str) -> Result<Vec<Op>, String> {
    text.split([';', '\n']).map(str::trim).filter(|line| !line.is_empty()).map(str::parse).collect()
}

pub(crate) fn print(ops: &[Op]) -> String {
    ops.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Which operations a run uses.
#[derive(Clone, Debug)]
pub(crate) struct Allowed(Vec<usize>);

impl Allowed {
    pub(crate) fn all() -> Self {
        Self((0..KINDS.len()).collect())
    }

    /// By their names, with commas between them; behind a `-`, all others.
    pub(crate) fn named(names: &str) -> Result<Self, String> {
        let (others, names) = names.strip_prefix('-').map_or((false, names), |names| (true, names));
        let kind = |name| kind_of(name).ok_or_else(|| format!("there is no operation {name}"));
        let named: Vec<usize> = names.split(',').map(kind).collect::<Result<_, _>>()?;
        Ok(Self(Self::all().0.into_iter().filter(|kind| named.contains(kind) != others).collect()))
    }

    /// A sequence; in one of three a screen is open for most of it.
    pub(crate) fn sequence(&self, random: &mut Random) -> Vec<Op> {
        let is_there = |name: &str| kind_of(name).filter(|kind| self.0.contains(kind));
        let mut often: Vec<(usize, usize)> =
            self.0.iter().map(|kind| (*kind, KINDS[*kind].often)).filter(|(_, often)| *often > 0).collect();
        let mut ops = Vec::new();
        let length = 4 + random.below(22);
        if random.one_in(3) && is_there("open").is_some() {
            // What was decided before it was opened.
            (0..random.below(6)).for_each(|_| ops.push(Self::one(&often, random)));
            ops.extend(is_there("open").map(|open| Op::random(open, random)));
            often.extend(ON_SCREEN.iter().filter_map(|(name, often)| Some((is_there(name)?, *often))));
        }
        while ops.len() < length {
            ops.push(Self::one(&often, random));
        }
        ops
    }

    fn one(often: &[(usize, usize)], random: &mut Random) -> Op {
        let mut at = random.below(often.iter().map(|(_, often)| often).sum());
        for (kind, often) in often {
            match at.checked_sub(*often) {
                Some(less) => at = less,
                None => return Op::random(*kind, random),
            }
        }
        unreachable!("the number is below the sum")
    }
}
