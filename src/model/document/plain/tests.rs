use super::read;
use crate::model::document::sketch::sketch;

fn sketched(body: &str) -> String {
    sketch(&read(body, "title"))
}

#[test]
fn code_keeps_its_lines_and_signs() {
    assert_eq!(
        sketched("Then:\n```sh\n$ brew\n- poured\n\n# no heading\n```\nend."),
        "p Then:\ncode :```sh⏎$ brew⏎- poured⏎⏎# no heading⏎```\np end.\n"
    );
    assert_eq!(sketched("~~~\na\n```\n~~~\n"), "code :~~~⏎a⏎```⏎~~~\n");
    assert_eq!(sketched("```\nnot closed\n\nat all"), "code :```⏎not closed⏎⏎at all\n");
    assert_eq!(
        sketched("See:\n\n    def a():\n\n        pass\n\nend."),
        "p See:\ncode :    def a():⏎⏎        pass\np end.\n"
    );
    assert_eq!(sketched("\tint a;\n\tint b;"), "code :\tint a;⏎\tint b;\n");
    // A line that is indented alone begins a paragraph.
    assert_eq!(sketched("    Once upon\na time.\n\nend."), "p     Once upon⏎a time.\np end.\n");
    assert_eq!(sketched(">>> a = 1\n>>> print(a)"), "code :>>> a = 1⏎>>> print(a)\n");
}

#[test]
fn steps_and_points_are_nested_by_their_indentation() {
    assert_eq!(
        sketched(
            "Do this:\n1. Fill\n2. Warm\n\n- cups\n    - small\n      or so\n    - large\n- spoons\nand that"
        ),
        "p Do this:\nlist\n1.\n  p Fill\n2.\n  p Warm\nlist\n-\n  p cups\n  list\n  -\n    p small⏎or so\n  -\n    p large\n-\n  p spoons\np and that\n"
    );
    assert_eq!(sketched("a. one\nb. two"), "list\na.\n  p one\nb.\n  p two\n");
    assert_eq!(sketched("(i) one\n(ii) two\nc) three"), "list\n(i)\n  p one\n(ii)\n  p two\nc)\n  p three\n");
    // An initial is no item, and neither is a number that a sentence ends with.
    assert_eq!(sketched("A. Smith wrote\nit in 1986. So"), "p A. Smith wrote⏎it in 1986. So\n");
    assert_eq!(
        sketched("- one\n\n  more of it\n\n      code\n      goes on\n\n- two"),
        "loose list\n-\n  p one\n  p more of it\n  code :      code⏎      goes on\n-\n  p two\n"
    );
}

#[test]
fn lines_stay_lines() {
    assert_eq!(
        sketched("Kettle & Daughters\n12 Tram Road\nNorthtown"),
        "p Kettle & Daughters⏎12 Tram Road⏎Northtown\n"
    );
    assert_eq!(sketched("mika: open?\nrune: until six"), "p @mika:@ open?⏎@rune:@ until six\n");
    assert_eq!(sketched("User: hi.\n\nThis: it is no chat."), "p @User:@ hi.\np This: it is no chat.\n");
    assert_eq!(sketched("> one\n> > two\n>\n> three\nfour."), "quote\n  p one⏎> two⏎⏎three\np four.\n");
    let wrapped = "The kettle in the back room has been boiling dry since the new\nthermostat was fitted, which nobody noticed until the third week\nwhen the smell reached the reading room.";
    assert_eq!(sketched(wrapped), format!("p {}\n", wrapped.replace('\n', " ")));
}

#[test]
fn tables_are_found_by_their_pipes() {
    assert_eq!(
        sketched("so:\n| a | b |\n| - | - |\n| 1 | x\\|y |\nend."),
        "p so:\ntable 1 []\nrow\n  p a\n  p b\nrow\n  p -\n  p -\nrow\n  p 1\n  p x\\|y\np end.\n"
    );
    assert_eq!(
        sketched("a | b\n--|--\n1 | 2"),
        "table 1 []\nrow\n  p a\n  p b\nrow\n  p --\n  p --\nrow\n  p 1\n  p 2\n"
    );
    assert_eq!(sketched("a | b is a choice.\nc"), "p a | b is a choice.⏎c\n");
}

#[test]
fn headings_and_pictures_of_pages_are_what_they_were() {
    assert_eq!(
        sketched("title\n\nsome steps\n\n## two\n\na shelf\na shelf. image source: h.example.\n\nend"),
        "p title\nh2 some steps\nh2 ## two\nimage a shelf | a shelf | h.example | \np end\n"
    );
}
