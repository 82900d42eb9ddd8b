//! Posts, decisions and queries made up at random, and what a person would do with them who reads
//! post by post and knows of no column.

#![allow(clippy::cast_precision_loss)]

mod random;

use std::ops::ControlFlow;

use jiff::civil::Date;

pub(super) use self::random::{any_keys, any_term, desk, term_of};
use super::field::{Choice, Field, Kind};
use super::fuzzy::fold;
use super::{Age, DateRange, Expr, Posts, Standings, Term};
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
            "by" if self.is_decided(at) => {
                std::iter::once(&standing.by).chain(&standing.also).cloned().collect()
            }
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
            Expr::Term(Term::Word { field, value, is_whole: true }) => self.is(field, &fold(value), at),
            // Hosts are in lower case, as addresses are, and not folded: `İ` is two letters then.
            Expr::Term(Term::Word { field, value, is_whole: false })
                if matches!(field.kind, Kind::Hosts(_)) =>
            {
                self.has(field, value, at)
            }
            Expr::Term(Term::Word { field, value, is_whole: false }) => self.has(field, &fold(value), at),
        }
    }

    /// What a post has in a field, each as a whole.
    fn wholes(&self, field: &Field, at: usize) -> Vec<String> {
        let post = &self.whole[at];
        let values = match field.kind {
            Kind::Id => vec![post.id.as_str().to_owned()],
            Kind::Title => vec![post.title.clone()],
            Kind::Reference => vec![post.text("reference").unwrap_or_default().to_owned()],
            Kind::Note => self.judged[at].notes().map(str::to_owned).collect(),
            _ => self.words(field, at),
        };
        values.into_iter().filter(|value| !value.is_empty()).collect()
    }

    fn is(&self, field: &Field, value: &str, at: usize) -> bool {
        let wholes = self.wholes(field, at);
        let host = Some(value).filter(|value| matches!(field.kind, Kind::Hosts(_)) && value.contains('/'));
        let value = host.and_then(host_of).map_or_else(|| value.to_owned(), |host| fold(&host));
        if value.is_empty() { wholes.is_empty() } else { wholes.iter().any(|whole| fold(whole) == value) }
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
