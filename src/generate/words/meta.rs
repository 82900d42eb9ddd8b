//! What stands in the meta box.

pub(in crate::generate) const SUMMARIES: &[&str] = &[
    "A walk through %s in %k, from the first symptom to a change that can be taken back, with the figures that decided it.",
    "How a team of %n people handled %o in %k %w, what they measured before, and what they would leave out next time.",
    "An overview of %s for people who know %k but have never had to do it under pressure.",
    "The post explains why %o deserve attention in %k, offers a list to work through, and names two cases where the advice does not hold.",
    "Three short sections on %s with %k: what to look at first, what to change, and what to write down for the next person.",
    "A worked example %w: %o in %k, seen through %t and a good deal of patience.",
    "Practical advice on %s in %k with a plain list of checks, meant to be read beside an open terminal.",
    "The draft compares two ways of %s in %k, prefers the slower one, and says what would change its mind.",
    "What went wrong with %o in %k, in the order in which it was noticed, and the %n lines of code that settled it.",
    "A reminder that %s is mostly reading, shown on a %k project %w.",
    "Readers learn which numbers describe %o in %k, how to collect them with %t, and when to stop collecting.",
    "A plan for %s in %k that fits into one week, with a way back after each of its steps.",
];

pub(in crate::generate) const BRIEFS: &[&str] = &[
    "Written as a field report in a friendly voice. It should name concrete checks, admit what is not known, and never promise that one command repairs every installation.",
    "The outline asks for a calm engineer who explains %s to a colleague. No jokes about other teams, no benchmark without its setup, no more than one list.",
    "Aim for readers who maintain %k alone. Keep the examples small, say where each figure comes from, and end with something that can be done the same day.",
    "An explanatory draft with a beginning, a mistake and a correction. The tone stays modest, and the closing part repeats the way back rather than the success.",
    "Assume that the reader has %t open already. Prefer short sentences, one idea a paragraph, and headings that say what the section is for.",
    "The draft follows the usual order of symptom, measurement, change and proof. It leaves product names out where a plain word will do.",
    "A text for the internal handbook that may be published later. It must not quote customers, and every address in it has to be an example.",
    "Compare before recommending. The brief wants two options for %o, their costs in hours, and a sentence about who should choose neither.",
    "Explain first, instruct second. The list of checks comes from the runbook of %k and was shortened for people outside the team.",
    "Keep it short enough for a train ride. The author was asked to write about %s %w and to leave the tooling debate to the comments.",
];

pub(in crate::generate) const ACTIONS: &[&str] = &[
    "measure twice and change one thing",
    "write the way back before the way forward",
    "start with the smallest installation",
    "ask the owner before the dashboard",
    "keep the old path for one more release",
    "agree on one number and watch it",
    "rehearse it with the person on call",
    "delete what nobody can explain",
    "read the log from the beginning",
    "put the steps into one command",
];

pub(in crate::generate) const CHECKS: &[&str] = &[
    "read the draft aloud once",
    "run the commands on a clean machine",
    "compare the figures with the dashboard",
    "check that every link opens",
    "ask the owner of the service",
    "confirm the version numbers",
    "try the way back",
    "look for names of customers",
    "test with an empty database",
    "test with ten times the data",
    "check the time zone of the dates",
    "replace screenshots of old releases",
    "run the linter over the examples",
    "note who approved the change",
    "verify the limits in the configuration",
    "look at the memory for an hour",
    "restore last night's backup",
    "count the open connections",
    "read the changelog of the tools",
    "remove tokens from the examples",
    "check the contrast of the pictures",
    "ask support for the usual question",
    "make sure the alert still fires",
    "write down the expected result",
    "delete the temporary account",
    "check the spelling of product names",
    "warm the cache and measure again",
    "check the licence of the pictures",
    "tag the release that was tested",
    "schedule the next look",
];

pub(in crate::generate) const NOTES: &[&str] = &[
    "the view count is made up and says nothing about readers",
    "generated for trying out imports, not for publication",
    "the second section could be shorter",
    "ask the author for the original measurements",
    "the picture was taken from the shared folder",
    "imported in one go with the rest of its batch",
    "the outline came first and was not updated afterwards",
    "wording follows the house style of last year",
    "the list repeats the checklist of the meta box on purpose",
    "a translation was planned and never started",
    "check with the platform team before it is indexed",
    "the numbers in the text are examples",
    "an earlier version was longer by a third",
    "mentions a tool that has a new name since",
];

pub(in crate::generate) const TOOLS: &[&str] =
    &["git", "make", "docker", "curl", "grafana", "prometheus", "sentry", "jq", "ripgrep", "a text editor"];

/// What pictures show.
pub(in crate::generate) const PICTURES: &[&str] = &[
    "A graph of %o that falls in steps",
    "Two terminals side by side during %s",
    "A whiteboard with the parts of %k",
    "A sketch of how %o pass through %k",
    "The output of %t before and after",
    "A table of figures with one row marked",
    "A queue drawn as people at a counter",
    "A timeline of the afternoon in six boxes",
];

/// What stands under them.
pub(in crate::generate) const CAPTIONS: &[&str] = &[
    "Figure %n, %o in %k over one working day",
    "How %s looked %w",
    "%k on a good morning, drawn from memory",
    "The same view after the change, %n minutes later",
    "What %t shows while %o misbehave",
    "The plan as it hung on the wall, figure %n",
];

/// Where pictures are at home: names that are kept free for examples (RFC 2606).
pub(in crate::generate) const HOSTS: &[&str] = &[
    "images.example.org",
    "cdn.example.net",
    "media.example.com",
    "static.inkwell.example",
    "figures.example.org",
];

/// Where pictures come from that are none.
pub(in crate::generate) const PLACEHOLDERS: &[&str] =
    &["dummyimage.com", "placehold.co", "via.placeholder.com", "placekitten.com"];

/// What the title of a post says that was there before in nearly the same words.
pub(in crate::generate) const REVISED: &[&str] =
    &["revised", "an update", "second attempt", "with corrections", "one year later", "continued"];
