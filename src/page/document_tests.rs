use proptest::prelude::*;

use super::{Page, PageLine, set};
use crate::model::document::{Document, plain};

fn page(document: &Document, width: u16) -> Page {
    let mut page = Page::new(width);
    set(document, &[], &mut page);
    page
}

fn texts(document: &Document, width: u16) -> Vec<String> {
    page(document, width).lines.iter().map(|line| line.text().trim_end().to_owned()).collect()
}

/// Lines as people and programs write them, and parts of them.
fn plain_text() -> impl Strategy<Value = String> {
    let opening = prop::sample::select(vec![
        "", "", "", "- ", "* ", "  • ", "    - ", "1. ", "12) ", "(a) ", "b. ", "iv) ", "> ", ">", "> > ",
        "```", "~~~~", "```go", "    ", "\t", "| ", "|", "# ", "### ", "mika: ", ">>> ", "|---|", "      ",
    ]);
    let words = prop_oneof![
        4 => "[a-d |:`*_>-]{0,40}",
        2 => "([a-z]{1,9} ){0,30}",
        1 => Just(" | b | c |".to_owned()),
        1 => Just("日本語の記事 é\u{301} 👩\u{200d}👩\u{200d}👧 \u{1b}[2J \u{202e}x".to_owned()),
        1 => any::<String>().prop_map(|text| text.replace(['\n', '\r'], " ")),
    ];
    prop::collection::vec((opening, words).prop_map(|(opening, words)| format!("{opening}{words}")), 0..16)
        .prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn every_sign_of_plain_text_is_shown_in_its_order(body in plain_text(), width in 3..120_u16) {
        let document = plain::read(&body, "title");
        let page = page(&document, width);
        let shown: String = page.lines.iter().map(PageLine::text).collect();
        let mut shown = shown.chars();
        for line in body.lines() {
            // What acts, hides or joins others may be shown by a name.
            for c in line.chars().filter(|c| c.is_ascii_graphic() || matches!(c, '\u{4e00}'..='\u{9fff}')) {
                prop_assert!(shown.any(|other| other == c), "{c:?} of {line:?} is missing:\n{:#?}", texts(&document, width));
            }
        }
    }

    #[test]
    fn nothing_of_a_document_is_wider_than_its_page(body in plain_text(), width in 8..120_u16) {
        let page = page(&plain::read(&body, "title"), width);
        for line in &page.lines {
            prop_assert!(line.width() <= usize::from(width), "{}: {:?}", line.width(), line.text());
        }
    }
}

#[test]
fn plain_text_is_shown_in_its_lines() {
    let body = "Do this:\n1. Fill the kettle\n2. Warm the pot\n\n- cups\n    - small\n- spoons\n\n```go\nfunc brew() {\n\tpour()\n}\n```\n\n| drink | minutes |\n|---|---|\n| tea | 3 |\n\n> quoted\n> twice\n\n  the lid begins\nto sing";
    assert_eq!(
        texts(&plain::read(body, "t"), 40),
        [
            "Do this:",
            "",
            "  1. Fill the kettle",
            "  2. Warm the pot",
            "",
            "  - cups",
            "    - small",
            "  - spoons",
            "",
            "```go",
            "func brew() {",
            "    pour()",
            "}",
            "```",
            "",
            "| drink | minutes |",
            "| ---   | ---     |",
            "| tea   | 3       |",
            "",
            "> quoted",
            "> twice",
            "",
            "  the lid begins",
            "to sing",
        ]
    );
}
