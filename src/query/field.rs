//! The fields of the query language. One row each: parser, filter, sort and help all read it here.

use super::standings::Badge;
use crate::corpus::{NumberColumn, WordColumn};
use crate::model::Status;

/// What a field holds, and where it is read. Where `field:value` finds parts of a value, `field=value` finds
/// posts one of whose values it is as a whole, in any case, and `field=""` those that have none.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Words: `field:value` finds a word that is the value or holds it as a whole word.
    Words(WordColumn),
    /// Hosts: `field:value` finds the host itself and those below it.
    Hosts(WordColumn),
    /// The id: `field:value` finds it anywhere in it.
    Id,
    /// What the post is called elsewhere: `field:value` finds it anywhere in it.
    Reference,
    /// The title: `field:value` finds it anywhere in it.
    Title,
    /// Title and body: `field:value` finds it anywhere in them.
    Text,
    /// A number: compared, or between two.
    Number(NumberColumn),
    /// A day: compared with days and ages, or between two.
    Date(NumberColumn),
    /// Who decided: as [`Kind::Words`].
    By,
    /// The reasons of a decision: as [`Kind::Words`].
    Why,
    /// A note: `field:value` finds it anywhere in it.
    Note,
    /// The day of the decision: as [`Kind::Date`].
    Decided,
    /// One of a few answers, each with its own test.
    Choice(&'static [Choice]),
}

/// One of the values that a field of [`Kind::Choice`] takes.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// The value.
    pub name: &'static str,
    /// Whether a post has it.
    pub test: ChoiceTest,
}

/// Whether a post has one of the values of a field.
#[derive(Clone, Copy, Debug)]
pub enum ChoiceTest {
    /// By what was decided about it.
    Decided(fn(Badge) -> bool),
    /// It contradicts itself.
    Contradiction,
    /// It hides something.
    Suspicious,
    /// Something about it was doubtful when it was read.
    Doubtful,
    /// There is a note on it.
    Noted,
}

/// One field.
pub struct Field {
    /// Its name in a query.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// One line for the help.
    pub help: &'static str,
    /// A term that uses it.
    pub example: &'static str,
    /// What it holds.
    pub kind: Kind,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Field({})", self.name)
    }
}

impl Eq for Field {}

/// A field is its name.
impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

const fn field(name: &'static str, example: &'static str, help: &'static str, kind: Kind) -> Field {
    Field { name, aliases: &[], help, example, kind }
}

const fn decided(name: &'static str, test: fn(Badge) -> bool) -> Choice {
    Choice { name, test: ChoiceTest::Decided(test) }
}

const STATUSES: &[Choice] = &[
    decided("unreviewed", |badge| badge.status == Status::Unreviewed),
    decided("reviewed", |badge| badge.status == Status::Reviewed),
    decided("flagged", |badge| badge.status == Status::Flagged),
    decided("skipped", |badge| badge.status == Status::Skipped),
];

const CONDITIONS: &[Choice] = &[
    decided("decided", |badge| badge.decided != Status::Unreviewed),
    decided("stale", |badge| badge.stale),
    decided("conflict", |badge| badge.conflict),
    Choice { name: "contradiction", test: ChoiceTest::Contradiction },
    Choice { name: "suspicious", test: ChoiceTest::Suspicious },
    Choice { name: "problem", test: ChoiceTest::Doubtful },
    Choice { name: "noted", test: ChoiceTest::Noted },
];

/// Every field of the query language.
pub const FIELDS: &[Field] = &[
    field("stack", "stack:python", "one of the stacks, or a word of it", Kind::Words(WordColumn::Stack)),
    field("tool", "tool:pytest", "one of the tools", Kind::Words(WordColumn::Tools)),
    Field {
        aliases: &["language"],
        ..field("lang", "lang:go", "the language of the code", Kind::Words(WordColumn::Language))
    },
    field(
        "topic",
        "topic:\"alert fatigue\"",
        "what it is about, or words of it",
        Kind::Words(WordColumn::Topic),
    ),
    field(
        "entity",
        "entity:redis",
        "a name among its entities, or a word of it",
        Kind::Words(WordColumn::Entities),
    ),
    field(
        "host",
        "host:dummyimage.com",
        "where one of its images comes from, or a host below it",
        Kind::Hosts(WordColumn::Hosts),
    ),
    field("difficulty", "difficulty:beginner", "the difficulty", Kind::Words(WordColumn::Difficulty)),
    field(
        "status",
        "status:flagged",
        "what was decided: unreviewed reviewed flagged skipped",
        Kind::Choice(STATUSES),
    ),
    field(
        "claimed",
        "claimed:draft",
        "what the post says of its own status",
        Kind::Words(WordColumn::Claimed),
    ),
    field("flag", "flag:image_heavy", "a flag of the post that is set", Kind::Words(WordColumn::Flags)),
    field(
        "is",
        "is:contradiction",
        "decided, stale, conflict, contradiction (two things that cannot both be true), suspicious (hides something), \
         problem (something about it was doubtful when it was read), noted",
        Kind::Choice(CONDITIONS),
    ),
    field(
        "version",
        "version:1.0.3",
        "the version that the post gives itself",
        Kind::Words(WordColumn::Version),
    ),
    field(
        "revised",
        "revised<2019-01-01",
        "when the post says it was last looked at: a day, a month, a year, or an age such as ..2y, the last two \
         years, and 2y.., longer ago",
        Kind::Date(NumberColumn::Revised),
    ),
    field("by", "by:mara", "who decided", Kind::By),
    field("why", "why:image", "a reason of the decision, or a word of it", Kind::Why),
    field("note", "note:caption", "the note on the post, or a part of it", Kind::Note),
    field("decided", "decided:..7d", "the day of the decision in UTC: as revised", Kind::Decided),
    field("id", "id:000101", "the id, or a part of it", Kind::Id),
    Field {
        aliases: &["reference"],
        ..field("ref", "ref:ink-ref-01", "the reference, or a part of it", Kind::Reference)
    },
    field("title", "title:cache", "the title, or a part of it", Kind::Title),
    field(
        "text",
        "text:/retr[iy]/",
        "words or a /pattern/ anywhere in title and body; capitals count if there are any",
        Kind::Text,
    ),
    field("score", "score>=70", "the mean of the axes, 0 to 100", Kind::Number(NumberColumn::Score)),
    field(
        "quality",
        "quality:60..80",
        "an axis of the score; so are the next three",
        Kind::Number(NumberColumn::Quality),
    ),
    field("freshness", "freshness<30", "an axis of the score", Kind::Number(NumberColumn::Freshness)),
    field("depth", "depth>50", "an axis of the score", Kind::Number(NumberColumn::Depth)),
    field("clarity", "clarity:90..", "an axis of the score", Kind::Number(NumberColumn::Clarity)),
    field("score.min", "score.min<20", "the lowest axis of the score", Kind::Number(NumberColumn::Lowest)),
    field("views", "views>10k", "the view count, which is synthetic", Kind::Number(NumberColumn::Views)),
    field("minutes", "minutes<=5", "the reading time in minutes", Kind::Number(NumberColumn::Minutes)),
    field("images", "images=0", "how many image sources there are", Kind::Number(NumberColumn::Images)),
    field(
        "paragraphs",
        "paragraphs>12",
        "how many paragraphs the payload claims",
        Kind::Number(NumberColumn::Paragraphs),
    ),
];

impl Field {
    /// The field with this name or alias, in any case.
    pub fn find(name: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.names().any(|known| known.eq_ignore_ascii_case(name)))
    }

    /// Whether it is about decisions, and not about the post alone.
    pub(super) fn reads_decisions(&self) -> bool {
        matches!(self.kind, Kind::Choice(_) | Kind::By | Kind::Why | Kind::Note | Kind::Decided)
    }

    /// Whether its values are counted in ranges and not one by one.
    pub fn is_counted_in_ranges(&self) -> bool {
        matches!(self.kind, Kind::Number(_) | Kind::Date(_) | Kind::Decided)
    }

    /// Whether posts can be ordered by it. Conditions are no order, and neither is what a text holds.
    pub fn is_sort_key(&self) -> bool {
        self.name != "is" && !matches!(self.kind, Kind::Text | Kind::Note)
    }

    /// Whether `field:a,b` means a or b. What is searched for as a part of a text is taken as it stands.
    pub fn takes_lists(&self) -> bool {
        matches!(self.kind, Kind::Words(_) | Kind::Hosts(_) | Kind::By | Kind::Why | Kind::Choice(_))
    }

    /// Whether `field=value` asks for something else than `field:value`: the whole of a value, where that may
    /// have parts. A choice is whole as it is, and a text is searched and no value.
    pub fn has_wholes(&self) -> bool {
        match self.kind {
            Kind::Words(_)
            | Kind::Hosts(_)
            | Kind::By
            | Kind::Why
            | Kind::Id
            | Kind::Reference
            | Kind::Title
            | Kind::Note => true,
            Kind::Text | Kind::Choice(_) | Kind::Number(_) | Kind::Date(_) | Kind::Decided => false,
        }
    }

    /// Its name and its aliases.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }

    /// The choice with this name, in any case.
    pub(super) fn choice(&self, value: &str) -> Option<&'static Choice> {
        match self.kind {
            Kind::Choice(choices) => choices.iter().find(|choice| choice.name.eq_ignore_ascii_case(value)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Expr, Query, Term};

    #[test]
    fn every_row_has_a_help_and_an_example_that_uses_it() {
        for field in FIELDS {
            assert!(!field.help.is_empty() && !field.help.ends_with('.'), "{}", field.name);
            let query =
                Query::parse(field.example).unwrap_or_else(|error| panic!("{}: {error}", field.example));
            let Some(Expr::Term(term)) = query.expression else {
                panic!("{} is one term of its field", field.example)
            };
            match term {
                Term::Word { field: used, .. }
                | Term::Number { field: used, .. }
                | Term::Date { field: used, .. } => assert_eq!(used, field),
                term => assert!(matches!(term, Term::Text(_)) && matches!(field.kind, Kind::Text)),
            }
            for name in field.names() {
                assert_eq!(Field::find(&name.to_uppercase()), Some(field));
            }
        }
    }

    #[test]
    fn every_status_that_can_be_given_can_be_asked_for() {
        let names: Vec<_> = STATUSES.iter().map(|choice| choice.name).collect();
        assert_eq!(names, Status::ALL.map(Status::name));
    }
}
