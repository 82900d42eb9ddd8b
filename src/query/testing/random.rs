//! Posts, decisions and queries, made up at random.

use std::fmt::Write;

use jiff::Timestamp;
use proptest::prelude::*;

use super::Desk;
use crate::corpus::search::Sought;
use crate::model::{Day, Status};
use crate::query::field::{Field, Kind};
use crate::query::fuzzy::fold;
use crate::query::{Age, DateRange, Expr, FIELDS, NumberRange, SortKey, Term, Text};
use crate::review::Standing;

const WORDS: [&str; 32] = [
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
    "go services",
    "image heavy",
    "-go",
    "..",
    "go..py",
    "*",
    "=go",
    ">=1",
    ":go",
    "/go/",
    "@go",
    "not",
    " go ",
    "a\\\\b",
    "İK ΣΑΣ",
    "ik σας",
    "",
];
const HOSTS: [&str; 14] = [
    "example.org",
    "CDN.example.org",
    "https://cdn.example.org/a.png",
    "http://img.example.org:80/x",
    "my picture",
    "org",
    "x:1:2",
    "a.:",
    "h:.",
    "ÉCOLE.example",
    "İ.example",
    "https://who@example.org?q",
    "=x",
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
pub(in crate::query) fn desk() -> impl Strategy<Value = Desk> {
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
pub(in crate::query) fn term_of(field: &'static Field) -> BoxedStrategy<Term> {
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
            let term = move |name: &str| Term::Word { field, value: word(name), is_whole: false };
            prop::sample::select(names).prop_map(term).boxed()
        }
        Kind::Text => "[a-cB ]{1,3}"
            .prop_map(|value| {
                let sought = Sought::words(&value).unwrap();
                Term::Text(Text { value, is_pattern: false, sought })
            })
            .boxed(),
        _ => (value, any::<bool>())
            .prop_map(move |(value, is_whole)| Term::Word { field, value, is_whole })
            .boxed(),
    }
}

/// A term of any kind.
pub(in crate::query) fn any_term() -> impl Strategy<Value = Expr> {
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
pub(in crate::query) fn any_keys() -> impl Strategy<Value = Vec<SortKey>> {
    let fields: Vec<&'static Field> = FIELDS.iter().filter(|field| field.is_sort_key()).collect();
    let key = (prop::sample::select(fields), any::<bool>());
    prop::collection::vec(key.prop_map(|(field, descending)| SortKey { field, descending }), 0..3)
}
