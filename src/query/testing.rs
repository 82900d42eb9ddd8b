//! Posts, decisions and queries made up at random, and what a person would do with them who reads
//! post by post and knows of no column.

#![allow(clippy::cast_precision_loss)]

use std::fmt::Write;
use std::ops::ControlFlow;

use jiff::Timestamp;
use jiff::civil::Date;
use proptest::prelude::*;

use super::field::{Choice, Field, Kind};
use super::fuzzy::fold;
use super::{Age, DateRange, Expr, FIELDS, NumberRange, Posts, SortKey, Standings, Term, Text};
use crate::corpus::search::Sought;
use crate::corpus::{Corpus, Loaded, Row, RowRef, Sources, body, load};
use crate::model::host::host_of;
use crate::model::{Day, Post, Status, Value};
use crate::review::Standing;

/// The day that ages are counted from.
pub(super) const TODAY: Day = Day(20_000);

/// Loaded posts, what was decided about them, and the same as a person would have it.
#[derive(Debug)]
pub(super) struct Desk {
    sources: Sources,
    corpus: Corpus,
    standings: Standings,
    whole: Vec<Post>,
    judged: Vec<Standing>,
    doubtful: Vec<bool>,
}

impl Desk {
    fn new(files: &[Vec<String>], judged: &[Standing]) -> Self {
        let names = (0..).map(|number| format!("{number}.jsonl"));
        let bytes = files.iter().map(|lines| lines.concat().into_bytes());
        let sources = Sources::in_memory(names.zip(bytes).collect());
        let (mut corpus, mut doubts) = (Corpus::default(), Vec::new());
        load(&sources, &mut |loaded| {
            match loaded {
                Loaded::Segment(segment) => drop(corpus.push(segment)),
                Loaded::Problem(problem) => doubts.push((problem.file, problem.line)),
                _ => {}
            }
            ControlFlow::Continue(())
        });
        let mut standings = Standings::default();
        standings.resize(corpus.len());
        let (mut whole, mut doubtful, mut all) = (Vec::new(), Vec::new(), Vec::new());
        for (row, standing) in corpus.rows().zip(judged.iter().cycle()) {
            let post = corpus.get(row).unwrap();
            let place =
                (sources.get(post.source()).unwrap().name().to_owned(), Some(u64::from(post.place().line)));
            doubtful.push(doubts.contains(&place));
            whole.push(body::read(&sources, post).unwrap());
            standings.judge(row, standing);
            all.push(standing.clone());
        }
        Self { sources, corpus, standings, whole, judged: all, doubtful }
    }

    pub(super) fn posts(&self) -> Posts<'_> {
        Posts { sources: &self.sources, corpus: &self.corpus, standings: &self.standings, today: TODAY }
    }

    pub(super) fn len(&self) -> usize {
        self.whole.len()
    }

    pub(super) fn row(&self, at: usize) -> RowRef<'_> {
        self.corpus.get(Row(u32::try_from(at).unwrap())).unwrap()
    }

    pub(super) fn standing(&self, at: usize) -> &Standing {
        &self.judged[at]
    }

    fn is_decided(&self, at: usize) -> bool {
        self.judged[at].decided != Status::Unreviewed
    }

    /// The words that a post has in a field.
    pub(super) fn words(&self, field: &Field, at: usize) -> Vec<String> {
        let (post, standing) = (&self.whole[at], &self.judged[at]);
        let list = |name| post.list(name).map(str::to_owned).collect::<Vec<_>>();
        let one =
            |value: Option<&Value>| value.and_then(Value::as_text).map(str::to_owned).into_iter().collect();
        let under = |name: &str, key: &str| post.get(name).and_then(|map| map.get(key));
        let objects = |name| post.get(name).map_or(&[][..], Value::items).iter();
        let words: Vec<String> = match field.name {
            "stack" => list("stack"),
            "tool" => list("tools"),
            "lang" => one(post.get("code_language")),
            "difficulty" => one(post.get("difficulty")),
            "topic" => one(post.get("topic")),
            "claimed" => one(under("revision", "status")),
            "version" => one(under("revision", "version")),
            "entity" => objects("entities").flat_map(|entity| one(entity.get("name"))).collect(),
            "host" => {
                let addresses =
                    objects("image_sources").flat_map(|image| [image.get("source"), image.get("url")]);
                addresses
                    .flatten()
                    .filter_map(|value| Some(host_of(value.as_text()?)?.into_owned()))
                    .collect()
            }
            "flag" => post.flags().filter(|(_, is_set)| *is_set).map(|(name, _)| name.to_owned()).collect(),
            "by" if self.is_decided(at) => vec![standing.by.clone()],
            "why" if self.is_decided(at) => standing.why.clone(),
            "by" | "why" => Vec::new(),
            name => panic!("{name} holds no words"),
        };
        words.into_iter().filter(|word| !word.is_empty()).collect()
    }

    fn number(&self, field: &Field, at: usize) -> Option<f64> {
        let post = &self.whole[at];
        let hundredths = |score: f32| (f64::from(score) * 100.0).round() / 100.0;
        let axes: Vec<(&str, f32)> = post.score_axes().collect();
        let count = |value: Option<&Value>| {
            value.and_then(|value| value.to_string().parse::<u32>().ok()).map(f64::from)
        };
        match field.name {
            "score" => post.score().map(hundredths),
            "score.min" => axes.iter().map(|(_, score)| *score).reduce(f32::min).map(hundredths),
            "views" => count(post.get("view_count")),
            "minutes" => count(post.get("reading_time")),
            "images" => Some(post.images().count() as f64),
            "paragraphs" => count(post.get("payload").and_then(|payload| payload.get("paragraphs"))),
            name => axes.iter().find(|(axis, _)| *axis == name).map(|(_, score)| hundredths(*score)),
        }
    }

    fn date(&self, field: &Field, at: usize) -> Option<Date> {
        if field.name == "decided" {
            let at = self.judged[at].at.filter(|_| self.is_decided(at))?;
            return at.to_string().get(..10)?.parse().ok();
        }
        let text = self.whole[at].get("revision")?.get("last_reviewed")?.as_text()?;
        let date: Date = text.get(..10)?.parse().ok()?;
        (date.year() >= 1970 && text.len() == 10).then_some(date)
    }

    fn chooses(&self, choice: &Choice, at: usize) -> bool {
        let standing = &self.judged[at];
        match choice.name {
            "decided" => self.is_decided(at),
            "stale" => standing.stale,
            "conflict" => standing.conflict,
            "contradiction" => !self.whole[at].contradictions().is_empty(),
            "suspicious" => self.whole[at].is_suspicious(),
            "problem" => self.doubtful[at],
            "noted" => standing.notes().any(|note| !note.is_empty()),
            status => standing.status.name() == status,
        }
    }

    /// Whether a post passes.
    pub(super) fn passes(&self, expression: &Expr, at: usize) -> bool {
        let post = &self.whole[at];
        match expression {
            Expr::And(parts) => parts.iter().all(|part| self.passes(part, at)),
            Expr::Or(parts) => parts.iter().any(|part| self.passes(part, at)),
            Expr::Not(part) => !self.passes(part, at),
            Expr::Term(Term::Fuzzy(word)) => {
                let title = fold(&post.title);
                let mut letters = title.chars();
                word.chars().all(|wanted| letters.any(|letter| letter == wanted))
            }
            Expr::Term(Term::Exact(words)) => fold(&post.title).contains(words),
            Expr::Term(Term::Text(text)) => text.sought.is_in(&post.body) || text.sought.is_in(&post.title),
            Expr::Term(Term::Number { field, range }) => {
                self.number(field, at).is_some_and(|number| range.contains(number))
            }
            Expr::Term(Term::Date { field, range }) => {
                self.date(field, at).is_some_and(|date| is_within(date, *range))
            }
            Expr::Term(Term::Word { field, value }) => self.has(field, &fold(value), at),
        }
    }

    fn has(&self, field: &Field, value: &str, at: usize) -> bool {
        let (post, standing) = (&self.whole[at], &self.judged[at]);
        match field.kind {
            Kind::Id => fold(post.id.as_str()).contains(value),
            Kind::Title => fold(&post.title).contains(value),
            Kind::Reference => fold(post.text("reference").unwrap_or_default()).contains(value),
            Kind::Note => {
                fold(&standing.notes().collect::<Vec<_>>().join("\n")).contains(value)
                    && standing.notes().any(|note| !note.is_empty())
            }
            Kind::Choice(choices) => {
                choices.iter().any(|choice| choice.name == value && self.chooses(choice, at))
            }
            Kind::Hosts(_) => {
                let wanted = host_of(value).map_or_else(|| value.trim().to_owned(), Into::into);
                let below = format!(".{wanted}");
                let has = |host: &String| !wanted.is_empty() && (*host == wanted || host.ends_with(&below));
                self.words(field, at).iter().any(has)
            }
            _ if value.is_empty() => {
                let is_single = match field.kind {
                    Kind::Words(column) => column.is_single(),
                    kind => matches!(kind, Kind::By),
                };
                is_single && self.words(field, at).is_empty()
            }
            _ => self.words(field, at).iter().any(|word| has_word(word, value)),
        }
    }

    /// What a post is ordered by; nothing where it has nothing of the kind.
    pub(super) fn key(&self, field: &'static Field, at: usize) -> Option<Ranked> {
        let first = |words: Vec<String>| words.first().map(|word| Ranked::Text(fold(word)));
        let text = |text: &str| (!text.is_empty()).then(|| Ranked::Text(fold(text)));
        let post = &self.whole[at];
        match field.kind {
            Kind::Number(_) => self.number(field, at).map(Ranked::Number),
            Kind::Date(_) => self.date(field, at).map(|date| Ranked::Text(date.to_string())),
            Kind::Decided => {
                let at = self.judged[at].at.filter(|_| self.is_decided(at))?;
                Some(Ranked::Number(at.as_second() as f64))
            }
            Kind::Words(_) | Kind::Hosts(_) | Kind::By | Kind::Why => first(self.words(field, at)),
            Kind::Id => text(post.id.as_str()),
            Kind::Title => text(&post.title),
            Kind::Reference => text(post.text("reference").unwrap_or_default()),
            Kind::Choice(choices) => {
                let first = choices.iter().position(|choice| self.chooses(choice, at));
                first.map(|first| Ranked::Number(first as f64))
            }
            Kind::Text | Kind::Note => panic!("no order"),
        }
    }
}

/// What posts are ordered by.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(super) enum Ranked {
    Number(f64),
    Text(String),
}

/// Whether a word stands in a text as a whole word, `-` and `_` as good as a blank.
fn has_word(text: &str, word: &str) -> bool {
    let plain = |text: &str| fold(text).replace(['-', '_'], " ").chars().collect::<Vec<_>>();
    let (text, word) = (plain(text), plain(word));
    let edge = |at: Option<&char>| at.is_none_or(|c| !c.is_alphanumeric());
    (0..text.len()).any(|at| {
        text[at..].starts_with(&word)
            && edge(at.checked_sub(1).and_then(|before| text.get(before)))
            && edge(text.get(at + word.len()))
    })
}

fn is_within(date: Date, range: DateRange) -> bool {
    let day = |day: Day| day.to_string().parse::<Date>().unwrap();
    let ago = |age: Age| {
        let months = jiff::Span::new().months(i64::from(age.months));
        let date = day(TODAY).checked_sub(months).unwrap();
        date.checked_sub(jiff::Span::new().days(i64::from(age.days))).unwrap()
    };
    match range {
        DateRange::Days { from, to } => {
            from.is_none_or(|from| date >= day(from)) && to.is_none_or(|to| date <= day(to))
        }
        DateRange::Older { than, is_strict } => date < ago(than) || (!is_strict && date == ago(than)),
        DateRange::Younger { than, is_strict } => date > ago(than) || (!is_strict && date == ago(than)),
        DateRange::Between { least, most } => date >= ago(most) && date <= ago(least),
    }
}

const WORDS: [&str; 16] = [
    "go",
    "Go",
    "python services",
    "python",
    "Python",
    "c++",
    "alert fatigue",
    "alert-fatigue / go",
    "x,y",
    "a (b)",
    "é Ö",
    "image_heavy",
    "needs \\\"quotes\\\"",
    "mara",
    "1.0.3",
    "",
];
const HOSTS: [&str; 7] = [
    "example.org",
    "CDN.example.org",
    "https://cdn.example.org/a.png",
    "http://img.example.org:80/x",
    "my picture",
    "org",
    "",
];
const DATES: [&str; 9] = [
    "2024-10-04",
    "2024-10-03",
    "2024-09-04",
    "2022-10-04",
    "2019-03-05",
    "2019-12-31",
    "2019-02-30",
    "soon",
    "1969-12-31",
];
const NAMES: [&str; 4] = ["reviewed", "draft", "approved", "1"];

fn words(most: usize) -> impl Strategy<Value = String> {
    let word = prop::sample::select(WORDS.to_vec()).prop_map(|word| format!("\"{word}\""));
    prop::collection::vec(word, 0..=most).prop_map(|words| format!("[{}]", words.join(",")))
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(WORDS.to_vec()).prop_map(|word| format!("\"{word}\""))
}

fn fields() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let text = prop::sample::select([&NAMES[..], &HOSTS[..], &DATES[..]].concat());
    let images = prop::collection::vec(
        (prop::sample::select(HOSTS.to_vec()), prop::sample::select(HOSTS.to_vec())),
        0..3,
    );
    let images = images.prop_map(|images| {
        let image = |(source, url): &(&str, &str)| format!("{{\"source\":\"{source}\",\"url\":\"{url}\"}}");
        format!("[{}]", images.iter().map(image).collect::<Vec<_>>().join(","))
    });
    let entities = prop::collection::vec(word(), 0..3).prop_map(|names| {
        format!("[{}]", names.iter().map(|name| format!("{{\"name\":{name}}}")).collect::<Vec<_>>().join(","))
    });
    let revision = (prop::sample::select(NAMES.to_vec()), word(), prop::sample::select(DATES.to_vec()))
        .prop_map(|(status, version, date)| {
            format!("{{\"status\":\"{status}\",\"version\":{version},\"last_reviewed\":\"{date}\"}}")
        });
    let score = prop::collection::vec(0..=100_u8, 5).prop_map(|axes| {
        let names = ["quality", "freshness", "depth", "clarity", "tone"];
        let axes = names.iter().zip(axes).map(|(name, axis)| format!("\"{name}\":{axis}"));
        format!("{{{}}}", axes.collect::<Vec<_>>().join(","))
    });
    let flags = (0..2_u8, 0..2_u8)
        .prop_map(|(heavy, review)| format!("{{\"image_heavy\":{heavy},\"needs_human_review\":{review}}}"));
    let field = prop_oneof![
        "[a-cA-C é]{0,8}".prop_map(|title| ("title", format!("\"{title}\""))),
        "[a-cA-C ]{0,8}".prop_map(|body| ("body", format!("\"{body}\""))),
        words(3).prop_map(|words| ("stack", words)),
        words(3).prop_map(|words| ("tools", words)),
        word().prop_map(|word| ("code_language", word)),
        word().prop_map(|word| ("difficulty", word)),
        word().prop_map(|word| ("topic", word)),
        text.prop_map(|text| ("reference", format!("\"{text}\""))),
        images.prop_map(|images| ("image_sources", images)),
        entities.prop_map(|entities| ("entities", entities)),
        revision.prop_map(|revision| ("revision", revision)),
        score.prop_map(|score| ("score", score)),
        flags.prop_map(|flags| ("flags", flags)),
        (0..100_000_u32).prop_map(|views| ("view_count", views.to_string())),
        (0..40_u32).prop_map(|minutes| ("reading_time", minutes.to_string())),
        (0..40_u32).prop_map(|count| ("payload", format!("{{\"paragraphs\":{count}}}"))),
    ];
    prop::collection::vec(field, 0..14)
}

fn standing() -> impl Strategy<Value = Standing> {
    let word = || prop::sample::select(WORDS.to_vec()).prop_map(str::to_owned);
    let second = prop_oneof![19_900_i64 * 86_400..20_001 * 86_400, 1..20_000 * 86_400_i64];
    let bits = (any::<bool>(), any::<bool>());
    (
        prop::sample::select(Status::ALL.to_vec()),
        bits,
        prop::collection::vec(word(), 0..3),
        word(),
        word(),
        second,
    )
        .prop_map(|(decided, (stale, conflict), why, by, note, second)| Standing {
            status: if stale { Status::Unreviewed } else { decided },
            decided,
            stale,
            conflict,
            why,
            note: Some(note),
            by,
            at: Timestamp::from_second(second).ok(),
            ..Standing::default()
        })
}

/// Some posts in one to three files, some with the same field twice, which is doubtful.
pub(super) fn desk() -> impl Strategy<Value = Desk> {
    let post = (fields(), any::<bool>());
    let files = prop::collection::vec(prop::collection::vec(post, 1..8), 1..4);
    (files, prop::collection::vec(standing(), 1..6)).prop_map(|(files, judged)| {
        let mut number = 0;
        let mut line = |(fields, repeats): &(Vec<(&str, String)>, bool)| {
            number += 1;
            let mut line = format!("{{\"id\":\"P-{number}\"");
            let mut seen: Vec<&str> = Vec::new();
            for (name, value) in fields {
                if *repeats || !seen.contains(name) {
                    write!(line, ",\"{name}\":{value}").unwrap();
                }
                seen.push(name);
            }
            line + "}\n"
        };
        let files: Vec<Vec<String>> =
            files.iter().map(|posts| posts.iter().map(&mut line).collect()).collect();
        Desk::new(&files, &judged)
    })
}

fn range() -> impl Strategy<Value = NumberRange> {
    let number =
        prop_oneof![(0..200_u32).prop_map(f64::from), (0..1000_u32).prop_map(|n| f64::from(n) / 8.0)];
    (number, 0..50_u32, 0..5_u8).prop_map(|(low, more, kind)| {
        let all = NumberRange::default();
        let (low, high) = (Some(low), Some(low + f64::from(more)));
        match kind {
            0 => NumberRange { low, ..all },
            1 => NumberRange { low, above_low: true, ..all },
            2 => NumberRange { high, ..all },
            3 => NumberRange { high, below_high: true, ..all },
            _ => NumberRange { low, high, ..all },
        }
    })
}

fn dates() -> impl Strategy<Value = DateRange> {
    let day = prop_oneof![
        prop::sample::select(DATES.to_vec()).prop_map(Day::parse),
        any::<u16>().prop_map(|day| Some(Day(day)).filter(|day| *day <= Day::LAST))
    ];
    let days = (day.clone(), day).prop_map(|(from, to)| DateRange::Days { from, to });
    let age = || (0..60_u32, 0..400_u32).prop_map(|(months, days)| Age { months, days });
    prop_oneof![
        days,
        (age(), any::<bool>()).prop_map(|(than, is_strict)| DateRange::Older { than, is_strict }),
        (age(), any::<bool>()).prop_map(|(than, is_strict)| DateRange::Younger { than, is_strict }),
        (age(), age()).prop_map(|(least, most)| DateRange::Between { least, most }),
    ]
}

/// A term of any row of the table.
pub(super) fn term_of(field: &'static Field) -> BoxedStrategy<Term> {
    let pool: Vec<&str> =
        [&WORDS[..], &HOSTS[..], &NAMES[..], &["P-1", "cdn.example.org", "services"]].concat();
    let value = prop_oneof![
        prop::sample::select(pool).prop_map(|word| word.replace('\\', "")),
        "[ a-zA-Z\"\\\\().,:é@-]{0,8}",
    ];
    match field.kind {
        Kind::Number(_) => range().prop_map(move |range| Term::Number { field, range }).boxed(),
        Kind::Date(_) | Kind::Decided => dates().prop_map(move |range| Term::Date { field, range }).boxed(),
        Kind::Choice(choices) => {
            let names: Vec<&str> = choices.iter().map(|choice| choice.name).collect();
            let word = |name: &str| name.to_owned();
            prop::sample::select(names).prop_map(move |name| Term::Word { field, value: word(name) }).boxed()
        }
        Kind::Text => "[a-cB ]{1,3}"
            .prop_map(|value| {
                let sought = Sought::words(&value).unwrap();
                Term::Text(Text { value, is_pattern: false, sought })
            })
            .boxed(),
        _ => value.prop_map(move |value| Term::Word { field, value }).boxed(),
    }
}

/// A term of any kind.
pub(super) fn any_term() -> impl Strategy<Value = Expr> {
    let of_field = prop::sample::select(FIELDS.iter().collect::<Vec<_>>()).prop_flat_map(term_of);
    let word = "[a-cé][a-z0-9é-]{0,6}"
        .prop_filter("a word of the language", |word| !["or", "and", "not"].contains(&word.as_str()));
    prop_oneof![
        6 => of_field,
        1 => word.prop_map(|word| Term::Fuzzy(fold(&word))),
        1 => "[ a-c\"\\\\()é:@-]{0,3}".prop_map(|words| Term::Exact(fold(&words))),
    ]
    .prop_map(Expr::Term)
}

/// Keys of an order.
pub(super) fn any_keys() -> impl Strategy<Value = Vec<SortKey>> {
    let fields: Vec<&'static Field> = FIELDS.iter().filter(|field| field.is_sort_key()).collect();
    let key = (prop::sample::select(fields), any::<bool>());
    prop::collection::vec(key.prop_map(|(field, descending)| SortKey { field, descending }), 0..3)
}
