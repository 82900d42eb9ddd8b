use proptest::prelude::*;

use super::*;
use crate::model::Day;
use crate::query::testing::{any_keys, any_term};

fn word(name: &str, value: &str) -> Expr {
    Expr::Term(Term::Word { field: Field::find(name).unwrap(), value: value.to_owned(), is_whole: false })
}

fn whole(name: &str, value: &str) -> Expr {
    Expr::Term(Term::Word { field: Field::find(name).unwrap(), value: value.to_owned(), is_whole: true })
}

fn fuzzy(word: &str) -> Expr {
    Expr::Term(Term::Fuzzy(word.to_owned()))
}

fn range(name: &str, range: NumberRange) -> Expr {
    Expr::Term(Term::Number { field: Field::find(name).unwrap(), range })
}

fn days(from: &str, to: &str) -> Expr {
    let range = DateRange::Days { from: Day::parse(from), to: Day::parse(to) };
    Expr::Term(Term::Date { field: Field::find("revised").unwrap(), range })
}

#[test]
fn the_whole_language_is_read() {
    let all = NumberRange::default();
    let score = |low, high| range("score", NumberRange { low, high, ..all });
    for (text, expected) in [
        ("Cache debugging", Expr::And(vec![fuzzy("cache"), fuzzy("debugging")])),
        ("\"Exact Words\"", Expr::Term(Term::Exact("exact words".into()))),
        ("stack:python", word("stack", "python")),
        ("STACK:\"python services\"", word("stack", "python services")),
        ("language=go", whole("lang", "go")),
        ("stack:=Go", whole("stack", "go")),
        ("status=Reviewed", word("status", "reviewed")),
        ("-by=\"mara lee\"", Expr::Not(Box::new(whole("by", "mara lee")))),
        ("stack=go,py", Expr::Or(vec![whole("stack", "go"), whole("stack", "py")])),
        ("title=a,b", whole("title", "a,b")),
        ("id=-1..*", whole("id", "-1..*")),
        ("score>=70", score(Some(70.0), None)),
        ("score:>=70", score(Some(70.0), None)),
        ("score:70..90", score(Some(70.0), Some(90.0))),
        ("score:..90", score(None, Some(90.0))),
        ("score=1.5k", score(Some(1500.0), Some(1500.0))),
        ("score<40", range("score", NumberRange { high: Some(40.0), below_high: true, ..all })),
        ("-status:Reviewed", Expr::Not(Box::new(word("status", "reviewed")))),
        ("not stack:go", Expr::Not(Box::new(word("stack", "go")))),
        ("a or b c", Expr::Or(vec![fuzzy("a"), Expr::And(vec![fuzzy("b"), fuzzy("c")])])),
        ("(a OR b) and c", Expr::And(vec![Expr::Or(vec![fuzzy("a"), fuzzy("b")]), fuzzy("c")])),
        ("http://x.org 12:30", Expr::And(vec![fuzzy("http://x.org"), fuzzy("12:30")])),
        ("well-known", fuzzy("well-known")),
        ("stack:python,go", Expr::Or(vec![word("stack", "python"), word("stack", "go")])),
        (
            "-status:Reviewed,flagged",
            Expr::Not(Box::new(Expr::Or(vec![word("status", "reviewed"), word("status", "flagged")]))),
        ),
        ("stack:\"python,go\"", word("stack", "python,go")),
        (
            "stack:go,\"a, (b)\",c d",
            Expr::And(vec![
                Expr::Or(vec![word("stack", "go"), word("stack", "a, (b)"), word("stack", "c")]),
                fuzzy("d"),
            ]),
        ),
        ("stack=\"a b\",\"\"", Expr::Or(vec![whole("stack", "a b"), whole("stack", "")])),
        ("title:a,b", word("title", "a,b")),
        ("revised:2019-03", days("2019-03-01", "2019-03-31")),
        ("revised=2019-03-05", days("2019-03-05", "2019-03-05")),
        ("revised:2018..2019-06", days("2018-01-01", "2019-06-30")),
    ] {
        let query = Query::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(query.expression, Some(expected), "{text}");
    }
    let sorted = Query::parse("a sort:-score,title").unwrap();
    let keys: Vec<_> = sorted.sort.iter().map(|key| (key.field.name, key.descending)).collect();
    assert_eq!(keys, [("score", true), ("title", false)]);
    assert!(Query::parse("  ").unwrap().is_empty());
}

#[test]
fn mistakes_are_placed_and_the_nearest_name_is_given() {
    for (text, span, message, suggestion) in [
        ("stakc:go", 0..5, "there is no field \"stakc\"", Some("stack")),
        ("a status:flaged", 9..15, "status cannot be \"flaged\"", Some("flagged")),
        ("sort:scor2", 5..10, "there is no order by", Some("score")),
        ("score>abc", 6..9, "score is compared with a number", None),
        ("stack>3", 0..5, "stack is no number", None),
        ("a )", 2..3, "closes nothing", None),
        ("or a", 0..2, "expected a term before", None),
        ("-sort:score", 0..1, "cannot be negated", None),
        ("a status:reviewed,flaged,skipped", 18..24, "status cannot be \"flaged\"", Some("flagged")),
        ("stack:a,,b", 0..10, "each side of a comma", None),
        ("b title:a,\"b\"", 2..13, "title takes one value", None),
        ("stack:\"a\", b", 0..10, "each side of a comma", None),
        ("revised:soon", 8..12, "revised is compared with a day", None),
        ("revised:2y", 8..10, "revised:..2y", None),
        ("revised:2019..2y b", 8..16, "not from one to the other", None),
        ("by>3", 0..2, "by is no number", None),
        ("a text=b", 2..7, "write text: instead of text=", None),
        ("note:", 0..5, "as in note:caption", None),
    ] {
        let error = Query::parse(text).unwrap_err();
        assert_eq!(error.span, span, "{text}: {error}");
        assert!(error.message.contains(message), "{text}: {error}");
        assert_eq!(error.suggestion.as_deref(), suggestion, "{text}");
        assert_eq!(error.incomplete, matches!(text, "note:" | "revised:2y"), "{text}");
    }
}

#[test]
fn a_named_query_stands_in_parentheses() {
    let names: Names = [
        ("weak", "score<40 or is:stale"),
        ("mine", "@weak by:mara sort:-decided"),
        ("all", ""),
        ("ring", "a @round"),
        ("round", "b @ring"),
        ("bad", "stakc:go"),
    ]
    .into_iter()
    .collect();
    for (text, whole) in [
        ("@weak stack:go", "(score<40 or is:stale) stack:go"),
        ("-@weak", "-(score<40 or is:stale)"),
        ("a @mine sort:title", "a (score<40 or is:stale) by:mara sort:-decided,title"),
        ("@all", ""),
        ("x @all y", "x y"),
        ("a@weak", "a@weak"),
        ("\"@weak\"", "\"@weak\""),
    ] {
        let query = Query::parse_with(text, &names).unwrap();
        assert_eq!(Ok(&query), Query::parse(whole).as_ref(), "{text}");
        assert_eq!(Ok(&query), Query::parse(&query.to_string()).as_ref(), "{text}");
    }
    for (text, span, message) in [
        ("a @waek b", 2..7, "there is no query with the name \"waek\"; did you mean @weak?"),
        (
            "a @ring",
            2..7,
            "in the query \"ring\": in the query \"round\": the query \"ring\" is made of itself: @ring @round @ring",
        ),
        ("a @bad b", 2..6, "in the query \"bad\": there is no field \"stakc\"; did you mean stack?"),
        ("qqqq:1", 0..4, "there is no field \"qqqq\"; in quotes it would be searched for as words"),
        ("@ b", 0..1, "expected the name of a query behind @"),
        ("-@mine", 0..1, "an order cannot be negated; a key can: sort:-score"),
    ] {
        let error = Query::parse_with(text, &names).unwrap_err();
        assert_eq!(
            (error.span.clone(), error.to_string().as_str(), error.incomplete),
            (span, message, false),
            "{text}"
        );
    }
    for text in ["@", "a @wea"] {
        assert!(Query::parse_with(text, &names).unwrap_err().incomplete, "{text}");
    }
}

#[test]
fn named_queries_that_double_each_other_have_an_end() {
    let name = |number: usize| format!("q{number}");
    let text = |number: usize| format!("@q{0} @q{0}", number + 1);
    let names: Names =
        (0..60).map(|number| (name(number), text(number))).chain([(name(60), "a".to_owned())]).collect();
    assert!(Query::parse_with("@q0", &names).unwrap_err().message.contains("come to more than"));
    let deep: Names = (0..100).map(|number| (name(number), format!("@q{}", number + 1))).collect();
    assert!(Query::parse_with("@q0", &deep).unwrap_err().message.contains("nested more than"));
}

#[test]
fn what_is_not_finished_is_told_from_what_is_wrong() {
    for text in [
        "stack:",
        "score>=",
        "\"exact",
        "a or",
        "(a",
        "a -",
        "not",
        "status:flag",
        "sort:",
        "sort:-sco",
        "is:st",
        "score>-",
        "stack:a,",
        "status:reviewed,fl",
        "revised:20",
        "revised<2019-",
        "decided:..3",
    ] {
        assert!(Query::parse(text).unwrap_err().incomplete, "{text}");
    }
    assert!(!Query::parse("status:flag a").unwrap_err().incomplete);
}

#[test]
fn depth_and_length_have_an_end() {
    assert!(Query::parse(&"(".repeat(9_999)).is_err());
    assert!(Query::parse(&"-".repeat(9_999)).is_err());
    assert!(Query::parse(&"a ".repeat(4_999)).is_ok());
    assert!(Query::parse(&"a".repeat(10_001)).unwrap_err().message.contains("too long"));
}

pub(in crate::query) fn any_query() -> impl Strategy<Value = Query> {
    let expression = any_term().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| join(parts, Expr::And).unwrap()),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| join(parts, Expr::Or).unwrap()),
            inner.prop_map(|part| Expr::Not(Box::new(part))),
        ]
    });
    (prop::option::of(expression), any_keys()).prop_map(|(expression, sort)| Query { expression, sort })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_the_same(query in any_query()) {
        let text = query.to_string();
        prop_assert_eq!(Query::parse(&text), Ok(query), "{}", text);
    }

    #[test]
    fn any_text_is_a_query_or_a_mistake_within_it(text in any::<String>()) {
        if let Err(error) = Query::parse(&text) {
            prop_assert!(text.get(error.span.clone()).is_some(), "{:?} {:?}", text, error);
            prop_assert!(error.explain(&text).lines().count() == 3);
        }
    }

    #[test]
    fn texts_that_look_like_queries_neither(text in "[a-z:()\"<>=.,\\-0-9 ]{0,24}") {
        match Query::parse(&text) {
            Ok(query) => prop_assert_eq!(Query::parse(&query.to_string()), Ok(query)),
            Err(error) => prop_assert!(text.get(error.span).is_some()),
        }
    }
}

#[test]
fn words_in_quotes_behind_what_is_no_field_are_words_of_their_own() {
    for (text, printed) in [
        ("http://x:\"a b\"", "http://x: \"a b\""),
        ("-7:\"a b\"", "-(7: \"a b\")"),
        ("12:\"x\" y", "12: \"x\" y"),
    ] {
        let query = Query::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(query.to_string(), printed);
        assert_eq!(Query::parse(printed), Ok(query), "{text}");
    }
    assert!(Query::parse("@@:\"x\"").unwrap_err().to_string().contains("no query with the name"));
}

#[test]
fn a_mistake_behind_a_doubled_sign_is_where_it_stands() {
    let text = "stack:=é,,é";
    let error = Query::parse(text).unwrap_err();
    assert_eq!(text.get(error.span.clone()), Some(text), "{error:?}");
    let text = "score:>=é";
    assert_eq!(text.get(Query::parse(text).unwrap_err().span), Some("é"));
}
