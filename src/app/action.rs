//! Everything a key can do. Help, footer, keymap and the README's table are made from [`ACTIONS`].

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is described by its row of ACTIONS")]
pub enum Action {
    Down,
    Up,
    Top,
    Bottom,
    PageDown,
    PageUp,
    HalfPageDown,
    HalfPageUp,
    NextUnreviewed,
    PreviousUnreviewed,
    NextPane,
    PreviousPane,
    Zoom,
    Open,
    ScrollDown,
    ScrollUp,
    Wider,
    Narrower,
    Reviewed,
    Flagged,
    FlagAgain,
    Skipped,
    Unreviewed,
    Mark,
    MarkRange,
    MarkAll,
    /// Ticks the item with this number, from 1.
    Tick(u8),
    NextHit,
    PreviousHit,
    Reveal,
    Note,
    EditNote,
    Undo,
    Redo,
    History,
    Changes,
    TakeOver,
    Filter,
    Sort,
    Clear,
    Problems,
    Facets,
    Queries,
    Numbers,
    Mouse,
    Command,
    AutoAdvance,
    HideDecided,
    ReadOn,
    OpenLink,
    Copy,
    CopyTitle,
    Help,
    Suspend,
    Quit,
}

/// Where an action stands in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Going through the list and the panes.
    Move,
    /// Deciding.
    Decide,
    /// Choosing many posts to decide on.
    Mark,
    /// Choosing what is listed.
    Find,
    /// The program itself.
    Desk,
}

impl Group {
    /// In the order of the help.
    pub const ALL: [Self; 5] = [Self::Move, Self::Decide, Self::Mark, Self::Find, Self::Desk];

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::Decide => "Decide",
            Self::Mark => "Mark",
            Self::Find => "Find",
            Self::Desk => "Desk",
        }
    }
}

/// One action: what a keymap calls it and what the help says.
#[derive(Debug)]
pub struct ActionRow {
    /// The action.
    pub action: Action,
    /// Its name in a keymap.
    pub name: &'static str,
    /// One line for the help; blank where the line before speaks for it as well.
    pub help: &'static str,
    /// Where it stands in the help.
    pub group: Group,
}

const fn row(group: Group, action: Action, name: &'static str, help: &'static str) -> ActionRow {
    ActionRow { action, name, help, group }
}

/// Every action.
pub const ACTIONS: &[ActionRow] = &[
    row(Group::Move, Action::Down, "down", "the next post; in other panes a line down"),
    row(Group::Move, Action::Up, "up", "the post before; in other panes a line up"),
    row(Group::Move, Action::Top, "top", "to the first"),
    row(Group::Move, Action::Bottom, "bottom", "to the last"),
    row(Group::Move, Action::PageDown, "page-down", "a page down"),
    row(Group::Move, Action::PageUp, "page-up", "a page up"),
    row(Group::Move, Action::HalfPageDown, "half-page-down", "half a page down"),
    row(Group::Move, Action::HalfPageUp, "half-page-up", "half a page up"),
    row(Group::Move, Action::NextUnreviewed, "next-unreviewed", "to the next unreviewed post of the view"),
    row(Group::Move, Action::PreviousUnreviewed, "previous-unreviewed", "to the unreviewed post before"),
    row(Group::Move, Action::NextPane, "next-pane", "to the next pane: list, article, meta, checklist"),
    row(Group::Move, Action::PreviousPane, "previous-pane", "to the pane before"),
    row(Group::Move, Action::Open, "open", "to the article"),
    row(Group::Move, Action::Zoom, "zoom", "the pane alone on the screen, and back"),
    row(Group::Move, Action::ScrollDown, "scroll-down", "the article half a page down, from any pane"),
    row(Group::Move, Action::ScrollUp, "scroll-up", "the article half a page up, from any pane"),
    row(Group::Move, Action::Wider, "wider", "the list wider; the mouse drags its border as well"),
    row(Group::Move, Action::Narrower, "narrower", "the list narrower"),
    row(
        Group::Move,
        Action::ReadOn,
        "read-on",
        "a page of the article on; at its end the next unreviewed post",
    ),
    row(Group::Decide, Action::Reviewed, "reviewed", "fit to go out; on to the next unreviewed"),
    row(
        Group::Decide,
        Action::Flagged,
        "flagged",
        "something is wrong: a digit gives the reason and is final; or type it, and a note",
    ),
    row(Group::Decide, Action::Skipped, "skipped", "come back to it later"),
    row(Group::Decide, Action::Unreviewed, "unreviewed", "take the decision back to unreviewed"),
    row(Group::Decide, Action::FlagAgain, "flag-again", "flag with the same reasons as the last time"),
    row(
        Group::Mark,
        Action::Mark,
        "mark",
        "mark the post, or take the mark away, and go down; then decide on all marked",
    ),
    row(
        Group::Mark,
        Action::MarkRange,
        "mark-range",
        "begin a range of posts at the cursor, and mark it where it ends",
    ),
    row(Group::Mark, Action::MarkAll, "mark-all", "mark everything in the list, or take these marks away"),
    row(Group::Decide, Action::Tick(1), "tick-1", "tick an item of the checklist, or take the tick away"),
    row(Group::Decide, Action::Tick(2), "tick-2", ""),
    row(Group::Decide, Action::Tick(3), "tick-3", ""),
    row(Group::Decide, Action::Tick(4), "tick-4", ""),
    row(Group::Decide, Action::Tick(5), "tick-5", ""),
    row(Group::Decide, Action::Tick(6), "tick-6", ""),
    row(Group::Decide, Action::Tick(7), "tick-7", ""),
    row(Group::Decide, Action::Tick(8), "tick-8", ""),
    row(Group::Decide, Action::Tick(9), "tick-9", ""),
    row(Group::Decide, Action::Note, "note", "a note on the post"),
    row(
        Group::Decide,
        Action::EditNote,
        "edit-note",
        "a note, in your own editor ($VISUAL, $EDITOR); in a prompt: ctrl-o",
    ),
    row(Group::Decide, Action::Undo, "undo", "undo your last decision, also one of an earlier day"),
    row(Group::Decide, Action::Redo, "redo", "redo what was undone"),
    row(
        Group::Decide,
        Action::History,
        "history",
        "what was decided on the post so far; undo takes back the step that is chosen there",
    ),
    row(
        Group::Decide,
        Action::Changes,
        "changes",
        "mark what has changed in a stale post since it was decided on, and back",
    ),
    row(
        Group::Decide,
        Action::TakeOver,
        "take-over",
        "take over the decision on the same text under an id that is gone",
    ),
    row(Group::Find, Action::Filter, "filter", "type a query; the list follows every letter"),
    row(Group::Find, Action::Sort, "sort", "choose the order: adds sort: to the query"),
    row(
        Group::Find,
        Action::NextHit,
        "next-hit",
        "to the next place in the article that text: has found; without text:, a note",
    ),
    row(Group::Find, Action::PreviousHit, "previous-hit", "to the place before"),
    row(
        Group::Find,
        Action::Reveal,
        "reveal",
        "name what is not seen in the article: joiners, odd blanks, letters like others; and back",
    ),
    row(
        Group::Find,
        Action::Clear,
        "clear",
        "back: close, unzoom, to the list, clear the marks, then the filter",
    ),
    row(Group::Find, Action::HideDecided, "hide-decided", "decided posts leave the list, or come back"),
    row(
        Group::Find,
        Action::Facets,
        "facets",
        "how many posts of the list have each value; enter adds one to the query, - excludes it, again: out",
    ),
    row(
        Group::Find,
        Action::Queries,
        "queries",
        "the queries that have a name, each with its number of posts",
    ),
    row(Group::Find, Action::Problems, "problems", "the records that could not be read"),
    row(
        Group::Desk,
        Action::Numbers,
        "numbers",
        "how far the reviewing has got, at which pace, and what is left",
    ),
    row(
        Group::Desk,
        Action::Mouse,
        "mouse",
        "the mouse off, so that the terminal selects text itself, and on again",
    ),
    row(Group::Desk, Action::Command, "command", "any action, setting or command by its name"),
    row(
        Group::Desk,
        Action::AutoAdvance,
        "auto-advance",
        "a decision goes on to the next unreviewed post, or stays",
    ),
    row(
        Group::Desk,
        Action::OpenLink,
        "open-link",
        "the links of the post; one is opened after it was shown whole",
    ),
    row(
        Group::Desk,
        Action::Copy,
        "copy",
        "send the id to the clipboard of the terminal; a link, where links are listed",
    ),
    row(Group::Desk, Action::CopyTitle, "copy-title", "the same with the title"),
    row(Group::Desk, Action::Help, "help", "every key and every field of the query"),
    row(Group::Desk, Action::Suspend, "suspend", "to the shell; fg comes back"),
    row(Group::Desk, Action::Quit, "quit", "leave; waits until every decision is on disk"),
];

impl Action {
    /// The row of this action.
    pub fn row(self) -> Option<&'static ActionRow> {
        ACTIONS.iter().find(|row| row.action == self)
    }

    /// Other words that people look for it by.
    pub const fn also(self) -> &'static str {
        match self {
            Self::Down | Self::Up => "cursor line arrow",
            Self::Top => "beginning start home",
            Self::Bottom => "end",
            Self::NextUnreviewed | Self::PreviousUnreviewed => "undecided open todo",
            Self::NextPane | Self::PreviousPane => "window focus switch",
            Self::Zoom => "full screen fullscreen maximise",
            Self::Wider | Self::Narrower => "resize width split",
            Self::Reviewed => "approve accept ok good done",
            Self::Flagged => "reject bad wrong reason",
            Self::Skipped => "postpone later defer",
            Self::Unreviewed => "reset undecide",
            Self::Mark | Self::MarkRange | Self::MarkAll => "select selection bulk many visual",
            Self::Tick(_) => "check checkbox todo",
            Self::Note | Self::EditNote => "comment remark write",
            Self::Undo => "revert take back",
            Self::Redo => "again repeat",
            Self::History => "log who when earlier",
            Self::Changes => "diff stale difference",
            Self::Filter => "search query find",
            Self::Sort => "order",
            Self::NextHit | Self::PreviousHit => "search find match",
            Self::Reveal => "invisible hidden unicode",
            Self::Clear => "back reset escape cancel",
            Self::HideDecided => "show hidden todo",
            Self::Problems => "errors warnings broken rejected",
            Self::Numbers => "statistics stats pace progress count",
            Self::Mouse => "select copy",
            Self::Command => "palette menu",
            Self::AutoAdvance => "jump stay",
            Self::OpenLink => "url browser address",
            Self::Copy | Self::CopyTitle => "yank clipboard",
            Self::Help => "keys shortcuts",
            Self::Suspend => "background shell",
            Self::Quit => "exit leave close",
            _ => "",
        }
    }

    /// The action that a keymap calls `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        ACTIONS.iter().find(|row| row.name == name).map(|row| row.action)
    }
}
