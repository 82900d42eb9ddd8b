//! The state of the desk and what changes it. No screen, no file, no thread.
//!
//! [`App::update`] takes an [`Event`] and answers with [`Effect`]s: what it would like the world to
//! do. Drawing reads the `App` and changes nothing.

pub mod action;
pub mod areas;
pub mod bulk;
pub mod changes;
mod clicks;
pub mod command;
pub mod completing;
pub mod config;
mod counting;
mod decide;
pub mod detail;
mod divider;
mod edit_note;
pub mod event;
pub mod facets;
mod filtering;
mod flow;
mod following;
mod found_nothing;
mod help;
pub mod here;
pub mod history;
pub mod inherit;
pub mod key;
pub mod keymap;
mod leaving;
pub mod links;
pub mod list;
pub mod marks;
mod mended;
mod named;
mod names_file;
mod navigate;
pub mod numbers;
pub mod palette;
mod places;
mod plain;
pub mod popup;
mod problems;
pub mod prompt;
pub mod question;
pub mod saving;
pub mod search;
pub mod settings;
mod settling;
mod steady;
mod told;
mod typed;
mod under_way;
mod undoing;
mod unticked;
mod update;

use std::collections::VecDeque;

use jiff::Timestamp;

pub use action::{ACTIONS, Action, Group};
pub use areas::{Area, Areas, Pane};
pub use bulk::{Bulk, BulkPrompt};
pub use command::COMMANDS;
pub use completing::Completing;
pub use config::Config;
pub use counting::CountRequest;
pub use decide::Subject;
pub use detail::Detail;
pub use event::{Doubt, Effect, Event, FilterRequest, Mouse, MouseKind, Whole};
pub use facets::FacetList;
pub use here::Place;
pub use history::History;
pub use key::{KeyCode, KeyPress};
pub use keymap::Keymap;
pub use links::Links;
pub use list::List;
pub use marks::Marks;
pub use named::NamedList;
pub use names_file::NamesFile;
pub use numbers::Numbers;
pub use palette::Palette;
pub use plain::Part;
pub use popup::{Popup, PopupKind};
pub use prompt::{FlagPrompt, Line, Prompt, Why};
pub use saving::{SaveMark, Saving};
pub use search::Search;
pub use settings::{Background, SETTINGS, Settings};
pub use typed::Typed;
pub use undoing::Undoing;

use crate::corpus::problem::MAX_KEPT;
use crate::corpus::{Corpus, Problem, Sources};
use crate::query::{Names, Standings};
use crate::review::Reviews;
use places::Places;
use settling::Settling;

/// The desk.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct App {
    /// What was opened.
    pub sources: Sources,
    /// The posts that were read so far.
    pub corpus: Corpus,
    /// What was decided, a byte a post.
    pub standings: Standings,
    /// The decisions.
    pub reviews: Reviews,
    /// How far they are on their way to the disk.
    pub saving: Saving,
    /// The posts that pass the filter.
    pub list: List,
    /// The posts that are marked for a decision on all of them.
    pub marks: Marks,
    /// A decision on many posts that is under way.
    pub bulk: Option<Bulk>,
    /// A step that is being undone or redone.
    pub undoing: Option<Undoing>,
    /// The post under the cursor.
    pub detail: Detail,
    /// What is sought in the article.
    pub search: Option<Search>,
    /// What is being typed.
    pub prompt: Option<Prompt>,
    /// What lies over the desk.
    pub popup: Option<Popup>,
    /// What is sought in the help.
    pub help_sought: Line,
    /// What was decided about a post, while that is looked at.
    pub history: Option<History>,
    /// How far the reviewing has got, while that is looked at.
    pub numbers: Option<Box<Numbers>>,
    /// How many posts have each value, while that is looked at.
    pub facets: Option<Box<FacetList>>,
    counting: counting::Counting,
    /// What could have been meant, where no post passes, is being looked for.
    nearest: Option<found_nothing::Nearest>,
    /// What could be typed next in the filter.
    pub completing: Completing,
    found_by_texts: Vec<completing::FoundByTexts>,
    /// The queries that have a name.
    pub names: Names,
    /// They, while they are looked at.
    pub named: Option<NamedList>,
    /// The queries that were typed.
    pub typed: Typed,
    /// The links of a post, while they are looked at.
    pub links: links::Links,
    /// The records that could not be read, and those that raise a doubt.
    pub problems: Vec<Problem>,
    /// How many more there are than are kept.
    pub problems_beyond: usize,
    /// Where the decisions go, for the help.
    pub log_name: String,
    /// How far the loading is; `None` when it has ended.
    pub loading: Option<Loading>,
    /// A sentence for the reviewer, until the next key.
    pub notice: Option<Notice>,
    /// The keys.
    pub keymap: Keymap,
    /// What a person can choose.
    pub settings: Settings,
    /// The file of settings, by its name in `problems`; blank without one.
    pub settings_file: String,
    /// The pane in focus.
    pub focus: Pane,
    /// The pane in focus has the screen for itself.
    pub zoomed: bool,
    /// How much of the screen the list takes, where that was chosen. Unit: per cent.
    list_share: Option<u16>,
    /// The button went down on the border of the list, and is still held.
    drags_divider: bool,
    /// The mouse is ours, and not the terminal's own.
    pub has_mouse: bool,
    /// The size of the screen. Unit: columns and lines.
    size: (u16, u16),
    places: Places,
    orphans: inherit::Orphans,
    /// Counts the times that rows got other posts: what was asked before is answered for nothing.
    reading: u64,
    /// Where the cursor stood before all posts came again.
    stood: Option<following::Stood>,
    /// What was decided before is still being set against the posts.
    settling: Option<Settling>,
    attention: Attention,
    /// The time spent on each of the last posts that this reviewer has decided on, the oldest first.
    /// Unit: milliseconds.
    recent_ms: VecDeque<u32>,
    /// The posts of a command are still being looked for.
    seeking: Option<bulk::Seeking>,
    /// The lines that were run in the palette, the newest last.
    lines_run: Vec<String>,
    /// The reasons of the last flag of this run.
    last_reasons: Option<Vec<String>>,
    /// The place that is sought is gone to as soon as the article is set.
    to_hit: bool,
    /// Counts the decisions on many posts.
    jobs: u64,
    /// Keys that came while the text of their post was still being read.
    held: VecDeque<Event>,
    /// The reviewer has pressed a key.
    touched: bool,
    /// The decisions of before are all there.
    replayed: bool,
    /// The logs were replaced while a step was under way.
    must_read_logs: bool,
    /// The reviewer has asked to leave, and is told what would be lost by it.
    leaving: bool,
    /// What was asked of a post that is to be reviewed with items that are not ticked.
    tick_question: Option<unticked::TickQuestion>,
    /// The workers that have broken off: nothing is held back for them any more.
    failed: Vec<&'static str>,
    /// The note that the reviewer's editor has.
    editing: Option<edit_note::Editing>,
    /// Nothing is decided before this: the screen has just become another one.
    unsteady_until: Option<Timestamp>,
    /// What a key would answer has become another question, by something that was no key.
    has_turned: bool,
    /// The post that was under the cursor last.
    shown: Option<steady::Shown>,
    effects: Vec<Effect>,
}

/// How far the loading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loading {
    /// Unit: bytes read so far.
    pub bytes: u64,
    /// Unit: bytes there are to read.
    pub total: u64,
    /// How fast it is; `None` before that can be told.
    pub bytes_per_s: Option<u64>,
    /// When it began.
    since: Option<Timestamp>,
}

impl Loading {
    /// Nothing is read yet.
    fn begin(total: u64) -> Self {
        Self { total, ..Self::default() }
    }

    fn rate(bytes: u64, since: Timestamp, now: Timestamp) -> Option<u64> {
        let passed_ms =
            u64::try_from(now.as_millisecond() - since.as_millisecond()).ok().filter(|ms| *ms > 0)?;
        bytes.checked_mul(1000).map(|bytes| bytes / passed_ms)
    }
}

/// A sentence for the reviewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What happened, and what to do.
    pub text: String,
    /// It asks for attention.
    pub is_warning: bool,
}

/// How long the reviewer has looked at the post under the cursor.
#[derive(Clone, Copy, Debug, Default)]
struct Attention {
    spent_ms: u64,
    last: Option<Timestamp>,
}

impl Attention {
    /// The reviewer did something.
    ///
    /// A pause longer than `idle_after_ms` is not spent on the post.
    fn touch(&mut self, now: Timestamp, idle_after_ms: u64) {
        if let Some(last) = self.last {
            let passed = u64::try_from(now.as_millisecond() - last.as_millisecond()).unwrap_or(0);
            self.spent_ms += passed.min(idle_after_ms);
        }
        self.last = Some(now);
    }

    /// The reviewer turned to another post.
    fn turn(&mut self) {
        self.spent_ms = 0;
    }
}

impl App {
    /// A desk over some sources, still empty.
    pub fn new(sources: Sources, reviews: Reviews, keymap: Keymap, settings: Settings) -> Self {
        let loading = Some(Loading::begin(sources.total_bytes()));
        Self {
            sources,
            corpus: Corpus::default(),
            standings: Standings::default(),
            reviews,
            saving: Saving::default(),
            list: List::default(),
            marks: Marks::default(),
            bulk: None,
            undoing: None,
            detail: Detail::default(),
            search: None,
            prompt: None,
            popup: None,
            help_sought: Line::default(),
            history: None,
            numbers: None,
            facets: None,
            counting: counting::Counting::default(),
            nearest: None,
            completing: Completing::default(),
            found_by_texts: Vec::new(),
            names: Names::default(),
            typed: Typed::default(),
            named: None,
            links: links::Links::default(),
            problems: Vec::new(),
            problems_beyond: 0,
            log_name: String::new(),
            loading,
            notice: None,
            keymap,
            has_mouse: settings.mouse,
            settings,
            settings_file: String::new(),
            focus: Pane::List,
            zoomed: false,
            list_share: None,
            drags_divider: false,
            size: (0, 0),
            places: Places::default(),
            orphans: inherit::Orphans::default(),
            reading: 0,
            stood: None,
            settling: None,
            attention: Attention::default(),
            recent_ms: VecDeque::new(),
            last_reasons: None,
            seeking: None,
            lines_run: Vec::new(),
            to_hit: false,
            jobs: 0,
            held: VecDeque::new(),
            replayed: false,
            must_read_logs: false,
            touched: false,
            leaving: false,
            tick_question: None,
            failed: Vec::new(),
            editing: None,
            unsteady_until: None,
            has_turned: false,
            shown: None,
            effects: Vec::new(),
        }
    }

    /// Where everything stands on the screen now.
    pub fn areas(&self) -> Areas {
        Areas::of(self.size.0, self.size.1, self.focus, self.zoomed, self.chosen_share())
    }

    /// How many problems there are, those that are not kept counted.
    pub fn problem_count(&self) -> usize {
        self.problems.len() + self.problems_beyond
    }

    fn add_problem(&mut self, problem: Problem) {
        if self.problems.len() < MAX_KEPT {
            self.problems.push(problem);
        } else {
            self.problems_beyond += 1;
        }
    }

    /// The text of the post under the cursor has still to come.
    pub fn is_reading(&self) -> bool {
        self.detail.is_waiting()
    }

    /// The reviewer did something.
    fn touch(&mut self, now: Timestamp) {
        self.attention.touch(now, self.settings.idle_cutoff_s.saturating_mul(1_000));
    }

    /// Gives away what is known of the logs, when nobody looks any more.
    pub fn take_reviews(&mut self) -> Reviews {
        let blank = self.reviews.clone_writer();
        std::mem::replace(&mut self.reviews, blank)
    }

    /// What was asked for and not handed out, if an update broke off in its midst.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    fn ask(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), is_warning: false });
    }

    fn warn(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), is_warning: true });
    }
}
