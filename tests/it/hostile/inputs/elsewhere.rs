//! Groups that other tests prove.

/// What other tests prove: the group, the input, what is expected, the test.
pub const PROVED_ELSEWHERE: &[(u8, &str, &str, &str)] = &[
    (
        19,
        "a line of 1 GB; 10 GB of nothing; 100 million blank lines",
        "bounded memory, keys answered",
        "`tests/it/sizes.rs`",
    ),
    (
        46,
        "patterns and words made to take long, over a million posts",
        "the next key is answered",
        "`tests/it/hostile` `a_bomb_of_a_query_ends_with_the_next_key`",
    ),
    (
        52,
        "the file truncated, replaced, removed, grown",
        "shown, no crash, no wrong body",
        "`tests/it/follow.rs`",
    ),
    (53, "the same size and time, other posts", "noticed when a post is opened", "`tests/it/follow.rs`"),
    (
        54,
        "a clock at 1970 or 2100, `TZ=garbage`",
        "UTC is shown, no clock is trusted",
        "every run here has `TZ=garbage`; `review::state` properties",
    ),
    (59, "a million decisions", "read in a second", "`benches/replay.rs`"),
    (
        63,
        "planted temporary names",
        "never followed: `O_EXCL`, random",
        "`tests/it/hostile` `nothing_planted_is_followed`",
    ),
    (64, "the log replaced or rewound", "noticed before the next append", "`tests/it/others.rs`"),
    (65, "a lock held for ever", "told with its holder, nothing freezes", "`tests/it/others.rs`"),
    (66, "locks that do not work", "a log of one's own", "`tests/crash` `errors` (ENOLCK)"),
    (
        67,
        "disk full at open, append, sync, compaction",
        "never acknowledged, the old log whole",
        "`tests/crash` `full`, `errors`, `compact`",
    ),
    (
        68,
        "no home, a relative or unwritable data folder",
        "works, told",
        "`tests/it/hostile` `no_home_is_no_harm`",
    ),
    (69, "links that are none", "never opened", "proved by `tests/it/links.rs`"),
    (71, "an export over posts, log, links", "refused", "proved by `tests/it/export.rs`"),
    (73, "an editor with arguments, blanks, none", "no shell, the note kept", "proved by `tests/endings`"),
    (
        75,
        "pastes, floods of the mouse, replies as keys",
        "text only",
        "`tests/it/hostile` `the_screen_stays_whole` (paste); proved by",
    ),
];
